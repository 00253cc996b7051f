//! A process of its own that writes: this same test binary, run again with one ignored test.
//!
//! It says `TRY key` before and `ACK key` after each request. Told a step to stop at, it says `HERE` there and waits to be
//! killed.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command as Process, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use domain::id::StreamId;

use super::bed::{Bed, Maker, NOW, new_stream, with_key};
use crate::store::faults::{Faults, Step};
use crate::store::{Change, Options, Place, SqlError, StoreError, Submitted, Table, Val, open};

const ORDERS: &str = "DAYLIGHT_TEST_CHILD";

/// What a child is to do, in one line of text.
#[derive(Clone, Debug)]
pub(crate) struct Orders {
    /// Tells its records and keys from others'.
    pub(crate) who: u32,
    /// How many requests.
    pub(crate) requests: u32,
    /// Stop here: the step's place in [`Step::ALL`], after it or before it, and the how-manieth time.
    pub(crate) stop: Option<(usize, bool, u32)>,
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

struct StopAt {
    step: Step,
    after: bool,
    left: AtomicU32,
}

impl StopAt {
    fn at(&self, step: Step, after: bool) {
        if step == self.step && after == self.after && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            say("HERE");
            // Held until the parent kills this process, or goes itself.
            let _ = std::io::stdin().read(&mut [0]);
            std::process::abort();
        }
    }
}

impl Faults for StopAt {
    fn before(&self, step: Step) -> Result<(), SqlError> {
        self.at(step, false);
        Ok(())
    }
    fn after(&self, step: Step) -> Result<(), SqlError> {
        self.at(step, true);
        Ok(())
    }
}

/// Starts a child on `bed`.
pub(crate) fn start(bed: &Bed, orders: &Orders) -> Child {
    let place = match &bed.place {
        Place::Sqlite { file } => format!("sqlite {}", file.display()),
        Place::Postgres { url, schema } => format!("postgres {url} {schema}"),
    };
    let (step, after, left) = orders.stop.unwrap_or((99, false, 0));
    Process::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "store_suite::child::writes_as_it_is_told",
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(
            ORDERS,
            format!("{} {} {step} {after} {left} {place}", orders.who, orders.requests),
        )
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Reads what a child says until it says `HERE` or ends; the requests it tried and those it saw acknowledged.
pub(crate) fn listen(child: &mut Child) -> (Vec<String>, Vec<String>, bool) {
    let (mut tried, mut acknowledged) = (Vec::new(), Vec::new());
    for line in BufReader::new(child.stdout.as_mut().unwrap()).lines() {
        let line = line.unwrap();
        // The harness writes the test's name in front of the first line.
        if let Some(at) = line.find("TRY ") {
            tried.push(line[at + 4..].to_owned());
        } else if let Some(key) = line.strip_prefix("ACK ") {
            acknowledged.push(key.to_owned());
        } else if line.ends_with("HERE") {
            return (tried, acknowledged, true);
        }
    }
    (tried, acknowledged, false)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a child's orders come in its environment"
)]
fn orders() -> String {
    std::env::var(ORDERS).expect("only a parent test runs this, with orders")
}

/// A stream that every child of a test adds to.
pub(crate) const SHARED: StreamId = StreamId([0xee; 16]);

#[tokio::test]
#[ignore = "the child of the crash tests: they run it"]
async fn writes_as_it_is_told() {
    let orders = orders();
    let words: Vec<&str> = orders.split(' ').collect();
    let number = |at: usize| words[at].parse::<u32>().unwrap();
    let (who, requests) = (number(0), number(1));
    let stop = Step::ALL.get(number(2) as usize).map(|step| StopAt {
        step: *step,
        after: words[3] == "true",
        left: AtomicU32::new(number(4)),
    });
    let place = match words[5] {
        "sqlite" => Place::Sqlite {
            file: words[6].into(),
        },
        _ => Place::Postgres {
            url: words[6].into(),
            schema: words[7].into(),
        },
    };
    let options = Options {
        faults: stop.map(|stop| Arc::new(stop) as Arc<dyn Faults>),
        ..Options::default()
    };
    let store = open(place, options).await.unwrap();
    let mut maker = Maker::new(who);
    for n in 0..requests {
        let key = format!("{who}-{n}");
        say(&format!("TRY {key}"));
        assert!(request(&store, &mut maker, &key).await.is_ok());
        say(&format!("ACK {key}"));
    }
    store.close().await;
}

/// One request: a stream of its own named by the key, and one more record in the shared stream.
pub(crate) async fn request(
    store: &crate::store::Store,
    maker: &mut Maker,
    key: &str,
) -> Result<Submitted, StoreError> {
    loop {
        let length = store.stream(SHARED).await.unwrap().map_or(0, |row| row.length);
        let (_, mut command) = maker.begin(1 + length % 3, NOW);
        let shared = maker.append(SHARED, length, 1, NOW);
        if length == 0 {
            command.streams_new.push(new_stream(SHARED));
        }
        command.appends.push(shared);
        // The projection has as many rows with this key as requests with this key were filed: its own key is the
        // record's id, which is another at every try.
        let id = Val::from(command.appends[0].records[0].id);
        command.changes.push(Change::put(
            Table::Term,
            [Val::from(key.as_bytes()), Val::from(SHARED), id],
            [],
        ));
        match store.submit(with_key(command, key.as_bytes())).await {
            Ok(Submitted::Moved { .. }) => {}
            done => return done,
        }
    }
}

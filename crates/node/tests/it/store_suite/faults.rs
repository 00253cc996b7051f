//! The fault table: every step of a write × (lost, landed but reported failed) × (once, every time).
//!
//! After each: open again as after a crash, check the whole log, and send the same request again. Whatever was
//! acknowledged is there; the repeat files it once and only once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::bed::{Bed, Maker, NOW, beds, verify, with_key};
use crate::store::faults::{Faults, Step};
use crate::store::{Change, Command, Options, SqlError, StoreError, Submitted, Table, Val};

/// One step that goes wrong.
struct Fault {
    step: Step,
    lands: bool,
    always: bool,
    /// Opening and the setting-up before are spared.
    armed: AtomicBool,
    seen: AtomicBool,
}

impl Fault {
    fn hit(&self, step: Step, after: bool) -> Result<(), SqlError> {
        if step != self.step || after != self.lands || !self.armed.load(Ordering::SeqCst) {
            return Ok(());
        }
        self.seen.store(true, Ordering::SeqCst);
        self.armed.store(self.always, Ordering::SeqCst);
        Err(SqlError::Lost("made to fail by a test".into()))
    }
}

impl Faults for Fault {
    fn before(&self, step: Step) -> Result<(), SqlError> {
        self.hit(step, false)
    }
    fn after(&self, step: Step) -> Result<(), SqlError> {
        self.hit(step, true)
    }
}

fn request(maker: &mut Maker) -> Command {
    // Enough records for a full tile, so that every step has something to do.
    let (_, mut command) = maker.begin(300, NOW);
    command.changes.push(Change::put(
        Table::Cursor,
        [Val::from("seen")],
        [Val::from(300_i64)],
    ));
    with_key(command, b"request")
}

/// One cell of the table: what the first sending and the repeat came to.
async fn cell(
    bed: &Bed,
    step: Step,
    lands: bool,
    always: bool,
) -> (Result<Submitted, StoreError>, Submitted) {
    let fault = Arc::new(Fault {
        step,
        lands,
        always,
        armed: AtomicBool::new(false),
        seen: AtomicBool::new(false),
    });
    let options = Options {
        faults: Some(fault.clone()),
        ..Options::default()
    };
    let store = bed.open_with(options).await;
    let mut maker = Maker::new(1);
    store.submit(maker.begin(3, NOW).1).await.unwrap();
    fault.armed.store(true, Ordering::SeqCst);
    let first = store.submit(request(&mut maker)).await;
    assert!(fault.seen.load(Ordering::SeqCst), "{step:?} is never reached");
    if first == Err(StoreError::OutcomeUnknown) {
        let after = store.submit(maker.begin(1, NOW).1).await;
        assert_eq!(
            after,
            Err(StoreError::Stopped),
            "nothing is written after an unknown outcome"
        );
    }
    drop(store);

    let store = bed.open().await;
    let size = verify(&store).await;
    let there = store.answer(b"request").await.unwrap().is_some();
    assert_eq!(size, if there { 303 } else { 3 }, "all of a command or nothing");
    assert_eq!(
        store
            .row(Table::Cursor, &[Val::from("seen")])
            .await
            .unwrap()
            .is_some(),
        there
    );
    if matches!(first, Ok(Submitted::Recorded { .. })) {
        assert!(there, "an acknowledged record is lost");
    }
    let again = store.submit(request(&mut Maker::new(2))).await.unwrap();
    assert_eq!(matches!(again, Submitted::Repeated { .. }), there);
    assert_eq!(verify(&store).await, 303, "filed once and only once");
    store.close().await;
    (first, again)
}

async fn table(always: bool) {
    for step in Step::ALL {
        for lands in [false, true] {
            for bed in beds() {
                let (first, again) = cell(&bed, step, lands, always).await;
                let at = format!("{step:?}, lands: {lands}, always: {always}");
                let repeated = matches!(again, Submitted::Repeated { .. });
                if step == Step::Commit {
                    assert_eq!(first, Err(StoreError::OutcomeUnknown), "{at}");
                    assert_eq!(repeated, lands, "{at}");
                } else if always {
                    assert!(
                        matches!(first, Err(StoreError::Unreachable(_))),
                        "{at}: {first:?}"
                    );
                    assert!(!repeated, "{at}");
                } else {
                    assert_eq!(first, Ok(Submitted::Recorded { first: 3, count: 300 }), "{at}");
                    assert!(repeated, "{at}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_step_that_fails_once_loses_nothing_and_files_nothing_twice() {
    table(false).await;
}

#[tokio::test]
async fn a_step_that_keeps_failing_loses_nothing_and_files_nothing_twice() {
    table(true).await;
}

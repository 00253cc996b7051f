//! The store's bars, measured: durable records a second over the whole path, how long an acknowledgement takes, and what
//! one writer waits beyond the raw flush of the same disk in the same run.
//!
//! `cargo bench -p node --bench store -- [--postgres URL] [--dir DIR] [--seconds N] [--tasks N] [--fill N]
//! [--keep NAME]`
//!
//! Every record is built as the node builds one: eight salted fields padded to sixteen, signed, its content sealed under a
//! derived key; then written with a projection row and an idempotency row, and acknowledged when durable. `--fill` first
//! puts records into the store until it holds so many; `--keep` names a store that stays, so that a large one is filled once
//! and measured later (`--seconds 0` only fills).
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::unreachable,
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and prints"
)]

#[path = "../src/store/mod.rs"]
mod store;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use domain::id::{RecordId, StreamId};
use domain::record::Kind;
use ledger::hash::Hash;
use ledger::key::{NOTE, SignerKey};
use ledger::leaf::{Field, Issuer, Value};
use store::{
    Append, Change, Command, Idempotency, Line, NewStream, Options, Place, RecordRow, Store, Submitted,
};
use store::{Table, Val, open};

struct Settings {
    postgres: Option<String>,
    dir: PathBuf,
    seconds: u64,
    tasks: u32,
    fill: u64,
    keep: Option<String>,
}

fn settings() -> Settings {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let after = |name: &str| {
        let at = words.iter().position(|word| word == name);
        at.and_then(|at| words.get(at + 1)).cloned()
    };
    let number = |name: &str, otherwise: u64| after(name).map_or(otherwise, |text| text.parse().unwrap());
    Settings {
        postgres: after("--postgres"),
        dir: after("--dir").map_or_else(std::env::temp_dir, PathBuf::from),
        seconds: number("--seconds", 10),
        tasks: u32::try_from(number("--tasks", 512)).unwrap(),
        fill: number("--fill", 0),
        keep: after("--keep"),
    }
}

fn main() {
    let settings = settings();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let dir = tempfile::tempdir_in(&settings.dir).unwrap();
    let place = match &settings.postgres {
        None => Place::Sqlite {
            file: settings.keep.as_ref().map_or_else(
                || dir.path().join("bench.db"),
                |name| settings.dir.join(name).with_extension("db"),
            ),
        },
        Some(url) => Place::Postgres {
            url: url.clone(),
            schema: settings
                .keep
                .clone()
                .unwrap_or_else(|| format!("bench_{}", std::process::id())),
        },
    };
    println!(
        "{}",
        if settings.postgres.is_some() {
            "PostgreSQL"
        } else {
            "SQLite"
        }
    );
    runtime.block_on(run(&settings, place, dir.path()));
}

async fn run(settings: &Settings, place: Place, dir: &Path) {
    let store = open(place, Options::default()).await.unwrap();
    let maker = Arc::new(Maker::new());
    let span = Duration::from_secs(settings.seconds);
    if settings.fill > 0 {
        fill(&store, &maker, settings.fill).await;
    }
    let size = store.head().await.unwrap().size;
    if settings.seconds == 0 {
        return store.close().await;
    }
    for (shape, name) in [
        (Shape::One, "one record each, to a stream that goes on"),
        (Shape::Report, "reports of six"),
    ] {
        let (records, took, mut acks) = load(&store, &maker, settings.tasks, span, shape).await;
        let rate = records as f64 / took.as_secs_f64();
        let (p50, p99) = quantiles(&mut acks);
        println!(
            "{} tasks, {name}, from {size}: {rate:.0} records/s, ack p50 {p50:.1?} p99 {p99:.1?}",
            settings.tasks
        );
    }
    let (mut raw, mut acks) = alone(&store, &maker, dir).await;
    let (raw50, raw99) = quantiles(&mut raw);
    let (p50, p99) = quantiles(&mut acks);
    println!("raw flush: p50 {raw50:.2?} p99 {raw99:.2?}");
    println!("one writer: p50 {p50:.2?} p99 {p99:.2?}");
    println!(
        "one writer over the flush: p50 {:.2?} p99 {:.2?}",
        p50.saturating_sub(raw50),
        p99.saturating_sub(raw99)
    );
    store.close().await;
}

/// What each command holds.
#[derive(Clone, Copy)]
enum Shape {
    /// One record at the end of a stream.
    One,
    /// A new stream of six, with what its projections hold.
    Report,
}

/// Runs `tasks` writers for `span`: how many records were acknowledged, in what time, and how long each command waited.
async fn load(
    store: &Store,
    maker: &Arc<Maker>,
    tasks: u32,
    span: Duration,
    shape: Shape,
) -> (u64, Duration, Vec<Duration>) {
    let began = Instant::now();
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..tasks {
        let (store, maker) = (store.clone(), Arc::clone(maker));
        running.spawn(async move {
            let (mut records, mut acks) = (0, Vec::new());
            let mut stream = (StreamId(maker.id()), 0, [0; 32]);
            while began.elapsed() < span {
                if matches!(shape, Shape::Report) {
                    stream = (StreamId(maker.id()), 0, [0; 32]);
                }
                let command = maker.command(shape, &mut stream);
                let asked = Instant::now();
                match store.submit(command).await.unwrap() {
                    Submitted::Recorded { count, .. } => records += count,
                    other => unreachable!("{other:?}"),
                }
                acks.push(asked.elapsed());
            }
            (records, acks)
        });
    }
    let (mut records, mut acks) = (0, Vec::new());
    while let Some(done) = running.join_next().await {
        let (some, waits) = done.unwrap();
        records += some;
        acks.extend(waits);
    }
    (records, began.elapsed(), acks)
}

async fn fill(store: &Store, maker: &Arc<Maker>, records: u64) {
    let began = Instant::now();
    while store.head().await.unwrap().size < records {
        load(store, maker, 256, Duration::from_secs(10), Shape::Report).await;
    }
    println!(
        "filled to {} in {:.0?}",
        store.head().await.unwrap().size,
        began.elapsed()
    );
}

/// One writer, and between any two of its commands one raw flush of the same disk, so that both see the same moments:
/// 4 KiB made durable in a file whose blocks are already its own, the cheapest flush there is.
async fn alone(store: &Store, maker: &Maker, dir: &Path) -> (Vec<Duration>, Vec<Duration>) {
    use std::os::unix::fs::FileExt;
    let file = std::fs::File::create(dir.join("flush")).unwrap();
    file.write_all_at(&vec![0x5a; 4 << 20], 0).unwrap();
    file.sync_all().unwrap();
    let mut stream = (StreamId(maker.id()), 0, [0; 32]);
    let (mut raw, mut acks) = (Vec::new(), Vec::new());
    for time in 0..2000_u64 {
        let began = Instant::now();
        file.write_all_at(&[0xa5; 4096], time % 1024 * 4096).unwrap();
        file.sync_data().unwrap();
        raw.push(began.elapsed());
        let command = maker.command(Shape::One, &mut stream);
        let asked = Instant::now();
        assert!(matches!(
            store.submit(command).await,
            Ok(Submitted::Recorded { .. })
        ));
        acks.push(asked.elapsed());
    }
    (raw, acks)
}

fn quantiles(waits: &mut [Duration]) -> (Duration, Duration) {
    waits.sort_unstable();
    (waits[waits.len() / 2], waits[waits.len() * 99 / 100])
}

/// Builds records as the node does.
struct Maker {
    issuer: Issuer,
    next: AtomicU64,
}

impl Maker {
    fn new() -> Self {
        let key = SignerKey::from_seed("northmere.example", NOTE, &[2; 32]).unwrap();
        Self {
            issuer: Issuer::new(key).unwrap(),
            next: AtomicU64::new(0),
        }
    }

    /// Time-ordered: 48 bits of milliseconds, then a count.
    fn id(&self) -> [u8; 16] {
        let millis = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        let mut id = [0; 16];
        id[..6].copy_from_slice(&millis.to_be_bytes()[10..]);
        id[8..].copy_from_slice(&self.next.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        id
    }

    fn record(
        &self,
        stream: StreamId,
        sequence: u32,
        previous: [u8; 32],
        at: domain::time::Instant,
    ) -> RecordRow {
        let id = RecordId(self.id());
        let text = |text: String| Value::Text(text);
        let values = [
            ("id", text(id.to_string())),
            ("kind", text("paragraph".into())),
            ("stream", text(stream.to_string())),
            ("sequence", Value::Int(sequence.into())),
            ("previous", text(Hash::from_slice(&previous).unwrap().to_hex())),
            ("recorded", Value::Time(at.0)),
            ("actor", text("reporter".into())),
            (
                "words",
                text("He was cold and said that nobody had been home since Friday. ".repeat(4)),
            ),
        ];
        let mut salts = [0_u8; 16 * 8 + 32 + 24];
        getrandom::fill(&mut salts).unwrap();
        let fields: Vec<Field<'_>> = values
            .iter()
            .zip(salts.chunks_exact(16))
            .map(|((name, value), salt)| Field {
                name,
                value,
                salt: salt.try_into().unwrap(),
            })
            .collect();
        let record = self
            .issuer
            .record(&fields, &salts[128..160].try_into().unwrap())
            .unwrap();
        let leaf_hash = *Hash::leaf(&record.leaf).as_bytes();
        let content = record
            .disclosures
            .iter()
            .map(|d| d.encoded())
            .collect::<Vec<_>>()
            .join("~");
        let mut key = [0; 32];
        hkdf::Hkdf::<sha2::Sha256>::new(None, &[7; 32])
            .expand(&id.0, &mut key)
            .unwrap();
        let payload = Payload {
            msg: content.as_bytes(),
            aad: &leaf_hash,
        };
        let nonce: [u8; 24] = salts[160..184].try_into().unwrap();
        let sealed = XChaCha20Poly1305::new(&key.into())
            .encrypt(&nonce.into(), payload)
            .unwrap();
        let spine = format!(
            r#"{{"id":"{id}","kind":"paragraph","stream":"{stream}","sequence":{sequence},"recorded":{{"t":{}}},"actor":"reporter","code.content":["words"]}}"#,
            at.0
        );
        RecordRow {
            id,
            sequence,
            kind: Kind::Paragraph,
            recorded: at,
            spine: spine.into_bytes(),
            leaf: record.leaf,
            leaf_hash,
            sealed: Some([&nonce[..], &sealed].concat()),
        }
    }

    /// The next command on `stream` (its id, length and last leaf), which it moves on.
    fn command(&self, shape: Shape, stream: &mut (StreamId, u32, [u8; 32])) -> Command {
        let micros = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros();
        let at = domain::time::Instant(i64::try_from(micros).unwrap());
        let count = match shape {
            Shape::One => 1,
            Shape::Report => 6,
        };
        let (id, after, mut last) = *stream;
        let mut records = Vec::new();
        for sequence in after + 1..=after + count {
            let record = self.record(id, sequence, last, at);
            last = record.leaf_hash;
            records.push(record);
        }
        *stream = (id, after + count, last);
        let mut command = Command::new(Line::People);
        if after == 0 {
            command.streams_new.push(NewStream {
                id,
                kind: "concern".into(),
                tier: 1,
                wrapped_key: vec![9; 72],
                epoch: 1,
            });
        }
        command.appends.push(Append {
            stream: id,
            after,
            records,
            tier: None,
        });
        command.changes.push(concern(id, after + count, at));
        if matches!(shape, Shape::Report) {
            for principal in [
                "post:northmere/hub-decision",
                "team:northmere/hub",
                "post:northmere/edt",
            ] {
                command.changes.push(Change::put(
                    Table::Audience,
                    [principal.into(), id.into()],
                    [false.into()],
                ));
            }
        }
        command.idempotency = Some(Idempotency {
            key: self.id().to_vec(),
            at,
            answer: id.0.to_vec(),
        });
        command
    }
}

fn concern(id: StreamId, length: u32, at: domain::time::Instant) -> Change {
    let row = [
        id.to_string().into(),
        Val::from(1_i64),
        "northmere/hub-decision".into(),
        "northmere/hub".into(),
        at.into(),
        at.into(),
        "open".into(),
        false.into(),
        length.into(),
        "public".into(),
        Val::Null,
        Val::Null,
    ];
    Change::put(Table::Concern, [id.into()], row)
}

//! What every test of the store needs: an empty database on each engine, made-up records, and a whole check of the log.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::id::{RecordId, StreamId};
use domain::record::Kind;
use domain::time::Instant;
use ledger::append::{Edge, append};
use ledger::hash::Hash;
use tempfile::TempDir;

use crate::store::{
    Append, Command, Idempotency, Line, NewStream, Options, Place, RecordRow, Store, Submitted, open,
};

/// A moment in 2026, in microseconds.
pub(crate) const NOW: Instant = Instant(1_790_000_000_000_000);

/// An empty database, gone when dropped.
pub(crate) struct Bed {
    pub(crate) place: Place,
    /// Holds the SQLite file.
    pub(crate) _dir: Option<TempDir>,
}

static MADE: AtomicU64 = AtomicU64::new(0);

/// The server that tests may use, if one is named.
#[expect(
    clippy::disallowed_methods,
    reason = "tests are told where a server is by the environment"
)]
fn postgres_url() -> Option<String> {
    std::env::var("DAYLIGHT_TEST_POSTGRES")
        .ok()
        .filter(|url| !url.is_empty())
}

pub(crate) fn sqlite() -> Bed {
    let dir = TempDir::new().unwrap();
    Bed {
        place: Place::Sqlite {
            file: dir.path().join("node.db"),
        },
        _dir: Some(dir),
    }
}

fn postgres(url: String) -> Bed {
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let micros = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_micros();
    Bed {
        place: Place::Postgres {
            url,
            schema: format!("test_{}_{micros}_{number}", std::process::id()),
        },
        _dir: None,
    }
}

/// An empty database on every engine there is.
pub(crate) fn beds() -> Vec<Bed> {
    let mut out = vec![sqlite()];
    out.extend(postgres_url().map(postgres));
    out
}

impl Bed {
    pub(crate) async fn open(&self) -> Store {
        open(self.place.clone(), Options::default()).await.unwrap()
    }

    pub(crate) async fn open_with(&self, options: Options) -> Store {
        open(self.place.clone(), options).await.unwrap()
    }
}

/// Makes ids in order, distinct from those of makers with other numbers.
pub(crate) struct Maker {
    who: u32,
    next: u64,
}

impl Maker {
    pub(crate) fn new(who: u32) -> Self {
        Self { who, next: 0 }
    }

    pub(crate) fn id(&mut self) -> [u8; 16] {
        self.next += 1;
        let mut id = [0; 16];
        id[..8].copy_from_slice(&self.next.to_be_bytes());
        id[8..12].copy_from_slice(&self.who.to_be_bytes());
        id
    }

    /// `count` records after `after`, all at `at`.
    pub(crate) fn append(&mut self, stream: StreamId, after: u32, count: u32, at: Instant) -> Append {
        let records = (1..=count).map(|n| {
            let id = self.id();
            let leaf = format!("entry {} of {stream} by {}", after + n, RecordId(id)).into_bytes();
            RecordRow {
                id: RecordId(id),
                sequence: after + n,
                kind: Kind::Paragraph,
                recorded: at,
                spine: b"spine".to_vec(),
                leaf_hash: *Hash::leaf(&leaf).as_bytes(),
                leaf,
                sealed: (n % 2 == 1).then(|| b"sealed".to_vec()),
            }
        });
        Append {
            stream,
            after,
            records: records.collect(),
            tier: None,
        }
    }

    /// A command that begins a stream with `count` records.
    pub(crate) fn begin(&mut self, count: u32, at: Instant) -> (StreamId, Command) {
        let id = StreamId(self.id());
        let mut command = Command::new(Line::People);
        command.streams_new.push(new_stream(id));
        command.appends.push(self.append(id, 0, count, at));
        (id, command)
    }

    /// A command that adds `count` records to a stream.
    pub(crate) fn add(&mut self, stream: StreamId, after: u32, count: u32, at: Instant) -> Command {
        let mut command = Command::new(Line::People);
        command.appends.push(self.append(stream, after, count, at));
        command
    }
}

pub(crate) fn new_stream(id: StreamId) -> NewStream {
    NewStream {
        id,
        kind: "concern".into(),
        tier: 1,
        wrapped_key: b"wrapped".to_vec(),
        epoch: 1,
    }
}

pub(crate) fn with_key(mut command: Command, key: &[u8]) -> Command {
    command.idempotency = Some(Idempotency {
        key: key.to_vec(),
        at: NOW,
        answer: [b"answer to ", key].concat(),
    });
    command
}

/// The first index and count of what was recorded.
pub(crate) fn recorded(outcome: Submitted) -> (u64, u64) {
    match outcome {
        Submitted::Recorded { first, count } => (first, count),
        other => panic!("not recorded: {other:?}"),
    }
}

/// Checks the whole log: no gap, no duplicate, every hash, edge and tile, every stream's length and order of times.
/// The log's size.
pub(crate) async fn verify(store: &Store) -> u64 {
    let head = store.head().await.unwrap();
    let mut edge = Edge::empty();
    let mut lengths: HashMap<StreamId, (u32, [u8; 32], Instant)> = HashMap::new();
    let mut latest = Instant(i64::MIN);
    let mut tiles = 0;
    while edge.size() < head.size {
        let records = store.log(edge.size(), 1000).await.unwrap();
        assert!(!records.is_empty(), "the log ends before the head");
        for (expected, record) in (edge.size()..).zip(&records) {
            assert_eq!(record.idx, expected, "a gap in the log");
            assert_eq!(record.leaf_hash, *Hash::leaf(&record.leaf).as_bytes());
            let before = lengths.get(&record.stream);
            assert_eq!(
                record.sequence,
                before.map_or(0, |b| b.0) + 1,
                "a gap or duplicate in a stream"
            );
            assert!(
                before.is_none_or(|b| b.2 <= record.recorded),
                "recorded went back in a stream"
            );
            assert!(
                record.recorded.plus_seconds(1) >= latest,
                "recorded went back across the log"
            );
            latest = latest.max(record.recorded);
            lengths.insert(
                record.stream,
                (record.sequence, record.leaf_hash, record.recorded),
            );
        }
        let leaves: Vec<_> = records.iter().map(|record| record.leaf.clone()).collect();
        let grown = append(&edge, &leaves).unwrap();
        for row in &grown.rows {
            assert_eq!(
                store.tile(row.level, row.index).await.unwrap().as_ref(),
                Some(&row.bytes),
                "a tile"
            );
            tiles += 1;
        }
        edge = grown.edge;
    }
    assert!(
        store.log(head.size, 1).await.unwrap().is_empty(),
        "records beyond the head"
    );
    assert_eq!(edge, head.edge, "the edge is not that of the records");
    assert_eq!(tiles, (1..8).map(|level| head.size >> (8 * level)).sum::<u64>());
    for (id, (length, last_leaf, last_recorded)) in lengths {
        let row = store.stream(id).await.unwrap().unwrap();
        assert_eq!(
            (row.length, row.last_leaf, row.last_recorded),
            (length, last_leaf, last_recorded)
        );
    }
    head.size
}

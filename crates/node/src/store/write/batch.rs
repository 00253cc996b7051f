//! One batch, one transaction: the only durable step.
//!
//! The order of writes, and what may be concluded when each fails:
//!
//! | # | step | if it fails |
//! |---|---|---|
//! | 1 | begin; lock and read `head` | nothing happened; again |
//! | 2 | read idempotency keys, streams, expected rows | nothing happened; again |
//! | 3 | insert records | undone; again. *Refused*: a record id exists: whoever sent it made it twice |
//! | 4 | put and remove vault rows | undone; again |
//! | 5 | put stream rows | undone; again |
//! | 6 | put and remove projections and desk rows | undone; again. *Refused*: a unique reference exists |
//! | 7 | insert idempotency rows | undone; again. *Refused*: cannot be, read under the lock in 2 |
//! | 8 | insert full tiles | undone; again. *Refused*: the edge and the tiles disagree: damaged |
//! | 9 | move the head | undone; again |
//! | 10 | commit | the engine's own refusal: undone. A broken connection: **unknown**, the process ends |
//!
//! Everything read in 1 and 2 is forgotten at the end: INVARIANT (no-memory): nothing about the log is kept between
//! transactions, so any number of processes may write. Starting again after a crash needs nothing: the engine undoes what
//! was not committed, and the next batch reads the head.

use std::collections::{BTreeMap, BTreeSet};

use ledger::append::{Appended, Edge, append_hashes};
use ledger::hash::Hash;

use super::plan::{Place, StreamState, Versions, Writes, plan};
use super::{Command, StoreError, Submitted};
use crate::store::faults::Step;
use crate::store::sql::{Engine, EngineKind, Fate, Row, Sql, SqlError, Tx, Val};
use crate::store::table::Table;
use domain::id::StreamId;
use domain::time::Instant;

/// Why a batch has no outcomes.
#[derive(Debug)]
pub(crate) enum BatchError {
    /// Nothing was written.
    NothingDone(SqlError),
    /// What is stored contradicts itself; nothing was written.
    Damaged(String),
    /// The commit's outcome is unknown.
    Unknown,
}

impl From<SqlError> for BatchError {
    fn from(error: SqlError) -> Self {
        Self::NothingDone(error)
    }
}

impl From<BatchError> for StoreError {
    fn from(error: BatchError) -> Self {
        match error {
            BatchError::NothingDone(error) => error.into(),
            BatchError::Damaged(what) => Self::Damaged(what),
            BatchError::Unknown => Self::OutcomeUnknown,
        }
    }
}

/// Writes every command of `commands` that can be written, in order, in one transaction; what each came to.
///
/// # Errors
/// [`BatchError`]; except for [`BatchError::Unknown`] nothing was written and the batch may be run again.
pub(crate) async fn commit(engine: &Engine, commands: &[&Command]) -> Result<Vec<Submitted>, BatchError> {
    let mut tx = engine.begin().await?;
    match write(&mut tx, commands).await {
        Ok((outcomes, true)) => match tx.commit().await {
            Ok(()) => Ok(outcomes),
            Err(error) if error.fate_of_commit() == Fate::NotCommitted => Err(BatchError::NothingDone(error)),
            Err(error) => {
                tracing::error!(%error, "a commit's outcome is unknown");
                Err(BatchError::Unknown)
            }
        },
        Ok((outcomes, false)) => {
            undo(tx).await;
            Ok(outcomes)
        }
        Err(error) => {
            undo(tx).await;
            Err(error)
        }
    }
}

/// Undoes a transaction now, so that the lock is free before anything is tried again. That the undoing fails changes
/// nothing: a transaction that was never committed is not there.
async fn undo(tx: Tx) {
    if let Err(error) = tx.rollback().await {
        tracing::warn!(%error, "a transaction could not be rolled back; the engine will");
    }
}

/// Steps 1 to 9. The flag says whether there is anything to commit.
async fn write(tx: &mut Tx, commands: &[&Command]) -> Result<(Vec<Submitted>, bool), BatchError> {
    let (edge, mut versions) = read_head(tx).await?;
    step(tx, Step::Versions, async |tx: &mut Tx| {
        read_versions(tx, commands, &mut versions).await
    })
    .await?;
    let size = versions.size;
    let (outcomes, writes) = plan(versions, commands);
    if writes.is_empty() {
        return Ok((outcomes, false));
    }
    step(tx, Step::Records, async |tx: &mut Tx| {
        insert_records(tx, size, &writes).await
    })
    .await?;
    step(tx, Step::Vault, async |tx: &mut Tx| {
        write_vault(tx, size, &writes).await
    })
    .await?;
    step(tx, Step::Streams, async |tx: &mut Tx| {
        put_streams(tx, &writes).await
    })
    .await?;
    step(tx, Step::Changes, async |tx: &mut Tx| {
        write_changes(tx, &writes).await
    })
    .await?;
    step(tx, Step::Idempotency, async |tx: &mut Tx| {
        insert_answers(tx, &writes).await
    })
    .await?;
    if !writes.records.is_empty() {
        let hashes = writes
            .records
            .iter()
            .filter_map(|(_, record)| Hash::from_slice(&record.leaf_hash))
            .collect();
        let grown = append_hashes(&edge, hashes).map_err(|error| BatchError::Damaged(error.to_string()))?;
        step(tx, Step::Tiles, async |tx: &mut Tx| {
            insert_tiles(tx, &grown).await
        })
        .await?;
        step(tx, Step::Edge, async |tx: &mut Tx| {
            move_head(tx, &grown.edge, &writes).await
        })
        .await?;
    }
    Ok((outcomes, true))
}

/// Runs one step, letting a test make it fail before or after it took effect.
async fn step(
    tx: &mut Tx,
    step: Step,
    work: impl AsyncFnOnce(&mut Tx) -> Result<(), SqlError>,
) -> Result<(), SqlError> {
    tx.check(step, false)?;
    work(tx).await?;
    tx.check(step, true)
}

/// Step 1. On SQLite the lock is the transaction's own; on PostgreSQL it is this row's.
async fn read_head(tx: &mut Tx) -> Result<(Edge, Versions), BatchError> {
    tx.check(Step::Head, false)?;
    let sql = Sql::new("SELECT size, edge, last_recorded FROM head WHERE only_row = 1");
    let sql = match tx.kind() {
        EngineKind::Sqlite => sql,
        EngineKind::Postgres => sql.text(" FOR UPDATE"),
    };
    let row = tx.query_one(sql).await?;
    let row = row.ok_or_else(|| BatchError::Damaged("the head row is missing".into()))?;
    let edge = Edge::parse(&row.bytes(1)?).map_err(|error| BatchError::Damaged(error.to_string()))?;
    let size = row.size(0)?;
    if edge.size() != size {
        return Err(BatchError::Damaged("the head's size is not its edge's".into()));
    }
    let last_recorded = (size > 0).then_some(row.time(2)?);
    tx.check(Step::Head, true)?;
    let versions = Versions {
        size,
        last_recorded,
        ..Versions::default()
    };
    Ok((edge, versions))
}

/// Step 2.
async fn read_versions(tx: &mut Tx, commands: &[&Command], versions: &mut Versions) -> Result<(), SqlError> {
    let keys: BTreeSet<&Vec<u8>> = commands
        .iter()
        .filter_map(|c| c.idempotency.as_ref())
        .map(|i| &i.key)
        .collect();
    for some in lists(keys.into_iter().map(|key| Val::Bytes(key.clone()))) {
        for row in tx
            .query(Sql::new("SELECT key, answer FROM idempotency WHERE key").among(some))
            .await?
        {
            versions.answers.insert(row.bytes(0)?, row.bytes(1)?);
        }
    }
    let streams: BTreeSet<StreamId> = commands
        .iter()
        .flat_map(|c| {
            c.appends
                .iter()
                .map(|a| a.stream)
                .chain(c.rekeys.iter().map(|r| r.stream))
        })
        .collect();
    for some in lists(streams.into_iter().map(Val::from)) {
        for row in tx.query(Sql::new(STREAMS).text(" WHERE id").among(some)).await? {
            versions
                .streams
                .insert(StreamId(row.fixed(0)?), stream_state(&row)?);
        }
    }
    let places: BTreeSet<Place> = commands
        .iter()
        .flat_map(|c| c.expects.iter().map(|e| (e.table, e.key.clone())))
        .collect();
    for (table, key) in places {
        let spec = table.spec();
        let sql = Sql::new(spec.select)
            .text(spec.by_key)
            .text("(VALUES ")
            .rows([key.clone()])
            .text(")");
        let row = tx.query_one(sql).await?;
        let row = row.and_then(|row| row.0.get(spec.keys..).map(<[Val]>::to_vec));
        versions.rows.insert((table, key), row);
    }
    Ok(())
}

/// Lists short enough for one statement.
fn lists(values: impl Iterator<Item = Val>) -> Vec<Vec<Val>> {
    let values: Vec<Val> = values.collect();
    values.chunks(2048).map(<[Val]>::to_vec).collect()
}

/// The columns [`stream_state`] reads.
pub(crate) const STREAMS: &str =
    "SELECT id, kind, length, last_leaf, last_recorded, tier, wrapped_key, epoch FROM stream";

/// A stream's row, as [`STREAMS`] selects it.
pub(crate) fn stream_state(row: &Row) -> Result<StreamState, SqlError> {
    Ok(StreamState {
        kind: row.text(1)?,
        length: row.count(2)?,
        last_leaf: row.fixed(3)?,
        last_recorded: row.time(4)?,
        tier: u8::try_from(row.int(5)?).map_err(|_| SqlError::Shape { column: 5 })?,
        wrapped_key: row.bytes(6)?,
        epoch: row.count(7)?,
    })
}

/// Step 3.
async fn insert_records(tx: &mut Tx, size: u64, writes: &Writes<'_>) -> Result<(), SqlError> {
    let rows = (size..).zip(&writes.records).map(|(idx, (stream, record))| {
        vec![
            Val::from(idx),
            record.id.into(),
            (*stream).into(),
            record.sequence.into(),
            record.kind.code().into(),
            record.recorded.into(),
            Val::Bytes(record.spine.clone()),
            Val::Bytes(record.leaf.clone()),
            record.leaf_hash.into(),
        ]
    });
    let sql = "INSERT INTO record (idx, id, stream, sequence, kind, recorded, spine, leaf, leaf_hash) ";
    tx.with_rows(sql, rows.collect(), "").await.map(drop)
}

/// Step 4.
async fn write_vault(tx: &mut Tx, size: u64, writes: &Writes<'_>) -> Result<(), SqlError> {
    const INSERT: &str = "INSERT INTO vault (idx, sealed) ";
    let row = |idx: u64, sealed: &Vec<u8>| vec![Val::from(idx), Val::Bytes(sealed.clone())];
    let new = (size..).zip(&writes.records);
    let new = new.filter_map(|(idx, (_, record))| Some(row(idx, record.sealed.as_ref()?)));
    tx.with_rows(INSERT, new.collect(), "").await?;
    let (kept, gone): (Rows, Rows) = {
        let (kept, gone): (Vec<_>, Vec<_>) = writes.reseals.iter().partition(|(_, sealed)| sealed.is_some());
        let kept = kept
            .into_iter()
            .filter_map(|(idx, sealed)| Some(row(*idx, sealed.as_ref()?)));
        (
            kept.collect(),
            gone.into_iter().map(|(idx, _)| vec![Val::from(*idx)]).collect(),
        )
    };
    tx.with_rows(
        INSERT,
        kept,
        " ON CONFLICT (idx) DO UPDATE SET sealed = excluded.sealed",
    )
    .await?;
    tx.with_rows("DELETE FROM vault WHERE (idx) IN (", gone, ")")
        .await
        .map(drop)
}

/// Step 5.
async fn put_streams(tx: &mut Tx, writes: &Writes<'_>) -> Result<(), SqlError> {
    let rows = writes.streams.iter().map(|(id, stream)| {
        vec![
            Val::from(*id),
            stream.kind.as_str().into(),
            stream.length.into(),
            stream.last_leaf.into(),
            stream.last_recorded.into(),
            stream.tier.into(),
            Val::Bytes(stream.wrapped_key.clone()),
            stream.epoch.into(),
        ]
    });
    let sql = "INSERT INTO stream (id, kind, length, last_leaf, last_recorded, tier, wrapped_key, epoch) ";
    let replace = " ON CONFLICT (id) DO UPDATE SET length = excluded.length, last_leaf = excluded.last_leaf, \
                   last_recorded = excluded.last_recorded, tier = excluded.tier, \
                   wrapped_key = excluded.wrapped_key, epoch = excluded.epoch";
    tx.with_rows(sql, rows.collect(), replace).await.map(drop)
}

/// Step 6.
async fn write_changes(tx: &mut Tx, writes: &Writes<'_>) -> Result<(), SqlError> {
    let changes = writes
        .changes
        .iter()
        .map(|((table, key), row)| (*table, key, row.as_ref()));
    put_and_remove(tx, changes).await
}

type Rows = Vec<Vec<Val>>;

/// Writes changes table by table in multi-row statements, removals first: a unique value may pass from one row to
/// another. No two changes may have the same table and key.
pub(crate) async fn put_and_remove<'a>(
    tx: &mut Tx,
    changes: impl Iterator<Item = (Table, &'a Vec<Val>, Option<&'a Vec<Val>>)>,
) -> Result<(), SqlError> {
    let mut by_table: BTreeMap<Table, (Rows, Rows)> = BTreeMap::new();
    for (table, key, row) in changes {
        let (gone, put) = by_table.entry(table).or_default();
        match row {
            None => gone.push(key.clone()),
            Some(row) => put.push(key.iter().chain(row).cloned().collect()),
        }
    }
    for (table, (gone, put)) in by_table {
        let spec = table.spec();
        tx.with_rows(spec.delete, gone, ")").await?;
        tx.with_rows(spec.insert, put, spec.replace).await?;
    }
    Ok(())
}

/// Step 7.
async fn insert_answers(tx: &mut Tx, writes: &Writes<'_>) -> Result<(), SqlError> {
    let answers = writes.answers.iter();
    let rows = answers.map(|(key, at, answer)| vec![Val::from(*key), (*at).into(), (*answer).into()]);
    tx.with_rows("INSERT INTO idempotency (key, at, answer) ", rows.collect(), "")
        .await
        .map(drop)
}

/// Step 8.
async fn insert_tiles(tx: &mut Tx, grown: &Appended) -> Result<(), SqlError> {
    let tiles = grown.rows.iter();
    let rows = tiles.map(|t| vec![Val::from(t.level), t.index.into(), Val::Bytes(t.bytes.clone())]);
    tx.with_rows("INSERT INTO tile (level, idx, bytes) ", rows.collect(), "")
        .await
        .map(drop)
}

/// Step 9.
async fn move_head(tx: &mut Tx, edge: &Edge, writes: &Writes<'_>) -> Result<(), SqlError> {
    let last = writes.last_recorded.unwrap_or(Instant(0));
    let sql = "UPDATE head SET size = $1, edge = $2, last_recorded = $3 WHERE only_row = 1";
    let values = [edge.size().into(), Val::Bytes(edge.to_bytes()), last.into()];
    match tx.execute(Sql::with(sql, values)).await? {
        1 => Ok(()),
        _ => Err(SqlError::Engine("the head row is missing".into())),
    }
}

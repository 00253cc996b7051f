//! Streams: how long they are, their records, their content, their keys.

use domain::id::{RecordId, StreamId};
use domain::record::Kind;
use domain::time::Instant;

use crate::store::Store;
use crate::store::sql::{Row, Sql, SqlError, Val};
use crate::store::write::batch::{STREAMS, stream_state};

/// A stream's row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct StreamRow {
    /// Its id.
    pub(crate) id: StreamId,
    /// What it is.
    pub(crate) kind: String,
    /// How many records.
    pub(crate) length: u32,
    /// The hash of its last leaf: the next record names it.
    pub(crate) last_leaf: [u8; 32],
    /// When its last record was recorded.
    pub(crate) last_recorded: Instant,
    /// 0 to 4.
    pub(crate) tier: u8,
    /// Its key, wrapped.
    pub(crate) wrapped_key: Vec<u8>,
    /// By which epoch's key.
    pub(crate) epoch: u32,
}

/// A record as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Stored {
    /// Its index in the log.
    pub(crate) idx: u64,
    /// Its id.
    pub(crate) id: RecordId,
    /// Its stream.
    pub(crate) stream: StreamId,
    /// Its place there, from 1.
    pub(crate) sequence: u32,
    /// Its kind's code.
    pub(crate) kind: String,
    /// When it was recorded.
    pub(crate) recorded: Instant,
    /// The spine as kept.
    pub(crate) spine: Vec<u8>,
    /// The log entry.
    pub(crate) leaf: Vec<u8>,
    /// Its hash.
    pub(crate) leaf_hash: [u8; 32],
}

impl Stored {
    /// The kind, if this release knows it.
    pub(crate) fn known_kind(&self) -> Option<Kind> {
        Kind::from_code(&self.kind)
    }
}

/// The columns [`stored`] reads.
pub(crate) const RECORDS: &str =
    "SELECT idx, id, stream, sequence, kind, recorded, spine, leaf, leaf_hash FROM record";

pub(crate) fn stored(row: &Row) -> Result<Stored, SqlError> {
    Ok(Stored {
        idx: row.size(0)?,
        id: RecordId(row.fixed(1)?),
        stream: StreamId(row.fixed(2)?),
        sequence: row.count(3)?,
        kind: row.text(4)?,
        recorded: row.time(5)?,
        spine: row.bytes(6)?,
        leaf: row.bytes(7)?,
        leaf_hash: row.fixed(8)?,
    })
}

fn stream_row(row: &Row) -> Result<StreamRow, SqlError> {
    let state = stream_state(row)?;
    Ok(StreamRow {
        id: StreamId(row.fixed(0)?),
        kind: state.kind,
        length: state.length,
        last_leaf: state.last_leaf,
        last_recorded: state.last_recorded,
        tier: state.tier,
        wrapped_key: state.wrapped_key,
        epoch: state.epoch,
    })
}

impl Store {
    /// The stream `id`, if it exists.
    pub(crate) async fn stream(&self, id: StreamId) -> Result<Option<StreamRow>, SqlError> {
        let row = self
            .engine
            .query_one(Sql::new(STREAMS).text(" WHERE id = ").arg(id))
            .await?;
        row.as_ref().map(stream_row).transpose()
    }

    /// Several streams by id; those that do not exist are left out.
    pub(crate) async fn streams(&self, ids: &[StreamId]) -> Result<Vec<StreamRow>, SqlError> {
        let sql = Sql::new(STREAMS)
            .text(" WHERE id")
            .among(ids.iter().map(|id| Val::from(*id)));
        let rows = self.engine.query(sql).await?;
        rows.iter().map(stream_row).collect()
    }

    /// Up to `most` streams of `kind` with an id after `after`, by id (which is by time).
    pub(crate) async fn streams_of_kind(
        &self,
        kind: &'static str,
        after: Option<StreamId>,
        most: u32,
    ) -> Result<Vec<StreamRow>, SqlError> {
        let after = after.unwrap_or(StreamId([0; 16]));
        let sql = Sql::new(STREAMS)
            .text(" WHERE kind = ")
            .arg(kind)
            .text(" AND id > ")
            .arg(after);
        let rows = self
            .engine
            .query(sql.text(" ORDER BY id LIMIT ").arg(most))
            .await?;
        rows.iter().map(stream_row).collect()
    }

    /// Up to `most` streams with an id after `after` in which an erasure was agreed, by id. The kind stands in the text:
    /// only so does the index of these records alone serve (migration 5).
    pub(crate) async fn streams_with_erasure(
        &self,
        after: Option<StreamId>,
        most: u32,
    ) -> Result<Vec<StreamRow>, SqlError> {
        let sql = Sql::new(STREAMS)
            .text(" WHERE id IN (SELECT stream FROM record WHERE kind = 'erasure-agreed') AND id > ")
            .arg(after.unwrap_or(StreamId([0; 16])))
            .text(" ORDER BY id LIMIT ")
            .arg(most);
        let rows = self.engine.query(sql).await?;
        rows.iter().map(stream_row).collect()
    }

    /// Up to `most` streams whose key is still wrapped by an epoch before `epoch`.
    pub(crate) async fn streams_before_epoch(
        &self,
        epoch: u32,
        most: u32,
    ) -> Result<Vec<StreamRow>, SqlError> {
        let sql = Sql::new(STREAMS).text(" WHERE epoch < ").arg(epoch);
        let rows = self
            .engine
            .query(sql.text(" ORDER BY epoch, id LIMIT ").arg(most))
            .await?;
        rows.iter().map(stream_row).collect()
    }

    /// The records of a stream whose sequence is greater than `after`, in order.
    pub(crate) async fn records(&self, stream: StreamId, after: u32) -> Result<Vec<Stored>, SqlError> {
        let sql = Sql::new(RECORDS)
            .text(" WHERE stream = ")
            .arg(stream)
            .text(" AND sequence > ")
            .arg(after);
        let rows = self.engine.query(sql.text(" ORDER BY sequence")).await?;
        rows.iter().map(stored).collect()
    }

    /// One record by id.
    pub(crate) async fn record(&self, id: RecordId) -> Result<Option<Stored>, SqlError> {
        let row = self
            .engine
            .query_one(Sql::new(RECORDS).text(" WHERE id = ").arg(id))
            .await?;
        row.as_ref().map(stored).transpose()
    }

    /// The sealed contents of a stream by record index; a record without content is left out.
    pub(crate) async fn sealed_of_stream(&self, stream: StreamId) -> Result<Vec<(u64, Vec<u8>)>, SqlError> {
        let sql = "SELECT v.idx, v.sealed FROM record r JOIN vault v ON v.idx = r.idx WHERE r.stream = $1 \
                   ORDER BY r.sequence";
        let rows = self.engine.query(Sql::with(sql, [stream.into()])).await?;
        rows.iter().map(|row| Ok((row.size(0)?, row.bytes(1)?))).collect()
    }

    /// The sealed contents at these indices; those that have none are left out.
    pub(crate) async fn sealed(&self, indices: &[u64]) -> Result<Vec<(u64, Vec<u8>)>, SqlError> {
        let sql = Sql::new("SELECT idx, sealed FROM vault WHERE idx");
        let sql = sql
            .among(indices.iter().map(|idx| Val::from(*idx)))
            .text(" ORDER BY idx");
        let rows = self.engine.query(sql).await?;
        rows.iter().map(|row| Ok((row.size(0)?, row.bytes(1)?))).collect()
    }

    /// What was said to a request with this key, if it was carried out.
    pub(crate) async fn answer(&self, key: &[u8]) -> Result<Option<Vec<u8>>, SqlError> {
        let sql = Sql::new("SELECT answer FROM idempotency WHERE key = ").arg(key);
        self.engine
            .query_one(sql)
            .await?
            .map(|row| row.bytes(0))
            .transpose()
    }
}

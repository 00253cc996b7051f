//! The log by index: head, records, tiles, checkpoints, cosignatures.

use domain::time::Instant;
use ledger::append::Edge;

use super::streams::{RECORDS, Stored, stored};
use crate::store::sql::{Row, Sql, SqlError, Val};
use crate::store::{Store, StoreError};

/// The head as committed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Head {
    /// How many records.
    pub(crate) size: u64,
    /// The right edge: gives the root and the partial tiles.
    pub(crate) edge: Edge,
    /// When the last was recorded; `None` when there is none.
    pub(crate) last_recorded: Option<Instant>,
}

/// A signed tree head as the publisher stored it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct StoredCheckpoint {
    /// The tree's size.
    pub(crate) size: u64,
    /// When it was signed.
    pub(crate) at: Instant,
    /// The signed note.
    pub(crate) note: Vec<u8>,
}

fn checkpoint(row: &Row) -> Result<StoredCheckpoint, SqlError> {
    Ok(StoredCheckpoint {
        size: row.size(0)?,
        at: row.time(1)?,
        note: row.bytes(2)?,
    })
}

impl Store {
    /// The committed head.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when there is none or its bytes are not an edge.
    pub(crate) async fn head(&self) -> Result<Head, StoreError> {
        let row = self
            .engine
            .query_one(Sql::new("SELECT size, edge, last_recorded FROM head"))
            .await?;
        let row = row.ok_or_else(|| StoreError::Damaged("the head row is missing".into()))?;
        let edge = Edge::parse(&row.bytes(1)?).map_err(|error| StoreError::Damaged(error.to_string()))?;
        let size = row.size(0)?;
        if edge.size() != size {
            return Err(StoreError::Damaged("the head's size is not its edge's".into()));
        }
        Ok(Head {
            size,
            edge,
            last_recorded: (size > 0).then_some(row.time(2)?),
        })
    }

    /// Up to `most` records from index `from`, in order.
    pub(crate) async fn log(&self, from: u64, most: u32) -> Result<Vec<Stored>, SqlError> {
        let sql = Sql::new(RECORDS).text(" WHERE idx >= ").arg(from);
        let rows = self
            .engine
            .query(sql.text(" ORDER BY idx LIMIT ").arg(most))
            .await?;
        rows.iter().map(stored).collect()
    }

    /// Up to `most` entries (leaves only) from index `from`, in order.
    pub(crate) async fn leaves(&self, from: u64, most: u32) -> Result<Vec<Vec<u8>>, SqlError> {
        let sql = Sql::new("SELECT leaf FROM record WHERE idx >= ").arg(from);
        let rows = self
            .engine
            .query(sql.text(" ORDER BY idx LIMIT ").arg(most))
            .await?;
        rows.iter().map(|row| row.bytes(0)).collect()
    }

    /// A full tile's bytes: 256 hashes.
    pub(crate) async fn tile(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, SqlError> {
        let sql = "SELECT bytes FROM tile WHERE level = $1 AND idx = $2";
        let row = self
            .engine
            .query_one(Sql::with(sql, [level.into(), index.into()]))
            .await?;
        row.map(|row| row.bytes(0)).transpose()
    }

    /// The newest checkpoint, if any was ever signed.
    pub(crate) async fn latest_checkpoint(&self) -> Result<Option<StoredCheckpoint>, SqlError> {
        let sql = Sql::new("SELECT size, at, note FROM checkpoint ORDER BY size DESC, at DESC LIMIT 1");
        self.engine
            .query_one(sql)
            .await?
            .as_ref()
            .map(checkpoint)
            .transpose()
    }

    /// The smallest checkpoint that covers the record at `idx`, if there is one.
    pub(crate) async fn checkpoint_covering(&self, idx: u64) -> Result<Option<StoredCheckpoint>, SqlError> {
        let sql = Sql::new("SELECT size, at, note FROM checkpoint WHERE size > ").arg(idx);
        let sql = sql.text(" ORDER BY size, at LIMIT 1");
        self.engine
            .query_one(sql)
            .await?
            .as_ref()
            .map(checkpoint)
            .transpose()
    }

    /// Every checkpoint from size `from` on, smallest first, up to `most`.
    pub(crate) async fn checkpoints(&self, from: u64, most: u32) -> Result<Vec<StoredCheckpoint>, SqlError> {
        let sql = Sql::new("SELECT size, at, note FROM checkpoint WHERE size >= ").arg(from);
        let rows = self
            .engine
            .query(sql.text(" ORDER BY size, at LIMIT ").arg(most))
            .await?;
        rows.iter().map(checkpoint).collect()
    }

    /// Keeps a checkpoint. The publisher's write: beside the line, because it changes nothing the head lock guards.
    pub(crate) async fn keep_checkpoint(&self, kept: &StoredCheckpoint) -> Result<(), SqlError> {
        let row = [kept.size.into(), kept.at.into(), Val::Bytes(kept.note.clone())];
        let sql = Sql::new("INSERT INTO checkpoint (size, at, note) VALUES ").rows([row.to_vec()]);
        self.beside(&sql.text(" ON CONFLICT (size, at) DO NOTHING"))
            .await
            .map(drop)
    }

    /// Keeps what a witness said of a size; once kept, the first stays.
    pub(crate) async fn keep_cosignature(
        &self,
        size: u64,
        witness: &str,
        line: &str,
        at: Instant,
    ) -> Result<(), SqlError> {
        let row = [size.into(), witness.into(), line.into(), at.into()];
        let sql = Sql::new("INSERT INTO cosignature (size, witness, line, at) VALUES ").rows([row.to_vec()]);
        self.beside(&sql.text(" ON CONFLICT (size, witness) DO NOTHING"))
            .await
            .map(drop)
    }

    /// Who cosigned this size: witness, signature line, when.
    pub(crate) async fn cosignatures(&self, size: u64) -> Result<Vec<(String, String, Instant)>, SqlError> {
        let sql = Sql::new("SELECT witness, line, at FROM cosignature WHERE size = ").arg(size);
        let rows = self.engine.query(sql.text(" ORDER BY witness")).await?;
        rows.iter()
            .map(|row| Ok((row.text(0)?, row.text(1)?, row.time(2)?)))
            .collect()
    }

    /// The largest size that `witness` has cosigned.
    pub(crate) async fn last_cosigned(&self, witness: &str) -> Result<Option<u64>, SqlError> {
        let sql = Sql::new("SELECT size FROM cosignature WHERE witness = ").arg(witness);
        let row = self
            .engine
            .query_one(sql.text(" ORDER BY size DESC LIMIT 1"))
            .await?;
        row.map(|row| row.size(0)).transpose()
    }
}

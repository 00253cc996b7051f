//! Rows of what was typed and not sent. Ids and owners are keyed tags and contents are sealed before they come here: this
//! file knows neither whose a row is nor what it says.

use domain::time::Instant;

use super::sql::{Row, Sql, SqlError};
use super::{Change, Expect, Store, Table};

/// One row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct UnsentRow {
    /// A keyed tag of what finds it again.
    pub(crate) id: [u8; 32],
    /// A keyed tag of whose it is.
    pub(crate) owner: [u8; 32],
    /// When it was last kept.
    pub(crate) at: Instant,
    /// When it ends whatever happens.
    pub(crate) ends: Instant,
    /// Sealed.
    pub(crate) sealed: Vec<u8>,
}

impl UnsentRow {
    fn read(row: &Row) -> Result<Self, SqlError> {
        Ok(Self {
            id: row.fixed(0)?,
            owner: row.fixed(1)?,
            at: row.time(2)?,
            ends: row.time(3)?,
            sealed: row.bytes(4)?,
        })
    }

    fn rest(&self) -> Vec<super::Val> {
        vec![
            self.owner.into(),
            self.at.into(),
            self.ends.into(),
            self.sealed.as_slice().into(),
        ]
    }

    /// The change that puts it, replacing what was kept under the same id.
    pub(crate) fn put(&self) -> Change {
        Change::put(Table::Unsent, [self.id.into()], self.rest())
    }

    /// The change that removes it.
    pub(crate) fn remove(&self) -> Change {
        Change::remove(Table::Unsent, [self.id.into()])
    }

    /// That it is still as it was read.
    pub(crate) fn unchanged(&self) -> Expect {
        Expect {
            table: Table::Unsent,
            key: vec![self.id.into()],
            row: Some(self.rest()),
        }
    }
}

const UNSENT: &str = "SELECT id, owner, at, ends_at, sealed FROM unsent";

impl Store {
    /// The row with this id, if it has not ended. One that has ended and one that never was are the same answer.
    pub(crate) async fn unsent(&self, id: &[u8; 32], now: Instant) -> Result<Option<UnsentRow>, SqlError> {
        let sql = Sql::new(UNSENT).text(" WHERE id = ").arg(*id);
        let sql = sql.text(" AND ends_at > ").arg(now);
        let row = self.engine.query_one(sql).await?;
        row.as_ref().map(UnsentRow::read).transpose()
    }

    /// Every row of an owner that has not ended, the newest first.
    pub(crate) async fn unsent_of(&self, owner: &[u8; 32], now: Instant) -> Result<Vec<UnsentRow>, SqlError> {
        let sql = Sql::new(UNSENT).text(" WHERE owner = ").arg(*owner);
        let sql = sql.text(" AND ends_at > ").arg(now).text(" ORDER BY at DESC, id");
        let rows = self.engine.query(sql).await?;
        rows.iter().map(UnsentRow::read).collect()
    }

    /// How many rows an owner has.
    pub(crate) async fn count_unsent(&self, owner: &[u8; 32]) -> Result<i64, SqlError> {
        let sql = Sql::new("SELECT count(*) FROM unsent WHERE owner = ").arg(*owner);
        let row = self.engine.query_one(sql).await?;
        row.map_or(Ok(0), |row| row.int(0))
    }

    /// Whether anything has ended and is still there: asked before anything is written.
    pub(crate) async fn unsent_has_ended(&self, now: Instant) -> Result<bool, SqlError> {
        let sql = Sql::new("SELECT id FROM unsent WHERE ends_at <= ")
            .arg(now)
            .text(" LIMIT 1");
        Ok(self.engine.query_one(sql).await?.is_some())
    }

    /// Removes what has ended; how many rows.
    pub(crate) async fn sweep_unsent(&self, now: Instant) -> Result<u64, SqlError> {
        self.beside(&Sql::new("DELETE FROM unsent WHERE ends_at <= ").arg(now))
            .await
    }
}

//! Projections dropped and put back from records, and read out for comparing.

use std::collections::BTreeMap;

use domain::time::Instant;

use super::sql::{EngineKind, Sql, SqlError, Tx, Val, retrying};
use super::table::{Change, Sort, Table};
use super::write::batch::put_and_remove;
use super::{Store, StoreError};

/// How many rows are put at a time.
const TOGETHER: usize = 4096;

fn projections() -> impl Iterator<Item = Table> {
    Table::ALL
        .iter()
        .copied()
        .filter(|table| table.spec().sort == Sort::Projection)
}

impl Store {
    /// Empties every projection and puts `rows`, folded from the log at `size` entries, in one transaction under the
    /// head's lock. False, and nothing done, if the log has grown since: fold the rest and try again.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was done. A row that is not a projection's is [`StoreError::Malformed`].
    pub(crate) async fn replace_projections(&self, size: u64, rows: &[Change]) -> Result<bool, StoreError> {
        let ours =
            |row: &Change| row.table.spec().sort == Sort::Projection && row.row.is_some() && row.fits();
        if !rows.iter().all(ours) {
            return Err(StoreError::Malformed("only rows of projections can be put back"));
        }
        let by_key: BTreeMap<_, _> = rows
            .iter()
            .map(|row| ((row.table, &row.key), row.row.as_ref()))
            .collect();
        let done = retrying(|| async {
            let mut tx = self.engine.begin().await?;
            if locked_size(&mut tx).await? != Some(size) {
                tx.rollback().await?;
                return Ok(false);
            }
            for table in projections() {
                tx.execute(Sql::new(table.spec().empty)).await?;
            }
            let mut left = by_key
                .iter()
                .map(|((table, key), row)| (*table, *key, *row))
                .peekable();
            while left.peek().is_some() {
                put_and_remove(&mut tx, left.by_ref().take(TOGETHER)).await?;
            }
            tx.commit().await?;
            Ok(true)
        });
        Ok(done.await?)
    }

    /// Every row of every projection, by table and key: two folds of the same log give equal dumps on every engine.
    pub(crate) async fn dump_projections(&self) -> Result<Vec<Change>, SqlError> {
        let mut tx = self.engine.snapshot().await?;
        let mut out = Vec::new();
        for table in projections() {
            let spec = table.spec();
            for row in tx.query(Sql::new(spec.select)).await? {
                let mut values = row.0;
                let rest = values.split_off(spec.keys.min(values.len()));
                out.push(canonical(Change::put(table, values, rest)));
            }
        }
        tx.rollback().await?;
        out.sort_by(|a, b| (a.table, &a.key).cmp(&(b.table, &b.key)));
        Ok(out)
    }

    /// Removes what is not record and has had its day: answers to requests made before `before`, and sessions, drafts
    /// and counts that ended before `now`. How many rows went.
    pub(crate) async fn sweep(&self, before: Instant, now: Instant) -> Result<u64, SqlError> {
        let mut gone = 0_u64;
        for (text, at) in [
            ("DELETE FROM idempotency WHERE at < ", before),
            ("DELETE FROM session WHERE ends_at < ", now),
            ("DELETE FROM draft WHERE ends_at < ", now),
            ("DELETE FROM rate_limit WHERE full_at < ", now),
        ] {
            gone = gone.saturating_add(self.beside(&Sql::new(text).arg(at)).await?);
        }
        Ok(gone)
    }
}

/// A change as both engines would give it back: SQLite has no booleans.
pub(crate) fn canonical(mut change: Change) -> Change {
    let values = change.key.iter_mut().chain(change.row.iter_mut().flatten());
    for value in values {
        if let Val::Bool(truth) = value {
            *value = Val::I64(i64::from(*truth));
        }
    }
    change
}

async fn locked_size(tx: &mut Tx) -> Result<Option<u64>, SqlError> {
    let sql = Sql::new("SELECT size FROM head WHERE only_row = 1");
    let sql = match tx.kind() {
        EngineKind::Sqlite => sql,
        EngineKind::Postgres => sql.text(" FOR UPDATE"),
    };
    tx.query_one(sql).await?.map(|row| row.size(0)).transpose()
}

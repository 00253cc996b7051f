//! Rows of projections and desk tables: one by its key, many by another column, and what lists need.

use crate::store::sql::{Sql, SqlError, Val};
use crate::store::{Store, Table};

impl Store {
    /// The columns after the key of the row with this key, if there is one. Booleans come back as SQLite or PostgreSQL
    /// has them; compare through [`crate::store::Expect`] rather than by hand.
    pub(crate) async fn row(&self, table: Table, key: &[Val]) -> Result<Option<Vec<Val>>, SqlError> {
        let spec = table.spec();
        let sql = Sql::new(spec.select)
            .text(spec.by_key)
            .text("(VALUES ")
            .rows([key.to_vec()])
            .text(")");
        let row = self.engine.query_one(sql).await?;
        Ok(row.and_then(|row| row.0.get(spec.keys..).map(<[Val]>::to_vec)))
    }

    /// One statement in a transaction of its own, again while the database is busy; how many rows it touched.
    pub(crate) async fn beside(&self, sql: &Sql) -> Result<u64, SqlError> {
        crate::store::sql::retrying(|| async {
            let mut tx = self.engine.begin().await?;
            let touched = tx.execute(sql.clone()).await?;
            tx.commit().await?;
            Ok(touched)
        })
        .await
    }

    /// Any one statement, for tests of what the database itself refuses.
    #[cfg(test)]
    pub(crate) async fn attempt(&self, text: &'static str) -> Result<u64, SqlError> {
        self.beside(&Sql::new(text)).await
    }
}

//! Many rows in one statement, as each engine takes them best.
//!
//! SQLite: `VALUES (?,?),…` in a few sizes, so that few texts stay prepared. PostgreSQL: one array a column through
//! `UNNEST`, so that any number of rows is one short text and one round trip.

use std::fmt::Write;

use sqlx::postgres::PgArguments;
use sqlx::{Arguments as _, AssertSqlSafe};

use super::engine::{Inner, Tx, bound};
use super::{Sql, SqlError, Val, pieces};

/// The most rows in one statement on PostgreSQL.
const MOST: usize = 4096;

impl Tx {
    /// Runs `before`, the rows as a table expression, `after`; a few times if the rows are many. Every row has the same
    /// columns, each of one type. How many rows it touched.
    ///
    /// `before` is `INSERT INTO t (a, b) ` or `DELETE FROM t WHERE (a, b) IN (`.
    pub(crate) async fn with_rows(
        &mut self,
        before: &'static str,
        mut rows: Vec<Vec<Val>>,
        after: &'static str,
    ) -> Result<u64, SqlError> {
        let mut touched = 0_u64;
        if let Inner::Postgres(tx) = &mut self.inner {
            while !rows.is_empty() {
                let rest = rows.split_off(rows.len().min(MOST));
                let (text, values) = unnested(before, rows, after)?;
                let done = sqlx::query_with(AssertSqlSafe(text), values)
                    .execute(&mut **tx)
                    .await?;
                touched = touched.saturating_add(done.rows_affected());
                rows = rest;
            }
            return Ok(touched);
        }
        for some in pieces(rows) {
            let sql = Sql::new(before).text("VALUES ").rows(some).text(after);
            touched = touched.saturating_add(self.execute(sql).await?);
        }
        Ok(touched)
    }
}

/// `before SELECT u.c0, NULL, … FROM UNNEST($1, …) AS u(c0, …) after`. A column that is NULL in every row has no type to
/// make an array of: it is written as `NULL`, which takes the type of the column it is put into.
fn unnested(
    before: &'static str,
    rows: Vec<Vec<Val>>,
    after: &'static str,
) -> Result<(String, PgArguments), SqlError> {
    let mut columns: Vec<Vec<Val>> = Vec::new();
    for row in rows {
        columns.resize_with(columns.len().max(row.len()), Vec::new);
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
    let mut values = PgArguments::default();
    let (mut outputs, mut arrays, mut names) = (String::new(), String::new(), String::new());
    for (number, column) in columns.into_iter().enumerate() {
        let comma = if number > 0 { "," } else { "" };
        if !bind_column(&mut values, column)? {
            outputs.push_str(comma);
            outputs.push_str("NULL");
            continue;
        }
        let between = if arrays.is_empty() { "" } else { "," };
        let _ = write!(outputs, "{comma}u.c{number}");
        let _ = write!(arrays, "{between}${}", values.len());
        let _ = write!(names, "{between}c{number}");
    }
    let text = format!("{before}SELECT {outputs} FROM UNNEST({arrays}) AS u({names}){after}");
    Ok((text, values))
}

/// Binds a column as one array; false, and nothing bound, if there is only NULL in it.
pub(super) fn bind_column(values: &mut PgArguments, column: Vec<Val>) -> Result<bool, SqlError> {
    macro_rules! array {
        ($variant:ident) => {{
            let take = |value: Val| match value {
                Val::$variant(inner) => Ok(Some(inner)),
                Val::Null => Ok(None),
                _ => Err(SqlError::Engine("a column has values of two types".into())),
            };
            let array: Result<Vec<_>, SqlError> = column.into_iter().map(take).collect();
            values.add(array?).map_err(bound)?;
        }};
    }
    match column.iter().find(|value| **value != Val::Null) {
        None => return Ok(false),
        Some(Val::I64(_)) => array!(I64),
        Some(Val::Text(_)) => array!(Text),
        Some(Val::Bytes(_)) => array!(Bytes),
        Some(Val::Bool(_)) => array!(Bool),
        Some(Val::Null) => return Ok(false),
    }
    Ok(true)
}

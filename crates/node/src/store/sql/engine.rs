//! The two engines: opening connections, running statements, beginning and ending transactions.

use std::borrow::Cow;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{
    PgArgumentBuffer, PgArguments, PgConnectOptions, PgPool, PgPoolOptions, PgRow, PgTypeInfo, Postgres,
};
use sqlx::sqlite::{
    Sqlite, SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool,
    SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{
    Arguments as _, AssertSqlSafe, Decode, Encode, Row as _, Transaction, Type, TypeInfo as _, ValueRef as _,
};

use super::text::Arg;
use super::{Row, Sql, SqlError, Val};
use crate::store::faults::{Faults, Step};

/// Prepared statements kept per connection: multi-row statements come in a handful of sizes per table.
const STATEMENTS: usize = 400;
/// How long SQLite waits for another process's transaction before it says busy.
const BUSY: Duration = Duration::from_secs(5);
/// How long to wait for a free connection.
const ACQUIRE: Duration = Duration::from_secs(30);

/// Which engine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum EngineKind {
    /// A file beside the node.
    Sqlite,
    /// A PostgreSQL server, 15 or newer.
    Postgres,
}

/// Connections to one node's database. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Engine {
    pools: Pools,
    faults: Option<Arc<dyn Faults>>,
}

#[derive(Clone)]
enum Pools {
    Sqlite { write: SqlitePool, read: SqlitePool },
    Postgres(PgPool),
}

impl Engine {
    /// Opens the SQLite file at `path`, making it if it is not there.
    ///
    /// WAL, so that readers never wait for the writer; `synchronous=FULL`, so that a commit is on the disk when it
    /// says so; one connection that writes.
    pub(crate) async fn sqlite(path: PathBuf, page_limit: Option<u32>) -> Result<Self, SqlError> {
        let mut options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY)
            .pragma("cell_size_check", "on")
            .pragma("secure_delete", "on")
            .pragma("temp_store", "memory")
            .pragma("cache_size", "-65536")
            .pragma("wal_autocheckpoint", "4000")
            .statement_cache_capacity(STATEMENTS);
        if let Some(pages) = page_limit {
            options = options.pragma("max_page_count", pages.to_string());
        }
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .test_before_acquire(false)
            .acquire_timeout(ACQUIRE)
            .connect_with(options.clone())
            .await?;
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .test_before_acquire(false)
            .acquire_timeout(ACQUIRE)
            .connect_lazy_with(options.pragma("query_only", "on").pragma("cache_size", "-32768"));
        Ok(Self {
            pools: Pools::Sqlite { write, read },
            faults: None,
        })
    }

    /// Connects to the PostgreSQL server that `url` names and works in `schema`, which must be a plain name.
    pub(crate) async fn postgres(url: &str, schema: &str) -> Result<Self, SqlError> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if schema.is_empty() || schema.len() > 60 || !schema.bytes().all(plain) {
            return Err(SqlError::Engine(
                "a schema's name has 1 to 60 lower-case letters, digits and underscores".into(),
            ));
        }
        // A plan that is kept is one made while a table was small: the requests carried out were read through from end
        // to end for each batch until the server next gathered statistics. Planning costs less than a millisecond.
        let options = PgConnectOptions::from_str(url)?
            .application_name("daylight")
            .statement_cache_capacity(STATEMENTS)
            .options([
                ("search_path", schema),
                ("timezone", "UTC"),
                ("plan_cache_mode", "force_custom_plan"),
            ]);
        let pool = PgPoolOptions::new()
            .max_connections(8)
            .acquire_timeout(ACQUIRE)
            .connect_with(options)
            .await?;
        // The name was checked above: letters, digits and underscores only.
        let create = format!("CREATE SCHEMA IF NOT EXISTS {schema}");
        super::retrying(|| async {
            let made = sqlx::raw_sql(AssertSqlSafe(create.clone())).execute(&pool).await;
            match made.map_err(SqlError::from) {
                // two nodes of one installation starting at the same moment
                Err(SqlError::Refused { .. }) => Err(SqlError::Busy),
                other => other,
            }
        })
        .await?;
        Ok(Self {
            pools: Pools::Postgres(pool),
            faults: None,
        })
    }

    /// The same engine, asking `faults` before and after every step of a write.
    #[must_use]
    pub(crate) fn with_faults(mut self, faults: Arc<dyn Faults>) -> Self {
        self.faults = Some(faults);
        self
    }

    /// Which engine this is.
    pub(crate) fn kind(&self) -> EngineKind {
        match &self.pools {
            Pools::Sqlite { .. } => EngineKind::Sqlite,
            Pools::Postgres(_) => EngineKind::Postgres,
        }
    }

    /// One read, outside any transaction.
    pub(crate) async fn query(&self, sql: Sql) -> Result<Vec<Row>, SqlError> {
        match &self.pools {
            Pools::Sqlite { read, .. } => fetch_sqlite(read, sql).await,
            Pools::Postgres(pool) => fetch_postgres(pool, sql).await,
        }
    }

    /// One read whose first row, if any, is wanted.
    pub(crate) async fn query_one(&self, sql: Sql) -> Result<Option<Row>, SqlError> {
        Ok(self.query(sql).await?.into_iter().next())
    }

    /// Begins a transaction that writes. On SQLite it holds the one write lock from here (`BEGIN IMMEDIATE`).
    pub(crate) async fn begin(&self) -> Result<Tx, SqlError> {
        self.check(Step::Begin, false)?;
        let inner = match &self.pools {
            Pools::Sqlite { write, .. } => Inner::Sqlite(SqliteTx::begin(write, "BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => Inner::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
                    .await?,
            ),
        };
        let tx = Tx {
            inner,
            faults: self.faults.clone(),
        };
        self.check(Step::Begin, true)?;
        Ok(tx)
    }

    /// Begins a transaction in which every read sees the same moment.
    pub(crate) async fn snapshot(&self) -> Result<Tx, SqlError> {
        let inner = match &self.pools {
            Pools::Sqlite { read, .. } => Inner::Sqlite(SqliteTx::begin(read, "BEGIN DEFERRED").await?),
            Pools::Postgres(pool) => Inner::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?,
            ),
        };
        Ok(Tx { inner, faults: None })
    }

    fn check(&self, step: Step, after: bool) -> Result<(), SqlError> {
        self.faults.as_ref().map_or(Ok(()), |faults| {
            if after {
                faults.after(step)
            } else {
                faults.before(step)
            }
        })
    }

    /// Runs a whole migration text, several statements, on the writing connection. `text` is a file of this crate.
    pub(crate) async fn script(tx: &mut Tx, text: Cow<'static, str>) -> Result<(), SqlError> {
        let sql = sqlx::raw_sql(AssertSqlSafe(text));
        match &mut tx.inner {
            Inner::Sqlite(tx) => sql.execute(tx.connection()?).await.map(drop)?,
            Inner::Postgres(tx) => sql.execute(&mut **tx).await.map(drop)?,
        }
        Ok(())
    }

    /// Closes every connection; SQLite folds its write-ahead log back into the file.
    pub(crate) async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// A transaction. Dropped without [`Tx::commit`], it is undone.
pub(crate) struct Tx {
    pub(super) inner: Inner,
    faults: Option<Arc<dyn Faults>>,
}

pub(super) enum Inner {
    Sqlite(SqliteTx),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Which engine this is.
    pub(crate) fn kind(&self) -> EngineKind {
        match &self.inner {
            Inner::Sqlite(_) => EngineKind::Sqlite,
            Inner::Postgres(_) => EngineKind::Postgres,
        }
    }

    /// Reads.
    pub(crate) async fn query(&mut self, sql: Sql) -> Result<Vec<Row>, SqlError> {
        match &mut self.inner {
            Inner::Sqlite(tx) => fetch_sqlite(tx.connection()?, sql).await,
            Inner::Postgres(tx) => fetch_postgres(&mut **tx, sql).await,
        }
    }

    /// Reads the first row, if any.
    pub(crate) async fn query_one(&mut self, sql: Sql) -> Result<Option<Row>, SqlError> {
        Ok(self.query(sql).await?.into_iter().next())
    }

    /// Writes; the count of rows it touched.
    pub(crate) async fn execute(&mut self, sql: Sql) -> Result<u64, SqlError> {
        let (text, values) = sql.into_parts(self.kind());
        let text = AssertSqlSafe(text);
        Ok(match &mut self.inner {
            Inner::Sqlite(tx) => {
                let done = sqlx::query_with(text, bind_sqlite(values)?)
                    .execute(tx.connection()?)
                    .await?;
                done.rows_affected()
            }
            Inner::Postgres(tx) => {
                let done = sqlx::query_with(text, bind_postgres(values)?)
                    .execute(&mut **tx)
                    .await?;
                done.rows_affected()
            }
        })
    }

    /// Says that `step` of a write is about to begin (`after` false) or has been done; a test may make it fail here.
    pub(crate) fn check(&self, step: Step, after: bool) -> Result<(), SqlError> {
        self.faults.as_ref().map_or(Ok(()), |faults| {
            if after {
                faults.after(step)
            } else {
                faults.before(step)
            }
        })
    }

    /// Makes the whole transaction durable.
    ///
    /// # Errors
    /// [`SqlError::fate_of_commit`] says whether an error leaves it unknown what happened.
    pub(crate) async fn commit(self) -> Result<(), SqlError> {
        self.check(Step::Commit, false)?;
        let faults = self.faults;
        match self.inner {
            Inner::Sqlite(tx) => tx.end("COMMIT").await?,
            Inner::Postgres(tx) => tx.commit().await?,
        }
        faults.map_or(Ok(()), |faults| faults.after(Step::Commit))
    }

    /// Undoes the transaction now.
    pub(crate) async fn rollback(self) -> Result<(), SqlError> {
        match self.inner {
            Inner::Sqlite(tx) => tx.end("ROLLBACK").await?,
            Inner::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }
}

/// A SQLite transaction, begun and ended by hand.
///
/// When the disk is full SQLite may undo a transaction by itself, after which `ROLLBACK` is an error and a pooled
/// connection would be left believing that it is inside one. So whatever does not end well takes its connection with it:
/// closing the connection undoes whatever it still had open, and the next one starts clean.
pub(super) struct SqliteTx {
    connection: Option<PoolConnection<Sqlite>>,
}

impl SqliteTx {
    async fn begin(pool: &SqlitePool, text: &'static str) -> Result<Self, SqlError> {
        let mut tx = Self {
            connection: Some(pool.acquire().await?),
        };
        sqlx::raw_sql(text).execute(tx.connection()?).await?;
        Ok(tx)
    }

    fn connection(&mut self) -> Result<&mut SqliteConnection, SqlError> {
        let ended = || SqlError::Engine("the transaction has ended".into());
        self.connection.as_deref_mut().ok_or_else(ended)
    }

    /// `COMMIT` or `ROLLBACK`; only if the engine agrees does the connection go back to the pool.
    async fn end(mut self, text: &'static str) -> Result<(), SqlError> {
        sqlx::raw_sql(text).execute(self.connection()?).await?;
        drop(self.connection.take());
        Ok(())
    }
}

impl Drop for SqliteTx {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            drop(connection.detach());
        }
    }
}

pub(super) fn bound(error: BoxDynError) -> SqlError {
    SqlError::Engine(format!("a value could not be bound: {error}"))
}

fn bind_sqlite(args: Vec<Arg>) -> Result<SqliteArguments, SqlError> {
    let mut out = SqliteArguments::default();
    out.reserve(args.len(), 0);
    for arg in args {
        let Arg::One(value) = arg else {
            return Err(SqlError::Engine("a list was not written out".into()));
        };
        match value {
            Val::Null => out.add(None::<i64>),
            Val::I64(number) => out.add(number),
            Val::Text(text) => out.add(text),
            Val::Bytes(bytes) => out.add(bytes),
            Val::Bool(truth) => out.add(truth),
        }
        .map_err(bound)?;
    }
    Ok(out)
}

fn bind_postgres(args: Vec<Arg>) -> Result<PgArguments, SqlError> {
    let mut out = PgArguments::default();
    out.reserve(args.len(), args.len().saturating_mul(16));
    for arg in args {
        let value = match arg {
            Arg::One(value) => value,
            Arg::Many(values) => {
                super::put::bind_column(&mut out, values)?;
                continue;
            }
        };
        match value {
            Val::Null => out.add(Untyped),
            Val::I64(number) => out.add(number),
            Val::Text(text) => out.add(text),
            Val::Bytes(bytes) => out.add(bytes),
            Val::Bool(truth) => out.add(truth),
        }
        .map_err(bound)?;
    }
    Ok(out)
}

/// A NULL whose type PostgreSQL works out from where it stands (parameter type 0, "unspecified").
struct Untyped;

impl Type<Postgres> for Untyped {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(sqlx::postgres::types::Oid(0))
    }
}

impl Encode<'_, Postgres> for Untyped {
    fn encode_by_ref(&self, _: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Ok(IsNull::Yes)
    }
}

async fn fetch_sqlite<'c, E>(connection: E, sql: Sql) -> Result<Vec<Row>, SqlError>
where
    E: sqlx::Executor<'c, Database = Sqlite>,
{
    let (text, values) = sql.into_parts(EngineKind::Sqlite);
    let rows = sqlx::query_with(AssertSqlSafe(text), bind_sqlite(values)?)
        .fetch_all(connection)
        .await?;
    rows.iter().map(read_sqlite).collect()
}

async fn fetch_postgres<'c, E>(connection: E, sql: Sql) -> Result<Vec<Row>, SqlError>
where
    E: sqlx::Executor<'c, Database = Postgres>,
{
    let (text, values) = sql.into_parts(EngineKind::Postgres);
    let rows = sqlx::query_with(AssertSqlSafe(text), bind_postgres(values)?)
        .fetch_all(connection)
        .await?;
    rows.iter().map(read_postgres).collect()
}

fn read_sqlite(row: &SqliteRow) -> Result<Row, SqlError> {
    let mut out = Vec::with_capacity(row.len());
    for column in 0..row.len() {
        let raw = row.try_get_raw(column)?;
        let odd = |_: BoxDynError| SqlError::Shape { column };
        out.push(if raw.is_null() {
            Val::Null
        } else {
            match raw.type_info().name() {
                "INTEGER" | "BOOLEAN" => Val::I64(<i64 as Decode<Sqlite>>::decode(raw).map_err(odd)?),
                "TEXT" => Val::Text(<String as Decode<Sqlite>>::decode(raw).map_err(odd)?),
                "BLOB" => Val::Bytes(<Vec<u8> as Decode<Sqlite>>::decode(raw).map_err(odd)?),
                _ => return Err(SqlError::Shape { column }),
            }
        });
    }
    Ok(Row(out))
}

fn read_postgres(row: &PgRow) -> Result<Row, SqlError> {
    let mut out = Vec::with_capacity(row.len());
    for column in 0..row.len() {
        let raw = row.try_get_raw(column)?;
        let odd = |_: BoxDynError| SqlError::Shape { column };
        out.push(if raw.is_null() {
            Val::Null
        } else {
            match raw.type_info().name() {
                "INT8" => Val::I64(<i64 as Decode<Postgres>>::decode(raw).map_err(odd)?),
                "INT4" => Val::I64(<i32 as Decode<Postgres>>::decode(raw).map_err(odd)?.into()),
                "BOOL" => Val::Bool(<bool as Decode<Postgres>>::decode(raw).map_err(odd)?),
                "TEXT" | "VARCHAR" | "NAME" => {
                    Val::Text(<String as Decode<Postgres>>::decode(raw).map_err(odd)?)
                }
                "BYTEA" => Val::Bytes(<Vec<u8> as Decode<Postgres>>::decode(raw).map_err(odd)?),
                _ => return Err(SqlError::Shape { column }),
            }
        });
    }
    Ok(Row(out))
}

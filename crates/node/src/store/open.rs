//! Opening a node's database, and refusing one that could lose what it says it has kept.

use std::path::PathBuf;
use std::sync::Arc;

use super::Store;
use super::faults::Faults;
use super::migrate;
use super::reserve::Reserve;
use super::sql::{Engine, EngineKind, Sql, SqlError};

/// How much disk is kept back beside a SQLite database.
const RESERVE_BYTES: usize = 8 * 1024 * 1024;

/// Where a node's database is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// A file, with its reserve beside it.
    Sqlite {
        /// The file; its directory must exist.
        file: PathBuf,
    },
    /// A schema on a PostgreSQL server.
    Postgres {
        /// `postgres://user@host:port/database`.
        url: String,
        /// The schema, made if it is not there: one a node.
        schema: String,
    },
}

/// Why a database was not opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    /// A setting would let an acknowledged record be lost.
    #[error(
        "the database is set so that a power cut could lose what was reported: {setting} is {found}; {change}"
    )]
    Unsafe {
        /// The setting.
        setting: &'static str,
        /// Its value.
        found: String,
        /// What to do.
        change: &'static str,
    },
    /// PostgreSQL older than 15.
    #[error("PostgreSQL 15 or newer is needed; this server is {found}: upgrade it, or name another")]
    TooOld {
        /// What the server says.
        found: String,
    },
    /// A newer program has migrated it.
    #[error("this database was last opened by a newer release (migration {number}): use that release")]
    Newer {
        /// The migration this program does not know.
        number: i64,
    },
    /// The text of an applied migration is not what this program has.
    #[error("migration {number} of this database is not the one this release knows: it was altered")]
    Altered {
        /// Which.
        number: i64,
    },
    /// The engine could not be opened.
    #[error("the database could not be opened: {0}")]
    Sql(#[from] SqlError),
}

/// How a store is opened; [`Options::default`] is what a node uses, the rest is for tests.
#[derive(Clone, Default)]
pub(crate) struct Options {
    /// Asked before and after every step of a write.
    pub(crate) faults: Option<Arc<dyn Faults>>,
    /// SQLite only: the file may not grow past so many pages.
    pub(crate) page_limit: Option<u32>,
}

/// Opens, checks, migrates, and starts the writer.
pub(crate) async fn open(place: Place, options: Options) -> Result<Store, OpenError> {
    let (mut engine, reserve) = match place {
        Place::Sqlite { file } => {
            let reserve = Reserve::at(file.with_extension("reserve"), RESERVE_BYTES);
            (Engine::sqlite(file, options.page_limit).await?, reserve)
        }
        Place::Postgres { url, schema } => (Engine::postgres(&url, &schema).await?, Reserve::none()),
    };
    check(&engine).await?;
    migrate::migrate(&engine).await?;
    if let Some(faults) = options.faults {
        engine = engine.with_faults(faults);
    }
    Ok(Store::start(engine, Arc::new(reserve)))
}

/// INVARIANT (durable): no store is opened on an engine that answers a commit before it is on the disk.
async fn check(engine: &Engine) -> Result<(), OpenError> {
    match engine.kind() {
        EngineKind::Sqlite => check_sqlite(engine).await,
        EngineKind::Postgres => check_postgres(engine).await,
    }
}

async fn check_sqlite(engine: &Engine) -> Result<(), OpenError> {
    let mut tx = engine.begin().await?;
    let mode = tx
        .query_one(Sql::new("SELECT journal_mode FROM pragma_journal_mode"))
        .await?;
    let mode = mode.map(|row| row.text(0)).transpose()?.unwrap_or_default();
    if mode != "wal" {
        return Err(OpenError::Unsafe {
            setting: "journal_mode",
            found: mode,
            change: "put the database on a local disk, where write-ahead logging works",
        });
    }
    let level = tx
        .query_one(Sql::new("SELECT synchronous FROM pragma_synchronous"))
        .await?;
    let level = level.map(|row| row.int(0)).transpose()?.unwrap_or_default();
    tx.rollback().await?;
    refuse_sqlite_level(level)
}

/// 2 is `FULL`, 3 is `EXTRA`.
fn refuse_sqlite_level(level: i64) -> Result<(), OpenError> {
    if level >= 2 {
        return Ok(());
    }
    Err(OpenError::Unsafe {
        setting: "synchronous",
        found: if level == 0 { "OFF" } else { "NORMAL" }.to_owned(),
        change: "open it with synchronous=FULL",
    })
}

async fn check_postgres(engine: &Engine) -> Result<(), OpenError> {
    let sql = "SELECT name, setting FROM pg_settings WHERE name IN \
               ('server_version_num', 'fsync', 'synchronous_commit', 'full_page_writes')";
    for row in engine.query(Sql::new(sql)).await? {
        refuse_postgres_setting(&row.text(0)?, row.text(1)?)?;
    }
    Ok(())
}

/// `synchronous_commit` may be `on`, `local`, `remote_write` or `remote_apply`: all flush here before they answer.
fn refuse_postgres_setting(name: &str, found: String) -> Result<(), OpenError> {
    let (setting, change) = match name {
        "server_version_num" => {
            let number: u32 = found.parse().unwrap_or(0);
            return if number >= 150_000 {
                Ok(())
            } else {
                Err(OpenError::TooOld { found })
            };
        }
        "fsync" => (
            "fsync",
            "set `fsync = on` in postgresql.conf and restart the server",
        ),
        "full_page_writes" => (
            "full_page_writes",
            "set `full_page_writes = on` in postgresql.conf and reload",
        ),
        "synchronous_commit" => (
            "synchronous_commit",
            "set `synchronous_commit = on` for this user, this database or the server",
        ),
        _ => return Ok(()),
    };
    if found == "off" {
        Err(OpenError::Unsafe {
            setting,
            found,
            change,
        })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_could_lose_a_record_are_refused_and_say_what_to_change() {
        for level in [0, 1] {
            let said = refuse_sqlite_level(level).map_err(|error| error.to_string());
            assert!(said.is_err_and(|text| text.contains("synchronous=FULL")));
        }
        assert!(refuse_sqlite_level(2).is_ok());
        for name in ["fsync", "full_page_writes", "synchronous_commit"] {
            let said = refuse_postgres_setting(name, "off".into()).map_err(|error| error.to_string());
            assert!(said.is_err_and(|text| text.contains(&format!("`{name} = on`"))));
            assert!(refuse_postgres_setting(name, "on".into()).is_ok());
        }
        assert!(refuse_postgres_setting("synchronous_commit", "local".into()).is_ok());
        assert!(matches!(
            refuse_postgres_setting("server_version_num", "140011".into()),
            Err(OpenError::TooOld { .. })
        ));
    }
}

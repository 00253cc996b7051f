//! What an engine said, reduced to what the caller can do about it.

use std::time::Duration;

/// Why a statement or a transaction did not do what was asked. Holds no value that was bound.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SqlError {
    /// Another writer was in the way; the transaction did nothing and may be tried again.
    #[error("the database was busy")]
    Busy,
    /// The disk, or the file's allowed size, is used up; the transaction did nothing.
    #[error("the database has no room left")]
    Full,
    /// A rule of the schema refused a row: a key that exists, a change to what only grows.
    #[error("the database refused a row (code {code})")]
    Refused {
        /// The engine's code.
        code: String,
    },
    /// The connection failed. Before the commit nothing has happened; at the commit it is unknown.
    #[error("the database could not be reached or broke off: {0}")]
    Lost(String),
    /// A row did not have the shape this code was written for.
    #[error("column {column} of an answer has an unexpected shape")]
    Shape {
        /// Counted from 0.
        column: usize,
    },
    /// Anything else the engine said.
    #[error("the database said: {0}")]
    Engine(String),
}

/// What may be concluded when a commit was answered with an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    /// The engine itself says that nothing was committed.
    NotCommitted,
    /// It may be there or not.
    Unknown,
}

impl SqlError {
    /// Whether the same transaction may simply be run again.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self, Self::Busy)
    }

    /// What this error, given in answer to `COMMIT`, lets one conclude.
    ///
    /// Busy, full and refused are answers the engine gives after it has undone the transaction. A broken connection
    /// or an input/output error says nothing about what reached the disk.
    pub(crate) fn fate_of_commit(&self) -> Fate {
        match self {
            Self::Busy | Self::Full | Self::Refused { .. } => Fate::NotCommitted,
            Self::Lost(_) | Self::Shape { .. } | Self::Engine(_) => Fate::Unknown,
        }
    }
}

/// SQLite's primary result codes (the low byte of the extended code).
const SQLITE_BUSY: i32 = 5;
const SQLITE_LOCKED: i32 = 6;
const SQLITE_IOERR: i32 = 10;
const SQLITE_FULL: i32 = 13;
const SQLITE_CONSTRAINT: i32 = 19;
/// `SQLITE_IOERR_WRITE`: what a write past the file-size limit gives.
const SQLITE_IOERR_WRITE: i32 = 778;

fn from_sqlite(code: i32, message: &str) -> SqlError {
    match code & 0xff {
        SQLITE_BUSY | SQLITE_LOCKED => SqlError::Busy,
        SQLITE_FULL => SqlError::Full,
        SQLITE_IOERR if code == SQLITE_IOERR_WRITE => SqlError::Lost("write error".into()),
        SQLITE_IOERR => SqlError::Lost(format!("input/output error {code}")),
        SQLITE_CONSTRAINT => SqlError::Refused {
            code: code.to_string(),
        },
        _ => SqlError::Engine(format!("{message} ({code})")),
    }
}

fn from_postgres(state: &str, message: &str) -> SqlError {
    match state {
        // serialization failure, deadlock, lock not available
        "40001" | "40P01" | "55P03" => SqlError::Busy,
        // disk full, and its neighbours out of memory and too many connections are not ours to cure
        "53100" => SqlError::Full,
        // the server is stopping, starting or gone
        _ if state.starts_with("57P") || state.starts_with("08") => SqlError::Lost(message.to_owned()),
        // integrity constraints; raised by our own triggers
        _ if state.starts_with("23") || state == "P0001" => SqlError::Refused {
            code: state.to_owned(),
        },
        _ => SqlError::Engine(format!("{message} ({state})")),
    }
}

impl From<sqlx::Error> for SqlError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match &error {
            E::Database(inner) => {
                let code = inner.code().unwrap_or_default();
                if inner
                    .try_downcast_ref::<sqlx::postgres::PgDatabaseError>()
                    .is_some()
                {
                    from_postgres(&code, inner.message())
                } else {
                    from_sqlite(code.parse().unwrap_or(1), inner.message())
                }
            }
            E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::Protocol(_) => {
                Self::Lost(error.to_string())
            }
            _ => Self::Engine(error.to_string()),
        }
    }
}

/// How often a busy transaction is run again, and how long the first wait is; each wait is twice the one before.
const TRIES: u32 = 10;
const FIRST_WAIT: Duration = Duration::from_millis(2);

/// Runs `work` again while it says [`SqlError::Busy`]: the one retry in the store (40001, 40P01, SQLITE_BUSY).
///
/// `work` must be a whole transaction or a single read; it starts from nothing each time.
pub(crate) async fn retrying<T, F>(mut work: impl FnMut() -> F) -> Result<T, SqlError>
where
    F: Future<Output = Result<T, SqlError>>,
{
    let mut wait = FIRST_WAIT;
    for _ in 1..TRIES {
        match work().await {
            Err(error) if error.is_passing() => {
                metrics::counter!("daylight_store_retries_total").increment(1);
                tokio::time::sleep(wait).await;
                wait = wait.saturating_mul(2);
            }
            done => return done,
        }
    }
    work().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_say_what_can_be_done() {
        assert!(from_sqlite(5, "").is_passing());
        assert!(from_sqlite(517, "").is_passing(), "SQLITE_BUSY_SNAPSHOT");
        assert!(from_postgres("40001", "").is_passing());
        assert!(from_postgres("40P01", "").is_passing());
        assert!(matches!(from_sqlite(2067, ""), SqlError::Refused { .. }));
        assert!(matches!(from_postgres("23505", ""), SqlError::Refused { .. }));
        assert!(matches!(from_postgres("53100", ""), SqlError::Full));
    }

    #[test]
    fn a_broken_connection_at_the_commit_leaves_it_unknown() {
        assert_eq!(from_postgres("57P01", "").fate_of_commit(), Fate::Unknown);
        assert_eq!(
            from_sqlite(1034, "").fate_of_commit(),
            Fate::Unknown,
            "SQLITE_IOERR_FSYNC"
        );
        assert_eq!(from_postgres("40001", "").fate_of_commit(), Fate::NotCommitted);
        assert_eq!(from_sqlite(13, "").fate_of_commit(), Fate::NotCommitted);
    }

    #[tokio::test(start_paused = true)]
    async fn a_busy_transaction_is_run_again_and_then_given_up() {
        let mut left = 3;
        let done = retrying(|| {
            left -= 1;
            std::future::ready(if left > 0 { Err(SqlError::Busy) } else { Ok(left) })
        });
        assert!(matches!(done.await, Ok(0)));
        let mut runs = 0;
        let never = retrying(|| {
            runs += 1;
            std::future::ready(Err::<(), _>(SqlError::Busy))
        });
        assert!(matches!(never.await, Err(SqlError::Busy)));
        assert_eq!(runs, TRIES);
    }
}

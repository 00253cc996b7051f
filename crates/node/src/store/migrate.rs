//! Bringing a database to the shape this program expects, once, whoever starts first.

use std::borrow::Cow;

use ledger::append::Edge;
use ledger::hash::Hash;

use super::open::OpenError;
use super::sql::{Engine, EngineKind, Sql, SqlError, Tx, Val, retrying};

/// One numbered step.
struct Migration {
    number: i64,
    name: &'static str,
    both: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

const MIGRATIONS: [Migration; 6] = [
    Migration {
        number: 1,
        name: "log",
        both: include_str!("../../migrations/0001_log.sql"),
        sqlite: include_str!("../../migrations/0001_log.sqlite.sql"),
        postgres: include_str!("../../migrations/0001_log.postgres.sql"),
    },
    Migration {
        number: 2,
        name: "projections",
        both: include_str!("../../migrations/0002_projections.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 3,
        name: "desk",
        both: include_str!("../../migrations/0003_desk.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 4,
        name: "shown",
        both: include_str!("../../migrations/0004_shown.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 5,
        name: "agreed",
        both: include_str!("../../migrations/0005_agreed.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 6,
        name: "unsent",
        both: include_str!("../../migrations/0006_unsent.sql"),
        sqlite: "",
        postgres: "",
    },
];

impl Migration {
    /// The text for one engine.
    fn text(&self, kind: EngineKind) -> Cow<'static, str> {
        let (bytes, key, own) = match kind {
            EngineKind::Sqlite => ("blob", "integer", self.sqlite),
            EngineKind::Postgres => ("bytea", "bigint", self.postgres),
        };
        let both = self.both.replace("BYTES", bytes).replace("ROWKEY", key);
        Cow::Owned(format!("{both}\n{own}"))
    }

    /// What is remembered of it: a changed text is another migration.
    fn digest(&self, kind: EngineKind) -> [u8; 32] {
        *Hash::of(self.text(kind).as_bytes()).as_bytes()
    }
}

const REMEMBER: &str = "CREATE TABLE IF NOT EXISTS migration (number bigint NOT NULL PRIMARY KEY, name text NOT NULL, \
                        digest BYTES NOT NULL)";

/// Applies what is missing. Several processes may start at once: a row is the lock.
pub(crate) async fn migrate(engine: &Engine) -> Result<(), OpenError> {
    retrying(|| async {
        match remember(engine).await {
            // two processes making the table at the same moment
            Err(SqlError::Refused { .. }) => Err(SqlError::Busy),
            other => other,
        }
    })
    .await?;
    let mut tx = retrying(|| engine.begin()).await?;
    let applied = applied(&mut tx).await?;
    for (number, digest) in &applied {
        let known = MIGRATIONS.iter().find(|migration| migration.number == *number);
        match known {
            None if *number != 0 => return Err(OpenError::Newer { number: *number }),
            Some(known) if known.digest(engine.kind()).as_slice() != digest => {
                return Err(OpenError::Altered { number: *number });
            }
            _ => {}
        }
    }
    for migration in &MIGRATIONS {
        if !applied.iter().any(|(number, _)| *number == migration.number) {
            apply(&mut tx, migration).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn remember(engine: &Engine) -> Result<(), SqlError> {
    let mut tx = engine.begin().await?;
    let bytes = match tx.kind() {
        EngineKind::Sqlite => "blob",
        EngineKind::Postgres => "bytea",
    };
    Engine::script(&mut tx, Cow::Owned(REMEMBER.replace("BYTES", bytes))).await?;
    let lock = [Val::I64(0), Val::from("lock"), Val::Bytes(Vec::new())];
    let sql = Sql::new("INSERT INTO migration (number, name, digest) VALUES ").rows([lock.to_vec()]);
    tx.execute(sql.text(" ON CONFLICT (number) DO NOTHING")).await?;
    tx.commit().await
}

async fn applied(tx: &mut Tx) -> Result<Vec<(i64, Vec<u8>)>, SqlError> {
    if tx.kind() == EngineKind::Postgres {
        tx.query(Sql::new(
            "SELECT number FROM migration WHERE number = 0 FOR UPDATE",
        ))
        .await?;
    }
    let rows = tx
        .query(Sql::new("SELECT number, digest FROM migration ORDER BY number"))
        .await?;
    rows.iter().map(|row| Ok((row.int(0)?, row.bytes(1)?))).collect()
}

async fn apply(tx: &mut Tx, migration: &Migration) -> Result<(), SqlError> {
    tracing::info!(number = migration.number, name = migration.name, "migrating");
    let kind = tx.kind();
    Engine::script(tx, migration.text(kind)).await?;
    let row = [
        migration.number.into(),
        migration.name.into(),
        migration.digest(kind).into(),
    ];
    tx.execute(Sql::with(
        "INSERT INTO migration (number, name, digest) VALUES ($1, $2, $3)",
        row,
    ))
    .await?;
    if migration.number == 1 {
        let edge = Edge::empty().to_bytes();
        let sql = "INSERT INTO head (only_row, size, edge, last_recorded) VALUES (1, 0, $1, 0)";
        tx.execute(Sql::with(sql, [Val::Bytes(edge)])).await?;
    }
    Ok(())
}

//! The use cases: one file each. A handler parses, calls one of these and renders what it returns.
//!
//! Every method takes who is acting ([`Acting`]) where somebody is, asks the policy, writes what was shown before it is
//! shown, and answers [`AppError::NotFound`] both for what is not there and for what may not be known.

pub mod accounts;
mod act;
mod acting;
pub mod add;
pub mod again;
mod approval;
pub mod check;
pub mod come_back;
pub mod concern;
pub mod concerns;
pub mod decide;
pub mod deliver;
pub mod duties;
pub mod epochs;
mod error;
mod gate;
pub mod grants;
pub mod invite;
pub mod keep;
pub mod let_in;
pub mod looks;
mod mark;
pub mod once;
pub mod people;
mod posts;
pub mod proof;
pub mod publish;
mod quiet;
pub mod raise;
mod re_date;
pub mod report;
pub mod restrict;
mod seen;
mod start;
pub mod tell;
pub mod tick;
pub(crate) mod time;
pub mod told;
pub mod unsent;
pub mod verify;
pub mod waiting;
pub mod witnessing;

use std::path::PathBuf;
use std::sync::{Arc, RwLock};

use domain::policy::Policy;

pub use acting::Acting;
pub use error::{AppError, Refusal};

use crate::Inner;
use crate::agency::Agency;
use crate::clock::Clock;
use crate::keys::Keys;
use crate::store;
use domain::pack::Pack;

/// Where a node keeps its records.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Database {
    /// In its own directory, embedded.
    Embedded,
    /// In a schema on a PostgreSQL server.
    Postgres {
        /// `postgres://user@host:port/database`.
        url: String,
        /// The schema.
        schema: String,
    },
}

/// Everything a node is made from.
pub struct Settings {
    /// Its directory: keys, and the database when it is embedded.
    pub data: PathBuf,
    /// Where its records are.
    pub database: Database,
    /// The agency: posts, hours, deputies, ladders.
    pub agency: Agency,
    /// The rule pack.
    pub pack: Pack,
    /// The policy.
    pub policy: Policy,
    /// Where it reads the time.
    pub clock: Arc<dyn Clock>,
}

/// Why a node did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The directory cannot be used.
    #[error("the directory {path} cannot be used: {source}")]
    Directory {
        /// Which.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The database cannot be used.
    #[error("{0}")]
    Store(String),
    /// The keys cannot be used.
    #[error(transparent)]
    Keys(#[from] crate::keys::KeyError),
    /// The posts and ladders cannot be used with this rule pack.
    #[error("{0}")]
    Rules(String),
    /// A use case that starting runs did not succeed.
    #[error(transparent)]
    App(#[from] AppError),
}

/// One agency's node. Cheap to clone.
#[derive(Clone)]
pub struct Node {
    pub(crate) inner: Arc<Inner>,
    /// The request this clone carries out, if it is to happen once.
    once: Option<once::Request>,
}

impl Node {
    /// Opens a node, making keys and an empty store when there are none.
    ///
    /// # Errors
    /// When the directory, database, keys or rules cannot be used; each says what to do.
    pub async fn open(settings: Settings) -> Result<Self, StartError> {
        let Settings {
            data,
            database,
            agency,
            pack,
            policy,
            clock,
        } = settings;
        let found = crate::agency::check(&agency, &pack, clock.now());
        let refused = found
            .iter()
            .filter(|one| one.level == crate::agency::Level::Refuse);
        let refused: Vec<String> = refused.map(ToString::to_string).collect();
        if !refused.is_empty() {
            return Err(StartError::Rules(refused.join("\n")));
        }
        std::fs::create_dir_all(&data).map_err(|source| StartError::Directory {
            path: data.clone(),
            source,
        })?;
        let file = data.join("daylight.db");
        let is_new = match &database {
            Database::Embedded => !file.exists(),
            Database::Postgres { .. } => !data.join("keys").exists(),
        };
        let keys = Keys::open(&data.join("keys"), is_new)?;
        let place = match database {
            Database::Embedded => store::Place::Sqlite { file },
            Database::Postgres { url, schema } => store::Place::Postgres { url, schema },
        };
        let store = store::open(place, store::Options::default())
            .await
            .map_err(|e| StartError::Store(e.to_string()))?;
        let issuer = crate::prove::issuer(&keys, &agency).map_err(AppError::from)?;
        let inner = Inner {
            store,
            issuer,
            keys: RwLock::new(keys),
            agency,
            pack,
            policy,
            clock,
            ticking: std::sync::Mutex::default(),
            snoozed: std::sync::Mutex::default(),
            staffing: std::sync::Mutex::default(),
            names: std::sync::Mutex::default(),
        };
        let node = Self {
            inner: Arc::new(inner),
            once: None,
        };
        node.first_records().await?;
        node.inner.re_date().await?;
        Ok(node)
    }

    /// The time, as this node sees it.
    pub fn now(&self) -> domain::time::Instant {
        self.inner.clock.now()
    }

    /// The agency this node is of.
    pub fn agency(&self) -> &Agency {
        &self.inner.agency
    }

    /// The rule pack in force.
    pub fn pack(&self) -> &Pack {
        &self.inner.pack
    }

    /// Lets writers finish and closes the store.
    pub async fn close(self) {
        self.inner.store.clone().close().await;
    }
}

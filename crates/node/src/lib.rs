//! One agency's node: storage, keys and use cases. The only place that writes.
//!
//! A node is a value: no statics and no globals. Directory or schema, ports and clock are passed in, so that one
//! process can run three.

pub use domain;

pub mod agency;
pub mod app;
mod assemble;
pub mod clock;
pub mod content;
pub mod jobs;
pub mod keys;
mod open;
mod project;
pub mod prove;
mod random;
pub mod rules;
pub mod signin;
mod spine;
mod store;
mod terms;
mod unsent;
mod vault;
mod way_back;
mod write;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, RwLock, RwLockReadGuard};

use domain::id::{DutyId, PractitionerId};
use domain::time::Instant;

/// What every practitioner's record says together.
#[derive(Debug)]
pub(crate) struct Staffing {
    /// Who sits where.
    pub(crate) chairs: Arc<domain::ladder::Chairs>,
    /// What was ever asked to let somebody in, and has no answer.
    pub(crate) asks: Vec<(PractitionerId, domain::view::Ask)>,
}

/// The staffing, beside how many streams and records of practitioners it was folded from.
type Seated = ((i64, i64), Arc<Staffing>);

/// What every use case reaches.
pub(crate) struct Inner {
    store: store::Store,
    issuer: ledger::leaf::Issuer,
    keys: RwLock<keys::Keys>,
    agency: agency::Agency,
    pack: domain::pack::Pack,
    policy: domain::policy::Policy,
    clock: Arc<dyn clock::Clock>,
    /// Duties whose ladder says "not before": looked at again then. Only a saving; losing it costs a look.
    snoozed: Mutex<HashMap<DutyId, Instant>>,
    /// Since when the ticker has run, and whether a jump of the clock holds it.
    ticking: Mutex<app::time::Ticking>,
    /// Who sits where, with the stamp of the records it was folded from.
    staffing: Mutex<Option<Seated>>,
    /// Names of practitioners, opened once.
    names: Mutex<HashMap<PractitionerId, String>>,
}

impl Inner {
    /// The keys, to read epochs again, begin one or end one.
    fn keys_mut(&self) -> std::sync::RwLockWriteGuard<'_, keys::Keys> {
        self.keys
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The keys, as they are now.
    fn keys(&self) -> RwLockReadGuard<'_, keys::Keys> {
        self.keys
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

//! Where a write can go wrong, by name, so that tests can make each of them happen.
//!
//! In the shipped program nothing is installed here. The fault table and the crash tests install one: *lost* is a
//! step that fails before it takes effect, *landed but reported failed* is one that fails after.

use super::sql::SqlError;

/// The durable steps of one batch, in the order in which they happen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Step {
    /// The transaction begins.
    Begin,
    /// The head is locked and read.
    Head,
    /// Idempotency keys, streams and expectations are read under the lock.
    Versions,
    /// Record rows.
    Records,
    /// Vault rows.
    Vault,
    /// Stream rows: new ones and new lengths.
    Streams,
    /// Projections and what is not record.
    Changes,
    /// Idempotency rows.
    Idempotency,
    /// Full tiles.
    Tiles,
    /// The head moves.
    Edge,
    /// Everything becomes durable.
    Commit,
}

impl Step {
    /// Every step, in order.
    pub(crate) const ALL: [Self; 11] = [
        Self::Begin,
        Self::Head,
        Self::Versions,
        Self::Records,
        Self::Vault,
        Self::Streams,
        Self::Changes,
        Self::Idempotency,
        Self::Tiles,
        Self::Edge,
        Self::Commit,
    ];
}

/// Asked before and after every step; an error becomes the step's.
pub(crate) trait Faults: Send + Sync {
    /// `step` has not happened yet.
    fn before(&self, step: Step) -> Result<(), SqlError>;
    /// `step` has happened.
    fn after(&self, step: Step) -> Result<(), SqlError>;
}

//! The log as `ledger` reads one: tiles from the table, partial tiles from the edge, entry bundles from record rows.
//!
//! `ledger` is not asynchronous; a [`LogSource`] waits for the database itself. It must be used on a thread that may
//! block (`tokio::task::spawn_blocking`, or a thread of `ledger::fsck`), never on one that drives the runtime.

use ledger::append::Edge;
use ledger::bundle;
use ledger::hash::Hash;
use ledger::source::{EntrySource, SourceError, TileSource, WithEdge, tile_hashes};
use ledger::tile::{TilePath, WIDTH};
use tokio::runtime::Handle;

use crate::store::{Store, StoreError};

/// The log at the size it had when this was made.
#[derive(Clone)]
pub(crate) struct LogSource {
    store: Store,
    edge: Edge,
    runtime: Handle,
}

/// Full tiles only.
struct Full<'a>(&'a LogSource);

impl Store {
    /// The log as it is now, for `ledger`'s readers.
    pub(crate) async fn source(&self) -> Result<LogSource, StoreError> {
        Ok(LogSource {
            store: self.clone(),
            edge: self.head().await?.edge,
            runtime: Handle::current(),
        })
    }
}

impl LogSource {
    /// How many entries.
    pub(crate) fn size(&self) -> u64 {
        self.edge.size()
    }

    /// The root over all of them.
    pub(crate) fn root(&self) -> Hash {
        self.edge.root()
    }
}

impl TileSource for Full<'_> {
    fn hashes(&self, level: u8, index: u64, width: u16) -> Result<Vec<Hash>, SourceError> {
        let path = TilePath::hashes(level, index, width);
        let found = self.0.runtime.block_on(self.0.store.tile(level, index));
        match found {
            Ok(Some(bytes)) => tile_hashes(path, &bytes),
            Ok(None) => Err(SourceError::missing(path)),
            Err(error) => Err(SourceError::unreadable(path, error.to_string())),
        }
    }
}

impl TileSource for LogSource {
    fn hashes(&self, level: u8, index: u64, width: u16) -> Result<Vec<Hash>, SourceError> {
        let with_edge = WithEdge {
            full: Full(self),
            edge: &self.edge,
        };
        with_edge.hashes(level, index, width)
    }
}

impl EntrySource for LogSource {
    fn bundle(&self, index: u64, width: u16) -> Result<Vec<u8>, SourceError> {
        let path = TilePath::entries(index, width);
        let first = index.saturating_mul(u64::from(WIDTH));
        let leaves = self.runtime.block_on(self.store.leaves(first, u32::from(WIDTH)));
        let leaves = leaves.map_err(|error| SourceError::unreadable(path, error.to_string()))?;
        if leaves.len() < usize::from(width) {
            return Err(SourceError::missing(path));
        }
        bundle::encode(&leaves).map_err(|error| SourceError::unreadable(path, error.to_string()))
    }
}

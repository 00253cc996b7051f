//! Where tiles and entries are read from: a directory, a table, a peer, or memory.

use crate::append::{Appended, Edge};
use crate::bundle;
use crate::hash::{self, Hash};
use crate::tile::{TilePath, WIDTH};
use std::collections::HashMap;
use thiserror::Error;

/// Why a source could not give what was asked.
#[derive(Debug, Error, PartialEq, Eq, Clone)]
pub enum SourceError {
    /// It is not there.
    #[error("{0} is missing")]
    Missing(TilePathText),
    /// It is there and cannot be read, or has an impossible length.
    #[error("{what} cannot be read: {why}")]
    Unreadable {
        /// Which tile or bundle.
        what: TilePathText,
        /// What the reader said.
        why: String,
    },
}

/// A tile path as text, such as `tile/0/x001/234`.
pub type TilePathText = String;

impl SourceError {
    /// The tile at `path` is missing.
    pub fn missing(path: TilePath) -> SourceError {
        SourceError::Missing(path.to_string())
    }

    /// The tile at `path` is there and cannot be read.
    pub fn unreadable(path: TilePath, why: impl Into<String>) -> SourceError {
        SourceError::Unreadable {
            what: path.to_string(),
            why: why.into(),
        }
    }
}

/// Something that can give the hashes of a tile.
pub trait TileSource {
    /// The first `width` hashes (1 to 256) of a tile. A source that holds a fuller tile may give more.
    ///
    /// # Errors
    /// [`SourceError`] when the tile is missing, unreadable or shorter than `width`.
    fn hashes(&self, level: u8, index: u64, width: u16) -> Result<Vec<Hash>, SourceError>;
}

/// Something that can also give the entries.
pub trait EntrySource: TileSource {
    /// The bytes of an entry bundle holding at least the first `width` entries.
    ///
    /// # Errors
    /// [`SourceError`] when the bundle is missing or unreadable.
    fn bundle(&self, index: u64, width: u16) -> Result<Vec<u8>, SourceError>;
}

impl<S: TileSource + ?Sized> TileSource for &S {
    fn hashes(&self, level: u8, index: u64, width: u16) -> Result<Vec<Hash>, SourceError> {
        (**self).hashes(level, index, width)
    }
}

impl<S: EntrySource + ?Sized> EntrySource for &S {
    fn bundle(&self, index: u64, width: u16) -> Result<Vec<u8>, SourceError> {
        (**self).bundle(index, width)
    }
}

/// Reads the bytes of a tile as at least `width` hashes; for sources that hold bytes.
///
/// # Errors
/// [`SourceError::Unreadable`] when the bytes are no whole number of hashes, more than 256, or fewer than `width`.
pub fn tile_hashes(path: TilePath, bytes: &[u8]) -> Result<Vec<Hash>, SourceError> {
    let hashes = hash::split(bytes).filter(|h| h.len() <= usize::from(WIDTH));
    let hashes = hashes.ok_or_else(|| SourceError::unreadable(path, "it is not a whole number of hashes"))?;
    if hashes.len() < usize::from(path.width) {
        return Err(SourceError::unreadable(
            path,
            "it holds fewer hashes than the tree has there",
        ));
    }
    Ok(hashes)
}

/// Full tiles from a source, partial ones from the edge: what a store holds that keeps only full tiles.
#[derive(Debug, Clone, Copy)]
pub struct WithEdge<'a, S> {
    /// Where full tiles come from.
    pub full: S,
    /// Where the rightmost tile of each level comes from.
    pub edge: &'a Edge,
}

impl<S: TileSource> TileSource for WithEdge<'_, S> {
    fn hashes(&self, level: u8, index: u64, width: u16) -> Result<Vec<Hash>, SourceError> {
        let shift = 8 * (u32::from(level) + 1);
        let partial = self.edge.size().checked_shr(shift).unwrap_or(0);
        if index < partial {
            return self.full.hashes(level, index, WIDTH);
        }
        let tile = self.edge.level(level);
        if index > partial || tile.len() < usize::from(width) {
            return Err(SourceError::missing(TilePath::hashes(level, index, width)));
        }
        Ok(tile.to_vec())
    }
}

/// A whole log in memory: for tests, simulations and small logs.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    tiles: HashMap<(u8, u64), Vec<Hash>>,
    entries: Vec<Vec<u8>>,
    edge: Edge,
}

impl Memory {
    /// Adds what [`crate::append::append`] returned for `entries`.
    pub fn extend<E: AsRef<[u8]>>(&mut self, entries: &[E], done: Appended) {
        self.entries.extend(entries.iter().map(|e| e.as_ref().to_vec()));
        for row in done.rows {
            self.tiles.insert(
                (row.level, row.index),
                hash::split(&row.bytes).unwrap_or_default(),
            );
        }
        self.edge = done.edge;
    }

    /// The right edge of what is held.
    pub const fn edge(&self) -> &Edge {
        &self.edge
    }

    /// The entries, in order.
    pub fn entries(&self) -> &[Vec<u8>] {
        &self.entries
    }
}

impl TileSource for Memory {
    fn hashes(&self, level: u8, index: u64, width: u16) -> Result<Vec<Hash>, SourceError> {
        if let Some(tile) = self.tiles.get(&(level, index)) {
            return Ok(tile.clone());
        }
        WithEdge {
            full: Nothing,
            edge: &self.edge,
        }
        .hashes(level, index, width)
    }
}

impl EntrySource for Memory {
    fn bundle(&self, index: u64, width: u16) -> Result<Vec<u8>, SourceError> {
        let path = TilePath::entries(index, width);
        let start = usize::try_from(index.saturating_mul(u64::from(WIDTH)))
            .map_err(|_| SourceError::missing(path))?;
        let held = self.entries.get(start..).unwrap_or(&[]);
        let held = held.get(..usize::from(WIDTH)).unwrap_or(held);
        bundle::encode(held).map_err(|error| SourceError::unreadable(path, error.to_string()))
    }
}

/// A source that holds nothing.
struct Nothing;

impl TileSource for Nothing {
    fn hashes(&self, level: u8, index: u64, width: u16) -> Result<Vec<Hash>, SourceError> {
        Err(SourceError::missing(TilePath::hashes(level, index, width)))
    }
}

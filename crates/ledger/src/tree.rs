//! Making Merkle paths and roots from tiles (RFC 6962 sections 2.1.1 and 2.1.2).

use crate::hash::Hash;
use crate::source::{SourceError, TileSource};
use crate::tile;
use std::collections::HashMap;
use thiserror::Error;

/// Why a root or path could not be made.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum TreeError {
    /// The entry or size asked for lies beyond the tree.
    #[error("the log has {size} entries, and {asked} was asked for")]
    OutOfRange {
        /// What was asked for: an index or a size.
        asked: u64,
        /// Entries in the tree.
        size: u64,
    },
    /// A tile could not be read.
    #[error(transparent)]
    Source(#[from] SourceError),
}

/// Tiles kept expanded in memory by one reader, at most; an expanded tile is 16 KB.
pub const DEFAULT_TILES_KEPT: usize = 256;

/// The root over a run of hashes of equal perfect subtrees, the last of which may stand for a smaller one.
pub fn fold(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = parents(&row, true);
    }
    row.first().copied().unwrap_or(Hash::EMPTY)
}

/// One level up; an odd last hash moves up unchanged when `keep_odd`, else is left out.
fn parents(row: &[Hash], keep_odd: bool) -> Vec<Hash> {
    let mut up = Vec::with_capacity(row.len().div_ceil(2));
    for pair in row.chunks(2) {
        match pair {
            [left, right] => up.push(Hash::node(left, right)),
            [odd] if keep_odd => up.push(*odd),
            _ => {}
        }
    }
    up
}

/// A tile with its inner hashes: row `h` holds the roots of perfect subtrees of `2^h` of its hashes.
struct Expanded {
    rows: Vec<Vec<Hash>>,
}

impl Expanded {
    fn new(hashes: Vec<Hash>) -> Expanded {
        let mut rows = vec![hashes];
        while let Some(last) = rows.last().filter(|row| row.len() > 1 && rows.len() < 8) {
            rows.push(parents(last, false));
        }
        Expanded { rows }
    }

    fn get(&self, height: usize, place: usize) -> Option<Hash> {
        self.rows.get(height)?.get(place).copied()
    }
}

/// Makes paths in one tree from the tiles of a source. Keeps the tiles it has read, so that a run of
/// proofs reads and hashes each once.
pub struct Reader<S> {
    source: S,
    size: u64,
    kept: HashMap<(u8, u64), Expanded>,
    most: usize,
}

impl<S: TileSource> Reader<S> {
    /// A reader of the tree of `size` entries, which the source must be able to give.
    pub fn new(source: S, size: u64) -> Reader<S> {
        Reader::with_tiles_kept(source, size, DEFAULT_TILES_KEPT)
    }

    /// As [`Reader::new`], keeping at most `most` tiles (16 KB each).
    pub fn with_tiles_kept(source: S, size: u64, most: usize) -> Reader<S> {
        Reader {
            source,
            size,
            kept: HashMap::new(),
            most: most.max(8),
        }
    }

    /// Entries in the tree.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root the tree had when it held `at` entries.
    ///
    /// # Errors
    /// [`TreeError`].
    pub fn root(&mut self, at: u64) -> Result<Hash, TreeError> {
        self.within(at)?;
        if at == 0 {
            Ok(Hash::EMPTY)
        } else {
            self.range(0, at)
        }
    }

    /// The path from entry `index` to the root of the tree of `at` entries, leaf's sibling first.
    ///
    /// # Errors
    /// [`TreeError`].
    pub fn inclusion(&mut self, index: u64, at: u64) -> Result<Vec<Hash>, TreeError> {
        self.within(at)?;
        if index >= at {
            return Err(TreeError::OutOfRange {
                asked: index,
                size: at,
            });
        }
        let (mut low, mut high) = (0, at);
        let mut path = Vec::new();
        while high - low > 1 {
            let middle = low + split_point(high - low);
            if index < middle {
                path.push(self.range(middle, high)?);
                high = middle;
            } else {
                path.push(self.range(low, middle)?);
                low = middle;
            }
        }
        path.reverse();
        Ok(path)
    }

    /// The proof that the tree of `new` entries begins with the tree of `old`; empty when `old` is 0 or equals `new`.
    ///
    /// # Errors
    /// [`TreeError`].
    pub fn consistency(&mut self, old: u64, new: u64) -> Result<Vec<Hash>, TreeError> {
        self.within(new)?;
        if old > new {
            return Err(TreeError::OutOfRange {
                asked: old,
                size: new,
            });
        }
        let mut path = Vec::new();
        if old == 0 || old == new {
            return Ok(path);
        }
        let (mut low, mut high) = (0, new);
        while high != old {
            let middle = low + split_point(high - low);
            if old <= middle {
                path.push(self.range(middle, high)?);
                high = middle;
            } else {
                path.push(self.range(low, middle)?);
                low = middle;
            }
        }
        if low > 0 {
            path.push(self.range(low, high)?);
        }
        path.reverse();
        Ok(path)
    }

    fn within(&self, asked: u64) -> Result<(), TreeError> {
        if asked > self.size {
            Err(TreeError::OutOfRange {
                asked,
                size: self.size,
            })
        } else {
            Ok(())
        }
    }

    /// The root over entries `low..high`, where `low` is a multiple of the power of two not below the length.
    fn range(&mut self, low: u64, high: u64) -> Result<Hash, TreeError> {
        let mut lefts = Vec::new();
        let mut low = low;
        while !(high - low).is_power_of_two() {
            let middle = low + split_point(high - low);
            lefts.push(self.perfect(low, middle)?);
            low = middle;
        }
        let mut root = self.perfect(low, high)?;
        while let Some(left) = lefts.pop() {
            root = Hash::node(&left, &root);
        }
        Ok(root)
    }

    /// The root of an aligned perfect subtree.
    fn perfect(&mut self, low: u64, high: u64) -> Result<Hash, TreeError> {
        let height = (high - low).trailing_zeros();
        let level = u8::try_from(height / 8).unwrap_or(u8::MAX);
        let inner = height % 8;
        let place = low >> height;
        let index = place >> (8 - inner);
        let within = place - (index << (8 - inner));
        if !self.kept.contains_key(&(level, index)) {
            self.read(level, index)?;
        }
        let tile = self.kept.get(&(level, index));
        let hash = tile.and_then(|t| t.get(usize::try_from(inner).ok()?, usize::try_from(within).ok()?));
        hash.ok_or(TreeError::OutOfRange {
            asked: high,
            size: self.size,
        })
    }

    fn read(&mut self, level: u8, index: u64) -> Result<(), TreeError> {
        let width = tile::width_at(self.size, level, index);
        let path = tile::TilePath::hashes(level, index, width);
        if width == 0 {
            return Err(SourceError::missing(path).into());
        }
        let mut hashes = self.source.hashes(level, index, width)?;
        if hashes.len() < usize::from(width) {
            return Err(
                SourceError::unreadable(path, "it holds fewer hashes than the tree has there").into(),
            );
        }
        hashes.truncate(usize::from(width));
        if self.kept.len() >= self.most {
            self.kept.retain(|(level, _), _| *level > 0);
        }
        if self.kept.len() >= self.most {
            self.kept.clear();
        }
        self.kept.insert((level, index), Expanded::new(hashes));
        Ok(())
    }
}

/// The largest power of two below `length`; `length` is at least 2.
const fn split_point(length: u64) -> u64 {
    1 << (length - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_tree_splits() {
        assert_eq!([2, 3, 4, 5, 8, 9].map(split_point), [1, 2, 2, 4, 4, 8]);
    }

    #[test]
    fn an_odd_last_hash_moves_up() {
        let leaf = |n: u8| Hash::leaf(&[n]);
        let left = Hash::node(&leaf(0), &leaf(1));
        assert_eq!(fold(&[leaf(0), leaf(1), leaf(2)]), Hash::node(&left, &leaf(2)));
        assert_eq!(fold(&[leaf(7)]), leaf(7));
        assert_eq!(fold(&[]), Hash::EMPTY);
    }
}

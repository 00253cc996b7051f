//! Adding a batch to the tree: the right edge in, the tiles to write and the new edge out. Writes nothing.
//!
//! The edge is what a store keeps in its one head row: the size, and for each level the hashes of the
//! rightmost tile that is not yet full. It is all that is needed to add entries, to know the root and
//! to write the partial tiles of a checkpoint; whoever holds the lock on the head row is the only one
//! adding. At most 255 hashes a level: about 13 KB at ten million entries on average.

use crate::bundle::MAX_ENTRY;
use crate::hash::{self, Hash};
use crate::tile::{TileRow, WIDTH};
use crate::tree;
use thiserror::Error;

/// The largest tree this crate will grow: far beyond any log, and safe in a signed 64-bit column.
pub const MAX_SIZE: u64 = 1 << 62;

const VERSION: u8 = 1;
const HEADER: usize = 9;
const CHECK: usize = 8;

/// The right edge of a tree: its size and the hashes of every tile that is not yet full.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Edge {
    size: u64,
    /// One entry per level from 0; level `l` holds `(size >> 8l) mod 256` hashes.
    levels: Vec<Vec<Hash>>,
}

/// What a batch did to the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The hash of each entry, in order; the first has index `first`.
    pub leaf_hashes: Vec<Hash>,
    /// Index of the first entry of the batch: the size before it.
    pub first: u64,
    /// The edge to store in place of the old one.
    pub edge: Edge,
    /// Full tiles this batch completed, every level, in the order they became full.
    pub rows: Vec<TileRow>,
}

/// Why a batch was refused.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum AppendError {
    /// An entry is longer than an entry bundle can hold.
    #[error("entry {position} of the batch is {length} bytes; the longest a log can hold is 65,535")]
    EntryTooLong {
        /// Place in the batch, from 0.
        position: usize,
        /// Its length in bytes.
        length: usize,
    },
    /// The tree cannot grow further.
    #[error("the log has no room for more entries")]
    Full,
}

/// Why stored bytes are not an edge.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum EdgeError {
    /// Written by a version this one does not know.
    #[error("the stored edge of the log has a version this software does not know")]
    Version,
    /// The length does not follow from the size.
    #[error("the stored edge of the log has the wrong length for its size")]
    Length,
    /// The bytes have changed since they were written.
    #[error("the stored edge of the log is damaged")]
    Damaged,
}

/// Adds entries to the tree that `edge` ends.
///
/// # Errors
/// [`AppendError`]; nothing is changed.
pub fn append<E: AsRef<[u8]>>(edge: &Edge, entries: &[E]) -> Result<Appended, AppendError> {
    let too_long = entries
        .iter()
        .map(|e| e.as_ref().len())
        .enumerate()
        .find(|(_, length)| *length > MAX_ENTRY);
    if let Some((position, length)) = too_long {
        return Err(AppendError::EntryTooLong { position, length });
    }
    append_hashes(
        edge,
        entries.iter().map(|entry| Hash::leaf(entry.as_ref())).collect(),
    )
}

/// Adds entries whose hashes are already known.
///
/// # Errors
/// [`AppendError::Full`]; nothing is changed.
pub fn append_hashes(edge: &Edge, leaf_hashes: Vec<Hash>) -> Result<Appended, AppendError> {
    let first = edge.size;
    let added = u64::try_from(leaf_hashes.len()).map_err(|_| AppendError::Full)?;
    if added > MAX_SIZE.saturating_sub(first) {
        return Err(AppendError::Full);
    }
    let mut edge = edge.clone();
    let mut rows = Vec::new();
    for leaf in &leaf_hashes {
        edge.size += 1;
        push(&mut edge.levels, edge.size, *leaf, &mut rows);
    }
    Ok(Appended {
        leaf_hashes,
        first,
        edge,
        rows,
    })
}

/// Adds one hash at level 0 and carries every tile it fills. `size` already counts it.
fn push(levels: &mut Vec<Vec<Hash>>, size: u64, leaf: Hash, rows: &mut Vec<TileRow>) {
    let mut carry = leaf;
    for level in 0u8..=7 {
        if levels.len() <= usize::from(level) {
            levels.push(Vec::with_capacity(usize::from(WIDTH)));
        }
        let Some(tile) = levels.get_mut(usize::from(level)) else {
            return;
        };
        tile.push(carry);
        if tile.len() < usize::from(WIDTH) {
            return;
        }
        let index = (size >> (8 * (u32::from(level) + 1))) - 1;
        rows.push(TileRow {
            level,
            index,
            bytes: hash::join(tile),
        });
        carry = tree::fold(tile);
        tile.clear();
    }
}

impl Edge {
    /// The edge of a log with no entries.
    pub fn empty() -> Edge {
        Edge::default()
    }

    /// Entries in the tree.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree (RFC 6962 MTH over all entries).
    pub fn root(&self) -> Hash {
        let mut root: Option<Hash> = None;
        for tile in &self.levels {
            let mut row = tile.clone();
            row.extend(root);
            if !row.is_empty() {
                root = Some(tree::fold(&row));
            }
        }
        root.unwrap_or(Hash::EMPTY)
    }

    /// The hashes of the partial tile at a level; empty when that level ends on a full tile.
    pub fn level(&self, level: u8) -> &[Hash] {
        self.levels.get(usize::from(level)).map_or(&[], Vec::as_slice)
    }

    /// The partial tiles a checkpoint of this size must be served with; none for a level that ends on a full tile.
    pub fn partial_tiles(&self) -> Vec<TileRow> {
        (0u8..)
            .zip(&self.levels)
            .filter(|(_, tile)| !tile.is_empty())
            .map(|(level, tile)| self.row(level, tile))
            .collect()
    }

    fn row(&self, level: u8, tile: &[Hash]) -> TileRow {
        let index = self.size >> (8 * (u32::from(level) + 1)).min(63);
        TileRow {
            level,
            index,
            bytes: hash::join(tile),
        }
    }

    /// The stored form: version, size (big-endian), the hashes level by level, and eight bytes of SHA-256 over all before.
    pub fn to_bytes(&self) -> Vec<u8> {
        let hashes: usize = self.levels.iter().map(Vec::len).sum();
        let mut out = Vec::with_capacity(HEADER + hashes * Hash::LEN + CHECK);
        out.push(VERSION);
        out.extend_from_slice(&self.size.to_be_bytes());
        for tile in &self.levels {
            for hash in tile {
                out.extend_from_slice(hash.as_bytes());
            }
        }
        let check = check_bytes(&out);
        out.extend_from_slice(&check);
        out
    }

    /// Reads the stored form; any changed byte is refused.
    ///
    /// # Errors
    /// [`EdgeError`].
    pub fn parse(bytes: &[u8]) -> Result<Edge, EdgeError> {
        let (version, rest) = bytes.split_first().ok_or(EdgeError::Length)?;
        if *version != VERSION {
            return Err(EdgeError::Version);
        }
        let (size, rest) = rest.split_first_chunk::<8>().ok_or(EdgeError::Length)?;
        let size = u64::from_be_bytes(*size);
        let (mut hashes, check) = rest.split_last_chunk::<CHECK>().ok_or(EdgeError::Length)?;
        if size > MAX_SIZE {
            return Err(EdgeError::Damaged);
        }
        let mut levels = Vec::new();
        let mut remaining = size;
        while remaining > 0 {
            let width = usize::try_from(remaining % u64::from(WIDTH)).map_err(|_| EdgeError::Length)?;
            let (tile, after) = hashes
                .split_at_checked(width * Hash::LEN)
                .ok_or(EdgeError::Length)?;
            levels.push(hash::split(tile).ok_or(EdgeError::Length)?);
            hashes = after;
            remaining /= u64::from(WIDTH);
        }
        if !hashes.is_empty() {
            return Err(EdgeError::Length);
        }
        let body = bytes.len().saturating_sub(CHECK);
        let sound = bytes.get(..body).is_some_and(|body| check_bytes(body) == *check);
        if sound {
            Ok(Edge { size, levels })
        } else {
            Err(EdgeError::Damaged)
        }
    }
}

fn check_bytes(body: &[u8]) -> [u8; CHECK] {
    let mut check = [0u8; CHECK];
    for (slot, byte) in check.iter_mut().zip(Hash::of(body).as_bytes()) {
        *slot = *byte;
    }
    check
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    fn grow(count: u64) -> (Edge, Vec<TileRow>) {
        let entries: Vec<Vec<u8>> = (0..count).map(|i| i.to_be_bytes().to_vec()).collect();
        let done = append(&Edge::empty(), &entries).unwrap();
        (done.edge, done.rows)
    }

    #[test]
    fn tiles_of_the_70000_entry_example() {
        let (edge, rows) = grow(70_000);
        assert_eq!(rows.iter().filter(|r| r.level == 0).count(), 273);
        assert_eq!(
            rows.iter()
                .filter(|r| r.level == 1)
                .map(|r| r.index)
                .collect::<Vec<_>>(),
            [0]
        );
        assert!(rows.iter().all(|r| r.bytes.len() == 8192));
        let partial: Vec<(u8, u64, usize)> = edge
            .partial_tiles()
            .iter()
            .map(|r| (r.level, r.index, r.bytes.len() / 32))
            .collect();
        assert_eq!(partial, [(0, 273, 112), (1, 1, 17), (2, 0, 1)]);
    }

    #[test]
    fn one_batch_or_many_is_the_same() {
        let (whole, rows) = grow(1000);
        let mut edge = Edge::empty();
        let mut many = Vec::new();
        for i in 0..1000u64 {
            let done = append(&edge, &[i.to_be_bytes()]).unwrap();
            assert_eq!(done.first, i);
            edge = Edge::parse(&done.edge.to_bytes()).unwrap();
            many.extend(done.rows);
        }
        assert_eq!(edge, whole);
        assert_eq!(many, rows);
        assert_eq!(edge.root(), whole.root());
    }

    #[test]
    fn roots_of_small_trees() {
        let leaf = |i: u64| Hash::leaf(&i.to_be_bytes());
        assert_eq!(Edge::empty().root(), Hash::EMPTY);
        assert_eq!(grow(1).0.root(), leaf(0));
        let three = Hash::node(&Hash::node(&leaf(0), &leaf(1)), &leaf(2));
        assert_eq!(grow(3).0.root(), three);
    }

    #[test]
    fn every_changed_byte_of_an_edge_is_refused() {
        let bytes = grow(300).0.to_bytes();
        for place in 0..bytes.len() {
            for flip in [1u8, 0x80] {
                let mut changed = bytes.clone();
                changed[place] ^= flip;
                assert!(Edge::parse(&changed).is_err(), "byte {place}");
            }
        }
        for cut in 0..bytes.len() {
            assert!(Edge::parse(&bytes[..cut]).is_err());
        }
        let mut longer = bytes;
        longer.push(0);
        assert!(Edge::parse(&longer).is_err());
    }

    #[test]
    fn a_batch_beyond_the_limits_changes_nothing() {
        let edge = grow(5).0;
        let refused = append(&edge, &[vec![0; 10], vec![0; 65_536]]);
        assert_eq!(
            refused,
            Err(AppendError::EntryTooLong {
                position: 1,
                length: 65_536
            })
        );
        assert_eq!(append::<&[u8]>(&edge, &[]).unwrap().edge, edge);
    }
}

//! Checking Merkle paths (RFC 9162 sections 2.1.3.2 and 2.1.4.2, which check RFC 6962 proofs).

use crate::hash::Hash;
use thiserror::Error;

/// Why a path does not prove what it should.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PathError {
    /// The index is not below the size, or the old size is above the new.
    #[error("the proof is for an entry or size beyond the log")]
    OutOfRange,
    /// More or fewer hashes than the sizes call for.
    #[error("the proof has the wrong number of hashes")]
    Length,
    /// The hashes do not lead to the root.
    #[error("the proof does not lead to the signed root")]
    Root,
}

/// The root that `path` leads to from `leaf`, entry `index` of `size`.
///
/// # Errors
/// [`PathError::OutOfRange`] or [`PathError::Length`].
pub fn inclusion_root(leaf: &Hash, index: u64, size: u64, path: &[Hash]) -> Result<Hash, PathError> {
    if index >= size {
        return Err(PathError::OutOfRange);
    }
    let (mut place, mut last) = (index, size - 1);
    let mut root = *leaf;
    for hash in path {
        if last == 0 {
            return Err(PathError::Length);
        }
        if place & 1 == 1 || place == last {
            root = Hash::node(hash, &root);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            root = Hash::node(&root, hash);
        }
        place >>= 1;
        last >>= 1;
    }
    if last == 0 {
        Ok(root)
    } else {
        Err(PathError::Length)
    }
}

/// Checks that the entry hashing to `leaf` is entry `index` of the tree of `size` entries with this `root`.
///
/// # Errors
/// [`PathError`].
pub fn check_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    root: &Hash,
    path: &[Hash],
) -> Result<(), PathError> {
    if inclusion_root(leaf, index, size, path)? == *root {
        Ok(())
    } else {
        Err(PathError::Root)
    }
}

/// Checks that the tree of `new` entries begins with the tree of `old` entries.
///
/// The empty tree begins every tree: its proof is empty and its root is [`Hash::EMPTY`].
///
/// # Errors
/// [`PathError`].
pub fn check_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    path: &[Hash],
) -> Result<(), PathError> {
    if old > new {
        return Err(PathError::OutOfRange);
    }
    if old == new || old == 0 {
        let expected = if old == new { new_root } else { &Hash::EMPTY };
        return match (path.is_empty(), old_root == expected) {
            (false, _) => Err(PathError::Length),
            (true, false) => Err(PathError::Root),
            (true, true) => Ok(()),
        };
    }
    let (first, rest) = if old.is_power_of_two() {
        (*old_root, path)
    } else {
        let (first, rest) = path.split_first().ok_or(PathError::Length)?;
        (*first, rest)
    };
    let shift = (old - 1).trailing_ones();
    let (mut place, mut last) = ((old - 1) >> shift, (new - 1) >> shift);
    let (mut old_hash, mut new_hash) = (first, first);
    for hash in rest {
        if last == 0 {
            return Err(PathError::Length);
        }
        if place & 1 == 1 || place == last {
            old_hash = Hash::node(hash, &old_hash);
            new_hash = Hash::node(hash, &new_hash);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = Hash::node(&new_hash, hash);
        }
        place >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(PathError::Length);
    }
    if old_hash == *old_root && new_hash == *new_root {
        Ok(())
    } else {
        Err(PathError::Root)
    }
}

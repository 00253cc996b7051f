//! SHA-256 as a Merkle tree uses it: RFC 6962 section 2.1.

use crate::text;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// A SHA-256 value: the hash of an entry, of a subtree, or of a whole tree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hash([u8; 32]);

impl Hash {
    /// The root of a tree with no entries: SHA-256 of nothing.
    pub const EMPTY: Hash = Hash([
        0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27,
        0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
    ]);

    /// Length in bytes.
    pub const LEN: usize = 32;

    /// The hash of one entry: SHA-256 of a zero byte and the entry.
    pub fn leaf(entry: &[u8]) -> Hash {
        let mut state = Sha256::new();
        state.update([0u8]);
        state.update(entry);
        Hash(state.finalize().into())
    }

    /// The hash of a subtree from its two halves: SHA-256 of a one byte, left, right.
    pub fn node(left: &Hash, right: &Hash) -> Hash {
        let mut block = [0u8; 65];
        let (tag, halves) = block.split_at_mut(1);
        tag.fill(1);
        let (first, second) = halves.split_at_mut(32);
        first.copy_from_slice(&left.0);
        second.copy_from_slice(&right.0);
        Hash(Sha256::digest(block).into())
    }

    /// Plain SHA-256 of some bytes, with no tree prefix (disclosure digests, origin hashes).
    pub fn of(bytes: &[u8]) -> Hash {
        Hash(Sha256::digest(bytes).into())
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// From exactly 32 bytes; `None` for any other length.
    pub fn from_slice(bytes: &[u8]) -> Option<Hash> {
        bytes.try_into().ok().map(Hash)
    }

    /// Standard base64 with padding, as checkpoints and proofs write hashes.
    pub fn to_base64(&self) -> String {
        text::base64(&self.0)
    }

    /// Reads the form written by [`Hash::to_base64`] and no other.
    pub fn from_base64(text: &str) -> Option<Hash> {
        Hash::from_slice(&text::from_base64(text)?)
    }

    /// Lowercase hexadecimal, 64 characters.
    pub fn to_hex(&self) -> String {
        text::hex(&self.0)
    }

    /// Reads the form written by [`Hash::to_hex`] and no other.
    pub fn from_hex(text: &str) -> Option<Hash> {
        text::from_hex(text).map(Hash)
    }
}

impl From<[u8; 32]> for Hash {
    fn from(bytes: [u8; 32]) -> Hash {
        Hash(bytes)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({})", self.to_hex())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

/// Reads a run of 32-byte hashes; `None` when the length is not a multiple of 32.
pub(crate) fn split(bytes: &[u8]) -> Option<Vec<Hash>> {
    let chunks = bytes.chunks_exact(Hash::LEN);
    if chunks.remainder().is_empty() {
        chunks.map(Hash::from_slice).collect()
    } else {
        None
    }
}

/// Writes a run of hashes one after another.
pub(crate) fn join(hashes: &[Hash]) -> Vec<u8> {
    let mut out = Vec::with_capacity(hashes.len() * Hash::LEN);
    for hash in hashes {
        out.extend_from_slice(&hash.0);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert_eq!(Hash::of(b""), Hash::EMPTY);
        assert_eq!(
            Hash::leaf(b"").to_hex(),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
        assert_eq!(
            Hash::node(&Hash::leaf(b""), &Hash::leaf(&[0])).to_hex(),
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
        );
    }

    #[test]
    fn a_node_is_plain_sha256_of_65_bytes() {
        let (left, right) = (Hash::leaf(b"left"), Hash::leaf(b"right"));
        assert_eq!(
            Hash::node(&left, &right),
            Hash::of(&[&[1], left.0.as_slice(), &right.0].concat())
        );
    }

    #[test]
    fn text_forms_come_back() {
        let hash = Hash::leaf(b"x");
        assert_eq!(Hash::from_hex(&hash.to_hex()), Some(hash));
        assert_eq!(Hash::from_base64(&hash.to_base64()), Some(hash));
        assert_eq!(Hash::from_base64("AA=="), None);
        assert_eq!(split(&join(&[hash, Hash::EMPTY])), Some(vec![hash, Hash::EMPTY]));
        assert_eq!(split(&[0; 33]), None);
    }
}

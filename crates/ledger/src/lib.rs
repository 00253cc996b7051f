//! An append-only log that anyone can check. It knows bytes, not children.
//!
//! Everything here is pure: no disk, no socket, no clock, no randomness. Salts, key seeds and times
//! are arguments. The formats are the published C2SP ones, so that software nobody here wrote can
//! verify a log this crate made: `tlog-tiles`, `tlog-checkpoint`, `signed-note`, `tlog-cosignature`,
//! `tlog-witness`, `tlog-proof` and `tlog-policy`; hashing is RFC 6962; a record is an SD-JWT
//! (RFC 9901). `docs/spec/record.md` says the same in prose.
//!
//! - [`leaf`] turns names and values into the one byte form of a record, and shows one field of it.
//! - [`append`] advances the right edge of the tree by a batch and says which tiles to write.
//! - [`tree`] makes Merkle paths from tiles; [`path`] checks them.
//! - [`checkpoint`], [`note`], [`key`] and [`cosignature`] sign and check tree heads.
//! - [`witness`] and [`submit`] are the two sides of asking a witness for its signature.
//! - [`policy`] says whose signatures are enough; [`proof`] and [`exhibit`] are the file a person is given.
//! - [`fsck`] reads a whole log again and names the first entry that does not hold.

pub mod append;
pub mod bundle;
pub mod checkpoint;
pub mod cosignature;
pub mod exhibit;
pub mod fsck;
pub mod hash;
pub mod key;
pub mod leaf;
pub mod note;
pub mod path;
pub mod policy;
pub mod proof;
pub mod source;
pub mod submit;
mod text;
pub mod tile;
pub mod tree;
pub mod witness;

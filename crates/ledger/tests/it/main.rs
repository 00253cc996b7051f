//! Integration tests of the ledger, through its public face only.
//!
//! - `grow`: small logs, keys and exhibits to test with, made in memory from fixed seeds.
//! - `tree`: roots and paths agree with two other implementations, and every changed byte of a proof fails.
//! - `record`: golden bytes of a record, what is refused, and what a presentation proves.
//! - `head`: checkpoints and cosignatures, with the examples the specifications publish.
//! - `witness`: both sides of add-checkpoint, and a log that tries to lie to one.
//! - `policy`: which files are read, and which signatures are enough.
//! - `exhibit`: golden bytes of the file a person is given; every changed byte fails.
//! - `fsck`: a whole log is read again; any change is found and named.
//! - `fuzz`: every parser of bytes from outside, over a committed corpus and small changes of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod exhibit;
mod fsck;
mod fuzz;
mod grow;
mod head;
mod policy;
mod record;
mod tree;
mod witness;

//! Integration tests of the ledger, through its public face only.
//!
//! - `grow`: small logs to test with, made in memory from fixed seeds.
//! - `tree`: roots and paths agree with two other implementations, and every changed byte of a proof fails.
//! - `record`: golden bytes of a record, what is refused, and what a presentation proves.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod grow;
mod record;
mod tree;

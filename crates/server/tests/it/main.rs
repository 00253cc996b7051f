//! The server's pages and doors, tested from outside.
//!
//! - `pages`: every page drawn from example data: written for the browser tests to read, and
//!   drawn again in a made-up language to prove that no page holds words of its own.
//! - `pseudo`: the made-up language.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod pages;
mod pseudo;

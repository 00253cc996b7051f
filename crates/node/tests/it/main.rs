//! One node, from outside its private logic.
//!
//! - `store_suite`: the store's promises on every engine there is: nothing lost, nothing twice, nothing half.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

// The store is private to `node`; its tests compile it by itself.
#[path = "../../src/store/mod.rs"]
mod store;
mod store_suite;

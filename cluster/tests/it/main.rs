//! Linking on a cluster of real processes on this machine: a scheduler, two executors, and whoever runs a linkage.
//!
//! * `cluster`: starting the processes and ending them;
//! * `same`: what the cluster finds is what one machine finds;
//! * `lost`: executors, schedulers and runs that go away in the middle;
//! * `people`: the generator of invented people.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

mod cluster;
mod lost;
#[allow(dead_code, reason = "shared with the tests of `linkage`, which use all of it")]
#[path = "../../../crates/linkage/tests/it/people.rs"]
mod people;
mod same;

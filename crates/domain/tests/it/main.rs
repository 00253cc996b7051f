//! What `domain` promises from outside. One module per subject, each saying what belongs in it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod audience;
mod clocks;
mod fuzz;
mod ladders;
mod policy_matrix;
mod policy_rules;

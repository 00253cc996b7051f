//! The hard scenarios of practice, and the failures of the inquiries, as tests of one node.
//!
//! - `council`: an invented council, its people and a clock moved by hand.
//! - `h1`…: one file a scenario.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod council;
mod h1_bank_holiday_friday;

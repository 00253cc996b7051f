//! The hard scenarios of practice, and the failures of the inquiries, as tests of one node.
//!
//! - `council`: an invented council, its people and a clock moved by hand.
//! - `h1`…: one file a hard scenario; `f02`, `f08`: failures the inquiries found.
//! - `nobody_alone`: nobody is let in by one person. `grants`: nor is an inspection.
//! - `epochs`: erased in every copy. `one_duty`: one duty is no leave to end another.
//! - `unsent`: what was typed and not sent is its writer's alone, and ends.
//! - `canary`: marked values are readable nowhere. `doors`: every door shows the same set.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod canary;
mod council;
mod doors;
mod epochs;
mod f02_the_administrator;
mod f08_one_owner;
mod grants;
mod h10_lawful_shredding;
mod h1_bank_holiday_friday;
mod h2_watched_phone;
mod h3_fishing;
mod h4_wrong_ladder;
mod h5_three_siblings;
mod h6_laundered_clock;
mod h7_insider;
mod h9_dark_weekend;
mod knows_family;
mod looks;
mod machinery;
mod nobody_alone;
mod one_duty;
mod unsent;
mod waiting;
mod witnessed;

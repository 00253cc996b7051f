//! Integration tests of the exchange protocol. One module for each part; each says what belongs in it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "tests may read the environment for their bounds"
)]

mod asks;
mod attack;
mod beside;
mod ceremonies;
mod children;
mod crypto;
mod direct;
mod everytype;
mod evidence;
mod fuzz;
mod index;
mod keys;
mod messages;
mod oprf;
mod people;
mod privacy;
mod quality;
mod recounts;
mod renewals;
mod replays;
mod rotation;
mod sees;
mod shares;
mod shield;
mod sim;
mod tokens;
mod vectors;
mod watch;

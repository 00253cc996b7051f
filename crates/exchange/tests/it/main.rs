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
mod children;
mod direct;
mod everytype;
mod fuzz;
mod index;
mod keys;
mod messages;
mod oprf;
mod people;
mod privacy;
mod quality;
mod rotation;
mod shares;
mod sim;
mod tokens;
mod vectors;
mod watch;

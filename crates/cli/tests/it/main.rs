//! The program as a person runs it: exit code and output of each command.
//!
//! - `log`: a small log written to a directory, for the commands to read.
//! - `verify`: logs, receipts and exhibits, whole and changed.
//! - `witness`: the server over HTTP, and that it forgets nothing.
//! - `demo`: the demo lives through its weeks, and its store verifies.
//! - `key`: verifier keys from key files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod demo;
mod key;
mod log;
mod verify;
mod witness;

use std::process::{Command, Output};

/// The program.
fn daylight() -> Command {
    Command::new(env!("CARGO_BIN_EXE_daylight"))
}

/// Exit code, standard output and standard error.
fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code().unwrap(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

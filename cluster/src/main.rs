//! `daylight-link-cluster`: record linkage on several machines, by DataFusion and Ballista.
//!
//! The engine joins records by blocking keys and moves data. What makes two records the same person is decided by the
//! crate `linkage` alone: its comparators and its model, called as one function. Results are those of `daylight link`.

mod args;
mod coordinator;
mod cut;
mod executor;
mod function;
mod part;
mod row;
mod say;
mod scheduler;
mod submit;
mod values;

use args::{Cli, Command};
use clap::Parser;
use linkage::LinkError;
use std::process::ExitCode;

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Scheduler(a) => scheduler::run(&a),
        Command::Executor(a) => executor::run(&a),
        Command::Run(a) => coordinator::run(&a),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => link::failure(&e),
    }
}

/// Something the cluster refused, in words.
fn refused(what: &str, why: impl std::fmt::Display) -> LinkError {
    LinkError::File {
        path: what.to_owned(),
        problem: why.to_string(),
    }
}

/// Host and port of an address.
fn address(text: &str) -> Result<(String, u16), LinkError> {
    text.rsplit_once(':')
        .and_then(|(host, port)| Some((host.to_owned(), port.parse().ok()?)))
        .filter(|(host, _)| !host.is_empty())
        .ok_or_else(|| refused(text, "an address is a host and a port, as in `10.0.0.5:50050`"))
}

/// A runtime on all cores.
fn runtime() -> Result<tokio::runtime::Runtime, LinkError> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| refused("threads", e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_a_port() {
        assert_eq!(address("127.0.0.1:5").unwrap(), ("127.0.0.1".to_owned(), 5));
        for bad in ["", "host", ":50", "host:", "host:99999", "host:a"] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }
}

//! `cargo xtask test [--quick | --all | --cluster]`: everything this machine can run, in one command.
//!
//! Each step says what it is, streams what its tool says, and ends with a plain line. What could not be run is listed
//! at the end with the reason. `--quick` is format, lints, tidy and tests; `--all` installs what is missing and counts
//! anything left out as a failure. `--cluster` is linking on several machines, a workspace of its own, and nothing else.

mod outside;
mod postgres;
mod step;

use std::path::Path;

use step::{Outcome, Tally, say};

/// What was asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Format, lints, tidy and tests.
    Quick,
    /// Whatever this machine can run.
    Usual,
    /// Everything; nothing may be left out.
    All,
}

/// Runs the steps, all of them, whatever fails.
///
/// # Errors
/// When a step failed, or, with `--all`, was left out.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let root = crate::tidy::root();
    let how = match arguments {
        [one] if one == "--cluster" => return cluster(&root),
        [] => How::Usual,
        [one] if one == "--quick" => How::Quick,
        [one] if one == "--all" => How::All,
        _ => return Err("usage: cargo xtask test [--quick | --all | --cluster]".to_owned()),
    };
    let mut tally = Tally::default();
    tally.step("Format", || {
        step::cargo(&root, &["fmt", "--all", "--", "--check"])
    });
    tally.step("Lints", || {
        step::cargo(
            &root,
            &[
                "clippy",
                "--keep-going",
                "--workspace",
                "--all-targets",
                "--quiet",
                "--",
                "-D",
                "warnings",
            ],
        )
    });
    tally.step("Tidy", || match crate::tidy::run() {
        Ok(()) => Outcome::passed(),
        Err(message) => {
            say(&message);
            Outcome::failed()
        }
    });
    let server = if how == How::Quick {
        None
    } else {
        postgres(&root, how, &mut tally)
    };
    let url = server.as_ref().map(postgres::Server::url);
    tally.step("Tests", || tests(&root, how, url.as_deref()));
    drop(server);
    if how == How::All {
        tally.step("The store on the newest PostgreSQL", || newest(&root));
    }
    if how != How::Quick {
        further(&root, how, &mut tally);
    }
    tally.end(how == How::All)
}

/// Linking on several machines: its dependencies are four hundred crates that nothing else here needs.
fn cluster(root: &Path) -> Result<(), String> {
    let folder = root.join("cluster");
    let mut tally = Tally::default();
    tally.step("Format", || step::cargo(&folder, &["fmt", "--", "--check"]));
    tally.step("Tests on a cluster of processes", || {
        step::counted(&folder, "cargo", &["test", "--locked", "--no-fail-fast"], &[])
    });
    tally.step("Lints", || {
        let lints = [
            "clippy",
            "--locked",
            "--all-targets",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ];
        step::cargo(&folder, &lints)
    });
    tally.step("Licences and sources of dependencies", || {
        outside::deny(root, "cluster", How::All)
    });
    tally.end(true)
}

/// The tests in Rust: by nextest, or by cargo alone where it is absent.
fn tests(root: &Path, how: How, postgres: Option<&str>) -> Outcome {
    let environment: Vec<(&str, &str)> = postgres
        .map(|url| ("DAYLIGHT_TEST_POSTGRES", url))
        .into_iter()
        .collect();
    if step::works("cargo", &["nextest", "--version"]) {
        let profile = if how == How::All { "ci" } else { "default" };
        let arguments = [
            "nextest",
            "run",
            "--workspace",
            "--profile",
            profile,
            "--no-fail-fast",
        ];
        return step::counted(root, "cargo", &arguments, &environment);
    }
    say("cargo-nextest is not installed; cargo test runs the same tests, one program after another.");
    step::counted(
        root,
        "cargo",
        &["test", "--workspace", "--all-targets", "--no-fail-fast"],
        &environment,
    )
}

fn postgres(root: &Path, how: How, tally: &mut Tally) -> Option<postgres::Server> {
    let mut server = None;
    tally.step("PostgreSQL", || match postgres::Server::start(root, how) {
        Ok(started) => {
            say(&format!("A throw-away server listens at {}.", started.url()));
            server = Some(started);
            Outcome::ready()
        }
        Err(reason) => Outcome::left_out(format!("the store's tests on PostgreSQL: {reason}")),
    });
    server
}

/// The store's tests once more, on PostgreSQL 18. Of the whole workspace, so that nothing is compiled again.
fn newest(root: &Path) -> Outcome {
    let server = match postgres::Server::start_newest(root) {
        Ok(server) => server,
        Err(reason) => {
            return Outcome::left_out(format!("the store's tests on PostgreSQL 18: {reason}"));
        }
    };
    say(&format!("PostgreSQL 18 listens at {}.", server.url()));
    step::counted(
        root,
        "cargo",
        &[
            "nextest",
            "run",
            "--workspace",
            "--profile",
            "ci",
            "--no-fail-fast",
            "-E",
            "package(node) and (binary(scenarios) or test(/store/))",
        ],
        &[("DAYLIGHT_TEST_POSTGRES", &server.url())],
    )
}

/// What needs more than Rust.
fn further(root: &Path, how: How, tally: &mut Tally) {
    tally.step("Examples in the documentation", || {
        step::counted(root, "cargo", &["test", "--workspace", "--doc", "--quiet"], &[])
    });
    tally.step("Assets are what their sources build", || outside::assets(how));
    tally.step("Other people's verifiers", || {
        outside::foreign(root, how, "tests/foreign/run.sh")
    });
    tally.step("Other people's verifiers: tokens", || {
        outside::foreign(root, how, "tests/foreign/oprf/run.sh")
    });
    tally.step("The API against its description", || outside::api(root, how));
    tally.step("Every page in a browser", || outside::gallery(root, how));
    tally.step("The walks in a browser", || outside::walks(root, how));
    tally.step("Licences and sources of dependencies", || {
        outside::deny(root, "", how)
    });
}

//! `daylight verify`: check a log's directory, or one receipt or exhibit, with keys from a policy file.
//!
//! No network and no database. Keys never come from what is checked.

mod file;
mod log;
mod store;

use crate::directory::read;
use crate::outcome::{Outcome, sentence};
use ledger::policy::Policy;
use std::path::PathBuf;

/// Check that a log, a receipt or an exhibit has not been changed.
///
/// Exit code 0: it has not changed. 1: it does not match. 2: it cannot be checked with what is at hand.
#[derive(clap::Args)]
pub struct Args {
    /// A receipt or exhibit file.
    #[arg(value_name = "FILE", required_unless_present_any = ["log", "store"], conflicts_with_all = ["log", "store"])]
    file: Option<PathBuf>,

    /// A directory that holds a whole log (`checkpoint` and `tile/`).
    #[arg(long, value_name = "DIR")]
    log: Option<PathBuf>,

    /// A node's own directory (with its `agency.toml`): the log, the streams, the vault against the leaves, the authority
    /// of what is gone, and every projection against a fresh fold.
    #[arg(long, value_name = "DIR", conflicts_with = "log")]
    store: Option<PathBuf>,

    /// A checkpoint, receipt or exhibit kept from before: check that the log still begins with what it was signed over.
    #[arg(long, value_name = "FILE", requires = "log")]
    since: Option<PathBuf>,

    /// Check also the signature on every record of the log.
    #[arg(long, requires = "log")]
    signatures: bool,

    /// The policy file: which logs and witnesses are trusted. Get it from somebody other than whoever gave you the file.
    #[arg(long, value_name = "FILE", required_unless_present = "store")]
    policy: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args) -> Outcome {
    if let Some(directory) = &args.store {
        return store::check(directory);
    }
    let policy = match read_policy(args) {
        Ok(policy) => policy,
        Err(why) => return Outcome::CannotCheck(why),
    };
    match (&args.log, &args.file) {
        (Some(directory), _) => log::check(directory, &policy, args.since.as_deref(), args.signatures),
        (None, Some(file)) => file::check(file, &policy),
        (None, None) => Outcome::CannotCheck("Name a file, or a log with --log.".to_owned()),
    }
}

fn read_policy(args: &Args) -> Result<Policy, String> {
    let file = args
        .policy
        .as_deref()
        .ok_or("Name a policy file with --policy.")?;
    let bytes = read(file, ledger::policy::MAX_BYTES as u64)?;
    Policy::parse(&bytes).map_err(|error| format!("{}: {}", file.display(), sentence(&error)))
}

/// Who signed a head, for people: one line for the log, one for each witness, one when they are too few.
fn signers(judged: &ledger::policy::Judged) -> Vec<String> {
    let mut lines = vec![format!(
        "The head is signed by {} (key {}).",
        judged.log.name(),
        judged.log.kid()
    )];
    for (name, seconds) in &judged.witnessed {
        lines.push(format!("Witnessed by {name} at {}.", moment(*seconds)));
    }
    if judged.witnessed.is_empty() {
        lines
            .push("No witness has signed it: whoever holds the log's key could rewrite this log.".to_owned());
    }
    lines
}

/// Seconds since 1970 as text.
fn moment(seconds: u64) -> String {
    let micros = i64::try_from(seconds).ok().and_then(|s| s.checked_mul(1_000_000));
    ledger::leaf::Value::Time(micros.unwrap_or(i64::MAX)).to_string()
}

//! A whole log in a directory: its head, every tile, every entry and, if asked, every record's signature.

use super::signers;
use crate::directory::{Directory, read};
use crate::outcome::{Outcome, sentence};
use indicatif::{ProgressBar, ProgressStyle};
use ledger::checkpoint::{Checkpoint, SignedCheckpoint};
use ledger::exhibit::Exhibit;
use ledger::fsck::{self, Fault, Options};
use ledger::policy::{Judged, NotAccepted, Policy};
use ledger::tree::Reader;
use std::num::NonZeroUsize;
use std::path::Path;

/// Checks the log under `root`.
pub fn check(root: &Path, policy: &Policy, since: Option<&Path>, signatures: bool) -> Outcome {
    check_all(root, policy, since, signatures).unwrap_or_else(|outcome| outcome)
}

fn check_all(
    root: &Path,
    policy: &Policy,
    since: Option<&Path>,
    signatures: bool,
) -> Result<Outcome, Outcome> {
    let log = Directory::new(root);
    let head = log.checkpoint().map_err(Outcome::CannotCheck)?;
    let damaged = |error| Outcome::DoesNotMatch(format!("The head of the log is damaged: {error}."));
    let head = SignedCheckpoint::parse(&head).map_err(damaged)?;
    let judged = judge(&head, policy)?;
    let since = since.map(|file| kept(file, policy)).transpose()?;
    if signatures && policy.issuers().is_empty() {
        let why = "The policy names no key that records are signed with: it needs a line `#issuer KEY`.";
        return Err(Outcome::CannotCheck(why.to_owned()));
    }
    let issuers = signatures.then(|| policy.issuers());
    let bar = progress(head.checkpoint().size);
    let options = Options {
        threads: threads(),
        issuers,
    };
    let checked = fsck::check(&log, head.checkpoint(), &options, &|done| bar.inc(done));
    bar.finish_and_clear();
    let report = checked.map_err(|fault| match fault {
        Fault::Source { .. } | Fault::UnknownIssuer { .. } => Outcome::CannotCheck(sentence(&fault)),
        fault => Outcome::DoesNotMatch(sentence(&fault)),
    })?;
    let mut found = vec![format!(
        "{}: {} entries, {} tiles, {} bytes.",
        head.checkpoint().origin,
        report.entries,
        report.tiles,
        report.bytes
    )];
    if signatures {
        found.push(format!(
            "The signature on every one of {} records holds.",
            report.signatures
        ));
    }
    if let Some(old) = since {
        found.push(extends(&log, &old, head.checkpoint())?);
    }
    Ok(whole(&judged, found))
}

fn judge(head: &SignedCheckpoint, policy: &Policy) -> Result<Judged, Outcome> {
    policy.judge(head).map_err(|error| match error {
        NotAccepted::Bad(_) => Outcome::DoesNotMatch(sentence(&error)),
        error => Outcome::CannotCheck(sentence(&error)),
    })
}

/// The head in a file kept from before: a checkpoint, or the one at the end of a receipt or exhibit.
fn kept(file: &Path, policy: &Policy) -> Result<Checkpoint, Outcome> {
    let bytes = read(file, ledger::proof::MAX_BYTES as u64).map_err(Outcome::CannotCheck)?;
    let head = match Exhibit::parse_all(&bytes) {
        Ok(exhibits) => exhibits
            .into_iter()
            .next_back()
            .map(|exhibit| exhibit.proof().checkpoint.clone()),
        Err(_) => SignedCheckpoint::parse(&bytes).ok(),
    };
    let unread = || format!("{} is neither a checkpoint nor a receipt.", file.display());
    let head = head.ok_or_else(|| Outcome::CannotCheck(unread()))?;
    judge(&head, policy)?;
    Ok(head.checkpoint().clone())
}

/// Whether the log, whose tiles have been checked, begins with what an older head was signed over.
fn extends(log: &Directory, old: &Checkpoint, head: &Checkpoint) -> Result<String, Outcome> {
    let (before, now) = (old.size, head.size);
    if old.origin != head.origin {
        return Err(Outcome::CannotCheck(
            "The head kept from before is another log's.".to_owned(),
        ));
    }
    if before > now {
        let why =
            format!("The log has {now} entries, and had {before} when the head kept from before was signed.");
        return Err(Outcome::DoesNotMatch(why));
    }
    let root = Reader::new(log, now)
        .root(before)
        .map_err(|error| Outcome::CannotCheck(sentence(&error)))?;
    if root == old.root {
        return Ok(format!(
            "It begins with the {before} entries of the head kept from before."
        ));
    }
    let why = format!(
        "The log no longer begins with the {before} entries that the head kept from before was signed over."
    );
    Err(Outcome::DoesNotMatch(why))
}

/// The log agrees with its head: what was found, if the head has witnesses enough.
fn whole(judged: &Judged, mut found: Vec<String>) -> Outcome {
    if !judged.quorum {
        let error = NotAccepted::Quorum {
            witnesses: judged.witnessed.len(),
        };
        let why = format!(
            "{} The entries agree with the head the log has signed.",
            sentence(&error)
        );
        return Outcome::CannotCheck(why);
    }
    found.extend(signers(judged));
    Outcome::Holds(found)
}

/// A bar on standard error, when that is a terminal.
fn progress(entries: u64) -> ProgressBar {
    let bar = ProgressBar::new(entries);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} entries, {eta} left")
    {
        bar.set_style(style);
    }
    bar
}

fn threads() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

//! A whole log in a directory: its head, every tile, every entry and, if asked, every record's signature.

use super::signers;
use crate::directory::Directory;
use crate::outcome::{Outcome, sentence};
use indicatif::{ProgressBar, ProgressStyle};
use ledger::checkpoint::SignedCheckpoint;
use ledger::fsck::{self, Fault, Options, Report};
use ledger::policy::{Judged, NotAccepted, Policy};
use std::num::NonZeroUsize;
use std::path::Path;

/// Checks the log under `root`.
pub fn check(root: &Path, policy: &Policy, signatures: bool) -> Outcome {
    let log = Directory::new(root);
    let head = match log.checkpoint() {
        Ok(bytes) => bytes,
        Err(why) => return Outcome::CannotCheck(why),
    };
    let head = match SignedCheckpoint::parse(&head) {
        Ok(head) => head,
        Err(error) => return Outcome::DoesNotMatch(format!("The head of the log is damaged: {error}.")),
    };
    let judged = match policy.judge(&head) {
        Ok(judged) => judged,
        Err(error @ NotAccepted::Bad(_)) => return Outcome::DoesNotMatch(sentence(&error)),
        Err(error) => return Outcome::CannotCheck(sentence(&error)),
    };
    if signatures && policy.issuers().is_empty() {
        let why = "The policy names no key that records are signed with: it needs a line `#issuer KEY`.";
        return Outcome::CannotCheck(why.to_owned());
    }
    let issuers = signatures.then(|| policy.issuers());
    let bar = progress(head.checkpoint().size);
    let options = Options {
        threads: threads(),
        issuers,
    };
    let checked = fsck::check(&log, head.checkpoint(), &options, &|done| bar.inc(done));
    bar.finish_and_clear();
    match checked {
        Ok(report) => whole(&head, &judged, &report, signatures),
        Err(fault @ (Fault::Source { .. } | Fault::UnknownIssuer { .. })) => {
            Outcome::CannotCheck(sentence(&fault))
        }
        Err(fault) => Outcome::DoesNotMatch(sentence(&fault)),
    }
}

fn whole(head: &SignedCheckpoint, judged: &Judged, report: &Report, signatures: bool) -> Outcome {
    if !judged.quorum {
        let error = NotAccepted::Quorum {
            witnesses: judged.witnessed.len(),
        };
        return Outcome::CannotCheck(format!(
            "{} The entries agree with the head the log has signed.",
            sentence(&error)
        ));
    }
    let head = head.checkpoint();
    let mut lines = vec![format!(
        "{}: {} entries, {} tiles, {} bytes.",
        head.origin, report.entries, report.tiles, report.bytes
    )];
    if signatures {
        lines.push(format!(
            "The signature on every one of {} records holds.",
            report.signatures
        ));
    }
    lines.extend(signers(judged));
    Outcome::Holds(lines)
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

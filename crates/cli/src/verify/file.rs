//! A receipt or exhibit, or a file of several, offline.

use super::signers;
use crate::directory::read;
use crate::outcome::{Outcome, sentence};
use ledger::exhibit::{Exhibit, ExhibitError, Verified};
use ledger::policy::Policy;
use std::path::Path;

/// Checks the file at `path`.
pub fn check(path: &Path, policy: &Policy) -> Outcome {
    let bytes = match read(path, ledger::proof::MAX_BYTES as u64) {
        Ok(bytes) => bytes,
        Err(why) => return Outcome::CannotCheck(why),
    };
    let exhibits = match Exhibit::parse_all(&bytes) {
        Ok(exhibits) => exhibits,
        Err(error) => return refused(&error),
    };
    let mut lines = Vec::new();
    for exhibit in &exhibits {
        match exhibit.verify(policy) {
            Ok(verified) => lines.extend(describe(exhibit, &verified)),
            Err(error) => return refused(&error),
        }
    }
    Outcome::Holds(lines)
}

fn refused(error: &ExhibitError) -> Outcome {
    if error.is_mismatch() {
        Outcome::DoesNotMatch(sentence(error))
    } else {
        Outcome::CannotCheck(sentence(error))
    }
}

fn describe(exhibit: &Exhibit, verified: &Verified) -> Vec<String> {
    let (leaf, proof) = (exhibit.presentation().leaf(), exhibit.proof());
    let head = proof.checkpoint.checkpoint();
    let mut lines = vec![format!(
        "Entry {} of {}, in a log of {} entries.",
        proof.index, head.origin, head.size
    )];
    lines.push(if verified.issuer_checked {
        format!("Recorded and signed by {} (key {}).", leaf.issuer(), leaf.kid())
    } else {
        format!(
            "It says it was recorded by {}; the policy has no key to check that signature with.",
            leaf.issuer()
        )
    });
    lines.extend(signers(&verified.judged));
    let shown = exhibit.presentation().shown();
    if shown.is_empty() {
        lines.push("It shows none of the record's content.".to_owned());
    }
    lines.extend(
        shown
            .iter()
            .map(|field| format!("  {}: {}", field.name(), printable(&field.value().to_string()))),
    );
    lines
}

/// Text for a terminal: control characters, which could move the cursor or hide a line, are shown as marks.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() && c != '\n' {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}

//! `daylight verify`: logs, receipts and exhibits, whole and changed.

use crate::{daylight, log, said};
use std::path::Path;

fn verify(dir: &Path, args: &[&str]) -> (i32, String, String) {
    said(
        &daylight()
            .arg("verify")
            .args(args)
            .current_dir(dir)
            .output()
            .unwrap(),
    )
}

fn made() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    log::write(dir.path());
    dir
}

/// Changes one byte of a file.
fn change(dir: &Path, file: &str, place: usize) {
    let mut bytes = std::fs::read(dir.join(file)).unwrap();
    bytes[place] ^= 1;
    std::fs::write(dir.join(file), bytes).unwrap();
}

#[test]
fn a_whole_log_has_not_changed() {
    let dir = made();
    let (code, out, _) = verify(dir.path(), &["--log", ".", "--policy", "policy"]);
    assert_eq!(code, 0, "{out}");
    assert!(
        out.starts_with("Has not changed.\nnorthmere.example/log: 700 entries, 4 tiles, "),
        "{out}"
    );
    assert!(
        out.contains("Witnessed by witness.example at 2026-11-24T02:37:22"),
        "{out}"
    );
    let (code, out, _) = verify(dir.path(), &["--log", ".", "--policy", "policy", "--signatures"]);
    assert_eq!(code, 0);
    assert!(
        out.contains("The signature on every one of 700 records holds."),
        "{out}"
    );
}

#[test]
fn a_changed_entry_is_named() {
    let dir = made();
    change(dir.path(), "tile/entries/001", 40);
    let (code, out, _) = verify(dir.path(), &["--log", ".", "--policy", "policy"]);
    assert_eq!(code, 1);
    assert!(
        out.starts_with("Does not match.\nEntry 256 has been changed:"),
        "{out}"
    );
}

#[test]
fn a_changed_tile_or_head_does_not_match() {
    for (file, place) in [("tile/0/000", 9), ("tile/1/000.p/2", 40), ("checkpoint", 30)] {
        let dir = made();
        change(dir.path(), file, place);
        let (code, out, _) = verify(dir.path(), &["--log", ".", "--policy", "policy"]);
        assert_eq!(code, 1, "{file}: {out}");
        assert!(out.starts_with("Does not match.\n"), "{out}");
    }
}

#[test]
fn what_is_missing_cannot_be_checked() {
    let dir = made();
    std::fs::remove_file(dir.path().join("tile/0/001")).unwrap();
    let (code, _, err) = verify(dir.path(), &["--log", ".", "--policy", "policy"]);
    assert_eq!(
        (code, err.as_str()),
        (
            2,
            "Cannot check now.\nEntries from 256 on cannot be checked: tile/0/001 is missing.\n"
        )
    );
    let (code, _, err) = verify(dir.path(), &["--log", "nowhere", "--policy", "policy"]);
    assert_eq!(code, 2);
    assert!(err.contains("nowhere/checkpoint cannot be read"), "{err}");
}

#[test]
fn a_policy_decides_and_the_log_never_does() {
    let dir = made();
    let (code, _, err) = verify(dir.path(), &["--log", ".", "--policy", "policy-other"]);
    assert_eq!(
        (code, err.as_str()),
        (
            2,
            "Cannot check now.\nThe policy does not name the log northmere.example/log.\n"
        )
    );
    let (code, _, err) = verify(
        dir.path(),
        &["--log", ".", "--policy", "policy-log-only", "--signatures"],
    );
    assert_eq!(code, 2);
    assert!(err.contains("names no key that records are signed with"), "{err}");
    std::fs::write(
        dir.path().join("checkpoint"),
        log::head(&log::memory(log::SIZE), false).to_bytes(),
    )
    .unwrap();
    let (code, _, err) = verify(dir.path(), &["--log", ".", "--policy", "policy"]);
    assert_eq!(code, 2);
    assert!(err.contains("Only 0 of the known witnesses have signed"), "{err}");
    assert!(
        err.contains("The entries agree with the head the log has signed."),
        "{err}"
    );
    let (code, out, _) = verify(dir.path(), &["--log", ".", "--policy", "policy-log-only"]);
    assert_eq!(code, 0);
    assert!(
        out.contains("whoever holds the log's key could rewrite this log"),
        "{out}"
    );
}

#[test]
fn an_exhibit_and_a_receipt_hold_offline() {
    let dir = made();
    let (code, out, _) = verify(dir.path(), &["exhibit", "--policy", "policy"]);
    assert_eq!(code, 0, "{out}");
    assert!(
        out.contains("Entry 400 of northmere.example/log, in a log of 700 entries."),
        "{out}"
    );
    assert!(out.contains("Recorded and signed by northmere.example"), "{out}");
    assert!(
        out.contains("  text: words 400\u{fffd}[2J\n"),
        "control characters stay out of the terminal: {out:?}"
    );
    let (code, out, _) = verify(dir.path(), &["receipt", "--policy", "policy"]);
    assert_eq!(code, 0);
    assert!(out.contains("It shows none of the record's content."), "{out}");
    let (code, out, _) = verify(dir.path(), &["receipt", "--policy", "policy-log-only"]);
    assert_eq!(code, 0);
    assert!(
        out.contains("the policy has no key to check that signature with"),
        "{out}"
    );
}

#[test]
fn a_changed_exhibit_never_holds() {
    let dir = made();
    let length = std::fs::metadata(dir.path().join("exhibit")).unwrap().len();
    let mut mismatches = 0;
    for place in (0..usize::try_from(length).unwrap()).step_by(211) {
        let dir = made();
        change(dir.path(), "exhibit", place);
        let (code, out, err) = verify(dir.path(), &["exhibit", "--policy", "policy"]);
        assert!(code == 1 || code == 2, "byte {place}: {out}{err}");
        mismatches += usize::from(code == 1);
    }
    assert!(mismatches > 5, "{mismatches}");
}

#[test]
fn a_log_that_was_rewritten_does_not_match_what_was_kept() {
    let dir = made();
    let keep = |name: &str, log: &ledger::source::Memory| {
        std::fs::write(dir.path().join(name), log::head(log, true).to_bytes()).unwrap();
    };
    let since = |name: &str| verify(dir.path(), &["--log", ".", "--policy", "policy", "--since", name]);
    keep("earlier", &log::memory(300));
    let (code, out, _) = since("earlier");
    assert_eq!(code, 0);
    assert!(
        out.contains("It begins with the 300 entries of the head kept from before."),
        "{out}"
    );
    assert_eq!(since("receipt").0, 0);
    keep("later", &log::memory(800));
    let (code, out, _) = since("later");
    assert_eq!(code, 1);
    assert!(out.contains("The log has 700 entries, and had 800 when"), "{out}");
    keep("forked", &log::rewritten(300));
    let (code, out, _) = since("forked");
    assert_eq!(code, 1);
    assert!(out.contains("no longer begins with the 300 entries"), "{out}");
    let (code, _, err) = since("policy");
    assert_eq!(code, 2);
    assert!(
        err.contains("policy is neither a checkpoint nor a receipt."),
        "{err}"
    );
}

#[test]
fn a_full_copy_of_several_entries_holds_as_a_whole() {
    let dir = made();
    let read = |name: &str| std::fs::read(dir.path().join(name)).unwrap();
    let mut both = [read("exhibit"), b"\n".to_vec(), read("receipt"), b"\n".to_vec()].concat();
    std::fs::write(dir.path().join("both"), &both).unwrap();
    let (code, out, _) = verify(dir.path(), &["both", "--policy", "policy"]);
    assert_eq!(code, 0);
    assert_eq!(
        out.matches("Entry 400 of northmere.example/log").count(),
        2,
        "{out}"
    );
    let place = both.len() - 30;
    both[place] ^= 1;
    std::fs::write(dir.path().join("both"), &both).unwrap();
    assert_eq!(verify(dir.path(), &["both", "--policy", "policy"]).0, 1);
}

#[test]
fn usage_is_told_with_code_two() {
    let dir = made();
    for args in [
        vec![],
        vec!["exhibit"],
        vec!["--log", "."],
        vec!["exhibit", "--log", ".", "--policy", "policy"],
    ] {
        assert_eq!(verify(dir.path(), &args).0, 2, "{args:?}");
    }
    let (code, _, err) = verify(dir.path(), &["exhibit", "--policy", "exhibit"]);
    assert_eq!(code, 2);
    assert!(
        err.contains("Line 1 of the policy: it begins with none of log, witness, group and quorum."),
        "{err}"
    );
    let (code, _, err) = verify(dir.path(), &["policy", "--policy", "policy"]);
    assert_eq!(
        (code, err.as_str()),
        (2, "Cannot check now.\nThis is not a proof file.\n")
    );
}

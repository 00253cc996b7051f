//! What must hold for any bytes given to the ledger's parsers: no panic, and what is read writes back the same.
//!
//! Plain functions over bytes. `crates/ledger/tests/it/fuzz.rs` drives them on stable Rust from the
//! committed corpus; `fuzz_targets/` hands them to cargo-fuzz where a nightly compiler exists.

use ledger::append::Edge;
use ledger::bundle;
use ledger::checkpoint::SignedCheckpoint;
use ledger::exhibit::Exhibit;
use ledger::key::{COSIGNATURE, NOTE, SignerKey, VerifierKey};
use ledger::leaf::{Disclosure, Leaf, Presentation};
use ledger::note::{Note, Signature};
use ledger::policy::Policy;
use ledger::proof::Proof;
use ledger::submit;
use ledger::tile::TilePath;
use ledger::witness::Request;

/// A function over bytes.
pub type Target = fn(&[u8]);

/// Every target, by the name of its corpus folder.
pub const TARGETS: [(&str, Target); 14] = [
    ("note", note),
    ("checkpoint", checkpoint),
    ("cosignature", cosignature),
    ("key", key),
    ("tile_path", tile_path),
    ("bundle", entry_bundle),
    ("edge", edge),
    ("proof", proof),
    ("exhibit", exhibit),
    ("policy", policy),
    ("leaf", leaf),
    ("disclosure", disclosure),
    ("presentation", presentation),
    ("add_checkpoint", add_checkpoint),
];

/// A signed note.
pub fn note(bytes: &[u8]) {
    if let Ok(read) = Note::parse(bytes) {
        assert_eq!(read.to_bytes(), bytes);
        assert!(read.verified_by(&[]).is_err());
    }
}

/// A checkpoint.
pub fn checkpoint(bytes: &[u8]) {
    if let Ok(read) = SignedCheckpoint::parse(bytes) {
        assert_eq!(read.to_bytes(), bytes);
        assert_eq!(read.checkpoint().to_text(), read.note().text());
    }
}

/// Signature lines as a witness answers them, read for some checkpoint.
pub fn cosignature(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(lines) = Signature::parse_lines(text)
    {
        let again: String = lines.iter().map(|line| format!("{line}\n")).collect();
        assert_eq!(again, text);
    }
    if let Ok(witness) = SignerKey::from_seed("witness.example", COSIGNATURE, &[1; 32])
        && let Ok(log) = SignerKey::from_seed("log.example", NOTE, &[2; 32])
        && let Ok(head) =
            ledger::checkpoint::Checkpoint::new("log.example", 1, ledger::hash::Hash::EMPTY).sign(&log)
    {
        for status in [200, 409, 422] {
            let _ = submit::read(status, bytes, &head, &witness.verifier());
        }
    }
}

/// A verifier key or a private key.
pub fn key(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(read) = VerifierKey::parse(text) {
        assert_eq!(read.to_string(), text);
        let _ = read.check("text\n", bytes);
    }
    if let Ok(read) = SignerKey::parse(text) {
        assert_eq!(read.to_private_text(), text);
    }
}

/// The path of a tile.
pub fn tile_path(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(read) = TilePath::parse(text)
    {
        assert_eq!(read.to_string(), text);
    }
}

/// An entry bundle.
pub fn entry_bundle(bytes: &[u8]) {
    if let Ok(entries) = bundle::parse(bytes) {
        assert_eq!(bundle::encode(&entries).as_deref(), Ok(bytes));
    }
}

/// The stored right edge.
pub fn edge(bytes: &[u8]) {
    if let Ok(read) = Edge::parse(bytes) {
        assert_eq!(read.to_bytes(), bytes);
        assert_eq!(
            ledger::append::append(&read, &[b"x"]).map(|done| done.first),
            Ok(read.size())
        );
    }
}

/// A proof file.
pub fn proof(bytes: &[u8]) {
    if let Ok(read) = Proof::parse(bytes) {
        assert_eq!(read.to_bytes(), bytes);
        let _ = read.check_path(&ledger::hash::Hash::EMPTY);
    }
}

/// An exhibit file.
pub fn exhibit(bytes: &[u8]) {
    if let Ok(read) = Exhibit::parse(bytes) {
        assert_eq!(read.to_bytes(), bytes);
        assert_eq!(
            read.presentation().to_string().into_bytes(),
            read.proof().extra.clone().unwrap_or_default()
        );
    }
}

/// A policy file.
pub fn policy(bytes: &[u8]) {
    if let Ok(read) = Policy::parse(bytes) {
        let lines = bytes.split(|b| *b == b'\n').count();
        assert!(read.logs().len() + read.witnesses().len() + read.issuers().len() < lines + 1);
    }
}

/// A record's leaf.
pub fn leaf(bytes: &[u8]) {
    if let Ok(read) = Leaf::parse(bytes) {
        assert_eq!(read.as_bytes(), bytes);
        assert!(matches!(read.digests(), 16 | 32 | 64));
    }
}

/// One disclosed field.
pub fn disclosure(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(read) = Disclosure::parse(text)
    {
        assert_eq!(read.encoded(), text);
    }
}

/// A record with fields shown.
pub fn presentation(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(read) = Presentation::parse(text)
    {
        assert_eq!(read.to_string(), text);
        assert!(read.shown().iter().all(|field| read.leaf().contains(field)));
    }
}

/// A request to a witness. Nothing is ever signed for a log without keys.
pub fn add_checkpoint(bytes: &[u8]) {
    if let Ok(read) = Request::parse(bytes)
        && let Ok(witness) = SignerKey::from_seed("witness.example", COSIGNATURE, &[1; 32])
    {
        let decision = read.decide(&[], None, &witness, 1);
        assert_eq!((decision.answer.status, decision.keep), (404, None));
    }
}

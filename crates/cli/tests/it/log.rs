//! A small log of records written to a directory, with a policy, an exhibit and a receipt beside it.

use ledger::append::{Edge, append};
use ledger::bundle;
use ledger::checkpoint::{Checkpoint, SignedCheckpoint};
use ledger::cosignature::cosign;
use ledger::exhibit::Exhibit;
use ledger::hash::Hash;
use ledger::key::{COSIGNATURE, NOTE, SignerKey};
use ledger::leaf::{Field, Issuer, Leaf, Presentation, Record, Value};
use ledger::source::{Memory, TileSource};
use ledger::tile::{TilePath, width_at};
use ledger::tree::Reader;
use std::path::Path;

pub const ORIGIN: &str = "northmere.example/log";
pub const SIZE: u64 = 700;

pub fn log_key() -> SignerKey {
    SignerKey::from_seed(ORIGIN, NOTE, &[1; 32]).unwrap()
}

pub fn witness_key() -> SignerKey {
    SignerKey::from_seed("witness.example", COSIGNATURE, &[3; 32]).unwrap()
}

fn issuer() -> Issuer {
    Issuer::new(SignerKey::from_seed("northmere.example", NOTE, &[2; 32]).unwrap()).unwrap()
}

fn record(i: u64) -> Record {
    let (kind, text) = (
        Value::Text("raised".into()),
        Value::Text(format!("words {i}\u{1b}[2J")),
    );
    let field = |name, value, n: u8| Field {
        name,
        value,
        salt: *Hash::of(&[n, 1]).as_bytes().first_chunk().unwrap(),
    };
    issuer()
        .record(&[field("kind", &kind, 1), field("text", &text, 2)], &[9; 32])
        .unwrap()
}

/// A log of `count` records in memory.
pub fn memory(count: u64) -> Memory {
    let leaves: Vec<Vec<u8>> = (0..count).map(|i| record(i).leaf).collect();
    let mut log = Memory::default();
    let done = append(&Edge::empty(), &leaves).unwrap();
    log.extend(&leaves, done);
    log
}

/// The same log with its eighteenth record another.
pub fn rewritten(count: u64) -> Memory {
    let leaves: Vec<Vec<u8>> = (0..count)
        .map(|i| record(if i == 17 { 9_999 } else { i }).leaf)
        .collect();
    let mut log = Memory::default();
    let done = append(&Edge::empty(), &leaves).unwrap();
    log.extend(&leaves, done);
    log
}

/// The head of a log, signed, and cosigned if asked.
pub fn head(log: &Memory, cosigned: bool) -> SignedCheckpoint {
    let mut head = Checkpoint::new(ORIGIN, log.edge().size(), log.edge().root())
        .sign(&log_key())
        .unwrap();
    if cosigned {
        head.add(cosign(&witness_key(), head.checkpoint(), 1_795_487_842).unwrap());
    }
    head
}

fn put(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// Writes the log, `policy`, `policy-log-only`, `policy-other`, `exhibit` and `receipt` under `dir`.
pub fn write(dir: &Path) {
    let log = memory(SIZE);
    for level in 0..3u8 {
        for index in 0..3u64 {
            let width = width_at(SIZE, level, index);
            if width > 0 {
                let bytes: Vec<u8> = log
                    .hashes(level, index, width)
                    .unwrap()
                    .iter()
                    .flat_map(|h| *h.as_bytes())
                    .collect();
                put(
                    &dir.join(TilePath::hashes(level, index, width).to_string()),
                    &bytes,
                );
            }
        }
    }
    for (index, entries) in (0u64..).zip(log.entries().chunks(256)) {
        let path = TilePath::entries(index, width_at(SIZE, 0, index));
        put(&dir.join(path.to_string()), &bundle::encode(entries).unwrap());
    }
    put(&dir.join("checkpoint"), &head(&log, true).to_bytes());
    let log_line = format!("log {}\n", log_key().verifier());
    let witness_line = format!("witness w {}\nquorum w\n", witness_key().verifier());
    let issuer_line = format!("#issuer {}\n", issuer().verifier());
    put(
        &dir.join("policy"),
        format!("{log_line}{witness_line}{issuer_line}").as_bytes(),
    );
    put(
        &dir.join("policy-log-only"),
        format!("{log_line}quorum none\n").as_bytes(),
    );
    let other = SignerKey::from_seed("wrenford.example/log", NOTE, &[1; 32])
        .unwrap()
        .verifier();
    put(
        &dir.join("policy-other"),
        format!("log {other}\nquorum none\n").as_bytes(),
    );
    let made = record(400);
    let leaf = Leaf::parse(&made.leaf).unwrap();
    let path = Reader::new(&log, SIZE).inclusion(400, SIZE).unwrap();
    let exhibit = |shown: &[ledger::leaf::Disclosure]| {
        let presentation = Presentation::parse(&leaf.present(shown).unwrap()).unwrap();
        Exhibit::new(presentation, 400, path.clone(), head(&log, true)).to_bytes()
    };
    put(&dir.join("exhibit"), &exhibit(&made.disclosures[1..]));
    put(&dir.join("receipt"), &exhibit(&[]));
}

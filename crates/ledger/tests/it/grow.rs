//! Small logs, keys and exhibits, made in memory from fixed seeds.

use ledger::append::{Edge, append};
use ledger::checkpoint::{Checkpoint, SignedCheckpoint};
use ledger::cosignature::cosign;
use ledger::exhibit::Exhibit;
use ledger::key::{COSIGNATURE, NOTE, SignerKey};
use ledger::leaf::{Field, Issuer, Leaf, Presentation, Record, Value};
use ledger::policy::Policy;
use ledger::source::Memory;
use ledger::tree::Reader;

/// The entries every test log holds: entry `i` is a few bytes that depend on `i`.
pub fn entry(i: u64) -> Vec<u8> {
    format!("entry {i}").into_bytes()
}

/// A log of `count` entries, appended in batches of uneven length.
pub fn log(count: u64) -> Memory {
    let mut log = Memory::default();
    let mut next = 0;
    for step in (1u64..).map(|n| n * 7 % 311 + 1) {
        if next == count {
            return log;
        }
        let end = (next + step).min(count);
        let batch: Vec<Vec<u8>> = (next..end).map(entry).collect();
        let done = append(log.edge(), &batch).unwrap();
        log.extend(&batch, done);
        next = end;
    }
    log
}

/// The edge after the first `count` entries.
pub fn edge(count: u64) -> Edge {
    let batch: Vec<Vec<u8>> = (0..count).map(entry).collect();
    append(&Edge::empty(), &batch).unwrap().edge
}

/// The name of the test log.
pub const ORIGIN: &str = "northmere.example/log";

/// The time every test cosignature states.
pub const NOW: u64 = 1_795_487_842;

/// The test log's key.
pub fn log_key() -> SignerKey {
    SignerKey::from_seed(ORIGIN, NOTE, &[1; 32]).unwrap()
}

/// The key of test witness `n`.
pub fn witness_key(n: u8) -> SignerKey {
    SignerKey::from_seed(&format!("witness{n}.example"), COSIGNATURE, &[100 + n; 32]).unwrap()
}

/// The key records are signed with.
pub fn issuer() -> Issuer {
    Issuer::new(SignerKey::from_seed("northmere.example", NOTE, &[2; 32]).unwrap()).unwrap()
}

/// The head of a log, signed and cosigned by the witnesses named.
pub fn head(log: &Memory, witnesses: &[u8]) -> SignedCheckpoint {
    let mut head = Checkpoint::new(ORIGIN, log.edge().size(), log.edge().root())
        .sign(&log_key())
        .unwrap();
    for n in witnesses {
        head.add(cosign(&witness_key(*n), head.checkpoint(), NOW).unwrap());
    }
    head
}

/// A policy: the test log, witnesses 1 to 3 of which two are needed, and the issuer's key.
pub fn policy() -> Policy {
    let mut text = format!("log {}\n", log_key().verifier());
    for n in 1..=3 {
        text.push_str(&format!("witness w{n} {}\n", witness_key(n).verifier()));
    }
    text.push_str(&format!(
        "group all-of-us 2 w1 w2 w3\nquorum all-of-us\n#issuer {}\n",
        issuer().verifier()
    ));
    Policy::parse(text.as_bytes()).unwrap()
}

/// A record with three fields that depend on `i`.
pub fn record(i: u64) -> Record {
    let named = [
        ("kind", Value::Text("raised".into())),
        ("seq", Value::Int(i64::try_from(i).unwrap())),
        ("text", Value::Text(format!("words of record {i}"))),
    ];
    let fields: Vec<Field<'_>> = (0u8..)
        .zip(&named)
        .map(|(n, (name, value))| {
            let mut salt = [n; 16];
            salt[8..].copy_from_slice(&i.to_be_bytes());
            Field { name, value, salt }
        })
        .collect();
    issuer().record(&fields, &[9; 32]).unwrap()
}

/// A log of `count` records, and the records.
pub fn records(count: u64) -> (Memory, Vec<Record>) {
    let records: Vec<Record> = (0..count).map(record).collect();
    let leaves: Vec<&[u8]> = records.iter().map(|r| r.leaf.as_slice()).collect();
    let mut log = Memory::default();
    let done = append(log.edge(), &leaves).unwrap();
    log.extend(&leaves, done);
    (log, records)
}

/// An exhibit of record `index` in a log of `count`, showing its first `shown` fields, cosigned by witnesses 1 and 3.
pub fn exhibit(count: u64, index: u64, shown: usize) -> Exhibit {
    let (log, records) = records(count);
    let record = &records[usize::try_from(index).unwrap()];
    let leaf = Leaf::parse(&record.leaf).unwrap();
    let presentation = Presentation::parse(&leaf.present(&record.disclosures[..shown]).unwrap()).unwrap();
    let path = Reader::new(&log, count).inclusion(index, count).unwrap();
    Exhibit::new(presentation, index, path, head(&log, &[1, 3]))
}

//! Small logs, made in memory from fixed seeds.

use ledger::append::{Edge, append};
use ledger::source::Memory;

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

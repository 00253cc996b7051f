//! What is checked of a command before it waits in line: everything that needs no lock.

use ledger::hash::Hash;

use super::{Append, Command, StoreError};

/// The most records in one command; larger work is cut into several by its caller.
pub(crate) const MOST_RECORDS: usize = 10_000;
/// The longest leaf: what a tlog-tiles entry bundle can hold.
pub(crate) const LONGEST_LEAF: usize = 65_535;

/// Checks a command against itself.
///
/// # Errors
/// [`StoreError::Malformed`] with the first contradiction.
pub(crate) fn check(command: &Command) -> Result<(), StoreError> {
    let wrong = |what| Err(StoreError::Malformed(what));
    if command.record_count() > MOST_RECORDS {
        return wrong("it has more than 10,000 records");
    }
    for new in &command.streams_new {
        let begins = |append: &&Append| append.stream == new.id && append.after == 0;
        if command.appends.iter().filter(begins).count() != 1 {
            return wrong("a new stream needs exactly one append after 0");
        }
        if new.tier > 4 || new.kind.is_empty() || new.wrapped_key.is_empty() {
            return wrong("a new stream needs a kind, a tier from 0 to 4 and a wrapped key");
        }
    }
    let mut seen = std::collections::HashSet::new();
    let mut latest = None;
    for append in &command.appends {
        if !seen.insert(append.stream) {
            return wrong("a stream is appended to twice");
        }
        check_append(command, append)?;
        for record in &append.records {
            if latest.is_some_and(|latest: domain::time::Instant| record.recorded < latest.plus_seconds(-1)) {
                return wrong("recorded times go back by more than a second");
            }
            latest = latest.max(Some(record.recorded));
        }
    }
    if !command.changes.iter().all(super::Change::fits) {
        return wrong("a change has not as many columns as its table");
    }
    for expect in &command.expects {
        let spec = expect.table.spec();
        if expect.key.len() != spec.keys || expect.row.as_ref().is_some_and(|row| row.len() != spec.rest) {
            return wrong("an expected row has not as many columns as its table");
        }
    }
    Ok(())
}

/// INVARIANT (leaf-hash): a record's `leaf_hash` is that of its `leaf`; checked here, before the lock, so that under it
/// the tree is grown from hashes alone.
fn check_append(command: &Command, append: &Append) -> Result<(), StoreError> {
    let wrong = |what| Err(StoreError::Malformed(what));
    let is_new = command.streams_new.iter().any(|new| new.id == append.stream);
    if append.after == 0 && !is_new {
        return wrong("an append after 0 needs its new stream");
    }
    if append.records.is_empty() {
        return wrong("an append needs a record");
    }
    if append.tier.is_some_and(|tier| tier > 4) {
        return wrong("a tier is from 0 to 4");
    }
    let mut last = None;
    for (record, place) in append.records.iter().zip(1_u32..) {
        if Some(record.sequence) != append.after.checked_add(place) {
            return wrong("sequences do not follow the stream");
        }
        if last.is_some_and(|last| record.recorded < last) {
            return wrong("recorded times go back within an append");
        }
        if record.leaf.len() > LONGEST_LEAF {
            return wrong("a leaf is longer than 65,535 bytes");
        }
        if *Hash::leaf(&record.leaf).as_bytes() != record.leaf_hash {
            return wrong("a leaf hash is not that of its leaf");
        }
        last = Some(record.recorded);
    }
    Ok(())
}

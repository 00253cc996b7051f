//! Making pairs: each once, in blocks of bounded size.
#![expect(clippy::indexing_slicing, reason = "record numbers and buckets are made here")]

use super::{
    Rule, RulePart, RuleReport,
    key::{Key, KeyKind, key},
    radix,
};
use crate::{LinkError, compare::Records, table::mix};
use rayon::prelude::*;

/// Candidate pairs in partitions; within one, pairs (`i << 32 | j`, `i < j`) are ascending and distinct.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// Partitions by first record.
    pub parts: Vec<Vec<u64>>,
    /// What each rule did.
    pub reports: Vec<RuleReport>,
}

impl Candidates {
    /// Number of pairs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.iter().map(Vec::len).sum()
    }

    /// True without pairs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Calls `each` with the block hash of a row for every combination of its keys.
#[inline]
pub fn hashes(row: &[u32], parts: &[&Key], each: impl FnMut(u32)) {
    hashes_of(parts, |p| row[p.field], each);
}

/// The same for any way to tell the code of a key's field.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the low half of a hash")]
pub(super) fn hashes_of(parts: &[&Key], code: impl Fn(&Key) -> u32, mut each: impl FnMut(u32)) {
    let mut base = 0_u64;
    let mut many: Option<&[u32]> = None;
    for p in parts {
        // key values of different fields must not cancel out
        match p.of(code(p)) {
            [] => return,
            keys @ [_, _, ..] if many.is_none() => many = Some(keys),
            [k, ..] => base = mix(base ^ (u64::from(*k) | ((p.field as u64 + 1) << 40))),
        }
    }
    match many {
        None => each(base as u32),
        Some(keys) => {
            for k in keys {
                each(mix(base ^ (u64::from(*k) << 3)) as u32);
            }
        }
    }
}

/// The keys of a rule, looked up by field name.
///
/// # Errors
/// A field that does not exist.
pub fn rule_keys(records: &Records, rule: &Rule) -> Result<Vec<Key>, LinkError> {
    let one = |p: &RulePart| Ok(key(records, field_of(records, p)?, p.key));
    rule.parts.iter().map(one).collect()
}

/// Makes the candidate pairs of all rules.
///
/// Of the pairs that count by the records' sources.
///
/// # Errors
/// Unknown fields in rules.
pub fn generate(records: &Records, rules: &[Rule]) -> Result<Candidates, LinkError> {
    let partitions = (records.len / 4_096).clamp(1, 256);
    let width = records.len.div_ceil(partitions).max(1);
    let keys = shared_keys(records, rules)?;
    let per_rule: Vec<(Vec<Vec<u64>>, RuleReport)> = rules
        .par_iter()
        .map(|rule| {
            let parts = parts_of(records, rule, &keys);
            one_rule(records, rule, &parts, partitions, width)
        })
        .collect();
    let mut reports = Vec::new();
    let mut by_rule: Vec<Vec<Vec<u64>>> = Vec::new();
    for (parts, report) in per_rule {
        by_rule.push(parts);
        reports.push(report);
    }
    let mut columns: Vec<Vec<Vec<u64>>> = (0..partitions).map(|_| Vec::new()).collect();
    for parts in by_rule {
        for (p, v) in parts.into_iter().enumerate() {
            columns[p].push(v);
        }
    }
    let parts = columns
        .into_par_iter()
        .enumerate()
        .map(|(p, lists)| {
            let mut all: Vec<u64> = lists.concat();
            drop(lists);
            order(&mut all, p * width, width, records.len);
            all
        })
        .collect();
    Ok(Candidates { parts, reports })
}

/// Sorts the pairs of a partition, which begins at record `from` and has `width`, and drops repeated ones.
fn order(pairs: &mut Vec<u64>, from: usize, width: usize, records: usize) {
    let bits = |n: usize| u64::BITS - (n as u64).leading_zeros();
    // as few bits as tell the pairs apart are quicker to sort by
    let (low, high, from) = (bits(records), bits(width), (from as u64) << 32);
    let few = (1 << low) - 1;
    for pair in pairs.iter_mut() {
        let x = *pair - from;
        *pair = x >> 32 << low | x & few;
    }
    radix::sort(pairs, &mut Vec::new(), 0, (low + high).div_ceil(11));
    pairs.dedup();
    for pair in pairs.iter_mut() {
        *pair = ((*pair >> low) << 32 | *pair & few) + from;
    }
    pairs.shrink_to_fit();
}

/// Calls `each` with every block of a rule that is not too large, for whoever makes the pairs elsewhere. An entry holds the
/// block's hash in its upper half and a record in its lower; a record may stand twice in one block.
///
/// # Errors
/// Unknown fields in the rule.
pub fn each_block(records: &Records, rule: &Rule, each: impl FnMut(&[u64])) -> Result<RuleReport, LinkError> {
    let keys = rule_keys(records, rule)?;
    Ok(blocks(records, rule, &keys.iter().collect::<Vec<_>>(), each))
}

/// What rules would make, without making it.
///
/// # Errors
/// Unknown fields in rules.
pub fn count(records: &Records, rules: &[Rule]) -> Result<Vec<RuleReport>, LinkError> {
    let keys = shared_keys(records, rules)?;
    let one = |rule: &Rule| blocks(records, rule, &parts_of(records, rule, &keys), |_| {});
    Ok(rules.par_iter().map(one).collect())
}

/// Every key that some rule names, worked out once however many name it.
fn shared_keys(records: &Records, rules: &[Rule]) -> Result<Vec<Key>, LinkError> {
    let mut wanted: Vec<(usize, KeyKind)> = Vec::new();
    for part in rules.iter().flat_map(|r| &r.parts) {
        let one = (field_of(records, part)?, part.key);
        if !wanted.contains(&one) {
            wanted.push(one);
        }
    }
    Ok(wanted.par_iter().map(|&(f, k)| key(records, f, k)).collect())
}

/// The keys of one rule among those of all.
fn parts_of<'k>(records: &Records, rule: &Rule, keys: &'k [Key]) -> Vec<&'k Key> {
    let one = |part: &RulePart| {
        let field = field_of(records, part).ok()?;
        keys.iter().find(|k| k.field == field && k.kind == part.key)
    };
    rule.parts.iter().filter_map(one).collect()
}

pub(super) fn field_of(records: &Records, part: &RulePart) -> Result<usize, LinkError> {
    records
        .columns()
        .position(|f| f.name == part.field && f.custom.is_none())
        .ok_or_else(|| LinkError::Settings(format!("blocking rule names the unknown column {}", part.field)))
}

/// The record of a block entry.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the low half")]
const fn record(entry: u64) -> u32 {
    entry as u32
}

fn one_rule(
    records: &Records,
    rule: &Rule,
    parts: &[&Key],
    partitions: usize,
    width: usize,
) -> (Vec<Vec<u64>>, RuleReport) {
    let mut out: Vec<Vec<u64>> = vec![Vec::new(); partitions];
    let sources = &records.sources;
    let report = blocks(records, rule, parts, |block| {
        for (k, x) in block.iter().enumerate() {
            for y in &block[k + 1..] {
                let (i, j) = (record(*x).min(record(*y)), record(*x).max(record(*y)));
                if i != j && sources.counts(i, j) {
                    out[i as usize / width].push((u64::from(i) << 32) | u64::from(j));
                }
            }
        }
    });
    (out, report)
}

/// Calls `each` with every block that is not too large (entries hold the record in their low half), and counts.
fn blocks(records: &Records, rule: &Rule, parts: &[&Key], mut each: impl FnMut(&[u64])) -> RuleReport {
    let mut entries: Vec<u64> = Vec::with_capacity(records.len);
    for r in 0..u32::try_from(records.len).unwrap_or(u32::MAX) {
        hashes(records.row(r), parts, |h| {
            entries.push((u64::from(h) << 32) | u64::from(r))
        });
    }
    radix::sort(&mut entries, &mut Vec::new(), 32, 3);
    let mut report = RuleReport {
        rule: rule.to_string(),
        ..Default::default()
    };
    let mut sizes = vec![0_u64; records.sources.count()];
    let cap = u64::from(rule.largest_block);
    for block in entries.chunk_by(|a, b| a >> 32 == b >> 32) {
        let n = block.len() as u64;
        let pairs = if records.sources.across() {
            sizes.fill(0);
            for x in block {
                sizes[records.sources.of(record(*x))] += 1;
            }
            records.sources.pairs_of(&sizes)
        } else {
            n * (n - 1) / 2
        };
        if pairs == 0 {
            continue;
        }
        if pairs > cap.saturating_mul(cap) / 2 {
            report.skipped_blocks += 1;
            report.skipped_pairs += pairs;
            continue;
        }
        report.blocks += 1;
        report.largest = report.largest.max(n);
        report.pairs += pairs;
        each(block);
    }
    report
}

//! Cutting the work into parts by ranges of block hashes, and knowing beforehand what each part must come to.
//!
//! Blocks are those of the local engine, caps included: [`linkage::block::each_block`] leaves out what is too large.

use crate::row;
use linkage::{
    LinkError,
    block::{self, RuleReport},
    compare::Records,
    pipeline::Pairs,
    source::Sources,
};
use std::ops::Range;

/// Meetings in one part, when nobody says into how many to cut.
const USUAL: u64 = 4_000_000;

/// Blocks of every record, and the parts they fall into.
pub struct Cut {
    /// Where each record's blocks end.
    ends: Vec<usize>,
    blocks: Vec<u64>,
    /// What each rule did.
    pub rules: Vec<RuleReport>,
    /// What each part must come to.
    pub parts: Vec<Must>,
}

/// What a part must come to, known before it is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Must {
    /// How many pairs meet, the same pair in several blocks counted as often.
    pub meetings: u64,
    /// The sum of their marks.
    pub marks: u64,
}

/// A block's number: its rule above, its hash below.
fn block_number(rule: usize, entry: u64) -> u64 {
    (rule as u64) << 32 | entry >> 32
}

/// The part of a block when hashes are cut into so many ranges.
pub fn part_of(block: u64, parts: usize) -> usize {
    let hash = block & u64::from(u32::MAX);
    usize::try_from((hash * parts as u64) >> 32).unwrap_or(0)
}

/// The records of a block, each once, ascending.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a record is the lower half of an entry"
)]
fn members(entries: &[u64], out: &mut Vec<u32>) {
    out.clear();
    out.extend(entries.iter().map(|e| *e as u32));
    out.sort_unstable();
    out.dedup();
}

impl Must {
    /// Adds the meetings of one block: found from its records alone, without making a pair.
    fn add(&mut self, block: u64, records: &[u32], sources: &Sources) {
        let mut sizes = vec![0_u64; sources.count()];
        for r in records {
            if let Some(n) = sizes.get_mut(sources.of(*r)) {
                *n += 1;
            }
        }
        self.meetings += sources.pairs_of(&sizes);
        let others = |r: u32| {
            let same = if sources.across() {
                sizes.get(sources.of(r)).copied().unwrap_or(0)
            } else {
                1
            };
            records.len() as u64 - same
        };
        self.marks += records
            .iter()
            .map(|r| row::mark(block, *r) * others(*r))
            .sum::<u64>();
    }
}

/// Finds the blocks of all rules and cuts them into `parts`, or as many as their pairs ask for.
///
/// # Errors
/// Unknown columns in rules.
pub fn cut(pairs: &Pairs<'_>, parts: Option<u32>) -> Result<Cut, LinkError> {
    let records = pairs.records;
    let mut rules = Vec::new();
    let mut sizes = vec![0_usize; records.len];
    let mut list = Vec::new();
    for rule in pairs.rules {
        rules.push(block::each_block(records, rule, |entries| {
            members(entries, &mut list);
            for r in &list {
                if let Some(n) = sizes.get_mut(*r as usize) {
                    *n += 1;
                }
            }
        })?);
    }
    let total: u64 = rules.iter().map(|r| r.pairs).sum();
    let usual = u32::try_from(total.div_ceil(USUAL))
        .unwrap_or(u32::MAX)
        .clamp(8, 65_536);
    let mut out = Cut {
        ends: starts(&sizes),
        blocks: vec![0; sizes.iter().sum()],
        rules,
        parts: vec![Must::default(); parts.unwrap_or(usual) as usize],
    };
    for k in 0..pairs.rules.len() {
        out.fill(records, pairs, k)?;
    }
    Ok(out)
}

/// Where each record's list begins; filling moves it to where the list ends.
fn starts(sizes: &[usize]) -> Vec<usize> {
    let mut at = 0;
    sizes
        .iter()
        .map(|n| {
            let start = at;
            at += n;
            start
        })
        .collect()
}

impl Cut {
    /// Adds the blocks of one rule. Rules come in order, and within one each record's blocks do too, as blocks come by hash.
    fn fill(&mut self, records: &Records, pairs: &Pairs<'_>, rule: usize) -> Result<(), LinkError> {
        let Some(described) = pairs.rules.get(rule) else {
            return Ok(());
        };
        let (mut list, parts) = (Vec::new(), self.parts.len());
        block::each_block(records, described, |entries| {
            members(entries, &mut list);
            let number = block_number(rule, entries.first().copied().unwrap_or(0));
            if let Some(must) = self.parts.get_mut(part_of(number, parts)) {
                must.add(number, &list, &records.sources);
            }
            for r in &list {
                if let Some(end) = self.ends.get_mut(*r as usize) {
                    if let Some(b) = self.blocks.get_mut(*end) {
                        *b = number;
                    }
                    *end += 1;
                }
            }
        })?;
        Ok(())
    }

    /// The blocks of a record, ascending.
    pub fn blocks(&self, record: usize) -> &[u64] {
        let at = |k: usize| self.ends.get(k).copied().unwrap_or(0);
        let from = record.checked_sub(1).map_or(0, at);
        self.blocks.get(from..at(record)).unwrap_or_default()
    }

    /// Calls `each` for every record's place in a block of these parts: part, block, the record's earlier blocks, record.
    ///
    /// # Errors
    /// Whatever `each` meets.
    pub fn places<E>(
        &self,
        parts: &Range<usize>,
        mut each: impl FnMut(usize, u64, &[u64], u32) -> Result<(), E>,
    ) -> Result<(), E> {
        for (r, record) in (0..self.ends.len()).zip(0_u32..) {
            let blocks = self.blocks(r);
            for (k, block) in blocks.iter().enumerate() {
                let part = part_of(*block, self.parts.len());
                if parts.contains(&part) {
                    each(part, *block, blocks.get(..k).unwrap_or_default(), record)?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use linkage::{model::Model, prepare::prepare, profile::profile, read};

    fn records() -> Records {
        let mut text = String::from("id,given,family,dob,postcode\n");
        for k in 0..900_u64 {
            let h = linkage::table::mix(k / 2);
            let (a, b, c) = (h % 41, h / 41 % 53, h / 2_173 % 28 + 1);
            text += &format!(
                "{k},given{a},family{b},1980-0{}-{c:02},NX{} {}AB\n",
                a % 9 + 1,
                b % 20 + 1,
                c % 10
            );
        }
        let input = read::Input::Bytes("people.csv", text.as_bytes());
        let options = read::ReadOptions {
            id: Some("id".into()),
            ..Default::default()
        };
        let mut table = read::read_inputs(&[input], &options).unwrap();
        let profiles = profile(&table);
        prepare(&mut table, &profiles).unwrap()
    }

    #[test]
    fn every_candidate_meets_first_in_exactly_one_block_of_one_part() {
        let r = records();
        let rules = block::plan(&r, 1);
        let outcome =
            linkage::pipeline::run(&r, &Default::default(), None, &mut linkage::pipeline::Unwatched);
        let model: Model = outcome.unwrap().model;
        let pairs = Pairs {
            records: &r,
            rules: &rules,
            model: &model,
            keep: 0.01,
        };
        let cut = cut(&pairs, Some(7)).unwrap();
        assert_eq!(cut.parts.len(), 7);
        let (mut firsts, mut met) = (Vec::new(), vec![Must::default(); 7]);
        let mut blocks = std::collections::BTreeMap::<u64, Vec<(u32, Vec<u64>)>>::new();
        cut.places(&(0..7), |part, block, earlier, record| {
            assert_eq!(part, part_of(block, 7));
            assert!(earlier.is_sorted() && earlier.iter().all(|e| *e < block));
            blocks.entry(block).or_default().push((record, earlier.to_vec()));
            Ok::<(), ()>(())
        })
        .unwrap();
        for (block, members) in &blocks {
            for (k, (i, x)) in members.iter().enumerate() {
                for (j, y) in &members[k + 1..] {
                    met[part_of(*block, 7)].meetings += 1;
                    met[part_of(*block, 7)].marks += row::mark(*block, *i) + row::mark(*block, *j);
                    if !x.iter().any(|b| y.contains(b)) {
                        firsts.push(u64::from(*i) << 32 | u64::from(*j));
                    }
                }
            }
        }
        firsts.sort_unstable();
        assert_eq!(firsts, block::generate(&r, &rules).unwrap().parts.concat());
        assert_eq!(met, cut.parts);
        let total: u64 = met.iter().map(|m| m.meetings).sum();
        assert!(met.iter().all(|m| m.meetings > 0) && total > firsts.len() as u64);
    }
}

//! Which file a record came from, and which pairs of records that makes worth comparing.

use crate::table::mix;
use serde::{Deserialize, Serialize};

/// Records of several sources, end to end. With one source every pair counts (dedupe); with several only pairs across
/// them (link), unless duplicates within each are looked for as well (both).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sources {
    /// Where each source ends, ascending; the last is the number of records.
    ends: Vec<u32>,
    within: bool,
}

impl Sources {
    /// One source of so many records.
    #[must_use]
    pub fn one(records: usize) -> Self {
        Self {
            ends: vec![u32::try_from(records).unwrap_or(u32::MAX)],
            within: false,
        }
    }

    /// Adds a source that ends at this record number.
    pub fn push(&mut self, end: usize) {
        self.ends.push(u32::try_from(end).unwrap_or(u32::MAX));
    }

    /// The same sources, looking for duplicates within each as well, or not.
    #[must_use]
    pub fn with_duplicates(mut self, within: bool) -> Self {
        self.within = within;
        self
    }

    /// Number of records.
    #[must_use]
    pub fn records(&self) -> usize {
        self.ends.last().map_or(0, |end| *end as usize)
    }

    /// Number of sources.
    #[must_use]
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// The source of a record, from 0.
    #[inline]
    #[must_use]
    pub fn of(&self, record: u32) -> usize {
        self.ends.iter().take_while(|end| record >= **end).count()
    }

    /// Records of a source; empty if there is none.
    #[must_use]
    pub fn range(&self, source: usize) -> std::ops::Range<u32> {
        let end = self.ends.get(source).copied().unwrap_or(0);
        let start = source
            .checked_sub(1)
            .and_then(|k| self.ends.get(k))
            .copied()
            .unwrap_or(0);
        start..end.max(start)
    }

    /// Whether only pairs across sources count.
    #[inline]
    #[must_use]
    pub fn across(&self) -> bool {
        self.ends.len() > 1 && !self.within
    }

    /// Whether a pair of different records counts.
    #[inline]
    #[must_use]
    pub fn counts(&self, a: u32, b: u32) -> bool {
        !self.across() || self.of(a) != self.of(b)
    }

    /// How many pairs count, given how many records of each source take part.
    #[must_use]
    pub fn pairs_of(&self, records: &[u64]) -> u64 {
        let half = |n: u64| n.saturating_mul(n.saturating_sub(1)) / 2;
        let all = half(records.iter().sum());
        if self.across() {
            all - records.iter().map(|n| half(*n)).sum::<u64>()
        } else {
            all
        }
    }

    /// How many pairs count in all.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a number of pairs")]
    pub fn pairs(&self) -> f64 {
        self.pairs_of(&self.sizes()) as f64
    }

    fn sizes(&self) -> Vec<u64> {
        (0..self.count()).map(|k| self.range(k).len() as u64).collect()
    }

    /// Two records drawn by a random number, every pair that counts being equally likely; none if the draw gives one record
    /// twice or nothing counts.
    #[must_use]
    pub fn draw(&self, random: u64) -> Option<(u32, u32)> {
        let n = u64::from(*self.ends.last()?);
        let below = |h: u64, n: u64| u32::try_from(((h >> 32) * n) >> 32).unwrap_or(u32::MAX);
        let (first, second) = (mix(random), mix(random ^ 0x9e37_79b9_7f4a_7c15));
        if !self.across() {
            let (i, j) = (below(first, n), below(second, n));
            return (i != j).then_some((i.min(j), i.max(j)));
        }
        // a source by the number of pairs its records take part in, a record of it, a record of any other
        let sizes = self.sizes();
        let weight = |s: &u64| u128::from(*s) * u128::from(n - s);
        let total: u128 = sizes.iter().map(weight).sum();
        let mut at = (u128::from(mix(random ^ 0x51_7cc1)) * total) >> 64;
        let source = sizes.iter().position(|s| {
            let here = at < weight(s);
            at = at.saturating_sub(weight(s));
            here
        })?;
        let range = self.range(source);
        let size = u64::from(range.end - range.start);
        let i = range.start + below(first, size);
        let j = below(second, n - size);
        let j = if j < range.start {
            j
        } else {
            j + (range.end - range.start)
        };
        Some((i.min(j), i.max(j)))
    }

    /// A short name for the source of a record: a, b, … z, s27, s28, …
    #[must_use]
    pub fn letter(&self, record: u32) -> String {
        let k = self.of(record);
        match u8::try_from(k) {
            Ok(k) if k < 26 => char::from(b'a' + k).to_string(),
            _ => format!("s{}", k + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        reason = "tests"
    )]
    use super::*;

    fn three() -> Sources {
        let mut s = Sources::default();
        [3, 5, 10].into_iter().for_each(|end| s.push(end));
        s
    }

    #[test]
    fn sources_and_the_pairs_that_count() {
        let s = three();
        assert_eq!(
            (0..10).map(|r| s.of(r)).collect::<Vec<_>>(),
            [0, 0, 0, 1, 1, 2, 2, 2, 2, 2]
        );
        let counted = (0..10)
            .flat_map(|i| (i + 1..10).map(move |j| (i, j)))
            .filter(|p| s.counts(p.0, p.1));
        assert_eq!(counted.count(), 31);
        assert_eq!(s.pairs(), 31.0);
        assert_eq!(s.clone().with_duplicates(true).pairs(), 45.0);
        assert_eq!(s.range(2), 5..10);
        assert!(s.range(3).is_empty());
        assert_eq!([s.letter(0), s.letter(4), s.letter(9)], ["a", "b", "c"]);
    }

    #[test]
    fn every_pair_that_counts_is_drawn_about_equally_often() {
        for s in [three(), three().with_duplicates(true), Sources::one(10)] {
            let mut seen = std::collections::HashMap::new();
            for k in 0..60_000 {
                if let Some((i, j)) = s.draw(mix(k)) {
                    assert!(i < j && s.counts(i, j));
                    *seen.entry((i, j)).or_insert(0_u32) += 1;
                }
            }
            let pairs = s.pairs();
            assert_eq!(seen.len() as f64, pairs);
            let expected = f64::from(seen.values().sum::<u32>()) / pairs;
            for n in seen.values() {
                assert!(
                    (f64::from(*n) - expected).abs() < 6.0 * expected.sqrt(),
                    "{n} of about {expected}"
                );
            }
        }
    }
}

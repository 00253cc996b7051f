//! Scoring all candidate pairs in one pass, keeping those worth keeping.

use crate::{
    block::Candidates,
    compare::{Comparer, Pattern, Records},
    meter::Meter,
    model::{Scorer, probability},
    table::mix,
    train::sample::Sample,
};
use rayon::prelude::*;

/// Weight of a pair that a person has declared to be two people: no cluster may hold both.
pub const FORBIDDEN: f32 = f32::MIN;

/// The lowest weight whose probability reaches a threshold; comparing weights is cheaper than working out probabilities,
/// and the outcome is the same, as the one rises with the other.
#[must_use]
pub fn lowest_weight(threshold: f64) -> f32 {
    let reaches = |w: f32| probability(f64::from(w)) >= threshold;
    // all weights above that of forbidden pairs, in their order: the whole numbers of their bits, negative ones reversed
    let weight = |key: i64| {
        let bits = u32::try_from(key.unsigned_abs()).unwrap_or(0);
        if key < 0 {
            -f32::from_bits(bits)
        } else {
            f32::from_bits(bits)
        }
    };
    let most = i64::from(f32::MAX.to_bits());
    let (mut low, mut high) = (1 - most, most);
    if !reaches(weight(high)) {
        return f32::INFINITY;
    }
    while low < high {
        let middle = (low + high).div_euclid(2);
        if reaches(weight(middle)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    weight(low)
}

/// A scored pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// Lower record number.
    pub left: u32,
    /// Higher record number.
    pub right: u32,
    /// Calibrated score in bits.
    pub weight: f32,
    /// Levels.
    pub pattern: Pattern,
}

impl Edge {
    /// Stated probability.
    #[must_use]
    pub fn probability(&self) -> f64 {
        if self.weight == FORBIDDEN {
            return -1.0e6;
        }
        probability(f64::from(self.weight))
    }
}

/// Scores every candidate and keeps those with at least `keep` probability, in pair order; `exact` are the records' patterns
/// of exact agreement. What was compared already, while learning, is `known`. A stopped meter makes the result incomplete.
#[must_use]
pub fn score(
    records: &Records,
    exact: &[Pattern],
    candidates: &Candidates,
    known: &Sample,
    scorer: &Scorer,
    keep: f64,
    meter: &Meter,
) -> Vec<Edge> {
    let floor = (keep / (1.0 - keep)).log2();
    let bounds = scorer.bounds(records, floor);
    let parts: Vec<Vec<Edge>> = candidates
        .parts
        .par_iter()
        .map_init(
            || {
                let comparer = Comparer::new(records, exact, &bounds, 15);
                (comparer, Lately::new(scorer), Vec::new())
            },
            |(comparer, lately, rest), part| {
                let mut out = Vec::new();
                if meter.stopped() {
                    return out;
                }
                meter.add(part.len() as u64);
                let mut edge = |pair, pattern| out.extend(edge(lately.score(pattern), floor, pair, pattern));
                let known = known.within(part);
                rest.clear();
                unknown(part, known.clone(), rest);
                let mut known = known.peekable();
                comparer.compare(rest, |pair, pattern| {
                    while let Some((before, pattern)) = known.next_if(|k| k.0 < pair) {
                        edge(before, pattern);
                    }
                    edge(pair, pattern);
                });
                known.for_each(|(pair, pattern)| edge(pair, pattern));
                out
            },
        )
        .collect();
    parts.concat()
}

/// Scores of patterns seen lately: many pairs share one, and a score asks for logarithms.
struct Lately<'a> {
    scorer: &'a Scorer,
    seen: Vec<(Pattern, f64)>,
}

impl<'a> Lately<'a> {
    /// How many are remembered; a power of two.
    const SLOTS: usize = 512;

    fn new(scorer: &'a Scorer) -> Self {
        Self {
            scorer,
            seen: vec![(0, scorer.score(0)); Self::SLOTS],
        }
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "a slot number")]
    fn score(&mut self, pattern: Pattern) -> f64 {
        let scored = |pattern| self.scorer.score(pattern);
        match self.seen.get_mut(mix(pattern) as usize & (Self::SLOTS - 1)) {
            Some((seen, score)) if *seen == pattern => *score,
            Some(slot) => {
                *slot = (pattern, scored(pattern));
                slot.1
            }
            None => scored(pattern),
        }
    }
}

/// The edge of a pair whose score is at least `floor`.
#[inline]
fn edge(weight: f64, floor: f64, pair: u64, pattern: Pattern) -> Option<Edge> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "two halves of a pair; a score of a few tens of bits"
    )]
    (weight >= floor).then_some(Edge {
        left: (pair >> 32) as u32,
        right: pair as u32,
        weight: weight as f32,
        pattern,
    })
}

/// Those of ascending pairs that are not known.
fn unknown(pairs: &[u64], known: impl Iterator<Item = (u64, Pattern)>, out: &mut Vec<u64>) {
    let mut known = known.map(|k| k.0).peekable();
    out.extend(pairs.iter().filter(|p| known.next_if_eq(*p).is_none()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Calibration, Correction, Model, VERSION};

    #[test]
    fn a_score_seen_lately_is_the_score() {
        let correction = |a, b, f: fn(u32) -> f64| Correction {
            a,
            b,
            bits: (0..256).map(f).collect(),
        };
        let model = Model {
            version: VERSION,
            fields: Vec::new(),
            prior: -3.0,
            alternatives: Vec::new(),
            corrections: vec![
                correction(0, 1, f64::from),
                correction(2, 3, |n| f64::from(n) / 256.0),
            ],
            calibration: Calibration::default(),
            threshold: 0.5,
            rules: Vec::new(),
            records: 0,
            seed: 0,
        };
        let scorer = model.scorer();
        let mut lately = Lately::new(&scorer);
        // more patterns than slots, each twice running and again later, the first and the last one there are among them
        let patterns = (0..4_000_u64)
            .map(|k| mix(k / 2 % 900))
            .chain([0, Pattern::MAX, 0]);
        for pattern in patterns {
            assert_eq!(lately.score(pattern), scorer.score(pattern), "{pattern:x}");
        }
    }

    #[test]
    fn a_weight_reaches_a_threshold_as_its_probability_does() {
        let forbidden = Edge {
            left: 0,
            right: 1,
            weight: FORBIDDEN,
            pattern: 0,
        };
        for threshold in [0.0, 1e-9, 0.01, 0.1125, 0.45, 0.5, 0.9, 1.0, 1.5] {
            let lowest = lowest_weight(threshold);
            assert!(forbidden.weight < lowest);
            let near = [lowest.next_down(), lowest, lowest.next_up(), -3.0, 0.0, 7.5, 80.0];
            for weight in near.into_iter().filter(|w| w.is_finite() && *w != FORBIDDEN) {
                let e = Edge { weight, ..forbidden };
                assert_eq!(
                    e.weight >= lowest,
                    e.probability() >= threshold,
                    "{weight} {threshold}"
                );
            }
        }
    }
}

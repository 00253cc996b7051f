//! Scoring all candidate pairs in one pass, keeping those worth keeping.

use crate::{
    block::Candidates,
    compare::{Pattern, Records, Scratch},
    meter::Meter,
    model::{Scorer, probability},
};
use rayon::prelude::*;

/// Weight of a pair that a person has declared to be two people: no cluster may hold both.
pub const FORBIDDEN: f32 = f32::MIN;

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

/// Scores every candidate and keeps those with at least `keep` probability, in pair order. A stopped meter makes the result incomplete.
#[must_use]
pub fn score(
    records: &Records,
    candidates: &Candidates,
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
            || Scratch::new(records.fields.len(), 15),
            |scratch, part| {
                if meter.stopped() {
                    return Vec::new();
                }
                meter.add(part.len() as u64);
                part.iter()
                    .filter_map(|&pair| {
                        #[expect(clippy::cast_possible_truncation, reason = "two halves of a pair")]
                        let (left, right) = ((pair >> 32) as u32, pair as u32);
                        let pattern = records.promising(left, right, scratch, &bounds)?;
                        let weight = scorer.score(pattern);
                        #[expect(clippy::cast_possible_truncation, reason = "a score of a few tens of bits")]
                        (weight >= floor).then_some(Edge {
                            left,
                            right,
                            weight: weight as f32,
                            pattern,
                        })
                    })
                    .collect()
            },
        )
        .collect();
    parts.concat()
}

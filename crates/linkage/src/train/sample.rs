//! Patterns of a sample of candidate pairs, counted.
#![expect(
    clippy::indexing_slicing,
    reason = "fields and levels index arrays of fixed size"
)]

use crate::{
    block::Candidates,
    compare::{Bounds, Comparer, Pattern, Records},
    table::mix,
};
use rayon::prelude::*;

/// Distinct patterns with how many candidate pairs they stand for.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// Distinct patterns, ascending.
    pub patterns: Vec<Pattern>,
    /// Pairs each stands for (sampled count over sampling rate).
    pub weights: Vec<f64>,
    /// Sampled pairs themselves, parallel with `pair_pattern`, in ascending order.
    pub pairs: Vec<u64>,
    /// Index into `patterns` for each sampled pair.
    pub pair_pattern: Vec<u32>,
    /// Share of candidate pairs that were sampled.
    pub rate: f64,
}

impl Sample {
    /// The sampled pairs among some candidates, which are ascending, with their patterns.
    pub fn within(&self, candidates: &[u64]) -> impl Iterator<Item = (u64, Pattern)> + Clone {
        let from = candidates
            .first()
            .map_or(0, |first| self.pairs.partition_point(|p| p < first));
        let to = candidates
            .last()
            .map_or(0, |last| self.pairs.partition_point(|p| p <= last));
        let pattern = |k: &u32| self.patterns[*k as usize];
        let patterns = self.pair_pattern[from..to].iter().map(pattern);
        self.pairs[from..to].iter().copied().zip(patterns)
    }
}

/// Compares about `most` of the candidate pairs, chosen by a hash of the pair; `exact` are the records' patterns of exact
/// agreement.
#[must_use]
pub fn draw(records: &Records, exact: &[Pattern], candidates: &Candidates, most: usize, seed: u64) -> Sample {
    let total = candidates.len();
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let rate = (most as f64 / total.max(1) as f64).min(1.0);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a threshold on a hash"
    )]
    let limit = if rate >= 1.0 {
        u64::MAX
    } else {
        (rate * u64::MAX as f64) as u64
    };
    let bounds = Bounds::none(records);
    let parts: Vec<Vec<(u64, Pattern)>> = candidates
        .parts
        .par_iter()
        .map_init(
            || Comparer::new(records, exact, &bounds, 14),
            |comparer, part| {
                let chosen: Vec<u64> = part.iter().copied().filter(|p| mix(p ^ seed) <= limit).collect();
                let mut out = Vec::with_capacity(chosen.len());
                comparer.compare(&chosen, |pair, pattern| out.push((pair, pattern)));
                out
            },
        )
        .collect();
    count(&parts.concat(), rate)
}

fn count(all: &[(u64, Pattern)], rate: f64) -> Sample {
    let mut order: Vec<Pattern> = all.iter().map(|x| x.1).collect();
    order.par_sort_unstable();
    let mut out = Sample {
        rate,
        ..Default::default()
    };
    for block in order.chunk_by(|a, b| a == b) {
        out.patterns.push(block[0]);
        #[expect(clippy::cast_precision_loss, reason = "a count")]
        out.weights.push(block.len() as f64 / rate);
    }
    out.pairs = all.iter().map(|x| x.0).collect();
    out.pair_pattern = all
        .par_iter()
        .map(|x| u32::try_from(out.patterns.binary_search(&x.1).unwrap_or(0)).unwrap_or(0))
        .collect();
    out
}

//! A guard: what is learned beyond plain estimation is kept only if pairs it was not learned from speak for it.
//!
//! Sampled pairs are parted in two. Both models, with the alternatives and without, are fitted to one half, and the model
//! is taken under which the other half is the more likely. So a class that only fits what it has seen is left out, and the
//! result is, by pairs held out, never worse than plain expectation–maximisation.

use super::{
    em::{self, Start},
    sample::Sample,
};
use crate::{compare::Records, table::mix};

/// Pairs looked at, in both halves together.
const MOST: usize = 100_000;

/// Log-likelihood of held-out pairs under a model fitted to others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeldOut {
    /// Matches and strangers only.
    pub plain: f64,
    /// With the alternatives.
    pub full: f64,
}

impl HeldOut {
    /// Whether the alternatives are kept.
    #[must_use]
    pub fn keeps_alternatives(self) -> bool {
        self.full >= self.plain
    }
}

/// Judges the alternatives by pairs held out.
#[must_use]
pub fn judge(records: &Records, sample: &Sample, start: &Start, rounds: usize, seed: u64) -> HeldOut {
    let (learned, held) = halves(sample, seed);
    let of = |alternatives| em::fit(records, &learned, start, alternatives, rounds).likelihood(&held);
    let (plain, full) = rayon::join(|| of(false), || of(true));
    HeldOut { plain, full }
}

/// Two samples of different pairs, each standing for all candidates.
#[must_use]
pub fn halves(sample: &Sample, seed: u64) -> (Sample, Sample) {
    let one_in = (sample.pairs.len() / MOST).max(1) as u64;
    let mut counts = vec![[0_u32; 2]; sample.patterns.len()];
    for (pair, pattern) in sample.pairs.iter().zip(&sample.pair_pattern) {
        let h = mix(pair ^ mix(seed ^ 0x6775_6172));
        if (h >> 1).is_multiple_of(one_in)
            && let Some([first, second]) = counts.get_mut(*pattern as usize)
        {
            *(if h & 1 == 0 { first } else { second }) += 1;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let rate = sample.rate / (2 * one_in) as f64;
    let half = |of: fn(&[u32; 2]) -> u32| {
        let seen = sample.patterns.iter().zip(&counts).filter(|(_, c)| of(c) > 0);
        let (patterns, weights) = seen.map(|(p, c)| (*p, f64::from(of(c)) / rate)).unzip();
        Sample {
            patterns,
            weights,
            rate,
            ..Default::default()
        }
    };
    (half(|c| c[0]), half(|c| c[1]))
}

//! A guard: what is learned beyond plain estimation is kept only if pairs it was not learned from speak for it.
//!
//! Sampled pairs are parted in two. Both models, with the alternatives and without, are fitted to one half and judged by the
//! other, in three ways that need no label: how likely the pairs are; how far witnesses left out say that probabilities
//! are from the truth; and how well the other comparisons tell where a witness agrees, which is what ranking is about
//! ([`crate::reliability`]). Plain expectation–maximisation is taken unless the other is no worse in any.

use super::{
    em::{self, Mixture, Start},
    sample::Sample,
};
use crate::{
    LinkError,
    block::Rule,
    compare::Records,
    model::Model,
    reliability::{self, Reliability},
    table::mix,
};
use serde::{Deserialize, Serialize};

/// Pairs looked at, in both halves together.
const MOST: usize = 100_000;

/// One model judged by pairs held out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// Logarithm of how likely the pairs are, up to what both models have in common.
    pub likelihood: f64,
    /// Estimated mean distance of stated probabilities from true ones.
    pub gap: f64,
    /// What chance alone would make of the gap.
    pub noise: f64,
    /// Best F1 at telling, from all other comparisons, where one agrees.
    pub separation: f64,
}

/// Both models judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Matches and strangers only.
    pub plain: Judged,
    /// What was learned beyond.
    pub refined: Judged,
    /// How far chance alone would part them in separation.
    pub apart: f64,
}

impl Verdict {
    /// Whether what was learned beyond plain estimation is kept: no worse in likelihood, nor by more than chance in the others.
    #[must_use]
    pub fn keeps_refined(&self) -> bool {
        let (p, r) = (&self.plain, &self.refined);
        r.likelihood >= p.likelihood
            && r.gap <= p.gap + p.noise.max(r.noise)
            && r.separation >= p.separation - self.apart
    }
}

/// Judges the alternatives by pairs held out.
///
/// # Errors
/// Rules that name unknown fields.
pub fn judge(
    records: &Records,
    rules: &[Rule],
    sample: &Sample,
    start: &Start,
    (rounds, seed): (usize, u64),
) -> Result<Verdict, LinkError> {
    let (learned, held) = halves(sample, seed);
    let of = |alternatives| em::fit(records, &learned, start, alternatives, rounds);
    let (plain, refined) = rayon::join(|| of(false), || of(true));
    weigh(records, rules, &held, &plain, &refined)
}

/// Judges any two models by pairs that neither was learned from.
///
/// # Errors
/// Rules that name unknown fields.
pub fn weigh(
    records: &Records,
    rules: &[Rule],
    held: &Sample,
    plain: &Mixture,
    refined: &Mixture,
) -> Result<Verdict, LinkError> {
    let models = [plain, refined].map(|m| Model::new(records, m, Vec::new(), 0));
    let [first, second] = &models;
    let (a, b, apart) = reliability::separation(records, rules, (first, second), held)?;
    let one = |m: &Mixture, model: &Model, separation: f64| {
        let Reliability { gap, noise, .. } = reliability::of_sample(records, rules, model, held)?;
        Ok(Judged {
            likelihood: m.likelihood(held),
            gap,
            noise,
            separation,
        })
    };
    let (plain, refined) = rayon::join(|| one(plain, first, a), || one(refined, second, b));
    Ok(Verdict {
        plain: plain?,
        refined: refined?,
        apart,
    })
}

/// Two samples of different pairs, each standing for all candidates.
#[must_use]
pub fn halves(sample: &Sample, seed: u64) -> (Sample, Sample) {
    let one_in = (sample.pairs.len() / MOST).max(1) as u64;
    let drawn = sample
        .pairs
        .iter()
        .zip(&sample.pair_pattern)
        .filter_map(|(pair, at)| {
            let h = mix(pair ^ mix(seed ^ 0x6775_6172));
            (h >> 1)
                .is_multiple_of(one_in)
                .then_some((*pair, *at, h & 1 == 0))
        });
    let drawn: Vec<(u64, u32, bool)> = drawn.collect();
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let rate = sample.rate / (2 * one_in) as f64;
    let half = |first: bool| {
        let mut counts = vec![0_u32; sample.patterns.len()];
        let mut place = vec![0_u32; sample.patterns.len()];
        let mut out = Sample {
            rate,
            ..Default::default()
        };
        for (pair, at, _) in drawn.iter().filter(|d| d.2 == first) {
            if let Some(n) = counts.get_mut(*at as usize) {
                *n += 1;
                out.pairs.push(*pair);
                out.pair_pattern.push(*at);
            }
        }
        for ((pattern, n), place) in sample.patterns.iter().zip(&counts).zip(&mut place) {
            if *n > 0 {
                *place = u32::try_from(out.patterns.len()).unwrap_or(0);
                out.patterns.push(*pattern);
                out.weights.push(f64::from(*n) / rate);
            }
        }
        for at in &mut out.pair_pattern {
            *at = place.get(*at as usize).copied().unwrap_or(0);
        }
        out
    };
    (half(true), half(false))
}

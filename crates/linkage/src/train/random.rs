//! `u` probabilities: levels between two records drawn at random.
#![expect(clippy::indexing_slicing, reason = "levels are below 16 by construction")]

use crate::{
    compare::{Bounds, Comparer, Pattern, Records, level_of},
    table::mix,
};
use rayon::prelude::*;

/// Probability of each level (1..16) given that both values are present, per field; index 0 is unused.
pub type Levels = [f64; 16];

/// Estimates `u` for every field from value counts and `pairs` random pairs, given the records' patterns of exact
/// agreement. Deterministic for a seed.
#[must_use]
pub fn levels(records: &Records, exact: &[Pattern], pairs: u64, seed: u64) -> Vec<Levels> {
    let chunks = 64;
    let bounds = Bounds::none(records);
    let counts: Vec<Vec<[u64; 16]>> = (0..chunks)
        .into_par_iter()
        .map(|c| {
            let draw = |k: u64| records.sources.draw(seed ^ mix(c << 32 | k));
            let drawn: Vec<u64> = (0..pairs / chunks)
                .filter_map(draw)
                .map(|(i, j)| u64::from(i) << 32 | u64::from(j))
                .collect();
            let mut out = vec![[0_u64; 16]; records.fields.len()];
            Comparer::new(records, exact, &bounds, 10).compare(&drawn, |_, p| {
                for (f, o) in out.iter_mut().enumerate() {
                    o[level_of(p, f)] += 1;
                }
            });
            out
        })
        .collect();
    (0..records.fields.len())
        .map(|f| {
            let mut seen = [0_u64; 16];
            for c in &counts {
                for (s, x) in seen.iter_mut().zip(&c[f]) {
                    *s += x;
                }
            }
            combine(records, f, &seen)
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts to shares")]
fn combine(records: &Records, f: usize, seen: &[u64; 16]) -> Levels {
    let field = &records.fields[f];
    let exact = field.exact_levels();
    let last = field.last();
    let present: f64 = field.counts.iter().skip(1).map(|&c| f64::from(c)).sum();
    let all = (present * (present - 1.0)).max(1.0);
    let mut out = [0.0; 16];
    for (code, &c) in field.counts.iter().enumerate().skip(1) {
        let c = f64::from(c);
        out[usize::from(field.exact[code])] += c * (c - 1.0) / all;
    }
    let floor = 0.5 / all;
    for o in &mut out[1..=exact] {
        *o = o.max(floor);
    }
    let same: f64 = out[1..=exact].iter().sum();
    let unequal: u64 = seen[exact + 1..].iter().sum();
    let rest = (1.0 - same).max(1e-6);
    let levels = (last - exact) as f64;
    for l in exact + 1..=last {
        out[l] = rest * (seen[l] as f64 + 0.5) / (unequal as f64 + 0.5 * levels);
    }
    out
}

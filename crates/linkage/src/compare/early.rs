//! Leaving pairs that cannot reach a score before their strings are compared.
//!
//! Most candidates differ where it costs nothing to see: codes are equal, unequal or missing. If even the best levels
//! that unequal values could have do not reach the floor, the pair is given up. What is given up would have been dropped
//! after full comparison too, so results are the same.
#![expect(
    clippy::indexing_slicing,
    reason = "fields index tables of one entry per field; levels are below 16"
)]

use super::{MOST, Pattern, cache::Scratch, exact_levels, field::Records};

/// The most that fields can add to a score, by what is known of them.
#[derive(Clone, Debug)]
pub struct Bounds {
    start: f64,
    weights: Vec<[f64; 16]>,
    /// Best weight of two unequal values.
    unequal: Vec<f64>,
    /// Best weight of a name that is missing or plainly different, as it may be found on the other side.
    elsewhere: Vec<Option<f64>>,
    /// Fields in the order of how much comparing them can take away.
    order: Vec<usize>,
}

/// Sums in another order than the score's own differ in their last bits.
const SLACK: f64 = 1e-6;

impl Bounds {
    /// Bounds for pairs whose weights must sum to at least `floor`, the starting odds being `prior`.
    #[must_use]
    pub fn new(records: &Records, prior: f64, weights: &[[f64; 16]], floor: f64) -> Self {
        let names = |k: usize| {
            let pair = records.swap.is_some_and(|(g, f)| k == g || k == f);
            pair.then(|| weights[k][11].max(weights[k][12]).max(0.0))
        };
        let best = |k: usize| {
            let f = &records.fields[k];
            let from = usize::from(exact_levels(f.kind)) + 1;
            let top = weights[k][from..=f.last().max(from).min(15)].iter();
            top.fold(names(k).unwrap_or(f64::NEG_INFINITY), |m, w| m.max(*w))
        };
        let fields = 0..records.fields.len().min(weights.len());
        let unequal: Vec<f64> = fields.clone().map(best).collect();
        let takes = |k: &usize| unequal[*k] - weights[*k][records.fields[*k].last().min(15)];
        let mut order: Vec<usize> = fields.clone().collect();
        order.sort_by(|a, b| takes(b).total_cmp(&takes(a)).then(a.cmp(b)));
        Self {
            start: prior - floor + SLACK,
            weights: weights.to_vec(),
            elsewhere: fields.map(names).collect(),
            unequal,
            order,
        }
    }
}

impl Records {
    /// The pattern of two records, or nothing if their score cannot reach the floor.
    #[inline]
    #[must_use]
    pub fn promising(&self, i: u32, j: u32, scratch: &mut Scratch, bounds: &Bounds) -> Option<Pattern> {
        self.promising_rows(self.row(i), self.row(j), scratch, bounds)
    }

    /// The same of two rows of codes.
    #[inline]
    #[must_use]
    pub fn promising_rows(
        &self,
        x: &[u32],
        y: &[u32],
        scratch: &mut Scratch,
        bounds: &Bounds,
    ) -> Option<Pattern> {
        let (mut pattern, mut left, mut room) = (0, 0_u32, bounds.start);
        for (k, field) in self.fields.iter().enumerate().take(MOST) {
            if let Some(custom) = &field.custom {
                let level = custom.level(self, x, y);
                pattern |= u64::from(level) << (4 * k);
                room += bounds.weights[k][usize::from(level & 15)];
                continue;
            }
            let (a, b) = (x[k], y[k]);
            if a == 0 || b == 0 {
                room += bounds.elsewhere[k].unwrap_or(0.0);
            } else if a == b {
                let level = field.exact[a as usize];
                pattern |= u64::from(level) << (4 * k);
                room += bounds.weights[k][usize::from(level & 15)];
            } else {
                left |= 1 << k;
                room += bounds.unequal[k];
            }
        }
        if room < 0.0 {
            return None;
        }
        for &k in &bounds.order {
            if left >> k & 1 == 0 {
                continue;
            }
            let level = self.unequal(k, &self.fields[k], x[k].min(y[k]), x[k].max(y[k]), scratch);
            pattern |= u64::from(level) << (4 * k);
            let weight = bounds.weights[k][usize::from(level & 15)];
            let other = bounds.elsewhere[k].filter(|_| level >= 10);
            room += other.map_or(weight, |o| weight.max(o)) - bounds.unequal[k];
            if room < 0.0 {
                return None;
            }
        }
        Some(match self.swap {
            Some((g, f)) => self.swapped(x, y, g, f, pattern),
            None => pattern,
        })
    }
}

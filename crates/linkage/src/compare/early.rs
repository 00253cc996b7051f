//! Comparing many pairs, and leaving those that cannot reach a score before their strings are compared.
//!
//! Most candidates differ where it costs nothing to see: codes are equal, unequal or missing. If even the best levels
//! that unequal values could have do not reach the floor, the pair is given up. What is given up would have been dropped
//! after full comparison too, so results are the same.
//!
//! Pairs are taken some hundred at a time, field by field, so that the memory they touch is asked for together and not
//! one after the other.
#![expect(
    clippy::indexing_slicing,
    reason = "fields index tables of one entry per field; levels are below 16; waiting pairs are numbered here"
)]

use super::{MOST, Pattern, Values, cache::Scratch, exact_levels, field::Records};
use rayon::prelude::*;

/// The most that fields can add to a score, by what is known of them.
#[derive(Clone, Debug)]
pub struct Bounds {
    start: f64,
    /// Of two neighbouring fields at once, by their two levels; [`OPEN`] stands for two unequal values.
    upper: Vec<[f64; 256]>,
    /// What finding out the level of two unequal values changes, per field.
    found: Vec<[f64; 16]>,
    /// Fields in the order of how much comparing them can take away.
    order: Vec<usize>,
}

/// Sums in another order than the score's own differ in their last bits.
const SLACK: f64 = 1e-6;
/// Stands for the level of two unequal values that were not compared yet.
const OPEN: u64 = 15;
/// Pairs taken at a time.
const TOGETHER: usize = 512;

impl Bounds {
    /// Bounds for pairs whose weights must sum to at least `floor`, the starting odds being `prior`.
    #[must_use]
    pub fn new(records: &Records, prior: f64, weights: &[[f64; 16]], floor: f64) -> Self {
        let count = records.fields.len().min(weights.len()).min(MOST);
        // a name that is missing or plainly different may be found on the other side
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
        let unequal: Vec<f64> = (0..count).map(best).collect();
        let takes = |k: &usize| unequal[*k] - weights[*k][records.fields[*k].last().min(15)];
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by(|a, b| takes(b).total_cmp(&takes(a)).then(a.cmp(b)));
        let at = |k: usize, level: usize| match level {
            _ if k >= count => 0.0,
            0 => names(k).unwrap_or(0.0),
            15 if records.fields[k].custom.is_none() => unequal[k],
            l => weights[k][l],
        };
        let upper = (0..count.div_ceil(2)).map(|p| {
            let mut table = [0.0; 256];
            for (levels, t) in table.iter_mut().enumerate() {
                *t = at(2 * p, levels & 15) + at(2 * p + 1, levels >> 4);
            }
            table
        });
        let found = (0..count).map(|k| {
            let mut table = [0.0; 16];
            for (level, t) in table.iter_mut().enumerate() {
                let other = names(k).filter(|_| level >= 10);
                *t = other.map_or(weights[k][level], |o| weights[k][level].max(o)) - unequal[k];
            }
            table
        });
        Self {
            start: prior - floor + SLACK,
            upper: upper.collect(),
            found: found.collect(),
            order,
        }
    }

    /// Bounds that give no pair up.
    #[must_use]
    pub fn none(records: &Records) -> Self {
        let weights = vec![[0.0; 16]; records.fields.len()];
        Self::new(records, 0.0, &weights, f64::NEG_INFINITY)
    }

    #[inline]
    fn room(&self, pattern: Pattern, open: Pattern) -> f64 {
        let mut levels = pattern | open;
        let mut room = self.start;
        for table in &self.upper {
            room += table[(levels & 255) as usize];
            levels >>= 8;
        }
        room
    }
}

/// A pair on its way.
#[derive(Clone, Copy, Debug, Default)]
struct Waiting {
    pair: u64,
    pattern: Pattern,
    /// [`OPEN`] at every field that is still to be compared.
    open: Pattern,
    room: f64,
}

/// Compares pairs of records of one table.
pub struct Comparer<'a> {
    records: &'a Records,
    /// Levels of exact agreement of each record's values, as a pattern.
    exact: &'a [Pattern],
    bounds: &'a Bounds,
    scratch: Scratch,
    /// Comparisons made of conditions.
    custom: Vec<usize>,
    waiting: Vec<Waiting>,
    /// Of one field: which waiting pairs have unequal values, and those values' codes, the lower first.
    turn: Vec<(u32, u32, u32)>,
}

impl<'a> Comparer<'a> {
    /// For pairs of `records`, whose patterns of exact agreement are `exact`, remembering `1 << bits` levels a field.
    #[must_use]
    pub fn new(records: &'a Records, exact: &'a [Pattern], bounds: &'a Bounds, bits: u32) -> Self {
        Self {
            records,
            exact,
            bounds,
            scratch: Scratch::new(records.fields.len(), bits),
            custom: (0..records.fields.len().min(MOST))
                .filter(|k| records.fields[*k].custom.is_some())
                .collect(),
            waiting: Vec::with_capacity(TOGETHER),
            turn: Vec::with_capacity(TOGETHER),
        }
    }

    /// Calls `each` with every pair (two record numbers in one word) that is not given up, in order, and its pattern.
    pub fn compare(&mut self, pairs: &[u64], mut each: impl FnMut(u64, Pattern)) {
        for some in pairs.chunks(TOGETHER) {
            self.begin(some);
            for &k in &self.bounds.order {
                self.field(k);
            }
            for w in &self.waiting {
                let (i, j) = sides(w.pair);
                let pattern = match self.records.swap {
                    Some((g, f)) => {
                        let (x, y) = (self.records.row(i), self.records.row(j));
                        self.records.swapped(x, y, g, f, w.pattern)
                    }
                    None => w.pattern,
                };
                each(w.pair, pattern);
            }
        }
    }

    /// What equal and missing codes say.
    fn begin(&mut self, pairs: &[u64]) {
        self.waiting.clear();
        let records = self.records;
        // rows lie far apart: loads that do not wait for each other are in flight together
        let ends = |r: u32| {
            let row = records.row(r);
            row.first().copied().unwrap_or(0) ^ row.last().copied().unwrap_or(0)
        };
        let rows = pairs.iter().map(|p| sides(*p));
        std::hint::black_box(rows.fold(0, |all, (i, j)| all ^ ends(i) ^ ends(j)));
        for &pair in pairs {
            let (i, j) = sides(pair);
            let (x, y) = (records.row(i), records.row(j));
            let (mut equal, mut both) = (0_u64, 0_u64);
            for (k, (a, b)) in x.iter().zip(y).take(records.fields.len().min(MOST)).enumerate() {
                equal |= u64::from(a == b) << (4 * k);
                both |= u64::from((*a != 0) & (*b != 0)) << (4 * k);
            }
            // one bit a field becomes all four; equal codes of a missing value have the level 0 anyway
            let mut pattern = self.exact[i as usize] & (equal * OPEN);
            let mut open = (both & !equal) * OPEN;
            for &k in &self.custom {
                if let Some(custom) = &records.fields[k].custom {
                    open &= !(OPEN << (4 * k));
                    pattern |= u64::from(custom.level(records, x, y)) << (4 * k);
                }
            }
            let room = self.bounds.room(pattern, open);
            if room >= 0.0 {
                self.waiting.push(Waiting {
                    pair,
                    pattern,
                    open,
                    room,
                });
            }
        }
    }

    /// Compares the unequal values of one field, and gives pairs up.
    fn field(&mut self, k: usize) {
        let (records, field) = (self.records, &self.records.fields[k]);
        self.turn.clear();
        for (n, w) in (0_u32..).zip(&self.waiting) {
            if w.open >> (4 * k) & OPEN != 0 {
                let (i, j) = sides(w.pair);
                let (a, b) = (records.row(i)[k], records.row(j)[k]);
                self.turn.push((n, a.min(b), a.max(b)));
            }
        }
        if self.turn.is_empty() {
            return;
        }
        let store = &records.stores[field.store];
        let all = |turn: &[(u32, u32, u32)], look: fn(&Values, u32) -> u64| {
            let both = turn.iter().map(|(_, a, b)| look(store, *a) ^ look(store, *b));
            std::hint::black_box(both.fold(0, |all, x| all ^ x));
        };
        all(&self.turn, Values::touch);
        let (waiting, found, mut lost) = (&mut self.waiting, &self.bounds.found[k], false);
        let mut settle = |n: u32, level: u8| {
            let w = &mut waiting[n as usize];
            w.pattern |= u64::from(level) << (4 * k);
            w.room += found[usize::from(level & 15)];
            lost |= w.room < 0.0;
        };
        self.turn.retain(|&(n, a, b)| match records.glance(field, a, b) {
            Some(level) => {
                settle(n, level);
                false
            }
            None => true,
        });
        all(&self.turn, Values::touch_text);
        for &(n, a, b) in &self.turn {
            settle(n, records.look(k, field, a, b, &mut self.scratch));
        }
        if lost {
            self.waiting.retain(|w| w.room >= 0.0);
        }
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "two halves of a pair")]
const fn sides(pair: u64) -> (u32, u32) {
    ((pair >> 32) as u32, pair as u32)
}

impl Records {
    /// The pattern of two rows of codes, or nothing if their score cannot reach the floor: what [`Comparer`] does, for pairs
    /// that come one by one.
    #[must_use]
    pub fn promising_rows(
        &self,
        x: &[u32],
        y: &[u32],
        scratch: &mut Scratch,
        bounds: &Bounds,
    ) -> Option<Pattern> {
        let (mut pattern, mut open) = (0, 0);
        for (k, field) in self.fields.iter().enumerate().take(MOST) {
            let (a, b) = (x[k], y[k]);
            let level = if let Some(custom) = &field.custom {
                custom.level(self, x, y)
            } else if a == 0 || b == 0 {
                continue;
            } else if a == b {
                field.exact[a as usize]
            } else {
                open |= OPEN << (4 * k);
                continue;
            };
            pattern |= u64::from(level) << (4 * k);
        }
        let mut room = bounds.room(pattern, open);
        for &k in bounds.order.iter().filter(|k| open >> (4 * **k) & OPEN != 0) {
            if room < 0.0 {
                return None;
            }
            let level = self.unequal(k, &self.fields[k], x[k].min(y[k]), x[k].max(y[k]), scratch);
            pattern |= u64::from(level) << (4 * k);
            room += bounds.found[k][usize::from(level & 15)];
        }
        (room >= 0.0).then(|| match self.swap {
            Some((g, f)) => self.swapped(x, y, g, f, pattern),
            None => pattern,
        })
    }

    /// For every record the levels of exact agreement of its values, as a pattern; 0 where a value is missing.
    #[must_use]
    pub fn exact_patterns(&self) -> Vec<Pattern> {
        let width = (self.fields.len() + self.inputs.len()).max(1);
        // a missing value has the code 0 and no level; asking instead of multiplying would cost more than the rest
        let tables: Vec<(u64, &[u8])> = self
            .fields
            .iter()
            .take(MOST)
            .map(|f| match f.custom {
                Some(_) => (0, &[][..]),
                None => (1, f.exact.as_slice()),
            })
            .collect();
        let pattern = |row: &[u32]| {
            let mut pattern = 0;
            for (k, (code, (counts, table))) in row.iter().zip(&tables).enumerate() {
                let level = table.get(*code as usize).copied().unwrap_or(0);
                pattern |= (u64::from(level) * counts * u64::from(*code != 0)) << (4 * k);
            }
            pattern
        };
        self.rows
            .par_chunks(width)
            .with_min_len(8_192)
            .map(pattern)
            .collect()
    }
}

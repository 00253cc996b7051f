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

use super::{
    Field, MOST, Pattern,
    cache::Scratch,
    exact_levels,
    field::{Glance, Records},
};
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
    turn: Turn,
}

/// Of one field: which waiting pairs have unequal values, and those values' codes, the lower first.
#[derive(Debug)]
struct Turn {
    pairs: Vec<Unequal>,
    len: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Unequal {
    at: u32,
    low: u32,
    high: u32,
}

impl Turn {
    /// Takes the pairs that wait for a field. Which do is hard to foretell, so that nothing hangs on it.
    fn take(&mut self, records: &Records, waiting: &[Waiting], k: usize) {
        self.len = 0;
        let (rows, width) = (records.rows.as_slice(), records.width());
        let code = |r: u32| rows[r as usize * width + k];
        for (at, w) in (0_u32..).zip(waiting) {
            let (i, j) = sides(w.pair);
            let (a, b) = (code(i), code(j));
            self.pairs[self.len] = Unequal {
                at,
                low: a.min(b),
                high: a.max(b),
            };
            self.len += (w.open >> (4 * k) & 1) as usize;
        }
    }

    /// Reads something of every value, so that the memory they need is asked for together.
    #[inline]
    fn touch(&self, of: impl Fn(u32) -> u64) {
        let both = self.pairs[..self.len].iter().map(|t| of(t.low) ^ of(t.high));
        std::hint::black_box(both.fold(0, |all, x| all ^ x));
    }

    /// Gives every pair whose level is known to `settle`, and keeps the others.
    #[inline]
    fn settle(&mut self, level: impl Fn(u32, u32) -> Option<u8>, mut settle: impl FnMut(u32, u8)) {
        let mut kept = 0;
        for n in 0..self.len {
            let t = self.pairs[n];
            match level(t.low, t.high) {
                Some(level) => settle(t.at, level),
                None => {
                    self.pairs[kept] = t;
                    kept += 1;
                }
            }
        }
        self.len = kept;
    }
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
            turn: Turn {
                pairs: vec![Unequal::default(); TOGETHER],
                len: 0,
            },
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
        let count = records.fields.len().min(MOST);
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
            let (equal, both) = agreement(&x[..count], &y[..count]);
            // one bit a field becomes all four; equal codes of a missing value have the level 0 anyway
            let mut pattern = self.exact[i as usize] & equal.wrapping_mul(OPEN);
            let mut open = (both & !equal).wrapping_mul(OPEN);
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
        self.turn.take(records, &self.waiting, k);
        if self.turn.len == 0 {
            return;
        }
        let (waiting, found, mut lost) = (&mut self.waiting, &self.bounds.found[k], false);
        let mut settle = |n: u32, level: u8| {
            let w = &mut waiting[n as usize];
            w.pattern |= u64::from(level) << (4 * k);
            w.room += found[usize::from(level & 15)];
            lost |= w.room < 0.0;
        };
        glance(&mut self.turn, records, field, &mut settle);
        let store = &records.stores[field.store];
        self.turn.touch(|c| store.touch_text(c));
        for t in &self.turn.pairs[..self.turn.len] {
            settle(t.at, records.look(k, field, t.low, t.high, &mut self.scratch));
        }
        if lost {
            self.waiting.retain(|w| w.room >= 0.0);
        }
    }
}

/// Settles what lies side by side for each value tells. What kind of value it is, is asked once and not for every pair.
fn glance(turn: &mut Turn, records: &Records, field: &Field, settle: impl FnMut(u32, u8)) {
    let store = &records.stores[field.store];
    match records.glancing(field) {
        Glance::Never => turn.touch(|c| store.touch(c)),
        Glance::Always(level) => turn.settle(|_, _| Some(level), settle),
        Glance::Dates(v) => {
            turn.touch(|c| u64::from(v[c as usize].year));
            turn.settle(
                |a, b| Some(super::date::unequal(v[a as usize], v[b as usize])),
                settle,
            );
        }
        Glance::Names(v) => {
            turn.touch(|c| v.letters(c));
            turn.settle(|a, b| v.at_a_glance(a, b), settle);
        }
        Glance::Texts(v) => {
            turn.touch(|c| v.touch(c));
            turn.touch(|c| v.touch_words(c));
            turn.settle(|a, b| v.at_a_glance(a, b), settle);
        }
        Glance::Places(v) => {
            turn.touch(|c| v.touch(c));
            turn.settle(|a, b| v.far_apart_places(a, b), settle);
        }
        Glance::Codes(v, last) => {
            turn.touch(|c| v.letters(c));
            turn.settle(|a, b| v.far_apart(a, b).then_some(last), settle);
        }
    }
}

/// Which codes of two rows are equal, and which are missing in neither: the lowest bit of a field's four.
#[inline]
fn agreement(x: &[u32], y: &[u32]) -> (u64, u64) {
    let one = |x: u32, y: u32, k: usize| {
        let (equal, both) = (u64::from(x == y), u64::from((x != 0) & (y != 0)));
        (equal << (4 * k), both << (4 * k))
    };
    let ((fours, rest), (others, other_rest)) = (x.as_chunks::<4>(), y.as_chunks::<4>());
    let (mut equal, mut both, mut at) = (0, 0, 0);
    for (x, y) in fours.iter().zip(others) {
        let all = [0, 1, 2, 3].map(|k| one(x[k], y[k], k));
        equal |= (all[0].0 | all[1].0 | all[2].0 | all[3].0) << at;
        both |= (all[0].1 | all[1].1 | all[2].1 | all[3].1) << at;
        at += 16;
    }
    for (k, (x, y)) in rest.iter().zip(other_rest).enumerate() {
        let (e, b) = one(*x, *y, k);
        equal |= e << at;
        both |= b << at;
    }
    (equal, both)
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

    /// For every record its pattern with an identical copy of itself.
    #[must_use]
    pub fn own_patterns(&self) -> Vec<Pattern> {
        let mut all = self.exact_patterns();
        for (k, field) in self.fields.iter().enumerate().take(MOST) {
            let Some(custom) = &field.custom else { continue };
            let rows = self.rows.par_chunks(self.width());
            all.par_iter_mut()
                .zip(rows)
                .for_each(|(pattern, row)| *pattern |= u64::from(custom.level(self, row, row)) << (4 * k));
        }
        all
    }

    /// For every record the levels of exact agreement of its values, as a pattern; 0 where a value is missing.
    #[must_use]
    pub fn exact_patterns(&self) -> Vec<Pattern> {
        let width = self.width().max(1);
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

//! Fields of records as codes, and the pattern of two records.
#![expect(
    clippy::indexing_slicing,
    reason = "codes and record numbers index arrays made together"
)]

use super::{
    MOST, Pattern,
    cache::Scratch,
    custom::Custom,
    date::{self, Day},
    level::{exact_levels, last_level},
    names::{self, NameValues},
    place,
    symbols::Symbols,
    value::{Detail, Values},
    words::{self, TextValues},
};
use crate::{kernel::osa, profile::Kind, source::Sources};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// One field: how its values are compared.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Field {
    /// Column name.
    pub name: String,
    /// Kind.
    pub kind: Kind,
    /// Which store of values it uses.
    pub store: usize,
    /// What each level is called; index 0 is missing.
    pub levels: Vec<String>,
    /// How a comparison made of conditions is evaluated; none for the built-in kinds.
    pub custom: Option<Box<Custom>>,
    /// Fixed m and u per level, from settings; empty when all are learned.
    pub fixed: Vec<(Option<f64>, Option<f64>)>,
    /// Level of exact agreement for each code.
    pub exact: Vec<u8>,
    /// How often each code occurs.
    pub counts: Vec<u32>,
    /// Relative frequencies above which the next exact level begins, ascending.
    pub bands: Vec<f64>,
    /// Pairs of codes learned to stand for the same thing (lower code in the high half).
    pub together: HashSet<u64>,
}

/// What a first look at two unequal values of a field goes by, the lower code first.
pub(super) enum Glance<'a> {
    /// Nothing is known at a glance.
    Never,
    /// Unequal is all there is to know.
    Always(u8),
    Dates(&'a [Day]),
    Names(&'a NameValues),
    Texts(&'a TextValues),
    Places(&'a Symbols),
    /// With the level of values that are far apart.
    Codes(&'a Symbols, u8),
}

/// Distinct values from which on levels are not remembered.
const MANY: usize = 100_000;

impl Field {
    /// The last level: "different".
    #[must_use]
    pub fn last(&self) -> usize {
        self.levels.len().saturating_sub(1)
    }

    /// How many levels mean exact agreement.
    #[must_use]
    pub fn exact_levels(&self) -> usize {
        usize::from(exact_levels(self.kind))
    }
}

/// All records of a run, row by row.
///
/// What is serialised is everything but the rows: the values and how they are compared. With it, rows of codes that
/// travel on their own are compared by [`Records::pattern_of`] as they are here.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Records {
    /// Fields in pattern order.
    pub fields: Vec<Field>,
    /// Further columns that only conditions look at; their codes follow those of the fields in each row.
    pub inputs: Vec<Field>,
    /// Stores of values.
    pub stores: Vec<Values>,
    /// Codes, `fields.len() + inputs.len()` per record.
    #[serde(skip)]
    pub rows: Vec<u32>,
    /// Number of records.
    pub len: usize,
    /// Which records came from which source, and so which pairs count.
    pub sources: Sources,
    /// Positions of a given-name and a family-name field that share a store, for swapped names.
    pub swap: Option<(usize, usize)>,
    /// Position of a field of further given names in the same store.
    pub others: Option<usize>,
}

/// Sets exact levels from counts: `bands` are relative frequencies.
#[must_use]
pub fn exact_table(kind: Kind, counts: &[u32], total: f64, bands: &[f64]) -> Vec<u8> {
    let most = exact_levels(kind).max(1);
    counts
        .iter()
        .map(|&c| {
            let p = f64::from(c) / total.max(1.0);
            let above = bands.iter().filter(|b| p > **b).count();
            u8::try_from(above + 1).unwrap_or(1).min(most)
        })
        .collect()
}

/// Where exact levels begin: equal steps of the logarithm between one record and the most frequent value.
#[must_use]
pub fn frequency_bands(kind: Kind, counts: &[u32], total: f64) -> Vec<f64> {
    let levels = exact_levels(kind);
    let present: Vec<u32> = counts.iter().skip(1).copied().filter(|c| *c > 0).collect();
    let max = f64::from(present.iter().max().copied().unwrap_or(1)).max(2.0);
    if levels == 2 {
        let mean = present.iter().map(|&c| f64::from(c)).sum::<f64>()
            / f64::from(u32::try_from(present.len().max(1)).unwrap_or(1));
        return vec![4.0 * mean / total.max(1.0)];
    }
    (1..levels)
        .map(|k| max.powf(f64::from(k) / f64::from(levels)) * 1.000_001 / total.max(1.0))
        .collect()
}

impl Records {
    /// Every column of a row: fields, then inputs.
    pub fn columns(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().chain(&self.inputs)
    }

    /// The column at a row position.
    #[must_use]
    pub fn column(&self, position: usize) -> Option<&Field> {
        self.fields
            .get(position)
            .or_else(|| self.inputs.get(position.checked_sub(self.fields.len())?))
    }

    /// Codes per record.
    #[inline]
    pub(super) const fn width(&self) -> usize {
        self.fields.len() + self.inputs.len()
    }

    /// The codes of a record.
    #[inline]
    #[must_use]
    pub fn row(&self, record: u32) -> &[u32] {
        let w = self.width();
        let from = record as usize * w;
        &self.rows[from..from + w]
    }

    /// The pattern of two records of this table.
    #[inline]
    #[must_use]
    pub fn pattern(&self, i: u32, j: u32, scratch: &mut Scratch) -> Pattern {
        self.pattern_of(self.row(i), self.row(j), scratch)
    }

    /// The pattern of two rows of codes.
    #[inline]
    #[must_use]
    pub fn pattern_of(&self, x: &[u32], y: &[u32], scratch: &mut Scratch) -> Pattern {
        let mut pattern = 0;
        for (k, field) in self.fields.iter().enumerate().take(MOST) {
            if let Some(custom) = &field.custom {
                pattern |= u64::from(custom.level(self, x, y)) << (4 * k);
                continue;
            }
            let (a, b) = (x[k], y[k]);
            let level = if a == 0 || b == 0 {
                continue;
            } else if a == b {
                field.exact[a as usize]
            } else {
                self.unequal(k, field, a.min(b), a.max(b), scratch)
            };
            pattern |= u64::from(level) << (4 * k);
        }
        match self.swap {
            Some((g, f)) => self.swapped(x, y, g, f, pattern),
            None => pattern,
        }
    }

    pub(super) fn swapped(&self, x: &[u32], y: &[u32], g: usize, f: usize, pattern: Pattern) -> Pattern {
        let pattern = self.other_name(x, y, g, pattern);
        let (lg, lf) = (super::level_of(pattern, g), super::level_of(pattern, f));
        let weak = |l: usize| l == 0 || l >= 10;
        if !(weak(lg) && weak(lf)) {
            return pattern;
        }
        let first = x[g] != 0 && x[g] == y[f];
        let second = x[f] != 0 && x[f] == y[g];
        // one name found on the other side is one piece of evidence, so it is stated once
        let (given, family): (u64, u64) = match (first, second) {
            (true, true) => (11, 11),
            (false, false) => return pattern,
            _ => (12, 0),
        };
        let clear = !((15 << (4 * g)) | (15 << (4 * f)));
        (pattern & clear) | (given << (4 * g)) | (family << (4 * f))
    }

    /// A given name that is one of the other's further names is not simply different.
    fn other_name(&self, x: &[u32], y: &[u32], g: usize, pattern: Pattern) -> Pattern {
        let Some(o) = self.others.filter(|o| *o != g) else {
            return pattern;
        };
        let level = super::level_of(pattern, g);
        let hit = (x[g] != 0 && x[g] == y[o]) || (y[g] != 0 && y[g] == x[o]);
        if hit && (level == 0 || level >= 10) {
            (pattern & !(15 << (4 * g))) | (12 << (4 * g))
        } else {
            pattern
        }
    }

    #[inline]
    pub(super) fn unequal(&self, k: usize, field: &Field, a: u32, b: u32, scratch: &mut Scratch) -> u8 {
        match self.glance(field, a, b) {
            Some(level) => level,
            None => self.look(k, field, a, b, scratch),
        }
    }

    /// What a first look at two unequal values of a field can tell.
    #[inline]
    pub(super) fn glancing(&self, field: &Field) -> Glance<'_> {
        let store = &self.stores[field.store];
        if let Detail::Dates(v) = &store.detail {
            return Glance::Dates(v);
        }
        if store.many() || !field.together.is_empty() {
            return Glance::Never;
        }
        match (&store.detail, field.kind) {
            (Detail::Plain, kind) => Glance::Always(last_level(kind)),
            (Detail::Names(v), Kind::GivenName | Kind::FamilyName) => Glance::Names(v),
            (Detail::Text(v), _) => Glance::Texts(v),
            (Detail::Symbols(v), Kind::Postcode) => Glance::Places(v),
            (Detail::Symbols(v), kind @ (Kind::Digits | Kind::Code)) => Glance::Codes(v, last_level(kind)),
            _ => Glance::Never,
        }
    }

    /// The level of two unequal values, if what lies side by side for each tells it.
    #[inline]
    fn glance(&self, field: &Field, a: u32, b: u32) -> Option<u8> {
        match self.glancing(field) {
            Glance::Never => None,
            Glance::Always(level) => Some(level),
            Glance::Dates(v) => Some(date::unequal(v[a as usize], v[b as usize])),
            Glance::Names(v) => v.at_a_glance(a, b),
            Glance::Texts(v) => v.at_a_glance(a, b),
            Glance::Places(v) => v.far_apart_places(a, b),
            Glance::Codes(v, last) => v.far_apart(a, b).then_some(last),
        }
    }

    /// The level of two unequal values that a glance did not tell.
    pub(super) fn look(&self, k: usize, field: &Field, a: u32, b: u32, scratch: &mut Scratch) -> u8 {
        let store = &self.stores[field.store];
        // letters of short strings are compared as quickly as a level is remembered; and among so many values a pair
        // hardly comes twice
        if matches!(store.detail, Detail::Symbols(_)) || store.dict.len() > MANY {
            return self.compute(field, a, b, scratch);
        }
        if let Some(level) = scratch.find(k, a, b) {
            return level;
        }
        let level = self.compute(field, a, b, scratch);
        scratch.keep(k, a, b, level);
        level
    }

    /// Several values in one cell: the best level over pairs of elements.
    fn best_element(&self, field: &Field, a: u32, b: u32, scratch: &mut Scratch) -> Option<u8> {
        let store = &self.stores[field.store];
        let (xs, ys) = (store.elements(a), store.elements(b));
        if xs.is_empty() && ys.is_empty() {
            return None;
        }
        let (one_a, one_b) = ([a], [b]);
        let xs = if xs.is_empty() { one_a.as_slice() } else { xs };
        let ys = if ys.is_empty() { one_b.as_slice() } else { ys };
        let level = |x: u32, y: u32, scratch: &mut Scratch| {
            if x == y {
                field.exact[x as usize]
            } else {
                self.compute(field, x.min(y), x.max(y), scratch)
            }
        };
        xs.iter()
            .flat_map(|&x| ys.iter().map(move |&y| (x, y)))
            .map(|(x, y)| level(x, y, scratch))
            .min()
    }

    fn compute(&self, field: &Field, a: u32, b: u32, scratch: &mut Scratch) -> u8 {
        let store = &self.stores[field.store];
        if let Some(level) = self.best_element(field, a, b, scratch) {
            return level;
        }
        let last = last_level(field.kind);
        let level = match &store.detail {
            Detail::Plain => last,
            Detail::Dates(v) => date::unequal(v[a as usize], v[b as usize]),
            Detail::Numbers(v) => number(v[a as usize], v[b as usize]),
            Detail::Symbols(v) => {
                if field.kind == Kind::Email {
                    return email(store.dict.get(a), store.dict.get(b));
                }
                let mut distance = || {
                    let near = v.within_two(a, b);
                    if near {
                        osa(scratch.prepare(field.store, a, v.get(a)), v.get(b))
                    } else {
                        9
                    }
                };
                match field.kind {
                    Kind::Postcode => place::postcode(distance(), v.place(a), v.place(b)),
                    _ => place::digits(distance, v.get(a), v.get(b)),
                }
            }
            Detail::Names(v) if field.kind == Kind::FullName => {
                let p = scratch.fresh();
                names::full(p, v, a, b, |w| v.word_count(w) <= store.few)
            }
            Detail::Names(v) => v.at_a_glance(a, b).unwrap_or_else(|| {
                let rare = field.exact[a as usize].max(field.exact[b as usize]) <= 2;
                names::name(|s| scratch.prepare(field.store, a, s), v, a, b, rare)
            }),
            Detail::Text(v) => words::text(|s| scratch.prepare(field.store, a, s), v, a, b),
        };
        let learned =
            !field.together.is_empty() && field.together.contains(&(u64::from(a) << 32 | u64::from(b)));
        match field.kind {
            Kind::Category if learned => 4,
            Kind::Text if learned && level >= 8 => 12,
            Kind::GivenName | Kind::FamilyName if learned && level >= 8 => 5,
            _ => level,
        }
    }
}

fn number(a: f64, b: f64) -> u8 {
    let apart = (a - b).abs() / a.abs().max(b.abs()).max(1e-12);
    if apart <= 0.01 {
        3
    } else if apart <= 0.1 {
        4
    } else {
        5
    }
}

fn email(a: &[u8], b: &[u8]) -> u8 {
    let split = |v: &'_ [u8]| {
        v.iter()
            .position(|c| *c == b'@')
            .map_or((v.to_vec(), Vec::new()), |k| (v[..k].to_vec(), v[k..].to_vec()))
    };
    let ((la, da), (lb, db)) = (split(a), split(b));
    if la == lb {
        return 3;
    }
    let similarity = rapidfuzz::distance::jaro_winkler::similarity(la.iter(), lb.iter());
    if similarity >= 0.92 {
        4
    } else if da == db && !da.is_empty() {
        5
    } else {
        6
    }
}

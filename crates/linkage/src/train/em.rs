//! Expectation–maximisation of a Fellegi–Sunter mixture on counted patterns.
//!
//! I. P. Fellegi and A. B. Sunter (1969), JASA 64:1183–1210; W. E. Winkler (1988, 1993) on EM and on several latent
//! classes. Candidate pairs are a selection, so the stranger class is not estimated from them: it has fixed shape `u` and a
//! fixed absolute size, the number of all pairs. What is left over goes to the match class and to *anchored*
//! alternatives: different people who agree more than strangers do, on some fields only — one home, one street,
//! one tradition of names. On every other field an alternative is held to look like strangers, which keeps it from
//! taking worn records of one person.
#![expect(
    clippy::indexing_slicing,
    reason = "fields and levels index arrays of fixed size"
)]

use super::{
    personal::{Personal, hold, learn_within, partly_free},
    random::Levels,
    sample::Sample,
};
use crate::{
    compare::{Records, level_of},
    profile::Kind,
};
use rayon::prelude::*;

/// Different people who agree on some fields for a reason.
#[derive(Clone, Debug)]
pub struct Alternative {
    /// In words, for explanations.
    pub name: &'static str,
    /// Fields on which it differs from strangers in ways to be learned.
    pub free: Vec<bool>,
    /// Fields on which it differs from strangers by a fixed small share of matches: twins have one birth date.
    pub held: Vec<bool>,
    /// Level probabilities, of free and held fields only.
    pub levels: Vec<Levels>,
    /// Expected number of such pairs.
    pub pairs: f64,
}

/// A fitted mixture.
#[derive(Clone, Debug)]
pub struct Mixture {
    /// Level probabilities of true matches, per field.
    pub m: Vec<Levels>,
    /// Level probabilities of strangers, per field (cleaned of matches).
    pub u: Vec<Levels>,
    /// Alternatives.
    pub alternatives: Vec<Alternative>,
    /// Expected number of matches among the candidates.
    pub matches: f64,
    /// Number of all pairs.
    pub all_pairs: f64,
    /// Expected matches after every round.
    pub history: Vec<f64>,
    /// Share of matches that differ in given names, and share that differ in dates, before both were held: where they are
    /// most of the class, it is not one of records of one person.
    pub different: [f64; 2],
}

impl Mixture {
    /// Whether the match class has become one of different people: nearly all of it differ in given name or date.
    #[must_use]
    pub fn astray(&self) -> bool {
        self.different.iter().all(|x| *x > 0.0) && self.different.iter().sum::<f64>() > ASTRAY
    }
}

/// Among records of one person a given name and a date each differ in at most one pair of five ([`MOST_DIFFERENT`]).
const ASTRAY: f64 = 0.8;

/// Starting values and what is held fixed.
#[derive(Clone, Debug)]
pub struct Start {
    /// Prior guess of match level probabilities.
    pub m: Vec<Levels>,
    /// Stranger level probabilities.
    pub u: Vec<Levels>,
    /// Alternatives to allow for.
    pub alternatives: Vec<Alternative>,
    /// All pairs there are.
    pub all_pairs: f64,
    /// First guess of the number of matches.
    pub matches: f64,
    /// Probability that two random records match, if it is held fixed.
    pub prior: Option<f64>,
    /// Fixed m per field and level; `None` where it is learned.
    pub fixed_m: Vec<[Option<f64>; 16]>,
}

/// Starting values for records: agreement is likely in matches, split over exact levels by how records fall on them.
#[must_use]
pub fn start(records: &Records, u: Vec<Levels>) -> Start {
    #[expect(clippy::cast_precision_loss, reason = "a count of records")]
    let n = records.len as f64;
    let all_pairs = records.sources.pairs();
    let m: Vec<Levels> = records
        .fields
        .iter()
        .map(|f| {
            let (exact, last) = (f.exact_levels(), f.last());
            let mut mass = [0.0; 16];
            for (code, &c) in f.counts.iter().enumerate().skip(1) {
                mass[usize::from(f.exact[code])] += f64::from(c);
            }
            let total: f64 = mass.iter().sum::<f64>().max(1.0);
            let mut out = [0.0; 16];
            for l in 1..=exact {
                out[l] = 0.8 * (mass[l] / total).max(0.005);
            }
            #[expect(clippy::cast_precision_loss, reason = "a few levels")]
            let between = last.saturating_sub(exact + 1).max(1) as f64;
            for o in &mut out[exact + 1..last] {
                *o = 0.12 / between;
            }
            out[last] = 0.08;
            if exact == 0 {
                // conditions, best first: most matches on the first level
                for (l, o) in out[1..=last].iter_mut().enumerate() {
                    *o = if l == 0 { 0.7 } else { 0.3 / between };
                }
            }
            normalise(&mut out, last);
            out
        })
        .collect();
    let matches = 0.3 * n;
    let alternatives = alternatives(records, &m, &u, matches);
    let fixed_m = vec![[None; 16]; records.fields.len()];
    let mut start = Start {
        m,
        u,
        alternatives,
        all_pairs,
        matches,
        prior: None,
        fixed_m,
    };
    for (k, f) in records.fields.iter().enumerate() {
        for (l, (m, u)) in f.fixed.iter().enumerate().take(16) {
            start.fixed_m[k][l] = *m;
            start.m[k][l] = m.unwrap_or(start.m[k][l]);
            start.u[k][l] = u.unwrap_or(start.u[k][l]);
        }
    }
    start
}

/// Share of relatives with one given name or birth date: twins, sons named after fathers.
const SHARED: f64 = 0.02;

/// The alternatives that the kinds of fields allow for.
fn alternatives(records: &Records, m: &[Levels], u: &[Levels], pairs: f64) -> Vec<Alternative> {
    let personal = |k: Kind| matches!(k, Kind::GivenName | Kind::Date | Kind::Email | Kind::FullName);
    let place = |k: Kind| matches!(k, Kind::Postcode | Kind::Text | Kind::Code);
    let names = |k: Kind| matches!(k, Kind::GivenName | Kind::FamilyName | Kind::Category);
    if !records.fields.iter().any(|f| personal(f.kind)) {
        return Vec::new();
    }
    let make = |name: &'static str,
                free: &dyn Fn(Kind) -> bool,
                sure: &dyn Fn(Kind) -> bool,
                (family, named): (bool, bool)| {
        let mask: Vec<bool> = records.fields.iter().map(|f| free(f.kind)).collect();
        let levels = records
            .fields
            .iter()
            .enumerate()
            .map(|(k, f)| {
                let a = if !mask[k] {
                    SHARED
                } else if sure(f.kind) {
                    0.7
                } else {
                    0.2
                };
                let mut out = [0.0; 16];
                for (l, o) in out.iter_mut().enumerate() {
                    *o = a * m[k][l] + (1.0 - a) * u[k][l];
                }
                normalise(&mut out, f.last());
                out
            })
            .collect();
        let places = records
            .fields
            .iter()
            .filter(|f| free(f.kind) && place(f.kind))
            .count();
        let enough = mask.iter().filter(|x| **x).count() >= 2 || family && places > 0;
        // who is called alike writes alike: addresses of mail are mostly made of names
        let mail = |k: usize| records.fields[k].kind == Kind::Email;
        let held = (0..mask.len()).map(|k| !mask[k] && (family || named && mail(k)));
        enough.then_some(Alternative {
            name,
            held: held.collect(),
            free: mask,
            levels,
            pairs,
        })
    };
    let home = make(
        "same home or family",
        &|k| !personal(k),
        &|k| place(k) || k == Kind::FamilyName,
        (true, false),
    );
    let street = make("same neighbourhood", &place, &place, (false, false));
    let tradition = make(
        "names that go together",
        &names,
        &|k| k == Kind::Category,
        (false, true),
    );
    [home, street, tradition].into_iter().flatten().collect()
}

fn normalise(levels: &mut Levels, last: usize) {
    let total: f64 = levels[1..=last].iter().sum();
    for l in &mut levels[1..=last] {
        *l /= total.max(1e-300);
    }
}

/// Largest number of classes.
const CLASSES: usize = 5;

/// Logarithms relative to strangers: class 0 is matches, then alternatives.
struct Logs {
    /// Per field and level, one entry per class.
    tables: Vec<[[f64; CLASSES]; 16]>,
    prior: [f64; CLASSES],
    classes: usize,
}

impl Mixture {
    fn logs(&self) -> Logs {
        let classes = 1 + self.alternatives.len();
        let mut prior = [f64::NEG_INFINITY; CLASSES];
        prior[0] = (self.matches.max(1e-9) / self.all_pairs.max(1.0)).ln();
        for (p, a) in prior[1..].iter_mut().zip(&self.alternatives) {
            *p = (a.pairs.max(1e-9) / self.all_pairs.max(1.0)).ln();
        }
        let tables = (0..self.m.len())
            .map(|k| {
                let mut t = [[0.0; CLASSES]; 16];
                for (l, row) in t.iter_mut().enumerate().skip(1) {
                    let u = self.u[k][l].max(1e-12);
                    row[0] = (self.m[k][l].max(1e-12) / u).ln();
                    for (c, a) in self.alternatives.iter().enumerate() {
                        if a.free[k] || a.held[k] {
                            row[c + 1] = (a.levels[k][l].max(1e-12) / u).ln();
                        }
                    }
                }
                t
            })
            .collect();
        Logs {
            tables,
            prior,
            classes,
        }
    }

    /// Logarithm of how likely a sample's patterns are, up to what all models of one start have in common: patterns come
    /// as by a Poisson process, at the rate of strangers, matches and alternatives together.
    #[must_use]
    pub fn likelihood(&self, sample: &Sample) -> f64 {
        let logs = self.logs();
        let expected = self.matches + self.alternatives.iter().map(|a| a.pairs).sum::<f64>();
        let rows = sample.patterns.iter().zip(&sample.weights);
        let seen: f64 = rows
            .map(|(&p, w)| {
                let mut s = logs.prior;
                let mut stranger = 0.0;
                for (k, t) in logs.tables.iter().enumerate() {
                    let level = level_of(p, k);
                    s.iter_mut().zip(&t[level]).for_each(|(x, y)| *x += y);
                    if level > 0 {
                        stranger += self.u[k][level].max(1e-12).ln();
                    }
                }
                let others: f64 = s[..logs.classes].iter().map(|x| x.exp()).sum();
                w * (stranger + others.ln_1p())
            })
            .sum();
        seen - expected
    }

    /// Posterior probability of a match for every pattern of a sample.
    #[must_use]
    pub fn posteriors(&self, sample: &Sample) -> Vec<f64> {
        let logs = self.logs();
        sample
            .patterns
            .par_iter()
            .with_min_len(4096)
            .map(|&p| responsibilities(&logs, p)[0])
            .collect()
    }
}

/// Probabilities of matches and alternatives; strangers have the rest.
fn responsibilities(logs: &Logs, pattern: u64) -> [f64; CLASSES] {
    let mut s = logs.prior;
    for (k, t) in logs.tables.iter().enumerate() {
        let row = &t[level_of(pattern, k)];
        for (x, y) in s.iter_mut().zip(row) {
            *x += y;
        }
    }
    let used = &mut s[..logs.classes];
    let top = used.iter().fold(0.0_f64, |m, x| m.max(*x));
    let mut total = (-top).exp();
    for x in used.iter_mut() {
        *x = (*x - top).exp();
        total += *x;
    }
    for x in used {
        *x /= total;
    }
    s
}

/// Sums of one round, by class.
struct Sums {
    levels: Vec<Vec<Levels>>,
    totals: [f64; CLASSES],
}

fn round(logs: &Logs, sample: &Sample, fields: usize, apart: Option<&Personal>) -> Sums {
    let size = 8_192;
    let empty = || Sums {
        levels: vec![vec![[0.0; 16]; fields]; logs.classes],
        totals: [0.0; CLASSES],
    };
    // fixed chunks, added up in order: the same result on any number of threads
    let parts: Vec<Sums> = sample
        .patterns
        .par_chunks(size)
        .zip(sample.weights.par_chunks(size))
        .map(|(patterns, weights)| {
            let mut s = empty();
            for (&p, &w) in patterns.iter().zip(weights) {
                let mut r = responsibilities(logs, p);
                if apart.is_some_and(|a| a.differ(p)) {
                    let rest = (1.0 - r[0]).max(1e-12);
                    r[0] = 0.0;
                    r.iter_mut().for_each(|x| *x /= rest);
                }
                for (c, levels) in s.levels.iter_mut().enumerate() {
                    let x = w * r[c];
                    s.totals[c] += x;
                    if x > 1e-7 {
                        for (k, row) in levels.iter_mut().enumerate() {
                            row[level_of(p, k)] += x;
                        }
                    }
                }
            }
            s
        })
        .collect();
    parts.into_iter().fold(empty(), |mut a, b| {
        for (x, y) in a.totals.iter_mut().zip(&b.totals) {
            *x += y;
        }
        for (x, y) in a
            .levels
            .iter_mut()
            .flatten()
            .flatten()
            .zip(b.levels.iter().flatten().flatten())
        {
            *x += y;
        }
        a
    })
}

/// Weight of the starting values as pseudo-observations: keeps unseen levels away from zero.
pub(super) const PRIOR: f64 = 8.0;

/// Fits a mixture; with `alternatives` false, of matches and strangers only.
///
/// Where the match class goes [astray](Mixture::astray) it is fitted once more, and pairs whose given names and dates both
/// differ are then not learned from as matches.
#[must_use]
pub fn fit(records: &Records, sample: &Sample, start: &Start, alternatives: bool, rounds: usize) -> Mixture {
    let personal = Personal::of(records);
    let first = climb(records, sample, (start, alternatives), rounds, (&personal, false));
    if first.astray() {
        return climb(records, sample, (start, alternatives), rounds, (&personal, true));
    }
    first
}

fn climb(
    records: &Records,
    sample: &Sample,
    (start, alternatives): (&Start, bool),
    rounds: usize,
    (personal, apart): (&Personal, bool),
) -> Mixture {
    let fields = records.fields.len();
    let mut x = Mixture {
        m: start.m.clone(),
        u: start.u.clone(),
        alternatives: if alternatives {
            start.alternatives.clone()
        } else {
            Vec::new()
        },
        matches: start.matches,
        all_pairs: start.all_pairs,
        history: Vec::new(),
        different: [0.0; 2],
    };
    for _ in 0..rounds {
        let before = x.matches;
        let sums = round(&x.logs(), sample, fields, apart.then_some(personal));
        x.different = personal.shares(&sums.levels[0]);
        x.matches = start.prior.map_or(sums.totals[0].max(1.0), |p| p * x.all_pairs);
        for k in 0..fields {
            let last = records.fields[k].last();
            update(&mut x.m[k], &sums.levels[0][k], &start.m[k], last);
            hold(&mut x.m[k], records.fields[k].kind, last);
            for (p, fixed) in x.m[k].iter_mut().zip(&start.fixed_m[k]) {
                *p = fixed.unwrap_or(*p);
            }
            if records.fields[k].fixed.iter().any(|(_, u)| u.is_some()) {
                continue;
            }
            x.u[k] = clean(&start.u[k], &x.m[k], x.matches / x.all_pairs, last);
        }
        for (c, a) in x.alternatives.iter_mut().enumerate() {
            a.pairs = sums.totals[c + 1].max(1e-3);
            for k in (0..fields).filter(|&k| a.free[k]) {
                let last = records.fields[k].last();
                update(
                    &mut a.levels[k],
                    &sums.levels[c + 1][k],
                    &start.alternatives[c].levels[k],
                    last,
                );
            }
            for k in (0..fields).filter(|&k| a.held[k]) {
                if let Some(free) = partly_free(records.fields[k].kind) {
                    let first = &start.alternatives[c].levels[k];
                    learn_within(free, &mut a.levels[k], &sums.levels[c + 1][k], first);
                }
            }
        }
        x.history.push(x.matches);
        if (x.matches - before).abs() < 2e-5 * x.matches {
            break;
        }
    }
    x
}

fn update(p: &mut Levels, sums: &Levels, prior: &Levels, last: usize) {
    for l in 1..=last {
        p[l] = sums[l] + PRIOR * prior[l];
    }
    normalise(p, last);
}

/// Random pairs contain a few matches; in small, dense data they are most of the agreements on rare values.
fn clean(u: &Levels, m: &Levels, share: f64, last: usize) -> Levels {
    let mut out = *u;
    for l in 1..=last {
        out[l] = (u[l] - share * m[l]).max(0.03 * u[l]);
    }
    normalise(&mut out, last);
    out
}

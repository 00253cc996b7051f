//! A learned model: everything needed to score two records, as data.
//!
//! The score of a pair is, in bits,
//!
//! ```text
//! prior + Σ log2(m_k / u_k) + corrections − log2(1 + alternatives)
//! ```
//!
//! where the last term weighs the possibility that the two are different people with a reason to agree (one home,
//! one street, names that go together) against their being strangers. The match probability is `1 / (1 + 2^−score)` after calibration, which is itself a term of the sum.
#![expect(
    clippy::indexing_slicing,
    reason = "levels are below 16; tables have 16 entries per field"
)]

use crate::{
    LinkError,
    block::Rule,
    compare::{Bounds, Pattern, Records, level_of},
    profile::Kind,
    train::em::Mixture,
};
use serde::{Deserialize, Serialize};

pub use crate::calibration::Calibration;

/// One field of a model.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct FieldModel {
    /// Column name.
    pub name: String,
    /// Kind, which fixes the levels.
    pub kind: Kind,
    /// What each level is called; index 0 is missing.
    pub levels: Vec<String>,
    /// Relative frequencies at which exact agreement moves to the next level.
    pub bands: Vec<f64>,
    /// P(level | same person), per level from 1; index 0 (missing) is 0.
    pub m: Vec<f64>,
    /// P(level | strangers).
    pub u: Vec<f64>,
}

impl FieldModel {
    /// What a level says, in bits; nothing where the value is missing.
    #[must_use]
    pub fn weight(&self, level: usize) -> f64 {
        match (self.m.get(level), self.u.get(level)) {
            (Some(m), Some(u)) if level > 0 => (m.max(1e-9) / u.max(1e-12)).log2(),
            _ => 0.0,
        }
    }
}

/// Different people who agree on some fields for a reason: one home, one street, names that go together.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct AlternativeModel {
    /// In words.
    pub name: String,
    /// log2 of how many such pairs there are per pair of records.
    pub rate: f64,
    /// P(level | this alternative) per field; empty where it is as for strangers.
    pub levels: Vec<Vec<f64>>,
}

/// A correction for two fields together: levels that occur together more or less often than independence says.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Correction {
    /// First field number.
    pub a: usize,
    /// Second field number; the same as `a` for a correction of one field.
    pub b: usize,
    /// Bits by `16 * level of a + level of b`.
    pub bits: Vec<f64>,
}

/// A learned model.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Model {
    /// Version of this format.
    pub version: u32,
    /// Fields in pattern order.
    pub fields: Vec<FieldModel>,
    /// log2 of the odds that two random records are the same person.
    pub prior: f64,
    /// What else than the same person could explain agreement.
    pub alternatives: Vec<AlternativeModel>,
    /// Corrections for dependence between fields.
    pub corrections: Vec<Correction>,
    /// From raw to calibrated score.
    pub calibration: Calibration,
    /// Pairs at or above this probability count as links.
    pub threshold: f64,
    /// Rules that make candidate pairs.
    pub rules: Vec<Rule>,
    /// Records it was learned from.
    pub records: u64,
    /// Seed used.
    pub seed: u64,
}

/// Version written into models.
pub const VERSION: u32 = 1;

fn alternative(records: &Records, mixture: &Mixture, a: &crate::train::em::Alternative) -> AlternativeModel {
    let levels = records.fields.iter().enumerate().map(|(k, f)| {
        let n = f.last() + 1;
        if a.free[k] || a.held[k] {
            a.levels[k][..n].to_vec()
        } else {
            Vec::new()
        }
    });
    AlternativeModel {
        name: a.name.into(),
        rate: (a.pairs / mixture.all_pairs).log2(),
        levels: levels.collect(),
    }
}

impl Model {
    /// A model from a fitted mixture, not yet calibrated.
    #[must_use]
    pub fn new(records: &Records, mixture: &Mixture, rules: Vec<Rule>, seed: u64) -> Self {
        let table = |t: &[[f64; 16]], k: usize, n: usize| t.get(k).map_or_else(Vec::new, |l| l[..n].to_vec());
        let fields = records
            .fields
            .iter()
            .enumerate()
            .map(|(k, f)| {
                let n = f.last() + 1;
                FieldModel {
                    name: f.name.clone(),
                    kind: f.kind,
                    levels: f.levels.clone(),
                    bands: f.bands.clone(),
                    m: table(&mixture.m, k, n),
                    u: table(&mixture.u, k, n),
                }
            })
            .collect();
        Self {
            version: VERSION,
            fields,
            prior: (mixture.matches / mixture.all_pairs).log2(),
            alternatives: mixture
                .alternatives
                .iter()
                .map(|a| alternative(records, mixture, a))
                .collect(),
            corrections: Vec::new(),
            calibration: Calibration::default(),
            threshold: 0.5,
            rules,
            records: records.len as u64,
            seed,
        }
    }

    /// As JSON.
    ///
    /// # Errors
    /// Never for finite models; a non-finite number is refused.
    pub fn to_json(&self) -> Result<String, LinkError> {
        self.check()?;
        serde_json::to_string_pretty(self).map_err(|e| LinkError::Model(e.to_string()))
    }

    /// From JSON.
    ///
    /// # Errors
    /// Not a model, another version, or numbers that make no sense.
    pub fn from_json(text: &str) -> Result<Self, LinkError> {
        let model: Self = serde_json::from_str(text).map_err(|e| LinkError::Model(e.to_string()))?;
        model.check()?;
        Ok(model)
    }

    fn check(&self) -> Result<(), LinkError> {
        if self.version != VERSION {
            return Err(LinkError::Model(format!(
                "version {} is not supported; this program reads {VERSION}",
                self.version
            )));
        }
        for f in &self.fields {
            let n = f.levels.len();
            let fine = |v: &[f64]| v.len() == n && v.iter().all(|p| p.is_finite() && (0.0..=1.0).contains(p));
            if !fine(&f.m) || !fine(&f.u) {
                return Err(LinkError::Model(format!(
                    "field {}: {n} probabilities between 0 and 1 are needed",
                    f.name
                )));
            }
        }
        for a in &self.alternatives {
            let fine = |(v, f): (&Vec<f64>, &FieldModel)| {
                v.is_empty()
                    || (v.len() == f.m.len() && v.iter().all(|p| p.is_finite() && (0.0..=1.0).contains(p)))
            };
            if !a.rate.is_finite()
                || a.levels.len() != self.fields.len()
                || !a.levels.iter().zip(&self.fields).all(fine)
            {
                return Err(LinkError::Model(format!(
                    "alternative {}: one list of probabilities per field is needed",
                    a.name
                )));
            }
        }
        let bits = self
            .corrections
            .iter()
            .flat_map(|c| &c.bits)
            .chain(&self.calibration.from)
            .chain(&self.calibration.to);
        let bad = bits.chain([&self.prior, &self.threshold]).any(|x| !x.is_finite());
        let shape = self
            .corrections
            .iter()
            .any(|c| c.bits.len() != 256 || c.a.max(c.b) >= self.fields.len());
        if bad || shape || self.calibration.from.len() != self.calibration.to.len() {
            return Err(LinkError::Model(
                "a number is not finite or a table has the wrong length".into(),
            ));
        }
        Ok(())
    }

    /// Checks that records have the fields of this model, in order.
    ///
    /// # Errors
    /// Names the first field that differs.
    pub fn fits(&self, records: &Records) -> Result<(), LinkError> {
        for (k, f) in self.fields.iter().enumerate() {
            if records
                .fields
                .get(k)
                .is_none_or(|x| x.name != f.name || x.kind != f.kind)
            {
                return Err(LinkError::Model(format!(
                    "the model expects column {} as {:?}",
                    f.name, f.kind
                )));
            }
        }
        Ok(())
    }

    /// Tables for scoring.
    #[must_use]
    pub fn scorer(&self) -> Scorer {
        let log = |f: &FieldModel, top: &[f64]| {
            let mut t = [0.0; 16];
            for l in 1..top.len() {
                t[l] = (top[l].max(1e-9) / f.u[l].max(1e-12)).log2();
            }
            t
        };
        let strangers = |f: &FieldModel| {
            let mut t = [0.0; 16];
            t.iter_mut().zip(&f.u).for_each(|(t, u)| *t = u.max(1e-12));
            t
        };
        let alternatives = self.alternatives.iter().map(|a| {
            let tables = a
                .levels
                .iter()
                .zip(&self.fields)
                .enumerate()
                .filter(|(_, (v, _))| !v.is_empty());
            (a.rate, tables.map(|(k, (v, f))| (4 * k, log(f, v))).collect())
        });
        Scorer {
            prior: self.prior,
            weights: self.fields.iter().map(|f| log(f, &f.m)).collect(),
            strangers: self.fields.iter().map(strangers).collect(),
            alternatives: alternatives.collect(),
            corrections: self
                .corrections
                .iter()
                .map(|c| (4 * c.a, 4 * c.b, c.bits.clone()))
                .collect(),
            calibration: self.calibration.clone(),
        }
    }
}

/// Shift of a field in a pattern, and its table.
type Table = (usize, [f64; 16]);

/// A model turned into lookup tables.
#[derive(Clone, Debug)]
pub struct Scorer {
    prior: f64,
    weights: Vec<[f64; 16]>,
    /// P(level | strangers).
    strangers: Vec<[f64; 16]>,
    alternatives: Vec<(f64, Vec<Table>)>,
    corrections: Vec<(usize, usize, Vec<f64>)>,
    calibration: Calibration,
}

/// Probability of a score in bits.
#[must_use]
pub fn probability(bits: f64) -> f64 {
    1.0 / (1.0 + (-bits).exp2())
}

impl Scorer {
    /// Score in bits before calibration.
    #[inline]
    #[must_use]
    pub fn raw(&self, pattern: Pattern) -> f64 {
        let mut score = self.prior;
        for (k, w) in self.weights.iter().enumerate() {
            score += w[level_of(pattern, k)];
        }
        for (a, b, bits) in &self.corrections {
            score += bits[(((pattern >> a) & 15) << 4 | ((pattern >> b) & 15)) as usize];
        }
        score + self.alternative_term(pattern)
    }

    /// Calibrated score in bits.
    #[inline]
    #[must_use]
    pub fn score(&self, pattern: Pattern) -> f64 {
        self.calibration.apply(self.raw(pattern))
    }

    /// An upper bound of [`Self::raw`] that needs no logarithm.
    #[inline]
    #[must_use]
    pub fn bound(&self, pattern: Pattern) -> f64 {
        let mut score = self.prior;
        for (k, w) in self.weights.iter().enumerate() {
            score += w[level_of(pattern, k)];
        }
        for (a, b, bits) in &self.corrections {
            score += bits[(((pattern >> a) & 15) << 4 | ((pattern >> b) & 15)) as usize];
        }
        score
    }

    /// What rules a pair out before its strings are compared, for pairs of at least `floor` bits. Only a score that is the
    /// plain sum of weights, less what alternatives take away, can be bounded so; any other rules nothing out.
    #[must_use]
    pub fn bounds(&self, records: &Records, floor: f64) -> Bounds {
        let plain = self.corrections.is_empty() && self.calibration.from.is_empty();
        let floor = if plain { floor } else { f64::NEG_INFINITY };
        Bounds::new(records, self.prior, &self.weights, floor)
    }

    /// What the alternatives take away: minus log2 of one plus their odds against strangers.
    #[inline]
    fn alternative_term(&self, pattern: Pattern) -> f64 {
        let mut odds = 0.0;
        for (rate, tables) in &self.alternatives {
            let mut x = *rate;
            for (shift, t) in tables {
                x += t[((pattern >> shift) & 15) as usize];
            }
            if x > -20.0 {
                odds += x.min(200.0).exp2();
            }
        }
        if odds == 0.0 { 0.0 } else { -(1.0 + odds).log2() }
    }

    /// How often comparison `k` has one of some levels when a pair is anything but a match, judged by the other comparisons in
    /// the pattern `without` it: as among strangers, or as in the alternatives, which may claim at most `most` beyond strangers.
    #[must_use]
    pub fn agreeing_otherwise(&self, k: usize, levels: &[usize], without: Pattern, most: f64) -> f64 {
        let strangers: f64 = levels.iter().map(|l| self.strangers[k][*l]).sum();
        let (mut odds, mut agreeing) = (1.0, strangers);
        for (rate, tables) in &self.alternatives {
            let (mut x, mut own) = (*rate, None);
            for (shift, t) in tables {
                if *shift == 4 * k {
                    own = Some(t);
                } else {
                    x += t[((without >> shift) & 15) as usize];
                }
            }
            let x = x.min(200.0).exp2();
            odds += x;
            let claimed = own.map_or(strangers, |t| {
                levels.iter().map(|l| t[*l].exp2() * self.strangers[k][*l]).sum()
            });
            agreeing += x * claimed.min(strangers + most);
        }
        agreeing / odds
    }

    /// The alternative that explains a pattern best.
    fn likeliest(&self, model: &Model, pattern: Pattern) -> String {
        let odds = |(rate, tables): &(f64, Vec<Table>)| {
            tables
                .iter()
                .fold(*rate, |x, (shift, t)| x + t[((pattern >> shift) & 15) as usize])
        };
        let best = self
            .alternatives
            .iter()
            .enumerate()
            .max_by(|a, b| odds(a.1).total_cmp(&odds(b.1)));
        best.filter(|b| odds(b.1) > -3.0)
            .and_then(|(k, _)| model.alternatives.get(k))
            .map_or_else(|| "unlikely".to_owned(), |a| a.name.clone())
    }

    /// The parts of a score, in field order; they sum to it.
    #[must_use]
    pub fn explain(&self, model: &Model, pattern: Pattern) -> Explanation {
        let mut parts = vec![Part {
            what: "starting odds".into(),
            level: String::new(),
            bits: self.prior,
        }];
        for (k, f) in model.fields.iter().enumerate() {
            let l = level_of(pattern, k);
            let name = f.levels.get(l).map_or("unknown", String::as_str);
            parts.push(Part {
                what: f.name.clone(),
                level: name.into(),
                bits: self.weights[k][l],
            });
        }
        for (c, (a, b, bits)) in model.corrections.iter().zip(&self.corrections) {
            let v = bits[(((pattern >> a) & 15) << 4 | ((pattern >> b) & 15)) as usize];
            if v != 0.0 {
                let name = |k: usize| model.fields.get(k).map_or("", |f| f.name.as_str());
                let what = if c.a == c.b {
                    name(c.a).to_owned()
                } else {
                    format!("{} with {}", name(c.a), name(c.b))
                };
                parts.push(Part {
                    what,
                    level: if c.a == c.b {
                        "correction learned from labels".into()
                    } else {
                        "correction for dependence".into()
                    },
                    bits: v,
                });
            }
        }
        if !self.alternatives.is_empty() {
            let level = self.likeliest(model, pattern);
            parts.push(Part {
                what: "could be different people".into(),
                level,
                bits: self.alternative_term(pattern),
            });
        }
        let raw: f64 = self.raw(pattern);
        let score = self.calibration.apply(raw);
        if !self.calibration.from.is_empty() {
            parts.push(Part {
                what: "calibration".into(),
                level: String::new(),
                bits: score - raw,
            });
        }
        Explanation {
            parts,
            score,
            probability: probability(score),
        }
    }
}

/// One part of a score.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Part {
    /// What contributed: a field, the starting odds, a correction.
    pub what: String,
    /// The level observed, in words.
    pub level: String,
    /// Contribution in bits; positive speaks for the same person.
    pub bits: f64,
}

/// Why a pair has its score. The parts sum to `score` (up to rounding of the last bits).
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Explanation {
    /// Parts in order.
    pub parts: Vec<Part>,
    /// Their sum, in bits.
    pub score: f64,
    /// The probability stated.
    pub probability: f64,
}

//! What a model's probabilities are worth, asked without labels: one comparison at a time is left out and used as a witness.
//!
//! Pairs are put in bins by the probability worked out from all *other* comparisons. If that probability is right, and if
//! what is left out depends on the others only through whether the two records are one person, the witness must agree as
//! often as `p · m + (1 − p) · n`, where `m` is how often it agrees in matches and `n` how often in what else the pair may
//! be. What is observed instead tells which share of matches the bin must hold: the estimate of a prevalence from a
//! test that errs at known rates (W. J. Rogan and B. Gladen, 1978, American Journal of Epidemiology 107:71–76; without any gold
//! standard, S. L. Hui and S. D. Walter, 1980, Biometrics 36:167–171). It is an estimate, not a count of errors: `m` and `n` are
//! those of the model itself, and comparisons that depend on one another in matches bend it.

use crate::{
    LinkError,
    block::{Meeting, Rule},
    compare::{MOST, Pattern, Records, level_of},
    model::{Model, Scorer, probability},
    profile::Kind,
    score::Edge,
    table::mix,
    train::sample::Sample,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Most pairs asked about.
const PAIRS: usize = 24_000;
/// Bins of equally many answers.
const BINS: usize = 20;
/// Pairs below this probability are in no bin, as in [`crate::evaluate`].
const LEAST: f64 = 0.01;
/// A witness must tell a match from what else a pair may be at least so well.
const CONTRAST: f64 = 0.1;

/// Stated against implied probability in one group of pairs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Implied {
    /// Mean probability by the other comparisons.
    pub stated: f64,
    /// Share of matches that the witnesses imply.
    pub implied: f64,
    /// Where that lies in 95 of 100 cases, the pairs being independent.
    pub low: f64,
    /// The upper end of the same.
    pub high: f64,
    /// Pairs; one pair counts once for each of its witnesses.
    pub pairs: u64,
}

/// One comparison as a witness.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Witness {
    /// Its name.
    pub name: String,
    /// Pairs it could be asked about.
    pub pairs: u64,
    /// How often it should have agreed, by the model.
    pub expected: f64,
    /// How often it did.
    pub observed: f64,
    /// Mean distance of stated from implied probability, by this witness alone.
    pub gap: f64,
}

/// Which pairs were asked about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// A sample of the candidates, whatever their score: the whole range of probabilities.
    #[default]
    Candidates,
    /// Kept pairs alone, and of these such as would have been kept whatever the witness says: mostly high probabilities.
    Kept,
}

/// The check of one model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reliability {
    /// Pairs asked about.
    pub basis: Basis,
    /// Mean distance of stated from implied probability over the bins. An estimate: not the calibration error against truth.
    pub gap: f64,
    /// The gap that chance alone would give.
    pub noise: f64,
    /// Bins by stated probability.
    pub bins: Vec<Implied>,
    /// Comparisons asked.
    pub witnesses: Vec<Witness>,
}

/// One answer of one witness.
#[derive(Clone, Copy)]
struct Answer {
    stated: f64,
    /// How often the witness agrees in what else than a match the pair may be.
    other: f64,
    /// How much more often it agrees in matches.
    contrast: f64,
    agreed: bool,
}

impl Answer {
    fn expected(&self) -> f64 {
        self.other + self.stated * self.contrast
    }
    fn surprise(&self) -> f64 {
        f64::from(u8::from(self.agreed)) - self.expected()
    }
}

/// The check of a model over sampled candidates.
///
/// # Errors
/// Rules that name unknown fields.
pub fn of_sample(
    records: &Records,
    rules: &[Rule],
    model: &Model,
    sample: &Sample,
) -> Result<Reliability, LinkError> {
    let asked = Asked::new(model, f64::NEG_INFINITY);
    let wanted: Vec<u16> = sample.patterns.par_iter().map(|p| asked.wanted(*p)).collect();
    let pairs = sample
        .pairs
        .iter()
        .zip(&sample.pair_pattern)
        .filter_map(|(pair, at)| {
            let at = *at as usize;
            Some((*pair, *sample.patterns.get(at)?, *wanted.get(at)?))
        });
    let basis = Basis::Candidates;
    let out = asked.check(&Meeting::new(records, rules)?, pairs);
    Ok(Reliability { basis, ..out })
}

/// The check over the kept pairs of a run, for a model that was given and not learned: no candidate below `keep` is there.
///
/// # Errors
/// Rules that name unknown fields.
pub fn of_edges(
    records: &Records,
    rules: &[Rule],
    model: &Model,
    edges: &[Edge],
    keep: f64,
) -> Result<Reliability, LinkError> {
    let asked = Asked::new(model, (keep / (1.0 - keep).max(1e-300)).log2());
    let one_in = (edges.len() / (2 * PAIRS)).max(1) as u64;
    let pairs = edges.iter().filter_map(|e| {
        let pair = u64::from(e.left) << 32 | u64::from(e.right);
        let some = mix(!pair).is_multiple_of(one_in);
        some.then(|| (pair, e.pattern, asked.wanted(e.pattern)))
    });
    let basis = Basis::Kept;
    let out = asked.check(&Meeting::new(records, rules)?, pairs);
    Ok(Reliability { basis, ..out })
}

/// How well two models, knowing nothing of a witness, tell the pairs where it agrees from those where it does not: the best F1
/// of each over the same pairs, and how far chance alone would part them. What agrees is judged by the first model for both.
///
/// # Errors
/// Rules that name unknown fields.
pub fn separation(
    records: &Records,
    rules: &[Rule],
    (one, other): (&Model, &Model),
    sample: &Sample,
) -> Result<(f64, f64, f64), LinkError> {
    let meeting = Meeting::new(records, rules)?;
    let (asked, second) = (Asked::new(one, f64::NEG_INFINITY), other.scorer());
    let without = |k: usize, p: Pattern| {
        let p = p & !(15 << (4 * k));
        (asked.scorer.score(p), second.score(p))
    };
    let likely = (LEAST / (1.0 - LEAST)).log2();
    // relatives share family names and telephones: telling those pairs apart is not what is asked
    let own = |w: &&(usize, Vec<usize>, f64)| {
        let kind = one.fields.get(w.0).map(|f| f.kind);
        matches!(
            kind,
            Some(Kind::GivenName | Kind::FullName | Kind::Date | Kind::Email)
        )
    };
    let wanted = |p: &Pattern| {
        let fits = |k: &usize| {
            let (a, b) = without(*k, *p);
            level_of(*p, *k) > 0 && a.max(b) >= likely
        };
        let all = asked.witnesses.iter().filter(own).map(|w| w.0);
        all.filter(fits).fold(0, |m, k| m | 1 << k)
    };
    let wanted: Vec<u16> = sample.patterns.par_iter().map(wanted).collect();
    let pairs = sample
        .pairs
        .iter()
        .zip(&sample.pair_pattern)
        .filter_map(|(pair, at)| {
            let at = *at as usize;
            Some((*pair, *sample.patterns.get(at)?, *wanted.get(at)?))
        });
    let free = free(&meeting, pairs);
    let (mut by_one, mut by_other) = (Vec::new(), Vec::new());
    for (k, agrees, _) in asked.witnesses.iter().filter(own) {
        for (p, _) in free.iter().filter(|(_, f)| f >> k & 1 == 1) {
            let (a, b) = without(*k, *p);
            let agreed = agrees.contains(&level_of(*p, *k));
            by_one.push((a, agreed));
            by_other.push((b, agreed));
        }
    }
    let agreeing = by_one.iter().filter(|x| x.1).count();
    Ok((
        best_f1(by_one),
        best_f1(by_other),
        0.5 / count(agreeing.max(1)).sqrt(),
    ))
}

fn best_f1(mut scored: Vec<(f64, bool)>) -> f64 {
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let total = count(scored.iter().filter(|x| x.1).count());
    let (mut hits, mut best) = (0.0, 0.0_f64);
    for (k, (score, agreed)) in scored.iter().enumerate() {
        hits += f64::from(u8::from(*agreed));
        if scored.get(k + 1).is_none_or(|next| next.0 != *score) {
            best = best.max(2.0 * hits / (count(k + 1) + total));
        }
    }
    best
}

/// Of at most so many pairs: the witnesses that can be asked, as blocking does not depend on them.
fn free(meeting: &Meeting<'_>, pairs: impl Iterator<Item = (u64, Pattern, u16)>) -> Vec<(Pattern, u16)> {
    let all: Vec<(u64, Pattern, u16)> = pairs.filter(|p| p.2 != 0).collect();
    let one_in = all.len().div_ceil(PAIRS).max(1) as u64;
    #[expect(clippy::cast_possible_truncation, reason = "two halves of a pair")]
    all.par_iter()
        .with_min_len(512)
        .filter(|(pair, _, _)| mix(pair ^ 0x7769_746e).is_multiple_of(one_in))
        .map(|(pair, p, wanted)| (*p, meeting.without((pair >> 32) as u32, *pair as u32, *wanted)))
        .collect()
}

/// A model and what its witnesses agree on.
struct Asked<'a> {
    model: &'a Model,
    scorer: Scorer,
    /// Pairs below this score are not there, whatever else speaks for them.
    floor: f64,
    /// Per witness: the levels that speak for a match, and how often a match has one of them.
    witnesses: Vec<(usize, Vec<usize>, f64)>,
}

impl<'a> Asked<'a> {
    fn new(model: &'a Model, floor: f64) -> Self {
        let fields = model.fields.iter().enumerate().take(MOST);
        let witnesses = fields
            .filter(|(_, f)| personal(f.kind))
            .map(|(k, f)| {
                let agrees: Vec<usize> = (1..f.levels.len())
                    .filter(|l| f.m.get(*l) > f.u.get(*l))
                    .collect();
                let m = agrees.iter().filter_map(|l| f.m.get(*l)).sum();
                (k, agrees, m)
            })
            .collect();
        Self {
            model,
            scorer: model.scorer(),
            floor,
            witnesses,
        }
    }

    /// The witnesses that can be asked about pairs of a pattern, one bit each.
    fn wanted(&self, pattern: Pattern) -> u16 {
        let fits = |w: &&(usize, Vec<usize>, f64)| self.answer(w, pattern).is_some();
        self.witnesses.iter().filter(fits).fold(0, |m, w| m | 1 << w.0)
    }

    /// What a witness says about a pair, if it can be asked.
    fn answer(&self, (k, agrees, m): &(usize, Vec<usize>, f64), pattern: Pattern) -> Option<Answer> {
        let level = level_of(pattern, *k);
        let without = pattern & !(15 << (4 * k));
        let stated = probability(self.scorer.score(without));
        if level == 0 || stated < LEAST {
            return None;
        }
        let field = self.model.fields.get(*k)?;
        let kept = |l: usize| self.scorer.score(without | (l as u64) << (4 * k)) >= self.floor;
        if self.floor.is_finite() && !(1..field.levels.len()).all(kept) {
            return None;
        }
        let other = self
            .scorer
            .agreeing_otherwise(*k, agrees, without, most_shared(field.kind));
        (m - other >= CONTRAST).then(|| Answer {
            stated,
            other,
            contrast: m - other,
            agreed: agrees.contains(&level),
        })
    }

    /// Asks about pairs: each with its pattern and the witnesses that can be asked.
    fn check(&self, meeting: &Meeting<'_>, pairs: impl Iterator<Item = (u64, Pattern, u16)>) -> Reliability {
        let free = free(meeting, pairs);
        let mut out = Reliability::default();
        let mut every = Vec::new();
        for w in &self.witnesses {
            let free = free.iter().filter(|(_, f)| f >> w.0 & 1 == 1);
            let answers: Vec<Answer> = free.filter_map(|(p, _)| self.answer(w, *p)).collect();
            every.extend_from_slice(&answers);
            let name = self.model.fields.get(w.0).map_or("", |f| f.name.as_str());
            out.witnesses.extend(witness(name, answers));
        }
        out.bins = binned(every);
        (out.gap, out.noise) = gaps(&out.bins);
        out
    }
}

fn witness(name: &str, answers: Vec<Answer>) -> Option<Witness> {
    let n = count(answers.len());
    let mean = |of: &dyn Fn(&Answer) -> f64| answers.iter().map(of).sum::<f64>() / n;
    (!answers.is_empty()).then(|| Witness {
        name: name.into(),
        pairs: answers.len() as u64,
        expected: mean(&Answer::expected),
        observed: mean(&|a| f64::from(u8::from(a.agreed))),
        gap: gaps(&binned(answers.clone())).0,
    })
}

/// How much more often than strangers different people may be said to agree: nobody shares a birth date for a reason but
/// twins. This is what keeps the check from believing a class of "different people" that holds worn records of one person.
const fn most_shared(kind: Kind) -> f64 {
    if matches!(kind, Kind::Date) { 0.1 } else { 1.0 }
}

/// Whether a comparison may be a witness. What belongs to a home may not: somebody who has moved changes all of it at once. Nor
/// may a category: sex goes with the given name, among strangers too.
const fn personal(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::GivenName | Kind::FamilyName | Kind::FullName | Kind::Date | Kind::Digits | Kind::Email
    )
}

#[expect(clippy::cast_precision_loss, reason = "a count of pairs")]
const fn count(n: usize) -> f64 {
    n as f64
}

/// Bins of equally many answers; within one, the shift of probability that explains the surprises best.
fn binned(mut answers: Vec<Answer>) -> Vec<Implied> {
    answers.sort_by(|a, b| a.stated.total_cmp(&b.stated).then(a.other.total_cmp(&b.other)));
    let size = answers.len().div_ceil(BINS).max(1);
    answers.chunks(size).map(implied).collect()
}

fn implied(part: &[Answer]) -> Implied {
    let stated = part.iter().map(|a| a.stated).sum::<f64>() / count(part.len());
    let power: f64 = part.iter().map(|a| a.contrast.powi(2)).sum();
    let shift = part.iter().map(|a| a.contrast * a.surprise()).sum::<f64>() / power;
    let share = (stated + shift).clamp(0.0, 1.0);
    let spread: f64 = part
        .iter()
        .map(|a| {
            let p = (a.other + (a.stated + shift).clamp(0.0, 1.0) * a.contrast).clamp(1e-4, 1.0 - 1e-4);
            a.contrast.powi(2) * p * (1.0 - p)
        })
        .sum();
    let error = 1.96 * spread.sqrt() / power;
    Implied {
        stated,
        implied: share,
        low: (share - error).max(0.0),
        high: (share + error).min(1.0),
        pairs: part.len() as u64,
    }
}

/// Mean distance over bins, and what it would be by chance.
#[expect(clippy::cast_precision_loss, reason = "a count of pairs")]
fn gaps(bins: &[Implied]) -> (f64, f64) {
    let all = bins.iter().map(|b| b.pairs as f64).sum::<f64>().max(1.0);
    let over = |of: &dyn Fn(&Implied) -> f64| bins.iter().map(|b| of(b) * b.pairs as f64).sum::<f64>() / all;
    // the mean distance of a normal variable from its middle is 0.8 of its standard deviation
    let noise = over(&|b| 0.8 * (b.high - b.low) / (2.0 * 1.96));
    (over(&|b| (b.stated - b.implied).abs()), noise)
}

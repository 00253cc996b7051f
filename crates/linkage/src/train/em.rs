//! Expectation–maximisation of a Fellegi–Sunter mixture on counted patterns.
//!
//! I. P. Fellegi and A. B. Sunter (1969), JASA 64:1183–1210; W. E. Winkler (1988, 1993) on EM and on several latent
//! classes. Candidate pairs are a selection, so the stranger class is not estimated from them: it has fixed shape `u` and a
//! fixed absolute size, the number of all pairs. What is left over goes to the match class and, with three
//! classes, to a class of people who share a home but not a birth date or given name.
#![expect(
    clippy::indexing_slicing,
    reason = "fields and levels index arrays of fixed size"
)]

use super::{random::Levels, sample::Sample};
use crate::{
    compare::{Records, exact_levels, last_level, level_of},
    profile::Kind,
};
use rayon::prelude::*;

/// A fitted mixture.
#[derive(Clone, Debug)]
pub struct Mixture {
    /// Level probabilities of true matches, per field.
    pub m: Vec<Levels>,
    /// Level probabilities of strangers, per field (cleaned of matches).
    pub u: Vec<Levels>,
    /// Level probabilities of relatives, per field; empty with two classes.
    pub r: Vec<Levels>,
    /// Expected number of matches among the candidates.
    pub matches: f64,
    /// Expected number of relatives.
    pub relatives: f64,
    /// Number of all pairs.
    pub all_pairs: f64,
    /// Expected matches after every round.
    pub history: Vec<f64>,
}

/// Starting values and what is held fixed.
#[derive(Clone, Debug)]
pub struct Start {
    /// Prior guess of match level probabilities.
    pub m: Vec<Levels>,
    /// Stranger level probabilities.
    pub u: Vec<Levels>,
    /// Fields on which relatives look like strangers.
    pub anchors: Vec<bool>,
    /// All pairs there are.
    pub all_pairs: f64,
    /// First guess of the number of matches.
    pub matches: f64,
}

/// Starting values for records: agreement is likely in matches, split over exact levels by how records fall on them.
#[must_use]
pub fn start(records: &Records, u: Vec<Levels>) -> Start {
    #[expect(clippy::cast_precision_loss, reason = "counts of records")]
    let (n, left) = (records.len as f64, records.split as f64);
    let all_pairs = if left < n {
        left * (n - left)
    } else {
        n * (n - 1.0) / 2.0
    };
    let m = records
        .fields
        .iter()
        .map(|f| {
            let (exact, last) = (usize::from(exact_levels(f.kind)), usize::from(last_level(f.kind)));
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
            let between = (last - exact - 1).max(1) as f64;
            for o in &mut out[exact + 1..last] {
                *o = 0.12 / between;
            }
            out[last] = 0.08;
            normalise(&mut out, last);
            out
        })
        .collect();
    let anchors = records
        .fields
        .iter()
        .map(|f| matches!(f.kind, Kind::GivenName | Kind::Date))
        .collect();
    Start {
        m,
        u,
        anchors,
        all_pairs,
        matches: 0.3 * n,
    }
}

fn normalise(levels: &mut Levels, last: usize) {
    let total: f64 = levels[1..=last].iter().sum();
    for l in &mut levels[1..=last] {
        *l /= total.max(1e-300);
    }
}

struct Logs {
    m: Vec<Levels>,
    u: Vec<Levels>,
    r: Vec<Levels>,
    prior: [f64; 3],
}

impl Mixture {
    fn logs(&self) -> Logs {
        let ln = |t: &[Levels]| t.iter().map(|l| l.map(|p| p.max(1e-12).ln())).collect::<Vec<_>>();
        Logs {
            m: ln(&self.m),
            u: ln(&self.u),
            r: ln(&self.r),
            prior: [
                self.matches.max(1e-9).ln(),
                self.all_pairs.max(1.0).ln(),
                self.relatives.max(1e-9).ln(),
            ],
        }
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

    /// Match weight (log2 of m over the non-match mixture) is not additive with three classes; this is the additive part.
    #[must_use]
    pub fn weight(&self, field: usize, level: usize) -> f64 {
        if level == 0 {
            return 0.0;
        }
        (self.m[field][level].max(1e-9) / self.u[field][level].max(1e-12)).log2()
    }
}

fn responsibilities(logs: &Logs, pattern: u64) -> [f64; 3] {
    let mut s = logs.prior;
    let three = !logs.r.is_empty();
    for k in 0..logs.m.len() {
        let l = level_of(pattern, k);
        if l == 0 {
            continue;
        }
        s[0] += logs.m[k][l];
        s[1] += logs.u[k][l];
        if three {
            s[2] += logs.r[k][l];
        }
    }
    if !three {
        s[2] = f64::NEG_INFINITY;
    }
    let top = s[0].max(s[1]).max(s[2]);
    let e = s.map(|x| (x - top).exp());
    let total = e[0] + e[1] + e[2];
    e.map(|x| x / total)
}

/// Sums of one round: level weights of matches and of relatives, and their totals.
struct Sums {
    m: Vec<Levels>,
    r: Vec<Levels>,
    matches: f64,
    relatives: f64,
}

fn round(logs: &Logs, sample: &Sample, fields: usize) -> Sums {
    let size = 8_192;
    let empty = || Sums {
        m: vec![[0.0; 16]; fields],
        r: vec![[0.0; 16]; fields],
        matches: 0.0,
        relatives: 0.0,
    };
    // fixed chunks, added up in order: the same result on any number of threads
    let parts: Vec<Sums> = sample
        .patterns
        .par_chunks(size)
        .zip(sample.weights.par_chunks(size))
        .map(|(patterns, weights)| {
            let mut s = empty();
            for (&p, &w) in patterns.iter().zip(weights) {
                let [pm, _, pr] = responsibilities(logs, p);
                let (wm, wr) = (w * pm, w * pr);
                s.matches += wm;
                s.relatives += wr;
                if wm + wr < 1e-7 {
                    continue;
                }
                for k in 0..fields {
                    let l = level_of(p, k);
                    s.m[k][l] += wm;
                    s.r[k][l] += wr;
                }
            }
            s
        })
        .collect();
    parts.into_iter().fold(empty(), |mut a, b| {
        a.matches += b.matches;
        a.relatives += b.relatives;
        for k in 0..fields {
            for l in 0..16 {
                a.m[k][l] += b.m[k][l];
                a.r[k][l] += b.r[k][l];
            }
        }
        a
    })
}

/// Weight of the starting values as pseudo-observations: keeps unseen levels away from zero.
const PRIOR: f64 = 8.0;

/// Fits a mixture with two (`relatives` false) or three classes.
#[must_use]
pub fn fit(records: &Records, sample: &Sample, start: &Start, relatives: bool, rounds: usize) -> Mixture {
    let fields = records.fields.len();
    let mut x = Mixture {
        m: start.m.clone(),
        u: start.u.clone(),
        r: if relatives {
            relative_start(records, start)
        } else {
            Vec::new()
        },
        matches: start.matches,
        relatives: if relatives { start.matches } else { 0.0 },
        all_pairs: start.all_pairs,
        history: Vec::new(),
    };
    let r0 = x.r.clone();
    for _ in 0..rounds {
        let before = x.matches;
        let sums = round(&x.logs(), sample, fields);
        x.matches = sums.matches.max(1.0);
        x.relatives = sums.relatives;
        #[expect(clippy::needless_range_loop, reason = "five arrays are indexed alike")]
        for k in 0..fields {
            let last = usize::from(last_level(records.fields[k].kind));
            update(&mut x.m[k], &sums.m[k], &start.m[k], last);
            if relatives && !start.anchors[k] {
                update(&mut x.r[k], &sums.r[k], &r0[k], last);
            }
            x.u[k] = clean(&start.u[k], &x.m[k], x.matches / x.all_pairs, last);
        }
        x.history.push(x.matches);
        if (x.matches - before).abs() < 1e-5 * x.matches {
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

/// Relatives share a home: names of family, places and numbers agree often; anchored fields look like strangers'.
fn relative_start(records: &Records, start: &Start) -> Vec<Levels> {
    records
        .fields
        .iter()
        .enumerate()
        .map(|(k, f)| {
            let last = usize::from(last_level(f.kind));
            let (a, b) = if start.anchors[k] {
                (0.02, 0.98)
            } else {
                match f.kind {
                    Kind::FamilyName | Kind::Postcode | Kind::Text => (0.8, 0.2),
                    Kind::Category => (0.1, 0.9),
                    _ => (0.4, 0.6),
                }
            };
            let mut out = [0.0; 16];
            for (l, o) in out.iter_mut().enumerate() {
                *o = a * start.m[k][l] + b * start.u[k][l];
            }
            normalise(&mut out, last);
            out
        })
        .collect()
}

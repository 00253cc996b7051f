//! Accuracy against known truth: precision, recall and F1 by threshold, calibration, and by subgroup.
#![expect(
    clippy::indexing_slicing,
    reason = "record numbers index arrays of that many records"
)]

use crate::{score::Edge, source::Sources};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What is known to be true about records.
#[derive(Clone, Debug, PartialEq)]
pub enum Truth {
    /// The entity of every record, where known.
    Entities(Vec<Option<u32>>),
    /// Judged pairs (lower record first) and whether they match; recall then counts judged pairs only.
    Pairs(HashMap<(u32, u32), bool>),
}

/// One point of a precision–recall curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Pairs at or above this score, in bits, count as links.
    pub score: f64,
    /// Share of links that are right.
    pub precision: f64,
    /// Share of true pairs that are linked.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
}

/// Stated against observed probability in one group of pairs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Mean stated probability.
    pub stated: f64,
    /// Share that truly match.
    pub observed: f64,
    /// Pairs.
    pub pairs: u64,
}

/// Accuracy of one set of pairs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// True pairs, including those never proposed.
    pub true_pairs: u64,
    /// Kept pairs whose truth is known.
    pub judged: u64,
    /// At most a few hundred points, from strict to loose.
    pub curve: Vec<Point>,
    /// The point of the best F1.
    pub best: Option<Point>,
    /// The point at the threshold of the run.
    pub at_threshold: Option<Point>,
    /// Recall where precision is still 99 %.
    pub recall_at_p99: f64,
    /// Recall where precision is still 99.9 %.
    pub recall_at_p999: f64,
    /// Mean distance of stated from observed probability over bins of equally many pairs stated at 1 % or more.
    pub calibration_error: f64,
    /// The bins.
    pub bins: Vec<Bin>,
}

impl Truth {
    /// Whether a pair matches, if it is known.
    #[must_use]
    pub fn of(&self, left: u32, right: u32) -> Option<bool> {
        match self {
            Self::Entities(e) => Some(e.get(left as usize).copied()?? == e.get(right as usize).copied()??),
            Self::Pairs(p) => p.get(&(left.min(right), left.max(right))).copied(),
        }
    }

    /// Number of true pairs among those that count by the sources. `counts` says which records matter: a pair counts when
    /// either of its records does.
    #[must_use]
    pub fn true_pairs(&self, sources: &Sources, counts: &dyn Fn(u32) -> bool) -> u64 {
        match self {
            Self::Pairs(p) => p
                .iter()
                .filter(|(k, v)| **v && (counts(k.0) || counts(k.1)))
                .count() as u64,
            Self::Entities(e) => {
                // per entity and source: records, and of these how many do not count
                let empty = (vec![0_u64; sources.count()], vec![0_u64; sources.count()]);
                let mut n: HashMap<u32, (Vec<u64>, Vec<u64>)> = HashMap::new();
                for (r, entity) in (0_u32..).zip(e) {
                    let Some(x) = entity else { continue };
                    let (all, others) = n.entry(*x).or_insert_with(|| empty.clone());
                    let source = sources.of(r).min(all.len().saturating_sub(1));
                    all[source] += 1;
                    others[source] += u64::from(!counts(r));
                }
                n.values()
                    .map(|(all, others)| sources.pairs_of(all) - sources.pairs_of(others))
                    .sum()
            }
        }
    }
}

/// Measures kept pairs against truth. `counts` restricts to pairs with at least one such record.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts to shares")]
pub fn measure(
    edges: &[Edge],
    truth: &Truth,
    sources: &Sources,
    threshold: f64,
    counts: &dyn Fn(u32) -> bool,
) -> Accuracy {
    let total = truth.true_pairs(sources, counts);
    let mut judged: Vec<(f64, bool)> = edges
        .iter()
        .filter(|e| counts(e.left) || counts(e.right))
        .filter_map(|e| Some((f64::from(e.weight), truth.of(e.left, e.right)?)))
        .collect();
    judged.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut out = Accuracy {
        true_pairs: total,
        judged: judged.len() as u64,
        ..Default::default()
    };
    let cut = (threshold / (1.0 - threshold).max(1e-300)).log2();
    let mut hits = 0_u64;
    let every = (judged.len() / 300).max(1);
    for (k, (score, hit)) in judged.iter().enumerate() {
        hits += u64::from(*hit);
        if judged.get(k + 1).is_some_and(|next| next.0 == *score) {
            continue;
        }
        let (precision, recall) = (hits as f64 / (k + 1) as f64, hits as f64 / total.max(1) as f64);
        let f1 = if precision + recall > 0.0 {
            2.0 * precision * recall / (precision + recall)
        } else {
            0.0
        };
        let point = Point {
            score: *score,
            precision,
            recall,
            f1,
        };
        if out.best.is_none_or(|b| f1 > b.f1) {
            out.best = Some(point);
        }
        if *score >= cut {
            out.at_threshold = Some(point);
        }
        if precision >= 0.99 {
            out.recall_at_p99 = recall;
        }
        if precision >= 0.999 {
            out.recall_at_p999 = recall;
        }
        if k % every == 0 || k + 1 == judged.len() {
            out.curve.push(point);
        }
    }
    calibrate(&judged, &mut out);
    out
}

#[expect(clippy::cast_precision_loss, reason = "counts to shares")]
fn calibrate(judged: &[(f64, bool)], out: &mut Accuracy) {
    let stated: Vec<(f64, bool)> = judged
        .iter()
        .map(|(s, h)| (crate::model::probability(*s), *h))
        .filter(|(p, _)| *p >= 0.01)
        .collect();
    let size = stated.len().div_ceil(20).max(1);
    for part in stated.chunks(size) {
        let n = part.len() as f64;
        let bin = Bin {
            stated: part.iter().map(|x| x.0).sum::<f64>() / n,
            observed: part.iter().filter(|x| x.1).count() as f64 / n,
            pairs: part.len() as u64,
        };
        out.calibration_error += (bin.stated - bin.observed).abs() * n / stated.len() as f64;
        out.bins.push(bin);
    }
}

/// Accuracy of one subgroup at the run's threshold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subgroup {
    /// Value of the grouping column.
    pub group: String,
    /// Records in it.
    pub records: u64,
    /// True pairs that involve it.
    pub true_pairs: u64,
    /// At the threshold.
    pub precision: f64,
    /// At the threshold.
    pub recall: f64,
    /// Share of true pairs missed.
    pub missed: f64,
}

/// Error rates by one grouping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// By what.
    pub by: String,
    /// Its groups.
    pub groups: Vec<Subgroup>,
    /// Groups with fewer true pairs do not count for the gaps.
    pub smallest: u64,
    /// Widest gap in recall between groups that are large enough.
    pub recall_gap: f64,
    /// Widest gap in precision.
    pub precision_gap: f64,
}

/// Error rates by subgroup, and the widest gap in recall between groups with at least `smallest` true pairs.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts to shares")]
pub fn by_group(
    edges: &[Edge],
    truth: &Truth,
    sources: &Sources,
    threshold: f64,
    groups: &[String],
    smallest: u64,
) -> (Vec<Subgroup>, f64) {
    let mut names: Vec<&String> = groups.iter().collect();
    names.sort();
    names.dedup();
    let mut out = Vec::new();
    for name in names {
        let member = |r: u32| groups.get(r as usize) == Some(name);
        let total = truth.true_pairs(sources, &member);
        let (mut links, mut hits) = (0_u64, 0_u64);
        for e in edges
            .iter()
            .filter(|e| e.probability() >= threshold && (member(e.left) || member(e.right)))
        {
            if let Some(hit) = truth.of(e.left, e.right) {
                links += 1;
                hits += u64::from(hit);
            }
        }
        let recall = hits as f64 / total.max(1) as f64;
        out.push(Subgroup {
            group: name.clone(),
            records: groups.iter().filter(|g| *g == name).count() as u64,
            true_pairs: total,
            precision: if links == 0 {
                1.0
            } else {
                hits as f64 / links as f64
            },
            recall,
            missed: 1.0 - recall,
        });
    }
    let large = || out.iter().filter(|g| g.true_pairs >= smallest).map(|g| g.recall);
    let gap = large().fold(0.0_f64, f64::max) - large().fold(1.0_f64, f64::min);
    (out, gap.max(0.0))
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        reason = "tests"
    )]
    use super::*;

    fn edge(left: u32, right: u32, weight: f32) -> Edge {
        Edge {
            left,
            right,
            weight,
            pattern: 0,
        }
    }

    #[test]
    fn a_small_case_by_hand() {
        // entities: {0,1,2}, {3,4}; true pairs 01 02 12 34
        let truth = Truth::Entities(vec![Some(0), Some(0), Some(0), Some(1), Some(1)]);
        let edges = [edge(0, 1, 9.0), edge(3, 4, 5.0), edge(0, 3, 1.0)];
        let a = measure(&edges, &truth, &Sources::one(5), 0.9, &|_| true);
        assert_eq!(a.true_pairs, 4);
        let best = a.best.unwrap();
        assert_eq!((best.precision, best.recall), (1.0, 0.5));
        assert_eq!(a.at_threshold.unwrap().score, 5.0);
        assert_eq!(a.recall_at_p99, 0.5);
        let (groups, gap) = by_group(
            &edges,
            &truth,
            &Sources::one(5),
            0.9,
            &["x", "x", "x", "y", "y"].map(str::to_owned),
            1,
        );
        assert_eq!((groups[0].true_pairs, groups[1].true_pairs), (3, 1));
        assert!((gap - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn across_two_sources_only_pairs_across_count() {
        let truth = Truth::Entities(vec![Some(0), Some(0), Some(0), Some(1), Some(1)]);
        let mut two = Sources::one(2);
        two.push(5);
        assert_eq!(truth.true_pairs(&two, &|_| true), 2);
        assert_eq!(truth.true_pairs(&two.with_duplicates(true), &|_| true), 4);
    }
}

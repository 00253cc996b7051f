//! Looking at results: records that can never be linked, and clusters that deserve a second look.
#![expect(
    clippy::indexing_slicing,
    reason = "record numbers index arrays of that many records"
)]

use crate::{
    compare::{Pattern, Records},
    model::Model,
    score::{Edge, lowest_weight},
    table::Mixed,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

type Map<K, V> = hashbrown::HashMap<K, V, Mixed>;

/// How many records reach less than a score even against an identical copy of themselves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unlinkable {
    /// Score in bits.
    pub score: f64,
    /// Records below it.
    pub records: u64,
    /// Share of all records.
    pub share: f64,
}

/// Records compared with themselves by one task.
const OWN: usize = 1 << 16;

/// Records that could not be linked at a range of thresholds.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts to shares")]
pub fn unlinkables(records: &Records, model: &Model) -> Vec<Unlinkable> {
    let scorer = model.scorer();
    let scores: Vec<f64> = (-10..=30).step_by(2).map(f64::from).collect();
    // per score: records that reach every score before it and not this one
    let first_missed = records
        .own_patterns()
        .par_chunks(OWN)
        .map(|own| {
            let mut place: Map<Pattern, usize> = Map::default();
            let mut counts = vec![0_u64; scores.len() + 1];
            for pattern in own {
                // few patterns of agreement with oneself stand for all records
                let at = place.entry(*pattern).or_insert_with(|| {
                    let own = scorer.score(*pattern);
                    scores.partition_point(|s| *s <= own)
                });
                counts[*at] += 1;
            }
            counts
        })
        .reduce(
            || vec![0; scores.len() + 1],
            |a, b| a.iter().zip(&b).map(|(x, y)| x + y).collect(),
        );
    let mut below = 0;
    let rows = scores.iter().zip(&first_missed);
    rows.map(|(score, n)| {
        below += n;
        Unlinkable {
            score: *score,
            records: below,
            share: below as f64 / records.len.max(1) as f64,
        }
    })
    .collect()
}

/// One cluster with more than one record.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClusterView {
    /// Lowest record number.
    pub label: u32,
    /// Records.
    pub size: u32,
    /// Links over possible links.
    pub density: f64,
    /// Links whose removal would split the cluster.
    pub bridges: u32,
    /// Lowest probability among its links.
    pub weakest: f64,
}

/// Sizes of clusters, and clusters with the doubtful ones first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClusterReport {
    /// Number of clusters by size.
    pub sizes: BTreeMap<u32, u64>,
    /// Clusters of three and more by density, then size.
    pub doubtful: Vec<ClusterView>,
}

/// Looks at clusters through the links at or above a threshold.
#[must_use]
pub fn clusters(labels: &[u32], edges: &[Edge], threshold: f64) -> ClusterReport {
    let mut size = vec![0_u32; labels.len()];
    for l in labels {
        size[*l as usize] += 1;
    }
    let mut report = ClusterReport::default();
    let most = size.iter().max().copied().unwrap_or(0) as usize;
    let mut sizes = vec![0_u64; most + 1];
    size.iter().for_each(|n| sizes[*n as usize] += 1);
    let some = (0_u32..).zip(&sizes).skip(1).filter(|(_, n)| **n > 0);
    report.sizes.extend(some.map(|(size, n)| (size, *n)));
    let lowest = lowest_weight(threshold);
    let inside = |e: &&Edge| {
        let (a, b) = (labels[e.left as usize], labels[e.right as usize]);
        a == b && size[a as usize] >= 3 && e.weight >= lowest
    };
    let mut links: Vec<(u32, &Edge)> = edges
        .iter()
        .filter(inside)
        .map(|e| (labels[e.left as usize], e))
        .collect();
    links.par_sort_by_key(|l| l.0);
    let groups: Vec<&[(u32, &Edge)]> = links.chunk_by(|a, b| a.0 == b.0).collect();
    let view = |group: &&[(u32, &Edge)]| {
        let label = group[0].0;
        let n = size[label as usize];
        let l: Vec<(u32, u32, f64)> = group
            .iter()
            .map(|(_, e)| (e.left, e.right, e.probability()))
            .collect();
        let possible = f64::from(n) * f64::from(n - 1) / 2.0;
        let count = f64::from(u32::try_from(l.len()).unwrap_or(u32::MAX));
        ClusterView {
            label,
            size: n,
            density: count / possible,
            bridges: bridges(&l),
            weakest: l.iter().map(|x| x.2).fold(1.0, f64::min),
        }
    };
    report.doubtful = groups.par_iter().with_min_len(1_024).map(view).collect();
    report.doubtful.sort_by(|a, b| {
        a.density
            .total_cmp(&b.density)
            .then(b.size.cmp(&a.size))
            .then(a.label.cmp(&b.label))
    });
    report
}

/// Number of bridges of a small graph (Tarjan 1974, without recursion).
fn bridges(links: &[(u32, u32, f64)]) -> u32 {
    let mut index: Map<u32, usize> = Map::default();
    let mut near: Vec<Vec<(usize, usize)>> = Vec::new();
    for (k, (a, b, _)) in links.iter().enumerate() {
        let mut at = |x: u32| {
            let next = index.len();
            let i = *index.entry(x).or_insert(next);
            if i == near.len() {
                near.push(Vec::new());
            }
            i
        };
        let (i, j) = (at(*a), at(*b));
        near[i].push((j, k));
        near[j].push((i, k));
    }
    let n = near.len();
    let (mut order, mut low, mut clock, mut found) = (vec![usize::MAX; n], vec![0; n], 0, 0);
    for root in 0..n {
        if order[root] != usize::MAX {
            continue;
        }
        order[root] = clock;
        low[root] = clock;
        clock += 1;
        // (vertex, edge by which it was reached, next neighbour)
        let mut stack = vec![(root, usize::MAX, 0)];
        while let Some((v, via, next)) = stack.pop() {
            if let Some(&(w, edge)) = near[v].get(next) {
                stack.push((v, via, next + 1));
                if edge == via {
                    continue;
                }
                if order[w] == usize::MAX {
                    order[w] = clock;
                    low[w] = clock;
                    clock += 1;
                    stack.push((w, edge, 0));
                } else {
                    low[v] = low[v].min(order[w]);
                }
            } else if let Some(&(parent, _, _)) = stack.last() {
                low[parent] = low[parent].min(low[v]);
                found += u32::from(low[v] > order[parent]);
            }
        }
    }
    found
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

    #[test]
    fn bridges_of_literal_graphs() {
        let g = |v: &[(u32, u32)]| bridges(&v.iter().map(|(a, b)| (*a, *b, 1.0)).collect::<Vec<_>>());
        assert_eq!(g(&[(0, 1), (1, 2), (2, 0)]), 0);
        assert_eq!(g(&[(0, 1), (1, 2), (2, 0), (2, 3)]), 1);
        assert_eq!(g(&[(0, 1), (1, 2), (2, 3)]), 3);
        assert_eq!(g(&[(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 5), (5, 3)]), 1);
    }
}

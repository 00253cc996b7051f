//! From scored pairs to clusters of records.
//!
//! * [`Method::Connected`]: connected components over pairs at or above a threshold.
//! * [`Method::Average`] (default): agglomeration by the mean probability between two clusters, pairs that were not
//!   scored counting as a small fixed probability. Two clusters are joined while the expected precision of the pairs that
//!   the join implies stays above the threshold, so one bad pair does not chain two people together.
//! * [`Method::OneToOne`]: best pairs first, a cluster holds at most one record of each source (sources without duplicates);
//!   in one file, every record is used at most once.
#![expect(
    clippy::indexing_slicing,
    reason = "record numbers index arrays of that many records"
)]

mod agglomerate;

use crate::score::{Edge, lowest_weight};
use crate::source::Sources;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// How pairs become clusters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Connected components.
    Connected,
    /// Mean probability between clusters.
    #[default]
    Average,
    /// At most one record of each source, best pairs first.
    OneToOne,
}

/// Disjoint sets with path halving; the representative is always the lowest record.
#[derive(Clone, Debug)]
pub struct Sets {
    parent: Vec<u32>,
}

impl Sets {
    /// `n` singletons.
    #[must_use]
    pub fn new(n: usize) -> Self {
        Self {
            parent: (0..u32::try_from(n).unwrap_or(u32::MAX)).collect(),
        }
    }

    /// Representative of a record.
    pub fn find(&mut self, mut x: u32) -> u32 {
        while self.parent[x as usize] != x {
            let up = self.parent[self.parent[x as usize] as usize];
            self.parent[x as usize] = up;
            x = up;
        }
        x
    }

    /// Joins two sets; returns the representative.
    pub fn join(&mut self, a: u32, b: u32) -> u32 {
        let (a, b) = (self.find(a), self.find(b));
        let (low, high) = (a.min(b), a.max(b));
        self.parent[high as usize] = low;
        low
    }

    /// Representative of every record.
    #[must_use]
    pub fn labels(mut self) -> Vec<u32> {
        (0..u32::try_from(self.parent.len()).unwrap_or(u32::MAX))
            .map(|x| self.find(x))
            .collect()
    }
}

/// Cluster label (lowest record number of the cluster) for every record.
#[must_use]
pub fn cluster(sources: &Sources, edges: &[Edge], method: Method, threshold: f64) -> Vec<u32> {
    let n = sources.records();
    match method {
        Method::Connected => connected(n, edges, threshold),
        Method::Average => average(n, edges, threshold),
        Method::OneToOne => one_to_one(sources, edges, threshold),
    }
}

fn connected(n: usize, edges: &[Edge], threshold: f64) -> Vec<u32> {
    let lowest = lowest_weight(threshold);
    let mut sets = Sets::new(n);
    for e in edges.iter().filter(|e| e.weight >= lowest) {
        sets.join(e.left, e.right);
    }
    sets.labels()
}

fn one_to_one(sources: &Sources, edges: &[Edge], threshold: f64) -> Vec<u32> {
    let mut order: Vec<&Edge> = edges.iter().filter(|e| e.probability() >= threshold).collect();
    order.sort_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then((a.left, a.right).cmp(&(b.left, b.right)))
    });
    let n = sources.records();
    let mut sets = Sets::new(n);
    // which sources a set holds a record of, at its representative; in one file a record is simply used or not
    let alone = sources.count() < 2;
    let mut holds: Vec<u64> = (0..u32::try_from(n).unwrap_or(u32::MAX))
        .map(|r| if alone { 0 } else { 1 << (sources.of(r) & 63) })
        .collect();
    for e in order {
        let (a, b) = (sets.find(e.left), sets.find(e.right));
        let (x, y) = (holds[a as usize], holds[b as usize]);
        let taken = if alone { x | y } else { x & y };
        if a != b && taken == 0 {
            let both = if alone { 1 } else { x | y };
            (holds[a as usize], holds[b as usize]) = (both, both);
            sets.join(a, b);
        }
    }
    sets.labels()
}

/// Clusters of a few records given by their edges alone, as [`Method::Average`] would make them; labels are positions.
#[must_use]
pub fn average(n: usize, edges: &[Edge], threshold: f64) -> Vec<u32> {
    // components of plausible pairs are independent of each other
    let low = connected(n, edges, threshold * 0.25);
    let lowest = lowest_weight(threshold);
    let mut sets = Sets::new(n);
    // per component: how many pairs lie in it, then where the next of them goes
    let mut place = vec![0_u32; n];
    let component = |e: &Edge| (low[e.left as usize] == low[e.right as usize]).then(|| low[e.left as usize]);
    for c in edges.iter().filter_map(component) {
        place[c as usize] += 1;
    }
    let mut starts: Vec<usize> = Vec::new();
    let mut total = 0_u32;
    for p in &mut place {
        let pairs = *p;
        // one pair needs no place: it is joined or not
        *p = u32::MAX;
        if pairs > 1 {
            *p = total;
            starts.push(total as usize);
            total += pairs;
        }
    }
    let mut inside: Vec<u32> = vec![0; total as usize];
    for (k, e) in (0_u32..).zip(edges) {
        let Some(c) = component(e) else { continue };
        let p = &mut place[c as usize];
        if *p != u32::MAX {
            inside[*p as usize] = k;
            *p += 1;
        } else if e.weight >= lowest {
            sets.join(e.left, e.right);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([total as usize]);
    let groups: Vec<&[u32]> = starts.iter().zip(ends).map(|(a, b)| &inside[*a..b]).collect();
    let joins: Vec<Vec<(u32, u32)>> = groups
        .par_chunks(1_024)
        .map(|some| {
            let mut joins = Vec::new();
            for group in some {
                agglomerate::group(group.iter().map(|k| &edges[*k as usize]), threshold, &mut joins);
            }
            joins
        })
        .collect();
    for (a, b) in joins.into_iter().flatten() {
        sets.join(a, b);
    }
    sets.labels()
}

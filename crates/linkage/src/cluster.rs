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

use crate::score::Edge;
use crate::source::Sources;
use crate::table::Mixed;
use hashbrown::HashMap;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BinaryHeap;

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

/// Probability assumed for two records of different clusters that blocking never proposed.
const UNSEEN: f64 = 0.02;

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
    let mut sets = Sets::new(n);
    for e in edges.iter().filter(|e| e.probability() >= threshold) {
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

/// A possible join; greater is better, ties go to the lower record numbers.
#[derive(PartialEq)]
struct Join {
    mean: f64,
    a: u32,
    b: u32,
    stamp: u64,
}

impl Eq for Join {}
impl PartialOrd for Join {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Join {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.mean
            .total_cmp(&other.mean)
            .then((other.a, other.b).cmp(&(self.a, self.b)))
    }
}

/// Clusters of a few records given by their edges alone, as [`Method::Average`] would make them; labels are positions.
#[must_use]
pub fn average(n: usize, edges: &[Edge], threshold: f64) -> Vec<u32> {
    // components of plausible pairs are independent of each other
    let low = connected(n, edges, threshold * 0.25);
    let mut sets = Sets::new(n);
    let within = |e: &&Edge| low[e.left as usize] == low[e.right as usize];
    let mut pairs = vec![0_u32; n];
    for e in edges.iter().filter(within) {
        pairs[low[e.left as usize] as usize] += 1;
    }
    let mut inside: Vec<&Edge> = Vec::new();
    for e in edges.iter().filter(within) {
        if pairs[low[e.left as usize] as usize] > 1 {
            inside.push(e);
        } else if e.probability() >= threshold {
            sets.join(e.left, e.right);
        }
    }
    inside.par_sort_by_key(|e| (low[e.left as usize], e.left, e.right));
    for group in inside.chunk_by(|a, b| low[a.left as usize] == low[b.left as usize]) {
        agglomerate(group, threshold, &mut sets);
    }
    sets.labels()
}

type Map<T> = HashMap<u32, T, Mixed>;

/// Sum of probabilities and number of scored pairs between two clusters.
type Link = (f64, f64);

fn agglomerate(group: &[&Edge], threshold: f64, sets: &mut Sets) {
    let mut near: Map<Map<Link>> = Map::default();
    let mut size: Map<f64> = Map::default();
    let mut stamp: Map<u64> = Map::default();
    let mut heap = BinaryHeap::new();
    for e in group {
        let p = e.probability();
        near.entry(e.left).or_default().insert(e.right, (p, 1.0));
        near.entry(e.right).or_default().insert(e.left, (p, 1.0));
        size.insert(e.left, 1.0);
        size.insert(e.right, 1.0);
        heap.push(Join {
            mean: p,
            a: e.left,
            b: e.right,
            stamp: 0,
        });
    }
    let mut clock = 0;
    while let Some(j) = heap.pop() {
        if j.mean < threshold {
            break;
        }
        let current = |x: u32| stamp.get(&x).copied().unwrap_or(0);
        if current(j.a).max(current(j.b)) != j.stamp || !near.contains_key(&j.a) || !near.contains_key(&j.b) {
            continue;
        }
        clock += 1;
        let (keep, gone) = if near[&j.a].len() >= near[&j.b].len() {
            (j.a, j.b)
        } else {
            (j.b, j.a)
        };
        sets.join(keep, gone);
        let moved = near.remove(&gone).unwrap_or_default();
        let total = size[&keep] + size[&gone];
        size.insert(keep, total);
        stamp.insert(keep, clock);
        for (other, link) in moved {
            if other == keep {
                continue;
            }
            if let Some(o) = near.get_mut(&other) {
                o.remove(&gone);
                let l = o.entry(keep).or_insert((0.0, 0.0));
                *l = (l.0 + link.0, l.1 + link.1);
            }
            let l = near.entry(keep).or_default().entry(other).or_insert((0.0, 0.0));
            *l = (l.0 + link.0, l.1 + link.1);
        }
        if let Some(k) = near.get_mut(&keep) {
            k.remove(&gone);
        }
        push_joins(keep, clock, &near, &size, &mut stamp, &mut heap);
    }
}

fn push_joins(
    keep: u32,
    clock: u64,
    near: &Map<Map<Link>>,
    size: &Map<f64>,
    stamp: &mut Map<u64>,
    heap: &mut BinaryHeap<Join>,
) {
    stamp.insert(keep, clock);
    for (&other, &(sum, scored)) in &near[&keep] {
        let cross = size[&keep] * size[&other];
        let mean = (sum + (cross - scored) * UNSEEN) / cross;
        heap.push(Join {
            mean,
            a: keep.min(other),
            b: keep.max(other),
            stamp: clock.max(stamp.get(&other).copied().unwrap_or(0)),
        });
    }
}

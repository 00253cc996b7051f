//! Joining clusters by their mean probability, best first, within one component of plausible pairs.
#![expect(
    clippy::indexing_slicing,
    reason = "members are numbered here; keys of one map are keys of the others"
)]

use crate::score::Edge;
use crate::table::Mixed;
use hashbrown::HashMap;
use std::collections::BinaryHeap;

/// Probability assumed for two records of different clusters that blocking never proposed.
const UNSEEN: f64 = 0.02;

/// Up to so many records a table of all pairs is quicker than maps.
const FEW: usize = 24;

/// Sum of probabilities and number of scored pairs between two clusters.
type Link = (f64, f64);

/// Appends the joins of one component, given by its scored pairs.
pub(super) fn group<'e>(
    edges: impl Iterator<Item = &'e Edge> + Clone,
    threshold: f64,
    joins: &mut Vec<(u32, u32)>,
) {
    let mut members: Vec<u32> = Vec::with_capacity(FEW);
    for r in edges.clone().flat_map(|e| [e.left, e.right]) {
        if !members.contains(&r) {
            if members.len() == FEW {
                return many(edges, threshold, joins);
            }
            members.push(r);
        }
    }
    members.sort_unstable();
    few(&members, edges, threshold, joins);
}

/// A component of few records. The same joins as [`many`] makes, ties included.
fn few<'e>(
    members: &[u32],
    edges: impl Iterator<Item = &'e Edge>,
    threshold: f64,
    joins: &mut Vec<(u32, u32)>,
) {
    let n = members.len();
    let mut links: [[Link; FEW]; FEW] = [[(0.0, 0.0); FEW]; FEW];
    let mut size = [1.0; FEW];
    let mut live = [true; FEW];
    let at = |r: u32| members.partition_point(|m| *m < r);
    for e in edges {
        let (a, b) = (at(e.left), at(e.right));
        let p = e.probability();
        links[a][b] = (p, 1.0);
        links[b][a] = (p, 1.0);
    }
    loop {
        let mut best: Option<(f64, usize, usize)> = None;
        for a in (0..n).filter(|a| live[*a]) {
            for b in (a + 1..n).filter(|b| live[*b] && links[a][*b].1 > 0.0) {
                let mean = mean(links[a][b], size[a] * size[b]);
                if best.is_none_or(|x| mean.total_cmp(&x.0).is_gt()) {
                    best = Some((mean, a, b));
                }
            }
        }
        let Some((_, a, b)) = best.filter(|x| x.0 >= threshold) else {
            return;
        };
        let degree = |x: usize| (0..n).filter(|o| live[*o] && links[x][*o].1 > 0.0).count();
        let (keep, gone) = if degree(a) >= degree(b) { (a, b) } else { (b, a) };
        joins.push((members[keep], members[gone]));
        live[gone] = false;
        size[keep] += size[gone];
        for other in (0..n).filter(|o| live[*o] && *o != keep) {
            let (x, y) = (links[keep][other], links[gone][other]);
            let sum = (x.0 + y.0, x.1 + y.1);
            links[keep][other] = sum;
            links[other][keep] = sum;
        }
    }
}

/// Mean probability over all pairs between two clusters.
fn mean((sum, scored): Link, pairs: f64) -> f64 {
    (sum + (pairs - scored) * UNSEEN) / pairs
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

type Map<T> = HashMap<u32, T, Mixed>;

/// A component of any size.
fn many<'e>(edges: impl Iterator<Item = &'e Edge>, threshold: f64, joins: &mut Vec<(u32, u32)>) {
    let mut near: Map<Map<Link>> = Map::default();
    let mut size: Map<f64> = Map::default();
    let mut stamp: Map<u64> = Map::default();
    let mut heap = BinaryHeap::new();
    for e in edges {
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
        joins.push((keep, gone));
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
        heap.push(Join {
            mean: mean((sum, scored), cross),
            a: keep.min(other),
            b: keep.max(other),
            stamp: clock.max(stamp.get(&other).copied().unwrap_or(0)),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_table_of_few_records_joins_as_the_maps_do(
            pairs in proptest::collection::btree_map((0_u32..9, 0_u32..9), 0_u8..6, 1..30),
            threshold in prop_oneof![Just(0.45), Just(0.2), Just(0.7)],
        ) {
            let edges: Vec<Edge> = pairs
                .into_iter()
                .filter(|((a, b), _)| a < b)
                .map(|((a, b), w)| Edge {
                    left: a * 7,
                    right: b * 7,
                    weight: if w == 5 { crate::score::FORBIDDEN } else { f32::from(w) - 1.0 },
                    pattern: 0,
                })
                .collect();
            let (mut one, mut other) = (Vec::new(), Vec::new());
            group(edges.iter(), threshold, &mut one);
            many(edges.iter(), threshold, &mut other);
            prop_assert_eq!(one, other);
        }
    }
}

//! Choosing rules without labels.
//!
//! A few thousand *virtual* true pairs are drawn: each field agrees exactly, or only on some looser key, or is missing, at
//! rates typical for its kind and at the missing rates of the data. Rules are then taken greedily by newly covered
//! virtual pairs per square root of cost, where the cost is counted on a sample of the real records.
#![expect(
    clippy::indexing_slicing,
    reason = "rule and key numbers index arrays made here"
)]

use super::{
    Rule, RulePart,
    key::{Key, KeyKind, key, keys_of},
    pairs::hashes_of,
};
use crate::{compare::Records, profile::Kind, source::Sources, table::mix};
use rayon::prelude::*;

const VIRTUAL: usize = 4096;
const SAMPLE: usize = 12_000;

/// How many candidate pairs to aim for with `n` records.
#[must_use]
pub fn budget(n: usize) -> u64 {
    let n = n as u64;
    (6 * n).max((160 * n).min(4_000_000))
}

const fn exact_rate(kind: Kind) -> f64 {
    match kind {
        Kind::GivenName | Kind::Digits | Kind::Email => 0.75,
        Kind::FamilyName | Kind::Code | Kind::Number => 0.8,
        Kind::Date => 0.85,
        Kind::Postcode => 0.7,
        Kind::Category => 0.93,
        Kind::Text => 0.65,
        Kind::FullName => 0.6,
        Kind::Unused | Kind::Custom => 0.0,
    }
}

/// Per key, which virtual pairs agree on it (bit sets).
fn virtual_pairs(records: &Records, keys: &[(usize, KeyKind)]) -> Vec<Vec<u64>> {
    let unit = |a: u64, b: u64, c: u64| {
        #[expect(clippy::cast_precision_loss, reason = "53 random bits")]
        let x = (mix(a ^ mix(b ^ mix(c))) >> 11) as f64;
        x / (1_u64 << 53) as f64
    };
    #[expect(clippy::cast_precision_loss, reason = "a share of records")]
    let missing: Vec<f64> = records
        .columns()
        .map(|f| f64::from(f.counts.first().copied().unwrap_or(0)) / records.len.max(1) as f64)
        .collect();
    let kinds: Vec<Kind> = records.columns().map(|f| f.kind).collect();
    let mut out = vec![vec![0_u64; VIRTUAL / 64]; keys.len()];
    for v in 0..VIRTUAL {
        // two in five records clean, two worn, one badly worn
        let (wear, loose) = [(1.12, 1.0), (1.12, 1.0), (0.75, 1.0), (0.6, 0.9), (0.35, 0.7)][v % 5];
        for (k, &(field, kind)) in keys.iter().enumerate() {
            let (f, v64) = (field as u64, v as u64);
            let here = (1.0 - missing[field]).powi(2);
            let rate = exact_rate(kinds[field]) * wear;
            let agrees = unit(1, f, v64) < here
                && (unit(2, f, v64) < rate.min(0.97)
                    || unit(3 + kind as u64, f, v64) < kind.survives() * loose);
            if agrees {
                out[k][v / 64] |= 1 << (v % 64);
            }
        }
    }
    out
}

struct Candidate {
    keys: Vec<usize>,
    covers: Vec<u64>,
    cost: f64,
}

/// Chooses rules for records; deterministic.
#[must_use]
pub fn plan(records: &Records, seed: u64) -> Vec<Rule> {
    let mut all = keys_of(records);
    // leaving one character out multiplies work; large files have enough other keys
    all.retain(|(_, k)| *k != KeyKind::Near || records.len <= 200_000);
    let virt = virtual_pairs(records, &all);
    let n = records.len;
    let want = SAMPLE.min(n) as u64;
    let sample: Vec<u32> = (0..n)
        .filter(|&i| n <= SAMPLE || mix(i as u64 ^ seed) % n as u64 <= want)
        .map(|i| u32::try_from(i).unwrap_or(0))
        .collect();
    // a thousand conjunctions are counted: keys of the sampled records side by side are quicker to walk through
    let (built, fans): (Vec<Key>, Vec<f64>) = all
        .par_iter()
        .map(|&(f, k)| {
            let all = key(records, f, k);
            (all.sampled(records, &sample), all.fan_out())
        })
        .unzip();
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let scale = (n as f64 / sample.len().max(1) as f64).powi(2);
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let (limit, rows) = (budget(n) as f64, n as f64);
    let select: Vec<f64> = built
        .par_iter()
        .map(|k| count(records, &[k], &sample, k.fan_out(), f64::INFINITY) * scale)
        .collect();
    let combos = combinations(&all, &select, limit, rows);
    let candidates: Vec<Candidate> = combos
        .into_par_iter()
        .filter_map(|keys| {
            let parts: Vec<&Key> = keys.iter().map(|&k| &built[k]).collect();
            let fan: f64 = keys.iter().map(|k| fans[*k]).product();
            let pairs = if let [one] = keys.as_slice() {
                select[*one]
            } else {
                count(records, &parts, &sample, fan, limit * 0.5 / scale + 1.0) * scale
            };
            (pairs <= limit * 0.5).then(|| Candidate {
                covers: (0..VIRTUAL / 64)
                    .map(|w| keys.iter().fold(u64::MAX, |m, &k| m & virt[k][w]))
                    .collect(),
                cost: pairs + 0.4 * rows * fan,
                keys,
            })
        })
        .collect();
    let chosen = greedy(&candidates, limit, if n > 300_000 { 14 } else { 32 });
    let largest = block_limit(n);
    chosen
        .into_iter()
        .map(|c| Rule {
            parts: candidates[c]
                .keys
                .iter()
                .map(|&k| RulePart {
                    field: records
                        .column(all[k].0)
                        .map(|f| f.name.clone())
                        .unwrap_or_default(),
                    key: all[k].1,
                })
                .collect(),
            largest_block: largest,
        })
        .collect()
}

fn block_limit(n: usize) -> u32 {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small positive number"
    )]
    let cap = (budget(n) as f64 / 6.0).sqrt() as u32;
    cap.clamp(60, 3_000)
}

/// Pairs of sampled records that a conjunction of sampled keys would make, of so many keys a record. Counting ends where
/// there are more than `most`.
fn count(records: &Records, parts: &[&Key], sample: &[u32], fan: f64, most: f64) -> f64 {
    if records.sources.across() {
        count_across(&records.sources, parts, sample, most)
    } else {
        count_all(parts, sample.len(), fan, most)
    }
}

/// Where pairs across sources count: a record meets those before it, less those of its own source.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "an estimate; a slot number"
)]
fn count_across(sources: &Sources, parts: &[&Key], sample: &[u32], most: f64) -> f64 {
    let mut keys: Vec<(u32, u32)> = Vec::with_capacity(sample.len());
    for (n, &r) in (0_u32..).zip(sample) {
        let own = sources.of(r) as u32 + 1;
        hashes_of(parts, |_| n, |h| keys.push((h, own)));
    }
    // an open table, at most half full, of how often each hash was seen, in all and, under another number, in a source;
    // there are at most 64 sources, and fewer than a million keys
    let mut seen: Vec<(u32, u32)> = vec![(0, 0); (keys.len() * 4).next_power_of_two()];
    let last = seen.len() - 1;
    let mut before = |h: u32, source: u32| {
        let mut slot = (h ^ source.wrapping_mul(0x9e37_79b9)) as usize & last;
        while seen[slot].1 != 0 && (seen[slot].0, seen[slot].1 >> SEEN) != (h, source) {
            slot = (slot + 1) & last;
        }
        let times = seen[slot].1 & ((1 << SEEN) - 1);
        seen[slot] = (h, source << SEEN | (times + 1));
        u64::from(times)
    };
    let mut total = 0;
    for (h, own) in keys {
        total += before(h, 0) - before(h, own);
        if total as f64 > most {
            break;
        }
    }
    total as f64
}

/// Bits that count how often a hash was seen.
const SEEN: u32 = 25;

/// The same where every pair counts: a table of occurrences by hash, without sorting. A record meets those before it.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "an estimate; a slot number"
)]
fn count_all(parts: &[&Key], records: usize, fan: f64, most: f64) -> f64 {
    #[expect(clippy::cast_sign_loss, reason = "a small positive number")]
    let slots = (records * 2 * (fan.ceil() as usize).max(1)).next_power_of_two();
    let mut seen: Vec<(u32, u32)> = vec![(0, 0); slots];
    let (mut total, mut used) = (0_u64, 0);
    for n in 0..records {
        hashes_of(
            parts,
            |_| n as u32,
            |h| {
                // keys are hashes already: their low bits are as good as any
                let mut slot = h as usize & (slots - 1);
                while seen[slot].1 != 0 && seen[slot].0 != h && used < slots - 1 {
                    slot = (slot + 1) & (slots - 1);
                }
                used += usize::from(seen[slot].1 == 0);
                total += u64::from(seen[slot].1);
                seen[slot] = (h, seen[slot].1 + 1);
            },
        );
        if total as f64 > most {
            break;
        }
    }
    total as f64
}

fn combinations(all: &[(usize, KeyKind)], select: &[f64], limit: f64, rows: f64) -> Vec<Vec<usize>> {
    let everything = rows * rows / 2.0;
    let likely = |keys: &[usize]| keys.iter().fold(everything, |p, &k| p * (select[k] / everything)) < limit;
    let mut out: Vec<Vec<usize>> = (0..all.len())
        .map(|k| vec![k])
        .filter(|k| select[k[0]] <= limit)
        .collect();
    for a in 0..all.len() {
        for b in a + 1..all.len() {
            if all[a].0 == all[b].0 || exploded(all[a].1) && exploded(all[b].1) || !likely(&[a, b]) {
                continue;
            }
            out.push(vec![a, b]);
        }
    }
    // conjunctions of three only of loose keys: strict ones are covered by pairs
    let loose: Vec<usize> = (0..all.len())
        .filter(|&k| !exploded(all[k].1) && select[k] > limit * 0.2)
        .collect();
    for (x, &a) in loose.iter().enumerate() {
        for (y, &b) in loose.iter().enumerate().skip(x + 1) {
            for &c in loose.iter().skip(y + 1) {
                let fields = [all[a].0, all[b].0, all[c].0];
                let distinct = fields[0] != fields[1] && fields[1] != fields[2] && fields[0] != fields[2];
                if distinct && likely(&[a, b, c]) && out.len() < 1_500 {
                    out.push(vec![a, b, c]);
                }
            }
        }
    }
    out
}

const fn exploded(kind: KeyKind) -> bool {
    matches!(kind, KeyKind::Near | KeyKind::RareWord | KeyKind::WordSound)
}

fn greedy(candidates: &[Candidate], limit: f64, most: usize) -> Vec<usize> {
    let mut covered = vec![0_u64; VIRTUAL / 64];
    let mut chosen: Vec<usize> = Vec::new();
    let mut spent = 0.0;
    while chosen.len() < most {
        let gain = |c: &Candidate| -> u32 {
            c.covers
                .iter()
                .zip(&covered)
                .map(|(x, y)| (x & !y).count_ones())
                .sum()
        };
        let best = candidates
            .iter()
            .enumerate()
            .filter(|(_, c)| spent + c.cost <= limit * 1.5)
            .map(|(k, c)| (k, gain(c)))
            .filter(|(_, g)| *g >= 2)
            .max_by(|a, b| {
                let worth = |x: &(usize, u32)| f64::from(x.1) / candidates[x.0].cost.max(1.0).sqrt();
                worth(a).total_cmp(&worth(b)).then(b.0.cmp(&a.0))
            });
        let Some((k, _)) = best else { break };
        spent += candidates[k].cost;
        for (c, x) in covered.iter_mut().zip(&candidates[k].covers) {
            *c |= x;
        }
        chosen.push(k);
    }
    prune(candidates, chosen)
}

/// Takes out rules that the others have made superfluous.
fn prune(candidates: &[Candidate], mut chosen: Vec<usize>) -> Vec<usize> {
    let mut k = 0;
    while k < chosen.len() {
        let others = |w: usize| {
            chosen
                .iter()
                .enumerate()
                .filter(|(j, _)| *j != k)
                .fold(0_u64, |m, (_, &c)| m | candidates[c].covers[w])
        };
        let lost: u32 = (0..VIRTUAL / 64)
            .map(|w| (candidates[chosen[k]].covers[w] & !others(w)).count_ones())
            .sum();
        if lost <= 1 {
            chosen.remove(k);
        } else {
            k += 1;
        }
    }
    chosen
}

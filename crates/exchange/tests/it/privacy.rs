//! What someone with the exchange's whole view and a public list of everybody can work out: the frequency attack on
//! tokens and the multi-key attack on groups. The bounded form runs on 60,000 children; `CHILDREN=1000000` runs the
//! synthetic million.

use crate::children::Town;
use exchange::matchkey::keys;
use std::collections::HashMap;

/// The attacker knows the clear details of every child in the country (but not whose concern is where) and sees the
/// grouped view: for each enrolled subject, its tokens, and under how many desks each token is.
struct Seen {
    /// The child behind each group, for scoring only.
    truth: Vec<usize>,
    /// Tokens of each group, as numbers.
    groups: Vec<Vec<u32>>,
    /// Desks under each token.
    desks: Vec<u32>,
    /// The value behind each token, for scoring only.
    values: Vec<u64>,
    /// The attacker's list: for each child, the values of its keys and how many children share each.
    people: Vec<Vec<u64>>,
    shared: HashMap<u64, u32>,
}

fn digest(kind: u8, value: &str) -> u64 {
    let digest = exchange::ids::Digest::of(&[&[kind], value.as_bytes()]).0;
    u64::from_be_bytes(digest[..8].try_into().unwrap())
}

fn see(children: usize) -> Seen {
    let mut town = Town::new(9, children);
    let mut draw = crate::people::draw(10);
    let mut seen = Seen {
        truth: Vec::new(),
        groups: Vec::new(),
        desks: Vec::new(),
        values: Vec::new(),
        people: Vec::with_capacity(children),
        shared: HashMap::new(),
    };
    let mut numbers: HashMap<u64, u32> = HashMap::new();
    let mut under: HashMap<(u32, u8), ()> = HashMap::new();
    for child in 0..children {
        let values: Vec<u64> = keys(&town.record(child, true))
            .iter()
            .map(|key| digest(key.kind.code(), &key.value))
            .collect();
        values
            .iter()
            .for_each(|value| *seen.shared.entry(*value).or_default() += 1);
        seen.people.push(values);
        // one child in five has a concern somewhere; some at several agencies, each with its own record
        let agencies = if draw.below(5) > 0 {
            0
        } else {
            1 + draw.below(3).saturating_sub(1)
        };
        for _ in 0..agencies {
            let agency = u8::try_from(draw.below(200)).unwrap();
            let mut group = Vec::new();
            for key in keys(&town.record(child, draw.below(100) < 45)) {
                let value = digest(key.kind.code(), &key.value);
                let next = u32::try_from(numbers.len()).unwrap();
                let token = *numbers.entry(value).or_insert(next);
                if token == next && seen.desks.len() == next as usize {
                    seen.desks.push(0);
                    seen.values.push(value);
                }
                // one live row for each desk under a token
                if under.insert((token, agency), ()).is_none() {
                    seen.desks[token as usize] += 1;
                }
                group.push(token);
            }
            seen.truth.push(child);
            seen.groups.push(group);
        }
    }
    seen
}

/// Frequency: the most held tokens are taken for the most common values, rank by rank.
fn by_frequency(seen: &Seen) -> f64 {
    let mut tokens: Vec<usize> = (0..seen.desks.len()).collect();
    tokens.sort_by_key(|t| (core::cmp::Reverse(seen.desks[*t]), *t));
    let mut values: Vec<(u32, u64)> = seen.shared.iter().map(|(value, n)| (*n, *value)).collect();
    values.sort_unstable_by(|a, b| b.cmp(a));
    let right = tokens
        .iter()
        .zip(&values)
        .filter(|(token, (_, value))| seen.values[**token] == *value)
        .count();
    right as f64 / tokens.len() as f64
}

/// Multi-key: a group's profile (how many tokens it has, and under how many desks each is, sorted) is compared with
/// every child's expected profile; where the nearest child is the only one so near, the attacker claims it.
fn by_profile(seen: &Seen) -> (f64, f64) {
    let rate = seen.groups.len() as f64 / seen.people.len() as f64;
    let expect = |values: &[u64]| -> Vec<u32> {
        let mut out: Vec<u32> = values
            .iter()
            .map(|v| (1.0 + f64::from(seen.shared[v] - 1) * rate).round() as u32)
            .collect();
        out.sort_unstable();
        out
    };
    let mut by_shape: HashMap<Vec<u32>, Vec<usize>> = HashMap::new();
    for (child, values) in seen.people.iter().enumerate() {
        by_shape.entry(expect(values)).or_default().push(child);
    }
    let (mut claimed, mut right) = (0usize, 0usize);
    for (group, truth) in seen.groups.iter().zip(&seen.truth) {
        let mut profile: Vec<u32> = group.iter().map(|t| seen.desks[*t as usize]).collect();
        profile.sort_unstable();
        if let Some([only]) = by_shape.get(&profile).map(Vec::as_slice) {
            claimed += 1;
            right += usize::from(only == truth);
        }
    }
    let groups = seen.groups.len() as f64;
    (claimed as f64 / groups, right as f64 / groups)
}

#[test]
fn frequency_and_multi_key_attacks_name_almost_nobody() {
    let children = std::env::var("CHILDREN")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(60_000);
    let seen = see(children);
    let frequency = by_frequency(&seen);
    let (claimed, right) = by_profile(&seen);
    let told = format!(
        "{children} children, {} groups, {} tokens: frequency {frequency:.6}; profiles claimed {claimed:.6}, right {right:.6}",
        seen.groups.len(),
        seen.desks.len()
    );
    if std::env::var("SHOW").is_ok() {
        panic!("{told}");
    }
    assert!(frequency <= 0.001 && right <= 0.001, "{told}");
}

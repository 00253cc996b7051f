use crate::people::{csv, population, records};
use linkage::{
    block,
    compare::{Field, Records, level_names},
    pipeline::{Options, Unwatched, run},
    profile::Kind,
    table::mix,
    train::{em, guard, random, sample::Sample},
};

fn field(name: &str, kind: Kind) -> Field {
    Field {
        name: name.into(),
        kind,
        store: 0,
        levels: level_names(kind).iter().map(|s| (*s).to_owned()).collect(),
        custom: None,
        fixed: Vec::new(),
        exact: Vec::new(),
        counts: vec![0],
        bands: Vec::new(),
        together: Default::default(),
    }
}

fn distribution(weights: &[f64]) -> [f64; 16] {
    let total: f64 = weights.iter().sum();
    let mut out = [0.0; 16];
    for (o, w) in out[1..].iter_mut().zip(weights) {
        *o = w / total;
    }
    out
}

/// Every combination of levels with its exactly expected count.
fn exact_sample(classes: &[(f64, &[[f64; 16]])], fields: usize, levels: usize) -> Sample {
    let mut s = Sample {
        rate: 1.0,
        ..Default::default()
    };
    for code in 0..levels.pow(fields as u32) {
        let level = |k: usize| code / levels.pow(k as u32) % levels + 1;
        let weight: f64 = classes
            .iter()
            .map(|(n, p)| n * (0..fields).map(|k| p[k][level(k)]).product::<f64>())
            .sum();
        s.patterns
            .push((0..fields).fold(0, |p, k| p | (level(k) as u64) << (4 * k)));
        s.weights.push(weight);
    }
    s
}

fn start(m: &[[f64; 16]], u: &[[f64; 16]], all: f64, matches: f64) -> em::Start {
    em::Start {
        m: m.to_vec(),
        u: u.to_vec(),
        alternatives: Vec::new(),
        all_pairs: all,
        matches,
        prior: None,
        fixed_m: vec![[None; 16]; m.len()],
    }
}

#[test]
fn known_parameters_come_back_from_exact_data() {
    let m: Vec<_> = [
        [80.0, 10.0, 5.0, 3.0, 2.0],
        [70.0, 10.0, 10.0, 5.0, 5.0],
        [90.0, 4.0, 3.0, 2.0, 1.0],
        [60.0, 20.0, 10.0, 5.0, 5.0],
    ]
    .iter()
    .map(|w| distribution(w))
    .collect();
    let u: Vec<_> = [
        [0.01, 0.02, 0.5, 1.0, 98.47],
        [0.02, 0.1, 1.0, 2.0, 96.88],
        [0.005, 0.1, 0.5, 1.0, 98.395],
        [0.3, 0.7, 3.0, 6.0, 90.0],
    ]
    .iter()
    .map(|w| distribution(w))
    .collect();
    let (all, matches) = (5.0e7, 20_000.0);
    let sample = exact_sample(&[(matches, &m), (all - matches, &u)], 4, 5);
    // random pairs contain matches in their true share
    let seen: Vec<[f64; 16]> = m
        .iter()
        .zip(&u)
        .map(|(m, u)| {
            let mut out = [0.0; 16];
            for l in 1..6 {
                out[l] = (matches * m[l] + (all - matches) * u[l]) / all;
            }
            out
        })
        .collect();
    let guess: Vec<_> = (0..4)
        .map(|_| distribution(&[50.0, 20.0, 15.0, 10.0, 5.0]))
        .collect();
    let records = Records {
        fields: (0..4).map(|k| field(&format!("f{k}"), Kind::Category)).collect(),
        ..Default::default()
    };
    let fitted = em::fit(&records, &sample, &start(&guess, &seen, all, 1_000.0), false, 400);
    assert!(
        (fitted.matches / matches - 1.0).abs() < 0.01,
        "{}",
        fitted.matches
    );
    for (k, (found, wanted)) in fitted.m.iter().zip(&m).enumerate() {
        for (l, (found, wanted)) in found.iter().zip(wanted).enumerate().skip(1) {
            assert!(
                (found - wanted).abs() < 0.005,
                "field {k} level {l}: {found} {wanted}"
            );
        }
    }
}

#[test]
fn levels_never_seen_stay_finite_and_above_zero() {
    let m: Vec<_> = (0..3)
        .map(|_| distribution(&[90.0, 0.0, 0.0, 0.0, 10.0]))
        .collect();
    let u: Vec<_> = (0..3)
        .map(|_| distribution(&[0.1, 0.0, 0.0, 0.0, 99.9]))
        .collect();
    let sample = exact_sample(&[(5_000.0, &m), (1.0e6, &u)], 3, 5);
    let guess: Vec<_> = (0..3)
        .map(|_| distribution(&[50.0, 20.0, 15.0, 10.0, 5.0]))
        .collect();
    let seen: Vec<_> = (0..3)
        .map(|_| distribution(&[0.1, 0.001, 0.001, 0.001, 99.9]))
        .collect();
    let records = Records {
        fields: (0..3).map(|k| field(&format!("f{k}"), Kind::Category)).collect(),
        ..Default::default()
    };
    let fitted = em::fit(
        &records,
        &sample,
        &start(&guess, &seen, 1.005e6, 100.0),
        false,
        200,
    );
    for k in 0..3 {
        for l in 1..6 {
            assert!(fitted.m[k][l] > 0.0 && fitted.m[k][l].is_finite());
            assert!(fitted.u[k][l] > 0.0 && fitted.u[k][l].is_finite());
        }
    }
    assert!(fitted.posteriors(&sample).iter().all(|p| p.is_finite()));
}

#[test]
fn an_extreme_share_of_strangers_does_not_pull_estimation_away() {
    // one match in ten million pairs, as in a national file
    let m: Vec<_> = (0..4)
        .map(|_| distribution(&[90.0, 4.0, 3.0, 2.0, 1.0]))
        .collect();
    let u: Vec<_> = (0..4)
        .map(|_| distribution(&[0.01, 0.02, 0.1, 0.5, 99.37]))
        .collect();
    let (all, matches) = (1.0e12, 100_000.0);
    let sample = exact_sample(&[(matches, &m), (all, &u)], 4, 5);
    let guess: Vec<_> = (0..4)
        .map(|_| distribution(&[50.0, 20.0, 15.0, 10.0, 5.0]))
        .collect();
    let records = Records {
        fields: (0..4).map(|k| field(&format!("f{k}"), Kind::Category)).collect(),
        ..Default::default()
    };
    let fitted = em::fit(&records, &sample, &start(&guess, &u, all, 1.0e6), false, 400);
    assert!(
        (fitted.matches / matches - 1.0).abs() < 0.05,
        "{}",
        fitted.matches
    );
}

#[test]
fn people_of_one_home_are_not_taken_for_one_person() {
    let rows = population(6_000, 11);
    let (_, r) = records(&[&csv(&rows)]);
    let o = run(&r, &Options::default(), None, &mut Unwatched).unwrap();
    let home = o
        .model
        .alternatives
        .iter()
        .find(|a| a.name.contains("home"))
        .unwrap();
    assert!(
        home.rate > o.model.prior - 4.0,
        "relatives must be found: {} against {}",
        home.rate,
        o.model.prior
    );
    let wrong = o
        .edges
        .iter()
        .filter(|e| e.probability() > 0.9)
        .filter(|e| {
            let (a, b) = (&rows[e.left as usize], &rows[e.right as usize]);
            a.person != b.person && a.fields[6] == b.fields[6]
        })
        .count();
    let all = o.edges.iter().filter(|e| e.probability() > 0.9).count();
    assert!(wrong * 50 < all, "{wrong} of {all}");
}

#[test]
fn u_of_equal_values_is_exact() {
    let text = "id,a\n1,x\n2,x\n3,y\n4,z\n5,x\n6,y\n";
    let (_, r) = records(&[text]);
    let u = random::levels(&r, &r.exact_patterns(), 64, 1);
    // 3 pairs of x and 1 of y among 15
    let same: f64 = u[0][1..4].iter().sum();
    assert!((same - 4.0 / 15.0).abs() < 0.02, "{same}");
}

#[test]
fn planning_is_bounded() {
    // everybody has the same surname and lives in one street
    let rows = population(4_000, 12);
    let mut text = String::from("id,surname,town\n");
    for r in &rows {
        text.push_str(&format!(
            "{},smith{},northmere{}\n",
            r.id,
            r.person % 3,
            r.person % 2
        ));
    }
    let (_, r) = records(&[&text]);
    let rules = block::plan(&r, 1);
    let c = block::generate(&r, &rules).unwrap();
    assert!((c.len() as u64) <= 2 * block::budget(r.len), "{}", c.len());
}

/// Pairs drawn from classes, each pair with a number of its own; blocking proposes those that agree on two fields.
fn drawn(classes: &[(u64, &[[f64; 16]])], fields: usize, seed: u64) -> Sample {
    let unit = |x: u64| (mix(mix(mix(x) ^ mix(seed))) >> 11) as f64 / (1_u64 << 53) as f64;
    let mut pairs = std::collections::BTreeMap::<u64, Vec<u64>>::new();
    let mut number = 0;
    for (n, p) in classes {
        for _ in 0..*n {
            number += 1;
            let level = |k: usize| {
                let mut left = unit(number * 64 + k as u64);
                (1..16).find(|l| {
                    left -= p[k][*l];
                    left < 0.0
                })
            };
            let pattern = (0..fields).fold(0, |x, k| x | (level(k).unwrap_or(1) as u64) << (4 * k));
            if (0..fields).filter(|k| pattern >> (4 * k) & 15 == 1).count() >= 2 {
                pairs.entry(pattern).or_default().push(number);
            }
        }
    }
    let mut s = Sample {
        rate: 1.0,
        ..Default::default()
    };
    for (k, (pattern, of)) in pairs.into_iter().enumerate() {
        s.patterns.push(pattern);
        s.weights.push(of.len() as f64);
        s.pair_pattern.extend(of.iter().map(|_| k as u32));
        s.pairs.extend(of);
    }
    s
}

#[test]
fn alternatives_are_kept_only_where_pairs_held_out_speak_for_them() {
    let names = ["given", "family", "postcode", "address"];
    let kinds = [Kind::GivenName, Kind::FamilyName, Kind::Postcode, Kind::Text];
    let records = Records {
        fields: names.iter().zip(kinds).map(|(n, k)| field(n, k)).collect(),
        len: 10_000,
        ..Default::default()
    };
    let spread = |f: &Field, same: f64| {
        let mut out = [0.0; 16];
        let last = f.last();
        out[1] = same;
        for o in &mut out[2..=last] {
            *o = (1.0 - same) * 0.1 / (last - 1) as f64;
        }
        out[last] += (1.0 - same) * 0.9;
        out
    };
    let of = |same: [f64; 4]| -> Vec<[f64; 16]> {
        records
            .fields
            .iter()
            .zip(same)
            .map(|(f, s)| spread(f, s))
            .collect()
    };
    let (m, u) = (of([0.9; 4]), of([0.03, 0.03, 0.01, 0.005]));
    let homes = of([0.03, 0.8, 0.9, 0.9]);
    // random pairs hold a few matches
    let share = 4_000.0 / 1_004_000.0;
    let seen: Vec<[f64; 16]> = m
        .iter()
        .zip(&u)
        .map(|(m, u)| std::array::from_fn(|l| share * m[l] + (1.0 - share) * u[l]))
        .collect();
    let mut begin = start(&m, &seen, 1_004_000.0, 3_000.0);
    begin.alternatives.push(em::Alternative {
        name: "same home or family",
        free: vec![false, true, true, true],
        held: vec![true, false, false, false],
        levels: of([0.02, 0.7, 0.7, 0.7]),
        pairs: 3_000.0,
    });
    let mut plain = 0;
    for seed in 1..7 {
        let with = drawn(&[(4_000, &m), (1_000_000, &u), (6_000, &homes)], 4, seed);
        let seen = guard::judge(&records, &[], &with, &begin, (80, seed)).unwrap();
        assert!(
            seen.keeps_refined() && seen.refined.likelihood > seen.plain.likelihood + 100.0,
            "{seen:?}"
        );
        // no homes, and few pairs to mistake for them: the class could only fit what it has seen
        let without = drawn(&[(300, &m), (1_000_000, &u)], 4, seed);
        let mut street = begin.clone();
        street.alternatives[0].free = vec![false, false, true, true];
        street.alternatives[0].held = vec![false; 4];
        let seen = guard::judge(&records, &[], &without, &street, (80, seed)).unwrap();
        plain += u32::from(!seen.keeps_refined());
        let (a, b) = guard::halves(&without, seed);
        let total = |s: &Sample| s.weights.iter().sum::<f64>();
        let n = without.pairs.len() as f64;
        assert!((total(&a) - n).abs() < n / 20.0 && (total(&a) + total(&b) - 2.0 * n).abs() < 1e-6);
    }
    assert!(plain >= 4, "{plain} of 6");
}

#[test]
fn people_of_one_home_are_reason_enough_to_keep_the_alternatives() {
    let (_, r) = records(&[&csv(&population(3_000, 19))]);
    let o = run(&r, &Options::default(), None, &mut Unwatched).unwrap();
    assert!(!o.model.alternatives.is_empty());
}

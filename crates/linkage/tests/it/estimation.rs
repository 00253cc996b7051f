use crate::people::{csv, population, records};
use linkage::{
    block,
    compare::{Field, Records, level_names},
    pipeline::{Options, Unwatched, run},
    profile::Kind,
    train::{em, random, sample::Sample},
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

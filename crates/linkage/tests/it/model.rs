use crate::people::{csv, population, records};
use linkage::{
    compare::Scratch,
    model::{Model, probability},
    pipeline::{Options, Unwatched, run},
};

#[test]
fn parts_sum_to_the_score_and_the_score_to_the_probability() {
    let rows = population(3_000, 21);
    let (_, r) = records(&[&csv(&rows)]);
    let o = run(&r, &Options::default(), None, &mut Unwatched).unwrap();
    let scorer = o.model.scorer();
    assert!(o.edges.len() > 500);
    for e in &o.edges {
        let x = scorer.explain(&o.model, e.pattern);
        let sum: f64 = x.parts.iter().map(|p| p.bits).sum();
        assert!((sum - x.score).abs() < 1e-9, "{sum} {}", x.score);
        assert!((x.score - f64::from(e.weight)).abs() < 1e-3);
        assert!((x.probability - probability(x.score)).abs() < 1e-12);
        assert!(x.parts.iter().all(|p| p.bits.is_finite()));
    }
}

#[test]
fn a_model_written_and_read_scores_alike() {
    let rows = population(3_000, 22);
    let (_, r) = records(&[&csv(&rows)]);
    let o = run(&r, &Options::default(), None, &mut Unwatched).unwrap();
    let again = Model::from_json(&o.model.to_json().unwrap()).unwrap();
    assert!(again == o.model, "the model changed");
    let second = run(&r, &Options::default(), Some(again), &mut Unwatched).unwrap();
    assert!(second.edges == o.edges, "scores changed");
}

#[test]
fn a_damaged_model_is_refused() {
    let rows = population(2_000, 23);
    let (_, r) = records(&[&csv(&rows)]);
    let o = run(&r, &Options::default(), None, &mut Unwatched).unwrap();
    let json = o.model.to_json().unwrap();
    for (from, to) in [
        ("\"version\": 1", "\"version\": 9"),
        ("\"prior\": -", "\"prior\": 1e999, \"x\": -"),
        ("\"m\": [", "\"m\": [7.5,"),
    ] {
        assert!(Model::from_json(&json.replacen(from, to, 1)).is_err(), "{to}");
    }
    let mut other = o.model.clone();
    other.fields.reverse();
    assert!(other.fits(&r).is_err());
}

#[test]
fn patterns_are_symmetric() {
    let rows = population(400, 24);
    let (_, r) = records(&[&csv(&rows)]);
    let mut s = Scratch::new(r.fields.len(), 8);
    for i in 0..200 {
        for j in 200..260 {
            assert_eq!(
                r.pattern(i, j, &mut s),
                r.pattern(j, i, &mut s),
                "{:?} {:?}",
                rows[i as usize],
                rows[j as usize]
            );
        }
    }
}

//! Leaving pairs before their strings are compared changes nothing.

use crate::people::{csv, population, records};
use linkage::{
    block,
    compare::{Comparer, Scratch},
    meter::Meter,
    pipeline::{Options, Unwatched, run},
    score,
    train::sample::{self, Sample},
};

#[test]
fn a_pair_is_given_up_only_if_its_score_is_below_the_floor() {
    let (_, r) = records(&[&csv(&population(1_500, 5))]);
    let o = run(&r, &Options::default(), None, &mut Unwatched).unwrap();
    let scorer = o.model.scorer();
    let candidates = block::generate(&r, &o.model.rules).unwrap();
    let mut scratch = Scratch::new(r.fields.len(), 8);
    let exact = r.exact_patterns();
    let all = candidates.parts.concat();
    for floor in [-60.0, -6.0, 0.0, 9.0] {
        let bounds = scorer.bounds(&r, floor);
        let mut kept = Vec::new();
        Comparer::new(&r, &exact, &bounds, 8).compare(&all, |pair, pattern| kept.push((pair, pattern)));
        let mut left = 0;
        let mut next = kept.iter().copied().peekable();
        for &pair in &all {
            let (i, j) = ((pair >> 32) as u32, pair as u32);
            let pattern = r.pattern(i, j, &mut scratch);
            let alone = r.promising_rows(r.row(i), r.row(j), &mut scratch, &bounds);
            let together = next.next_if(|k| k.0 == pair);
            assert_eq!(alone, together.map(|k| k.1), "one by one, {i} {j}");
            match together {
                Some((_, p)) => assert_eq!(p, pattern, "{i} {j}"),
                None => {
                    assert!(scorer.score(pattern) < floor, "{i} {j} at {floor}");
                    left += 1;
                }
            }
        }
        assert_eq!(next.next(), None, "pairs come in order");
        assert!(
            !kept.is_empty() && (left > 0) == (floor > -50.0),
            "{left} at {floor}"
        );
    }
}

#[test]
fn what_was_compared_while_learning_is_not_compared_again_and_scores_the_same() {
    let (_, r) = records(&[&csv(&population(1_500, 6))]);
    let o = run(&r, &Options::default(), None, &mut Unwatched).unwrap();
    let (scorer, exact) = (o.model.scorer(), r.exact_patterns());
    let candidates = block::generate(&r, &o.model.rules).unwrap();
    let score = |known: &Sample| {
        let meter = Meter::default();
        score::score(&r, &exact, &candidates, known, &scorer, 0.01, &meter)
    };
    let fresh = score(&Sample::default());
    assert_eq!(fresh, o.edges);
    for most in [candidates.len() / 20, candidates.len() / 2, candidates.len()] {
        let known = sample::draw(&r, &exact, &candidates, most, 3);
        assert!(!known.pairs.is_empty());
        assert_eq!(score(&known), fresh, "{most}");
        // patterns that are known are believed
        let other = Sample {
            patterns: vec![0; known.patterns.len()],
            ..known
        };
        assert!(score(&other).len() < fresh.len(), "{most}");
    }
}

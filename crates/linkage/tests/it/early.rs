//! Leaving pairs before their strings are compared changes nothing.

use crate::people::{csv, population, records};
use linkage::{
    block,
    compare::{Comparer, Scratch},
    pipeline::{Options, Unwatched, run},
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

//! Leaving pairs before their strings are compared changes nothing.

use crate::people::{csv, population, records};
use linkage::{
    block,
    compare::Scratch,
    pipeline::{Options, Unwatched, run},
};

#[test]
fn a_pair_is_given_up_only_if_its_score_is_below_the_floor() {
    let (_, r) = records(&[&csv(&population(1_500, 5))]);
    let o = run(&r, &Options::default(), None, &mut Unwatched).unwrap();
    let scorer = o.model.scorer();
    let candidates = block::generate(&r, &o.model.rules).unwrap();
    let mut scratch = Scratch::new(r.fields.len(), 8);
    for floor in [-60.0, -6.0, 0.0, 9.0] {
        let bounds = scorer.bounds(&r, floor);
        let (mut kept, mut left) = (0, 0);
        for pair in candidates.parts.concat() {
            let (i, j) = ((pair >> 32) as u32, pair as u32);
            let pattern = r.pattern(i, j, &mut scratch);
            match r.promising(i, j, &mut scratch, &bounds) {
                Some(p) => {
                    assert_eq!(p, pattern, "{i} {j}");
                    kept += 1;
                }
                None => {
                    assert!(scorer.score(pattern) < floor, "{i} {j} at {floor}");
                    left += 1;
                }
            }
        }
        assert!(
            kept > 0 && (left > 0) == (floor > -50.0),
            "{kept} {left} at {floor}"
        );
    }
}

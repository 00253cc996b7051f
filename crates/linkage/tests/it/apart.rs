//! What a cluster is built on: values without rows compare as they did, and blocks hold exactly the candidates.

use crate::people::{csv, population, records};
use linkage::{
    block,
    compare::{Records, Scratch},
    meter::Meter,
    model::Model,
    pipeline::{self, Options, Pairs, Phase, Scored, Unwatched, Watch},
    profile::profile,
    read::{Input, ReadOptions, read_inputs},
    score,
    settings::Settings,
    train::sample::Sample,
};
use std::collections::BTreeSet;

/// Compares every candidate pair in both, the copy having been written and read without its rows.
fn agree(whole: &Records) {
    let copy: Records = serde_json::from_str(&serde_json::to_string(whole).unwrap()).unwrap();
    assert!(copy.rows.is_empty());
    let rules = block::plan(whole, 3);
    let candidates = block::generate(whole, &rules).unwrap();
    let width = whole.fields.len();
    let (mut one, mut other) = (Scratch::new(width, 8), Scratch::new(width, 8));
    assert!(candidates.len() > 100);
    let mut seen = BTreeSet::new();
    for pair in candidates.parts.concat() {
        let (i, j) = ((pair >> 32) as u32, pair as u32);
        let pattern = whole.pattern(i, j, &mut one);
        assert_eq!(
            copy.pattern_of(whole.row(i), whole.row(j), &mut other),
            pattern,
            "{i} {j}"
        );
        seen.insert(pattern);
    }
    assert!(seen.len() > 5, "{} patterns", seen.len());
}

#[test]
fn values_written_without_rows_compare_rows_as_before() {
    agree(&records(&[&csv(&population(1_500, 5))]).1);
}

#[test]
fn so_do_conditions_and_cells_of_several_values() {
    let mut text = String::from("id,name,phone,town,note\n");
    for k in 0..400 {
        let (a, b) = (k / 2, k / 3);
        text += &format!(
            "{k},name{},{:06}|{:06},town{},note {}\n",
            a % 90,
            700_000 + a,
            800_000 + b,
            b % 7,
            k % 11
        );
    }
    let settings = Settings::parse(
        r#"
        [columns.phone]
        kind = "digits"
        separator = "|"
        [columns.town]
        kind = "category"
        [[comparisons]]
        name = "phone"
        [[comparisons]]
        name = "name"
        [[comparisons]]
        name = "place"
        [[comparisons.levels]]
        label = "rare town"
        when = { rarer = { column = "town", than = 0.1 } }
        [[comparisons.levels]]
        label = "same town"
        when = { exact = "town" }
        [[comparisons.levels]]
        label = "similar note"
        when = { jaro_winkler = { column = "note", at_least = 0.9 } }
        "#,
        true,
    )
    .unwrap();
    let input = Input::Bytes("people.csv", text.as_bytes());
    let options = ReadOptions {
        id: Some("id".into()),
        ..Default::default()
    };
    let mut table = read_inputs(&[input], &options).unwrap();
    let mut profiles = profile(&table);
    agree(&settings.prepare(&mut table, &mut profiles).unwrap());
}

#[test]
fn the_pairs_of_all_blocks_are_the_candidates() {
    let half = population(1_200, 9);
    for files in [vec![csv(&half)], vec![csv(&half[..700]), csv(&half[700..])]] {
        let texts: Vec<&str> = files.iter().map(String::as_str).collect();
        let (_, r) = records(&texts);
        let mut rules = block::plan(&r, 3);
        rules[0].largest_block = 6;
        let mut pairs = BTreeSet::new();
        let counted = block::count(&r, &rules).unwrap();
        for (rule, expected) in rules.iter().zip(counted) {
            let report = block::each_block(&r, rule, |block| {
                for (k, x) in block.iter().enumerate() {
                    for y in &block[k + 1..] {
                        assert_eq!(x >> 32, y >> 32);
                        let (i, j) = ((*x as u32).min(*y as u32), (*x as u32).max(*y as u32));
                        if i != j && r.sources.counts(i, j) {
                            pairs.insert(u64::from(i) << 32 | u64::from(j));
                        }
                    }
                }
            })
            .unwrap();
            assert_eq!(report, expected);
        }
        let candidates = block::generate(&r, &rules).unwrap();
        assert_eq!(pairs.into_iter().collect::<Vec<_>>(), candidates.parts.concat());
    }
}

/// Makes and scores pairs itself, and leaves out the last `less` of them.
struct Elsewhere {
    less: usize,
}

impl Watch for Elsewhere {
    fn phase(&mut self, phase: Phase, _: u64) -> bool {
        assert_ne!(phase, Phase::Score, "scored here as well");
        true
    }
    fn elsewhere(&mut self, p: Pairs<'_>) -> Option<Result<Scored, linkage::LinkError>> {
        let candidates = block::generate(p.records, p.rules).unwrap();
        let scorer = p.model.scorer();
        let mut edges = score::score(
            p.records,
            &p.records.exact_patterns(),
            &candidates,
            &Sample::default(),
            &scorer,
            p.keep,
            &Meter::default(),
        );
        edges.truncate(edges.len() - self.less);
        Some(Ok(Scored {
            edges,
            candidates: candidates.len() as u64,
            rules: candidates.reports,
        }))
    }
}

#[test]
fn pairs_scored_elsewhere_are_the_pairs_of_the_run() {
    let (_, r) = records(&[&csv(&population(1_500, 5))]);
    let options = Options::default();
    let go = |model: Option<&Model>, watch: &mut dyn Watch| {
        pipeline::run(&r, &options, model.cloned(), watch).unwrap()
    };
    let here = go(None, &mut Unwatched);
    for model in [None, Some(&here.model)] {
        let there = go(model, &mut Elsewhere { less: 0 });
        assert_eq!(there.model, here.model);
        assert_eq!(
            (&there.edges, &there.labels, there.candidates),
            (&here.edges, &here.labels, here.candidates)
        );
        assert_eq!(there.rules, here.rules);
        let fewer = go(model, &mut Elsewhere { less: 5 });
        assert_eq!(fewer.edges.len() + 5, here.edges.len());
    }
}

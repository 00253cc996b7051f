use crate::people::{Row, csv, population, records};
use linkage::{
    evaluate::{Truth, by_group, measure},
    pipeline::{Options, Outcome, Unwatched, run},
    source::Sources,
};

fn truth(rows: &[Row]) -> Truth {
    Truth::Entities(rows.iter().map(|r| Some(r.person)).collect())
}

fn link(rows: &[Row], options: &Options) -> Outcome {
    let (_, r) = records(&[&csv(rows)]);
    run(&r, options, None, &mut Unwatched).unwrap()
}

/// F1 of the pairs that clusters imply.
fn cluster_f1(labels: &[u32], rows: &[Row]) -> f64 {
    let count = |key: &dyn Fn(usize) -> (u32, u32)| {
        let mut n = std::collections::HashMap::new();
        for k in 0..rows.len() {
            *n.entry(key(k)).or_insert(0_u64) += 1;
        }
        n.values().map(|x| (x * (x - 1) / 2) as f64).sum::<f64>()
    };
    let both = count(&|k| (labels[k], rows[k].person));
    2.0 * both / (count(&|k| (labels[k], 0)) + count(&|k| (rows[k].person, 0)))
}

#[test]
fn no_settings_and_no_labels_are_enough() {
    for seed in [3, 4] {
        let rows = population(6_000, seed);
        let o = link(&rows, &Options::default());
        let a = measure(
            &o.edges,
            &truth(&rows),
            &Sources::one(rows.len()),
            o.model.threshold,
            &|_| true,
        );
        assert!(a.best.unwrap().f1 > 0.95, "seed {seed}: {:?}", a.best);
        assert!(a.recall_at_p99 > 0.88, "seed {seed}: {}", a.recall_at_p99);
        assert!(a.calibration_error < 0.03, "seed {seed}: {}", a.calibration_error);
        let f1 = cluster_f1(&o.labels, &rows);
        assert!(f1 > 0.95, "seed {seed}: {f1}");
    }
}

#[test]
fn two_files_link_across_only() {
    let rows = population(6_000, 5);
    let (a, b) = rows.split_at(3_000);
    let (t, r) = records(&[&csv(a), &csv(b)]);
    assert_eq!(t.sources.range(1), 3_000..6_000);
    let o = run(&r, &Options::default(), None, &mut Unwatched).unwrap();
    assert!(o.edges.iter().all(|e| e.left < 3_000 && e.right >= 3_000));
    let m = measure(&o.edges, &truth(&rows), &t.sources, o.model.threshold, &|_| true);
    assert!(m.best.unwrap().f1 > 0.93, "{:?}", m.best);
}

#[test]
fn the_answer_does_not_depend_on_threads() {
    let rows = population(3_000, 6);
    let on = |n: usize| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(n)
            .build()
            .unwrap()
            .install(|| link(&rows, &Options::default()))
    };
    let (one, four) = (on(1), on(4));
    assert!(one.model == four.model, "model differ");
    assert!(one.edges == four.edges, "edges differ");
    assert!(one.labels == four.labels, "labels differ");
}

#[test]
fn error_rates_by_origin_are_stated_and_close() {
    let rows = population(8_000, 7);
    let o = link(&rows, &Options::default());
    let origins: Vec<String> = rows.iter().map(|r| r.origin.to_owned()).collect();
    let (groups, gap) = by_group(
        &o.edges,
        &truth(&rows),
        &Sources::one(rows.len()),
        o.model.threshold,
        &origins,
        100,
    );
    assert_eq!(groups.len(), 4);
    assert!(gap < 0.06, "gap {gap}: {groups:?}");
    for g in &groups {
        assert!(g.precision > 0.9, "{g:?}");
    }
}

#[test]
fn a_file_without_duplicates_is_not_forced_into_matches() {
    let mut rows = population(4_000, 8);
    let mut seen = std::collections::HashSet::new();
    rows.retain(|r| seen.insert(r.person));
    let (_, r) = records(&[&csv(&rows)]);
    match run(&r, &Options::default(), None, &mut Unwatched) {
        Err(e) => assert!(e.to_string().contains("no model could be learned"), "{e}"),
        Ok(o) => {
            let links = o
                .edges
                .iter()
                .filter(|e| e.probability() >= o.model.threshold)
                .count();
            assert!(
                links < rows.len() / 50,
                "{links} links among {} people",
                rows.len()
            );
        }
    }
}

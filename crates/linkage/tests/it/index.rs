use crate::people::{HEADER, Row, csv, population, records};
use linkage::{
    index::Index,
    pipeline::{Options, Outcome, Unwatched, run},
    table::Strings,
};

fn batch(rows: &[Row]) -> (Outcome, linkage::table::Table, linkage::compare::Records) {
    let (t, r) = records(&[&csv(rows)]);
    let o = run(&r, &Options::default(), None, &mut Unwatched).unwrap();
    (o, t, r)
}

fn values(row: &Row) -> Vec<(&'static str, &str)> {
    HEADER
        .split(',')
        .skip(1)
        .zip(row.fields.iter().map(String::as_str))
        .collect()
}

#[test]
fn scores_and_clusters_are_those_of_the_batch_run() {
    let rows = population(3_000, 41);
    let (o, t, r) = batch(&rows);
    let mut index = Index::build(r, t.ids.clone(), o.model.clone()).unwrap();
    let mut seen = 0;
    for e in o.edges.iter().filter(|e| e.left % 7 == 0) {
        let hit = index
            .neighbours(e.left, 0.01)
            .into_iter()
            .find(|h| h.record == e.right);
        let hit = hit.unwrap_or_else(|| panic!("pair {} {} is not found", e.left, e.right));
        assert!((hit.score - f64::from(e.weight)).abs() < 1e-3);
        assert_eq!(hit.pattern, e.pattern);
        seen += 1;
    }
    assert!(seen > 100);
    for k in (0..rows.len()).step_by(29) {
        let mut want: Vec<String> = (0..rows.len())
            .filter(|&j| o.labels[j] == o.labels[k])
            .map(|j| rows[j].id.clone())
            .collect();
        want.sort();
        assert_eq!(index.cluster(&rows[k].id), want, "record {k}");
    }
}

#[test]
fn the_order_of_arrival_does_not_matter() {
    let rows = population(3_600, 42);
    let (base, late) = rows.split_at(3_000);
    let build = |order: &dyn Fn(usize) -> usize| {
        let (o, t, r) = batch(base);
        let mut index = Index::build(r, t.ids, o.model).unwrap();
        for k in 0..late.len() {
            let row = &late[order(k)];
            index.add(&row.id, &values(row)).unwrap();
        }
        index
    };
    let n = late.len();
    let (mut a, mut b) = (build(&|k| k), build(&|k| n - 1 - k));
    let mut joined = 0;
    for row in late {
        let (x, y) = (a.cluster(&row.id), b.cluster(&row.id));
        assert_eq!(x, y);
        joined += usize::from(x.len() > 1);
    }
    assert!(joined > 100, "{joined}");
}

#[test]
fn removal_and_separation() {
    let rows = population(2_000, 43);
    let (o, t, r) = batch(&rows);
    let two = o
        .edges
        .iter()
        .find(|e| {
            e.weight > 15.0
                && o.labels
                    .iter()
                    .filter(|l| **l == o.labels[e.left as usize])
                    .count()
                    == 2
        })
        .unwrap();
    let (a, b) = (
        rows[two.left as usize].id.clone(),
        rows[two.right as usize].id.clone(),
    );
    let mut index = Index::build(r, t.ids, o.model).unwrap();
    assert_eq!(index.cluster(&a).len(), 2);
    assert!(index.separate(&a, &b));
    assert_eq!(index.cluster(&a), std::slice::from_ref(&a));
    index.reunite(&a, &b);
    assert_eq!(index.cluster(&a).len(), 2);
    assert!(index.remove(&b));
    assert!(!index.remove(&b));
    assert_eq!(index.cluster(&a), std::slice::from_ref(&a));
    assert!(index.cluster(&b).is_empty());
    index.add(&b, &values(&rows[two.right as usize])).unwrap();
    assert_eq!(index.cluster(&a).len(), 2);
}

#[test]
fn a_record_that_is_only_looked_up_leaves_no_trace() {
    let rows = population(2_000, 44);
    let (o, t, r) = batch(&rows);
    let mut index = Index::build(r, t.ids, o.model).unwrap();
    let n = index.len();
    let hits = index.find(&values(&rows[5]), 0.5).unwrap();
    assert!(hits.iter().any(|h| h.record == 5));
    assert_eq!(index.len(), n);
    assert!(index.find(&[], 0.01).unwrap().is_empty());
    assert!(index.find(&[("nowhere", "x")], 0.01).unwrap().is_empty());
}

#[test]
fn identifiers_must_be_unique() {
    let (o, _, r) = batch(&population(2_000, 45));
    let mut ids = Strings::default();
    (0..r.len).for_each(|_| ids.push(b"same"));
    assert!(Index::build(r, ids, o.model).is_err());
}

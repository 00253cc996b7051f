use crate::people::{Row, population, records};
use linkage::{
    compare::{Pattern, Records},
    label,
    model::{Model, probability},
    pipeline::{Options, Unwatched, run},
    score::Edge,
};
use std::fmt::Write;

/// People whose address and telephone stand in three columns each, as they do after files were joined: plain counting takes
/// one agreement for three, and people of one home for one person.
fn thrice(rows: &[Row]) -> String {
    let mut out = String::from(
        "id,forename,surname,sex,dob,postcode,phone,address,phone_home,phone_other,address_old,address_post\n",
    );
    for r in rows {
        let [.., phone, address] = &r.fields;
        let fields = r.fields.join(",");
        writeln!(out, "{},{fields},{phone},{phone},{address},{address}", r.id).unwrap();
    }
    out
}

struct Linked {
    rows: Vec<Row>,
    records: Records,
    model: Model,
    edges: Vec<Edge>,
}

fn link(seed: u64) -> Linked {
    let rows = population(4_000, seed);
    let (_, records) = records(&[&thrice(&rows)]);
    let o = run(&records, &Options::default(), None, &mut Unwatched).unwrap();
    Linked {
        rows,
        records,
        model: o.model,
        edges: o.edges,
    }
}

impl Linked {
    fn same(&self, e: &Edge) -> bool {
        self.rows[e.left as usize].person == self.rows[e.right as usize].person
    }
    /// So many pairs as `link label` would ask about, answered honestly.
    fn answers(&self, most: usize) -> (Vec<usize>, Vec<(Pattern, bool)>) {
        let asked = label::queue(&self.edges, most, 1, &|_| false);
        let answers = asked
            .iter()
            .map(|k| (self.edges[*k].pattern, self.same(&self.edges[*k])));
        let answers = answers.collect();
        (asked, answers)
    }
    /// Surprise in bits a pair over kept pairs nobody was asked about, and the best F1 over them.
    fn judge(&self, model: &Model, asked: &[usize]) -> (f64, f64) {
        let scorer = model.scorer();
        let others = (0..self.edges.len()).filter(|k| !asked.contains(k));
        let mut all: Vec<(f64, bool)> = others
            .map(|k| (scorer.score(self.edges[k].pattern), self.same(&self.edges[k])))
            .collect();
        let loss = |(s, same): &(f64, bool)| {
            let p = probability(*s).clamp(1e-6, 1.0 - 1e-6);
            -(if *same { p } else { 1.0 - p }).log2()
        };
        let surprise = all.iter().map(loss).sum::<f64>() / all.len() as f64;
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        let total = all.iter().filter(|x| x.1).count() as f64;
        let (mut hits, mut best) = (0.0, 0.0_f64);
        for (k, x) in all.iter().enumerate() {
            hits += f64::from(u8::from(x.1));
            best = best.max(2.0 * hits / (k as f64 + 1.0 + total));
        }
        (surprise, best)
    }
}

#[test]
fn fifty_honest_answers_mend_a_model_that_counts_one_agreement_thrice() {
    for seed in [71, 72, 73, 74] {
        let linked = link(seed);
        let (asked, answers) = linked.answers(50);
        let learned = label::learn(&linked.model, &answers).unwrap();
        let before = linked.judge(&linked.model, &asked);
        let after = linked.judge(&learned, &asked);
        assert!(
            after.0 < 0.5 * before.0,
            "seed {seed}: {} bits after {}",
            after.0,
            before.0
        );
        assert!(
            after.1 > before.1 + 0.02,
            "seed {seed}: F1 {} after {}",
            after.1,
            before.1
        );
    }
}

#[test]
fn what_is_learned_from_labels_is_still_a_sum_of_parts_and_is_kept_in_the_model() {
    let linked = link(75);
    let (_, answers) = linked.answers(60);
    let learned = label::learn(&linked.model, &answers).unwrap();
    assert!(
        learned
            .corrections
            .iter()
            .any(|c| c.bits.iter().any(|b| b.abs() > 0.2))
    );
    let again = Model::from_json(&learned.to_json().unwrap()).unwrap();
    assert_eq!(again, learned);
    let scorer = again.scorer();
    for e in linked.edges.iter().step_by(7) {
        let x = scorer.explain(&again, e.pattern);
        let sum: f64 = x.parts.iter().map(|p| p.bits).sum();
        assert!((sum - x.score).abs() < 1e-9 && (x.score - scorer.score(e.pattern)).abs() < 1e-9);
        assert!(
            x.parts.len()
                > linked
                    .model
                    .scorer()
                    .explain(&linked.model, e.pattern)
                    .parts
                    .len()
        );
    }
    // the same model links the same records
    let o = run(
        &linked.records,
        &Options::default(),
        Some(learned),
        &mut Unwatched,
    )
    .unwrap();
    assert!(
        !o.edges.is_empty()
            && o.edges
                .iter()
                .all(|e| (f64::from(e.weight) - scorer.score(e.pattern)).abs() < 1e-3)
    );
}

#[test]
fn answers_that_agree_with_the_model_leave_it_nearly_as_it_was() {
    let rows = population(4_000, 76);
    let (_, records) = records(&[&crate::people::csv(&rows)]);
    let o = run(&records, &Options::default(), None, &mut Unwatched).unwrap();
    let linked = Linked {
        rows,
        records,
        model: o.model,
        edges: o.edges,
    };
    let (asked, answers) = linked.answers(50);
    let learned = label::learn(&linked.model, &answers).unwrap();
    let (before, after) = (
        linked.judge(&linked.model, &asked),
        linked.judge(&learned, &asked),
    );
    assert!(
        after.0 < 1.1 * before.0 && after.1 > before.1 - 0.005,
        "{before:?} {after:?}"
    );
}

//! Measures lookups, their recall, additions and scoring on a finished run:
//! `cargo run --release -p link --example speed -- RUN_FOLDER [lookups]`; with `lookups` scoring is left out.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark"
)]

use linkage::{
    block::{self, Candidates},
    compare::Records,
    index::Index,
    meter::Meter,
    model::Model,
    prepare::prepare,
    profile::{Kind, profile},
    read, score, table,
    train::sample::Sample,
};
use std::{collections::HashMap, hint::black_box, time::Instant};

fn quantile(sorted: &[f64], q: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * q) as usize]
}

fn main() {
    let dir = std::env::args().nth(1).unwrap();
    let text = |name: &str| std::fs::read_to_string(format!("{dir}/{name}")).unwrap();
    let run: serde_json::Value = serde_json::from_str(&text("run.json")).unwrap();
    let model = Model::from_json(&text("model.json")).unwrap();
    let list = |k: &serde_json::Value| -> Vec<String> { serde_json::from_value(k.clone()).unwrap() };
    let options = read::ReadOptions {
        id: run["settings"]["id"].as_str().map(str::to_owned),
        ignore: list(&run["settings"]["ignore"]),
        ..Default::default()
    };
    let inputs = run["files"].as_array().unwrap();
    let files: Vec<String> = inputs
        .iter()
        .map(|f| f["file"].as_str().unwrap().to_owned())
        .collect();
    let mut t = read::read_tables(&files, &options).unwrap();
    let mut profiles = profile(&t);
    for p in &mut profiles {
        p.kind = model
            .fields
            .iter()
            .find(|f| f.name == p.name)
            .map_or(Kind::Unused, |f| f.kind);
    }
    let columns: Vec<String> = t.columns.iter().map(|c| c.name.clone()).collect();
    let n = t.len();
    let picked: Vec<usize> = (0..20_000).map(|k| (table::mix(k) % n as u64) as usize).collect();
    let rows: Vec<Vec<String>> = picked
        .iter()
        .map(|&r| {
            t.columns
                .iter()
                .map(|c| c.values.text(c.codes[r]).to_owned())
                .collect()
        })
        .collect();
    let records = prepare(&mut t, &profiles).unwrap();
    if std::env::args().nth(2).is_none() {
        scoring(&records, &model);
    }
    let stats: serde_json::Value = serde_json::from_str(&text("stats.json")).unwrap();
    let batch = batch(&records, &model, &picked, stats["kept_pairs"].as_u64());
    let start = Instant::now();
    let mut index = Index::build(records, t.ids.clone(), model).unwrap();
    println!(
        "index of {n} records built in {:.2} s",
        start.elapsed().as_secs_f64()
    );
    let rows: Vec<Vec<(&str, &str)>> = rows
        .iter()
        .map(|row| {
            let values = row.iter().map(String::as_str);
            columns.iter().map(String::as_str).zip(values).collect()
        })
        .collect();
    lookups(&mut index, &picked, &rows, &batch);
    let start = Instant::now();
    for (k, row) in rows.iter().enumerate() {
        index.add(&format!("new{k}"), row).unwrap();
    }
    println!(
        "added {:.0} records per second",
        rows.len() as f64 / start.elapsed().as_secs_f64()
    );
}

/// Of some records, the others that a batch run links them with, and the weights.
type Linked = HashMap<usize, Vec<(u32, f32)>>;

/// What the batch run found of some records, at or above its threshold: made again, and as much as it kept.
fn batch(records: &Records, model: &Model, some: &[usize], kept: Option<u64>) -> Linked {
    let candidates = block::generate(records, &model.rules).unwrap();
    let (known, exact, meter) = (Sample::default(), records.exact_patterns(), Meter::default());
    let edges = score::score(
        records,
        &exact,
        &candidates,
        &known,
        &model.scorer(),
        0.01,
        &meter,
    );
    assert_eq!(
        kept,
        Some(edges.len() as u64),
        "the same pairs as in the run's folder"
    );
    let lowest = score::lowest_weight(model.threshold);
    let mut linked: Linked = some.iter().map(|r| (*r, Vec::new())).collect();
    for e in edges.iter().filter(|e| e.weight >= lowest) {
        for (r, other) in [(e.left, e.right), (e.right, e.left)] {
            if let Some(list) = linked.get_mut(&(r as usize)) {
                list.push((other, e.weight));
            }
        }
    }
    linked
}

/// How long looking up records by their values takes, and how much of the batch run it finds, with the same score.
fn lookups(index: &mut Index, picked: &[usize], rows: &[Vec<(&str, &str)>], batch: &Linked) {
    let mut times = Vec::new();
    let (mut hits, mut wanted, mut found) = (0, 0, 0);
    for (record, row) in picked.iter().zip(rows) {
        let start = Instant::now();
        let all = index.find(row, 0.01).unwrap();
        times.push(start.elapsed().as_secs_f64() * 1e6);
        hits += all.len();
        let same = |(other, weight): &&(u32, f32)| {
            all.iter()
                .any(|h| h.record == *other && h.score as f32 == *weight)
        };
        wanted += batch[record].len();
        found += batch[record].iter().filter(same).count();
    }
    times.sort_by(f64::total_cmp);
    println!(
        "lookup: p50 {:.0} µs, p99 {:.0} µs, p99.9 {:.0} µs; {hits} hits of {} lookups",
        quantile(&times, 0.5),
        quantile(&times, 0.99),
        quantile(&times, 0.999),
        rows.len()
    );
    println!(
        "recall: {found} of the {wanted} links that the batch run has for these records ({:.4}), with the same score",
        found as f64 / f64::from(u32::try_from(wanted).unwrap()).max(1.0)
    );
}

/// The records with some of their columns only.
fn narrowed(records: &Records, keep: &[usize]) -> Records {
    let width = records.fields.len() + records.inputs.len();
    Records {
        fields: keep.iter().map(|k| records.fields[*k].clone()).collect(),
        inputs: Vec::new(),
        rows: records
            .rows
            .chunks(width)
            .flat_map(|row| keep.iter().map(|k| row[*k]))
            .collect(),
        swap: (keep.len() == 2).then_some((0, 1)),
        others: None,
        ..records.clone()
    }
}

/// The best of three times, in millions of pairs a second, on so many threads.
fn rate(records: &Records, candidates: &Candidates, model: &Model, threads: usize) -> f64 {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    let (scorer, known) = (model.scorer(), Sample::default());
    let exact = records.exact_patterns();
    let score = || {
        score::score(
            records,
            &exact,
            candidates,
            &known,
            &scorer,
            0.01,
            &Meter::default(),
        )
    };
    let seconds = (0..3).map(|_| {
        let start = Instant::now();
        black_box(pool.install(score));
        start.elapsed().as_secs_f64()
    });
    candidates.len() as f64 / seconds.fold(f64::MAX, f64::min) / 1e6
}

fn scoring(records: &Records, model: &Model) {
    let names = records.swap.map_or(vec![0], |(g, f)| vec![g, f]);
    let few = narrowed(records, &names);
    let mut of_names = model.clone();
    of_names.fields = names.iter().map(|k| model.fields[*k].clone()).collect();
    for a in &mut of_names.alternatives {
        a.levels = names.iter().map(|k| a.levels[*k].clone()).collect();
    }
    let window = records.len.min(4_000) as u64;
    let parts = (0..window)
        .map(|i| (i + 1..window).map(|j| i << 32 | j).collect())
        .collect();
    let every = Candidates {
        parts,
        reports: Vec::new(),
    };
    let made = block::generate(records, &model.rules).unwrap();
    for (what, r, pairs, m) in [
        ("candidates of the run, all columns", records, &made, model),
        ("candidates of the run, names alone", &few, &made, &of_names),
        ("every pair of 4,000 records, all columns", records, &every, model),
        (
            "every pair of 4,000 records, names alone",
            &few,
            &every,
            &of_names,
        ),
    ] {
        let (one, two) = (rate(r, pairs, m, 1), rate(r, pairs, m, 2));
        println!(
            "{what}: {:.1} M pairs; {one:.1} M pairs a second on one thread, {two:.1} on two ({:.2} times)",
            pairs.len() as f64 / 1e6,
            two / one
        );
    }
}

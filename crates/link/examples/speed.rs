//! Measures lookups, additions and scoring on a finished run:
//! `cargo run --release -p link --example speed -- RUN_FOLDER`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark"
)]

use linkage::{
    compare::Scratch,
    index::Index,
    model::Model,
    prepare::prepare,
    profile::{Kind, profile},
    read, table,
};
use std::{hint::black_box, time::Instant};

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
    scoring(&records, &model);
    let start = Instant::now();
    let mut index = Index::build(records, t.ids.clone(), model).unwrap();
    println!(
        "index of {n} records built in {:.2} s",
        start.elapsed().as_secs_f64()
    );
    let values = |row: &'_ Vec<String>| -> Vec<(String, String)> {
        columns.iter().cloned().zip(row.iter().cloned()).collect()
    };
    let mut times = Vec::new();
    let mut found = 0;
    for row in &rows {
        let v = values(row);
        let v: Vec<(&str, &str)> = v.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let start = Instant::now();
        found += index.find(&v, 0.01).unwrap().len();
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "lookup: p50 {:.0} µs, p99 {:.0} µs, p99.9 {:.0} µs; {found} hits of {} lookups",
        quantile(&times, 0.5),
        quantile(&times, 0.99),
        quantile(&times, 0.999),
        rows.len()
    );
    let start = Instant::now();
    for (k, row) in rows.iter().enumerate() {
        let v = values(row);
        let v: Vec<(&str, &str)> = v.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        index.add(&format!("new{k}"), &v).unwrap();
    }
    println!(
        "added {:.0} records per second",
        rows.len() as f64 / start.elapsed().as_secs_f64()
    );
}

fn scoring(records: &linkage::compare::Records, model: &Model) {
    let scorer = model.scorer();
    let mut scratch = Scratch::new(records.fields.len(), 15);
    let window = records.len.min(4_000) as u32;
    let mut total = 0.0;
    for round in 0..2 {
        let start = Instant::now();
        let mut pairs = 0_u64;
        for i in 0..window / 4 {
            for j in i + 1..window {
                total += scorer.score(records.pattern(i, j, &mut scratch));
                pairs += 1;
            }
        }
        if round == 1 {
            println!(
                "scored {:.1} M pairs per second on one core",
                pairs as f64 / start.elapsed().as_secs_f64() / 1e6
            );
        }
    }
    black_box(total);
}

//! Every parser of bytes from outside, driven from a committed corpus and small changes of it.
//!
//! The functions and the corpus are in `fuzz/` at the root of the repository. To write the corpus again after a format
//! has changed: `cargo test -p linkage --features parquet --test it -- --ignored write_corpus`.

#[path = "../../../../fuzz/src/linkage.rs"]
mod targets;

use linkage::read::{Input, ReadOptions, read_inputs};
use std::path::PathBuf;

fn corpus(target: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus/linkage")
        .join(target)
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(corpus(target))
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no corpus for {target}");
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// Some changes of a seed: cut short, a byte changed, a piece doubled or dropped. The same every time.
fn changes(seed: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![seed.to_vec(), Vec::new()];
    let step = (seed.len() / 61).max(1);
    for place in (0..seed.len()).step_by(step) {
        all.push(seed[..place].to_vec());
        for byte in [0, b'\n', b'"', b'{', b'9', 0xff, seed[place] ^ 1] {
            let mut changed = seed.to_vec();
            changed[place] = byte;
            all.push(changed);
        }
        let end = (place + 7).min(seed.len());
        all.push([&seed[..end], &seed[place..]].concat());
        all.push([&seed[..place], &seed[end..]].concat());
    }
    all
}

#[test]
fn the_corpus_and_its_changes_pass_every_target() {
    for (name, target) in targets::TARGETS {
        if name == "parquet" && !cfg!(feature = "parquet") {
            continue;
        }
        for seed in seeds(name) {
            changes(&seed).iter().for_each(|bytes| target(bytes));
        }
    }
}

#[test]
fn every_seed_is_read_or_refused_as_its_name_says() {
    let read = |name: &str, ending: &str| {
        let options = ReadOptions::default();
        std::fs::read_dir(corpus(name)).unwrap().for_each(|f| {
            let path = f.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            let bad = path.file_name().unwrap().to_str().unwrap().starts_with("bad");
            let got = read_inputs(&[Input::Bytes(ending, &bytes)], &options);
            assert_eq!(got.is_err(), bad, "{}", path.display());
        });
    };
    read("csv", "f.csv");
    if cfg!(feature = "parquet") {
        read("parquet", "f.parquet");
    }
    for (name, toml) in [("settings_toml", true), ("settings_json", false)] {
        for seed in seeds(name) {
            let text = String::from_utf8(seed).unwrap();
            linkage::settings::Settings::parse(&text, toml).unwrap();
        }
    }
    for seed in seeds("model") {
        linkage::model::Model::from_json(&String::from_utf8(seed).unwrap()).unwrap();
    }
    for seed in seeds("splink") {
        linkage::splink::import(&String::from_utf8(seed).unwrap()).unwrap();
    }
}

#[cfg(feature = "parquet")]
#[test]
#[ignore = "writes the corpus; run by hand after a format has changed"]
fn write_corpus() {
    use crate::people::{csv, population, records};
    use linkage::pipeline::{Options, Unwatched, run};

    let put = |target: &str, name: &str, bytes: &[u8]| {
        std::fs::create_dir_all(corpus(target)).unwrap();
        std::fs::write(corpus(target).join(name), bytes).unwrap();
    };
    let text = csv(&population(40, 1));
    put("csv", "people", text.as_bytes());
    put(
        "csv",
        "quoted",
        b"id;a\r\n1;\"x;\"\"y\"\"\nz\"\r\n2; spaced \r\n\r\n3;\r\n",
    );
    put(
        "csv",
        "several",
        b"id\tphones\tdob\n1\t01632960001|07700900001\t1/2/80\n2\t01632 960001\t1980-02-01\n",
    );
    put("csv", "bad_ragged", b"id,a\n1,x\n2\n3,y,z\n");
    put("csv", "bad_open_quote", b"id,a\n1,\"x\n2,y\n");
    put("csv", "bad_bytes", b"id,a\n1,caf\xe9\n");
    let (t, r) = records(&[&csv(&population(1_500, 2))]);
    let o = run(&r, &Options::default(), None, &mut Unwatched).unwrap();
    put("model", "learned", o.model.to_json().unwrap().as_bytes());
    let few = population(200, 3);
    let (ids, some) = records(&[&csv(&few)]);
    let own = run(&some, &Options::default(), None, &mut Unwatched).unwrap();
    let small = linkage::index::Index::build(some, ids.ids, own.model).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut kept = linkage::index::Kept::create(dir.path(), small).unwrap();
    let values = [
        ("forename", "Peggy"),
        ("surname", "O'Ash \"x\""),
        ("dob", "1952-03-04"),
    ];
    kept.add("new", &values).unwrap();
    kept.separate("new", &few[0].id).unwrap();
    kept.remove(&few[1].id).unwrap();
    put(
        "index",
        "small",
        &std::fs::read(dir.path().join("index")).unwrap(),
    );
    put("log", "changes", &std::fs::read(dir.path().join("log")).unwrap());
    let path = dir.path().join("e.parquet");
    let people = linkage::write::People {
        ids: &t.ids,
        sources: &t.sources,
    };
    let few = &o.edges[..o.edges.len().min(20)];
    linkage::write::edges(&path, linkage::write::Format::Parquet, people, &o.model, few).unwrap();
    put("parquet", "edges", &std::fs::read(&path).unwrap());
    let page = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/linkage/settings.md"
    ))
    .unwrap();
    let start = page.find("```toml settings\n").unwrap() + 17;
    let toml = page[start..].split("```").next().unwrap();
    put("settings_toml", "manual", toml.as_bytes());
    let s = linkage::settings::Settings::parse(toml, true).unwrap();
    put(
        "settings_json",
        "manual",
        serde_json::to_string_pretty(&s).unwrap().as_bytes(),
    );
    put(
        "splink",
        "small",
        br#"{"link_type":"dedupe_only","unique_id_column_name":"id","probability_two_random_records_match":0.001,
"blocking_rules_to_generate_predictions":["l.a = r.a",{"blocking_rule":"l.\"b\" = r.\"b\" AND l.c = r.c","sql_dialect":"duckdb"}],
"comparisons":[{"output_column_name":"a","comparison_levels":[
{"sql_condition":"\"a_l\" IS NULL OR \"a_r\" IS NULL","label_for_charts":"null","is_null_level":true},
{"sql_condition":"\"a_l\" = \"a_r\"","label_for_charts":"exact","m_probability":0.9,"u_probability":0.01,"tf_adjustment_column":"a"},
{"sql_condition":"jaro_winkler_similarity(\"a_l\", \"a_r\") >= 0.9","label_for_charts":"near","m_probability":0.05,"u_probability":0.02},
{"sql_condition":"ELSE","label_for_charts":"else","m_probability":0.05,"u_probability":0.97}]}]}"#,
    );
}

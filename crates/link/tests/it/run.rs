//! Files in, files out: one file or several, CSV or Parquet.

use crate::{daylight_link, people, read};
use std::fmt::Write;

#[test]
fn a_run_and_a_look_at_it() {
    let dir = tempfile::tempdir().unwrap();
    let (file, out) = (dir.path().join("people.csv"), dir.path().join("result"));
    people(&file, 900);
    let (f, o) = (file.to_str().unwrap(), out.to_str().unwrap());
    daylight_link(&[
        f, "--id", "id", "--ignore", "person", "--out", o, "--seed", "3", "--quiet", "--format", "csv",
    ])
    .unwrap();

    let edges = read(&out, "edges.csv");
    let head = edges.lines().next().unwrap();
    assert!(
        head.starts_with("id_l,id_r,match_weight,match_probability,level_"),
        "{head}"
    );
    assert!(edges.lines().count() > 400);
    let clusters = read(&out, "clusters.csv");
    assert_eq!(clusters.lines().next(), Some("id,cluster_id"));
    assert_eq!(clusters.lines().count(), 1_351);
    assert!(read(&out, "report.html").starts_with("<!doctype html>"));
    assert!(!read(&out, "report.html").contains("http"));
    serde_json::from_str::<serde_json::Value>(&read(&out, "stats.json")).unwrap();

    let first = edges.lines().nth(1).unwrap().split(',').collect::<Vec<_>>();
    let why = daylight_link(&["explain", first[0], first[1], "--run", o]).unwrap();
    assert!(
        why.contains("starting odds")
            && why.contains(&format!("{:.2} bits", first[2].parse::<f64>().unwrap())),
        "{why}"
    );

    let labels = dir.path().join("labels.csv");
    let mut truth = String::from("id,entity\n");
    for line in std::fs::read_to_string(&file).unwrap().lines().skip(1) {
        let c: Vec<&str> = line.split(',').collect();
        writeln!(truth, "{},{}", c[0], c[1]).unwrap();
    }
    std::fs::write(&labels, truth).unwrap();
    let json = daylight_link(&[
        "evaluate",
        "--run",
        o,
        "--labels",
        labels.to_str().unwrap(),
        "--json",
    ])
    .unwrap();
    let v: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(v["accuracy"]["true_pairs"], 450);
    assert!(v["accuracy"]["best"]["f1"].as_f64().unwrap() > 0.95, "{json}");
    // error rates by group are there without being asked for
    let born = &v["fairness"][0];
    assert_eq!(born["by"], "dob (year of birth)");
    let pairs: u64 = born["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|g| g["true_pairs"].as_u64().unwrap())
        .sum();
    assert!(pairs >= 450, "{json}");
    for gap in ["recall_gap", "precision_gap"] {
        assert!(born[gap].as_f64().unwrap() < 0.2, "{json}");
    }
    let labels = labels.to_str().unwrap();
    let said = daylight_link(&["evaluate", "--run", o, "--labels", labels, "--by", "forename"]).unwrap();
    assert_eq!(said.matches("widest gap").count(), 2, "{said}");
    assert!(
        said.contains("edith") && said.contains("name origin: the files state none"),
        "{said}"
    );
    let page = out.join("evaluation.html");
    let page = page.to_str().unwrap();
    let aged = [
        "evaluate",
        "--run",
        o,
        "--labels",
        labels,
        "--on",
        "2026-11-29",
        "--html",
        page,
    ];
    let said = daylight_link(&aged).unwrap();
    assert!(
        said.contains("dob (age on 2026-11-29)") && said.contains("25 to 44"),
        "{said}"
    );
    let html = std::fs::read_to_string(page).unwrap();
    for grouping in ["dob (year of birth)", "dob (age on 2026-11-29)"] {
        for what in [
            "Share of true pairs missed by",
            "Share of links that are wrong by",
        ] {
            assert!(html.contains(&format!("{what} {grouping}")), "{what} {grouping}");
        }
        assert!(html.contains(&format!("Table: error rates by {grouping}")));
    }
    assert!(html.contains("Widest gap") && html.contains("Table: calibration"));
    let e = daylight_link(&["evaluate", "--run", o, "--labels", labels, "--on", "today"]).unwrap_err();
    assert!(e.contains("is no date"), "{e}");
    let e = daylight_link(&["evaluate", "--run", o, "--labels", labels, "--by", "nowhere"]).unwrap_err();
    assert!(e.contains("no column nowhere"), "{e}");
    assert!(
        daylight_link(&["unlinkables", "--run", o])
            .unwrap()
            .contains("records below")
    );
    assert!(
        daylight_link(&["clusters", "--run", o])
            .unwrap()
            .contains("clusters")
    );
}

#[test]
fn labels_are_judged_by_in_the_report_of_the_run_and_change_no_pair() {
    let dir = tempfile::tempdir().unwrap();
    let (file, out) = (dir.path().join("people.csv"), dir.path().join("result"));
    people(&file, 900);
    let labels = dir.path().join("truth.csv");
    let text = std::fs::read_to_string(&file).unwrap();
    let cells = |l: &str| l.splitn(3, ',').take(2).collect::<Vec<_>>().join(",");
    let truth: Vec<String> = text.lines().skip(1).map(cells).collect();
    std::fs::write(&labels, format!("id,entity\n{}\n", truth.join("\n"))).unwrap();
    let run = |more: &[&str]| {
        let (f, o) = (file.to_str().unwrap(), out.to_str().unwrap());
        let base = [
            f, "--id", "id", "--ignore", "person", "--out", o, "--quiet", "--format", "csv",
        ];
        daylight_link(&[&base, more].concat()).map(|_| {
            let stats: serde_json::Value = serde_json::from_str(&read(&out, "stats.json")).unwrap();
            (read(&out, "edges.csv"), read(&out, "report.html"), stats)
        })
    };
    let (edges, page, stats) = run(&[]).unwrap();
    assert!(page.contains("Calibration without labels") && !page.contains("Accuracy against labels"));
    assert!(page.contains("Table: stated against implied probability"));
    assert!(stats["reliability"]["gap"].as_f64().unwrap() < 0.1 && stats["accuracy"].is_null());
    assert!(stats["guard"]["refined"]["separation"].as_f64().unwrap() > 0.5);
    let (with, page, stats) = run(&["--labels", labels.to_str().unwrap()]).unwrap();
    assert_eq!(with, edges);
    for part in [
        "Calibration without labels",
        "Table: calibration",
        "Table: precision and recall",
        "By dob (year of birth)",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert_eq!(stats["accuracy"]["true_pairs"], 450);
    assert!(stats["fairness"][0]["recall_gap"].is_number());
    // labels of other records, and answers that are none
    std::fs::write(&labels, "id,entity\nx1,1\nx2,1\n").unwrap();
    let e = run(&["--labels", labels.to_str().unwrap()]).unwrap_err();
    assert!(e.contains("none of its identifiers"), "{e}");
    std::fs::write(&labels, "id_l,id_r,match\nr1,r2,perhaps\n").unwrap();
    let e = run(&["--labels", labels.to_str().unwrap()]).unwrap_err();
    assert!(e.contains("no number from 0 to 1"), "{e}");
}

/// The people of a file dealt out to several, by turns of a hash of their line.
fn dealt(text: &str, into: u64) -> Vec<String> {
    let (head, body) = text.split_once('\n').unwrap();
    let mut out = vec![format!("{head}\n"); into as usize];
    for line in body.lines() {
        let k = linkage::table::hash_bytes(line.as_bytes()) % into;
        out[k as usize].push_str(&format!("{line}\n"));
    }
    out
}

#[test]
fn three_files_are_linked_with_one_another_and_within_when_asked() {
    let dir = tempfile::tempdir().unwrap();
    let all = dir.path().join("all.csv");
    people(&all, 1_500);
    let mut files = Vec::new();
    for (k, text) in dealt(&std::fs::read_to_string(&all).unwrap(), 3)
        .iter()
        .enumerate()
    {
        let path = dir.path().join(format!("{k}.csv"));
        std::fs::write(&path, text).unwrap();
        files.push(path.to_str().unwrap().to_owned());
    }
    let out = dir.path().join("out");
    let run = |more: &[&str]| {
        let mut args: Vec<&str> = files.iter().map(String::as_str).collect();
        args.extend([
            "--id",
            "id",
            "--ignore",
            "person",
            "--out",
            out.to_str().unwrap(),
            "--quiet",
            "--format",
            "csv",
        ]);
        args.extend(more);
        daylight_link(&args).unwrap();
        let edges = read(&out, "edges.csv");
        assert!(edges.lines().next().unwrap().ends_with(",source_l,source_r"));
        let sides = |l: &str| l.rsplit(',').take(2).map(str::to_owned).collect::<Vec<_>>();
        let within = edges
            .lines()
            .skip(1)
            .filter(|l| sides(l)[0] == sides(l)[1])
            .count();
        (edges.lines().count() - 1, within)
    };
    let (across, none) = run(&[]);
    assert_eq!(none, 0);
    let clusters = read(&out, "clusters.csv");
    assert_eq!(clusters.lines().next(), Some("id,cluster_id,source"));
    assert!(
        clusters
            .lines()
            .skip(1)
            .all(|l| l.contains(",a:") || l.contains(",b:") || l.contains(",c:"))
    );
    let (both, within) = run(&["--within"]);
    assert!(within > 100 && both > across, "{both} {within} {across}");
    // a second look finds the same records again
    let edges = read(&out, "edges.csv");
    let first: Vec<&str> = edges.lines().nth(1).unwrap().split(',').collect();
    let why = daylight_link(&["explain", first[0], first[1], "--run", out.to_str().unwrap()]).unwrap();
    assert!(why.contains("score"), "{why}");
}

#[test]
fn one_to_one_leaves_at_most_one_record_of_each_file_in_a_cluster() {
    let dir = tempfile::tempdir().unwrap();
    let all = dir.path().join("all.csv");
    people(&all, 1_500);
    let mut args = Vec::new();
    for (k, text) in dealt(&std::fs::read_to_string(&all).unwrap(), 3)
        .iter()
        .enumerate()
    {
        let path = dir.path().join(format!("{k}.csv"));
        std::fs::write(&path, text).unwrap();
        args.push(path.to_str().unwrap().to_owned());
    }
    let out = dir.path().join("out");
    let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
    args.extend([
        "--id",
        "id",
        "--ignore",
        "person",
        "--one-to-one",
        "--quiet",
        "--format",
        "csv",
        "--out",
        out.to_str().unwrap(),
    ]);
    daylight_link(&args).unwrap();
    let mut seen = std::collections::HashSet::new();
    let mut joined = 0;
    for line in read(&out, "clusters.csv").lines().skip(1) {
        let c: Vec<&str> = line.split(',').collect();
        assert!(seen.insert((c[1].to_owned(), c[2].to_owned())), "{line}");
        joined += usize::from(!c[1].ends_with(&format!(":{}", c[0])));
    }
    assert!(joined > 100, "{joined}");
}

#[test]
fn parquet_in_and_out_says_the_same_as_text() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("people.csv");
    people(&file, 900);
    let run = |input: &str, format: &str| {
        let out = dir.path().join(format!("{format}-out"));
        daylight_link(&[
            input,
            "--id",
            "id",
            "--ignore",
            "person",
            "--quiet",
            "--format",
            format,
            "--out",
            out.to_str().unwrap(),
        ])
        .unwrap();
        out
    };
    let (csv, parquet) = (
        run(file.to_str().unwrap(), "csv"),
        run(file.to_str().unwrap(), "parquet"),
    );
    assert_eq!(read(&csv, "model.json"), read(&parquet, "model.json"));
    let table = |p: &std::path::Path| {
        linkage::read::read_tables(&[p.to_str().unwrap().to_owned()], &Default::default()).unwrap()
    };
    let (a, b) = (
        table(&csv.join("edges.csv")),
        table(&parquet.join("edges.parquet")),
    );
    assert_eq!(a.len(), b.len());
    for (x, y) in a.columns.iter().zip(&b.columns) {
        assert_eq!(x.name, y.name);
        for k in 0..a.len() {
            let (s, t) = (x.values.text(x.codes[k]), y.values.text(y.codes[k]));
            let near = s
                .parse::<f64>()
                .ok()
                .zip(t.parse::<f64>().ok())
                .is_some_and(|(s, t)| (s - t).abs() < 6e-5);
            assert!(s == t || near, "{} {s} {t}", x.name);
        }
    }
    let (a, b) = (
        table(&csv.join("clusters.csv")),
        table(&parquet.join("clusters.parquet")),
    );
    for (x, y) in a.columns.iter().zip(&b.columns) {
        assert!(
            x.name == y.name && (0..a.len()).all(|k| x.values.text(x.codes[k]) == y.values.text(y.codes[k]))
        );
    }
    // what was written can be read, and looked at
    let first = (
        b.columns[0].values.text(1).to_owned(),
        parquet.to_str().unwrap().to_owned(),
    );
    assert!(!first.0.is_empty());
    assert!(
        daylight_link(&["clusters", "--run", &first.1])
            .unwrap()
            .contains("clusters")
    );
    // the other format goes when this one is written into the same folder
    daylight_link(&[
        file.to_str().unwrap(),
        "--id",
        "id",
        "--ignore",
        "person",
        "--quiet",
        "--out",
        &first.1,
        "--format",
        "csv",
    ])
    .unwrap();
    assert!(parquet.join("edges.csv").exists() && !parquet.join("edges.parquet").exists());
}

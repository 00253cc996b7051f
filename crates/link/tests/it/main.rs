//! The command as a person uses it: files in, files out, looking at a run, starting again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

use clap::Parser;
use std::{fmt::Write, path::Path};

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    link: link::LinkArgs,
}

/// Runs the command line and returns what it printed.
fn daylight_link(args: &[&str]) -> Result<String, String> {
    let cli = Cli::try_parse_from(std::iter::once(&"link").chain(args)).map_err(|e| e.to_string())?;
    let mut out = Vec::new();
    link::execute(&cli.link, &mut out).map_err(|e| e.to_string())?;
    Ok(String::from_utf8(out).unwrap())
}

/// Invented people, every second one recorded twice with a slip in the name.
fn people(path: &Path) {
    let given = [
        "anna", "bertram", "cerys", "daniel", "edith", "farah", "george", "hafsa", "ivan", "joan",
    ];
    let mut text = String::from("id,person,forename,surname,dob,postcode\n");
    let mut id = 0;
    for p in 0..900_usize {
        let h = linkage::table::mix(p as u64) as usize;
        let fore = given[h % 10];
        let sur = format!(
            "{}{}",
            ["ash", "bram", "calder", "dun", "elm", "fen"][h / 10 % 6],
            ["ley", "ton", "by", "worth", "mere"][h / 60 % 5]
        );
        let dob = format!(
            "{}-{:02}-{:02}",
            1940 + h / 300 % 60,
            1 + h / 7 % 12,
            1 + h / 11 % 28
        );
        let postcode = format!("NX{} {}AB", 1 + h / 13 % 30, h / 17 % 10);
        for copy in 0..1 + p % 2 {
            let fore = if copy == 1 && p % 3 == 0 {
                format!("{fore}e")
            } else {
                fore.to_owned()
            };
            writeln!(text, "r{id},{p},{fore},{sur},{dob},{postcode}").unwrap();
            id += 1;
        }
    }
    std::fs::write(path, text).unwrap();
}

fn read(dir: &Path, name: &str) -> String {
    std::fs::read_to_string(dir.join(name)).unwrap()
}

#[test]
fn a_run_and_a_look_at_it() {
    let dir = tempfile::tempdir().unwrap();
    let (file, out) = (dir.path().join("people.csv"), dir.path().join("result"));
    people(&file);
    let (f, o) = (file.to_str().unwrap(), out.to_str().unwrap());
    daylight_link(&[
        f, "--id", "id", "--ignore", "person", "--out", o, "--seed", "3", "--quiet",
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
fn a_second_start_does_nothing_and_a_killed_run_is_done_again() {
    let dir = tempfile::tempdir().unwrap();
    let (file, out) = (dir.path().join("people.csv"), dir.path().join("result"));
    people(&file);
    let args = [
        file.to_str().unwrap(),
        "--id",
        "id",
        "--ignore",
        "person",
        "--out",
        out.to_str().unwrap(),
        "--quiet",
    ];
    daylight_link(&args).unwrap();
    let edges = read(&out, "edges.csv");
    std::fs::write(out.join("edges.csv"), "touched").unwrap();
    daylight_link(&args).unwrap();
    assert_eq!(
        read(&out, "edges.csv"),
        "touched",
        "complete results are not made again"
    );
    // a run that was killed has no run.json and may have a half-written file
    std::fs::remove_file(out.join("run.json")).unwrap();
    std::fs::write(out.join("edges.partial"), "half").unwrap();
    daylight_link(&args).unwrap();
    assert_eq!(
        read(&out, "edges.csv"),
        edges,
        "the same seed gives the same bytes"
    );
    assert!(!out.join("edges.partial").exists());
}

#[test]
fn looking_before_running_and_mistakes() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("people.csv");
    people(&file);
    let f = file.to_str().unwrap();
    let profile = daylight_link(&["profile", f, "--id", "id"]).unwrap();
    assert!(
        profile.contains("given_name") && profile.contains("family_name") && profile.contains("postcode"),
        "{profile}"
    );
    let blocking = daylight_link(&["blocking", f, "--id", "id", "--ignore", "person"]).unwrap();
    assert!(blocking.contains("largest"), "{blocking}");
    let e = daylight_link(&[
        f,
        "--id",
        "nowhere",
        "--out",
        dir.path().to_str().unwrap(),
        "--quiet",
    ])
    .unwrap_err();
    assert!(e.contains("no such column"), "{e}");
    let e = daylight_link(&["/nowhere/x.csv", "--out", dir.path().to_str().unwrap(), "--quiet"]).unwrap_err();
    assert!(e.contains("/nowhere/x.csv"), "{e}");
}

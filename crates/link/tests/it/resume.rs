//! A run stopped or killed at many points and started again; what is not done twice.

use crate::{daylight_link, people, read};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

const RESULTS: [&str; 5] = [
    "edges.csv",
    "clusters.csv",
    "model.json",
    "report.html",
    "stats.json",
];

fn results(out: &Path) -> Vec<Vec<u8>> {
    RESULTS
        .iter()
        .map(|n| std::fs::read(out.join(n)).unwrap())
        .collect()
}

fn command(file: &Path, out: &Path) -> Command {
    let mut c = Command::new(env!("CARGO_BIN_EXE_daylight-link"));
    c.arg(file)
        .args([
            "--id", "id", "--ignore", "person", "--seed", "5", "--format", "csv", "--out",
        ])
        .arg(out);
    c.stderr(Stdio::piped()).stdout(Stdio::null());
    c
}

/// Starts a run and kills it (as `kill -9` does) when it has said `lines` lines. Its lines, and whether it had ended.
fn killed_after(lines: usize, file: &Path, out: &Path) -> (Vec<String>, bool) {
    let mut child = command(file, out).spawn().unwrap();
    let mut said = Vec::new();
    for line in BufReader::new(child.stderr.take().unwrap()).lines() {
        said.push(line.unwrap());
        if said.len() == lines {
            child.kill().unwrap();
            break;
        }
    }
    let ended = child.wait().unwrap().success();
    (said, ended)
}

fn finish(file: &Path, out: &Path) -> String {
    let done = command(file, out).output().unwrap();
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(done.status.success(), "{said}");
    said
}

#[test]
fn killed_at_any_stage_and_started_again_the_results_are_those_of_an_undisturbed_run() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("people.csv");
    people(&file, 6_000);
    let calm = dir.path().join("calm");
    let said = finish(&file, &calm);
    let stages = said.lines().filter(|l| l.contains("/8]")).count();
    assert_eq!(stages, 8, "{said}");
    let want = results(&calm);
    assert!(!calm.join("unfinished").exists());
    for k in 1..=stages {
        let out = dir.path().join(format!("killed{k}"));
        let (_, ended) = killed_after(k, &file, &out);
        let again = finish(&file, &out);
        assert_eq!(
            again.contains("nothing to do"),
            ended,
            "killed at line {k}: {again}"
        );
        assert!(results(&out) == want, "killed at line {k}");
        assert!(!out.join("unfinished").exists());
    }
}

#[test]
fn killed_again_and_again_a_run_still_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let (file, calm, out) = (
        dir.path().join("p.csv"),
        dir.path().join("calm"),
        dir.path().join("out"),
    );
    people(&file, 6_000);
    finish(&file, &calm);
    for k in 1..=9 {
        killed_after(k, &file, &out);
    }
    finish(&file, &out);
    assert!(results(&out) == results(&calm));
}

#[test]
fn what_was_scored_is_not_scored_again() {
    let dir = tempfile::tempdir().unwrap();
    let (file, out) = (dir.path().join("p.csv"), dir.path().join("out"));
    people(&file, 6_000);
    // the last stage is writing: by then everything is kept
    let (said, ended) = killed_after(8, &file, &out);
    if ended {
        return; // it was quicker than the kill: the other tests see that the results are right
    }
    assert!(said.last().is_some_and(|l| l.contains("writing")), "{said:?}");
    let again = finish(&file, &out);
    assert!(again.contains("scored pairs are kept"), "{again}");
    assert!(
        !again.contains("learning") && !again.contains("making candidate pairs"),
        "{again}"
    );
}

#[test]
fn a_damaged_step_is_taken_again() {
    let dir = tempfile::tempdir().unwrap();
    let (file, calm, out) = (
        dir.path().join("p.csv"),
        dir.path().join("calm"),
        dir.path().join("out"),
    );
    people(&file, 2_000);
    finish(&file, &calm);
    for name in ["scored", "learned.json"] {
        let (_, ended) = killed_after(8, &file, &out);
        let kept = out.join("unfinished").join(name);
        if !ended && kept.exists() {
            let mut bytes = std::fs::read(&kept).unwrap();
            let at = bytes.len() / 2;
            bytes[at] = bytes[at].wrapping_add(1);
            std::fs::write(&kept, bytes).unwrap();
        }
        finish(&file, &out);
        assert!(results(&out) == results(&calm), "{name}");
        std::fs::remove_dir_all(&out).unwrap();
    }
}

fn quiet<'a>(file: &'a Path, out: &'a Path) -> Vec<&'a str> {
    let (f, o) = (file.to_str().unwrap(), out.to_str().unwrap());
    vec![
        f, "--id", "id", "--ignore", "person", "--format", "csv", "--out", o, "--quiet",
    ]
}

#[test]
fn complete_results_are_not_made_again_and_incomplete_ones_are() {
    let dir = tempfile::tempdir().unwrap();
    let (file, out) = (dir.path().join("people.csv"), dir.path().join("result"));
    people(&file, 900);
    daylight_link(&quiet(&file, &out)).unwrap();
    let edges = read(&out, "edges.csv");
    let other = edges.replace('1', "2");
    std::fs::write(out.join("edges.csv"), &other).unwrap();
    daylight_link(&quiet(&file, &out)).unwrap();
    assert_eq!(
        read(&out, "edges.csv"),
        other,
        "a file of the right length is left alone"
    );
    daylight_link(&[quiet(&file, &out), vec!["--again"]].concat()).unwrap();
    assert_eq!(read(&out, "edges.csv"), edges);
    std::fs::write(out.join("edges.csv"), "cut short").unwrap();
    daylight_link(&quiet(&file, &out)).unwrap();
    assert_eq!(read(&out, "edges.csv"), edges);
}

#[test]
fn another_seed_another_input_or_another_setting_is_another_run() {
    let dir = tempfile::tempdir().unwrap();
    let (file, out) = (dir.path().join("people.csv"), dir.path().join("result"));
    people(&file, 900);
    let key = || {
        let run: serde_json::Value = serde_json::from_str(&read(&out, "run.json")).unwrap();
        run["key"].as_str().unwrap().to_owned()
    };
    let mut keys = Vec::new();
    for more in [vec![], vec!["--seed", "9"], vec!["--threshold", "0.7"]] {
        daylight_link(&[quiet(&file, &out), more].concat()).unwrap();
        keys.push(key());
    }
    let mut text = std::fs::read_to_string(&file).unwrap();
    text = text.replacen("anna", "alma", 1);
    std::fs::write(&file, text).unwrap();
    daylight_link(&quiet(&file, &out)).unwrap();
    keys.push(key());
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 4);
}

#[test]
fn two_runs_do_not_write_into_one_folder() {
    let dir = tempfile::tempdir().unwrap();
    let (file, out) = (dir.path().join("people.csv"), dir.path().join("result"));
    people(&file, 900);
    std::fs::create_dir_all(&out).unwrap();
    let held = std::fs::File::create(out.join(".lock")).unwrap();
    held.lock().unwrap();
    let e = daylight_link(&quiet(&file, &out)).unwrap_err();
    assert!(e.contains("another run is writing"), "{e}");
    drop(held);
    daylight_link(&quiet(&file, &out)).unwrap();
}

#[test]
fn a_run_whose_input_has_changed_is_not_looked_at() {
    let dir = tempfile::tempdir().unwrap();
    let (file, out) = (dir.path().join("people.csv"), dir.path().join("result"));
    people(&file, 900);
    daylight_link(&quiet(&file, &out)).unwrap();
    people(&file, 901);
    let e = daylight_link(&["unlinkables", "--run", out.to_str().unwrap()]).unwrap_err();
    assert!(e.contains("has changed since the run"), "{e}");
    let e = daylight_link(&["unlinkables", "--run", dir.path().to_str().unwrap()]).unwrap_err();
    assert!(e.contains("no complete run lies here"), "{e}");
}

#[cfg(unix)]
#[test]
fn interrupted_it_ends_with_130_and_goes_on_to_the_results_of_an_undisturbed_run() {
    let dir = tempfile::tempdir().unwrap();
    let (file, calm, out) = (
        dir.path().join("p.csv"),
        dir.path().join("calm"),
        dir.path().join("out"),
    );
    people(&file, 6_000);
    finish(&file, &calm);
    let mut stopped = 0;
    for stage in 1..=8 {
        let mut child = command(&file, &out).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let last = lines.by_ref().take(stage).last();
        // as Ctrl-C does
        let sent = Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status();
        let rest: Vec<String> = lines.map(Result::unwrap).collect();
        match child.wait().unwrap().code() {
            Some(130) => {
                assert!(rest.iter().any(|l| l.starts_with("error: ")), "{rest:?}");
                stopped += 1;
            }
            // the signal came after the last look at it
            code => assert_eq!(code, Some(0), "stage {stage}: {sent:?} {last:?} {rest:?}"),
        }
    }
    assert!(stopped > 0);
    finish(&file, &out);
    assert!(results(&out) == results(&calm));
}

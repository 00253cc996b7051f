//! Every command of the manual, one after the other as it stands there, in a folder with the files that it names.

use crate::{Cli, population};
use clap::Parser;
use std::{path::Path, process::Command};

/// Commands of a page that begin as ours do, without comments.
fn commands(page: &str) -> Vec<Vec<String>> {
    let path = format!("{}/../../docs/linkage/{page}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let ours = text
        .lines()
        .filter_map(|l| l.trim_start().strip_prefix("daylight link "));
    ours.map(|l| {
        let command = l.split('#').next().unwrap_or_default();
        command.split_whitespace().map(str::to_owned).collect()
    })
    .collect()
}

fn files(folder: &Path) {
    let rows = population::population(2_000, 1);
    let write = |name: &str, text: String| std::fs::write(folder.join(name), text).unwrap();
    write("people.csv", population::csv(&rows));
    write("hospital.csv", population::csv(&rows[..1_000]));
    write("school.csv", population::csv(&rows[1_000..]));
    let truth: Vec<String> = rows.iter().map(|r| format!("{},{}\n", r.id, r.person)).collect();
    write("truth.csv", format!("id,entity\n{}", truth.concat()));
    // as Splink 5 writes it, cut down
    write(
        "model.json",
        r#"{"link_type": "dedupe_only", "unique_id_column_name": "id", "probability_two_random_records_match": 0.0005,
"blocking_rules_to_generate_predictions": [{"blocking_rule": "l.\"surname\" = r.\"surname\"", "sql_dialect": "duckdb"}],
"comparisons": [{"output_column_name": "surname", "comparison_levels": [
{"sql_condition": "\"surname_l\" IS NULL OR \"surname_r\" IS NULL", "label_for_charts": "surname is NULL", "is_null_level": true},
{"sql_condition": "\"surname_l\" = \"surname_r\"", "label_for_charts": "Exact match on surname", "m_probability": 0.8, "u_probability": 0.01},
{"sql_condition": "ELSE", "label_for_charts": "All other comparisons", "m_probability": 0.2, "u_probability": 0.99}]},
{"output_column_name": "dob", "comparison_levels": [
{"sql_condition": "try_strptime(\"dob_l\", '%Y-%m-%d') IS NULL OR try_strptime(\"dob_r\", '%Y-%m-%d') IS NULL", "label_for_charts": "dob is NULL", "is_null_level": true},
{"sql_condition": "\"dob_l\" = \"dob_r\"", "label_for_charts": "Exact match on date of birth", "m_probability": 0.85, "u_probability": 0.0001},
{"sql_condition": "ABS(EPOCH(try_strptime(\"dob_l\", '%Y-%m-%d')) - EPOCH(try_strptime(\"dob_r\", '%Y-%m-%d'))) <= 31557600.0", "label_for_charts": "Abs date difference <= 1 year", "m_probability": 0.1, "u_probability": 0.05},
{"sql_condition": "ELSE", "label_for_charts": "All other comparisons", "m_probability": 0.05, "u_probability": 0.95}]}]}"#
            .to_owned(),
    );
}

#[test]
fn every_command_of_the_manual_runs_where_it_stands() {
    let mut seen = std::collections::BTreeSet::new();
    for page in ["first.md", "splink.md"] {
        let dir = tempfile::tempdir().unwrap();
        files(dir.path());
        for command in commands(page) {
            seen.insert(command[0].clone());
            let parsed =
                Cli::try_parse_from(std::iter::once("link").chain(command.iter().map(String::as_str)));
            assert!(parsed.is_ok(), "{page}: {command:?}");
            if command[0] == "label" {
                continue; // it serves until somebody ends it; `label` uses it
            }
            let done = Command::new(env!("CARGO_BIN_EXE_daylight-link"))
                .args(&command)
                .current_dir(dir.path())
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&done.stderr);
            assert!(done.status.success(), "{page}: {command:?}: {said}");
        }
    }
    for name in [
        "profile",
        "blocking",
        "explain",
        "evaluate",
        "label",
        "unlinkables",
        "clusters",
        "import-splink",
    ] {
        assert!(seen.contains(name), "the manual does not use `{name}`");
    }
}

//! A file of invented people, some of them several times, for trying things out:
//! `cargo run --release -p link --example people -- RECORDS FOLDER` writes `people.csv` and, with who is who, `truth.csv`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a tool for trying things out"
)]

#[allow(dead_code, reason = "shared with the tests of `linkage`, which use all of it")]
#[path = "../../linkage/tests/it/people.rs"]
mod people;

use std::{fmt::Write, path::Path};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rows = people::population(arguments[0].parse().unwrap(), 1);
    let folder = Path::new(&arguments[1]);
    std::fs::write(folder.join("people.csv"), people::csv(&rows)).unwrap();
    let mut truth = String::from("id,entity\n");
    for r in &rows {
        let _ = writeln!(truth, "{},{}", r.id, r.person);
    }
    std::fs::write(folder.join("truth.csv"), truth).unwrap();
}

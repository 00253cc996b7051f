//! The command as a person uses it.
//!
//! * `run`: files in, files out, one file or several, CSV or Parquet;
//! * `resume`: stopped and killed at many points, gone on with;
//! * `label`: judging pairs on the review page;
//! * `manual`: every command of the manual;
//! * `fuzz`: what anybody may send to the review page;
//! * `look`: looking at files before, and at a run after.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

mod fuzz;
mod label;
mod look;
mod manual;
#[allow(dead_code, reason = "shared with the tests of `linkage`, which use all of it")]
#[path = "../../../linkage/tests/it/people.rs"]
mod population;
mod resume;
mod run;

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
fn people(path: &Path, persons: usize) {
    let given = [
        "anna", "bertram", "cerys", "daniel", "edith", "farah", "george", "hafsa", "ivan", "joan",
    ];
    let mut text = String::from("id,person,forename,surname,dob,postcode\n");
    let mut id = 0;
    for p in 0..persons {
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

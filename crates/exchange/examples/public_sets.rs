//! What match-keys find on public sets with a known truth, beside nothing and gated by nothing: they are of other countries,
//! so postcodes and NHS numbers make no key, and what is left is names, dates and addresses of mail.
//!
//! `cargo run --release -p exchange --example public_sets -- FOLDER`, where FOLDER holds any of `febrl/dataset1.csv` to
//! `dataset4b.csv`, `rldata/RLdata500.csv` and `splink_datasets/fake_1000.csv`. None of them is in the repository.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "an example is a program"
)]

use exchange::grade::{Grade, grade};
use exchange::matchkey::{Facts, KeySet, MatchKey, held, keys};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// A record: what is known of it, and who it truly is.
struct Record {
    facts: Facts,
    truth: String,
}

/// The cells of a line by column. These files quote nothing.
type Row<'a> = BTreeMap<&'a str, &'a str>;

fn rows<'a>(text: &'a str) -> impl Iterator<Item = Row<'a>> {
    let mut lines = text.lines();
    let names: Vec<&str> = lines
        .next()
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .collect();
    lines.map(move |line| {
        names
            .iter()
            .copied()
            .zip(line.split(',').map(str::trim))
            .collect()
    })
}

fn cell(row: &Row<'_>, name: &str) -> String {
    let text = row.get(name).copied().unwrap_or_default();
    if text == "NA" {
        String::new()
    } else {
        text.to_owned()
    }
}

/// `rec-223-dup-0` is a copy of `rec-223-org`.
fn febrl(row: &Row<'_>) -> Record {
    let date = cell(row, "date_of_birth");
    let part = |from: usize, to: usize| date.get(from..to).unwrap_or_default().to_owned();
    let facts = Facts {
        forename: cell(row, "given_name"),
        surname: cell(row, "surname"),
        date: [part(0, 4), part(4, 6), part(6, 8)].join("-"),
        postcode: cell(row, "postcode"),
        ..Facts::default()
    };
    let id = cell(row, "rec_id");
    let truth = id.split('-').nth(1).unwrap_or_default().to_owned();
    Record { facts, truth }
}

fn rldata(row: &Row<'_>) -> Record {
    let number = |name: &str| cell(row, name).parse::<u16>().unwrap_or(0);
    let facts = Facts {
        forename: cell(row, "fname_c1"),
        surname: cell(row, "lname_c1"),
        date: format!("{:04}-{:02}-{:02}", number("by"), number("bm"), number("bd")),
        ..Facts::default()
    };
    Record {
        facts,
        truth: cell(row, "ent_id"),
    }
}

fn fake(row: &Row<'_>) -> Record {
    let facts = Facts {
        forename: cell(row, "first_name"),
        surname: cell(row, "surname"),
        date: cell(row, "dob"),
        handles: vec![("mail".to_owned(), cell(row, "email"))],
        ..Facts::default()
    };
    Record {
        facts,
        truth: cell(row, "cluster"),
    }
}

type Reader = fn(&Row<'_>) -> Record;

/// Name, files, and how a row reads. With two files only pairs across them count.
const SETS: [(&str, &[&str], Reader); 6] = [
    ("FEBRL 1", &["febrl/dataset1.csv"], febrl),
    ("FEBRL 2", &["febrl/dataset2.csv"], febrl),
    ("FEBRL 3", &["febrl/dataset3.csv"], febrl),
    ("FEBRL 4", &["febrl/dataset4a.csv", "febrl/dataset4b.csv"], febrl),
    ("RLdata500", &["rldata/RLdata500.csv"], rldata),
    ("fake_1000", &["splink_datasets/fake_1000.csv"], fake),
];

/// Every two records that share a key and may meet, with the types that they share.
fn hits(made: &[Vec<MatchKey>], may_meet: impl Fn(usize, usize) -> bool) -> HashMap<(usize, usize), KeySet> {
    let mut under: HashMap<&MatchKey, Vec<usize>> = HashMap::new();
    for (id, keys) in made.iter().enumerate() {
        keys.iter().for_each(|key| under.entry(key).or_default().push(id));
    }
    let mut out: HashMap<(usize, usize), KeySet> = HashMap::new();
    for (key, ids) in under {
        for (n, a) in ids.iter().enumerate() {
            for b in ids.iter().skip(n + 1).filter(|b| may_meet(*a, **b)) {
                let set = out.entry((*a.min(b), *a.max(b))).or_default();
                *set = set.with(key.kind);
            }
        }
    }
    out
}

fn report(name: &str, records: &[Record], first: Option<usize>) {
    let may_meet = |a: usize, b: usize| first.is_none_or(|first| (a < first) != (b < first));
    let made: Vec<Vec<MatchKey>> = records.iter().map(|record| keys(&record.facts)).collect();
    let mut of: HashMap<&str, Vec<usize>> = HashMap::new();
    for (id, record) in records.iter().enumerate() {
        of.entry(&record.truth).or_default().push(id);
    }
    let pairs_of = |ids: &Vec<usize>| -> usize {
        let later = |(n, a): (usize, &usize)| ids.iter().skip(n + 1).filter(|b| may_meet(*a, **b)).count();
        ids.iter().enumerate().map(later).sum()
    };
    let truth: usize = of.values().map(pairs_of).sum();
    let mut by_grade: BTreeMap<Grade, (usize, usize)> = BTreeMap::new();
    for ((a, b), hit) in hits(&made, may_meet) {
        let (Some(one), Some(two), Some(ours), Some(theirs)) =
            (records.get(a), records.get(b), made.get(a), made.get(b))
        else {
            continue;
        };
        let count = by_grade
            .entry(grade(hit, held(ours), held(theirs)).grade)
            .or_default();
        if one.truth == two.truth {
            count.0 += 1;
        } else {
            count.1 += 1;
        }
    }
    let found: usize = by_grade.values().map(|(right, _)| right).sum();
    let all: usize = by_grade.values().map(|(right, wrong)| right + wrong).sum();
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    let grades: Vec<String> = by_grade
        .iter()
        .rev()
        .map(|(grade, (right, wrong))| format!("{grade:?} {right} right {wrong} wrong"))
        .collect();
    println!(
        "{name}: {} records, {truth} true pairs; recall {:.4}, right {:.4}; {}",
        records.len(),
        share(found, truth),
        share(found, all),
        grades.join(", ")
    );
}

fn main() {
    let Some(folder) = std::env::args().nth(1) else {
        println!("usage: public_sets FOLDER");
        return;
    };
    for (name, files, read) in SETS {
        let texts: Vec<String> = files
            .iter()
            .filter_map(|file| std::fs::read_to_string(Path::new(&folder).join(file)).ok())
            .collect();
        if texts.len() < files.len() {
            println!("{name}: not there");
            continue;
        }
        let parts: Vec<Vec<Record>> = texts
            .iter()
            .map(|text| rows(text).map(|row| read(&row)).collect())
            .collect();
        let first = parts.first().filter(|_| parts.len() > 1).map(Vec::len);
        let records: Vec<Record> = parts.into_iter().flatten().collect();
        report(name, &records, first);
    }
}

//! Error rates by group, in every evaluation: by sex, by year of birth, by name origin where the file states one, and by
//! columns that the person names. Groups are for looking only; no column becomes a feature by it.

use crate::store::{self, Opened};
use linkage::{
    LinkError,
    compare::parse_day,
    evaluate::{self, Subgroup, Truth},
    profile::Kind,
    score::Edge,
    table::{Column, Table},
};
use serde::Serialize;
use std::fmt::Write;

/// Groups with fewer true pairs do not count for the gap.
const SMALLEST: u64 = 20;

/// Error rates by one grouping.
#[derive(Serialize)]
pub struct Compared {
    /// By what.
    pub by: String,
    /// Its groups.
    pub groups: Vec<Subgroup>,
    /// Widest gap in recall between groups that are large enough.
    pub recall_gap: f64,
    /// Widest gap in precision.
    pub precision_gap: f64,
}

/// Every grouping that the files allow.
pub fn compare(o: &Opened, edges: &[Edge], truth: &Truth, by: &[String]) -> Result<Vec<Compared>, LinkError> {
    let all = store::all_columns(o)?;
    let mut out = Vec::new();
    for (name, groups) in groupings(o, &all, by)? {
        let (groups, recall_gap) = evaluate::by_group(
            edges,
            truth,
            &o.table.sources,
            o.model.threshold,
            &groups,
            SMALLEST,
        );
        let large = groups.iter().filter(|g| g.true_pairs >= SMALLEST);
        let (low, high) = large.fold((1.0_f64, 0.0_f64), |(l, h), g| {
            (l.min(g.precision), h.max(g.precision))
        });
        out.push(Compared {
            by: name,
            groups,
            recall_gap,
            precision_gap: (high - low).max(0.0),
        });
    }
    Ok(out)
}

/// What a grouping is called, and the group of every record.
type Grouping = (String, Vec<String>);

fn groupings(o: &Opened, all: &Table, by: &[String]) -> Result<Vec<Grouping>, LinkError> {
    let find = |name: &str| all.columns.iter().find(|c| c.name == name);
    let mut out: Vec<Grouping> = Vec::new();
    for name in by {
        let column = find(name).ok_or_else(|| LinkError::Settings(format!("there is no column {name}")))?;
        out.push((name.clone(), values(column)));
    }
    let usual = ["sex", "gender", "origin", "name_origin"];
    for c in &all.columns {
        if usual.contains(&c.name.to_lowercase().as_str()) && !by.contains(&c.name) {
            out.push((c.name.clone(), values(c)));
        }
    }
    let birth = o.records.fields.iter().find(|f| f.kind == Kind::Date);
    if let Some(c) = birth.and_then(|f| find(&f.name)) {
        out.push((format!("{} (year of birth)", c.name), bands(c)));
    }
    Ok(out)
}

fn values(c: &Column) -> Vec<String> {
    let text = |k: &u32| if *k == 0 { "(missing)" } else { c.values.text(*k) };
    c.codes.iter().map(|k| text(k).to_owned()).collect()
}

/// Bands of twenty years: a run knows no today, so it states when people were born and not how old they are.
fn bands(c: &Column) -> Vec<String> {
    let band = |k: &u32| {
        let text = c.values.text(*k);
        let year = parse_day(text, true)
            .or_else(|| parse_day(text, false))
            .map(|d| d.year);
        match year {
            None => "(missing)".to_owned(),
            // nobody alive: slips of the pen, one group together
            Some(y) if !(1900..2040).contains(&y) => "(not a likely year)".to_owned(),
            Some(y) => format!("{} to {}", y / 20 * 20, y / 20 * 20 + 19),
        }
    };
    c.codes.iter().map(band).collect()
}

/// In words.
pub fn words(all: &[Compared]) -> String {
    let mut out = String::new();
    for c in all {
        let _ = writeln!(
            out,
            "\n{:24} {:>10} {:>12} {:>10} {:>10}",
            c.by, "records", "true pairs", "precision", "recall"
        );
        for g in &c.groups {
            let _ = writeln!(
                out,
                "{:24} {:>10} {:>12} {:>10.4} {:>10.4}",
                crate::inspect::shown(&g.group),
                g.records,
                g.true_pairs,
                g.precision,
                g.recall
            );
        }
        let _ = writeln!(
            out,
            "widest gap between groups with at least {SMALLEST} true pairs: recall {:.4}, precision {:.4}",
            c.recall_gap, c.precision_gap
        );
    }
    if !all.iter().any(|c| c.by.to_lowercase().contains("origin")) {
        out.push_str("\nname origin: the files state none; a column that does is named with --by\n");
    }
    out
}

//! Error rates by group, in every evaluation: by sex, by year of birth, by name origin where the file states one, and by
//! columns that the person names. Groups are for looking only; no column becomes a feature by it.

use crate::store::{self, Seen};
use linkage::{
    LinkError,
    compare::{Day, parse_day},
    evaluate::{self, Compared, Truth},
    profile::Kind,
    score::Edge,
    table::{Column, Table},
};
use std::fmt::Write;

/// Groups with fewer true pairs do not count for the gap.
const SMALLEST: u64 = 20;

/// Every grouping that the files allow.
pub fn compare(
    o: &Seen<'_>,
    edges: &[Edge],
    truth: &Truth,
    by: &[String],
    today: Option<Day>,
) -> Result<Vec<Compared>, LinkError> {
    let all = store::all_columns(o)?;
    let mut out = Vec::new();
    for (name, groups) in groupings(o, &all, by, today)? {
        let (groups, recall_gap) =
            evaluate::by_group(edges, truth, &o.table.sources, o.threshold, &groups, SMALLEST);
        let large = groups.iter().filter(|g| g.true_pairs >= SMALLEST);
        let (low, high) = large.fold((1.0_f64, 0.0_f64), |(l, h), g| {
            (l.min(g.precision), h.max(g.precision))
        });
        out.push(Compared {
            by: name,
            groups,
            smallest: SMALLEST,
            recall_gap,
            precision_gap: (high - low).max(0.0),
        });
    }
    Ok(out)
}

/// What a grouping is called, and the group of every record.
type Grouping = (String, Vec<String>);

fn groupings(
    o: &Seen<'_>,
    all: &Table,
    by: &[String],
    today: Option<Day>,
) -> Result<Vec<Grouping>, LinkError> {
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
        if let Some(today) = today {
            let shown = format!(
                "{} (age on {:04}-{:02}-{:02})",
                c.name, today.year, today.month, today.day
            );
            out.push((shown, ages(c, today)));
        }
    } else if today.is_some() {
        return Err(LinkError::Settings(
            "ages need a column with dates of birth, and this run compared none".into(),
        ));
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

/// The date on which ages are stated.
pub fn reference(text: &str) -> Result<Day, LinkError> {
    let whole = |d: &Day| d.month > 0 && d.day > 0;
    parse_day(text, true)
        .filter(whole)
        .ok_or_else(|| LinkError::Settings(format!("`{text}` is no date; write it as 2026-11-29")))
}

/// Bands of age in whole years on a day. Someone whose month or day is unknown has had no birthday that year.
fn ages(c: &Column, today: Day) -> Vec<String> {
    const BANDS: [(u16, &str); 9] = [
        (5, "under 5"),
        (10, "5 to 9"),
        (15, "10 to 14"),
        (18, "15 to 17"),
        (25, "18 to 24"),
        (45, "25 to 44"),
        (65, "45 to 64"),
        (85, "65 to 84"),
        (120, "85 and over"),
    ];
    let band = |k: &u32| {
        let text = c.values.text(*k);
        let Some(born) = parse_day(text, true).or_else(|| parse_day(text, false)) else {
            return "(missing)".to_owned();
        };
        let birthday = if born.month == 0 || born.day == 0 {
            (13, 0)
        } else {
            (born.month, born.day)
        };
        let had = birthday <= (today.month, today.day);
        let age = (today.year + u16::from(had)).checked_sub(born.year + 1);
        let known = age.and_then(|a| BANDS.iter().find(|(below, _)| a < *below));
        known.map_or("(not a likely age)", |(_, name)| name).to_owned()
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn ages_are_whole_years_on_the_day_that_is_named() {
        let mut c = Column::default();
        for (born, want) in [
            ("2021-11-29", "5 to 9"),
            ("2021-11-30", "under 5"),
            ("2026-11-29", "under 5"),
            ("2026-11-30", "(not a likely age)"),
            ("2008", "15 to 17"),
            ("1000-01-01", "(not a likely age)"),
            ("1941-11-30", "65 to 84"),
            ("", "(missing)"),
        ] {
            c.codes = vec![c.values.insert(born.as_bytes()).unwrap()];
            assert_eq!(ages(&c, reference("2026-11-29").unwrap()), [want], "{born}");
        }
        assert!(reference("today").is_err());
        assert!(reference("2026").is_err());
    }
}

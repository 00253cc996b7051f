//! Reading a Splink settings or model JSON where meanings coincide.
//!
//! Conditions are SQL in Splink; the part of SQL that Splink's own libraries write is understood: equality of a column's
//! two sides, IS NULL, similarity functions against a number, AND, OR, NOT, brackets. What does not carry over is
//! named in the notes, never guessed.

mod sql;

use crate::{
    LinkError,
    block::{KeyKind, Rule, RulePart},
    compare::When,
    settings::{ComparisonSetting, LevelSetting, Settings},
};
use serde_json::Value;
use sql::condition;

/// An imported model.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// Settings with the same meaning.
    pub settings: Settings,
    /// What was and what was not carried over, in sentences.
    pub notes: Vec<String>,
}

/// Imports a Splink settings or model file (versions 3 to 5).
///
/// # Errors
/// Not JSON, or nothing that could be used.
pub fn import(text: &str) -> Result<Imported, LinkError> {
    let v: Value = serde_json::from_str(text).map_err(|e| LinkError::Settings(format!("not JSON: {e}")))?;
    let mut notes = Vec::new();
    let mut s = Settings {
        id: v
            .get("unique_id_column_name")
            .and_then(Value::as_str)
            .map(str::to_owned),
        prior: v
            .get("probability_two_random_records_match")
            .and_then(Value::as_f64)
            .filter(|p| *p > 0.0 && *p < 1.0),
        within: (v.get("link_type").and_then(Value::as_str) == Some("link_and_dedupe")).then_some(true),
        ..Default::default()
    };
    for c in v
        .get("comparisons")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        comparison(c, &mut s, &mut notes);
    }
    for r in v
        .get("blocking_rules_to_generate_predictions")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let sql = r
            .as_str()
            .or_else(|| r.get("blocking_rule").and_then(Value::as_str))
            .unwrap_or_default();
        match blocking(sql) {
            Some(rule) => s.blocking.push(rule),
            None => notes.push(format!("blocking rule not carried over: {sql}")),
        }
    }
    if s.comparisons.is_empty() {
        return Err(LinkError::Settings(
            "no comparison of this file could be read; is it a Splink settings file?".into(),
        ));
    }
    for key in ["additional_columns_to_retain", "em_convergence", "max_iterations"] {
        if v.get(key).is_some() {
            notes.push(format!("{key} has no counterpart here and was left out"));
        }
    }
    notes.push(format!(
        "{} comparisons and {} blocking rules carried over",
        s.comparisons.len(),
        s.blocking.len()
    ));
    s.check()?;
    Ok(Imported { settings: s, notes })
}

/// The most levels a comparison may have here.
const MOST_LEVELS: usize = 14;

fn comparison(c: &Value, s: &mut Settings, notes: &mut Vec<String>) {
    let name = ["output_column_name", "comparison_description"]
        .iter()
        .find_map(|k| c.get(*k).and_then(Value::as_str))
        .unwrap_or("comparison")
        .to_owned();
    let mut out = ComparisonSetting {
        name: name.clone(),
        levels: Vec::new(),
        missing: None,
    };
    for l in c
        .get("comparison_levels")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        level(l, &mut out, notes);
    }
    if out.levels.len() > MOST_LEVELS {
        notes.push(format!(
            "comparison {name} has more than {MOST_LEVELS} levels; the last ones were left out"
        ));
        out.levels.truncate(MOST_LEVELS);
    }
    if out.levels.is_empty() {
        notes.push(format!(
            "comparison {name} not carried over: no level could be read"
        ));
    } else {
        s.comparisons.push(out);
    }
}

fn level(l: &Value, out: &mut ComparisonSetting, notes: &mut Vec<String>) {
    let name = &out.name;
    let sql = l.get("sql_condition").and_then(Value::as_str).unwrap_or_default();
    let label = l
        .get("label_for_charts")
        .and_then(Value::as_str)
        .unwrap_or(sql)
        .to_owned();
    let Some(when) = condition(sql) else {
        notes.push(format!(
            "comparison {name}, level \"{label}\" not carried over: {sql}"
        ));
        return;
    };
    if l.get("is_null_level").and_then(Value::as_bool) == Some(true) {
        out.missing = Some(when);
        return;
    }
    if let Some(column) = l.get("tf_adjustment_column").and_then(Value::as_str) {
        notes.push(format!(
            "comparison {name}, level \"{label}\": the term frequency adjustment became separate levels for rare values, learned from the data"
        ));
        by_frequency(column, &label, when, &mut out.levels);
        return;
    }
    let number = |k: &str| {
        l.get(k)
            .and_then(Value::as_f64)
            .filter(|p| (0.0..=1.0).contains(p))
    };
    out.levels.push(LevelSetting {
        label,
        when,
        m: number("m_probability"),
        u: number("u_probability"),
    });
}

/// A level with a term frequency adjustment, as levels by how rare the shared value is.
fn by_frequency(column: &str, label: &str, when: When, levels: &mut Vec<LevelSetting>) {
    for than in [1e-5, 1e-4, 1e-3] {
        let rare = When::Rarer {
            column: column.to_owned(),
            than,
        };
        levels.push(LevelSetting {
            label: format!("{label}, rarer than {than}"),
            when: When::All(vec![when.clone(), rare]),
            m: None,
            u: None,
        });
    }
    levels.push(LevelSetting {
        label: label.to_owned(),
        when,
        m: None,
        u: None,
    });
}

/// Conjunctions of equalities only.
fn blocking(sql: &str) -> Option<Rule> {
    let exact = |w: When| match w {
        When::Exact(c) => Some(RulePart {
            field: c,
            key: KeyKind::Exact,
        }),
        _ => None,
    };
    let parts = match condition(sql)? {
        When::All(v) => v.into_iter().map(exact).collect::<Option<Vec<_>>>()?,
        one => vec![exact(one)?],
    };
    Some(Rule {
        parts,
        largest_block: 1_000,
    })
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        reason = "tests"
    )]
    use super::*;

    #[test]
    fn conditions_that_splink_writes() {
        let c = |s: &str| s.to_owned();
        for (sql, want) in [
            (
                "\"first_name_l\" = \"first_name_r\"",
                Some(When::Exact(c("first_name"))),
            ),
            (
                "first_name_l IS NULL OR first_name_r IS NULL",
                Some(When::Any(vec![
                    When::Missing(c("first_name")),
                    When::Missing(c("first_name")),
                ])),
            ),
            (
                "jaro_winkler_similarity(\"surname_l\", \"surname_r\") >= 0.92",
                Some(When::JaroWinkler {
                    column: c("surname"),
                    at_least: 0.92,
                }),
            ),
            (
                "levenshtein(\"dob_l\", \"dob_r\") <= 1",
                Some(When::Levenshtein {
                    column: c("dob"),
                    at_most: 1,
                }),
            ),
            (
                "(\"a_l\" = \"b_r\") AND (\"b_l\" = \"a_r\")",
                Some(When::Reversed {
                    first: c("a"),
                    second: c("b"),
                }),
            ),
            (
                "\"a_l\" = \"b_r\" AND \"b_l\" = \"a_r\"",
                Some(When::Reversed {
                    first: c("a"),
                    second: c("b"),
                }),
            ),
            ("ELSE", Some(When::Otherwise)),
            ("abs(epoch(x_l) - epoch(x_r)) <= 5", None),
            ("abs(epoch(x_l) - epoch(y_r)) <= 86400", None),
            (
                "ABS(EPOCH(try_strptime(\"dob_l\", '%Y-%m-%d')) - EPOCH(try_strptime(\"dob_r\", '%Y-%m-%d'))) <= 2629800.0",
                Some(When::Days {
                    column: c("dob"),
                    at_most: 30.4375,
                }),
            ),
            (
                "try_strptime(\"dob_l\", '%Y-%m-%d') IS NULL",
                Some(When::Missing(c("dob"))),
            ),
            (
                "\"a_l\" = \"a_r\" and not \"b_l\" = \"b_r\"",
                Some(When::All(vec![
                    When::Exact(c("a")),
                    When::Not(Box::new(When::Exact(c("b")))),
                ])),
            ),
        ] {
            assert_eq!(condition(sql), want, "{sql}");
        }
    }

    #[test]
    fn blocking_rules() {
        let r = blocking("l.\"first_name\" = r.\"first_name\" AND l.dob = r.dob").unwrap();
        assert_eq!(
            r.parts.iter().map(|p| p.field.as_str()).collect::<Vec<_>>(),
            ["first_name", "dob"]
        );
        assert!(blocking("l.a = r.a OR l.b = r.b").is_none());
    }

    #[test]
    fn endless_nesting_is_refused_not_followed() {
        let many = 200_000;
        for sql in [
            "(".repeat(many),
            "not ".repeat(many),
            "lower(".repeat(many),
            format!("{}a_l = a_r{}", "(".repeat(many), ")".repeat(many)),
        ] {
            assert_eq!(condition(&sql), None);
        }
        let few = format!("{}\"a_l\" = \"a_r\"{}", "(".repeat(20), ")".repeat(20));
        assert_eq!(condition(&few), Some(When::Exact("a".to_owned())));
    }

    #[test]
    fn what_does_not_carry_over_is_named() {
        let text = r#"{"link_type":"dedupe_only","unique_id_column_name":"id","probability_two_random_records_match":0.001,
          "blocking_rules_to_generate_predictions":["l.a = r.a","l.a % 2 = r.a"],
          "comparisons":[{"output_column_name":"a","comparison_levels":[
            {"sql_condition":"\"a_l\" IS NULL","label_for_charts":"null","is_null_level":true},
            {"sql_condition":"\"a_l\" = \"a_r\"","label_for_charts":"exact","m_probability":0.9,"u_probability":0.01},
            {"sql_condition":"weird(a_l)","label_for_charts":"weird"},
            {"sql_condition":"ELSE","label_for_charts":"else","m_probability":0.1,"u_probability":0.99}]}]}"#;
        let i = import(text).unwrap();
        assert_eq!(i.settings.comparisons[0].levels.len(), 2);
        assert_eq!(i.settings.comparisons[0].levels[0].m, Some(0.9));
        assert_eq!(i.settings.blocking.len(), 1);
        assert_eq!(
            i.notes.iter().filter(|n| n.contains("not carried over")).count(),
            2
        );
        assert!(import("{}").is_err());
        assert!(import("nonsense").is_err());
    }
}

//! Reading a Splink settings or model JSON where meanings coincide.
//!
//! Conditions are SQL in Splink; the part of SQL that Splink's own libraries write is understood: equality of a column's
//! two sides, IS NULL, similarity functions against a number, AND, OR, NOT, brackets. What does not carry over is
//! named in the notes, never guessed.

use crate::{
    LinkError,
    block::{KeyKind, Rule, RulePart},
    compare::When,
    settings::{ComparisonSetting, LevelSetting, Settings},
};
use serde_json::Value;

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
    Ok(Imported { settings: s, notes })
}

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
            continue;
        };
        if l.get("is_null_level").and_then(Value::as_bool) == Some(true) {
            out.missing = Some(when);
            continue;
        }
        let number = |k: &str| {
            l.get(k)
                .and_then(Value::as_f64)
                .filter(|p| (0.0..=1.0).contains(p))
        };
        if let Some(column) = l.get("tf_adjustment_column").and_then(Value::as_str) {
            notes.push(format!(
                "comparison {name}, level \"{label}\": the term frequency adjustment became separate levels for rare values, learned from the data"
            ));
            for than in [1e-5, 1e-4, 1e-3] {
                let rare = When::Rarer {
                    column: column.to_owned(),
                    than,
                };
                let both = When::All(vec![when.clone(), rare]);
                out.levels.push(LevelSetting {
                    label: format!("{label}, rarer than {than}"),
                    when: both,
                    m: None,
                    u: None,
                });
            }
            out.levels.push(LevelSetting {
                label,
                when,
                m: None,
                u: None,
            });
            continue;
        }
        out.levels.push(LevelSetting {
            label,
            when,
            m: number("m_probability"),
            u: number("u_probability"),
        });
    }
    if out.levels.len() > 14 {
        notes.push(format!(
            "comparison {name} has more than 14 levels; the last ones were left out"
        ));
        out.levels.truncate(14);
    }
    if out.levels.is_empty() {
        notes.push(format!(
            "comparison {name} not carried over: no level could be read"
        ));
    } else {
        s.comparisons.push(out);
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Number(f64),
    Mark(char),
    AtLeast,
    AtMost,
}

fn tokens(sql: &str) -> Option<Vec<Token>> {
    let mut out = Vec::new();
    let mut rest = sql.chars().peekable();
    while let Some(&c) = rest.peek() {
        rest.next();
        match c {
            c if c.is_whitespace() => {}
            '"' | '`' | '\'' => out.push(Token::Word(rest.by_ref().take_while(|x| *x != c).collect())),
            '>' | '<' => {
                let equal = rest.next_if_eq(&'=').is_some();
                out.push(match (c, equal) {
                    ('>', true) => Token::AtLeast,
                    ('<', true) => Token::AtMost,
                    (c, _) => Token::Mark(c),
                });
            }
            '(' | ')' | ',' | '=' | '.' | '-' | '[' | ']' => out.push(Token::Mark(c)),
            c if c.is_ascii_digit() => {
                let mut n = String::from(c);
                while let Some(d) = rest.next_if(|x| x.is_ascii_digit() || *x == '.' || *x == 'e') {
                    n.push(d);
                }
                out.push(Token::Number(n.parse().ok()?));
            }
            c if c.is_alphanumeric() || c == '_' => {
                let mut w = String::from(c);
                while let Some(d) = rest.next_if(|x| x.is_alphanumeric() || *x == '_') {
                    w.push(d);
                }
                out.push(Token::Word(w));
            }
            _ => return None,
        }
    }
    Some(out)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

/// One side of a column in a pair.
#[derive(Clone, Debug, PartialEq)]
struct Side {
    column: String,
    right: bool,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }
    fn eat(&mut self, t: &Token) -> bool {
        let hit = self.peek() == Some(t);
        self.at += usize::from(hit);
        hit
    }
    fn word(&mut self, w: &str) -> bool {
        let hit = matches!(self.peek(), Some(Token::Word(x)) if x.eq_ignore_ascii_case(w));
        self.at += usize::from(hit);
        hit
    }
    fn number(&mut self) -> Option<f64> {
        let n = match self.peek()? {
            Token::Number(n) => *n,
            _ => return None,
        };
        self.at += 1;
        Some(n)
    }

    fn any(&mut self) -> Option<When> {
        let mut parts = vec![self.all()?];
        while self.word("or") {
            parts.push(self.all()?);
        }
        Some(if parts.len() == 1 {
            parts.remove(0)
        } else {
            When::Any(parts)
        })
    }

    fn all(&mut self) -> Option<When> {
        let mut parts = vec![self.single()?];
        while self.word("and") {
            parts.push(self.single()?);
        }
        if let [Atom::Cross(a, b), Atom::Cross(c, d)] = parts.as_slice()
            && a == d
            && b == c
        {
            return Some(When::Reversed {
                first: a.clone(),
                second: b.clone(),
            });
        }
        let mut whens = parts.into_iter().map(Atom::when).collect::<Option<Vec<_>>>()?;
        Some(if whens.len() == 1 {
            whens.remove(0)
        } else {
            When::All(whens)
        })
    }

    fn single(&mut self) -> Option<Atom> {
        if self.word("not") {
            return Some(Atom::When(When::Not(Box::new(self.single()?.when()?))));
        }
        let start = self.at;
        if self.eat(&Token::Mark('(')) {
            let inside = self.at;
            if let Some(one) = self.comparison()
                && self.eat(&Token::Mark(')'))
            {
                return Some(one);
            }
            self.at = inside;
            if let Some(inner) = self.any()
                && self.eat(&Token::Mark(')'))
            {
                return Some(Atom::When(inner));
            }
            self.at = start;
        }
        self.comparison()
    }

    /// `"x_l"`, `l."x"`, or a harmless function of either.
    fn side(&mut self) -> Option<Side> {
        let Some(Token::Word(w)) = self.peek().cloned() else {
            return None;
        };
        self.at += 1;
        if ["lower", "upper", "trim", "nullif", "coalesce"]
            .iter()
            .any(|f| w.eq_ignore_ascii_case(f))
            && self.eat(&Token::Mark('('))
        {
            let inner = self.side()?;
            while !self.eat(&Token::Mark(')')) {
                self.peek()?;
                self.at += 1;
            }
            return Some(inner);
        }
        if (w == "l" || w == "r") && self.eat(&Token::Mark('.')) {
            let Some(Token::Word(column)) = self.peek().cloned() else {
                return None;
            };
            self.at += 1;
            return Some(Side {
                column,
                right: w == "r",
            });
        }
        let column = w.strip_suffix("_l").or_else(|| w.strip_suffix("_r"))?;
        Some(Side {
            column: column.to_owned(),
            right: w.ends_with("_r"),
        })
    }

    fn comparison(&mut self) -> Option<Atom> {
        let start = self.at;
        if let Some(found) = self.function() {
            return Some(Atom::When(found));
        }
        self.at = start;
        let a = self.side()?;
        if self.word("is") {
            let not = self.word("not");
            if !self.word("null") {
                return None;
            }
            let missing = When::Missing(a.column);
            return Some(Atom::When(if not {
                When::Not(Box::new(missing))
            } else {
                missing
            }));
        }
        if !self.eat(&Token::Mark('=')) {
            return None;
        }
        if let Some(Token::Word(w)) = self.peek().cloned()
            && !w.ends_with("_l")
            && !w.ends_with("_r")
            && w != "l"
            && w != "r"
        {
            self.at += 1;
            return Some(Atom::When(When::Literal {
                column: a.column,
                value: w,
            }));
        }
        let b = self.side()?;
        if a.right == b.right {
            return None;
        }
        let (l, r) = if a.right {
            (b.column, a.column)
        } else {
            (a.column, b.column)
        };
        Some(if l == r {
            Atom::When(When::Exact(l))
        } else {
            Atom::Cross(l, r)
        })
    }

    fn function(&mut self) -> Option<When> {
        let Some(Token::Word(name)) = self.peek().cloned() else {
            return None;
        };
        self.at += 1;
        if !self.eat(&Token::Mark('(')) {
            return None;
        }
        let a = self.side()?;
        if !self.eat(&Token::Mark(',')) {
            return None;
        }
        let b = self.side()?;
        if !self.eat(&Token::Mark(')')) || a.column != b.column || a.right == b.right {
            return None;
        }
        let least = self.eat(&Token::AtLeast);
        if !least && !self.eat(&Token::AtMost) {
            return None;
        }
        let n = self.number()?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small count of edits"
        )]
        let edits = n.max(0.0) as usize;
        let column = a.column;
        match (name.to_ascii_lowercase().as_str(), least) {
            ("jaro_winkler_similarity" | "jaro_winkler" | "jarowinkler", true) => {
                Some(When::JaroWinkler { column, at_least: n })
            }
            ("jaro_similarity" | "jaro", true) => Some(When::Jaro { column, at_least: n }),
            ("levenshtein" | "editdist3", false) => Some(When::Levenshtein {
                column,
                at_most: edits,
            }),
            ("damerau_levenshtein", false) => Some(When::DamerauLevenshtein {
                column,
                at_most: edits,
            }),
            _ => None,
        }
    }
}

/// A condition, or half of a reversed pair of columns.
enum Atom {
    When(When),
    Cross(String, String),
}

impl Atom {
    fn when(self) -> Option<When> {
        match self {
            Self::When(w) => Some(w),
            Self::Cross(..) => None,
        }
    }
}

fn condition(sql: &str) -> Option<When> {
    if sql.trim().eq_ignore_ascii_case("else") {
        return Some(When::Otherwise);
    }
    let mut p = Parser {
        tokens: tokens(sql)?,
        at: 0,
    };
    let when = p.any()?;
    (p.at == p.tokens.len()).then_some(when)
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

//! Reviewed settings: what a run compares and how, as TOML or JSON.
//!
//! Everything is optional. Without `comparisons` every usable column is compared by its kind; with them, exactly those.
//! The JSON Schema is `docs/linkage/settings.schema.json`.
#![expect(
    clippy::indexing_slicing,
    reason = "positions come from the same list of columns"
)]

use crate::{
    LinkError,
    block::Rule,
    cluster::Method,
    compare::{Custom, Field, MOST, Records, When},
    pipeline::Options,
    prepare,
    profile::{self, ColumnProfile, Kind},
    table::Table,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Settings of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Identifier column.
    pub id: Option<String>,
    /// Columns not to look at.
    pub ignore: Vec<String>,
    /// Seed of everything random.
    pub seed: Option<u64>,
    /// With several files: also look for duplicates within each.
    pub within: Option<bool>,
    /// How clusters are made.
    pub method: Option<Method>,
    /// Probability from which pairs count as links.
    pub threshold: Option<f64>,
    /// Pairs below this probability are not written.
    pub keep: Option<f64>,
    /// Candidate pairs looked at while learning.
    pub sample: Option<usize>,
    /// Random pairs for `u`.
    pub random_pairs: Option<u64>,
    /// Probability that two random records are the same person, held fixed.
    pub prior: Option<f64>,
    /// What columns hold, where the profile should not decide.
    pub columns: BTreeMap<String, ColumnSetting>,
    /// What is compared.
    pub comparisons: Vec<ComparisonSetting>,
    /// Blocking rules; chosen from the data when empty.
    pub blocking: Vec<Rule>,
}

/// What one column holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnSetting {
    /// Kind.
    pub kind: Kind,
    /// What separates several values in one cell.
    #[serde(default)]
    pub separator: Option<char>,
}

/// One comparison: a column by its kind, or ordered levels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComparisonSetting {
    /// Name in results; for a comparison by kind, the column.
    pub name: String,
    /// Ordered levels, best first; empty means the levels of the column's kind.
    #[serde(default)]
    pub levels: Vec<LevelSetting>,
    /// When the comparison says nothing; by default when any of its columns is missing in a record.
    #[serde(default)]
    pub missing: Option<When>,
}

/// One level of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelSetting {
    /// Words for reports.
    pub label: String,
    /// Condition.
    pub when: When,
    /// P(level | same person), held fixed.
    #[serde(default)]
    pub m: Option<f64>,
    /// P(level | strangers), held fixed.
    #[serde(default)]
    pub u: Option<f64>,
}

impl Settings {
    /// Reads settings; `toml` says which syntax.
    ///
    /// # Errors
    /// Malformed text, unknown keys, values out of range; the message says where.
    pub fn parse(text: &str, toml: bool) -> Result<Self, LinkError> {
        let s: Self = if toml {
            toml::from_str(text).map_err(|e| LinkError::Settings(e.to_string()))?
        } else {
            serde_json::from_str(text).map_err(|e| LinkError::Settings(e.to_string()))?
        };
        s.check()?;
        Ok(s)
    }

    /// Checks that values lie where they may.
    ///
    /// # Errors
    /// Names the first that does not.
    pub fn check(&self) -> Result<(), LinkError> {
        let bad = |what: String| Err(LinkError::Settings(what));
        let probabilities = [
            ("threshold", self.threshold),
            ("keep", self.keep),
            ("prior", self.prior),
        ];
        for (name, p) in probabilities {
            if p.is_some_and(|p| !(0.0..=1.0).contains(&p)) {
                return bad(format!("{name} must lie between 0 and 1"));
            }
        }
        if self.prior.is_some_and(|p| p <= 0.0 || p >= 1.0) {
            return bad("prior must lie strictly between 0 and 1".into());
        }
        for c in &self.comparisons {
            if c.levels.len() > 14 {
                return bad(format!(
                    "comparison {}: {} levels; at most 14 are possible",
                    c.name,
                    c.levels.len()
                ));
            }
            let conditions = c.levels.iter().map(|l| &l.when).chain(&c.missing);
            if conditions.into_iter().any(|w| !finite(w)) {
                return bad(format!(
                    "comparison {}: a number in a condition is not finite",
                    c.name
                ));
            }
            for l in &c.levels {
                for p in [l.m, l.u].into_iter().flatten() {
                    if !(0.0..=1.0).contains(&p) {
                        return bad(format!(
                            "comparison {}, level {}: m and u must lie between 0 and 1",
                            c.name, l.label
                        ));
                    }
                }
            }
        }
        if self.comparisons.len() > MOST {
            return bad(format!(
                "{} comparisons; at most {MOST} are possible",
                self.comparisons.len()
            ));
        }
        Ok(())
    }

    /// Options of the run, over given defaults.
    #[must_use]
    pub fn options(&self, base: Options) -> Options {
        Options {
            seed: self.seed.unwrap_or(base.seed),
            method: self.method.or(base.method),
            threshold: self.threshold.or(base.threshold),
            keep: self.keep.unwrap_or(base.keep),
            sample: self.sample.unwrap_or(base.sample),
            random_pairs: self.random_pairs.unwrap_or(base.random_pairs),
            prior: self.prior.or(base.prior),
            rules: if self.blocking.is_empty() {
                base.rules
            } else {
                self.blocking.clone()
            },
        }
    }

    /// Corrects profiles by what the settings say about columns.
    ///
    /// # Errors
    /// A column that does not exist.
    pub fn correct(&self, profiles: &mut [ColumnProfile]) -> Result<(), LinkError> {
        for (name, c) in &self.columns {
            let Some(p) = profiles.iter_mut().find(|p| p.name == *name) else {
                return Err(LinkError::Settings(format!("there is no column {name}")));
            };
            p.kind = c.kind;
            p.separator = c.separator.or(p.separator);
        }
        Ok(())
    }

    /// Prepares records as the settings ask.
    ///
    /// # Errors
    /// Unknown columns, and everything [`prepare::prepare`] refuses.
    pub fn prepare(&self, table: &mut Table, profiles: &mut [ColumnProfile]) -> Result<Records, LinkError> {
        self.correct(profiles)?;
        profile::count_odd(table, profiles);
        table.sources = std::mem::take(&mut table.sources).with_duplicates(self.within.unwrap_or(false));
        if self.comparisons.is_empty() {
            return prepare::prepare(table, profiles);
        }
        let mut wanted: Vec<String> = Vec::new();
        for c in &self.comparisons {
            if c.levels.is_empty() {
                wanted.push(c.name.clone());
            }
            c.levels.iter().for_each(|l| l.when.columns(&mut wanted));
            c.missing.iter().for_each(|w| w.columns(&mut wanted));
        }
        wanted.extend(
            self.blocking
                .iter()
                .flat_map(|r| r.parts.iter().map(|p| p.field.clone())),
        );
        for w in &wanted {
            if !profiles.iter().any(|p| p.name == *w) {
                return Err(LinkError::Settings(format!("there is no column {w}")));
            }
        }
        for p in profiles.iter_mut() {
            if !wanted.contains(&p.name) {
                p.kind = Kind::Unused;
            } else if p.kind == Kind::Unused {
                p.kind = Kind::Text;
            }
        }
        let mut records = prepare::prepare(table, profiles)?;
        self.arrange(&mut records)?;
        Ok(records)
    }

    /// Puts comparisons in the order of the settings; columns that only conditions or blocking use become inputs.
    fn arrange(&self, records: &mut Records) -> Result<(), LinkError> {
        let old = std::mem::take(&mut records.fields);
        let by_kind: Vec<usize> = self
            .comparisons
            .iter()
            .map(|c| {
                old.iter()
                    .position(|f| f.name == c.name && c.levels.is_empty())
                    .unwrap_or(usize::MAX)
            })
            .collect();
        let inputs: Vec<usize> = (0..old.len()).filter(|k| !by_kind.contains(k)).collect();
        // source column of every row position; a comparison of conditions has none
        let order: Vec<usize> = by_kind.iter().chain(&inputs).copied().collect();
        let (from, to) = (old.len(), order.len());
        let mut rows = vec![0_u32; records.len * to];
        for r in 0..records.len {
            for (k, &o) in order.iter().enumerate() {
                rows[r * to + k] = if o == usize::MAX {
                    0
                } else {
                    records.rows[r * from + o]
                };
            }
        }
        records.rows = rows;
        let find = |name: &str| order.iter().position(|&o| o != usize::MAX && old[o].name == name);
        let mut fields = Vec::new();
        for (c, &o) in self.comparisons.iter().zip(&by_kind) {
            fields.push(if o == usize::MAX {
                custom(c, &find)?
            } else {
                old[o].clone()
            });
        }
        let moved = |k: usize| order.iter().position(|&o| o == k).filter(|&p| p < fields.len());
        records.swap = records.swap.and_then(|(g, f)| moved(g).zip(moved(f)));
        records.others = records.others.and_then(moved);
        records.inputs = inputs.iter().map(|&k| old[k].clone()).collect();
        records.fields = fields;
        Ok(())
    }
}

/// Whether every number of a condition is one: JSON has no words for the others, and writes null.
fn finite(when: &When) -> bool {
    fn whole(v: &serde_json::Value) -> bool {
        match v {
            serde_json::Value::Null => false,
            serde_json::Value::Array(a) => a.iter().all(whole),
            serde_json::Value::Object(o) => o.values().all(whole),
            _ => true,
        }
    }
    serde_json::to_value(when).is_ok_and(|v| whole(&v))
}

fn custom(c: &ComparisonSetting, find: &dyn Fn(&str) -> Option<usize>) -> Result<Field, LinkError> {
    let resolve = |w: &When| {
        w.resolve(find)
            .map_err(|name| LinkError::Settings(format!("there is no column {name}")))
    };
    let mut levels: Vec<When<usize>> = c
        .levels
        .iter()
        .map(|l| resolve(&l.when))
        .collect::<Result<_, _>>()?;
    let mut names: Vec<String> = std::iter::once("missing".to_owned())
        .chain(c.levels.iter().map(|l| l.label.clone()))
        .collect();
    if !matches!(levels.last(), Some(When::Otherwise)) {
        levels.push(When::Otherwise);
        names.push("anything else".into());
    }
    let missing = match &c.missing {
        Some(w) => resolve(w)?,
        None => {
            let mut columns = Vec::new();
            c.levels.iter().for_each(|l| l.when.columns(&mut columns));
            When::Any(
                columns
                    .iter()
                    .map(|n| resolve(&When::Missing(n.clone())))
                    .collect::<Result<_, _>>()?,
            )
        }
    };
    let mut fixed = vec![(None, None)];
    fixed.extend(c.levels.iter().map(|l| (l.m, l.u)));
    fixed.resize(names.len(), (None, None));
    Ok(Field {
        name: c.name.clone(),
        kind: Kind::Custom,
        store: usize::MAX,
        exact: Vec::new(),
        counts: Vec::new(),
        bands: Vec::new(),
        together: Default::default(),
        levels: names,
        custom: Some(Box::new(Custom { missing, levels })),
        fixed,
    })
}

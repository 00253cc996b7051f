//! Facts as pairs. An empty value is said in words, never left blank.

use askama::Template;

use crate::i18n::{Html, Texts};

/// GOV.UK Summary list.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "components/summary_list/template.html")]
pub struct SummaryList {
    /// The pairs.
    pub rows: Vec<Row>,
}

/// One pair.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// What it is.
    pub key: String,
    /// What is known.
    pub value: Html,
    /// A link to change it: address, word, and what it changes, read out only.
    pub action: Option<(String, String, String)>,
}

impl askama::filters::HtmlSafe for SummaryList {}

impl SummaryList {
    /// No rows yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Add a pair.
    #[must_use]
    pub fn row(mut self, key: impl Into<String>, value: impl Into<Html>) -> Self {
        self.rows.push(Row {
            key: key.into(),
            value: value.into(),
            action: None,
        });
        self
    }

    /// Add a pair whose value may be missing: then "Not recorded".
    #[must_use]
    pub fn maybe(self, t: &Texts, key: impl Into<String>, value: Option<String>) -> Self {
        let value = value
            .filter(|value| !value.trim().is_empty())
            .unwrap_or_else(|| t.get("not-recorded"));
        self.row(key, value)
    }

    /// Add a link to the last pair that changes it.
    #[must_use]
    pub fn change(
        mut self,
        href: impl Into<String>,
        word: impl Into<String>,
        what: impl Into<String>,
    ) -> Self {
        if let Some(row) = self.rows.last_mut() {
            row.action = Some((href.into(), word.into(), what.into()));
        }
        self
    }

    /// Whether any pair can be changed.
    fn has_actions(&self) -> bool {
        self.rows.iter().any(|row| row.action.is_some())
    }
}

//! Help that opens when asked for.

use askama::Template;

use crate::i18n::Html;

/// GOV.UK Details.
#[derive(Clone, Debug, Template)]
#[template(path = "components/details/template.html")]
pub struct Details {
    /// The words that open it.
    pub summary: String,
    /// What is inside.
    pub body: Html,
    /// Whether it starts open.
    pub open: bool,
}

impl askama::filters::HtmlSafe for Details {}

impl Details {
    /// Closed at first.
    #[must_use]
    pub fn new(summary: impl Into<String>, body: impl Into<Html>) -> Self {
        Self {
            summary: summary.into(),
            body: body.into(),
            open: false,
        }
    }

    /// Open at first, or not.
    #[must_use]
    pub fn open(mut self, open: bool) -> Self {
        self.open = open;
        self
    }
}

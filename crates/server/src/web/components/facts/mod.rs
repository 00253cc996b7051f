//! A few findings side by side.

use askama::Template;

use crate::i18n::Html;

/// Findings: what, the finding in a few words, and the rest of the sentence.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "components/facts/template.html")]
pub struct Facts {
    /// What, finding, rest.
    pub items: Vec<(String, String, Html)>,
}

impl askama::filters::HtmlSafe for Facts {}

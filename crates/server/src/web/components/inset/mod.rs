//! Words set apart from those around them.

use askama::Template;

use crate::i18n::Html;

/// GOV.UK Inset text.
#[derive(Clone, Debug, Template)]
#[template(path = "components/inset/template.html")]
pub struct Inset {
    /// Its id, so that a field can be described by it; or empty.
    pub id: String,
    /// The words.
    pub body: Html,
}

impl askama::filters::HtmlSafe for Inset {}

impl Inset {
    /// Words set apart.
    #[must_use]
    pub fn new(body: impl Into<Html>) -> Self {
        Self {
            id: String::new(),
            body: body.into(),
        }
    }

    /// With an id.
    #[must_use]
    pub fn id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self
    }
}

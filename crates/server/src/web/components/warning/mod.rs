//! One thing that must not be missed.

use askama::Template;

use crate::i18n::{Html, Texts};

/// GOV.UK Warning text.
#[derive(Clone, Debug, Template)]
#[template(path = "components/warning/template.html")]
pub struct Warning {
    /// The word read out first.
    pub word: String,
    /// The words.
    pub body: Html,
    /// More class names.
    pub classes: &'static str,
}

impl askama::filters::HtmlSafe for Warning {}

impl Warning {
    /// A warning.
    #[must_use]
    pub fn new(t: &Texts, body: impl Into<Html>) -> Self {
        Self {
            word: t.get("warning-word"),
            body: body.into(),
            classes: "",
        }
    }

    /// The strip on every page: call 999.
    #[must_use]
    pub fn danger(t: &Texts) -> Self {
        Self {
            classes: "app-danger",
            ..Self::new(t, t.get("danger-strip"))
        }
    }
}

//! A message about what has just happened. One at a time; it never closes itself.

use askama::Template;

/// MOJ Alert.
#[derive(Clone, Debug, Template)]
#[template(path = "components/alert/template.html")]
pub struct Alert {
    /// `information`, `success`, `warning` or `error`.
    pub kind: &'static str,
    /// What happened, in a sentence.
    pub text: String,
}

impl askama::filters::HtmlSafe for Alert {}

impl Alert {
    /// Something was done.
    #[must_use]
    pub fn success(text: impl Into<String>) -> Self {
        Self {
            kind: "success",
            text: text.into(),
        }
    }

    /// Something to know.
    #[must_use]
    pub fn information(text: impl Into<String>) -> Self {
        Self {
            kind: "information",
            text: text.into(),
        }
    }

    /// Something to act on.
    #[must_use]
    pub fn warning(text: impl Into<String>) -> Self {
        Self {
            kind: "warning",
            text: text.into(),
        }
    }
}

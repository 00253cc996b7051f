//! A button that posts a form, or a link drawn as one.

use askama::Template;

/// GOV.UK Button.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "components/button/template.html")]
pub struct Button {
    /// The words on it.
    pub text: String,
    /// Where it leads, for a link drawn as a button.
    pub href: Option<String>,
    /// `secondary`, `warning`, or empty.
    pub kind: &'static str,
    /// The name posted with the form.
    pub name: String,
    /// The value posted with the form.
    pub value: String,
    /// More class names.
    pub classes: &'static str,
    /// Ids of elements that describe it.
    pub described_by: String,
    /// Ignore a second press within a second.
    pub once: bool,
}

impl askama::filters::HtmlSafe for Button {}

impl Button {
    /// A button that posts its form.
    #[must_use]
    pub fn submit(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// A link drawn as a button.
    #[must_use]
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: Some(href.into()),
            ..Self::default()
        }
    }

    /// The quieter form.
    #[must_use]
    pub fn secondary(mut self) -> Self {
        self.kind = "secondary";
        self
    }

    /// The red form, for what cannot be undone.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.kind = "warning";
        self
    }

    /// Post a name and value.
    #[must_use]
    pub fn named(mut self, name: &str, value: impl Into<String>) -> Self {
        name.clone_into(&mut self.name);
        self.value = value.into();
        self
    }

    /// More class names.
    #[must_use]
    pub fn class(mut self, classes: &'static str) -> Self {
        self.classes = classes;
        self
    }

    /// Another element describes it.
    #[must_use]
    pub fn described(mut self, id: &str) -> Self {
        id.clone_into(&mut self.described_by);
        self
    }

    /// Ignore a second press within a second.
    #[must_use]
    pub fn once(mut self) -> Self {
        self.once = true;
        self
    }
}

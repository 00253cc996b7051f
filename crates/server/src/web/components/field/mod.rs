//! What every question has: a name, a label or legend, a hint, and an error.

use crate::i18n::{Html, Texts};

/// Errors found in a form: the id of the field and what to do about it, in page order.
pub type Errors = Vec<(String, String)>;

/// The parts that all questions share.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// The element's id; ids of hint and error are made from it.
    pub id: String,
    /// The name posted.
    pub name: String,
    /// The label or legend.
    pub label: String,
    /// `s`, `m`, `l`, or empty for body size.
    pub size: &'static str,
    /// Whether the label is the page's heading.
    pub heading: bool,
    /// Help under the label.
    pub hint: Option<Html>,
    /// What is wrong.
    pub error: Option<String>,
    /// The word read out before an error.
    pub error_word: String,
    /// Ids of other elements that describe the field.
    pub extra: String,
}

impl Field {
    /// A question with a label in body size; the id is also the name posted.
    #[must_use]
    pub fn new(t: &Texts, id: &str, label: impl Into<String>) -> Self {
        Self {
            id: id.to_owned(),
            name: id.to_owned(),
            label: label.into(),
            error_word: t.get("error-word"),
            ..Self::default()
        }
    }

    /// Post under another name than the id.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// A larger label: `s`, `m` or `l`.
    #[must_use]
    pub fn size(mut self, size: &'static str) -> Self {
        self.size = size;
        self
    }

    /// The label is the page's first heading.
    #[must_use]
    pub fn heading(mut self) -> Self {
        self.heading = true;
        self
    }

    /// Help under the label.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Html>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Take this field's error from the form's list.
    #[must_use]
    pub fn errors(mut self, errors: &Errors) -> Self {
        self.error = errors
            .iter()
            .find(|(id, _)| *id == self.id)
            .map(|(_, error)| error.clone());
        self
    }

    /// Another element that describes the field.
    #[must_use]
    pub fn described(mut self, id: &str) -> Self {
        if !self.extra.is_empty() {
            self.extra.push(' ');
        }
        self.extra.push_str(id);
        self
    }

    /// The value of `aria-describedby`, empty when nothing describes the field.
    #[must_use]
    pub fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if self.hint.is_some() {
            ids.push(format!("{}-hint", self.id));
        }
        if self.error.is_some() {
            ids.push(format!("{}-error", self.id));
        }
        if !self.extra.is_empty() {
            ids.push(self.extra.clone());
        }
        ids.join(" ")
    }
}

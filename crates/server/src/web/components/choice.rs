//! One answer among several: of radios, checkboxes or a select.

use crate::i18n::Html;

/// One answer.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// The value posted: a code from a closed list, never a name.
    pub value: String,
    /// The words.
    pub text: String,
    /// Help under the words.
    pub hint: Option<Html>,
    /// Already chosen.
    pub checked: bool,
    /// A word before this answer: "or".
    pub divider: Option<String>,
    /// Questions shown when this is chosen. Without script they always show.
    pub inside: Option<Html>,
}

impl Choice {
    /// An answer.
    #[must_use]
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            text: text.into(),
            ..Self::default()
        }
    }

    /// Help under the words.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Html>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A word before this answer.
    #[must_use]
    pub fn after(mut self, divider: impl Into<String>) -> Self {
        self.divider = Some(divider.into());
        self
    }

    /// Questions shown when this is chosen.
    #[must_use]
    pub fn inside(mut self, inside: Html) -> Self {
        self.inside = Some(inside);
        self
    }

    /// Mark as chosen when its value is among those given.
    #[must_use]
    pub fn check(mut self, chosen: &[&str]) -> Self {
        self.checked = self.checked || chosen.contains(&self.value.as_str());
        self
    }
}

/// The id of the answer at a place counted from 0: the first has the field's own id, so
/// that an error links to it.
#[must_use]
pub fn id(field: &str, index: usize) -> String {
    if index == 0 {
        field.to_owned()
    } else {
        format!("{field}-{}", index + 1)
    }
}

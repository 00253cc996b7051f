//! A question answered in one line.

use askama::Template;

use super::field::Field;

/// GOV.UK Text input. Browsers are asked to fill in and keep nothing.
#[derive(Clone, Debug, Template)]
#[template(path = "components/text_input/template.html")]
pub struct TextInput {
    /// Label, hint and error.
    pub field: Field,
    /// What was typed.
    pub value: String,
    /// `govuk-input--width-…`, or empty.
    pub width: &'static str,
    /// `text`, `password`, `email` or `tel`.
    pub kind: &'static str,
    /// `numeric`, or empty.
    pub inputmode: &'static str,
    /// The `autocomplete` value.
    pub autocomplete: &'static str,
}

impl askama::filters::HtmlSafe for TextInput {}

impl TextInput {
    /// A line of text.
    #[must_use]
    pub fn new(field: Field, value: impl Into<String>) -> Self {
        Self {
            field,
            value: value.into(),
            width: "",
            kind: "text",
            inputmode: "",
            autocomplete: "off",
        }
    }

    /// A narrower box: `govuk-input--width-10`.
    #[must_use]
    pub fn width(mut self, width: &'static str) -> Self {
        self.width = width;
        self
    }

    /// Another kind of input; `password` shows no value.
    #[must_use]
    pub fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        if kind == "password" {
            self.value.clear();
        }
        self
    }

    /// A keyboard of digits.
    #[must_use]
    pub fn digits(mut self) -> Self {
        self.inputmode = "numeric";
        self
    }

    /// What a password manager may fill in, on sign-in pages only.
    #[must_use]
    pub fn autocomplete(mut self, autocomplete: &'static str) -> Self {
        self.autocomplete = autocomplete;
        self
    }
}

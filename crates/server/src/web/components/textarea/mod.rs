//! A question answered in as many words as it takes, with the number of characters left.

use askama::Template;

use super::field::Field;
use crate::i18n::Texts;

/// GOV.UK Character count around a textarea. Without script the limit is said in words.
#[derive(Clone, Debug, Template)]
#[template(path = "components/textarea/template.html")]
pub struct Textarea {
    /// Label, hint and error.
    pub field: Field,
    /// What was typed, kept whatever is wrong with it.
    pub value: String,
    /// Lines shown.
    pub rows: u16,
    /// The most characters allowed.
    pub most: usize,
    /// "You can write up to 5,000 characters".
    pub limit: String,
}

impl askama::filters::HtmlSafe for Textarea {}

impl Textarea {
    /// A box of `rows` lines for at most `most` characters.
    #[must_use]
    pub fn new(t: &Texts, field: Field, value: impl Into<String>, rows: u16, most: usize) -> Self {
        let limit = t.msg("character-count-limit").grouped("count", most).text();
        let info = format!("{}-info", field.id);
        Self {
            field: field.described(&info),
            value: value.into(),
            rows,
            most,
            limit,
        }
    }

    /// Say the limit in other words.
    #[must_use]
    pub fn limit(mut self, limit: impl Into<String>) -> Self {
        self.limit = limit.into();
        self
    }
}

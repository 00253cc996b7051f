//! One answer from a short list that would take too much room as radios.

use askama::Template;

use super::choice::Choice;
use super::field::Field;

/// GOV.UK Select.
#[derive(Clone, Debug, Template)]
#[template(path = "components/select/template.html")]
pub struct Select {
    /// Label, hint and error.
    pub field: Field,
    /// The answers.
    pub items: Vec<Choice>,
}

impl askama::filters::HtmlSafe for Select {}

impl Select {
    /// Answers under a label; `chosen` is the value already given.
    #[must_use]
    pub fn new(field: Field, items: Vec<Choice>, chosen: &str) -> Self {
        let items = items.into_iter().map(|item| item.check(&[chosen])).collect();
        Self { field, items }
    }
}

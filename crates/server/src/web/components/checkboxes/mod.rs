//! Any number of answers, all shown.

use askama::Template;

use super::choice::Choice;
use super::field::Field;

/// GOV.UK Checkboxes.
#[derive(Clone, Debug, Template)]
#[template(path = "components/checkboxes/template.html")]
pub struct Checkboxes {
    /// Legend, hint and error. The first answer has the field's id.
    pub field: Field,
    /// The answers.
    pub items: Vec<Choice>,
    /// More class names: `govuk-checkboxes--small`.
    pub classes: &'static str,
}

impl askama::filters::HtmlSafe for Checkboxes {}

impl Checkboxes {
    /// Answers under a legend; `chosen` are the values already given.
    #[must_use]
    pub fn new(field: Field, items: Vec<Choice>, chosen: &[&str]) -> Self {
        let items = items.into_iter().map(|item| item.check(chosen)).collect();
        Self {
            field,
            items,
            classes: "",
        }
    }

    /// More class names: `govuk-checkboxes--small`.
    #[must_use]
    pub fn class(mut self, classes: &'static str) -> Self {
        self.classes = classes;
        self
    }

    /// The id of the answer at a place counted from 0.
    fn id(&self, index: &usize) -> String {
        super::choice::id(&self.field.id, *index)
    }
}

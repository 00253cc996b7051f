//! One answer of several, all shown.

use askama::Template;

use super::choice::Choice;
use super::field::Field;

/// GOV.UK Radios.
#[derive(Clone, Debug, Template)]
#[template(path = "components/radios/template.html")]
pub struct Radios {
    /// Legend, hint and error. The first answer has the field's id.
    pub field: Field,
    /// The answers.
    pub items: Vec<Choice>,
    /// More class names: `govuk-radios--small`.
    pub classes: &'static str,
}

impl askama::filters::HtmlSafe for Radios {}

impl Radios {
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

    /// More class names: `govuk-radios--small`.
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

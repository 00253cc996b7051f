//! What is wrong with a form, at the top of the page, each with a link to its field.

use askama::Template;

use super::field::Errors;
use crate::i18n::Texts;

/// GOV.UK Error summary. Shows nothing when there are no errors.
#[derive(Clone, Debug, Template)]
#[template(path = "components/error_summary/template.html")]
pub struct ErrorSummary {
    /// "There is a problem".
    pub title: String,
    /// Id of the field and what to do, in page order.
    pub errors: Errors,
}

impl askama::filters::HtmlSafe for ErrorSummary {}

impl ErrorSummary {
    /// The summary of a form's errors.
    #[must_use]
    pub fn new(t: &Texts, errors: &Errors) -> Self {
        Self {
            title: t.get("error-summary-title"),
            errors: errors.clone(),
        }
    }
}

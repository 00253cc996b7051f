//! A state in one or two words. Never a link. Red is for errors and "Overdue" only.

use askama::Template;

/// GOV.UK Tag.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "components/tag/template.html")]
pub struct Tag {
    /// The state.
    pub text: String,
    /// `grey`, `green`, `teal`, `blue`, `purple`, `orange`, `red`, or empty.
    pub colour: &'static str,
}

impl askama::filters::HtmlSafe for Tag {}

impl Tag {
    /// A state in a colour.
    #[must_use]
    pub fn new(text: impl Into<String>, colour: &'static str) -> Self {
        Self {
            text: text.into(),
            colour,
        }
    }
}

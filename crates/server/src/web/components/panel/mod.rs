//! The first thing on a page that says something is done.

use askama::Template;

use crate::i18n::Html;

/// GOV.UK Panel.
#[derive(Clone, Debug, Template)]
#[template(path = "components/panel/template.html")]
pub struct Panel {
    /// The page's heading.
    pub title: String,
    /// Under it: a reference.
    pub body: Html,
}

impl askama::filters::HtmlSafe for Panel {}

impl Panel {
    /// Something is done.
    #[must_use]
    pub fn new(title: impl Into<String>, body: impl Into<Html>) -> Self {
        Self {
            title: title.into(),
            body: body.into(),
        }
    }
}

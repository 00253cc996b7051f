//! How many, each with where to see them.

use askama::Template;

/// Counts as links: the number, then the words, both in one link.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "components/counts/template.html")]
pub struct Counts {
    /// The name of the region.
    pub label: String,
    /// Number, words, address, and the end of the class name.
    pub items: Vec<(usize, String, String, &'static str)>,
}

impl askama::filters::HtmlSafe for Counts {}

//! The pages of one thing, or the lists of one kind.

use askama::Template;

/// MOJ Sub navigation.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "components/sub_navigation/template.html")]
pub struct SubNavigation {
    /// The name of the region.
    pub label: String,
    /// Words, address, whether it is this page.
    pub items: Vec<(String, String, bool)>,
}

impl askama::filters::HtmlSafe for SubNavigation {}

impl SubNavigation {
    /// Nothing in it yet.
    #[must_use]
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            items: Vec::new(),
        }
    }

    /// Add a link.
    #[must_use]
    pub fn item(mut self, text: impl Into<String>, href: impl Into<String>, current: bool) -> Self {
        self.items.push((text.into(), href.into(), current));
        self
    }
}

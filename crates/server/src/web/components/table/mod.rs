//! Rows and columns, with a caption and a header in each row.

use askama::Template;

use crate::i18n::Html;

/// GOV.UK Table. With `scroll`, it sits in a region that scrolls sideways on a small screen.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "components/table/template.html")]
pub struct Table {
    /// What the table is of.
    pub caption: String,
    /// The size of the caption: `s`, `m` or `l`.
    pub caption_size: &'static str,
    /// Column heads; a true marks numbers.
    pub head: Vec<(String, bool)>,
    /// Cells; the first of each row is its header.
    pub rows: Vec<Vec<Html>>,
    /// More class names.
    pub classes: &'static str,
    /// The name of the scroll region, or empty for none.
    pub scroll: String,
}

impl askama::filters::HtmlSafe for Table {}

impl Table {
    /// A table with column heads.
    #[must_use]
    pub fn new(caption: impl Into<String>, head: Vec<(String, bool)>) -> Self {
        Self {
            caption: caption.into(),
            caption_size: "m",
            head,
            ..Self::default()
        }
    }

    /// Add a row.
    pub fn push(&mut self, row: Vec<Html>) {
        self.rows.push(row);
    }

    /// More class names.
    #[must_use]
    pub fn class(mut self, classes: &'static str) -> Self {
        self.classes = classes;
        self
    }

    /// Let it scroll sideways in a region of this name.
    #[must_use]
    pub fn scroll(mut self, name: impl Into<String>) -> Self {
        self.scroll = name.into();
        self
    }

    fn numeric(&self, column: &usize) -> bool {
        self.head.get(*column).is_some_and(|(_, numeric)| *numeric)
    }
}

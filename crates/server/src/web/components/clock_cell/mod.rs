//! A clock: words first, then a bar, and colour third.

use askama::Template;

use crate::web::format::ClockWords;

/// The clock of one duty, for a cell of a table or a line of a page.
#[derive(Clone, Debug, Template)]
#[template(path = "components/clock_cell/template.html")]
pub struct ClockCell {
    /// The clock in words.
    pub words: ClockWords,
}

impl askama::filters::HtmlSafe for ClockCell {}

impl ClockCell {
    /// A clock.
    #[must_use]
    pub fn new(words: ClockWords) -> Self {
        Self { words }
    }

    /// How much of the 230 units of the bar is filled.
    fn filled(&self) -> u32 {
        u32::from(self.words.used.min(100)) * 230 / 100
    }
}

//! The page.

use askama::Template;

use crate::i18n::Texts;
use crate::web::components::layout::Shell;
use crate::web::components::summary_list::SummaryList;

/// What is known, and whether this person may say that the time is right.
#[derive(Debug, Template)]
#[template(path = "time/page.html")]
pub struct TimePage<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// While it is held: the last time that can be trusted, what the clock shows now, and the difference.
    pub held: Option<(String, String, String)>,
    /// Whether this person may say that the time is right.
    pub may_confirm: bool,
}

impl TimePage<'_> {
    fn facts(&self, held: &(String, String, String)) -> SummaryList {
        let t = self.t;
        SummaryList::new()
            .row(t.get("time-last"), held.0.clone())
            .row(t.get("time-now"), held.1.clone())
            .row(t.get("time-between"), held.2.clone())
    }
}

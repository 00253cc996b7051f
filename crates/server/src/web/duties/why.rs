//! Why a duty is due when it is: the rule, its authority, the calendar, and the working out.

use askama::Template;

use crate::i18n::Texts;
use crate::web::components::layout::Shell;
use crate::web::components::summary_list::SummaryList;

/// The page.
#[derive(Debug, Template)]
#[template(path = "duties/why.html")]
pub struct Why<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// What must be done.
    pub duty: String,
    /// Where the duty is.
    pub back: String,
    /// When it started: when we were told.
    pub started: String,
    /// The rule's id and name.
    pub rule: String,
    /// "1 working day, due at the same time of day".
    pub length: String,
    /// The calendar, in words.
    pub calendar: String,
    /// Statute or guidance, with its paragraph.
    pub authority: String,
    /// The authority of each pause it allows.
    pub pauses: Vec<String>,
    /// The rule pack and its version.
    pub pack: String,
    /// How often the concern was closed, re-opened or renamed, and that the clock kept running.
    pub restarts: Option<String>,
    /// Changes of rule: from and to.
    pub re_dated: Vec<(String, String)>,
    /// When it is due.
    pub due: String,
    /// Whether it lies beyond the calendar.
    pub provisional: bool,
    /// The working out, one step a line.
    pub steps: Vec<String>,
}

impl Why<'_> {
    fn facts(&self) -> SummaryList {
        let t = self.t;
        let pauses = if self.pauses.is_empty() {
            t.get("why-pauses-none")
        } else {
            self.pauses.join("; ")
        };
        let mut list = SummaryList::new()
            .row(t.get("why-started"), self.started.clone())
            .row(t.get("why-rule"), self.rule.clone())
            .row(t.get("why-length"), self.length.clone())
            .row(t.get("why-calendar"), self.calendar.clone())
            .row(t.get("why-authority"), self.authority.clone())
            .row(t.get("why-pauses"), pauses)
            .row(t.get("why-due"), self.due.clone())
            .row(t.get("why-pack"), self.pack.clone());
        if let Some(restarts) = &self.restarts {
            list = list.row(t.get("why-restarts"), restarts.clone());
        }
        let change =
            |(from, to): &(String, String)| t.msg("why-re-dated-text").arg("from", from).arg("to", to).text();
        self.re_dated
            .iter()
            .fold(list, |list, times| list.row(t.get("why-re-dated"), change(times)))
    }
}

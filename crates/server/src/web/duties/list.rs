//! My duties: mine, my team's, owed to us, finished. Overdue first, and in words.

use askama::Template;

use crate::i18n::{Html, Texts};
use crate::web::components::alert::Alert;
use crate::web::components::button::Button;
use crate::web::components::checkboxes::Checkboxes;
use crate::web::components::choice::Choice;
use crate::web::components::clock_cell::ClockCell;
use crate::web::components::counts::Counts;
use crate::web::components::field::Field;
use crate::web::components::layout::Shell;
use crate::web::components::pagination::Pagination;
use crate::web::components::sub_navigation::SubNavigation;
use crate::web::components::tag::Tag;
use crate::web::components::text_input::TextInput;
use crate::web::format::{Band, ClockWords};

/// Which list is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum List {
    /// Mine.
    #[default]
    Mine,
    /// My team's.
    Team,
    /// Owed to us by others.
    Owed,
    /// Ended.
    Finished,
}

impl List {
    /// The code in the address.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Team => "team",
            Self::Owed => "owed",
            Self::Finished => "finished",
        }
    }

    /// The list with this code; mine when there is none.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        [Self::Team, Self::Owed, Self::Finished]
            .into_iter()
            .find(|list| list.code() == code)
            .unwrap_or_default()
    }
}

/// One duty in a list: no full names.
#[derive(Clone, Debug)]
pub struct Line {
    /// What must be done.
    pub title: String,
    /// Where it opens.
    pub href: String,
    /// The concern's reference.
    pub reference: String,
    /// Initials and age, or what is known instead.
    pub who: String,
    /// Where it came from, in a sentence.
    pub from: String,
    /// The clock.
    pub clock: ClockWords,
    /// A code of the family `status`.
    pub status: &'static str,
    /// What else to say: to whom it was sent, and whether they accepted.
    pub notes: Vec<String>,
}

impl Line {
    fn tag(&self, t: &Texts) -> Tag {
        let colour = match self.status {
            "overdue" => "red",
            "not-started" => "orange",
            "accepted" | "offered" => "blue",
            "in-progress" => "purple",
            "done" | "done-late" => "green",
            _ => "grey",
        };
        Tag::new(t.code("status", self.status), colour)
    }

    fn cell(&self) -> ClockCell {
        ClockCell::new(self.clock.clone())
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "duties/list.html")]
pub struct Duties<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Which list.
    pub list: List,
    /// How many in mine, my team's, owed to us.
    pub sizes: [usize; 3],
    /// The duties of this list, in any order.
    pub lines: Vec<Line>,
    /// "9:42am on Tuesday 24 November 2026", and the same for machines.
    pub as_at: (String, String),
    /// Made and lapsed since yesterday.
    pub changed: Option<[usize; 2]>,
    /// Notices of the last 24 hours, to those who may see how the node is.
    pub told: Option<node::app::told::Told>,
    /// How many wait to be let in until this reader or a colleague agrees.
    pub letting: usize,
    /// What has just been done.
    pub message: Option<String>,
    /// What was typed into the filter.
    pub reference: String,
    /// The kinds in this list: code, words, how many; and those chosen.
    pub kinds: Vec<(String, String, usize)>,
    /// The kinds chosen.
    pub chosen: Vec<String>,
    /// Whose reports are in this list: a code of the family `asked-by` and how many; and those chosen.
    pub askers: Vec<(&'static str, usize)>,
    /// The askers chosen.
    pub asked_by: Vec<String>,
    /// This page and the last, counted from 1.
    pub page: (usize, usize),
}

/// The lines of one group.
pub struct Group<'p> {
    band: Band,
    title: String,
    lines: Vec<&'p Line>,
}

impl Duties<'_> {
    fn told(&self) -> Option<String> {
        let told = self.told?;
        let message = self
            .t
            .msg("duties-sent-delivered")
            .grouped("sent", usize::try_from(told.sent).unwrap_or(usize::MAX));
        let message = message.grouped("delivered", usize::try_from(told.delivered).unwrap_or(usize::MAX));
        let message = message.grouped("failed", usize::try_from(told.failed).unwrap_or(usize::MAX));
        Some(
            message
                .grouped("waiting", usize::try_from(told.waiting).unwrap_or(usize::MAX))
                .text(),
        )
    }

    fn groups(&self) -> Vec<Group<'_>> {
        let bands = [Band::Overdue, Band::Today, Band::Later, Band::Waiting];
        let group = |band: Band| {
            let lines: Vec<&Line> = self.lines.iter().filter(|line| line.clock.band == band).collect();
            Group {
                band,
                title: self.title(band, lines.len()),
                lines,
            }
        };
        if self.list == List::Finished {
            let title = self.t.msg("group-finished").n("count", self.lines.len()).text();
            return vec![Group {
                band: Band::Later,
                title,
                lines: self.lines.iter().collect(),
            }];
        }
        bands
            .into_iter()
            .map(group)
            .filter(|group| !group.lines.is_empty())
            .collect()
    }

    fn title(&self, band: Band, count: usize) -> String {
        let t = self.t;
        let message = match band {
            Band::Overdue => t.msg("group-overdue"),
            Band::Today => t.msg("group-today"),
            Band::Later => t.msg("group-week"),
            Band::Waiting => t.msg("group-paused"),
        };
        message.n("count", count).text()
    }

    fn counts(&self) -> Counts {
        let bands = [Band::Overdue, Band::Today, Band::Later, Band::Waiting];
        let count = |band: Band| {
            let number = self.lines.iter().filter(|line| line.clock.band == band).count();
            let href = if number > 0 {
                format!("#group-{}", band.class())
            } else {
                "#main-content".to_owned()
            };
            (number, self.t.code("band", band.class()), href, band.class())
        };
        Counts {
            label: self.t.get("duties-counts-label"),
            items: bands.map(count).to_vec(),
        }
    }

    fn lists(&self) -> SubNavigation {
        let t = self.t;
        let [mine, team, owed] = self.sizes;
        let at = |list: List| format!("/duties?list={}", list.code());
        let is = |list: List| self.list == list;
        SubNavigation::new(t.get("duties-lists-label"))
            .item(
                t.msg("duties-mine").n("count", mine).text(),
                at(List::Mine),
                is(List::Mine),
            )
            .item(
                t.msg("duties-team").n("count", team).text(),
                at(List::Team),
                is(List::Team),
            )
            .item(
                t.msg("duties-owed").n("count", owed).text(),
                at(List::Owed),
                is(List::Owed),
            )
            .item(t.get("duties-finished"), at(List::Finished), is(List::Finished))
    }

    fn as_at(&self) -> Html {
        let here = format!("/duties?list={}", self.list.code());
        self.t
            .msg("duties-as-at")
            .arg("when", &self.as_at.0)
            .arg("href", here)
            .html()
    }

    fn changed(&self) -> Option<String> {
        let [made, lapsed] = self.changed?;
        Some(
            self.t
                .msg("duties-changed")
                .n("made", made)
                .n("lapsed", lapsed)
                .text(),
        )
    }

    fn letting_words(&self) -> String {
        self.t.msg("duties-letting").n("count", self.letting).text()
    }

    fn alert(&self) -> Option<Alert> {
        self.message.clone().map(Alert::success)
    }

    fn reference_input(&self) -> TextInput {
        TextInput::new(
            Field::new(self.t, "q", self.t.get("duties-filter-reference")).size("s"),
            self.reference.clone(),
        )
    }

    fn kind_boxes(&self) -> Checkboxes {
        let t = self.t;
        let item = |(code, words, count): &(String, String, usize)| {
            Choice::new(
                code,
                t.msg("duties-filter-kind-item")
                    .arg("kind", words)
                    .n("count", *count)
                    .text(),
            )
        };
        let chosen: Vec<&str> = self.chosen.iter().map(String::as_str).collect();
        let field = Field::new(t, "kind", t.get("duties-filter-kind")).size("s");
        Checkboxes::new(field, self.kinds.iter().map(item).collect(), &chosen)
            .class("govuk-checkboxes--small")
    }

    fn asker_boxes(&self) -> Checkboxes {
        let t = self.t;
        let item = |(code, count): &(&'static str, usize)| {
            let message = t.msg("duties-filter-kind-item");
            let message = message.arg("kind", t.code("asked-by", code));
            Choice::new(*code, message.n("count", *count).text())
        };
        let chosen: Vec<&str> = self.asked_by.iter().map(String::as_str).collect();
        let field = Field::new(t, "asked", t.get("duties-filter-asked-by")).size("s");
        Checkboxes::new(field, self.askers.iter().map(item).collect(), &chosen)
            .class("govuk-checkboxes--small")
    }

    fn record(&self) -> Button {
        Button::link(self.t.get("duties-record"), "/record")
    }

    fn pages(&self) -> Pagination {
        let list = self.list.code();
        Pagination::new(self.t, self.page.0, self.page.1, |page| {
            format!("/duties?list={list}&page={page}")
        })
    }
}

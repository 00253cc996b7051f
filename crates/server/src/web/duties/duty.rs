//! One duty: what it is, its clock, what has happened, and the answer.

use askama::Template;

use super::list::Line;
use crate::i18n::Texts;
use crate::web::components::button::Button;
use crate::web::components::choice::Choice;
use crate::web::components::clock_cell::ClockCell;
use crate::web::components::date_input::DateInput;
use crate::web::components::field::{Errors, Field};
use crate::web::components::inset::Inset;
use crate::web::components::layout::Shell;
use crate::web::components::radios::Radios;
use crate::web::components::summary_list::SummaryList;
use crate::web::components::text_input::TextInput;
use crate::web::components::textarea::Textarea;
use crate::web::concern::summary::Paragraph;

/// What was typed into the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// A code of the answers.
    pub how: String,
    /// What was found, as a code of the rule pack.
    pub finding: String,
    /// What was done, or why.
    pub words: String,
    /// A reference somebody gave.
    pub reference: String,
    /// Day, month, year and time of the next try.
    pub next: [String; 4],
}

impl Given {
    /// Errors, in page order.
    #[must_use]
    pub fn check(&self, t: &Texts, answers: &[&str], findings: &[(String, String)]) -> Errors {
        let mut errors = Errors::new();
        if !answers.contains(&self.how.as_str()) {
            errors.push(("how".into(), t.get("duty-how-error")));
        }
        let found = findings.iter().any(|(code, _)| *code == self.finding);
        if self.how == "done" && !findings.is_empty() && !found {
            errors.push(("finding".into(), t.get("duty-finding-error")));
        }
        if self.words.trim().is_empty() && self.how != "changes-nothing" {
            errors.push(("words".into(), t.get("duty-words-error")));
        }
        if self.how == "tried" && self.next.iter().any(|part| part.trim().is_empty()) {
            errors.push(("next".into(), t.get("duty-next-error")));
        }
        errors
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "duties/duty.html")]
pub struct Duty<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// The duty as in a list.
    pub line: Line,
    /// Where it is posted: `/duties/{id}`.
    pub action: String,
    /// Where the concern is.
    pub concern: String,
    /// Whose it is, in words.
    pub owner: String,
    /// What another post asked, where this is the duty to answer it.
    pub asked: Option<Paragraph>,
    /// What has happened to it, oldest first.
    pub history: Vec<(String, String)>,
    /// Whether it climbed to this person's post.
    pub climbed: bool,
    /// Whether this person may accept it now.
    pub may_accept: bool,
    /// Whether this person may answer it.
    pub may_answer: bool,
    /// The answers it takes.
    pub answers: &'static [&'static str],
    /// What may be found when it is done, by code and title; empty where the rule pack asks for nothing.
    pub findings: Vec<(String, String)>,
    /// What was typed.
    pub given: Given,
    /// What has been said of an answer: late or in time, or whose move it is.
    pub outcome: Option<String>,
    /// The concern's length when this page was drawn.
    pub seen: u32,
}

impl Duty<'_> {
    fn clock(&self) -> ClockCell {
        ClockCell::new(self.line.clock.clone())
    }

    fn facts(&self) -> SummaryList {
        let t = self.t;
        let start = SummaryList::new()
            .row(t.get("duty-concern"), self.line.reference.clone())
            .row(t.get("duty-who"), self.line.who.clone())
            .row(t.get("duty-owner"), self.owner.clone())
            .row(t.get("duty-status"), t.code("status", self.line.status));
        self.history
            .iter()
            .fold(start, |list, (when, what)| list.row(when, what.clone()))
    }

    fn how(&self) -> Radios {
        let t = self.t;
        let field = Field::new(t, "how", t.get("duty-how"))
            .size("m")
            .errors(&self.shell.errors);
        let hinted = |code: &&str| {
            let choice = Choice::new(*code, t.code("how", code));
            match *code {
                "cannot-by-then" => choice.hint(t.get("duty-cannot-note")),
                "acting" => choice.hint(t.get("duty-acting-note")),
                "not-mine" => choice.hint(t.get("duty-not-mine-note")),
                _ => choice,
            }
        };
        Radios::new(
            field,
            self.answers.iter().map(hinted).collect(),
            &[&self.given.how],
        )
    }

    fn finding(&self) -> Option<Radios> {
        if self.findings.is_empty() {
            return None;
        }
        let field = Field::new(self.t, "finding", self.t.get("duty-finding"))
            .size("s")
            .hint(self.t.get("duty-finding-hint"))
            .errors(&self.shell.errors);
        let items = self.findings.iter().map(|(code, title)| Choice::new(code, title));
        Some(Radios::new(field, items.collect(), &[&self.given.finding]).class("govuk-radios--small"))
    }

    fn words(&self) -> Textarea {
        let t = self.t;
        let field = Field::new(t, "words", t.get("duty-words"))
            .size("s")
            .hint(t.get("duty-words-hint"))
            .errors(&self.shell.errors);
        Textarea::new(t, field, self.given.words.clone(), 4, 4_000)
    }

    fn reference(&self) -> TextInput {
        TextInput::new(
            Field::new(self.t, "reference", self.t.get("duty-reference")),
            self.given.reference.clone(),
        )
        .width("govuk-input--width-20")
    }

    fn next(&self) -> Option<DateInput> {
        if !self.answers.contains(&"tried") {
            return None;
        }
        let t = self.t;
        let [day, month, year, time] = &self.given.next;
        let field = Field::new(t, "next", t.get("duty-next"))
            .size("s")
            .hint(t.get("duty-next-hint"))
            .errors(&self.shell.errors);
        Some(DateInput::new(t, field, [day, month, year]).with_time(t, time))
    }

    fn note(&self) -> Inset {
        let t = self.t;
        Inset::new(if self.answers.contains(&"done") {
            t.get("duty-done-note")
        } else {
            t.get("duty-read-note")
        })
    }

    fn send(&self) -> Button {
        Button::submit(self.t.get("duty-send"))
            .named("do", "answer")
            .once()
    }

    fn accept(&self) -> Button {
        Button::submit(self.t.get("duty-accept"))
            .named("do", "accept")
            .once()
            .described("accept-hint")
    }
}

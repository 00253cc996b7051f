//! What somebody who comes back is shown: how far it is, and never what was written or who is named.

use askama::Template;

use crate::i18n::{Html, Texts};
use crate::web::components::choice::Choice;
use crate::web::components::field::{Errors, Field};
use crate::web::components::layout::Shell;
use crate::web::components::radios::Radios;
use crate::web::components::summary_list::SummaryList;
use crate::web::components::textarea::Textarea;
use crate::web::report::pages::Phone;

/// The page.
#[derive(Debug, Template)]
#[template(path = "open/progress.html")]
pub struct Progress<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// When it was received.
    pub received: String,
    /// When a person first read it.
    pub read: Option<String>,
    /// When it was decided.
    pub decided: Option<String>,
    /// Who accepted it out of hours, and at what time.
    pub accepted: Option<(String, String)>,
    /// Nobody has accepted: the number to ring.
    pub ring: Option<Phone>,
    /// Fixed sentences picked for telling them, in words.
    pub sentences: Vec<String>,
    /// For people reporting in their work: decision, next step and whom to ring.
    pub told: Vec<(String, String)>,
    /// The next step and whom to ring, in the words of whoever told them.
    pub next: String,
    /// The decisions they may disagree with: record, and for whom.
    pub disputable: Vec<(String, String)>,
    /// The decision picked to disagree with.
    pub picked: String,
    /// Why they disagree, as typed.
    pub why: String,
    /// Whether they have just disagreed.
    pub disagreed: bool,
    /// Whether something has just been added.
    pub added: bool,
    /// What was typed.
    pub words: String,
}

impl Progress<'_> {
    fn steps(&self) -> SummaryList {
        let t = self.t;
        let or_not = |moment: &Option<String>| moment.clone().unwrap_or_else(|| t.get("progress-not-yet"));
        SummaryList::new()
            .row(t.get("progress-received"), self.received.clone())
            .row(t.get("progress-read"), or_not(&self.read))
            .row(t.get("progress-decided"), or_not(&self.decided))
    }

    fn accepted(&self) -> Option<String> {
        let (who, time) = self.accepted.as_ref()?;
        Some(
            self.t
                .msg("progress-accepted")
                .arg("who", who)
                .arg("time", time)
                .text(),
        )
    }

    fn nobody(&self) -> Option<Html> {
        let phone = self.ring.as_ref()?;
        Some(
            self.t
                .msg("progress-nobody")
                .arg("number", &phone.words)
                .arg("href", &phone.tel)
                .html(),
        )
    }

    fn told(&self) -> SummaryList {
        self.told.iter().fold(SummaryList::new(), |list, (key, value)| {
            list.row(key, value.clone())
        })
    }

    fn add(&self) -> Textarea {
        let t = self.t;
        let field = Field::new(t, "words", t.get("progress-add-label")).hint(t.get("progress-add-hint"));
        Textarea::new(t, field.errors(&self.shell.errors), self.words.clone(), 4, 5_000)
    }

    fn which(&self) -> Option<Radios> {
        if self.disputable.len() < 2 {
            return None;
        }
        let field = Field::new(self.t, "decision", self.t.get("progress-disagree-which"));
        let items = self.disputable.iter().map(|(id, who)| Choice::new(id, who));
        Some(
            Radios::new(field.errors(&self.shell.errors), items.collect(), &[&self.picked])
                .class("govuk-radios--small"),
        )
    }

    /// The error of a disagreement with no decision picked, or without words.
    #[must_use]
    pub fn check(t: &Texts, picked: bool, words: &str) -> Errors {
        let mut errors = Errors::new();
        if !picked {
            errors.push(("decision".to_owned(), t.get("progress-disagree-which-error")));
        }
        if words.trim().is_empty() {
            errors.push(("disagree".to_owned(), t.get("disagree-error")));
        }
        errors
    }

    fn disagree(&self) -> Textarea {
        let t = self.t;
        let field = Field::new(t, "disagree", t.get("disagree-label")).hint(t.get("progress-disagree-lead"));
        Textarea::new(t, field.errors(&self.shell.errors), self.why.clone(), 4, 5_000)
    }

    /// The error of an empty addition.
    #[must_use]
    pub fn nothing(t: &Texts) -> (String, String) {
        ("words".to_owned(), t.get("progress-add-error"))
    }
}

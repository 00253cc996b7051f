//! Telling whoever reported, in one of two forms, or that it is not safe to; and closing.

use askama::Template;

use super::head::{Head, Tab};
use crate::i18n::{Html, Texts};
use crate::web::components::checkboxes::Checkboxes;
use crate::web::components::choice::Choice;
use crate::web::components::field::{Errors, Field};
use crate::web::components::layout::Shell;
use crate::web::components::radios::Radios;
use crate::web::components::summary_list::SummaryList;
use crate::web::components::textarea::Textarea;
use crate::web::report::pages::choices;

/// The page.
#[derive(Debug, Template)]
#[template(path = "concern/tell.html")]
pub struct Tell<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Which concern.
    pub head: Head<'a>,
    /// Who reported, to those who may know: key and value.
    pub reporter: Vec<(String, String)>,
    /// Whether they report in their work and their organisation is confirmed.
    pub in_full: bool,
    /// They say they reported in their work, and it is not confirmed: where the duty to confirm it is, or empty.
    pub unconfirmed: Option<String>,
    /// `work`, `public`, `not-safe`, or empty.
    pub form: String,
    /// The sentences there are: id and text. They read the same whether or not the child exists.
    pub sentences: Vec<(String, String)>,
    /// The ids of those chosen.
    pub chosen: Vec<String>,
    /// What was typed.
    pub words: String,
    /// Why it is to be closed, as far as it was typed.
    pub reason: String,
    /// Duties that stop closing: duty, child, due.
    pub open: Vec<(String, String, String)>,
    /// Children without a decision.
    pub undecided: Vec<String>,
    /// Whether a second person must close it, and this one may not.
    pub needs_second: bool,
    /// Whether this person may close.
    pub may_close: bool,
    /// The concern's length when this page was drawn.
    pub seen: u32,
}

impl Tell<'_> {
    fn tab(&self) -> Tab {
        Tab::Reporter
    }

    fn reporter(&self) -> SummaryList {
        self.reporter
            .iter()
            .fold(SummaryList::new(), |list, (key, value)| {
                list.row(key, value.clone())
            })
    }

    fn lead(&self) -> String {
        if self.in_full {
            self.t.get("tell-work-lead")
        } else {
            self.t.get("tell-public-lead")
        }
    }

    fn confirm(&self) -> Option<Html> {
        let href = self.unconfirmed.as_ref()?;
        Some(match href.as_str() {
            "" => self.t.get("tell-not-confirmed").into(),
            href => self.t.msg("tell-unconfirmed").arg("href", href).html(),
        })
    }

    fn form(&self) -> Radios {
        let t = self.t;
        let forms: &[&str] = if self.in_full {
            &["work", "not-safe"]
        } else {
            &["public", "not-safe"]
        };
        let field = Field::new(t, "form", t.get("tell-how"))
            .size("m")
            .errors(&self.shell.errors);
        Radios::new(field, choices(t, "tellform", forms), &[&self.form])
    }

    fn sentences(&self) -> Option<Checkboxes> {
        if self.in_full {
            return None;
        }
        let t = self.t;
        let chosen: Vec<&str> = self.chosen.iter().map(String::as_str).collect();
        let field = Field::new(t, "sentence", t.get("tell-sentences"))
            .size("s")
            .errors(&self.shell.errors);
        let items = self
            .sentences
            .iter()
            .map(|(id, text)| Choice::new(id, text))
            .collect();
        Some(Checkboxes::new(field, items, &chosen))
    }

    fn words(&self) -> Textarea {
        let t = self.t;
        let label = if self.in_full {
            t.get("tell-words")
        } else {
            t.get("tell-not-safe-why")
        };
        Textarea::new(
            t,
            Field::new(t, "words", label).errors(&self.shell.errors),
            self.words.clone(),
            4,
            4_000,
        )
    }

    /// Errors of the form.
    #[must_use]
    pub fn check(t: &Texts, form: &str, chosen: &[String], words: &str) -> Errors {
        let error = match form {
            "public" if chosen.is_empty() => ("sentence", t.get("tell-sentences-error")),
            "work" if words.trim().is_empty() => ("words", t.get("tell-words-error")),
            "not-safe" if words.trim().is_empty() => ("words", t.get("tell-not-safe-error")),
            "public" | "work" | "not-safe" => return Errors::new(),
            _ => ("form", t.get("tell-how-error")),
        };
        vec![(error.0.to_owned(), error.1)]
    }

    fn reason(&self) -> Textarea {
        let field = Field::new(self.t, "reason", self.t.get("close-reason")).errors(&self.shell.errors);
        Textarea::new(self.t, field, self.reason.clone(), 3, 4_000)
    }

    /// Whether what was typed has no box to stand in: it was kept, and this cannot be closed now.
    fn keeps_reason(&self) -> bool {
        let stopped = !self.open.is_empty() || !self.undecided.is_empty() || self.needs_second;
        !self.reason.is_empty() && (stopped || !self.may_close)
    }

    /// The error of closing without a reason.
    #[must_use]
    pub fn no_reason(t: &Texts) -> (String, String) {
        ("reason".to_owned(), t.get("close-reason-error"))
    }

    fn blocked(&self) -> Vec<String> {
        let t = self.t;
        let line = |(duty, who, due): &(String, String, String)| {
            t.msg("close-refused-line")
                .arg("duty", duty)
                .arg("who", who)
                .arg("due", due)
                .text()
        };
        self.open.iter().map(line).collect()
    }

    fn not_decided(&self) -> Option<String> {
        if self.undecided.is_empty() {
            return None;
        }
        Some(
            self.t
                .msg("close-not-decided")
                .arg("who", self.undecided.join(", "))
                .text(),
        )
    }
}

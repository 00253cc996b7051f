//! The summary: what was said, what is due, and the decision for each child.

use askama::Template;

use super::amend::Amend;
use super::head::{Head, Tab};
use crate::i18n::{Html, Texts};
use crate::web::components::alert::Alert;
use crate::web::components::choice::Choice;
use crate::web::components::clock_cell::ClockCell;
use crate::web::components::field::{Errors, Field};
use crate::web::components::layout::Shell;
use crate::web::components::radios::Radios;
use crate::web::components::summary_list::SummaryList;
use crate::web::components::textarea::Textarea;
use crate::web::duties::list::Line;

/// What an entry can be, as codes.
const NATURES: [&str; 3] = ["fact", "reported", "opinion"];

/// One paragraph of what was said.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// Who said it.
    pub by: String,
    /// When, in words.
    pub when: String,
    /// Whether an entry is fact, opinion or reported speech, in words; empty where nobody said.
    pub nature: String,
    /// The words, or why they are not shown.
    pub words: String,
    /// Whether they are shown.
    pub shown: bool,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "concern/summary.html")]
pub struct Summary<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Which concern.
    pub head: Head<'a>,
    /// How it came in: key and value, in order.
    pub facts: Vec<(String, String)>,
    /// What was said, oldest first.
    pub said: Vec<Paragraph>,
    /// Open duties.
    pub duties: Vec<Line>,
    /// Each child, and what was decided.
    pub children: Vec<(String, String)>,
    /// Why this person is shown it.
    pub purpose: String,
    /// What has just been done or has just come in.
    pub message: Option<(bool, String)>,
    /// What was typed into the form at the end.
    pub adding: String,
    /// Whether that is fact, opinion or reported speech, as chosen.
    pub nature: String,
    /// What was typed to disagree.
    pub disagreeing: String,
    /// The concern's length when this page was drawn.
    pub seen: u32,
    /// Whether the reader may disagree with a decision.
    pub may_disagree: bool,
    /// What else this reader may put right.
    pub amends: Vec<Amend>,
}

impl Summary<'_> {
    fn tab(&self) -> Tab {
        Tab::Summary
    }

    fn alert(&self) -> Option<Alert> {
        let (done, text) = self.message.clone()?;
        Some(if done {
            Alert::success(text)
        } else {
            Alert::warning(text)
        })
    }

    fn facts(&self) -> SummaryList {
        self.facts.iter().fold(SummaryList::new(), |list, (key, value)| {
            list.row(key, value.clone())
        })
    }

    fn children(&self) -> SummaryList {
        self.children
            .iter()
            .fold(SummaryList::new(), |list, (key, value)| {
                list.row(key, value.clone())
            })
    }

    fn clock(&self, line: &Line) -> ClockCell {
        ClockCell::new(line.clock.clone())
    }

    fn purpose(&self) -> String {
        self.t.msg("concern-purpose").arg("why", &self.purpose).text()
    }

    fn add(&self) -> Textarea {
        let t = self.t;
        let field = Field::new(t, "words", t.get("add-label"))
            .size("s")
            .errors(&self.shell.errors);
        Textarea::new(t, field, self.adding.clone(), 4, 6_000)
    }

    fn nature(&self) -> Radios {
        let t = self.t;
        let field = Field::new(t, "nature", t.get("add-nature"))
            .size("s")
            .errors(&self.shell.errors);
        let items = NATURES.map(|code| Choice::new(code, t.code("nature", code)));
        Radios::new(field, items.to_vec(), &[&self.nature])
    }

    fn disagree(&self) -> Textarea {
        let t = self.t;
        let field = Field::new(t, "disagree", t.get("disagree-label")).hint(t.get("disagree-hint"));
        Textarea::new(
            t,
            field.errors(&self.shell.errors),
            self.disagreeing.clone(),
            4,
            6_000,
        )
    }

    /// The error for an empty disagreement.
    #[must_use]
    pub fn no_disagreement(t: &Texts) -> (String, String) {
        ("disagree".to_owned(), t.get("disagree-error"))
    }

    /// Errors of an entry to be added.
    #[must_use]
    pub fn check_added(t: &Texts, words: &str, nature: &str) -> Errors {
        let mut errors = Errors::new();
        if words.trim().is_empty() {
            errors.push(("words".to_owned(), t.get("add-error")));
        }
        if !NATURES.contains(&nature) {
            errors.push(("nature".to_owned(), t.get("add-nature-error")));
        }
        errors
    }
}

/// Paragraphs as HTML, with line ends kept.
#[must_use]
pub fn lines(text: &str) -> Html {
    let parts = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    Html::join(parts.map(|part| Html::rendered(&Part { part })), "")
}

#[derive(Template)]
#[template(source = r#"<p class="govuk-body app-pre">{{ part }}</p>"#, ext = "html")]
struct Part<'a> {
    part: &'a str,
}

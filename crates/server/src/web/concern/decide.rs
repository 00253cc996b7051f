//! Deciding: one decision a child, with a reason; and reading one a second time.

use askama::Template;

use super::head::{Head, Tab};
use crate::i18n::Texts;
use crate::web::components::checkboxes::Checkboxes;
use crate::web::components::choice::Choice;
use crate::web::components::clock_cell::ClockCell;
use crate::web::components::field::{Errors, Field};
use crate::web::components::inset::Inset;
use crate::web::components::layout::Shell;
use crate::web::components::radios::Radios;
use crate::web::components::textarea::Textarea;
use crate::web::format::ClockWords;

/// One outcome of the rule pack.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its code.
    pub code: String,
    /// Its words.
    pub words: String,
    /// Why it waits for a second person, when it does.
    pub second: Option<String>,
}

/// One child (or the concern, where no child is known), and what is being decided.
#[derive(Clone, Debug, Default)]
pub struct Child {
    /// A handle, in the names of its fields.
    pub handle: String,
    /// Name and age, or what is known.
    pub who: String,
    /// What was decided before, in a sentence.
    pub already: Option<String>,
    /// The outcome chosen.
    pub outcome: String,
    /// The reason typed.
    pub reason: String,
}

impl Child {
    /// The name of its outcome's field.
    #[must_use]
    pub fn outcome_field(&self) -> String {
        format!("outcome-{}", self.handle)
    }

    /// The name of its reason's field.
    #[must_use]
    pub fn reason_field(&self) -> String {
        format!("reason-{}", self.handle)
    }

    /// Errors of this child's decision.
    #[must_use]
    pub fn check(&self, t: &Texts, outcomes: &[Outcome]) -> Errors {
        let mut errors = Errors::new();
        if !outcomes.iter().any(|outcome| outcome.code == self.outcome) {
            errors.push((
                self.outcome_field(),
                t.msg("decide-outcome-error").arg("who", &self.who).text(),
            ));
        }
        if self.reason.trim().is_empty() {
            errors.push((
                self.reason_field(),
                t.msg("decide-reason-error").arg("who", &self.who).text(),
            ));
        }
        errors
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "concern/decide.html")]
pub struct Decide<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Which concern.
    pub head: Head<'a>,
    /// The clock of the decision, while it runs.
    pub clock: Option<ClockWords>,
    /// Earlier concerns that something here matches: sentences.
    pub seen_before: Vec<String>,
    /// Each child not decided, or being decided again.
    pub children: Vec<Child>,
    /// Each child decided: who and what.
    pub decided: Vec<String>,
    /// The outcomes.
    pub outcomes: Vec<Outcome>,
    /// What kinds of concern may be marked: code and title.
    pub categories: Vec<(String, String)>,
    /// Those ticked now.
    pub marks: Vec<String>,
    /// Those marked before, as titles: a mark is added to and never taken away.
    pub marked: Vec<String>,
    /// Phrases that may place blame on the child: phrase, reason, suggestion.
    pub phrases: Vec<(String, String, String)>,
    /// The concern's length when this page was drawn.
    pub seen: u32,
}

impl Decide<'_> {
    fn tab(&self) -> Tab {
        Tab::Decide
    }

    fn clock(&self) -> Option<(ClockCell, &'static str)> {
        let clock = self.clock.clone()?;
        let class = clock.band.class();
        Some((ClockCell::new(clock), class))
    }

    fn outcome(&self, child: &Child) -> Radios {
        let t = self.t;
        let field = Field::new(t, &child.outcome_field(), t.get("decide-outcome"))
            .size("s")
            .errors(&self.shell.errors);
        let item = |outcome: &Outcome| {
            let choice = Choice::new(&outcome.code, &outcome.words);
            match &outcome.second {
                Some(why) => choice.hint(t.msg("decide-second-note").arg("why", why).text()),
                None => choice,
            }
        };
        Radios::new(field, self.outcomes.iter().map(item).collect(), &[&child.outcome])
            .class("govuk-radios--small")
    }

    fn marks(&self) -> Option<Checkboxes> {
        if self.categories.is_empty() {
            return None;
        }
        let t = self.t;
        let field = Field::new(t, "mark", t.get("decide-marks"))
            .size("s")
            .hint(t.get("decide-marks-hint"))
            .errors(&self.shell.errors);
        let items = self
            .categories
            .iter()
            .map(|(code, title)| Choice::new(code, title));
        let ticked: Vec<&str> = self.marks.iter().map(String::as_str).collect();
        Some(Checkboxes::new(field, items.collect(), &ticked).class("govuk-checkboxes--small"))
    }

    fn marked(&self) -> Option<String> {
        if self.marked.is_empty() {
            return None;
        }
        Some(
            self.t
                .msg("decide-marked")
                .arg("what", self.marked.join(", "))
                .text(),
        )
    }

    fn reason(&self, child: &Child) -> Textarea {
        let t = self.t;
        let field = Field::new(t, &child.reason_field(), t.get("decide-reason"))
            .size("s")
            .errors(&self.shell.errors);
        Textarea::new(t, field, child.reason.clone(), 3, 4_000)
    }

    fn blame(&self) -> Option<Inset> {
        if self.phrases.is_empty() {
            return None;
        }
        let t = self.t;
        let line = |(phrase, reason, instead): &(String, String, String)| {
            let message = t.msg("language-line").arg("phrase", phrase).arg("reason", reason);
            message.arg("instead", instead).text()
        };
        let lines: Vec<String> = self.phrases.iter().map(line).collect();
        let words = format!(
            "{}. {} {}",
            t.get("language-heading"),
            lines.join(" "),
            t.get("language-lead")
        );
        Some(Inset::new(words))
    }
}

/// Reading a decision a second time: the concern first, then the first reader's reason.
#[derive(Debug, Template)]
#[template(path = "concern/second.html")]
pub struct Second<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Which concern.
    pub head: Head<'a>,
    /// Where it is posted.
    pub action: String,
    /// What was said: by whom and when, and the words.
    pub said: Vec<(String, String)>,
    /// Who was decided about, and what.
    pub decided: (String, String),
    /// The first reader's reason, once asked for.
    pub reason: Option<String>,
    /// What was typed.
    pub words: String,
    /// `agree`, `disagree`, or empty.
    pub how: String,
    /// The concern's length when this page was drawn.
    pub seen: u32,
}

impl Second<'_> {
    fn tab(&self) -> Tab {
        Tab::Decide
    }

    fn how(&self) -> Radios {
        let t = self.t;
        let field = Field::new(t, "how", t.get("second-how"))
            .size("m")
            .errors(&self.shell.errors);
        let items = vec![
            Choice::new("agree", t.get("second-agree")),
            Choice::new("disagree", t.get("second-disagree")),
        ];
        Radios::new(field, items, &[&self.how])
    }

    fn words(&self) -> Textarea {
        let t = self.t;
        let field = Field::new(t, "words", t.get("second-words"))
            .size("s")
            .errors(&self.shell.errors);
        Textarea::new(t, field, self.words.clone(), 3, 4_000)
    }

    /// Errors of a second reading.
    #[must_use]
    pub fn check(t: &Texts, how: &str, words: &str) -> Errors {
        let mut errors = Errors::new();
        if !["agree", "disagree"].contains(&how) {
            errors.push(("how".into(), t.get("second-how-error")));
        }
        if words.trim().is_empty() {
            errors.push(("words".into(), t.get("second-words-error")));
        }
        errors
    }
}

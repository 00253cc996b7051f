//! Record what you were told: by telephone, in person, by letter, from the night log. The clock
//! starts when they told us.

use askama::Template;
use jiff::Timestamp;

use super::answers::{Answers, KNOW, SAFE, WORK_MOST};
use super::pages::choices;
use crate::i18n::Texts;
use crate::web::components::chips::Chips;
use crate::web::components::date_input::DateInput;
use crate::web::components::field::{Errors, Field};
use crate::web::components::layout::Shell;
use crate::web::components::radios::Radios;
use crate::web::components::text_input::TextInput;
use crate::web::components::textarea::Textarea;
use crate::web::format::When;

/// Codes of the ways to be told.
pub const CHANNELS: &[&str] = &["telephone", "in-person", "email", "letter", "night-log"];
/// Codes of the kinds of reporter.
pub const REPORTERS: &[&str] = &["work", "parent", "child", "private"];

/// What is asked besides the questions of every report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Telling {
    /// A code of [`CHANNELS`], or empty.
    pub how: String,
    /// Who told us.
    pub who: String,
    /// A code of [`REPORTERS`], or empty.
    pub kind: String,
    /// Their role and organisation.
    pub org: String,
    /// How to reach them safely.
    pub contact: String,
    /// Day, month, year and time they told us, as typed.
    pub when: [String; 4],
    /// Whether a receipt is safe: `yes`, `no`, or empty.
    pub receipt: String,
}

impl Telling {
    /// Errors of the whole page; whether the time can be read is said by [`Telling::moment`].
    #[must_use]
    pub fn check(&self, t: &Texts, answers: &Answers) -> Errors {
        let mut errors = Errors::new();
        if answers.worry.trim().is_empty() {
            errors.push(("worry".into(), t.get("told-words-error")));
        }
        errors.extend(answers.check_safe(t));
        errors.extend(answers.check_who(t));
        errors.extend(answers.check_know(t));
        if !CHANNELS.contains(&self.how.as_str()) {
            errors.push(("how".into(), t.get("told-how-error")));
        }
        if !REPORTERS.contains(&self.kind.as_str()) {
            errors.push(("kind".into(), t.get("told-kind-error")));
        }
        if self.when.iter().any(|part| part.trim().is_empty()) {
            errors.push(("told".into(), t.get("told-when-error")));
        }
        if !["yes", "no"].contains(&self.receipt.as_str()) {
            errors.push(("receipt".into(), t.get("told-receipt-error")));
        }
        errors
    }
}

impl Telling {
    /// The moment they told us, from what was typed, in the agency's zone.
    ///
    /// # Errors
    /// The field's error, when it cannot be read or lies ahead of now.
    pub fn moment(&self, when: &When<'_>) -> Result<Timestamp, (String, String)> {
        let t = when.texts();
        let [day, month, year, time] = &self.when;
        let read = when.typed(day, month, year, time);
        let at = read.ok_or_else(|| ("told".to_owned(), t.get("told-when-error")))?;
        if at > when.now() {
            return Err(("told".to_owned(), t.get("told-when-future")));
        }
        Ok(at)
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "report/told.html")]
pub struct Told<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// What was typed about the telling.
    pub telling: Telling,
    /// What was typed about the concern; their words are the worry.
    pub answers: Answers,
    /// The list and its form.
    pub chips: Chips<'a>,
    /// "3:24pm, Friday 27 November 2026".
    pub written: String,
    /// "1 hour 14 minutes", when the gap is over one hour and the time is known.
    pub gap: Option<String>,
    /// Makes a second press the same report.
    pub once: String,
}

impl Told<'_> {
    fn field(&self, id: &str, label: String) -> Field {
        Field::new(self.t, id, label).errors(&self.shell.errors)
    }

    fn how(&self) -> Radios {
        let field = self.field("how", self.t.get("told-how")).size("s");
        Radios::new(field, choices(self.t, "channel", CHANNELS), &[&self.telling.how])
            .class("govuk-radios--small")
    }

    fn who(&self) -> TextInput {
        let field = self
            .field("who", self.t.get("told-who"))
            .size("s")
            .hint(self.t.get("told-who-hint"));
        TextInput::new(field, self.telling.who.clone())
    }

    fn kind(&self) -> Radios {
        let field = self.field("kind", self.t.get("told-kind")).size("s");
        Radios::new(
            field,
            choices(self.t, "reporter", REPORTERS),
            &[&self.telling.kind],
        )
        .class("govuk-radios--small")
    }

    fn org(&self) -> TextInput {
        TextInput::new(
            self.field("org", self.t.get("told-org")),
            self.telling.org.clone(),
        )
    }

    fn contact(&self) -> TextInput {
        TextInput::new(
            self.field("contact", self.t.get("told-contact")),
            self.telling.contact.clone(),
        )
    }

    fn when(&self) -> DateInput {
        let t = self.t;
        let [day, month, year, time] = &self.telling.when;
        let field = self
            .field("told", t.get("told-when"))
            .size("s")
            .hint(t.get("told-when-hint"));
        DateInput::new(t, field, [day, month, year]).with_time(t, time)
    }

    fn words(&self) -> Textarea {
        let t = self.t;
        let field = self
            .field("worry", t.get("told-words"))
            .size("s")
            .hint(t.get("told-words-hint"));
        Textarea::new(t, field, self.answers.worry.clone(), 6, WORK_MOST).limit(t.get("work-worry-limit"))
    }

    fn safe(&self) -> Radios {
        let field = self.field("safe", self.t.get("report-safe-label")).size("s");
        Radios::new(field, choices(self.t, "safe", SAFE), &[&self.answers.safe])
            .class("govuk-radios--inline govuk-radios--small")
    }

    fn colleague(&self) -> Radios {
        let field = self.field("colleague", self.t.get("work-colleague")).size("s");
        Radios::new(
            field,
            choices(self.t, "colleague", SAFE),
            &[&self.answers.colleague],
        )
        .class("govuk-radios--inline govuk-radios--small")
    }

    fn know(&self) -> Radios {
        let field = self.field("know", self.t.get("report-know-label")).size("s");
        Radios::new(field, choices(self.t, "know", KNOW), &[&self.answers.know]).class("govuk-radios--small")
    }

    fn receipt(&self) -> Radios {
        let field = self.field("receipt", self.t.get("told-receipt")).size("s");
        Radios::new(
            field,
            choices(self.t, "keep", &["yes", "no"]),
            &[&self.telling.receipt],
        )
        .class("govuk-radios--inline govuk-radios--small")
    }

    fn later(&self, span: &str) -> String {
        self.t.msg("told-gap").arg("span", span).text()
    }
}

/// After recording: the reference, to read aloud.
#[derive(Debug, Template)]
#[template(path = "report/told_done.html")]
pub struct Recorded<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// The reference.
    pub reference: String,
    /// "2:10pm, Monday 30 November".
    pub due: String,
    /// Whether this person may open the concern: a restricted one is not theirs.
    pub may_open: bool,
}

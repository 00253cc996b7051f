//! One page of all questions, for people reporting in their work: made for pasting.

use askama::Template;

use super::answers::{Answers, KNOW, SAFE, WORK_MOST};
use super::pages::{Desk, TAKE_DOWN, choices};
use crate::i18n::{Html, Texts};
use crate::web::components::chips::Chips;
use crate::web::components::field::Field;
use crate::web::components::inset::Inset;
use crate::web::components::layout::Shell;
use crate::web::components::radios::Radios;
use crate::web::components::text_input::TextInput;
use crate::web::components::textarea::Textarea;

/// The page.
#[derive(Debug, Template)]
#[template(path = "report/work.html")]
pub struct Work<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Whom to ring.
    pub desk: Desk,
    /// What was typed.
    pub answers: Answers,
    /// The list and its form.
    pub chips: Chips<'a>,
    /// Whether the number is shown now: out of hours, and not safe or not known.
    pub ring_now: bool,
    /// Makes a second press the same report.
    pub once: String,
}

impl Work<'_> {
    fn field(&self, id: &str, label: String) -> Field {
        Field::new(self.t, id, label).errors(&self.shell.errors)
    }

    fn worry(&self) -> Textarea {
        let t = self.t;
        let field = self
            .field("worry", t.get("work-worry"))
            .size("m")
            .hint(t.get("work-worry-hint"));
        Textarea::new(t, field, self.answers.worry.clone(), 8, WORK_MOST).limit(t.get("work-worry-limit"))
    }

    fn safe(&self) -> Radios {
        let field = self.field("safe", self.t.get("work-safe")).size("m");
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

    fn sexual(&self) -> Radios {
        let t = self.t;
        let field = self
            .field("sexual", t.get("work-sexual"))
            .size("s")
            .hint(t.get("work-sexual-hint"));
        Radios::new(field, choices(t, "colleague", SAFE), &[&self.answers.sexual])
            .class("govuk-radios--inline govuk-radios--small")
    }

    fn know(&self) -> Radios {
        let field = self.field("know", self.t.get("work-know")).size("m");
        Radios::new(field, choices(self.t, "know", KNOW), &[&self.answers.know]).class("govuk-radios--small")
    }

    fn me(&self) -> Vec<TextInput> {
        let (t, a) = (self.t, &self.answers);
        vec![
            TextInput::new(self.field("name", t.get("work-name")), a.name.clone()),
            TextInput::new(self.field("role", t.get("work-role")), a.role.clone()),
            TextInput::new(self.field("org", t.get("work-org")), a.org.clone()),
            TextInput::new(self.field("contact", t.get("work-contact")), a.contact.clone()),
            TextInput::new(self.field("own_ref", t.get("work-own-ref")), a.own_ref.clone()),
        ]
    }

    fn word(&self) -> TextInput {
        let t = self.t;
        let field = self
            .field("word", t.get("work-word"))
            .size("s")
            .hint(t.get("work-word-hint"));
        TextInput::new(field, self.answers.word.clone()).width("govuk-input--width-20")
    }

    fn pictures(&self) -> Inset {
        Inset::new(self.t.msg("work-pictures").arg("href", TAKE_DOWN).html())
    }

    fn ring(&self) -> Html {
        let message = self
            .t
            .msg("work-now")
            .arg("safe", format!("“{}”", self.t.code("safe", &self.answers.safe)));
        message
            .arg("number", &self.desk.night.words)
            .arg("href", &self.desk.night.tel)
            .html()
    }
}

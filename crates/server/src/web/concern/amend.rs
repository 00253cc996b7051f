//! Putting something right: what stands beside an entry, "not about this person", "I know this family", opening again, and
//! what a concern is called. Each is a page of its own; nobody withdraws.

use askama::Template;
use domain::id::SubjectId;
use node::app::again::LABELS;

use super::head::{Head, Tab};
use crate::i18n::Texts;
use crate::web::components::button::Button;
use crate::web::components::choice::Choice;
use crate::web::components::field::{Errors, Field};
use crate::web::components::layout::Shell;
use crate::web::components::radios::Radios;
use crate::web::components::textarea::Textarea;

/// How something stands beside an entry, as codes.
pub const BESIDE: [&str; 2] = ["corrects", "disputes"];

/// What is put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amend {
    /// An entry, by its number: it is corrected or disputed.
    Beside(u32),
    /// Somebody was named who is not meant.
    NotAbout(SubjectId),
    /// "I know this family."
    Family,
    /// It is opened again.
    Again,
    /// It is called something else.
    Label,
}

impl Amend {
    /// What a part of an address means.
    #[must_use]
    pub fn from_part(part: &str) -> Option<Self> {
        match part {
            "family" => Some(Self::Family),
            "again" => Some(Self::Again),
            "label" => Some(Self::Label),
            _ => match part.strip_prefix("beside-") {
                Some(number) => number.parse().ok().map(Self::Beside),
                None => part.strip_prefix("not-about-")?.parse().ok().map(Self::NotAbout),
            },
        }
    }

    /// The part of an address that means it.
    #[must_use]
    pub fn part(self) -> String {
        match self {
            Self::Beside(number) => format!("beside-{number}"),
            Self::NotAbout(subject) => format!("not-about-{subject}"),
            other => other.code().to_owned(),
        }
    }

    /// The code of its words.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Beside(_) => "beside",
            Self::NotAbout(_) => "not-about",
            Self::Family => "family",
            Self::Again => "again",
            Self::Label => "label",
        }
    }

    /// What there is to choose from, as codes.
    const fn choices(self) -> &'static [&'static str] {
        match self {
            Self::Beside(_) => &BESIDE,
            Self::Label => &LABELS,
            _ => &[],
        }
    }

    /// Errors of what was posted.
    #[must_use]
    pub fn check(self, t: &Texts, choice: &str, words: &str) -> Errors {
        let mut errors = Errors::new();
        if !self.choices().is_empty() && !self.choices().contains(&choice) {
            errors.push(("choice".to_owned(), t.code("amend-choose", self.code())));
        }
        if self != Self::Family && words.trim().is_empty() {
            errors.push(("words".to_owned(), t.code("amend-write", self.code())));
        }
        errors
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "concern/amend.html")]
pub struct Page<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Which concern.
    pub head: Head<'a>,
    /// What is put right.
    pub what: Amend,
    /// The entry or the person it is about, in words.
    pub about: Option<String>,
    /// What was chosen.
    pub choice: String,
    /// What was typed.
    pub words: String,
}

impl Page<'_> {
    fn tab(&self) -> Tab {
        match self.what {
            Amend::Beside(_) => Tab::Timeline,
            Amend::NotAbout(_) => Tab::People,
            _ => Tab::Summary,
        }
    }

    fn title(&self) -> String {
        self.t.code("amend", self.what.code())
    }

    fn lead(&self) -> String {
        self.t.code("amend-lead", self.what.code())
    }

    fn action(&self) -> String {
        format!("/concerns/{}/amend/{}", self.head.reference, self.what.part())
    }

    fn choices(&self) -> Option<Radios> {
        let (t, code) = (self.t, self.what.code());
        let choices = self.what.choices();
        let field = Field::new(t, "choice", t.code("amend-which", code))
            .size("s")
            .errors(&self.shell.errors);
        let items = choices
            .iter()
            .map(|one| Choice::new(*one, t.code("amend-choice", one)));
        (!choices.is_empty()).then(|| Radios::new(field, items.collect(), &[&self.choice]))
    }

    fn typed(&self) -> Option<Textarea> {
        let t = self.t;
        let field = Field::new(t, "words", t.code("amend-words", self.what.code()))
            .size("s")
            .errors(&self.shell.errors);
        let box_ = || Textarea::new(t, field, self.words.clone(), 4, 6_000);
        (self.what != Amend::Family).then(box_)
    }

    fn send(&self) -> Button {
        let button = Button::submit(self.t.code("amend-send", self.what.code())).once();
        match self.what {
            Amend::Family | Amend::NotAbout(_) => button.warning(),
            _ => button,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_an_address_is_read_as_it_is_written() {
        let all = [
            Amend::Beside(7),
            Amend::NotAbout(SubjectId([7; 16])),
            Amend::Family,
            Amend::Again,
            Amend::Label,
        ];
        for one in all {
            assert_eq!(Amend::from_part(&one.part()), Some(one));
        }
        for wrong in [
            "",
            "beside",
            "beside-",
            "beside-x",
            "not-about-7",
            "Family",
            "corrects",
        ] {
            assert_eq!(Amend::from_part(wrong), None, "{wrong}");
        }
    }
}

//! People and places: each with its role, who said it, and what is known.

use askama::Template;

use super::head::{Head, Tab};
use crate::i18n::Texts;
use crate::web::components::layout::Shell;
use crate::web::components::summary_list::SummaryList;
use crate::web::components::tag::Tag;

/// One subject.
#[derive(Clone, Debug)]
pub struct Person {
    /// A code of the family `kind`.
    pub kind: String,
    /// A name, or what is known instead.
    pub name: String,
    /// The role, in words.
    pub role: String,
    /// Who said so, and when.
    pub said_by: String,
    /// What else is known.
    pub details: Vec<(String, String)>,
    /// Where it is said that they are not meant, for whoever may.
    pub put_right: Option<String>,
    /// Whether it was put on the wrong person.
    pub not_about: bool,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "concern/people.html")]
pub struct People<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Which concern.
    pub head: Head<'a>,
    /// The subjects.
    pub people: Vec<Person>,
}

impl People<'_> {
    fn tab(&self) -> Tab {
        Tab::People
    }

    fn tag(&self, person: &Person) -> Tag {
        let colour = match person.kind.as_str() {
            "child" => "blue",
            "adult" => "purple",
            "vehicle" => "teal",
            _ => "grey",
        };
        Tag::new(self.t.code("kind", &person.kind), colour)
    }

    fn facts(&self, person: &Person) -> SummaryList {
        let t = self.t;
        if person.not_about {
            return SummaryList::new().row(t.get("people-details"), t.get("people-not-about"));
        }
        let list = SummaryList::new().row(t.get("people-role"), person.role.clone());
        let list = person
            .details
            .iter()
            .fold(list, |list, (key, value)| list.row(key, value.clone()));
        list.row(t.get("people-said-by"), person.said_by.clone())
    }

    fn name(&self, person: &Person) -> String {
        if person.name.is_empty() {
            self.t.get("people-not-known")
        } else {
            person.name.clone()
        }
    }
}

//! Who or where: what is known of each person, vehicle, phone, handle or place, with a role. Adding, changing and removing are form posts.

use askama::Template;

use super::choice::Choice;
use super::field::{Errors, Field};
use super::select::Select;
use super::text_input::TextInput;
use crate::i18n::Texts;

/// The kinds of subject, in the order offered.
pub const KINDS: &[&str] = &["child", "adult", "vehicle", "phone", "handle", "place"];

/// The roles a reporter can give, in the order offered.
pub const ROLES: &[&str] = &[
    "child-at-risk",
    "person-of-concern",
    "parent",
    "witness",
    "used-in",
    "other",
];

/// One subject as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Chip {
    /// A code of [`KINDS`].
    pub kind: String,
    /// A code of [`ROLES`].
    pub role: String,
    /// A name, a plate, a number, a place, or what is known.
    pub what: String,
    /// More: age or date of birth, address, how they are known.
    pub more: String,
}

/// The list and the form to add to it or change one.
#[derive(Clone, Debug, Template)]
#[template(path = "components/chips/template.html")]
pub struct Chips<'a> {
    /// The words.
    pub t: &'a Texts,
    /// The subjects.
    pub items: Vec<Chip>,
    /// The place of the one being changed.
    pub editing: Option<usize>,
    /// What is in the form.
    pub draft: Chip,
    /// Errors of the form.
    pub errors: Errors,
}

impl askama::filters::HtmlSafe for Chips<'_> {}

impl<'a> Chips<'a> {
    /// The list with an empty form.
    #[must_use]
    pub fn new(t: &'a Texts, items: Vec<Chip>) -> Self {
        let draft = Chip {
            kind: "child".into(),
            role: "child-at-risk".into(),
            ..Chip::default()
        };
        Self {
            t,
            items,
            editing: None,
            draft,
            errors: Vec::new(),
        }
    }

    /// Change the subject at a place counted from 0; out of range changes nothing.
    #[must_use]
    pub fn editing(mut self, place: Option<usize>) -> Self {
        if let Some((place, chip)) = place.and_then(|place| Some((place, self.items.get(place)?.clone()))) {
            self.editing = Some(place);
            self.draft = chip;
        }
        self
    }

    /// Show the form as it was posted, with its errors.
    #[must_use]
    pub fn posted(mut self, draft: Chip, errors: &Errors) -> Self {
        if !draft.kind.is_empty() {
            self.draft = draft;
        }
        self.errors.clone_from(errors);
        self
    }

    fn colour(&self, chip: &Chip) -> &'static str {
        match chip.kind.as_str() {
            "child" => "blue",
            "adult" => "purple",
            "vehicle" => "teal",
            _ => "grey",
        }
    }

    fn kind_select(&self) -> Select {
        let items = KINDS
            .iter()
            .map(|kind| Choice::new(*kind, self.t.code("kind", kind)))
            .collect();
        Select::new(
            Field::new(self.t, "add-kind", self.t.get("chips-kind")),
            items,
            &self.draft.kind,
        )
    }

    fn role_select(&self) -> Select {
        let items = ROLES
            .iter()
            .map(|role| Choice::new(*role, self.t.code("role", role)))
            .collect();
        Select::new(
            Field::new(self.t, "add-role", self.t.get("chips-role")),
            items,
            &self.draft.role,
        )
    }

    fn what_input(&self) -> TextInput {
        let field = Field::new(self.t, "add-what", self.t.get("chips-what")).errors(&self.errors);
        TextInput::new(field, self.draft.what.clone())
    }

    fn more_input(&self) -> TextInput {
        TextInput::new(
            Field::new(self.t, "add-more", self.t.get("chips-more")),
            self.draft.more.clone(),
        )
    }
}

//! What is kept and what goes: holds, erasing one field, and "this must not be here".

use askama::Template;
use node::app::concern::{Entry, Said};
use node::app::keep::REASONS;

use super::head::{Head, Tab};
use crate::i18n::Texts;
use crate::web::components::button::Button;
use crate::web::components::choice::Choice;
use crate::web::components::date_input::DateInput;
use crate::web::components::field::Field;
use crate::web::components::layout::Shell;
use crate::web::components::radios::Radios;
use crate::web::components::select::Select;
use crate::web::components::summary_list::SummaryList;
use crate::web::components::text_input::TextInput;

/// On whose authority a hold may be set on a page, as codes.
pub const AUTHORITIES: [&str; 5] = ["inquiry", "court", "police", "complaint", "review"];

/// A hold or an erasure as rows, and what may be done about it.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The record that set it or asked for it, as an address has it.
    pub record: String,
    /// What it is.
    pub title: String,
    /// Key and value, in order.
    pub rows: Vec<(String, String)>,
    /// Whether this reader may agree: to the hold's end, or to the erasure.
    pub may_agree: bool,
    /// Whether this reader may take an erasure back.
    pub may_withdraw: bool,
}

/// What was typed.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The authority of a hold.
    pub authority: String,
    /// Day, month and year on which it is looked at again.
    pub review: [String; 3],
    /// Entry and field, as `number:field`.
    pub which: String,
    /// The reason for erasing.
    pub reason: String,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "concern/keeping.html")]
pub struct Keeping<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Which concern.
    pub head: Head<'a>,
    /// What has just been done, in words.
    pub done: Option<String>,
    /// Holds, the newest first.
    pub holds: Vec<Kept>,
    /// Erasures, the newest first.
    pub erasures: Vec<Kept>,
    /// What was asked for and refused at once, the newest first.
    pub refused: Vec<Kept>,
    /// Whether this reader may set a hold.
    pub may_hold: bool,
    /// Whether a hold stands: nothing can be erased then.
    pub held: bool,
    /// Whether this reader may ask for an erasure.
    pub may_ask: bool,
    /// What can be erased: `number:field`, and in words.
    pub fields: Vec<(String, String)>,
    /// What was typed.
    pub given: Given,
}

/// The id of the reason for taking an erasure back: one for each that waits.
#[must_use]
pub fn why_id(record: &str) -> String {
    format!("why-{record}")
}

impl Keeping<'_> {
    fn tab(&self) -> Tab {
        Tab::Keeping
    }

    fn rows(&self, kept: &Kept) -> SummaryList {
        let row = |list: SummaryList, (key, value): &(String, String)| list.row(key.clone(), value.clone());
        kept.rows.iter().fold(SummaryList::new(), row)
    }

    fn release(&self) -> Button {
        Button::submit(self.t.get("keeping-release"))
            .secondary()
            .named("do", "release")
            .once()
    }

    fn agree(&self) -> Button {
        Button::submit(self.t.get("keeping-agree"))
            .named("do", "agree")
            .once()
    }

    fn why(&self, kept: &Kept) -> TextInput {
        let t = self.t;
        let field = Field::new(t, &why_id(&kept.record), t.get("keeping-why")).errors(&self.shell.errors);
        TextInput::new(field.named("why"), String::new())
    }

    fn withdraw(&self) -> Button {
        Button::submit(self.t.get("keeping-withdraw"))
            .secondary()
            .named("do", "withdraw")
            .once()
    }

    fn authority(&self) -> Radios {
        let t = self.t;
        let field = Field::new(t, "authority", t.get("keeping-authority"))
            .size("s")
            .errors(&self.shell.errors);
        let items = AUTHORITIES.map(|code| Choice::new(code, t.code("hold", code)));
        Radios::new(field, items.to_vec(), &[&self.given.authority])
    }

    fn review(&self) -> DateInput {
        let t = self.t;
        let [day, month, year] = &self.given.review;
        let field = Field::new(t, "review", t.get("keeping-review"))
            .size("s")
            .errors(&self.shell.errors);
        DateInput::new(t, field, [day, month, year])
    }

    fn set(&self) -> Button {
        Button::submit(self.t.get("keeping-set"))
            .named("do", "hold")
            .once()
    }

    fn which(&self) -> Select {
        let t = self.t;
        let field = Field::new(t, "which", t.get("keeping-which"))
            .size("s")
            .errors(&self.shell.errors);
        let first = Choice::new("", t.get("keeping-which-first"));
        let items = self
            .fields
            .iter()
            .map(|(code, words)| Choice::new(code.as_str(), words.clone()));
        Select::new(
            field,
            std::iter::once(first).chain(items).collect(),
            &self.given.which,
        )
    }

    fn reason(&self) -> Radios {
        let t = self.t;
        let field = Field::new(t, "reason", t.get("keeping-reason"))
            .size("s")
            .errors(&self.shell.errors);
        let items = REASONS.map(|code| Choice::new(code, t.code("erasereason", code)));
        Radios::new(field, items.to_vec(), &[&self.given.reason])
    }

    fn ask(&self) -> Button {
        Button::submit(self.t.get("keeping-ask"))
            .named("do", "ask")
            .once()
    }
}

/// "This must not be here", asked once more before it is done.
#[derive(Debug, Template)]
#[template(path = "concern/not_here.html")]
pub struct NotHere<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Which concern.
    pub head: Head<'a>,
    /// The entry's place.
    pub number: u32,
    /// Its texts: field and name in words. The text itself is not shown again.
    pub fields: Vec<(String, String)>,
    /// The field chosen.
    pub chosen: String,
}

impl NotHere<'_> {
    fn tab(&self) -> Tab {
        Tab::Timeline
    }

    fn which(&self) -> Radios {
        let t = self.t;
        let field = Field::new(t, "field", t.get("nothere-which"))
            .size("m")
            .errors(&self.shell.errors);
        let items = self
            .fields
            .iter()
            .map(|(code, words)| Choice::new(code.as_str(), words.clone()));
        Radios::new(field, items.collect(), &[&self.chosen])
    }

    fn send(&self) -> Button {
        Button::submit(self.t.get("nothere-send")).warning().once()
    }
}

/// The names of the texts of an entry that can still be read.
pub fn texts(entry: &Entry) -> impl Iterator<Item = &str> {
    entry.said.iter().filter_map(|said| match said {
        Said::Text { field, text } if !text.is_empty() => Some(field.as_str()),
        _ => None,
    })
}

/// Whether an entry says anything that can still be read.
#[must_use]
pub fn has_text(entry: &Entry) -> bool {
    texts(entry).next().is_some()
}

//! Grants as a page: what has been let in, what waits for a second post, and the form that asks.

use askama::Template;

use crate::i18n::Texts;
use crate::web::components::button::Button;
use crate::web::components::checkboxes::Checkboxes;
use crate::web::components::choice::Choice;
use crate::web::components::date_input::DateInput;
use crate::web::components::field::Field;
use crate::web::components::layout::Shell;
use crate::web::components::radios::Radios;
use crate::web::components::summary_list::SummaryList;
use crate::web::components::textarea::Textarea;

/// One grant.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The inspector, as an address has them.
    pub who: String,
    /// The grant, as an address has it.
    pub asked: String,
    /// The inspector's name and the inspection.
    pub title: String,
    /// A code of the family `grant`: `waits`, `in-force`, `later`, `ended`.
    pub state: &'static str,
    /// In force from and until.
    pub times: String,
    /// Concerns told from and until.
    pub scope: String,
    /// The power relied on, in words.
    pub power: String,
    /// Who asked, and who agreed.
    pub by: Vec<String>,
    /// Whether this person may agree to it.
    pub may_agree: bool,
    /// Whether it can be ended.
    pub may_end: bool,
}

/// What was typed.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The inspector.
    pub inspector: String,
    /// The body and the inspection.
    pub inspection: String,
    /// The power.
    pub power: String,
    /// Whether it reaches sealed items.
    pub warrant: bool,
    /// Day, month and year of each date: from, to, told from, told to.
    pub dates: [[String; 3]; 4],
}

/// The powers an inspection may rely on, as codes.
pub const POWERS: &[&str] = &["joint-inspection", "inspection", "inquiry", "court"];

/// The page.
#[derive(Debug, Template)]
#[template(path = "inspection/page.html")]
pub struct Inspections<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Grants, the newest first.
    pub grants: Vec<Grant>,
    /// Who can be let in: address and name.
    pub inspectors: Vec<(String, String)>,
    /// What was typed.
    pub given: Given,
}

impl Inspections<'_> {
    fn facts(&self, grant: &Grant) -> SummaryList {
        let t = self.t;
        let list = SummaryList::new()
            .row(t.get("grant-state"), t.code("grant-is", grant.state))
            .row(t.get("grant-times"), grant.times.clone())
            .row(t.get("grant-scope"), grant.scope.clone())
            .row(t.get("grant-power"), grant.power.clone());
        grant
            .by
            .iter()
            .fold(list, |list, one| list.row(t.get("grant-by"), one.clone()))
    }

    fn inspector(&self) -> Radios {
        let t = self.t;
        let field = Field::new(t, "inspector", t.get("grant-inspector"))
            .size("s")
            .errors(&self.shell.errors);
        let items = self
            .inspectors
            .iter()
            .map(|(who, name)| Choice::new(who.as_str(), name.clone()));
        Radios::new(field, items.collect(), &[&self.given.inspector])
    }

    fn inspection(&self) -> Textarea {
        let t = self.t;
        let field = Field::new(t, "inspection", t.get("grant-inspection"))
            .size("s")
            .hint(t.get("grant-inspection-hint"))
            .errors(&self.shell.errors);
        Textarea::new(t, field, self.given.inspection.clone(), 2, 300)
    }

    fn power(&self) -> Radios {
        let t = self.t;
        let field = Field::new(t, "power", t.get("grant-power"))
            .size("s")
            .errors(&self.shell.errors);
        let items = POWERS
            .iter()
            .map(|power| Choice::new(*power, t.code("power", power)));
        Radios::new(field, items.collect(), &[&self.given.power])
    }

    fn warrant(&self) -> Checkboxes {
        let t = self.t;
        let field = Field::new(t, "warrant", t.get("grant-warrant")).size("s");
        let chosen: &[&str] = if self.given.warrant { &["yes"] } else { &[] };
        Checkboxes::new(
            field,
            vec![Choice::new("yes", t.get("grant-warrant-yes"))],
            chosen,
        )
    }

    fn dates(&self) -> Vec<DateInput> {
        let t = self.t;
        let [from, to, told_from, told_to] = &self.given.dates;
        [
            ("from", t.get("grant-from"), from),
            ("to", t.get("grant-to"), to),
            ("told-from", t.get("grant-told-from"), told_from),
            ("told-to", t.get("grant-told-to"), told_to),
        ]
        .into_iter()
        .map(|(id, label, [day, month, year])| {
            let field = Field::new(t, id, label).size("s").errors(&self.shell.errors);
            DateInput::new(t, field, [day, month, year])
        })
        .collect()
    }

    fn agree(&self) -> Button {
        Button::submit(self.t.get("grant-agree"))
            .named("do", "agree")
            .once()
    }

    fn end(&self) -> Button {
        Button::submit(self.t.get("grant-end"))
            .secondary()
            .named("do", "end")
            .once()
    }

    fn ask(&self) -> Button {
        Button::submit(self.t.get("grant-ask")).named("do", "ask").once()
    }
}

//! Who comes in, as pages: what waits for a second person, and one ask with its answer.

use askama::Template;

use crate::i18n::Texts;
use crate::web::components::button::Button;
use crate::web::components::field::Field;
use crate::web::components::layout::Shell;
use crate::web::components::summary_list::SummaryList;
use crate::web::components::textarea::Textarea;

/// One ask.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Where its page is.
    pub href: String,
    /// Whom it is about.
    pub name: String,
    /// Their work e-mail.
    pub email: String,
    /// Whether they are said to be a registered social worker.
    pub registered: bool,
    /// A code of the family `lettingis`.
    pub what: &'static str,
    /// Posts by title.
    pub posts: Vec<String>,
    /// The last day; empty when there is none.
    pub until: String,
    /// Who asked.
    pub by: String,
    /// When.
    pub at: String,
    /// Until when it can be agreed to.
    pub ends: String,
    /// Why it was asked, or refused; may be empty.
    pub reason: String,
    /// A code of the family `lettingstate`.
    pub state: &'static str,
    /// Who answered; empty while nobody has.
    pub answered: String,
    /// Whether the reader may be the second person.
    pub mine: bool,
}

/// The list.
#[derive(Debug, Template)]
#[template(path = "account/letting.html")]
pub struct LettingIn<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// What waits, the newest first.
    pub waits: Vec<Asked>,
    /// What was settled.
    pub settled: Vec<Asked>,
}

/// One ask, and the form that answers it.
#[derive(Debug, Template)]
#[template(path = "account/letting_one.html")]
pub struct OneAsked<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// The ask.
    pub one: Asked,
    /// The reason typed.
    pub reason: String,
}

impl OneAsked<'_> {
    fn facts(&self) -> SummaryList {
        let (t, one) = (self.t, &self.one);
        let or = |text: String, none: String| if text.is_empty() { none } else { text };
        let registered = match one.registered {
            true => t.get("letting-registered-yes"),
            false => t.get("letting-registered-no"),
        };
        let mut list = SummaryList::new()
            .row(t.get("letting-what"), t.code("lettingis", one.what))
            .row(
                t.get("letting-posts"),
                or(one.posts.join("; "), t.get("letting-posts-none")),
            );
        if !one.posts.is_empty() {
            let until = or(one.until.clone(), t.get("letting-until-none"));
            list = list.row(t.get("letting-until"), until);
        }
        list = list
            .row(t.get("letting-email"), one.email.clone())
            .row(t.get("letting-registered"), registered)
            .row(t.get("letting-by"), one.by.clone())
            .row(t.get("letting-asked"), one.at.clone());
        if !one.reason.is_empty() {
            list = list.row(t.get("letting-reason"), one.reason.clone());
        }
        if !one.answered.is_empty() {
            list = list.row(t.get("letting-settled-by"), one.answered.clone());
        }
        list.row(t.get("letting-state"), t.code("lettingstate", one.state))
            .row(t.get("letting-ends"), one.ends.clone())
    }

    fn reason(&self) -> Textarea {
        let t = self.t;
        let field = Field::new(t, "reason", t.get("letting-why"))
            .size("s")
            .hint(t.get("letting-why-hint"))
            .errors(&self.shell.errors);
        Textarea::new(t, field, self.reason.clone(), 2, 500)
    }

    fn agree(&self) -> Button {
        Button::submit(self.t.get("letting-agree"))
            .named("do", "agree")
            .once()
    }

    fn refuse(&self) -> Button {
        Button::submit(self.t.get("letting-refuse"))
            .named("do", "refuse")
            .secondary()
            .once()
    }
}

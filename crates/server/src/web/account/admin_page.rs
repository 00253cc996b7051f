//! Everybody's accounts as pages: the list, one person, and the link that is shown once.

use askama::Template;

use crate::i18n::Texts;
use crate::web::components::button::Button;
use crate::web::components::choice::Choice;
use crate::web::components::date_input::DateInput;
use crate::web::components::field::Field;
use crate::web::components::layout::Shell;
use crate::web::components::select::Select;
use crate::web::components::summary_list::SummaryList;
use crate::web::components::textarea::Textarea;

/// One account.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Whose, as an address has them.
    pub who: String,
    /// Their name.
    pub name: String,
    /// The name they sign in with.
    pub login: String,
    /// Posts they hold.
    pub posts: Vec<String>,
    /// When they last signed in; empty when it is not known.
    pub last: String,
    /// What they sign in with.
    pub ways: Vec<String>,
    /// How many sessions go on.
    pub sessions: usize,
    /// Until when they are invited; empty when they are not.
    pub invited: String,
    /// A code of the family `accountis`.
    pub state: &'static str,
    /// Whether it is the reader's own.
    pub own: bool,
}

/// The list.
#[derive(Debug, Template)]
#[template(path = "account/accounts.html")]
pub struct Accounts<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Accounts, by name.
    pub lines: Vec<Line>,
}

/// Something that was done about an account.
#[derive(Clone, Debug)]
pub struct Done {
    /// When.
    pub at: String,
    /// Who did it.
    pub by: String,
    /// What.
    pub what: String,
    /// Why; may be empty.
    pub reason: String,
}

/// One person's account.
#[derive(Debug, Template)]
#[template(path = "account/person.html")]
pub struct Person<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// The account.
    pub line: Line,
    /// What can be done, as codes of the family `access-do`.
    pub acts: Vec<&'static str>,
    /// The reason typed.
    pub reason: String,
    /// What was done, newest first.
    pub done: Vec<Done>,
    /// What waits for a second person: its record, and what it is.
    pub asks: Vec<(String, String)>,
    /// Posts they hold.
    pub seats: Vec<Seat>,
    /// Posts there are: id and title.
    pub posts: Vec<(String, String)>,
}

/// A post somebody holds.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Its id.
    pub post: String,
    /// Its title.
    pub title: String,
    /// Its last day; empty when it has none.
    pub until: String,
}

impl Person<'_> {
    fn facts(&self) -> SummaryList {
        let (t, line) = (self.t, &self.line);
        let or = |text: String, none: String| if text.is_empty() { none } else { text };
        let mut list = SummaryList::new()
            .row(t.get("accounts-state"), t.code("accountis", line.state))
            .row(
                t.get("accounts-login"),
                or(line.login.clone(), t.get("accounts-login-none")),
            )
            .row(
                t.get("accounts-posts"),
                or(line.posts.join("; "), t.get("accounts-posts-none")),
            )
            .row(
                t.get("accounts-ways"),
                or(line.ways.join("; "), t.get("ways-none")),
            )
            .row(t.get("accounts-last"), or(line.last.clone(), t.get("ways-never")))
            .row(
                t.get("accounts-sessions"),
                t.msg("accounts-sessions-count").n("count", line.sessions).text(),
            );
        if !line.invited.is_empty() {
            list = list.row(t.get("accounts-invited"), line.invited.clone());
        }
        list
    }

    fn reason(&self) -> Textarea {
        let t = self.t;
        let field = Field::new(t, "reason", t.get("accounts-reason"))
            .size("s")
            .hint(t.get("accounts-reason-hint"))
            .errors(&self.shell.errors);
        Textarea::new(t, field, self.reason.clone(), 2, 500)
    }

    fn until(&self) -> DateInput {
        super::seats::until(self.t, &self.shell.errors, &Default::default())
    }

    fn give(&self) -> Button {
        Button::submit(self.t.get("seat-give"))
            .named("do", "give")
            .secondary()
            .once()
    }

    /// A post that can be given: one they do not hold.
    fn post(&self) -> Select {
        let t = self.t;
        let field = Field::new(t, "post", t.get("seat-post"))
            .size("s")
            .errors(&self.shell.errors);
        let free = |(id, _): &&(String, String)| self.seats.iter().all(|seat| seat.post != *id);
        let items = self.posts.iter().filter(free);
        let mut choices = vec![Choice::new("", t.get("seat-choose"))];
        choices.extend(items.map(|(id, title)| Choice::new(id, title)));
        Select::new(field, choices, "")
    }

    fn seat_words(&self, seat: &Seat) -> String {
        match seat.until.as_str() {
            "" => seat.title.clone(),
            until => {
                let words = self.t.msg("seat-held-until").arg("post", &seat.title);
                words.arg("until", until).text()
            }
        }
    }

    fn buttons(&self) -> Vec<Button> {
        let button = |code: &&'static str| {
            let button = Button::submit(self.t.code("access-do", code))
                .named("do", *code)
                .once();
            match *code {
                "closed" | "ways-removed" => button.warning(),
                "re-opened" => button,
                _ => button.secondary(),
            }
        };
        self.acts.iter().map(button).collect()
    }
}

/// The link that is shown once.
#[derive(Debug, Template)]
#[template(path = "account/invited.html")]
pub struct Invited<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Whom it invites.
    pub name: String,
    /// The link.
    pub link: String,
    /// Until when it works.
    pub until: String,
}

impl Invited<'_> {
    fn lead(&self) -> String {
        self.t
            .msg("accounts-link-lead")
            .arg("name", &self.name)
            .arg("until", &self.until)
            .text()
    }
}

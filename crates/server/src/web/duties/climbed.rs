//! What climbed to a post: why it reached them, who had it before and for how long, who asked
//! for help. No case text unless they accept.

use askama::Template;

use crate::i18n::Texts;
use crate::web::components::button::Button;
use crate::web::components::field::Field;
use crate::web::components::layout::Shell;
use crate::web::components::summary_list::SummaryList;
use crate::web::components::table::Table;
use crate::web::components::textarea::Textarea;

/// One holder before.
#[derive(Clone, Debug)]
pub struct Before {
    /// The post, and who held it.
    pub who: String,
    /// From when.
    pub from: String,
    /// For how long.
    pub how_long: String,
    /// Accepted, not accepted, or passed and why.
    pub what: String,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "duties/climbed.html")]
pub struct Climbed<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Where it is posted.
    pub action: String,
    /// The concern's reference.
    pub reference: String,
    /// The duty, in words.
    pub duty: String,
    /// When it was due.
    pub due: String,
    /// How late.
    pub late: String,
    /// Initials and age.
    pub who: String,
    /// Who had it before, first to last.
    pub before: Vec<Before>,
    /// Who asked for help, when and why.
    pub help: Vec<(String, String, String)>,
    /// What was decided and is not done: outcome and when.
    pub undone: Vec<(String, String)>,
    /// By when to accept and who is next; nothing at the top of the ladder.
    pub next: Option<(String, String)>,
    /// When it was accepted, if it was.
    pub accepted: Option<String>,
    /// Whether this person may say what was done: whoever accepted it may.
    pub may_answer: bool,
    /// To whom a question goes.
    pub ask: String,
    /// What was typed.
    pub question: String,
    /// Notices to this post in the last 7 days.
    pub notices: usize,
    /// The concern's length when this page was drawn.
    pub seen: u32,
}

impl Climbed<'_> {
    fn facts(&self) -> SummaryList {
        let t = self.t;
        SummaryList::new()
            .row(t.get("climbed-duty"), self.duty.clone())
            .row(t.get("climbed-child"), self.who.clone())
            .row(t.get("climbed-due"), self.due.clone())
            .row(t.get("climbed-late"), self.late.clone())
    }

    fn before(&self) -> Table {
        let t = self.t;
        let head = [
            t.get("climbed-before-who"),
            t.get("climbed-before-from"),
            t.get("climbed-before-how-long"),
            t.get("climbed-before-what"),
        ];
        let caption = t.get("climbed-before-heading");
        let mut table = Table::new(caption.clone(), head.map(|text| (text, false)).to_vec()).scroll(caption);
        for one in &self.before {
            let cells = [&one.who, &one.from, &one.how_long, &one.what];
            table.push(cells.map(|cell| cell.as_str().into()).to_vec());
        }
        table
    }

    fn helped(&self) -> Vec<String> {
        let line = |(who, when, why): &(String, String, String)| {
            self.t
                .msg("climbed-help-line")
                .arg("who", who)
                .arg("when", when)
                .arg("why", why)
                .text()
        };
        self.help.iter().map(line).collect()
    }

    fn decided(&self) -> Vec<String> {
        let line = |(what, when): &(String, String)| {
            self.t
                .msg("climbed-decided-open")
                .arg("what", what)
                .arg("when", when)
                .text()
        };
        self.undone.iter().map(line).collect()
    }

    fn accept_text(&self) -> String {
        match &self.next {
            Some((by, next)) => self
                .t
                .msg("climbed-accept-text")
                .arg("by", by)
                .arg("next", next)
                .text(),
            None => self.t.get("climbed-accept-top"),
        }
    }

    fn accept(&self) -> Button {
        Button::submit(self.t.get("duty-accept"))
            .named("do", "accept")
            .once()
    }

    fn answer(&self) -> Button {
        Button::link(
            self.t.get("climbed-answer"),
            format!("{}?see=answer", self.action),
        )
    }

    fn question(&self) -> Textarea {
        let t = self.t;
        let field = Field::new(t, "question", t.get("climbed-ask-label"))
            .hint(t.msg("climbed-ask-who").arg("who", &self.ask).text())
            .errors(&self.shell.errors);
        Textarea::new(t, field, self.question.clone(), 3, 1_000)
    }

    fn send(&self) -> Button {
        Button::submit(self.t.get("climbed-ask-send"))
            .secondary()
            .named("do", "ask")
            .once()
    }

    fn accepted_words(&self) -> Option<String> {
        Some(
            self.t
                .msg("climbed-accepted")
                .arg("time", self.accepted.as_ref()?)
                .text(),
        )
    }

    fn notices_words(&self) -> String {
        self.t.msg("climbed-notices").n("count", self.notices).text()
    }

    /// The error for an empty question.
    #[must_use]
    pub fn no_question(t: &Texts) -> (String, String) {
        ("question".to_owned(), t.get("climbed-ask-error"))
    }
}

//! Who knew what, when, three ways: findings, a chart with its table, and entries.

use askama::Template;

use super::head::{Head, Tab};
use crate::i18n::{Html, Texts};
use crate::web::components::date_input::DateInput;
use crate::web::components::facts::Facts;
use crate::web::components::field::Field;
use crate::web::components::layout::Shell;
use crate::web::components::swimlane::Swimlane;
use crate::web::components::table::Table;
use crate::web::components::timeline::{Entry, Timeline};

/// What one post knew of one fact.
#[derive(Clone, Debug)]
pub struct Knew {
    /// A code of the family `knew`.
    pub state: &'static str,
    /// When, or that a reason is recorded.
    pub when: String,
    /// Whether it was late.
    pub late: bool,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "concern/timeline.html")]
pub struct Story<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Which concern.
    pub head: Head<'a>,
    /// The longest delay: length, fact's letter, entry's id, and words.
    pub delay: Option<(String, char, String, String)>,
    /// Messages sent and not accepted: how many, and which.
    pub unread: (usize, String),
    /// Children without a decision: how many, and who.
    pub undecided: (usize, String),
    /// First and last day.
    pub range: (String, String),
    /// The chart; nothing when there is only one post and one fact.
    pub chart: Option<Swimlane>,
    /// The posts across.
    pub posts: Vec<String>,
    /// Letter, entry's id, fact, and what each post knew of it.
    pub facts: Vec<(char, String, String, Vec<Knew>)>,
    /// Facts for which the chart and its table have no room.
    pub more: usize,
    /// The entries, in the order shown.
    pub entries: Vec<Entry>,
    /// Whether the newest is first.
    pub newest_first: bool,
    /// The earlier date it is shown at, in words.
    pub as_at: Option<String>,
    /// Day, month and year as typed.
    pub typed: [String; 3],
}

impl Story<'_> {
    fn tab(&self) -> Tab {
        Tab::Timeline
    }

    fn here(&self) -> String {
        format!("/concerns/{}/timeline", self.head.reference)
    }

    fn findings(&self) -> Facts {
        let t = self.t;
        let (delay, why) = match &self.delay {
            Some((span, letter, id, words)) => {
                let message = t
                    .msg("timeline-delay-what")
                    .arg("letter", letter)
                    .arg("words", words);
                (span.clone(), message.arg("href", format!("#{id}")).html())
            }
            None => (
                t.get("timeline-delay-none"),
                t.get("timeline-delay-none-what").into(),
            ),
        };
        let (unread, which) = match &self.unread {
            (0, _) => (t.get("timeline-delay-none"), t.get("timeline-unread-none-what")),
            (count, which) => (
                t.msg("timeline-unread-count").n("count", *count).text(),
                which.clone(),
            ),
        };
        let (undecided, who) = match &self.undecided {
            (0, _) => (t.get("timeline-delay-none"), t.get("timeline-decide-none-what")),
            (count, who) => (
                t.msg("timeline-decide-count").n("count", *count).text(),
                who.clone(),
            ),
        };
        Facts {
            items: vec![
                (t.get("timeline-delay"), delay, why),
                (t.get("timeline-unread"), unread, which.into()),
                (t.get("timeline-decide"), undecided, who.into()),
            ],
        }
    }

    fn range(&self) -> String {
        self.t
            .msg("timeline-range")
            .arg("from", &self.range.0)
            .arg("to", &self.range.1)
            .text()
    }

    fn date(&self) -> DateInput {
        let t = self.t;
        let [day, month, year] = &self.typed;
        let field = Field::new(t, "asat", t.get("timeline-asat-legend"))
            .size("m")
            .hint(t.get("timeline-asat-hint"))
            .errors(&self.shell.errors);
        DateInput::new(t, field, [day, month, year])
    }

    /// The error of the date.
    #[must_use]
    pub fn no_date(t: &Texts) -> (String, String) {
        ("asat".to_owned(), t.get("timeline-asat-error"))
    }

    fn as_at(&self) -> Option<Html> {
        let date = self.as_at.as_ref()?;
        Some(
            self.t
                .msg("timeline-asat-is")
                .arg("date", date)
                .arg("href", self.here())
                .html(),
        )
    }

    fn table(&self) -> Table {
        let t = self.t;
        let mut head = vec![(t.get("timeline-fact"), false)];
        head.extend(self.posts.iter().map(|post| (post.clone(), false)));
        let name = t.get("timeline-table");
        let mut table = Table::new(name.clone(), head).class("app-matrix").scroll(name);
        for (letter, id, fact, knew) in &self.facts {
            let mut row = vec![Html::rendered(&Fact { letter, id, fact })];
            row.extend(knew.iter().map(|one| {
                Html::rendered(&Cell {
                    words: t.code("knew", one.state),
                    one,
                })
            }));
            table.push(row);
        }
        table
    }

    fn left_out(&self) -> Option<String> {
        (self.more > 0).then(|| self.t.msg("timeline-more").n("count", self.more).text())
    }

    fn order(&self) -> Html {
        let message = if self.newest_first {
            self.t.msg("timeline-newest")
        } else {
            self.t.msg("timeline-oldest")
        };
        let to = if self.newest_first {
            "?order=oldest#entries-heading"
        } else {
            "#entries-heading"
        };
        message.arg("href", format!("{}{to}", self.here())).html()
    }

    fn list(&self) -> Timeline {
        Timeline {
            entries: self.entries.clone(),
            newest_first: self.newest_first,
        }
    }
}

#[derive(Template)]
#[template(
    source = r##"<span class="app-key">{{ letter }}</span><a class="govuk-link govuk-link--no-visited-state" href="#{{ id }}">{{ fact }}</a>"##,
    ext = "html"
)]
struct Fact<'f> {
    letter: &'f char,
    id: &'f str,
    fact: &'f str,
}

#[derive(Template)]
#[template(
    source = r#"<span class="app-state{% if one.late %} app-state--late{% endif %}{% if one.state == "unread" %} app-state--unread{% endif %}{% if one.state == "none" || one.state == "held" || one.state == "not-needed" %} app-state--none{% endif %}">{{ words }}</span>{{ one.when }}"#,
    ext = "html"
)]
struct Cell<'f> {
    words: String,
    one: &'f Knew,
}

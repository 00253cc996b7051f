//! The public pages, one question each, in the order they are asked.

use askama::Template;

use super::answers::{Answers, KNOW, REACH, SAFE, SPOKE, WORRY_MOST};
use crate::i18n::{Html, Texts};
use crate::web::components::chips::Chips;
use crate::web::components::choice::Choice;
use crate::web::components::field::Field;
use crate::web::components::inset::Inset;
use crate::web::components::layout::Shell;
use crate::web::components::radios::Radios;
use crate::web::components::summary_list::SummaryList;
use crate::web::components::text_input::TextInput;
use crate::web::components::textarea::Textarea;

/// Whom to ring and when, as words and `tel:` addresses.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    /// The agency's name.
    pub agency: String,
    /// The number by day.
    pub day: Phone,
    /// The number at night and at weekends.
    pub night: Phone,
    /// Minutes the night post has to accept.
    pub minutes: u32,
    /// Who is next when it does not: "the duty manager for the night".
    pub next: String,
    /// "8:30am on Monday 30 November".
    pub opens: String,
    /// "Monday 30 November".
    pub next_working_day: String,
    /// "4:50pm, Friday 27 November 2026".
    pub now: String,
}

/// A number to ring.
#[derive(Clone, Debug, Default)]
pub struct Phone {
    /// "01632 960 000".
    pub words: String,
    /// "tel:+441632960000".
    pub tel: String,
}

impl Phone {
    /// A UK number written with spaces.
    #[must_use]
    pub fn new(words: &str) -> Self {
        let digits: String = words.chars().filter(char::is_ascii_digit).collect();
        Self {
            words: words.to_owned(),
            tel: format!("tel:+44{}", digits.trim_start_matches('0')),
        }
    }
}

/// Where help to take pictures down is found.
pub const TAKE_DOWN: &str = "/help#pictures";

/// Choices made of a family of codes, with hints for some.
#[must_use]
pub fn choices(t: &Texts, family: &str, codes: &[&str]) -> Vec<Choice> {
    codes
        .iter()
        .map(|code| Choice::new(*code, t.code(family, code)))
        .collect()
}

/// The first page of all.
#[derive(Debug, Template)]
#[template(path = "report/start.html")]
pub struct Start<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Whom to ring.
    pub desk: Desk,
}

/// Question 1: what worries you.
#[derive(Debug, Template)]
#[template(path = "report/worry.html")]
pub struct Worry<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Whom to ring.
    pub desk: Desk,
    /// What was typed.
    pub answers: Answers,
}

impl Worry<'_> {
    fn field(&self) -> Textarea {
        let field = Field::new(self.t, "worry", self.t.get("report-worry-label"))
            .size("l")
            .heading()
            .hint(self.t.get("report-worry-hint"))
            .errors(&self.shell.errors)
            .described("worry-pictures");
        Textarea::new(self.t, field, self.answers.worry.clone(), 8, WORRY_MOST)
            .limit(self.t.get("report-worry-limit"))
    }

    fn pictures(&self) -> Inset {
        Inset::new(self.t.msg("report-pictures").arg("href", TAKE_DOWN).html()).id("worry-pictures")
    }
}

/// Question 2: safe until the next working day.
#[derive(Debug, Template)]
#[template(path = "report/question.html")]
pub struct Question<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// "Question 2 of 5", or empty.
    pub caption: String,
    /// Where it is posted.
    pub action: &'static str,
    /// The questions, drawn.
    pub questions: Vec<Html>,
}

/// Question 2.
#[must_use]
pub fn safe<'a>(shell: Shell<'a>, desk: &Desk, answers: &Answers) -> Question<'a> {
    let t = shell.t;
    let field = Field::new(t, "safe", t.get("report-safe-label"))
        .size("l")
        .heading()
        .hint(
            t.msg("report-safe-hint")
                .arg("day", &desk.next_working_day)
                .text(),
        )
        .errors(&shell.errors);
    let radios = Radios::new(field, choices(t, "safe", SAFE), &[&answers.safe]);
    Question {
        caption: caption(t, 2),
        action: "/q/2",
        questions: vec![Html::rendered(&radios)],
        shell,
        t,
    }
}

fn caption(t: &Texts, number: u32) -> String {
    t.msg("report-caption").n("number", number).text()
}

/// Question 4: do the parents or carers know.
#[must_use]
pub fn know<'a>(shell: Shell<'a>, answers: &Answers) -> Question<'a> {
    let t = shell.t;
    let field = Field::new(t, "know", t.get("report-know-label"))
        .size("l")
        .heading()
        .errors(&shell.errors);
    let radios = Radios::new(field, choices(t, "know", KNOW), &[&answers.know]);
    let more = Field::new(t, "know_more", t.get("report-know-more")).hint(t.get("report-know-more-hint"));
    let more = TextInput::new(more, answers.know_more.clone());
    let questions = vec![Html::rendered(&radios), Html::rendered(&more)];
    Question {
        caption: caption(t, 4),
        action: "/q/4",
        questions,
        shell,
        t,
    }
}

/// Question 5: how to reach you safely.
#[must_use]
pub fn reach<'a>(shell: Shell<'a>, answers: &Answers) -> Question<'a> {
    let t = shell.t;
    let field = Field::new(t, "reach", t.get("report-reach-label"))
        .size("l")
        .heading()
        .hint(t.get("report-reach-hint"))
        .errors(&shell.errors);
    let radios = Radios::new(field, choices(t, "reach", REACH), &[&answers.reach]);
    let input = |field: Field, value: &str| Html::rendered(&TextInput::new(field, value));
    let contact = Field::new(t, "contact", t.get("report-reach-contact")).errors(&shell.errors);
    let ask_for = Field::new(t, "ask_for", t.get("report-reach-name"));
    let when = Field::new(t, "when", t.get("report-reach-when")).hint(t.get("report-reach-when-hint"));
    let name = Field::new(t, "name", t.get("report-reach-me")).hint(t.get("report-reach-me-hint"));
    let questions = vec![
        Html::rendered(&radios),
        input(contact, &answers.contact),
        input(ask_for, &answers.ask_for),
        input(when, &answers.when),
        input(name, &answers.name),
    ];
    Question {
        caption: caption(t, 5),
        action: "/q/5",
        questions,
        shell,
        t,
    }
}

/// Before any receipt: is it safe to keep something.
#[must_use]
pub fn keep<'a>(shell: Shell<'a>, answers: &Answers) -> Question<'a> {
    let t = shell.t;
    let field = Field::new(t, "keep", t.get("report-keep-label"))
        .size("l")
        .heading()
        .hint(t.get("report-keep-hint"))
        .errors(&shell.errors);
    let items = vec![
        Choice::new("yes", t.code("keep", "yes")).hint(t.get("report-keep-yes-hint")),
        Choice::new("no", t.code("keep", "no")).hint(t.get("report-keep-no-hint")),
    ];
    let radios = Radios::new(field, items, &[&answers.keep]);
    let word = Field::new(t, "word", t.get("report-word-label"))
        .size("m")
        .hint(t.get("report-word-hint"))
        .errors(&shell.errors);
    let word = TextInput::new(word, answers.word.clone()).width("govuk-input--width-20");
    let questions = vec![Html::rendered(&radios), Html::rendered(&word)];
    Question {
        caption: String::new(),
        action: "/q/keep",
        questions,
        shell,
        t,
    }
}

/// Out of hours, after "no" or "I do not know": the number before anything else.
#[derive(Debug, Template)]
#[template(path = "report/now.html")]
pub struct Now<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Whom to ring.
    pub desk: Desk,
    /// What was answered.
    pub answers: Answers,
}

impl Now<'_> {
    fn spoke(&self) -> Radios {
        let t = self.t;
        let field = Field::new(t, "spoke", t.get("report-spoke-label"))
            .size("m")
            .errors(&self.shell.errors);
        let hints = [
            ("yes", t.get("report-spoke-yes-hint")),
            ("no-answer", t.get("report-spoke-noanswer-hint")),
            ("not-safe-to-ring", t.get("report-spoke-unsafe-hint")),
        ];
        let hinted = |choice: Choice| match hints.iter().find(|(code, _)| *code == choice.value) {
            Some((_, hint)) => choice.hint(hint.clone()),
            None => choice,
        };
        let items = choices(t, "spoke", SPOKE).into_iter().map(hinted).collect();
        Radios::new(field, items, &[&self.answers.spoke])
    }
}

/// Question 3: who or where.
#[derive(Debug, Template)]
#[template(path = "report/who.html")]
pub struct Who<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// The list and its form.
    pub chips: Chips<'a>,
    /// The answer to the question under the list.
    pub colleague: String,
}

impl Who<'_> {
    fn caption(&self) -> String {
        caption(self.t, 3)
    }

    fn colleague(&self) -> Radios {
        let t = self.t;
        let field = Field::new(t, "colleague", t.get("report-who-colleague"))
            .size("m")
            .hint(t.get("report-who-colleague-hint"))
            .errors(&self.shell.errors);
        Radios::new(field, choices(t, "colleague", SAFE), &[&self.colleague])
    }
}

/// Everything to be sent, who will see it, and Send.
#[derive(Debug, Template)]
#[template(path = "report/check.html")]
pub struct Check<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// What was answered.
    pub answers: Answers,
    /// Makes a second press the same report.
    pub once: String,
}

impl Check<'_> {
    fn summary(&self) -> SummaryList {
        let (t, a) = (self.t, &self.answers);
        let change = || t.get("report-change");
        let mut list = SummaryList::new()
            .row(t.get("report-check-worry"), a.worry.clone())
            .change("/q/1", change(), t.get("report-change-worry"))
            .row(t.get("report-check-safe"), t.code("safe", &a.safe))
            .change("/q/2", change(), t.get("report-change-safe"));
        if !a.spoke.is_empty() {
            list = list.row(t.get("report-check-spoke"), t.code("spoke", &a.spoke));
        }
        list.row(t.get("report-check-who"), self.who())
            .change("/q/3", change(), t.get("report-change-who"))
            .row(t.get("report-check-colleague"), t.code("colleague", &a.colleague))
            .row(t.get("report-check-know"), self.know())
            .change("/q/4", change(), t.get("report-change-know"))
            .row(t.get("report-check-reach"), self.reach())
            .change("/q/5", change(), t.get("report-change-reach"))
            .row(t.get("report-check-keep"), t.code("keep", &a.keep))
            .change("/q/keep", change(), t.get("report-change-keep"))
    }

    fn who(&self) -> Html {
        if self.answers.chips.is_empty() {
            return self.t.get("report-check-nobody").into();
        }
        let named = |chip: &crate::web::components::chips::Chip| {
            let more = if chip.more.is_empty() {
                String::new()
            } else {
                format!(", {}", chip.more)
            };
            Html::from(format!(
                "{}{more} ({})",
                chip.what,
                self.t.code("role", &chip.role)
            ))
        };
        Html::join(self.answers.chips.iter().map(named), "; ")
    }

    fn know(&self) -> Html {
        let words = Html::from(self.t.code("know", &self.answers.know));
        if self.answers.know_more.is_empty() {
            return words;
        }
        Html::join([words, Html::from(self.answers.know_more.clone())], ". ")
    }

    fn reach(&self) -> Html {
        let a = &self.answers;
        let parts = [
            self.t.code("reach", &a.reach),
            a.contact.clone(),
            a.ask_for.clone(),
            a.when.clone(),
            a.name.clone(),
        ];
        let said = parts.into_iter().filter(|part| !part.is_empty());
        Html::join(said.map(Html::from), ", ")
    }
}

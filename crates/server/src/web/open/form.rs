//! A page that asks a few things in one form: sign in, come back.

use askama::Template;

use crate::i18n::{Html, Texts};
use crate::web::components::button::Button;
use crate::web::components::field::Field;
use crate::web::components::layout::Shell;
use crate::web::components::text_input::TextInput;

/// The page.
#[derive(Debug, Template)]
#[template(path = "open/form.html")]
pub struct FormPage<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// The heading.
    pub heading: String,
    /// What it is for.
    pub lead: String,
    /// What to show above the form: a result.
    pub result: Option<Html>,
    /// Where it is posted.
    pub action: String,
    /// The questions, drawn.
    pub questions: Vec<Html>,
    /// The button.
    pub button: Button,
    /// A second form under it: heading, lead, action, questions and button.
    pub second: Option<(String, String, String, Vec<Html>, Button)>,
    /// Words at the end.
    pub after: Option<Html>,
}

/// A result in a box: good, bad or neither.
#[must_use]
pub fn result(kind: Kind, big: &str, text: &str) -> Html {
    let class = match kind {
        Kind::Good => " app-call--accepted",
        Kind::Bad => "",
        Kind::Neither => " app-call--waiting",
    };
    Html::rendered(&Result { class, big, text })
}

/// What a result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// As hoped.
    Good,
    /// Not as hoped.
    Bad,
    /// Not known.
    Neither,
}

#[derive(Template)]
#[template(
    source = r#"<div class="app-call{{ class }}"><p class="app-call__big">{{ big }}</p>{% if !text.is_empty() %}<p>{{ text }}</p>{% endif %}</div>"#,
    ext = "html"
)]
struct Result<'r> {
    class: &'static str,
    big: &'r str,
    text: &'r str,
}

fn input(shell: &Shell<'_>, id: &str, label: String, value: &str) -> TextInput {
    TextInput::new(Field::new(shell.t, id, label).errors(&shell.errors), value)
}

/// Come back with a code and a word; or switch the code off.
#[must_use]
pub fn come_back<'a>(shell: Shell<'a>, code: &str, off: bool) -> FormPage<'a> {
    let t = shell.t;
    let narrow = "govuk-input--width-10";
    let code_input =
        |id: &str, value: &str| Html::rendered(&input(&shell, id, t.get("back-code"), value).width(narrow));
    let word = input(&shell, "word", t.get("back-word"), "")
        .kind("password")
        .width("govuk-input--width-20");
    let second = (
        t.get("back-off-heading"),
        t.get("back-off-lead"),
        "/back/off".to_owned(),
        vec![code_input("off-code", "")],
        Button::submit(t.get("back-off")).secondary(),
    );
    FormPage {
        heading: t.get("back-heading"),
        lead: t.get("back-lead"),
        result: off.then(|| result(Kind::Neither, &t.get("back-off-done"), "")),
        action: "/back".to_owned(),
        questions: vec![code_input("code", code), Html::rendered(&word)],
        button: Button::submit(t.get("back-open")),
        second: Some(second),
        after: None,
        shell,
        t,
    }
}

/// The error of a code and word that open nothing: the same whatever the reason.
#[must_use]
pub fn wrong_code(t: &Texts) -> (String, String) {
    ("code".to_owned(), t.get("back-wrong"))
}

/// Sign in with a name, a password and a code.
#[must_use]
pub fn sign_in<'a>(shell: Shell<'a>, name: &str) -> FormPage<'a> {
    let t = shell.t;
    let name = input(&shell, "name", t.get("sign-in-name"), name).autocomplete("username");
    let password = input(&shell, "password", t.get("sign-in-password"), "")
        .kind("password")
        .autocomplete("current-password");
    let code = input(&shell, "code", t.get("sign-in-code"), "")
        .digits()
        .autocomplete("one-time-code")
        .width("govuk-input--width-10");
    FormPage {
        heading: t.get("sign-in-heading"),
        lead: t.get("sign-in-lead"),
        result: None,
        action: "/sign-in".to_owned(),
        questions: vec![
            Html::rendered(&name),
            Html::rendered(&password),
            Html::rendered(&code),
        ],
        button: Button::submit(t.get("sign-in-button")),
        second: None,
        after: Some(t.get("sign-in-no-account").into()),
        shell,
        t,
    }
}

/// The error of a sign-in, the same whatever was wrong; or that it must wait until `again`.
#[must_use]
pub fn wrong_sign_in(t: &Texts, again: Option<&str>) -> (String, String) {
    let words = match again {
        Some(when) => t.msg("sign-in-slow").arg("when", when).text(),
        None => t.get("sign-in-wrong"),
    };
    ("name".to_owned(), words)
}

/// An invitation, used by pressing its button: once.
#[must_use]
pub fn invitation<'a>(shell: Shell<'a>, action: &str, demo: bool) -> FormPage<'a> {
    let t = shell.t;
    FormPage {
        heading: t.get("invite-heading"),
        lead: if demo {
            t.get("invite-demo-lead")
        } else {
            t.get("invite-lead")
        },
        result: None,
        action: action.to_owned(),
        questions: Vec::new(),
        button: Button::submit(t.get("invite-button")),
        second: None,
        after: None,
        shell,
        t,
    }
}

/// Choosing a password and adding the key to an authenticator program.
#[must_use]
pub fn set_up<'a>(shell: Shell<'a>, key: &str, ticket: &str) -> FormPage<'a> {
    let t = shell.t;
    let password = Field::new(t, "password", t.get("invite-password")).hint(t.get("invite-password-hint"));
    let password = TextInput::new(password.errors(&shell.errors), "")
        .kind("password")
        .autocomplete("new-password");
    let code = input(&shell, "code", t.get("invite-code"), "")
        .digits()
        .width("govuk-input--width-10");
    let key = Html::rendered(&Key {
        label: &t.get("invite-key"),
        key,
        ticket,
    });
    FormPage {
        heading: t.get("set-up-heading"),
        lead: t.get("set-up-lead"),
        result: None,
        action: "/account/set-up".to_owned(),
        questions: vec![Html::rendered(&password), key, Html::rendered(&code)],
        button: Button::submit(t.get("invite-button")),
        second: None,
        after: None,
        shell,
        t,
    }
}

#[derive(Template)]
#[template(
    source = r#"<p class="govuk-body govuk-!-margin-bottom-1"><strong>{{ label }}</strong></p><p class="govuk-body app-mono">{{ key }}</p><input type="hidden" name="secret" value="{{ key }}"><input type="hidden" name="ticket" value="{{ ticket }}">"#,
    ext = "html"
)]
struct Key<'k> {
    label: &'k str,
    key: &'k str,
    ticket: &'k str,
}

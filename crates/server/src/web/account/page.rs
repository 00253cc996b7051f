//! Your account: which post you act in, where you are signed in, and with what. And the two pages that ask for a passkey.

use askama::Template;

use crate::i18n::{Html, Texts};
use crate::web::components::button::Button;
use crate::web::components::choice::Choice;
use crate::web::components::field::Field;
use crate::web::components::layout::Shell;
use crate::web::components::radios::Radios;
use crate::web::components::text_input::TextInput;

/// One session.
#[derive(Clone, Debug)]
pub struct Place {
    /// What it is ended by.
    pub id: String,
    /// When it began.
    pub started: String,
    /// When it was last used.
    pub last: String,
    /// Whether it is this one.
    pub this: bool,
}

/// One way of signing in.
#[derive(Clone, Debug)]
pub struct Way {
    /// What it is removed by.
    pub id: String,
    /// What it is.
    pub what: String,
    /// When it was added.
    pub made: String,
    /// When it was last used; empty when it never was.
    pub used: String,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "account/page.html")]
pub struct Account<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Posts: id and title.
    pub posts: Vec<(String, String)>,
    /// The post acted in.
    pub acting: String,
    /// Where this person is signed in.
    pub places: Vec<Place>,
    /// What they sign in with.
    pub ways: Vec<Way>,
    /// When this session began.
    pub signed_in: String,
    /// Whether that is recent enough to change how they sign in.
    pub may_change: bool,
    /// Whether passkeys work at this address.
    pub passkeys: bool,
    /// What others changed about how this person gets in, newest first.
    pub changes: Vec<super::admin_page::Done>,
}

impl Account<'_> {
    fn role(&self) -> Radios {
        let t = self.t;
        let field = Field::new(t, "post", t.get("account-role")).size("s");
        let items = self
            .posts
            .iter()
            .map(|(id, title)| Choice::new(id, title))
            .collect();
        Radios::new(field, items, &[&self.acting])
    }

    fn switch(&self) -> Button {
        Button::submit(self.t.get("account-role-button"))
    }

    fn stale(&self) -> String {
        self.t.msg("ways-stale").arg("when", &self.signed_in).text()
    }

    fn what(&self, place: &Place) -> String {
        self.t
            .msg("account-session-end-what")
            .arg("when", &place.started)
            .text()
    }
}

/// A panel under a form: heading, lead, action, questions and button.
type Second = (String, String, String, Vec<Html>, Button);

/// Signing in with a passkey, as the second form of the page.
#[must_use]
pub fn with_passkey(shell: &Shell<'_>) -> Second {
    with_passkey_for(shell, "")
}

/// The same, with the name typed before.
#[must_use]
pub fn with_passkey_for(shell: &Shell<'_>, name: &str) -> Second {
    let t = shell.t;
    let field = Field::new(t, "passkey-name", t.get("sign-in-name")).errors(&shell.errors);
    let name = TextInput::new(field, name).autocomplete("username webauthn");
    (
        t.get("passkey-heading"),
        t.get("passkey-lead"),
        "/sign-in/passkey".to_owned(),
        vec![Html::rendered(&name)],
        Button::submit(t.get("passkey-button")).secondary(),
    )
}

/// The way from setting up a password to adding a passkey instead.
#[must_use]
pub fn passkey_instead(t: &Texts) -> Html {
    Html::rendered(&Link {
        href: "/account/passkey",
        text: &t.get("passkey-instead"),
    })
}

#[derive(Template)]
#[template(
    source = r#"<a class="govuk-link" href="{{ href }}">{{ text }}</a>"#,
    ext = "html"
)]
struct Link<'l> {
    href: &'l str,
    text: &'l str,
}

/// The page on which the browser is asked for a passkey to sign in with.
#[derive(Debug, Template)]
#[template(path = "account/use_passkey.html")]
pub struct UsePasskey<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// What the browser is asked, as JSON.
    pub ask: String,
    /// Goes back with the answer.
    pub ticket: String,
}

impl UsePasskey<'_> {
    fn button(&self) -> Button {
        Button::submit(self.t.get("passkey-button"))
    }
}

/// The page on which a passkey is made.
#[derive(Debug, Template)]
#[template(path = "account/add_passkey.html")]
pub struct AddPasskey<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// What the browser is asked, as JSON.
    pub ask: String,
    /// Goes back with the answer.
    pub ticket: String,
    /// The name typed.
    pub name: String,
}

impl AddPasskey<'_> {
    fn name(&self) -> TextInput {
        let t = self.t;
        let field = Field::new(t, "name", t.get("passkey-name")).hint(t.get("passkey-name-hint"));
        TextInput::new(field.errors(&self.shell.errors), &self.name).width("govuk-input--width-20")
    }

    fn button(&self) -> Button {
        Button::submit(self.t.get("passkey-add-button"))
    }
}

//! Your account: which post you act in, and where you are signed in.

use askama::Template;

use crate::i18n::Texts;
use crate::web::components::button::Button;
use crate::web::components::choice::Choice;
use crate::web::components::field::Field;
use crate::web::components::layout::Shell;
use crate::web::components::radios::Radios;

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

    fn what(&self, place: &Place) -> String {
        self.t
            .msg("account-session-end-what")
            .arg("when", &place.started)
            .text()
    }
}

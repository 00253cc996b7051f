//! What surrounds every page: header, sections, who is acting for whom, the 999 strip, footer.

use askama::Template;

use super::button::Button;
use super::error_summary::ErrorSummary;
use super::exit_page::ExitPage;
use super::field::Errors;
use super::warning::Warning;
use crate::i18n::{Html, Texts};
use crate::web::assets;

/// Everything around a page's content.
#[derive(Clone, Debug)]
pub struct Shell<'a> {
    /// The words.
    pub t: &'a Texts,
    /// The page's own title: never a name, and on public pages nothing about the subject.
    pub title: String,
    /// "Safeguarding workspace", or the agency's name on public pages.
    pub service: String,
    /// Where the service's name leads.
    pub home: String,
    /// Whether anyone may see the page: neutral title, exit button, never kept.
    pub public: bool,
    /// Where "Back" leads on a public page.
    pub back: Option<String>,
    /// The main sections.
    pub nav: Vec<NavItem>,
    /// Sections that only some posts have: name and address.
    pub more: Vec<(String, &'static str)>,
    /// Who is signed in and for whom they act.
    pub acting: Option<Acting>,
    /// Whether this is the demo, which says so on every page.
    pub demo: bool,
    /// The secret every form posts back.
    pub csrf: String,
    /// "Printed by … at …": set on pages that may be printed.
    pub printed: Option<String>,
    /// Errors in the form on the page.
    pub errors: Errors,
    /// Whether the clock is held: every page of the workspace says so.
    pub held: bool,
    /// Whose a long form is, sealed: with it, what is typed is kept as it is posted.
    pub whose: String,
    /// In how many seconds the session ends if nothing is sent or opened, and at what time, in words.
    pub ending: Option<(i64, String)>,
    /// What was begun on this page and not sent.
    pub begun: Option<Begun>,
    /// The number rung by day and by night, as words and as a `tel:` address.
    pub phones: Vec<(String, String)>,
}

/// One of the main sections.
#[derive(Clone, Debug)]
pub struct NavItem {
    /// Its name.
    pub text: String,
    /// Where it is.
    pub href: String,
    /// Whether this page is in it.
    pub current: bool,
    /// How many things wait there.
    pub badge: Option<usize>,
}

/// Who is signed in, in which role, for whom.
#[derive(Clone, Debug, Default)]
pub struct Acting {
    /// Their name.
    pub name: String,
    /// Their role, in words.
    pub role: String,
    /// Agency and team.
    pub team: String,
    /// Under which grant an inspector looks: inspection, scope and end, in words.
    pub grant: Option<String>,
}

/// What somebody began on a page and has not sent.
#[derive(Clone, Debug, Default)]
pub struct Begun {
    /// When it was last kept.
    pub since: String,
    /// Where it is thrown away.
    pub drop: String,
}

impl<'a> Shell<'a> {
    /// Around a page for anyone.
    #[must_use]
    pub fn public(t: &'a Texts, agency: &str, title: impl Into<String>, csrf: &str) -> Self {
        Self {
            t,
            title: title.into(),
            service: agency.to_owned(),
            home: "/".to_owned(),
            public: true,
            back: None,
            nav: Vec::new(),
            more: Vec::new(),
            acting: None,
            demo: false,
            csrf: csrf.to_owned(),
            printed: None,
            errors: Vec::new(),
            held: false,
            whose: String::new(),
            ending: None,
            begun: None,
            phones: Vec::new(),
        }
    }

    /// Around a page of the staff workspace.
    #[must_use]
    pub fn staff(t: &'a Texts, title: impl Into<String>, acting: Acting, csrf: &str) -> Self {
        Self {
            service: t.get("service-name"),
            home: "/duties".to_owned(),
            public: false,
            acting: Some(acting),
            ..Self::public(t, "", title, csrf)
        }
    }

    /// Say that this is the demo.
    #[must_use]
    pub fn demo(mut self, demo: bool) -> Self {
        self.demo = demo;
        self
    }

    /// Say that the clock is held.
    #[must_use]
    pub fn held(mut self, held: bool) -> Self {
        self.held = held;
        self
    }

    /// Say when the session ends unused: the page warns five minutes before.
    #[must_use]
    pub fn ending(mut self, seconds: i64, at: String) -> Self {
        self.ending = Some((seconds, at));
        self
    }

    /// That the session is about to end, in words.
    #[must_use]
    pub fn ending_words(&self, at: &str) -> String {
        self.t.msg("session-ending").arg("at", at).text()
    }

    /// Show "Back".
    #[must_use]
    pub fn back(mut self, href: impl Into<String>) -> Self {
        self.back = Some(href.into());
        self
    }

    /// The main sections, with the one this page is in.
    #[must_use]
    pub fn sections(mut self, current: &str, duties: Option<usize>) -> Self {
        let item = |text: String, href: &str, badge| NavItem {
            text,
            href: href.to_owned(),
            current: href == current,
            badge,
        };
        self.nav = vec![
            item(self.t.get("nav-duties"), "/duties", duties),
            item(self.t.get("nav-concerns"), "/concerns", None),
            item(self.t.get("nav-report"), "/record", None),
        ];
        let more = self
            .more
            .iter()
            .map(|(text, href)| item(text.clone(), href, None));
        self.nav.extend(more);
        self
    }

    /// A section that only some posts have.
    #[must_use]
    pub fn more(mut self, text: impl Into<String>, href: &'static str) -> Self {
        self.more.push((text.into(), href));
        self
    }

    /// The errors of the form on the page.
    #[must_use]
    pub fn errors(mut self, errors: &Errors) -> Self {
        self.errors.clone_from(errors);
        self
    }

    /// "Printed by … at …".
    #[must_use]
    pub fn printed(mut self, who: &str, when: &str) -> Self {
        self.printed = Some(self.t.msg("print-stamp").arg("who", who).arg("when", when).text());
        self
    }

    /// What the tab shows. Public pages show the page's own neutral title and nothing else.
    #[must_use]
    pub fn tab_title(&self) -> String {
        let title = if self.errors.is_empty() {
            self.title.clone()
        } else {
            self.t.msg("title-error").arg("title", &self.title).text()
        };
        if self.public {
            title
        } else {
            self.t
                .msg("title-service")
                .arg("title", title)
                .arg("service", &self.service)
                .text()
        }
    }

    /// The hidden field every form holds.
    #[must_use]
    pub fn csrf_field(&self) -> Html {
        Html::rendered(&Hidden {
            name: "csrf",
            value: &self.csrf,
        })
    }

    /// What a long form of the workspace holds besides: with it what is typed is kept, whatever becomes of the post.
    #[must_use]
    pub fn keep_field(&self) -> Html {
        Html::rendered(&Hidden {
            name: "whose",
            value: &self.whose,
        })
    }

    /// The button that keeps a long form of the workspace, and sends nothing.
    #[must_use]
    pub fn later(&self) -> Button {
        Button::submit(self.t.get("unsent-later"))
            .named("do", "later")
            .secondary()
    }

    /// The quiet button that stops a public form: what comes then is explained first.
    #[must_use]
    pub fn stop(&self) -> Html {
        Html::rendered(&Stop {
            text: &self.t.get("later-stop"),
        })
    }

    /// "You began this at … and have not sent it."
    #[must_use]
    pub fn begun_words(&self, begun: &Begun) -> String {
        self.t.msg("unsent-begun").arg("when", &begun.since).text()
    }

    /// The summary of errors at the top of the page.
    #[must_use]
    pub fn error_summary(&self) -> ErrorSummary {
        ErrorSummary::new(self.t, &self.errors)
    }

    /// The strip with the exit button.
    #[must_use]
    pub fn exit(&self) -> ExitPage {
        ExitPage::new(self.t, &self.csrf, self.back.as_deref())
    }

    /// Call 999.
    #[must_use]
    pub fn danger(&self) -> Warning {
        Warning::danger(self.t)
    }

    /// The button that ends a form.
    #[must_use]
    pub fn go_on(&self) -> Button {
        Button::submit(self.t.get("continue"))
    }

    /// Where an embedded file is served.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        assets::path(name)
    }
}

#[derive(Template)]
#[template(
    source = r#"<input type="hidden" name="{{ name }}" value="{{ value }}">"#,
    ext = "html"
)]
struct Hidden<'a> {
    name: &'a str,
    value: &'a str,
}

#[derive(Template)]
#[template(
    source = r#"<p class="govuk-body"><button type="submit" name="do" value="later" class="app-link-button">{{ text }}</button></p>"#,
    ext = "html"
)]
struct Stop<'a> {
    text: &'a str,
}

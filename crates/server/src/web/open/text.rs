//! Pages of words: help, privacy, cookies, accessibility, proof; errors; the demo's control.

use askama::Template;

use crate::i18n::{Html, Texts};
use crate::web::components::button::Button;
use crate::web::components::layout::Shell;
use crate::web::report::pages::Desk;

/// A page of words in sections.
#[derive(Debug, Template)]
#[template(path = "open/text.html")]
pub struct TextPage<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The heading.
    pub heading: String,
    /// What comes first, or empty.
    pub lead: Html,
    /// An id, a heading and its words.
    pub sections: Vec<(&'static str, String, Html)>,
    /// A form of buttons only: where it is posted, and the buttons.
    pub buttons: Option<(&'static str, Vec<Button>)>,
}

impl<'a> TextPage<'a> {
    fn new(shell: Shell<'a>, heading: String, sections: Vec<(&'static str, String, Html)>) -> Self {
        Self {
            shell,
            heading,
            lead: Html::default(),
            sections,
            buttons: None,
        }
    }
}

fn numbers(t: &Texts, key: &'static str, desk: &Desk) -> Html {
    let message = match key {
        "error" => t.msg("error-ring"),
        "accessibility" => t.msg("accessibility-problem-text"),
        _ => t.msg("help-phone-text"),
    };
    message
        .arg("day", &desk.day.words)
        .arg("href", &desk.day.tel)
        .arg("night", &desk.night.words)
        .arg("href2", &desk.night.tel)
        .html()
}

/// Help.
#[must_use]
pub fn help<'a>(shell: Shell<'a>, desk: &Desk) -> TextPage<'a> {
    let t = shell.t;
    let sections = vec![
        (
            "danger",
            t.get("help-danger-heading"),
            t.get("help-danger-text").into(),
        ),
        ("talk", t.get("help-phone-heading"), numbers(t, "help", desk)),
        (
            "child",
            t.get("help-child-heading"),
            t.get("help-child-text").into(),
        ),
        (
            "history",
            t.get("help-history-heading"),
            t.get("help-history-text").into(),
        ),
        (
            "pictures",
            t.get("help-pictures-heading"),
            t.get("help-pictures-text").into(),
        ),
    ];
    TextPage::new(shell, t.get("help-heading"), sections)
}

/// Privacy.
#[must_use]
pub fn privacy<'a>(shell: Shell<'a>, agency: &str) -> TextPage<'a> {
    let t = shell.t;
    let sections = vec![
        (
            "who",
            t.get("privacy-who-heading"),
            t.msg("privacy-who-text").arg("agency", agency).html(),
        ),
        (
            "why",
            t.get("privacy-why-heading"),
            t.get("privacy-why-text").into(),
        ),
        (
            "see",
            t.get("privacy-see-heading"),
            t.get("privacy-see-text").into(),
        ),
        (
            "keep",
            t.get("privacy-keep-heading"),
            t.get("privacy-keep-text").into(),
        ),
        (
            "rights",
            t.get("privacy-rights-heading"),
            t.get("privacy-rights-text").into(),
        ),
        (
            "machine",
            t.get("privacy-machine-heading"),
            t.get("privacy-machine-text").into(),
        ),
    ];
    TextPage::new(shell, t.get("privacy-heading"), sections)
}

/// Cookies.
#[must_use]
pub fn cookies(shell: Shell<'_>) -> TextPage<'_> {
    let t = shell.t;
    let sections = vec![
        (
            "visit",
            t.get("cookies-visit-heading"),
            t.get("cookies-visit-text").into(),
        ),
        (
            "session",
            t.get("cookies-session-heading"),
            t.get("cookies-session-text").into(),
        ),
        (
            "shortcuts",
            t.get("cookies-shortcuts-heading"),
            t.get("cookies-shortcuts-text").into(),
        ),
        (
            "other",
            t.get("cookies-other-heading"),
            t.get("cookies-other-text").into(),
        ),
    ];
    TextPage {
        lead: t.get("cookies-lead").into(),
        ..TextPage::new(shell, t.get("cookies-heading"), sections)
    }
}

/// Accessibility.
#[must_use]
pub fn accessibility<'a>(shell: Shell<'a>, desk: &Desk) -> TextPage<'a> {
    let t = shell.t;
    let sections = vec![
        (
            "tested",
            t.get("accessibility-tested-heading"),
            t.get("accessibility-tested-text").into(),
        ),
        (
            "problem",
            t.get("accessibility-problem-heading"),
            numbers(t, "accessibility", desk),
        ),
    ];
    let lead = t.get("accessibility-lead").into();
    TextPage {
        lead,
        ..TextPage::new(shell, t.get("accessibility-heading"), sections)
    }
}

/// How we prove the record.
#[must_use]
pub fn proving(shell: Shell<'_>) -> TextPage<'_> {
    let t = shell.t;
    let sections = vec![
        (
            "quietly",
            t.get("proving-1-heading"),
            t.get("proving-1-text").into(),
        ),
        (
            "others",
            t.get("proving-2-heading"),
            t.get("proving-2-text").into(),
        ),
        (
            "check",
            t.get("proving-3-heading"),
            t.msg("proving-3-text").arg("href", "/receipt").html(),
        ),
        (
            "erased",
            t.get("proving-4-heading"),
            t.get("proving-4-text").into(),
        ),
    ];
    TextPage::new(shell, t.get("proving-heading"), sections)
}

/// The demo's control: what time it is here, and moving it on.
#[must_use]
pub fn demo<'a>(shell: Shell<'a>, now: &str) -> TextPage<'a> {
    let t = shell.t;
    let buttons = vec![
        Button::submit(t.get("demo-hour")).named("on", "hour"),
        Button::submit(t.get("demo-morning"))
            .secondary()
            .named("on", "morning"),
    ];
    let lead = t.msg("demo-lead").arg("now", now).html();
    TextPage {
        lead,
        buttons: Some(("/demo", buttons)),
        ..TextPage::new(shell, t.get("demo-heading"), Vec::new())
    }
}

/// The kinds of error page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not there, or not for this person to know: one page, the same bytes.
    NotFound,
    /// The form is older than the session, or from another site.
    OutOfDate,
    /// What was sent cannot be read.
    Unreadable,
    /// Too much at once.
    TooLarge,
    /// Too many tries.
    TooMany,
    /// The concern has moved on.
    Moved,
    /// It takes too long.
    Busy,
    /// The outcome is not known.
    Unknown,
    /// Something is broken.
    Broken,
    /// A rule refused.
    Refused,
    /// Nobody is signed in.
    SignIn,
}

/// An error page. It holds nothing of what was asked for.
#[must_use]
pub fn fault<'a>(mut shell: Shell<'a>, fault: Fault, desk: &Desk) -> TextPage<'a> {
    let t = shell.t;
    let code = match fault {
        Fault::NotFound => "not-found",
        Fault::OutOfDate => "out-of-date",
        Fault::Unreadable => "unreadable",
        Fault::TooLarge => "too-large",
        Fault::TooMany => "too-many",
        Fault::Moved => "moved",
        Fault::Busy => "busy",
        Fault::Unknown => "unknown",
        Fault::Broken => "broken",
        Fault::Refused => "refused",
        Fault::SignIn => "sign-in",
    };
    let heading = t.code("error-title", code);
    shell.title.clone_from(&heading);
    let sections = vec![("ring", t.get("help-phone-heading"), numbers(t, "error", desk))];
    TextPage {
        lead: t.code("error-text", code).into(),
        ..TextPage::new(shell, heading, sections)
    }
}

/// A page that says which rule refused, by code.
#[must_use]
pub fn refused<'a>(mut shell: Shell<'a>, code: &str) -> TextPage<'a> {
    let t = shell.t;
    let heading = t.get("error-title-refused");
    shell.title.clone_from(&heading);
    TextPage {
        lead: t.code("error-refused", code).into(),
        ..TextPage::new(shell, heading, Vec::new())
    }
}

//! The list of what somebody began and has not sent.

use askama::Template;

use crate::i18n::Texts;
use crate::web::components::layout::Shell;

/// One form.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it is: a code of the family `unsent-form`.
    pub form: &'static str,
    /// The concern it is about; empty for a new one.
    pub reference: String,
    /// When it was last kept.
    pub kept: String,
    /// Until when it is kept.
    pub ends: String,
    /// Where one goes on.
    pub href: String,
    /// Where it is thrown away.
    pub drop: String,
}

impl Line {
    /// What this is, for whoever cannot see the row.
    fn what(&self, t: &Texts) -> String {
        let form = t.code("unsent-form", self.form);
        t.msg("unsent-what")
            .arg("form", form)
            .arg("when", &self.kept)
            .text()
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "unsent/list.html")]
pub struct List<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// What has just happened, in words.
    pub message: Option<String>,
    /// Forms, newest first.
    pub lines: Vec<Line>,
}

/// Which form was posted to an address: a code of the family `unsent-form`, and the concern's reference.
#[must_use]
pub fn form_at(place: &str) -> (&'static str, String) {
    let mut parts = place.trim_start_matches('/').split('/');
    if parts.next() != Some("concerns") {
        return ("record", String::new());
    }
    let reference = parts.next().unwrap_or_default().to_owned();
    let form = match (parts.next(), parts.nth(1)) {
        (Some("decide"), _) => "decide",
        (Some("reporter"), _) => "reporter",
        (Some("close"), _) => "close",
        (Some("second"), _) => "second",
        (Some("restriction"), _) => "restriction",
        (Some("disagree"), _) => "disagree",
        (Some("amend"), _) => "amend",
        (Some("duties"), Some(_)) => "wait",
        (Some("duties"), None) => "duty",
        _ => "add",
    };
    (form, reference)
}

/// Where a form that was posted to an address is filled in.
#[must_use]
pub fn page_of(place: &str, key: &str) -> String {
    if let Some(concern) = place.strip_suffix("/close") {
        return format!("{concern}/reporter");
    }
    match place.strip_suffix("/add").or(place.strip_suffix("/disagree")) {
        Some(concern) => concern.to_owned(),
        None if key.is_empty() => place.to_owned(),
        None => format!("{place}?once={key}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_which_form_and_where_it_is_filled_in() {
        let rows = [
            ("/record", "record", "/record?once=k"),
            ("/concerns/NM-1/decide", "decide", "/concerns/NM-1/decide?once=k"),
            (
                "/concerns/NM-1/second/ab",
                "second",
                "/concerns/NM-1/second/ab?once=k",
            ),
            (
                "/concerns/NM-1/duties/ab",
                "duty",
                "/concerns/NM-1/duties/ab?once=k",
            ),
            (
                "/concerns/NM-1/duties/ab/wait",
                "wait",
                "/concerns/NM-1/duties/ab/wait?once=k",
            ),
            ("/concerns/NM-1/add", "add", "/concerns/NM-1"),
            ("/concerns/NM-1/disagree", "disagree", "/concerns/NM-1"),
            ("/concerns/NM-1/close", "close", "/concerns/NM-1/reporter"),
            (
                "/concerns/NM-1/amend/again",
                "amend",
                "/concerns/NM-1/amend/again?once=k",
            ),
        ];
        for (place, form, page) in rows {
            assert_eq!(form_at(place).0, form, "{place}");
            assert_eq!(page_of(place, "k"), page);
        }
        assert_eq!(page_of("/record", ""), "/record");
        assert_eq!(form_at("/concerns/NM-1/add").1, "NM-1");
    }
}

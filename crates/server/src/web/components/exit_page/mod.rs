//! Leaving in a hurry: a form post that forgets the visit, which works without script.

use askama::Template;

use crate::i18n::Texts;

/// Our own Exit this page. The server clears the visit and sends the browser to a page about
/// the weather; with script the page empties at once as well.
#[derive(Clone, Debug, Template)]
#[template(path = "components/exit_page/template.html")]
pub struct ExitPage {
    /// The name of the region.
    pub label: String,
    /// "Emergency".
    pub prefix: String,
    /// "Exit this page".
    pub text: String,
    /// The title the tab shows while the browser leaves.
    pub neutral: String,
    /// "Back" and where it leads, when there is a page before.
    pub back: Option<(String, String)>,
    /// The form's secret.
    pub csrf: String,
}

impl askama::filters::HtmlSafe for ExitPage {}

impl ExitPage {
    /// The strip with the button, and "Back" when there is a page before.
    #[must_use]
    pub fn new(t: &Texts, csrf: &str, back: Option<&str>) -> Self {
        Self {
            label: t.get("exit-label"),
            prefix: t.get("exit-prefix"),
            text: t.get("exit-text"),
            neutral: t.get("exit-neutral-title"),
            back: back.map(|href| (href.to_owned(), t.get("back-link"))),
            csrf: csrf.to_owned(),
        }
    }
}

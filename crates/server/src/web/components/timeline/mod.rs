//! What happened, newest first, who knows, and how to check each entry.

use askama::Template;

use crate::i18n::Html;

/// MOJ Timeline with our own parts: who knows, and the proof of each entry.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "components/timeline/template.html")]
pub struct Timeline {
    /// The entries, in the order shown.
    pub entries: Vec<Entry>,
    /// Whether the newest is first.
    pub newest_first: bool,
}

/// One entry.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// The element's id, which other parts of the page link to.
    pub id: String,
    /// A letter that names the fact in the chart, or empty.
    pub letter: String,
    /// What happened, in a few words.
    pub title: String,
    /// "by Priya Nair, Northmere Council".
    pub by: String,
    /// The local date and time for machines.
    pub datetime: String,
    /// The date and time in words.
    pub date: String,
    /// What was said or done.
    pub body: Html,
    /// Who knows, who does not yet, from whom it is held back.
    pub known: Vec<(String, String)>,
    /// "Entry 13 of 14, signed."
    pub seal: String,
    /// Where the proof is, its words, and what is read out after them.
    pub proof: Option<(String, String, String)>,
    /// Where it is corrected or disputed, its words, and what is read out after them.
    pub beside: Option<(String, String, String)>,
    /// Where it is said that the entry must not be here, its words, and what is read out after them.
    pub must_not: Option<(String, String, String)>,
}

impl askama::filters::HtmlSafe for Timeline {}

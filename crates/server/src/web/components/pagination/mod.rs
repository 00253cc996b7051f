//! Links between the pages of a list.

use askama::Template;

use crate::i18n::Texts;

/// GOV.UK Pagination. Shows nothing when there is one page.
#[derive(Clone, Debug, Template)]
#[template(path = "components/pagination/template.html")]
pub struct Pagination {
    /// The name of the region.
    pub label: String,
    /// "Previous", " page", "Next".
    pub words: [String; 3],
    /// Number, address, name, whether it is this page.
    pub items: Vec<(usize, String, String, bool)>,
    /// The address of the page before.
    pub previous: Option<String>,
    /// The address of the page after.
    pub next: Option<String>,
}

impl askama::filters::HtmlSafe for Pagination {}

impl Pagination {
    /// Pages 1 to `last`; `address` makes the link of one.
    #[must_use]
    pub fn new(t: &Texts, page: usize, last: usize, address: impl Fn(usize) -> String) -> Self {
        let near = |number: &usize| *number == 1 || *number == last || number.abs_diff(page) <= 2;
        let item = |number: usize| {
            (
                number,
                address(number),
                t.msg("pagination-page").n("number", number).text(),
                number == page,
            )
        };
        Self {
            label: t.get("pagination-label"),
            words: [
                t.get("pagination-previous"),
                t.get("pagination-suffix"),
                t.get("pagination-next"),
            ],
            items: if last > 1 {
                (1..=last).filter(near).map(item).collect()
            } else {
                Vec::new()
            },
            previous: (page > 1).then(|| address(page - 1)),
            next: (page < last).then(|| address(page + 1)),
        }
    }
}

//! Every page, drawn from example data.

mod account;
mod concern;
mod duties;
mod inspection;
mod open;
mod report;
mod unsent;

use std::fs;
use std::path::{Path, PathBuf};

use askama::Template;
use server::i18n::Texts;
use server::web::components::layout::{Acting, Shell};

/// What example pages are drawn with: a language, and whether to mark what is data.
pub struct Ex<'a> {
    /// The words.
    pub t: &'a Texts,
    /// Whether to put data between `‹` and `›`.
    pub mark: bool,
}

impl<'a> Ex<'a> {
    /// A value that does not come from the messages.
    pub fn d(&self, data: &str) -> String {
        if self.mark {
            format!("‹{data}›")
        } else {
            data.to_owned()
        }
    }

    pub fn public(&self, title: impl Into<String>) -> Shell<'a> {
        Shell::public(self.t, &self.d("Northmere Council"), title, "csrf-example").demo(true)
    }

    pub fn staff(&self, title: impl Into<String>, section: &str) -> Shell<'a> {
        let acting = Acting {
            name: self.d("Priya Nair"),
            role: self.d("duty social worker"),
            team: self.d("Northmere Council, safeguarding hub"),
            grant: None,
        };
        let printed = self.d("9:42am on Tuesday 24 November 2026");
        Shell::staff(self.t, title, acting, "csrf-example")
            .demo(true)
            .ending(3600, self.d("10:42am"))
            .sections(section, Some(9))
            .printed(&self.d("Priya Nair"), &printed)
    }
}

/// A page's file name and its HTML.
pub type Drawn = (&'static str, String);

pub fn draw(name: &'static str, page: &impl Template) -> Drawn {
    (name, page.render().unwrap())
}

fn all(ex: &Ex<'_>) -> Vec<Drawn> {
    let mut pages = Vec::new();
    pages.extend(account::pages(ex));
    pages.extend(report::pages(ex));
    pages.extend(duties::pages(ex));
    pages.extend(concern::pages(ex));
    pages.extend(open::pages(ex));
    pages.extend(inspection::pages(ex));
    pages.extend(unsent::pages(ex));
    pages
}

fn gallery() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages")
}

#[test]
fn every_page_is_drawn_for_the_browser_tests() {
    let t = Texts::english().unwrap();
    let folder = gallery();
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("assets")).unwrap();
    for (name, html) in all(&Ex { t: &t, mark: false }) {
        assert!(
            html.starts_with("<!DOCTYPE html>") && html.contains("<h1"),
            "{name} has no heading"
        );
        assert!(
            !html.contains("style=\"") && !html.contains("onclick"),
            "{name} breaks the content policy"
        );
        assert_eq!(html.matches("<h1").count(), 1, "{name} has one first heading");
        fs::write(folder.join(format!("{name}.html")), html).unwrap();
    }
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/dist");
    for entry in fs::read_dir(built).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.join("assets").join(path.file_name().unwrap())).unwrap();
    }
}

#[test]
fn no_page_holds_words_of_its_own() {
    let t = crate::pseudo::texts();
    for (name, html) in all(&Ex { t: &t, mark: true }) {
        let left = outside(&shown(&html));
        let words: Vec<&str> = left
            .split(|c: char| !c.is_alphabetic())
            .filter(|word| word.chars().count() > 1)
            .collect();
        assert!(
            words.is_empty(),
            "{name} shows words that are not messages: {words:?}"
        );
    }
}

/// What a person sees or hears: text outside tags, and the attributes that are read out.
fn shown(html: &str) -> String {
    let mut out = String::new();
    let body = html.split_once("<title>").unwrap().1;
    let mut rest = body;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        out.push('\n');
        let end = rest[at..].find('>').unwrap() + at;
        let tag = &rest[at..end];
        for name in [" aria-label=\"", " alt=\"", " placeholder=\"", " title=\""] {
            if let Some((_, value)) = tag.split_once(name) {
                out.push_str(value.split('"').next().unwrap());
                out.push('\n');
            }
        }
        rest = &rest[end + 1..];
    }
    out.replace("&ensp;", " ").replace("&nbsp;", " ")
}

/// The text outside `⟦…⟧` and `‹…›`, which may hold one another.
fn outside(text: &str) -> String {
    let mut depth = 0_u32;
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '⟦' | '‹' => depth += 1,
            '⟧' | '›' => depth = depth.saturating_sub(1),
            other if depth == 0 => out.push(other),
            _ => {}
        }
    }
    out
}

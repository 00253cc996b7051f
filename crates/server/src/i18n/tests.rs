//! Tests of the messages themselves: keys used and keys that exist, and the marks allowed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{ENGLISH, Html, Texts};

/// Families of messages chosen by a code at run time, through [`Texts::code`].
fn families(sources: &str) -> BTreeSet<String> {
    [".code(\"", "choices(t, \"", "choices(self.t, \""]
        .iter()
        .flat_map(|opening| strings_after(sources, opening))
        .collect()
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "rs" || extension == "html")
        {
            found.push(path);
        }
    }
}

fn sources() -> String {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/pages"),
        &mut found,
    );
    found
        .iter()
        .filter(|path| !path.ends_with("i18n/tests.rs") && !path.ends_with("i18n/mod.rs"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

fn strings_after(text: &str, opening: &str) -> BTreeSet<String> {
    text.split(opening)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

fn defined() -> BTreeSet<String> {
    ENGLISH
        .iter()
        .flat_map(|source| source.lines())
        .filter(|line| {
            line.chars()
                .next()
                .is_some_and(|first| first.is_ascii_alphabetic())
        })
        .filter_map(|line| line.split_once('=').map(|(name, _)| name.trim().to_owned()))
        .collect()
}

fn used(sources: &str) -> BTreeSet<String> {
    ["t.get(\"", "t().get(\"", ".msg(\"", "shell(\""]
        .iter()
        .flat_map(|opening| strings_after(sources, opening))
        .collect()
}

#[test]
fn every_key_used_exists() {
    let defined = defined();
    let missing: Vec<String> = used(&sources())
        .into_iter()
        .filter(|key| !defined.contains(key))
        .collect();
    assert!(missing.is_empty(), "no message for {missing:?}");
}

#[test]
fn every_message_is_used() {
    let sources = sources();
    let (used, families) = (used(&sources), families(&sources));
    let unused: Vec<String> = defined()
        .into_iter()
        .filter(|key| !used.contains(key))
        .filter(|key| {
            !families
                .iter()
                .any(|family| key.starts_with(&format!("{family}-")))
        })
        .collect();
    assert!(unused.is_empty(), "nothing asks for {unused:?}");
}

#[test]
fn messages_hold_only_the_marks_allowed() {
    for source in ENGLISH {
        let mut rest = *source;
        while let Some(at) = rest.find('<') {
            let mark: String = rest[at..].chars().take_while(|letter| *letter != '>').collect();
            assert!(
                ["<b", "</b", "<a", "</a", "<a2", "</a2", "<n", "</n", "<br"].contains(&mark.as_str()),
                "{mark}> is not a mark messages may hold"
            );
            rest = &rest[at + 1..];
        }
    }
}

#[test]
fn arguments_are_escaped_in_html() {
    let source = "x = Ring <a>{ $who }</a> <b>now</b>".to_owned();
    let texts = Texts::from_sources("en-GB", [source]).unwrap();
    let html = texts
        .msg("x")
        .arg("who", "<i>\"me\"</i>")
        .arg("href", "tel:\"1")
        .html();
    assert_eq!(
        html.as_str(),
        "Ring <a class=\"govuk-link govuk-link--no-visited-state\" href=\"tel:&quot;1\">\
         &lt;i&gt;&quot;me&quot;&lt;/i&gt;</a> <strong>now</strong>"
    );
}

#[test]
fn plurals_and_codes() {
    let source =
        "n = { $count ->\n    [one] { $count } day\n   *[other] { $count } days\n }\nkind-a-b = Words"
            .to_owned();
    let texts = Texts::from_sources("en-GB", [source]).unwrap();
    assert_eq!(texts.msg("n").n("count", 1).text(), "1 day");
    assert_eq!(texts.msg("n").n("count", 2).text(), "2 days");
    assert_eq!(texts.code("kind", "a_b"), "Words");
    assert_eq!(texts.code("kind", "not-listed"), "not listed");
}

#[test]
fn a_missing_message_shows_its_key() {
    assert_eq!(
        Texts::english().unwrap().get("no-such-message"),
        "[no-such-message]"
    );
}

#[test]
fn pieces_join_without_being_escaped_twice() {
    let joined = Html::join([Html::from("a&b"), Html::from("c")], ", ");
    assert_eq!(joined.as_str(), "a&amp;b, c");
}

/// What a reader meets as a code of the program has words of its own; only what a rule pack brings may fall back.
#[test]
fn every_code_of_the_program_has_words() {
    let texts = Texts::english().unwrap();
    let purposes = domain::policy::Purpose::CODES
        .iter()
        .map(|code| ("purpose", *code));
    let channels = node::app::report::Channel::ALL
        .iter()
        .map(|one| ("channel", one.code()));
    let answers = node::app::duties::ANSWERS
        .iter()
        .chain(node::app::duties::READ_ANSWERS)
        .map(|code| ("how", *code));
    let lettings = domain::view::Letting::ALL.map(domain::view::Letting::code);
    let lettings = lettings
        .iter()
        .flat_map(|code| ["lettingis", "lettingdo", "access-asked"].map(|family| (family, *code)));
    let without: Vec<_> = purposes
        .chain(channels)
        .chain(answers)
        .chain(lettings)
        .filter(|(family, code)| !texts.has(&format!("{family}-{code}")))
        .collect();
    assert_eq!(without, []);
}

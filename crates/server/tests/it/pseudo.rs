//! A made-up language for tests: every English message in brackets and accents, so that
//! whatever a page shows outside the brackets is text somebody wrote into a page.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use server::i18n::{ENGLISH, Texts};

/// English with accents, each message between `⟦` and `⟧`.
pub fn texts() -> Texts {
    Texts::from_sources("en-ZZ", ENGLISH.iter().map(|source| convert(source))).unwrap()
}

/// Turn one Fluent file into the made-up language: values only; names, arguments, selectors
/// and marks are left as they are.
pub fn convert(source: &str) -> String {
    let lines: Vec<&str> = source.lines().collect();
    let mut out = String::new();
    let mut index = 0;
    while index < lines.len() {
        let line = lines[index];
        let starts = line
            .chars()
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic());
        if !starts {
            out.push_str(line);
            out.push('\n');
            index += 1;
            continue;
        }
        let (name, first) = line.split_once('=').unwrap();
        let mut value = first.trim().to_owned();
        index += 1;
        while index < lines.len() && (lines[index].starts_with(' ') || lines[index].trim().is_empty()) {
            if lines[index].trim().is_empty() {
                break;
            }
            value.push('\n');
            value.push_str(lines[index]);
            index += 1;
        }
        out.push_str(&format!("{}= ⟦{}⟧\n", name, accents(&value)));
    }
    out
}

/// Accent the letters outside `{ }` and `< >`; inside a selector, those of its variants.
fn accents(value: &str) -> String {
    if value.contains("->") {
        return value.lines().map(variant).collect::<Vec<_>>().join("\n");
    }
    let mut out = String::new();
    let (mut braces, mut tag) = (0_u32, false);
    for letter in value.chars() {
        match letter {
            '{' => braces += 1,
            '}' => braces = braces.saturating_sub(1),
            '<' => tag = true,
            _ => {}
        }
        out.push(if braces == 0 && !tag {
            accent(letter)
        } else {
            letter
        });
        if letter == '>' {
            tag = false;
        }
    }
    out
}

fn variant(line: &str) -> String {
    let trimmed = line.trim_start();
    if !(trimmed.starts_with('[') || trimmed.starts_with("*[")) {
        return line.to_owned();
    }
    match line.split_once(']') {
        Some((head, text)) => format!("{head}]{}", accents(text)),
        None => line.to_owned(),
    }
}

fn accent(letter: char) -> char {
    match letter {
        'a' => 'á',
        'e' => 'é',
        'i' => 'í',
        'o' => 'ó',
        'u' => 'ú',
        'y' => 'ý',
        'n' => 'ñ',
        'c' => 'ç',
        's' => 'š',
        'A' => 'Á',
        'E' => 'É',
        'I' => 'Í',
        'O' => 'Ó',
        'U' => 'Ú',
        other => other,
    }
}

#[test]
fn keeps_arguments_and_marks() {
    let converted = convert("k = Due <b>{ $time }</b> today\n");
    assert_eq!(converted, "k = ⟦Dúé <b>{ $time }</b> tódáý⟧\n");
    assert!(texts().get("error-summary-title").starts_with('⟦'));
}

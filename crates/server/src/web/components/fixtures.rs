//! For tests: the examples published in the GOV.UK Frontend package, and HTML put in one
//! form so that two spellings of the same markup compare equal.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

use std::path::PathBuf;

/// The published HTML of one example, or nothing where the packages are not installed
/// (run `cargo xtask assets` to install them).
pub fn published(component: &str, example: &str) -> Option<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("assets/node_modules/govuk-frontend/dist/govuk/components");
    let path = folder.join(component).join("fixtures.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: {component}/{example}: the npm packages are not installed");
        return None;
    };
    let parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
    let found = parsed["fixtures"]
        .as_array()
        .unwrap()
        .iter()
        .find(|fixture| fixture["name"] == example);
    Some(
        found.unwrap_or_else(|| panic!("{component} has no example {example}"))["html"]
            .as_str()
            .unwrap()
            .to_owned(),
    )
}

/// Assert that ours is the published markup, apart from spaces and the order of attributes.
pub fn assert_same(component: &str, example: &str, ours: &str) {
    if let Some(theirs) = published(component, example) {
        assert_eq!(normal(ours), normal(&theirs), "{component}: {example}");
    }
}

/// One token to a line: tags with sorted attributes, text with single spaces.
pub fn normal(html: &str) -> String {
    let mut lines = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        push_text(&mut lines, &rest[..at]);
        let end = tag_end(&rest[at..]) + at;
        lines.push(normal_tag(&rest[at + 1..end]));
        rest = &rest[end + 1..];
    }
    push_text(&mut lines, rest);
    lines.join("\n")
}

fn push_text(lines: &mut Vec<String>, text: &str) {
    let words: Vec<&str> = text.split_whitespace().collect();
    if !words.is_empty() {
        lines.push(
            words
                .join(" ")
                .replace("&#39;", "'")
                .replace("&#x27;", "'")
                .replace("&#34;", "&quot;"),
        );
    }
}

fn tag_end(tag: &str) -> usize {
    let mut quoted = false;
    for (index, letter) in tag.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '>' if !quoted => return index,
            _ => {}
        }
    }
    tag.len() - 1
}

fn normal_tag(tag: &str) -> String {
    let mut parts = Vec::new();
    let mut current = String::new();
    let mut quoted = false;
    for letter in tag.trim_end_matches('/').chars() {
        match letter {
            '"' => {
                quoted = !quoted;
                current.push(letter);
            }
            letter if letter.is_whitespace() && !quoted => {
                if !current.is_empty() {
                    parts.push(std::mem::take(&mut current));
                }
            }
            other => current.push(other),
        }
    }
    if !current.is_empty() {
        parts.push(current);
    }
    let name = parts.remove(0);
    let mut attributes: Vec<String> = parts
        .into_iter()
        .map(|part| part.trim_end_matches("=\"\"").to_owned())
        .map(|part| {
            if part.starts_with("class=") {
                part.split_whitespace().collect::<Vec<_>>().join(" ")
            } else {
                part
            }
        })
        .collect();
    attributes.sort();
    attributes.insert(0, name);
    format!("<{}>", attributes.join(" "))
}

#[test]
fn spelling_does_not_matter_but_content_does() {
    assert_eq!(
        normal("<p  b=\"2\" a=\"1\">x\n y</p>"),
        normal("<p a=\"1\" b=\"2\">x y</p>")
    );
    assert_ne!(normal("<p>x</p>"), normal("<p>y</p>"));
}

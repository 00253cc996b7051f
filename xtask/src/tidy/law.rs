//! Law to code to test: a `Law:` comment names an anchor of `docs/law.md`; an anchor that is relied on has code and test.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::Tree;
use super::{Finding, finding};

const FILE: &str = "docs/law.md";

/// Checks that anchors resolve both ways. Until `docs/law.md` exists there is nothing to resolve against.
pub fn check(tree: &Tree, found: &mut Vec<Finding>) {
    let Some(file) = tree.file(FILE) else { return };
    let listed = anchors(&file.text);
    let (mut code, mut tests) = (BTreeSet::new(), BTreeSet::new());
    for (file, scan) in tree.rust() {
        for ((line, comment), test) in (1..).zip(&scan.comments).zip(&scan.test) {
            let Some((_, names)) = comment.split_once("Law:") else {
                continue;
            };
            for name in names_in(names) {
                if !listed.contains_key(&name) {
                    found.push(finding(
                        &file.path,
                        line,
                        "law",
                        format!("`{name}` is not in {FILE}"),
                    ));
                }
                if *test {
                    tests.insert(name)
                } else {
                    code.insert(name)
                };
            }
        }
    }
    for file in tree
        .files
        .iter()
        .filter(|f| f.path.starts_with("rules/") && f.is(&[".toml", ".cedar"]))
    {
        for (line, text) in (1..).zip(file.text.lines()) {
            let row = text.trim_start();
            let key = row.strip_prefix("law").or_else(|| row.strip_prefix("authority"));
            let names = key.and_then(|rest| rest.trim_start().strip_prefix('='));
            for name in names.map(names_in).unwrap_or_default() {
                if !listed.contains_key(&name) {
                    found.push(finding(
                        &file.path,
                        line,
                        "law",
                        format!("`{name}` is not in {FILE}"),
                    ));
                }
                code.insert(name);
            }
        }
    }
    for (name, (line, relied)) in listed.iter().filter(|(_, (_, relied))| *relied) {
        let missing = match (code.contains(name), tests.contains(name)) {
            (true, true) => continue,
            (false, _) => "no code or rule",
            (true, false) => "no test",
        };
        debug_assert!(relied);
        found.push(finding(
            FILE,
            *line,
            "law",
            format!("`{name}` is relied on and has {missing}"),
        ));
    }
}

/// The anchors of the law file, with their lines, and whether each is relied on: `<a id="NAME"></a>`, and the words
/// "not relied on" in the same paragraph when it is listed for reading only.
fn anchors(text: &str) -> BTreeMap<String, (usize, bool)> {
    let mut out = BTreeMap::new();
    let lines: Vec<&str> = text.lines().collect();
    for (place, line) in lines.iter().enumerate() {
        for part in line.split("<a id=\"").skip(1) {
            let Some((name, _)) = part.split_once('"') else {
                continue;
            };
            let paragraph = lines.iter().skip(place).take_while(|l| !l.trim().is_empty());
            let relied = !paragraph
                .clone()
                .any(|l| l.to_lowercase().contains("not relied on"));
            out.insert(name.to_owned(), (place + 1, relied));
        }
    }
    out
}

/// The anchors named in a comment or a value: words with a capital, a hyphen and a digit or a letter.
fn names_in(text: &str) -> Vec<String> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')))
        .filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()) && word.contains('-'))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_is_looked_up_both_ways() {
        let tree = Tree::of(&[
            (
                "docs/law.md",
                "<a id=\"CA1989-s47-1\"></a> Enquiries.\n\n<a id=\"CA2004-s11\"></a> Not relied on.\n",
            ),
            (
                "crates/domain/src/a.rs",
                "//! H.\n// Law: CA1989-s47-1\n// Law: CA1989-s99\n",
            ),
        ]);
        let mut found = Vec::new();
        check(&tree, &mut found);
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "crates/domain/src/a.rs:3: law: `CA1989-s99` is not in docs/law.md",
                "docs/law.md:1: law: `CA1989-s47-1` is relied on and has no test"
            ]
        );
    }
}

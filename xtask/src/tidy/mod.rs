//! `cargo xtask tidy`: rules of the repository that no compiler keeps. Also a test, so that they cannot be forgotten.
//!
//! It reads files and nothing else. What may stand out for now is listed, with a number that may only go down, in
//! `xtask/tidy-exceptions.txt`.

mod content;
mod crates;
mod exceptions;
mod law;
mod scan;
mod size;
mod tree;

use std::fmt;
use std::path::{Path, PathBuf};

use exceptions::Exceptions;
use tree::Tree;

/// One broken rule: where, and what.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Finding {
    path: String,
    line: usize,
    rule: &'static str,
    text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.path, self.line, self.rule, self.text)
    }
}

/// A finding at a line (from 1) of a file.
fn finding(path: &str, line: usize, rule: &'static str, text: impl Into<String>) -> Finding {
    Finding {
        path: path.to_owned(),
        line,
        rule,
        text: text.into(),
    }
}

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every broken rule in the repository at `root`, in order.
///
/// # Errors
/// When the files cannot be listed or read.
pub fn findings(root: &Path) -> Result<Vec<Finding>, String> {
    let tree = Tree::read(root)?;
    let mut exceptions = Exceptions::read(&tree)?;
    let mut found = Vec::new();
    size::check(&tree, &mut exceptions, &mut found);
    content::check(&tree, &exceptions, &mut found);
    crates::check(&tree, &mut found);
    law::check(&tree, &mut found);
    exceptions.unused(&mut found);
    found.sort();
    Ok(found)
}

/// Prints what is broken.
///
/// # Errors
/// When anything is.
pub fn run() -> Result<(), String> {
    let found = findings(&root())?;
    if found.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
    Err(format!(
        "{}\ntidy: {} to put right",
        lines.join("\n"),
        found.len()
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;

    #[test]
    fn the_repository_is_tidy() {
        if let Err(message) = run() {
            panic!("{message}");
        }
    }

    /// What the rules say of one file at `path`.
    fn about(path: &str, text: &str) -> Vec<String> {
        let tree = Tree::of(&[(path, text)]);
        let mut found = Vec::new();
        let mut exceptions = Exceptions::default();
        size::check(&tree, &mut exceptions, &mut found);
        content::check(&tree, &exceptions, &mut found);
        crates::check(&tree, &mut found);
        found.iter().map(|f| format!("{} {}", f.line, f.rule)).collect()
    }

    const HERE: &str = "crates/node/src/a.rs";

    #[test]
    fn a_file_begins_with_a_header() {
        assert_eq!(about(HERE, "fn a() {}\n"), ["1 header"]);
        assert_eq!(about(HERE, "//! Says what.\nfn a() {}\n"), [""; 0]);
    }

    #[test]
    fn a_long_function_is_found_and_a_long_comment_is_not_one() {
        let body = "    let x = 1;\n".repeat(70);
        assert_eq!(
            about(HERE, &format!("//! H.\nfn long() {{\n{body}}}\n")),
            ["2 function"]
        );
        let short = "    let x = 1;\n".repeat(68);
        assert_eq!(
            about(HERE, &format!("//! H.\nfn short() {{\n{short}}}\n")),
            [""; 0]
        );
        let text = "    // fn long() {\n".repeat(80);
        assert_eq!(
            about(HERE, &format!("//! H.\n{text}const S: &str = \"fn x() {{\";\n")),
            [""; 0]
        );
    }

    #[test]
    fn tests_do_not_count_toward_the_length_of_a_file() {
        let tests = format!(
            "#[cfg(test)]\nmod tests {{\n{}}}\n",
            "    const X: u8 = 1;\n".repeat(600)
        );
        assert_eq!(about(HERE, &format!("//! H.\n{tests}")), [""; 0]);
        let code = "const X: u8 = 1;\n".repeat(600);
        assert_eq!(about(HERE, &format!("//! H.\n{code}")), ["1 file"]);
    }

    #[test]
    fn what_does_not_belong_is_found() {
        let with = |line: &str| about(HERE, &format!("//! H.\n{line}\n"));
        assert_eq!(with("use cedar_policy::Schema;"), ["2 cedar"]);
        assert_eq!(with("// cedar_policy is not named here"), [""; 0]);
        assert_eq!(
            with("static SEEN: Mutex<Vec<u8>> = Mutex::new(Vec::new());"),
            ["2 static"]
        );
        assert_eq!(with("static NAMES: [&str; 1] = [\"a\"];"), [""; 0]);
        let real = ["943", "476", "5919"].concat();
        assert_eq!(with(&format!("const N: &str = \"{real}\";")), ["2 nhs-number"]);
        let spaced = ["943", "476", "5919"].join(" ");
        assert_eq!(with(&format!("const N: &str = \"{spaced}\";")), ["2 nhs-number"]);
        assert_eq!(with("const N: &str = \"9990000018\";"), [""; 0]);
        let home = ["", "home", "someone", "file"].join("/");
        assert_eq!(with(&format!("const P: &str = \"{home}\";")), ["2 machine-path"]);
        assert_eq!(
            about("crates/server/templates/a.html", "<p>{{ text|safe }}</p>\n"),
            ["1 raw-html"]
        );
        assert_eq!(about("crates/node/src/utils.rs", "//! H.\n"), ["1 name"]);
    }

    #[test]
    fn a_dependency_against_the_direction_is_found() {
        let text = "[package]\nname = \"domain\"\n\n[dependencies]\nledger.workspace = true\n";
        assert_eq!(about("crates/domain/Cargo.toml", text), ["5 dependency"]);
        let text = "[package]\nname = \"node\"\n\n[dependencies]\nledger.workspace = true\n";
        assert_eq!(about("crates/node/Cargo.toml", text), [""; 0]);
        let text = "[package]\nname = \"server\"\n\n[dependencies]\ncedar-policy.workspace = true\n";
        assert_eq!(about("crates/server/Cargo.toml", text), ["5 cedar"]);
    }
}

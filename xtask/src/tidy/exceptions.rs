//! What may stand out for now, in `xtask/tidy-exceptions.txt`: `rule path number reason`, one a line.
//!
//! The number may only go down: a file that has become shorter must have its number lowered, and an exception that is
//! no longer needed must go.

use std::collections::BTreeMap;

use super::tree::Tree;
use super::{Finding, finding};

/// The file that lists them.
pub const FILE: &str = "xtask/tidy-exceptions.txt";

/// The listed exceptions, and those that were needed.
#[derive(Default)]
pub struct Exceptions {
    listed: BTreeMap<(String, String), (usize, usize)>,
    needed: Vec<(String, String)>,
}

impl Exceptions {
    /// Reads the list.
    ///
    /// # Errors
    /// When a line has no number or no reason.
    pub fn read(tree: &Tree) -> Result<Self, String> {
        let mut out = Self::default();
        let Some(file) = tree.file(FILE) else {
            return Ok(out);
        };
        for (line, text) in (1..).zip(file.text.lines()) {
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let mut words = text.split_whitespace();
            let rule = words.next().unwrap_or_default().to_owned();
            let path = words.next().unwrap_or_default().to_owned();
            let number = words.next().and_then(|word| word.parse().ok());
            let (Some(number), Some(_reason)) = (number, words.next()) else {
                return Err(format!("{FILE}:{line}: an exception is: rule path number reason"));
            };
            out.listed.insert((rule, path), (number, line));
        }
        Ok(out)
    }

    /// Judges `count` for `rule` at `path` where `most` is usual: found, unless listed with exactly this number.
    pub fn judge(
        &mut self,
        rule: &'static str,
        path: &str,
        line: usize,
        count: usize,
        most: usize,
    ) -> Option<Finding> {
        if count <= most {
            return None;
        }
        let key = (rule.to_owned(), path.to_owned());
        let listed = self.listed.get(&key).map(|(number, _)| *number);
        self.needed.push(key);
        match listed {
            Some(number) if count == number => None,
            Some(number) if count < number => Some(finding(
                path,
                line,
                rule,
                format!("{count} now: lower the number in {FILE} from {number}"),
            )),
            _ => Some(finding(path, line, rule, format!("{count}, and at most {most}"))),
        }
    }

    /// Whether `path` is listed at all under `rule`.
    pub fn lists(&self, rule: &str, path: &str) -> bool {
        self.listed.contains_key(&(rule.to_owned(), path.to_owned()))
    }

    /// Exceptions that nothing needs.
    pub fn unused(&self, found: &mut Vec<Finding>) {
        for ((rule, path), (_, line)) in &self.listed {
            let counted = matches!(rule.as_str(), "function" | "file");
            if counted && !self.needed.iter().any(|(r, p)| r == rule && p == path) {
                found.push(finding(
                    FILE,
                    *line,
                    "exception",
                    format!("{path} no longer needs it"),
                ));
            }
        }
    }
}

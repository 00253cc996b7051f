//! What a command found, in words and as an exit code: 0 it holds, 1 it does not match, 2 it cannot be checked.

use std::io::Write;
use std::process::ExitCode;

/// The end of a command, with the lines that explain it.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A check that held. Exit code 0.
    Holds(Vec<String>),
    /// Something was done that needs no verdict. Exit code 0.
    Done(Vec<String>),
    /// Something has been changed. Exit code 1.
    DoesNotMatch(String),
    /// It cannot be decided with what is at hand. Exit code 2.
    CannotCheck(String),
}

impl Outcome {
    /// Prints and gives the exit code. What a command found goes to standard output, why it could not to standard error.
    pub fn finish(self) -> ExitCode {
        let (first, lines, code) = match self {
            Outcome::Holds(lines) => (Some("Has not changed."), lines, 0),
            Outcome::Done(lines) => (None, lines, 0),
            Outcome::DoesNotMatch(why) => (Some("Does not match."), vec![why], 1),
            Outcome::CannotCheck(why) => (Some("Cannot check now."), vec![why], 2),
        };
        let mut text = String::new();
        for line in first.into_iter().chain(lines.iter().map(String::as_str)) {
            text.push_str(line);
            text.push('\n');
        }
        // A closed pipe is no reason to change the exit code.
        let _ = if code == 2 {
            std::io::stderr().write_all(text.as_bytes())
        } else {
            std::io::stdout().write_all(text.as_bytes())
        };
        ExitCode::from(code)
    }
}

/// A sentence: a capital first and a full stop last.
pub fn sentence(error: &impl ToString) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let capital: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{capital}{}.", letters.as_str())
}

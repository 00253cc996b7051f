//! Running one step: its header, its tool's own words, what it came to, and the sum at the end.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Says one line.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// What a step came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    passed: usize,
    failed: usize,
    skipped: usize,
    left_out: Option<String>,
}

impl Outcome {
    /// One thing, and it passed.
    pub fn passed() -> Self {
        Self {
            passed: 1,
            ..Self::ready()
        }
    }

    /// One thing, and it failed.
    pub fn failed() -> Self {
        Self {
            failed: 1,
            ..Self::ready()
        }
    }

    /// Nothing was tested: something was made ready.
    pub const fn ready() -> Self {
        Self {
            passed: 0,
            failed: 0,
            skipped: 0,
            left_out: None,
        }
    }

    /// It could not be run, and why.
    pub fn left_out(reason: String) -> Self {
        Self {
            left_out: Some(reason),
            ..Self::ready()
        }
    }

    /// Passed if `well`.
    pub fn of(well: bool) -> Self {
        if well { Self::passed() } else { Self::failed() }
    }
}

/// All steps together.
#[derive(Default)]
pub struct Tally {
    passed: usize,
    failed: usize,
    skipped: usize,
    left_out: Vec<String>,
    wrong: Vec<String>,
}

impl Tally {
    /// Runs one step and says how it ended.
    pub fn step(&mut self, name: &str, work: impl FnOnce() -> Outcome) {
        say(&format!("\n== {name}"));
        let start = Instant::now();
        let outcome = work();
        let took = start.elapsed().as_secs();
        match &outcome.left_out {
            Some(reason) => {
                say(&format!("   {name}: left out: {reason}"));
                self.left_out.push(reason.clone());
            }
            None if outcome.failed > 0 => {
                say(&format!("   {name}: FAILED ({took} s)"));
                self.wrong.push(name.to_owned());
            }
            None => say(&format!("   {name}: well ({took} s)")),
        }
        self.passed += outcome.passed;
        self.failed += outcome.failed;
        self.skipped += outcome.skipped;
    }

    /// Says what was left out and the sum, last.
    ///
    /// # Errors
    /// When something failed, or was left out and `whole` asks for all. The error is empty: the sum is the last line.
    pub fn end(self, whole: bool) -> Result<(), String> {
        if !self.left_out.is_empty() {
            say("\nLeft out:");
            self.left_out
                .iter()
                .for_each(|reason| say(&format!("- {reason}")));
        }
        let short = if whole { self.left_out.len() } else { 0 };
        if !self.wrong.is_empty() {
            say(&format!("\nFailed: {}.", self.wrong.join(", ")));
        }
        let failed = self.failed + short;
        say(&format!(
            "\n{} passed, {failed} failed, {} skipped",
            self.passed, self.skipped
        ));
        if failed == 0 { Ok(()) } else { Err(String::new()) }
    }
}

/// Whether a program starts and succeeds, silently.
pub fn works(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Runs cargo with its own output; passed when it succeeds.
pub fn cargo(root: &Path, arguments: &[&str]) -> Outcome {
    Outcome::of(succeeds(root, "cargo", arguments, &[]))
}

/// Runs a program with its own output.
pub fn succeeds(root: &Path, program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> bool {
    let status = Command::new(program)
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(root)
        .stdin(Stdio::null())
        .status();
    match status {
        Ok(status) => status.success(),
        Err(error) => {
            say(&format!("   cannot start {program}: {error}"));
            false
        }
    }
}

/// Runs a program whose lines are passed on and whose own counts are summed. When it gives none it counts as one.
pub fn counted(root: &Path, program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Outcome {
    let child = Command::new(program)
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        say(&format!("   cannot start {program}"));
        return Outcome::failed();
    };
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let mut sum = Outcome::ready();
    let counts: Vec<Outcome> = std::thread::scope(|scope| {
        let first = scope.spawn(|| out.map(pass_on).unwrap_or_default());
        let second = err.map(pass_on).unwrap_or_default();
        let mut all = first.join().unwrap_or_default();
        all.extend(second);
        all
    });
    let well = child.wait().is_ok_and(|status| status.success());
    for count in counts {
        sum.passed += count.passed;
        sum.failed += count.failed;
        sum.skipped += count.skipped;
    }
    if !well && sum.failed == 0 {
        sum.failed = 1;
    } else if well && sum.passed == 0 {
        sum.passed = 1;
    }
    sum
}

fn pass_on(stream: impl std::io::Read) -> Vec<Outcome> {
    let mut counts = Vec::new();
    for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        say(&line);
        counts.extend(count_in(&line));
    }
    counts
}

/// The counts in a line that sums up: nextest's `Summary`, cargo's `test result:`, or `N passed, M failed`.
fn count_in(line: &str) -> Option<Outcome> {
    let plain = without_colour(line);
    let text = plain.trim_start();
    let sums = text.starts_with("Summary [") || text.starts_with("test result:");
    let bare = text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(" passed");
    if !sums && !bare {
        return None;
    }
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '.'))
        .filter(|word| !word.is_empty())
        .collect();
    let before = |names: &[&str]| {
        words
            .windows(2)
            .filter_map(|pair| match pair {
                [number, name] if names.contains(name) => number.parse::<usize>().ok(),
                _ => None,
            })
            .sum()
    };
    Some(Outcome {
        passed: before(&["passed"]),
        failed: before(&["failed"]),
        skipped: before(&["skipped", "ignored"]),
        left_out: None,
    })
}

fn without_colour(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line.chars();
    while let Some(character) = rest.next() {
        if character == '\u{1b}' {
            let _ = rest.find(|c| c.is_ascii_alphabetic());
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(line: &str) -> Option<(usize, usize, usize)> {
        count_in(line).map(|o| (o.passed, o.failed, o.skipped))
    }

    #[test]
    fn every_tools_own_sum_is_read() {
        assert_eq!(
            counts("     Summary [   0.290s] 7 tests run: 6 passed (1 slow), 1 failed, 2 skipped"),
            Some((6, 1, 2))
        );
        assert_eq!(
            counts(
                "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s"
            ),
            Some((3, 0, 1))
        );
        assert_eq!(counts("21 passed, 0 failed"), Some((21, 0, 0)));
        assert_eq!(
            counts("\u{1b}[32m     Summary\u{1b}[0m [ 1s] 7 tests run: 7 passed, 0 skipped"),
            Some((7, 0, 0))
        );
        assert_eq!(counts("PASS  Go accepts the log"), None);
    }

    #[test]
    fn what_is_left_out_fails_only_when_all_was_asked_for() {
        let tally = || {
            let mut tally = Tally::default();
            tally.step("one", Outcome::passed);
            tally.step("two", || Outcome::left_out("no browser".to_owned()));
            tally
        };
        assert_eq!(tally().end(false), Ok(()));
        assert!(tally().end(true).is_err());
    }
}

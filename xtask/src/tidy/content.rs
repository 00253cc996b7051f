//! What may not stand in a file: no header, Cedar out of place, statics that change, real-looking NHS numbers, paths of
//! one machine, raw HTML, tests that sleep, names that say nothing.

use super::exceptions::Exceptions;
use super::scan::{Scan, find_word, is_word};
use super::tree::{File, Tree};
use super::{Finding, finding};

/// Runs every rule about content.
pub fn check(tree: &Tree, exceptions: &Exceptions, found: &mut Vec<Finding>) {
    for file in &tree.files {
        if let Some(scan) = &file.rust {
            header(tree, file, found);
            name(file, found);
            cedar(file, scan, found);
            statics(file, scan, found);
            sleeps(file, scan, found);
        }
        if file.path != super::exceptions::FILE {
            nhs_numbers(file, exceptions, found);
            machine_paths(file, exceptions, found);
        }
        raw_html(file, exceptions, found);
    }
}

/// Every file says at its top what it is; a module of tests may have its sentence where `main.rs` declares it.
fn header(tree: &Tree, file: &File, found: &mut Vec<Finding>) {
    let first = file.text.lines().find(|line| !line.trim().is_empty());
    let (folder, name) = file.path.rsplit_once('/').unwrap_or_default();
    let declared = format!("mod {};", name.trim_end_matches(".rs"));
    let told = tree.file(&format!("{folder}/main.rs")).is_some_and(|main| {
        let lines: Vec<&str> = main.text.lines().map(str::trim).collect();
        let told =
            |pair: &[&str]| matches!(pair, [above, line] if above.starts_with("///") && *line == declared);
        folder.contains("/tests/") && lines.windows(2).any(told)
    });
    if !told && !first.is_some_and(|line| line.starts_with("//!")) {
        found.push(finding(
            &file.path,
            1,
            "header",
            "begin with a `//!` line that says what this is",
        ));
    }
}

fn name(file: &File, found: &mut Vec<Finding>) {
    let bad = [
        "utils", "util", "common", "helpers", "helper", "types", "models", "misc",
    ];
    let parts = file.path.split('/').map(|part| part.trim_end_matches(".rs"));
    for part in parts.filter(|part| bad.contains(part)) {
        found.push(finding(
            &file.path,
            1,
            "name",
            format!("`{part}` says nothing about what is inside"),
        ));
    }
}

fn cedar(file: &File, scan: &Scan, found: &mut Vec<Finding>) {
    if file.path.starts_with("crates/domain/src/policy/") {
        return;
    }
    let crate_name = concat!("cedar_", "policy");
    for (line, code) in (1..).zip(&scan.code) {
        if find_word(code, crate_name).is_some() {
            found.push(finding(
                &file.path,
                line,
                "cedar",
                "is named in domain::policy alone",
            ));
        }
    }
}

fn statics(file: &File, scan: &Scan, found: &mut Vec<Finding>) {
    let changing = ["Mutex", "RwLock", "Atomic", "Cell<", "mut "];
    for (line, code) in scan.shipped() {
        let declared = find_word(code, "static").and_then(|at| code.get(at + "static".len()..));
        let bad = declared.is_some_and(|rest| {
            rest.starts_with(' ') && rest.contains(':') && changing.iter().any(|word| rest.contains(word))
        });
        if bad || find_word(code, "thread_local").is_some() {
            found.push(finding(
                &file.path,
                line,
                "static",
                "nothing global may change: pass it in",
            ));
        }
    }
}

fn sleeps(file: &File, scan: &Scan, found: &mut Vec<Finding>) {
    for (line, (code, test)) in (1..).zip(scan.code.iter().zip(&scan.test)) {
        if *test && (code.contains("thread::sleep(") || code.contains("time::sleep(")) {
            found.push(finding(
                &file.path,
                line,
                "sleep",
                "a test that waits is slow on a good day and wrong on a bad one",
            ));
        }
    }
}

/// Runs of ten digits, plain or as 3-3-4, that pass the NHS check and are outside the test range 999. Digits that merely
/// count up or down, and telephone numbers of drama, are nobody's.
fn nhs_numbers(file: &File, exceptions: &Exceptions, found: &mut Vec<Finding>) {
    if exceptions.lists("nhs-number", &file.path) {
        return;
    }
    for (line, text) in (1..).zip(file.text.lines()) {
        if digits_in(text).iter().any(|digits| is_real_looking(digits)) {
            found.push(finding(&file.path, line, "nhs-number", "use the test range 999"));
        }
    }
}

/// Every free-standing group of ten digits in a line.
fn digits_in(line: &str) -> Vec<Vec<u32>> {
    let characters: Vec<char> = line.chars().collect();
    let at = |place: usize| characters.get(place).copied().unwrap_or(' ');
    let mut out = Vec::new();
    let mut place = 0;
    while place < characters.len() {
        let before = place.checked_sub(1).map_or(' ', at);
        if !at(place).is_ascii_digit() || is_word(before) || matches!(before, '.' | '-' | '+' | '/') {
            place += 1;
            continue;
        }
        let mut digits = Vec::new();
        let mut next = place;
        while at(next).is_ascii_digit()
            || (matches!(at(next), ' ' | '-')
                && matches!(digits.len(), 3 | 6)
                && at(next + 1).is_ascii_digit())
        {
            digits.extend(at(next).to_digit(10));
            next += 1;
        }
        if digits.len() == 10 && !is_word(at(next)) && !(at(next) == '.' && at(next + 1).is_ascii_digit()) {
            out.push(digits);
        }
        place = next.max(place + 1);
    }
    out
}

fn is_real_looking(digits: &[u32]) -> bool {
    let [body @ .., check] = digits else { return false };
    let sum: u32 = body
        .iter()
        .zip((2..=10_u32).rev())
        .map(|(d, weight)| d * weight)
        .sum();
    let expected = (11 - sum % 11) % 11;
    let drama = [[1, 6, 3, 2, 9, 6, 0], [7, 7, 0, 0, 9, 0, 0]];
    let phone = drama.iter().any(|start| digits.starts_with(start));
    let step = |pair: &[u32]| match pair {
        [a, b] => (10 + b - a) % 10,
        _ => 0,
    };
    let first = digits.windows(2).next().map(step);
    let counts = matches!(first, Some(0 | 1 | 9)) && digits.windows(2).all(|pair| Some(step(pair)) == first);
    let varied = !phone && !counts;
    varied && expected == *check && !digits.starts_with(&[9, 9, 9])
}

fn machine_paths(file: &File, exceptions: &Exceptions, found: &mut Vec<Finding>) {
    if exceptions.lists("machine-path", &file.path) {
        return;
    }
    let roots = ["home", "root", "Users", "work"].map(|root| format!("/{root}/"));
    for (line, text) in (1..).zip(file.text.lines()) {
        let bad = roots.iter().any(|root| {
            text.match_indices(root.as_str()).any(|(start, _)| {
                let before = text.get(..start).and_then(|t| t.chars().next_back());
                before.is_none_or(|c| {
                    c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '(' | '=' | ':' | '[')
                })
            })
        });
        if bad {
            found.push(finding(
                &file.path,
                line,
                "machine-path",
                "a path that only one machine has",
            ));
        }
    }
}

fn raw_html(file: &File, exceptions: &Exceptions, found: &mut Vec<Finding>) {
    let template = file.is(&[".html", ".txt"]) && file.path.starts_with("crates/server/");
    if !template || exceptions.lists("raw-html", &file.path) {
        return;
    }
    for (line, text) in (1..).zip(file.text.lines()) {
        let squeezed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if squeezed.contains("|safe") || squeezed.contains("autoescapefalse") {
            found.push(finding(
                &file.path,
                line,
                "raw-html",
                "text is escaped everywhere; see STYLE.md",
            ));
        }
    }
}

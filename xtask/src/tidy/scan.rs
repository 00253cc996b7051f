//! Rust taken apart far enough for these rules: code without comments and without what strings say, line by line,
//! and which lines are tests. It knows comments, strings, raw strings and characters; it is not a parser.

/// A Rust file taken apart.
pub struct Scan {
    /// Each line's code: comments and the insides of strings are blank.
    pub code: Vec<String>,
    /// Each line's comment text.
    pub comments: Vec<String>,
    /// Whether each line is test code.
    pub test: Vec<bool>,
    /// Each function: its name, its first and its last line, from 1.
    pub functions: Vec<(String, usize, usize)>,
}

enum State {
    Code,
    Line,
    Block(usize),
    Text,
    Raw(usize),
}

impl Scan {
    /// Takes `text` apart. `all_test` says that the whole file is test code.
    pub fn of(text: &str, all_test: bool) -> Self {
        let (code, comments) = separate(text);
        let test = if all_test {
            vec![true; code.len()]
        } else {
            test_lines(&code)
        };
        let functions = functions(&code);
        Self {
            code,
            comments,
            test,
            functions,
        }
    }

    /// The lines of code that are not tests, with their numbers from 1.
    pub fn shipped(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..)
            .zip(self.code.iter().zip(&self.test))
            .filter(|(_, (_, test))| !**test)
            .map(|(number, (code, _))| (number, code.as_str()))
    }
}

fn separate(text: &str) -> (Vec<String>, Vec<String>) {
    let characters: Vec<char> = text.chars().collect();
    let at = |place: usize| characters.get(place).copied().unwrap_or('\0');
    let (mut code, mut comments) = (vec![String::new()], vec![String::new()]);
    let mut state = State::Code;
    let mut place = 0_usize;
    while place < characters.len() {
        let (here, next) = (at(place), at(place + 1));
        if here == '\n' {
            if matches!(state, State::Line) {
                state = State::Code;
            }
            code.push(String::new());
            comments.push(String::new());
            place += 1;
            continue;
        }
        let (shown, said, step, after) = match &state {
            State::Code => in_code(&characters, place),
            State::Line => (' ', here, 1, State::Line),
            State::Block(depth) => match (here, next) {
                ('*', '/') if *depth == 1 => (' ', ' ', 2, State::Code),
                ('*', '/') => (' ', ' ', 2, State::Block(depth - 1)),
                ('/', '*') => (' ', ' ', 2, State::Block(depth + 1)),
                _ => (' ', here, 1, State::Block(*depth)),
            },
            State::Text if here == '\\' && next != '\n' => (' ', ' ', 2, State::Text),
            State::Text if here == '"' => ('"', ' ', 1, State::Code),
            State::Text => (' ', ' ', 1, State::Text),
            State::Raw(hashes) => {
                let ends = here == '"' && (1..=*hashes).all(|more| at(place + more) == '#');
                if ends {
                    ('"', ' ', hashes + 1, State::Code)
                } else {
                    (' ', ' ', 1, State::Raw(*hashes))
                }
            }
        };
        if let (Some(line), Some(comment)) = (code.last_mut(), comments.last_mut()) {
            line.push(shown);
            comment.push(said);
        }
        place += step;
        state = after;
    }
    (code, comments)
}

/// One step through code: what to show as code, as comment, how far to go and what comes after.
fn in_code(characters: &[char], place: usize) -> (char, char, usize, State) {
    let at = |place: usize| characters.get(place).copied().unwrap_or('\0');
    let (here, next) = (at(place), at(place + 1));
    let before = place.checked_sub(1).map_or('\0', at);
    match (here, next) {
        ('/', '/') => (' ', ' ', 2, State::Line),
        ('/', '*') => (' ', ' ', 2, State::Block(1)),
        ('"', _) => ('"', ' ', 1, State::Text),
        ('r', '"' | '#') if !is_word(before) || before == 'b' => {
            let hashes = (1..).take_while(|more| at(place + more) == '#').count();
            if at(place + 1 + hashes) == '"' {
                ('"', ' ', hashes + 2, State::Raw(hashes))
            } else {
                (here, ' ', 1, State::Code)
            }
        }
        ('\'', '\\') => {
            let end = (3..12).find(|more| at(place + more) == '\'').unwrap_or(1);
            (' ', ' ', end + 1, State::Code)
        }
        ('\'', _) if at(place + 2) == '\'' => (' ', ' ', 3, State::Code),
        _ => (here, ' ', 1, State::Code),
    }
}

/// Whether a character can be part of a name.
pub fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Where `word` stands in `line` as a whole word.
pub fn find_word(line: &str, word: &str) -> Option<usize> {
    line.match_indices(word)
        .find(|(start, _)| {
            let before = line.get(..*start).and_then(|t| t.chars().next_back());
            let after = line.get(start + word.len()..).and_then(|t| t.chars().next());
            !before.is_some_and(is_word) && !after.is_some_and(is_word)
        })
        .map(|(start, _)| start)
}

/// The line (from 0) where the brace opened at or after `start` closes, and whether one opened before a `;`.
fn close_of(code: &[String], start: usize, from: usize) -> Option<usize> {
    let (mut depth, mut nested) = (0_usize, 0_usize);
    for (number, line) in code.iter().enumerate().skip(start) {
        let skip = if number == start { from } else { 0 };
        for character in line.chars().skip(skip) {
            match character {
                '{' => depth += 1,
                '}' if depth == 1 => return Some(number),
                '}' => depth = depth.saturating_sub(1),
                '(' | '[' if depth == 0 => nested += 1,
                ')' | ']' if depth == 0 => nested = nested.saturating_sub(1),
                ';' if depth == 0 && nested == 0 => return None,
                _ => {}
            }
        }
    }
    None
}

fn functions(code: &[String]) -> Vec<(String, usize, usize)> {
    let mut out = Vec::new();
    for (number, line) in code.iter().enumerate() {
        let Some(start) = find_word(line, "fn") else {
            continue;
        };
        let rest = line.get(start + 2..).unwrap_or_default().trim_start();
        let name: String = rest.chars().take_while(|c| is_word(*c)).collect();
        if name.is_empty() {
            continue;
        }
        let from = line.get(..start).map_or(0, |t| t.chars().count());
        if let Some(end) = close_of(code, number, from) {
            out.push((name, number + 1, end + 1));
        }
    }
    out
}

fn test_lines(code: &[String]) -> Vec<bool> {
    let mut test = vec![false; code.len()];
    let mut number = 0;
    while number < code.len() {
        let is_test = code
            .get(number)
            .is_some_and(|line| line.trim_start().starts_with("#[cfg(test)]"));
        if !is_test {
            number += 1;
            continue;
        }
        let end = close_of(code, number, 0).unwrap_or(number + 1);
        for line in test.iter_mut().take(end + 1).skip(number) {
            *line = true;
        }
        number = end + 1;
    }
    test
}

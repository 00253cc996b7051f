//! Splitting a block of delimited text into fields (RFC 4180), dictionary-coding as it goes.
#![expect(
    clippy::indexing_slicing,
    reason = "positions come from scanning the same slice"
)]

use super::Target;
use crate::{
    LinkError,
    table::{Dictionary, Strings},
};
use std::borrow::Cow;

/// One field may not be longer than this many bytes.
pub(super) const LONGEST_FIELD: usize = 1 << 20;

/// The outcome of one block: local dictionaries, merged in order later.
#[derive(Default)]
pub(super) struct Block {
    pub ids: Strings,
    pub columns: Vec<(Dictionary, Vec<u32>)>,
    pub lines: u64,
    pub skipped: u64,
}

/// What is wrong with a row: line within the block (from 0), field number, words.
pub(super) struct Bad {
    pub line: u64,
    pub field: Option<usize>,
    pub problem: String,
}

/// A field: its bytes and the position after its delimiter; `None` as position means end of row.
struct Field<'a> {
    value: Cow<'a, [u8]>,
    next: usize,
    last: bool,
    newlines: u64,
}

fn trim(mut v: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = v
        && first.is_ascii_whitespace()
    {
        v = rest;
    }
    while let [rest @ .., last] = v
        && last.is_ascii_whitespace()
    {
        v = rest;
    }
    v
}

fn plain(text: &[u8], from: usize, delimiter: u8) -> Result<Field<'_>, &'static str> {
    let rest = &text[from..];
    let end = memchr::memchr2(delimiter, b'\n', rest).unwrap_or(rest.len());
    let last = end == rest.len() || rest[end] == b'\n';
    let value = trim(&rest[..end]);
    if memchr::memchr(b'"', value).is_some() && value.first() == Some(&b'"') {
        return Err("text after a closing quote");
    }
    Ok(Field {
        value: Cow::Borrowed(value),
        next: from + end + 1,
        last,
        newlines: u64::from(last),
    })
}

fn quoted(text: &[u8], open: usize, delimiter: u8) -> Result<Field<'_>, &'static str> {
    let mut at = open + 1;
    let mut out: Cow<'_, [u8]> = Cow::Borrowed(&[]);
    let mut from = at;
    let mut newlines = 0;
    loop {
        let Some(k) = memchr::memchr(b'"', &text[at..]) else {
            return Err("a quoted field is never closed");
        };
        newlines += memchr::memchr_iter(b'\n', &text[at..at + k]).count() as u64;
        at += k;
        if text.get(at + 1) == Some(&b'"') {
            out.to_mut().extend_from_slice(&text[from..=at]);
            at += 2;
            from = at;
            continue;
        }
        break;
    }
    let value = if out.is_empty() {
        Cow::Borrowed(trim(&text[from..at]))
    } else {
        out.to_mut().extend_from_slice(&text[from..at]);
        Cow::Owned(trim(&out).to_vec())
    };
    at += 1;
    while at < text.len() && matches!(text[at], b' ' | b'\r') && text[at] != delimiter {
        at += 1;
    }
    if at >= text.len() || text[at] == b'\n' {
        return Ok(Field {
            value,
            next: at + 1,
            last: true,
            newlines: newlines + 1,
        });
    }
    if text[at] == delimiter {
        return Ok(Field {
            value,
            next: at + 1,
            last: false,
            newlines,
        });
    }
    Err("text after a closing quote")
}

fn field(text: &[u8], from: usize, delimiter: u8) -> Result<Field<'_>, &'static str> {
    let mut at = from;
    while at < text.len() && text[at] == b' ' && text[at] != delimiter {
        at += 1;
    }
    if at < text.len() && text[at] == b'"' {
        quoted(text, at, delimiter)
    } else {
        plain(text, from, delimiter)
    }
}

/// Splits the first row of a text into owned strings, and says where the next row starts.
pub(super) fn header(text: &[u8], delimiter: u8) -> Result<(Vec<String>, usize), &'static str> {
    let mut out = Vec::new();
    let mut at = 0;
    loop {
        let f = field(text, at, delimiter)?;
        out.push(String::from_utf8_lossy(&f.value).into_owned());
        at = f.next;
        if f.last {
            return Ok((out, at.min(text.len())));
        }
    }
}

/// Parses a block made of whole rows.
///
/// A row is checked completely before any of its fields is stored, so a skipped row leaves no trace.
pub(super) fn parse(
    text: &[u8],
    delimiter: u8,
    targets: &[Target],
    columns: usize,
    skip_bad: bool,
) -> Result<Result<Block, Bad>, LinkError> {
    let mut block = Block {
        columns: (0..columns).map(|_| Default::default()).collect(),
        ..Default::default()
    };
    let mut touched = vec![0_u32; columns];
    let mut row: Vec<Cow<'_, [u8]>> = Vec::with_capacity(targets.len());
    let mut at = 0;
    while at < text.len() {
        if text[at] == b'\n' || (text[at] == b'\r' && text.get(at + 1) == Some(&b'\n')) {
            at += if text[at] == b'\n' { 1 } else { 2 };
            block.lines += 1;
            continue;
        }
        row.clear();
        let (next, lines, problem) = split_row(text, at, delimiter, targets.len(), &mut row);
        if let Some((number, problem)) = problem {
            if !skip_bad {
                return Ok(Err(Bad {
                    line: block.lines,
                    field: number,
                    problem,
                }));
            }
            block.skipped += 1;
        } else {
            store(&mut block, &row, targets, &mut touched)?;
        }
        at = next;
        block.lines += lines;
    }
    Ok(Ok(block))
}

type Problem = Option<(Option<usize>, String)>;

fn split_row<'a>(
    text: &'a [u8],
    start: usize,
    delimiter: u8,
    expected: usize,
    row: &mut Vec<Cow<'a, [u8]>>,
) -> (usize, u64, Problem) {
    let mut at = start;
    let mut lines = 0;
    let mut problem = None;
    loop {
        match field(text, at, delimiter) {
            Ok(f) => {
                if f.value.len() > LONGEST_FIELD && problem.is_none() {
                    problem = Some((
                        Some(row.len()),
                        format!("a field of {} bytes; the limit is {LONGEST_FIELD}", f.value.len()),
                    ));
                }
                row.push(f.value);
                at = f.next;
                lines += f.newlines;
                if f.last {
                    break;
                }
            }
            Err(why) => {
                let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |k| at + k + 1);
                return (end, lines + 1, Some((Some(row.len()), why.into())));
            }
        }
    }
    if problem.is_none() && row.len() != expected {
        problem = Some((
            None,
            format!("{} fields where the header has {expected}", row.len()),
        ));
    }
    (at, lines, problem)
}

fn store(
    block: &mut Block,
    row: &[Cow<'_, [u8]>],
    targets: &[Target],
    touched: &mut [u32],
) -> Result<(), LinkError> {
    for (value, target) in row.iter().zip(targets) {
        match *target {
            Target::Id => block.ids.push(value),
            Target::Skip => {}
            Target::Column(c) => {
                let (dict, codes) = &mut block.columns[c];
                // A repeated value often follows itself (sorted files): try the last code first.
                let last = touched[c];
                let code = if last != 0 && dict.get(last) == value.as_ref() {
                    last
                } else {
                    dict.insert(value)?
                };
                touched[c] = code;
                codes.push(code);
            }
        }
    }
    Ok(())
}

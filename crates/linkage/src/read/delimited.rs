//! Splitting a block of delimited text into fields (RFC 4180), dictionary-coding as it goes.
#![expect(
    clippy::indexing_slicing,
    reason = "positions come from scanning the same slice"
)]

use super::{
    Target,
    encoding::Encoding,
    flaw::{Flaw, PLACES},
    quick,
};
use std::{borrow::Cow, collections::BTreeMap};

/// The text ends inside a quoted field.
const NEVER_CLOSED: &str = "a quoted field is never closed";

/// One field may not be longer than this many bytes.
pub(super) const LONGEST_FIELD: usize = 1 << 20;

/// How a file is laid out and what is wanted of it.
pub(super) struct Layout<'a> {
    pub delimiter: u8,
    pub targets: &'a [Target],
    /// Columns of the table.
    pub columns: usize,
    /// Leave bad rows out and count them.
    pub skip_bad: bool,
    /// Named in messages; the bytes are UTF-8 by now, or were never text.
    pub encoding: Encoding,
}

/// Where a value stands: a position, a length, and whether that is in the text itself or among the values put together
/// from quoted ones.
#[derive(Clone, Copy)]
pub(super) struct Span {
    start: u32,
    len: u32,
    apart: bool,
}

/// One block read: where its values stand, column by column; they get their codes when blocks are put together in order.
#[derive(Default)]
pub(super) struct Block {
    pub text: Vec<u8>,
    apart: Vec<u8>,
    pub ids: Vec<Span>,
    pub columns: Vec<Vec<Span>>,
    pub lines: u64,
    pub skipped: BTreeMap<Flaw, u64>,
    /// The first rows left out.
    pub places: Vec<Bad>,
}

impl Block {
    /// The bytes of a value.
    #[inline]
    pub fn value(&self, span: Span) -> &[u8] {
        let from = if span.apart { &self.apart } else { &self.text };
        &from[span.start as usize..(span.start + span.len) as usize]
    }

    /// A value that stands in the text.
    fn within(text: &[u8], value: &[u8]) -> Span {
        Span {
            start: number(value.as_ptr().addr() - text.as_ptr().addr()),
            len: number(value.len()),
            apart: false,
        }
    }

    /// A value that had to be put together.
    fn apart(&mut self, value: &[u8]) -> Span {
        let start = number(self.apart.len());
        self.apart.extend_from_slice(value);
        Span {
            start,
            len: number(value.len()),
            apart: true,
        }
    }

    /// Stores a row whose values stand in the text.
    pub(super) fn store_plain(&mut self, row: &[(usize, usize)], targets: &[Target]) {
        for ((start, end), target) in row.iter().zip(targets) {
            let span = Span {
                start: number(*start),
                len: number(end - start),
                apart: false,
            };
            match *target {
                Target::Id => self.ids.push(span),
                Target::Skip => {}
                Target::Column(c) => self.columns[c].push(span),
            }
        }
    }

    fn store(&mut self, text: &[u8], row: &[Cow<'_, [u8]>], targets: &[Target]) {
        for (value, target) in row.iter().zip(targets) {
            let span = match target {
                Target::Skip => continue,
                // an empty value may point anywhere
                _ if value.is_empty() => Span {
                    start: 0,
                    len: 0,
                    apart: false,
                },
                _ => match value {
                    Cow::Borrowed(v) => Self::within(text, v),
                    Cow::Owned(v) => self.apart(v),
                },
            };
            match *target {
                Target::Id => self.ids.push(span),
                Target::Skip => {}
                Target::Column(c) => self.columns[c].push(span),
            }
        }
    }
}

/// A position in a block, which is far shorter than 4 GiB.
fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// What is wrong with a row: line within the block (from 0), field number, words.
pub(super) struct Bad {
    pub line: u64,
    pub field: Option<usize>,
    pub flaw: Flaw,
    pub problem: String,
}

/// The outcome of one block.
pub(super) enum Parsed {
    /// All rows.
    Whole(Block),
    /// The first bad row.
    Bad(Bad),
    /// The block ends inside a quoted field.
    Open,
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
            return Err(NEVER_CLOSED);
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

/// Parses a block that begins with a row and ends with a line. `last` says that no more text can follow.
///
/// A row is checked completely before any of its fields is stored, so a skipped row leaves no trace.
pub(super) fn parse(text: &[u8], layout: &Layout<'_>, last: bool) -> Parsed {
    let mut block = Block {
        columns: (0..layout.columns).map(|_| Vec::new()).collect(),
        ..Default::default()
    };
    let plain = std::str::from_utf8(text).is_ok();
    let mut row: Vec<Cow<'_, [u8]>> = Vec::with_capacity(layout.targets.len());
    let mut at = 0;
    while at < text.len() {
        if plain {
            at = quick::rows(text, at, layout, &mut block);
        }
        if at >= text.len() {
            break;
        }
        if let Some(bytes) = empty_line(text, at) {
            at += bytes;
            block.lines += 1;
            continue;
        }
        row.clear();
        let (next, lines, mut problem) = split_row(text, at, layout, &mut row);
        if matches!(&problem, Some(Problem { open: true, .. })) && !last {
            return Parsed::Open;
        }
        if problem.is_none() {
            problem = unusable(&row, layout, plain);
        }
        if let Some(p) = problem {
            let bad = Bad {
                line: block.lines,
                field: p.field,
                flaw: p.flaw,
                problem: p.words,
            };
            if !layout.skip_bad {
                return Parsed::Bad(bad);
            }
            *block.skipped.entry(bad.flaw).or_default() += 1;
            if block.places.len() < PLACES {
                block.places.push(bad);
            }
        } else {
            block.store(text, &row, layout.targets);
        }
        at = next;
        block.lines += lines;
    }
    Parsed::Whole(block)
}

fn empty_line(text: &[u8], at: usize) -> Option<usize> {
    match text.get(at..)? {
        [b'\n', ..] => Some(1),
        [b'\r', b'\n', ..] => Some(2),
        _ => None,
    }
}

/// The line (from 0) of the n-th row that [`parse`] would store.
pub(super) fn line_of(text: &[u8], layout: &Layout<'_>, wanted: usize) -> Option<u64> {
    let plain = std::str::from_utf8(text).is_ok();
    let (mut at, mut line, mut seen) = (0, 0, 0);
    let mut row = Vec::new();
    while at < text.len() {
        if let Some(bytes) = empty_line(text, at) {
            at += bytes;
            line += 1;
            continue;
        }
        row.clear();
        let (next, lines, problem) = split_row(text, at, layout, &mut row);
        if problem.is_none() && unusable(&row, layout, plain).is_none() {
            if seen == wanted {
                return Some(line);
            }
            seen += 1;
        }
        at = next;
        line += lines;
    }
    None
}

/// What is wrong with a row.
struct Problem {
    field: Option<usize>,
    flaw: Flaw,
    words: String,
    /// The text ended inside a quoted field.
    open: bool,
}

impl Problem {
    const fn new(field: Option<usize>, flaw: Flaw, words: String) -> Self {
        Self {
            field,
            flaw,
            words,
            open: false,
        }
    }
}

/// Bytes that are no text, in words.
pub(super) fn not_text(encoding: Encoding) -> String {
    match encoding {
        Encoding::Utf8 => {
            "bytes that are not UTF-8; if the file is Windows-1252 (Latin-1), say so with --encoding windows-1252"
        }
        Encoding::Windows1252 => "bytes that are not Windows-1252; is the encoding right?",
        Encoding::Utf16 => "bytes that are not UTF-16; is the encoding right?",
    }
    .to_owned()
}

/// What is wrong with a row whose fields could be told apart.
fn unusable(row: &[Cow<'_, [u8]>], layout: &Layout<'_>, plain: bool) -> Option<Problem> {
    for (k, (value, target)) in row.iter().zip(layout.targets).enumerate() {
        if !plain && let Err(e) = std::str::from_utf8(value) {
            let words = format!(
                "from byte {} of the field, {}",
                e.valid_up_to() + 1,
                not_text(layout.encoding)
            );
            return Some(Problem::new(Some(k), Flaw::Encoding, words));
        }
        if *target == Target::Id && value.is_empty() {
            let words = "the identifier is empty; every record needs one".to_owned();
            return Some(Problem::new(Some(k), Flaw::NoIdentifier, words));
        }
    }
    None
}

fn split_row<'a>(
    text: &'a [u8],
    start: usize,
    layout: &Layout<'_>,
    row: &mut Vec<Cow<'a, [u8]>>,
) -> (usize, u64, Option<Problem>) {
    let expected = layout.targets.len();
    let mut at = start;
    let mut lines = 0;
    let mut problem = None;
    loop {
        match field(text, at, layout.delimiter) {
            Ok(f) => {
                if f.value.len() > LONGEST_FIELD && problem.is_none() {
                    let words = format!("a field of {} bytes; the limit is {LONGEST_FIELD}", f.value.len());
                    problem = Some(Problem::new(Some(row.len()), Flaw::TooLong, words));
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
                let mut p = Problem::new(Some(row.len()), Flaw::Quotes, why.into());
                p.open = why == NEVER_CLOSED;
                return (end, lines + 1, Some(p));
            }
        }
    }
    if problem.is_none() && row.len() != expected {
        let words = format!("{} fields where the header has {expected}", row.len());
        problem = Some(Problem::new(None, Flaw::FieldCount, words));
    }
    (at, lines, problem)
}

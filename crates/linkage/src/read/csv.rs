//! CSV in blocks: read sequentially, parsed on all threads, merged in file order, so that the result does not
//! depend on the number of threads.
//!
//! A block ends at a line end, preferably one that counting quotes takes for the end of a row. Where that guess is wrong,
//! because a field holds a lone quote, the parser runs into the block's end inside a quoted field: the block is then
//! joined with what follows and parsed again. So a file means the same wherever it happens to be cut.
#![expect(
    clippy::indexing_slicing,
    reason = "positions come from scanning the same buffer"
)]

use super::{
    Input, ReadOptions, Target,
    delimited::{self, Bad, Block, Layout, Parsed, Span},
    encoding::{Encoding, Reader},
    flaw::Skip,
    settled, targets,
};
use crate::{
    LinkError,
    table::{Column, Table},
};
use rayon::prelude::*;
use std::{fs::File, io::Read};

const BLOCK: usize = 1 << 21;
/// A row, quoted line ends included, may not be longer than this.
const LONGEST_ROW: usize = 32 * BLOCK;

fn input(path: &str, line: u64, column: Option<String>, problem: impl Into<String>) -> LinkError {
    LinkError::Input {
        path: path.into(),
        line,
        column,
        problem: problem.into(),
    }
}

/// A file being read: what has been read and not parsed yet.
struct Source<'a> {
    path: &'a str,
    file: Reader<Box<dyn Read + 'a>>,
    pending: Vec<u8>,
    done: bool,
    /// Room of blocks that are done with, to be filled again.
    spare: Vec<Vec<u8>>,
}

impl Source<'_> {
    fn more(&mut self) -> Result<(), LinkError> {
        let refused = |source| LinkError::Io {
            path: self.path.into(),
            source,
        };
        self.done = self.file.fill(&mut self.pending, BLOCK).map_err(refused)?;
        Ok(())
    }

    /// The next block of whole rows, as far as counting quotes can tell; none at the end.
    fn block(&mut self, line: u64) -> Result<Option<Vec<u8>>, LinkError> {
        loop {
            if self.done && self.pending.is_empty() {
                return Ok(None);
            }
            if let Some(at) = cut(&self.pending, self.done) {
                let mut rest = self.spare.pop().unwrap_or_default();
                rest.clear();
                rest.extend_from_slice(&self.pending[at..]);
                self.pending.truncate(at);
                return Ok(Some(std::mem::replace(&mut self.pending, rest)));
            }
            if self.pending.len() > 2 * LONGEST_ROW {
                return Err(input(self.path, line, None, "a line of more than 128 MiB"));
            }
            self.more()?;
        }
    }

    /// Text and as much more as makes it about `want` bytes, up to a line end.
    fn longer(&mut self, mut text: Vec<u8>, want: usize) -> Result<Vec<u8>, LinkError> {
        let had = text.len();
        while !self.done && had + self.pending.len() < want {
            self.more()?;
        }
        text.append(&mut self.pending);
        let near = text.get(had..want).and_then(|new| memchr::memrchr(b'\n', new));
        let far = || memchr::memchr(b'\n', text.get(want..)?).map(|k| want + k + 1);
        let at = near.map(|k| had + k + 1).or_else(far).unwrap_or(text.len());
        self.pending = text.split_off(at);
        Ok(text)
    }
}

/// Reads a whole CSV file into the table.
pub(super) fn read(table: &mut Table, from: Input<'_>, options: &ReadOptions) -> Result<(), LinkError> {
    let path = from.name();
    let (mut source, delimiter, names, mut line) = open(from, options.encoding)?;
    let names = settled(names, table, options);
    let goals = targets(table, path, &names, options)?;
    let layout = Layout {
        delimiter,
        targets: &goals,
        columns: table.columns.len(),
        skip_bad: options.skip_bad_rows,
        encoding: options.encoding,
    };
    let batch = rayon::current_num_threads().clamp(1, 16) * 2;
    loop {
        let mut blocks = Vec::new();
        while blocks.len() < batch
            && let Some(block) = source.block(line)?
        {
            blocks.push(block);
        }
        if blocks.is_empty() {
            return Ok(());
        }
        if let Some(m) = &options.meter {
            m.add(blocks.iter().map(|b| b.len() as u64).sum());
            if m.stopped() {
                return Err(LinkError::Stopped);
            }
        }
        line = take(table, &mut source, blocks, &layout, &names, line)?;
    }
}

/// Opens a file up to its first row: how it is delimited, the names of its columns, and the line of that row.
fn open(from: Input<'_>, encoding: Encoding) -> Result<(Source<'_>, u8, Vec<String>, u64), LinkError> {
    let path = from.name();
    let bytes: Box<dyn Read> = match from {
        Input::File(path) => Box::new(File::open(path).map_err(|source| LinkError::Io {
            path: path.into(),
            source,
        })?),
        Input::Bytes(_, bytes) => Box::new(bytes),
    };
    let mut source = Source {
        path,
        file: Reader::new(bytes, encoding),
        pending: Vec::new(),
        done: false,
        spare: Vec::new(),
    };
    source.more()?;
    check_start(path, &mut source.pending)?;
    let delimiter = detect(&source.pending);
    while !source.done && header_end(&source.pending).is_none() && source.pending.len() < LONGEST_ROW {
        source.more()?;
    }
    let (names, start) =
        delimited::header(&source.pending, delimiter).map_err(|why| input(path, 1, None, why))?;
    let head = &source.pending[..start];
    if std::str::from_utf8(head).is_err() {
        return Err(input(path, 1, None, delimited::not_text(encoding)));
    }
    let line = 1 + memchr::memchr_iter(b'\n', head).count() as u64;
    source.pending.drain(..start);
    Ok((source, delimiter, names, line))
}

fn check_start(path: &str, pending: &mut Vec<u8>) -> Result<(), LinkError> {
    let refuse = |problem: &str| {
        Err(LinkError::File {
            path: path.into(),
            problem: problem.into(),
        })
    };
    if pending.is_empty() {
        return refuse("the file is empty");
    }
    if pending.starts_with(&[0xff, 0xfe]) || pending.starts_with(&[0xfe, 0xff]) {
        return refuse("this is UTF-16; name it with --encoding utf-16, or save it as UTF-8");
    }
    if pending.starts_with(b"PAR1") {
        return refuse("this is Parquet; name it .parquet");
    }
    if pending.starts_with(b"PK\x03\x04") {
        return refuse("this is a workbook or an archive; save the sheet as CSV");
    }
    if pending.starts_with(&[0x1f, 0x8b]) || pending.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        return refuse("this is compressed; unpack it first");
    }
    if pending.iter().take(2).any(|b| *b == 0) {
        return refuse(
            "zero bytes where the header should be; if this is UTF-16, say so with --encoding utf-16",
        );
    }
    if pending.starts_with(&[0xef, 0xbb, 0xbf]) {
        pending.drain(..3);
    }
    Ok(())
}

/// The most frequent of `,` `;` tab `|` in the first line; comma when none occurs.
fn detect(text: &[u8]) -> u8 {
    let line = &text[..memchr::memchr(b'\n', text).unwrap_or(text.len())];
    let mut best = (0, b',');
    for d in [b',', b';', b'\t', b'|'] {
        let n = memchr::memchr_iter(d, line).count();
        if n > best.0 {
            best = (n, d);
        }
    }
    best.1
}

fn header_end(text: &[u8]) -> Option<usize> {
    let mut quotes = 0_usize;
    for (k, &b) in text.iter().enumerate() {
        quotes += usize::from(b == b'"');
        if b == b'\n' && quotes.is_multiple_of(2) {
            return Some(k + 1);
        }
    }
    None
}

/// Where to cut so that the first part holds whole rows only, if quotes are where they should be.
fn cut(text: &[u8], done: bool) -> Option<usize> {
    if done && text.len() <= 2 * BLOCK {
        return (!text.is_empty()).then_some(text.len());
    }
    if text.len() < BLOCK {
        return None;
    }
    let window = &text[..text.len().min(BLOCK)];
    let mut quotes = memchr::memchr_iter(b'"', window).count();
    let mut end = window.len();
    while let Some(k) = memchr::memrchr(b'\n', &window[..end]) {
        quotes -= memchr::memchr_iter(b'"', &window[k..end]).count();
        if quotes.is_multiple_of(2) {
            return Some(k + 1);
        }
        end = k;
    }
    memchr::memrchr(b'\n', text)
        .map(|k| k + 1)
        .or(done.then_some(text.len()))
}

/// Parses blocks and adds them to the table; returns the line after them.
fn take(
    table: &mut Table,
    source: &mut Source<'_>,
    mut blocks: Vec<Vec<u8>>,
    layout: &Layout<'_>,
    names: &[String],
    mut line: u64,
) -> Result<u64, LinkError> {
    let parsed: Vec<Parsed> = blocks
        .par_iter()
        .map(|b| delimited::parse(b, layout, false))
        .collect();
    let mut good = Vec::with_capacity(parsed.len());
    let whole = parsed
        .iter()
        .position(|p| matches!(p, Parsed::Open))
        .unwrap_or(parsed.len());
    for (p, text) in parsed.into_iter().zip(&mut blocks).take(whole) {
        let mut block = accept(table, source.path, p, names, &mut line)?;
        block.text = std::mem::take(text);
        good.push(block);
    }
    if whole < blocks.len() {
        // the cut fell into a quoted field: what follows belongs to it
        let mut after: Vec<u8> = blocks.drain(whole..).flatten().collect();
        after.append(&mut source.pending);
        source.pending = after;
        good.push(open_ended(table, source, layout, names, &mut line)?);
    }
    merge(table, &good, layout.targets)?;
    source.spare.extend(good.into_iter().map(|b| b.text));
    Ok(line)
}

/// A block whose first attempt ended inside a quoted field: more and more text, until it does not.
fn open_ended(
    table: &mut Table,
    source: &mut Source<'_>,
    layout: &Layout<'_>,
    names: &[String],
    line: &mut u64,
) -> Result<Block, LinkError> {
    let mut text = Vec::new();
    let mut want = 2 * BLOCK;
    loop {
        text = source.longer(text, want)?;
        let last = (source.done && source.pending.is_empty()) || text.len() > LONGEST_ROW;
        match delimited::parse(&text, layout, last) {
            Parsed::Open => want = text.len() * 2,
            other => {
                let mut block = accept(table, source.path, other, names, line)?;
                block.text = text;
                return Ok(block);
            }
        }
    }
}

/// Counts a parsed block, or says what is wrong with it.
fn accept(
    table: &mut Table,
    path: &str,
    parsed: Parsed,
    names: &[String],
    line: &mut u64,
) -> Result<Block, LinkError> {
    let name = |bad: &Bad| {
        bad.field
            .map(|k| names.get(k).cloned().unwrap_or_else(|| format!("{}", k + 1)))
    };
    match parsed {
        Parsed::Whole(block) => {
            for (flaw, rows) in &block.skipped {
                table.skipped.count(*flaw, *rows);
            }
            for bad in &block.places {
                table.skipped.place(Skip {
                    file: path.into(),
                    line: *line + bad.line,
                    column: name(bad),
                    flaw: bad.flaw,
                });
            }
            *line += block.lines;
            Ok(block)
        }
        Parsed::Bad(bad) => {
            let column = name(&bad);
            Err(input(path, *line + bad.line, column, bad.problem))
        }
        Parsed::Open => Err(input(path, *line, None, "a quoted field is never closed")),
    }
}

/// Adds parsed blocks in order; columns are independent of each other and done in parallel.
fn merge(table: &mut Table, blocks: &[Block], goals: &[Target]) -> Result<(), LinkError> {
    let has_id = goals.contains(&Target::Id);
    let before = table.ids.len();
    let rows: Vec<usize> = blocks.iter().map(|b| block_rows(b, goals)).collect();
    let total: usize = rows.iter().sum();
    let Table { ids, columns, .. } = table;
    let name = || {
        for b in blocks {
            b.ids.iter().for_each(|id| ids.push(b.value(*id)));
        }
        if !has_id {
            (before..before + total).for_each(|k| ids.push(k.to_string().as_bytes()));
        }
    };
    let code = || {
        columns.par_iter_mut().enumerate().try_for_each(|(c, column)| {
            for (b, &n) in blocks.iter().zip(&rows) {
                add(column, b, &b.columns[c], n)?;
            }
            Ok(())
        })
    };
    rayon::join(code, name).0
}

fn block_rows(b: &Block, goals: &[Target]) -> usize {
    goals
        .iter()
        .find_map(|g| match g {
            Target::Id => Some(b.ids.len()),
            Target::Column(c) => Some(b.columns[*c].len()),
            Target::Skip => None,
        })
        .unwrap_or(0)
}

fn add(column: &mut Column, block: &Block, spans: &[Span], rows: usize) -> Result<(), LinkError> {
    if spans.is_empty() {
        column.codes.resize(column.codes.len() + rows, 0);
        return Ok(());
    }
    let values = spans.iter().map(|s| block.value(*s));
    column.values.insert_all(values, &mut column.codes)
}

/// The line of the n-th row that was read (from 0), found by reading the file again: for messages only.
pub(super) fn line_of(from: Input<'_>, options: &ReadOptions, row: usize) -> Option<u64> {
    let (mut source, delimiter, names, mut line) = open(from, options.encoding).ok()?;
    let targets: Vec<Target> = settled(names, &Table::default(), options)
        .iter()
        .map(|n| {
            if options.id.as_ref() == Some(n) {
                Target::Id
            } else {
                Target::Skip
            }
        })
        .collect();
    let layout = Layout {
        delimiter,
        targets: &targets,
        columns: 0,
        skip_bad: options.skip_bad_rows,
        encoding: options.encoding,
    };
    let mut seen = 0;
    let mut text = Vec::new();
    loop {
        match source.block(line).ok()? {
            Some(block) => text.extend_from_slice(&block),
            None if text.is_empty() => return None,
            None => {}
        }
        let last = (source.done && source.pending.is_empty()) || text.len() > LONGEST_ROW;
        let Parsed::Whole(block) = delimited::parse(&text, &layout, last) else {
            continue;
        };
        if seen + block.ids.len() > row {
            return delimited::line_of(&text, &layout, row - seen).map(|l| line + l);
        }
        seen += block.ids.len();
        line += block.lines;
        text.clear();
    }
}

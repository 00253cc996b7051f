//! CSV in blocks: read sequentially, parsed on all threads, merged in file order, so that the result does not
//! depend on the number of threads.
#![expect(
    clippy::indexing_slicing,
    reason = "positions come from scanning the same buffer"
)]

use super::{
    ReadOptions, Target,
    delimited::{self, Bad, Block},
    targets,
};
use crate::{
    LinkError,
    table::{Column, Table},
};
use rayon::prelude::*;
use std::io::Read;

const BLOCK: usize = 1 << 21;

fn input(path: &str, line: u64, column: Option<String>, problem: impl Into<String>) -> LinkError {
    LinkError::Input {
        path: path.into(),
        line,
        column,
        problem: problem.into(),
    }
}

/// Reads a whole CSV file into the table.
pub(super) fn read(table: &mut Table, path: &str, options: &ReadOptions) -> Result<(), LinkError> {
    let io = |source| LinkError::Io {
        path: path.into(),
        source,
    };
    let mut file = std::fs::File::open(path).map_err(io)?;
    let mut pending: Vec<u8> = Vec::new();
    let mut done = fill(&mut file, &mut pending, BLOCK).map_err(io)?;
    check_start(path, &mut pending)?;
    let delimiter = detect(&pending);
    while !done && header_end(&pending).is_none() && pending.len() < 64 * BLOCK {
        done = fill(&mut file, &mut pending, BLOCK).map_err(io)?;
    }
    let (names, start) = delimited::header(&pending, delimiter).map_err(|why| input(path, 1, None, why))?;
    utf8(path, 1, &pending[..start])?;
    let mut line = 1 + memchr::memchr_iter(b'\n', &pending[..start]).count() as u64;
    let goals = targets(table, path, &names, options)?;
    pending.drain(..start);
    let batch = rayon::current_num_threads().clamp(1, 16) * 2;
    loop {
        let mut blocks: Vec<Vec<u8>> = Vec::new();
        while blocks.len() < batch && !(done && pending.is_empty()) {
            match cut(&pending, done) {
                Some(at) => {
                    let rest = pending.split_off(at);
                    blocks.push(std::mem::replace(&mut pending, rest));
                    if !done && pending.len() < BLOCK {
                        done = fill(&mut file, &mut pending, BLOCK).map_err(io)?;
                    }
                }
                None if pending.len() > 64 * BLOCK => {
                    return Err(input(
                        path,
                        line,
                        None,
                        "a row of more than 64 MiB, or a quote that is never closed",
                    ));
                }
                None => done = fill(&mut file, &mut pending, BLOCK).map_err(io)?,
            }
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
        line = take(table, path, &blocks, delimiter, &goals, &names, line, options)?;
    }
}

/// Appends up to `want` bytes; true at the end of the file.
fn fill(file: &mut std::fs::File, into: &mut Vec<u8>, want: usize) -> std::io::Result<bool> {
    let got = file.take(want as u64).read_to_end(into)?;
    Ok(got < want)
}

fn check_start(path: &str, pending: &mut Vec<u8>) -> Result<(), LinkError> {
    if pending.is_empty() {
        return Err(LinkError::File {
            path: path.into(),
            problem: "the file is empty".into(),
        });
    }
    if pending.starts_with(&[0xff, 0xfe]) || pending.starts_with(&[0xfe, 0xff]) {
        return Err(LinkError::File {
            path: path.into(),
            problem: "this is UTF-16; save it as UTF-8".into(),
        });
    }
    if pending.starts_with(b"PAR1") {
        return Err(LinkError::File {
            path: path.into(),
            problem: "this is Parquet; name it .parquet".into(),
        });
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

/// Where to cut so that the first part holds whole rows only.
fn cut(text: &[u8], done: bool) -> Option<usize> {
    if done && text.len() <= 2 * BLOCK {
        return (!text.is_empty()).then_some(text.len());
    }
    let window = &text[..text.len().min(BLOCK.max(text.len() / 2))];
    for part in [window, text] {
        let mut quotes = memchr::memchr_iter(b'"', part).count();
        let mut end = part.len();
        while let Some(k) = memchr::memrchr(b'\n', &part[..end]) {
            quotes -= memchr::memchr_iter(b'"', &part[k..end]).count();
            if quotes.is_multiple_of(2) {
                return Some(k + 1);
            }
            end = k;
        }
    }
    done.then_some(text.len())
}

fn utf8(path: &str, line: u64, text: &[u8]) -> Result<(), LinkError> {
    std::str::from_utf8(text).map(|_| ()).map_err(|e| {
        let before = &text[..e.valid_up_to()];
        let l = line + memchr::memchr_iter(b'\n', before).count() as u64;
        let start = memchr::memrchr(b'\n', before).map_or(0, |k| k + 1);
        let at = before.len() - start + 1;
        input(
            path,
            l,
            None,
            format!(
                "byte {at} of the line is not UTF-8; the file may be Windows-1252 (Latin-1): save it as UTF-8"
            ),
        )
    })
}

#[expect(
    clippy::too_many_arguments,
    reason = "one call site; all are parts of the read in progress"
)]
fn take(
    table: &mut Table,
    path: &str,
    blocks: &[Vec<u8>],
    delimiter: u8,
    goals: &[Target],
    names: &[String],
    mut line: u64,
    options: &ReadOptions,
) -> Result<u64, LinkError> {
    let columns = table.columns.len();
    let parsed: Vec<Result<Result<Block, Bad>, LinkError>> = blocks
        .par_iter()
        .map(|b| {
            if let Err(e) = utf8(path, 0, b) {
                return Ok(Err(Bad {
                    line: 0,
                    field: Some(usize::MAX),
                    problem: e.to_string(),
                }));
            }
            delimited::parse(b, delimiter, goals, columns, options.skip_bad_rows)
        })
        .collect();
    let mut good = Vec::with_capacity(parsed.len());
    for (p, text) in parsed.into_iter().zip(blocks) {
        match p? {
            Ok(b) => {
                line += b.lines;
                good.push(b);
            }
            Err(bad) => {
                utf8(path, line, text)?;
                let column = bad
                    .field
                    .map(|k| names.get(k).cloned().unwrap_or_else(|| format!("{}", k + 1)));
                return Err(input(path, line + bad.line, column, bad.problem));
            }
        }
    }
    merge(table, &good, goals)?;
    Ok(line)
}

/// Adds parsed blocks in order; columns are independent of each other and done in parallel.
fn merge(table: &mut Table, blocks: &[Block], goals: &[Target]) -> Result<(), LinkError> {
    let has_id = goals.contains(&Target::Id);
    let before = table.ids.len();
    let rows: Vec<usize> = blocks.iter().map(|b| block_rows(b, goals)).collect();
    for b in blocks {
        table.skipped += b.skipped;
        for i in 0..b.ids.len() {
            if b.ids.get(i).is_empty() {
                return Err(LinkError::Settings(
                    "an identifier is empty; every record needs one".into(),
                ));
            }
            table.ids.push(b.ids.get(i));
        }
    }
    let total: usize = rows.iter().sum();
    if !has_id {
        for k in 0..total {
            table.ids.push((before + k).to_string().as_bytes());
        }
    }
    table
        .columns
        .par_iter_mut()
        .enumerate()
        .try_for_each(|(c, column)| {
            for (b, &n) in blocks.iter().zip(&rows) {
                add(column, &b.columns[c], n)?;
            }
            Ok(())
        })
}

fn block_rows(b: &Block, goals: &[Target]) -> usize {
    goals
        .iter()
        .find_map(|g| match g {
            Target::Id => Some(b.ids.len()),
            Target::Column(c) => Some(b.columns[*c].1.len()),
            Target::Skip => None,
        })
        .unwrap_or(0)
}

fn add(
    column: &mut Column,
    part: &(crate::table::Dictionary, Vec<u32>),
    rows: usize,
) -> Result<(), LinkError> {
    if part.1.is_empty() {
        column.codes.resize(column.codes.len() + rows, 0);
        return Ok(());
    }
    let mut map = vec![0_u32; part.0.len() + 1];
    for (code, to) in (0_u32..).zip(map.iter_mut()).skip(1) {
        *to = column.values.insert(part.0.get(code))?;
    }
    column.codes.extend(part.1.iter().map(|&k| map[k as usize]));
    Ok(())
}

//! Readers: the only part of this crate that opens input files.
//!
//! Input is UTF-8 CSV (RFC 4180, delimiter detected) or Parquet. Memory is the dictionary-coded columns plus
//! a few blocks of raw text; the file itself is never held whole.

mod csv;
mod delimited;
mod encoding;
mod flaw;
#[cfg(feature = "parquet")]
mod parquet;
mod quick;

pub use encoding::Encoding;
pub use flaw::{Flaw, Skip, Skips};

use crate::{LinkError, meter::Meter, name, table::Table};
use std::sync::Arc;

/// What to read and how strict to be.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// Name of the identifier column; row numbers (from 0) when absent.
    pub id: Option<String>,
    /// Columns that must not be looked at.
    pub ignore: Vec<String>,
    /// How text files are encoded.
    pub encoding: Encoding,
    /// Leave out malformed rows, and rows whose identifier an earlier one has, and count them; otherwise they stop the read.
    pub skip_bad_rows: bool,
    /// Advanced by bytes read, and asked whether to stop.
    pub meter: Option<Arc<Meter>>,
}

/// Most sources of one run.
const MOST_SOURCES: usize = 64;

/// One source.
#[derive(Clone, Copy)]
pub enum Input<'a> {
    /// A file.
    File(&'a str),
    /// A name, for messages and for telling the format by its ending, and the bytes themselves.
    Bytes(&'a str, &'a [u8]),
}

impl<'a> Input<'a> {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'a str {
        match self {
            Self::File(name) | Self::Bytes(name, _) => name,
        }
    }
}

/// Reads one or more sources into one table; columns are matched by name, whatever its case, blanks and underscores.
///
/// # Errors
/// Unreadable or malformed files, absent identifier column, duplicate identifiers, no records.
pub fn read_tables(paths: &[String], options: &ReadOptions) -> Result<Table, LinkError> {
    let inputs: Vec<Input<'_>> = paths.iter().map(|p| Input::File(p)).collect();
    read_inputs(&inputs, options)
}

/// Reads sources that are files or lie in memory.
///
/// # Errors
/// As [`read_tables`].
pub fn read_inputs(inputs: &[Input<'_>], options: &ReadOptions) -> Result<Table, LinkError> {
    if inputs.len() > MOST_SOURCES {
        return Err(LinkError::TooLarge("more than 64 files"));
    }
    let mut table = Table::default();
    for input in inputs {
        let (start, path) = (table.len(), input.name());
        read_into(&mut table, *input, options)?;
        if table.len() == start {
            let problem = match table.skipped.total() {
                0 => "no records: the file has a header at most".to_owned(),
                n => format!("no records: all {n} rows were left out"),
            };
            return Err(LinkError::File {
                path: path.into(),
                problem,
            });
        }
        repeated(&mut table, *input, options, start)?;
        table.sources.push(table.len());
    }
    // a slip of the pen here would let a known answer in among what is compared
    if let Some(name) = options.ignore.iter().find(|i| !table.ignored.contains(i)) {
        return Err(LinkError::Settings(format!(
            "no file has the column {name} that is to be ignored"
        )));
    }
    for c in &mut table.columns {
        c.values.freeze();
    }
    Ok(table)
}

/// Identifiers must be unique within a file: a repeated one is an error, or its row is left out.
fn repeated(
    table: &mut Table,
    from: Input<'_>,
    options: &ReadOptions,
    start: usize,
) -> Result<(), LinkError> {
    let path = from.name();
    if options.id.is_none() {
        return Ok(());
    }
    let Some((first, second)) = table.ids.first_duplicate(start..table.len()) else {
        return Ok(());
    };
    let line = |row: usize| {
        if is_parquet(path) {
            Some((row - start) as u64 + 1)
        } else {
            csv::line_of(from, options, row - start)
        }
    };
    if !options.skip_bad_rows {
        let (a, b) = (line(first).unwrap_or(0), line(second).unwrap_or(0));
        if is_parquet(path) {
            let column = options.id.as_deref().unwrap_or_default();
            return Err(LinkError::File {
                path: path.into(),
                problem: format!(
                    "row {b}, column {column}: the identifier of row {a} again; identifiers must be unique within a file"
                ),
            });
        }
        return Err(LinkError::Input {
            path: path.into(),
            line: b,
            column: options.id.clone(),
            problem: format!("the identifier of line {a} again; identifiers must be unique within a file"),
        });
    }
    let again = table.ids.duplicates(start..table.len());
    table.skipped.count(Flaw::RepeatedIdentifier, again.len() as u64);
    table.skipped.place(Skip {
        file: path.into(),
        line: line(second).unwrap_or(0),
        column: options.id.clone(),
        flaw: Flaw::RepeatedIdentifier,
    });
    table.leave_out(&again);
    Ok(())
}

fn is_parquet(path: &str) -> bool {
    path.to_ascii_lowercase().ends_with(".parquet")
}

fn read_into(table: &mut Table, from: Input<'_>, options: &ReadOptions) -> Result<(), LinkError> {
    if is_parquet(from.name()) {
        #[cfg(feature = "parquet")]
        return parquet::read(table, from, options);
        #[cfg(not(feature = "parquet"))]
        return Err(LinkError::File {
            path: from.name().into(),
            problem: "this build reads CSV only".into(),
        });
    }
    csv::read(table, from, options)
}

/// Where each input column goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Id,
    Skip,
    Column(usize),
}

/// Names of a header as the person and the files before call them: `Date of birth` is `date_of_birth`, unless it is there by
/// that very name, or could be either of two.
fn settled(header: Vec<String>, table: &Table, options: &ReadOptions) -> Vec<String> {
    let plain = |h: &str| -> String { name::fold_text(h).split(' ').collect() };
    let asked = options.id.iter().chain(&options.ignore);
    let known: Vec<&String> = asked.chain(table.columns.iter().map(|c| &c.name)).collect();
    let one = |h: &String| {
        let key = plain(h);
        let mut alike = known.iter().filter(|k| !header.contains(k) && plain(k) == key);
        let first = alike.next()?;
        let sure = !known.contains(&h) && alike.all(|k| k == first);
        let twice = header.iter().filter(|x| plain(x) == key).count() > 1;
        (sure && !twice && !key.is_empty()).then(|| (*first).clone())
    };
    let names: Vec<Option<String>> = header.iter().map(one).collect();
    header
        .into_iter()
        .zip(names)
        .map(|(h, n)| n.unwrap_or(h))
        .collect()
}

/// Matches a header with the table, adding columns that are new.
fn targets(
    table: &mut Table,
    path: &str,
    header: &[String],
    options: &ReadOptions,
) -> Result<Vec<Target>, LinkError> {
    if header.iter().any(|h| h.contains('\r')) {
        return Err(LinkError::Input {
            path: path.into(),
            line: 1,
            column: None,
            problem: "lines end in carriage returns alone; save the file with line feeds".into(),
        });
    }
    if header.iter().all(String::is_empty) {
        return Err(LinkError::Input {
            path: path.into(),
            line: 1,
            column: None,
            problem: "no column names; the first line must name the columns".into(),
        });
    }
    for (k, h) in header.iter().enumerate() {
        if header.iter().take(k).any(|x| x == h) && !options.ignore.contains(h) {
            return Err(LinkError::Input {
                path: path.into(),
                line: 1,
                column: Some(h.clone()),
                problem: "this column name occurs twice; rename one".into(),
            });
        }
    }
    if let Some(id) = &options.id
        && !header.contains(id)
    {
        return Err(LinkError::Input {
            path: path.into(),
            line: 1,
            column: Some(id.clone()),
            problem: format!("no such column; the file has: {}", header.join(", ")),
        });
    }
    let ignored = header.iter().filter(|h| options.ignore.contains(h));
    table.ignored.extend(ignored.cloned());
    let rows = table.len();
    Ok(header
        .iter()
        .map(|h| {
            if options.id.as_ref() == Some(h) {
                return Target::Id;
            }
            if options.ignore.contains(h) {
                return Target::Skip;
            }
            let at = table.column(h).unwrap_or_else(|| {
                table.columns.push(crate::table::Column {
                    name: h.clone(),
                    codes: vec![0; rows],
                    ..Default::default()
                });
                table.columns.len() - 1
            });
            Target::Column(at)
        })
        .collect())
}

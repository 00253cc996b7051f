//! Readers: the only part of this crate that opens input files.
//!
//! Input is UTF-8 CSV (RFC 4180, delimiter detected) or Parquet. Memory is the dictionary-coded columns plus
//! a few blocks of raw text; the file itself is never held whole.

mod csv;
mod delimited;
#[cfg(feature = "parquet")]
mod parquet;

use crate::{LinkError, meter::Meter, table::Table};
use std::sync::Arc;

/// What to read and how strict to be.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// Name of the identifier column; row numbers (from 0) when absent.
    pub id: Option<String>,
    /// Columns that must not be looked at.
    pub ignore: Vec<String>,
    /// Leave out malformed rows and count them instead of stopping.
    pub skip_bad_rows: bool,
    /// Keep rows whose identifier was already seen, numbering is by position; otherwise an error.
    pub allow_duplicate_ids: bool,
    /// Advanced by bytes read, and asked whether to stop.
    pub meter: Option<Arc<Meter>>,
}

/// Reads one or more sources into one table; columns are matched by name.
///
/// # Errors
/// Unreadable or malformed files, absent identifier column, duplicate identifiers, no records.
pub fn read_tables(paths: &[String], options: &ReadOptions) -> Result<Table, LinkError> {
    let mut table = Table::default();
    for path in paths {
        let start = table.len();
        read_into(&mut table, path, options)?;
        if table.len() == start {
            return Err(LinkError::File {
                path: path.clone(),
                problem: "no records: the file has a header at most".into(),
            });
        }
        if let Some((a, b)) = table.ids.first_duplicate(start..table.len())
            && !options.allow_duplicate_ids
        {
            return Err(LinkError::File {
                path: path.clone(),
                problem: format!(
                    "records {} and {} have the same identifier; identifiers must be unique within a file",
                    a - start + 1,
                    b - start + 1
                ),
            });
        }
        table.sources.push(table.len());
    }
    for c in &mut table.columns {
        c.values.freeze();
    }
    Ok(table)
}

fn read_into(table: &mut Table, path: &str, options: &ReadOptions) -> Result<(), LinkError> {
    if path.to_ascii_lowercase().ends_with(".parquet") {
        #[cfg(feature = "parquet")]
        return parquet::read(table, path, options);
        #[cfg(not(feature = "parquet"))]
        return Err(LinkError::File {
            path: path.into(),
            problem: "this build reads CSV only".into(),
        });
    }
    csv::read(table, path, options)
}

/// Where each input column goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Id,
    Skip,
    Column(usize),
}

/// Matches a header with the table, adding columns that are new.
fn targets(
    table: &mut Table,
    path: &str,
    header: &[String],
    options: &ReadOptions,
) -> Result<Vec<Target>, LinkError> {
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

//! Parquet, row by row through the low-level reader: no Arrow is needed.

use super::{Flaw, Input, ReadOptions, Skip, Target, delimited::LONGEST_FIELD, settled, targets};
use crate::{LinkError, table::Table};
use parquet::{
    file::reader::{ChunkReader, FileReader, SerializedFileReader},
    record::{Field, Row},
};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Reads a whole Parquet file into the table. Nested columns are an error.
pub(super) fn read(table: &mut Table, from: Input<'_>, options: &ReadOptions) -> Result<(), LinkError> {
    let path = from.name();
    let all = || match from {
        Input::File(_) => {
            let file = std::fs::File::open(path).map_err(|source| LinkError::Io {
                path: path.into(),
                source,
            })?;
            rows(table, path, file, options)
        }
        Input::Bytes(_, bytes) => rows(table, path, bytes::Bytes::copy_from_slice(bytes), options),
    };
    // the reader of the format checks much, but not everything, before it trusts a file
    catch_unwind(AssertUnwindSafe(all)).unwrap_or_else(|_| Err(damaged(path, &"the file contradicts itself")))
}

fn damaged(path: &str, why: &dyn std::fmt::Display) -> LinkError {
    LinkError::File {
        path: path.into(),
        problem: format!("not readable as Parquet: {why}"),
    }
}

fn rows<R: ChunkReader + 'static>(
    table: &mut Table,
    path: &str,
    file: R,
    options: &ReadOptions,
) -> Result<(), LinkError> {
    let bytes = file.len();
    if bytes == 0 {
        return Err(LinkError::File {
            path: path.into(),
            problem: "the file is empty".into(),
        });
    }
    let reader = SerializedFileReader::new(file).map_err(|e| damaged(path, &e))?;
    let schema = reader.metadata().file_metadata().schema();
    let names: Vec<String> = schema
        .get_fields()
        .iter()
        .map(|f| f.name().trim().to_owned())
        .collect();
    let names = settled(names, table, options);
    let goals = targets(table, path, &names, options)?;
    for ((field, name), goal) in schema.get_fields().iter().zip(&names).zip(&goals) {
        if *goal != Target::Skip && !field.is_primitive() {
            return Err(LinkError::File {
                path: path.into(),
                problem: format!("column {name} is nested; flatten it or leave it out with --ignore"),
            });
        }
    }
    let all = u64::try_from(reader.metadata().file_metadata().num_rows()).unwrap_or(0);
    let mut cells: Vec<String> = vec![String::new(); goals.len()];
    for (n, row) in (0_u64..).zip(reader.get_row_iter(None).map_err(|e| damaged(path, &e))?) {
        let row = row.map_err(|e| damaged(path, &e))?;
        if n.is_multiple_of(4_096)
            && let Some(m) = &options.meter
        {
            m.add(bytes.saturating_mul(4_096) / all.max(4_096));
            if m.stopped() {
                return Err(LinkError::Stopped);
            }
        }
        if let Some((at, flaw, problem)) = fill(&mut cells, &row, &goals) {
            let column = names.get(at).cloned();
            if !options.skip_bad_rows {
                return Err(LinkError::File {
                    path: path.into(),
                    problem: format!("row {}, column {}: {problem}", n + 1, column.unwrap_or_default()),
                });
            }
            table.skipped.count(flaw, 1);
            table.skipped.place(Skip {
                file: path.into(),
                line: n + 1,
                column,
                flaw,
            });
            continue;
        }
        store(table, &cells, &goals)?;
    }
    let rows = table.len();
    for c in &mut table.columns {
        c.codes.resize(rows, 0);
    }
    Ok(())
}

/// Values of a row as text, or which of them cannot be used and why.
fn fill(cells: &mut [String], row: &Row, goals: &[Target]) -> Option<(usize, Flaw, &'static str)> {
    let values = cells.iter_mut().zip(row.get_column_iter()).zip(goals);
    for (k, ((cell, (_, value)), goal)) in values.enumerate().filter(|v| *v.1.1 != Target::Skip) {
        let Some(text) = text(value) else {
            return Some((
                k,
                Flaw::Encoding,
                "a binary value; turn it into text or leave the column out",
            ));
        };
        if text.len() > LONGEST_FIELD {
            return Some((k, Flaw::TooLong, "a value of more than 1 MiB"));
        }
        cell.clear();
        cell.push_str(text.trim());
        if *goal == Target::Id && cell.is_empty() {
            return Some((
                k,
                Flaw::NoIdentifier,
                "the identifier is empty; every record needs one",
            ));
        }
    }
    None
}

fn store(table: &mut Table, cells: &[String], goals: &[Target]) -> Result<(), LinkError> {
    if !goals.contains(&Target::Id) {
        table.ids.push(table.ids.len().to_string().as_bytes());
    }
    for (cell, goal) in cells.iter().zip(goals) {
        match *goal {
            Target::Id => table.ids.push(cell.as_bytes()),
            Target::Column(c) => {
                if let Some(column) = table.columns.get_mut(c) {
                    let code = column.values.insert(cell.as_bytes())?;
                    column.codes.push(code);
                }
            }
            Target::Skip => {}
        }
    }
    Ok(())
}

fn text(value: &Field) -> Option<String> {
    Some(match value {
        Field::Null => String::new(),
        Field::Str(s) => s.clone(),
        Field::Bool(b) => b.to_string(),
        Field::Byte(v) => v.to_string(),
        Field::Short(v) => v.to_string(),
        Field::Int(v) => v.to_string(),
        Field::Long(v) => v.to_string(),
        Field::UByte(v) => v.to_string(),
        Field::UShort(v) => v.to_string(),
        Field::UInt(v) => v.to_string(),
        Field::ULong(v) => v.to_string(),
        Field::Float(v) => v.to_string(),
        Field::Double(v) => v.to_string(),
        Field::Date(days) => civil(*days),
        Field::TimestampMillis(ms) => civil(i32::try_from(ms.div_euclid(86_400_000)).ok()?),
        Field::TimestampMicros(us) => civil(i32::try_from(us.div_euclid(86_400_000_000)).ok()?),
        Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_) | Field::Bytes(_) => return None,
        other => other.to_string(),
    })
}

/// Days since 1970-01-01 as an ISO date (the usual era arithmetic of the proleptic Gregorian calendar).
fn civil(days: i32) -> String {
    let z = i64::from(days) + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

//! Parquet, row by row through the low-level reader: no Arrow is needed.

use super::{ReadOptions, Target, targets};
use crate::{LinkError, table::Table};
use parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::Field,
};

/// Reads a whole Parquet file into the table. Nested columns are an error.
pub(super) fn read(table: &mut Table, path: &str, options: &ReadOptions) -> Result<(), LinkError> {
    let bad = |e: &dyn std::fmt::Display| LinkError::File {
        path: path.into(),
        problem: format!("not readable as Parquet: {e}"),
    };
    let file = std::fs::File::open(path).map_err(|source| LinkError::Io {
        path: path.into(),
        source,
    })?;
    let reader = SerializedFileReader::new(file).map_err(|e| bad(&e))?;
    let names: Vec<String> = reader
        .metadata()
        .file_metadata()
        .schema()
        .get_fields()
        .iter()
        .map(|f| f.name().trim().to_owned())
        .collect();
    let goals = targets(table, path, &names, options)?;
    let has_id = goals.contains(&Target::Id);
    for (n, row) in reader.get_row_iter(None).map_err(|e| bad(&e))?.enumerate() {
        let row = row.map_err(|e| bad(&e))?;
        if !has_id {
            table.ids.push(table.ids.len().to_string().as_bytes());
        }
        for ((name, value), target) in row.get_column_iter().zip(&goals) {
            if *target == Target::Skip {
                continue;
            }
            let text = text(value).ok_or_else(|| LinkError::Input {
                path: path.into(),
                line: n as u64 + 1,
                column: Some(name.clone()),
                problem: "a nested or binary value; flatten the column or ignore it".into(),
            })?;
            match *target {
                Target::Id => table.ids.push(text.trim().as_bytes()),
                Target::Column(c) => {
                    if let Some(column) = table.columns.get_mut(c) {
                        let code = column.values.insert(text.trim().as_bytes())?;
                        column.codes.push(code);
                    }
                }
                Target::Skip => {}
            }
        }
    }
    let rows = table.len();
    for c in &mut table.columns {
        c.codes.resize(rows, 0);
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

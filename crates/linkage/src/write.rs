//! Writers of results. Files appear under their final name only when they are complete.

use crate::{LinkError, model::Model, score::Edge, table::Table};
use rayon::prelude::*;
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

fn failed(path: &Path) -> impl Fn(std::io::Error) -> LinkError + '_ {
    |source| LinkError::Io {
        path: path.display().to_string(),
        source,
    }
}

/// Writes a file under a temporary name and renames it, so that a half-written file is never taken for a result.
///
/// # Errors
/// Anything the system refuses.
pub fn whole(path: &Path, fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), LinkError> {
    let partial = path.with_extension("partial");
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&partial).map_err(failed(&partial))?);
    fill(&mut out).map_err(failed(&partial))?;
    out.flush().map_err(failed(&partial))?;
    drop(out);
    std::fs::rename(&partial, path).map_err(failed(path))
}

/// Appends a CSV field, quoted where RFC 4180 asks for it.
pub fn field(value: &[u8], out: &mut Vec<u8>) {
    let plain = !value.iter().any(|b| matches!(b, b',' | b'"' | b'\n' | b'\r'));
    if plain {
        return out.extend_from_slice(value);
    }
    out.push(b'"');
    for b in value {
        if *b == b'"' {
            out.push(b'"');
        }
        out.push(*b);
    }
    out.push(b'"');
}

/// Writes `edges.csv`: identifiers, weight, probability and one level column per comparison.
///
/// # Errors
/// Anything the system refuses.
pub fn edges(path: &Path, table: &Table, model: &Model, edges: &[Edge]) -> Result<(), LinkError> {
    whole(path, |out| {
        let mut head = b"id_l,id_r,match_weight,match_probability".to_vec();
        for f in &model.fields {
            head.push(b',');
            field(format!("level_{}", f.name).as_bytes(), &mut head);
        }
        head.push(b'\n');
        out.write_all(&head)?;
        for batch in edges.chunks(1 << 19) {
            let texts: Vec<Vec<u8>> = batch
                .par_chunks(1 << 14)
                .map(|c| lines(table, model.fields.len(), c))
                .collect();
            for t in texts {
                out.write_all(&t)?;
            }
        }
        Ok(())
    })
}

fn lines(table: &Table, fields: usize, edges: &[Edge]) -> Vec<u8> {
    let mut out = Vec::with_capacity(edges.len() * 64);
    for e in edges {
        field(table.ids.get(e.left as usize), &mut out);
        out.push(b',');
        field(table.ids.get(e.right as usize), &mut out);
        out.push(b',');
        fixed(f64::from(e.weight), 4, &mut out);
        out.push(b',');
        fixed(e.probability(), 6, &mut out);
        for k in 0..fields {
            out.push(b',');
            whole_number(crate::compare::level_of(e.pattern, k) as u64, &mut out);
        }
        out.push(b'\n');
    }
    out
}

/// Appends a whole number.
fn whole_number(mut n: u64, out: &mut Vec<u8>) {
    let start = out.len();
    loop {
        out.push(b'0' + (n % 10) as u8);
        n /= 10;
        if n == 0 {
            break;
        }
    }
    if let Some(digits) = out.get_mut(start..) {
        digits.reverse();
    }
}

/// Appends a finite number with a fixed count of decimals.
fn fixed(x: f64, decimals: u32, out: &mut Vec<u8>) {
    let scale = 10_u64.pow(decimals);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "scores and probabilities are small"
    )]
    let n = (x.abs() * scale as f64).round() as u64;
    if x < 0.0 && n > 0 {
        out.push(b'-');
    }
    whole_number(n / scale, out);
    out.push(b'.');
    let rest = n % scale;
    let mut unit = scale / 10;
    while unit > 0 {
        out.push(b'0' + (rest / unit % 10) as u8);
        unit /= 10;
    }
}

/// Writes `clusters.csv`: every record with its cluster, named after the cluster's first record.
///
/// With two sources the name carries a prefix when identifiers could collide.
///
/// # Errors
/// Anything the system refuses.
pub fn clusters(path: &Path, table: &Table, labels: &[u32]) -> Result<(), LinkError> {
    whole(path, |out| {
        out.write_all(b"id,cluster_id\n")?;
        let two = table.split < table.len();
        for (start, batch) in labels.chunks(1 << 16).enumerate() {
            let mut text = Vec::with_capacity(batch.len() * 20);
            for (k, &label) in batch.iter().enumerate() {
                field(table.ids.get((start << 16) + k), &mut text);
                text.push(b',');
                if two {
                    text.extend_from_slice(if (label as usize) < table.split {
                        b"a:"
                    } else {
                        b"b:"
                    });
                }
                field(table.ids.get(label as usize), &mut text);
                text.push(b'\n');
            }
            out.write_all(&text)?;
        }
        Ok(())
    })
}

/// Writes text.
///
/// # Errors
/// Anything the system refuses.
pub fn text(path: &Path, content: &str) -> Result<(), LinkError> {
    whole(path, |out| out.write_all(content.as_bytes()))
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        reason = "tests"
    )]
    use super::*;

    #[test]
    fn numbers_are_written_as_by_the_standard_formatter() {
        for x in [
            0.0,
            1.0,
            -1.0,
            12.345_67,
            -0.000_04,
            0.999_999_9,
            123_456.5,
            -20.25,
        ] {
            let mut out = Vec::new();
            fixed(x, 4, &mut out);
            let want = format!("{x:.4}").replace("-0.0000", "0.0000");
            assert_eq!(String::from_utf8(out).unwrap(), want);
        }
    }

    #[test]
    fn fields_are_quoted_only_when_needed() {
        for (raw, want) in [("a", "a"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("", "")] {
            let mut out = Vec::new();
            field(raw.as_bytes(), &mut out);
            assert_eq!(out, want.as_bytes());
        }
    }
}

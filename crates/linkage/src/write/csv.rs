//! Results as comma-separated text (RFC 4180), formatted on all threads and written in order.

use super::{People, level_columns, whole};
use crate::{LinkError, model::Model, score::Edge, source::Sources, table::Strings};
use rayon::prelude::*;
use std::{io::Write, path::Path};

/// Appends a CSV field, quoted where RFC 4180 asks for it.
fn field(value: &[u8], out: &mut Vec<u8>) {
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

/// Identifiers as CSV fields.
#[derive(Clone, Copy)]
struct Ids<'a> {
    ids: &'a Strings,
    /// None of them has to be quoted.
    plain: bool,
}

impl<'a> Ids<'a> {
    fn new(ids: &'a Strings) -> Self {
        let special = memchr::memchr3(b',', b'"', b'\n', ids.all()).or(memchr::memchr(b'\r', ids.all()));
        Self {
            ids,
            plain: special.is_none(),
        }
    }

    #[inline]
    fn field(self, record: u32, out: &mut Vec<u8>) {
        let id = self.ids.get(record as usize);
        if self.plain {
            out.extend_from_slice(id);
        } else {
            field(id, out);
        }
    }
}

/// Writes `edges.csv`.
pub(super) fn edges(path: &Path, people: People<'_>, model: &Model, edges: &[Edge]) -> Result<(), LinkError> {
    let (named, ids) = (people.pairs_name_sources(), Ids::new(people.ids));
    whole(path, |out| {
        let mut head = b"id_l,id_r,match_weight,match_probability".to_vec();
        for name in level_columns(model) {
            head.push(b',');
            field(name.as_bytes(), &mut head);
        }
        if named {
            head.extend_from_slice(b",source_l,source_r");
        }
        head.push(b'\n');
        out.write_all(&head)?;
        for batch in edges.chunks(1 << 19) {
            let texts: Vec<Vec<u8>> = batch
                .par_chunks(1 << 14)
                .map(|c| lines(people.sources, ids, model.fields.len(), named, c))
                .collect();
            for t in texts {
                out.write_all(&t)?;
            }
        }
        Ok(())
    })
}

fn lines(sources: &Sources, ids: Ids<'_>, fields: usize, named: bool, edges: &[Edge]) -> Vec<u8> {
    let mut out = Vec::with_capacity(edges.len() * 64);
    for e in edges {
        ids.field(e.left, &mut out);
        out.push(b',');
        ids.field(e.right, &mut out);
        out.push(b',');
        fixed(f64::from(e.weight), 4, &mut out);
        out.push(b',');
        fixed(e.probability(), 6, &mut out);
        for k in 0..fields {
            out.push(b',');
            whole_number(crate::compare::level_of(e.pattern, k) as u64, &mut out);
        }
        if named {
            for r in [e.left, e.right] {
                out.push(b',');
                out.extend_from_slice(sources.letter(r).as_bytes());
            }
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

/// Writes `clusters.csv`.
pub(super) fn clusters(path: &Path, people: People<'_>, labels: &[u32]) -> Result<(), LinkError> {
    let (several, ids) = (people.sources.count() > 1, Ids::new(people.ids));
    whole(path, |out| {
        out.write_all(if several {
            b"id,cluster_id,source\n"
        } else {
            b"id,cluster_id\n"
        })?;
        let (mut text, mut name) = (Vec::new(), Vec::new());
        for (record, &label) in (0_u32..).zip(labels) {
            ids.field(record, &mut text);
            text.push(b',');
            if several {
                name.clear();
                people.cluster(label, &mut name);
                field(&name, &mut text);
            } else {
                ids.field(label, &mut text);
            }
            if several {
                text.push(b',');
                text.extend_from_slice(people.sources.letter(record).as_bytes());
            }
            text.push(b'\n');
            if text.len() > 1 << 20 {
                out.write_all(&text)?;
                text.clear();
            }
        }
        out.write_all(&text)
    })
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

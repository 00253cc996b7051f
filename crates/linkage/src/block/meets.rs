//! By which rules two records meet, asked of single pairs after the fact.
#![expect(clippy::indexing_slicing, reason = "fields and keys index arrays made here")]

use super::{
    Rule,
    key::{KeyKind, keys_of_code},
    pairs::field_of,
};
use crate::{
    LinkError,
    compare::{MOST, Records},
};

/// Rules, ready to be asked.
pub struct Meeting<'a> {
    records: &'a Records,
    /// Keys of each rule, and the comparisons it looks at.
    rules: Vec<(Vec<(usize, KeyKind)>, u16)>,
}

impl<'a> Meeting<'a> {
    /// For records and the rules that proposed their pairs.
    ///
    /// # Errors
    /// Unknown fields in rules.
    pub fn new(records: &'a Records, rules: &[Rule]) -> Result<Self, LinkError> {
        let read = |rule: &Rule| {
            let part = |p: &super::RulePart| Ok((field_of(records, p)?, p.key));
            let parts = rule
                .parts
                .iter()
                .map(part)
                .collect::<Result<Vec<_>, LinkError>>()?;
            let looks = |k: &usize| parts.iter().any(|p| looks_at(records, *k, p.0));
            let comparisons = 0..records.fields.len().min(MOST);
            let mask = comparisons.filter(looks).fold(0, |m, k| m | 1 << k);
            Ok((parts, mask))
        };
        Ok(Self {
            records,
            rules: rules.iter().map(read).collect::<Result<_, LinkError>>()?,
        })
    }

    /// One bit a comparison: set where some rule proposes the pair without looking at what the comparison looks at. Such a pair
    /// is a candidate whatever the comparison says. Only comparisons in `wanted` are asked about.
    #[must_use]
    pub fn without(&self, i: u32, j: u32, wanted: u16) -> u16 {
        let mut free = 0;
        for (parts, looks) in &self.rules {
            if wanted & !free & !looks != 0 && parts.iter().all(|p| self.shares(i, j, *p)) {
                free |= wanted & !looks;
                if free == wanted {
                    break;
                }
            }
        }
        free
    }

    fn shares(&self, i: u32, j: u32, (field, kind): (usize, KeyKind)) -> bool {
        let (a, b) = (self.records.row(i)[field], self.records.row(j)[field]);
        if a == 0 || b == 0 {
            return false;
        }
        // these have a key for every value
        if a == b && matches!(kind, KeyKind::Exact | KeyKind::Near | KeyKind::Prefix) {
            return true;
        }
        let of = |code| {
            let mut keys = Vec::with_capacity(16);
            keys_of_code(self.records, field, kind, code, &mut keys);
            keys
        };
        let one = of(a);
        if a == b {
            return !one.is_empty();
        }
        let other = of(b);
        one.iter().any(|k| other.contains(k))
    }
}

/// Whether a comparison looks at a column: its own, or one its conditions name.
fn looks_at(records: &Records, comparison: usize, column: usize) -> bool {
    let Some(custom) = records.fields.get(comparison).and_then(|f| f.custom.as_ref()) else {
        return comparison == column;
    };
    let mut named = Vec::new();
    custom.missing.columns(&mut named);
    custom.levels.iter().for_each(|w| w.columns(&mut named));
    named.contains(&column)
}

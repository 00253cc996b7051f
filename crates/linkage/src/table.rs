//! Records as dictionary-coded columns.
//!
//! A column stores each distinct value once and a 32-bit code per record; code 0 means "missing".
//! Everything later works on codes, so a similarity is computed once per pair of distinct values.
#![expect(
    clippy::indexing_slicing,
    reason = "codes and offsets are made here and always lie inside their arrays"
)]

use crate::LinkError;
use hashbrown::HashTable;
use serde::{Deserialize, Serialize};

/// Distinct strings, numbered from 1; 0 is the missing value.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Dictionary {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    #[serde(skip)]
    lookup: HashTable<(u32, u32)>,
}

/// Hash of a byte string, the same on every machine and in every run.
#[must_use]
pub fn hash_bytes(bytes: &[u8]) -> u64 {
    let mut h: u64 = 0x9e37_79b9_7f4a_7c15 ^ (bytes.len() as u64);
    let mut chunks = bytes.chunks_exact(8);
    for c in &mut chunks {
        let mut w = [0_u8; 8];
        w.copy_from_slice(c);
        h = fold(h ^ u64::from_le_bytes(w), 0xa076_1d64_78bd_642f);
    }
    let rest = chunks.remainder();
    let mut w = [0_u8; 8];
    w[..rest.len()].copy_from_slice(rest);
    fold(h ^ u64::from_le_bytes(w), 0xe703_7ed1_a0b4_28db)
}

/// Mixes one 64-bit word (multiply and fold the high half back).
#[inline]
#[must_use]
pub fn mix(x: u64) -> u64 {
    fold(x ^ 0x2d35_8dcc_aa6c_78a5, 0x8bb8_4b93_962e_acc9)
}

/// A hasher for integer keys: deterministic and quick.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mixed;

/// State of [`Mixed`].
#[derive(Clone, Copy, Debug, Default)]
pub struct MixedState(u64);

impl std::hash::BuildHasher for Mixed {
    type Hasher = MixedState;
    fn build_hasher(&self) -> MixedState {
        MixedState(0)
    }
}

impl std::hash::Hasher for MixedState {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = mix(self.0 ^ hash_bytes(bytes));
    }
    fn write_u32(&mut self, x: u32) {
        self.0 = mix(self.0 ^ u64::from(x));
    }
    fn write_u64(&mut self, x: u64) {
        self.0 = mix(self.0 ^ x);
    }
}

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let m = u128::from(a).wrapping_mul(u128::from(b));
    #[expect(clippy::cast_possible_truncation, reason = "the two halves of the product")]
    let (lo, hi) = (m as u64, (m >> 64) as u64);
    lo ^ hi
}

/// The part of a hash that is stored beside a code.
#[inline]
const fn tag(h: u64) -> u32 {
    (h >> 32) as u32
}

/// The 64-bit hash that the table uses, recoverable from the stored part.
#[inline]
const fn spread(t: u32) -> u64 {
    (t as u64) << 32 | ((t as u64).wrapping_mul(0x9e37_79b1) & 0xffff_ffff)
}

impl Dictionary {
    /// Number of distinct values, missing not counted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True if no value was ever added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The bytes of a code; empty for 0 or an unknown code.
    #[must_use]
    pub fn get(&self, code: u32) -> &[u8] {
        let k = code as usize;
        if k == 0 || k > self.ends.len() {
            return &[];
        }
        let from = if k == 1 { 0 } else { self.ends[k - 2] as usize };
        &self.bytes[from..self.ends[k - 1] as usize]
    }

    /// The text of a code (values are UTF-8 by construction; anything else reads as empty).
    #[must_use]
    pub fn text(&self, code: u32) -> &str {
        std::str::from_utf8(self.get(code)).unwrap_or_default()
    }

    /// Code of a value if it is known.
    #[must_use]
    pub fn find(&self, value: &[u8]) -> Option<u32> {
        if value.is_empty() {
            return Some(0);
        }
        let h = spread(tag(hash_bytes(value)));
        self.lookup
            .find(h, |&(t, c)| t == tag(h) && self.get(c) == value)
            .map(|x| x.1)
    }

    /// Code of a value, adding it when new. Empty values give 0.
    ///
    /// # Errors
    /// More than 4 GiB of distinct text in one column.
    pub fn insert(&mut self, value: &[u8]) -> Result<u32, LinkError> {
        if value.is_empty() {
            return Ok(0);
        }
        let h = spread(tag(hash_bytes(value)));
        if let Some(&(_, c)) = self.lookup.find(h, |&(t, c)| t == tag(h) && self.get(c) == value) {
            return Ok(c);
        }
        let end = u32::try_from(self.bytes.len() + value.len())
            .map_err(|_| LinkError::TooLarge("one column's distinct text exceeds 4 GiB"))?;
        self.bytes.extend_from_slice(value);
        self.ends.push(end);
        let code = u32::try_from(self.ends.len())
            .map_err(|_| LinkError::TooLarge("more than four billion distinct values"))?;
        self.lookup.insert_unique(h, (tag(h), code), |&(t, _)| spread(t));
        Ok(code)
    }

    /// Drops the hash table, which only loading needs.
    pub fn freeze(&mut self) {
        self.lookup = HashTable::new();
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// Makes the hash table again, so that values can be found and added after [`Self::freeze`].
    pub fn thaw(&mut self) {
        let mut lookup = HashTable::with_capacity(self.ends.len());
        for code in 1..=u32::try_from(self.ends.len()).unwrap_or(u32::MAX) {
            let h = spread(tag(hash_bytes(self.get(code))));
            lookup.insert_unique(h, (tag(h), code), |&(t, _)| spread(t));
        }
        self.lookup = lookup;
    }

    /// Heap bytes held.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * 4 + self.lookup.capacity() * 9
    }
}

/// Strings in order, without any dictionary: record identifiers.
#[derive(Clone, Debug, Default)]
pub struct Strings {
    bytes: Vec<u8>,
    ends: Vec<u64>,
}

impl Strings {
    /// Appends one string.
    pub fn push(&mut self, value: &[u8]) {
        self.bytes.extend_from_slice(value);
        self.ends.push(self.bytes.len() as u64);
    }

    /// Number of strings.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True if nothing was pushed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The bytes of one string; empty if out of range.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "offsets into memory fit usize")]
    pub fn get(&self, at: usize) -> &[u8] {
        if at >= self.ends.len() {
            return &[];
        }
        let from = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.bytes[from..self.ends[at] as usize]
    }

    /// The text of one string.
    #[must_use]
    pub fn text(&self, at: usize) -> &str {
        std::str::from_utf8(self.get(at)).unwrap_or_default()
    }

    /// Position of an identifier (a scan; for one-off questions only).
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        (0..self.len()).find(|&i| self.get(i) == id.as_bytes())
    }

    /// The first identifier that occurs twice, as two positions, looking at `range` only.
    #[must_use]
    pub fn first_duplicate(&self, range: std::ops::Range<usize>) -> Option<(usize, usize)> {
        let mut found = None;
        self.each_duplicate(range, |first, again| {
            found = Some((first, again));
            false
        });
        found
    }

    /// Every position whose string stands at an earlier position of `range`, ascending.
    #[must_use]
    pub fn duplicates(&self, range: std::ops::Range<usize>) -> Vec<usize> {
        let mut found = Vec::new();
        self.each_duplicate(range, |_, again| {
            found.push(again);
            true
        });
        found
    }

    fn each_duplicate(&self, range: std::ops::Range<usize>, mut each: impl FnMut(usize, usize) -> bool) {
        let mut seen: HashTable<usize> = HashTable::with_capacity(range.len());
        for i in range {
            let h = hash_bytes(self.get(i));
            if let Some(&j) = seen.find(h, |&j| self.get(j) == self.get(i)) {
                if !each(j, i) {
                    return;
                }
            } else {
                seen.insert_unique(h, i, |&j| hash_bytes(self.get(j)));
            }
        }
    }
}

/// One column: its name, its distinct values and a code per record.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// Header, trimmed.
    pub name: String,
    /// Distinct values as read (trimmed).
    pub values: Dictionary,
    /// One code per record; 0 is missing.
    pub codes: Vec<u32>,
}

impl Column {
    /// How often each code occurs; index 0 counts missing.
    #[must_use]
    pub fn counts(&self) -> Vec<u32> {
        let mut c = vec![0_u32; self.values.len() + 1];
        for &k in &self.codes {
            c[k as usize] += 1;
        }
        c
    }
}

/// All records of one run.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Record identifiers, in input order.
    pub ids: Strings,
    /// Columns other than identifier and ignored ones.
    pub columns: Vec<Column>,
    /// Which records came from which file.
    pub sources: crate::source::Sources,
    /// Rows left out because the person running it asked for bad rows to be skipped.
    pub skipped: crate::read::Skips,
}

impl Table {
    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// True without records.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Takes records out, given in ascending order.
    pub fn leave_out(&mut self, records: &[usize]) {
        let mut keep = vec![true; self.len()];
        for r in records {
            if let Some(k) = keep.get_mut(*r) {
                *k = false;
            }
        }
        let mut ids = Strings::default();
        for k in (0..self.len()).filter(|k| keep[*k]) {
            ids.push(self.ids.get(k));
        }
        self.ids = ids;
        for c in &mut self.columns {
            let mut kept = keep.iter();
            c.codes.retain(|_| kept.next().copied().unwrap_or(true));
        }
    }

    /// Index of a column by name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }
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
    fn a_dictionary_gives_every_value_one_code_however_often_it_grows() {
        let mut d = Dictionary::default();
        for round in 0..2 {
            for k in 0..20_000_u32 {
                let code = d.insert(format!("value {k}").as_bytes()).unwrap();
                assert_eq!(code, k + 1, "round {round}");
            }
        }
        assert_eq!(d.len(), 20_000);
        assert_eq!(d.find(b"value 7"), Some(8));
        assert_eq!(d.text(8), "value 7");
        assert_eq!(d.find(b"absent"), None);
    }

    #[test]
    fn the_first_repeated_identifier_is_found() {
        let mut s = Strings::default();
        for id in ["a", "b", "c", "b"] {
            s.push(id.as_bytes());
        }
        assert_eq!(s.first_duplicate(0..4), Some((1, 3)));
        assert_eq!(s.first_duplicate(0..3), None);
    }
}

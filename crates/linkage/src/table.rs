//! Records as dictionary-coded columns.
//!
//! A column stores each distinct value once and a 32-bit code per record; code 0 means "missing".
//! Everything later works on codes, so a similarity is computed once per pair of distinct values.
#![expect(
    clippy::indexing_slicing,
    reason = "codes and offsets are made here and always lie inside their arrays"
)]

pub use crate::dictionary::Dictionary;

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

    /// The bytes of all strings, end to end.
    #[must_use]
    pub fn all(&self) -> &[u8] {
        &self.bytes
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
        // identifiers in ascending order, the shorter first, as numbers are: none can be there twice
        let order = |i: usize| (self.get(i).len(), self.get(i));
        if range.clone().skip(1).all(|i| order(i - 1) < order(i)) {
            return;
        }
        // an open table of half-empty slots: upper half of the hash, and one more than the position
        let mask = (range.len() * 2).next_power_of_two().max(2) - 1;
        let mut slots = vec![(0_u32, 0_u32); mask + 1];
        let start = range.start;
        let mut some = [0_u64; 64];
        for i in range.clone() {
            let turn = (i - start) % some.len();
            if turn == 0 {
                // slots lie far apart: those of the next records are asked for together
                let mut seen = 0;
                for (h, k) in some.iter_mut().zip(i..range.end) {
                    *h = hash_bytes(self.get(k));
                    #[expect(clippy::cast_possible_truncation, reason = "the low half of a hash")]
                    let slot = *h as usize & mask;
                    seen ^= slots[slot].1;
                }
                std::hint::black_box(seen);
            }
            let h = some[turn];
            #[expect(clippy::cast_possible_truncation, reason = "two halves of a hash")]
            let (tag, mut slot) = ((h >> 32) as u32, h as usize & mask);
            loop {
                let (there, after) = slots[slot];
                if after == 0 {
                    slots[slot] = (tag, u32::try_from(i - start + 1).unwrap_or(u32::MAX));
                    break;
                }
                let first = start + after as usize - 1;
                if there == tag && self.get(first) == self.get(i) {
                    if !each(first, i) {
                        return;
                    }
                    break;
                }
                slot = (slot + 1) & mask;
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
    /// Names of columns that were left out because the person said so.
    pub ignored: Vec<String>,
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
    fn the_first_repeated_identifier_is_found() {
        let mut s = Strings::default();
        for id in ["a", "b", "c", "b"] {
            s.push(id.as_bytes());
        }
        assert_eq!(s.first_duplicate(0..4), Some((1, 3)));
        assert_eq!(s.first_duplicate(0..3), None);
        let mut s = Strings::default();
        for id in ["9", "10", "11", "9", "12", "11"] {
            s.push(id.as_bytes());
        }
        assert_eq!(s.first_duplicate(0..3), None);
        assert_eq!(s.duplicates(0..6), [3, 5]);
        assert_eq!(s.duplicates(1..6), [5]);
    }
}

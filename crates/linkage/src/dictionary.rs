//! Distinct strings and their numbers. It does not know what the strings mean.
#![expect(
    clippy::indexing_slicing,
    reason = "codes and offsets are made here and always lie inside their arrays; slots are masked"
)]

use crate::LinkError;
use serde::{Deserialize, Serialize};

/// Distinct strings, numbered from 1; 0 is the missing value.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Dictionary {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    /// An open table, at most two thirds full: hash in the upper half, code in the lower, 0 for a free slot.
    #[serde(skip)]
    slots: Vec<u64>,
}

/// Values looked up together, so that the memory they need is asked for together.
const TOGETHER: usize = 64;

/// A hash of a short string in few steps; used in this table alone, so that it may change.
#[inline]
fn hash(value: &[u8]) -> u32 {
    let four = |at: usize| {
        let mut w = [0_u8; 4];
        w.copy_from_slice(&value[at..at + 4]);
        u64::from(u32::from_le_bytes(w))
    };
    let mut h = (value.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut turn = |x: u64| h = ((h ^ x).wrapping_mul(0xe703_7ed1_a0b4_28db)).rotate_left(29);
    let n = value.len();
    if n >= 4 {
        // eight at a time, then what is left as two fours that may overlap
        let mut at = 0;
        while at + 8 < n {
            turn(four(at) | four(at + 4) << 32);
            at += 8;
        }
        turn(four(at.min(n - 4)) | four(n - 4) << 32);
    } else {
        turn(value.iter().fold(0, |x, b| x << 8 | u64::from(*b)));
    }
    (h.wrapping_mul(0xa076_1d64_78bd_642f) >> 32) as u32
}

/// Whether two values are the same: most are short, and calling for a comparison takes longer than the comparison.
#[inline]
fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let ends = |v: &[u8]| {
        let (first, last) = (v.first_chunk::<8>()?, v.last_chunk::<8>()?);
        Some((u64::from_le_bytes(*first), u64::from_le_bytes(*last)))
    };
    let short_ends = |v: &[u8]| {
        let (first, last) = (v.first_chunk::<4>()?, v.last_chunk::<4>()?);
        Some((u32::from_le_bytes(*first), u32::from_le_bytes(*last)))
    };
    match a.len() {
        4..=8 => short_ends(a) == short_ends(b),
        9..=16 => ends(a) == ends(b),
        _ => a == b,
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "two halves")]
const fn parts(slot: u64) -> (u32, u32) {
    ((slot >> 32) as u32, slot as u32)
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
    #[inline]
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
        self.look(hash(value), value).ok()
    }

    /// The code of a value, or the free slot where it belongs.
    #[inline]
    fn look(&self, h: u32, value: &[u8]) -> Result<u32, usize> {
        if self.slots.is_empty() {
            return Err(0);
        }
        let mask = self.slots.len() - 1;
        let mut slot = h as usize & mask;
        loop {
            let (there, code) = parts(self.slots[slot]);
            if code == 0 {
                return Err(slot);
            }
            if there == h && same(self.get(code), value) {
                return Ok(code);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// Code of a value, adding it when new. Empty values give 0.
    ///
    /// # Errors
    /// More than 4 GiB of distinct text in one column.
    pub fn insert(&mut self, value: &[u8]) -> Result<u32, LinkError> {
        if value.is_empty() {
            return Ok(0);
        }
        self.insert_hashed(hash(value), value)
    }

    fn insert_hashed(&mut self, h: u32, value: &[u8]) -> Result<u32, LinkError> {
        let slot = match self.look(h, value) {
            Ok(code) => return Ok(code),
            Err(slot) => slot,
        };
        let end = u32::try_from(self.bytes.len() + value.len())
            .map_err(|_| LinkError::TooLarge("one column's distinct text exceeds 4 GiB"))?;
        let code = u32::try_from(self.ends.len() + 1)
            .map_err(|_| LinkError::TooLarge("more than four billion distinct values"))?;
        self.bytes.extend_from_slice(value);
        self.ends.push(end);
        if self.ends.len() * 3 > self.slots.len() * 2 {
            self.spread((self.ends.len() * 2).next_power_of_two().max(64));
            self.place(h, code);
        } else {
            self.slots[slot] = u64::from(h) << 32 | u64::from(code);
        }
        Ok(code)
    }

    /// Appends the codes of many values, adding what is new.
    ///
    /// # Errors
    /// As [`Self::insert`].
    pub fn insert_all<'v>(
        &mut self,
        mut values: impl Iterator<Item = &'v [u8]>,
        codes: &mut Vec<u32>,
    ) -> Result<(), LinkError> {
        let mut some: [(&[u8], u32); TOGETHER] = [(&[], 0); TOGETHER];
        loop {
            let mut n = 0;
            let mask = self.slots.len().saturating_sub(1);
            let mut seen = 0_u32;
            for (to, value) in some.iter_mut().zip(values.by_ref()) {
                let h = hash(value);
                *to = (value, h);
                // loads that do not wait for each other are in flight together
                seen ^= self.slots.get(h as usize & mask).map_or(0, |s| parts(*s).1);
                n += 1;
            }
            for (_, h) in &some[..n] {
                let likely = self.slots.get(*h as usize & mask).map_or(0, |s| parts(*s).1);
                seen ^= self.get(likely).first().copied().map_or(0, u32::from);
            }
            std::hint::black_box(seen);
            for (value, h) in &some[..n] {
                codes.push(if value.is_empty() {
                    0
                } else {
                    self.insert_hashed(*h, value)?
                });
            }
            if n < TOGETHER {
                return Ok(());
            }
        }
    }

    /// Puts every code into a table of so many slots.
    fn spread(&mut self, slots: usize) {
        let old = std::mem::replace(&mut self.slots, vec![0; slots]);
        for (h, code) in old.into_iter().map(parts).filter(|s| s.1 != 0) {
            self.place(h, code);
        }
    }

    fn place(&mut self, h: u32, code: u32) {
        let mask = self.slots.len() - 1;
        let mut slot = h as usize & mask;
        while self.slots[slot] != 0 {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = u64::from(h) << 32 | u64::from(code);
    }

    /// Drops the hash table, which only loading needs.
    pub fn freeze(&mut self) {
        self.slots = Vec::new();
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// Makes the hash table again, so that values can be found and added after [`Self::freeze`].
    pub fn thaw(&mut self) {
        self.slots = vec![0; (self.ends.len() * 2).next_power_of_two().max(64)];
        for code in 1..=u32::try_from(self.ends.len()).unwrap_or(u32::MAX) {
            self.place(hash(self.get(code)), code);
        }
    }

    /// Heap bytes held.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * 4 + self.slots.capacity() * 8
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
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn two_values_are_the_same_if_all_bytes_are(a in "[ab]{0,20}", at in 0..20_usize) {
            let mut b = a.clone().into_bytes();
            prop_assert!(same(a.as_bytes(), &b));
            let longer = format!("{a}a");
            prop_assert!(!same(a.as_bytes(), longer.as_bytes()));
            if let Some(byte) = b.get_mut(at) {
                *byte = b'c';
                prop_assert!(!same(a.as_bytes(), &b));
            }
        }

        #[test]
        fn many_values_at_once_get_the_codes_they_get_one_by_one(
            values in proptest::collection::vec("[ab\u{e9}]{0,20}", 0..300),
            again in any::<bool>(),
        ) {
            let (mut one, mut all) = (Dictionary::default(), Dictionary::default());
            let want: Vec<u32> = values.iter().map(|v| one.insert(v.as_bytes()).unwrap()).collect();
            let mut got = Vec::new();
            all.insert_all(values.iter().map(|v| v.as_bytes()), &mut got).unwrap();
            prop_assert_eq!(&got, &want);
            if again {
                all.freeze();
                all.thaw();
            }
            for (v, code) in values.iter().zip(&want) {
                prop_assert_eq!(all.find(v.as_bytes()), Some(*code));
                prop_assert_eq!(all.text(*code), v);
            }
            prop_assert_eq!(all.find(b"absent"), None);
        }
    }
}

//! Short strings as symbols, with all that a first look at a pair needs in one place per value: most pairs are settled by it,
//! and memory is slower than arithmetic.
#![expect(clippy::indexing_slicing, reason = "offsets are made here")]

use super::place::{self, Place};
use crate::kernel::{encode, letters};
use crate::table::hash_bytes;
use serde::{Deserialize, Serialize};

/// What is known of a value before its symbols are looked at.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Head {
    letters: u64,
    start: u32,
    /// A hash of the last six symbols.
    ending: u16,
    len: u8,
    /// How many different symbols there are: counting bits is slow.
    distinct: u8,
}

/// How alike two values may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// No symbol is shared, or so many of one value are not in the other that no Jaro–Winkler similarity of 0.88 is in reach,
    /// whatever their beginnings.
    Low,
    /// Not within one edit.
    Some,
    /// Perhaps within one edit.
    OneEdit,
}

#[expect(clippy::cast_possible_truncation, reason = "some bits of a hash")]
fn ending(symbols: &[u8]) -> u16 {
    hash_bytes(symbols.last_chunk::<6>().map_or(symbols, |e| e)) as u16
}

/// Symbol strings, end to end.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Symbols {
    bytes: Vec<u8>,
    heads: Vec<Head>,
    places: Option<Vec<Place>>,
}

impl Symbols {
    /// For postcodes, whose parts are told apart once per value.
    pub(super) fn of_places() -> Self {
        Self {
            places: Some(Vec::new()),
            ..Self::default()
        }
    }

    pub(super) fn push(&mut self, folded: &str) {
        if self.heads.is_empty() {
            self.heads.push(Head::default());
            self.places.iter_mut().for_each(|p| p.push(Place::default()));
        }
        let start = self.bytes.len();
        encode(folded, &mut self.bytes);
        let symbols = &self.bytes[start..];
        let letters = letters(symbols);
        // at most as many symbols as are looked at
        let small = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
        self.heads.push(Head {
            letters,
            start: u32::try_from(start).unwrap_or(u32::MAX),
            ending: ending(symbols),
            len: small(symbols.len()),
            distinct: small(letters.count_ones() as usize),
        });
        self.places
            .iter_mut()
            .for_each(|p| p.push(Place::new(folded.as_bytes())));
    }

    #[inline]
    fn head(&self, code: u32) -> Head {
        self.heads.get(code as usize).copied().unwrap_or_default()
    }

    /// The set of symbols of a code, as bits.
    #[inline]
    #[must_use]
    pub fn letters(&self, code: u32) -> u64 {
        self.head(code).letters
    }

    /// False if the two sets of symbols prove more than two edits: one edit changes the sets by at most two symbols.
    #[inline]
    #[must_use]
    pub fn within_two(&self, a: u32, b: u32) -> bool {
        (self.letters(a) ^ self.letters(b)).count_ones() <= 4
    }

    /// True if two values neither are within two edits nor end alike, as far as can be told without their symbols.
    #[inline]
    pub(super) fn far_apart(&self, a: u32, b: u32) -> bool {
        let (x, y) = (self.head(a), self.head(b));
        (x.letters ^ y.letters).count_ones() > 4 && (x.ending != y.ending || x.len < 6 || y.len < 6)
    }

    /// The level of two unequal postcodes that are not within two edits.
    #[inline]
    pub(super) fn far_apart_places(&self, a: u32, b: u32) -> Option<u8> {
        (!self.within_two(a, b)).then(|| place::postcode(9, self.place(a), self.place(b)))
    }

    /// How alike two values may be, as far as can be told without their symbols.
    #[inline]
    pub(super) fn likeness(&self, a: u32, b: u32) -> Likeness {
        let (x, y) = (self.head(a), self.head(b));
        let both = (x.letters & y.letters).count_ones();
        let (of_x, of_y) = (u32::from(x.distinct), u32::from(y.distinct));
        let (n, m) = (u32::from(x.len), u32::from(y.len));
        if both == 0 && n + m > 2 {
            return Likeness::Low;
        }
        if n.abs_diff(m) <= 1 && of_x + of_y <= 2 + 2 * both {
            return Likeness::OneEdit;
        }
        // each letter that the other has not got is a symbol not in common
        let common = (n + both)
            .saturating_sub(of_x)
            .min((m + both).saturating_sub(of_y));
        if 5 * common * (n + m) < 7 * n * m {
            Likeness::Low
        } else {
            Likeness::Some
        }
    }

    /// The symbols of a code.
    #[inline]
    #[must_use]
    pub fn get(&self, code: u32) -> &[u8] {
        let h = self.head(code);
        &self.bytes[h.start as usize..h.start as usize + usize::from(h.len)]
    }

    /// Something of every table a first look reads.
    #[inline]
    pub(super) fn touch(&self, code: u32) -> u64 {
        self.letters(code) ^ u64::from(self.place(code).len)
    }

    /// The parts of a postcode.
    #[inline]
    pub(super) fn place(&self, code: u32) -> Place {
        let place = self.places.as_ref().and_then(|p| p.get(code as usize));
        place.copied().unwrap_or_default()
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
    use crate::kernel::{Prepared, jaro_winkler, osa};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn likeness_is_never_less_than_it_is(a in "[a-f ]{1,24}", b in "[a-f ]{1,24}") {
            let mut v = Symbols::default();
            v.push(&a);
            v.push(&b);
            let mut p = Prepared::default();
            p.set(v.get(1));
            let (similarity, distance) = (jaro_winkler(&p, v.get(2)), osa(&p, v.get(2)));
            let likeness = v.likeness(1, 2);
            prop_assert!(likeness != Likeness::Low || similarity < 0.88, "{a:?} {b:?} {similarity}");
            prop_assert!(likeness == Likeness::OneEdit || distance > 1, "{a:?} {b:?} {distance}");
        }
    }
}

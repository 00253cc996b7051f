//! Short strings as symbols, with all that a first look at a pair needs in one place per value: most pairs are settled by it,
//! and memory is slower than arithmetic.
#![expect(clippy::indexing_slicing, reason = "offsets are made here")]

use super::place::Place;
use crate::kernel::{encode, letters};
use crate::table::hash_bytes;
use serde::{Deserialize, Serialize};

/// What is known of a value before its symbols are looked at.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Head {
    letters: u64,
    start: u32,
    len: u16,
    /// A hash of the last six symbols.
    ending: u16,
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
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.heads.push(Head {
            letters: letters(symbols),
            start: number(start),
            // at most as many symbols as are looked at
            len: u16::try_from(symbols.len()).unwrap_or(u16::MAX),
            ending: ending(symbols),
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

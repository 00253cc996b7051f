//! Text of several words: addresses, places, titles.
#![expect(
    clippy::indexing_slicing,
    reason = "word numbers index arrays grown with the dictionary"
)]

use super::{
    symbols::{Likeness, Symbols},
    value::Lists,
};
use crate::{
    LinkError,
    kernel::{Prepared, jaro_winkler, osa},
    table::Dictionary,
};
use serde::{Deserialize, Serialize};

/// Words that people write where they know nothing.
#[must_use]
pub fn is_null_word(raw: &str) -> bool {
    [
        "null",
        "none",
        "nan",
        "n/a",
        "na",
        "nil",
        "unknown",
        "not known",
        "-",
        ".",
    ]
    .iter()
    .any(|w| raw.eq_ignore_ascii_case(w))
}

/// Texts: symbols and sorted word lists with a weight per word.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TextValues {
    symbols: Symbols,
    lists: Lists,
    /// Distinct words.
    pub dict: Dictionary,
    counts: Vec<u32>,
    /// The logarithm of a word's rarity; below zero for a number, so that one look tells both.
    weights: Vec<f32>,
    numbers: Vec<bool>,
}

/// Weight of a word that was first seen after weights were computed.
const NEW: f32 = 8.0;

impl TextValues {
    pub(super) fn push(&mut self, folded: &str) -> Result<(), LinkError> {
        self.symbols.push(folded);
        let mut list = Vec::new();
        for w in folded.split(' ') {
            let n = self.dict.insert(w.as_bytes())?;
            if self.counts.len() <= n as usize {
                self.counts.resize(n as usize + 1, 0);
                self.numbers.resize(n as usize + 1, false);
                self.numbers[n as usize] = w.bytes().next().is_some_and(|b| b.is_ascii_digit());
            }
            self.counts[n as usize] += 1;
            list.push(n);
        }
        list.sort_unstable();
        list.dedup();
        self.lists.push(&list);
        Ok(())
    }

    #[expect(clippy::cast_possible_truncation, reason = "a logarithm")]
    pub(super) fn finish(&mut self, values: usize) {
        let n = f64::from(u32::try_from(values.max(2)).unwrap_or(u32::MAX));
        let weight = |c: u32| ((n + 1.0) / (f64::from(c) + 0.5)).ln().max(0.2) as f32;
        let words = self.counts.iter().zip(&self.numbers);
        self.weights = words
            .map(|(&c, &number)| if number { -weight(c) } else { weight(c) })
            .collect();
    }

    #[inline]
    pub(super) fn touch(&self, c: u32) -> u64 {
        self.symbols.letters(c) ^ u64::from(self.lists.starts(c))
    }
    /// The level of two unequal texts without a word in common and too few letters: nearly all pairs.
    #[inline]
    pub(super) fn at_a_glance(&self, a: u32, b: u32) -> Option<u8> {
        let low = self.symbols.likeness(a, b) == Likeness::Low;
        (low && !share(self.words(a), self.words(b))).then_some(13)
    }
    #[inline]
    pub(super) fn touch_words(&self, c: u32) -> u64 {
        u64::from(self.words(c).first().copied().unwrap_or(0))
    }
    #[inline]
    pub(super) fn touch_text(&self, c: u32) -> u64 {
        let symbol = self.symbols.get(c).first().copied().map_or(0, u64::from);
        symbol ^ u64::from(self.words(c).first().copied().unwrap_or(0))
    }
    fn symbols(&self, c: u32) -> &[u8] {
        self.symbols.get(c)
    }
    /// Sorted word numbers of a value.
    #[must_use]
    pub fn words(&self, c: u32) -> &[u32] {
        self.lists.get(c)
    }
    /// Weight of a word: the logarithm of its rarity.
    #[must_use]
    pub fn weight(&self, w: u32) -> f64 {
        f64::from(self.signed(w).abs())
    }
    /// The weight of a word, below zero if it is a number.
    #[inline]
    fn signed(&self, w: u32) -> f32 {
        self.weights.get(w as usize).copied().unwrap_or_else(|| {
            let number = self.numbers.get(w as usize).copied().unwrap_or(false);
            if number { -NEW } else { NEW }
        })
    }
}

/// Level of two unequal texts; `prepare` is asked for the first 64 symbols of `a` only when letters are to be compared.
pub(super) fn text<'p>(prepare: impl FnOnce(&[u8]) -> &'p Prepared, v: &TextValues, a: u32, b: u32) -> u8 {
    let (wa, wb) = (v.words(a), v.words(b));
    let likeness = v.symbols.likeness(a, b);
    let overlap = overlap(v, wa, wb);
    if !overlap.numbers_agree {
        if overlap.words_agree {
            return 10;
        }
        if overlap.share < 0.3 {
            return if overlap.share > 0.05 { 9 } else { 13 };
        }
    }
    let mut similarity = 0.0;
    if likeness != Likeness::Low {
        let (sa, sb) = (v.symbols(a), v.symbols(b));
        if sa.len() < 60 || sb.len() < 60 {
            let p = prepare(sa);
            similarity = jaro_winkler(p, sb);
            let one_edit = || likeness == Likeness::OneEdit && osa(p, sb) <= 1;
            if overlap.numbers_agree && similarity > 0.7 && (similarity >= 0.96 || one_edit()) {
                return 5;
            }
        }
    }
    if overlap.numbers_agree && overlap.contained {
        return 6;
    }
    match overlap.share {
        s if s >= 0.75 => 7,
        s if s >= 0.45 => 8,
        _ if similarity >= 0.88 => 11,
        s if s >= 0.1 => 9,
        _ => 13,
    }
}

/// Whether two ascending lists have anything in common.
fn share(a: &[u32], b: &[u32]) -> bool {
    let (mut i, mut j) = (0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        if x == y {
            return true;
        }
        i += usize::from(x < y);
        j += usize::from(y < x);
    }
    false
}

struct Overlap {
    /// Shared word weight over the weight of the union.
    share: f64,
    /// Every word of the shorter occurs in the longer, and there are at least two or it is rare.
    contained: bool,
    /// The sets of numbers do not contradict each other.
    numbers_agree: bool,
    /// All words that are not numbers agree.
    words_agree: bool,
}

fn overlap(v: &TextValues, a: &[u32], b: &[u32]) -> Overlap {
    let (mut both, mut only_a, mut only_b) = (0.0, 0.0, 0.0);
    let (mut na, mut nb, mut wa, mut wb, mut n_both, mut w_both) = (0, 0, 0, 0, 0, 0);
    let (mut i, mut j) = (0, 0);
    // word lists are sorted by number
    while i < a.len() || j < b.len() {
        let (x, y) = (
            a.get(i).copied().unwrap_or(u32::MAX),
            b.get(j).copied().unwrap_or(u32::MAX),
        );
        let w = x.min(y);
        let signed = v.signed(w);
        let (weight, number) = (f64::from(signed.abs()), signed < 0.0);
        if x == y {
            both += weight;
            n_both += u32::from(number);
            w_both += u32::from(!number);
        } else if x < y {
            only_a += weight;
            na += u32::from(number);
            wa += u32::from(!number);
        } else {
            only_b += weight;
            nb += u32::from(number);
            wb += u32::from(!number);
        }
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    let union: f64 = both + only_a + only_b;
    Overlap {
        share: if union > 0.0 { both / union } else { 0.0 },
        contained: (na + wa == 0 || nb + wb == 0)
            && n_both + w_both > 0
            && (w_both >= 2 || both > 0.3 * union),
        numbers_agree: na == 0 || nb == 0,
        words_agree: wa == 0 && wb == 0 && w_both > 0,
    }
}

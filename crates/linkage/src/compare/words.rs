//! Text of several words: addresses, places, titles.

use super::value::TextValues;
use crate::kernel::{Prepared, jaro_winkler, osa};

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

/// Level of two unequal texts; `a` is prepared (first 64 symbols).
pub(super) fn text(p: &Prepared, v: &TextValues, a: u32, b: u32) -> u8 {
    let (sa, sb) = (v.symbols(a), v.symbols(b));
    let (wa, wb) = (v.words(a), v.words(b));
    let overlap = overlap(v, wa, wb);
    if !overlap.numbers_agree {
        if overlap.words_agree {
            return 10;
        }
        if overlap.share < 0.3 {
            return if overlap.share > 0.05 { 9 } else { 13 };
        }
    }
    let long = sa.len() >= 60 && sb.len() >= 60;
    let similarity = if long || !v.alike(a, b) {
        0.0
    } else {
        jaro_winkler(p, sb)
    };
    if overlap.numbers_agree && similarity > 0.7 && (similarity >= 0.96 || osa(p, sb) <= 1) {
        return 5;
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
        let (weight, number) = (v.weight(w), v.is_number(w));
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

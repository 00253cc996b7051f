//! Personal names: what is kept of each distinct one, and the levels of two unequal ones.
#![expect(
    clippy::indexing_slicing,
    reason = "codes index arrays filled from the same dictionary"
)]

use super::value::{Lists, key_of};
use crate::{
    LinkError,
    kernel::{Prepared, SPACE, encode, jaro_winkler, letters, osa},
    name::{GROUPS, share_group, sound_key, variant_groups},
    table::Dictionary,
};
use serde::{Deserialize, Serialize};

/// What a first look at a name needs, side by side and within one line of memory.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[repr(align(32))]
struct Head {
    letters: u64,
    groups: [u16; GROUPS],
    start: u32,
    sound: u32,
    /// The first symbols, the first lowest.
    first: u32,
    len: u8,
    /// How many different letters there are: counting bits is slow.
    distinct: u8,
}

/// Hundredths that `c / n + c / m`, for `c` of `n` and `m` symbols in common, must reach for a Jaro–Winkler similarity above
/// 0.75, by how many first symbols agree (there is no bonus for those up to a Jaro similarity of 0.7).
const SIMILAR: [u32; 5] = [125, 116, 110, 110, 110];

/// What two names have in common, as far as letters and lengths tell.
#[derive(Clone, Copy)]
struct Common {
    /// Different letters in both, and in each.
    both: u32,
    of: [u32; 2],
    /// Symbols of each.
    len: [u32; 2],
    /// How many first symbols agree, at most four.
    start: u32,
}

impl Common {
    #[inline]
    fn of(x: Head, y: Head) -> Self {
        Self {
            both: (x.letters & y.letters).count_ones(),
            of: [u32::from(x.distinct), u32::from(y.distinct)],
            len: [u32::from(x.len), u32::from(y.len)],
            start: (x.first ^ y.first).trailing_zeros() / 8,
        }
    }

    /// Whether enough letters are shared for the names to be similar at all.
    #[inline]
    fn close(self) -> bool {
        let [x, y] = self.of;
        self.both * 2 >= x.max(y)
    }

    /// False if the Jaro–Winkler similarity is at most 0.75 for certain: every letter that the other has not got is a symbol
    /// not in common.
    #[inline]
    fn may_be_similar(self) -> bool {
        let ([x, y], [n, m]) = (self.of, self.len);
        let common = (n + self.both)
            .saturating_sub(x)
            .min((m + self.both).saturating_sub(y));
        let least = SIMILAR.get(self.start as usize).copied().unwrap_or(0);
        common * (n + m) * 100 >= least * n * m
    }

    /// False if there are more than so many edits for certain: one edit changes the sets by at most two letters.
    #[inline]
    fn may_be_within(self, edits: u32) -> bool {
        let ([x, y], [n, m]) = (self.of, self.len);
        n.abs_diff(m) <= edits && x + y <= 2 * (edits + self.both)
    }
}

/// Personal names: symbols, letter sets, sound keys, variant groups and words.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NameValues {
    bytes: Vec<u8>,
    heads: Vec<Head>,
    lists: Lists,
    /// Distinct words, when whole names are compared word by word.
    pub words: Option<Box<Words>>,
}

/// Distinct words of whole names.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Words {
    /// Folded words by number.
    pub dict: Dictionary,
    /// How many distinct values contain each.
    pub counts: Vec<u32>,
    names: NameValues,
}

impl NameValues {
    /// For whole names, compared word by word.
    pub(super) fn whole() -> Self {
        Self {
            words: Some(Box::default()),
            ..Self::default()
        }
    }

    pub(super) fn push(&mut self, folded: &str) -> Result<(), LinkError> {
        if self.heads.is_empty() {
            self.heads.push(Head::default());
        }
        let start = self.bytes.len();
        encode(folded, &mut self.bytes);
        let symbols = &self.bytes[start..];
        let letters = letters(symbols);
        // at most as many symbols as are looked at
        let small = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
        self.heads.push(Head {
            letters,
            groups: variant_groups(folded),
            start: u32::try_from(start).unwrap_or(u32::MAX),
            len: small(symbols.len()),
            distinct: small(letters.count_ones() as usize),
            sound: key_of(sound_key(folded).as_bytes()),
            first: (0..4).fold(0, |all, k| {
                all | u32::from(symbols.get(k).copied().unwrap_or(u8::MAX)) << (8 * k)
            }),
        });
        if let Some(words) = &mut self.words {
            let mut list = Vec::new();
            for w in folded.split(' ') {
                let before = words.dict.len();
                let number = words.dict.insert(w.as_bytes())?;
                if words.dict.len() > before {
                    words.names.push(w)?;
                    words.counts.resize(words.dict.len() + 1, 0);
                }
                words.counts[number as usize] += 1;
                list.push(number);
            }
            self.lists.push(&list);
        }
        Ok(())
    }

    #[inline]
    fn head(&self, c: u32) -> Head {
        self.heads[c as usize]
    }
    #[inline]
    fn symbols_of(&self, h: Head) -> &[u8] {
        &self.bytes[h.start as usize..][..usize::from(h.len)]
    }
    pub(super) fn symbols(&self, c: u32) -> &[u8] {
        self.symbols_of(self.head(c))
    }
    #[inline]
    pub(super) fn letters(&self, c: u32) -> u64 {
        self.head(c).letters
    }
    #[inline]
    pub(super) fn touch_text(&self, c: u32) -> u64 {
        self.symbols(c).first().copied().map_or(0, u64::from)
    }
    /// The level of two unequal single names, where their heads alone tell: a known variant, or too few letters in common.
    #[inline]
    pub(super) fn at_a_glance(&self, a: u32, b: u32) -> Option<u8> {
        let (x, y) = (self.head(a), self.head(b));
        if share_group(&x.groups, &y.groups) {
            return Some(5);
        }
        let one_word = (x.letters | y.letters) >> SPACE & 1 == 0;
        if !one_word || x.len == 1 || y.len == 1 {
            return None;
        }
        let common = Common::of(x, y);
        let alike = common.close() && (common.may_be_similar() || x.sound == y.sound);
        (!alike).then_some(14)
    }
    /// Hash of the sound key of a code.
    #[inline]
    #[must_use]
    pub fn sound(&self, c: u32) -> u32 {
        self.head(c).sound
    }
    /// Word numbers of a whole name.
    #[must_use]
    pub fn words(&self, c: u32) -> &[u32] {
        self.lists.get(c)
    }
    fn word_symbols(&self, w: u32) -> &[u8] {
        self.words.as_ref().map_or(&[], |x| x.names.symbols(w))
    }
    /// Hash of the sound key of a word.
    #[must_use]
    pub fn word_sound(&self, w: u32) -> u32 {
        self.words.as_ref().map_or(0, |x| x.names.sound(w))
    }
    /// How many distinct values contain a word.
    #[must_use]
    pub fn word_count(&self, w: u32) -> u32 {
        self.words
            .as_ref()
            .and_then(|x| x.counts.get(w as usize))
            .copied()
            .unwrap_or(0)
    }

    /// Whether two words may be the same name: equal, variants, near, or one the other's initial.
    fn word_fits(&self, p: &mut Prepared, x: u32, y: u32) -> bool {
        if x == y {
            return true;
        }
        let Some(w) = &self.words else { return false };
        let n = &w.names;
        let (hx, hy) = (n.head(x), n.head(y));
        let (sx, sy) = (n.symbols_of(hx), n.symbols_of(hy));
        if sx.len() == 1 || sy.len() == 1 {
            return sx.first() == sy.first();
        }
        if share_group(&hx.groups, &hy.groups) {
            return true;
        }
        if !Common::of(hx, hy).close() {
            return false;
        }
        p.set(sx);
        (sx.len().min(sy.len()) >= 4 && osa(p, sy) <= 1) || jaro_winkler(p, sy) >= 0.93
    }
}

/// Level of two unequal given or family names that cannot be told at a glance; `prepare` is asked for `a` only when letters
/// are to be compared; `rare` says whether even the commoner one is rare.
pub(super) fn name<'p>(
    prepare: impl FnOnce(&[u8]) -> &'p Prepared,
    v: &NameValues,
    a: u32,
    b: u32,
    rare: bool,
) -> u8 {
    let (x, y) = (v.head(a), v.head(b));
    let (sa, sb) = (v.symbols_of(x), v.symbols_of(y));
    let one_word = (x.letters | y.letters) >> SPACE & 1 == 0;
    if one_word && (sa.len() == 1 || sb.len() == 1) {
        return if sa.first() == sb.first() { 9 } else { 14 };
    }
    let near = if rare { 6 } else { 7 };
    let mut level = 14;
    let common = Common::of(x, y);
    if common.close() {
        let short = x.len.min(y.len);
        if x.sound == y.sound && short >= 3 {
            return near;
        }
        let p = prepare(sa);
        let similarity = jaro_winkler(p, sb);
        if similarity >= 0.95 || (!one_word && joined_equal(sa, sb)) {
            return near;
        }
        let one_edit = short >= 3 && common.may_be_within(1);
        let two_edits = short >= 6 && similarity < 0.88 && common.may_be_within(2);
        let distance = if similarity > 0.75 && (one_edit || two_edits) {
            osa(p, sb)
        } else {
            9
        };
        if distance <= 1 && short >= 3 {
            return near;
        }
        level = if similarity >= 0.88 || (distance <= 2 && short >= 6) {
            10
        } else if similarity >= 0.76 {
            13
        } else {
            14
        };
    }
    if !one_word && let Some(level) = parts(sa, sb) {
        return level;
    }
    level
}

/// The same letters once spaces are taken out.
fn joined_equal(a: &[u8], b: &[u8]) -> bool {
    a.iter()
        .filter(|s| **s != SPACE)
        .eq(b.iter().filter(|s| **s != SPACE))
}

fn parts(a: &[u8], b: &[u8]) -> Option<u8> {
    fn words(s: &[u8]) -> impl Iterator<Item = &[u8]> {
        s.split(|x| *x == SPACE)
    }
    if words(a).any(|x| x.len() > 1 && words(b).any(|y| x == y)) {
        return Some(8);
    }
    let fits = |one, other| {
        let start = words(other).next().and_then(<[u8]>::first);
        words(one).any(|x| x.len() == 1 && x.first() == start)
    };
    (fits(a, b) || fits(b, a)).then_some(9)
}

/// Level of two unequal whole names. Words are matched one to one: equal, variant, near, or an initial.
pub(super) fn full(p: &mut Prepared, v: &NameValues, a: u32, b: u32, rare_word: impl Fn(u32) -> bool) -> u8 {
    let (wa, wb) = (v.words(a), v.words(b));
    let (short, long) = if wa.len() <= wb.len() { (wa, wb) } else { (wb, wa) };
    let mut used = 0_u64;
    let (mut matched, mut rare, mut initials) = (0, false, 0);
    for &x in short {
        let hit = long
            .iter()
            .enumerate()
            .take(64)
            .filter(|(k, _)| used & (1 << k) == 0)
            .find(|(_, y)| v.word_fits(p, x, **y));
        if let Some((k, &y)) = hit {
            used |= 1 << k;
            if v.word_symbols(x).len() == 1 || v.word_symbols(y).len() == 1 {
                initials += 1;
            } else {
                matched += 1;
                rare |= rare_word(x) && rare_word(y);
            }
        }
    }
    let all = matched + initials == short.len();
    match (matched, all) {
        (1.., true) if matched + initials >= 2 => 5,
        (2.., _) => 6,
        (1, _) => {
            if rare {
                7
            } else {
                8
            }
        }
        _ => {
            p.set(v.symbols(a));
            if jaro_winkler(p, v.symbols(b)) >= 0.86 {
                9
            } else {
                10
            }
        }
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

    proptest! {
        #[test]
        fn what_letters_and_lengths_rule_out_the_kernels_rule_out_too(a in "[a-h]{1,12}", b in "[a-h]{1,12}") {
            let mut v = NameValues::default();
            v.push(&a).unwrap();
            v.push(&b).unwrap();
            let common = Common::of(v.head(1), v.head(2));
            let mut p = Prepared::default();
            p.set(v.symbols(1));
            if !common.may_be_similar() {
                let similarity = jaro_winkler(&p, v.symbols(2));
                prop_assert!(similarity <= 0.75, "{a} {b} {similarity}");
            }
            for edits in 0..4 {
                let distance = osa(&p, v.symbols(2));
                prop_assert!(common.may_be_within(edits) || distance > edits, "{a} {b} {distance}");
            }
        }

        #[test]
        fn a_level_at_a_glance_is_that_of_the_letters(a in "[a-e]{2,9}", b in "[a-e]{2,9}") {
            prop_assume!(a != b);
            let mut v = NameValues::default();
            v.push(&a).unwrap();
            v.push(&b).unwrap();
            if v.at_a_glance(1, 2) == Some(14) {
                let mut p = Prepared::default();
                p.set(v.symbols(1));
                let level = name(|_| &p, &v, 1, 2, false);
                prop_assert_eq!(level, 14, "{} {}", a, b);
            }
        }
    }

    #[test]
    fn words_of_double_names_are_found() {
        let level = |a: &str, b: &str| {
            let (mut x, mut y) = (Vec::new(), Vec::new());
            encode(a, &mut x);
            encode(b, &mut y);
            parts(&x, &y)
        };
        assert_eq!(level("smith jones", "jones"), Some(8));
        assert_eq!(level("anna maria", "a clare"), Some(9));
        assert_eq!(level("a b", "c d"), None);
        assert_eq!(level("anna maria", "clare m"), None);
    }
}

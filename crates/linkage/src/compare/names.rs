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

/// What a first look at a name needs, side by side: one line of memory.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Head {
    letters: u64,
    groups: [u16; GROUPS],
    start: u32,
    len: u32,
    sound: u32,
}

impl Head {
    /// Whether enough letters are shared for the names to be similar at all.
    #[inline]
    const fn close(self, other: Self) -> bool {
        let common = (self.letters & other.letters).count_ones();
        let (x, y) = (self.letters.count_ones(), other.letters.count_ones());
        common * 2 >= if x > y { x } else { y }
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
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.heads.push(Head {
            letters: letters(symbols),
            groups: variant_groups(folded),
            start: number(start),
            len: number(symbols.len()),
            sound: key_of(sound_key(folded).as_bytes()),
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
        &self.bytes[h.start as usize..(h.start + h.len) as usize]
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
        (one_word && x.len != 1 && y.len != 1 && !x.close(y)).then_some(14)
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
        if !hx.close(hy) {
            return false;
        }
        p.set(sx);
        (sx.len().min(sy.len()) >= 4 && osa(p, sy) <= 1) || jaro_winkler(p, sy) >= 0.93
    }
}

/// Level of two unequal given or family names that cannot be told at a glance; `a` is prepared; `rare` says whether even
/// the commoner one is rare.
pub(super) fn name(p: &Prepared, v: &NameValues, a: u32, b: u32, rare: bool) -> u8 {
    let (x, y) = (v.head(a), v.head(b));
    let (sa, sb) = (v.symbols_of(x), v.symbols_of(y));
    let one_word = (x.letters | y.letters) >> SPACE & 1 == 0;
    if one_word && (sa.len() == 1 || sb.len() == 1) {
        return if sa.first() == sb.first() { 9 } else { 14 };
    }
    if x.close(y) {
        let similarity = jaro_winkler(p, sb);
        let short = sa.len().min(sb.len());
        let distance = if similarity > 0.75 { osa(p, sb) } else { 9 };
        if (distance <= 1 && short >= 3) || similarity >= 0.95 || joined_equal(sa, sb) {
            return if rare { 6 } else { 7 };
        }
        if x.sound == y.sound && short >= 3 {
            return if rare { 6 } else { 7 };
        }
        if !one_word && let Some(level) = parts(sa, sb) {
            return level;
        }
        if similarity >= 0.88 || (distance <= 2 && short >= 6) {
            return 10;
        }
        return if similarity >= 0.76 { 13 } else { 14 };
    }
    if !one_word && let Some(level) = parts(sa, sb) {
        return level;
    }
    14
}

/// The same letters once spaces are taken out.
fn joined_equal(a: &[u8], b: &[u8]) -> bool {
    a.iter()
        .filter(|s| **s != SPACE)
        .eq(b.iter().filter(|s| **s != SPACE))
}

fn parts(a: &[u8], b: &[u8]) -> Option<u8> {
    let words = |s: &'_ [u8]| s.split(|x| *x == SPACE).map(<[u8]>::to_vec).collect::<Vec<_>>();
    let (wa, wb) = (words(a), words(b));
    if wa.iter().any(|x| x.len() > 1 && wb.contains(x)) {
        return Some(8);
    }
    let fits = |one: &[Vec<u8>], other: &[Vec<u8>]| {
        one.iter()
            .any(|x| x.len() == 1 && other.first().is_some_and(|o| o.first() == x.first()))
    };
    (fits(&wa, &wb) || fits(&wb, &wa)).then_some(9)
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

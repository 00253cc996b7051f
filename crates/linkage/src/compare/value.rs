//! Distinct values prepared for comparison, once each.
#![expect(
    clippy::indexing_slicing,
    reason = "codes index arrays filled from the same dictionary"
)]

use super::{
    canonical::canonical,
    date::{Day, parse_day},
};
use crate::{
    LinkError,
    kernel::{Prepared, encode, jaro_winkler, letters, osa},
    name::{GROUPS, share_group, sound_key, variant_groups},
    profile::Kind,
    table::{Dictionary, hash_bytes},
};
use serde::{Deserialize, Serialize};

/// Folded distinct values of one or more fields and what their kind needs to compare them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Values {
    /// Folded text by code.
    pub dict: Dictionary,
    /// Prepared parts.
    pub detail: Detail,
    several: Option<Lists>,
    /// A word in at most this many whole names counts as rare; fixed when the values are finished.
    pub few: u32,
}

/// Prepared parts, by family of kinds. Index 0 stands for the missing value.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub enum Detail {
    /// Nothing but equality.
    #[default]
    Plain,
    /// Personal names.
    Names(NameValues),
    /// Dates; an unparsable one has year 0.
    Dates(Vec<Day>),
    /// Short strings compared by edits.
    Symbols(Symbols),
    /// Texts of several words.
    Text(TextValues),
    /// Quantities.
    Numbers(Vec<f64>),
}

/// Symbol strings, end to end.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Symbols {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    letters: Vec<u64>,
}

impl Symbols {
    fn push(&mut self, folded: &str) {
        if self.ends.is_empty() {
            self.ends.push(0);
            self.letters.push(0);
        }
        let start = self.bytes.len();
        encode(folded, &mut self.bytes);
        self.letters.push(letters(&self.bytes[start..]));
        self.ends
            .push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
    }

    /// The set of symbols of a code, as bits.
    #[inline]
    #[must_use]
    pub fn letters(&self, code: u32) -> u64 {
        self.letters.get(code as usize).copied().unwrap_or(0)
    }

    /// False if the two sets of symbols prove more than two edits: one edit changes the sets by at most two symbols.
    #[inline]
    #[must_use]
    pub fn within_two(&self, a: u32, b: u32) -> bool {
        (self.letters(a) ^ self.letters(b)).count_ones() <= 4
    }

    /// The symbols of a code.
    #[inline]
    #[must_use]
    pub fn get(&self, code: u32) -> &[u8] {
        let k = code as usize;
        if k == 0 || k >= self.ends.len() {
            return &[];
        }
        &self.bytes[self.ends[k - 1] as usize..self.ends[k] as usize]
    }
}

/// Lists of word numbers, end to end.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Lists {
    items: Vec<u32>,
    ends: Vec<u32>,
}

impl Lists {
    fn push(&mut self, list: &[u32]) {
        if self.ends.is_empty() {
            self.ends.push(0);
        }
        self.items.extend_from_slice(list);
        self.ends
            .push(u32::try_from(self.items.len()).unwrap_or(u32::MAX));
    }

    fn get(&self, code: u32) -> &[u32] {
        let k = code as usize;
        if k == 0 || k >= self.ends.len() {
            return &[];
        }
        &self.items[self.ends[k - 1] as usize..self.ends[k] as usize]
    }
}

/// Personal names: symbols, letter sets, sound keys, variant groups and words.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NameValues {
    symbols: Symbols,
    letters: Vec<u64>,
    sounds: Vec<u32>,
    groups: Vec<[u16; GROUPS]>,
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

/// A 32-bit, never zero, hash of a short text.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "the low half of a hash")]
pub fn key_of(text: &[u8]) -> u32 {
    (hash_bytes(text) as u32).max(1)
}

impl NameValues {
    fn push(&mut self, folded: &str) -> Result<(), LinkError> {
        if self.letters.is_empty() {
            self.letters.push(0);
            self.sounds.push(0);
            self.groups.push([0; GROUPS]);
        }
        self.symbols.push(folded);
        let code = u32::try_from(self.letters.len()).unwrap_or(u32::MAX);
        self.letters.push(self.symbols.letters(code));
        self.sounds.push(key_of(sound_key(folded).as_bytes()));
        self.groups.push(variant_groups(folded));
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
    pub(super) fn symbols(&self, c: u32) -> &[u8] {
        self.symbols.get(c)
    }
    #[inline]
    pub(super) fn letters(&self, c: u32) -> u64 {
        self.letters[c as usize]
    }
    /// Hash of the sound key of a code.
    #[inline]
    #[must_use]
    pub fn sound(&self, c: u32) -> u32 {
        self.sounds[c as usize]
    }
    #[inline]
    pub(super) fn groups(&self, c: u32) -> &[u16; GROUPS] {
        &self.groups[c as usize]
    }
    /// Word numbers of a whole name.
    #[must_use]
    pub fn words(&self, c: u32) -> &[u32] {
        self.lists.get(c)
    }
    pub(super) fn word_symbols(&self, w: u32) -> &[u8] {
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
    pub(super) fn word_fits(&self, p: &mut Prepared, x: u32, y: u32) -> bool {
        if x == y {
            return true;
        }
        let Some(w) = &self.words else { return false };
        let n = &w.names;
        let (sx, sy) = (n.symbols(x), n.symbols(y));
        if sx.len() == 1 || sy.len() == 1 {
            return sx.first() == sy.first();
        }
        if share_group(n.groups(x), n.groups(y)) {
            return true;
        }
        let common = (n.letters(x) & n.letters(y)).count_ones();
        if common * 2 < n.letters(x).count_ones().max(n.letters(y).count_ones()) {
            return false;
        }
        p.set(sx);
        (sx.len().min(sy.len()) >= 4 && osa(p, sy) <= 1) || jaro_winkler(p, sy) >= 0.93
    }
}

/// Texts: symbols and sorted word lists with a weight per word.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TextValues {
    symbols: Symbols,
    lists: Lists,
    /// Distinct words.
    pub dict: Dictionary,
    counts: Vec<u32>,
    weights: Vec<f32>,
    numbers: Vec<bool>,
}

impl TextValues {
    fn push(&mut self, folded: &str) -> Result<(), LinkError> {
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
    fn finish(&mut self, values: usize) {
        let n = f64::from(u32::try_from(values.max(2)).unwrap_or(u32::MAX));
        self.weights = self
            .counts
            .iter()
            .map(|&c| ((n + 1.0) / (f64::from(c) + 0.5)).ln().max(0.2) as f32)
            .collect();
    }

    pub(super) fn symbols(&self, c: u32) -> &[u8] {
        self.symbols.get(c)
    }
    /// Whether at least half of the symbols are shared; otherwise no similarity of 0.88 is in reach.
    pub(super) fn alike(&self, a: u32, b: u32) -> bool {
        let (x, y) = (self.symbols.letters(a), self.symbols.letters(b));
        (x & y).count_ones() * 2 >= x.count_ones().max(y.count_ones())
    }
    /// Sorted word numbers of a value.
    #[must_use]
    pub fn words(&self, c: u32) -> &[u32] {
        self.lists.get(c)
    }
    /// Weight of a word: the logarithm of its rarity.
    #[must_use]
    pub fn weight(&self, w: u32) -> f64 {
        self.weights.get(w as usize).copied().map_or(8.0, f64::from)
    }
    pub(super) fn is_number(&self, w: u32) -> bool {
        self.numbers.get(w as usize).copied().unwrap_or(false)
    }
}

impl Values {
    /// An empty store for a kind.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        let detail = match kind {
            Kind::GivenName | Kind::FamilyName => Detail::Names(NameValues::default()),
            Kind::FullName => Detail::Names(NameValues {
                words: Some(Box::default()),
                ..NameValues::default()
            }),
            Kind::Date => Detail::Dates(vec![Day::default()]),
            Kind::Postcode | Kind::Digits | Kind::Code | Kind::Email => Detail::Symbols(Symbols::default()),
            Kind::Text => Detail::Text(TextValues::default()),
            Kind::Number => Detail::Numbers(vec![0.0]),
            Kind::Category | Kind::Unused | Kind::Custom => Detail::Plain,
        };
        Self {
            dict: Dictionary::default(),
            detail,
            several: None,
            few: 3,
        }
    }

    /// Code of a raw value, folding and preparing it if it is new.
    ///
    /// # Errors
    /// As [`Dictionary::insert`].
    pub fn add(&mut self, kind: Kind, raw: &str, day_first: bool) -> Result<u32, LinkError> {
        let folded = canonical(kind, raw, day_first);
        let before = self.dict.len();
        let code = self.dict.insert(folded.as_bytes())?;
        if self.dict.len() > before {
            match &mut self.detail {
                Detail::Plain => {}
                Detail::Names(v) => v.push(&folded)?,
                Detail::Dates(v) => v.push(parse_day(&folded, true).unwrap_or_default()),
                Detail::Symbols(v) => v.push(&folded),
                Detail::Text(v) => v.push(&folded)?,
                Detail::Numbers(v) => v.push(folded.parse().unwrap_or(0.0)),
            }
        }
        Ok(code)
    }

    /// Codes of a cell with several values: the cell as a whole gets a code, and each element its own.
    ///
    /// # Errors
    /// As [`Dictionary::insert`].
    pub fn add_several(
        &mut self,
        kind: Kind,
        raw: &str,
        separator: char,
        day_first: bool,
    ) -> Result<u32, LinkError> {
        let mut list = Vec::new();
        let mut whole = Vec::new();
        for part in raw.split(separator).map(str::trim).filter(|p| !p.is_empty()) {
            let code = self.add(kind, part, day_first)?;
            if code != 0 && !list.contains(&code) {
                list.push(code);
                whole.push(self.dict.text(code).to_owned());
            }
        }
        if let [] | [_] = list.as_slice() {
            return Ok(list.first().copied().unwrap_or(0));
        }
        whole.sort_unstable();
        let code = self.add(kind, &whole.join(" \u{2502} "), day_first)?;
        let lists = self.several.get_or_insert_with(Lists::default);
        // a list of n entries has n + 1 ends
        while lists.ends.len() < (code as usize).max(1) {
            lists.push(&[]);
        }
        if lists.ends.len() == code as usize {
            lists.push(&list);
        }
        Ok(code)
    }

    /// Makes values findable again after [`Dictionary::freeze`].
    pub fn thaw(&mut self) {
        self.dict.thaw();
    }

    /// Elements of a cell with several values; empty for a single value.
    #[must_use]
    pub fn elements(&self, code: u32) -> &[u32] {
        self.several.as_ref().map_or(&[], |l| l.get(code))
    }

    /// Whether any cell holds several values.
    #[must_use]
    pub const fn many(&self) -> bool {
        self.several.is_some()
    }

    /// Computes what depends on all values together (word weights).
    pub fn finish(&mut self) {
        let n = self.dict.len();
        self.few = u32::try_from(n / 500).unwrap_or(u32::MAX).max(3);
        if let Detail::Text(t) = &mut self.detail {
            t.finish(n);
        }
    }
}

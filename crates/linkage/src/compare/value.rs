//! Distinct values prepared for comparison, once each.
#![expect(
    clippy::indexing_slicing,
    reason = "codes index arrays filled from the same dictionary"
)]

use super::{
    canonical::canonical,
    date::{Day, parse_day, year_alone},
    names::NameValues,
    symbols::Symbols,
    words::TextValues,
};
use crate::{
    LinkError,
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
    /// How many values there were when they were finished: later ones count as rare.
    finished: u32,
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

/// Lists of word numbers, end to end.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Lists {
    items: Vec<u32>,
    ends: Vec<u32>,
}

impl Lists {
    pub(super) fn push(&mut self, list: &[u32]) {
        if self.ends.is_empty() {
            self.ends.push(0);
        }
        self.items.extend_from_slice(list);
        self.ends
            .push(u32::try_from(self.items.len()).unwrap_or(u32::MAX));
    }

    /// Where the list of a code begins.
    #[inline]
    pub(super) fn starts(&self, code: u32) -> u32 {
        self.ends
            .get((code as usize).wrapping_sub(1))
            .copied()
            .unwrap_or(0)
    }

    #[inline]
    pub(super) fn get(&self, code: u32) -> &[u32] {
        let k = code as usize;
        if k == 0 || k >= self.ends.len() {
            return &[];
        }
        &self.items[self.ends[k - 1] as usize..self.ends[k] as usize]
    }
}

/// A 32-bit, never zero, hash of a short text.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "the low half of a hash")]
pub fn key_of(text: &[u8]) -> u32 {
    (hash_bytes(text) as u32).max(1)
}

impl Values {
    /// An empty store for a kind.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        let detail = match kind {
            Kind::GivenName | Kind::FamilyName => Detail::Names(NameValues::default()),
            Kind::FullName => Detail::Names(NameValues::whole()),
            Kind::Date => Detail::Dates(vec![Day::default()]),
            Kind::Postcode => Detail::Symbols(Symbols::of_places()),
            Kind::Digits | Kind::Code | Kind::Email => Detail::Symbols(Symbols::default()),
            Kind::Text => Detail::Text(TextValues::default()),
            Kind::Number => Detail::Numbers(vec![0.0]),
            Kind::Category | Kind::Unused | Kind::Custom => Detail::Plain,
        };
        Self {
            dict: Dictionary::default(),
            detail,
            several: None,
            few: 3,
            finished: 0,
        }
    }

    /// Code of a raw value, folding and preparing it if it is new.
    ///
    /// # Errors
    /// As [`Dictionary::insert`].
    pub fn add(&mut self, kind: Kind, raw: &str, day_first: bool) -> Result<u32, LinkError> {
        self.add_folded(&canonical(kind, raw, day_first))
    }

    /// Code of a folded value, preparing it if it is new.
    ///
    /// # Errors
    /// As [`Dictionary::insert`].
    pub(crate) fn add_folded(&mut self, folded: &str) -> Result<u32, LinkError> {
        let before = self.dict.len();
        let code = self.dict.insert(folded.as_bytes())?;
        if self.dict.len() > before {
            match &mut self.detail {
                Detail::Plain => {}
                Detail::Names(v) => v.push(folded)?,
                Detail::Dates(v) => {
                    let day = parse_day(folded, true).or_else(|| year_alone(folded));
                    v.push(day.unwrap_or_default());
                }
                Detail::Symbols(v) => v.push(folded),
                Detail::Text(v) => v.push(folded)?,
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
        self.list(code, &list);
        Ok(code)
    }

    /// Says of which elements a cell consists, unless that is known.
    pub(crate) fn list(&mut self, code: u32, list: &[u32]) {
        let lists = self.several.get_or_insert_with(Lists::default);
        // a list of n entries has n + 1 ends
        while lists.ends.len() < (code as usize).max(1) {
            lists.push(&[]);
        }
        if lists.ends.len() == code as usize {
            lists.push(list);
        }
    }

    /// Something of what a first look at a value reads, so that it is in the cache when it is looked at.
    #[inline]
    pub(super) fn touch(&self, code: u32) -> u64 {
        match &self.detail {
            Detail::Names(v) => v.letters(code),
            Detail::Symbols(v) => v.touch(code),
            Detail::Text(v) => v.touch(code),
            Detail::Dates(v) => u64::from(v.get(code as usize).copied().unwrap_or_default().year),
            Detail::Plain | Detail::Numbers(_) => 0,
        }
    }

    /// The same of what lies behind it.
    #[inline]
    pub(super) fn touch_text(&self, code: u32) -> u64 {
        match &self.detail {
            Detail::Names(v) => v.touch_text(code),
            Detail::Symbols(v) => v.get(code).first().copied().map_or(0, u64::from),
            Detail::Text(v) => v.touch_text(code),
            Detail::Plain | Detail::Numbers(_) | Detail::Dates(_) => 0,
        }
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

    /// How many values there were when [`Self::finish`] was called.
    pub(crate) const fn finished(&self) -> u32 {
        self.finished
    }

    /// Computes what depends on all values together (word weights).
    pub fn finish(&mut self) {
        let n = self.dict.len();
        self.finished = u32::try_from(n).unwrap_or(u32::MAX);
        self.few = u32::try_from(n / 500).unwrap_or(u32::MAX).max(3);
        if let Detail::Text(t) = &mut self.detail {
            t.finish(n);
        }
    }
}

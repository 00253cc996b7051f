//! Blocking keys per distinct value.
#![expect(clippy::indexing_slicing, reason = "codes index the offsets made here")]

use crate::{
    compare::{Detail, Records, key_of},
    profile::Kind,
};
use serde::{Deserialize, Serialize};

/// How a value is turned into blocking keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// The folded value.
    Exact,
    /// Sound key of the first (given) or last (family) word.
    Sound,
    /// First three letters of a given name, four of a family name.
    Prefix,
    /// The value and every string with one character left out: values one edit apart share a key.
    Near,
    /// Month and day in either order, without the year.
    MonthDay,
    /// Year of a date.
    Year,
    /// Outward part of a postcode.
    Outward,
    /// Last six characters.
    Ending,
    /// Part of an e-mail address before the @.
    LocalPart,
    /// Each of the two rarest words.
    RareWord,
    /// Sound of each word (exploded).
    WordSound,
}

impl KeyKind {
    /// In words, for reports.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Exact => "same",
            Self::Sound => "same sound",
            Self::Prefix => "same beginning",
            Self::Near => "one edit apart",
            Self::MonthDay => "same day and month in any order",
            Self::Year => "same year",
            Self::Outward => "same district",
            Self::Ending => "same ending",
            Self::LocalPart => "same name part",
            Self::RareWord => "shares a rare word",
            Self::WordSound => "shares a word by sound",
        }
    }

    /// Rough chance that a true pair still agrees on this key although the values differ; used only for planning.
    #[must_use]
    pub const fn survives(self) -> f64 {
        match self {
            Self::Exact => 0.0,
            Self::Sound => 0.35,
            Self::Prefix => 0.4,
            Self::Near => 0.6,
            Self::MonthDay => 0.45,
            Self::Year => 0.5,
            Self::Outward => 0.35,
            Self::Ending | Self::LocalPart => 0.25,
            Self::RareWord => 0.5,
            Self::WordSound => 0.75,
        }
    }
}

/// A key of one field: for each code, zero or more 32-bit keys.
#[derive(Clone, Debug)]
pub struct Key {
    /// Field number.
    pub field: usize,
    /// How.
    pub kind: KeyKind,
    items: Vec<u32>,
    ends: Option<Vec<u32>>,
}

impl Key {
    /// Keys of a code.
    #[inline]
    #[must_use]
    pub fn of(&self, code: u32) -> &[u32] {
        let c = code as usize;
        match &self.ends {
            None => match &self.items[c..=c] {
                [0] => &[],
                one => one,
            },
            Some(ends) => {
                let from = if c == 0 { 0 } else { ends[c - 1] as usize };
                &self.items[from..ends[c] as usize]
            }
        }
    }

    /// The same keys for a few records alone, numbered in their order instead of by codes.
    #[must_use]
    pub fn sampled(&self, records: &Records, sample: &[u32]) -> Self {
        let mut out = Self {
            field: self.field,
            kind: self.kind,
            items: Vec::with_capacity(sample.len()),
            ends: self.ends.as_ref().map(|_| Vec::with_capacity(sample.len())),
        };
        for r in sample {
            let keys = self.of(records.row(*r)[self.field]);
            match &mut out.ends {
                Some(ends) => {
                    out.items.extend_from_slice(keys);
                    ends.push(u32::try_from(out.items.len()).unwrap_or(u32::MAX));
                }
                None => out.items.push(keys.first().copied().unwrap_or(0)),
            }
        }
        out
    }

    /// Average number of keys per value.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a ratio")]
    pub fn fan_out(&self) -> f64 {
        self.ends
            .as_ref()
            .map_or(1.0, |e| self.items.len() as f64 / e.len().max(1) as f64)
    }
}

/// The keys that a kind of field offers.
#[must_use]
pub const fn kinds_for(kind: Kind) -> &'static [KeyKind] {
    match kind {
        Kind::GivenName | Kind::FamilyName => {
            &[KeyKind::Exact, KeyKind::Sound, KeyKind::Prefix, KeyKind::Near]
        }
        Kind::FullName => &[KeyKind::Exact, KeyKind::WordSound],
        Kind::Date => &[KeyKind::Exact, KeyKind::MonthDay, KeyKind::Year],
        Kind::Postcode => &[KeyKind::Exact, KeyKind::Near, KeyKind::Outward],
        Kind::Digits => &[KeyKind::Exact, KeyKind::Near, KeyKind::Ending],
        Kind::Code | Kind::Category | Kind::Number => &[KeyKind::Exact],
        Kind::Email => &[KeyKind::Exact, KeyKind::LocalPart],
        Kind::Text => &[KeyKind::Exact, KeyKind::RareWord],
        Kind::Unused | Kind::Custom => &[],
    }
}

/// Builds one key of one field.
#[must_use]
pub fn key(records: &Records, field: usize, kind: KeyKind) -> Key {
    let Some(f) = records.column(field) else {
        return Key {
            field,
            kind,
            items: Vec::new(),
            ends: None,
        };
    };
    let mut out = Key {
        field,
        kind,
        items: Vec::new(),
        ends: many(records, f, kind).then(Vec::new),
    };
    out.extend(records, u32::try_from(f.exact.len()).unwrap_or(u32::MAX));
    out
}

/// Whether a value may have several keys.
fn many(records: &Records, f: &crate::compare::Field, kind: KeyKind) -> bool {
    records
        .stores
        .get(f.store)
        .is_some_and(crate::compare::Values::many)
        || matches!(kind, KeyKind::Near | KeyKind::RareWord | KeyKind::WordSound)
}

impl Key {
    /// Adds the keys of codes up to (and without) `end`.
    pub fn extend(&mut self, records: &Records, end: u32) {
        if records.column(self.field).is_none() {
            return;
        }
        let start = self.ends.as_ref().map_or(self.items.len(), Vec::len);
        for code in u32::try_from(start).unwrap_or(u32::MAX)..end {
            let before = self.items.len();
            keys_of_code(records, self.field, self.kind, code, &mut self.items);
            match &mut self.ends {
                Some(ends) => ends.push(u32::try_from(self.items.len()).unwrap_or(u32::MAX)),
                None if self.items.len() == before => self.items.push(0),
                None => {}
            }
        }
    }
}

/// Adds the keys of one code.
pub fn keys_of_code(records: &Records, field: usize, kind: KeyKind, code: u32, out: &mut Vec<u32>) {
    let Some(f) = records.column(field) else { return };
    let elements = records.stores[f.store].elements(code);
    if code > 0 && elements.is_empty() {
        push_keys(records, field, kind, code, out);
    }
    for &e in elements {
        push_keys(records, field, kind, e, out);
    }
}

fn push_keys(records: &Records, field: usize, kind: KeyKind, code: u32, out: &mut Vec<u32>) {
    let Some(f) = records.column(field) else { return };
    let store = &records.stores[f.store];
    let text = store.dict.get(code);
    match (kind, &store.detail) {
        (KeyKind::Exact, _) => out.push(key_of(text)),
        // the sound of a name of one word is known already
        (KeyKind::Sound, Detail::Names(v)) if !text.contains(&b' ') => out.push(v.sound(code)),
        (KeyKind::Sound, Detail::Names(_)) => {
            let word = |mut w: std::str::Split<'_, char>| {
                if f.kind == Kind::GivenName {
                    w.next()
                } else {
                    w.next_back()
                }
                .unwrap_or("")
                .to_owned()
            };
            out.push(key_of(
                crate::name::sound_key(&word(store.dict.text(code).split(' '))).as_bytes(),
            ));
        }
        (KeyKind::Prefix, _) => {
            let want = if f.kind == Kind::GivenName { 3 } else { 4 };
            let s = store.dict.text(code);
            let end = s.char_indices().nth(want).map_or(s.len(), |(k, _)| k);
            out.push(key_of(&text[..end]));
        }
        (KeyKind::Near, _) => near(text, out),
        (KeyKind::MonthDay, Detail::Dates(v)) => {
            let d = v[code as usize];
            if d.month > 0 && d.day > 0 && !d.placeholder() {
                out.push(u32::from(d.month.min(d.day)) * 64 + u32::from(d.month.max(d.day)));
            }
        }
        (KeyKind::Year, Detail::Dates(v)) => out.push(u32::from(v[code as usize].year)),
        (KeyKind::Outward, _) => {
            let end = if text.len() >= 5 {
                text.len() - 3
            } else {
                text.len()
            };
            out.push(key_of(&text[..end]));
        }
        (KeyKind::Ending, _) if text.len() > 6 => out.push(key_of(&text[text.len() - 6..])),
        (KeyKind::LocalPart, _) => {
            let end = text.iter().position(|c| *c == b'@').unwrap_or(text.len());
            out.push(key_of(&text[..end]));
        }
        (KeyKind::RareWord, Detail::Text(v)) => {
            let mut words: Vec<u32> = v.words(code).to_vec();
            words.sort_by(|a, b| v.weight(*b).total_cmp(&v.weight(*a)).then(a.cmp(b)));
            words.truncate(2);
            out.extend(words);
        }
        (KeyKind::WordSound, Detail::Names(v)) => {
            let from = out.len();
            for &w in v.words(code).iter().take(6) {
                let k = v.word_sound(w);
                if k != 0 && !out[from..].contains(&k) {
                    out.push(k);
                }
            }
        }
        _ => {}
    }
}

/// The value and its one-deletion neighbours (values of 4 to 24 bytes; shorter ones only themselves).
fn near(text: &[u8], out: &mut Vec<u32>) {
    out.push(key_of(text));
    if !(4..=24).contains(&text.len()) {
        return;
    }
    let mut shorter = [0_u8; 24];
    for skip in 0..text.len() {
        if skip > 0 && text[skip] == text[skip - 1] {
            continue;
        }
        let n = text.len() - 1;
        shorter[..skip].copy_from_slice(&text[..skip]);
        shorter[skip..n].copy_from_slice(&text[skip + 1..]);
        out.push(key_of(&shorter[..n]));
    }
}

/// All keys of all fields.
#[must_use]
pub fn keys_of(records: &Records) -> Vec<(usize, KeyKind)> {
    records
        .columns()
        .enumerate()
        .flat_map(|(k, f)| kinds_for(f.kind).iter().map(move |kind| (k, *kind)))
        .collect()
}

//! Typed match-keys (D2): from what an agency holds about a subject to at most 16 canonical values.
//!
//! Normalisation, phonetics and tables are frozen per [`VERSION`]; a change is a new version, and a new version
//! starts with an epoch. A key is made only when every part of it is known: a first of January, a pseudo-postcode or
//! an initial makes none. No key says what role a subject has.

pub mod frozen;
pub mod normalise;
pub mod phonetic;
mod tables;

use crate::wire::wire_code;
use normalise::{Date, Postcode};

/// The version of normalisation, phonetics and tables together.
pub const VERSION: u16 = 1;
/// Most keys a subject may use.
pub const MOST: usize = 16;

wire_code! {
    /// What a key is made of. The exchange never sees it.
    pub enum KeyType {
        /// NHS number.
        Nhs = 1,
        /// Phonetic forename and surname, date of birth.
        NamesDate = 2,
        /// First three letters of forename and of surname, date of birth.
        LettersDate = 3,
        /// The two names in alphabetical order, date of birth: finds swapped names.
        UnorderedDate = 4,
        /// Phonetic forename, date of birth, postcode: survives a change of surname.
        ForenameDatePostcode = 5,
        /// Phonetic surname, date of birth, postcode: survives another forename; also a household's children.
        SurnameDatePostcode = 6,
        /// Phonetic names, postcode, no date.
        NamesPostcode = 7,
        /// Phonetic names, postcode district, day and month.
        NamesDistrictDayMonth = 8,
        /// Phonetic names, postcode district, year and month.
        NamesDistrictYearMonth = 9,
        /// Telephone number. A link, never identity.
        Phone = 10,
        /// Registration mark. A link, never identity.
        Vehicle = 11,
        /// Platform and account name. A link, never identity.
        Handle = 12,
        /// Device identifier. A link, never identity.
        Device = 13,
        /// Property reference and phonetic surname. A link, never identity.
        PropertySurname = 14,
    }
}

/// A set of key types, as a bitmap (bit `n` for code `n`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct KeySet(pub u16);

impl KeySet {
    /// The set with one more type.
    pub fn with(self, kind: KeyType) -> Self {
        Self(self.0 | (1 << kind.code()))
    }
    /// Whether a type is in the set.
    pub fn has(self, kind: KeyType) -> bool {
        self.0 & (1 << kind.code()) != 0
    }
    /// Whether it holds nothing but types that are defined.
    pub fn is_known(self) -> bool {
        let defined: Self = KeyType::ALL.iter().copied().collect();
        self.union(defined) == defined
    }
    /// Everything in either.
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    /// The types in the set, in order.
    pub fn iter(self) -> impl Iterator<Item = KeyType> {
        KeyType::ALL.iter().copied().filter(move |kind| self.has(*kind))
    }
}

impl FromIterator<KeyType> for KeySet {
    fn from_iter<I: IntoIterator<Item = KeyType>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::default(), Self::with)
    }
}

/// One match-key: its type and canonical value. The value is personal data.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MatchKey {
    /// The type.
    pub kind: KeyType,
    /// The canonical value: parts joined by `|`, which no part contains.
    pub value: String,
}

impl core::fmt::Debug for MatchKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "MatchKey({:?})", self.kind)
    }
}

/// What an agency holds about a subject, as typed. Empty means not known.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Forenames in order.
    pub forename: String,
    /// Surname.
    pub surname: String,
    /// Date of birth, `YYYY-MM-DD`.
    pub date: String,
    /// Postcode.
    pub postcode: String,
    /// NHS number, spaces allowed.
    pub nhs: String,
    /// Telephone numbers.
    pub phones: Vec<String>,
    /// Registration marks.
    pub vehicles: Vec<String>,
    /// Platform and account name.
    pub handles: Vec<(String, String)>,
    /// Device identifiers (IMEI).
    pub devices: Vec<String>,
    /// Unique property reference number.
    pub property: String,
}

impl core::fmt::Debug for Facts {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Facts(…)")
    }
}

/// The parts of a person that keys are built from, normalised.
struct Parts {
    forename: Option<String>,
    sound: Option<String>,
    surnames: Vec<String>,
    date: Option<Date>,
    postcode: Option<Postcode>,
}

/// The keys that the second part of a double-barrelled surname makes too. The others would crowd out links.
const SECOND_BARREL: [KeyType; 4] = [
    KeyType::NamesDate,
    KeyType::LettersDate,
    KeyType::SurnameDatePostcode,
    KeyType::NamesPostcode,
];

/// The keys of a subject: sorted by type, without repeats, at most [`MOST`].
pub fn keys(facts: &Facts) -> Vec<MatchKey> {
    let parts = Parts {
        forename: normalise::forename(&facts.forename),
        sound: normalise::forename(&facts.forename).and_then(|name| phonetic::forename(&name)),
        surnames: normalise::surnames(&facts.surname),
        date: normalise::date(&facts.date),
        postcode: normalise::postcode(&facts.postcode),
    };
    let mut out = Vec::with_capacity(MOST);
    let mut add =
        |kind: KeyType, value: Option<String>| out.extend(value.map(|value| MatchKey { kind, value }));
    add(KeyType::Nhs, normalise::nhs(&facts.nhs));
    for (n, surname) in parts.surnames.iter().enumerate() {
        person_keys(&parts, surname, &mut |kind, value| {
            if n == 0 || SECOND_BARREL.contains(&kind) {
                add(kind, value);
            }
        });
    }
    for phone in &facts.phones {
        add(KeyType::Phone, normalise::phone(phone));
    }
    for mark in &facts.vehicles {
        add(KeyType::Vehicle, normalise::vehicle(mark));
    }
    for (platform, account) in &facts.handles {
        add(KeyType::Handle, normalise::handle(platform, account));
    }
    for device in &facts.devices {
        add(KeyType::Device, normalise::device(device));
    }
    if let Some(property) = normalise::property(&facts.property) {
        for surname in parts.surnames.iter().filter_map(|name| phonetic::surname(name)) {
            add(KeyType::PropertySurname, Some(format!("{property}|{surname}")));
        }
    }
    out.sort_unstable();
    out.dedup();
    out.truncate(MOST);
    out
}

fn person_keys(parts: &Parts, surname: &str, add: &mut impl FnMut(KeyType, Option<String>)) {
    let sur = phonetic::surname(surname);
    let (fore, sur) = (parts.sound.as_deref(), sur.as_deref());
    let date = parts.date.map(|date| date.whole());
    let unit = parts.postcode.as_ref().map(|postcode| postcode.unit.as_str());
    let district = parts.postcode.as_ref().map(|postcode| postcode.district.as_str());
    let join = |values: &[Option<&str>]| -> Option<String> {
        values
            .iter()
            .copied()
            .collect::<Option<Vec<_>>>()
            .map(|parts| parts.join("|"))
    };
    let date = date.as_deref();
    add(KeyType::NamesDate, join(&[fore, sur, date]));
    if let Some(forename) = parts.forename.as_deref().filter(|name| name.len() > 1) {
        let letters = |name: &str| name.chars().take(3).collect::<String>();
        add(
            KeyType::LettersDate,
            join(&[Some(&letters(forename)), Some(&letters(surname)), date]),
        );
        let (low, high) = if forename <= surname {
            (forename, surname)
        } else {
            (surname, forename)
        };
        add(KeyType::UnorderedDate, join(&[Some(low), Some(high), date]));
    }
    add(KeyType::ForenameDatePostcode, join(&[fore, date, unit]));
    add(KeyType::SurnameDatePostcode, join(&[sur, date, unit]));
    add(KeyType::NamesPostcode, join(&[fore, sur, unit]));
    if let Some(date) = parts.date {
        add(
            KeyType::NamesDistrictDayMonth,
            join(&[fore, sur, district, Some(&date.day_month())]),
        );
        add(
            KeyType::NamesDistrictYearMonth,
            join(&[fore, sur, district, Some(&date.year_month())]),
        );
    }
}

/// The set of types among keys.
pub fn held(keys: &[MatchKey]) -> KeySet {
    keys.iter().map(|key| key.kind).collect()
}

//! What each column is: decided from its header and a sample of its values, and open to correction by settings.
#![expect(
    clippy::indexing_slicing,
    reason = "codes index arrays made from the same dictionary"
)]

use crate::{
    compare::{Day, is_null_word, is_postcode, parse_day},
    name,
    table::{Column, Table},
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// What a column holds, which decides how it is folded, compared and blocked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// First or given names.
    GivenName,
    /// Family names.
    FamilyName,
    /// A whole personal name in one column.
    FullName,
    /// A calendar date, typically of birth.
    Date,
    /// A United Kingdom postcode.
    Postcode,
    /// A long number: phone, NHS number, reference.
    Digits,
    /// A short code: house number, foreign postcode, year.
    Code,
    /// An e-mail address.
    Email,
    /// One of few values: sex, district, source.
    Category,
    /// Words: an address line, a town, a title.
    Text,
    /// A quantity.
    Number,
    /// A comparison made of conditions in the settings.
    Custom,
    /// Not used: empty, constant, or unique to every record.
    Unused,
}

impl Kind {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::GivenName => "given names",
            Self::FamilyName => "family names",
            Self::FullName => "whole names",
            Self::Date => "a date",
            Self::Postcode => "a postcode",
            Self::Digits => "a long number",
            Self::Code => "a short code",
            Self::Email => "an e-mail address",
            Self::Category => "one of few values",
            Self::Text => "words",
            Self::Number => "a quantity",
            Self::Custom => "conditions from the settings",
            Self::Unused => "nothing: not used",
        }
    }
}

/// The finding for one column.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ColumnProfile {
    /// Header.
    pub name: String,
    /// What it was taken for.
    pub kind: Kind,
    /// Distinct values.
    pub distinct: usize,
    /// Share of records without a value.
    pub missing: f64,
    /// Share of the most frequent value among records that have one.
    pub top_share: f64,
    /// What separates several values in one cell, if that occurs.
    pub separator: Option<char>,
    /// Records whose value is not what the column holds: a date that is none, a quantity that is no number.
    #[serde(default)]
    pub odd: u64,
    /// Why it is unused, if it is.
    pub note: Option<String>,
}

const SAMPLE: usize = 3_000;

/// Profiles every column of a table.
#[must_use]
pub fn profile(table: &Table) -> Vec<ColumnProfile> {
    let mut out: Vec<ColumnProfile> = table.columns.par_iter().map(profile_column).collect();
    drop_redundant(table, &mut out);
    out
}

/// Counts, for columns whose kind is settled, the records whose value is not of that kind.
pub fn count_odd(table: &Table, profiles: &mut [ColumnProfile]) {
    profiles
        .par_iter_mut()
        .zip(&table.columns)
        .for_each(|(p, column)| {
            let fits: fn(&str) -> bool = match p.kind {
                Kind::Date => |v| parse_day(v, true).or_else(|| parse_day(v, false)).is_some(),
                Kind::Number => |v| v.trim().parse::<f64>().is_ok_and(f64::is_finite),
                Kind::Digits => |v| v.bytes().any(|b| b.is_ascii_digit()),
                Kind::Email => |v| v.contains('@'),
                _ => return,
            };
            let counts = column.counts();
            let odd = |k: usize| {
                let text = column.values.text(u32::try_from(k).unwrap_or(0));
                let parts = p.separator.map_or(vec![text], |c| text.split(c).collect());
                parts
                    .iter()
                    .any(|v| !v.trim().is_empty() && !is_null_word(v.trim()) && !fits(v))
            };
            let records = (1..counts.len())
                .filter(|k| odd(*k))
                .map(|k| u64::from(counts[k]));
            p.odd = records.sum();
        });
}

#[derive(Default)]
struct Shares {
    n: f64,
    date: f64,
    postcode: f64,
    email: f64,
    digits: f64,
    decimal: f64,
    alphabetic: f64,
    tokens: f64,
    length: f64,
    with_digit: f64,
    /// With a word that is known as a name of people.
    named: f64,
}

/// `|` or `;` inside at least one in fifty distinct values, other than in free text.
fn separator(column: &Column) -> Option<char> {
    let step = (column.values.len() / SAMPLE).max(1);
    let (mut n, mut bar, mut semicolon) = (0, 0, 0);
    for k in (1..=column.values.len()).step_by(step) {
        let text = column.values.text(u32::try_from(k).unwrap_or(0));
        n += 1;
        bar += usize::from(text.contains('|'));
        semicolon += usize::from(text.contains(';') && text.len() < 200);
    }
    match (
        bar * 50 >= n.max(1) && bar > 1,
        semicolon * 50 >= n.max(1) && semicolon > 1,
    ) {
        (true, _) => Some('|'),
        (_, true) => Some(';'),
        _ => None,
    }
}

fn shares(column: &Column, separator: Option<char>) -> Shares {
    let mut s = Shares::default();
    let step = (column.values.len() / SAMPLE).max(1);
    for k in (1..=column.values.len()).step_by(step) {
        let text = column.values.text(u32::try_from(k).unwrap_or(0));
        let text = separator
            .and_then(|c| text.split(c).next())
            .unwrap_or(text)
            .trim();
        s.n += 1.0;
        let yes = |b: bool| f64::from(u8::from(b));
        s.date += yes(parse_day(text, true)
            .or_else(|| parse_day(text, false))
            .is_some_and(|d: Day| d.year >= 1000));
        s.postcode += yes(is_postcode(text));
        s.email += yes(text.contains('@') && text.contains('.'));
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        s.digits += yes(digits > 0 && letters == 0 && !text.contains('.'));
        s.decimal += yes(text.contains('.') && text.parse::<f64>().is_ok());
        s.alphabetic += yes(letters > 0 && digits == 0);
        s.with_digit += yes(digits > 0);
        let known = |w: &str| name::variant_groups(w).first().is_some_and(|g| *g > 0);
        s.named += yes(digits == 0 && name::fold_name(text).split(' ').any(known));
        #[expect(clippy::cast_precision_loss, reason = "counts of characters")]
        {
            s.tokens += text.split_whitespace().count() as f64;
            s.length += digits.max(letters) as f64;
        }
    }
    s
}

fn profile_column(column: &Column) -> ColumnProfile {
    let counts = column.counts();
    let rows = column.codes.len().max(1);
    let present = rows - counts[0] as usize;
    let top = counts.iter().skip(1).max().copied().unwrap_or(0);
    let distinct = column.values.len();
    #[expect(clippy::cast_precision_loss, reason = "shares of counts")]
    let (missing, top_share) = (
        f64::from(counts[0]) / rows as f64,
        f64::from(top) / present.max(1) as f64,
    );
    let mut p = ColumnProfile {
        name: column.name.clone(),
        kind: Kind::Unused,
        distinct,
        missing,
        top_share,
        separator: None,
        odd: 0,
        note: None,
    };
    if distinct < 2 {
        p.note = Some(if distinct == 0 {
            "no values".into()
        } else {
            "the same value in every record".into()
        });
        return p;
    }
    p.separator = separator(column);
    p.kind = kind_of(&column.name, &shares(column, p.separator), distinct, present);
    if distinct == present
        && present > 50
        && matches!(p.kind, Kind::Text | Kind::Code)
        && looks_like_key(column)
    {
        p.kind = Kind::Unused;
        p.note = Some("unique to every record: an identifier".into());
    }
    p
}

fn looks_like_key(column: &Column) -> bool {
    let name = column.name.to_ascii_lowercase();
    name == "id"
        || name.ends_with("_id")
        || name.starts_with("id_")
        || name.ends_with("rowid")
        || name.ends_with("uuid")
}

fn kind_of(header: &str, s: &Shares, distinct: usize, present: usize) -> Kind {
    let h: String = name::fold_text(header)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let has = |words: &[&str]| words.iter().any(|w| h.contains(w));
    let share = |x: f64| x / s.n.max(1.0);
    if share(s.email) > 0.6 {
        return Kind::Email;
    }
    if share(s.postcode) > 0.6 {
        return Kind::Postcode;
    }
    let dated = has(&["dob", "date", "birthday", "born"]) && !has(&["place", "town", "city", "country"]);
    if share(s.date) > if dated { 0.5 } else { 0.85 } {
        return Kind::Date;
    }
    if share(s.decimal) > 0.5 {
        return Kind::Number;
    }
    if share(s.digits) > 0.8 {
        return if s.length / s.n.max(1.0) >= 6.0 {
            Kind::Digits
        } else if distinct <= 12 {
            Kind::Category
        } else {
            Kind::Code
        };
    }
    if share(s.alphabetic) > 0.8
        && distinct > 8
        && let Some(kind) = name_kind(&h, share(s.tokens), share(s.named))
    {
        return kind;
    }
    if distinct <= 30 || (distinct <= 120 && present / distinct > 200) {
        return Kind::Category;
    }
    if share(s.with_digit) > 0.8 && share(s.tokens) < 1.2 && share(s.length) < 14.0 {
        return Kind::Code;
    }
    Kind::Text
}

/// Headers of whole names, of family names and of given names, folded.
const WHOLE: &[&str] = &[
    "fullname",
    "personname",
    "firstandsurname",
    "wholename",
    "namefull",
];
const FAMILY: &[&str] = &[
    "surname",
    "lastname",
    "familyname",
    "lname",
    "maiden",
    "secondname",
    "nachname",
    "familienname",
    "nomdefamille",
    "apellido",
    "cognome",
];
const GIVEN: &[&str] = &[
    "forename",
    "firstname",
    "givenname",
    "fname",
    "middlename",
    "christianname",
    "vorname",
    "prenom",
    "knownas",
    "alias",
    "initial",
];
const PEOPLE: &[&str] = &[
    "person",
    "client",
    "patient",
    "pupil",
    "student",
    "child",
    "customer",
    "applicant",
    "resident",
    "employee",
    "member",
    "contact",
    "voter",
];
const OTHERS: &[&str] = &[
    "street", "road", "address", "town", "place", "company", "venue", "file", "user",
];

/// Which kind of name a column of words holds, if any: by its folded header, and where that says nothing by how many words
/// a value has and how many values have one that is known as a name of people.
fn name_kind(h: &str, tokens: f64, named: f64) -> Option<Kind> {
    let has = |words: &[&str]| words.iter().any(|w| h.contains(w));
    if has(WHOLE) || h == "name" && tokens > 1.3 {
        return Some(Kind::FullName);
    }
    if has(FAMILY) || matches!(h, "last" | "family" | "nom") {
        return Some(Kind::FamilyName);
    }
    if has(GIVEN) || matches!(h, "first" | "given" | "middle") {
        return Some(Kind::GivenName);
    }
    if has(OTHERS) {
        return None;
    }
    if h.ends_with("name") {
        let whole = tokens > 1.6;
        return Some(if whole { Kind::FullName } else { Kind::FamilyName });
    }
    let enough = if has(PEOPLE) { 0.15 } else { 0.45 };
    if named < enough {
        return None;
    }
    match tokens {
        ..1.3 => Some(Kind::GivenName),
        1.6..4.0 => Some(Kind::FullName),
        _ => None,
    }
}

/// A full-name column that only repeats forename and surname adds nothing and is left out; so is the first of two
/// full-name columns of which the second says more.
fn drop_redundant(table: &Table, out: &mut [ColumnProfile]) {
    let of =
        |k: Kind, out: &[ColumnProfile]| (0..out.len()).filter(|&i| out[i].kind == k).collect::<Vec<_>>();
    let parts: Vec<usize> = of(Kind::GivenName, out)
        .into_iter()
        .chain(of(Kind::FamilyName, out))
        .collect();
    let wholes = of(Kind::FullName, out);
    if parts.len() < 2 {
        return;
    }
    for &w in &wholes {
        let rows = table.columns[w].codes.len();
        let step = (rows / 2_000).max(1);
        let (mut same, mut seen) = (0, 0);
        for r in (0..rows).step_by(step) {
            let whole = table.columns[w].values.text(table.columns[w].codes[r]);
            if whole.is_empty() {
                continue;
            }
            seen += 1;
            let mut a: Vec<&str> = whole.split_whitespace().collect();
            let mut b: Vec<&str> = parts
                .iter()
                .flat_map(|&p| {
                    table.columns[p]
                        .values
                        .text(table.columns[p].codes[r])
                        .split_whitespace()
                })
                .collect();
            a.sort_unstable();
            b.sort_unstable();
            same += usize::from(a == b);
        }
        if seen > 0 && same * 100 >= seen * 97 {
            out[w].kind = Kind::Unused;
            out[w].note = Some("repeats the separate name columns".into());
        }
    }
}

//! The folded form of a raw value, by its kind: what dictionaries hold and what exact agreement means.

use super::{date::parse_day, words::is_null_word};
use crate::{
    name::{fold_name, fold_text},
    profile::Kind,
};

/// The folded form of a raw value; empty means missing.
#[must_use]
pub fn canonical(kind: Kind, raw: &str, day_first: bool) -> String {
    if is_null_word(raw) {
        return String::new();
    }
    match kind {
        Kind::GivenName | Kind::FamilyName | Kind::FullName => fold_name(raw),
        Kind::Date => parse_day(raw, day_first).map_or_else(
            || fold_text(raw),
            |d| format!("{:04}-{:02}-{:02}", d.year, d.month, d.day),
        ),
        Kind::Postcode | Kind::Code => fold_text(raw).replace(' ', ""),
        Kind::Digits => digits(raw),
        Kind::Email => raw.trim().to_lowercase(),
        Kind::Text => address(&fold_text(raw)),
        Kind::Number => raw
            .trim()
            .parse::<f64>()
            .ok()
            .filter(|v| v.is_finite())
            .map_or(String::new(), |v| v.to_string()),
        Kind::Category | Kind::Unused | Kind::Custom => fold_text(raw),
    }
}

/// Digits only; an international prefix for the United Kingdom becomes 0. Letters are kept if there are any.
fn digits(raw: &str) -> String {
    let kept: String = raw
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let plain = kept
        .strip_prefix("0044")
        .or_else(|| kept.strip_prefix("44").filter(|r| r.len() == 10));
    match plain {
        Some(rest) => format!("0{}", rest.strip_prefix('0').unwrap_or(rest)),
        None => kept,
    }
}

/// Street words in full.
fn address(folded: &str) -> String {
    const SHORT: &[(&str, &str)] = &[
        ("rd", "road"),
        ("ln", "lane"),
        ("ave", "avenue"),
        ("av", "avenue"),
        ("cl", "close"),
        ("clo", "close"),
        ("dr", "drive"),
        ("cres", "crescent"),
        ("cr", "crescent"),
        ("ct", "court"),
        ("crt", "court"),
        ("gdns", "gardens"),
        ("gdn", "gardens"),
        ("terr", "terrace"),
        ("ter", "terrace"),
        ("pl", "place"),
        ("gr", "grove"),
        ("gro", "grove"),
        ("sq", "square"),
        ("pk", "park"),
        ("hse", "house"),
        ("bldg", "building"),
        ("apt", "flat"),
        ("apartment", "flat"),
        ("unit", "flat"),
        ("nth", "north"),
        ("sth", "south"),
    ];
    let words: Vec<&str> = folded.split(' ').collect();
    let last = words.len().saturating_sub(1);
    let full = words.iter().enumerate().map(|(k, w)| match *w {
        "st" if k > 0 && k == last => "street",
        w => SHORT
            .iter()
            .find(|(s, _)| *s == w && (k > 0 || w == "apt"))
            .map_or(w, |(_, l)| *l),
    });
    full.collect::<Vec<_>>().join(" ")
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

    #[test]
    fn canonical_forms() {
        for (kind, raw, want) in [
            (Kind::Digits, "+44 7700 900123", "07700900123"),
            (Kind::Digits, "07700 900123", "07700900123"),
            (Kind::Postcode, "NX1 4ab", "nx14ab"),
            (Kind::Text, "5 Elm Rd", "5 elm road"),
            (Kind::Text, "12 St Mary St", "12 st mary street"),
            (Kind::Date, "4/3/1980", "1980-03-04"),
            (Kind::GivenName, "NULL", ""),
            (Kind::Number, "inf", ""),
        ] {
            assert_eq!(canonical(kind, raw, true), want, "{raw}");
        }
    }
}

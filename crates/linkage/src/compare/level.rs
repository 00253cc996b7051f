//! The levels of each kind of field and what they are called.

use crate::profile::Kind;

/// Words for one level, shown in reports and explanations.
pub type LevelName = &'static str;

/// How many levels of a kind mean exact agreement (levels 1..=this, rarest value first).
#[must_use]
pub const fn exact_levels(kind: Kind) -> u8 {
    match kind {
        Kind::GivenName | Kind::FamilyName | Kind::FullName | Kind::Text => 4,
        Kind::Postcode | Kind::Digits | Kind::Code | Kind::Category => 3,
        Kind::Date | Kind::Email | Kind::Number => 2,
        Kind::Unused | Kind::Custom => 0,
    }
}

/// Names of all levels of a kind; index 0 is "missing".
#[must_use]
pub const fn level_names(kind: Kind) -> &'static [LevelName] {
    match kind {
        Kind::GivenName | Kind::FamilyName => &[
            "missing",
            "same, very rare",
            "same, rare",
            "same, common",
            "same, very common",
            "known variant",
            "near, rare",
            "near, common",
            "shares a part",
            "initial fits",
            "similar",
            "given and family swapped",
            "part in the other name",
            "weakly similar",
            "different",
        ],
        Kind::FullName => &[
            "missing",
            "same, very rare",
            "same, rare",
            "same, common",
            "same, very common",
            "all parts of the shorter fit",
            "two or more parts fit",
            "one rare part fits",
            "one common part fits",
            "similar",
            "different",
        ],
        Kind::Date => &[
            "missing",
            "same",
            "same, common value",
            "day and month swapped",
            "one digit or neighbouring swap",
            "two of year, month, day",
            "same year, one is a placeholder",
            "same year",
            "within 2 years",
            "within 12 years",
            "different",
        ],
        Kind::Postcode => &[
            "missing",
            "same, rare",
            "same",
            "same, common",
            "one edit",
            "same sector",
            "same district",
            "two edits",
            "same area",
            "different",
        ],
        Kind::Digits | Kind::Code => &[
            "missing",
            "same, rare",
            "same",
            "same, common",
            "one edit",
            "two edits",
            "same ending",
            "different",
        ],
        Kind::Email => &[
            "missing",
            "same",
            "same, common",
            "same name part",
            "similar name part",
            "same domain",
            "different",
        ],
        Kind::Category => &[
            "missing",
            "same, rare",
            "same",
            "same, common",
            "often seen together",
            "different",
        ],
        Kind::Text => &[
            "missing",
            "same, very rare",
            "same, rare",
            "same, common",
            "same, very common",
            "near",
            "one contains the other",
            "most words shared",
            "half of the words shared",
            "some words shared",
            "same words, other numbers",
            "similar",
            "often seen together",
            "different",
        ],
        Kind::Number => &[
            "missing",
            "same, rare",
            "same",
            "within 1 %",
            "within 10 %",
            "different",
        ],
        Kind::Unused | Kind::Custom => &["missing"],
    }
}

/// The last level of a kind: "different".
#[must_use]
pub fn last_level(kind: Kind) -> u8 {
    u8::try_from(level_names(kind).len().saturating_sub(1)).unwrap_or(15)
}

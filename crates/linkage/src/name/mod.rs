//! Names as they are written in Britain: folding, short forms, spelling families, sound.
//!
//! The tables were compiled by the project from general knowledge of names; they are data under the
//! project's own licence. Whether two names are *variants* is a fact about spelling, never about a person's
//! origin: no table says which community a name belongs to, and origin is not a feature of any model.

mod family;
mod fold;
mod short;
mod sound;

pub use fold::{fold_into, fold_name, fold_text};
pub use sound::sound_key;

use std::{collections::HashMap, sync::OnceLock};

/// Largest number of groups one name may belong to.
pub const GROUPS: usize = 4;

fn groups() -> &'static HashMap<&'static str, [u16; GROUPS]> {
    static MAP: OnceLock<HashMap<&'static str, [u16; GROUPS]>> = OnceLock::new();
    MAP.get_or_init(|| {
        let mut map: HashMap<&'static str, [u16; GROUPS]> = HashMap::new();
        for (k, line) in short::SHORT.lines().chain(family::FAMILY.lines()).enumerate() {
            let number = u16::try_from(k + 1).unwrap_or(0);
            for word in line.split([' ', ':']).filter(|w| !w.is_empty()) {
                let slots = map.entry(word).or_default();
                if !slots.contains(&number)
                    && let Some(free) = slots.iter_mut().find(|s| **s == 0)
                {
                    *free = number;
                }
            }
        }
        map
    })
}

/// The variant groups (short forms and spelling families) of a folded single name; zeros where there is none.
#[must_use]
pub fn variant_groups(folded: &str) -> [u16; GROUPS] {
    groups().get(folded).copied().unwrap_or_default()
}

/// Whether two folded names share a variant group.
#[must_use]
pub fn share_group(a: &[u16; GROUPS], b: &[u16; GROUPS]) -> bool {
    // groups fill from the first slot
    a[0] != 0 && b[0] != 0 && a.iter().any(|x| *x != 0 && b.contains(x))
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
    fn short_forms_meet_their_full_name_and_each_other() {
        for (a, b, want) in [
            ("william", "bill", true),
            ("bill", "liam", true),
            ("margaret", "peggy", true),
            ("muhammad", "mohamed", true),
            ("sergei", "sergey", true),
            ("sian", "shan", true),
            ("william", "robert", false),
            ("margaret", "mary", false),
        ] {
            assert_eq!(
                share_group(&variant_groups(a), &variant_groups(b)),
                want,
                "{a} {b}"
            );
        }
    }

    #[test]
    fn every_table_line_names_at_least_two_forms() {
        for line in short::SHORT.lines().chain(family::FAMILY.lines()) {
            assert!(
                line.split([' ', ':']).filter(|w| !w.is_empty()).count() >= 2,
                "{line}"
            );
            assert_eq!(
                fold_name(line).replace(' ', ""),
                line.replace([' ', ':'], ""),
                "not folded: {line}"
            );
        }
    }
}

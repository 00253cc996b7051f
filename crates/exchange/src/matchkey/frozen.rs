//! The digest of everything a match-key version freezes, pinned by the epoch descriptor: a node with other tables
//! finds out before it puts a row.

use super::{Facts, KeyType, MatchKey, VERSION, keys, tables};
use crate::ids::Digest;

/// Invented subjects that between them make every key type. The same at every node, for ever, in this version.
pub fn known_subjects() -> Vec<Facts> {
    let subject = |forename: &str, surname: &str, date: &str, postcode: &str| Facts {
        forename: forename.to_owned(),
        surname: surname.to_owned(),
        date: date.to_owned(),
        postcode: postcode.to_owned(),
        ..Facts::default()
    };
    vec![
        Facts {
            nhs: "999 000 0018".to_owned(),
            phones: vec!["07700 900123".to_owned()],
            property: "100999000111".to_owned(),
            ..subject("Żaneta", "O’Brien-McKay", "2014-07-19", "NM4 7QX")
        },
        Facts {
            vehicles: vec!["AB51 XYZ".to_owned()],
            handles: vec![("Example".to_owned(), "@Some.Handle".to_owned())],
            devices: vec!["490154203237518".to_owned()],
            ..subject("Юсуф", "al-Hassan", "2011-11-30", "WR1 2AB")
        },
        subject("Mohd. Ali", "Choudhry", "2009-02-28", "NM12 1ZZ"),
    ]
}

/// The keys of the known subjects, in order.
pub fn known_keys() -> Vec<MatchKey> {
    known_subjects().iter().flat_map(keys).collect()
}

/// The tables of words by the names the specification gives them (`docs/spec/match-keys.md`), in its order.
pub fn lists() -> [(&'static str, &'static [&'static str]); 6] {
    [
        ("titles", tables::TITLES),
        ("joined_forenames", tables::JOINED_FORENAMES),
        ("particles", tables::PARTICLES),
        ("pseudo_postcodes", tables::PSEUDO_POSTCODES),
        ("forename_families", tables::FORENAME_FAMILIES),
        ("surname_families", tables::SURNAME_FAMILIES),
    ]
}

/// Letters outside a–z and how they are written in it, in order.
pub fn letters() -> &'static [(char, &'static str)] {
    tables::LETTERS
}

/// SHA-256 over the version, every table, and the keys of the known subjects. Rules in code are pinned by the keys
/// they produce; tables by themselves.
pub fn digest() -> Digest {
    let mut bytes = VERSION.to_be_bytes().to_vec();
    for (_, list) in lists() {
        bytes.extend(list.join("\n").into_bytes());
        bytes.push(0);
    }
    for (letter, plain) in letters() {
        bytes.extend(format!("{letter}{plain}\n").into_bytes());
    }
    for key in known_keys() {
        bytes.push(key.kind.code());
        bytes.extend(key.value.into_bytes());
        bytes.push(0);
    }
    Digest::of(&[b"dlx/match-keys", &bytes])
}

/// Whether the known subjects make a key of every type.
pub fn covers_every_type() -> bool {
    let made = super::held(&known_keys());
    KeyType::ALL.iter().all(|kind| made.has(*kind))
}

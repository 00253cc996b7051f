//! How a name sounds, for keys: a consonant skeleton that British, South Asian, Arabic, East European and West
//! African spellings of one name share. Frozen with the version. Input is plain lower-case letters.

use super::tables;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Most letters of a code.
const LONGEST: usize = 6;

/// The code of a forename: by the root of its nickname or spelling family, then by sound. None for an initial.
pub fn forename(name: &str) -> Option<String> {
    if name.len() < 2 {
        return None;
    }
    code(FORENAMES.get(name).copied().unwrap_or(name))
}

/// The code of a surname: by its spelling family, then by sound. None for an initial.
pub fn surname(name: &str) -> Option<String> {
    if name.len() < 2 {
        return None;
    }
    code(SURNAMES.get(name).copied().unwrap_or(name))
}

/// Each listed name and the first member of its family. A name in two families belongs to the earlier one.
type Families = HashMap<&'static str, &'static str>;
static FORENAMES: LazyLock<Families> = LazyLock::new(|| roots(tables::FORENAME_FAMILIES));
static SURNAMES: LazyLock<Families> = LazyLock::new(|| roots(tables::SURNAME_FAMILIES));

fn roots(families: &'static [&'static str]) -> Families {
    let mut out = Families::new();
    for family in families {
        let first = family.split(' ').next().unwrap_or_default();
        for member in family.split(' ') {
            out.entry(member).or_insert(first);
        }
    }
    out
}

/// What a place in a name sounds like: the code letters and how many letters they take.
type Sound = (&'static str, usize);

/// The code of a plain name.
pub fn code(name: &str) -> Option<String> {
    let letters = name.as_bytes();
    let mut out = String::new();
    let mut at = 0;
    let mut since_vowel = true;
    while let Some(rest) = letters.get(at..).filter(|rest| !rest.is_empty()) {
        let before = at.checked_sub(1).and_then(|i| letters.get(i)).copied();
        let (sound, taken) = sound(rest, before);
        at += taken.max(1);
        if sound == "." {
            since_vowel = true;
            if before.is_none() {
                out.push(match rest.first() {
                    Some(b'a') => 'A',
                    Some(b'o' | b'u') => 'O',
                    _ => 'E',
                });
            }
            continue;
        }
        for letter in sound.chars() {
            if since_vowel || !out.ends_with(letter) {
                out.push(letter);
            }
        }
        if !sound.is_empty() {
            since_vowel = false;
        }
        if out.len() >= LONGEST {
            out.truncate(LONGEST);
            break;
        }
    }
    if out.chars().filter(|c| !matches!(c, 'A' | 'E' | 'O')).count() < 2 {
        out.extend(first_vowel(name));
    }
    (!out.is_empty()).then_some(out)
}

/// Short names keep the colour of their first vowel, or "Lee", "Lou" and "Leah" would be one.
fn first_vowel(name: &str) -> Option<char> {
    name.bytes().find_map(|b| match b {
        b'a' => Some('1'),
        b'e' | b'i' | b'y' => Some('2'),
        b'o' | b'u' | b'w' => Some('3'),
        _ => None,
    })
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u')
}

/// Letter groups and their sounds, longest first within a letter. `.` is a vowel.
#[rustfmt::skip]
pub const GROUPS: &[(&[u8], &str)] = &[
    (b"shch", "X"), (b"szcz", "X"), (b"tsch", "X"), (b"sch", "X"), (b"tch", "X"), (b"chr", "KR"), (b"dge", "J"),
    (b"ngh", "NK"), (b"ght", "T"), (b"ch", "X"), (b"cz", "X"), (b"sz", "X"), (b"sh", "X"), (b"zh", "X"),
    (b"ts", "S"), (b"tz", "S"), (b"dz", "S"), (b"dj", "J"), (b"jh", "J"), (b"ph", "F"), (b"ck", "K"), (b"kh", "K"),
    (b"th", "T"), (b"dh", "T"), (b"bh", "P"), (b"rh", "R"), (b"wh", "W"), (b"qu", "K"),
];

/// Groups that sound otherwise at the start of a name.
#[rustfmt::skip]
pub const INITIAL: &[(&[u8], &str)] = &[
    (b"kn", "N"), (b"gn", "N"), (b"pn", "N"), (b"wr", "R"), (b"ps", "S"), (b"hs", "S"), (b"x", "S"), (b"gh", "K"),
    (b"yu", "Y"), (b"you", "Y"), (b"iou", "Y"), (b"iu", "Y"), (b"ju", "J"),
];

fn sound(rest: &[u8], before: Option<u8>) -> Sound {
    let find = |groups: &'static [(&'static [u8], &'static str)]| -> Option<Sound> {
        groups
            .iter()
            .find(|(group, _)| rest.starts_with(group))
            .map(|(group, sound)| (*sound, group.len()))
    };
    let start = before.is_none();
    if let Some(sound) = start.then(|| find(INITIAL)).flatten().or_else(|| find(GROUPS)) {
        return sound;
    }
    let next = rest.get(1).copied();
    let soft = matches!(next, Some(b'e' | b'i' | b'y'));
    let letter = rest.first().copied().unwrap_or(b'h');
    let sound = match letter {
        b'a' | b'e' | b'i' | b'o' | b'u' => ".",
        b'y' if start && next.is_some_and(is_vowel) => "Y",
        b'y' => ".",
        b'h' if start => "H",
        b'w' if start => "W",
        b'h' | b'w' => "",
        b'b' if rest.len() == 1 && before == Some(b'm') => "",
        b'b' | b'p' => "P",
        b'c' if soft => "S",
        b'c' | b'k' | b'q' => "K",
        b'd' | b't' => "T",
        b'f' | b'v' => "F",
        b'g' if next == Some(b'h') => return ("", 2),
        b'g' if soft => "J",
        b'g' => "K",
        b'j' => "J",
        b'l' => "L",
        b'm' => "M",
        b'n' => "N",
        b'r' => "R",
        b's' | b'z' => "S",
        b'x' => "KS",
        _ => "",
    };
    (sound, 1)
}

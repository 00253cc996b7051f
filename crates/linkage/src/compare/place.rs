//! Postcodes of the United Kingdom, whole or partial, and codes made of digits.

use serde::{Deserialize, Serialize};

/// True for a complete postcode or an outward part alone, in any case and spacing.
#[must_use]
pub fn is_postcode(text: &str) -> bool {
    let v: Vec<u8> = text
        .bytes()
        .filter(|b| *b != b' ')
        .map(|b| b.to_ascii_uppercase())
        .collect();
    split(&v).is_some_and(|(out, _)| !out.is_empty())
}

/// Outward part and inward part (possibly empty) of a postcode without spaces, if its shape is right.
#[must_use]
pub fn split(v: &[u8]) -> Option<(&[u8], &[u8])> {
    let outward = |o: &[u8]| {
        let letters = o.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let rest = o.get(letters..).unwrap_or(&[]);
        (1..=2).contains(&letters)
            && (1..=2).contains(&rest.len())
            && rest.first().is_some_and(u8::is_ascii_digit)
            && rest.iter().all(u8::is_ascii_alphanumeric)
    };
    if v.len() >= 5 && v.len() <= 7 {
        let (o, i) = v.split_at(v.len() - 3);
        if outward(o)
            && matches!(i, [a, b, c] if a.is_ascii_digit() && b.is_ascii_alphabetic() && c.is_ascii_alphabetic())
        {
            return Some((o, i));
        }
    }
    (v.len() <= 4 && outward(v)).then_some((v, &[][..]))
}

/// The parts of one postcode, told apart once per distinct value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    outward: [u8; 4],
    inward: [u8; 3],
    area: [u8; 2],
    /// Length of the whole text, at most 255.
    pub(super) len: u8,
    /// Whether the text has the shape of a postcode at all.
    valid: bool,
}

impl Place {
    /// Of folded text without spaces.
    pub(super) fn new(text: &[u8]) -> Self {
        let mut place = Self {
            len: u8::try_from(text.len()).unwrap_or(u8::MAX),
            ..Self::default()
        };
        if let Some((outward, inward)) = split(text) {
            let copy = |to: &mut [u8], from: &[u8]| to.iter_mut().zip(from).for_each(|(t, f)| *t = *f);
            let letters = outward.iter().take_while(|b| b.is_ascii_alphabetic()).count();
            copy(&mut place.outward, outward);
            copy(&mut place.inward, inward);
            copy(&mut place.area, outward.get(..letters).unwrap_or_default());
            place.valid = true;
        }
        place
    }
}

/// Level of two unequal postcodes and their distance (or anything above 2).
pub(super) fn postcode(distance: u32, a: Place, b: Place) -> u8 {
    if distance <= 1 && a.len >= 5 && b.len >= 5 {
        return 4;
    }
    if !a.valid || !b.valid {
        return if distance <= 2 { 7 } else { 9 };
    }
    let ([sector_a, ..], [sector_b, ..]) = (a.inward, b.inward);
    if a.outward == b.outward {
        return if sector_a != 0 && sector_a == sector_b {
            5
        } else {
            6
        };
    }
    if distance <= 2 && sector_a != 0 && sector_b != 0 {
        return 7;
    }
    if a.area == b.area { 8 } else { 9 }
}

/// Level of two unequal numbers or codes and their distance (or anything above 2).
#[must_use]
pub fn digits(distance: impl FnOnce() -> u32, a: &[u8], b: &[u8]) -> u8 {
    let short = a.len().min(b.len());
    if short < 2 {
        return 7;
    }
    match distance() {
        1 => 4,
        2 if short >= 5 => 5,
        _ if short >= 7 && a.get(a.len() - 6..) == b.get(b.len() - 6..) => 6,
        _ => 7,
    }
}

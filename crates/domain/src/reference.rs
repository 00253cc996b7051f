//! References that people see, such as `NM-7K4X-29QD`: random, never sequential, so that a missing one shows nothing.

use std::fmt;
use std::str::FromStr;

/// Letters and digits a reference may use: no I and no O, which read as 1 and 0.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKLMNPQRSTVWXY";

/// A concern's reference: the agency's two letters, seven random characters and a check character.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Reference(String);

/// Why text is not a reference. The same answer for every fault, so that nothing can be learnt by trying.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a reference looks like NM-7K4X-29QD")]
pub struct NotAReference;

fn letter(index: u64) -> char {
    char::from(
        *ALPHABET
            .get(usize::try_from(index % 32).unwrap_or(0))
            .unwrap_or(&b'0'),
    )
}

fn value(character: char) -> Option<u64> {
    let byte = u8::try_from(character).ok()?;
    ALPHABET
        .iter()
        .position(|&b| b == byte)
        .and_then(|p| u64::try_from(p).ok())
}

/// Weighted sum modulo 31 over all characters before it: catches every single slip and every swap of neighbours.
fn check(prefix: [char; 2], body: &[u64]) -> u64 {
    let letters = prefix.into_iter().map(|c| u64::from(u32::from(c)));
    let sum: u64 = letters
        .chain(body.iter().copied())
        .zip(2_u64..)
        .map(|(v, weight)| v * weight)
        .sum();
    sum % 31
}

impl Reference {
    /// Builds a reference from the agency's two capital letters and random bits (the low 35 are used).
    ///
    /// # Errors
    /// When the prefix is not two capital letters other than I and O.
    pub fn from_random(prefix: [char; 2], random: u64) -> Result<Self, NotAReference> {
        if !prefix
            .iter()
            .all(|c| c.is_ascii_uppercase() && !matches!(c, 'I' | 'O'))
        {
            return Err(NotAReference);
        }
        let body: Vec<u64> = (0..7).map(|place| (random >> (place * 5)) % 32).collect();
        let mut text: String = prefix.iter().collect();
        for (place, digit) in body.iter().copied().chain([check(prefix, &body)]).enumerate() {
            if place % 4 == 0 {
                text.push('-');
            }
            text.push(letter(digit));
        }
        Ok(Self(text))
    }

    /// As it is shown: `NM-7K4X-29QD`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Reference {
    type Err = NotAReference;

    /// Forgiving of case, spaces and missing hyphens; strict about the check character.
    fn from_str(text: &str) -> Result<Self, NotAReference> {
        let plain: Vec<char> = text
            .chars()
            .filter(|c| !matches!(c, '-' | ' '))
            .map(|c| c.to_ascii_uppercase())
            .take(11)
            .collect();
        let [a, b, body @ .., last] = plain.as_slice() else {
            return Err(NotAReference);
        };
        let prefix = [*a, *b];
        let values: Vec<u64> = body
            .iter()
            .map(|c| value(*c))
            .collect::<Option<_>>()
            .ok_or(NotAReference)?;
        if values.len() != 7 || value(*last) != Some(check(prefix, &values)) {
            return Err(NotAReference);
        }
        let random = values.iter().rev().fold(0_u64, |bits, v| bits << 5 | v);
        Self::from_random(prefix, random)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_reference_is_read_back_however_it_is_typed() {
        let reference = Reference::from_random(['N', 'M'], 0x0123_4567_89ab).unwrap();
        assert_eq!(reference.as_str().len(), 12);
        assert_eq!(reference.as_str().parse(), Ok(reference.clone()));
        let sloppy = reference.as_str().to_lowercase().replace('-', " ");
        assert_eq!(sloppy.parse(), Ok(reference));
    }

    #[test]
    fn every_single_slip_is_caught() {
        let reference = Reference::from_random(['N', 'M'], 0x7654_3210).unwrap();
        let text: Vec<char> = reference.as_str().chars().collect();
        for place in (0..text.len()).filter(|p| *p > 1 && text.get(*p) != Some(&'-')) {
            for replacement in ALPHABET.iter().map(|b| char::from(*b)) {
                let mut wrong = text.clone();
                *wrong.get_mut(place).unwrap() = replacement;
                let wrong: String = wrong.into_iter().collect();
                if wrong != reference.as_str() && wrong.parse::<Reference>().is_ok() {
                    // 32 letters against a check modulo 31: only the pair 31 apart (0 and Y) may pass.
                    assert!(wrong.contains(['0', 'Y']), "{wrong}");
                }
            }
        }
    }
}

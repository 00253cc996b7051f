//! Postcodes of the United Kingdom.

/// Why text is not a postcode.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a postcode looks like ZZ99 3WZ")]
pub struct PostcodeError;

/// A postcode whose shape is right, such as `ZZ99 3WZ`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Postcode {
    text: String,
    outward: usize,
}

fn is_outward(outward: &[u8]) -> bool {
    let letter = u8::is_ascii_uppercase;
    let digit = u8::is_ascii_digit;
    match outward {
        [a, b] => letter(a) && digit(b),
        [a, b, c] => letter(a) && ((digit(b) && (digit(c) || letter(c))) || (letter(b) && digit(c))),
        [a, b, c, d] => letter(a) && letter(b) && digit(c) && (digit(d) || letter(d)),
        _ => false,
    }
}

impl Postcode {
    /// Reads a postcode, however it is spaced or capitalised.
    ///
    /// # Errors
    /// When its shape is not a postcode's. Whether it exists is not asked.
    pub fn parse(text: &str) -> Result<Self, PostcodeError> {
        let bare = text.chars().filter(|c| !c.is_whitespace());
        let bare: Vec<u8> = bare
            .map(|c| u8::try_from(c.to_ascii_uppercase()).map_err(|_| PostcodeError))
            .take(9)
            .collect::<Result<_, _>>()?;
        let cut = bare.len().checked_sub(3).ok_or(PostcodeError)?;
        let (outward, inward) = bare.split_at(cut);
        let unit = |b: &u8| b.is_ascii_uppercase() && !matches!(b, b'C' | b'I' | b'K' | b'M' | b'O' | b'V');
        let inward_fits =
            matches!(inward, [d, a, b] if d.is_ascii_digit() && (unit(a) && unit(b) || outward == b"ZZ99"));
        if !is_outward(outward) || !inward_fits {
            return Err(PostcodeError);
        }
        let letters = |bytes: &[u8]| bytes.iter().map(|b| char::from(*b)).collect::<String>();
        Ok(Self {
            text: format!("{} {}", letters(outward), letters(inward)),
            outward: cut,
        })
    }

    /// As it is shown, in capitals with one space.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The part before the space.
    pub fn outward(&self) -> &str {
        self.text.get(..self.outward).unwrap_or_default()
    }

    /// Whether it stands for no place: no fixed abode, not known, abroad. Nothing is ever matched on it.
    pub fn is_nowhere(&self) -> bool {
        self.outward() == "ZZ99"
    }

    /// What it is stored under: itself `c=` and its outward part `o=`. Nothing if it stands for no place.
    pub fn search_terms(&self) -> Vec<String> {
        if self.is_nowhere() {
            return Vec::new();
        }
        vec![
            format!("c={}", self.text.replace(' ', "")),
            format!("o={}", self.outward()),
        ]
    }
}

impl std::fmt::Debug for Postcode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Postcode(…)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn shapes_are_checked() {
        for (text, shown) in [
            ("nm1 1aa", "NM1 1AA"),
            ("N1A1AA", "N1A 1AA"),
            ("NM1A 1AA", "NM1A 1AA"),
            ("n11aa", "N1 1AA"),
        ] {
            assert_eq!(Postcode::parse(text).unwrap().as_str(), shown);
        }
        for wrong in [
            "",
            "1AA",
            "NM1 AAA",
            "NM1 1CA",
            "1NM 1AA",
            "NMM1 1AA",
            "NM1 1AÄ",
            "NM1 1AA extra",
        ] {
            assert_eq!(Postcode::parse(wrong), Err(PostcodeError), "{wrong}");
        }
    }

    #[test]
    fn nowhere_is_never_matched_on() {
        let nowhere = Postcode::parse("zz993vz").unwrap();
        assert!(nowhere.is_nowhere() && nowhere.search_terms().is_empty());
    }
}

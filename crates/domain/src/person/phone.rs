//! Telephone numbers, whole or in part.

use super::{pieces, tidy};

/// Why text is not a telephone number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PhoneError {
    /// Something that is neither a digit nor one of the signs used in numbers.
    #[error("a telephone number has only digits, spaces and + ( ) -")]
    NotDigits,
    /// Fewer than three digits.
    #[error("give at least three digits")]
    TooShort,
    /// More digits than any number has.
    #[error("a telephone number has at most 15 digits")]
    TooLong,
}

/// A telephone number. Numbers are given to other people after a time: a match is tied to dates.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Phone {
    /// A whole number in the form `+441632960001`, with its extension if one was given.
    Whole {
        /// Plus, country, number.
        e164: String,
        /// Digits of the extension.
        extension: Option<String>,
    },
    /// Digits that somebody remembers, or a short code.
    Part(String),
}

impl Phone {
    /// Reads a number as people write it in the United Kingdom. What is not a whole number is kept as a part of one.
    ///
    /// # Errors
    /// See [`PhoneError`].
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let lower = text.trim().to_lowercase();
        let marks = ["extension", "ext.", "ext", "x"];
        let cut = marks.iter().find_map(|mark| lower.split_once(mark));
        let (number, extension) = cut.unwrap_or((lower.as_str(), ""));
        let extension: String = extension.chars().filter(|c| !c.is_whitespace()).collect();
        if !extension.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PhoneError::NotDigits);
        }
        let number = number.replace("(0)", "");
        let allowed = |c: char| {
            c.is_ascii_digit() || c.is_whitespace() || matches!(c, '+' | '(' | ')' | '-' | '.' | '/')
        };
        let plus = number.trim_start().starts_with('+');
        if !number.chars().all(allowed) || number.matches('+').count() > usize::from(plus) {
            return Err(PhoneError::NotDigits);
        }
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        match digits.len() {
            0..=2 => return Err(PhoneError::TooShort),
            3..=17 if extension.len() <= 8 => {}
            _ => return Err(PhoneError::TooLong),
        }
        let whole = if plus && !digits.starts_with('0') {
            Some(digits.clone())
        } else if let Some(rest) = digits.strip_prefix("00") {
            Some(rest.to_owned())
        } else if let Some(rest) = digits.strip_prefix('0') {
            matches!(rest.len(), 9 | 10).then(|| format!("44{rest}"))
        } else {
            // The country without its plus.
            matches!((digits.len(), digits.starts_with("44")), (11 | 12, true)).then(|| digits.clone())
        };
        // A nought kept after the country, as often written.
        let whole = whole.map(|whole| match whole.strip_prefix("440") {
            Some(rest) => format!("44{rest}"),
            None => whole,
        });
        let Some(whole) = whole else {
            return if digits.len() > 15 {
                Err(PhoneError::TooLong)
            } else {
                Ok(Self::Part(digits))
            };
        };
        let fits = match whole.strip_prefix("44") {
            Some(rest) => matches!(rest.len(), 9 | 10) && !rest.starts_with('0'),
            None => (8..=15).contains(&whole.len()) && !whole.starts_with('0'),
        };
        if !fits {
            return if digits.len() > 15 {
                Err(PhoneError::TooLong)
            } else {
                Ok(Self::Part(digits))
            };
        }
        Ok(Self::Whole {
            e164: format!("+{whole}"),
            extension: (!extension.is_empty()).then_some(extension),
        })
    }

    /// Whether it is a mobile number of the United Kingdom: 07, but not 070 or 076 (07624 excepted).
    pub fn is_uk_mobile(&self) -> bool {
        let Self::Whole { e164, .. } = self else {
            return false;
        };
        e164.strip_prefix("+447")
            .is_some_and(|rest| !rest.starts_with('0') && (!rest.starts_with('6') || rest.starts_with("624")))
    }

    /// The digits without plus or extension.
    pub fn digits(&self) -> &str {
        match self {
            Self::Whole { e164, .. } => e164.trim_start_matches('+'),
            Self::Part(digits) => digits,
        }
    }

    /// What it is stored under: a whole number as `t=`, and every three digits of it `t:`.
    pub fn search_terms(&self) -> Vec<String> {
        let mut terms = Vec::new();
        if let Self::Whole { e164, .. } = self {
            terms.push(format!("t={e164}"));
        }
        // National digits, as people remember them: with the nought and without the country.
        let digits = self.digits();
        match (self, digits.strip_prefix("44")) {
            (Self::Whole { .. }, Some(rest)) => pieces('t', &format!("0{rest}"), &mut terms),
            _ => pieces('t', digits, &mut terms),
        }
        tidy(terms)
    }
}

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Whole { .. } => "Phone::Whole(…)",
            Self::Part(_) => "Phone::Part(…)",
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn e164(text: &str) -> String {
        match Phone::parse(text).unwrap() {
            Phone::Whole { e164, .. } => e164,
            Phone::Part(digits) => format!("part {digits}"),
        }
    }

    #[test]
    fn every_way_of_writing_one_number_is_one_number() {
        for text in [
            "01632 960002",
            "+44 1632 960002",
            "0044 (0)1632 960-002",
            "+44(0)1632960002",
            "(01632) 960 002",
            "+44 01632 960002",
            "441632960002",
            "+01632960002",
        ] {
            assert_eq!(e164(text), "+441632960002", "{text}");
        }
        let phone = Phone::parse("01632 960002 ext 12").unwrap();
        assert!(matches!(phone, Phone::Whole { extension: Some(ref e), .. } if e == "12"));
        assert!(Phone::parse("07700 900123").unwrap().is_uk_mobile());
        assert!(!Phone::parse("01632 960002").unwrap().is_uk_mobile());
        assert_eq!(e164("+353 20 915 0001"), "+353209150001");
    }

    #[test]
    fn a_part_is_kept_and_found() {
        let (part, whole) = (
            Phone::parse("900123").unwrap(),
            Phone::parse("07700 900123").unwrap(),
        );
        assert_eq!(part, Phone::Part("900123".to_owned()));
        let terms = whole.search_terms();
        assert!(part.search_terms().iter().all(|term| terms.contains(term)));
        assert!(terms.contains(&"t:077".to_owned()));
    }

    #[test]
    fn what_is_not_a_number_says_why() {
        assert_eq!(Phone::parse("ring me"), Err(PhoneError::NotDigits));
        assert_eq!(Phone::parse("07700 9+0"), Err(PhoneError::NotDigits));
        assert_eq!(Phone::parse("12"), Err(PhoneError::TooShort));
        assert_eq!(Phone::parse("+4416329600010000"), Err(PhoneError::TooLong));
        assert_eq!(Phone::parse("0163296000100000000"), Err(PhoneError::TooLong));
    }
}

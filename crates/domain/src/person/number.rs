//! NHS numbers.

/// Why text is not an NHS number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NumberError {
    /// Not ten digits.
    #[error("an NHS number has ten digits")]
    NotTenDigits,
    /// The last digit does not follow from the others.
    #[error("that NHS number has a slip in it")]
    Check,
}

/// An NHS number whose check digit is right. (Weights 10 to 2, modulo 11.)
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NhsNumber([u8; 10]);

impl NhsNumber {
    /// Reads ten digits, however they are spaced.
    ///
    /// # Errors
    /// See [`NumberError`].
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let mut digits = [0_u8; 10];
        let mut given = text.chars().filter(|c| !c.is_whitespace() && *c != '-');
        for slot in &mut digits {
            let digit = given.next().and_then(|c| c.to_digit(10));
            *slot = digit
                .and_then(|d| u8::try_from(d).ok())
                .ok_or(NumberError::NotTenDigits)?;
        }
        if given.next().is_some() {
            return Err(NumberError::NotTenDigits);
        }
        let [body @ .., last] = digits;
        let sum: u32 = body
            .iter()
            .zip((2_u32..=10).rev())
            .map(|(d, weight)| u32::from(*d) * weight)
            .sum();
        let check = match 11 - sum % 11 {
            11 => 0,
            other => other,
        };
        if check == u32::from(last) {
            Ok(Self(digits))
        } else {
            Err(NumberError::Check)
        }
    }

    /// Whether it lies in the range that is never issued to anybody.
    pub const fn is_test(self) -> bool {
        matches!(self.0, [9, 9, 9, ..])
    }

    /// Ten digits.
    pub fn digits(self) -> String {
        self.0
            .iter()
            .map(|d| char::from(b'0'.saturating_add(*d)))
            .collect()
    }

    /// As it is shown: `999 000 0018`.
    pub fn shown(self) -> String {
        let digits = self.digits();
        let part = |from, to| digits.get(from..to).unwrap_or_default();
        format!("{} {} {}", part(0, 3), part(3, 6), part(6, 10))
    }

    /// What it is stored under: itself, whole.
    pub fn search_terms(self) -> Vec<String> {
        vec![format!("n={}", self.digits())]
    }
}

impl std::fmt::Debug for NhsNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NhsNumber(…)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_check_digit_is_checked() {
        for right in ["999 000 0018", "9990000026", "999-000-0026"] {
            assert!(NhsNumber::parse(right).unwrap().is_test(), "{right}");
        }
        assert_eq!(NhsNumber::parse("9990000019"), Err(NumberError::Check));
        // Its first nine digits leave a check of ten, which no number has.
        for last in 0..10 {
            assert_eq!(
                NhsNumber::parse(&format!("999000000{last}")),
                Err(NumberError::Check)
            );
        }
        for wrong in ["", "999000001", "99900000180", "99900000x8", "٩٩٩٠٠٠٠٠١٨"] {
            assert_eq!(NhsNumber::parse(wrong), Err(NumberError::NotTenDigits), "{wrong}");
        }
    }

    #[test]
    fn it_is_shown_in_threes_and_never_in_a_log() {
        let number = NhsNumber::parse("9990000018").unwrap();
        assert_eq!(number.shown(), "999 000 0018");
        assert_eq!(format!("{number:?}"), "NhsNumber(…)");
    }
}

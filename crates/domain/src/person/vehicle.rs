//! Vehicle marks, whole or as far as somebody remembers. Never refused for being strange: it is evidence.

use super::{pieces, tidy};

/// Why text is not a vehicle mark.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum VehicleError {
    /// Nothing that could stand on a plate.
    #[error("give at least one letter or digit of the number plate")]
    Nothing,
    /// Longer than any plate.
    #[error("a number plate has at most 12 characters")]
    TooLong,
}

/// A vehicle's mark as given, with its plain form. In the plain form `?` is one character that nobody saw or read.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct VehicleMark {
    given: String,
    plain: String,
}

/// Characters that are read for one another: one for each class.
const fn alike(c: char) -> char {
    match c {
        'O' | 'D' | 'Q' => '0',
        'I' | 'L' => '1',
        'S' => '5',
        'B' => '8',
        'Z' => '2',
        'G' => '6',
        other => other,
    }
}

impl VehicleMark {
    /// Reads a mark. `?`, `*`, `_` and `.` stand for characters not seen.
    ///
    /// # Errors
    /// See [`VehicleError`].
    pub fn parse(text: &str) -> Result<Self, VehicleError> {
        let given = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let plain: String = given
            .chars()
            .filter_map(|c| match c {
                '?' | '*' | '_' | '.' => Some('?'),
                c if c.is_alphanumeric() => Some(c.to_uppercase().next().unwrap_or(c)),
                _ => None,
            })
            .collect();
        if !plain.chars().any(char::is_alphanumeric) {
            return Err(VehicleError::Nothing);
        }
        if plain.chars().count() > 12 || given.chars().count() > 40 {
            return Err(VehicleError::TooLong);
        }
        Ok(Self { given, plain })
    }

    /// As given.
    pub fn as_str(&self) -> &str {
        &self.given
    }

    /// Capitals and digits without spaces, `?` for what was not seen.
    pub fn plain(&self) -> &str {
        &self.plain
    }

    /// Whether it has the shape of a whole mark of Great Britain or Northern Ireland, old or new.
    pub fn is_whole(&self) -> bool {
        let shape: String = self
            .plain
            .chars()
            .map(|c| match c {
                'A'..='Z' => 'a',
                '0'..='9' => '9',
                _ => '?',
            })
            .collect();
        let letters = shape.chars().filter(|c| *c == 'a').count();
        let changes = shape
            .as_bytes()
            .windows(2)
            .filter(|two| matches!(two, [a, b] if a != b))
            .count();
        let digits = shape.len().saturating_sub(letters);
        let current = shape == "aa99aaa";
        let prefix_or_suffix = changes == 2
            && (1..=3).contains(&digits)
            && letters == 4
            && (shape.starts_with("a9") && shape.ends_with("aaa")
                || shape.starts_with("aaa") && shape.ends_with("9a"));
        let dateless = changes == 1 && (1..=4).contains(&digits) && (1..=3).contains(&letters);
        !shape.contains('?') && (current || prefix_or_suffix || dateless)
    }

    /// Whether two marks can be the same, allowing for characters not seen and characters read for one another. A part
    /// fits anywhere within a longer one.
    pub fn may_be(&self, other: &Self) -> bool {
        let folded = |mark: &Self| mark.plain.chars().map(alike).collect::<Vec<char>>();
        let (mine, theirs) = (folded(self), folded(other));
        let (short, long) = if mine.len() <= theirs.len() {
            (mine, theirs)
        } else {
            (theirs, mine)
        };
        let fits = |a: &char, b: &char| a == b || *a == '?' || *b == '?';
        long.windows(short.len())
            .any(|part| part.iter().zip(&short).all(|(a, b)| fits(a, b)))
    }

    /// What it is stored under: a whole mark as `v=`, and every three characters that were seen as `v:`, with
    /// characters read for one another taken as one.
    pub fn search_terms(&self) -> Vec<String> {
        let folded: String = self.plain.chars().map(alike).collect();
        let mut terms = Vec::new();
        if !folded.contains('?') {
            terms.push(format!("v={folded}"));
        }
        for seen in folded.split('?') {
            pieces('v', seen, &mut terms);
        }
        tidy(terms)
    }
}

impl std::fmt::Debug for VehicleMark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VehicleMark(…)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn mark(text: &str) -> VehicleMark {
        VehicleMark::parse(text).unwrap()
    }

    #[test]
    fn whole_marks_are_known_by_their_shape() {
        for whole in ["ZZ99 ZZZ", "z999 zzz", "ZZZ 999Z", "ZZZ 9999", "1 ZZ"] {
            assert!(mark(whole).is_whole(), "{whole}");
        }
        for part in ["ZZ99", "ZZ9? ZZZ", "99", "ZZ99 ZZZZ", "ZZ9 9ZZ9"] {
            assert_eq!(mark(part).is_whole(), part == "ZZ99", "{part}");
        }
    }

    #[test]
    fn a_part_remembered_by_a_child_fits_the_whole() {
        let whole = mark("ZB80 GSO");
        for part in ["z880", "B8O 6", "ZB?0 ???", "50"] {
            assert!(mark(part).may_be(&whole), "{part}");
            assert!(whole.may_be(&mark(part)), "{part}");
        }
        assert!(!mark("ZB81").may_be(&whole));
        let terms = whole.search_terms();
        assert!(
            mark("880")
                .search_terms()
                .iter()
                .filter(|t| t.starts_with("v:"))
                .all(|t| terms.contains(t))
        );
    }

    #[test]
    fn only_nothing_is_refused() {
        assert_eq!(VehicleMark::parse(" ?? "), Err(VehicleError::Nothing));
        assert_eq!(VehicleMark::parse("ABCDEFGHIJKLM"), Err(VehicleError::TooLong));
        assert_eq!(mark("blue 1").plain(), "BLUE1");
    }
}

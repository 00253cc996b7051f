//! Dates: parsing what people type, and how far two dates are apart as writing and as time.

use serde::{Deserialize, Serialize};

/// A date whose month or day may be unknown (0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Day {
    /// Year, 0 if unknown.
    pub year: u16,
    /// Month 1–12, or 0.
    pub month: u8,
    /// Day 1–31, or 0.
    pub day: u8,
}

/// Parses `YYYY-MM-DD`, `YYYYMMDD`, `YYYY-MM`, `YYYY`, `DD/MM/YYYY` or (with `day_first` false) `MM/DD/YYYY`, with any of
/// `-/. ` between; a time after the date is ignored. Impossible months or days give `None`; zeros mean unknown.
#[must_use]
pub fn parse_day(text: &str, day_first: bool) -> Option<Day> {
    let text = text
        .split(['T', ' '])
        .next()
        .filter(|t| t.len() >= 4)
        .unwrap_or(text);
    let parts: Vec<&str> = text
        .split(['-', '/', '.', ' '])
        .filter(|p| !p.is_empty())
        .collect();
    let number = |s: &str| {
        s.parse::<u16>()
            .ok()
            .filter(|_| s.bytes().all(|b| b.is_ascii_digit()))
    };
    let make = |y: u16, m: u16, d: u16| {
        let ok = m <= 12 && d <= 31 && (1000..=2200).contains(&y);
        ok.then(|| Day {
            year: y,
            month: u8::try_from(m).unwrap_or(0),
            day: u8::try_from(d).unwrap_or(0),
        })
    };
    match parts.as_slice() {
        [one] if one.len() == 8 => make(
            number(one.get(..4)?)?,
            number(one.get(4..6)?)?,
            number(one.get(6..)?)?,
        ),
        [one] if one.len() == 4 => make(number(one)?, 0, 0),
        [y, m] if y.len() == 4 => make(number(y)?, number(m)?, 0),
        [y, m, d] if y.len() == 4 => make(number(y)?, number(m)?, number(d)?),
        [a, b, y] if y.len() == 4 => {
            let (d, m) = if day_first { (a, b) } else { (b, a) };
            make(number(y)?, number(m)?, number(d)?)
        }
        _ => None,
    }
}

impl Day {
    fn digits(self) -> [u8; 8] {
        let d = |x: u16| u8::try_from(x % 10).unwrap_or(0);
        let (m, k) = (u16::from(self.month), u16::from(self.day));
        [
            d(self.year / 1000),
            d(self.year / 100),
            d(self.year / 10),
            d(self.year),
            d(m / 10),
            d(m),
            d(k / 10),
            d(k),
        ]
    }

    /// True for a value that often stands for "only the year is known".
    #[must_use]
    pub const fn placeholder(self) -> bool {
        self.month == 0 || self.day == 0 || (self.month == 1 && self.day == 1)
    }
}

/// The level of two unequal dates (see [`super::level_names`]).
#[must_use]
pub fn unequal(a: Day, b: Day) -> u8 {
    if a.year == 0 || b.year == 0 {
        return 10;
    }
    let (y, m, d) = (a.year == b.year, a.month == b.month, a.day == b.day);
    if y && a.month == b.day && a.day == b.month && a.month != 0 {
        return 3;
    }
    if y && (a.placeholder() || b.placeholder()) {
        return 6;
    }
    if one_slip(a.digits(), b.digits()) {
        return 4;
    }
    if u8::from(y) + u8::from(m) + u8::from(d) >= 2 {
        return 5;
    }
    match a.year.abs_diff(b.year) {
        0 => 7,
        1..=2 => 8,
        3..=12 => 9,
        _ => 10,
    }
}

fn one_slip(a: [u8; 8], b: [u8; 8]) -> bool {
    let mut differ = [8_usize; 3];
    let mut n = 0;
    for k in (0..8).filter(|&k| a.get(k) != b.get(k)) {
        match differ.get_mut(n) {
            Some(d) => *d = k,
            None => return false,
        }
        n += 1;
    }
    let [i, j, _] = differ;
    n == 1 || (n == 2 && j == i + 1 && a.get(i) == b.get(j) && a.get(j) == b.get(i))
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
    fn levels_of_literal_pairs() {
        for (a, b, want) in [
            ("1980-03-04", "1980-04-03", 3),
            ("1980-03-04", "1980-03-05", 4),
            ("1980-03-04", "1990-03-04", 4),
            ("1980-03-14", "1980-03-29", 5),
            ("1980-01-01", "1980-06-29", 6),
            ("1980-03-14", "1980-06-29", 7),
            ("1980-03-14", "1982-06-29", 8),
            ("1980-03-14", "1990-06-29", 9),
            ("1980-03-14", "1960-06-29", 10),
        ] {
            assert_eq!(
                unequal(parse_day(a, true).unwrap(), parse_day(b, true).unwrap()),
                want,
                "{a} {b}"
            );
        }
    }

    #[test]
    fn parses_common_forms() {
        let d = Some(Day {
            year: 1980,
            month: 3,
            day: 4,
        });
        for s in [
            "1980-03-04",
            "19800304",
            "04/03/1980",
            "4.3.1980",
            "1980-03-04T00:00:00",
        ] {
            assert_eq!(parse_day(s, true), d, "{s}");
        }
        assert_eq!(parse_day("03/04/1980", false), d);
        assert_eq!(parse_day("1980-13-04", true), None);
        assert_eq!(parse_day("smith", true), None);
    }
}

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
    /// The eight digits of the date, four bits each.
    fn digits(self) -> u32 {
        let two = |x: u32| ((x / 10) << 4) | (x % 10);
        let (y, m, d) = (u32::from(self.year), u32::from(self.month), u32::from(self.day));
        two(y / 100) << 24 | two(y % 100) << 16 | two(m) << 8 | two(d)
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
    // where year, month and day all differ, at least three digits do
    if (y | m | d) && one_slip(a.digits(), b.digits()) {
        return 4;
    }
    if (y & m) | (y & d) | (m & d) {
        return 5;
    }
    match a.year.abs_diff(b.year) {
        0 => 7,
        1..=2 => 8,
        3..=12 => 9,
        _ => 10,
    }
}

/// Whether one digit differs, or two neighbours are the other way round.
const fn one_slip(a: u32, b: u32) -> bool {
    let x = a ^ b;
    let differ = (x | x >> 1 | x >> 2 | x >> 3) & 0x1111_1111;
    let first = differ & differ.wrapping_neg();
    if differ == first {
        return differ != 0;
    }
    let at = first.trailing_zeros();
    let (here, there) = ((a >> at) & 255, (b >> at) & 255);
    differ == first * 17 && here == (there >> 4 | (there & 15) << 4)
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
    fn a_slip_is_one_digit_or_two_neighbours_the_other_way_round() {
        let slip = |a: &str, b: &str| {
            one_slip(
                parse_day(a, true).unwrap().digits(),
                parse_day(b, true).unwrap().digits(),
            )
        };
        for (a, b) in [
            ("1980-04-17", "1980-04-19"),
            ("1980-04-17", "1890-04-17"),
            ("1981-02-17", "1980-12-17"),
            ("1980-01-21", "1980-02-11"),
        ] {
            assert!(slip(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("1980-04-17", "1980-04-28"),
            ("1980-04-17", "1908-04-18"),
            ("1945-04-17", "1954-04-11"),
            ("1980-04-17", "1989-05-17"),
        ] {
            assert!(!slip(a, b), "{a} {b}");
        }
    }

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

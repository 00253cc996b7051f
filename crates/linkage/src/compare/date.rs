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

/// Parses `YYYY-MM-DD`, `YYYYMMDD`, `DDMMYYYY`, `YYYY-MM`, `MM/YYYY`, `YYYY`, `DD/MM/YYYY` or (with `day_first` false)
/// `MM/DD/YYYY`, with any of `-/., ` between; the month may be a word, and the year may have two digits (below 30: of this
/// century). A time after the date is ignored. Impossible months or days give `None`; zeros mean unknown.
#[must_use]
pub fn parse_day(text: &str, day_first: bool) -> Option<Day> {
    let text = text.trim();
    // a time follows a date that is whole by itself
    let alone = text.split([' ', 'T']).next().filter(|t| t.len() >= 8);
    alone
        .and_then(|t| of_parts(t, day_first))
        .or_else(|| of_parts(text, day_first))
}

fn of_parts(text: &str, day_first: bool) -> Option<Day> {
    let parts = text
        .split(['-', '/', '.', ' ', ','])
        .filter(|p| !p.is_empty() && !p.contains(':'));
    let mut three = [""; 3];
    let mut n = 0;
    for p in parts {
        *three.get_mut(n)? = p;
        n += 1;
    }
    let at = |from, to| three.first()?.get(from..to);
    match (n, three) {
        (1, [one, ..]) if one.len() == 8 && one.is_ascii() => {
            let (first, second) = (at(0, 2)?, at(2, 4)?);
            let (d, m) = if day_first {
                (first, second)
            } else {
                (second, first)
            };
            day(at(0, 4)?, at(4, 6)?, at(6, 8)?).or_else(|| day(at(4, 8)?, m, d))
        }
        (1, [y, ..]) => whole_year(y).and_then(|y| known(y, 0, 0)),
        (2, [y, m, _]) if y.len() == 4 && whole_year(y).is_some() => known(whole_year(y)?, month(m)?, 0),
        (2, [m, y, _]) => known(whole_year(y)?, month(m)?, 0),
        (3, [y, m, d]) if y.len() == 4 && whole_year(y).is_some() => day(y, m, d),
        // words tell which is the month
        (3, [m, d, y]) if word(m).is_some() => day(y, m, d),
        (3, [d, m, y]) if word(m).is_some() => day(y, m, d),
        // a number of two digits above 31 can only be the year
        (3, [y, m, d]) if y.len() == 2 && number(y)? > 31 => day(y, m, d),
        (3, [a, b, y]) => {
            let (d, m) = if day_first { (a, b) } else { (b, a) };
            day(y, m, d)
        }
        _ => None,
    }
}

/// What is left of a date that does not exist: its year, if one of its parts can be nothing else.
#[must_use]
pub(super) fn year_alone(text: &str) -> Option<Day> {
    let mut years = text.split(['-', '/', '.', ' ', ',']).filter_map(whole_year);
    let year = years.next().filter(|_| years.next().is_none())?;
    known(year, 0, 0)
}

fn number(s: &str) -> Option<u16> {
    s.parse()
        .ok()
        .filter(|_| s.len() <= 4 && s.bytes().all(|b| b.is_ascii_digit()))
}

fn whole_year(s: &str) -> Option<u16> {
    number(s).filter(|_| s.len() == 4)
}

/// A year of four digits, or of two as spreadsheets read it: to 29 of this century, from 30 of the last.
fn year(s: &str) -> Option<u16> {
    match (s.len(), number(s)?) {
        (4, y) => Some(y),
        (2, y) => Some(y + if y < 30 { 2000 } else { 1900 }),
        _ => None,
    }
}

/// The number of a month written as an English word, whole or cut short after three letters or more.
fn word(s: &str) -> Option<u16> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let begins = |m: &str| m.get(..s.len()).is_some_and(|m| m.eq_ignore_ascii_case(s));
    let at = MONTHS.iter().position(|m| s.len() >= 3 && begins(m))?;
    u16::try_from(at + 1).ok()
}

fn month(s: &str) -> Option<u16> {
    word(s).or_else(|| number(s).filter(|_| s.len() <= 2))
}

fn day(y: &str, m: &str, d: &str) -> Option<Day> {
    let d = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|e| d.strip_suffix(e))
        .unwrap_or(d);
    known(year(y)?, month(m)?, number(d).filter(|_| d.len() <= 2)?)
}

fn known(year: u16, month: u16, day: u16) -> Option<Day> {
    let ok = month <= 12 && day <= 31 && (1000..=2200).contains(&year);
    ok.then(|| Day {
        year,
        month: u8::try_from(month).unwrap_or(0),
        day: u8::try_from(day).unwrap_or(0),
    })
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
            "1980-03-04 00:00:00.000 +0000",
            "04/03/1980 12:30",
            "4-Mar-1980",
            "04-MAR-80",
            "4 March 1980",
            "4th March, 1980",
            "March 4, 1980",
            "Mar 4 1980 12:00AM",
            "4/3/80",
            "04.03.80",
            "80-03-04",
            "04031980",
        ] {
            assert_eq!(parse_day(s, true), d, "{s}");
        }
        for s in ["03/04/1980", "3/4/80", "03041980"] {
            assert_eq!(parse_day(s, false), d, "{s}");
        }
        let oct = parse_day("08-OCT-1976", true).unwrap();
        assert_eq!((oct.year, oct.month, oct.day), (1976, 10, 8));
        for (s, year) in [("29/6/29", 2029), ("29/6/30", 1930), ("1/1/00", 2000)] {
            assert_eq!(parse_day(s, true).unwrap().year, year, "{s}");
        }
        for (s, month) in [("1980-03", 3), ("03/1980", 3), ("Sept 1980", 9), ("1980", 0)] {
            let d = parse_day(s, true).unwrap();
            assert_eq!((d.year, d.month, d.day), (1980, month, 0), "{s}");
        }
        for s in [
            "20-45-77",
            "07700 900123",
            "12",
            "1/2",
            "4 Elm 1980",
            "ma 4 1980",
            "1980-03-04-05",
            "1:2:3",
            "",
        ] {
            assert_eq!(parse_day(s, true), None, "{s}");
        }
        assert_eq!(parse_day("1980-13-04", true), None);
        for (s, year) in [
            ("1980-13-04", Some(1980)),
            ("31 13 1980", Some(1980)),
            ("1980 1981", None),
            ("spring", None),
        ] {
            assert_eq!(year_alone(s).map(|d| d.year), year, "{s}");
        }
        assert_eq!(parse_day("smith", true), None);
    }
}

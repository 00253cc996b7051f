//! Dates of birth as far as they are known, and ages as they were given. One is never made into the other.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// Why text is not a date of birth.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BornError {
    /// Written in no way we know.
    #[error("write a date of birth as 5 3 2014, 5 March 2014, March 2014 or 2014")]
    NotADate,
    /// An age. It is kept as an age, with the day it was said.
    #[error("that is an age, not a date of birth: give it as an age")]
    AnAge,
    /// A year of two digits means two years.
    #[error("write the year with four digits")]
    ShortYear,
    /// A month or day that does not exist.
    #[error("there is no such day")]
    NoSuchDay,
    /// After today.
    #[error("a date of birth cannot be in the future")]
    Future,
    /// More than 130 years ago.
    #[error("a date of birth cannot be more than 130 years ago")]
    TooLongAgo,
    /// An age over 130.
    #[error("an age is a number of years up to 130")]
    NotAnAge,
}

/// A date of birth, to the day, the month or the year.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DateOfBirth {
    /// Known to the day.
    Day(Date),
    /// Known to the month: its first day.
    Month(Date),
    /// Known to the year: its first day.
    Year(Date),
}

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

fn month(text: &str) -> Option<i8> {
    let place = if text.len() >= 3 {
        MONTHS.iter().position(|name| name.starts_with(text))
    } else {
        None
    };
    match place {
        Some(place) => i8::try_from(place).ok()?.checked_add(1),
        None => number(text, 2).and_then(|n| i8::try_from(n).ok()),
    }
}

fn number(text: &str, most: usize) -> Option<i16> {
    let digits = (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn year(text: &str) -> Result<i16, BornError> {
    match (text.len(), number(text, 4)) {
        (4, Some(year)) => Ok(year),
        (1 | 2, Some(_)) => Err(BornError::ShortYear),
        _ => Err(BornError::NotADate),
    }
}

fn day_text(text: &str) -> &str {
    let bare = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    match text.get(bare.len()..) {
        Some("st" | "nd" | "rd" | "th") => bare,
        _ => text,
    }
}

fn day(year: i16, month: i8, day: i8) -> Result<Date, BornError> {
    Date::new(year, month, day).map_err(|_| BornError::NoSuchDay)
}

impl DateOfBirth {
    /// Reads a date of birth as people write it: day, month, year; or year-month-day; or only month and year; or only
    /// the year. `today` is needed to refuse what has not happened yet.
    ///
    /// # Errors
    /// See [`BornError`]. An age is refused as such.
    pub fn parse(text: &str, today: Date) -> Result<Self, BornError> {
        let lower = text.trim().to_lowercase();
        let parts: Vec<&str> = lower
            .split(|c: char| c.is_whitespace() || matches!(c, '/' | '-' | '.' | ','))
            .filter(|part| !part.is_empty())
            .collect();
        let of_age = |part: &&str| {
            matches!(
                *part,
                "years" | "year" | "yrs" | "yr" | "y" | "yo" | "old" | "aged" | "age"
            )
        };
        if parts.iter().any(of_age) {
            return Err(BornError::AnAge);
        }
        let month_of = |text: &str| month(text).ok_or(BornError::NotADate);
        let day_of = |text: &str| {
            let number = number(day_text(text), 2).ok_or(BornError::NotADate)?;
            i8::try_from(number).map_err(|_| BornError::NotADate)
        };
        let born = match parts.as_slice() {
            [y] if number(y, 3).is_some() => return Err(BornError::AnAge),
            [y] => Self::Year(day(year(y)?, 1, 1)?),
            [y, m] if y.len() == 4 && number(y, 4).is_some() => Self::Month(day(year(y)?, month_of(m)?, 1)?),
            [m, y] => Self::Month(day(year(y)?, month_of(m)?, 1)?),
            [y, m, d] if y.len() == 4 => Self::Day(day(year(y)?, month_of(m)?, day_of(d)?)?),
            [d, m, y] => Self::Day(day(year(y)?, month_of(m)?, day_of(d)?)?),
            _ => return Err(BornError::NotADate),
        };
        if born.earliest() > today {
            return Err(BornError::Future);
        }
        if born.age_at(today).is_some_and(|(least, _)| least > 130) {
            return Err(BornError::TooLongAgo);
        }
        Ok(born)
    }

    /// The first day it can be.
    pub const fn earliest(self) -> Date {
        match self {
            Self::Day(date) | Self::Month(date) | Self::Year(date) => date,
        }
    }

    /// The last day it can be.
    pub fn latest(self) -> Date {
        match self {
            Self::Day(date) => date,
            Self::Month(date) => date.last_of_month(),
            Self::Year(date) => date.last_of_year(),
        }
    }

    /// The least and the most years of age on a date; none if on that date they may not have been born.
    pub fn age_at(self, on: Date) -> Option<(u16, u16)> {
        Some((completed(self.latest(), on)?, completed(self.earliest(), on)?))
    }

    /// Whether they are under an age on a date; none when what is known does not say.
    pub fn is_under(self, age: u16, on: Date) -> Option<bool> {
        match self.age_at(on)? {
            (_, most) if most < age => Some(true),
            (least, _) if least >= age => Some(false),
            _ => None,
        }
    }

    /// In the form `2014-03-05`, `2014-03` or `2014`.
    pub fn code(self) -> String {
        let date = self.earliest();
        match self {
            Self::Day(_) => date.to_string(),
            Self::Month(_) => format!("{:04}-{:02}", date.year(), date.month()),
            Self::Year(_) => format!("{:04}", date.year()),
        }
    }

    /// What it is stored under: the year, and the month and the day where they are known.
    pub fn search_terms(self) -> Vec<String> {
        let code = self.code();
        let lengths = [4, 7, 10].into_iter().filter(|n| *n <= code.len());
        lengths
            .filter_map(|n| code.get(..n))
            .map(|part| format!("b={part}"))
            .collect()
    }
}

/// Whole years from a birthday to a date. Somebody born on 29 February has their birthday on 1 March in other years.
fn completed(born: Date, on: Date) -> Option<u16> {
    if born > on {
        return None;
    }
    let years = on.year().saturating_sub(born.year());
    let before = (on.month(), on.day()) < (born.month(), born.day());
    u16::try_from(years.saturating_sub(i16::from(before))).ok()
}

/// An age in years, as somebody gave it, and the day they did.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct AgeGiven {
    years: u16,
    on: Date,
}

impl AgeGiven {
    /// Reads `14`, `14 years` or `aged 14`, given on a date.
    ///
    /// # Errors
    /// When it is not a number of years up to 130.
    pub fn parse(text: &str, on: Date) -> Result<Self, BornError> {
        let words: Vec<String> = super::plain(text);
        let mut numbers = words.iter().filter_map(|word| word.parse::<u16>().ok());
        let extra = words.iter().any(|word| {
            word.parse::<u16>().is_err()
                && !matches!(word.as_str(), "years" | "year" | "old" | "aged" | "age" | "about")
        });
        match (numbers.next(), numbers.next()) {
            (Some(years), None) if years <= 130 && !extra => Ok(Self { years, on }),
            _ => Err(BornError::NotAnAge),
        }
    }

    /// The years given.
    pub const fn years(self) -> u16 {
        self.years
    }

    /// The day they were given.
    pub const fn on(self) -> Date {
        self.on
    }

    /// The first and the last day on which they can have been born, if the age was right.
    pub fn born_between(self) -> Option<(Date, Date)> {
        let years = |n: u16| Span::new().try_years(n).ok();
        let last = self.on.checked_sub(years(self.years)?).ok()?;
        let first = self.on.checked_sub(years(self.years.checked_add(1)?)?).ok()?;
        Some((first.checked_add(1.day()).ok()?, last))
    }

    /// Whether a date of birth can be theirs.
    pub fn fits(self, born: DateOfBirth) -> bool {
        self.born_between()
            .is_some_and(|(first, last)| born.latest() >= first && born.earliest() <= last)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 27);

    #[test]
    fn dates_are_read_as_people_write_them() {
        let day = Ok(DateOfBirth::Day(date(2014, 3, 5)));
        for text in [
            "5/3/2014",
            "05 03 2014",
            "2014-03-05",
            "5th March 2014",
            " 5 mar, 2014 ",
        ] {
            assert_eq!(DateOfBirth::parse(text, TODAY), day, "{text}");
        }
        let month = Ok(DateOfBirth::Month(date(2014, 3, 1)));
        for text in ["March 2014", "3/2014", "2014-03"] {
            assert_eq!(DateOfBirth::parse(text, TODAY), month, "{text}");
        }
        assert_eq!(
            DateOfBirth::parse("2014", TODAY),
            Ok(DateOfBirth::Year(date(2014, 1, 1)))
        );
    }

    #[test]
    fn what_is_not_a_date_of_birth_says_why() {
        for (text, error) in [
            ("14", BornError::AnAge),
            ("14 years", BornError::AnAge),
            ("aged 9", BornError::AnAge),
            ("5/3/14", BornError::ShortYear),
            ("30 February 2014", BornError::NoSuchDay),
            ("1/13/2014", BornError::NoSuchDay),
            ("28/11/2026", BornError::Future),
            ("1 1 1850", BornError::TooLongAgo),
            ("spring", BornError::NotADate),
            ("", BornError::NotADate),
            ("1 2 3 4", BornError::NotADate),
        ] {
            assert_eq!(DateOfBirth::parse(text, TODAY), Err(error), "{text}");
        }
    }

    #[test]
    fn ages_are_ranges_where_the_date_is_partly_known() {
        let year = DateOfBirth::Year(date(2008, 1, 1));
        assert_eq!(year.age_at(date(2026, 6, 1)), Some((17, 18)));
        assert_eq!(year.is_under(18, date(2026, 6, 1)), None);
        assert_eq!(year.is_under(18, date(2025, 6, 1)), Some(true));
        assert_eq!(year.is_under(18, date(2026, 12, 31)), Some(false));
        assert_eq!(year.age_at(date(2007, 6, 1)), None);
        let leap = DateOfBirth::Day(date(2008, 2, 29));
        assert_eq!(leap.age_at(date(2026, 2, 28)), Some((17, 17)));
        assert_eq!(leap.age_at(date(2026, 3, 1)), Some((18, 18)));
    }

    #[test]
    fn an_age_given_is_a_span_of_birthdays() {
        let age = AgeGiven::parse("about 14 years old", TODAY).unwrap();
        assert_eq!(age.born_between(), Some((date(2011, 11, 28), date(2012, 11, 27))));
        assert!(age.fits(DateOfBirth::Year(date(2012, 1, 1))));
        assert!(!age.fits(DateOfBirth::Day(date(2012, 11, 28))));
        for wrong in ["", "14 or 15", "131", "fourteen", "14 March"] {
            assert_eq!(AgeGiven::parse(wrong, TODAY), Err(BornError::NotAnAge), "{wrong}");
        }
    }

    #[test]
    fn dates_are_found_by_what_is_known() {
        let born = DateOfBirth::parse("5/3/2014", TODAY).unwrap();
        assert_eq!(born.search_terms(), ["b=2014", "b=2014-03", "b=2014-03-05"]);
    }
}

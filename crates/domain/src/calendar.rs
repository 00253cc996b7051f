//! Which days count: dated holiday tables, one per regime, and counting working days by them.
//!
//! A stored table with a last date beats a computed one: one-off holidays are proclaimed and ordinary ones moved.
//! Beyond the last date a table covers, whatever is worked out from it is provisional.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::time::TimeError;

/// The most days any walk over a calendar takes before it gives up: about eleven years.
pub const WALK_MAX: u32 = 4_000;

/// Looks a time zone up in the database built into the program, never in the machine's files.
///
/// # Errors
/// When the name is not a zone.
pub fn zone(name: &str) -> Result<TimeZone, TimeError> {
    TimeZoneDatabase::bundled()
        .get(name)
        .map_err(|_| TimeError::UnknownZone)
}

/// What kind of day a date is under one calendar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Day<'a> {
    /// It counts.
    Working,
    /// A day of the week on which nothing counts.
    Weekend,
    /// A holiday, with its name from the table.
    Holiday(&'a str),
    /// Outside every term of a school calendar.
    OutOfTerm,
}

impl Day<'_> {
    /// Whether it counts.
    pub const fn is_working(self) -> bool {
        matches!(self, Self::Working)
    }
}

/// Why a calendar could not be made or followed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CalendarError {
    /// The first date covered lies after the last.
    #[error("the calendar's first date is after its last")]
    Backwards,
    /// Every day of the week is a weekend, so nothing would ever count.
    #[error("the calendar has no working day in the week")]
    NoWorkingDay,
    /// A holiday or a term outside the dates that the table says it covers.
    #[error("{0} is outside the dates the calendar covers")]
    NotCovered(Date),
    /// The same date is listed twice.
    #[error("{0} is listed twice")]
    Twice(Date),
    /// No working day within eleven years, or a date outside civil time.
    #[error("no working day was found within {WALK_MAX} days")]
    Endless,
}

/// One regime's working days: its weekends, its holidays by date, and, for schools, its terms.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Calendar {
    id: String,
    weekend: Vec<Weekday>,
    holidays: BTreeMap<Date, String>,
    terms: Vec<(Date, Date)>,
    from: Date,
    to: Date,
}

impl Calendar {
    /// Makes a calendar that covers `from` to `to`, both included.
    ///
    /// `terms` is empty for an ordinary calendar; for a school it holds first and last days, and other days do not count.
    ///
    /// # Errors
    /// When the table contradicts itself: see [`CalendarError`].
    pub fn new(
        id: &str,
        (from, to): (Date, Date),
        weekend: &[Weekday],
        holidays: &[(Date, String)],
        terms: &[(Date, Date)],
    ) -> Result<Self, CalendarError> {
        if from > to || terms.iter().any(|(first, last)| first > last) {
            return Err(CalendarError::Backwards);
        }
        let days = [
            Weekday::Monday,
            Weekday::Tuesday,
            Weekday::Wednesday,
            Weekday::Thursday,
            Weekday::Friday,
            Weekday::Saturday,
            Weekday::Sunday,
        ];
        if days.iter().all(|day| weekend.contains(day)) {
            return Err(CalendarError::NoWorkingDay);
        }
        let inside = |date: &Date| *date >= from && *date <= to;
        let dates = holidays.iter().map(|(date, _)| date);
        let ends = terms.iter().flat_map(|(first, last)| [first, last]);
        if let Some(date) = dates.chain(ends).find(|date| !inside(date)) {
            return Err(CalendarError::NotCovered(*date));
        }
        let mut table = BTreeMap::new();
        for (date, name) in holidays {
            if table.insert(*date, name.clone()).is_some() {
                return Err(CalendarError::Twice(*date));
            }
        }
        Ok(Self {
            id: id.to_owned(),
            weekend: weekend.to_vec(),
            holidays: table,
            terms: terms.to_vec(),
            from,
            to,
        })
    }

    /// The calendar's id in its rule pack, such as `england-wales`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The last date the table covers. Anything worked out beyond it is provisional.
    pub const fn covered_to(&self) -> Date {
        self.to
    }

    /// Whether the table says anything about this date.
    pub fn covers(&self, date: Date) -> bool {
        date >= self.from && date <= self.to
    }

    /// What kind of day a date is. Outside the dates covered, only weekends are known.
    pub fn day(&self, date: Date) -> Day<'_> {
        if let Some(name) = self.holidays.get(&date) {
            return Day::Holiday(name);
        }
        if self.weekend.contains(&date.weekday()) {
            return Day::Weekend;
        }
        let in_term = self
            .terms
            .iter()
            .any(|(first, last)| date >= *first && date <= *last);
        if !self.terms.is_empty() && self.covers(date) && !in_term {
            return Day::OutOfTerm;
        }
        Day::Working
    }

    /// The holidays in the table, in order.
    pub fn holidays(&self) -> impl Iterator<Item = (Date, &str)> {
        self.holidays.iter().map(|(date, name)| (*date, name.as_str()))
    }

    /// The first working day on or after `date`.
    ///
    /// # Errors
    /// When there is none within [`WALK_MAX`] days.
    pub fn on_or_after(&self, date: Date) -> Result<Date, CalendarError> {
        self.walk(date, 1, true, |_, _, _| ())
    }

    /// The date `count` working days after `date` (which is day 0 and not counted).
    ///
    /// # Errors
    /// When there is none within [`WALK_MAX`] days.
    pub fn plus_working_days(&self, date: Date, count: u32) -> Result<Date, CalendarError> {
        self.walk(date, count, false, |_, _, _| ())
    }

    /// Walks forward from `date` until `count` working days are counted, `date` itself among them if `including`.
    /// `seen` hears of every day passed, what kind it was, and its number if it counted.
    ///
    /// # Errors
    /// When the walk would exceed [`WALK_MAX`] days or leave civil time.
    pub fn walk(
        &self,
        date: Date,
        count: u32,
        including: bool,
        mut seen: impl FnMut(Date, Day<'_>, Option<u32>),
    ) -> Result<Date, CalendarError> {
        let mut here = date;
        let mut counted = 0_u32;
        for step in 0..WALK_MAX {
            if step > 0 || including {
                let day = self.day(here);
                if day.is_working() {
                    counted = counted.saturating_add(1);
                }
                seen(here, day, day.is_working().then_some(counted));
            }
            if counted >= count {
                return Ok(here);
            }
            here = here.tomorrow().map_err(|_| CalendarError::Endless)?;
        }
        Err(CalendarError::Endless)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use jiff::civil::date;

    const WEEKEND: [Weekday; 2] = [Weekday::Saturday, Weekday::Sunday];

    fn school() -> Calendar {
        Calendar::new(
            "school",
            (date(2026, 9, 1), date(2027, 7, 31)),
            &WEEKEND,
            &[],
            &[
                (date(2026, 9, 2), date(2026, 10, 23)),
                (date(2026, 11, 2), date(2026, 12, 18)),
            ],
        )
        .unwrap()
    }

    #[test]
    fn a_school_day_is_in_term() {
        let school = school();
        assert_eq!(school.day(date(2026, 10, 26)), Day::OutOfTerm);
        assert_eq!(
            school.plus_working_days(date(2026, 10, 23), 1),
            Ok(date(2026, 11, 2))
        );
    }

    #[test]
    fn a_table_that_contradicts_itself_is_refused() {
        let span = (date(2026, 1, 1), date(2026, 12, 31));
        let holiday = |d| (d, "a day".to_owned());
        let make = |holidays: &[(Date, String)]| Calendar::new("x", span, &WEEKEND, holidays, &[]);
        let (inside, outside) = (date(2026, 5, 4), date(2027, 1, 1));
        assert_eq!(make(&[holiday(outside)]), Err(CalendarError::NotCovered(outside)));
        assert_eq!(
            make(&[holiday(inside), holiday(inside)]),
            Err(CalendarError::Twice(inside))
        );
        assert!(make(&[holiday(inside)]).is_ok());
    }

    #[test]
    fn zones_come_from_the_program_itself() {
        assert!(zone("Europe/London").is_ok());
        assert_eq!(zone("Mars/Olympus"), Err(TimeError::UnknownZone));
    }
}

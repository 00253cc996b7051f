//! When a post is open: spans of the week, and what holds on holidays.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use crate::calendar::{Calendar, Day, WALK_MAX};
use crate::clock::{civil, instant};
use crate::time::{Instant, TimeError};

const DAY: u16 = 24 * 60;

/// Part of a day, in minutes from midnight; `to` is not included and may be 1440.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Span {
    from: u16,
    to: u16,
}

/// Why text is not a span of hours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("hours are written 08:30-17:00, the first before the second; the day ends at 24:00")]
pub struct NotHours;

impl Span {
    /// From one minute of the day to another.
    ///
    /// # Errors
    /// When the first is not before the second, or the second lies beyond midnight.
    pub const fn new(from: u16, to: u16) -> Result<Self, NotHours> {
        if from < to && to <= DAY {
            Ok(Self { from, to })
        } else {
            Err(NotHours)
        }
    }

    /// Whether two spans share a minute.
    pub const fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// Reads `08:30-17:00`.
    ///
    /// # Errors
    /// When it is not written so.
    pub fn parse(text: &str) -> Result<Self, NotHours> {
        let minute = |part: &str| {
            let (hour, minute) = part.trim().split_once(':')?;
            let digits = |t: &str| t.len() == 2 && t.bytes().all(|b| b.is_ascii_digit());
            if !digits(hour) || !digits(minute) {
                return None;
            }
            let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
            (hour <= 24 && minute < 60).then(|| hour.saturating_mul(60).saturating_add(minute))
        };
        let (from, to) = text.split_once('-').ok_or(NotHours)?;
        Self::new(minute(from).ok_or(NotHours)?, minute(to).ok_or(NotHours)?)
    }
}

/// A post's opening hours: Monday to Sunday, and holidays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hours {
    week: [Vec<Span>; 7],
    holiday: Vec<Span>,
    zone: TimeZone,
}

impl Hours {
    /// Hours for each day from Monday, and for holidays (on which the day of the week does not matter).
    pub fn new(week: [Vec<Span>; 7], holiday: Vec<Span>, zone: TimeZone) -> Self {
        let tidy = |mut spans: Vec<Span>| {
            spans.sort_unstable();
            spans
        };
        Self {
            week: week.map(tidy),
            holiday: tidy(holiday),
            zone,
        }
    }

    /// Open at every hour of every day.
    pub fn always(zone: TimeZone) -> Self {
        let all = vec![Span { from: 0, to: DAY }];
        Self {
            week: std::array::from_fn(|_| all.clone()),
            holiday: all,
            zone,
        }
    }

    /// Whether it is never open: a post that only hears of things by other means.
    pub fn is_never(&self) -> bool {
        self.holiday.is_empty() && self.week.iter().all(Vec::is_empty)
    }

    fn spans(&self, date: Date, calendar: &Calendar) -> &[Span] {
        match calendar.day(date) {
            Day::Holiday(_) | Day::OutOfTerm => &self.holiday,
            Day::Working | Day::Weekend => {
                let place = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
                self.week.get(place).map_or(&[], Vec::as_slice)
            }
        }
    }

    fn minute(&self, date: Date, minute: u16) -> Result<Instant, TimeError> {
        let out_of_range = |_| TimeError::OutOfRange;
        if minute >= DAY {
            return instant(
                &self.zone,
                date.tomorrow().map_err(out_of_range)?,
                Time::midnight(),
            );
        }
        let hour = i8::try_from(minute / 60).unwrap_or(0);
        let past = i8::try_from(minute % 60).unwrap_or(0);
        instant(
            &self.zone,
            date,
            Time::new(hour, past, 0, 0).map_err(out_of_range)?,
        )
    }

    /// The first stretch of open time that ends after `at`, on or after `date`.
    fn stretch(
        &self,
        at: Instant,
        date: Date,
        calendar: &Calendar,
    ) -> Result<Option<(Instant, Instant)>, TimeError> {
        for span in self.spans(date, calendar) {
            let (from, to) = (self.minute(date, span.from)?, self.minute(date, span.to)?);
            if to > at && to > from {
                return Ok(Some((from, to)));
            }
        }
        Ok(None)
    }

    /// Whether the post is open.
    ///
    /// # Errors
    /// When the instant lies outside civil time.
    pub fn open_at(&self, at: Instant, calendar: &Calendar) -> Result<bool, TimeError> {
        let date = civil(&self.zone, at)?.date();
        let stretch = self.stretch(at, date, calendar)?;
        Ok(stretch.is_some_and(|(from, _)| from <= at))
    }

    /// When the post next opens: `at` itself if it is open, none if it does not open within eleven years.
    ///
    /// # Errors
    /// When the walk leaves civil time.
    pub fn next_opening(&self, at: Instant, calendar: &Calendar) -> Result<Option<Instant>, TimeError> {
        self.plus_open_minutes(at, 0, calendar)
    }

    /// The moment at which the post has been open for `minutes` since `at`. With 0, when it next opens.
    /// None if it is not open that long within eleven years.
    ///
    /// # Errors
    /// When the walk leaves civil time.
    pub fn plus_open_minutes(
        &self,
        at: Instant,
        minutes: u32,
        calendar: &Calendar,
    ) -> Result<Option<Instant>, TimeError> {
        if self.is_never() {
            return Ok(None);
        }
        let mut date = civil(&self.zone, at)?.date();
        let (mut here, mut left) = (at, i64::from(minutes).saturating_mul(60_000_000));
        for _ in 0..WALK_MAX {
            while let Some((from, to)) = self.stretch(here, date, calendar)? {
                let start = from.max(here);
                let room = to.0.saturating_sub(start.0);
                if left < room || (left == room && left > 0) {
                    return Ok(Some(Instant(start.0.saturating_add(left))));
                }
                left = left.saturating_sub(room);
                here = to;
            }
            date = date.tomorrow().map_err(|_| TimeError::OutOfRange)?;
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn spans_are_read_strictly() {
        assert_eq!(Span::parse("08:30-17:00"), Span::new(510, 1020));
        assert_eq!(Span::parse("00:00-24:00"), Span::new(0, 1440));
        for wrong in [
            "8:30-17:00",
            "17:00-08:30",
            "08:30",
            "08:30-24:01",
            "08:60-09:00",
            "-",
            "",
        ] {
            assert_eq!(Span::parse(wrong), Err(NotHours), "{wrong}");
        }
    }
}

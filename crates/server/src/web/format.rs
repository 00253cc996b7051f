//! Dates, times and clocks in words, as GOV.UK writes them, in the agency's time zone.
//!
//! Every relative time has an absolute one beside it: a page is wrong the moment it is
//! printed if it only says "in 2 hours".

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::i18n::Texts;

#[cfg(test)]
mod tests;

/// How to write moments down for one reader: their language, the agency's zone, and now.
#[derive(Clone, Debug)]
pub struct When<'a> {
    t: &'a Texts,
    zone: TimeZone,
    now: Timestamp,
}

/// Which group a clock is shown in. The words say it first; colour is third.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// The due time has passed.
    Overdue,
    /// Due before midnight.
    Today,
    /// Due later.
    Later,
    /// Another agency has been asked; the clock still runs.
    Waiting,
}

impl Band {
    /// The end of the class names `app-clock--…`, `app-group--…` and `app-count--…`.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Today => "today",
            Self::Later => "week",
            Self::Waiting => "paused",
        }
    }
}

/// A clock in words, with the share of its time that has gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockWords {
    /// "2 hours 18 minutes left" or "42 minutes overdue".
    pub left: String,
    /// "Due 12:00pm today".
    pub due: String,
    /// Share of the time used, 0 to 100.
    pub used: u8,
    /// The group it belongs to.
    pub band: Band,
}

impl<'a> When<'a> {
    /// Write for a reader of `t`, at `now`, in the zone named; an unknown zone is UTC.
    #[must_use]
    pub fn new(t: &'a Texts, zone: &str, now: Timestamp) -> Self {
        Self {
            t,
            zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC),
            now,
        }
    }

    /// Write for a reader of `t`, at `now`, in a zone.
    #[must_use]
    pub fn in_zone(t: &'a Texts, zone: TimeZone, now: Timestamp) -> Self {
        Self { t, zone, now }
    }

    /// Write for a reader in London.
    #[must_use]
    pub fn london(t: &'a Texts, now: Timestamp) -> Self {
        Self::new(t, "Europe/London", now)
    }

    /// The words.
    #[must_use]
    pub fn texts(&self) -> &'a Texts {
        self.t
    }

    /// A moment as typed: day, month and year in digits, and a time such as "2:10pm", "14:10",
    /// "2.10 pm", "2pm" or "noon". Nothing when it cannot be read.
    #[must_use]
    pub fn typed(&self, day: &str, month: &str, year: &str, time: &str) -> Option<Timestamp> {
        let date = Date::new(
            year.trim().parse().ok()?,
            month.trim().parse().ok()?,
            day.trim().parse().ok()?,
        )
        .ok()?;
        let (hour, minute) = typed_time(time)?;
        let at = date
            .at(hour, minute, 0, 0)
            .to_zoned_datetime(self.zone.clone())
            .ok()?;
        Some(at.timestamp())
    }

    /// The moment a local day starts.
    #[must_use]
    pub fn start_of(&self, day: Date) -> Timestamp {
        day.to_zoned_datetime(self.zone.clone())
            .map_or(self.now, |start| start.timestamp())
    }

    /// The moment the page is made.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// A moment from stored microseconds since 1970, UTC; out of range is 1970.
    #[must_use]
    pub fn at_micros(micros: i64) -> Timestamp {
        Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    fn local(&self, at: Timestamp) -> ZonedDateTime {
        at.to_zoned_datetime(self.zone.clone())
    }

    /// "9:42am"; noon is "12:00pm" and midnight "12:00am".
    #[must_use]
    pub fn time(&self, at: Timestamp) -> String {
        let local = self.local(at);
        let hour = match local.hour() % 12 {
            0 => 12,
            other => other,
        };
        let message = if local.hour() < 12 {
            self.t.msg("format-time-am")
        } else {
            self.t.msg("format-time-pm")
        };
        message
            .n("hour", i64::from(hour))
            .arg("minute", format!("{:02}", local.minute()))
            .text()
    }

    /// "24 November 2026".
    #[must_use]
    pub fn date(&self, at: Timestamp) -> String {
        self.civil_date(self.local(at).date())
    }

    /// "24 November 2026" for a date without a time.
    #[must_use]
    pub fn civil_date(&self, date: Date) -> String {
        let month = self.t.code("month", &date.month().to_string());
        let message = self.t.msg("format-date").n("day", i64::from(date.day()));
        message.arg("month", month).arg("year", date.year()).text()
    }

    /// "Tuesday 24 November 2026".
    #[must_use]
    pub fn weekday_date(&self, at: Timestamp) -> String {
        let date = self.local(at).date();
        self.named_day(date, true)
    }

    /// "Tuesday 24 November", with the year only when it is not this one.
    #[must_use]
    pub fn weekday_near(&self, at: Timestamp) -> String {
        let date = self.local(at).date();
        self.named_day(date, date.year() != self.local(self.now).year())
    }

    fn named_day(&self, date: Date, year: bool) -> String {
        let weekday = self
            .t
            .code("weekday", &date.weekday().to_monday_one_offset().to_string());
        let month = self.t.code("month", &date.month().to_string());
        let message = if year {
            self.t.msg("format-weekday-date")
        } else {
            self.t.msg("format-weekday-date-no-year")
        };
        message
            .arg("weekday", weekday)
            .n("day", i64::from(date.day()))
            .arg("month", month)
            .arg("year", date.year())
            .text()
    }

    /// "Tue 24 Nov", for charts.
    #[must_use]
    pub fn day_short(&self, date: Date) -> String {
        let weekday = self.t.code(
            "weekday-short",
            &date.weekday().to_monday_one_offset().to_string(),
        );
        let month = self.t.code("month-short", &date.month().to_string());
        let message = self.t.msg("format-day-short").arg("weekday", weekday);
        message.n("day", i64::from(date.day())).arg("month", month).text()
    }

    /// "24 Nov", for tables only.
    #[must_use]
    pub fn date_short(&self, at: Timestamp) -> String {
        let date = self.local(at).date();
        let month = self.t.code("month-short", &date.month().to_string());
        self.t
            .msg("format-date-short")
            .n("day", i64::from(date.day()))
            .arg("month", month)
            .text()
    }

    /// "24 November".
    #[must_use]
    pub fn date_no_year(&self, at: Timestamp) -> String {
        let date = self.local(at).date();
        let month = self.t.code("month", &date.month().to_string());
        self.t
            .msg("format-date-no-year")
            .n("day", i64::from(date.day()))
            .arg("month", month)
            .text()
    }

    /// "9:42am on Tuesday 24 November 2026".
    #[must_use]
    pub fn time_on_date(&self, at: Timestamp) -> String {
        let message = self.t.msg("format-time-on-date").arg("time", self.time(at));
        message.arg("date", self.weekday_date(at)).text()
    }

    /// "4:56pm, Friday 27 November 2026".
    #[must_use]
    pub fn time_comma_date(&self, at: Timestamp) -> String {
        let message = self.t.msg("format-time-comma-date").arg("time", self.time(at));
        message.arg("date", self.weekday_date(at)).text()
    }

    /// "20 November 2026 at 2:15pm".
    #[must_use]
    pub fn date_at_time(&self, at: Timestamp) -> String {
        let message = self.t.msg("format-date-at-time").arg("time", self.time(at));
        message.arg("date", self.date(at)).text()
    }

    /// "12:00pm today", "10:00am tomorrow", "4:00pm yesterday", or "5:00pm, Monday 30 November".
    #[must_use]
    pub fn near(&self, at: Timestamp) -> String {
        let (day, today) = (self.local(at).date(), self.local(self.now).date());
        let message = if day == today {
            self.t.msg("format-time-today")
        } else if today.tomorrow().is_ok_and(|next| next == day) {
            self.t.msg("format-time-tomorrow")
        } else if today.yesterday().is_ok_and(|before| before == day) {
            self.t.msg("format-time-yesterday")
        } else {
            self.t
                .msg("format-time-comma-date")
                .arg("date", self.weekday_near(at))
        };
        message.arg("time", self.time(at)).text()
    }

    /// The machine-readable form for a `datetime` attribute: local, to the minute.
    #[must_use]
    pub fn datetime(&self, at: Timestamp) -> String {
        self.local(at).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// The local date of a moment.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> Date {
        self.local(at).date()
    }

    /// A length of time in at most two units: "2 hours 18 minutes", "1 day 7 hours", "6 days".
    #[must_use]
    pub fn span(&self, seconds: i64) -> String {
        let minutes = seconds.unsigned_abs() / 60;
        let (hours, days) = (minutes / 60, minutes / (24 * 60));
        let part = |key: &str, count: u64| {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            match key {
                "d" => self.t.msg("span-days").n("count", count).text(),
                "h" => self.t.msg("span-hours").n("count", count).text(),
                _ => self.t.msg("span-minutes").n("count", count).text(),
            }
        };
        let two = |large: String, small: String| {
            self.t
                .msg("span-two")
                .arg("large", large)
                .arg("small", small)
                .text()
        };
        match (days, hours, minutes) {
            (_, _, 0) => self.t.get("span-none"),
            (_, 0, minutes) => part("m", minutes),
            (0, hours, minutes) if minutes % 60 == 0 => part("h", hours),
            (0, hours, minutes) => two(part("h", hours), part("m", minutes % 60)),
            (1, hours, _) if hours % 24 > 0 => two(part("d", 1), part("h", hours % 24)),
            (days, _, _) => part("d", days),
        }
    }

    /// "1 hour 14 minutes", the time between two moments whichever is first.
    #[must_use]
    pub fn between(&self, from: Timestamp, to: Timestamp) -> String {
        self.span(to.as_second() - from.as_second())
    }

    /// "3 hours 5 minutes late", for a duty answered after its time.
    #[must_use]
    pub fn late(&self, due: Timestamp, answered: Timestamp) -> String {
        self.t
            .msg("clock-late")
            .arg("span", self.between(due, answered))
            .text()
    }

    /// A running clock in words. `waiting` changes the group, never the clock.
    #[must_use]
    pub fn clock(&self, started: Timestamp, due: Timestamp, waiting: bool) -> ClockWords {
        let left = due.as_second() - self.now.as_second();
        let whole = (due.as_second() - started.as_second()).max(1);
        let gone = (self.now.as_second() - started.as_second()).clamp(0, whole);
        let used = u8::try_from(gone * 100 / whole).unwrap_or(100);
        let when = self.near(due);
        if left < 0 {
            return ClockWords {
                left: self.t.msg("clock-overdue").arg("span", self.span(left)).text(),
                due: self.t.msg("clock-was-due").arg("when", when).text(),
                used: 100,
                band: Band::Overdue,
            };
        }
        let today = self.local(due).date() == self.local(self.now).date();
        let band = match (waiting, today) {
            (true, _) => Band::Waiting,
            (false, true) => Band::Today,
            (false, false) => Band::Later,
        };
        ClockWords {
            left: self.t.msg("clock-left").arg("span", self.span(left)).text(),
            due: self.t.msg("clock-due").arg("when", when).text(),
            used,
            band,
        }
    }

    /// The words for a due time beyond the last date the calendar knows.
    #[must_use]
    pub fn provisional(&self, due: Timestamp) -> String {
        self.t.msg("clock-provisional").arg("when", self.near(due)).text()
    }
}

/// Hour and minute of a time as people type it.
fn typed_time(time: &str) -> Option<(i8, i8)> {
    let lower = time.trim().to_lowercase().replace('.', ":").replace(' ', "");
    match lower.as_str() {
        "noon" | "midday" => return Some((12, 0)),
        "midnight" => return Some((0, 0)),
        _ => {}
    }
    let (digits, half) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(rest), _) => (rest, Some(0)),
        (_, Some(rest)) => (rest, Some(12)),
        _ => (lower.as_str(), None),
    };
    let (hour, minute) = digits.split_once(':').unwrap_or((digits, "0"));
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match half {
        Some(add) if (1..=12).contains(&hour) => hour % 12 + add,
        Some(_) => return None,
        None => hour,
    };
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some((hour, minute))
}

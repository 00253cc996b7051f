//! Clocks: how long a post has, as a row of a rule pack, and when that time ends.
//!
//! No length, calendar or time of day is a constant here: each is a field of a [`Clock`] with its authority, its dates
//! and how sure we are of it. [`Rule::due`] is a pure function; [`Rule::explain`] shows its working.

mod due;
mod local;
mod told;

pub use due::{Due, Explanation, Rule, Step, Why};
pub use local::civil;
pub(crate) use local::instant;
pub use told::{FirstTold, Standing, Telling, TellingKind, first_told, standing};

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use crate::calendar::CalendarError;
use crate::time::TimeError;

/// Whether the trigger's own day is counted. Inspectorates have used both, which is why it is data.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Start {
    /// The trigger's day is day 0; the next day that counts is day 1.
    Day0,
    /// The trigger's day, or the first day after it that counts, is day 1.
    Day1,
}

/// What a clock's length is counted in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// Minutes that pass, night and day.
    Minutes,
    /// Hours that pass, night and day.
    Hours,
    /// Every day.
    CalendarDays,
    /// Working days of the row's calendar.
    WorkingDays,
    /// Days in term of the row's calendar, which names a school or its authority.
    SchoolDays,
    /// Calendar months; where the last month is too short, its last day.
    Months,
}

impl Unit {
    /// Whether time simply passes, so that no calendar and no time of day matter.
    pub const fn is_elapsed(self) -> bool {
        matches!(self, Self::Minutes | Self::Hours)
    }

    /// Whether a calendar says which days count.
    pub const fn needs_calendar(self) -> bool {
        matches!(self, Self::WorkingDays | Self::SchoolDays)
    }

    /// The word used in rule files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::CalendarDays => "calendar-days",
            Self::WorkingDays => "working-days",
            Self::SchoolDays => "school-days",
            Self::Months => "months",
        }
    }
}

/// At what time on its last day a clock ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TimeOfDay {
    /// The time of day at which we were told.
    Same,
    /// A fixed time, local to the zone.
    CloseOfBusiness(Time),
    /// The last moment of the day.
    EndOfDay,
}

impl TimeOfDay {
    /// As rule files write it: `same`, `end-of-day` or `17:00`.
    pub fn code(self) -> String {
        match self {
            Self::Same => "same".to_owned(),
            Self::EndOfDay => "end-of-day".to_owned(),
            Self::CloseOfBusiness(time) => format!("{:02}:{:02}", time.hour(), time.minute()),
        }
    }
}

/// How sure we are of a row, so that a page can say so.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Confidence {
    /// Seen in a public source.
    Found,
    /// General knowledge, to be checked against the primary source before anyone relies on it.
    Verify,
    /// Recalled with real doubt.
    Low,
    /// No national number exists: an agency sets its own.
    Local,
    /// Our own rule, with no law behind it.
    Own,
}

impl Confidence {
    /// The word used in rule files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Verify => "verify",
            Self::Low => "low",
            Self::Local => "local",
            Self::Own => "own",
        }
    }
}

/// Whom a clock serves. Only the child-facing climb past the first manager.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Facing {
    /// A child waits on it.
    Child,
    /// Only the agency waits on it.
    Housekeeping,
}

/// The only way a clock may stand still.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pause {
    /// What pauses it, as a code.
    pub when: String,
    /// The law that says so, as an anchor.
    pub authority: String,
}

/// A clock that guidance allows to be overrun if the reasons are recorded. Its due time does not move.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OverRun {
    /// The law that says so, as an anchor.
    pub authority: String,
    /// The furthest it may go, as length and unit; none where the authority gives no end.
    pub limit: Option<(u32, Unit)>,
}

/// One row: from what event, how long, counted how, who must act, and who says so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Clock {
    /// The row's id, such as `C01`. Several rows may share one with dates that do not overlap.
    pub id: String,
    /// The key of its title in the locale files.
    pub title_key: String,
    /// Its title in English, for those who read the rule pack itself.
    pub title: String,
    /// The event that starts it, as a code.
    pub trigger: String,
    /// Whether the trigger's own day counts.
    pub start: Start,
    /// How many units; at least 1.
    pub length: u32,
    /// What is counted.
    pub unit: Unit,
    /// The id of the calendar that says which days count, where one is needed.
    pub calendar: Option<String>,
    /// At what time on the last day it ends.
    pub time_of_day: TimeOfDay,
    /// Whether a last day that does not count moves to the next one that does.
    pub roll: bool,
    /// Where its days begin and end.
    pub zone: TimeZone,
    /// The event that stops it, as a code.
    pub stop: String,
    /// What may pause it. Empty for most; nothing else ever does.
    pub pauses: Vec<Pause>,
    /// Whether it may be overrun with recorded reasons. It is late all the same.
    pub over_run: Option<OverRun>,
    /// The role of the post that must act.
    pub owner: String,
    /// The id of the ladder template it climbs.
    pub ladder: String,
    /// The law it rests on, as an anchor of `docs/law.md`.
    pub authority: String,
    /// The first date on which the row is in force.
    pub from: Date,
    /// The last such date; none while it stands.
    pub to: Option<Date>,
    /// How sure we are.
    pub confidence: Confidence,
    /// Whether a child waits on it.
    pub facing: Facing,
    /// Whether it runs, and climbs, at night and on holidays.
    pub all_hours: bool,
    /// Whether an agency's own file may set another length.
    pub local_setting: bool,
}

impl Clock {
    /// Whether the row is in force on a date.
    pub fn in_force(&self, on: Date) -> bool {
        self.from <= on && self.to.is_none_or(|to| on <= to)
    }

    /// What is wrong with the row by itself, if anything.
    ///
    /// # Errors
    /// The first contradiction found.
    pub fn check(&self) -> Result<(), ClockError> {
        let same = self.time_of_day == TimeOfDay::Same;
        if self.length == 0 {
            return Err(ClockError::NoLength);
        }
        if self.to.is_some_and(|to| to < self.from) {
            return Err(ClockError::EndsBeforeItBegins);
        }
        if (self.unit.needs_calendar() || self.roll) && self.calendar.is_none() {
            return Err(ClockError::NeedsCalendar);
        }
        if self.unit.is_elapsed() && (!same || self.roll || self.start == Start::Day1) {
            return Err(ClockError::ElapsedHasNoDay);
        }
        if self.unit == Unit::Months && self.start == Start::Day1 {
            return Err(ClockError::MonthsFromDay1);
        }
        if self.roll && same {
            return Err(ClockError::RollKeepsNoTime);
        }
        if self.start == Start::Day1 && self.length == 1 && same {
            return Err(ClockError::NoTimeAtAll);
        }
        Ok(())
    }
}

/// Why a row contradicts itself, or a due time could not be worked out.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ClockError {
    /// A length of nothing.
    #[error("the length must be at least 1")]
    NoLength,
    /// The dates of effect are the wrong way round.
    #[error("the row ends before it begins")]
    EndsBeforeItBegins,
    /// Working days, school days and rolling need a calendar.
    #[error("the row counts working days but names no calendar")]
    NeedsCalendar,
    /// Minutes and hours pass: no time of day, no first day, no rolling.
    #[error(
        "minutes and hours pass by themselves: the row must say day0 and the same time of day, and not roll"
    )]
    ElapsedHasNoDay,
    /// A month is from a date to the same date.
    #[error("months are counted from day0")]
    MonthsFromDay1,
    /// A last day that is moved has no 'same time of day' that keeps order.
    #[error(
        "a row that rolls to the next working day must end at close of business or at the end of the day"
    )]
    RollKeepsNoTime,
    /// Day 1 of 1 at the same time is the moment it began.
    #[error("one day counted from day1 ending at the same time of day is no time at all")]
    NoTimeAtAll,
    /// The calendar could not be followed.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// A time outside the years that can be shown.
    #[error(transparent)]
    Time(#[from] TimeError),
}

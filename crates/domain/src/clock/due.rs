//! Working out when a clock ends, and showing each day that was counted or passed over.
//!
//! The order of triggers is the order of due times, always. That settles what a working-day clock does with a trigger
//! on a day that does not count: told on a Saturday, one working day ends at the last moment of Monday, because told
//! on Friday night it ends on Monday night, and told on Monday morning on Tuesday morning.

use jiff::Span;
use jiff::civil::{Date, DateTime, Time};

use super::local::{civil, end_of_day, instant};
use super::{Clock, ClockError, Start, TimeOfDay, Unit};
use crate::calendar::{Calendar, CalendarError, Day};
use crate::time::Instant;

/// A clock's row with the calendar it names and the pack both came from.
#[derive(Clone, Copy, Debug)]
pub struct Rule<'a> {
    /// The row.
    pub clock: &'a Clock,
    /// The calendar the row names, if it names one.
    pub calendar: Option<&'a Calendar>,
    /// The version of the rule pack.
    pub pack_version: &'a str,
}

/// When something is due, and by which rule: all of it is written into the record when the duty is made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Due {
    /// By when.
    pub at: Instant,
    /// Whether it was counted past the last date the calendar covers, and may move when a new pack comes.
    pub provisional: bool,
    /// The clock's id.
    pub rule: String,
    /// The version of the rule pack.
    pub pack_version: String,
}

/// Why a day was not counted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Why {
    /// A day of the week that never counts.
    Weekend,
    /// A holiday, with its name.
    Holiday(String),
    /// Outside term.
    OutOfTerm,
}

/// One step of the working, in order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// We were told, at this local time.
    Told {
        /// Local date and time.
        at: DateTime,
    },
    /// The day on which we were told does not count itself.
    ToldOutside {
        /// The day.
        date: Date,
        /// Why it does not count.
        why: Why,
    },
    /// A day that counted.
    Counted {
        /// The day.
        date: Date,
        /// Its number.
        number: u32,
    },
    /// A day that did not.
    Skipped {
        /// The day.
        date: Date,
        /// Why.
        why: Why,
    },
    /// Time that simply passed, or months added.
    Passed {
        /// How many.
        length: u32,
        /// Of what.
        unit: Unit,
    },
    /// The last month has no such date: its last day is used, to its end.
    Shortened {
        /// The day used.
        date: Date,
    },
    /// The last day does not count, or its closing time had passed: moved on to this one.
    Rolled {
        /// The day used.
        date: Date,
    },
    /// Counted past the last date the table covers.
    BeyondTable {
        /// That last date.
        covered_to: Date,
    },
}

impl Why {
    /// The key of its words in the locale files; a holiday's name goes with it.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Weekend => "day-weekend",
            Self::Holiday(_) => "day-holiday",
            Self::OutOfTerm => "day-out-of-term",
        }
    }
}

impl Step {
    /// The key of its words in the locale files.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Told { .. } => "step-told",
            Self::ToldOutside { .. } => "step-told-outside",
            Self::Counted { .. } => "step-counted",
            Self::Skipped { .. } => "step-skipped",
            Self::Passed { .. } => "step-passed",
            Self::Shortened { .. } => "step-shortened",
            Self::Rolled { .. } => "step-rolled",
            Self::BeyondTable { .. } => "step-beyond-table",
        }
    }
}

/// A due time with its working.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explanation {
    /// The answer.
    pub due: Due,
    /// The working, in order. The first is [`Step::Told`].
    pub steps: Vec<Step>,
    /// The law the row rests on, as an anchor.
    pub authority: String,
}

fn why(day: Day<'_>) -> Option<Why> {
    match day {
        Day::Working => None,
        Day::Weekend => Some(Why::Weekend),
        Day::Holiday(name) => Some(Why::Holiday(name.to_owned())),
        Day::OutOfTerm => Some(Why::OutOfTerm),
    }
}

impl Rule<'_> {
    /// When a thing of which we were told at `received` is due.
    ///
    /// Never before `received`; never sooner for a later `received`.
    ///
    /// # Errors
    /// When the row contradicts itself, lacks its calendar, or leaves civil time.
    pub fn due(&self, received: Instant) -> Result<Due, ClockError> {
        let (at, provisional) = self.work(received, &mut |_| ())?;
        Ok(Due {
            at,
            provisional,
            rule: self.clock.id.clone(),
            pack_version: self.pack_version.to_owned(),
        })
    }

    /// The same answer with every day counted and every day passed over, and why.
    ///
    /// # Errors
    /// As [`Rule::due`].
    pub fn explain(&self, received: Instant) -> Result<Explanation, ClockError> {
        let mut steps = Vec::new();
        let (at, provisional) = self.work(received, &mut |step| steps.push(step()))?;
        Ok(Explanation {
            due: Due {
                at,
                provisional,
                rule: self.clock.id.clone(),
                pack_version: self.pack_version.to_owned(),
            },
            steps,
            authority: self.clock.authority.clone(),
        })
    }

    fn calendar(&self) -> Result<&Calendar, ClockError> {
        self.calendar.ok_or(ClockError::NeedsCalendar)
    }

    fn work(
        &self,
        received: Instant,
        seen: &mut dyn FnMut(&dyn Fn() -> Step),
    ) -> Result<(Instant, bool), ClockError> {
        let clock = self.clock;
        clock.check()?;
        let told = civil(&clock.zone, received)?;
        seen(&|| Step::Told { at: told });
        if clock.unit.is_elapsed() {
            seen(&|| Step::Passed {
                length: clock.length,
                unit: clock.unit,
            });
            let minutes = match clock.unit {
                Unit::Hours => i64::from(clock.length).saturating_mul(60),
                _ => i64::from(clock.length),
            };
            return Ok((received.plus_minutes(minutes), false));
        }
        let (mut last, same) = self.last_day(told, seen)?;
        let time = match clock.time_of_day {
            TimeOfDay::Same => same,
            TimeOfDay::CloseOfBusiness(time) => time,
            TimeOfDay::EndOfDay => end_of_day(),
        };
        if clock.roll && !self.calendar()?.day(last).is_working() {
            last = self.roll(last, seen)?;
        }
        let mut at = instant(&clock.zone, last, time)?;
        if at < received {
            let next = last.tomorrow().map_err(|_| CalendarError::Endless)?;
            last = self.roll(next, seen)?;
            at = instant(&clock.zone, last, time)?;
        }
        Ok((at.max(received), self.provisional(told.date(), last, seen)))
    }

    /// The last day, and the time of day that 'same time' means on it.
    fn last_day(
        &self,
        told: DateTime,
        seen: &mut dyn FnMut(&dyn Fn() -> Step),
    ) -> Result<(Date, Time), ClockError> {
        let clock = self.clock;
        let endless = |_| ClockError::Calendar(CalendarError::Endless);
        let moved = |span: Result<Span, jiff::Error>| {
            span.and_then(|by| told.date().checked_add(by)).map_err(endless)
        };
        let from_day1 = clock.start == Start::Day1;
        match clock.unit {
            Unit::WorkingDays | Unit::SchoolDays => self.count(told, seen),
            Unit::Months => {
                let last = moved(Span::new().try_months(clock.length))?;
                seen(&|| Step::Passed {
                    length: clock.length,
                    unit: clock.unit,
                });
                if last.day() == told.date().day() {
                    return Ok((last, told.time()));
                }
                seen(&|| Step::Shortened { date: last });
                Ok((last, end_of_day()))
            }
            _ => {
                let days = clock.length.saturating_sub(u32::from(from_day1));
                let last = moved(Span::new().try_days(days))?;
                seen(&|| Step::Passed {
                    length: clock.length,
                    unit: Unit::CalendarDays,
                });
                Ok((last, told.time()))
            }
        }
    }

    fn count(
        &self,
        told: DateTime,
        seen: &mut dyn FnMut(&dyn Fn() -> Step),
    ) -> Result<(Date, Time), ClockError> {
        let calendar = self.calendar()?;
        let from_day1 = self.clock.start == Start::Day1;
        let outside = why(calendar.day(told.date()));
        let same = match (&outside, from_day1) {
            (None, _) => told.time(),
            (Some(_), true) => Time::midnight(),
            (Some(_), false) => end_of_day(),
        };
        if let Some(why) = &outside {
            seen(&|| Step::ToldOutside {
                date: told.date(),
                why: why.clone(),
            });
        }
        let including = from_day1 && outside.is_none();
        let last = calendar.walk(told.date(), self.clock.length, including, |date, day, number| {
            seen(&|| match (number, why(day)) {
                (None, Some(why)) => Step::Skipped { date, why },
                (number, _) => Step::Counted {
                    date,
                    number: number.unwrap_or_default(),
                },
            });
        })?;
        Ok((last, same))
    }

    /// The first day on or after `date` that counts, or `date` where no calendar is named.
    fn roll(&self, date: Date, seen: &mut dyn FnMut(&dyn Fn() -> Step)) -> Result<Date, ClockError> {
        let day = match self.calendar {
            Some(calendar) => calendar.on_or_after(date)?,
            None => date,
        };
        seen(&|| Step::Rolled { date: day });
        Ok(day)
    }

    fn provisional(&self, first: Date, last: Date, seen: &mut dyn FnMut(&dyn Fn() -> Step)) -> bool {
        let Some(calendar) = self
            .calendar
            .filter(|_| self.clock.unit.needs_calendar() || self.clock.roll)
        else {
            return false;
        };
        let beyond = !calendar.covers(first) || !calendar.covers(last);
        if beyond {
            seen(&|| Step::BeyondTable {
                covered_to: calendar.covered_to(),
            });
        }
        beyond
    }
}

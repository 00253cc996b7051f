//! The words that rule files use for the domain's closed lists. Any other word is refused with its line.

use domain::clock::{Confidence, Facing, Start, TimeOfDay, Unit};
use domain::outcome::{About, Second};
use jiff::civil::{Date, Time, Weekday};
use serde::Deserialize;
use toml::value::Datetime;

#[derive(Deserialize)]
#[serde(remote = "Unit", rename_all = "kebab-case")]
pub(super) enum UnitWord {
    Minutes,
    Hours,
    CalendarDays,
    WorkingDays,
    SchoolDays,
    Months,
}

#[derive(Deserialize)]
#[serde(remote = "Start", rename_all = "kebab-case")]
pub(super) enum StartWord {
    Day0,
    Day1,
}

#[derive(Deserialize)]
#[serde(remote = "Confidence", rename_all = "kebab-case")]
pub(super) enum ConfidenceWord {
    Found,
    Verify,
    Low,
    Local,
    Own,
}

#[derive(Deserialize)]
#[serde(remote = "Facing", rename_all = "kebab-case")]
pub(super) enum FacingWord {
    Child,
    Housekeeping,
}

#[derive(Deserialize)]
#[serde(remote = "About", rename_all = "kebab-case")]
pub(super) enum AboutWord {
    Child,
    Other,
    Any,
}

#[derive(Deserialize)]
#[serde(remote = "Second", rename_all = "kebab-case")]
pub(super) enum SecondWord {
    Never,
    Conditions,
    Always,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WeekdayWord {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl From<WeekdayWord> for Weekday {
    fn from(word: WeekdayWord) -> Self {
        match word {
            WeekdayWord::Monday => Self::Monday,
            WeekdayWord::Tuesday => Self::Tuesday,
            WeekdayWord::Wednesday => Self::Wednesday,
            WeekdayWord::Thursday => Self::Thursday,
            WeekdayWord::Friday => Self::Friday,
            WeekdayWord::Saturday => Self::Saturday,
            WeekdayWord::Sunday => Self::Sunday,
        }
    }
}

/// A date written `2026-11-27`, without a time.
pub(super) fn date(written: Datetime) -> Result<Date, &'static str> {
    let wrong = "a date is written 2026-11-27, without a time";
    match written {
        Datetime {
            date: Some(date),
            time: None,
            offset: None,
        } => {
            let parts = (
                i16::try_from(date.year),
                i8::try_from(date.month),
                i8::try_from(date.day),
            );
            match parts {
                (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day).map_err(|_| wrong),
                _ => Err(wrong),
            }
        }
        _ => Err(wrong),
    }
}

/// `same`, `end-of-day` or a time such as `17:00`.
pub(crate) fn time_of_day(text: &str) -> Result<TimeOfDay, &'static str> {
    match text {
        "same" => Ok(TimeOfDay::Same),
        "end-of-day" => Ok(TimeOfDay::EndOfDay),
        other => Time::strptime("%H:%M", other)
            .map(TimeOfDay::CloseOfBusiness)
            .map_err(|_| "a time of day is `same`, `end-of-day` or a time such as `17:00`"),
    }
}

/// A length such as `7 calendar-days`.
pub(super) fn length(text: &str) -> Result<(u32, Unit), &'static str> {
    let wrong = "a length is a number and a unit, such as `7 calendar-days`";
    let (number, unit) = text.split_once(' ').ok_or(wrong)?;
    let all = [
        Unit::Minutes,
        Unit::Hours,
        Unit::CalendarDays,
        Unit::WorkingDays,
        Unit::SchoolDays,
        Unit::Months,
    ];
    let unit = all.into_iter().find(|one| one.code() == unit).ok_or(wrong)?;
    let number = number.parse().ok().filter(|n| *n > 0).ok_or(wrong)?;
    Ok((number, unit))
}

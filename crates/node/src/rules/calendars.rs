//! `calendars.toml`: one dated table of holidays per regime.

use std::collections::BTreeMap;

use domain::calendar::Calendar;
use domain::clock::Confidence;
use jiff::civil::{Date, Weekday};
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::source::Reader;
use super::words::{ConfidenceWord, WeekdayWord, date};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    calendar: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: Spanned<String>,
    #[serde(rename = "title")]
    _title: String,
    authority: Spanned<String>,
    #[serde(rename = "confidence", with = "ConfidenceWord")]
    _confidence: Confidence,
    covers: Spanned<[Datetime; 2]>,
    weekend: Vec<WeekdayWord>,
    holidays: Vec<Holiday>,
    #[serde(default)]
    terms: Vec<Term>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Holiday {
    date: Spanned<Datetime>,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Term {
    first: Spanned<Datetime>,
    last: Spanned<Datetime>,
}

fn day(reader: &mut Reader<'_>, written: &Spanned<Datetime>) -> Option<Date> {
    reader.need(written.span(), date(*written.get_ref()))
}

/// Every calendar by its id.
pub(super) fn read(reader: &mut Reader<'_>) -> BTreeMap<String, Calendar> {
    let Some(file) = reader.parse::<File>() else {
        return BTreeMap::new();
    };
    reader.ids("calendar", file.calendar.iter().map(|row| &row.id));
    let rows = file.calendar.iter();
    rows.filter_map(|row| Some((row.id.get_ref().clone(), calendar(reader, row)?)))
        .collect()
}

fn calendar(reader: &mut Reader<'_>, row: &Row) -> Option<Calendar> {
    reader.anchor(&row.authority);
    let [from, to] = *row.covers.get_ref();
    let from = reader.need(row.covers.span(), date(from))?;
    let to = reader.need(row.covers.span(), date(to))?;
    let mut holidays: Vec<(Date, String)> = Vec::new();
    for holiday in &row.holidays {
        let date = day(reader, &holiday.date)?;
        let before = holidays.last().map(|(before, _)| *before);
        if before.is_some_and(|before| before >= date) || date < from || date > to {
            let reason = "holidays stand once each, in order, within the dates covered";
            reader.fault(holiday.date.span(), reason);
            return None;
        }
        holidays.push((date, holiday.name.clone()));
    }
    let mut terms = Vec::new();
    for term in &row.terms {
        terms.push((day(reader, &term.first)?, day(reader, &term.last)?));
    }
    let weekend: Vec<Weekday> = row.weekend.iter().map(|word| Weekday::from(*word)).collect();
    let made = Calendar::new(row.id.get_ref(), (from, to), &weekend, &holidays, &terms);
    reader.need(row.id.span(), made)
}

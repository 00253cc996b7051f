//! `clocks.toml`: every length of time anybody is held to.

use std::collections::BTreeMap;

use domain::calendar::{Calendar, zone};
use domain::clock::{Clock, Confidence, Facing, OverRun, Pause, Start, TimeOfDay, Unit};
use domain::pack::{LadderTemplate, Role};
use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::source::Reader;
use super::words::{ConfidenceWord, FacingWord, StartWord, UnitWord, date, length, time_of_day};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    clock: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: Spanned<String>,
    title: String,
    trigger: String,
    #[serde(with = "StartWord")]
    start: Start,
    length: u32,
    #[serde(with = "UnitWord")]
    unit: Unit,
    calendar: Option<Spanned<String>>,
    time_of_day: Spanned<String>,
    #[serde(default)]
    roll: bool,
    zone: Option<Spanned<String>>,
    stop: String,
    pauses: Vec<PauseRow>,
    over_run: Option<OverRunRow>,
    owner: Spanned<String>,
    ladder: Spanned<String>,
    authority: Spanned<String>,
    from: Spanned<Datetime>,
    to: Option<Spanned<Datetime>>,
    #[serde(with = "ConfidenceWord")]
    confidence: Confidence,
    #[serde(with = "FacingWord")]
    facing: Facing,
    all_hours: bool,
    #[serde(default)]
    local_setting: bool,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PauseRow {
    when: String,
    authority: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OverRunRow {
    authority: Spanned<String>,
    limit: Option<Spanned<String>>,
}

/// What a clock's row may name.
pub(super) struct Known<'a> {
    pub(super) calendars: &'a BTreeMap<String, Calendar>,
    pub(super) roles: &'a [Role],
    pub(super) ladders: &'a [LadderTemplate],
    pub(super) zone: &'a TimeZone,
}

/// Every clock, in the order of the file.
pub(super) fn read(reader: &mut Reader<'_>, known: &Known<'_>) -> Vec<Clock> {
    let Some(file) = reader.parse::<File>() else {
        return Vec::new();
    };
    let mut clocks: Vec<Clock> = Vec::new();
    for row in &file.clock {
        let Some(clock) = clock(reader, row, known) else {
            continue;
        };
        let overlaps = |other: &&Clock| {
            other.id == clock.id
                && other.in_force(clock.from.max(other.from))
                && clock.in_force(clock.from.max(other.from))
        };
        if clocks.iter().find(overlaps).is_some() {
            let reason = format!("two rows of the clock `{}` are in force on one day", clock.id);
            reader.fault(row.id.span(), reason);
        }
        clocks.push(clock);
    }
    clocks
}

fn clock(reader: &mut Reader<'_>, row: &Row, known: &Known<'_>) -> Option<Clock> {
    reader.ids("clock", std::iter::once(&row.id));
    if let Some(calendar) = &row.calendar {
        reader.one_of(calendar, "calendar", |id| known.calendars.contains_key(id));
    }
    reader.one_of(&row.owner, "role", |id| {
        known.roles.iter().any(|role| role.id == id)
    });
    reader.one_of(&row.ladder, "ladder", |id| {
        known.ladders.iter().any(|ladder| ladder.id == id)
    });
    let time_of_day: TimeOfDay = reader.read(&row.time_of_day, time_of_day)?;
    let from = reader.need(row.from.span(), date(*row.from.get_ref()))?;
    let to = match &row.to {
        Some(to) => Some(reader.need(to.span(), date(*to.get_ref()))?),
        None => None,
    };
    let zone = match &row.zone {
        Some(name) => reader.read(name, zone)?,
        None => known.zone.clone(),
    };
    let id = row.id.get_ref();
    let clock = Clock {
        id: id.clone(),
        title_key: format!("clock-{}", id.to_lowercase()),
        title: row.title.clone(),
        trigger: row.trigger.clone(),
        start: row.start,
        length: row.length,
        unit: row.unit,
        calendar: row.calendar.as_ref().map(|id| id.get_ref().clone()),
        time_of_day,
        roll: row.roll,
        zone,
        stop: row.stop.clone(),
        pauses: pauses(reader, &row.pauses),
        over_run: over_run(reader, row.over_run.as_ref())?,
        owner: row.owner.get_ref().clone(),
        ladder: row.ladder.get_ref().clone(),
        authority: reader.anchor(&row.authority),
        from,
        to,
        confidence: row.confidence,
        facing: row.facing,
        all_hours: row.all_hours,
        local_setting: row.local_setting,
    };
    reader.need(row.id.span(), clock.check())?;
    Some(clock)
}

fn pauses(reader: &mut Reader<'_>, rows: &[PauseRow]) -> Vec<Pause> {
    let pause = |row: &PauseRow| Pause {
        when: row.when.clone(),
        authority: reader.anchor(&row.authority),
    };
    rows.iter().map(pause).collect()
}

fn over_run(reader: &mut Reader<'_>, row: Option<&OverRunRow>) -> Option<Option<OverRun>> {
    let Some(row) = row else { return Some(None) };
    let limit = match &row.limit {
        Some(text) => Some(reader.read(text, length)?),
        None => None,
    };
    let authority = reader.anchor(&row.authority);
    Some(Some(OverRun { authority, limit }))
}

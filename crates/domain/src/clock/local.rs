//! Between points in time and local days, so that a later trigger never ends sooner.
//!
//! Twice a year the two disagree. A local time that does not exist is the moment the clocks went forward; of a local
//! time that happens twice, the earlier is meant. A trigger in the second of two like hours counts as at their end.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use crate::time::{Instant, TimeError};

/// The last moment of a day, to the microsecond.
pub(crate) fn end_of_day() -> Time {
    Time::constant(23, 59, 59, 999_999_000)
}

/// The change of offset at or last before `at`.
fn change_before(zone: &TimeZone, at: Timestamp) -> Option<Timestamp> {
    let just_after = at.checked_add(SignedDuration::from_nanos(1)).ok()?;
    zone.preceding(just_after).next().map(|change| change.timestamp())
}

/// The local date and time of a point in time, as clocks count it: see the module's words on the repeated hour.
///
/// # Errors
/// When the instant lies outside civil time.
pub fn civil(zone: &TimeZone, at: Instant) -> Result<DateTime, TimeError> {
    let timestamp = at.to_jiff()?;
    let shown = zone.to_datetime(timestamp);
    if let AmbiguousOffset::Fold { before, after } = zone.to_ambiguous_timestamp(shown).offset()
        && zone.to_offset(timestamp) == after
        && let Some(change) = change_before(zone, timestamp)
    {
        return Ok(before.to_datetime(change));
    }
    Ok(shown)
}

/// The point in time at which a local day shows a local time.
pub(crate) fn instant(zone: &TimeZone, date: Date, time: Time) -> Result<Instant, TimeError> {
    let ambiguous = zone.to_ambiguous_timestamp(date.to_datetime(time));
    let gap = matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. });
    let timestamp = if gap {
        let after = ambiguous.later().map_err(|_| TimeError::OutOfRange)?;
        change_before(zone, after).ok_or(TimeError::OutOfRange)?
    } else {
        ambiguous.earlier().map_err(|_| TimeError::OutOfRange)?
    };
    Ok(Instant::from_jiff(timestamp))
}

//! Points in time, as 64-bit microseconds UTC, and nothing that reads a clock.

use std::fmt;

/// A point in time: microseconds since 1970-01-01T00:00:00Z. Totally ordered; carries no zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Instant(pub i64);

impl Instant {
    /// Microseconds since the Unix epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This instant moved by `seconds` (negative goes back). Saturates at the ends of `i64`.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// This instant moved by `minutes`.
    #[must_use]
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_seconds(minutes.saturating_mul(60))
    }

    /// Whole seconds from `earlier` to `self`, negative if `earlier` is later.
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0) / 1_000_000
    }

    /// As a `jiff` timestamp.
    ///
    /// # Errors
    /// When the instant lies outside the range `jiff` can hold (years -9999 to 9999).
    pub fn to_jiff(self) -> Result<jiff::Timestamp, TimeError> {
        jiff::Timestamp::from_microsecond(self.0).map_err(|_| TimeError::OutOfRange)
    }

    /// From a `jiff` timestamp; anything finer than a microsecond is dropped.
    pub fn from_jiff(timestamp: jiff::Timestamp) -> Self {
        Self(timestamp.as_microsecond())
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_jiff() {
            Ok(timestamp) => write!(f, "{timestamp}"),
            Err(_) => write!(f, "{}µs", self.0),
        }
    }
}

/// Why a time could not be worked with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TimeError {
    /// Outside the years that civil time covers.
    #[error("the time is outside the years that can be shown")]
    OutOfRange,
    /// The zone's name is not in the time zone database.
    #[error("the time zone is not known")]
    UnknownZone,
}

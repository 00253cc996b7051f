//! Times as the API writes and reads them: RFC 3339, UTC on the way out, any offset on the way in.

use domain::time::Instant;

use crate::error::{Error, Fault};

/// `2026-11-27T16:50:00Z`.
pub(super) fn write(at: Instant) -> String {
    at.to_string()
}

/// Reads a time; what is not one is a fault at `pointer`.
pub(super) fn read(text: &str, pointer: &str) -> Result<Instant, Error> {
    text.parse::<jiff::Timestamp>()
        .map(Instant::from_jiff)
        .map_err(|_| {
            Error::Invalid(vec![Fault {
                pointer: pointer.to_owned(),
                code: "not-a-time",
                detail: "Give a time with its offset, like 2026-11-27T16:50:00Z.".to_owned(),
            }])
        })
}

/// Reads a time that may be left out.
pub(super) fn read_if(text: Option<&String>, pointer: &str) -> Result<Option<Instant>, Error> {
    text.map(|text| read(text, pointer)).transpose()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn times_carry_their_offset() {
        let at = read("2026-08-28T16:50:00+01:00", "/told_at").unwrap();
        assert_eq!(write(at), "2026-08-28T15:50:00Z");
        assert!(
            read("2026-08-28 16:50", "/told_at").is_err(),
            "no offset, no time"
        );
    }
}

//! Moments as text: RFC 3339, UTC, always six decimals, so that each moment has one text.

/// Microseconds in a second and in a day.
const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// 0001-01-01T00:00:00Z and the first moment of the year 10000, in microseconds since 1970.
const FIRST: i64 = -719_162 * DAY;
const END: i64 = 2_932_897 * DAY;

/// Days in 400 years of the Gregorian calendar, and from 0000-03-01 to 1970-01-01.
const ERA: i64 = 146_097;
const EPOCH: i64 = 719_468;

/// Writes `2026-11-24T02:37:22.123456Z`; `None` outside the years 1 to 9999.
pub(super) fn to_text(micros: i64) -> Option<String> {
    if !(FIRST..END).contains(&micros) {
        return None;
    }
    let (days, rest) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
    let (year, month, day) = date(days);
    let (seconds, fraction) = (rest / SECOND, rest % SECOND);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    Some(format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:06}Z"
    ))
}

/// Reads the form written by [`to_text`] and no other.
pub(super) fn from_text(text: &str) -> Option<i64> {
    let digits = |from: usize, to: usize| -> Option<i64> {
        let part = text.get(from..to)?;
        if part.bytes().all(|b| b.is_ascii_digit()) {
            part.parse().ok()
        } else {
            None
        }
    };
    let days = days(digits(0, 4)?, digits(5, 7)?, digits(8, 10)?);
    let seconds = digits(11, 13)? * 3600 + digits(14, 16)? * 60 + digits(17, 19)?;
    let micros = days
        .checked_mul(DAY)?
        .checked_add(seconds * SECOND + digits(20, 26)?)?;
    // Every other spelling, impossible date or leap second fails to come back as it was.
    (to_text(micros)? == text).then_some(micros)
}

/// Year, month and day of a day counted from 1970-01-01. Years start in March, so that leap days come last.
fn date(days: i64) -> (i64, i64, i64) {
    let shifted = days + EPOCH;
    let (era, of_era) = (shifted.div_euclid(ERA), shifted.rem_euclid(ERA));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// The inverse of [`date`] for real dates; some number for others.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let march_month = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * march_month + 2) / 5 + day - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    era * ERA + of_era - EPOCH
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn known_moments() {
        for (micros, text) in [
            (0, "1970-01-01T00:00:00.000000Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
            (1_795_487_842_123_456, "2026-11-24T02:37:22.123456Z"),
            (FIRST, "0001-01-01T00:00:00.000000Z"),
            (END - 1, "9999-12-31T23:59:59.999999Z"),
        ] {
            assert_eq!(to_text(micros).unwrap(), text);
            assert_eq!(from_text(text), Some(micros));
        }
        assert_eq!(to_text(FIRST - 1), None);
        assert_eq!(to_text(END), None);
        assert_eq!(to_text(i64::MIN), None);
    }

    #[test]
    fn other_spellings_are_refused() {
        for bad in [
            "",
            "2026-11-24",
            "2026-11-24T02:37:22Z",
            "2026-11-24T02:37:22.123456",
            "2026-11-24 02:37:22.123456Z",
            "2026-11-24t02:37:22.123456z",
            "2026-02-29T00:00:00.000000Z",
            "2026-13-01T00:00:00.000000Z",
            "2026-01-00T00:00:00.000000Z",
            "2026-01-01T24:00:00.000000Z",
            "2026-01-01T23:59:60.000000Z",
            "2026-11-24T02:37:22.123456+00:00",
            "0000-01-01T00:00:00.000000Z",
            "2026-11-24T02:37:22.1234567Z",
            "２026-11-24T02:37:22.123456Z",
        ] {
            assert_eq!(from_text(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_day_of_eight_centuries_comes_back() {
        for day in -200_000..100_000 {
            let (year, month, of_month) = date(day);
            assert_eq!(days(year, month, of_month), day);
        }
    }
}

//! Tests of dates, times and clocks in words, across a change of the clocks too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use jiff::Timestamp;

use super::{Band, When};
use crate::i18n::Texts;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn now() -> Timestamp {
    at("2026-11-24T09:42:00Z")
}

#[test]
fn times_and_dates() {
    let t = Texts::english().unwrap();
    let when = When::london(&t, now());
    assert_eq!(when.time(now()), "9:42am");
    assert_eq!(when.time(at("2026-11-24T12:00:00Z")), "12:00pm");
    assert_eq!(when.time(at("2026-11-24T00:00:00Z")), "12:00am");
    assert_eq!(
        when.time(at("2026-07-01T23:05:00Z")),
        "12:05am",
        "summer time is an hour ahead"
    );
    assert_eq!(when.date(now()), "24 November 2026");
    assert_eq!(when.time_on_date(now()), "9:42am on Tuesday 24 November 2026");
    assert_eq!(
        when.date_at_time(at("2026-11-20T14:15:00Z")),
        "20 November 2026 at 2:15pm"
    );
    assert_eq!(
        when.time_comma_date(at("2026-11-27T16:56:00Z")),
        "4:56pm, Friday 27 November 2026"
    );
    assert_eq!(when.day_short(when.day(now())), "Tue 24 Nov");
    assert_eq!(when.datetime(now()), "2026-11-24T09:42");
}

#[test]
fn near_times() {
    let t = Texts::english().unwrap();
    let when = When::london(&t, now());
    assert_eq!(when.near(at("2026-11-24T12:00:00Z")), "12:00pm today");
    assert_eq!(when.near(at("2026-11-25T10:00:00Z")), "10:00am tomorrow");
    assert_eq!(when.near(at("2026-11-23T16:00:00Z")), "4:00pm yesterday");
    assert_eq!(
        when.near(at("2026-11-30T17:00:00Z")),
        "5:00pm, Monday 30 November"
    );
    assert_eq!(
        when.near(at("2027-01-04T17:00:00Z")),
        "5:00pm, Monday 4 January 2027"
    );
}

#[test]
fn lengths() {
    let t = Texts::english().unwrap();
    let when = When::london(&t, now());
    for (seconds, words) in [
        (30, "less than a minute"),
        (60, "1 minute"),
        (42 * 60, "42 minutes"),
        (3_600, "1 hour"),
        (2 * 3_600 + 18 * 60, "2 hours 18 minutes"),
        (31 * 3_600 + 18 * 60, "1 day 7 hours"),
        (24 * 3_600, "1 day"),
        (50 * 3_600, "2 days"),
        (-(3 * 3_600 + 5 * 60), "3 hours 5 minutes"),
    ] {
        assert_eq!(when.span(seconds), words);
    }
    assert_eq!(
        when.late(now(), at("2026-11-24T12:47:00Z")),
        "3 hours 5 minutes late"
    );
}

#[test]
fn clocks() {
    let t = Texts::english().unwrap();
    let when = When::london(&t, now());
    let clock = when.clock(at("2026-11-23T12:00:00Z"), at("2026-11-24T12:00:00Z"), false);
    assert_eq!(
        (clock.left.as_str(), clock.due.as_str()),
        ("2 hours 18 minutes left", "Due 12:00pm today")
    );
    assert_eq!((clock.used, clock.band), (90, Band::Today));
    let late = when.clock(at("2026-11-23T09:00:00Z"), at("2026-11-24T09:00:00Z"), true);
    assert_eq!(
        (late.left.as_str(), late.due.as_str()),
        ("42 minutes overdue", "Was due 9:00am today")
    );
    assert_eq!(
        (late.used, late.band),
        (100, Band::Overdue),
        "waiting never hides that it is overdue"
    );
    let waiting = when.clock(at("2026-11-20T17:00:00Z"), at("2026-11-30T17:00:00Z"), true);
    assert_eq!(
        (waiting.left.as_str(), waiting.band),
        ("6 days left", Band::Waiting)
    );
}

#[test]
fn a_length_across_the_autumn_change_counts_hours_that_passed() {
    let t = Texts::english().unwrap();
    let when = When::london(&t, at("2026-10-24T23:00:00Z"));
    assert_eq!(
        when.between(at("2026-10-24T23:00:00Z"), at("2026-10-25T23:00:00Z")),
        "1 day"
    );
    assert_eq!(when.near(at("2026-10-25T02:30:00Z")), "2:30am today");
}

#[test]
fn times_as_people_type_them() {
    let t = Texts::english().unwrap();
    let when = When::london(&t, now());
    let read = |time: &str| when.typed("27", "11", "2026", time).map(|at| when.time(at));
    for time in ["2:10pm", "14:10", "2.10 pm", " 2:10PM "] {
        assert_eq!(read(time).as_deref(), Some("2:10pm"), "{time}");
    }
    assert_eq!(read("noon").as_deref(), Some("12:00pm"));
    assert_eq!(read("12am").as_deref(), Some("12:00am"));
    for time in ["", "25:00", "13pm", "ten", "2:60pm", "-1:00"] {
        assert_eq!(read(time), None, "{time}");
    }
    assert_eq!(when.typed("31", "2", "2026", "noon"), None);
}

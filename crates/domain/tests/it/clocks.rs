//! Due times: worked dates, daylight saving, what is explained, and the properties every row must keep.

use domain::calendar::{Calendar, zone};
use domain::clock::{
    Clock, ClockError, Confidence, Facing, Rule, Standing, Start, Step, Telling, TellingKind, TimeOfDay,
    Unit, Why, first_told, standing,
};
use domain::time::Instant;
use jiff::civil::{Date, DateTime, Weekday, date, time};
use proptest::prelude::*;

/// England and Wales, 2026 to the end of February 2028.
pub fn england() -> Calendar {
    let days = [
        "2026-01-01",
        "2026-04-03",
        "2026-04-06",
        "2026-05-04",
        "2026-05-25",
        "2026-08-31",
        "2026-12-25",
        "2026-12-28",
        "2027-01-01",
        "2027-03-26",
        "2027-03-29",
        "2027-05-03",
        "2027-05-31",
        "2027-08-30",
        "2027-12-27",
        "2027-12-28",
        "2028-01-03",
    ];
    let holidays: Vec<(Date, String)> = days
        .iter()
        .map(|day| (day.parse().unwrap(), "Bank holiday".to_owned()))
        .collect();
    let weekend = [Weekday::Saturday, Weekday::Sunday];
    Calendar::new(
        "england-wales",
        (date(2026, 1, 1), date(2028, 3, 31)),
        &weekend,
        &holidays,
        &[],
    )
    .unwrap()
}

pub fn clock(length: u32, unit: Unit) -> Clock {
    Clock {
        id: "C01".to_owned(),
        title_key: "clock-c01".to_owned(),
        title: "Decide what happens".to_owned(),
        trigger: "told".to_owned(),
        start: Start::Day0,
        length,
        unit,
        calendar: Some("england-wales".to_owned()),
        time_of_day: TimeOfDay::Same,
        roll: false,
        zone: zone("Europe/London").unwrap(),
        stop: "decided".to_owned(),
        pauses: Vec::new(),
        over_run: None,
        owner: "hub-decision".to_owned(),
        ladder: "child-facing".to_owned(),
        authority: "WT2023-ch3-referral-1wd".to_owned(),
        from: date(2023, 12, 15),
        to: None,
        confidence: Confidence::Verify,
        facing: Facing::Child,
        all_hours: false,
        local_setting: false,
    }
}

/// A London local time as an instant.
pub fn at(text: &str) -> Instant {
    let local: DateTime = text.parse().unwrap();
    let zoned = zone("Europe/London")
        .unwrap()
        .to_ambiguous_zoned_datetime(local)
        .unambiguous()
        .unwrap();
    Instant::from_jiff(zoned.timestamp())
}

fn due(clock: &Clock, received: Instant) -> Instant {
    let calendar = england();
    let rule = Rule {
        clock,
        calendar: Some(&calendar),
        pack_version: "test",
    };
    rule.due(received).unwrap().at
}

// Law: WT2023-ch3-referral-1wd, WT2023-ch3-icpc-15wd, WT2023-ch3-assessment-45wd
#[test]
fn worked_dates_of_the_reference() {
    let table = [
        (
            "2026-12-23",
            [
                "2026-12-24",
                "2027-01-04",
                "2027-01-11",
                "2027-01-18",
                "2027-03-01",
            ],
        ),
        (
            "2026-04-01",
            [
                "2026-04-02",
                "2026-04-10",
                "2026-04-17",
                "2026-04-24",
                "2026-06-09",
            ],
        ),
        (
            "2027-12-23",
            [
                "2027-12-24",
                "2028-01-04",
                "2028-01-11",
                "2028-01-18",
                "2028-02-29",
            ],
        ),
        (
            "2026-08-28",
            [
                "2026-09-01",
                "2026-09-07",
                "2026-09-14",
                "2026-09-21",
                "2026-11-02",
            ],
        ),
    ];
    for (trigger, ends) in table {
        for (length, end) in [1, 5, 10, 15, 45].into_iter().zip(ends) {
            let received = at(&format!("{trigger}T10:20"));
            let got = due(&clock(length, Unit::WorkingDays), received);
            assert_eq!(got, at(&format!("{end}T10:20")), "{trigger} + {length}");
        }
    }
}

#[test]
fn h1_the_bank_holiday_friday() {
    let received = at("2026-08-28T16:50");
    assert_eq!(
        due(&clock(1, Unit::WorkingDays), received),
        at("2026-09-01T16:50")
    );
    assert_eq!(due(&clock(30, Unit::Minutes), received), at("2026-08-28T17:20"));
}

#[test]
fn h6_the_laundered_clock() {
    let told = |told, recorded, kind| Telling {
        told: at(told),
        recorded: at(recorded),
        kind,
    };
    let tellings = [
        told("2026-10-08T11:00", "2026-10-08T11:00", TellingKind::OpenedAfresh),
        told("2026-10-06T15:10", "2026-10-07T09:40", TellingKind::Told),
        told("2026-10-08T11:05", "2026-10-08T11:05", TellingKind::ReLabelled),
        told("2026-10-05T12:00", "2026-10-09T09:00", TellingKind::Claimed),
    ];
    let first = first_told(&tellings).unwrap();
    assert_eq!((first.at, first.restarts), (at("2026-10-06T15:10"), 1));
    assert_eq!(first.gap_seconds, 18 * 3600 + 30 * 60);
    assert_eq!(first.claimed, Some(at("2026-10-05T12:00")));
    let by = due(&clock(1, Unit::WorkingDays), first.at);
    assert_eq!(by, at("2026-10-07T15:10"));
    let thursday = at("2026-10-08T11:00");
    assert!(matches!(
        standing(by, None, thursday),
        Standing::Overdue { by: 71_400 }
    ));
    assert!(matches!(
        standing(by, Some(thursday), thursday),
        Standing::DoneLate { .. }
    ));
    assert_eq!(first_told(&tellings[3..]), None);
}

#[test]
fn explaining_shows_each_day_and_why() {
    let (calendar, clock) = (england(), clock(1, Unit::WorkingDays));
    let rule = Rule {
        clock: &clock,
        calendar: Some(&calendar),
        pack_version: "v",
    };
    let shown = rule.explain(at("2026-08-28T16:50")).unwrap();
    let skipped: Vec<_> = shown
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Skipped { date, why } => Some((date.to_string(), why.clone())),
            _ => None,
        })
        .collect();
    assert_eq!(
        skipped,
        [
            ("2026-08-29".to_owned(), Why::Weekend),
            ("2026-08-30".to_owned(), Why::Weekend),
            ("2026-08-31".to_owned(), Why::Holiday("Bank holiday".to_owned())),
        ]
    );
    assert_eq!(
        shown.steps.last(),
        Some(&Step::Counted {
            date: date(2026, 9, 1),
            number: 1
        })
    );
    assert_eq!(shown.authority, "WT2023-ch3-referral-1wd");
    let keys: Vec<&str> = shown.steps.iter().map(Step::key).collect();
    assert_eq!(
        keys,
        [
            "step-told",
            "step-skipped",
            "step-skipped",
            "step-skipped",
            "step-counted"
        ]
    );
    assert_eq!(skipped[2].1.key(), "day-holiday");
    assert_eq!(shown.due, rule.due(at("2026-08-28T16:50")).unwrap());
}

#[test]
fn told_on_a_day_that_does_not_count() {
    let one = clock(1, Unit::WorkingDays);
    let monday_night = Instant(at("2026-09-15T00:00").0 - 1);
    assert_eq!(due(&one, at("2026-09-12T10:00")), monday_night);
    let day1 = Clock {
        start: Start::Day1,
        length: 2,
        ..one
    };
    assert_eq!(due(&day1, at("2026-09-12T10:00")), at("2026-09-15T00:00"));
    assert_eq!(due(&day1, at("2026-09-14T10:00")), at("2026-09-15T10:00"));
}

#[test]
fn close_of_business_and_end_of_day() {
    let same_day = Clock {
        start: Start::Day1,
        time_of_day: TimeOfDay::CloseOfBusiness(time(17, 0, 0, 0)),
        ..clock(1, Unit::WorkingDays)
    };
    assert_eq!(due(&same_day, at("2026-08-28T16:50")), at("2026-08-28T17:00"));
    assert_eq!(due(&same_day, at("2026-08-28T17:10")), at("2026-09-01T17:00"));
    let rolled = Clock {
        time_of_day: TimeOfDay::EndOfDay,
        roll: true,
        ..clock(1, Unit::Months)
    };
    assert_eq!(
        due(&rolled, at("2026-07-31T12:00")).0,
        at("2026-09-02T00:00").0 - 1
    );
}

#[test]
fn months_end_on_the_last_day_there_is() {
    let three = clock(3, Unit::Months);
    assert_eq!(due(&three, at("2026-09-14T14:00")), at("2026-12-14T14:00"));
    assert_eq!(
        due(&three, at("2026-11-30T14:00")).0,
        at("2027-03-01T00:00").0 - 1
    );
}

#[test]
fn when_the_clocks_change() {
    let day = clock(1, Unit::CalendarDays);
    // Forward at 1am on 29 March 2026: half past one does not exist, so the hour's beginning is meant.
    assert_eq!(due(&day, at("2026-03-28T01:30")), at("2026-03-29T02:00"));
    assert_eq!(due(&day, at("2026-03-28T03:00")), at("2026-03-29T03:00"));
    // Back at 2am on 25 October 2026: half past one comes twice, and the first is meant.
    let first_half_past = Instant(at("2026-10-25T00:30").0).plus_minutes(60);
    assert_eq!(due(&day, at("2026-10-24T01:30")), first_half_past);
    // Told in the second of the two hours: counted as at its end, so that order is kept.
    assert_eq!(
        due(&day, first_half_past.plus_minutes(40)),
        at("2026-10-26T02:00")
    );
    // Hours simply pass.
    assert_eq!(
        due(&clock(4, Unit::Hours), at("2026-10-24T23:00")),
        at("2026-10-25T02:00")
    );
}

#[test]
fn beyond_the_table_is_provisional() {
    let (calendar, clock) = (england(), clock(45, Unit::WorkingDays));
    let rule = Rule {
        clock: &clock,
        calendar: Some(&calendar),
        pack_version: "v",
    };
    assert!(!rule.due(at("2027-12-23T10:00")).unwrap().provisional);
    let late = rule.explain(at("2028-02-23T10:00")).unwrap();
    assert!(late.due.provisional);
    assert_eq!(
        late.steps.last(),
        Some(&Step::BeyondTable {
            covered_to: date(2028, 3, 31)
        })
    );
}

#[test]
fn rows_that_contradict_themselves_are_refused() {
    let base = clock(1, Unit::WorkingDays);
    let refused = [
        (
            Clock {
                length: 0,
                ..base.clone()
            },
            ClockError::NoLength,
        ),
        (
            Clock {
                to: Some(date(2020, 1, 1)),
                ..base.clone()
            },
            ClockError::EndsBeforeItBegins,
        ),
        (
            Clock {
                calendar: None,
                ..base.clone()
            },
            ClockError::NeedsCalendar,
        ),
        (
            Clock {
                unit: Unit::Hours,
                start: Start::Day1,
                ..base.clone()
            },
            ClockError::ElapsedHasNoDay,
        ),
        (
            Clock {
                unit: Unit::Months,
                start: Start::Day1,
                ..base.clone()
            },
            ClockError::MonthsFromDay1,
        ),
        (
            Clock {
                roll: true,
                ..base.clone()
            },
            ClockError::RollKeepsNoTime,
        ),
        (
            Clock {
                start: Start::Day1,
                ..base.clone()
            },
            ClockError::NoTimeAtAll,
        ),
    ];
    for (row, error) in refused {
        assert_eq!(row.check(), Err(error));
    }
    assert_eq!(base.check(), Ok(()));
    let absurd = Clock {
        length: u32::MAX,
        ..clock(1, Unit::Months)
    };
    let rule = Rule {
        clock: &absurd,
        calendar: None,
        pack_version: "v",
    };
    assert!(rule.due(at("2026-03-28T01:30")).is_err());
}

fn any_clock() -> impl Strategy<Value = Clock> {
    let unit = prop::sample::select(vec![
        Unit::Minutes,
        Unit::Hours,
        Unit::CalendarDays,
        Unit::WorkingDays,
        Unit::Months,
    ]);
    let time_of_day = prop::sample::select(vec![
        TimeOfDay::Same,
        TimeOfDay::EndOfDay,
        TimeOfDay::CloseOfBusiness(time(17, 0, 0, 0)),
    ]);
    let start = prop::sample::select(vec![Start::Day0, Start::Day1]);
    (2_u32..50, unit, time_of_day, start, any::<bool>()).prop_map(
        |(length, unit, time_of_day, start, roll)| {
            let elapsed = unit.is_elapsed();
            Clock {
                length: if start == Start::Day0 { length - 1 } else { length },
                start: if elapsed || unit == Unit::Months {
                    Start::Day0
                } else {
                    start
                },
                time_of_day: if elapsed { TimeOfDay::Same } else { time_of_day },
                roll: roll && !elapsed && time_of_day != TimeOfDay::Same,
                ..clock(1, unit)
            }
        },
    )
}

fn any_instant() -> impl Strategy<Value = Instant> {
    let (from, to) = (at("2026-01-01T00:00").0, at("2028-06-01T00:00").0);
    let near = |text: &str| {
        let middle = at(text).0;
        (middle - 10_800_000_000..middle + 10_800_000_000).prop_map(Instant)
    };
    prop_oneof![
        4 => (from..to).prop_map(Instant),
        1 => near("2026-10-25T00:30"),
        1 => near("2026-03-29T00:30"),
        1 => near("2026-03-28T00:30"),
        1 => near("2026-08-29T00:00"),
    ]
}

proptest! {
    #[test]
    fn a_later_trigger_never_ends_sooner(clock in any_clock(), a in any_instant(), b in any_instant()) {
        let (early, late) = (a.min(b), a.max(b));
        prop_assert!(due(&clock, early) <= due(&clock, late));
    }

    #[test]
    fn neighbouring_triggers_keep_their_order(clock in any_clock(), a in any_instant(), step in 1_i64..7_200_000_000) {
        prop_assert!(due(&clock, a) <= due(&clock, Instant(a.0 + step)));
    }

    #[test]
    fn nothing_is_due_before_its_trigger(clock in any_clock(), received in any_instant()) {
        prop_assert!(due(&clock, received) >= received);
    }

    #[test]
    fn the_working_agrees_with_the_answer(clock in any_clock(), received in any_instant()) {
        let calendar = england();
        let rule = Rule { clock: &clock, calendar: Some(&calendar), pack_version: "v" };
        let shown = rule.explain(received).unwrap();
        prop_assert_eq!(&shown.due, &rule.due(received).unwrap());
        let told = matches!(shown.steps.first(), Some(Step::Told { .. }));
        prop_assert!(told && shown.steps.len() > 1);
        let counted = shown.steps.iter().filter(|s| matches!(s, Step::Counted { .. })).count();
        let expected = if clock.unit == Unit::WorkingDays { usize::try_from(clock.length).unwrap() } else { 0 };
        prop_assert_eq!(counted, expected);
    }

    #[test]
    fn nothing_restarts_a_clock(times in prop::collection::vec((0_i64..1_000, 0_usize..8), 1..12), extra in 0_i64..1_000, kind in 0_usize..8) {
        let kinds = [
            TellingKind::Told, TellingKind::Joined, TellingKind::ReOpened, TellingKind::OpenedAfresh,
            TellingKind::Carried, TellingKind::ReLabelled, TellingKind::Claimed, TellingKind::ClaimAgreed,
        ];
        let telling = |(told, kind): (i64, usize)| Telling { told: Instant(told), recorded: Instant(told + 5), kind: kinds[kind] };
        let mut all: Vec<Telling> = times.into_iter().map(telling).collect();
        let before = first_told(&all);
        all.push(telling((extra, kind)));
        let after = first_told(&all);
        if let Some(before) = before {
            prop_assert!(after.is_some_and(|after| after.at <= before.at));
        }
        if let Some(after) = after {
            let undisputed = all.iter().filter(|t| t.kind != TellingKind::Claimed).map(|t| t.told).min();
            prop_assert_eq!(Some(after.at), undisputed);
        }
    }
}

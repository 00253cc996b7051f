//! Where a duty goes when nobody does it: rungs, nights, deputies, empty chairs, and who is gone round.

use domain::calendar::{Calendar, zone};
use domain::clock::Facing;
use domain::hours::{Hours, Span};
use domain::id::{PostId, PractitionerId};
use domain::ladder::{
    Accept, Away, Chairs, Climbing, Excluded, Exclusion, Held, Ladder, LadderFault, Next, Passed, Rung, Seat,
    Situation, SteppedOver, Told, ToldRung, climb,
};
use domain::time::Instant;
use proptest::prelude::*;

use crate::clocks::{at, england};

fn post(code: &str) -> PostId {
    format!("northmere/{code}").parse().unwrap()
}

fn person(number: u8) -> PractitionerId {
    PractitionerId([number; 16])
}

fn rung(code: &str, accept: Accept) -> Rung {
    let acceptor = matches!(code, "partners-lead" | "scrutineer");
    Rung {
        post: post(code),
        accept,
        acceptor,
    }
}

fn ladder() -> Ladder {
    let open = |code, hours: u32| rung(code, Accept::OpenMinutes(hours * 60));
    let soon = |code| rung(code, Accept::Minutes(30));
    Ladder {
        id: "child-facing".to_owned(),
        desk: post("hub-decision"),
        in_hours: vec![
            open("team-manager", 4),
            open("service-manager", 4),
            open("director", 8),
            open("partners-lead", 8),
            open("scrutineer", 8),
        ],
        out_of_hours: vec![
            soon("emergency-duty"),
            soon("emergency-second"),
            soon("director"),
            soon("scrutineer"),
        ],
        outside: vec![open("health-lead", 8), open("monitoring-officer", 8)],
    }
}

const POSTS: [&str; 11] = [
    "hub-decision",
    "social-worker",
    "team-manager",
    "service-manager",
    "director",
    "partners-lead",
    "scrutineer",
    "emergency-duty",
    "emergency-second",
    "health-lead",
    "monitoring-officer",
];

/// Everybody in one post each, numbered as in `POSTS` from 1; emergency posts closed by day, others by night.
struct Town {
    ladder: Ladder,
    calendar: Calendar,
    seats: Vec<Seat>,
    held: Vec<Held>,
    away: Vec<Away>,
    told: Vec<ToldRung>,
    stepped: Vec<SteppedOver>,
    excluded: Vec<Excluded>,
    barred: Vec<PractitionerId>,
    facing: Facing,
    all_hours: bool,
    owner: PostId,
    due: Instant,
}

impl Town {
    fn new(due: &str) -> Self {
        let london = zone("Europe/London").unwrap();
        let day = vec![Span::parse("08:30-16:30").unwrap()];
        let weekday = |d: usize| if d < 5 { day.clone() } else { Vec::new() };
        let desk = Hours::new(std::array::from_fn(weekday), Vec::new(), london.clone());
        let night = Hours::always(london);
        let hours = |code: &str| {
            if code.starts_with("emergency") {
                night.clone()
            } else {
                desk.clone()
            }
        };
        let numbered = || POSTS.iter().zip(1_u8..);
        Self {
            ladder: ladder(),
            calendar: england(),
            seats: numbered()
                .map(|(code, _)| Seat {
                    post: post(code),
                    hours: hours(code),
                    deputy: None,
                })
                .collect(),
            held: numbered()
                .map(|(code, n)| Held {
                    post: post(code),
                    who: person(n),
                    from: at("2026-01-01T00:00"),
                    to: None,
                })
                .collect(),
            away: Vec::new(),
            told: Vec::new(),
            stepped: Vec::new(),
            excluded: Vec::new(),
            barred: Vec::new(),
            facing: Facing::Child,
            all_hours: false,
            owner: post("social-worker"),
            due: at(due),
        }
    }

    fn hold(&mut self, code: &str, who: Option<u8>) {
        self.held.retain(|one| one.post != post(code));
        let from = at("2026-01-01T00:00");
        self.held.extend(who.map(|n| Held {
            post: post(code),
            who: person(n),
            from,
            to: None,
        }));
    }

    fn away(&mut self, who: u8) {
        self.away.push(Away {
            who: person(who),
            from: at("2026-01-01T00:00"),
            to: None,
        });
    }

    fn deputy(&mut self, code: &str, deputy: &str) {
        let seat = self
            .seats
            .iter_mut()
            .find(|seat| seat.post == post(code))
            .unwrap();
        seat.deputy = Some(post(deputy));
    }

    fn ask(&self, now: Instant) -> Climbing {
        let chairs = Chairs::new(self.seats.clone(), self.held.clone(), self.away.clone());
        climb(&Situation {
            ladder: &self.ladder,
            chairs: &chairs,
            calendar: &self.calendar,
            facing: self.facing,
            all_hours: self.all_hours,
            owner: &self.owner,
            due: self.due,
            told: &self.told,
            stepped: &self.stepped,
            excluded: &self.excluded,
            barred: &self.barred,
            now,
        })
        .unwrap()
    }

    /// Asks, writes the answer down as told at once, and gives it back.
    fn act(&mut self, now: Instant) -> Climbing {
        let climbing = self.ask(now);
        self.stepped.extend(climbing.stepped.clone());
        if let Next::Climb {
            rung,
            post,
            who,
            accept,
            ..
        } = climbing.next.clone()
        {
            self.told.push(ToldRung {
                rung,
                post,
                who,
                accept,
                told: Told::At(now),
            });
        }
        climbing
    }
}

fn told(climbing: &Climbing) -> (&str, u8) {
    match &climbing.next {
        Next::Climb { post, who, .. } => (post.post(), who.0[0]),
        other => panic!("{other:?}"),
    }
}

fn passed(climbing: &Climbing) -> Vec<(&str, Passed)> {
    climbing
        .stepped
        .iter()
        .map(|one| (one.post.post(), one.reason))
        .collect()
}

#[test]
fn each_rung_has_its_own_time_counted_from_when_it_was_told() {
    let mut town = Town::new("2026-09-15T10:00");
    assert_eq!(
        town.ask(at("2026-09-15T09:59")).next,
        Next::WaitUntil(at("2026-09-15T10:00"))
    );
    assert_eq!(told(&town.act(at("2026-09-15T10:00"))), ("team-manager", 3));
    // Four open hours: until 2pm the same day.
    assert_eq!(
        town.ask(at("2026-09-15T10:01")).next,
        Next::WaitUntil(at("2026-09-15T14:00"))
    );
    assert_eq!(told(&town.act(at("2026-09-15T15:30"))), ("service-manager", 4));
    // One hour of the four is left for the day it closes; three run on the next.
    assert_eq!(
        town.ask(at("2026-09-15T16:00")).next,
        Next::WaitUntil(at("2026-09-16T11:30"))
    );
}

#[test]
fn a_rung_not_yet_told_has_not_begun_and_a_failed_notice_moves_on_at_once() {
    let mut town = Town::new("2026-09-15T10:00");
    town.act(at("2026-09-15T10:00"));
    town.told[0].told = Told::NotYet;
    assert_eq!(town.ask(at("2026-09-18T10:00")).next, Next::WaitForNotice);
    town.told[0].told = Told::Failed;
    assert_eq!(told(&town.ask(at("2026-09-15T10:02"))), ("service-manager", 4));
}

#[test]
fn downtime_delays_the_ladder_and_never_collapses_it() {
    let mut town = Town::new("2026-09-11T18:30");
    let monday = at("2026-09-14T09:00");
    assert_eq!(told(&town.act(monday)), ("team-manager", 3));
    for _ in 0..5 {
        assert_eq!(town.act(monday).next, Next::WaitUntil(at("2026-09-14T13:00")));
    }
    assert_eq!(town.told.len(), 1);
}

// Law: CA1989-s46-protect
#[test]
fn h1_the_second_emergency_worker_is_told_after_thirty_minutes() {
    let mut town = Town::new("2026-08-28T17:20");
    town.all_hours = true;
    town.owner = post("emergency-duty");
    let second = town.act(at("2026-08-28T17:20"));
    assert_eq!(told(&second), ("emergency-second", 9));
    assert!(matches!(second.next, Next::Climb { by_when: Some(by), .. } if by == at("2026-08-28T17:50")));
    // The director's office is closed on a Friday night: passed, and said so; who must accept is told all the same.
    let next = town.act(at("2026-08-28T17:50"));
    assert_eq!(passed(&next), [("director", Passed::OutOfHours)]);
    assert_eq!(told(&next), ("scrutineer", 7));
    let end = town.ask(at("2026-08-28T18:30"));
    assert_eq!(
        end.next,
        Next::TopReached {
            rung: post("scrutineer")
        }
    );
}

#[test]
fn a_clock_of_office_hours_waits_for_the_office() {
    let town = Town::new("2026-08-28T16:50");
    let opening = at("2026-09-01T08:30");
    assert_eq!(town.ask(at("2026-08-28T16:50")).next, Next::WaitUntil(opening));
    assert_eq!(told(&town.ask(opening)), ("team-manager", 3));
}

// Law: OWN-R4-ladder
#[test]
fn h4_the_ladder_goes_round_voss() {
    let mut town = Town::new("2026-09-15T10:00");
    town.hold("service-manager", Some(3));
    town.excluded = vec![Excluded {
        who: person(3),
        reason: Exclusion::Decided,
    }];
    let now = at("2026-09-15T10:00");
    let climbing = town.act(now);
    let decided = Passed::Excluded(Exclusion::Decided);
    assert_eq!(
        passed(&climbing),
        [("team-manager", decided), ("service-manager", decided)]
    );
    assert_eq!(told(&climbing), ("health-lead", 10));
    assert!(matches!(
        climbing.next,
        Next::Climb {
            outside: true,
            by_when: Some(_),
            ..
        }
    ));
    // The posts change hands mid-way: the person is gone round wherever they sit now, and is passed once a rung.
    town.hold("monitoring-officer", Some(3));
    town.hold("service-manager", Some(12));
    let next = town.act(at("2026-09-16T11:00"));
    assert_eq!(passed(&next), [("monitoring-officer", decided)]);
    assert_eq!(told(&next), ("director", 5));
}

#[test]
fn a_deputy_of_somebody_gone_round_is_in_their_line() {
    let mut town = Town::new("2026-09-15T10:00");
    town.deputy("team-manager", "service-manager");
    town.away(3);
    town.excluded = vec![Excluded {
        who: person(3),
        reason: Exclusion::Named,
    }];
    let climbing = town.ask(at("2026-09-15T10:00"));
    assert_eq!(
        passed(&climbing),
        [("team-manager", Passed::Excluded(Exclusion::Named))]
    );
    assert_eq!(told(&climbing), ("health-lead", 10));
}

#[test]
fn h9_the_empty_chair_is_passed_and_the_deputy_stands_in() {
    let mut town = Town::new("2026-09-15T10:00");
    town.hold("service-manager", None);
    town.away(3);
    let climbing = town.ask(at("2026-09-15T10:00"));
    assert_eq!(
        passed(&climbing),
        [
            ("team-manager", Passed::Away),
            ("service-manager", Passed::Vacant)
        ]
    );
    assert_eq!(told(&climbing), ("director", 5));
    town.deputy("team-manager", "hub-decision");
    let climbing = town.ask(at("2026-09-15T10:00"));
    assert_eq!(
        (passed(&climbing), told(&climbing)),
        (Vec::new(), ("hub-decision", 1))
    );
    assert!(matches!(climbing.next, Next::Climb { rung, .. } if rung == post("team-manager")));
}

#[test]
fn deputies_of_one_another_do_not_go_round_for_ever() {
    let mut town = Town::new("2026-09-15T10:00");
    town.deputy("team-manager", "service-manager");
    town.deputy("service-manager", "team-manager");
    town.away(3);
    town.away(4);
    let climbing = town.ask(at("2026-09-15T10:00"));
    assert_eq!(told(&climbing), ("director", 5));
}

#[test]
fn the_same_person_is_not_told_twice() {
    let mut town = Town::new("2026-09-15T10:00");
    town.hold("team-manager", Some(2));
    town.hold("director", Some(4));
    let first = town.act(at("2026-09-15T10:00"));
    assert_eq!(
        (passed(&first), told(&first)),
        (vec![("team-manager", Passed::SamePerson)], ("service-manager", 4))
    );
    let second = town.act(at("2026-09-16T10:00"));
    assert_eq!(
        (passed(&second), told(&second)),
        (vec![("director", Passed::SamePerson)], ("partners-lead", 6))
    );
}

// Law: OWN-R18-few-alarms
#[test]
fn housekeeping_rests_with_the_first_manager() {
    let mut town = Town::new("2026-09-15T10:00");
    town.facing = Facing::Housekeeping;
    assert_eq!(told(&town.act(at("2026-09-15T10:00"))), ("team-manager", 3));
    assert_eq!(town.act(at("2026-09-22T10:00")).next, Next::Rests);
}

#[test]
fn when_nobody_is_left_it_says_so() {
    let mut town = Town::new("2026-09-15T10:00");
    town.barred = (3..=11).map(person).collect();
    let climbing = town.ask(at("2026-09-15T10:00"));
    assert_eq!(climbing.next, Next::Nobody);
    assert_eq!(climbing.stepped.len(), 7);
    assert!(climbing.stepped.iter().all(|one| one.reason.is_quiet()));
}

#[test]
fn a_ladder_without_a_top_or_a_way_round_is_refused() {
    let known = |post: &PostId| POSTS.contains(&post.post());
    assert_eq!(ladder().faults(known), []);
    let mut topless = ladder();
    topless.in_hours.truncate(3);
    topless.outside.clear();
    topless.out_of_hours.clear();
    assert_eq!(
        topless.faults(known),
        [
            LadderFault::NoTop("in_hours"),
            LadderFault::Empty("out_of_hours"),
            LadderFault::NoWayRound
        ]
    );
    let mut muddled = ladder();
    let ghost = rung("nobody", Accept::Minutes(5));
    muddled
        .in_hours
        .splice(0..0, [rung("director", Accept::Minutes(5)), ghost]);
    muddled.outside.push(rung("team-manager", Accept::Minutes(5)));
    assert_eq!(
        muddled.faults(known),
        [
            LadderFault::Twice(post("director")),
            LadderFault::OnTheLine(post("team-manager")),
            LadderFault::NoSuchPost(post("nobody")),
        ]
    );
}

#[test]
fn hours_open_close_and_count() {
    let (calendar, town) = (england(), Town::new("2026-09-15T10:00"));
    let desk = &town.seats[0].hours;
    assert!(desk.open_at(at("2026-08-28T16:29"), &calendar).unwrap());
    assert!(!desk.open_at(at("2026-08-28T16:30"), &calendar).unwrap());
    assert!(!desk.open_at(at("2026-08-31T10:00"), &calendar).unwrap());
    let next = desk.next_opening(at("2026-08-28T16:30"), &calendar).unwrap();
    assert_eq!(next, Some(at("2026-09-01T08:30")));
    let counted = desk
        .plus_open_minutes(at("2026-08-28T15:30"), 120, &calendar)
        .unwrap();
    assert_eq!(counted, Some(at("2026-09-01T09:30")));
    let to_the_minute = desk
        .plus_open_minutes(at("2026-08-28T15:30"), 60, &calendar)
        .unwrap();
    assert_eq!(to_the_minute, Some(at("2026-08-28T16:30")));
    let never = Hours::new(Default::default(), Vec::new(), zone("Europe/London").unwrap());
    assert_eq!(never.next_opening(at("2026-08-28T15:30"), &calendar), Ok(None));
}

proptest! {
    /// Whoever is away, gone round or holds several posts: nobody gone round is told, nobody is told twice, no rung
    /// happens twice, no rung is told before the last one's time is up, and it ends.
    #[test]
    fn climbing_keeps_its_word(
        holders in prop::collection::vec(prop::option::weighted(0.8, 1_u8..9), 9),
        excluded in prop::collection::vec(1_u8..9, 0..4),
        away in prop::collection::vec(1_u8..9, 0..3),
        all_hours in any::<bool>(),
        start in 0_i64..30_000,
        waits in prop::collection::vec(1_i64..3_000, 40),
    ) {
        let mut town = Town::new("2026-09-01T10:00");
        for (code, who) in POSTS.iter().skip(2).zip(&holders) {
            town.hold(code, *who);
        }
        away.iter().for_each(|who| town.away(*who));
        let reason = Exclusion::Named;
        town.excluded = excluded.iter().map(|who| Excluded { who: person(*who), reason }).collect();
        town.all_hours = all_hours;
        let mut now = town.due.plus_minutes(start);
        for wait in waits {
            let before = town.told.last().cloned();
            let climbing = town.act(now);
            if let Next::Climb { rung, who, .. } = &climbing.next {
                prop_assert!(!town.excluded.iter().any(|one| one.who == *who));
                prop_assert_eq!(town.told.iter().filter(|one| one.who == *who).count(), 1);
                prop_assert_eq!(town.told.iter().filter(|one| one.rung == *rung).count(), 1);
                if let Some(ToldRung { told: Told::At(told), .. }) = before {
                    prop_assert!(told.plus_minutes(30) <= now);
                }
            }
            if let Next::WaitUntil(at) = climbing.next {
                prop_assert!(at > now);
            }
            now = now.plus_minutes(wait);
        }
        for one in &town.stepped {
            prop_assert_eq!(town.stepped.iter().filter(|other| other.post == one.post).count(), 1);
            prop_assert!(!town.told.iter().any(|told| told.rung == one.post));
        }
    }
}

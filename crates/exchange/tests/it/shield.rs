//! A shield desk from end to end: the holder's ordinary rows withdrawn, every notice under the person's tokens held for a
//! body that is not the holder, what others see until it decides, and its three decisions.

use crate::direct::Direct;
use crate::sim::world::*;
use exchange::envelope::{Kind, Outgoing};
use exchange::ids::{Handle, HitId, Micros, PartyId};
use exchange::matchkey::{KeyType, MatchKey};
use exchange::member::{Event, LATEST_DELETION};
use exchange::message::*;
use exchange::refusal::Refusal;

const CHILD: u32 = 1;

fn keys(person: u32) -> Vec<MatchKey> {
    [KeyType::Nhs, KeyType::NamesDate, KeyType::Phone]
        .map(|kind| MatchKey {
            kind,
            value: format!("p{person}"),
        })
        .to_vec()
}

fn held(direct: &Direct, n: u8) -> Vec<HitId> {
    direct
        .events
        .iter()
        .filter_map(|event| match event {
            (to, Event::HeldForUs(hit, _)) if *to == n => Some(*hit),
            _ => None,
        })
        .collect()
}

/// Who was told of a match with whom, as agency numbers.
fn told(direct: &Direct) -> Vec<(u8, u8)> {
    let mut out: Vec<(u8, u8)> = direct
        .events
        .iter()
        .filter_map(|event| match event {
            (n, Event::Matched(_, desk, _)) => Some((*n, desk.0[0] - 100)),
            _ => None,
        })
        .collect();
    out.sort_unstable();
    out
}

fn decide(direct: &mut Direct, hit: HitId, outcome: Outcome, officers: &[u8]) {
    let reason = u16::from(outcome != Outcome::Release) * 4;
    let now = direct.now;
    let member = direct.member(SHIELD);
    let draft = member.draft_decision(hit, outcome, reason);
    let mut approvals = shield_approvals(&draft.agreed(COURSE));
    approvals.retain(|approval| officers.iter().any(|n| approval.officer == officer(*n)));
    let out = member.decide(draft, approvals, EPOCH, now);
    direct.say(agency(SHIELD), out);
}

/// Agency 4 holds the child and has shielded it: the shield's rows first, then its own are withdrawn.
fn shielded() -> Direct {
    let mut direct = Direct::shielded(1);
    direct.enrol(4, Handle([4; 16]), keys(CHILD));
    direct.enrol(SHIELD, Handle([9; 16]), keys(CHILD));
    let now = direct.now;
    direct.member(4).withdraw(Handle([4; 16]), now);
    direct.later(LATEST_DELETION / 2);
    direct.events.clear();
    direct.trace.clear();
    direct
}

#[test]
fn every_notice_under_a_shielded_token_is_held_for_the_shield() {
    let mut direct = shielded();
    let index = direct.centres[&EPOCH].index();
    let number = |n| index.directory().number(desk(n)).unwrap();
    let (holder, shield) = (number(4), number(SHIELD));
    for row in direct.view.rows() {
        let under = index.under(row.token);
        let desks: Vec<u16> = under.iter().map(|(desk, _)| *desk).collect();
        assert!(!(desks.contains(&shield) && desks.contains(&holder)), "withdrawn");
    }
    direct.enrol(1, Handle([1; 16]), keys(CHILD));
    direct.enrol(2, Handle([2; 16]), keys(CHILD));
    assert_eq!(told(&direct), [], "nobody is told of anybody");
    // for each of three keys: the shield with each agency, and the two agencies with each other
    let hits = held(&direct, SHIELD);
    assert_eq!(hits.len(), 9);
    // the shield can open both sides of each, the one between the two agencies too
    for hit in &hits {
        let (ours, theirs) = direct.world.members[usize::from(SHIELD)]
            .held_about(*hit, EPOCH)
            .unwrap();
        assert_eq!(ours[0].0, Handle([9; 16]));
        assert!(!theirs.is_empty());
    }
    let both = |hit: &&HitId| {
        let about = direct.world.members[usize::from(SHIELD)].held_about(**hit, EPOCH);
        about.unwrap().1.len() == 2
    };
    assert_eq!(hits.iter().filter(both).count(), 3);
}

/// Until the shield decides, what others receive is what they would receive if nobody else knew the person: the same
/// kinds of message, as many, as long.
#[test]
fn until_it_decides_others_see_nothing_and_nothing_that_differs_from_nothing() {
    let of_others = |direct: &Direct| -> Vec<(u8, Kind, usize)> {
        let others = direct.trace.iter().filter(|(n, _, _)| *n == 1 || *n == 2);
        others.copied().collect()
    };
    let mut direct = shielded();
    direct.enrol(1, Handle([1; 16]), keys(CHILD));
    direct.enrol(2, Handle([2; 16]), keys(CHILD));
    direct.later(Micros::HOUR);
    let mut without = Direct::shielded(1);
    without.enrol(1, Handle([1; 16]), keys(71));
    without.enrol(2, Handle([2; 16]), keys(72));
    without.later(Micros::HOUR);
    assert!(!of_others(&direct).is_empty());
    assert_eq!(of_others(&direct), of_others(&without));
    // what they are told when they ask what the exchange holds of them is the same too
    let count = |direct: &Direct, n: u8| direct.world.members[usize::from(n)].own_holdings(EPOCH, 0).0;
    assert_eq!(count(&direct, 1), count(&without, 1));
    // when it refuses, that stays so
    for hit in held(&direct, SHIELD) {
        decide(&mut direct, hit, Outcome::Refuse, &[2, 3]);
    }
    direct.later(Micros::HOUR);
    without.later(Micros::HOUR);
    assert_eq!(of_others(&direct), of_others(&without));
    assert_eq!(told(&direct), []);
}

#[test]
fn the_shield_releases_alone_and_refuses_with_a_second_person() {
    let mut direct = shielded();
    direct.enrol(1, Handle([1; 16]), keys(CHILD));
    direct.enrol(2, Handle([2; 16]), keys(CHILD));
    let hits = held(&direct, SHIELD);
    decide(&mut direct, hits[0], Outcome::Refuse, &[2]);
    assert_eq!(direct.refusals, [Refusal::TwoPeople]);
    let rule = Refusal::TwoPeople.code();
    assert!(
        direct
            .events
            .contains(&(SHIELD, Event::DecisionRefused(hits[0], rule)))
    );
    decide(&mut direct, hits[0], Outcome::Refuse, &[2, 3]);
    // decided is decided: a release that comes after it was refused is told that nothing waits
    decide(&mut direct, hits[0], Outcome::Release, &[2]);
    assert_eq!(direct.refusals.last(), Some(&Refusal::Unasked));
    assert_eq!(told(&direct), []);
    for hit in &hits[1..] {
        decide(&mut direct, *hit, Outcome::Release, &[2]);
    }
    let all: Vec<(u8, u8)> = vec![(1, 2), (1, 9), (2, 1), (2, 9), (9, 1), (9, 2)];
    assert_eq!(
        told(&direct),
        all,
        "both sides of each, once, whichever of its hits was refused"
    );
    assert_eq!(direct.centres[&EPOCH].uncollected(), 0);
}

#[test]
fn nobody_but_the_shield_decides_before_the_lapse_and_then_the_coordinator() {
    let mut direct = shielded();
    direct.enrol(1, Handle([1; 16]), keys(CHILD));
    let hit = held(&direct, SHIELD)[0];
    let by = |from: PartyId, n: u8, officers: [u8; 2], at: Micros| {
        let mut decision = Decision {
            hit,
            desk: desk(n),
            outcome: Outcome::Release,
            reason: 0,
            approvals: Vec::new(),
        };
        decision.approvals = approvals_by(officers, &decision.agreed(COURSE));
        (from, Outgoing::new(EXCHANGE, COURSE, at, &decision))
    };
    let now = direct.now;
    for (from, message) in [
        by(agency(1), 1, [0, 1], now),
        by(agency(CUSTODIAN), CUSTODIAN, [0, 1], now),
        by(agency(4), SHIELD, [0, 1], now),
        by(COORDINATOR, SHIELD, [10, 11], now),
    ] {
        direct.say(from, message);
    }
    assert!(
        direct.refusals.len() == 4 && told(&direct).is_empty(),
        "{:?}",
        direct.refusals
    );
    direct.now = direct.now.plus(24 * Micros::HOUR);
    let lapsed: Vec<Outgoing> = direct.centres.get_mut(&EPOCH).unwrap().tick(direct.now);
    let lapsed: Vec<&Outgoing> = lapsed.iter().filter(|m| m.kind == Kind::Lapsed).collect();
    // three with agency 1, and three with the holder's own rows before they were withdrawn
    assert!(lapsed.len() == 6 && lapsed.iter().all(|m| m.to == COORDINATOR));
    let (from, message) = by(COORDINATOR, SHIELD, [10, 11], direct.now);
    direct.say(from, message);
    assert_eq!(told(&direct), [(1, 9), (9, 1)]);
}

/// The number that a crowded notice tells counts ordinary desks only: else whoever counts its own notices would find the
/// one that is hidden.
#[test]
fn a_crowd_is_counted_without_its_guards() {
    use exchange::index::{Desk, DeskKind, Directory, Index, Row};
    let mut directory = Directory::default();
    let kinds = [
        DeskKind::Ordinary,
        DeskKind::Shield,
        DeskKind::Custodian,
        DeskKind::Ordinary,
    ];
    for (n, kind) in (0u8..).zip(kinds) {
        directory.add(Desk {
            id: desk(n),
            agency: agency(n),
            kind,
        });
    }
    let mut index = Index::new([1; 32], directory);
    let counts: Vec<u32> = (0..4u16)
        .map(|n| {
            let row = Row {
                token: exchange::ids::Token([1; 16]),
                id: exchange::ids::RowId([u8::try_from(n).unwrap(); 16]),
                pointer: [0; 136],
                until: 1,
                urgent: false,
            };
            index.put(n, &row).unwrap().desks
        })
        .collect();
    assert_eq!(counts, [1, 1, 1, 2]);
}

/// Immediate risk shortens the clock whichever of the two rows was put in the urgent lane.
#[test]
fn either_sides_urgency_makes_the_clock_an_hour() {
    for first_urgent in [true, false] {
        let mut direct = Direct::shielded(5);
        let now = direct.now;
        direct
            .member(SHIELD)
            .enrol(Handle([9; 16]), keys(CHILD), first_urgent, now);
        direct.settle();
        direct
            .member(1)
            .enrol(Handle([1; 16]), keys(CHILD), !first_urgent, now);
        direct.settle();
        let due: Vec<Micros> = direct
            .events
            .iter()
            .filter_map(|event| match event {
                (SHIELD, Event::HeldForUs(_, due)) => Some(*due),
                _ => None,
            })
            .collect();
        assert_eq!(due, [now.plus(Micros::HOUR); 3]);
    }
}

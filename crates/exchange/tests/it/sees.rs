//! The exchange's whole view: everything that reaches it, rebuilt from random bytes and the stated leakage; and what the
//! leakage does not depend on.

use crate::direct::Direct;
use crate::people::draw;
use crate::sim::world::*;
use exchange::ask;
use exchange::envelope::{Envelope, Kind, Outgoing, VERSION, verify};
use exchange::epoch::{Destroyed, EpochDone, Part};
use exchange::ids::{Handle, MessageId, Micros, PartyId};
use exchange::matchkey::{KeyType, MatchKey};
use exchange::member::Event;
use exchange::message::*;
use exchange::refusal::Refusal;
use exchange::view::{Leakage, View, What};
use exchange::wire::Blob;
use std::collections::{BTreeMap, BTreeSet};

fn keys(person: u32) -> Vec<MatchKey> {
    [KeyType::Nhs, KeyType::NamesDate, KeyType::Phone]
        .map(|kind| MatchKey {
            kind,
            value: format!("p{person}"),
        })
        .to_vec()
}

/// A run in which something of every kind reaches the exchange.
fn eventful(seed: u64, people: fn(u32) -> Vec<MatchKey>) -> Direct {
    let mut direct = Direct::new(seed);
    for (n, person) in [(0u8, 1u32), (1, 1), (2, 1), (3, 2), (CUSTODIAN, 2), (5, 3)] {
        direct.enrol(n, Handle([n + 10; 16]), people(person));
    }
    let now = direct.now;
    direct.member(4).enrol(Handle([44; 16]), people(4), true, now);
    direct.settle();
    direct.member(5).withdraw(Handle([15; 16]), now);
    let held: Vec<_> = direct
        .events
        .iter()
        .filter_map(|(_, event)| match event {
            Event::HeldForUs(hit, _) => Some(*hit),
            _ => None,
        })
        .collect();
    for hit in held {
        let member = direct.member(CUSTODIAN);
        let draft = member.draft_decision(hit, Outcome::Release, 0);
        let approvals = approvals(&draft.agreed(COURSE));
        let out = member.decide(draft, approvals, EPOCH, now);
        direct.say(agency(CUSTODIAN), out);
    }
    let course = |message: Outgoing| message;
    let done = EpochDone { rows: 64 };
    direct.say(agency(0), course(Outgoing::new(EXCHANGE, COURSE, now, &done)));
    let gone = Destroyed {
        part: Part::Pepper,
        at: now,
    };
    direct.say(agency(0), Outgoing::new(EXCHANGE, COURSE, now, &gone));
    let asked = HoldingsAsk {
        desk: desk(0),
        number: 1,
    };
    direct.say(agency(0), Outgoing::new(EXCHANGE, COURSE, now, &asked));
    direct.say(
        agency(0),
        Outgoing::new(EXCHANGE, COURSE, now, &Heartbeat { number: 1 }),
    );
    let refused = Refusal::Range.answer(MessageId([1; 16]));
    direct.say(agency(0), Outgoing::new(EXCHANGE, COURSE, now, &refused));
    direct.later(13 * Micros::HOUR);
    let now = direct.now;
    let begin = direct.world.members[0].begin_again(EPOCH, now, &mut draw(3));
    direct.say(agency(0), begin);
    direct
}

#[test]
fn everything_the_exchange_sees_is_random_bytes_and_the_stated_leakage() {
    let direct = eventful(6, keys);
    assert!(
        direct.view.explains(&direct.centres[&EPOCH]),
        "the exchange has no other source"
    );
    let leakage = direct.view.leakage();
    let rebuilt = leakage.rebuild(&mut draw(99));
    assert!(
        rebuilt.leakage() == leakage,
        "and the leakage is all there is to a view"
    );
    assert!(rebuilt != direct.view);
    let kinds = |view: &View| -> BTreeMap<&'static str, usize> {
        let mut out = BTreeMap::new();
        for seen in &view.seen {
            let name = match &seen.what {
                What::Batch { dels, lane, .. } if dels.is_empty() && *lane == Lane::Urgent => "urgent",
                What::Batch { dels, .. } if dels.is_empty() => "bulk",
                What::Batch { .. } => "with deletions",
                What::Collected { .. } => "collected",
                What::Decided { .. } => "decided",
                What::Recount { .. } => "recount",
                What::HoldingsAsked(_) => "holdings asked",
                What::EpochDone(_) => "epoch done",
                What::Destroyed(..) => "destroyed",
                What::Refused(..) => "refused",
                What::Heartbeat => "heartbeat",
                What::Passing(_) => "passing",
                What::Malformed => "malformed",
            };
            *out.entry(name).or_default() += 1;
        }
        out
    };
    assert_eq!(kinds(&direct.view), kinds(&rebuilt));
    assert_eq!(kinds(&direct.view).len(), 11, "{:?}", kinds(&direct.view));
    // groups: rows that hit together, and rows of one urgent batch, are the same in both
    assert_eq!(groups(&direct.view), groups(&rebuilt));
    assert!(groups(&direct.view).contains(&9), "three desks, three keys each");
    // what is left once the leakage is taken out is noise: no byte value stands out, in either
    for view in [&direct.view, &rebuilt] {
        let mut counts = [0f64; 256];
        let mut bytes = 0.0;
        for row in view.rows() {
            for byte in row.token.0.iter().chain(&row.id.0).chain(&row.pointer) {
                counts[usize::from(*byte)] += 1.0;
                bytes += 1.0;
            }
        }
        let mean = bytes / 256.0;
        let chi: f64 = counts.iter().map(|c| (c - mean) * (c - mean) / mean).sum();
        assert!((150.0..400.0).contains(&chi), "chi-square {chi} of 255 degrees");
    }
}

/// Sizes of the groups of rows that the exchange can tell are of one person: joined by desk and batch where both hit the
/// same other batch.
fn groups(view: &View) -> Vec<usize> {
    let mut under: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    let mut known = BTreeSet::new();
    for (n, seen) in view.seen.iter().enumerate() {
        if let What::Batch { puts, .. } = &seen.what {
            let new = puts.iter().filter(|put| known.insert(put.id));
            new.for_each(|put| under.entry(put.token).or_default().push(n));
        }
    }
    let mut joined: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
    for batches in under.into_values().filter(|batches| batches.len() > 1) {
        *joined.entry(batches.clone()).or_default() += batches.len();
    }
    let mut sizes: Vec<usize> = joined.into_values().collect();
    sizes.sort_unstable();
    sizes
}

/// Other people in the same places, same moments, same coincidences: the same leakage, number for number. Nothing of who
/// they are, and no key's type, reaches the exchange.
#[test]
fn the_leakage_does_not_depend_on_who_the_people_are() {
    fn others(person: u32) -> Vec<MatchKey> {
        [KeyType::LettersDate, KeyType::NamesPostcode, KeyType::Device]
            .map(|kind| MatchKey {
                kind,
                value: format!("somebody with quite another name and number {person}"),
            })
            .to_vec()
    }
    let one: Leakage = eventful(8, keys).view.leakage();
    let two: Leakage = eventful(8, others).view.leakage();
    assert!(one == two, "two leakages differ");
    // and it does depend on what is said to leak: one more subject, one more desk
    fn closer(person: u32) -> Vec<MatchKey> {
        keys(person.min(2))
    }
    assert!(eventful(8, closer).view.leakage() != one);
}

/// What passes through on its way to another, and what is misdirected or malformed, is in the view too.
#[test]
fn what_only_passes_is_seen_as_its_kind_and_length() {
    let mut view = View::default();
    let signed = |kind: Kind, to: PartyId, body: Vec<u8>| {
        let bytes = Envelope {
            version: VERSION,
            kind,
            scope: SCOPE,
            epoch: EPOCH,
            from: agency(1),
            to,
            id: MessageId([kind.code(); 16]),
            at: START,
            checkpoint: Blob(WORLD.logs[1].checkpoint()),
            body: Blob(body),
        }
        .sign(&signing(agency(1)));
        verify(&bytes, to, &WORLD.keys, START).unwrap()
    };
    for kind in Kind::ALL {
        view.saw(START, &signed(*kind, agency(2), vec![9; 7]));
    }
    let sealed = ask::Ask {
        key: [1; 16],
        enc: [2; 32],
        sealed: Blob(vec![3; 40]),
        direct: false,
    };
    view.saw(
        START,
        &signed(Kind::Ask, agency(2), exchange::wire::encode(&sealed)),
    );
    let passing = |seen: &&exchange::view::Seen<_>| matches!(seen.what, What::Passing(_));
    assert_eq!(view.seen.iter().filter(passing).count(), 20 + 1);
    let malformed = view.seen.iter().filter(|seen| seen.what == What::Malformed);
    assert_eq!(malformed.count(), 8);
    assert!(
        view.seen
            .iter()
            .all(|seen| seen.head.as_ref().unwrap().size == WORLD.logs[1].size())
    );
    let leakage = view.leakage();
    assert!(leakage.rebuild(&mut draw(1)).leakage() == leakage);
}

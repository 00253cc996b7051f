//! Messages that come late, twice, changed, or after something else has moved on. Each test is one way in which a repeat
//! did, or could, do something the first time did not.

use crate::direct::Direct;
use crate::people::draw;
use crate::sim::world::*;
use exchange::envelope::{Acceptance, Envelope, Inbox, Kind, OLDEST, Outgoing, VERSION, Verified, verify};
use exchange::ids::{Handle, HitId, MessageId, Micros, PartyId, RowId, Token};
use exchange::matchkey::{KeyType, MatchKey};
use exchange::matchstate::{Check, Why};
use exchange::member::{Event, LATEST_DELETION};
use exchange::message::*;
use exchange::refusal::Refusal;
use exchange::wire::{Blob, decode, encode};

fn nhs(person: u32) -> MatchKey {
    MatchKey {
        kind: KeyType::Nhs,
        value: format!("p{person}"),
    }
}
fn named(person: u32) -> MatchKey {
    MatchKey {
        kind: KeyType::NamesDate,
        value: format!("p{person}"),
    }
}

fn matched(direct: &Direct) -> usize {
    let told = |event: &&(u8, Event)| matches!(event.1, Event::Matched(..));
    direct.events.iter().filter(told).count()
}

fn sealed<M: exchange::envelope::Message>(
    message: &M,
    from: PartyId,
    to: PartyId,
    at: Micros,
) -> Verified<M> {
    let bytes = Outgoing::new(to, COURSE, at, message).seal(from, b"", &signing(from));
    verify(&bytes, to, &WORLD.keys, at).unwrap().open().unwrap()
}

fn rows(n: u8, count: u8) -> Batch {
    Batch {
        desk: desk(n),
        lane: Lane::Bulk,
        puts: (0..count)
            .map(|m| Put {
                token: Token([m; 16]),
                id: RowId([n.wrapping_mul(64).wrapping_add(m); 16]),
                pointer: [m; 136],
                until: 30_000,
            })
            .collect(),
        dels: Vec::new(),
        approvals: Vec::new(),
    }
}

/// The same message may be sent again with a later time. Its id is remembered until the latest copy is too old; else
/// that copy would count as new once the first was forgotten.
#[test]
fn no_copy_of_a_message_outlives_its_id() {
    let message = Outgoing::new(EXCHANGE, COURSE, START, &rows(1, 64));
    let late = START.plus(20 * Micros::DAY);
    let copy = |at| {
        let bytes = message.seal_at(agency(1), b"", &signing(agency(1)), at);
        move |now| verify(&bytes, EXCHANGE, &WORLD.keys, now)
    };
    let (first, again) = (copy(START), copy(late));
    let mut inbox = Inbox::default();
    assert_eq!(inbox.accept(&first(START).unwrap()), Ok(Acceptance::New));
    assert_eq!(inbox.accept(&again(late).unwrap()), Ok(Acceptance::Repeat));
    for days in [31, 40, 49] {
        let now = START.plus(days * Micros::DAY);
        inbox.forget(now);
        assert_eq!(first(now).err(), Some(Refusal::Time));
        assert_eq!(
            inbox.look(&again(now).unwrap()),
            Ok(Acceptance::Repeat),
            "day {days}"
        );
    }
    let gone = late.plus(OLDEST + 1);
    inbox.forget(gone);
    assert!(!inbox.holds(agency(1), message.id), "and no longer than that");
    assert_eq!(again(gone).err(), Some(Refusal::Time));
}

/// A custodian's batch that just fits its limit: its receipt is lost and it is sent again. Counting its rows twice would
/// refuse it for ever.
#[test]
fn a_repeat_at_the_limit_gets_its_receipt() {
    let mut centre = centre_with(COURSE, false);
    let mut last = None;
    for n in 0..15u8 {
        let mut batch = rows(CUSTODIAN, 64);
        for put in &mut batch.puts {
            (put.token.0[1], put.id.0[1]) = (n, n);
        }
        batch.approvals = approvals(&batch.agreed(COURSE));
        let sent = sealed(&batch, agency(CUSTODIAN), EXCHANGE, START);
        let receipt = centre.batch(&sent, START).unwrap();
        last = Some((batch, sent, receipt));
    }
    // 960 of 1,000
    let (batch, sent, receipt) = last.unwrap();
    assert_eq!(centre.batch(&sent, START.plus(9)).unwrap(), receipt);
    // the same rows in a later batch are not new rows
    let mut again = batch.clone();
    again.puts.rotate_left(1);
    again.approvals = approvals(&again.agreed(COURSE));
    let again = sealed(&again, agency(CUSTODIAN), EXCHANGE, START.plus(5));
    assert!(centre.batch(&again, START.plus(5)).is_ok());
    let mut more = rows(CUSTODIAN, 64);
    for put in &mut more.puts {
        (put.token.0[1], put.id.0[1]) = (99, 99);
    }
    more.approvals = approvals(&more.agreed(COURSE));
    let more = sealed(&more, agency(CUSTODIAN), EXCHANGE, START);
    assert_eq!(centre.batch(&more, START).err(), Some(Refusal::HeldLimit));
    assert_eq!(centre.index().len(), 960, "refused whole");
}

fn forged(kind: Kind, id: MessageId, from: PartyId, to: PartyId, body: Vec<u8>) -> Verified<()> {
    let bytes = Envelope {
        version: VERSION,
        kind,
        scope: SCOPE,
        epoch: EPOCH,
        from,
        to,
        id,
        at: START,
        checkpoint: Blob::default(),
        body: Blob(body),
    }
    .sign(&signing(from));
    verify(&bytes, to, &WORLD.keys, START).unwrap()
}

/// Ids are their senders' own: one party's id names nothing of another's.
#[test]
fn an_id_is_its_senders_own() {
    let mut centre = centre_with(COURSE, false);
    let one = sealed(&rows(1, 64), agency(1), EXCHANGE, START);
    centre.batch(&one, START).unwrap();
    let two = forged(Kind::Batch, one.id(), agency(2), EXCHANGE, encode(&rows(2, 64)));
    let receipt = centre.batch(&two.open().unwrap(), START).unwrap();
    assert_eq!(receipt.to, agency(2));
    assert_eq!(centre.index().len(), 128);
}

/// Another body under a known id is refused by every party that takes messages, and changes nothing.
#[test]
fn another_body_under_a_known_id_is_refused_everywhere() {
    // at the exchange: a batch, a collection, the ends of a recount
    let mut centre = centre_with(COURSE, false);
    let first = sealed(&rows(1, 64), agency(1), EXCHANGE, START);
    centre.batch(&first, START).unwrap();
    let other = Batch {
        puts: rows(1, 64).puts.into_iter().rev().collect(),
        ..rows(1, 64)
    };
    let other = forged(Kind::Batch, first.id(), agency(1), EXCHANGE, encode(&other));
    assert_eq!(
        centre.batch(&other.open().unwrap(), START).err(),
        Some(Refusal::Conflict)
    );
    let collected = |hits: u8| Collected {
        hits: vec![HitId([hits; 32])],
        held: Vec::new(),
        lapsed: Vec::new(),
        crowded: Vec::new(),
    };
    let seen = sealed(&collected(1), agency(1), EXCHANGE, START);
    assert!(centre.collected(&seen, START).is_ok());
    let other = forged(
        Kind::Collected,
        seen.id(),
        agency(1),
        EXCHANGE,
        encode(&collected(2)),
    );
    let refused = centre.collected(&other.open().unwrap(), START);
    assert_eq!(refused.err(), Some(Refusal::Conflict));
    // at a key-holder
    let mut kh = WORLD.holders[0].clone();
    let mut log = WORLD.logs[0].clone();
    let one = crate::rotation::request(&mut log, 1, 5).0;
    let two = crate::rotation::request(&mut log, 1, 9).0;
    let one = crate::rotation::sent(&one, 0);
    assert!(kh.serve(&one, START, &mut draw(1)).is_ok());
    let other = forged(Kind::EvalRequest, one.id(), agency(0), holder(1), encode(&two));
    assert_eq!(
        kh.serve(&other.open().unwrap(), START, &mut draw(1)),
        Err(Refusal::Conflict)
    );
    // at an agency
    let mut member = WORLD.members[0].clone();
    let crowded = |desks| Crowded {
        mine: RowId([1; 16]),
        desks,
    };
    let seen = sealed(&crowded(51), EXCHANGE, agency(0), START);
    assert!(member.crowded(&seen, START).is_ok());
    let other = forged(
        Kind::Crowded,
        seen.id(),
        EXCHANGE,
        agency(0),
        encode(&crowded(60)),
    );
    assert_eq!(
        member.crowded(&other.open().unwrap(), START).err(),
        Some(Refusal::Conflict)
    );
}

/// A party that is no side of a hit and says it collected it learns nothing, and changes nothing for those who are.
#[test]
fn only_a_side_of_a_hit_collects_it() {
    let mut direct = Direct::new(1);
    direct.lose = |_, message| message.kind == Kind::Collected;
    direct.enrol(0, Handle([1; 16]), vec![nhs(1)]);
    direct.enrol(1, Handle([2; 16]), vec![nhs(1)]);
    let hit = direct.notices[0].1.hit;
    let mut centre = direct.centres[&EPOCH].clone();
    let waiting = centre.uncollected();
    let claim = Collected {
        hits: vec![hit],
        held: vec![hit],
        lapsed: vec![hit],
        crowded: Vec::new(),
    };
    let by = |n: u8| sealed(&claim, agency(n), EXCHANGE, START);
    assert_eq!(centre.collected(&by(5), START).unwrap(), []);
    assert_eq!(centre.uncollected(), waiting);
    let told = |out: Vec<Outgoing>| -> Vec<(PartyId, bool)> {
        let read = |message: &Outgoing| decode::<OtherSide>(&message.body.0).unwrap().collected;
        out.iter().map(|message| (message.to, read(message))).collect()
    };
    assert_eq!(
        told(centre.collected(&by(0), START).unwrap()),
        [(agency(0), false)]
    );
    assert_eq!(
        told(centre.collected(&by(1), START).unwrap()),
        [(agency(1), true), (agency(0), true)]
    );
    assert_eq!(centre.uncollected(), 0);
}

/// A subject whose details change while the key-holders are being asked: what comes back for the old details is dropped,
/// and the new ones are asked.
#[test]
fn answers_for_details_that_have_changed_are_not_used() {
    let mut direct = Direct::new(2);
    direct.enrol(0, Handle([1; 16]), vec![nhs(2)]);
    direct.enrol(2, Handle([3; 16]), vec![nhs(1)]);
    direct.lose = |_, message| message.to == agency(1);
    direct.enrol(1, Handle([2; 16]), vec![nhs(1)]);
    let now = direct.now;
    direct.member(1).enrol(Handle([2; 16]), vec![nhs(2)], false, now);
    direct.lose = |_, _| false;
    direct.later(3 * Micros::SECOND);
    let told: Vec<_> = direct.matches(1).iter().map(|((_, desk, _), _)| *desk).collect();
    assert_eq!(told, [desk(0)], "by the new details and only by them");
    assert_eq!(matched(&direct), 2);
    let check = direct.world.members[1].check(Handle([2; 16]), direct.now);
    assert!(matches!(check, Some(Check::Checked(_))));
    // and a receipt for rows of old details does not make the new ones checked
    direct.lose = |_, message| message.kind == Kind::BatchReceipt;
    let now = direct.now;
    direct.member(1).enrol(Handle([2; 16]), vec![nhs(5)], false, now);
    direct.settle();
    direct.member(1).enrol(Handle([2; 16]), vec![nhs(6)], false, now);
    direct.lose = |_, message| matches!(message.kind, Kind::EvalRequest);
    direct.later(3 * Micros::SECOND);
    let check = direct.world.members[1].check(Handle([2; 16]), direct.now);
    assert!(
        matches!(
            check,
            Some(Check::Checking {
                why: Why::KeyHolders,
                ..
            })
        ),
        "{check:?}"
    );
}

/// Two subjects of one agency share a token; the one whose handle the row carries is withdrawn. The row is sealed again
/// for the other: nobody meets a handle that is gone, and the other is still found.
#[test]
fn a_withdrawn_subject_is_named_by_no_row() {
    let mut direct = Direct::new(3);
    direct.enrol(0, Handle([1; 16]), vec![nhs(1), named(9)]);
    direct.enrol(0, Handle([2; 16]), vec![nhs(2), named(9)]);
    let now = direct.now;
    direct.member(0).withdraw(Handle([2; 16]), now);
    direct.later(LATEST_DELETION / 2);
    direct.enrol(1, Handle([3; 16]), vec![named(9)]);
    let at_1: Vec<_> = direct
        .matches(1)
        .iter()
        .map(|((_, _, theirs), _)| *theirs)
        .collect();
    assert_eq!(at_1, [Handle([1; 16])]);
    let at_0: Vec<_> = direct.matches(0).iter().map(|((ours, _, _), _)| *ours).collect();
    assert_eq!(at_0, [Handle([1; 16])]);
    // and the withdrawn one's own number is deleted there and forgotten here
    direct.enrol(2, Handle([4; 16]), vec![nhs(2)]);
    assert!(direct.matches(2).is_empty());
    assert!(!format!("{:?}", direct.world.members[0]).contains("0202020202"));
}

/// Deletions come in eights, filled with rows of random bytes: their number says little, and none is of a row that may
/// still be on its way.
#[test]
fn deletions_are_padded_and_never_overtake_their_row() {
    let mut direct = Direct::new(4);
    for person in 0..5u8 {
        direct.enrol(
            0,
            Handle([person; 16]),
            vec![nhs(person.into()), named(person.into())],
        );
    }
    let before = direct.centres[&EPOCH].index().len();
    let now = direct.now;
    direct.member(0).withdraw(Handle([0; 16]), now);
    direct.member(0).withdraw(Handle([1; 16]), now);
    // the next subject's rows are on their way, unconfirmed, when it is withdrawn
    direct.lose = |_, message| message.kind == Kind::BatchReceipt;
    direct.enrol(0, Handle([9; 16]), vec![nhs(9)]);
    direct.member(0).withdraw(Handle([9; 16]), now);
    let mut dels = Vec::new();
    let out = direct.world.members[0].flush_deletions(now.plus(LATEST_DELETION / 2), &mut draw(9));
    assert!(out.is_empty(), "the waiting batch carried what there was");
    direct.lose = |_, _| false;
    direct.later(LATEST_DELETION / 2);
    direct.later(LATEST_DELETION / 2);
    for seen in &direct.view.seen {
        if let exchange::view::What::Batch { dels: some, .. } = &seen.what {
            dels.push(some.len());
        }
    }
    dels.retain(|n| *n > 0);
    assert!(
        !dels.is_empty() && dels.iter().all(|n| n.is_multiple_of(8)),
        "{dels:?}"
    );
    let centre = &direct.centres[&EPOCH];
    assert!(centre.index().len() < before + 192);
    let number = centre.index().directory().number(desk(0)).unwrap();
    let there = centre.index().rows().filter(|row| row.desk == number);
    let there = exchange::holdings::root(there.map(|row| (row.id, row.pointer, row.until)));
    assert_eq!(
        direct.world.members[0].own_holdings(EPOCH, direct.now.day()),
        there
    );
    direct.enrol(1, Handle([50; 16]), vec![nhs(9), nhs(0), named(1)]);
    assert!(direct.matches(1).is_empty(), "all three are gone");
}

/// Rows that the exchange refuses: the subject's page names the rule, the agency is told, and they are sent again from
/// time to time, not at once.
#[test]
fn refused_rows_are_said_to_be() {
    let mut direct = Direct::new(5);
    for person in 0..15u8 {
        direct.enrol(CUSTODIAN, Handle([person; 16]), vec![nhs(person.into())]);
    }
    assert!(!direct.refusals.contains(&Refusal::HeldLimit));
    direct.enrol(CUSTODIAN, Handle([77; 16]), vec![nhs(77)]);
    assert_eq!(direct.refusals, [Refusal::HeldLimit]);
    let rule = Refusal::HeldLimit.code();
    assert!(
        direct
            .events
            .iter()
            .any(|event| matches!(event, (CUSTODIAN, Event::RowsRefused(_, r)) if *r == rule))
    );
    let check = direct.world.members[usize::from(CUSTODIAN)].check(Handle([77; 16]), direct.now);
    assert!(
        matches!(check, Some(Check::Checking { why: Why::Refused(r), .. }) if r == rule),
        "{check:?}"
    );
    direct.later(5 * Micros::SECOND);
    assert_eq!(direct.refusals.len(), 1, "not at once");
    direct.later(60 * Micros::SECOND);
    assert_eq!(direct.refusals.len(), 2);
}

/// An agreement that came late, or had lapsed: rows that lay under one token meet when it comes into force, once.
#[test]
fn a_later_agreement_misses_nothing() {
    let mut direct = Direct::new(6);
    let closed = domain::agreement::Agreement {
        until: domain::time::Instant(START.0),
        ..agreement()
    };
    let now = direct.now;
    let set = |direct: &mut Direct, agreement: &domain::agreement::Agreement| {
        for n in 0..AGENCIES {
            direct.member(n).agree(agreement.clone());
        }
        direct
            .centres
            .get_mut(&EPOCH)
            .unwrap()
            .agree(agreement.clone(), now);
    };
    set(&mut direct, &closed);
    direct.enrol(0, Handle([1; 16]), vec![nhs(1), named(1)]);
    direct.enrol(1, Handle([2; 16]), vec![nhs(1), named(1)]);
    direct.enrol(2, Handle([3; 16]), vec![nhs(1)]);
    assert!(direct.events.is_empty() && direct.notices.is_empty());
    let mut apart = agreement();
    apart.apart = [(agency(0).0, agency(2).0)].into();
    set(&mut direct, &apart);
    direct.later(0);
    assert_eq!(matched(&direct), 4, "all but the two kept apart");
    set(&mut direct, &agreement());
    direct.later(0);
    assert_eq!(matched(&direct), 6);
    let notices = direct.notices.len();
    set(&mut direct, &agreement());
    direct.later(0);
    assert_eq!(direct.notices.len(), notices, "and again nothing");
}

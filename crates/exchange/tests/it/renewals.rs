//! Moving every subject to a new epoch under an ordinary day's quota: renewals of batches served before, once each, no
//! larger than they were. And what an epoch leaves behind when it ends.

use crate::direct::Direct;
use crate::people::{draw, shares};
use crate::sim::world::{self, *};
use exchange::envelope::{Course, Outgoing, Verified, verify};
use exchange::epoch::{self, Closing, Destroyed, Ending, EpochDone, Part};
use exchange::fishing::Allowance;
use exchange::ids::{Digest, Epoch, Handle, Micros, PartyId};
use exchange::keyholder::KeyHolder;
use exchange::matchkey::{KeyType, MatchKey};
use exchange::matchstate::{Check, Why};
use exchange::member::Event;
use exchange::message::EvalRequest;
use exchange::oprf::{Blinded, Mode};
use exchange::refusal::Refusal;
use exchange::ticket;
use exchange::token::Pepper;
use ledger::hash::Hash;

const NEXT: Epoch = Epoch(2);
const THERE: Course = Course {
    scope: SCOPE,
    epoch: NEXT,
};

fn keys(person: u32) -> Vec<MatchKey> {
    [KeyType::Nhs, KeyType::NamesDate]
        .map(|kind| MatchKey {
            kind,
            value: format!("p{person}"),
        })
        .to_vec()
}

fn opened() -> (epoch::Opened, Vec<exchange::keygen::Share>, Pepper) {
    let (fresh, pepper) = (shares(9), Pepper([44; 32]));
    let signed = sign_descriptor(world::descriptor(&fresh, &pepper, NEXT));
    let holders = [holder(1), holder(2), holder(3)];
    let opened = epoch::verify(&signed, &holders, OVERSEER, &WORLD.keys).unwrap();
    (opened, fresh, pepper)
}

fn open_next(direct: &mut Direct) {
    let (opened, fresh, pepper) = opened();
    for (kh, share) in direct.world.holders.iter_mut().zip(&fresh) {
        assert!(kh.hold(NEXT, 0, share.secret.clone()));
    }
    direct.centres.insert(NEXT, centre_with(THERE, false));
    for n in 0..11 {
        direct
            .member(n)
            .open_epoch(opened.clone(), pepper.clone())
            .unwrap();
    }
}

fn allow(direct: &mut Direct, points: u64) {
    for kh in &mut direct.world.holders {
        for n in 0..AGENCIES {
            kh.quotas_mut().allow(agency(n), Allowance { points, urgent: 0 });
        }
    }
}

/// A hundred subjects, an ordinary day of 40 points (beside the known answers, which every node asks once): all of them
/// move to the next epoch in one day, nobody is told again, and the urgent lane is used by none.
#[test]
fn everybody_moves_under_an_ordinary_days_quota() {
    let mut direct = Direct::new(1);
    for person in 0..50u8 {
        let now = direct.now;
        direct
            .member(0)
            .enrol(Handle([person; 16]), keys(person.into()), person == 7, now);
        direct
            .member(1)
            .enrol(Handle([100 + person; 16]), keys(person.into()), false, now);
    }
    direct.settle();
    let matched = |direct: &Direct| {
        let told = |event: &&(u8, Event)| matches!(event.1, Event::Matched(..));
        direct.events.iter().filter(told).count()
    };
    assert_eq!(matched(&direct), 100);
    direct.now = direct.now.plus(Micros::DAY);
    open_next(&mut direct);
    allow(&mut direct, 40 + 40);
    direct
        .world
        .holders
        .iter_mut()
        .for_each(|kh| drop(kh.take_loud()));
    direct.settle();
    assert_eq!(direct.refusals, []);
    assert!((0..2).all(|n| direct.member(n).complete_in(NEXT)));
    assert_eq!(matched(&direct), 100, "folded in silence");
    let loud = direct.world.holders.iter_mut().map(|kh| kh.take_loud().len());
    assert_eq!(loud.sum::<usize>(), 0);
    // what is new counts as ever
    for person in 60..90u8 {
        let now = direct.now;
        direct
            .member(0)
            .enrol(Handle([person; 16]), keys(person.into()), false, now);
    }
    direct.settle();
    assert!(direct.refusals.contains(&Refusal::Quota));
}

/// A request by agency 0 for so many points, its leaf renewing another or not. Returns the leaf too.
fn batch(
    log: &mut Log,
    epoch: Epoch,
    points: usize,
    renews: Option<&Hash>,
    seed: u64,
) -> (Verified<EvalRequest>, Hash) {
    let mut draw = draw(seed);
    let fields = ticket::fields(epoch, 8, &Digest(draw.bytes()), renews);
    let proof = log.ticket_of(&fields, &mut draw);
    let leaf = ticket::verify(&proof, &log.keys()).unwrap().leaf;
    let inputs: Vec<[u8; 32]> = (0..points).map(|_| draw.bytes()).collect();
    let blinds = inputs.iter().map(|_| draw.scalar()).collect();
    let request = EvalRequest {
        ticket: proof,
        urgent: false,
        points: Blinded::new(&inputs, blinds, Mode::Verifiable)
            .unwrap()
            .encoded()
            .to_vec(),
    };
    let course = Course { epoch, ..COURSE };
    let bytes = Outgoing::new(holder(1), course, START, &request).seal(agency(0), b"", &signing(agency(0)));
    let seen = verify(&bytes, holder(1), &WORLD.keys, START).unwrap();
    (seen.open().unwrap(), leaf)
}

/// A key-holder takes a renewal once, for no more points than it served, of a leaf of that agency that it knows, in a
/// later epoch. What is not so counts like any batch; what was renewed before is refused.
#[test]
fn a_renewal_is_taken_once_and_for_no_more_than_it_was() {
    let (mut kh, mut log) = (WORLD.holders[0].clone(), WORLD.logs[0].clone());
    let (_, fresh, _) = opened();
    assert!(kh.hold(NEXT, 0, fresh[0].secret.clone()));
    kh.quotas_mut().allow(
        agency(0),
        Allowance {
            points: 20,
            urgent: 0,
        },
    );
    let serve = |kh: &mut KeyHolder, request: &Verified<EvalRequest>| {
        kh.serve(request, START.plus(Micros::DAY), &mut draw(1)).map(drop)
    };
    let (first, old) = batch(&mut log, EPOCH, 10, None, 1);
    let (second, older) = batch(&mut log, EPOCH, 10, None, 2);
    assert_eq!(serve(&mut kh, &first), Ok(()));
    assert_eq!(serve(&mut kh, &second), Ok(()));
    let (third, _) = batch(&mut log, NEXT, 1, None, 3);
    assert_eq!(serve(&mut kh, &third), Err(Refusal::Quota), "the day is spent");
    let (renewal, new) = batch(&mut log, NEXT, 10, Some(&old), 4);
    assert_eq!(serve(&mut kh, &renewal), Ok(()), "outside the quota");
    assert_eq!(serve(&mut kh, &renewal), Ok(()), "a repeat");
    let (again, _) = batch(&mut log, NEXT, 3, Some(&old), 5);
    assert_eq!(serve(&mut kh, &again), Err(Refusal::TicketUsed));
    let (larger, _) = batch(&mut log, NEXT, 11, Some(&older), 6);
    assert_eq!(serve(&mut kh, &larger), Err(Refusal::Quota));
    let (same_epoch, _) = batch(&mut log, NEXT, 1, Some(&new), 7);
    assert_eq!(
        serve(&mut kh, &same_epoch),
        Err(Refusal::Quota),
        "not within an epoch"
    );
    let (unknown, _) = batch(&mut log, NEXT, 1, Some(&Hash::of(b"no such leaf")), 8);
    assert_eq!(serve(&mut kh, &unknown), Err(Refusal::Quota));
    let (smaller, _) = batch(&mut log, NEXT, 7, Some(&older), 9);
    assert_eq!(
        serve(&mut kh, &smaller),
        Ok(()),
        "what was refused has spent nothing"
    );
}

/// Statements that end an epoch: completions only of nodes that were active and for the epoch moved to; destructions only
/// of parts that are owed, and what is not stated counts as still there.
#[test]
fn what_ends_an_epoch_is_signed_by_whom_it_concerns() {
    let done = |from: PartyId, epoch: Epoch| {
        let course = Course { epoch, ..COURSE };
        let bytes =
            Outgoing::new(EXCHANGE, course, START, &EpochDone { rows: 64 }).seal(from, b"", &signing(from));
        verify(&bytes, EXCHANGE, &WORLD.keys, START)
            .unwrap()
            .open::<EpochDone>()
            .unwrap()
    };
    let mut closing = Closing::new((0..2).map(agency));
    assert_eq!(closing.take(&done(agency(0), EPOCH), NEXT), Err(Refusal::Epoch));
    assert_eq!(closing.take(&done(agency(5), NEXT), NEXT), Err(Refusal::Epoch));
    assert_eq!(closing.take(&done(agency(0), NEXT), NEXT), Ok(()));
    assert_eq!(closing.waiting(), [agency(1)]);
    assert_eq!(closing.take(&done(agency(1), NEXT), NEXT), Ok(()));
    assert!(closing.may_close());
    let gone = |from: PartyId, part: Part, epoch: Epoch| {
        let course = Course { epoch, ..COURSE };
        let body = Destroyed { part, at: START };
        let bytes = Outgoing::new(OVERSEER, course, START, &body).seal(from, b"", &signing(from));
        verify(&bytes, OVERSEER, &WORLD.keys, START)
            .unwrap()
            .open::<Destroyed>()
            .unwrap()
    };
    let mut ending = Ending::new(EPOCH, &[holder(1), holder(2)], &[agency(0)], EXCHANGE);
    assert_eq!(ending.owed().count(), 4);
    let owed = |ending: &Ending| ending.owed().count();
    for (from, part, epoch, rule) in [
        (agency(0), Part::Share, EPOCH, Err(Refusal::Unasked)),
        (agency(1), Part::Pepper, EPOCH, Err(Refusal::Unasked)),
        (agency(0), Part::Pepper, NEXT, Err(Refusal::Epoch)),
        (agency(0), Part::Pepper, EPOCH, Ok(())),
        (agency(0), Part::Pepper, EPOCH, Ok(())),
        (EXCHANGE, Part::Rows, EPOCH, Ok(())),
        (holder(2), Part::Share, EPOCH, Ok(())),
    ] {
        assert_eq!(ending.take(&gone(from, part, epoch)), rule);
    }
    assert_eq!(ending.owed().collect::<Vec<_>>(), [&(holder(1), Part::Share)]);
    assert_eq!(owed(&ending), 1);
}

/// The audit may draw a leaf after its epoch has ended: the register stays when the share and the answers are destroyed.
#[test]
fn the_register_outlives_the_share() {
    let mut direct = Direct::new(3);
    direct.enrol(0, Handle([1; 16]), keys(1));
    let kh = &mut direct.world.holders[0];
    let before: Vec<_> = kh
        .register()
        .map(|(party, leaf, entry)| (party, *leaf, *entry))
        .collect();
    assert!(kh.destroy(EPOCH) && !kh.destroy(EPOCH));
    let mut after: Vec<_> = kh
        .register()
        .map(|(party, leaf, entry)| (party, *leaf, *entry))
        .collect();
    after.sort_unstable_by_key(|(_, leaf, _)| *leaf.as_bytes());
    let mut before = before;
    before.sort_unstable_by_key(|(_, leaf, _)| *leaf.as_bytes());
    assert_eq!(before, after);
    assert!(
        before
            .iter()
            .any(|(party, _, entry)| *party == agency(0) && entry.points == 2)
    );
}

/// An epoch may be announced before it opens; until then nothing is asked in it. When the old one closes before a subject
/// has moved, that subject is unchecked from that moment, not from when it was first entered.
#[test]
fn nothing_is_asked_before_an_epoch_opens_and_nobody_seems_unchecked_for_longer_than_they_are() {
    let mut direct = Direct::new(4);
    direct.enrol(0, Handle([1; 16]), keys(1));
    let (fresh, pepper) = (shares(9), Pepper([44; 32]));
    let mut descriptor = world::descriptor(&fresh, &pepper, NEXT);
    descriptor.opens = START.plus(Micros::DAY);
    let holders = [holder(1), holder(2), holder(3)];
    let later = epoch::verify(&sign_descriptor(descriptor), &holders, OVERSEER, &WORLD.keys).unwrap();
    let member = direct.member(0);
    member.open_epoch(later, pepper).unwrap();
    assert!(member.prepare_known(NEXT, START, &mut draw(1)).unwrap().is_none());
    let opens = START.plus(Micros::DAY);
    assert!(member.prepare_known(NEXT, opens, &mut draw(1)).unwrap().is_some());
    let closed = START.plus(30 * Micros::DAY);
    member.close_epoch(EPOCH, closed);
    let check = member.check(Handle([1; 16]), closed.plus(1));
    let expected = Check::Checking {
        since: closed,
        why: Why::Queued,
    };
    assert_eq!(check, Some(expected));
}

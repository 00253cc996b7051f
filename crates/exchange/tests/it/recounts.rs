//! What the exchange should hold for a desk: differences as an alarm with a number, recounts in which no row is away for a
//! moment, and rows that are renewed before they run out.

use crate::direct::Direct;
use crate::people::draw;
use crate::sim::world::*;
use exchange::envelope::{Kind, Outgoing, Verified, verify};
use exchange::ids::{Handle, Micros, PartyId};
use exchange::matchkey::{KeyType, MatchKey};
use exchange::matchstate::{Check, Why};
use exchange::member::Event;
use exchange::message::*;
use exchange::refusal::Refusal;

fn nhs(person: u32) -> Vec<MatchKey> {
    vec![MatchKey {
        kind: KeyType::Nhs,
        value: format!("p{person}"),
    }]
}

fn matched(direct: &Direct) -> usize {
    let told = |event: &&(u8, Event)| matches!(event.1, Event::Matched(..));
    direct.events.iter().filter(told).count()
}

fn sealed<M: exchange::envelope::Message>(message: &Outgoing, from: PartyId, at: Micros) -> Verified<M> {
    let bytes = message.seal_at(from, b"", &signing(from), at);
    verify(&bytes, message.to, &WORLD.keys, at)
        .unwrap()
        .open()
        .unwrap()
}

fn in_step(direct: &Direct, n: u8) -> bool {
    let index = direct.centres[&EPOCH].index();
    let number = index.directory().number(desk(n)).unwrap();
    let there = index
        .rows()
        .filter(|row| row.desk == number && row.until >= direct.now.day());
    let there = exchange::holdings::root(there.map(|row| (row.id, row.pointer, row.until)));
    direct.world.members[usize::from(n)].own_holdings(EPOCH, direct.now.day()) == there
}

/// The exchange came back without a desk's rows: its own statement shows it, as a number; the subjects are not checked
/// from that moment on; and after the recount they are, nobody told twice.
#[test]
fn lost_rows_are_a_number_and_unchecked_until_they_are_back() {
    let mut direct = Direct::new(1);
    direct.enrol(0, Handle([1; 16]), nhs(1));
    direct.enrol(1, Handle([2; 16]), nhs(1));
    assert_eq!(matched(&direct), 2);
    direct.centres.insert(EPOCH, centre_with(COURSE, false));
    direct.now = direct.now.plus(Micros::HOUR);
    let now = direct.now;
    let statements = direct.centres[&EPOCH].holdings(now);
    let of = |n: u8| statements.iter().find(|m| m.to == agency(n)).unwrap();
    let mut lone = direct.world.members[0].clone();
    let found = lone
        .holdings(&sealed(of(0), EXCHANGE, now), now, &mut draw(1))
        .unwrap()
        .unwrap();
    assert_eq!((found.ours, found.theirs), (64, 0));
    assert_eq!(
        lone.check(Handle([1; 16]), now),
        Some(Check::Checking {
            since: now,
            why: Why::Exchange
        })
    );
    for statement in statements.clone() {
        direct.say(EXCHANGE, statement);
    }
    assert!(in_step(&direct, 0) && in_step(&direct, 1));
    assert_eq!(matched(&direct), 2, "hits repeat under the same ids");
    let check = direct.world.members[0].check(Handle([1; 16]), now);
    assert_eq!(check, Some(Check::Checked(now)));
    direct.enrol(2, Handle([3; 16]), nhs(1));
    assert_eq!(matched(&direct), 6);
}

/// A desk came back from an old backup and no longer knows some of its rows: after the recount they are gone.
#[test]
fn rows_that_nobody_knows_are_swept() {
    let mut direct = Direct::new(2);
    direct.enrol(0, Handle([1; 16]), nhs(1));
    let old = direct.world.members[0].clone();
    direct.enrol(0, Handle([2; 16]), nhs(2));
    *direct.member(0) = old;
    let now = direct.now;
    let begin = direct.world.members[0].begin_again(EPOCH, now, &mut draw(3));
    direct.say(agency(0), begin);
    assert!(in_step(&direct, 0));
    assert_eq!(direct.centres[&EPOCH].index().len(), 64);
    direct.enrol(1, Handle([3; 16]), nhs(2));
    assert_eq!(matched(&direct), 0);
    direct.enrol(2, Handle([4; 16]), nhs(1));
    assert_eq!(matched(&direct), 2);
}

/// While a recount is under way every row stays in use: whoever puts a row meets it, and a guard is never away.
#[test]
fn no_row_is_away_for_a_moment() {
    for guarded in [false, true] {
        let mut direct = Direct::shielded(3);
        let n = if guarded { SHIELD } else { 0 };
        direct.enrol(n, Handle([1; 16]), nhs(1));
        direct.enrol(2, Handle([2; 16]), nhs(1));
        let told = matched(&direct);
        assert_eq!(told, if guarded { 0 } else { 2 });
        // begun, and then silence: the rows are marked and not put again
        let now = direct.now;
        let begin = direct.world.members[usize::from(n)].begin_again(EPOCH, now, &mut draw(4));
        direct.lose =
            |from, message| from == EXCHANGE && message.kind == Kind::BatchReceipt && message.to != agency(3);
        direct.say(agency(n), begin);
        direct.enrol(3, Handle([3; 16]), nhs(1));
        // an ordinary row meets both; under a shield everything is held, what 2 and 3 have in common too
        assert_eq!(matched(&direct) - told, if guarded { 0 } else { 4 });
        let held = |event: &&(u8, Event)| matches!(event, (SHIELD, Event::HeldForUs(..)));
        assert_eq!(
            direct.events.iter().filter(held).count(),
            if guarded { 3 } else { 0 }
        );
        direct.lose = |_, _| false;
        direct.later(5 * Micros::SECOND);
        direct.later(5 * Micros::SECOND);
        assert!(in_step(&direct, n));
        assert_eq!(matched(&direct) - told, if guarded { 0 } else { 4 });
    }
}

fn recount(n: u8, number: u64, step: Step, at: Micros) -> Verified<Recount> {
    let body = Recount {
        desk: desk(n),
        number,
        step,
        approvals: Vec::new(),
    };
    sealed(&Outgoing::new(EXCHANGE, COURSE, at, &body), agency(n), at)
}

/// The end of a recount is for its own beginning, of its own desk, once; a guard's needs two people.
#[test]
fn the_ends_of_a_recount_belong_together() {
    let mut direct = Direct::new(4);
    direct.enrol(0, Handle([1; 16]), nhs(1));
    direct.enrol(CUSTODIAN, Handle([2; 16]), nhs(2));
    let mut centre = direct.centres[&EPOCH].clone();
    let later = |n| START.plus(n);
    let end = |n, number, at| recount(n, number, Step::End, later(at));
    assert_eq!(
        centre.recount(&end(0, 7, 1), later(1)).err(),
        Some(Refusal::Unasked)
    );
    let begin = recount(0, 7, Step::Begin, later(2));
    let receipt = centre.recount(&begin, later(2)).unwrap();
    assert_eq!(
        centre.recount(&end(0, 8, 3), later(3)).err(),
        Some(Refusal::Unasked)
    );
    assert_eq!(
        centre.recount(&end(1, 7, 3), later(3)).err(),
        Some(Refusal::Unasked)
    );
    let other = Recount {
        desk: desk(0),
        number: 7,
        step: Step::End,
        approvals: Vec::new(),
    };
    let other = sealed(
        &Outgoing::new(EXCHANGE, COURSE, later(4), &other),
        agency(1),
        later(4),
    );
    assert_eq!(centre.recount(&other, later(4)).err(), Some(Refusal::Desk));
    assert_eq!(centre.index().len(), 128, "nothing was taken away");
    centre.recount(&end(0, 7, 5), later(5)).unwrap();
    assert_eq!(centre.index().len(), 64);
    assert_eq!(
        centre.recount(&begin, later(6)).unwrap(),
        receipt,
        "a late copy of the beginning begins nothing"
    );
    assert_eq!(
        centre.recount(&end(0, 7, 7), later(7)).err(),
        Some(Refusal::Unasked)
    );
    // a guard's
    let begin = recount(CUSTODIAN, 9, Step::Begin, later(8));
    centre.recount(&begin, later(8)).unwrap();
    assert_eq!(
        centre.recount(&end(CUSTODIAN, 9, 9), later(9)).err(),
        Some(Refusal::TwoPeople)
    );
    let mut body = Recount {
        desk: desk(CUSTODIAN),
        number: 9,
        step: Step::End,
        approvals: Vec::new(),
    };
    body.approvals = approvals(&body.agreed(COURSE));
    let agreed = Outgoing::new(EXCHANGE, COURSE, later(10), &body);
    centre
        .recount(&sealed(&agreed, agency(CUSTODIAN), later(10)), later(10))
        .unwrap();
    assert!(centre.index().is_empty());
}

/// The exchange forgets, in the middle of a recount, that one had begun: its end is refused and the next statement begins
/// another.
#[test]
fn a_recount_that_the_exchange_forgot_begins_again() {
    let mut direct = Direct::new(5);
    direct.enrol(0, Handle([1; 16]), nhs(1));
    let kept = direct.centres[&EPOCH].clone();
    direct.lose = |from, message| from == agency(0) && message.kind == Kind::Batch;
    let now = direct.now;
    let begin = direct.world.members[0].begin_again(EPOCH, now, &mut draw(6));
    direct.say(agency(0), begin);
    direct.centres.insert(EPOCH, kept);
    direct.lose = |_, _| false;
    direct.later(3 * Micros::SECOND);
    assert!(
        direct.refusals.contains(&Refusal::Unasked),
        "{:?}",
        direct.refusals
    );
    assert!(in_step(&direct, 0));
    direct.now = direct.now.plus(Micros::DAY);
    let statements = direct.centres[&EPOCH].holdings(direct.now);
    statements
        .into_iter()
        .for_each(|statement| direct.say(EXCHANGE, statement));
    assert!(in_step(&direct, 0));
    let check = direct.world.members[0].check(Handle([1; 16]), direct.now);
    assert!(matches!(check, Some(Check::Checked(_))));
}

/// A statement made before the newest receipt, and one while something is under way, say nothing.
#[test]
fn an_old_statement_is_no_alarm() {
    let mut direct = Direct::new(6);
    direct.enrol(0, Handle([1; 16]), nhs(1));
    let old = direct.centres[&EPOCH].holdings(direct.now);
    let old = old.into_iter().find(|m| m.to == agency(0)).unwrap();
    direct.now = direct.now.plus(Micros::SECOND);
    direct.enrol(0, Handle([2; 16]), nhs(2));
    let mut member = direct.world.members[0].clone();
    let said = member.holdings(&sealed(&old, EXCHANGE, direct.now), direct.now, &mut draw(1));
    assert_eq!(said, Ok(None));
    let elsewhere = sealed(&old, agency(3), direct.now);
    assert_eq!(
        member.holdings(&elsewhere, direct.now, &mut draw(1)),
        Err(Refusal::Sender),
        "nobody but the exchange states what it holds"
    );
}

/// Rows are renewed before they run out, under their ids: nobody is told again, no key-holder is asked, and real rows and
/// rows of random bytes are renewed alike. One that is not renewed is gone on both sides at once.
#[test]
fn rows_are_renewed_in_silence_and_run_out_together() {
    let mut direct = Direct::new(7);
    direct.enrol(0, Handle([1; 16]), nhs(1));
    direct.enrol(1, Handle([2; 16]), nhs(1));
    let (notices, served) = (direct.notices.len(), direct.world.holders[0].register().count());
    direct.now = direct.now.plus(200 * Micros::DAY);
    let now = direct.now;
    let none = direct.world.members[0].renew(now, &mut draw(8));
    assert_eq!(none, [], "not before three quarters of their time");
    direct.now = direct.now.plus(90 * Micros::DAY);
    let now = direct.now;
    let out = direct.world.members[0].renew(now, &mut draw(8));
    let batch: Batch = exchange::wire::decode(&out[0].body.0).unwrap();
    assert_eq!((out.len(), batch.puts.len()), (1, 64), "every row of the desk");
    out.into_iter().for_each(|message| direct.say(agency(0), message));
    assert!(in_step(&direct, 0));
    assert_eq!(direct.notices.len(), notices);
    assert_eq!(direct.world.holders[0].register().count(), served);
    // a year and a day on, agency 1's rows have run out, and both sides say so
    direct.now = START.plus(366 * Micros::DAY);
    let now = direct.now;
    assert!(in_step(&direct, 1), "before the exchange removes them too");
    assert_eq!(direct.centres.get_mut(&EPOCH).unwrap().expire(now), 64);
    assert!(in_step(&direct, 0) && in_step(&direct, 1));
    assert_eq!(direct.world.members[1].own_holdings(EPOCH, now.day()).0, 0);
    let index = direct.centres[&EPOCH].index();
    assert_eq!(index.len(), 64, "agency 0's are there");
}

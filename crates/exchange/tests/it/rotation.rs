//! Epochs: a new key and pepper without a missed match or a repeated notice; descriptors and known answers; closing;
//! tickets and what key-holders refuse.

use crate::direct::Direct;
use crate::people::{ceremony, draw, shares};
use crate::sim::world::{self, *};
use exchange::centre::Centre;
use exchange::custodian::Officers;
use exchange::envelope::{Course, Outgoing, Verified, verify};
use exchange::epoch::{self, Closing};
use exchange::fishing::{Allowance, Quotas, Verdict, drawn};
use exchange::ids::{Epoch, Handle, Micros};
use exchange::index::{Desk, DeskKind, Directory};
use exchange::keygen;
use exchange::matchkey::{KeyType, MatchKey};
use exchange::matchstate::{Check, Why};
use exchange::member::{Event, Member};
use exchange::message::{EvalRequest, TicketProof};
use exchange::refusal::Refusal;
use exchange::ticket;
use exchange::token::Pepper;

const NEXT: Epoch = Epoch(2);

fn key(person: u32) -> Vec<MatchKey> {
    [KeyType::Nhs, KeyType::NamesDate]
        .map(|kind| MatchKey {
            kind,
            value: format!("p{person}"),
        })
        .to_vec()
}

fn matched(direct: &Direct) -> usize {
    direct
        .events
        .iter()
        .filter(|(_, event)| matches!(event, Event::Matched(..)))
        .count()
}

/// Opens the next epoch at key-holders, exchange and every agency but the last.
fn open_next(direct: &mut Direct) {
    let (fresh, pepper) = (shares(9), Pepper([44; 32]));
    let signed = sign_descriptor(world::descriptor(&fresh, &pepper, NEXT));
    let holders = [holder(1), holder(2), holder(3)];
    let opened = epoch::verify(&signed, &holders, OVERSEER, &direct.world.keys).unwrap();
    for (kh, share) in direct.world.holders.iter_mut().zip(&fresh) {
        kh.hold(NEXT, 0, share.secret.clone());
    }
    let mut directory = Directory::default();
    for n in 0..AGENCIES {
        directory.add(Desk {
            id: desk(n),
            agency: agency(n),
            kind: DeskKind::Ordinary,
        });
    }
    let course = Course {
        scope: SCOPE,
        epoch: NEXT,
    };
    let centre = Centre::new(
        course,
        COORDINATOR,
        agreement(),
        [78; 32],
        directory,
        Officers::default(),
    );
    direct.centres.insert(NEXT, centre);
    for n in 0..10 {
        direct
            .member(n)
            .open_epoch(opened.clone(), pepper.clone())
            .unwrap();
    }
}

#[test]
fn rotation_misses_no_match_and_repeats_no_notice() {
    let mut direct = Direct::new(1);
    for person in 0..4u8 {
        direct.enrol(0, Handle([person; 16]), key(person.into()));
        direct.enrol(1, Handle([50 + person; 16]), key(person.into()));
    }
    assert_eq!(matched(&direct), 8);
    open_next(&mut direct);
    // while two epochs are open a new subject goes to both, and one still in the old epoch alone meets it
    direct.enrol(2, Handle([90; 16]), key(0));
    assert_eq!(matched(&direct), 8 + 4);
    direct.settle();
    let known = matched(&direct);
    assert!((0..10).all(|n| direct.member(n).complete_in(NEXT)));
    assert_eq!(known, 12, "a hit that repeats a known match is folded in silence");
    assert!(direct.notices.len() > 24, "there were repeated hits to fold");
    // the old epoch closes; a later subject meets the others in the new one
    for n in 0..10 {
        direct.member(n).close_epoch(EPOCH, START);
    }
    direct.centres.remove(&EPOCH);
    assert!(direct.world.holders.iter_mut().all(|kh| kh.destroy(EPOCH)));
    direct.enrol(3, Handle([91; 16]), key(0));
    assert_eq!(matched(&direct), 12 + 6);
    assert!(matches!(
        direct.world.members[3].check(Handle([91; 16]), direct.now),
        Some(Check::Checked(_))
    ));
}

#[test]
fn an_epoch_closes_when_every_active_node_is_done_or_named() {
    let mut closing = Closing::new((0..3).map(agency));
    closing.done(agency(0));
    assert_eq!(closing.waiting(), [agency(1), agency(2)]);
    closing.done(agency(1));
    assert!(!closing.may_close());
    closing.name(agency(2));
    assert!(closing.may_close());
}

#[test]
fn a_descriptor_needs_every_signature_and_shares_on_one_line() {
    let world = &*WORLD;
    let holders = [holder(1), holder(2), holder(3)];
    let good = world::descriptor(&world.shares, &world.pepper, EPOCH);
    let check =
        |signed: &epoch::SignedDescriptor| epoch::verify(signed, &holders, OVERSEER, &world.keys).err();
    assert_eq!(check(&sign_descriptor(good.clone())), None);
    let mut unsigned = sign_descriptor(good.clone());
    unsigned.signatures.remove(3);
    assert_eq!(check(&unsigned), Some(Refusal::Signature));
    let mut changed = sign_descriptor(good.clone());
    changed.descriptor.known.pop();
    assert_eq!(check(&changed), Some(Refusal::Signature));
    let mut crooked = good.clone();
    crooked.shares[2].1 = shares(30)[2].public.shares[2].1;
    assert_eq!(check(&sign_descriptor(crooked)), Some(Refusal::Range));
    let mut alone = good;
    alone.threshold = 1;
    assert_eq!(check(&sign_descriptor(alone)), Some(Refusal::Range));
}

#[test]
fn a_node_that_cannot_reproduce_the_known_answers_says_why_and_puts_nothing() {
    let mut wrong = world::descriptor(&WORLD.shares, &WORLD.pepper, EPOCH);
    wrong.known.swap(0, 1);
    let holders = [holder(1), holder(2), holder(3)];
    let opened = epoch::verify(&sign_descriptor(wrong), &holders, OVERSEER, &WORLD.keys).unwrap();
    let mut direct = Direct::new(2);
    let mut fresh = Member::new(identity(4));
    fresh.open_epoch(opened, WORLD.pepper.clone()).unwrap();
    *direct.member(4) = fresh;
    direct.enrol(4, Handle([1; 16]), key(1));
    assert!(direct.refusals.contains(&Refusal::KnownAnswers));
    let check = direct.world.members[4].check(Handle([1; 16]), direct.now);
    assert_eq!(
        check,
        Some(Check::NotChecked {
            since: START,
            why: Why::WrongTables
        })
    );
    assert!(direct.centres[&EPOCH].index().is_empty());
}

#[test]
fn a_refresh_is_taken_only_for_the_same_whole_key() {
    let world = &*WORLD;
    let refreshed = ceremony(
        world
            .shares
            .iter()
            .map(|s| keygen::begin_refresh(s, &mut draw(60 + u64::from(s.seat))).unwrap()),
    );
    let holders = [holder(1), holder(2), holder(3)];
    let open = |shares: &[keygen::Share]| {
        let mut descriptor = world::descriptor(shares, &world.pepper, EPOCH);
        descriptor.refresh = 1;
        epoch::verify(&sign_descriptor(descriptor), &holders, OVERSEER, &world.keys).unwrap()
    };
    let mut direct = Direct::new(3);
    direct.enrol(0, Handle([1; 16]), key(1));
    assert_eq!(
        direct.member(1).refreshed(open(&shares(31))),
        Err(Refusal::KnownAnswers)
    );
    for (kh, share) in direct.world.holders.iter_mut().zip(&refreshed) {
        assert!(kh.hold(EPOCH, 1, share.secret.clone()));
    }
    direct.member(1).refreshed(open(&refreshed)).unwrap();
    direct.enrol(1, Handle([2; 16]), key(1));
    assert_eq!(matched(&direct), 2, "rows from before and after a refresh meet");
}

pub fn request(log: &mut Log, subjects: usize, seed: u64) -> (EvalRequest, Vec<ticket::Opening>) {
    let mut member = WORLD.members[0].clone();
    for n in 0..subjects {
        member.enrol(
            Handle([u8::try_from(n).unwrap(); 16]),
            key(u32::try_from(n).unwrap()),
            false,
            START,
        );
    }
    let prepared = member
        .prepare(EPOCH, 64, START, &mut draw(seed))
        .unwrap()
        .unwrap();
    let openings = prepared.openings().to_vec();
    let proof = log.ticket(&prepared, &mut draw(seed + 1));
    let out = member.submit(prepared, proof, START);
    (exchange::wire::decode(&out[0].body.0).unwrap(), openings)
}

pub fn sent(request: &EvalRequest, from: u8) -> Verified<EvalRequest> {
    let bytes =
        Outgoing::new(holder(1), COURSE, START, request).seal(agency(from), b"", &signing(agency(from)));
    verify(&bytes, holder(1), &WORLD.keys, START)
        .unwrap()
        .open()
        .unwrap()
}

#[test]
fn a_ticket_is_served_once_to_its_agency_for_its_size() {
    let mut log = WORLD.logs[0].clone();
    let (good, openings) = request(&mut log, 2, 1);
    let mut kh = WORLD.holders[0].clone();
    let mut serve = |request: &EvalRequest, from| kh.serve(&sent(request, from), START, &mut draw(1));
    let first = serve(&good, 0).unwrap();
    assert_eq!(
        serve(&good, 0).unwrap(),
        first,
        "a retry with the same bytes gets the same answer"
    );
    let mut other = good.clone();
    other.points.swap(0, 1);
    assert_eq!(serve(&other, 0), Err(Refusal::TicketUsed));
    assert_eq!(serve(&good, 1), Err(Refusal::Ticket), "another agency's ticket");
    let mut many = request(&mut log, 1, 5).0;
    many.points = vec![many.points[0]; 17];
    assert_eq!(serve(&many, 0), Err(Refusal::TicketSize));
    let fresh = request(&mut log, 2, 9).0;
    for broken in [
        TicketProof {
            index: 0,
            ..fresh.ticket.clone()
        },
        TicketProof {
            path: Vec::new(),
            ..fresh.ticket.clone()
        },
        TicketProof {
            leaf: fresh.ticket.leaf.replacen('~', "", 1),
            ..fresh.ticket.clone()
        },
        TicketProof {
            checkpoint: exchange::wire::Blob(WORLD.logs[1].checkpoint()),
            ..fresh.ticket.clone()
        },
    ] {
        assert_eq!(
            serve(
                &EvalRequest {
                    ticket: broken,
                    ..fresh.clone()
                },
                0
            ),
            Err(Refusal::Ticket)
        );
    }
    // an inspector opens the ticket: the commitments are those logged and the points those asked
    let proven = ticket::verify(&good.ticket, &log.keys()).unwrap();
    let asked = ticket::batch_digest(&good.points);
    assert_eq!(ticket::audit(&openings, &proven, &asked), Ok(()));
    let (_, others) = request(&mut log, 2, 77);
    assert_eq!(ticket::audit(&others, &proven, &asked), Err(Refusal::Ticket));
    assert_eq!(
        ticket::audit(&openings, &proven, &ticket::batch_digest(&other.points)),
        Err(Refusal::TicketUsed)
    );
}

#[test]
fn quotas_are_loud_and_never_stop_immediate_risk() {
    let mut quotas = Quotas::default();
    quotas.allow(
        agency(0),
        Allowance {
            points: 100,
            urgent: 20,
        },
    );
    assert_eq!(quotas.take(agency(0), 90, false, START), Verdict::Serve);
    assert_eq!(quotas.take(agency(0), 11, false, START), Verdict::Refuse);
    assert_eq!(quotas.take(agency(0), 10, false, START), Verdict::Serve);
    assert_eq!(quotas.take(agency(0), 16, true, START), Verdict::Serve);
    assert_eq!(quotas.take(agency(0), 16, true, START), Verdict::ServeLoudly);
    assert_eq!(
        quotas.take(agency(0), 90, false, START.plus(Micros::DAY)),
        Verdict::Serve
    );
    assert_eq!(quotas.take(agency(9), 1, false, START), Verdict::Refuse);
    let mut log = WORLD.logs[0].clone();
    let mut kh = WORLD.holders[0].clone();
    kh.quotas_mut()
        .allow(agency(0), Allowance { points: 3, urgent: 0 });
    let mut ask = request(&mut log, 2, 1).0;
    assert_eq!(kh.serve(&sent(&ask, 0), START, &mut draw(1)), Err(Refusal::Quota));
    ask.urgent = true;
    assert!(kh.serve(&sent(&ask, 0), START, &mut draw(1)).is_ok());
    let loud = kh.take_loud();
    assert_eq!(loud.iter().map(|l| l.served).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn the_audit_draws_by_a_public_seed_and_a_sweep_cannot_hide_in_one_leaf() {
    let leaf = |n: u32| {
        let mut leaf = [0; 32];
        leaf[..4].copy_from_slice(&n.to_be_bytes());
        leaf
    };
    let count = |seed: u8, points: u32, leaves: u32| {
        (0..leaves)
            .filter(|n| drawn(&[seed; 32], &leaf(*n), points))
            .count()
    };
    assert!(
        (150..250).contains(&count(1, 0, 20_000)),
        "{}",
        count(1, 0, 20_000)
    );
    // one subject with ten keys: two leaves in a hundred; a sweep of 6,570 dates in one leaf: all but one in 700
    assert!(
        (300..500).contains(&count(1, 10, 20_000)),
        "{}",
        count(1, 10, 20_000)
    );
    assert!(count(1, 6_570, 500) >= 497, "{}", count(1, 6_570, 500));
    let both = (0..20_000)
        .filter(|n| drawn(&[1; 32], &leaf(*n), 0) && drawn(&[2; 32], &leaf(*n), 0))
        .count();
    assert!(both < 15, "another seed is another draw");
}

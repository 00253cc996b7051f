//! How the cryptography is put together: one finding of review for each test, each a mistake that would not show in any
//! other test. Nonces, sharings, encodings, what a signature covers, what may be printed.

use crate::direct::Direct;
use crate::people::{ceremony, draw, shares};
use crate::sim::world::{self, *};
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as BASE;
use curve25519_dalek::{RistrettoPoint, Scalar};
use exchange::envelope::{Course, Keyring, Outgoing, verify};
use exchange::epoch;
use exchange::ids::{Digest, Epoch, Handle, Micros, PublicKey, RowId, ScopeId, Signature};
use exchange::keygen::{self, Share};
use exchange::matchkey::{KeySet, KeyType, MatchKey};
use exchange::member::Event;
use exchange::message::*;
use exchange::oprf::{self, Blinded, Mode, Secret};
use exchange::pointer::{Place, Pointer};
use exchange::refusal::Refusal;
use exchange::threshold::{CombineError, SharedKey};
use exchange::token;
use exchange::wire::decode;

fn keys(person: u32) -> Vec<MatchKey> {
    vec![MatchKey {
        kind: KeyType::Nhs,
        value: format!("p{person}"),
    }]
}

fn blinded(n: u8) -> Blinded {
    let mut draw = draw(u64::from(n));
    Blinded::new(&[[n; 32]], vec![draw.scalar()], Mode::Verifiable).unwrap()
}

/// From two proofs with one nonce anybody can solve for the key. A copied machine may draw the same bytes twice.
#[test]
fn the_same_random_bytes_for_two_batches_do_not_give_the_key_away() {
    let secret = Secret::new(draw(1).scalar()).unwrap();
    let recovered = |a: &oprf::Proof, b: &oprf::Proof| (a.s - b.s) * (b.c - a.c).invert();
    let (one, two) = (blinded(1), blinded(2));
    let nonce = draw(2).scalar();
    let (_, a) = secret.evaluate(one.encoded(), &nonce).unwrap();
    let (_, b) = secret.evaluate(two.encoded(), &nonce).unwrap();
    assert_eq!(&recovered(&a, &b), secret.scalar(), "the danger is real");
    let (points, a) = secret.evaluate_fresh(one.encoded(), &mut draw(2)).unwrap();
    let (_, b) = secret.evaluate_fresh(two.encoded(), &mut draw(2)).unwrap();
    assert_ne!(&recovered(&a, &b), secret.scalar());
    assert!(oprf::verify(secret.public(), &one, &points, &a).is_ok());
    // two keys with the same bytes and batch do not share a nonce either
    let other = Secret::new(draw(3).scalar()).unwrap();
    let (_, c) = other.evaluate_fresh(one.encoded(), &mut draw(2)).unwrap();
    let nonce_of = |proof: &oprf::Proof, key: &Secret| proof.s + proof.c * key.scalar();
    assert_ne!(nonce_of(&a, &secret), nonce_of(&c, &other));
    assert!(secret.evaluate(one.encoded(), &Scalar::ZERO).is_err());
}

fn refreshed(shares: &[Share], seed: u64) -> Vec<Share> {
    let begun = shares
        .iter()
        .map(|s| keygen::begin_refresh(s, &mut draw(seed + u64::from(s.seat))).unwrap());
    ceremony(begun)
}

/// Two answers that are each proven, one from before a refresh and one from after, lie on no common line: together they
/// would be a wrong token that nobody would notice.
#[test]
fn answers_of_two_sharings_or_two_batches_are_not_combined() {
    let (before, after) = (&WORLD.shares, refreshed(&WORLD.shares, 50));
    let (inputs, batch, other) = ([[1u8; 32]], blinded(1), blinded(2));
    let answer = |share: &Share, batch: &Blinded| {
        let (points, proof) = share
            .secret
            .evaluate_fresh(batch.encoded(), &mut draw(9))
            .unwrap();
        share.public.verify(share.seat, batch, &points, &proof).unwrap()
    };
    let good = [answer(&after[0], &batch), answer(&after[1], &batch)];
    assert!(after[0].public.combine(&inputs, &batch, &good).is_ok());
    let mixed = [answer(&before[0], &batch), answer(&after[1], &batch)];
    let refused = |key: &SharedKey, answers: &[_]| key.combine(&inputs, &batch, answers).err();
    assert_eq!(refused(&after[0].public, &mixed), Some(CombineError::Mixed));
    assert_eq!(refused(&before[0].public, &mixed), Some(CombineError::Mixed));
    let moved = [answer(&after[0], &other), answer(&after[1], &batch)];
    assert_eq!(refused(&after[0].public, &moved), Some(CombineError::Mixed));
}

/// The shares are refreshed while an agency waits: the answer from before is dropped, key-holders answer the same
/// request with their new shares, nobody is accused, and the token is the one it would have been.
#[test]
fn a_refresh_under_way_gives_the_same_token_and_accuses_nobody() {
    let mut direct = Direct::new(1);
    direct.enrol(0, Handle([1; 16]), keys(1));
    // agency 1 hears from one key-holder only
    direct.lose = |from, message| message.to == agency(1) && from != holder(1);
    direct.enrol(1, Handle([2; 16]), keys(1));
    assert!(direct.events.is_empty());
    let fresh = refreshed(&WORLD.shares, 60);
    for (kh, share) in direct.world.holders.iter_mut().zip(&fresh) {
        assert!(kh.hold(EPOCH, 1, share.secret.clone()));
    }
    // key-holders are ahead of the descriptor: their answers are refused as such, which is no accusation
    direct.lose = |_, _| false;
    direct.later(5 * Micros::SECOND);
    assert!(direct.refusals.iter().all(|refusal| *refusal == Refusal::Epoch));
    assert!(!direct.refusals.is_empty() && direct.events.is_empty());
    let mut next = world::descriptor(&fresh, &WORLD.pepper, EPOCH);
    next.refresh = 1;
    let holders = [holder(1), holder(2), holder(3)];
    let opened = epoch::verify(&sign_descriptor(next), &holders, OVERSEER, &WORLD.keys).unwrap();
    direct.refusals.clear();
    for n in 0..11 {
        direct.member(n).refreshed(opened.clone()).unwrap();
    }
    direct.later(5 * Micros::SECOND);
    let told = |event: &(u8, Event)| matches!(event.1, Event::Matched(..));
    assert_eq!(direct.events.iter().filter(|e| told(e)).count(), 2);
    assert_eq!(direct.refusals, []);
    let tokens: std::collections::BTreeSet<_> = direct.view.rows().map(|row| row.token).collect();
    assert_eq!(
        tokens.len(),
        direct.view.rows().count() - 1,
        "one token, put by both"
    );
}

#[test]
fn a_descriptor_from_before_a_refresh_or_with_anything_else_changed_is_refused() {
    let holders = [holder(1), holder(2), holder(3)];
    let fresh = refreshed(&WORLD.shares, 70);
    let opened = |change: &dyn Fn(&mut epoch::Descriptor)| {
        let mut descriptor = world::descriptor(&fresh, &WORLD.pepper, EPOCH);
        descriptor.refresh = 1;
        change(&mut descriptor);
        epoch::verify(&sign_descriptor(descriptor), &holders, OVERSEER, &WORLD.keys).unwrap()
    };
    let mut member = WORLD.members[0].clone();
    let none = |_: &mut epoch::Descriptor| {};
    for change in [
        (|d: &mut epoch::Descriptor| d.known.swap(0, 1)) as fn(&mut epoch::Descriptor),
        |d| d.opens = d.opens.plus(1),
        |d| d.pepper = Digest([1; 32]),
        |d| d.tables_version += 1,
        |d| d.refresh = 0,
    ] {
        assert_eq!(member.refreshed(opened(&change)), Err(Refusal::KnownAnswers));
    }
    assert_eq!(member.refreshed(opened(&none)), Ok(()));
    assert_eq!(member.refreshed(opened(&none)), Ok(()), "a repeat");
    let old = world::descriptor(&WORLD.shares, &WORLD.pepper, EPOCH);
    let old = epoch::verify(&sign_descriptor(old), &holders, OVERSEER, &WORLD.keys).unwrap();
    assert_eq!(
        member.refreshed(old),
        Err(Refusal::KnownAnswers),
        "an old one played again"
    );
    let mut kh = WORLD.holders[0].clone();
    assert!(kh.hold(EPOCH, 1, fresh[0].secret.clone()));
    assert!(
        !kh.hold(EPOCH, 0, WORLD.shares[0].secret.clone()),
        "a share from before"
    );
}

/// A shared key under which one key-holder alone, or anybody, holds the whole is no shared key.
#[test]
fn a_sharing_that_shares_nothing_is_refused() {
    let key = |n: u64| oprf::public_key(&Scalar::from(n));
    let sound = |shares: &[(u8, [u8; 32])]| {
        SharedKey {
            threshold: 2,
            shares: shares.to_vec(),
        }
        .consistent()
    };
    assert!(sound(&[(1, key(7)), (2, key(9)), (3, key(11))]));
    assert!(
        !sound(&[(1, key(7)), (2, key(9)), (3, key(12))]),
        "not on one line"
    );
    assert!(
        !sound(&[(1, key(2)), (2, key(4)), (3, key(6))]),
        "the whole is zero"
    );
    assert!(
        !sound(&[(1, key(5)), (2, key(5)), (3, key(5))]),
        "each has the whole"
    );
    assert!(!sound(&[(1, key(7)), (1, key(7)), (3, key(11))]), "a seat twice");
    assert!(
        !sound(&[(0, key(5)), (2, key(9)), (3, key(11))]),
        "seat zero is the whole"
    );
    assert!(!sound(&[(1, [0; 32]), (2, key(9)), (3, key(11))]), "the identity");
    assert!(!sound(&[(1, key(7)), (2, key(9)), (3, [0xff; 32])]), "no element");
    assert!(!sound(&[(1, key(7))]), "fewer than are needed");
    let whole = |threshold| SharedKey {
        threshold,
        shares: vec![(1, key(7)), (2, key(9)), (3, key(11))],
    };
    assert!(!whole(0).consistent() && !whole(4).consistent());
}

/// Encodings of ristretto255 that a lax decoder takes: a field element that is not reduced or is negative, the identity,
/// and what is on no curve. Refused wherever an element comes from outside, and a refused batch costs no quota.
#[test]
fn elements_have_one_encoding_each() {
    // p, p + 1 and p + 8 are encodings of 0, 1 and 8 that are not reduced; 1 and p - 2 are odd, hence negative
    let p = |plus: u8| {
        let mut bytes = [0xff; 32];
        (bytes[0], bytes[31]) = (0xed + plus, 0x7f);
        bytes
    };
    let mut odd = [0; 32];
    odd[0] = 1;
    let mut minus_two = p(0);
    minus_two[0] -= 2;
    let mut high_bit = oprf::generator();
    high_bit[31] |= 0x80;
    let mut kh = WORLD.holders[0].clone();
    let wrong = [[0; 32], p(0), p(1), p(8), odd, minus_two, high_bit, [0xff; 32]];
    for (n, bytes) in (0u8..).zip(wrong) {
        assert!(oprf::decode_element(&bytes).is_err(), "{n}");
        let mut log = WORLD.logs[0].clone();
        let (mut request, _) = crate::rotation::request(&mut log, 1, 100 + u64::from(n));
        request.points[0] = bytes;
        let refused = kh.serve(&crate::rotation::sent(&request, 0), START, &mut draw(1));
        assert_eq!(refused, Err(Refusal::Element), "{n}");
    }
    assert_eq!(kh.register().count(), WORLD.holders[0].register().count());
    // and the agency refuses them in an answer
    let batch = blinded(4);
    let secret = Secret::new(draw(5).scalar()).unwrap();
    let (_, proof) = secret.evaluate_fresh(batch.encoded(), &mut draw(6)).unwrap();
    for bytes in wrong {
        assert!(oprf::verify(secret.public(), &batch, &[bytes], &proof).is_err());
        assert!(oprf::verify(&bytes, &batch, batch.encoded(), &proof).is_err());
    }
}

/// With the identity as key and as answer every equation of the proof holds; only the rule on elements refuses it.
#[test]
fn the_identity_proves_nothing() {
    let batch = blinded(3);
    let zero = [0u8; 32];
    for (c, s) in [(Scalar::ZERO, Scalar::ZERO), (Scalar::ONE, Scalar::ONE)] {
        let proof = oprf::Proof { c, s };
        assert!(oprf::verify(&zero, &batch, &[zero], &proof).is_err());
    }
    assert!(Secret::new(Scalar::ZERO).is_err());
    assert!(Blinded::new(&[[1u8; 32]], vec![Scalar::ZERO], Mode::Verifiable).is_err());
}

/// The two modes of the standard are two functions: an output of one says nothing of the other.
#[test]
fn modes_do_not_meet() {
    let key = draw(7).scalar();
    let out = |mode| oprf::evaluate(b"x", &key, mode).unwrap();
    assert!(out(Mode::Base) != out(Mode::Verifiable));
    let point = |mode| oprf::hash_to_group(b"x", mode).unwrap();
    assert_ne!(point(Mode::Base), point(Mode::Verifiable));
    assert_ne!(point(Mode::Base), BASE);
    assert_ne!(RistrettoPoint::mul_base(&key), point(Mode::Base));
}

/// A signature with the group order added to its second half, one by a key of small order, and one of another context
/// are each accepted somewhere. Not here.
#[test]
fn signatures_are_strict() {
    let message = Outgoing::new(EXCHANGE, COURSE, START, &Heartbeat { number: 1 });
    let bytes = message.seal(agency(1), b"", &signing(agency(1)));
    assert!(verify(&bytes, EXCHANGE, &WORLD.keys, START).is_ok());
    let order = {
        // ℓ, little-endian
        let mut order = [0u8; 32];
        let minus_one = (-Scalar::ONE).to_bytes();
        let mut carry = 1u16;
        for (to, from) in order.iter_mut().zip(minus_one) {
            let sum = u16::from(from) + carry;
            (*to, carry) = (sum.to_le_bytes()[0], sum >> 8);
        }
        order
    };
    let mut malleable = bytes.clone();
    let at = malleable.len() - 32;
    let mut carry = 0u16;
    for (byte, add) in malleable[at..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
    }
    assert_ne!(malleable, bytes);
    let refused = |bytes: &[u8], keys: &Keyring| verify(bytes, EXCHANGE, keys, START).err();
    assert_eq!(refused(&malleable, &WORLD.keys), Some(Refusal::Signature));
    // the identity as public key: R = identity and s = 0 satisfy the equation for every message
    let mut identity = [0u8; 32];
    identity[0] = 1;
    let mut small = Keyring::default();
    small.add(agency(1), PublicKey(identity));
    let mut forged = bytes.clone();
    let length = forged.len();
    forged[length - 64..length - 32].copy_from_slice(&identity);
    forged[length - 32..].fill(0);
    assert_eq!(refused(&forged, &small), Some(Refusal::Signature));
    // a signature by the right key over the right bytes without the context
    use ed25519_dalek::Signer as _;
    let bare = signing(agency(1)).sign(&bytes[..length - 64]);
    let mut without = bytes.clone();
    without[length - 64..].copy_from_slice(&bare.to_bytes());
    assert_eq!(refused(&without, &WORLD.keys), Some(Refusal::Signature));
}

fn guarded_batch(n: u8) -> Batch {
    let put = |m: u8| Put {
        token: exchange::ids::Token([m; 16]),
        id: RowId([n.wrapping_add(m); 16]),
        pointer: [m; 136],
        until: 30_000,
    };
    Batch {
        desk: desk(CUSTODIAN),
        lane: Lane::Bulk,
        puts: (0..64).map(put).collect(),
        dels: Vec::new(),
        approvals: Vec::new(),
    }
}

fn sealed<M: exchange::envelope::Message>(
    message: &M,
    course: Course,
    at: Micros,
) -> exchange::envelope::Verified<M> {
    let bytes = Outgoing::new(EXCHANGE, course, at, message).seal(
        agency(CUSTODIAN),
        b"",
        &signing(agency(CUSTODIAN)),
    );
    verify(&bytes, EXCHANGE, &WORLD.keys, at).unwrap().open().unwrap()
}

/// What two people agreed to holds for that message, in that scope and epoch, once.
#[test]
fn an_agreement_is_for_one_message_in_one_place() {
    let next = Course {
        epoch: Epoch(2),
        ..COURSE
    };
    let elsewhere = Course {
        scope: ScopeId([9; 16]),
        ..COURSE
    };
    let mut centre = centre_with(COURSE, false);
    let batch = guarded_batch(1);
    let approved = |course| Batch {
        approvals: approvals(&batch.agreed(course)),
        ..batch.clone()
    };
    for wrong in [next, elsewhere] {
        let refused = centre.batch(&sealed(&approved(wrong), COURSE, START), START);
        assert_eq!(refused.err(), Some(Refusal::TwoPeople));
    }
    let bare = Digest::of(&[&exchange::wire::encode(&batch)]);
    let loose = Batch {
        approvals: approvals(&bare),
        ..batch.clone()
    };
    let refused = centre.batch(&sealed(&loose, COURSE, START), START);
    assert_eq!(
        refused.err(),
        Some(Refusal::TwoPeople),
        "a digest without its place"
    );
    let good = sealed(&approved(COURSE), COURSE, START);
    let receipt = centre.batch(&good, START).unwrap();
    assert_eq!(centre.batch(&good, START).unwrap(), receipt);
    // the same agreement in another message: rows that were since withdrawn would be back without anybody's agreement
    let again = sealed(&approved(COURSE), COURSE, START.plus(5));
    assert_ne!(again.id(), good.id());
    assert_eq!(centre.batch(&again, START.plus(5)).err(), Some(Refusal::Conflict));
    // one officer twice is one person; an officer of another party is nobody
    let mut twice = approved(COURSE);
    twice.approvals[1] = twice.approvals[0].clone();
    let refused = centre_with(COURSE, false).batch(&sealed(&twice, COURSE, START), START);
    assert_eq!(refused.err(), Some(Refusal::TwoPeople));
    let strangers = Batch {
        approvals: shield_approvals(&batch.agreed(COURSE)),
        ..batch.clone()
    };
    let refused = centre_with(COURSE, false).batch(&sealed(&strangers, COURSE, START), START);
    assert_eq!(refused.err(), Some(Refusal::TwoPeople));
    let mut forged = approved(COURSE);
    forged.approvals[1].signature = Signature([1; 64]);
    let refused = centre_with(COURSE, false).batch(&sealed(&forged, COURSE, START), START);
    assert_eq!(refused.err(), Some(Refusal::TwoPeople));
}

/// A ticket is for its epoch: one leaf does not buy a batch in each of two.
#[test]
fn a_ticket_is_for_one_epoch() {
    let mut kh = WORLD.holders[0].clone();
    assert!(kh.hold(Epoch(2), 0, shares(77)[0].secret.clone()));
    let mut log = WORLD.logs[0].clone();
    let (request, _) = crate::rotation::request(&mut log, 1, 5);
    let next = Course {
        epoch: Epoch(2),
        ..COURSE
    };
    let bytes = Outgoing::new(holder(1), next, START, &request).seal(agency(0), b"", &signing(agency(0)));
    let there = verify(&bytes, holder(1), &WORLD.keys, START)
        .unwrap()
        .open()
        .unwrap();
    assert_eq!(kh.serve(&there, START, &mut draw(1)), Err(Refusal::Ticket));
    assert!(
        kh.serve(&crate::rotation::sent(&request, 0), START, &mut draw(1))
            .is_ok()
    );
}

/// A pointer's list of held types is one of those defined, and names its own.
#[test]
fn a_pointer_that_contradicts_itself_does_not_open() {
    let place = Place {
        scope: SCOPE,
        epoch: EPOCH,
        desk: desk(1),
        row: RowId([5; 16]),
    };
    let key = token::row_key(&oprf::Output([9; 64]), SCOPE, EPOCH, desk(1), RowId([5; 16]));
    let open = |held: u16| {
        let pointer = Pointer {
            handle: Handle([6; 16]),
            kind: KeyType::NamesDate,
            held: KeySet(held),
            hpke_key: [7; 16],
        };
        Pointer::open(&pointer.seal(&key, &place, &mut draw(1)), &key, &place).is_ok()
    };
    assert!(open(1 << 2) && open(0b0111_1111_1111_1110));
    assert!(!open(0), "not even its own");
    assert!(!open(1 << 3), "another's");
    assert!(
        !open(1 << 2 | 1) && !open(1 << 2 | 1 << 15),
        "types that are none"
    );
}

/// A pointer that names another kind of key than the token it is under comes from a liar; it is no match.
#[test]
fn a_pointer_of_another_kind_is_evidence_and_no_match() {
    let mut direct = Direct::new(3);
    direct.enrol(0, Handle([1; 16]), keys(1));
    // agency 1 is dishonest: its own state calls the key another kind
    let y = {
        let whole = WORLD.shares[0].secret.scalar() * Scalar::from(2u64) - WORLD.shares[1].secret.scalar();
        let input = WORLD.pepper.input(&keys(1)[0]);
        oprf::evaluate(&input.0, &whole, Mode::Verifiable).unwrap()
    };
    let place = Place {
        scope: SCOPE,
        epoch: EPOCH,
        desk: desk(1),
        row: RowId([200; 16]),
    };
    let pointer = Pointer {
        handle: Handle([2; 16]),
        kind: KeyType::Phone,
        held: KeySet::default().with(KeyType::Phone),
        hpke_key: [1; 16],
    };
    let row_key = token::row_key(&y, SCOPE, EPOCH, desk(1), place.row);
    let mut batch = guarded_batch(3);
    batch.desk = desk(1);
    batch.puts[0] = Put {
        token: token::token(&y, SCOPE, EPOCH),
        id: place.row,
        pointer: pointer.seal(&row_key, &place, &mut draw(8)),
        until: 30_000,
    };
    direct.say(agency(1), Outgoing::new(EXCHANGE, COURSE, START, &batch));
    let at_0: Vec<_> = direct.events.iter().filter(|(n, _)| *n == 0).collect();
    assert!(matches!(at_0.as_slice(), [(0, Event::Unopened(_))]), "{at_0:?}");
    assert!(direct.matches(0).is_empty());
}

/// Printing any state prints no secret and nothing personal.
#[test]
fn what_is_printed_holds_no_secret() {
    let mut member = WORLD.members[0].clone();
    let person = MatchKey {
        kind: KeyType::NamesDate,
        value: "somebody in particular".to_owned(),
    };
    member.enrol(Handle([1; 16]), vec![person], false, START);
    let prepared = member.prepare(EPOCH, 8, START, &mut draw(1)).unwrap().unwrap();
    let opening = &prepared.openings()[0];
    let share = &WORLD.shares[0];
    let printed = format!(
        "{prepared:?} {member:?} {share:?} {:?} {opening:?}",
        WORLD.holders[0]
    );
    assert!(!printed.contains("somebody"));
    for secret in [
        opening.input,
        opening.salt.repeat(2).try_into().unwrap(),
        opening.blind.to_bytes(),
        share.secret.scalar().to_bytes(),
        WORLD.pepper.0,
    ] {
        let part = &secret[..12];
        let hex: String = part.iter().map(|b| format!("{b:02x}")).collect();
        let list: Vec<String> = part.iter().map(u8::to_string).collect();
        assert!(!printed.contains(&hex) && !printed.contains(&list.join(", ")));
    }
}

/// The body of a request is what the ticket's proof is about: an envelope for one key-holder is none for another.
#[test]
fn a_request_is_addressed() {
    let mut log = WORLD.logs[0].clone();
    let (request, _) = crate::rotation::request(&mut log, 1, 5);
    let bytes = Outgoing::new(holder(1), COURSE, START, &request).seal(agency(0), b"", &signing(agency(0)));
    assert_eq!(
        verify(&bytes, holder(2), &WORLD.keys, START).err(),
        Some(Refusal::Recipient)
    );
    let body = verify(&bytes, holder(1), &WORLD.keys, START)
        .unwrap()
        .envelope()
        .body
        .clone();
    assert_eq!(decode::<EvalRequest>(&body.0), Ok(request));
}

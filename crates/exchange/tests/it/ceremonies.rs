//! Key ceremonies as messages between three key-holders: fresh keys and refreshes, in any order of arrival, and what
//! stops one.

use crate::people::draw;
use crate::sim::world::*;
use exchange::ceremony::{Ceremony, Key, Place};
use exchange::envelope::{Kind, Outgoing, Verified, verify};
use exchange::ids::PartyId;
use exchange::keygen::Share;
use exchange::message::{KeygenOne, KeygenTwo};
use exchange::oprf::{Blinded, Mode, Output};
use exchange::refusal::Refusal;
use exchange::seal::OpenWith;
use exchange::wire::Blob;

fn desk_key(seat: u8) -> OpenWith {
    OpenWith::from_seed(&[seat; 32])
}
fn place(seat: u8) -> Place {
    Place {
        seat,
        party: holder(seat),
        seal_to: desk_key(seat).public(),
    }
}

fn begin(seat: u8, key: Key<'_>, seed: u64) -> (Ceremony, Vec<Outgoing>) {
    let others = (1..=3).filter(|other| *other != seat).map(place).collect();
    let mut draw = draw(seed * 10 + u64::from(seat));
    Ceremony::begin(
        (place(seat), others),
        COURSE,
        desk_key(seat),
        key,
        START,
        &mut draw,
    )
    .unwrap()
}

fn signed(from: PartyId, message: &Outgoing) -> Verified<()> {
    let bytes = message.seal(from, b"", &signing(from));
    verify(&bytes, message.to, &WORLD.keys, START).unwrap()
}

/// Delivers everything, each next message drawn at random, some of it twice.
fn run(begun: Vec<(Ceremony, Vec<Outgoing>)>, seed: u64) -> Vec<Share> {
    let mut order = draw(seed);
    let (mut parties, mut queue) = (Vec::new(), Vec::new());
    for (seat, (ceremony, out)) in (1u8..).zip(begun) {
        parties.push(ceremony);
        queue.extend(out.into_iter().map(|message| (seat, message)));
    }
    let mut shares: Vec<Option<Share>> = vec![None, None, None];
    let mut delivered = 0;
    while !queue.is_empty() {
        let at = usize::try_from(order.below(u32::try_from(queue.len()).unwrap())).unwrap();
        let (from, message) = if order.below(4) == 0 && delivered < 100 {
            queue[at].clone()
        } else {
            queue.swap_remove(at)
        };
        delivered += 1;
        let to = message.to.0[0] - 220;
        let at = usize::from(to - 1);
        let seen = signed(holder(from), &message);
        if shares[at].is_some() {
            continue;
        }
        let done = if message.kind == Kind::KeygenOne {
            let out = parties[at]
                .first(&seen.open().unwrap(), START, &mut order)
                .unwrap();
            queue.extend(out.into_iter().map(|message| (to, message)));
            parties[at].finish().unwrap()
        } else {
            parties[at].second(&seen.open().unwrap()).unwrap()
        };
        if let Some(share) = done {
            shares[at] = Some(*share);
        }
    }
    shares.into_iter().map(Option::unwrap).collect()
}

fn output(shares: &[Share], seats: [usize; 2]) -> Output {
    let mut draw = draw(5);
    let inputs = [[7u8; 32]];
    let blinded = Blinded::new(&inputs, vec![draw.scalar()], Mode::Verifiable).unwrap();
    let key = &shares[0].public;
    let answers: Vec<_> = seats
        .map(|n| {
            let (points, proof) = shares[n]
                .secret
                .evaluate_fresh(blinded.encoded(), &mut draw)
                .unwrap();
            key.verify(shares[n].seat, &blinded, &points, &proof).unwrap()
        })
        .into();
    key.combine(&inputs, &blinded, &answers).unwrap().remove(0)
}

#[test]
fn three_key_holders_make_a_key_and_refresh_it_in_any_order_of_arrival() {
    for seed in 0..20 {
        let fresh = run(
            (1..=3)
                .map(|seat| begin(seat, Key::Fresh { threshold: 2 }, seed))
                .collect(),
            seed,
        );
        assert!(fresh.iter().all(|share| share.public == fresh[0].public));
        assert!(fresh[0].public.consistent());
        let y = output(&fresh, [0, 1]);
        let again = run(
            (1..=3u8)
                .map(|seat| begin(seat, Key::Refresh(&fresh[usize::from(seat - 1)]), 50 + seed))
                .collect(),
            seed,
        );
        assert!(y == output(&again, [1, 2]), "seed {seed}: no token changes");
        assert_eq!(again[0].public.whole_public(), fresh[0].public.whole_public());
        let changed = fresh
            .iter()
            .zip(&again)
            .all(|(a, b)| a.secret.public() != b.secret.public());
        assert!(changed, "and every share does");
    }
}

#[test]
fn a_ceremony_stops_at_any_doubt() {
    let all = || {
        (1..=3)
            .map(|seat| begin(seat, Key::Fresh { threshold: 2 }, 1))
            .collect::<Vec<_>>()
    };
    let mut begun = all();
    let (two, out_two) = begun.remove(1);
    let mut two = two;
    let first_of = |out: &[Outgoing], to: u8| out.iter().find(|m| m.to == holder(to)).unwrap().clone();
    let from_one = first_of(&begun[0].1, 2);
    // by someone who does not sit there; for another epoch
    let by_three = signed(holder(3), &from_one).open::<KeygenOne>().unwrap();
    assert_eq!(
        two.first(&by_three, START, &mut draw(1)).err(),
        Some(Refusal::Sender)
    );
    let elsewhere = Outgoing {
        epoch: exchange::ids::Epoch(9),
        ..from_one.clone()
    };
    let elsewhere = signed(holder(1), &elsewhere).open::<KeygenOne>().unwrap();
    assert_eq!(
        two.first(&elsewhere, START, &mut draw(1)).err(),
        Some(Refusal::Epoch)
    );
    // two different first messages of one dealer
    let one = signed(holder(1), &from_one).open::<KeygenOne>().unwrap();
    assert_eq!(two.first(&one, START, &mut draw(1)).unwrap(), []);
    let (_, other) = begin(1, Key::Fresh { threshold: 2 }, 2);
    let other = signed(holder(1), &first_of(&other, 2))
        .open::<KeygenOne>()
        .unwrap();
    assert_eq!(
        two.first(&other, START, &mut draw(1)).err(),
        Some(Refusal::Conflict)
    );
    // junk where a commitment should be
    let three = signed(holder(3), &first_of(&begun[1].1, 2))
        .open::<KeygenOne>()
        .unwrap();
    let deals = two.first(&three, START, &mut draw(1)).unwrap();
    assert_eq!(deals.len(), 2);
    let mut fresh = all().remove(2).0;
    let junk = KeygenOne {
        seat: 1,
        package: Blob(vec![1; 70]),
    };
    let junk = signed(holder(1), &Outgoing::new(holder(3), COURSE, START, &junk));
    assert_eq!(
        fresh.first(&junk.open().unwrap(), START, &mut draw(1)).unwrap(),
        []
    );
    let good = signed(holder(2), &first_of(&out_two, 3));
    let stopped = fresh.first(&good.open().unwrap(), START, &mut draw(1));
    assert_eq!(stopped.err(), Some(Refusal::Proof));
    // a deal sealed to another, or changed
    let deal = deals.iter().find(|m| m.to == holder(1)).unwrap();
    let mut body: KeygenTwo = exchange::wire::decode(&deal.body.0).unwrap();
    let redirected = Outgoing::new(holder(3), COURSE, START, &body);
    let mut third = all().remove(2).0;
    let seen = signed(holder(2), &redirected).open().unwrap();
    assert_eq!(third.second(&seen).err(), Some(Refusal::Closed));
    body.sealed.0[3] ^= 1;
    let changed = Outgoing::new(holder(1), COURSE, START, &body);
    let mut first = all().remove(0).0;
    let seen = signed(holder(2), &changed).open().unwrap();
    assert_eq!(first.second(&seen).err(), Some(Refusal::Closed));
}

#[test]
fn seats_and_keys_must_fit_before_anything_is_sent() {
    let try_begin = |me: Place, others: Vec<Place>, with: OpenWith, threshold: u8| {
        let key = Key::Fresh { threshold };
        Ceremony::begin((me, others), COURSE, with, key, START, &mut draw(1)).is_ok()
    };
    let others = || vec![place(2), place(3)];
    assert!(try_begin(place(1), others(), desk_key(1), 2));
    assert!(
        !try_begin(place(1), vec![place(2), place(2)], desk_key(1), 2),
        "a seat twice"
    );
    assert!(!try_begin(place(0), others(), desk_key(0), 2), "no seat zero");
    assert!(!try_begin(place(1), others(), desk_key(2), 2), "another's key");
    assert!(
        !try_begin(place(1), others(), desk_key(1), 4),
        "more than there are"
    );
    assert!(!try_begin(place(1), others(), desk_key(1), 1), "alone");
    let share = &WORLD.shares[1];
    let wrong = Ceremony::begin(
        (place(1), others()),
        COURSE,
        desk_key(1),
        Key::Refresh(share),
        START,
        &mut draw(1),
    );
    assert!(wrong.is_err(), "another's share");
}

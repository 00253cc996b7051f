//! From match-keys to tokens and pointers: the threshold gives the answer of the whole key, a refresh changes no
//! token, and a pointer opens only for the same person, in its own place.

use crate::people::{ceremony, child, draw, shares};
use curve25519_dalek::Scalar;
use exchange::ids::{DeskId, Epoch, Handle, RowId, ScopeId};
use exchange::keygen::{self, KeygenError, Share};
use exchange::matchkey::{self, KeyType};
use exchange::oprf::{self, Blinded, Mode, Output};
use exchange::pointer::{Place, Pointer};
use exchange::threshold::CombineError;
use exchange::token::{self, Input, Pepper};

fn inputs() -> Vec<Input> {
    let pepper = Pepper([5; 32]);
    matchkey::keys(&child("Ivo", "Marsh", "2015-03-14", "NM4 7QX"))
        .iter()
        .map(|key| pepper.input(key))
        .collect()
}

fn through(shares: &[Share], seats: [usize; 2], seed: u64) -> Result<Vec<Output>, CombineError> {
    let mut draw = draw(seed);
    let inputs = inputs();
    let blinded = Blinded::new(
        &inputs,
        inputs.iter().map(|_| draw.scalar()).collect(),
        Mode::Verifiable,
    )?;
    let public = &shares[0].public;
    let mut proven = Vec::new();
    for seat in seats {
        let (evaluated, proof) = shares[seat].secret.evaluate(blinded.encoded(), &draw.scalar())?;
        proven.push(public.verify(shares[seat].seat, &blinded, &evaluated, &proof)?);
    }
    public.combine(&inputs, &blinded, &proven)
}

fn whole(shares: &[Share]) -> Scalar {
    // only a test may do this: two shares on one line, read at zero
    shares[0].secret.scalar() * Scalar::from(2u64) - shares[1].secret.scalar()
}

#[test]
fn every_pair_of_key_holders_gives_the_answer_of_the_whole_key() {
    let shares = shares(1);
    assert!(
        shares
            .iter()
            .all(|s| s.public == shares[0].public && s.public.consistent())
    );
    let key = whole(&shares);
    assert_eq!(shares[0].public.whole_public().unwrap(), oprf::public_key(&key));
    let expected: Vec<_> = inputs()
        .iter()
        .map(|m| oprf::evaluate(&m.0, &key, Mode::Verifiable).unwrap())
        .collect();
    assert!(expected.len() >= 8);
    for (n, seats) in [[0, 1], [1, 0], [0, 2], [1, 2], [2, 1]].into_iter().enumerate() {
        assert_eq!(through(&shares, seats, n as u64).unwrap(), expected);
    }
    assert_eq!(through(&shares, [1, 1], 9).unwrap_err(), CombineError::Seat);
}

#[test]
fn a_refresh_changes_every_share_and_no_token() {
    let before = shares(2);
    let after = ceremony(
        before
            .iter()
            .map(|s| keygen::begin_refresh(s, &mut draw(70 + u64::from(s.seat))).unwrap()),
    );
    assert_eq!(
        through(&before, [0, 1], 1).unwrap(),
        through(&after, [1, 2], 2).unwrap()
    );
    assert!(
        before
            .iter()
            .zip(&after)
            .all(|(b, a)| b.secret.public() != a.secret.public())
    );
    assert_eq!(before[0].public.whole_public(), after[0].public.whole_public());
    // shares from before and after do not lie on one line
    let mixed = vec![before[0].clone(), after[1].clone(), after[2].clone()];
    assert!(through(&mixed, [0, 1], 3).is_err());
}

#[test]
fn a_wrong_deal_names_its_dealer() {
    let (one, first_one) = keygen::begin(1, 3, 2, &mut draw(1)).unwrap();
    let (two, first_two) = keygen::begin(2, 3, 2, &mut draw(2)).unwrap();
    let (three, first_three) = keygen::begin(3, 3, 2, &mut draw(3)).unwrap();
    let (one, _) = one
        .deal(&[(2, first_two.clone()), (3, first_three.clone())])
        .unwrap();
    let (_, from_two) = two.deal(&[(1, first_one.clone()), (3, first_three)]).unwrap();
    let (_, from_three) = three.deal(&[(1, first_one), (2, first_two)]).unwrap();
    let deal = |out: &[(u8, Vec<u8>)], to: u8| out.iter().find(|(seat, _)| *seat == to).unwrap().1.clone();
    // key-holder 3 sends to 1 what it dealt to 2
    let answer = one.finish(&[(2, deal(&from_two, 1)), (3, deal(&from_three, 2))]);
    assert_eq!(answer.unwrap_err(), KeygenError::Culprit(3));
    assert_eq!(
        keygen::begin(0, 3, 2, &mut draw(1)).unwrap_err(),
        KeygenError::Seats
    );
}

#[test]
fn tokens_differ_by_scope_and_epoch_and_row_keys_by_row() {
    let y = Output([9; 64]);
    let (scope, other) = (ScopeId([1; 16]), ScopeId([2; 16]));
    let base = token::token(&y, scope, Epoch(1));
    assert_eq!(base, token::token(&y, scope, Epoch(1)));
    assert_ne!(base, token::token(&y, other, Epoch(1)));
    assert_ne!(base, token::token(&y, scope, Epoch(2)));
}

#[test]
fn a_pointer_opens_only_in_its_place_and_only_with_its_key() {
    let y = Output([9; 64]);
    let place = Place {
        scope: ScopeId([1; 16]),
        epoch: Epoch(3),
        desk: DeskId([4; 16]),
        row: RowId([5; 16]),
    };
    let key = token::row_key(&y, place.scope, place.epoch, place.desk, place.row);
    let pointer = Pointer {
        handle: Handle([6; 16]),
        kind: KeyType::NamesDate,
        held: matchkey::KeySet::default()
            .with(KeyType::NamesDate)
            .with(KeyType::Nhs),
        hpke_key: [7; 16],
    };
    let sealed = pointer.seal(&key, &place, &mut draw(1));
    assert_eq!(Pointer::open(&sealed, &key, &place), Ok(pointer));
    for moved in [
        Place {
            scope: ScopeId([2; 16]),
            ..place
        },
        Place {
            epoch: Epoch(4),
            ..place
        },
        Place {
            desk: DeskId([5; 16]),
            ..place
        },
        Place {
            row: RowId([6; 16]),
            ..place
        },
    ] {
        assert!(Pointer::open(&sealed, &key, &moved).is_err());
        let moved_key = token::row_key(&y, moved.scope, moved.epoch, moved.desk, moved.row);
        assert!(Pointer::open(&sealed, &moved_key, &place).is_err());
    }
    for at in 0..sealed.len() {
        let mut changed = sealed;
        changed[at] ^= 1;
        assert!(Pointer::open(&changed, &key, &place).is_err());
    }
}

//! Invented subjects and fixed seeds shared by the other modules.

use exchange::draw::Draw;
use exchange::keygen::{self, Share};
use exchange::matchkey::Facts;

/// A reproducible stream for a test.
pub fn draw(seed: u64) -> Draw {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    Draw::new(bytes)
}

/// A 2-of-3 shared key, made by the real ceremony.
pub fn shares(seed: u64) -> Vec<Share> {
    ceremony(
        (1..=3u8).map(|seat| keygen::begin(seat, 3, 2, &mut draw(seed * 100 + u64::from(seat))).unwrap()),
    )
}

/// Runs both rounds between everybody.
pub fn ceremony(begun: impl Iterator<Item = (keygen::RoundOne, Vec<u8>)>) -> Vec<Share> {
    let begun: Vec<_> = begun.collect();
    let first: Vec<(u8, Vec<u8>)> = (1u8..)
        .zip(&begun)
        .map(|(seat, (_, message))| (seat, message.clone()))
        .collect();
    let mut dealt = Vec::new();
    for (seat, (state, _)) in (1u8..).zip(begun) {
        let others: Vec<_> = first.iter().filter(|(from, _)| *from != seat).cloned().collect();
        dealt.push((seat, state.deal(&others).unwrap()));
    }
    let secrets: Vec<(u8, keygen::Deals)> = dealt
        .iter()
        .map(|(seat, (_, out))| (*seat, out.clone()))
        .collect();
    dealt
        .into_iter()
        .map(|(seat, (state, _))| {
            let mine: Vec<(u8, Vec<u8>)> = secrets
                .iter()
                .flat_map(|(from, out)| {
                    out.iter()
                        .filter(|(to, _)| *to == seat)
                        .map(|(_, m)| (*from, m.clone()))
                })
                .collect();
            state.finish(&mine).unwrap()
        })
        .collect()
}

/// A child with names, a date and a postcode.
pub fn child(forename: &str, surname: &str, date: &str, postcode: &str) -> Facts {
    Facts {
        forename: forename.to_owned(),
        surname: surname.to_owned(),
        date: date.to_owned(),
        postcode: postcode.to_owned(),
        ..Facts::default()
    }
}

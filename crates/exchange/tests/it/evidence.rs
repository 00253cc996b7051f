//! Evidence that a third party can check with public keys alone: two receipts and no hit, a log with two histories; and
//! honeytokens.

use crate::direct::Direct;
use crate::sim::world::*;
use exchange::canary::{Confirmed, Owed, PairSecret};
use exchange::envelope::{Kind, Outgoing};
use exchange::ids::{Handle, HitId, Token};
use exchange::matchkey::{KeyType, MatchKey};
use exchange::member::Event;
use exchange::message::Batch;
use exchange::refusal::Refusal;
use exchange::view::What;
use exchange::wire::{Blob, decode};
use exchange::witnessing::{Branch, Seen, Watch};
use ledger::append;
use ledger::checkpoint::Checkpoint;
use ledger::key::{NOTE, SignerKey};
use ledger::source::Memory;
use ledger::tree::Reader;

fn keys(person: u32) -> Vec<MatchKey> {
    [KeyType::Nhs, KeyType::NamesDate, KeyType::NamesPostcode]
        .map(|kind| MatchKey {
            kind,
            value: format!("p{person}"),
        })
        .to_vec()
}

/// Canaries at an exchange that hides every hit. Each desk has its batch and the exchange's own receipt for it; together
/// they show, to anyone, which hit it owes. A canary is shown to nobody as a match.
#[test]
fn two_receipts_and_one_token_are_a_debt_that_anyone_can_check() {
    let secret = PairSecret::new([8; 32]);
    let hour = (0..).find(|hour| secret.drawn(*hour, 11)).unwrap();
    let run = |meddle: fn(&mut Outgoing) -> bool| {
        let mut direct = Direct::new(5);
        direct.meddle = meddle;
        for n in [1, 2] {
            let canary = secret.canary(hour, desk(n));
            let now = direct.now;
            direct.member(n).enrol_canary(&canary, now);
            direct.settle();
        }
        direct
    };
    let honest = run(|_| true);
    let kept: Vec<Outgoing> = honest.mail.iter().map(|(_, message)| message.clone()).collect();
    let sung = |direct: &Direct| {
        let song = |event: &&(u8, Event)| matches!(event.1, Event::Sang(h, _, _) if h == hour);
        direct.events.iter().filter(song).count()
    };
    let count = secret.canary(hour, desk(1)).keys.len();
    assert_eq!(sung(&honest), 2 * count);
    assert!(
        honest.events.len() == 2 * count && honest.matches(1).is_empty(),
        "no match to show"
    );
    assert!(honest.world.members[1].handles().next().is_none());
    let hiding = run(|message| message.kind != Kind::Notice);
    assert_eq!(sung(&hiding), 0);
    // each desk's part
    let part = |n: u8| {
        let batch = kept
            .iter()
            .find(|m| m.kind == Kind::Batch && decode::<Batch>(&m.body.0).unwrap().desk == desk(n));
        let receipt = kept
            .iter()
            .find(|m| m.kind == Kind::BatchReceipt && m.to == agency(n))
            .unwrap();
        Confirmed {
            batch: batch.unwrap().body.clone(),
            receipt: Blob(receipt.seal(EXCHANGE, b"", &signing(EXCHANGE))),
        }
    };
    let rows = |part: &Confirmed| decode::<Batch>(&part.batch.0).unwrap().puts;
    let (one, two) = (part(1), part(2));
    let common: Vec<Token> = rows(&one)
        .iter()
        .map(|put| put.token)
        .filter(|token| rows(&two).iter().any(|put| put.token == *token))
        .collect();
    assert_eq!(common.len(), count);
    let owed = Owed {
        one: one.clone(),
        two: two.clone(),
        token: common[0],
    };
    let hit = owed.check(EXCHANGE, &WORLD.keys).unwrap();
    let id = |part: &Confirmed| rows(part).iter().find(|put| put.token == common[0]).unwrap().id;
    assert_eq!(hit, HitId::of(id(&one), id(&two)));
    assert!(
        honest.notices.iter().any(|(_, notice)| notice.hit == hit),
        "an honest exchange told it"
    );
    // none of this is evidence
    let refused = |owed: Owed| owed.check(EXCHANGE, &WORLD.keys).err();
    let other = Owed {
        token: Token([1; 16]),
        ..owed.clone()
    };
    assert_eq!(refused(other), Some(Refusal::Unasked));
    let twice = Owed {
        two: one.clone(),
        ..owed.clone()
    };
    assert_eq!(refused(twice), Some(Refusal::Unasked));
    let mut changed = owed.clone();
    changed.one.batch.0[40] ^= 1;
    assert_eq!(refused(changed), Some(Refusal::Sender));
    let mut swapped = owed.clone();
    core::mem::swap(&mut swapped.one.receipt, &mut swapped.two.receipt);
    assert_eq!(refused(swapped), Some(Refusal::Sender));
    let mut forged = owed.clone();
    let last = forged.two.receipt.0.len() - 1;
    forged.two.receipt.0[last] ^= 1;
    assert_eq!(refused(forged), Some(Refusal::Signature));
    assert_eq!(owed.check(agency(3), &WORLD.keys).err(), Some(Refusal::Sender));
}

/// A log shows one history to one peer and another to the next, at different sizes. No two heads are of one size; the
/// larger log's own tiles prove what root it had at the smaller size, and that is not the root it signed there.
#[test]
fn two_histories_at_different_sizes_are_portable_proof() {
    let key = SignerKey::from_seed("northmere.example/log", NOTE, &[3; 32]).unwrap();
    let log = |entries: &[&[u8]]| {
        let mut memory = Memory::default();
        let done = append::append(memory.edge(), entries).unwrap();
        memory.extend(entries, done);
        memory
    };
    let head = |memory: &Memory| {
        let edge = memory.edge();
        let checkpoint = Checkpoint::new(key.name(), edge.size(), edge.root());
        checkpoint.sign(&key).unwrap().to_bytes()
    };
    let shown = log(&[b"a", b"b", b"c", b"d", b"e"]);
    let other = log(&[b"a", b"b", b"x", b"d", b"e", b"f", b"g"]);
    let keys = [key.verifier()];
    let mut watch = Watch::new(keys.to_vec());
    assert_eq!(watch.checkpoint(&head(&shown), START), Ok(Seen::Newer));
    assert_eq!(
        watch.checkpoint(&head(&other), START),
        Ok(Seen::Newer),
        "sizes alone show nothing"
    );
    let at = |memory: &Memory, size: u64| {
        let mut reader = Reader::new(memory, memory.edge().size());
        let root = *reader.root(size).unwrap().as_bytes();
        let proof = reader.consistency(size, memory.edge().size()).unwrap();
        (
            root,
            proof.iter().map(|hash| *hash.as_bytes()).collect::<Vec<_>>(),
        )
    };
    let (root, proof) = at(&other, 5);
    let branch = Branch {
        smaller: Blob(head(&shown)),
        larger: Blob(head(&other)),
        root,
        proof,
    };
    assert_eq!(branch.check(&keys), Ok(()));
    // an honest log gives none: its own root at the smaller size is the one it signed
    let grown = log(&[b"a", b"b", b"c", b"d", b"e", b"f", b"g"]);
    let (root, proof) = at(&grown, 5);
    let honest = Branch {
        smaller: Blob(head(&shown)),
        larger: Blob(head(&grown)),
        root,
        proof,
    };
    assert_eq!(honest.check(&keys), Err(Refusal::Log));
    let mut invented = honest.clone();
    invented.root = [7; 32];
    assert_eq!(
        invented.check(&keys),
        Err(Refusal::Log),
        "a root that the larger log never had"
    );
    let elsewhere = SignerKey::from_seed("northmere.example/log", NOTE, &[9; 32]).unwrap();
    assert_eq!(branch.check(&[elsewhere.verifier()]), Err(Refusal::Log));
    let mut turned = branch.clone();
    core::mem::swap(&mut turned.smaller, &mut turned.larger);
    assert_eq!(turned.check(&keys), Err(Refusal::Log));
    let mut cut = branch;
    cut.proof.pop();
    assert_eq!(cut.check(&keys), Err(Refusal::Log));
}

/// A honeytoken is an ordinary subject of an ordinary desk: an invented person whom nobody has a reason to know. Whoever
/// puts it is told of to the desk like any match; to the exchange and the key-holders it is a row and a point like others.
/// Someone who only looks, with the exchange's help, puts nothing and is not told of: against that there is the audit.
#[test]
fn a_honeytoken_tells_of_whoever_puts_it_and_of_nobody_who_only_looks() {
    let (bait, host) = (Handle([77; 16]), 6u8);
    let mut direct = Direct::new(7);
    direct.enrol(host, bait, keys(666));
    direct.enrol(host, Handle([1; 16]), keys(1));
    // to the exchange: two bulk batches of one desk, alike but for their random bytes
    let of_host: Vec<_> = direct
        .view
        .leakage()
        .seen
        .iter()
        .map(|seen| (seen.length, seen.from))
        .collect();
    assert_eq!(of_host[0], of_host[1]);
    let lanes = direct.view.seen.iter().map(|seen| match &seen.what {
        What::Batch { lane, puts, dels, .. } => (*lane, puts.len(), dels.len()),
        _ => panic!("only batches so far"),
    });
    assert_eq!(lanes.collect::<std::collections::BTreeSet<_>>().len(), 1);
    // to a key-holder: as many points as any subject of that shape
    let points: Vec<u32> = direct.world.holders[0]
        .register()
        .filter(|(party, _, _)| *party == agency(host))
        .map(|(_, _, entry)| entry.points)
        .collect();
    assert_eq!(points.iter().filter(|n| **n == 3).count(), 2);
    // agency 3 fishes
    direct.enrol(3, Handle([33; 16]), keys(666));
    let caught = |event: &&(u8, Event)| matches!(event, (n, Event::Matched(ours, by, _)) if *n == host && *ours == bait && *by == desk(3));
    assert_eq!(direct.events.iter().filter(caught).count(), 1);
    // agency 4 has the token evaluated and hands it to the exchange, which looks and says nothing
    let before = direct.events.len();
    let now = direct.now;
    direct.lose = |_, message| message.kind == Kind::Batch && message.body.0.starts_with(&[104; 16]);
    direct.member(4).enrol(Handle([44; 16]), keys(666), false, now);
    direct.settle();
    assert_eq!(direct.events.len(), before, "no notice");
    let entries = direct.world.holders[0].register();
    let asked: Vec<_> = entries
        .filter(|(party, _, entry)| *party == agency(4) && entry.at >= now)
        .collect();
    assert!(
        asked.iter().any(|(_, _, entry)| entry.points == 3),
        "but a logged ticket that the audit may draw"
    );
}

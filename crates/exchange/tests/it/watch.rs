//! Watching logs: forks, rollbacks and silence, as evidence that anyone can check; canaries.

use crate::direct::Direct;
use crate::sim::world::*;
use exchange::canary::{Followed, PATIENCE, PairSecret, Song};
use exchange::envelope::{Outgoing, verify};
use exchange::ids::Micros;
use exchange::message::Heartbeat;
use exchange::refusal::Refusal;
use exchange::witnessing::{SILENT, Seen, Standing, Watch, standing};
use ledger::checkpoint::Checkpoint;
use ledger::hash::Hash;
use ledger::key::{COSIGNATURE, NOTE, SignerKey};
use ledger::policy::Policy;
use ledger::source::Memory;
use ledger::tree::Reader;
use ledger::witness::Request;
use ledger::{append, submit};

fn key() -> SignerKey {
    SignerKey::from_seed("northmere.example/log", NOTE, &[3; 32]).unwrap()
}

fn head(size: u64, root: u8) -> Vec<u8> {
    Checkpoint::new("northmere.example/log", size, Hash::of(&[root]))
        .sign(&key())
        .unwrap()
        .to_bytes()
}

#[test]
fn two_roots_of_one_size_are_portable_proof_of_a_fork() {
    let keys = vec![key().verifier()];
    let mut watch = Watch::new(keys.clone());
    assert_eq!(watch.checkpoint(&head(5, 1), START), Ok(Seen::Newer));
    assert_eq!(watch.checkpoint(&head(9, 2), START), Ok(Seen::Newer));
    assert_eq!(watch.checkpoint(&head(9, 2), START), Ok(Seen::Same));
    assert_eq!(watch.checkpoint(&head(7, 3), START), Ok(Seen::Older));
    let Ok(Seen::Forked(fork)) = watch.checkpoint(&head(5, 4), START) else {
        panic!("not seen")
    };
    assert_eq!(fork.check(&keys), Ok(()));
    let other = SignerKey::from_seed("northmere.example/log", NOTE, &[4; 32])
        .unwrap()
        .verifier();
    assert_eq!(fork.check(&[other]), Err(Refusal::Log));
    let mut same = fork.clone();
    same.two = same.one.clone();
    assert_eq!(same.check(&keys), Err(Refusal::Log));
    let forged = Checkpoint::new("northmere.example/log", 99, Hash::EMPTY);
    let elsewhere = SignerKey::from_seed("northmere.example/log", NOTE, &[9; 32]).unwrap();
    assert!(
        watch
            .checkpoint(&forged.sign(&elsewhere).unwrap().to_bytes(), START)
            .is_err(),
        "a forged head is refused"
    );
}

#[test]
fn a_later_envelope_with_a_smaller_log_is_proof_of_a_rollback() {
    let keys = vec![key().verifier()];
    let mut watch = Watch::new(keys.clone());
    let send = |size, root, number, at: Micros| {
        let message = Outgoing::new(EXCHANGE, COURSE, at, &Heartbeat { number });
        let bytes = message.seal(agency(1), &head(size, root), &signing(agency(1)));
        verify(&bytes, EXCHANGE, &WORLD.keys, at).unwrap()
    };
    let (early, late) = (START, START.plus(60 * Micros::SECOND));
    assert_eq!(
        watch.envelope(&send(9, 1, 1, early), early).unwrap(),
        (Seen::Newer, None)
    );
    // late mail: an older envelope with the older head proves nothing
    let (seen, none) = watch.envelope(&send(5, 2, 0, START.plus(-5)), late).unwrap();
    assert_eq!((seen, none), (Seen::Older, None));
    let (_, rollback) = watch.envelope(&send(7, 3, 2, late), late).unwrap();
    let rollback = rollback.expect("a rollback is seen");
    assert_eq!(rollback.check(&WORLD.keys, &keys), Ok(()));
    let mut turned = rollback.clone();
    core::mem::swap(&mut turned.before, &mut turned.after);
    assert_eq!(turned.check(&WORLD.keys, &keys), Err(Refusal::Log));
    assert_eq!(standing(7, &[3, 9]), Standing::RolledBack(9));
    assert_eq!(standing(9, &[3, 9]), Standing::Whole);
}

#[test]
fn a_silent_log_is_an_alarm_and_a_quorum_is_counted_by_policy() {
    let mut watch = Watch::new(vec![key().verifier()]);
    watch.checkpoint(&head(1, 1), START).unwrap();
    assert!(!watch.silent(START, START.plus(SILENT)));
    assert!(watch.silent(START, START.plus(SILENT + 1)));

    let mut memory = Memory::default();
    let entries = [b"one".as_slice(), b"two"];
    let done = append::append(memory.edge(), &entries).unwrap();
    memory.extend(&entries, done);
    let edge = memory.edge().clone();
    let own = Checkpoint::new(key().name(), edge.size(), edge.root())
        .sign(&key())
        .unwrap();
    let witnesses: Vec<SignerKey> = ["wrenford.example/w", "coldmarsh.example/w"]
        .iter()
        .zip(1u8..)
        .map(|(name, n)| SignerKey::from_seed(name, COSIGNATURE, &[n; 32]).unwrap())
        .collect();
    let lines = |key: &SignerKey| key.verifier().to_string();
    let policy = format!(
        "log {}\nwitness a {}\nwitness b {}\ngroup g all a b\nquorum g\n",
        lines(&key()),
        lines(&witnesses[0]),
        lines(&witnesses[1])
    );
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let proof = Reader::new(&memory, edge.size())
        .consistency(0, edge.size())
        .unwrap();
    let mut gathered = own.clone();
    for (n, witness) in witnesses.iter().enumerate() {
        let mut watch = Watch::new(vec![key().verifier()]);
        watch.checkpoint(&gathered.to_bytes(), START).unwrap();
        assert!(!watch.quorum(&policy), "{n} of 2 is no quorum");
        let request = Request::parse(&submit::request(0, &proof, &own)).unwrap();
        let decision = request.decide(&[key().verifier()], None, witness, 1_790_000_000);
        assert_eq!(decision.answer.status, 200);
        for signature in ledger::note::Signature::parse_lines_of(&decision.answer.body) {
            gathered.add(signature);
        }
    }
    let mut watch = Watch::new(vec![key().verifier()]);
    watch.checkpoint(&gathered.to_bytes(), START).unwrap();
    assert!(watch.quorum(&policy));
}

trait Lines {
    fn parse_lines_of(body: &str) -> Vec<ledger::note::Signature>;
}
impl Lines for ledger::note::Signature {
    fn parse_lines_of(body: &str) -> Vec<ledger::note::Signature> {
        ledger::note::Signature::parse_lines(body).unwrap()
    }
}

#[test]
fn a_canary_is_drawn_alike_on_both_sides_and_looks_like_a_subject() {
    let secret = PairSecret::new([8; 32]);
    let again = PairSecret::new([8; 32]);
    let hours: Vec<i64> = (0..5_000).filter(|hour| secret.drawn(*hour, 11)).collect();
    assert!((300..620).contains(&hours.len()), "{}", hours.len());
    for hour in hours.iter().take(50) {
        let (a, b) = (secret.canary(*hour, desk(1)), again.canary(*hour, desk(2)));
        assert_eq!(a.keys, b.keys);
        assert_ne!(a.handle, b.handle);
        assert!((1..=14).contains(&a.keys.len()));
        assert!(secret.second(*hour, desk(1)) < 3_600);
    }
    let spread: std::collections::BTreeSet<usize> = hours
        .iter()
        .map(|h| secret.canary(*h, desk(1)).keys.len())
        .collect();
    assert!(spread.len() >= 5, "canaries come in the shapes of subjects");
}

#[test]
fn a_missing_hit_with_two_receipts_is_proof() {
    let secret = PairSecret::new([8; 32]);
    let hour = (0..).find(|hour| secret.drawn(*hour, 11)).unwrap();
    for (honest, meddle) in [
        (true, (|_| true) as fn(&mut Outgoing) -> bool),
        (false, |m| m.kind != exchange::envelope::Kind::Notice),
    ] {
        let mut direct = Direct::new(5);
        direct.meddle = meddle;
        let (a, b) = (secret.canary(hour, desk(1)), secret.canary(hour, desk(2)));
        direct.enrol(1, a.handle, a.keys.clone());
        direct.enrol(2, b.handle, b.keys);
        let hits = direct.notices.iter().filter(|(n, _)| *n == 1).count();
        let followed = Followed {
            hour,
            keys: a.keys.len(),
            ours: Some(START),
            theirs: Some(START),
            hits,
        };
        assert_eq!(
            followed.song(START),
            if honest { Song::Whole } else { Song::Waiting }
        );
        let later = START.plus(PATIENCE + 1);
        assert_eq!(
            followed.song(later),
            if honest {
                Song::Whole
            } else {
                Song::Missing(a.keys.len())
            }
        );
        let unconfirmed = Followed {
            theirs: None,
            ..followed
        };
        assert_eq!(
            unconfirmed.song(later),
            if honest { Song::Whole } else { Song::Waiting }
        );
    }
}

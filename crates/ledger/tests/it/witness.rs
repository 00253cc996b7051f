//! Both sides of add-checkpoint, and a log that tries to lie to a witness.

use crate::grow::{NOW, ORIGIN, entry, head, log, log_key, witness_key};
use ledger::append::append;
use ledger::checkpoint::{Checkpoint, SignedCheckpoint};
use ledger::hash::Hash;
use ledger::key::{NOTE, SignerKey};
use ledger::source::Memory;
use ledger::submit::{self, Reply, SubmitError};
use ledger::tree::Reader;
use ledger::witness::{Answer, Request, Seen, origin_hash};

/// A witness for the test log: the whole of it is one piece of state.
#[derive(Default)]
struct Witness(Option<Seen>);

impl Witness {
    fn answer(&mut self, body: &[u8]) -> Answer {
        let request = match Request::parse(body) {
            Ok(request) => request,
            Err(answer) => return answer,
        };
        let keys = if request.origin() == ORIGIN {
            vec![log_key().verifier()]
        } else {
            vec![]
        };
        let decision = request.decide(&keys, self.0.as_ref(), &witness_key(1), NOW);
        assert_eq!(decision.keep.is_some(), decision.answer.status == 200);
        if decision.keep.is_some() {
            self.0 = decision.keep;
        }
        decision.answer
    }

    fn size(&self) -> Option<u64> {
        self.0.as_ref().map(|seen| seen.size)
    }
}

fn proof(log: &Memory, old: u64) -> Vec<Hash> {
    let size = log.edge().size();
    Reader::new(log, size).consistency(old, size).unwrap()
}

fn submit(witness: &mut Witness, log: &Memory, old: u64) -> Answer {
    witness.answer(&submit::request(old, &proof(log, old), &head(log, &[])))
}

#[test]
fn a_growing_log_is_cosigned_at_every_step() {
    let mut witness = Witness::default();
    let mut held = 0;
    for size in [0, 1, 1, 255, 256, 300, 1000, 1000] {
        let log = log(size);
        let mut signed = head(&log, &[]);
        let answer = witness.answer(&submit::request(held, &proof(&log, held), &signed));
        assert_eq!(answer.status, 200, "{size}: {}", answer.body);
        let reply = submit::read(200, answer.body.as_bytes(), &signed, &witness_key(1).verifier()).unwrap();
        let Reply::Cosigned { signatures, time } = reply else {
            panic!("not cosigned")
        };
        assert_eq!(time, NOW);
        signatures.into_iter().for_each(|line| signed.add(line));
        assert_eq!(
            signed
                .note()
                .verified_by(&[witness_key(1).verifier()])
                .unwrap()
                .len(),
            1
        );
        let kept = SignedCheckpoint::parse(&witness.0.as_ref().unwrap().checkpoint).unwrap();
        assert_eq!(kept, signed);
        held = size;
    }
}

#[test]
fn golden_request_and_answer() {
    let mut witness = Witness::default();
    submit(&mut witness, &log(300), 0);
    let log = log(70_000);
    let request = submit::request(300, &proof(&log, 300), &head(&log, &[]));
    insta::assert_snapshot!(
        "add_checkpoint_request",
        String::from_utf8(request.clone()).unwrap()
    );
    let answer = witness.answer(&request);
    insta::assert_snapshot!("add_checkpoint_answer", answer.body);
}

#[test]
fn a_wrong_old_size_is_told_the_right_one() {
    let mut witness = Witness::default();
    submit(&mut witness, &log(300), 0);
    let answer = submit(&mut witness, &log(1000), 200);
    assert_eq!(
        (answer.status, answer.content_type, answer.body.as_str()),
        (409, "text/x.tlog.size", "300\n")
    );
    let signed = head(&log(1000), &[]);
    let reply = submit::read(409, b"300\n", &signed, &witness_key(1).verifier());
    assert_eq!(reply, Ok(Reply::Holds(300)));
    for bad in [b"0300\n".as_slice(), b"300", b"", b"x\n"] {
        assert_eq!(
            submit::read(409, bad, &signed, &witness_key(1).verifier()),
            Err(SubmitError::Unreadable)
        );
    }
    // A log restored from an old copy is refused in the same way, and sees that it is behind.
    assert_eq!(submit(&mut witness, &log(100), 0).status, 409);
    assert_eq!(witness.size(), Some(300));
}

#[test]
fn a_fork_is_refused_and_changes_nothing() {
    let mut witness = Witness::default();
    submit(&mut witness, &log(300), 0);
    let mut forked = Memory::default();
    let entries: Vec<Vec<u8>> = (0..400)
        .map(|i| if i == 17 { entry(99_999) } else { entry(i) })
        .collect();
    let done = append(forked.edge(), &entries).unwrap();
    forked.extend(&entries, done);
    assert_eq!(submit(&mut witness, &forked, 300).status, 422);
    let mut same_size = Memory::default();
    let done = append(same_size.edge(), &entries[..300]).unwrap();
    same_size.extend(&entries[..300], done);
    assert_eq!(submit(&mut witness, &same_size, 300).status, 422);
    assert_eq!(witness.size(), Some(300));
    let read = submit::read(422, b"", &head(&forked, &[]), &witness_key(1).verifier());
    assert_eq!(read, Err(SubmitError::OtherHistory));
}

#[test]
fn each_refusal_has_its_status() {
    let mut witness = Witness::default();
    submit(&mut witness, &log(300), 0);
    let grown = log(400);
    let good = head(&grown, &[]);
    let status = |body: &[u8]| Witness(Some(seen())).answer(body).status;
    fn seen() -> Seen {
        let log = log(300);
        Seen {
            size: 300,
            root: log.edge().root(),
            checkpoint: head(&log, &[]).to_bytes(),
        }
    }
    let other = SignerKey::from_seed("wrenford.example/log", NOTE, &[8; 32]).unwrap();
    let unknown = Checkpoint::new("wrenford.example/log", 400, grown.edge().root())
        .sign(&other)
        .unwrap();
    assert_eq!(status(&submit::request(300, &proof(&grown, 300), &unknown)), 404);
    let stranger = SignerKey::from_seed(ORIGIN, NOTE, &[8; 32]).unwrap();
    let unsigned = good.checkpoint().sign(&stranger).unwrap();
    assert_eq!(status(&submit::request(300, &proof(&grown, 300), &unsigned)), 403);
    let text = String::from_utf8(good.to_bytes()).unwrap();
    let wrong = SignedCheckpoint::parse(text.replace("\n400\n", "\n401\n").as_bytes()).unwrap();
    assert_eq!(status(&submit::request(300, &proof(&grown, 300), &wrong)), 403);
    assert_eq!(status(&submit::request(401, &[], &good)), 400);
    assert_eq!(status(&submit::request(300, &[], &good)), 422);
    assert_eq!(status(&submit::request(300, &[Hash::EMPTY; 63], &good)), 422);
    assert_eq!(status(&submit::request(300, &[Hash::EMPTY; 64], &good)), 400);
    for bad in [
        "",
        "old 300\n",
        "old 0300\n\nx",
        "new 300\n\n",
        "old 300\nAA==\n\n",
        "old -1\n\n",
    ] {
        assert_eq!(status(bad.as_bytes()), 400, "{bad:?}");
        assert_eq!(status(format!("{bad}{text}").as_bytes()), 400, "{bad:?}");
    }
    let mut fresh = Witness::default();
    assert_eq!(
        fresh.answer(&submit::request(0, &[Hash::EMPTY], &good)).status,
        422
    );
    let not_empty = Checkpoint::new(ORIGIN, 0, Hash::of(b"x"))
        .sign(&log_key())
        .unwrap();
    assert_eq!(fresh.answer(&submit::request(0, &[], &not_empty)).status, 422);
    assert_eq!(fresh.size(), None);
}

#[test]
fn without_a_clock_a_witness_does_not_sign() {
    let request = Request::parse(&submit::request(0, &[], &head(&log(5), &[]))).unwrap();
    let decision = request.decide(&[log_key().verifier()], None, &witness_key(1), 0);
    assert_eq!((decision.answer.status, decision.keep), (500, None));
}

#[test]
fn an_answer_that_is_not_the_witnesss_is_refused() {
    let mut witness = Witness::default();
    let log = log(50);
    let answer = submit(&mut witness, &log, 0);
    let signed = head(&log, &[]);
    let key = witness_key(1).verifier();
    let other = witness_key(2).verifier();
    assert_eq!(
        submit::read(200, answer.body.as_bytes(), &signed, &other),
        Err(SubmitError::Signature)
    );
    let wrong_head = head(&crate::grow::log(51), &[]);
    assert_eq!(
        submit::read(200, answer.body.as_bytes(), &wrong_head, &key),
        Err(SubmitError::Signature)
    );
    assert_eq!(
        submit::read(200, b"", &signed, &key),
        Err(SubmitError::Unreadable)
    );
    assert_eq!(
        submit::read(200, b"hello\n", &signed, &key),
        Err(SubmitError::Unreadable)
    );
    assert_eq!(
        submit::read(503, b"", &signed, &key),
        Err(SubmitError::Status(503))
    );
}

#[test]
fn every_changed_byte_of_a_request_is_refused() {
    let log = log(400);
    let body = submit::request(300, &proof(&log, 300), &head(&log, &[]));
    let seen = || {
        let old = crate::grow::log(300);
        Witness(Some(Seen {
            size: 300,
            root: old.edge().root(),
            checkpoint: Vec::new(),
        }))
    };
    assert_eq!(seen().answer(&body).status, 200);
    for place in 0..body.len() {
        let mut changed = body.clone();
        changed[place] ^= 1;
        assert_ne!(seen().answer(&changed).status, 200, "byte {place}");
    }
}

#[test]
fn the_monitoring_name_is_the_hash_of_the_origin() {
    assert_eq!(
        origin_hash("example.com/log"),
        Hash::of(b"example.com/log").to_hex()
    );
}

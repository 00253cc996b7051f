//! The envelope and every body in it: one sample of each, what verification refuses, that it changes nothing, and
//! that replays are idempotent.

use crate::people::draw;
use crate::sim::world::{
    self, COURSE, EPOCH, EXCHANGE, SCOPE, START, WORLD, agency, approvals, desk, signing,
};
use ed25519_dalek::SigningKey;
use exchange::ask;
use exchange::canary::{Confirmed, Owed};
use exchange::envelope::{Acceptance, Envelope, Inbox, Keyring, Kind, Message, Outgoing, VERSION, verify};
use exchange::epoch::{Destroyed, EpochDone, Part};
use exchange::handoff::{HandOff, HandOffReceipt, Tally};
use exchange::ids::{Digest, Handle, HitId, MessageId, Micros, PartyId, PublicKey, RowId, Signature, Token};
use exchange::matchkey::{KeySet, KeyType};
use exchange::message::*;
use exchange::oprf::Output;
use exchange::pointer::{Place, Pointer};
use exchange::recall::{Change, Recall, RecallAck};
use exchange::refusal::{Refusal, SPOKEN};
use exchange::token;
use exchange::wire::{Blob, Malformed, decode, encode};
use exchange::witnessing::{Branch, Fork, Rollback};

fn put(n: u8) -> Put {
    Put {
        token: Token([n; 16]),
        id: RowId([n + 1; 16]),
        pointer: [n; 136],
        until: 20_800,
    }
}

fn batch() -> Batch {
    let approvals = vec![Approval {
        officer: PartyId([1; 16]),
        signature: Signature([2; 64]),
    }];
    let dels = vec![Del {
        token: Token([3; 16]),
        id: RowId([4; 16]),
    }];
    Batch {
        desk: desk(1),
        lane: Lane::Bulk,
        puts: vec![put(1), put(9)],
        dels,
        approvals,
    }
}

fn notice() -> Notice {
    Notice {
        hit: HitId([1; 32]),
        desk: desk(1),
        mine: RowId([2; 16]),
        their_desk: desk(2),
        their_agency: agency(2),
        theirs: RowId([3; 16]),
        pointer: [4; 136],
        at: START,
        urgent: true,
    }
}

fn ask_body() -> ask::AskBody {
    ask::AskBody {
        theirs: Handle([1; 16]),
        ours: Handle([2; 16]),
        purpose: 1,
        gateway: "CA2004-s11".to_owned(),
        necessity: "to plan together".to_owned(),
        fields: vec!["plan".to_owned()],
        officer: "northmere/hub".to_owned(),
        approver: "northmere/hub-manager".to_owned(),
        urgency: ask::Urgency::Enquiry,
        break_glass: false,
        answer_to: [3; 32],
        leaf: "x".to_owned(),
        entry: Blob(vec![1]),
    }
}

fn answer_body() -> ask::AnswerBody {
    ask::AnswerBody {
        of: MessageId([1; 16]),
        reply: ask::Reply::Refused,
        shown: "y".to_owned(),
        shown_entry: Blob(vec![2]),
        reason: 3,
        words: "held for another enquiry".to_owned(),
        officer: "a".to_owned(),
        approver: "b".to_owned(),
        leaf: "x".to_owned(),
        entry: Blob(vec![1]),
    }
}

fn requests() -> Vec<(&'static str, Vec<u8>)> {
    let ticket = TicketProof {
        leaf: "leaf~".to_owned(),
        index: 4,
        path: vec![[1; 32]],
        checkpoint: Blob(b"note".to_vec()),
    };
    let side = |n: u8| Side {
        desk: desk(n),
        agency: agency(n),
        row: RowId([n; 16]),
        pointer: [n; 136],
    };
    let held = Held {
        hit: HitId([1; 32]),
        desk: desk(10),
        under: RowId([3; 16]),
        sides: vec![side(1), side(10)],
        due: START,
        urgent: false,
    };
    let decision = Decision {
        hit: HitId([1; 32]),
        desk: desk(10),
        outcome: Outcome::Refuse,
        reason: 2,
        approvals: Vec::new(),
    };
    let collected = Collected {
        hits: vec![HitId([1; 32])],
        held: Vec::new(),
        lapsed: Vec::new(),
        crowded: vec![(RowId([1; 16]), 51)],
    };
    vec![
        (
            "eval_request",
            encode(&EvalRequest {
                ticket,
                urgent: true,
                points: vec![[7; 32], [8; 32]],
            }),
        ),
        (
            "eval_reply",
            encode(&EvalReply {
                of: MessageId([1; 16]),
                seat: 2,
                refresh: 1,
                points: vec![[7; 32]],
                proof: [3; 64],
            }),
        ),
        ("batch", encode(&batch())),
        (
            "batch_receipt",
            encode(&BatchReceipt {
                of: MessageId([1; 16]),
                digest: Digest([2; 32]),
                put: 64,
                deleted: 1,
            }),
        ),
        ("notice", encode(&notice())),
        ("collected", encode(&collected)),
        (
            "other_side",
            encode(&OtherSide {
                hit: HitId([1; 32]),
                collected: false,
            }),
        ),
        (
            "crowded",
            encode(&Crowded {
                mine: RowId([1; 16]),
                desks: 51,
            }),
        ),
        ("held", encode(&held)),
        ("decision", encode(&decision)),
        (
            "lapsed",
            encode(&Lapsed {
                hit: HitId([1; 32]),
                held: START,
                due: START,
            }),
        ),
        (
            "holdings",
            encode(&Holdings {
                desk: desk(1),
                at: START,
                count: 640,
                root: Digest([1; 32]),
            }),
        ),
        (
            "holdings_ask",
            encode(&HoldingsAsk {
                desk: desk(1),
                number: 3,
            }),
        ),
        (
            "recount",
            encode(&Recount {
                desk: desk(1),
                number: 3,
                step: Step::End,
                approvals: approvals(&Digest([4; 32])),
            }),
        ),
        ("heartbeat", encode(&Heartbeat { number: 7 })),
        (
            "keygen_one",
            encode(&KeygenOne {
                seat: 1,
                package: Blob(vec![1, 2]),
            }),
        ),
        (
            "keygen_two",
            encode(&KeygenTwo {
                seat: 1,
                enc: [1; 32],
                sealed: Blob(vec![1, 2]),
            }),
        ),
    ]
}

fn others() -> Vec<(&'static str, Vec<u8>)> {
    let recall = Recall {
        disclosure: MessageId([1; 16]),
        origin: agency(1),
        number: 1,
        change: Change::Recall,
        reason: 2,
        corrected: Blob::default(),
    };
    let ack = RecallAck {
        disclosure: MessageId([1; 16]),
        number: 1,
        leaf: [2; 32],
        onward: vec![agency(4)],
    };
    let ask = ask::Ask {
        key: [1; 16],
        enc: [2; 32],
        sealed: Blob(vec![3; 40]),
        direct: true,
    };
    let receipt = ask::Receipt {
        of: MessageId([1; 16]),
        theirs: [2; 32],
        mine: [3; 32],
    };
    let tally = Tally {
        day: 20_717,
        sent: vec![MessageId([1; 16])],
        received: Vec::new(),
    };
    let descriptor = world::descriptor(&WORLD.shares, &WORLD.pepper, EPOCH);
    let (mut log, mut random) = (WORLD.logs[0].clone(), draw(6));
    let fields = exchange::ticket::fields(EPOCH, 1, &Digest([1; 32]), None);
    let ticket = log.ticket_of(&fields, &mut random);
    let blob = |text: &str| Blob(text.as_bytes().to_vec());
    vec![
        ("ask", encode(&ask)),
        ("ask_body", encode(&ask_body())),
        ("answer", encode(&ask::Answer { enc: [2; 32], sealed: Blob(vec![3; 40]) })),
        ("answer_body", encode(&answer_body())),
        ("receipt", encode(&receipt)),
        ("no_response", encode(&ask::NoResponse { of: MessageId([1; 16]), due: START })),
        ("recall", encode(&recall)),
        ("recall_ack", encode(&ack)),
        ("hand_off", encode(&HandOff { item: MessageId([1; 16]), digest: Digest([2; 32]), day: 20_717 })),
        ("hand_off_receipt", encode(&HandOffReceipt { item: MessageId([1; 16]), digest: Digest([2; 32]), leaf: [3; 32], accepted: true })),
        ("tally", encode(&tally)),
        ("refused", encode(&Refusal::Quota.answer(MessageId([1; 16])))),
        ("descriptor", encode(&world::sign_descriptor(descriptor))),
        ("epoch_done", encode(&EpochDone { rows: 640 })),
        ("destroyed", encode(&Destroyed { part: Part::Pepper, at: START })),
        ("fork", encode(&Fork { one: blob("one"), two: blob("two") })),
        ("rollback", encode(&Rollback { before: blob("before"), after: blob("after") })),
        ("branch", encode(&Branch { smaller: blob("one"), larger: blob("two"), root: [1; 32], proof: vec![[2; 32]] })),
        ("owed", encode(&owed())),
        ("evidence", encode(&owed())),
        ("ticket", encode(&ticket)),
        ("deal", exchange::keygen::begin(2, 2, 2, &mut draw(4)).unwrap().1),
        ("sealed", padded(&ask_body())),
        ("pointer", pointer().to_vec()),
        ("elements", exchange::oprf::generator().to_vec()),
        ("facts", b"Ivo\nMarsh\n2015-03-14\nNM4 7QX\n9990000018\n07700900123\nAB51 XYZ\nexample\n@ivo\n490154203237518\n100999".to_vec()),
        ("checkpoint", WORLD.logs[0].checkpoint()),
    ]
}

fn owed() -> Owed {
    let part = |n: u8| Confirmed {
        batch: Blob(encode(&batch())),
        receipt: Blob(vec![n; 80]),
    };
    Owed {
        one: part(1),
        two: part(2),
        token: Token([1; 16]),
    }
}

/// A body as it is before sealing.
fn padded<T: exchange::wire::Wire>(body: &T) -> Vec<u8> {
    let mut out = encode(&Blob(encode(body)));
    out.resize(ask::PADDED, 0);
    out
}

fn pointer() -> [u8; 136] {
    let place = Place {
        scope: SCOPE,
        epoch: EPOCH,
        desk: desk(1),
        row: RowId([5; 16]),
    };
    let key = token::row_key(&Output([9; 64]), SCOPE, EPOCH, desk(1), RowId([5; 16]));
    let pointer = Pointer {
        handle: Handle([6; 16]),
        kind: KeyType::Nhs,
        held: KeySet(2),
        hpke_key: [7; 16],
    };
    pointer.seal(&key, &place, &mut draw(1))
}

/// A sample of everything that arrives from outside, by fuzz target.
pub fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let mut all = requests();
    all.extend(others());
    all.push(("envelope", signed()));
    all
}

fn signed() -> Vec<u8> {
    Outgoing::new(EXCHANGE, COURSE, START, &batch()).seal(agency(1), b"", &signing(agency(1)))
}

#[test]
fn every_changed_bit_of_a_signed_message_is_refused() {
    for message in [
        signed(),
        Outgoing::new(EXCHANGE, COURSE, START, &Heartbeat { number: 1 }).seal(
            agency(1),
            b"head",
            &signing(agency(1)),
        ),
    ] {
        assert!(verify(&message, EXCHANGE, &WORLD.keys, START).is_ok());
        for bit in 0..message.len() * 8 {
            let mut changed = message.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(
                verify(&changed, EXCHANGE, &WORLD.keys, START).is_err(),
                "bit {bit}"
            );
        }
        for end in 0..message.len() {
            assert!(verify(&message[..end], EXCHANGE, &WORLD.keys, START).is_err());
        }
        let longer = [message.as_slice(), &[0]].concat();
        assert!(verify(&longer, EXCHANGE, &WORLD.keys, START).is_err());
    }
}

#[test]
fn each_refusal_names_its_rule() {
    let message = signed();
    let refused = |bytes: &[u8], me, keys: &Keyring, now| verify(bytes, me, keys, now).err();
    assert_eq!(
        refused(&message, agency(2), &WORLD.keys, START),
        Some(Refusal::Recipient)
    );
    assert_eq!(
        refused(&message, EXCHANGE, &Keyring::default(), START),
        Some(Refusal::Sender)
    );
    assert_eq!(
        refused(&message, EXCHANGE, &WORLD.keys, START.plus(31 * Micros::DAY)),
        Some(Refusal::Time)
    );
    assert_eq!(
        refused(&message, EXCHANGE, &WORLD.keys, START.plus(-Micros::HOUR)),
        Some(Refusal::Time)
    );
    assert_eq!(
        refused(&message[..1], EXCHANGE, &WORLD.keys, START),
        Some(Refusal::Malformed(Malformed::Truncated))
    );
    let mut version = message.clone();
    version[1] = 9;
    assert_eq!(
        refused(&version, EXCHANGE, &WORLD.keys, START),
        Some(Refusal::Version)
    );
    assert_eq!(Refusal::Version.answer(MessageId([0; 16])).spoken, SPOKEN);
    let mut other = Keyring::default();
    other.add(
        agency(1),
        PublicKey(SigningKey::from_bytes(&[1; 32]).verifying_key().to_bytes()),
    );
    assert_eq!(
        refused(&message, EXCHANGE, &other, START),
        Some(Refusal::Signature)
    );
    let seen = verify(&message, EXCHANGE, &WORLD.keys, START).unwrap();
    assert_eq!(seen.open::<Notice>().err(), Some(Refusal::Kind));
    assert_eq!(seen.open::<Batch>().unwrap().value(), &batch());
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let mut codes: Vec<u8> = [
        Refusal::Malformed(Malformed::Trailing),
        Refusal::Version,
        Refusal::Kind,
        Refusal::Recipient,
        Refusal::Sender,
        Refusal::Signature,
        Refusal::Time,
        Refusal::Conflict,
        Refusal::Scope,
        Refusal::Epoch,
        Refusal::Desk,
        Refusal::Batch,
        Refusal::Ticket,
        Refusal::TicketUsed,
        Refusal::TicketSize,
        Refusal::Quota,
        Refusal::Element,
        Refusal::Proof,
        Refusal::Unasked,
        Refusal::TwoPeople,
        Refusal::HeldLimit,
        Refusal::Closed,
        Refusal::Range,
        Refusal::Log,
        Refusal::KnownAnswers,
    ]
    .iter()
    .map(|refusal| refusal.code())
    .collect();
    codes.dedup();
    assert_eq!(codes, (1..=25).collect::<Vec<u8>>());
}

#[test]
fn a_repeat_is_idempotent_and_another_body_under_its_id_is_evidence() {
    let mut inbox = Inbox::default();
    let seen = |bytes: &[u8]| verify(bytes, EXCHANGE, &WORLD.keys, START).unwrap();
    let first = seen(&signed());
    assert_eq!(inbox.accept(&first), Ok(Acceptance::New));
    assert_eq!(inbox.accept(&first), Ok(Acceptance::Repeat));
    let later_head =
        Outgoing::new(EXCHANGE, COURSE, START, &batch()).seal(agency(1), b"newer", &signing(agency(1)));
    assert_eq!(inbox.accept(&seen(&later_head)), Ok(Acceptance::Repeat));
    let forged = Envelope {
        version: VERSION,
        kind: Kind::Batch,
        scope: SCOPE,
        epoch: EPOCH,
        from: agency(1),
        to: EXCHANGE,
        id: first.id(),
        at: START,
        checkpoint: Blob::default(),
        body: Blob(encode(&Batch {
            lane: Lane::Urgent,
            ..batch()
        })),
    }
    .sign(&signing(agency(1)));
    assert_eq!(inbox.accept(&seen(&forged)), Err(Refusal::Conflict));
}

#[test]
fn verification_changes_nothing_and_a_refused_batch_changes_nothing() {
    let mut centre = WORLD.centre.clone();
    let before = centre.index().len();
    let send = |batch: &Batch, from: PartyId| {
        let bytes = Outgoing::new(EXCHANGE, COURSE, START, batch).seal(from, b"", &signing(from));
        verify(&bytes, EXCHANGE, &WORLD.keys, START)
            .unwrap()
            .open::<Batch>()
            .unwrap()
    };
    let rows = |n: u8| (0..n).map(put).collect::<Vec<_>>();
    let plain = |puts, lane| Batch {
        desk: desk(1),
        lane,
        puts,
        dels: Vec::new(),
        approvals: Vec::new(),
    };
    let cases = [
        (plain(rows(63), Lane::Bulk), agency(1), Refusal::Batch),
        (plain(rows(64), Lane::Urgent), agency(1), Refusal::Batch),
        (plain(Vec::new(), Lane::Bulk), agency(1), Refusal::Batch),
        (plain(vec![put(1); 64], Lane::Bulk), agency(1), Refusal::Batch),
        (plain(rows(64), Lane::Bulk), agency(2), Refusal::Desk),
        (
            Batch {
                desk: desk(10),
                ..plain(rows(64), Lane::Bulk)
            },
            agency(10),
            Refusal::TwoPeople,
        ),
        (batch(), agency(1), Refusal::Batch),
    ];
    for (batch, from, rule) in cases {
        assert_eq!(centre.batch(&send(&batch, from), START).err(), Some(rule));
        assert_eq!(centre.index().len(), before);
    }
    let good = send(&plain(rows(64), Lane::Bulk), agency(1));
    let receipt = centre.batch(&good, START).unwrap();
    assert_eq!(
        centre.batch(&good, START.plus(5)).unwrap(),
        receipt,
        "a repeat gets the same receipt"
    );
    assert_eq!(centre.index().len(), before + 64);
}

#[test]
fn every_body_has_one_form_and_a_type() {
    let batch_bytes = encode(&batch());
    assert_eq!(decode::<Batch>(&batch_bytes), Ok(batch()));
    assert_eq!(Batch::KIND, Kind::Batch);
    assert_eq!(decode::<Notice>(&encode(&notice())), Ok(notice()));
    assert!(decode::<Notice>(&batch_bytes).is_err());
    let kinds: Vec<u8> = Kind::ALL.iter().map(|kind| kind.code()).collect();
    assert_eq!(kinds, (1..=29).collect::<Vec<u8>>());
}

//! Ask and answer: what may be asked and shown, by whom, how fast, and what both logs hold afterwards.

use crate::people::draw;
use crate::sim::world::{EXCHANGE, SCOPE, START, agency, agreement};
use exchange::ask::*;
use exchange::ids::{Handle, MessageId, Micros};
use exchange::refusal::Refusal;
use exchange::seal::OpenWith;
use exchange::ticket::LogKeys;
use exchange::wire::Blob;
use ledger::append::append;
use ledger::checkpoint::Checkpoint;
use ledger::key::{NOTE, SignerKey};
use ledger::leaf::{Field, Issuer, Leaf, Value};
use ledger::proof::Proof;
use ledger::source::Memory;
use ledger::tree::Reader;

const BETWEEN: Between = Between {
    scope: SCOPE,
    asker: agency_const(0),
    holder: agency_const(1),
};
const IT: MessageId = MessageId([1; 16]);
const LATER: Micros = Micros(START.0 + 5 * Micros::DAY);

const fn agency_const(n: u8) -> exchange::ids::PartyId {
    exchange::ids::PartyId([n; 16])
}

/// A log with one record in it.
struct Logged {
    keys: LogKeys,
    leaf: Leaf,
    disclosures: Vec<ledger::leaf::Disclosure>,
    entry: Blob,
}

fn logged(name: &str, fields: &[(&str, &str)]) -> Logged {
    let key = SignerKey::from_seed(name, NOTE, &[1; 32]).unwrap();
    let issuer = Issuer::new(SignerKey::from_seed(name, NOTE, &[2; 32]).unwrap()).unwrap();
    let values: Vec<Value> = fields
        .iter()
        .map(|(_, value)| Value::Text((*value).to_owned()))
        .collect();
    let mut draw = draw(9);
    let fields: Vec<Field<'_>> = fields
        .iter()
        .zip(&values)
        .map(|((name, _), value)| Field {
            name,
            value,
            salt: draw.bytes(),
        })
        .collect();
    let record = issuer.record(&fields, &draw.bytes()).unwrap();
    let mut memory = Memory::default();
    let entries = [b"before".as_slice(), &record.leaf, b"after"];
    let done = append(memory.edge(), &entries).unwrap();
    memory.extend(&entries, done);
    let edge = memory.edge().clone();
    let path = Reader::new(&memory, edge.size())
        .inclusion(1, edge.size())
        .unwrap();
    let checkpoint = Checkpoint::new(name, edge.size(), edge.root())
        .sign(&key)
        .unwrap();
    let proof = Proof {
        extra: None,
        index: 1,
        path,
        checkpoint,
    };
    Logged {
        keys: LogKeys {
            log: key.verifier(),
            issuer: issuer.verifier(),
        },
        leaf: Leaf::parse(&record.leaf).unwrap(),
        disclosures: record.disclosures,
        entry: Blob(proof.to_bytes()),
    }
}

fn request() -> (AskBody, LogKeys) {
    let log = logged("northmere.example/log", &[("event", "asked")]);
    let body = AskBody {
        theirs: Handle([1; 16]),
        ours: Handle([2; 16]),
        purpose: 1,
        gateway: "CA2004-s11".to_owned(),
        necessity: "to plan the visit together".to_owned(),
        fields: vec!["allocated-worker".to_owned(), "plan".to_owned()],
        officer: "northmere/hub".to_owned(),
        approver: "northmere/hub-manager".to_owned(),
        urgency: Urgency::Enquiry,
        break_glass: false,
        entry: log.entry,
        leaf: log.leaf.present([]).unwrap(),
        answer_to: OpenWith::from_seed(&[5; 32]).public().0,
    };
    (body, log.keys)
}

fn record() -> Logged {
    logged(
        "wrenford.example/log",
        &[
            ("allocated-worker", "R. Achebe"),
            ("plan", "visit weekly"),
            ("reporter", "x"),
        ],
    )
}

fn answer(reply: Reply, shown: &[&str]) -> (AnswerBody, LogKeys) {
    let log = record();
    let chosen = log.disclosures.iter().filter(|d| shown.contains(&d.name()));
    let refused = reply == Reply::Refused;
    let body = AnswerBody {
        of: IT,
        reply,
        shown: if refused {
            String::new()
        } else {
            log.leaf.present(chosen).unwrap()
        },
        reason: u16::from(reply != Reply::Full),
        words: if reply == Reply::Full {
            String::new()
        } else {
            "held for another enquiry".to_owned()
        },
        officer: "wrenford/desk".to_owned(),
        approver: "wrenford/lead".to_owned(),
        entry: if refused { Blob::default() } else { log.entry },
    };
    (body, log.keys)
}

const ORDINARY: Releasing = Releasing {
    guarded: false,
    same_unit: true,
};

fn holding(body: AskBody, keys: &LogKeys) -> Result<Holding, Refusal> {
    Holding::receive(IT, body, &agreement(), BETWEEN, keys, (START, LATER))
}

fn asking(body: AskBody) -> Result<(Asking, Option<AskingEvent>), Refusal> {
    Asking::begin(
        IT,
        body,
        &agreement(),
        BETWEEN,
        START.plus(24 * Micros::HOUR),
        START,
    )
}

#[test]
fn an_ask_and_its_answer_travel_sealed_and_end_on_both_logs() {
    let (body, keys) = request();
    let (desk, mine) = (OpenWith::from_seed(&[4; 32]), OpenWith::from_seed(&[5; 32]));
    let sealed = seal_ask(&body, &desk.public(), BETWEEN, false, &mut draw(1)).unwrap();
    let opened = open_ask(&sealed, &desk, BETWEEN).unwrap();
    assert_eq!(opened, body);
    let (mut asking, none) = asking(body).unwrap();
    assert_eq!(none, None);
    let mut held = holding(opened, &keys).unwrap();
    assert_eq!(held.due(), START.plus(24 * Micros::HOUR));
    let receipt = held.receipt([7; 32], [8; 32]);
    assert_eq!(
        asking.receipt(&receipt, [7; 32]),
        Ok(Some(AskingEvent::Delivered))
    );
    assert_eq!(asking.receipt(&receipt, [7; 32]), Ok(None));
    assert_eq!(asking.receipt(&receipt, [6; 32]), Err(Refusal::Log));

    let (reply, their_keys) = answer(Reply::Full, &["allocated-worker", "plan"]);
    assert_eq!(held.decide(&reply, ORDINARY, &agreement(), START), Ok(None));
    let to = exchange::seal::SealTo(held.body().answer_to);
    let sealed = seal_answer(&reply, &to, BETWEEN, &mut draw(2)).unwrap();
    let opened = open_answer(&sealed, &mine, BETWEEN).unwrap();
    let (shown, event) = asking.answer(&opened, &agreement(), &their_keys, START).unwrap();
    assert_eq!(event, Some(AskingEvent::Answered(Reply::Full)));
    let shown = shown.unwrap();
    assert_eq!(shown.value("plan"), Some(&Value::Text("visit weekly".to_owned())));
    assert_eq!(shown.value("reporter"), None);
    let back = Receipt {
        of: MessageId([2; 16]),
        theirs: [9; 32],
        mine: [3; 32],
    };
    assert_eq!(
        held.confirmed(&back, MessageId([2; 16]), [9; 32]),
        Ok(Some(HoldingEvent::Confirmed))
    );
    assert_eq!(held.stage(), HoldingStage::Received([3; 32]));
    assert_eq!(asking.tick(LATER), None, "an answered ask does not lapse");
}

#[test]
fn a_sealed_message_opens_only_where_it_was_sent() {
    let (body, _) = request();
    let desk = OpenWith::from_seed(&[4; 32]);
    let sealed = seal_ask(&body, &desk.public(), BETWEEN, true, &mut draw(1)).unwrap();
    for moved in [
        Between {
            holder: agency(2),
            ..BETWEEN
        },
        Between {
            asker: EXCHANGE,
            ..BETWEEN
        },
        Between {
            scope: exchange::ids::ScopeId([9; 16]),
            ..BETWEEN
        },
    ] {
        assert_eq!(open_ask(&sealed, &desk, moved).err(), Some(Refusal::Closed));
    }
    assert!(open_ask(&sealed, &OpenWith::from_seed(&[6; 32]), BETWEEN).is_err());
    for at in (0..sealed.sealed.0.len()).step_by(7) {
        let mut changed = sealed.clone();
        changed.sealed.0[at] ^= 1;
        assert!(open_ask(&changed, &desk, BETWEEN).is_err());
    }
    let as_answer = Answer {
        enc: sealed.enc,
        sealed: sealed.sealed.clone(),
    };
    assert!(open_answer(&as_answer, &desk, BETWEEN).is_err());
}

#[test]
fn asking_needs_two_people_a_reason_a_gateway_and_an_agreement() {
    let (good, keys) = request();
    let cases: [(AskBody, Refusal); 7] = [
        (
            AskBody {
                approver: String::new(),
                ..good.clone()
            },
            Refusal::TwoPeople,
        ),
        (
            AskBody {
                approver: good.officer.clone(),
                ..good.clone()
            },
            Refusal::TwoPeople,
        ),
        (
            AskBody {
                necessity: "  ".to_owned(),
                ..good.clone()
            },
            Refusal::Range,
        ),
        (
            AskBody {
                fields: Vec::new(),
                ..good.clone()
            },
            Refusal::Range,
        ),
        (
            AskBody {
                fields: vec!["reporter".to_owned()],
                ..good.clone()
            },
            Refusal::Scope,
        ),
        (
            AskBody {
                gateway: "CA1989-s47".to_owned(),
                ..good.clone()
            },
            Refusal::Scope,
        ),
        (
            AskBody {
                purpose: 9,
                ..good.clone()
            },
            Refusal::Scope,
        ),
    ];
    for (body, rule) in cases {
        assert_eq!(asking(body.clone()).err(), Some(rule), "the asker's own node");
        assert_eq!(holding(body, &keys).err(), Some(rule), "and the holder's");
    }
    let unlogged = AskBody {
        entry: Blob(b"nothing".to_vec()),
        ..good.clone()
    };
    assert_eq!(holding(unlogged, &keys).err(), Some(Refusal::Log));
    assert_eq!(
        holding(good.clone(), &record().keys).err(),
        Some(Refusal::Log),
        "another agency's log"
    );
    let expired = (START.plus(500 * Micros::DAY), LATER);
    assert!(Holding::receive(IT, good, &agreement(), BETWEEN, &keys, expired).is_err());
}

#[test]
fn breaking_glass_is_for_immediate_risk_and_tells_the_overseer() {
    let (good, keys) = request();
    let alone = AskBody {
        approver: String::new(),
        break_glass: true,
        ..good
    };
    assert_eq!(
        asking(alone.clone()).err(),
        Some(Refusal::TwoPeople),
        "not for an enquiry"
    );
    let now = AskBody {
        urgency: Urgency::Immediate,
        ..alone
    };
    let (_, event) = asking(now.clone()).unwrap();
    assert_eq!(
        event,
        Some(AskingEvent::GlassBroken(START.plus(24 * Micros::HOUR)))
    );
    let mut held = holding(now, &keys).unwrap();
    assert_eq!(held.due(), START.plus(Micros::HOUR));
    let (mut reply, _) = answer(Reply::Full, &["allocated-worker", "plan"]);
    reply.approver = String::new();
    let event = held.decide(&reply, ORDINARY, &agreement(), START).unwrap();
    assert_eq!(
        event,
        Some(HoldingEvent::OnePerson(START.plus(24 * Micros::HOUR)))
    );
}

#[test]
fn releasing_and_refusing_need_a_second_person_of_another_unit_where_guarded() {
    let (body, keys) = request();
    let guarded = Releasing {
        guarded: true,
        same_unit: true,
    };
    let (mut reply, _) = answer(Reply::Refused, &[]);
    let mut held = holding(body, &keys).unwrap();
    assert_eq!(
        held.decide(&reply, guarded, &agreement(), START),
        Err(Refusal::TwoPeople)
    );
    reply.approver = reply.officer.clone();
    assert_eq!(
        held.decide(&reply, ORDINARY, &agreement(), START),
        Err(Refusal::TwoPeople)
    );
    reply.approver = "wrenford/lead".to_owned();
    reply.words = String::new();
    assert_eq!(
        held.decide(&reply, ORDINARY, &agreement(), START),
        Err(Refusal::Range),
        "no refusal without words"
    );
    assert_eq!(held.stage(), HoldingStage::Open);
    let (reply, _) = answer(Reply::Refused, &[]);
    let apart = Releasing {
        same_unit: false,
        ..guarded
    };
    assert_eq!(held.decide(&reply, apart, &agreement(), START), Ok(None));
    assert_eq!(
        held.decide(&reply, apart, &agreement(), START),
        Err(Refusal::Unasked),
        "decided once"
    );
}

#[test]
fn an_answer_shows_what_was_asked_and_nothing_more() {
    let (body, _) = request();
    let take = |reply: Reply, shown: &[&str]| {
        let (mut asking, _) = asking(body.clone()).unwrap();
        let (answer, keys) = answer(reply, shown);
        asking
            .answer(&answer, &agreement(), &keys, START)
            .map(|(shown, _)| shown.is_some())
    };
    assert_eq!(take(Reply::Full, &["allocated-worker", "plan"]), Ok(true));
    assert_eq!(take(Reply::Partial, &["plan"]), Ok(true));
    assert_eq!(take(Reply::Refused, &[]), Ok(false));
    assert_eq!(
        take(Reply::Full, &["plan"]),
        Err(Refusal::Range),
        "called full, and is not"
    );
    assert_eq!(
        take(Reply::Full, &["allocated-worker", "plan", "reporter"]),
        Err(Refusal::Range)
    );
    let (mut asking, _) = asking(body.clone()).unwrap();
    let (mut forged, keys) = answer(Reply::Partial, &["plan"]);
    forged.entry = logged("wrenford.example/log", &[("plan", "none")]).entry;
    assert_eq!(
        asking.answer(&forged, &agreement(), &keys, START).err(),
        Some(Refusal::Log)
    );
    assert_eq!(
        asking.stage(),
        &AskingStage::Sent,
        "a refused answer changes nothing"
    );
}

#[test]
fn silence_is_recorded_on_both_sides_and_a_late_answer_is_late() {
    let (body, keys) = request();
    let (mut asking, _) = asking(body.clone()).unwrap();
    let mut held = holding(body, &keys).unwrap();
    let due = START.plus(24 * Micros::HOUR);
    assert_eq!((asking.tick(due.plus(-1)), held.tick(due.plus(-1))), (None, None));
    assert_eq!(asking.tick(due), Some(AskingEvent::NoResponse));
    assert_eq!(held.tick(due), Some(HoldingEvent::NoResponse));
    assert_eq!(
        (asking.tick(due.plus(1)), held.tick(due.plus(1))),
        (None, None),
        "once"
    );
    let (reply, their_keys) = answer(Reply::Full, &["allocated-worker", "plan"]);
    held.decide(&reply, ORDINARY, &agreement(), due.plus(5)).unwrap();
    asking
        .answer(&reply, &agreement(), &their_keys, due.plus(5))
        .unwrap();
    assert_eq!(asking.stage(), &AskingStage::AnsweredLate(Reply::Full));
    assert_eq!(Urgency::Routine.due(START, LATER), LATER);
}

//! Ask and answer: what may be asked and shown, by whom, how fast, and what both logs hold afterwards.

use crate::people::draw;
use crate::sim::world::{EXCHANGE, SCOPE, START, agency, agreement};
use domain::clock::{Clock, Confidence, Facing, Rule, Start, TimeOfDay, Unit};
use exchange::ask::*;
use exchange::ids::{Handle, MessageId, Micros};
use exchange::refusal::Refusal;
use exchange::seal::{self, Binding, OpenWith};
use exchange::ticket::LogKeys;
use exchange::wire::{Blob, Malformed, encode};
use jiff::civil::Date;
use jiff::tz::TimeZone;
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
    let values: Vec<(&str, Value)> = fields
        .iter()
        .map(|(name, value)| (*name, Value::Text((*value).to_owned())))
        .collect();
    logged_values(name, &values)
}

fn logged_values(name: &str, fields: &[(&str, Value)]) -> Logged {
    let key = SignerKey::from_seed(name, NOTE, &[1; 32]).unwrap();
    let issuer = Issuer::new(SignerKey::from_seed(name, NOTE, &[2; 32]).unwrap()).unwrap();
    let mut draw = draw(9);
    let fields: Vec<Field<'_>> = fields
        .iter()
        .map(|(name, value)| Field {
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

const ASKER: &str = "northmere.example/log";
const HOLDER: &str = "wrenford.example/log";

fn unlogged_request() -> AskBody {
    AskBody {
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
        answer_to: OpenWith::from_seed(&[5; 32]).public().0,
        leaf: String::new(),
        entry: Blob::default(),
    }
}

/// Logs a request as it stands, and gives it its leaf and proof.
fn log_request(body: AskBody) -> (AskBody, LogKeys) {
    let log = logged_values(ASKER, &body.fields());
    let leaf = log.leaf.present(&log.disclosures).unwrap();
    let body = AskBody {
        leaf,
        entry: log.entry,
        ..body
    };
    (body, log.keys)
}

fn request() -> (AskBody, LogKeys) {
    log_request(unlogged_request())
}

fn record() -> Logged {
    logged(
        HOLDER,
        &[
            ("allocated-worker", "R. Achebe"),
            ("plan", "visit weekly"),
            ("reporter", "x"),
        ],
    )
}

fn unlogged_answer(reply: Reply, shown: &[&str]) -> AnswerBody {
    let log = record();
    let chosen = log.disclosures.iter().filter(|d| shown.contains(&d.name()));
    let refused = reply == Reply::Refused;
    let (shown, shown_entry) = if refused {
        (String::new(), Blob::default())
    } else {
        (log.leaf.present(chosen).unwrap(), log.entry)
    };
    let held_back = "held for another enquiry".to_owned();
    AnswerBody {
        of: IT,
        reply,
        shown,
        shown_entry,
        reason: u16::from(reply != Reply::Full),
        words: if reply == Reply::Full {
            String::new()
        } else {
            held_back
        },
        officer: "wrenford/desk".to_owned(),
        approver: "wrenford/lead".to_owned(),
        leaf: String::new(),
        entry: Blob::default(),
    }
}

fn log_answer(body: AnswerBody) -> (AnswerBody, LogKeys) {
    let log = logged_values(HOLDER, &body.fields());
    let leaf = log.leaf.present(&log.disclosures).unwrap();
    let body = AnswerBody {
        leaf,
        entry: log.entry,
        ..body
    };
    (body, log.keys)
}

fn answer(reply: Reply, shown: &[&str]) -> (AnswerBody, LogKeys) {
    log_answer(unlogged_answer(reply, shown))
}

/// An answer for tests that are about its way, not its content.
pub fn plain_answer() -> AnswerBody {
    answer(Reply::Full, &["allocated-worker", "plan"]).0
}

/// The rule pack's clock for a kind of request: so many hours, or working days of a calendar without holidays.
fn clock(length: u32, unit: Unit) -> Clock {
    let of_days = unit == Unit::WorkingDays;
    Clock {
        id: "X01".to_owned(),
        title_key: "x01".to_owned(),
        title: "Answer another agency".to_owned(),
        trigger: "asked".to_owned(),
        start: Start::Day0,
        length,
        unit,
        calendar: of_days.then(|| "plain".to_owned()),
        time_of_day: TimeOfDay::Same,
        roll: false,
        zone: TimeZone::UTC,
        stop: "request-answered".to_owned(),
        pauses: Vec::new(),
        over_run: None,
        owner: "partner-agency".to_owned(),
        ladder: "child-facing".to_owned(),
        authority: "LOCAL".to_owned(),
        from: Date::constant(2020, 1, 1),
        to: None,
        confidence: Confidence::Local,
        facing: Facing::Child,
        all_hours: true,
        local_setting: true,
    }
}

fn rule(clock: &Clock) -> Rule<'_> {
    Rule {
        clock,
        calendar: None,
        pack_version: "test",
    }
}

const ORDINARY: Releasing = Releasing {
    guarded: false,
    same_unit: true,
};

fn holding(body: AskBody, keys: &LogKeys) -> Result<Holding, Refusal> {
    let day = clock(24, Unit::Hours);
    Holding::receive(IT, body, &agreement(), BETWEEN, keys, (START, &rule(&day)))
}

fn asking(body: AskBody, own: &LogKeys) -> Result<(Asking, Option<AskingEvent>), Refusal> {
    let day = clock(24, Unit::Hours);
    Asking::begin(IT, body, &agreement(), BETWEEN, own, (START, &rule(&day)))
}

#[test]
fn an_ask_and_its_answer_travel_sealed_and_end_on_both_logs() {
    let (body, keys) = request();
    let (desk, mine) = (OpenWith::from_seed(&[4; 32]), OpenWith::from_seed(&[5; 32]));
    let sealed = seal_ask(&body, &desk.public(), BETWEEN, false, &mut draw(1)).unwrap();
    let opened = open_ask(&sealed, &desk, BETWEEN).unwrap();
    assert_eq!(opened, body);
    let (mut asking, none) = asking(body, &keys).unwrap();
    assert_eq!(none, None);
    let mut held = holding(opened, &keys).unwrap();
    assert_eq!(held.due(), START.plus(24 * Micros::HOUR));
    let receipt = held.receipt([8; 32]);
    assert_eq!(asking.receipt(&receipt), Ok(Some(AskingEvent::Delivered)));
    assert_eq!(asking.stage(), &AskingStage::Delivered([8; 32]));
    assert_eq!(asking.receipt(&receipt), Ok(None));
    let of_another = Receipt {
        theirs: [6; 32],
        ..receipt
    };
    assert_eq!(asking.receipt(&of_another), Err(Refusal::Log));

    let (reply, their_keys) = answer(Reply::Full, &["allocated-worker", "plan"]);
    assert_eq!(
        held.decide(&reply, ORDINARY, &agreement(), &their_keys, START),
        Ok(None)
    );
    let to = exchange::seal::SealTo(held.body().answer_to);
    let sealed = seal_answer(&reply, &to, BETWEEN, &mut draw(2)).unwrap();
    let opened = open_answer(&sealed, &mine, BETWEEN).unwrap();
    let (shown, event) = asking.answer(&opened, &agreement(), &their_keys, START).unwrap();
    assert_eq!(event, Some(AskingEvent::Answered(Reply::Full)));
    let shown = shown.unwrap();
    assert_eq!(shown.value("plan"), Some(&Value::Text("visit weekly".to_owned())));
    assert_eq!(shown.value("reporter"), None);
    let its_id = MessageId([2; 16]);
    let back = asking.receipt_for(its_id, &opened, &their_keys, [3; 32]).unwrap();
    let of_another = Receipt {
        theirs: [9; 32],
        ..back.clone()
    };
    assert_eq!(held.confirmed(&of_another, its_id), Err(Refusal::Log));
    assert_eq!(held.confirmed(&back, its_id), Ok(Some(HoldingEvent::Confirmed)));
    assert_eq!(held.confirmed(&back, its_id), Ok(None));
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
        let (body, keys) = log_request(body);
        assert_eq!(
            asking(body.clone(), &keys).err(),
            Some(rule),
            "the asker's own node"
        );
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
    let day = clock(24, Unit::Hours);
    let expired = (START.plus(500 * Micros::DAY), &rule(&day));
    assert_eq!(
        Holding::receive(IT, good, &agreement(), BETWEEN, &keys, expired).err(),
        Some(Refusal::Scope)
    );
}

#[test]
fn the_leaf_of_an_ask_or_an_answer_is_of_that_very_act() {
    let (good, keys) = request();
    assert!(holding(good.clone(), &keys).is_ok());
    // a leaf of an earlier request of the same agency, for a request that says something else
    let other = AskBody {
        necessity: "to look".to_owned(),
        ..good.clone()
    };
    assert_eq!(holding(other.clone(), &keys).err(), Some(Refusal::Log));
    assert_eq!(
        asking(other, &keys).err(),
        Some(Refusal::Log),
        "nor may it be asked"
    );
    // any other leaf of the asker's log, or the right one with its fields not shown
    let any = logged(ASKER, &[("event", "viewed")]);
    let unrelated = AskBody {
        leaf: any.leaf.present(&any.disclosures).unwrap(),
        entry: any.entry,
        ..good.clone()
    };
    assert_eq!(holding(unrelated, &any.keys).err(), Some(Refusal::Log));
    let log = logged_values(ASKER, &good.fields());
    let silent = AskBody {
        leaf: log.leaf.present([]).unwrap(),
        ..good.clone()
    };
    assert_eq!(holding(silent, &keys).err(), Some(Refusal::Log));
    // an answer: changed after it was logged; or one that refuses and was never logged
    for (reply, shown) in [
        (Reply::Full, ["allocated-worker", "plan"].as_slice()),
        (Reply::Refused, &[]),
    ] {
        let (logged, their_keys) = answer(reply, shown);
        let (mut asking, _) = asking(good.clone(), &keys).unwrap();
        for body in [
            AnswerBody {
                officer: "wrenford/other".to_owned(),
                ..logged.clone()
            },
            unlogged_answer(reply, shown),
        ] {
            let taken = asking.answer(&body, &agreement(), &their_keys, START);
            assert_eq!(taken.err(), Some(Refusal::Log));
            let mut held = holding(good.clone(), &keys).unwrap();
            let decided = held.decide(&body, ORDINARY, &agreement(), &their_keys, START);
            assert_eq!(decided, Err(Refusal::Log));
        }
        assert!(asking.answer(&logged, &agreement(), &their_keys, START).is_ok());
    }
}

#[test]
fn the_length_of_what_is_sealed_says_little() {
    let desk = OpenWith::from_seed(&[4; 32]);
    let length = |necessity: &str| {
        let (body, _) = log_request(AskBody {
            necessity: necessity.to_owned(),
            ..unlogged_request()
        });
        seal_ask(&body, &desk.public(), BETWEEN, false, &mut draw(1))
            .unwrap()
            .sealed
            .0
            .len()
    };
    assert_eq!(length("x"), length(&"to plan the visit together ".repeat(60)));
    let sealed = |reply, shown: &[&str]| {
        let (body, _) = answer(reply, shown);
        seal_answer(&body, &desk.public(), BETWEEN, &mut draw(1))
            .unwrap()
            .sealed
            .0
            .len()
    };
    assert_eq!(
        sealed(Reply::Refused, &[]),
        sealed(Reply::Full, &["allocated-worker", "plan"]),
        "a refusal is as long as an answer"
    );
    // padding of any other form is refused
    let (body, _) = request();
    let bytes = encode(&Blob(encode(&body)));
    let mut long = bytes.clone();
    long.resize(2 * PADDED, 0);
    let mut dirty = bytes.clone();
    dirty.resize(PADDED, 0);
    dirty[PADDED - 1] = 1;
    let binding = Binding {
        scope: SCOPE,
        from: BETWEEN.asker,
        to: BETWEEN.holder,
        context: ASK,
    };
    for wrong in [bytes, long, dirty] {
        let (enc, sealed) = seal::seal(&desk.public(), &binding, &wrong, &mut draw(1)).unwrap();
        let ask = Ask {
            key: desk.public().id(),
            enc,
            sealed: Blob(sealed),
            direct: false,
        };
        assert_eq!(
            open_ask(&ask, &desk, BETWEEN).err(),
            Some(Refusal::Malformed(Malformed::NotCanonical))
        );
    }
}

#[test]
fn what_is_asked_and_answered_is_in_no_log_line() {
    let (body, _) = request();
    let (reply, _) = answer(Reply::Partial, &["plan"]);
    let printed = format!("{body:?} {reply:?}");
    for word in ["visit", "northmere", "held", "plan", "wrenford"] {
        assert!(!printed.contains(word), "{printed}");
    }
}

#[test]
fn a_rule_packs_clock_may_be_shorter_than_the_protocols_and_never_longer() {
    let hours = |n| clock(n, Unit::Hours);
    let due = |urgency: Urgency, clock: &Clock| urgency.due(START, &rule(clock)).unwrap();
    let hour = START.plus(Micros::HOUR);
    assert_eq!(due(Urgency::Immediate, &hours(1)), hour);
    assert_eq!(
        due(Urgency::Immediate, &hours(4)),
        hour,
        "an hour at immediate risk"
    );
    assert_eq!(due(Urgency::Enquiry, &hours(4)), START.plus(4 * Micros::HOUR));
    assert_eq!(due(Urgency::Enquiry, &hours(48)), START.plus(24 * Micros::HOUR));
    assert_eq!(due(Urgency::Routine, &hours(120)), START.plus(120 * Micros::HOUR));
    let without = Clock {
        calendar: Some("nowhere".to_owned()),
        ..clock(5, Unit::WorkingDays)
    };
    assert_eq!(
        Urgency::Routine.due(START, &rule(&without)),
        Err(Refusal::Range),
        "a clock that cannot be worked out is not guessed"
    );
}

#[test]
fn breaking_glass_is_for_immediate_risk_and_tells_the_overseer() {
    let (good, _) = request();
    let alone = AskBody {
        approver: String::new(),
        break_glass: true,
        ..good
    };
    let (alone, keys_alone) = log_request(alone);
    assert_eq!(
        asking(alone.clone(), &keys_alone).err(),
        Some(Refusal::TwoPeople),
        "not for an enquiry"
    );
    let now = AskBody {
        urgency: Urgency::Immediate,
        ..alone
    };
    let (now, keys) = log_request(now);
    let (_, event) = asking(now.clone(), &keys).unwrap();
    assert_eq!(
        event,
        Some(AskingEvent::GlassBroken(START.plus(24 * Micros::HOUR)))
    );
    let mut held = holding(now, &keys).unwrap();
    assert_eq!(held.due(), START.plus(Micros::HOUR));
    let mut reply = unlogged_answer(Reply::Full, &["allocated-worker", "plan"]);
    reply.approver = String::new();
    let (reply, own) = log_answer(reply);
    let event = held.decide(&reply, ORDINARY, &agreement(), &own, START).unwrap();
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
    let mut held = holding(body, &keys).unwrap();
    let mut decide = |reply: AnswerBody, releasing| {
        let (reply, own) = log_answer(reply);
        held.decide(&reply, releasing, &agreement(), &own, START)
    };
    let refusal = || unlogged_answer(Reply::Refused, &[]);
    assert_eq!(decide(refusal(), guarded), Err(Refusal::TwoPeople));
    let alone = AnswerBody {
        approver: refusal().officer,
        ..refusal()
    };
    assert_eq!(decide(alone, ORDINARY), Err(Refusal::TwoPeople));
    let wordless = AnswerBody {
        words: String::new(),
        ..refusal()
    };
    assert_eq!(
        decide(wordless, ORDINARY),
        Err(Refusal::Range),
        "no refusal without words"
    );
    let apart = Releasing {
        same_unit: false,
        ..guarded
    };
    assert_eq!(
        decide(refusal(), apart),
        Ok(None),
        "after all that it is still open"
    );
    assert_eq!(decide(refusal(), apart), Err(Refusal::Unasked), "decided once");
}

#[test]
fn an_answer_shows_what_was_asked_and_nothing_more() {
    let (body, keys_of_asker) = request();
    let take = |reply: Reply, shown: &[&str]| {
        let (mut asking, _) = asking(body.clone(), &keys_of_asker).unwrap();
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
    let (mut asking, _) = asking(body.clone(), &keys_of_asker).unwrap();
    let mut forged = unlogged_answer(Reply::Partial, &["plan"]);
    forged.shown_entry = logged(HOLDER, &[("plan", "none")]).entry;
    let (forged, keys) = log_answer(forged);
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
    let (mut asking, _) = asking(body.clone(), &keys).unwrap();
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
    held.decide(&reply, ORDINARY, &agreement(), &their_keys, due.plus(5))
        .unwrap();
    asking
        .answer(&reply, &agreement(), &their_keys, due.plus(5))
        .unwrap();
    assert_eq!(asking.stage(), &AskingStage::AnsweredLate(Reply::Full));
}

//! Every message type, by a table that does not compile when a type is added without being listed: what verification
//! refuses, that a body has one form, and that replays are idempotent.

use crate::messages::samples;
use crate::sim::world::{EPOCH, EXCHANGE, SCOPE, START, WORLD, agency, signing};
use exchange::ask;
use exchange::envelope::{Acceptance, Envelope, Inbox, Kind, VERSION, Verified, verify};
use exchange::epoch::{Destroyed, EpochDone};
use exchange::handoff::{HandOff, HandOffReceipt, Tally};
use exchange::ids::MessageId;
use exchange::message::*;
use exchange::recall::{Recall, RecallAck};
use exchange::refusal::{Refusal, Refused};
use exchange::wire::Blob;

type Read = fn(&Verified<()>) -> Result<(), Refusal>;

/// The fuzz target of a type, and its reader.
fn listed(kind: Kind) -> (&'static str, Read) {
    match kind {
        Kind::EvalRequest => ("eval_request", |v| v.open::<EvalRequest>().map(drop)),
        Kind::EvalReply => ("eval_reply", |v| v.open::<EvalReply>().map(drop)),
        Kind::Batch => ("batch", |v| v.open::<Batch>().map(drop)),
        Kind::BatchReceipt => ("batch_receipt", |v| v.open::<BatchReceipt>().map(drop)),
        Kind::Notice => ("notice", |v| v.open::<Notice>().map(drop)),
        Kind::Collected => ("collected", |v| v.open::<Collected>().map(drop)),
        Kind::OtherSide => ("other_side", |v| v.open::<OtherSide>().map(drop)),
        Kind::Crowded => ("crowded", |v| v.open::<Crowded>().map(drop)),
        Kind::Held => ("held", |v| v.open::<Held>().map(drop)),
        Kind::Decision => ("decision", |v| v.open::<Decision>().map(drop)),
        Kind::Lapsed => ("lapsed", |v| v.open::<Lapsed>().map(drop)),
        Kind::Holdings => ("holdings", |v| v.open::<Holdings>().map(drop)),
        Kind::Ask => ("ask", |v| v.open::<ask::Ask>().map(drop)),
        Kind::Answer => ("answer", |v| v.open::<ask::Answer>().map(drop)),
        Kind::Receipt => ("receipt", |v| v.open::<ask::Receipt>().map(drop)),
        Kind::NoResponse => ("no_response", |v| v.open::<ask::NoResponse>().map(drop)),
        Kind::Recall => ("recall", |v| v.open::<Recall>().map(drop)),
        Kind::RecallAck => ("recall_ack", |v| v.open::<RecallAck>().map(drop)),
        Kind::HandOff => ("hand_off", |v| v.open::<HandOff>().map(drop)),
        Kind::HandOffReceipt => ("hand_off_receipt", |v| v.open::<HandOffReceipt>().map(drop)),
        Kind::Tally => ("tally", |v| v.open::<Tally>().map(drop)),
        Kind::Refused => ("refused", |v| v.open::<Refused>().map(drop)),
        Kind::EpochDone => ("epoch_done", |v| v.open::<EpochDone>().map(drop)),
        Kind::Destroyed => ("destroyed", |v| v.open::<Destroyed>().map(drop)),
        Kind::KeygenOne => ("keygen_one", |v| v.open::<KeygenOne>().map(drop)),
        Kind::KeygenTwo => ("keygen_two", |v| v.open::<KeygenTwo>().map(drop)),
        Kind::Heartbeat => ("heartbeat", |v| v.open::<Heartbeat>().map(drop)),
        Kind::HoldingsAsk => ("holdings_ask", |v| v.open::<HoldingsAsk>().map(drop)),
        Kind::Recount => ("recount", |v| v.open::<Recount>().map(drop)),
    }
}

/// The sample of each type: its type, reader and body.
fn each() -> Vec<(Kind, Read, Vec<u8>)> {
    let samples = samples();
    let body = |name: &str| {
        samples
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, body)| body.clone())
    };
    Kind::ALL
        .iter()
        .map(|&kind| {
            let (name, read) = listed(kind);
            (
                kind,
                read,
                body(name).unwrap_or_else(|| panic!("no sample and no fuzz target of {name}")),
            )
        })
        .collect()
}

fn sealed(kind: Kind, version: u16, body: &[u8]) -> Vec<u8> {
    Envelope {
        version,
        kind,
        scope: SCOPE,
        epoch: EPOCH,
        from: agency(1),
        to: EXCHANGE,
        id: MessageId([kind.code(); 16]),
        at: START,
        checkpoint: Blob(b"head".to_vec()),
        body: Blob(body.to_vec()),
    }
    .sign(&signing(agency(1)))
}

fn checked(bytes: &[u8]) -> Result<Verified<()>, Refusal> {
    verify(bytes, EXCHANGE, &WORLD.keys, START)
}

#[test]
fn a_change_in_any_byte_of_any_type_is_refused() {
    for (kind, read, body) in each() {
        let message = sealed(kind, VERSION, &body);
        assert_eq!(read(&checked(&message).unwrap()), Ok(()), "{kind:?}");
        // every bit of a message of ordinary length, one bit of every byte of a long one
        let step = if message.len() <= 2_000 { 1 } else { 9 };
        for bit in (0..message.len() * 8).step_by(step) {
            let mut changed = message.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(checked(&changed).is_err(), "{kind:?}, bit {bit}");
        }
        assert_eq!(
            checked(&sealed(kind, VERSION + 1, &body)).err(),
            Some(Refusal::Version),
            "{kind:?}"
        );
    }
}

#[test]
fn a_signed_body_of_any_type_that_is_cut_or_longer_is_refused() {
    for (kind, read, body) in each() {
        let longer = [body.as_slice(), &[0]].concat();
        for wrong in (0..body.len()).map(|end| &body[..end]).chain([longer.as_slice()]) {
            let verified = checked(&sealed(kind, VERSION, wrong)).unwrap();
            assert!(
                matches!(read(&verified), Err(Refusal::Malformed(_))),
                "{kind:?}, {} bytes",
                wrong.len()
            );
        }
    }
}

#[test]
fn a_repeat_of_any_type_is_a_repeat_and_another_body_is_a_conflict() {
    let mut inbox = Inbox::default();
    for (kind, _, body) in each() {
        let first = checked(&sealed(kind, VERSION, &body)).unwrap();
        assert_eq!(inbox.accept(&first), Ok(Acceptance::New), "{kind:?}");
        assert_eq!(inbox.accept(&first), Ok(Acceptance::Repeat), "{kind:?}");
        let other = checked(&sealed(kind, VERSION, &[body.as_slice(), &[0]].concat())).unwrap();
        assert_eq!(inbox.accept(&other), Err(Refusal::Conflict), "{kind:?}");
        assert_eq!(inbox.accept(&first), Ok(Acceptance::Repeat), "{kind:?}");
    }
}

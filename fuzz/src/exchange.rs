//! What must hold for any bytes given to the exchange's parsers: no panic, what is read writes back the same, and
//! nothing unsigned is ever verified.
//!
//! Plain functions over bytes. `crates/exchange/tests/it/fuzz.rs` drives them on stable Rust from the committed
//! corpus; `fuzz_targets/` hands them to cargo-fuzz where a nightly compiler exists.

use exchange::ask::{self, Answer, AnswerBody, Ask, AskBody, Between, NoResponse, Receipt};
use exchange::canary::Owed;
use exchange::draw::Draw;
use exchange::envelope::{Envelope, Keyring, verify};
use exchange::epoch::{Destroyed, EpochDone, SignedDescriptor};
use exchange::handoff::{HandOff, HandOffReceipt, Tally};
use exchange::ids::{DeskId, Epoch, Micros, PartyId, RowId, ScopeId};
use exchange::keygen;
use exchange::matchkey::{self, Facts};
use exchange::message as m;
use exchange::oprf::{self, Output, Proof};
use exchange::pointer::{Place, Pointer, SEALED};
use exchange::recall::{Recall, RecallAck};
use exchange::refusal::Refused;
use exchange::seal::{self, Binding, OpenWith};
use exchange::ticket::{self, LogKeys};
use exchange::token;
use exchange::wire::{Wire, decode, encode};
use exchange::witnessing::{Branch, Fork, Rollback, Watch};
use ledger::key::{NOTE, SignerKey};

/// A function over bytes.
pub type Target = fn(&[u8]);

/// Every target, by the name of its corpus folder.
pub const TARGETS: [(&str, Target); 45] = [
    ("envelope", envelope),
    ("eval_request", one_form::<m::EvalRequest>),
    ("eval_reply", one_form::<m::EvalReply>),
    ("batch", one_form::<m::Batch>),
    ("batch_receipt", one_form::<m::BatchReceipt>),
    ("notice", one_form::<m::Notice>),
    ("collected", one_form::<m::Collected>),
    ("other_side", one_form::<m::OtherSide>),
    ("crowded", one_form::<m::Crowded>),
    ("held", one_form::<m::Held>),
    ("decision", one_form::<m::Decision>),
    ("lapsed", one_form::<m::Lapsed>),
    ("holdings", one_form::<m::Holdings>),
    ("holdings_ask", one_form::<m::HoldingsAsk>),
    ("recount", one_form::<m::Recount>),
    ("heartbeat", one_form::<m::Heartbeat>),
    ("keygen_one", one_form::<m::KeygenOne>),
    ("keygen_two", one_form::<m::KeygenTwo>),
    ("ask", one_form::<Ask>),
    ("ask_body", one_form::<AskBody>),
    ("answer", one_form::<Answer>),
    ("answer_body", one_form::<AnswerBody>),
    ("receipt", one_form::<Receipt>),
    ("no_response", one_form::<NoResponse>),
    ("recall", one_form::<Recall>),
    ("recall_ack", one_form::<RecallAck>),
    ("hand_off", one_form::<HandOff>),
    ("hand_off_receipt", one_form::<HandOffReceipt>),
    ("tally", one_form::<Tally>),
    ("refused", one_form::<Refused>),
    ("descriptor", one_form::<SignedDescriptor>),
    ("epoch_done", one_form::<EpochDone>),
    ("destroyed", one_form::<Destroyed>),
    ("fork", one_form::<Fork>),
    ("rollback", one_form::<Rollback>),
    ("branch", one_form::<Branch>),
    ("owed", one_form::<Owed>),
    ("evidence", evidence),
    ("ticket", ticket_proof),
    ("deal", deal),
    ("sealed", sealed),
    ("pointer", pointer),
    ("elements", elements),
    ("facts", facts),
    ("checkpoint", checkpoint),
];

/// A message body: if it is read at all, its bytes are the only ones for its value.
pub fn one_form<T: Wire>(bytes: &[u8]) {
    if let Ok(value) = decode::<T>(bytes) {
        assert_eq!(encode(&value), bytes);
    }
}

/// A signed envelope: without the sender's key nothing is verified, whatever the bytes.
pub fn envelope(bytes: &[u8]) {
    one_form::<Envelope>(bytes);
    let to = bytes
        .get(55..71)
        .and_then(|b| b.try_into().ok())
        .map_or(PartyId([0; 16]), PartyId);
    assert!(verify(bytes, to, &Keyring::default(), Micros(0)).is_err());
}

/// A sealed pointer never opens under another key.
pub fn pointer(bytes: &[u8]) {
    let (scope, epoch, desk, row) = (ScopeId([1; 16]), Epoch(1), DeskId([2; 16]), RowId([3; 16]));
    let key = token::row_key(&Output([7; 64]), scope, epoch, desk, row);
    if let Ok(sealed) = <[u8; SEALED]>::try_from(bytes) {
        assert!(
            Pointer::open(
                &sealed,
                &key,
                &Place {
                    scope,
                    epoch,
                    desk,
                    row
                }
            )
            .is_err()
        );
    }
}

/// Group elements, scalars and proofs write back as they were read.
pub fn elements(bytes: &[u8]) {
    if let Some(Ok(element)) = bytes.first_chunk::<32>().map(oprf::decode_element) {
        assert_eq!(element.compress().0[..], bytes[..32]);
    }
    if let Some(Ok(scalar)) = bytes.first_chunk::<32>().map(oprf::decode_scalar) {
        assert_eq!(scalar.as_bytes()[..], bytes[..32]);
    }
    if let Some(Ok(proof)) = bytes.first_chunk::<64>().map(Proof::from_bytes) {
        assert_eq!(proof.to_bytes()[..], bytes[..64]);
    }
}

/// Whatever was typed: at most 16 keys, sorted, without repeats, and the same when typed again.
pub fn facts(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.split('\n').map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    let facts = Facts {
        forename: next(),
        surname: next(),
        date: next(),
        postcode: next(),
        nhs: next(),
        phones: vec![next()],
        vehicles: vec![next()],
        handles: vec![(next(), next())],
        devices: vec![next()],
        property: next(),
    };
    let keys = matchkey::keys(&facts);
    assert!(keys.len() <= matchkey::MOST);
    assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(keys.iter().all(|key| !key.value.is_empty()));
    assert_eq!(keys, matchkey::keys(&facts));
}

/// A checkpoint from an unknown log is refused and remembered nowhere.
pub fn checkpoint(bytes: &[u8]) {
    let mut watch = Watch::new(Vec::new());
    assert!(watch.checkpoint(bytes, Micros(0)).is_err());
    assert!(watch.newest().is_none());
}

/// Evidence of any kind against parties whose keys are not known proves nothing.
pub fn evidence(bytes: &[u8]) {
    let keys = Keyring::default();
    if let Ok(fork) = decode::<Fork>(bytes) {
        assert!(fork.check(&[]).is_err());
    }
    if let Ok(branch) = decode::<Branch>(bytes) {
        assert!(branch.check(&[]).is_err());
    }
    if let Ok(rollback) = decode::<Rollback>(bytes) {
        assert!(rollback.check(&keys, &[]).is_err());
    }
    if let Ok(owed) = decode::<Owed>(bytes) {
        assert!(owed.check(PartyId([1; 16]), &keys).is_err());
    }
}

/// A ticket under another log's keys is never proven.
pub fn ticket_proof(bytes: &[u8]) {
    let key =
        |seed: u8| SignerKey::from_seed("nobody.example/log", NOTE, &[seed; 32]).map(|key| key.verifier());
    if let (Ok(log), Ok(issuer), Ok(proof)) = (key(1), key(2), decode::<m::TicketProof>(bytes)) {
        assert!(ticket::verify(&proof, &LogKeys { log, issuer }).is_err());
    }
}

/// A first message of a key ceremony: taken or refused, without a panic; and never one that was sent to oneself.
pub fn deal(bytes: &[u8]) {
    if let Ok((state, own)) = keygen::begin(1, 2, 2, &mut Draw::new([1; 32])) {
        let mine = own == bytes;
        let taken = state.deal(&[(2, bytes.to_vec())]);
        assert!(!(mine && taken.is_ok()));
    }
}

/// What comes out of a sealed ask: a body is read only in its one padded form.
pub fn sealed(bytes: &[u8]) {
    let desk = OpenWith::from_seed(&[3; 32]);
    let between = Between {
        scope: ScopeId([1; 16]),
        asker: PartyId([2; 16]),
        holder: PartyId([3; 16]),
    };
    let binding = Binding {
        scope: between.scope,
        from: between.asker,
        to: between.holder,
        context: ask::ASK,
    };
    let Ok((enc, sealed)) = seal::seal(&desk.public(), &binding, bytes, &mut Draw::new([2; 32])) else {
        return;
    };
    let key = desk.public().id();
    let ask = Ask {
        key,
        enc,
        sealed: exchange::wire::Blob(sealed),
        direct: false,
    };
    if let Ok(body) = ask::open_ask(&ask, &desk, between) {
        assert!(bytes.len().is_multiple_of(ask::PADDED));
        let inner = encode(&body);
        assert_eq!(bytes.get(4..inner.len() + 4), Some(inner.as_slice()));
    }
}

//! Ask and answer (B6, D9): a justified request for disclosure and its reply, between two agencies, relayed blind or
//! direct. Both sides log before they act; each carries the other's leaf hash and its own newest checkpoint.

mod asking;
mod entry;
mod holding;

pub use asking::{Asking, AskingEvent, Stage as AskingStage};
pub use entry::{ANSWER_EVENT, ASK_EVENT, check_entry};
pub use holding::{Holding, HoldingEvent, Releasing, Stage as HoldingStage};

use crate::draw::Draw;
use crate::envelope::{Message, message};
use crate::ids::{Handle, MessageId, Micros, PartyId, ScopeId};
use crate::refusal::Refusal;
use crate::seal::{Binding, OpenWith, SealTo};
use crate::wire::{Blob, Malformed, Reader, Wire, decode, encode, wire_code, wire_struct};
use domain::agreement::Agreement;
use domain::clock::Rule;
use domain::time::Instant;

wire_code! {
    /// How soon an answer is needed. Said by people, never computed.
    pub enum Urgency {
        /// One hour, all hours.
        Immediate = 1,
        /// Twenty-four hours: an enquiry under section 47.
        Enquiry = 2,
        /// Five working days, by the calendar of the rule pack.
        Routine = 3,
    }
}

impl Urgency {
    /// The longest an answer may take, whatever a rule pack says: an hour at immediate risk, a day for an enquiry.
    /// Working days are the rule pack's to count.
    pub fn longest(self) -> Option<i64> {
        match self {
            Self::Immediate => Some(Micros::HOUR),
            Self::Enquiry => Some(24 * Micros::HOUR),
            Self::Routine => None,
        }
    }

    /// When an answer is due: by the clock that the rule pack has for this urgency, never later than the longest.
    pub fn due(self, received: Micros, clock: &Rule<'_>) -> Result<Micros, Refusal> {
        let due = clock.due(Instant(received.0)).map_err(|_| Refusal::Range)?;
        let due = Micros(due.at.0);
        Ok(self
            .longest()
            .map_or(due, |longest| due.min(received.plus(longest))))
    }
}

wire_struct! {
    private
    /// A request for disclosure, before sealing.
    pub struct AskBody {
        /// The holder's subject, from its pointer.
        pub theirs: Handle,
        /// The asker's subject.
        pub ours: Handle,
        /// Purpose, by its code in the agreement.
        pub purpose: u16,
        /// The legal gateway relied on, by its anchor.
        pub gateway: String,
        /// Why it is necessary, in words.
        pub necessity: String,
        /// The fields asked for, and no more.
        pub fields: Vec<String>,
        /// The post that asks.
        pub officer: String,
        /// The post that agreed to ask. Another person; empty only when glass is broken.
        pub approver: String,
        /// Urgency.
        pub urgency: Urgency,
        /// Immediate risk and nobody to approve: one person asks; the overseer is told at once.
        pub break_glass: bool,
        /// The desk key to seal the answer to.
        pub answer_to: [u8; 32],
        /// The asker's leaf of this very request, with its event and the request's digest shown.
        pub leaf: String,
        /// Proof that the leaf is in the asker's log.
        pub entry: Blob,
    }
}
wire_code! {
    /// What kind of reply an answer is.
    pub enum Reply {
        /// Every field asked for.
        Full = 1,
        /// Some of them, with the reason for the rest.
        Partial = 2,
        /// None, with a reason.
        Refused = 3,
    }
}
wire_struct! {
    private
    /// The reply, before sealing.
    pub struct AnswerBody {
        /// The ask.
        pub of: MessageId,
        /// What kind.
        pub reply: Reply,
        /// The chosen fields as an SD-JWT presentation of the holder's record; empty when refused.
        pub shown: String,
        /// Proof that the record shown is in the holder's log; empty when refused.
        pub shown_entry: Blob,
        /// Reason code for what is held back; 0 when nothing is.
        pub reason: u16,
        /// The reason in words.
        pub words: String,
        /// The post that released or refused.
        pub officer: String,
        /// The second person; empty only for a release at immediate risk.
        pub approver: String,
        /// The holder's leaf of this very answer or refusal, with its event and the answer's digest shown.
        pub leaf: String,
        /// Proof that the leaf is in the holder's log.
        pub entry: Blob,
    }
}
wire_struct! {
    /// A sealed ask on its way.
    pub struct Ask {
        /// Which of the desk's keys it is sealed to.
        pub key: [u8; 16],
        /// HPKE encapsulated key.
        pub enc: [u8; 32],
        /// The sealed [`AskBody`].
        pub sealed: Blob,
        /// Sent straight to a named agency, without a hit: neither exchange nor key-holder is needed.
        pub direct: bool,
    }
}
wire_struct! {
    /// A sealed answer on its way.
    pub struct Answer {
        /// HPKE encapsulated key.
        pub enc: [u8; 32],
        /// The sealed [`AnswerBody`].
        pub sealed: Blob,
    }
}
wire_struct! {
    /// What was received, with each side's leaf: both logs then show the transfer.
    pub struct Receipt {
        /// The message received.
        pub of: MessageId,
        /// The hash of the sender's leaf, as received.
        pub theirs: [u8; 32],
        /// The hash of the receiver's own leaf for it.
        pub mine: [u8; 32],
    }
}
wire_struct! {
    /// An ask lapsed without an answer: a recorded fact on both sides.
    pub struct NoResponse {
        /// The ask.
        pub of: MessageId,
        /// When it was due.
        pub due: Micros,
    }
}
message!(Ask => Ask, Answer => Answer, Receipt => Receipt, NoResponse => NoResponse);

/// Context of a sealed ask.
pub const ASK: &str = "dlx/ask/1";
/// Context of a sealed answer.
pub const ANSWER: &str = "dlx/answer/1";

/// Who speaks to whom, under which agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Between {
    /// The agreement.
    pub scope: ScopeId,
    /// The agency that asks.
    pub asker: PartyId,
    /// The agency that is asked.
    pub holder: PartyId,
}

impl Between {
    fn ask(self) -> Binding {
        Binding {
            scope: self.scope,
            from: self.asker,
            to: self.holder,
            context: ASK,
        }
    }
    fn answer(self) -> Binding {
        Binding {
            scope: self.scope,
            from: self.holder,
            to: self.asker,
            context: ANSWER,
        }
    }
}

/// Checks a request against the rules that hold whoever looks: two people, a reason, an agreement that allows it.
pub fn check_ask(
    body: &AskBody,
    agreement: &Agreement,
    between: Between,
    now: Micros,
) -> Result<(), Refusal> {
    let two = !body.officer.is_empty() && !body.approver.is_empty() && body.officer != body.approver;
    let broken = body.break_glass && body.urgency == Urgency::Immediate && !body.officer.is_empty();
    if !two && !broken {
        return Err(Refusal::TwoPeople);
    }
    if body.necessity.trim().is_empty() || body.fields.is_empty() {
        return Err(Refusal::Range);
    }
    let pair = (between.holder.0, between.asker.0);
    let fields = body.fields.iter().map(String::as_str);
    agreement
        .may_disclose(pair, body.purpose, &body.gateway, fields, Instant(now.0))
        .map_err(|_| Refusal::Scope)
}

/// Seals an ask to the holder's desk.
pub fn seal_ask(
    body: &AskBody,
    to: &SealTo,
    between: Between,
    direct: bool,
    draw: &mut Draw,
) -> Result<Ask, Refusal> {
    let (enc, sealed) = crate::seal::seal(to, &between.ask(), &padded(body), draw)?;
    Ok(Ask {
        key: to.id(),
        enc,
        sealed: Blob(sealed),
        direct,
    })
}

/// Opens an ask.
pub fn open_ask(ask: &Ask, with: &OpenWith, between: Between) -> Result<AskBody, Refusal> {
    if with.public().id() != ask.key {
        return Err(Refusal::Closed);
    }
    opened(&crate::seal::open(with, &between.ask(), &ask.enc, &ask.sealed.0)?)
}

/// Seals an answer to the key the ask named.
pub fn seal_answer(
    body: &AnswerBody,
    to: &SealTo,
    between: Between,
    draw: &mut Draw,
) -> Result<Answer, Refusal> {
    let (enc, sealed) = crate::seal::seal(to, &between.answer(), &padded(body), draw)?;
    Ok(Answer {
        enc,
        sealed: Blob(sealed),
    })
}

/// Opens an answer.
pub fn open_answer(answer: &Answer, with: &OpenWith, between: Between) -> Result<AnswerBody, Refusal> {
    opened(&crate::seal::open(
        with,
        &between.answer(),
        &answer.enc,
        &answer.sealed.0,
    )?)
}

/// Sealed asks and answers come in multiples of this many bytes before sealing: their length says neither how much was
/// asked nor, in all but long answers, whether it was refused.
pub const PADDED: usize = 8_192;

/// A body with its length before it and zeros after it.
fn padded<T: Wire>(body: &T) -> Vec<u8> {
    let mut out = encode(&Blob(encode(body)));
    out.resize(out.len().next_multiple_of(PADDED), 0);
    out
}

/// Reads a padded body. Any other padding than zeros to the next multiple is refused.
fn opened<T: Wire>(bytes: &[u8]) -> Result<T, Refusal> {
    let mut input = Reader::new(bytes);
    let body: T = decode(&Blob::read(&mut input)?.0)?;
    if padded(&body) == bytes {
        Ok(body)
    } else {
        Err(Malformed::NotCanonical.into())
    }
}

/// The type number of an ask, for tables of what may be relayed.
pub fn relayed() -> [crate::envelope::Kind; 4] {
    [Ask::KIND, Answer::KIND, Receipt::KIND, NoResponse::KIND]
}

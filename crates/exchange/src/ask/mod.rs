//! Ask and answer (B6, D9): a justified request for disclosure and its reply, between two agencies, relayed blind or
//! direct. Both sides log before they act; each carries the other's leaf hash and its own newest checkpoint.

mod asking;
mod holding;

pub use asking::{Asking, AskingEvent, Stage as AskingStage};
pub use holding::{Holding, HoldingEvent, Releasing, Stage as HoldingStage};

use crate::draw::Draw;
use crate::envelope::{Message, message};
use crate::ids::{Handle, MessageId, Micros, PartyId, ScopeId};
use crate::refusal::Refusal;
use crate::seal::{Binding, OpenWith, SealTo};
use crate::ticket::LogKeys;
use crate::wire::{Blob, Wire, decode, encode, wire_code, wire_struct};
use domain::agreement::Agreement;
use domain::time::Instant;
use ledger::leaf::Presentation;
use ledger::proof::Proof;

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
    /// When an answer is due. Working days are counted by the rule pack, so the caller gives that date.
    pub fn due(self, received: Micros, five_working_days: Micros) -> Micros {
        match self {
            Self::Immediate => received.plus(Micros::HOUR),
            Self::Enquiry => received.plus(24 * Micros::HOUR),
            Self::Routine => five_working_days,
        }
    }
}

wire_struct! {
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
        /// Proof that the request is in the asker's log.
        pub entry: Blob,
        /// The asker's leaf, with nothing else of it shown.
        pub leaf: String,
        /// The desk key to seal the answer to.
        pub answer_to: [u8; 32],
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
    /// The reply, before sealing.
    pub struct AnswerBody {
        /// The ask.
        pub of: MessageId,
        /// What kind.
        pub reply: Reply,
        /// The chosen fields as an SD-JWT presentation of the holder's record; empty when refused.
        pub shown: String,
        /// Reason code for what is held back; 0 when nothing is.
        pub reason: u16,
        /// The reason in words.
        pub words: String,
        /// The post that released or refused.
        pub officer: String,
        /// The second person; empty only for a release at immediate risk.
        pub approver: String,
        /// Proof that the shown record is in the holder's log; empty when refused.
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

/// Checks that a presentation is signed by its issuer and lies in that agency's log. A quorum of witnesses is shown
/// beside it by the reader's own policy; its absence delays nothing.
pub fn check_entry(shown: &str, entry: &Blob, keys: &LogKeys) -> Result<Presentation, Refusal> {
    let shown = Presentation::parse(shown).map_err(|_| Refusal::Log)?;
    shown.verify(&keys.issuer).map_err(|_| Refusal::Log)?;
    let proof = Proof::parse(&entry.0).map_err(|_| Refusal::Log)?;
    proof.check_path(&shown.leaf().hash()).map_err(|_| Refusal::Log)?;
    let signed = proof
        .checkpoint
        .note()
        .verified_by(core::slice::from_ref(&keys.log))
        .map_err(|_| Refusal::Log)?;
    let own = proof.checkpoint.checkpoint().origin == keys.log.name();
    if signed.is_empty() || !own {
        Err(Refusal::Log)
    } else {
        Ok(shown)
    }
}

/// Seals an ask to the holder's desk.
pub fn seal_ask(
    body: &AskBody,
    to: &SealTo,
    between: Between,
    direct: bool,
    draw: &mut Draw,
) -> Result<Ask, Refusal> {
    let (enc, sealed) = crate::seal::seal(to, &between.ask(), &encode(body), draw)?;
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
    let (enc, sealed) = crate::seal::seal(to, &between.answer(), &encode(body), draw)?;
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

fn opened<T: Wire>(bytes: &[u8]) -> Result<T, Refusal> {
    Ok(decode(bytes)?)
}

/// The type number of an ask, for tables of what may be relayed.
pub fn relayed() -> [crate::envelope::Kind; 4] {
    [Ask::KIND, Answer::KIND, Receipt::KIND, NoResponse::KIND]
}

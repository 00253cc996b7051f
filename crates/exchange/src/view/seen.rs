//! One message as the exchange sees it. The match over the kinds of message has no rest arm: a kind that is added must
//! say here what the exchange learns from it.

use super::{Bytes, Names, Rename};
use crate::envelope::{Kind, Message, Verified};
use crate::epoch::{Destroyed, EpochDone, Part};
use crate::ids::{DeskId, Epoch, Micros, PartyId, ScopeId};
use crate::message::{
    Approval, Batch, Collected, Decision, HoldingsAsk, Lane, Outcome, Recount as RecountBody, Step,
};
use crate::refusal::Refused as RefusedBody;
use ledger::checkpoint::SignedCheckpoint;

/// The sender's newest checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head<N: Names> {
    /// How many entries its log has.
    pub size: u64,
    /// Its root.
    pub root: N::Root,
}

/// A row as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put<N: Names> {
    /// Its token.
    pub token: N::Token,
    /// Its id.
    pub id: N::Row,
    /// Its sealed pointer.
    pub pointer: N::Pointer,
    /// Its last day.
    pub until: u32,
}

/// What a message says to the exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What<N: Names> {
    /// Rows put and deleted, in order.
    Batch {
        /// The desk.
        desk: DeskId,
        /// The lane.
        lane: Lane,
        /// Rows put.
        puts: Vec<Put<N>>,
        /// Rows deleted.
        dels: Vec<(N::Token, N::Row)>,
        /// Who agreed.
        officers: Vec<PartyId>,
    },
    /// Notices collected.
    Collected {
        /// Hits told.
        hits: Vec<N::Hit>,
        /// Hits held.
        held: Vec<N::Hit>,
        /// Hits lapsed.
        lapsed: Vec<N::Hit>,
        /// Rows told of as crowded.
        crowded: Vec<(N::Row, u32)>,
    },
    /// A held hit decided.
    Decided {
        /// The hit.
        hit: N::Hit,
        /// The desk.
        desk: DeskId,
        /// The outcome.
        outcome: Outcome,
        /// The reason's code.
        reason: u16,
        /// Who agreed.
        officers: Vec<PartyId>,
    },
    /// One end of a recount. Its number is random.
    Recount {
        /// The desk.
        desk: DeskId,
        /// Which end.
        step: Step,
        /// Who agreed.
        officers: Vec<PartyId>,
    },
    /// A desk asks for its holdings.
    HoldingsAsked(DeskId),
    /// An agency has moved to an epoch, with this many rows, those of random bytes included.
    EpochDone(u64),
    /// Somebody's part of an epoch is destroyed.
    Destroyed(Part, Micros),
    /// A message of the exchange's own was refused, by the rule of this number.
    Refused(N::Message, u8),
    /// A sign of life.
    Heartbeat,
    /// Something on its way to another, or that the exchange has no use for: its kind, and in the envelope its length.
    Passing(Kind),
    /// A body that is not of its kind's form.
    Malformed,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen<N: Names> {
    /// When it arrived.
    pub at: Micros,
    /// When it says it was made.
    pub made: Micros,
    /// Who signed it.
    pub from: PartyId,
    /// For whom it is.
    pub to: PartyId,
    /// The sharing agreement.
    pub scope: ScopeId,
    /// The epoch.
    pub epoch: Epoch,
    /// Its id.
    pub id: N::Message,
    /// The sender's log.
    pub head: Option<Head<N>>,
    /// How many bytes it has in all.
    pub length: usize,
    /// What it says.
    pub what: What<N>,
}

pub(super) fn of(at: Micros, message: &Verified<()>) -> Seen<Bytes> {
    let envelope = message.envelope();
    let head = SignedCheckpoint::parse(&envelope.checkpoint.0).ok();
    Seen {
        at,
        made: envelope.at,
        from: envelope.from,
        to: envelope.to,
        scope: envelope.scope,
        epoch: envelope.epoch,
        id: envelope.id,
        head: head.map(|signed| Head {
            size: signed.checkpoint().size,
            root: *signed.checkpoint().root.as_bytes(),
        }),
        length: message.evidence().len(),
        what: what(message),
    }
}

fn officers(approvals: &[Approval]) -> Vec<PartyId> {
    approvals.iter().map(|approval| approval.officer).collect()
}

fn read<M: Message>(message: &Verified<()>, what: impl FnOnce(&M) -> What<Bytes>) -> What<Bytes> {
    message
        .open::<M>()
        .map_or(What::Malformed, |message| what(message.value()))
}

fn what(message: &Verified<()>) -> What<Bytes> {
    match message.envelope().kind {
        Kind::Batch => read(message, batch),
        Kind::Collected => read(message, |body: &Collected| What::Collected {
            hits: body.hits.clone(),
            held: body.held.clone(),
            lapsed: body.lapsed.clone(),
            crowded: body.crowded.clone(),
        }),
        Kind::Decision => read(message, |body: &Decision| What::Decided {
            hit: body.hit,
            desk: body.desk,
            outcome: body.outcome,
            reason: body.reason,
            officers: officers(&body.approvals),
        }),
        Kind::Recount => read(message, |body: &RecountBody| What::Recount {
            desk: body.desk,
            step: body.step,
            officers: officers(&body.approvals),
        }),
        Kind::HoldingsAsk => read(message, |body: &HoldingsAsk| What::HoldingsAsked(body.desk)),
        Kind::EpochDone => read(message, |body: &EpochDone| What::EpochDone(body.rows)),
        Kind::Destroyed => read(message, |body: &Destroyed| What::Destroyed(body.part, body.at)),
        Kind::Refused => read(message, |body: &RefusedBody| What::Refused(body.of, body.rule)),
        Kind::Heartbeat => What::Heartbeat,
        kind @ (Kind::EvalRequest
        | Kind::EvalReply
        | Kind::BatchReceipt
        | Kind::Notice
        | Kind::OtherSide
        | Kind::Crowded
        | Kind::Held
        | Kind::Lapsed
        | Kind::Holdings
        | Kind::Ask
        | Kind::Answer
        | Kind::Receipt
        | Kind::NoResponse
        | Kind::Recall
        | Kind::RecallAck
        | Kind::HandOff
        | Kind::HandOffReceipt
        | Kind::Tally
        | Kind::KeygenOne
        | Kind::KeygenTwo) => What::Passing(kind),
    }
}

fn batch(body: &Batch) -> What<Bytes> {
    let puts = body.puts.iter().map(|put| Put {
        token: put.token,
        id: put.id,
        pointer: put.pointer,
        until: put.until,
    });
    What::Batch {
        desk: body.desk,
        lane: body.lane,
        puts: puts.collect(),
        dels: body.dels.iter().map(|del| (del.token, del.id)).collect(),
        officers: officers(&body.approvals),
    }
}

impl<A: Names> Seen<A> {
    /// The same message in other names.
    pub(super) fn rename<B: Names>(&self, to: &mut impl Rename<A, B>) -> Seen<B> {
        Seen {
            at: self.at,
            made: self.made,
            from: self.from,
            to: self.to,
            scope: self.scope,
            epoch: self.epoch,
            id: to.message(self.id),
            head: self.head.as_ref().map(|head| Head {
                size: head.size,
                root: to.root(head.root),
            }),
            length: self.length,
            what: self.what.rename(to),
        }
    }
}

impl<A: Names> What<A> {
    fn rename<B: Names>(&self, to: &mut impl Rename<A, B>) -> What<B> {
        match self {
            Self::Batch {
                desk,
                lane,
                puts,
                dels,
                officers,
            } => What::Batch {
                desk: *desk,
                lane: *lane,
                puts: puts.iter().map(|put| put.rename(to)).collect(),
                dels: dels.iter().map(|(t, r)| (to.token(*t), to.row(*r))).collect(),
                officers: officers.clone(),
            },
            Self::Collected {
                hits,
                held,
                lapsed,
                crowded,
            } => What::Collected {
                hits: hits.iter().map(|hit| to.hit(*hit)).collect(),
                held: held.iter().map(|hit| to.hit(*hit)).collect(),
                lapsed: lapsed.iter().map(|hit| to.hit(*hit)).collect(),
                crowded: crowded.iter().map(|(row, n)| (to.row(*row), *n)).collect(),
            },
            Self::Decided {
                hit,
                desk,
                outcome,
                reason,
                officers,
            } => What::Decided {
                hit: to.hit(*hit),
                desk: *desk,
                outcome: *outcome,
                reason: *reason,
                officers: officers.clone(),
            },
            Self::Recount { desk, step, officers } => What::Recount {
                desk: *desk,
                step: *step,
                officers: officers.clone(),
            },
            Self::HoldingsAsked(desk) => What::HoldingsAsked(*desk),
            Self::EpochDone(rows) => What::EpochDone(*rows),
            Self::Destroyed(part, at) => What::Destroyed(*part, *at),
            Self::Refused(of, rule) => What::Refused(to.message(*of), *rule),
            Self::Heartbeat => What::Heartbeat,
            Self::Passing(kind) => What::Passing(*kind),
            Self::Malformed => What::Malformed,
        }
    }
}

impl<A: Names> Put<A> {
    fn rename<B: Names>(&self, to: &mut impl Rename<A, B>) -> Put<B> {
        Put {
            token: to.token(self.token),
            id: to.row(self.id),
            pointer: to.pointer(self.pointer),
            until: self.until,
        }
    }
}

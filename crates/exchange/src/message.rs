//! Bodies of the messages between agencies, key-holders and the exchange (B6 with D4 to D9).

use crate::envelope::{Course, Message, message};
use crate::ids::{DeskId, Digest, HitId, MessageId, Micros, PartyId, RowId, Signature, Token};
use crate::pointer::Sealed;
use crate::wire::{Blob, encode, wire_code, wire_struct};

/// Rows of a bulk batch come in multiples of this.
pub const BULK: usize = 64;
/// An urgent batch has exactly this many rows.
pub const URGENT: usize = 16;
/// Most points or rows in one message.
pub const MOST: usize = 4096;

wire_struct! {
    /// Proof that the leaf of a batch is in the agency's log (D6).
    pub struct TicketProof {
        /// The leaf with the fields of a ticket shown (SD-JWT).
        pub leaf: String,
        /// Its index.
        pub index: u64,
        /// The Merkle path.
        pub path: Vec<[u8; 32]>,
        /// The agency's own signed checkpoint.
        pub checkpoint: Blob,
    }
}
wire_struct! {
    /// Blinded points to be evaluated.
    pub struct EvalRequest {
        /// The ticket.
        pub ticket: TicketProof,
        /// Immediate risk: served over quota, and loud.
        pub urgent: bool,
        /// The points, in random order.
        pub points: Vec<[u8; 32]>,
    }
}
wire_struct! {
    /// Evaluated points with one proof.
    pub struct EvalReply {
        /// The request.
        pub of: MessageId,
        /// The key-holder's seat.
        pub seat: u8,
        /// The number of the refresh its share is of, as the epoch's descriptor counts them.
        pub refresh: u32,
        /// The points, in the request's order.
        pub points: Vec<[u8; 32]>,
        /// The proof.
        pub proof: [u8; 64],
    }
}
wire_code! {
    /// How fast a batch travels.
    pub enum Lane {
        /// Multiples of 64 rows.
        Bulk = 1,
        /// Exactly 16 rows: immediate risk.
        Urgent = 2,
    }
}
wire_struct! {
    /// A row to put.
    pub struct Put {
        /// The token.
        pub token: Token,
        /// The row's id.
        pub id: RowId,
        /// The sealed pointer.
        pub pointer: Sealed,
        /// The last day it may be kept, as days since 1970.
        pub until: u32,
    }
}
wire_struct! {
    /// A row to delete.
    pub struct Del {
        /// The token.
        pub token: Token,
        /// The row's id.
        pub id: RowId,
    }
}
wire_struct! {
    /// One person's agreement, by their own key.
    pub struct Approval {
        /// The officer.
        pub officer: PartyId,
        /// Their signature over a context and the digest agreed to.
        pub signature: Signature,
    }
}
wire_struct! {
    /// Rows of one desk, shuffled and padded with rows of random bytes.
    pub struct Batch {
        /// The desk.
        pub desk: DeskId,
        /// The lane.
        pub lane: Lane,
        /// Rows to put.
        pub puts: Vec<Put>,
        /// Rows to delete; only in the bulk lane.
        pub dels: Vec<Del>,
        /// For a custodian or shield desk, two people. Otherwise empty.
        pub approvals: Vec<Approval>,
    }
}
wire_struct! {
    /// A batch is durable.
    pub struct BatchReceipt {
        /// The batch's message.
        pub of: MessageId,
        /// Digest of its body.
        pub digest: Digest,
        /// Rows put.
        pub put: u32,
        /// Rows deleted.
        pub deleted: u32,
    }
}
wire_struct! {
    /// Two rows met. Both sides get one in the same commit, with the same content from their own side.
    pub struct Notice {
        /// The hit.
        pub hit: HitId,
        /// The receiver's desk.
        pub desk: DeskId,
        /// The receiver's row.
        pub mine: RowId,
        /// The other desk.
        pub their_desk: DeskId,
        /// The agency that runs it.
        pub their_agency: PartyId,
        /// The other row.
        pub theirs: RowId,
        /// The other row's sealed pointer.
        pub pointer: Sealed,
        /// When the hit was committed.
        pub at: Micros,
        /// Put in the urgent lane by either side.
        pub urgent: bool,
    }
}
wire_struct! {
    /// These notices are durable at the receiver.
    pub struct Collected {
        /// Hits told.
        pub hits: Vec<HitId>,
        /// Hits held for the sender.
        pub held: Vec<HitId>,
        /// Hits whose lapse was told to the sender.
        pub lapsed: Vec<HitId>,
        /// Own rows told of as crowded, each with the number told.
        pub crowded: Vec<(RowId, u32)>,
    }
}
wire_struct! {
    /// Whether the other side of a hit has collected its notice.
    pub struct OtherSide {
        /// The hit.
        pub hit: HitId,
        /// Whether it has.
        pub collected: bool,
    }
}
wire_struct! {
    /// Many desks are under one token.
    pub struct Crowded {
        /// The receiver's row under it.
        pub mine: RowId,
        /// How many ordinary desks.
        pub desks: u32,
    }
}
wire_struct! {
    /// One side of a held hit.
    pub struct Side {
        /// The desk.
        pub desk: DeskId,
        /// The agency that runs it.
        pub agency: PartyId,
        /// The row.
        pub row: RowId,
        /// Its sealed pointer.
        pub pointer: Sealed,
    }
}
wire_struct! {
    /// A notice is held for a custodian or shield desk.
    pub struct Held {
        /// The hit.
        pub hit: HitId,
        /// The desk it is held for.
        pub desk: DeskId,
        /// That desk's own row under the token.
        pub under: RowId,
        /// The two sides.
        pub sides: Vec<Side>,
        /// When it lapses to the coordinator.
        pub due: Micros,
        /// Put in the urgent lane by either side.
        pub urgent: bool,
    }
}
wire_code! {
    /// What a custodian, or after a lapse the coordinator, does with a held notice.
    pub enum Outcome {
        /// Tell both sides.
        Release = 1,
        /// The custodian makes contact itself; neither side is told by the exchange.
        Contact = 2,
        /// Tell neither side. Needs a reason and a second person.
        Refuse = 3,
    }
}
wire_struct! {
    /// The decision on a held notice.
    pub struct Decision {
        /// The hit.
        pub hit: HitId,
        /// The desk deciding.
        pub desk: DeskId,
        /// The outcome.
        pub outcome: Outcome,
        /// The reason's code in the rule pack; 0 for a release.
        pub reason: u16,
        /// The people who decided.
        pub approvals: Vec<Approval>,
    }
}
wire_struct! {
    /// A held notice lapsed: the coordinator learns its age and nothing else.
    pub struct Lapsed {
        /// The hit.
        pub hit: HitId,
        /// When it was held.
        pub held: Micros,
        /// When it was due.
        pub due: Micros,
    }
}
wire_struct! {
    /// Count and root of a desk's live rows on a day (D8).
    pub struct Holdings {
        /// The desk.
        pub desk: DeskId,
        /// When it was made. Rows whose last day is before that day are not counted.
        pub at: Micros,
        /// Live rows.
        pub count: u64,
        /// The root over them.
        pub root: Digest,
    }
}
wire_struct! {
    /// Asks for a desk's holdings now.
    pub struct HoldingsAsk {
        /// The desk.
        pub desk: DeskId,
        /// A number to tell asks apart.
        pub number: u64,
    }
}
wire_code! {
    /// The two ends of a recount.
    pub enum Step {
        /// Marks every row of the desk. Marked rows stay in use.
        Begin = 1,
        /// Removes every row that was not put again since.
        End = 2,
    }
}
wire_struct! {
    /// A desk puts all its rows again, and has removed what it no longer knows, without a moment in which it has none.
    pub struct Recount {
        /// The desk.
        pub desk: DeskId,
        /// A random number to tell recounts apart; the same at both ends.
        pub number: u64,
        /// Which end.
        pub step: Step,
        /// For the end of a custodian or shield desk's, two people: it may take rows away. Otherwise empty.
        pub approvals: Vec<Approval>,
    }
}
wire_struct! {
    /// Carries only the envelope's checkpoint.
    pub struct Heartbeat {
        /// A running number.
        pub number: u64,
    }
}
wire_struct! {
    /// First message of a key ceremony.
    pub struct KeygenOne {
        /// Who deals.
        pub seat: u8,
        /// The commitment, as the ceremony's library writes it.
        pub package: Blob,
    }
}
wire_struct! {
    /// Second message of a key ceremony, sealed to its receiver.
    pub struct KeygenTwo {
        /// Who deals.
        pub seat: u8,
        /// HPKE encapsulated key.
        pub enc: [u8; 32],
        /// The sealed share.
        pub sealed: Blob,
    }
}

message!(
    EvalRequest => EvalRequest, EvalReply => EvalReply, Batch => Batch, BatchReceipt => BatchReceipt,
    Notice => Notice, Collected => Collected, OtherSide => OtherSide, Crowded => Crowded, Held => Held,
    Decision => Decision, Lapsed => Lapsed, Holdings => Holdings, HoldingsAsk => HoldingsAsk, Recount => Recount, Heartbeat => Heartbeat,
    KeygenOne => KeygenOne, KeygenTwo => KeygenTwo,
);

/// What an officer signs: a context, then the digest of what is agreed to.
pub fn approval_bytes(digest: &Digest) -> Vec<u8> {
    let mut out = b"dlx/approval/1\n".to_vec();
    out.extend_from_slice(&digest.0);
    out
}

/// A message that people agree to by their own keys.
pub trait Agreeable: Message + Clone {
    /// The message without anybody's agreement.
    fn bare(&self) -> Self;

    /// What its approvers agree to: the type, where it belongs, and everything in it but the approvals. An agreement
    /// given in one scope, epoch or kind of message is none in another.
    fn agreed(&self, course: Course) -> Digest {
        Digest::of(&[
            b"dlx/agreed",
            &[Self::KIND.code()],
            &course.scope.0,
            &encode(&course.epoch),
            &encode(&self.bare()),
        ])
    }
}

macro_rules! agreeable {
    ($($t:ident),*) => {$(
        impl Agreeable for $t {
            fn bare(&self) -> Self {
                Self { approvals: Vec::new(), ..self.clone() }
            }
        }
    )*};
}
agreeable!(Batch, Decision, Recount);

//! What bad input gets: a typed refusal that names the rule broken and changes nothing.

use crate::ids::MessageId;
use crate::wire::{Malformed, wire_struct};

/// Versions of the envelope this software speaks, sent back with a refusal of another.
pub const SPOKEN: &[u16] = &[1];

/// The rule a message broke. No variant carries content of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The bytes are not of the one form.
    #[error("malformed: {0}")]
    Malformed(#[from] Malformed),
    /// The envelope's version is not spoken; the answer lists those that are.
    #[error("unknown version")]
    Version,
    /// The type of message is unknown, or not one this party takes.
    #[error("unknown type of message")]
    Kind,
    /// Addressed to someone else.
    #[error("addressed to another party")]
    Recipient,
    /// The sender is not in the directory.
    #[error("unknown sender")]
    Sender,
    /// The signature does not hold.
    #[error("signature does not hold")]
    Signature,
    /// The stated time is further ahead than clocks may differ, or older than a message may be.
    #[error("stated time is out of range")]
    Time,
    /// The same id came before with other bytes. The two envelopes together are evidence.
    #[error("another message had this id")]
    Conflict,
    /// No agreement in force allows this between these parties.
    #[error("no sharing agreement allows this")]
    Scope,
    /// The epoch is not open.
    #[error("epoch is not open")]
    Epoch,
    /// The sender does not run this desk, or the desk is unknown.
    #[error("desk is not the sender's")]
    Desk,
    /// A batch has a wrong shape: padding, lane or number.
    #[error("batch has a wrong shape")]
    Batch,
    /// The ticket's leaf is not proven to be in the agency's log.
    #[error("ticket is not proven")]
    Ticket,
    /// The ticket was used for another batch, or a renewal was claimed twice.
    #[error("ticket was used before")]
    TicketUsed,
    /// More points than the ticket's subjects may use.
    #[error("more points than the ticket allows")]
    TicketSize,
    /// The agency is over its quota and the batch is not urgent.
    #[error("over quota")]
    Quota,
    /// A group element was refused.
    #[error("element is not valid")]
    Element,
    /// A key-holder's proof does not hold: evidence against that key-holder.
    #[error("key-holder's proof does not hold")]
    Proof,
    /// Nothing here waits for this message.
    #[error("answers nothing that was asked")]
    Unasked,
    /// Two different people must have agreed, and did not.
    #[error("needs two people")]
    TwoPeople,
    /// More held rows than the agency may have.
    #[error("too many held rows")]
    HeldLimit,
    /// A pointer, ask or answer could not be opened.
    #[error("cannot be opened")]
    Closed,
    /// A date or number is outside the rule for this message.
    #[error("value is out of range")]
    Range,
    /// A proof from a log does not hold.
    #[error("log proof does not hold")]
    Log,
    /// The answers expected of this software's tables were not reproduced.
    #[error("known answers were not reproduced")]
    KnownAnswers,
}

impl Refusal {
    /// The rule's number on the wire.
    pub fn code(self) -> u8 {
        match self {
            Self::Malformed(_) => 1,
            Self::Version => 2,
            Self::Kind => 3,
            Self::Recipient => 4,
            Self::Sender => 5,
            Self::Signature => 6,
            Self::Time => 7,
            Self::Conflict => 8,
            Self::Scope => 9,
            Self::Epoch => 10,
            Self::Desk => 11,
            Self::Batch => 12,
            Self::Ticket => 13,
            Self::TicketUsed => 14,
            Self::TicketSize => 15,
            Self::Quota => 16,
            Self::Element => 17,
            Self::Proof => 18,
            Self::Unasked => 19,
            Self::TwoPeople => 20,
            Self::HeldLimit => 21,
            Self::Closed => 22,
            Self::Range => 23,
            Self::Log => 24,
            Self::KnownAnswers => 25,
        }
    }

    /// The answer to send back.
    pub fn answer(self, of: MessageId) -> Refused {
        Refused {
            of,
            rule: self.code(),
            spoken: SPOKEN.to_vec(),
        }
    }
}

wire_struct! {
    /// Tells a sender which rule its message broke.
    pub struct Refused {
        /// The message refused.
        pub of: MessageId,
        /// The rule's number.
        pub rule: u8,
        /// The envelope versions spoken here.
        pub spoken: Vec<u16>,
    }
}

//! What every subject's page says about joining up (D9): checked, checking, or not checked, since when and why.

use crate::ids::Micros;

/// How long a subject may be unchecked before that is itself a duty.
pub const DUTY_AFTER: i64 = 15 * 60 * Micros::SECOND;

/// Why a subject is not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It waits for a ticket.
    Queued,
    /// Fewer key-holders than needed have answered.
    KeyHolders,
    /// A key-holder said the agency is over its quota.
    Quota,
    /// The exchange has not confirmed the rows.
    Exchange,
    /// The exchange refused the rows, by the rule of this number.
    Refused(u8),
    /// This node does not reproduce the known answers: its tables or pepper are wrong.
    WrongTables,
    /// No epoch is open here.
    NoEpoch,
    /// Nothing is known of the subject that makes a key.
    NoKeys,
}

/// The state of one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Rows are durable at the exchange since then; every other agency's row meets them.
    Checked(Micros),
    /// Under way since then.
    Checking {
        /// Since when.
        since: Micros,
        /// What it waits for.
        why: Why,
    },
    /// Not checked since then: more than 15 minutes, or it cannot be.
    NotChecked {
        /// Since when.
        since: Micros,
        /// Why.
        why: Why,
    },
}

impl Check {
    /// The state of a subject that waits for something.
    pub fn waiting(since: Micros, why: Why, now: Micros) -> Self {
        let stuck = matches!(why, Why::WrongTables | Why::NoEpoch | Why::NoKeys);
        if stuck || now.since(since) > DUTY_AFTER {
            Self::NotChecked { since, why }
        } else {
            Self::Checking { since, why }
        }
    }

    /// When this becomes a duty; None when it is checked or can make no key.
    pub fn duty_at(&self) -> Option<Micros> {
        match self {
            Self::Checked(_) | Self::NotChecked { why: Why::NoKeys, .. } => None,
            Self::Checking { since, .. } | Self::NotChecked { since, .. } => Some(since.plus(DUTY_AFTER)),
        }
    }
}

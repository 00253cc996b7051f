//! Hand-off receipts and daily reconciliation (F29: thousands of items silently not passed on). Every item between any
//! two parties has a receipt, and each day both state what they sent and received; the difference is a number.

use crate::envelope::message;
use crate::ids::{Digest, MessageId, Micros, PartyId};
use crate::refusal::Refusal;
use crate::wire::wire_struct;
use std::collections::{BTreeMap, BTreeSet};

wire_struct! {
    /// An item handed over: it stays the sender's until accepted.
    pub struct HandOff {
        /// The item.
        pub item: MessageId,
        /// Digest of what was handed over.
        pub digest: Digest,
        /// The day it counts for: days since 1970, at the sender.
        pub day: u32,
    }
}
wire_struct! {
    /// An item received.
    pub struct HandOffReceipt {
        /// The item.
        pub item: MessageId,
        /// Digest of what arrived.
        pub digest: Digest,
        /// The hash of the receiver's leaf.
        pub leaf: [u8; 32],
        /// Accepted as the receiver's own; not merely delivered.
        pub accepted: bool,
    }
}
wire_struct! {
    /// A day's items between two parties, as one of them has them.
    pub struct Tally {
        /// The day.
        pub day: u32,
        /// Items sent to the receiver of this tally, in order.
        pub sent: Vec<MessageId>,
        /// Items received from it, in order.
        pub received: Vec<MessageId>,
    }
}
message!(HandOff => HandOff, HandOffReceipt => HandOffReceipt, Tally => Tally);

/// Most items of one direction in a tally: two lists of them fit one message.
pub const MOST: usize = 100_000;

/// What two tallies of one day differ by. Zero and zero, or an alarm.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Difference {
    /// We sent, they do not have.
    pub lost: Vec<MessageId>,
    /// They sent, we do not have.
    pub missing: Vec<MessageId>,
    /// They say we sent, we do not know of.
    pub unknown: Vec<MessageId>,
}

impl Difference {
    /// The number on the service manager's and the operator's first page.
    pub fn count(&self) -> usize {
        self.lost.len() + self.missing.len() + self.unknown.len()
    }
}

#[derive(Clone, Debug)]
struct Sent {
    digest: Digest,
    since: Micros,
    receipt: Option<HandOffReceipt>,
}

/// One party's book of hand-offs with all others.
#[derive(Clone, Debug, Default)]
pub struct Book {
    sent: BTreeMap<(PartyId, u32), BTreeMap<MessageId, Sent>>,
    received: BTreeMap<(PartyId, u32), BTreeMap<MessageId, HandOffReceipt>>,
}

impl Book {
    /// Notes an item handed over.
    pub fn hand_over(&mut self, to: PartyId, hand_off: &HandOff, now: Micros) {
        let sent = Sent {
            digest: hand_off.digest,
            since: now,
            receipt: None,
        };
        self.sent
            .entry((to, hand_off.day))
            .or_default()
            .entry(hand_off.item)
            .or_insert(sent);
    }

    /// Takes an item. The same item again gets the same receipt, but for one thing: what was delivered may be accepted
    /// later, and then stays so. Another content under its id, or another day, is refused.
    pub fn take(
        &mut self,
        from: PartyId,
        hand_off: &HandOff,
        leaf: [u8; 32],
        accepted: bool,
    ) -> Result<HandOffReceipt, Refusal> {
        let other_day = |((party, day), items): (&(PartyId, u32), &BTreeMap<MessageId, HandOffReceipt>)| {
            *party == from && *day != hand_off.day && items.contains_key(&hand_off.item)
        };
        if self.received.iter().any(other_day) {
            return Err(Refusal::Conflict);
        }
        let new = HandOffReceipt {
            item: hand_off.item,
            digest: hand_off.digest,
            leaf,
            accepted,
        };
        let day = self.received.entry((from, hand_off.day)).or_default();
        let known = day.entry(hand_off.item).or_insert_with(|| new.clone());
        if known.digest != hand_off.digest {
            return Err(Refusal::Conflict);
        }
        if accepted && !known.accepted {
            *known = new;
        }
        Ok(known.clone())
    }

    /// Takes a receipt. One for other content is refused and the item stays open.
    pub fn receipt(&mut self, from: PartyId, receipt: &HandOffReceipt) -> Result<(), Refusal> {
        let days = self.sent.iter_mut().filter(|((party, _), _)| *party == from);
        let sent = days
            .filter_map(|(_, items)| items.get_mut(&receipt.item))
            .next()
            .ok_or(Refusal::Unasked)?;
        if sent.digest != receipt.digest {
            return Err(Refusal::Conflict);
        }
        // accepted is final: a late "delivered" does not take it back
        if !sent.receipt.as_ref().is_some_and(|known| known.accepted) {
            sent.receipt = Some(receipt.clone());
        }
        Ok(())
    }

    /// Items nobody has accepted: still the sender's, with since when.
    pub fn still_ours(&self) -> Vec<(PartyId, MessageId, Micros)> {
        let open = |sent: &Sent| !sent.receipt.as_ref().is_some_and(|receipt| receipt.accepted);
        self.sent
            .iter()
            .flat_map(|((to, _), items)| items.iter().map(move |(item, sent)| (*to, *item, sent)))
            .filter(|(_, _, sent)| open(sent))
            .map(|(to, item, sent)| (to, item, sent.since))
            .collect()
    }

    /// Our tally of a day with another party.
    pub fn tally(&self, with: PartyId, day: u32) -> Tally {
        let sent = self
            .sent
            .get(&(with, day))
            .map(|items| items.keys().copied().collect())
            .unwrap_or_default();
        let received = self
            .received
            .get(&(with, day))
            .map(|items| items.keys().copied().collect())
            .unwrap_or_default();
        Tally { day, sent, received }
    }

    /// Compares their tally of a day with ours.
    pub fn reconcile(&self, with: PartyId, theirs: &Tally) -> Result<Difference, Refusal> {
        if theirs.sent.len() > MOST || theirs.received.len() > MOST {
            return Err(Refusal::Range);
        }
        let ours = self.tally(with, theirs.day);
        let minus = |a: &[MessageId], b: &[MessageId]| -> Vec<MessageId> {
            let b: BTreeSet<_> = b.iter().collect();
            a.iter().filter(|item| !b.contains(item)).copied().collect()
        };
        Ok(Difference {
            lost: minus(&ours.sent, &theirs.received),
            missing: minus(&theirs.sent, &ours.received),
            unknown: minus(&theirs.received, &ours.sent),
        })
    }
}

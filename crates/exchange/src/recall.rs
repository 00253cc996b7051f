//! Recall and correction: what was disclosed and must not be used reaches every holder, onward too, and each either
//! acknowledges or shows as not confirmed.

use crate::ask::Answer;
use crate::envelope::message;
use crate::ids::{MessageId, Micros, PartyId};
use crate::refusal::Refusal;
use crate::wire::{Blob, encode, wire_code, wire_struct};
use std::collections::{BTreeMap, BTreeSet};

wire_code! {
    /// What is to happen to a disclosure.
    pub enum Change {
        /// It was about another person, or unlawfully shared: remove it from every view and use.
        Recall = 1,
        /// A field was wrong: the corrected record replaces it in use, and both stay on record.
        Correct = 2,
    }
}
wire_struct! {
    /// Tells a holder what must become of a disclosure.
    pub struct Recall {
        /// The answer that disclosed it, for ever its name.
        pub disclosure: MessageId,
        /// The agency that first disclosed it.
        pub origin: PartyId,
        /// A running number of changes to this disclosure, from 1.
        pub number: u32,
        /// What is to happen.
        pub change: Change,
        /// The reason's code in the rule pack.
        pub reason: u16,
        /// For a correction, the new answer as an [`Answer`] sealed to this receiver by the origin; otherwise empty.
        pub corrected: Blob,
    }
}
wire_struct! {
    /// What a holder did.
    pub struct RecallAck {
        /// The disclosure.
        pub disclosure: MessageId,
        /// The change's number.
        pub number: u32,
        /// The hash of the holder's own leaf for the act.
        pub leaf: [u8; 32],
        /// To whom the holder had passed it on.
        pub onward: Vec<PartyId>,
    }
}
message!(Recall => Recall, RecallAck => RecallAck);

/// Whether a holder has confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// Not confirmed, since then.
    NotConfirmed(Micros),
    /// Confirmed then, with the leaf that shows it.
    Confirmed(Micros, [u8; 32]),
}

/// The origin's book of one disclosure: who holds it, and what each confirmed.
#[derive(Clone, Debug)]
pub struct Disclosure {
    id: MessageId,
    origin: PartyId,
    holders: BTreeSet<PartyId>,
    number: u32,
    current: Option<(Change, u16)>,
    confirmed: BTreeMap<PartyId, Confirmation>,
}

impl Disclosure {
    /// A disclosure by `origin` to one holder.
    pub fn new(id: MessageId, origin: PartyId, holder: PartyId) -> Self {
        Self {
            id,
            origin,
            holders: [holder].into(),
            number: 0,
            current: None,
            confirmed: BTreeMap::new(),
        }
    }
    /// A holder told of passing it on.
    pub fn passed_on(&mut self, to: PartyId) {
        self.holders.insert(to);
    }

    /// Changes it: every holder named is to be told, each with its own message from [`Disclosure::message`].
    pub fn change(&mut self, change: Change, reason: u16, now: Micros) -> Result<Vec<PartyId>, Refusal> {
        if reason == 0 {
            return Err(Refusal::Range);
        }
        self.number = self.number.checked_add(1).ok_or(Refusal::Range)?;
        self.confirmed = self
            .holders
            .iter()
            .map(|holder| (*holder, Confirmation::NotConfirmed(now)))
            .collect();
        self.current = Some((change, reason));
        Ok(self.holders.iter().copied().collect())
    }

    /// The message for one holder. A correction carries the new answer sealed to that holder, which nobody else can
    /// open: each needs its own.
    pub fn message(&self, holder: PartyId, corrected: Option<&Answer>) -> Result<Recall, Refusal> {
        let (change, reason) = self.current.ok_or(Refusal::Unasked)?;
        if !self.holders.contains(&holder) || (change == Change::Correct) != corrected.is_some() {
            return Err(Refusal::Range);
        }
        Ok(Recall {
            disclosure: self.id,
            origin: self.origin,
            number: self.number,
            change,
            reason,
            corrected: Blob(corrected.map(encode).unwrap_or_default()),
        })
    }

    /// Takes an acknowledgement. Holders it names onward are new: they are returned to be told, and count as not
    /// confirmed until they say so themselves. A repeat changes nothing.
    pub fn acknowledged(
        &mut self,
        from: PartyId,
        ack: &RecallAck,
        now: Micros,
    ) -> Result<Vec<PartyId>, Refusal> {
        if self.current.is_none() {
            return Err(Refusal::Unasked);
        }
        if ack.disclosure != self.id || ack.number > self.number || !self.holders.contains(&from) {
            return Err(Refusal::Unasked);
        }
        if ack.number < self.number {
            return Ok(Vec::new());
        }
        if let Some(state @ Confirmation::NotConfirmed(_)) = self.confirmed.get_mut(&from) {
            *state = Confirmation::Confirmed(now, ack.leaf);
        }
        let mut tell = Vec::new();
        for onward in &ack.onward {
            if self.holders.insert(*onward) {
                self.confirmed.insert(*onward, Confirmation::NotConfirmed(now));
                tell.push(*onward);
            }
        }
        Ok(tell)
    }

    /// Who has not confirmed, and since when; to be told again, and shown.
    pub fn not_confirmed(&self) -> Vec<(PartyId, Micros)> {
        let open = |state: &Confirmation| match state {
            Confirmation::NotConfirmed(since) => Some(*since),
            Confirmation::Confirmed(..) => None,
        };
        self.confirmed
            .iter()
            .filter_map(|(holder, state)| open(state).map(|since| (*holder, since)))
            .collect()
    }
}

/// A holder's book of what it received and passed on.
#[derive(Clone, Debug, Default)]
pub struct Received {
    origins: BTreeMap<MessageId, PartyId>,
    onward: BTreeMap<MessageId, BTreeSet<PartyId>>,
    changed: BTreeMap<MessageId, Changed>,
}

/// The newest change taken, and the leaf of the act.
#[derive(Clone, Copy, Debug)]
struct Changed {
    number: u32,
    change: Change,
    leaf: [u8; 32],
}

impl Received {
    /// Notes that a disclosure was received, and who first disclosed it.
    pub fn took(&mut self, disclosure: MessageId, origin: PartyId) {
        self.origins.entry(disclosure).or_insert(origin);
        self.onward.entry(disclosure).or_default();
    }
    /// Notes that it was passed on. Refused for what was recalled; what was corrected may be passed on as corrected.
    pub fn pass_on(&mut self, disclosure: MessageId, to: PartyId) -> Result<(), Refusal> {
        let recalled = |changed: &Changed| changed.change == Change::Recall;
        if self.changed.get(&disclosure).is_some_and(recalled) {
            return Err(Refusal::Closed);
        }
        self.onward
            .get_mut(&disclosure)
            .ok_or(Refusal::Unasked)?
            .insert(to);
        Ok(())
    }

    /// Takes a change, once the act is logged under `leaf`. Only the origin may change a disclosure. A repeat or an older
    /// number gives the newest acknowledgement. An agency that holds nothing of it says so by acknowledging too.
    pub fn change(&mut self, from: PartyId, recall: &Recall, leaf: [u8; 32]) -> Result<RecallAck, Refusal> {
        let origin = self.origins.get(&recall.disclosure).copied();
        if from != recall.origin || origin.is_some_and(|origin| origin != from) {
            return Err(Refusal::Sender);
        }
        if recall.number == 0 || (recall.change == Change::Correct) == recall.corrected.0.is_empty() {
            return Err(Refusal::Range);
        }
        let new = Changed {
            number: recall.number,
            change: recall.change,
            leaf,
        };
        let state = self.changed.entry(recall.disclosure).or_insert(new);
        if recall.number > state.number {
            *state = new;
        }
        let onward = self
            .onward
            .get(&recall.disclosure)
            .map(|to| to.iter().copied().collect())
            .unwrap_or_default();
        Ok(RecallAck {
            disclosure: recall.disclosure,
            number: state.number,
            leaf: state.leaf,
            onward,
        })
    }
}

//! Epochs (D5): the signed descriptor that pins everything a token depends on, the known answers that show a node has
//! the same tables and pepper as everybody else, and the closing of an old epoch.

use crate::envelope::{Keyring, Verified, message};
use crate::ids::{Digest, Epoch, Micros, PartyId, Signature};
use crate::matchkey::frozen;
use crate::oprf::Output;
use crate::refusal::Refusal;
use crate::threshold::SharedKey;
use crate::token::Pepper;
use crate::wire::{encode, wire_code, wire_struct};
use std::collections::{BTreeMap, BTreeSet};

wire_struct! {
    /// What an epoch pins.
    pub struct Descriptor {
        /// Its number.
        pub epoch: Epoch,
        /// The number of the refresh of the shares: 0 at the ceremony, one more at each refresh.
        pub refresh: u32,
        /// How many key-holders are needed.
        pub threshold: u8,
        /// Seat and share public key of every key-holder.
        pub shares: Vec<(u8, [u8; 32])>,
        /// Commitment to the network pepper.
        pub pepper: Digest,
        /// Version of the match-keys.
        pub tables_version: u16,
        /// Digest of their tables and rules.
        pub tables: Digest,
        /// For each key of the known subjects, the digest of its output.
        pub known: Vec<Digest>,
        /// From when rows may be put.
        pub opens: Micros,
    }
}
wire_struct! {
    /// A descriptor with its signatures.
    pub struct SignedDescriptor {
        /// What is signed.
        pub descriptor: Descriptor,
        /// Signer and signature: every key-holder and the overseer.
        pub signatures: Vec<(PartyId, Signature)>,
    }
}

/// The bytes that key-holders and overseer sign.
pub fn signed_bytes(descriptor: &Descriptor) -> Vec<u8> {
    let mut bytes = b"dlx/epoch/1\n".to_vec();
    bytes.extend(encode(descriptor));
    bytes
}

/// The digest of one known answer.
pub fn known_answer(y: &Output) -> Digest {
    Digest::of(&[b"dlx/known", &y.0])
}

/// A descriptor that everybody who must has signed. Made by [`verify`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    descriptor: Descriptor,
    shared: SharedKey,
}

impl Opened {
    /// The descriptor.
    pub fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }
    /// The shared key.
    pub fn shared(&self) -> &SharedKey {
        &self.shared
    }

    /// Whether this node's tables and pepper are those pinned. The known answers must still be reproduced.
    pub fn fits(&self, pepper: &Pepper) -> Result<(), Refusal> {
        let d = &self.descriptor;
        let tables = d.tables_version == crate::matchkey::VERSION && d.tables == frozen::digest();
        if tables && d.pepper == pepper.commitment() {
            Ok(())
        } else {
            Err(Refusal::KnownAnswers)
        }
    }

    /// Whether outputs for the known subjects' keys, in order, are the pinned ones.
    pub fn reproduced(&self, outputs: &[Output]) -> Result<(), Refusal> {
        let answers: Vec<Digest> = outputs.iter().map(known_answer).collect();
        if answers == self.descriptor.known {
            Ok(())
        } else {
            Err(Refusal::KnownAnswers)
        }
    }
}

impl Opened {
    /// Whether this is `other` after a later refresh: other shares of the same key, and everything else as it was.
    pub fn refreshes(&self, other: &Self) -> bool {
        let (d, o) = (&self.descriptor, &other.descriptor);
        let as_it_was = Descriptor {
            refresh: o.refresh,
            shares: o.shares.clone(),
            ..d.clone()
        };
        let seats = |d: &Descriptor| d.shares.iter().map(|(seat, _)| *seat).collect::<Vec<_>>();
        d.refresh > o.refresh
            && as_it_was == *o
            && seats(d) == seats(o)
            && self.shared.whole_public() == other.shared.whole_public()
    }
}

/// Checks a descriptor: every key-holder and the overseer have signed, the shares lie on one polynomial, and no share
/// is the whole key.
pub fn verify(
    signed: &SignedDescriptor,
    holders: &[PartyId],
    overseer: PartyId,
    keys: &Keyring,
) -> Result<Opened, Refusal> {
    let bytes = signed_bytes(&signed.descriptor);
    for party in holders.iter().chain([&overseer]) {
        let (_, signature) = signed
            .signatures
            .iter()
            .find(|(p, _)| p == party)
            .ok_or(Refusal::Signature)?;
        keys.check(*party, &bytes, &signature.0)?;
    }
    let d = &signed.descriptor;
    let shared = SharedKey {
        threshold: d.threshold,
        shares: d.shares.clone(),
    };
    if d.threshold < 2 || d.shares.len() != holders.len() || !shared.consistent() {
        return Err(Refusal::Range);
    }
    Ok(Opened {
        descriptor: d.clone(),
        shared,
    })
}

wire_struct! {
    /// Every live row of this agency is in the epoch named by the envelope.
    pub struct EpochDone {
        /// How many rows.
        pub rows: u64,
    }
}
wire_code! {
    /// What is destroyed when an epoch closes.
    pub enum Part {
        /// A key-holder's share.
        Share = 1,
        /// An agency's copy of the pepper.
        Pepper = 2,
        /// The exchange's rows.
        Rows = 3,
    }
}
wire_struct! {
    /// A part of the epoch named by the envelope no longer exists here.
    pub struct Destroyed {
        /// Which.
        pub part: Part,
        /// When.
        pub at: Micros,
    }
}
message!(EpochDone => EpochDone, Destroyed => Destroyed);

/// Who has finished moving from one epoch to the next.
#[derive(Clone, Debug, Default)]
pub struct Closing {
    active: BTreeSet<PartyId>,
    done: BTreeSet<PartyId>,
    named: BTreeSet<PartyId>,
}

impl Closing {
    /// The old epoch, with the nodes active in it.
    pub fn new(active: impl IntoIterator<Item = PartyId>) -> Self {
        Self {
            active: active.into_iter().collect(),
            ..Self::default()
        }
    }
    /// An agency signed completion.
    pub fn done(&mut self, agency: PartyId) {
        self.done.insert(agency);
    }
    /// The overseer names an agency that has not finished: the others need not wait, and its subjects are not checked.
    pub fn name(&mut self, agency: PartyId) {
        self.named.insert(agency);
    }
    /// Takes an agency's signed completion. Only for the epoch that the nodes move to.
    pub fn take(&mut self, message: &Verified<EpochDone>, next: Epoch) -> Result<(), Refusal> {
        if message.envelope().epoch != next || !self.active.contains(&message.from()) {
            return Err(Refusal::Epoch);
        }
        self.done(message.from());
        Ok(())
    }
    /// Whom the old epoch still waits for.
    pub fn waiting(&self) -> Vec<PartyId> {
        self.active
            .iter()
            .filter(|a| !self.done.contains(a) && !self.named.contains(a))
            .copied()
            .collect()
    }
    /// Whether the old epoch may close.
    pub fn may_close(&self) -> bool {
        self.waiting().is_empty()
    }
}

/// Who has stated that its part of a closed epoch is destroyed, and who has not. Without a signed statement of every
/// party a part counts as still there.
#[derive(Clone, Debug, Default)]
pub struct Ending {
    epoch: Option<Epoch>,
    owed: BTreeSet<(PartyId, Part)>,
    stated: BTreeMap<(PartyId, Part), Micros>,
}

impl Ending {
    /// A closed epoch with its key-holders, agencies and exchange.
    pub fn new(epoch: Epoch, holders: &[PartyId], agencies: &[PartyId], exchange: PartyId) -> Self {
        let shares = holders.iter().map(|party| (*party, Part::Share));
        let peppers = agencies.iter().map(|party| (*party, Part::Pepper));
        Self {
            epoch: Some(epoch),
            owed: shares.chain(peppers).chain([(exchange, Part::Rows)]).collect(),
            stated: BTreeMap::new(),
        }
    }
    /// Takes a statement. One that nobody owes is refused; a repeat changes nothing.
    pub fn take(&mut self, message: &Verified<Destroyed>) -> Result<(), Refusal> {
        let key = (message.from(), message.value().part);
        if Some(message.envelope().epoch) != self.epoch {
            return Err(Refusal::Epoch);
        }
        if !self.owed.contains(&key) {
            return Err(Refusal::Unasked);
        }
        self.stated.entry(key).or_insert(message.value().at);
        Ok(())
    }
    /// What is still owed.
    pub fn owed(&self) -> impl Iterator<Item = &(PartyId, Part)> {
        self.owed.iter().filter(|key| !self.stated.contains_key(key))
    }
}

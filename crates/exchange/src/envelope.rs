//! The one envelope every message travels in (D1), its signature, and the two steps of taking it: `verify`, which
//! changes nothing, and [`Inbox::accept`], which remembers it.

use crate::ids::{Digest, Epoch, MessageId, Micros, PartyId, PublicKey, ScopeId};
use crate::refusal::{Refusal, SPOKEN};
use crate::wire::{Blob, Reader, Wire, decode, encode, wire_code, wire_struct};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use std::collections::HashMap;

/// What is signed before the envelope's bytes.
pub const CONTEXT: &[u8] = b"dlx/envelope/1\n";
/// The version written here.
pub const VERSION: u16 = 1;
/// How far ahead a sender's clock may be.
pub const AHEAD: i64 = 10 * 60 * Micros::SECOND;
/// How old a message may be. An inbox forgets nothing younger.
pub const OLDEST: i64 = 30 * Micros::DAY;

wire_code! {
    /// The type of a message.
    pub enum Kind {
        /// Agency to key-holder: blinded points.
        EvalRequest = 1,
        /// Key-holder to agency: evaluated points and a proof.
        EvalReply = 2,
        /// Agency to exchange: rows to put and delete.
        Batch = 3,
        /// Exchange to agency: a batch is durable.
        BatchReceipt = 4,
        /// Exchange to agency: two rows met.
        Notice = 5,
        /// Agency to exchange: notices are durable here.
        Collected = 6,
        /// Exchange to agency: whether the other side has collected.
        OtherSide = 7,
        /// Exchange to agency: many desks are under one token.
        Crowded = 8,
        /// Exchange to custodian: a notice is held for you.
        Held = 9,
        /// Custodian or coordinator to exchange: what to do with a held notice.
        Decision = 10,
        /// Exchange to coordinator: a held notice lapsed.
        Lapsed = 11,
        /// Exchange to agency: count and root of a desk's live rows.
        Holdings = 12,
        /// Agency to agency: a request for disclosure.
        Ask = 13,
        /// Agency to agency: the reply.
        Answer = 14,
        /// Agency to agency: what was received, with the other side's leaf.
        Receipt = 15,
        /// Agency to agency: an ask lapsed unanswered.
        NoResponse = 16,
        /// Agency to agency: what was sent must not be used.
        Recall = 17,
        /// Agency to agency: what became of a recalled or corrected disclosure.
        RecallAck = 18,
        /// Any to any: an item handed over.
        HandOff = 19,
        /// Any to any: an item received.
        HandOffReceipt = 20,
        /// Any to any: a day's counts.
        Tally = 21,
        /// Any: a message was refused.
        Refused = 22,
        /// Agency to everybody in an epoch: every row of mine is there.
        EpochDone = 23,
        /// Key-holder, agency or exchange: shares, pepper or rows of an epoch are destroyed.
        Destroyed = 24,
        /// Key-holder to key-holder: first round of a ceremony.
        KeygenOne = 25,
        /// Key-holder to key-holder: second round, sealed.
        KeygenTwo = 26,
        /// Any to any: newest checkpoint only.
        Heartbeat = 27,
        /// Agency to exchange: what is this desk's holding now?
        HoldingsAsk = 28,
        /// Agency to exchange: the rows of this desk are put again; afterwards those that were not are removed.
        Recount = 29,
    }
}

/// A message with a type.
pub trait Message: Wire {
    /// Its type.
    const KIND: Kind;
}

macro_rules! message {
    ($($t:ty => $kind:ident),* $(,)?) => {
        $( impl $crate::envelope::Message for $t {
            const KIND: $crate::envelope::Kind = $crate::envelope::Kind::$kind;
        } )*
    };
}
pub(crate) use message;

wire_struct! {
    /// Everything before the signature.
    pub struct Envelope {
        /// Envelope version.
        pub version: u16,
        /// Type of the body.
        pub kind: Kind,
        /// The sharing agreement it falls under.
        pub scope: ScopeId,
        /// The epoch it speaks of.
        pub epoch: Epoch,
        /// Who signs.
        pub from: PartyId,
        /// Who may take it.
        pub to: PartyId,
        /// Its id.
        pub id: MessageId,
        /// When it was made.
        pub at: Micros,
        /// The sender's newest checkpoint (a signed note); empty before the first.
        pub checkpoint: Blob,
        /// The body.
        pub body: Blob,
    }
}

impl Envelope {
    /// Signs: the bytes to send.
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        let mut bytes = encode(self);
        let mut signed = CONTEXT.to_vec();
        signed.extend_from_slice(&bytes);
        bytes.extend_from_slice(&key.sign(&signed).to_bytes());
        bytes
    }
}

/// Public keys by party. A party may have several while one replaces another.
#[derive(Clone, Debug, Default)]
pub struct Keyring {
    keys: HashMap<PartyId, Vec<PublicKey>>,
}

impl Keyring {
    /// Adds a key of a party.
    pub fn add(&mut self, party: PartyId, key: PublicKey) {
        self.keys.entry(party).or_default().push(key);
    }
    /// Removes a party's key.
    pub fn remove(&mut self, party: PartyId, key: PublicKey) {
        if let Some(keys) = self.keys.get_mut(&party) {
            keys.retain(|k| *k != key);
        }
    }
    /// Whether a party has any key.
    pub fn knows(&self, party: PartyId) -> bool {
        self.keys.get(&party).is_some_and(|keys| !keys.is_empty())
    }
    /// Checks a signature by any of the party's keys.
    pub fn check(&self, party: PartyId, message: &[u8], signature: &[u8; 64]) -> Result<(), Refusal> {
        let keys = self
            .keys
            .get(&party)
            .filter(|keys| !keys.is_empty())
            .ok_or(Refusal::Sender)?;
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        let holds = keys.iter().any(|key| {
            VerifyingKey::from_bytes(&key.0).is_ok_and(|key| key.verify_strict(message, &signature).is_ok())
        });
        if holds { Ok(()) } else { Err(Refusal::Signature) }
    }
}

/// Something checked: only `verify` makes one. It keeps the bytes it was made from, which are evidence.
#[derive(Clone, Debug)]
pub struct Verified<T> {
    value: T,
    envelope: Envelope,
    bytes: Vec<u8>,
}

impl<T> Verified<T> {
    /// The value.
    pub fn value(&self) -> &T {
        &self.value
    }
    /// Who signed it.
    pub fn from(&self) -> PartyId {
        self.envelope.from
    }
    /// The message's id.
    pub fn id(&self) -> MessageId {
        self.envelope.id
    }
    /// The envelope.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }
    /// The signed bytes: anyone with the sender's public key can check them again.
    pub fn evidence(&self) -> &[u8] {
        &self.bytes
    }
}

impl Verified<()> {
    /// Reads the body as a message of one type.
    pub fn open<M: Message>(&self) -> Result<Verified<M>, Refusal> {
        if self.envelope.kind != M::KIND {
            return Err(Refusal::Kind);
        }
        let value = decode(&self.envelope.body.0)?;
        Ok(Verified {
            value,
            envelope: self.envelope.clone(),
            bytes: self.bytes.clone(),
        })
    }
}

/// Checks bytes from outside: form, version, addressee, sender, signature, time. Changes nothing.
pub fn verify(bytes: &[u8], me: PartyId, keys: &Keyring, now: Micros) -> Result<Verified<()>, Refusal> {
    let version = bytes
        .first_chunk::<2>()
        .map(|b| u16::from_be_bytes(*b))
        .ok_or(Refusal::Malformed(crate::wire::Malformed::Truncated))?;
    if !SPOKEN.contains(&version) {
        return Err(Refusal::Version);
    }
    let (body, signature) = bytes
        .split_last_chunk::<64>()
        .ok_or(Refusal::Malformed(crate::wire::Malformed::Truncated))?;
    let mut reader = Reader::new(body);
    let envelope = Envelope::read(&mut reader)?;
    reader.finish()?;
    if envelope.to != me {
        return Err(Refusal::Recipient);
    }
    let mut signed = CONTEXT.to_vec();
    signed.extend_from_slice(body);
    keys.check(envelope.from, &signed, signature)?;
    let age = now.since(envelope.at);
    if !(-AHEAD..=OLDEST).contains(&age) {
        return Err(Refusal::Time);
    }
    Ok(Verified {
        value: (),
        envelope,
        bytes: bytes.to_vec(),
    })
}

/// The digest an inbox compares: everything but id, time and checkpoint.
fn content(envelope: &Envelope) -> Digest {
    let course = encode(&(envelope.scope, envelope.epoch));
    Digest::of(&[&[envelope.kind.code()], &course, &envelope.body.0])
}

/// What acceptance found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acceptance {
    /// Not seen before.
    New,
    /// The same bytes came before: answer as before, do nothing twice.
    Repeat,
}

/// The ids taken lately, by sender, with a digest of the bytes.
#[derive(Clone, Debug, Default)]
pub struct Inbox {
    seen: HashMap<(PartyId, MessageId), (Digest, Micros)>,
}

impl Inbox {
    /// Remembers a verified message. A repeat may carry a newer checkpoint and a later time; the id is kept until the
    /// latest of them is too old to be verified, so that no copy outlives it. Another body under a known id is a
    /// [`Refusal::Conflict`]; the caller holds both envelopes, which together are evidence against the sender.
    pub fn accept<T>(&mut self, message: &Verified<T>) -> Result<Acceptance, Refusal> {
        let digest = content(&message.envelope);
        let key = (message.envelope.from, message.envelope.id);
        match self.seen.get_mut(&key) {
            Some((known, at)) if *known == digest => {
                *at = (*at).max(message.envelope.at);
                Ok(Acceptance::Repeat)
            }
            Some(_) => Err(Refusal::Conflict),
            None => {
                self.seen.insert(key, (digest, message.envelope.at));
                Ok(Acceptance::New)
            }
        }
    }
    /// What [`Inbox::accept`] would find, remembering nothing.
    pub fn look<T>(&self, message: &Verified<T>) -> Result<Acceptance, Refusal> {
        match self.seen.get(&(message.envelope.from, message.envelope.id)) {
            Some((known, _)) if *known == content(&message.envelope) => Ok(Acceptance::Repeat),
            Some(_) => Err(Refusal::Conflict),
            None => Ok(Acceptance::New),
        }
    }
    /// Whether a message of a party is remembered.
    pub fn holds(&self, from: PartyId, id: MessageId) -> bool {
        self.seen.contains_key(&(from, id))
    }
    /// Forgets what is too old to be verified again.
    pub fn forget(&mut self, now: Micros) {
        self.seen.retain(|_, (_, at)| now.since(*at) <= OLDEST);
    }
}

/// A message ready to be put in an envelope: state machines return these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The addressee.
    pub to: PartyId,
    /// The sharing agreement.
    pub scope: ScopeId,
    /// The epoch.
    pub epoch: Epoch,
    /// The type.
    pub kind: Kind,
    /// The id: the same whenever this message is sent again.
    pub id: MessageId,
    /// When it was first made; the same whenever it is sent again.
    pub at: Micros,
    /// The body.
    pub body: Blob,
}

/// Where a message belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Course {
    /// The sharing agreement.
    pub scope: ScopeId,
    /// The epoch.
    pub epoch: Epoch,
}

impl Outgoing {
    /// A message whose id is derived from its content and addressee, so that making it again gives the same id.
    pub fn new<M: Message>(to: PartyId, course: Course, at: Micros, message: &M) -> Self {
        let body = Blob(encode(message));
        let kind = M::KIND;
        let digest = Digest::of(&[
            b"dlx/id",
            &[kind.code()],
            &to.0,
            &course.scope.0,
            &encode(&course.epoch),
            &encode(&at),
            &body.0,
        ]);
        let mut id = [0; 16];
        for (to, from) in id.iter_mut().zip(digest.0) {
            *to = from;
        }
        Self {
            to,
            scope: course.scope,
            epoch: course.epoch,
            kind,
            id: MessageId(id),
            at,
            body,
        }
    }

    /// Puts it in an envelope and signs, at its first sending.
    pub fn seal(&self, from: PartyId, checkpoint: &[u8], key: &SigningKey) -> Vec<u8> {
        self.seal_at(from, checkpoint, key, self.at)
    }

    /// Puts it in an envelope and signs, at any sending: the time is that of the signature, so that a party's
    /// envelopes in order of time carry its checkpoints in order of size. Id and body stay as they were.
    pub fn seal_at(&self, from: PartyId, checkpoint: &[u8], key: &SigningKey, now: Micros) -> Vec<u8> {
        Envelope {
            version: VERSION,
            kind: self.kind,
            scope: self.scope,
            epoch: self.epoch,
            from,
            to: self.to,
            id: self.id,
            at: now,
            checkpoint: Blob(checkpoint.to_vec()),
            body: self.body.clone(),
        }
        .sign(key)
    }
}

message!(crate::refusal::Refused => Refused);

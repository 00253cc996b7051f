//! Watching each other's logs: every envelope carries its sender's newest checkpoint, every receiver compares, and two
//! heads that cannot both be true are evidence that anyone can check with the log's public key alone. The witness
//! itself (`add-checkpoint`, cosignatures, policy) is `ledger`'s; this is what nodes do with it.

use crate::envelope::{Keyring, Verified, verify};
use crate::ids::{Micros, PartyId};
use crate::refusal::Refusal;
use crate::wire::{Blob, wire_struct};
use ledger::checkpoint::SignedCheckpoint;
use ledger::hash::Hash;
use ledger::key::VerifierKey;
use ledger::path::check_consistency;
use ledger::policy::Policy;

/// A log that says nothing for this long is an alarm: heartbeats come every minute.
pub const SILENT: i64 = 3 * 60 * Micros::SECOND;

wire_struct! {
    /// Two checkpoints of one log, of one size, with different roots: the log was forked.
    pub struct Fork {
        /// One signed checkpoint.
        pub one: Blob,
        /// The other.
        pub two: Blob,
    }
}
wire_struct! {
    /// Two checkpoints of one log, of different sizes, that cannot both be true: the log that the larger one signs had
    /// another root at the smaller size. A proof of consistency from that other root to the larger one shows it; whoever
    /// holds the larger log's tiles can make it.
    pub struct Branch {
        /// The smaller signed checkpoint.
        pub smaller: Blob,
        /// The larger.
        pub larger: Blob,
        /// The root that the larger log has at the smaller size.
        pub root: [u8; 32],
        /// The consistency proof from `root` to the larger root.
        pub proof: Vec<[u8; 32]>,
    }
}
wire_struct! {
    /// A later envelope names a smaller log than an earlier one did: the log was rolled back. Both are signed by the
    /// party and carry its own stated times.
    pub struct Rollback {
        /// The earlier envelope.
        pub before: Blob,
        /// The later one.
        pub after: Blob,
    }
}

/// What looking at a checkpoint showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The log grew, or this is the first.
    Newer,
    /// The same head: a heartbeat.
    Same,
    /// An older head than one already held. Late mail, unless its envelope is younger: see [`Watch::envelope`].
    Older,
    /// Proof of a fork.
    Forked(Fork),
}

#[derive(Clone, Debug)]
struct Head {
    size: u64,
    root: Hash,
    bytes: Vec<u8>,
}

/// What is held of one party's log.
#[derive(Clone, Debug)]
pub struct Watch {
    keys: Vec<VerifierKey>,
    heads: Vec<Head>,
    heard: Option<Micros>,
    largest: Option<(u64, Micros, Vec<u8>)>,
}

fn head(bytes: &[u8], keys: &[VerifierKey]) -> Result<Head, Refusal> {
    let signed = SignedCheckpoint::parse(bytes).map_err(|_| Refusal::Log)?;
    let by = signed.note().verified_by(keys).map_err(|_| Refusal::Log)?;
    let checkpoint = signed.checkpoint();
    let own = keys.iter().any(|key| key.name() == checkpoint.origin);
    if by.is_empty() || !own {
        return Err(Refusal::Log);
    }
    Ok(Head {
        size: checkpoint.size,
        root: checkpoint.root,
        bytes: bytes.to_vec(),
    })
}

impl Watch {
    /// Heads kept for comparison.
    const KEPT: usize = 1024;

    /// Watches a log with these keys.
    pub fn new(keys: Vec<VerifierKey>) -> Self {
        Self {
            keys,
            heads: Vec::new(),
            heard: None,
            largest: None,
        }
    }

    /// Looks at a checkpoint from anywhere.
    pub fn checkpoint(&mut self, bytes: &[u8], now: Micros) -> Result<Seen, Refusal> {
        let new = head(bytes, &self.keys)?;
        self.heard = Some(now);
        if let Some(known) = self.heads.iter().find(|known| known.size == new.size) {
            let fork = || Fork {
                one: Blob(known.bytes.clone()),
                two: Blob(new.bytes.clone()),
            };
            return Ok(if known.root == new.root {
                Seen::Same
            } else {
                Seen::Forked(fork())
            });
        }
        let newer = self.heads.iter().all(|known| known.size < new.size);
        self.heads.push(new);
        if self.heads.len() > Self::KEPT {
            self.heads.remove(0);
        }
        Ok(if newer { Seen::Newer } else { Seen::Older })
    }

    /// Looks at the checkpoint an envelope carries. A later envelope with a smaller log is proof of a rollback.
    pub fn envelope<T>(
        &mut self,
        message: &Verified<T>,
        now: Micros,
    ) -> Result<(Seen, Option<Rollback>), Refusal> {
        let envelope = message.envelope();
        if envelope.checkpoint.0.is_empty() {
            return Ok((Seen::Same, None));
        }
        let size = head(&envelope.checkpoint.0, &self.keys)?.size;
        let seen = self.checkpoint(&envelope.checkpoint.0, now)?;
        let rollback = match &self.largest {
            Some((largest, at, before)) if size < *largest && envelope.at > *at => Some(Rollback {
                before: Blob(before.clone()),
                after: Blob(message.evidence().to_vec()),
            }),
            _ => None,
        };
        // of two envelopes with the largest size, the earlier one proves more
        let larger = self
            .largest
            .as_ref()
            .is_none_or(|(l, at, _)| size > *l || (size == *l && envelope.at < *at));
        if larger {
            self.largest = Some((size, envelope.at, message.evidence().to_vec()));
        }
        Ok((seen, rollback))
    }

    /// Whether the log has been silent too long.
    pub fn silent(&self, since: Micros, now: Micros) -> bool {
        now.since(self.heard.unwrap_or(since)) > SILENT
    }
    /// The largest head held.
    pub fn newest(&self) -> Option<(u64, &[u8])> {
        self.heads
            .iter()
            .max_by_key(|head| head.size)
            .map(|head| (head.size, head.bytes.as_slice()))
    }
    /// Whether the newest head has the cosignatures a policy asks for.
    pub fn quorum(&self, policy: &Policy) -> bool {
        let newest = self
            .newest()
            .and_then(|(_, bytes)| SignedCheckpoint::parse(bytes).ok());
        newest.is_some_and(|signed| policy.accept(&signed).is_ok())
    }
}

impl Fork {
    /// Checks the evidence with the log's public keys alone.
    pub fn check(&self, keys: &[VerifierKey]) -> Result<(), Refusal> {
        let (one, two) = (head(&self.one.0, keys)?, head(&self.two.0, keys)?);
        if origin(&self.one) == origin(&self.two) && one.size == two.size && one.root != two.root {
            Ok(())
        } else {
            Err(Refusal::Log)
        }
    }
}

impl Branch {
    /// Checks the evidence with the log's public keys alone.
    pub fn check(&self, keys: &[VerifierKey]) -> Result<(), Refusal> {
        let (smaller, larger) = (head(&self.smaller.0, keys)?, head(&self.larger.0, keys)?);
        let root = Hash::from_slice(&self.root).ok_or(Refusal::Log)?;
        let proof: Option<Vec<Hash>> = self.proof.iter().map(|hash| Hash::from_slice(hash)).collect();
        let extends = check_consistency(
            smaller.size,
            &root,
            larger.size,
            &larger.root,
            &proof.ok_or(Refusal::Log)?,
        );
        let one_log = origin(&self.smaller) == origin(&self.larger);
        if one_log
            && 0 < smaller.size
            && smaller.size < larger.size
            && extends.is_ok()
            && root != smaller.root
        {
            Ok(())
        } else {
            Err(Refusal::Log)
        }
    }
}

fn origin(checkpoint: &Blob) -> Option<String> {
    let signed = SignedCheckpoint::parse(&checkpoint.0).ok()?;
    Some(signed.checkpoint().origin.clone())
}

impl Rollback {
    /// Checks the evidence with the party's envelope key and its log's keys: both envelopes are its own, the later one
    /// names the smaller log.
    pub fn check(&self, keys: &Keyring, log: &[VerifierKey]) -> Result<(), Refusal> {
        let read = |bytes: &Blob| -> Result<(PartyId, Micros, u64), Refusal> {
            let (to, at) = addressee_and_time(&bytes.0)?;
            let seen = verify(&bytes.0, to, keys, at)?;
            Ok((seen.from(), at, head(&seen.envelope().checkpoint.0, log)?.size))
        };
        let ((from, before, larger), (again, after, smaller)) = (read(&self.before)?, read(&self.after)?);
        if from == again && before < after && smaller < larger {
            Ok(())
        } else {
            Err(Refusal::Log)
        }
    }
}

/// To whom an envelope is addressed and when it says it was made: what checking it as evidence, later and elsewhere,
/// needs to know beforehand.
pub(crate) fn addressee_and_time(bytes: &[u8]) -> Result<(PartyId, Micros), Refusal> {
    let (body, _) = bytes.split_last_chunk::<64>().ok_or(Refusal::Log)?;
    let envelope: crate::envelope::Envelope = crate::wire::decode(body)?;
    Ok((envelope.to, envelope.at))
}

/// What a node does when it starts, from its own size and the sizes its witnesses hold (A6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody holds more than we do.
    Whole,
    /// A witness holds this many entries, more than we do: our store was rolled back. Stop publishing this log; a
    /// successor takes concerns at once.
    RolledBack(u64),
}

/// Compares our size with what witnesses hold. One witness is enough.
pub fn standing(own: u64, witnesses: &[u64]) -> Standing {
    match witnesses.iter().max() {
        Some(held) if *held > own => Standing::RolledBack(*held),
        _ => Standing::Whole,
    }
}

//! Canaries (D8): each pair of desks that may meet shares a secret, and from it both draw the hours in which they put
//! an invented subject that must hit. Two receipts and no hit prove that the exchange lost or hid one. A canary is
//! shaped like a subject, so the exchange cannot spare it.

use crate::envelope::{Keyring, verify};
use crate::ids::{DeskId, Digest, Handle, HitId, Micros, PartyId, Token};
use crate::mac;
use crate::matchkey::{KeyType, MatchKey};
use crate::message::{Batch, BatchReceipt};
use crate::refusal::Refusal;
use crate::wire::{Blob, decode, wire_struct};
use crate::witnessing::addressee_and_time;

/// How long after both receipts a hit may take before its absence is proof.
pub const PATIENCE: i64 = 60 * 60 * Micros::SECOND;

/// The secret of one pair of desks, agreed outside the exchange.
#[derive(Clone, zeroize::ZeroizeOnDrop)]
pub struct PairSecret([u8; 32]);

impl core::fmt::Debug for PairSecret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("PairSecret(…)")
    }
}

/// An hour: hours since 1970.
pub type Hour = i64;

/// The invented subject of one hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canary {
    /// The hour in which both put it.
    pub hour: Hour,
    /// Its handle at a desk; differs by desk.
    pub handle: Handle,
    /// Its keys; equal at both desks. Their values are pseudorandom and can be nobody's.
    pub keys: Vec<MatchKey>,
}

impl PairSecret {
    /// Wraps 32 random bytes known to the two desks only.
    pub fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// Whether the pair puts a canary in an hour. With `peers` desks that may be met, each desk puts about one an hour.
    pub fn drawn(&self, hour: Hour, peers: u32) -> bool {
        let wide = mac::sha256(&self.0, &[b"dlx/canary/hour", &hour.to_be_bytes()]);
        let value = wide
            .first_chunk::<8>()
            .map_or(u64::MAX, |b| u64::from_be_bytes(*b));
        value < u64::MAX / u64::from(peers.max(1))
    }

    /// The second within the hour at which a desk puts it, so that the two do not arrive together.
    pub fn second(&self, hour: Hour, desk: DeskId) -> u32 {
        let wide = mac::sha256(&self.0, &[b"dlx/canary/second", &hour.to_be_bytes(), &desk.0]);
        wide.first_chunk::<4>()
            .map_or(0, |b| u32::from_be_bytes(*b) % 3_600)
    }

    /// The canary of an hour, as one desk puts it. It has as many keys as a subject may plausibly have.
    pub fn canary(&self, hour: Hour, desk: DeskId) -> Canary {
        let wide = mac::sha256(&self.0, &[b"dlx/canary/handle", &hour.to_be_bytes(), &desk.0]);
        let mut handle = [0; 16];
        for (to, from) in handle.iter_mut().zip(wide) {
            *to = from;
        }
        let shape = mac::sha256(&self.0, &[b"dlx/canary/shape", &hour.to_be_bytes()]);
        let kinds = KeyType::ALL.iter().zip(shape).filter(|(kind, byte)| {
            // most subjects make the keys of names, date and place; fewer have links
            *byte
                < if kind.code() <= KeyType::NamesDistrictYearMonth.code() {
                    200
                } else {
                    60
                }
        });
        let value = |kind: KeyType| -> String {
            let wide = mac::sha256(
                &self.0,
                &[b"dlx/canary/value", &hour.to_be_bytes(), &[kind.code()]],
            );
            let hex: String = wide.iter().map(|b| format!("{b:02x}")).collect();
            // no normalised value contains a slash
            format!("canary/{hex}")
        };
        let mut keys: Vec<_> = kinds
            .map(|(kind, _)| MatchKey {
                kind: *kind,
                value: value(*kind),
            })
            .collect();
        if keys.is_empty() {
            keys.push(MatchKey {
                kind: KeyType::NamesDate,
                value: value(KeyType::NamesDate),
            });
        }
        Canary {
            hour,
            handle: Handle(handle),
            keys,
        }
    }
}

/// One canary as a desk follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// The hour.
    pub hour: Hour,
    /// Keys put.
    pub keys: usize,
    /// When the exchange confirmed our rows.
    pub ours: Option<Micros>,
    /// When it confirmed theirs, as their own receipt shows.
    pub theirs: Option<Micros>,
    /// Hits that came.
    pub hits: usize,
}

/// What a canary shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Song {
    /// Every key hit.
    Whole,
    /// Not yet: a receipt is missing, or there is still time.
    Waiting,
    /// Both receipts are there and hits are missing: with the receipts, proof of a fault or of suppression.
    Missing(usize),
}

impl Followed {
    /// What it shows now.
    pub fn song(&self, now: Micros) -> Song {
        let missing = self.keys.saturating_sub(self.hits);
        match (missing, self.ours.zip(self.theirs)) {
            (0, _) => Song::Whole,
            (_, Some((ours, theirs))) if now.since(ours.max(theirs)) > PATIENCE => Song::Missing(missing),
            _ => Song::Waiting,
        }
    }
}

wire_struct! {
    /// One desk's part in a missing hit: the batch it sent, and the exchange's own signed receipt for it.
    pub struct Confirmed {
        /// The body of the batch.
        pub batch: Blob,
        /// The envelope of the receipt.
        pub receipt: Blob,
    }
}
wire_struct! {
    /// The exchange confirmed two batches with rows of two desks under one token. It owes both of them a notice of that
    /// hit, and can show what it did: their signed collections, or a custodian's row under the token. If it can show
    /// neither, it lost or hid the hit. Anyone can check this with the exchange's public key.
    pub struct Owed {
        /// One desk's part.
        pub one: Confirmed,
        /// The other's.
        pub two: Confirmed,
        /// The token that both have.
        pub token: Token,
    }
}

impl Owed {
    /// Checks the evidence and returns the hit that is owed.
    pub fn check(&self, exchange: PartyId, keys: &Keyring) -> Result<HitId, Refusal> {
        let (one, two) = (self.one.check(exchange, keys)?, self.two.check(exchange, keys)?);
        let row = |batch: &Batch| {
            let mut puts = batch.puts.iter();
            puts.find(|put| put.token == self.token).map(|put| put.id)
        };
        match (row(&one.0), row(&two.0)) {
            (Some(a), Some(b)) if one.0.desk != two.0.desk && one.1 == two.1 => Ok(HitId::of(a, b)),
            _ => Err(Refusal::Unasked),
        }
    }
}

impl Confirmed {
    /// The batch, and the scope and epoch it was confirmed in.
    fn check(&self, exchange: PartyId, keys: &Keyring) -> Result<(Batch, Vec<u8>), Refusal> {
        let (to, at) = addressee_and_time(&self.receipt.0)?;
        let seen = verify(&self.receipt.0, to, keys, at)?.open::<BatchReceipt>()?;
        let digest = Digest::of(&[&self.batch.0]);
        if seen.from() != exchange || seen.value().digest != digest {
            return Err(Refusal::Sender);
        }
        let envelope = seen.envelope();
        let course = crate::wire::encode(&(envelope.scope, envelope.epoch));
        Ok((decode(&self.batch.0)?, course))
    }
}

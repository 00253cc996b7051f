//! Making and refreshing a shared key without a dealer: each key-holder deals to the others, and nobody ever holds
//! the whole (FROST distributed key generation over ristretto255, two rounds). A refresh deals sharings of zero: the
//! whole key and every token stay as they were, and shares from before and after do not combine.
//!
//! Round 1 messages go to everybody; round 2 messages are secret, one for each receiver, and must be carried sealed
//! ([`crate::seal`]). Needs all key-holders, so it is never on the path of work.

use crate::draw::Draw;
use crate::oprf::{Encoded, OprfError, Secret, decode_scalar};
use crate::threshold::{Seat, SharedKey};
use frost_ristretto255::Identifier;
use frost_ristretto255::keys::{KeyPackage, PublicKeyPackage, dkg, refresh};
use std::collections::BTreeMap;

/// Why a ceremony stopped. Nothing is kept from a stopped ceremony; it starts afresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeygenError {
    /// A seat is zero, unknown or sent twice, or a message is missing.
    #[error("wrong set of key-holders")]
    Seats,
    /// Bytes are not a message of this round.
    #[error("message of the ceremony is malformed")]
    Malformed,
    /// The key-holder named dealt a share that does not fit its commitment.
    #[error("key-holder {0} dealt a wrong share")]
    Culprit(Seat),
    /// The ceremony's library refused for another reason.
    #[error("ceremony refused")]
    Refused,
    /// The resulting share cannot be used.
    #[error(transparent)]
    Oprf(#[from] OprfError),
}

/// What one key-holder stores after a ceremony: its share, and the public side it signs into the epoch descriptor.
#[derive(Clone, Debug)]
pub struct Share {
    /// Whose share.
    pub seat: Seat,
    /// The share, for evaluating.
    pub secret: Secret,
    /// The public side, equal at every key-holder.
    pub public: SharedKey,
    packages: (KeyPackage, PublicKeyPackage),
}

enum Kind {
    Fresh,
    Refresh(Box<(KeyPackage, PublicKeyPackage)>),
}

/// Secret messages of the second round, each with the seat it is for.
pub type Deals = Vec<(Seat, Vec<u8>)>;

/// One key-holder in a ceremony, after it sent its first message.
pub struct RoundOne {
    seat: Seat,
    kind: Kind,
    secret: dkg::round1::SecretPackage,
}

/// One key-holder in a ceremony, after it sent its second messages.
pub struct RoundTwo {
    seat: Seat,
    kind: Kind,
    secret: dkg::round2::SecretPackage,
    first: BTreeMap<Identifier, dkg::round1::Package>,
}

impl core::fmt::Debug for RoundOne {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "RoundOne(seat {})", self.seat)
    }
}

impl core::fmt::Debug for RoundTwo {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "RoundTwo(seat {})", self.seat)
    }
}

type FrostError = frost_ristretto255::Error;

fn refused(error: FrostError) -> KeygenError {
    match error {
        FrostError::InvalidSecretShare { culprit: Some(id) } => KeygenError::Culprit(seat_of(&id)),
        FrostError::InvalidProofOfKnowledge { culprit } => KeygenError::Culprit(seat_of(&culprit)),
        _ => KeygenError::Refused,
    }
}

fn identifier(seat: Seat) -> Result<Identifier, KeygenError> {
    Identifier::try_from(u16::from(seat)).map_err(|_| KeygenError::Seats)
}

fn seat_of(id: &Identifier) -> Seat {
    id.serialize().first().copied().unwrap_or(0)
}

/// Begins a fresh key: returns the state to keep and the message for every other key-holder.
pub fn begin(
    seat: Seat,
    seats: u8,
    threshold: u8,
    draw: &mut Draw,
) -> Result<(RoundOne, Vec<u8>), KeygenError> {
    let (secret, package) =
        dkg::part1(identifier(seat)?, u16::from(seats), u16::from(threshold), draw).map_err(refused)?;
    let message = package.serialize().map_err(refused)?;
    Ok((
        RoundOne {
            seat,
            kind: Kind::Fresh,
            secret,
        },
        message,
    ))
}

/// Begins a refresh of an existing share.
pub fn begin_refresh(share: &Share, draw: &mut Draw) -> Result<(RoundOne, Vec<u8>), KeygenError> {
    let seats = u16::try_from(share.public.shares.len()).map_err(|_| KeygenError::Seats)?;
    let threshold = u16::from(share.public.threshold);
    let (secret, package) =
        refresh::refresh_dkg_part1(identifier(share.seat)?, seats, threshold, draw).map_err(refused)?;
    let message = package.serialize().map_err(refused)?;
    let kind = Kind::Refresh(Box::new(share.packages.clone()));
    Ok((
        RoundOne {
            seat: share.seat,
            kind,
            secret,
        },
        message,
    ))
}

impl RoundOne {
    /// Takes every other key-holder's first message; returns the secret messages, one for each of them.
    pub fn deal(self, first: &[(Seat, Vec<u8>)]) -> Result<(RoundTwo, Deals), KeygenError> {
        let mut packages = BTreeMap::new();
        for (seat, bytes) in first {
            let package = dkg::round1::Package::deserialize(bytes).map_err(|_| KeygenError::Malformed)?;
            let fresh = *seat != self.seat && packages.insert(identifier(*seat)?, package).is_none();
            if !fresh {
                return Err(KeygenError::Seats);
            }
        }
        let (secret, deals) = match &self.kind {
            Kind::Fresh => dkg::part2(self.secret, &packages),
            Kind::Refresh(_) => refresh::refresh_dkg_part2(self.secret, &packages),
        }
        .map_err(refused)?;
        let mut out = Vec::with_capacity(deals.len());
        for (id, package) in deals {
            out.push((seat_of(&id), package.serialize().map_err(refused)?));
        }
        Ok((
            RoundTwo {
                seat: self.seat,
                kind: self.kind,
                secret,
                first: packages,
            },
            out,
        ))
    }
}

impl RoundTwo {
    /// Takes every other key-holder's secret message; returns the share.
    pub fn finish(self, second: &[(Seat, Vec<u8>)]) -> Result<Share, KeygenError> {
        let mut packages = BTreeMap::new();
        for (seat, bytes) in second {
            let package = dkg::round2::Package::deserialize(bytes).map_err(|_| KeygenError::Malformed)?;
            if packages.insert(identifier(*seat)?, package).is_some() {
                return Err(KeygenError::Seats);
            }
        }
        let (key, public) = match self.kind {
            Kind::Fresh => dkg::part3(&self.secret, &self.first, &packages),
            Kind::Refresh(old) => {
                refresh::refresh_dkg_shares(&self.secret, &self.first, &packages, old.1, old.0)
            }
        }
        .map_err(refused)?;
        share(self.seat, key, public)
    }
}

fn share(seat: Seat, key: KeyPackage, public: PublicKeyPackage) -> Result<Share, KeygenError> {
    let scalar: [u8; 32] = key
        .signing_share()
        .serialize()
        .try_into()
        .map_err(|_| KeygenError::Malformed)?;
    let mut shares = Vec::new();
    for (id, point) in public.verifying_shares() {
        let bytes = point.serialize().map_err(refused)?;
        let encoded: Encoded = bytes.try_into().map_err(|_| KeygenError::Malformed)?;
        shares.push((seat_of(id), encoded));
    }
    shares.sort_unstable();
    let threshold = u8::try_from(*key.min_signers()).map_err(|_| KeygenError::Seats)?;
    Ok(Share {
        seat,
        secret: Secret::new(decode_scalar(&scalar)?)?,
        public: SharedKey { threshold, shares },
        packages: (key, public),
    })
}

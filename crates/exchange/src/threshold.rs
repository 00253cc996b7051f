//! Combining the answers of any `t` of `n` key-holders into the answer of the whole key, which nobody holds.
//!
//! Each key-holder proves its own share under its own public key; only proven answers are combined. The Lagrange
//! weights at zero are small fractions, so the sum is taken with small whole numbers and the common denominator is
//! folded into the removal of the blind.

use crate::ids::Digest;
use crate::oprf::{self, Blinded, Encoded, OprfError, Output, Proof};
use curve25519_dalek::traits::Identity as _;
use curve25519_dalek::{RistrettoPoint, Scalar};

/// The number of a key-holder, 1 to 255: where the sharing polynomial is evaluated for it.
pub type Seat = u8;

/// The public side of a shared key: who holds a share, and how many are needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedKey {
    /// How many shares are needed.
    pub threshold: u8,
    /// Each key-holder's seat and share public key, in seat order.
    pub shares: Vec<(Seat, Encoded)>,
}

/// Why answers could not be combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CombineError {
    /// Fewer than the threshold of distinct, known seats.
    #[error("not enough key-holders answered")]
    TooFew,
    /// A seat is unknown, zero or named twice.
    #[error("a key-holder is unknown or answered twice")]
    Seat,
    /// The answers are of two sharings or two batches: from before and after a refresh.
    #[error("answers do not belong together")]
    Mixed,
    /// The numbers do not fit; more seats than this protocol allows.
    #[error("too many key-holders")]
    TooMany,
    /// An element, scalar or proof was refused.
    #[error(transparent)]
    Oprf(#[from] OprfError),
}

/// One key-holder's answer, checked against its share public key. Made by [`SharedKey::verify`] only.
#[derive(Clone, Debug)]
pub struct Proven {
    seat: Seat,
    /// Which sharing and which batch it was proven for.
    of: Digest,
    points: Vec<RistrettoPoint>,
}

impl Proven {
    /// Whose answer this is.
    pub fn seat(&self) -> Seat {
        self.seat
    }
}

impl SharedKey {
    /// The share public key of a seat.
    pub fn share(&self, seat: Seat) -> Option<&Encoded> {
        self.shares.iter().find(|(s, _)| *s == seat).map(|(_, key)| key)
    }

    /// Checks one key-holder's answer. Changes nothing.
    pub fn verify(
        &self,
        seat: Seat,
        blinded: &Blinded,
        evaluated: &[Encoded],
        proof: &Proof,
    ) -> Result<Proven, CombineError> {
        let public = self.share(seat).ok_or(CombineError::Seat)?;
        Ok(Proven {
            seat,
            of: self.of(blinded),
            points: oprf::verify(public, blinded, evaluated, proof)?,
        })
    }

    /// Names one batch under one sharing. Never sent.
    fn of(&self, blinded: &Blinded) -> Digest {
        let shares = self.shares.iter();
        let seats: Vec<u8> = shares.clone().map(|(seat, _)| *seat).collect();
        let threshold = [self.threshold];
        let parts: Vec<&[u8]> = [&threshold, seats.as_slice()]
            .into_iter()
            .chain(shares.map(|(_, key)| key.as_slice()))
            .chain(blinded.encoded().iter().map(<[u8; 32]>::as_slice))
            .collect();
        Digest::of(&parts)
    }

    /// Combines the first `threshold` proven answers and removes the blinds.
    pub fn combine(
        &self,
        inputs: &[impl AsRef<[u8]>],
        blinded: &Blinded,
        answers: &[Proven],
    ) -> Result<Vec<Output>, CombineError> {
        let quorum = answers
            .get(..usize::from(self.threshold))
            .ok_or(CombineError::TooFew)?;
        let seats: Vec<Seat> = quorum.iter().map(|answer| answer.seat).collect();
        if seats.is_empty() || seats.iter().any(|seat| self.share(*seat).is_none()) {
            return Err(CombineError::Seat);
        }
        let of = self.of(blinded);
        if quorum.iter().any(|answer| answer.of != of) {
            return Err(CombineError::Mixed);
        }
        let (numerators, scale) = lagrange(&seats)?;
        let count = blinded.encoded().len();
        if quorum.iter().any(|answer| answer.points.len() != count) {
            return Err(OprfError::Batch.into());
        }
        let mut sums = vec![RistrettoPoint::identity(); count];
        for (answer, weight) in quorum.iter().zip(&numerators) {
            for (sum, point) in sums.iter_mut().zip(&answer.points) {
                *sum += small_multiple(point, *weight);
            }
        }
        Ok(blinded.finalize(inputs, &sums, &scale)?)
    }

    /// The public key of the whole: the same combination over the share public keys. Refused when it is the identity,
    /// under which every input would have an output that anyone can compute.
    pub fn whole_public(&self) -> Result<Encoded, CombineError> {
        let quorum = self
            .shares
            .get(..usize::from(self.threshold))
            .ok_or(CombineError::TooFew)?;
        let seats: Vec<Seat> = quorum.iter().map(|(seat, _)| *seat).collect();
        let (numerators, scale) = lagrange(&seats)?;
        let mut sum = RistrettoPoint::identity();
        for ((_, key), weight) in quorum.iter().zip(&numerators) {
            sum += small_multiple(&oprf::decode_element(key)?, *weight);
        }
        let whole = (sum * scale).compress().0;
        oprf::decode_element(&whole)?;
        Ok(whole)
    }

    /// Whether no share is the whole key, nor another's: then one key-holder alone would hold it.
    fn apart(&self, whole: &Encoded) -> bool {
        let mut keys: Vec<&Encoded> = self.shares.iter().map(|(_, key)| key).chain([whole]).collect();
        keys.sort_unstable();
        keys.windows(2).all(|pair| pair.first() != pair.last())
    }

    /// Whether every share lies on one polynomial of the right degree, so that any quorum gives the same whole key, and
    /// no single share gives it.
    pub fn consistent(&self) -> bool {
        let Ok(whole) = self.whole_public() else {
            return false;
        };
        let need = usize::from(self.threshold);
        self.apart(&whole)
            && (0..self.shares.len()).all(|start| {
                let turned: Vec<_> = self
                    .shares
                    .iter()
                    .cycle()
                    .skip(start)
                    .take(need)
                    .copied()
                    .collect();
                SharedKey {
                    threshold: self.threshold,
                    shares: turned,
                }
                .whole_public()
                    == Ok(whole)
            })
    }
}

/// Lagrange weights at zero for the seats, as whole-number numerators and the inverse of their common denominator.
fn lagrange(seats: &[Seat]) -> Result<(Vec<i64>, Scalar), CombineError> {
    let mut fractions = Vec::with_capacity(seats.len());
    for i in seats {
        let (mut over, mut under) = (1i64, 1i64);
        for j in seats.iter().filter(|j| *j != i) {
            over = over.checked_mul(i64::from(*j)).ok_or(CombineError::TooMany)?;
            under = under
                .checked_mul(i64::from(*j) - i64::from(*i))
                .ok_or(CombineError::TooMany)?;
        }
        fractions.push((over, under));
    }
    let distinct = seats
        .iter()
        .enumerate()
        .all(|(n, seat)| *seat != 0 && !seats.iter().skip(n + 1).any(|s| s == seat));
    if !distinct {
        return Err(CombineError::Seat);
    }
    let mut common = 1i64;
    for (_, under) in &fractions {
        let under = under.checked_abs().ok_or(CombineError::TooMany)?;
        common = common
            .checked_mul(under / gcd(common, under))
            .ok_or(CombineError::TooMany)?;
    }
    let mut numerators = Vec::with_capacity(seats.len());
    for (over, under) in fractions {
        let factor = common.checked_div(under).ok_or(CombineError::Seat)?;
        numerators.push(over.checked_mul(factor).ok_or(CombineError::TooMany)?);
    }
    Ok((numerators, Scalar::from(common.unsigned_abs()).invert()))
}

fn gcd(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// A public point times a small public whole number, by doubling and adding.
fn small_multiple(point: &RistrettoPoint, weight: i64) -> RistrettoPoint {
    let mut sum = RistrettoPoint::identity();
    let magnitude = weight.unsigned_abs();
    for bit in (0..(64 - magnitude.leading_zeros())).rev() {
        sum = sum + sum;
        if (magnitude >> bit) & 1 == 1 {
            sum += point;
        }
    }
    if weight < 0 { -sum } else { sum }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    #[test]
    fn lagrange_weights_reconstruct_a_polynomial_at_zero() {
        let (a, b) = (Scalar::from(41u64), Scalar::from(7_000_001u64));
        let at = |x: u8| a + b * Scalar::from(u64::from(x));
        for seats in [[1u8, 2], [1, 3], [2, 3], [3, 1], [200, 255]] {
            let (numerators, scale) = lagrange(&seats).unwrap();
            let sum: Scalar = seats
                .iter()
                .zip(numerators)
                .map(|(x, n)| {
                    let n_scalar = Scalar::from(n.unsigned_abs());
                    at(*x) * if n < 0 { -n_scalar } else { n_scalar }
                })
                .sum();
            assert_eq!(sum * scale, a);
        }
        assert_eq!(lagrange(&[1, 1]), Err(CombineError::Seat));
        assert_eq!(lagrange(&[0, 1]), Err(CombineError::Seat));
    }

    #[test]
    fn small_multiples_agree_with_scalars() {
        let p = RistrettoPoint::mul_base(&Scalar::from(9u64));
        for n in [-7i64, -1, 0, 1, 2, 3, 255, 65_535] {
            let s = Scalar::from(n.unsigned_abs());
            assert_eq!(small_multiple(&p, n), p * if n < 0 { -s } else { s });
        }
    }
}

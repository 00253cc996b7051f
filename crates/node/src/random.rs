//! Randomness from the operating system, and the ids made of it.

use domain::id::{DutyId, PractitionerId, RecordId, StreamId, SubjectId};
use domain::time::Instant;

/// The operating system gave no randomness. Nothing that needs a secret can be made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the operating system gave no randomness")]
pub struct NoRandomness;

/// `N` random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut out = [0_u8; N];
    getrandom::fill(&mut out).map_err(|_| NoRandomness)?;
    Ok(out)
}

/// A random 64-bit number.
pub(crate) fn number() -> Result<u64, NoRandomness> {
    bytes::<8>().map(u64::from_le_bytes)
}

/// Sixteen bytes whose first six are milliseconds: keys in the store are time-ordered, so inserts stay together.
fn ordered(now: Instant) -> Result<[u8; 16], NoRandomness> {
    let mut out = bytes::<16>()?;
    let millis = u64::try_from(now.micros() / 1000).unwrap_or(0).to_be_bytes();
    for (slot, byte) in out.iter_mut().zip(millis.iter().skip(2)) {
        *slot = *byte;
    }
    Ok(out)
}

/// A new stream's id.
pub(crate) fn stream(now: Instant) -> Result<StreamId, NoRandomness> {
    ordered(now).map(StreamId)
}

/// A new record's id.
pub(crate) fn record(now: Instant) -> Result<RecordId, NoRandomness> {
    ordered(now).map(RecordId)
}

/// A new duty's id.
pub(crate) fn duty(now: Instant) -> Result<DutyId, NoRandomness> {
    ordered(now).map(DutyId)
}

/// A new subject's id: wholly random, for it travels.
pub(crate) fn subject() -> Result<SubjectId, NoRandomness> {
    bytes().map(SubjectId)
}

/// A new practitioner's handle.
pub(crate) fn practitioner() -> Result<PractitionerId, NoRandomness> {
    bytes().map(PractitionerId)
}

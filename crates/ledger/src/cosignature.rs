//! Cosignatures: a witness's statement that, at a time, it saw this tree head extend all it had seen
//! (C2SP `tlog-cosignature`, Ed25519 kind).

use crate::checkpoint::Checkpoint;
use crate::key::{COSIGNATURE, KeyError, SignerKey};
use crate::note::Signature;
use thiserror::Error;

/// The latest time a cosignature may state.
pub const MAX_TIME: u64 = i64::MAX as u64;

/// Why a cosignature could not be made.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum CosignError {
    /// The key is not a cosigner's.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The time is zero or beyond [`MAX_TIME`].
    #[error("a witness needs a set clock to sign")]
    Time,
}

/// The exact text an Ed25519 cosigner signs; `None` for a time beyond [`MAX_TIME`].
pub(crate) fn message(note_text: &str, time: u64) -> Option<String> {
    (time <= MAX_TIME).then(|| format!("cosignature/v1\ntime {time}\n{note_text}"))
}

/// Signs a checkpoint's text as a witness at `time` (seconds since 1970).
///
/// # Errors
/// [`CosignError::Key`] when the key is not of kind [`COSIGNATURE`], [`CosignError::Time`] for a time that says nothing.
pub fn cosign(key: &SignerKey, checkpoint: &Checkpoint, time: u64) -> Result<Signature, CosignError> {
    if key.algorithm() != COSIGNATURE {
        return Err(KeyError::Algorithm.into());
    }
    let message = message(&checkpoint.to_text(), time)
        .filter(|_| time > 0)
        .ok_or(CosignError::Time)?;
    let mut bytes = time.to_be_bytes().to_vec();
    bytes.extend_from_slice(&key.sign_bytes(message.as_bytes()));
    Ok(Signature {
        name: key.name().to_owned(),
        id: key.verifier().id(),
        bytes,
    })
}

//! Encryption of what records contain: a random key per stream, a key derived per record, an epoch key over all.
//!
//! A record's blob holds its disclosures (name, salt and value of every field, spine included), so that destroying a
//! field's disclosure destroys value and salt together, and what stays in the log is the digest of an unknown.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::id::{RecordId, StreamId};
use hkdf::Hkdf;
use sha2::Sha256;

use crate::keys::{Keys, Secret};
use crate::random;

const NONCE: usize = 24;

/// Why something in the vault could not be opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum VaultError {
    /// The epoch's key is not here: destroyed, or never restored.
    #[error("the key of epoch {0} is not among this node's keys")]
    NoEpoch(u32),
    /// The bytes are not what was sealed, or belong to another record.
    #[error("what the vault holds does not open: it was changed, or it belongs to another record")]
    DoesNotOpen,
    /// No randomness.
    #[error(transparent)]
    Random(#[from] random::NoRandomness),
}

fn seal(key: &[u8; 32], aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, VaultError> {
    let nonce = random::bytes::<NONCE>()?;
    let cipher = XChaCha20Poly1305::new(key.into());
    let payload = Payload { msg: plain, aad };
    let sealed = cipher
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| VaultError::DoesNotOpen)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn open(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
    let (nonce, rest) = sealed
        .split_first_chunk::<NONCE>()
        .ok_or(VaultError::DoesNotOpen)?;
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher
        .decrypt(&XNonce::from(*nonce), Payload { msg: rest, aad })
        .map_err(|_| VaultError::DoesNotOpen)
}

/// A stream's key, and how it lies in the store.
#[derive(Clone, Debug)]
pub(crate) struct StreamKey(Secret);

/// A stream's key wrapped by an epoch's key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Wrapped {
    pub(crate) epoch: u32,
    pub(crate) bytes: Vec<u8>,
}

fn wrap_aad(stream: StreamId, epoch: u32) -> Vec<u8> {
    [
        b"daylight/stream-key/1".as_slice(),
        &stream.0,
        &epoch.to_be_bytes(),
    ]
    .concat()
}

impl StreamKey {
    /// A new random key.
    pub(crate) fn make() -> Result<Self, VaultError> {
        Ok(Self(Secret::new(random::bytes()?)))
    }

    /// Wraps it under the newest epoch.
    pub(crate) fn wrap(&self, stream: StreamId, keys: &Keys) -> Result<Wrapped, VaultError> {
        let (epoch, key) = keys.epoch().ok_or(VaultError::NoEpoch(0))?;
        let bytes = seal(key.expose(), &wrap_aad(stream, epoch), self.0.expose())?;
        Ok(Wrapped { epoch, bytes })
    }

    /// Unwraps it.
    pub(crate) fn unwrap(stream: StreamId, wrapped: &Wrapped, keys: &Keys) -> Result<Self, VaultError> {
        let key = keys
            .epochs
            .get(&wrapped.epoch)
            .ok_or(VaultError::NoEpoch(wrapped.epoch))?;
        let plain = open(key.expose(), &wrap_aad(stream, wrapped.epoch), &wrapped.bytes)?;
        let bytes: [u8; 32] = plain.as_slice().try_into().map_err(|_| VaultError::DoesNotOpen)?;
        Ok(Self(Secret::new(bytes)))
    }

    fn content_key(&self, record: RecordId) -> Result<Secret, VaultError> {
        let mut out = [0_u8; 32];
        Hkdf::<Sha256>::new(None, self.0.expose())
            .expand_multi_info(&[b"daylight/content/1", &record.0], &mut out)
            .map_err(|_| VaultError::DoesNotOpen)?;
        Ok(Secret::new(out))
    }

    /// Seals a record's blob to its id and leaf.
    pub(crate) fn seal(
        &self,
        record: RecordId,
        leaf: &[u8; 32],
        plain: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        seal(
            self.content_key(record)?.expose(),
            &[record.0.as_slice(), leaf].concat(),
            plain,
        )
    }

    /// Opens a record's blob.
    pub(crate) fn open(
        &self,
        record: RecordId,
        leaf: &[u8; 32],
        sealed: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        open(
            self.content_key(record)?.expose(),
            &[record.0.as_slice(), leaf].concat(),
            sealed,
        )
    }
}

/// The key under which an epoch's unsent words lie: they end with the epoch, in every backup too.
fn unsent_key(epoch: &Secret) -> Result<Secret, VaultError> {
    let mut out = [0_u8; 32];
    Hkdf::<Sha256>::new(None, epoch.expose())
        .expand(b"daylight/unsent/1", &mut out)
        .map_err(|_| VaultError::DoesNotOpen)?;
    Ok(Secret::new(out))
}

/// Seals what was typed and not sent under the newest epoch, to the id it is kept under.
pub(crate) fn seal_unsent(keys: &Keys, id: &[u8; 32], plain: &[u8]) -> Result<Vec<u8>, VaultError> {
    let (epoch, key) = keys.epoch().ok_or(VaultError::NoEpoch(0))?;
    let sealed = seal(unsent_key(key)?.expose(), id, plain)?;
    Ok([epoch.to_be_bytes().as_slice(), &sealed].concat())
}

/// Opens what [`seal_unsent`] sealed.
pub(crate) fn open_unsent(keys: &Keys, id: &[u8; 32], sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
    let (epoch, sealed) = sealed.split_first_chunk::<4>().ok_or(VaultError::DoesNotOpen)?;
    let epoch = u32::from_be_bytes(*epoch);
    let key = keys.epochs.get(&epoch).ok_or(VaultError::NoEpoch(epoch))?;
    open(unsent_key(key)?.expose(), id, sealed)
}

/// Seals something that is not a record under `key`, to a purpose.
pub(crate) fn seal_under(key: &Secret, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
    seal(key.expose(), purpose.as_bytes(), plain)
}

/// Opens what [`seal_under`] sealed.
pub(crate) fn open_under(key: &Secret, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
    open(key.expose(), purpose.as_bytes(), sealed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_blob_opens_only_for_its_own_record_and_leaf() {
        let key = StreamKey::make().unwrap();
        let (record, leaf) = (RecordId([1; 16]), [2_u8; 32]);
        let sealed = key.seal(record, &leaf, b"words").unwrap();
        assert_eq!(key.open(record, &leaf, &sealed).unwrap(), b"words");
        assert_eq!(
            key.open(RecordId([9; 16]), &leaf, &sealed),
            Err(VaultError::DoesNotOpen)
        );
        assert_eq!(key.open(record, &[3; 32], &sealed), Err(VaultError::DoesNotOpen));
        for place in 0..sealed.len() {
            let mut wrong = sealed.clone();
            *wrong.get_mut(place).unwrap() ^= 1;
            assert_eq!(key.open(record, &leaf, &wrong), Err(VaultError::DoesNotOpen));
        }
    }

    #[test]
    fn a_stream_key_opens_only_under_its_epoch_and_for_its_stream() {
        let home = tempfile::tempdir().unwrap();
        let keys = Keys::open(&home.path().join("keys"), true).unwrap();
        let (stream, key) = (StreamId([7; 16]), StreamKey::make().unwrap());
        let wrapped = key.wrap(stream, &keys).unwrap();
        assert_eq!(
            StreamKey::unwrap(stream, &wrapped, &keys).unwrap().0.expose(),
            key.0.expose()
        );
        assert!(StreamKey::unwrap(StreamId([8; 16]), &wrapped, &keys).is_err());
        let elsewhere = Wrapped { epoch: 9, ..wrapped };
        assert!(matches!(
            StreamKey::unwrap(stream, &elsewhere, &keys),
            Err(VaultError::NoEpoch(9))
        ));
    }
}

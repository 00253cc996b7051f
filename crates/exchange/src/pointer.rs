//! The sealed pointer of a row (D4): 96 bytes that say whose subject this is, opened only with the row key.
//! No category, no name, no area.

use crate::draw::Draw;
use crate::ids::{DeskId, Epoch, Handle, RowId, ScopeId};
use crate::matchkey::{KeySet, KeyType};
use crate::token::RowKey;
use crate::wire::{Reader, Wire as _};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

/// Bytes of a pointer before sealing.
pub const PLAIN: usize = 96;
/// Bytes of a sealed pointer: nonce, ciphertext, tag.
pub const SEALED: usize = 24 + PLAIN + 16;
/// The version in the associated data.
pub const VERSION: u8 = 1;

/// A sealed pointer.
pub type Sealed = [u8; SEALED];

/// The pointer could not be opened: another person, another row, or changed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("pointer cannot be opened")]
pub struct Closed;

/// What a matched agency learns from the row itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// The subject, as its holder names it to others.
    pub handle: Handle,
    /// Which kind of key this row is.
    pub kind: KeyType,
    /// Which kinds of key the holder has for the subject: shows whether both hold an NHS number.
    pub held: KeySet,
    /// Which HPKE key of the desk to seal an ask to.
    pub hpke_key: [u8; 16],
}

/// Where a row lives; bound into its seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The sharing agreement.
    pub scope: ScopeId,
    /// The epoch.
    pub epoch: Epoch,
    /// The desk that put it.
    pub desk: DeskId,
    /// The row.
    pub row: RowId,
}

impl Place {
    fn associated(&self) -> [u8; 53] {
        let mut out = [0; 53];
        let parts: [&[u8]; 5] = [
            &[VERSION],
            &self.scope.0,
            &self.epoch.0.to_be_bytes(),
            &self.desk.0,
            &self.row.0,
        ];
        for (to, from) in out.iter_mut().zip(parts.into_iter().flatten()) {
            *to = *from;
        }
        out
    }
}

impl Pointer {
    fn plain(&self) -> [u8; PLAIN] {
        let mut out = Vec::with_capacity(PLAIN);
        self.handle.write(&mut out);
        self.kind.write(&mut out);
        self.held.0.write(&mut out);
        self.hpke_key.write(&mut out);
        out.resize(PLAIN, 0);
        out.try_into().unwrap_or([0; PLAIN])
    }

    /// Seals under a row key with a random nonce.
    pub fn seal(&self, key: &RowKey, place: &Place, draw: &mut Draw) -> Sealed {
        let nonce: [u8; 24] = draw.bytes();
        let cipher = XChaCha20Poly1305::new((&key.0).into());
        let plain = self.plain();
        let associated = place.associated();
        let payload = Payload {
            msg: &plain,
            aad: &associated,
        };
        // the cipher refuses only messages of 256 GiB; an empty answer would fail to open, never pass
        let sealed = cipher.encrypt(&XNonce::from(nonce), payload).unwrap_or_default();
        let mut out = [0; SEALED];
        for (to, from) in out.iter_mut().zip(nonce.iter().chain(&sealed)) {
            *to = *from;
        }
        out
    }

    /// Opens a sealed pointer. Non-zero padding, an unknown key type, or a list of held types without its own is refused.
    pub fn open(sealed: &Sealed, key: &RowKey, place: &Place) -> Result<Self, Closed> {
        let (nonce, body) = sealed.split_first_chunk::<24>().ok_or(Closed)?;
        let cipher = XChaCha20Poly1305::new((&key.0).into());
        let associated = place.associated();
        let payload = Payload {
            msg: body,
            aad: &associated,
        };
        let plain = cipher
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| Closed)?;
        let mut input = Reader::new(&plain);
        let pointer = Self::fields(&mut input).map_err(|_| Closed)?;
        let sound = pointer.held.is_known() && pointer.held.has(pointer.kind);
        if sound && pointer.plain()[..] == plain[..] {
            Ok(pointer)
        } else {
            Err(Closed)
        }
    }

    fn fields(input: &mut Reader<'_>) -> Result<Self, crate::wire::Malformed> {
        Ok(Self {
            handle: Handle::read(input)?,
            kind: KeyType::read(input)?,
            held: KeySet(u16::read(input)?),
            hpke_key: input.array()?,
        })
    }
}

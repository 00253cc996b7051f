//! Sealing a message to a desk (RFC 9180 HPKE, X25519, HKDF-SHA-256, ChaCha20-Poly1305): asks, answers, and the second
//! round of a key ceremony. The exchange relays them blind.

use crate::draw::Draw;
use crate::ids::{Digest, PartyId, ScopeId};
use crate::refusal::Refusal;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable as _, Kem as _, OpModeR, OpModeS, Serializable as _};

type Suite = X25519HkdfSha256;

/// A desk's public HPKE key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealTo(pub [u8; 32]);

impl SealTo {
    /// The key's id, as pointers name it: the first half of its SHA-256.
    pub fn id(&self) -> [u8; 16] {
        let mut out = [0; 16];
        for (to, from) in out.iter_mut().zip(Digest::of(&[b"dlx/hpke", &self.0]).0) {
            *to = from;
        }
        out
    }
}

/// A desk's private HPKE key.
#[derive(Clone)]
pub struct OpenWith {
    secret: <Suite as hpke::Kem>::PrivateKey,
    public: SealTo,
}

impl core::fmt::Debug for OpenWith {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("OpenWith(…)")
    }
}

impl OpenWith {
    /// A key from 32 fresh random bytes.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let (secret, public) = Suite::derive_keypair(seed);
        Self {
            secret,
            public: SealTo(public.to_bytes().into()),
        }
    }
    /// The public key.
    pub fn public(&self) -> SealTo {
        self.public
    }
}

/// Context of the second round of a key ceremony.
pub const KEYGEN: &str = "dlx/keygen/1";

/// What a sealed body is bound to: moved elsewhere, it does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The sharing agreement.
    pub scope: ScopeId,
    /// Who seals.
    pub from: PartyId,
    /// Who opens.
    pub to: PartyId,
    /// What it is: one of the context strings of this protocol.
    pub context: &'static str,
}

impl Binding {
    fn info(&self) -> Vec<u8> {
        [
            self.context.as_bytes(),
            &[0],
            &self.scope.0,
            &self.from.0,
            &self.to.0,
        ]
        .concat()
    }
}

/// Seals to a desk. Returns the encapsulated key and the ciphertext.
pub fn seal(
    to: &SealTo,
    binding: &Binding,
    plain: &[u8],
    draw: &mut Draw,
) -> Result<([u8; 32], Vec<u8>), Refusal> {
    let public = <Suite as hpke::Kem>::PublicKey::from_bytes(&to.0).map_err(|_| Refusal::Element)?;
    let (enc, sealed) = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Suite>(
        &OpModeS::Base,
        &public,
        &binding.info(),
        plain,
        b"",
        draw,
    )
    .map_err(|_| Refusal::Element)?;
    Ok((enc.to_bytes().into(), sealed))
}

/// Opens what was sealed to this desk.
pub fn open(with: &OpenWith, binding: &Binding, enc: &[u8; 32], sealed: &[u8]) -> Result<Vec<u8>, Refusal> {
    let enc = <Suite as hpke::Kem>::EncappedKey::from_bytes(enc).map_err(|_| Refusal::Closed)?;
    hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Suite>(
        &OpModeR::Base,
        &with.secret,
        &enc,
        &binding.info(),
        sealed,
        b"",
    )
    .map_err(|_| Refusal::Closed)
}

//! From an agency's match-key value to a token and a row key (D4).
//!
//! `m = HMAC-SHA256(pepper, "dlx-mk/1" | key type | canonical value)`, then the threshold OPRF gives `y`, then
//! HKDF-SHA-512 with an empty salt. The token goes to the exchange; `y` and the row key never leave the agency.

use crate::ids::{DeskId, Epoch, RowId, ScopeId, Token};
use crate::matchkey::MatchKey;
use crate::oprf::Output;
use hkdf::Hkdf;
use sha2::Sha512;
use subtle::ConstantTimeEq as _;
use zeroize::ZeroizeOnDrop;

/// The network pepper of one epoch: the same 32 bytes at every agency, at no key-holder and not at the exchange.
#[derive(Clone, ZeroizeOnDrop)]
pub struct Pepper(pub [u8; 32]);

impl core::fmt::Debug for Pepper {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Pepper(…)")
    }
}

impl Pepper {
    /// The commitment pinned by the epoch descriptor.
    pub fn commitment(&self) -> crate::ids::Digest {
        crate::ids::Digest::of(&[b"dlx/pepper", &self.0])
    }
    /// The OPRF input for a match-key.
    pub fn input(&self, key: &MatchKey) -> Input {
        Input(crate::mac::sha256(
            &self.0,
            &[b"dlx-mk/1", &[key.kind.code()], key.value.as_bytes()],
        ))
    }
}

/// What is hashed to the group and blinded. Secret: with the pepper it can be guessed from a name.
#[derive(Clone, Eq, ZeroizeOnDrop)]
pub struct Input(pub [u8; 32]);

impl PartialEq for Input {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl AsRef<[u8]> for Input {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl core::fmt::Debug for Input {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Input(…)")
    }
}

/// The token of one output in one scope and epoch.
pub fn token(y: &Output, scope: ScopeId, epoch: Epoch) -> Token {
    let mut out = [0; 16];
    expand(y, &[b"dlx/token", &scope.0, &epoch.0.to_be_bytes()], &mut out);
    Token(out)
}

/// The key that seals one row's pointer. Only someone who can name the same person can derive it.
pub fn row_key(y: &Output, scope: ScopeId, epoch: Epoch, desk: DeskId, row: RowId) -> RowKey {
    let mut out = [0; 32];
    expand(
        y,
        &[b"dlx/row", &scope.0, &epoch.0.to_be_bytes(), &desk.0, &row.0],
        &mut out,
    );
    RowKey(out)
}

/// The key of one row.
#[derive(Clone, ZeroizeOnDrop)]
pub struct RowKey(pub(crate) [u8; 32]);

impl core::fmt::Debug for RowKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("RowKey(…)")
    }
}

fn expand(y: &Output, info: &[&[u8]], out: &mut [u8]) {
    let hkdf = Hkdf::<Sha512>::new(None, &y.0);
    // HKDF refuses only lengths above 255 hash blocks; both callers ask for at most 32 bytes
    let done = hkdf.expand_multi_info(info, out);
    debug_assert!(done.is_ok());
}

//! Reading a leaf back. The form is strict: a leaf that is not byte for byte what this crate writes is refused.

use super::disclosure::Disclosure;
use super::issue::{AFTER_ISS, BETWEEN, END, HEADER_END, HEADER_START, ISS};
use super::{DIGEST, LeafError, is_plain};
use crate::hash::Hash;
use crate::key::{VerifierKey, holds};
use crate::text;

/// A record as it stands in the log. Parsing one proves nothing: see [`Leaf::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    bytes: String,
    issuer: String,
    kid: String,
    digests: Vec<[u8; DIGEST]>,
    signed: usize,
    signature: [u8; 64],
}

impl Leaf {
    /// Reads the bytes of an entry.
    ///
    /// # Errors
    /// [`LeafError::Form`].
    pub fn parse(bytes: &[u8]) -> Result<Leaf, LeafError> {
        Leaf::read(bytes).ok_or(LeafError::Form)
    }

    fn read(bytes: &[u8]) -> Option<Leaf> {
        let whole = std::str::from_utf8(bytes).ok()?;
        let (input, signature) = whole.rsplit_once('.')?;
        let (header, payload) = input.split_once('.')?;
        let signature: [u8; 64] = text::from_base64url(signature)?.try_into().ok()?;
        let header = String::from_utf8(text::from_base64url(header)?).ok()?;
        let kid = header.strip_prefix(HEADER_START)?.strip_suffix(HEADER_END)?;
        let payload = String::from_utf8(text::from_base64url(payload)?).ok()?;
        let (issuer, rest) = payload.strip_prefix(ISS)?.split_once(AFTER_ISS)?;
        if !is_plain(kid) || !is_plain(issuer) {
            return None;
        }
        let digests = read_digests(rest.strip_suffix(END)?)?;
        Some(Leaf {
            issuer: issuer.to_owned(),
            kid: kid.to_owned(),
            digests,
            signed: input.len(),
            signature,
            bytes: whole.to_owned(),
        })
    }

    /// The agency that recorded it.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Which of the agency's keys signed it.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The exact bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.as_bytes()
    }

    /// The exact bytes, which are ASCII.
    pub fn as_str(&self) -> &str {
        &self.bytes
    }

    /// The hash the log's tree holds for it.
    pub fn hash(&self) -> Hash {
        Hash::leaf(self.bytes.as_bytes())
    }

    /// How many digests it carries, real and decoy: 16, 32 or 64.
    pub fn digests(&self) -> usize {
        self.digests.len()
    }

    /// Whether a disclosed field is of this record.
    pub fn contains(&self, disclosure: &Disclosure) -> bool {
        self.digests.binary_search(&disclosure.digest()).is_ok()
    }

    /// Checks the issuer's signature, strictly.
    ///
    /// # Errors
    /// [`LeafError::OtherKey`] when the record names another issuer or key, [`LeafError::Signature`] when it does not hold.
    pub fn verify(&self, key: &VerifierKey) -> Result<(), LeafError> {
        if self.issuer != key.name() || self.kid != key.kid() {
            return Err(LeafError::OtherKey);
        }
        let ed25519 = key.as_ed25519().ok_or(LeafError::OtherKey)?;
        let input = self.bytes.as_bytes().get(..self.signed).ok_or(LeafError::Form)?;
        if holds(ed25519, input, &self.signature) {
            Ok(())
        } else {
            Err(LeafError::Signature)
        }
    }

    /// Shows some of the fields: the leaf and the disclosures, a tilde after each (RFC 9901).
    ///
    /// # Errors
    /// [`LeafError::NotOfThisRecord`] when a disclosure belongs to another record.
    pub fn present<'a>(&self, shown: impl IntoIterator<Item = &'a Disclosure>) -> Result<String, LeafError> {
        let mut out = format!("{}~", self.bytes);
        for disclosure in shown {
            if !self.contains(disclosure) {
                return Err(LeafError::NotOfThisRecord);
            }
            out.push_str(disclosure.encoded());
            out.push('~');
        }
        Ok(out)
    }
}

/// Digests between their quotes: 16, 32 or 64, rising, none twice, each in its one spelling.
fn read_digests(text: &str) -> Option<Vec<[u8; DIGEST]>> {
    let digests: Vec<[u8; DIGEST]> = text
        .split(BETWEEN)
        .map(|digest| {
            text::from_base64url(digest).filter(|raw| raw.len() == Hash::LEN)?;
            digest.as_bytes().try_into().ok()
        })
        .collect::<Option<_>>()?;
    let rising = digests.is_sorted_by(|a, b| a < b);
    (rising && matches!(digests.len(), 16 | 32 | 64)).then_some(digests)
}

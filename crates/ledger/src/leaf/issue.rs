//! Making a record: digests, decoys and the issuer's signature.

use super::disclosure::{Disclosure, digest_text};
use super::{DIGEST, Field, LeafError, MAX_CONTENT, MAX_FIELDS, is_plain, padded};
use crate::hash::Hash;
use crate::key::{NOTE, SignerKey, VerifierKey};
use crate::text;

/// An agency's name and the key it signs its records with, apart from the log's key.
#[derive(Clone, Debug)]
pub struct Issuer {
    key: SignerKey,
    /// The encoded header and the dot after it: the same for every record.
    header: String,
    /// The payload up to the digests: the same for every record.
    head: String,
}

/// A record ready to be signed. Making these is cheap; signing is the cost, and can be spread over threads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsigned {
    signing_input: String,
    disclosures: Vec<Disclosure>,
}

/// A signed record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The bytes that go into the log: a compact JWS, without a trailing tilde.
    pub leaf: Vec<u8>,
    /// The fields, in the order given: content, to be kept apart from the log.
    pub disclosures: Vec<Disclosure>,
}

/// The parts of header and payload around the values that vary.
pub(super) const HEADER_START: &str = "{\"alg\":\"EdDSA\",\"typ\":\"daylight-record+sd-jwt\",\"kid\":\"";
pub(super) const HEADER_END: &str = "\"}";
pub(super) const ISS: &str = "{\"iss\":\"";
pub(super) const AFTER_ISS: &str = "\",\"v\":1,\"cls\":\"record\",\"_sd_alg\":\"sha-256\",\"_sd\":[\"";
pub(super) const BETWEEN: &str = "\",\"";
pub(super) const END: &str = "\"]}";

impl Issuer {
    /// The issuer whose name is the key's name and whose `kid` is the key's id.
    ///
    /// # Errors
    /// [`LeafError::Key`] when the key is not of kind [`NOTE`] or its name is not printable ASCII.
    pub fn new(key: SignerKey) -> Result<Issuer, LeafError> {
        if key.algorithm() != NOTE || !is_plain(key.name()) {
            return Err(LeafError::Key);
        }
        let kid = key.verifier().kid();
        let mut header = text::base64url(format!("{HEADER_START}{kid}{HEADER_END}").as_bytes());
        header.push('.');
        let head = format!("{ISS}{}{AFTER_ISS}", key.name());
        Ok(Issuer { key, header, head })
    }

    /// The public half of the issuer's key.
    pub fn verifier(&self) -> VerifierKey {
        self.key.verifier()
    }

    /// Makes and signs a record. `decoys` is 32 bytes of fresh randomness, to be thrown away.
    ///
    /// # Errors
    /// [`LeafError`] when the fields cannot be a record.
    pub fn record(&self, fields: &[Field<'_>], decoys: &[u8; 32]) -> Result<Record, LeafError> {
        Ok(self.sign(self.prepare(fields, decoys)?))
    }

    /// Makes a record without signing it.
    ///
    /// # Errors
    /// [`LeafError`] when the fields cannot be a record.
    pub fn prepare(&self, fields: &[Field<'_>], decoys: &[u8; 32]) -> Result<Unsigned, LeafError> {
        if fields.is_empty() || fields.len() > MAX_FIELDS {
            return Err(LeafError::FieldCount(fields.len()));
        }
        refuse_repeats(fields)?;
        let mut json = String::with_capacity(256);
        let mut disclosures = Vec::with_capacity(fields.len());
        let mut digests = Vec::with_capacity(padded(fields.len()));
        let mut length = 0usize;
        for field in fields {
            let disclosure = Disclosure::write(field, &mut json)?;
            length = length.saturating_add(json.len());
            digests.push(disclosure.digest());
            disclosures.push(disclosure);
        }
        if length > MAX_CONTENT {
            return Err(LeafError::TooLong(length));
        }
        for number in 0u32.. {
            if digests.len() == padded(fields.len()) {
                break;
            }
            digests.push(decoy(decoys, number));
        }
        digests.sort_unstable();
        let payload = self.payload(&digests);
        let mut signing_input = String::with_capacity(self.header.len() + payload.len() * 4 / 3 + 96);
        signing_input.push_str(&self.header);
        text::push_base64url(payload.as_bytes(), &mut signing_input);
        Ok(Unsigned {
            signing_input,
            disclosures,
        })
    }

    /// Signs a prepared record.
    pub fn sign(&self, unsigned: Unsigned) -> Record {
        let Unsigned {
            mut signing_input,
            disclosures,
        } = unsigned;
        let signature = self.key.sign_bytes(signing_input.as_bytes());
        signing_input.push('.');
        text::push_base64url(&signature, &mut signing_input);
        Record {
            leaf: signing_input.into_bytes(),
            disclosures,
        }
    }

    fn payload(&self, digests: &[[u8; DIGEST]]) -> String {
        let mut payload =
            String::with_capacity(self.head.len() + digests.len() * (DIGEST + BETWEEN.len()) + 8);
        payload.push_str(&self.head);
        for (place, digest) in digests.iter().enumerate() {
            if place > 0 {
                payload.push_str(BETWEEN);
            }
            payload.extend(digest.iter().map(|b| char::from(*b)));
        }
        payload.push_str(END);
        payload
    }
}

/// A repeated name would be ambiguous; a repeated salt means the caller's randomness is broken.
fn refuse_repeats(fields: &[Field<'_>]) -> Result<(), LeafError> {
    for (place, field) in fields.iter().enumerate() {
        for other in fields.iter().skip(place + 1) {
            if field.name == other.name {
                return Err(LeafError::NameTwice);
            }
            if field.salt == other.salt {
                return Err(LeafError::SaltTwice);
            }
        }
    }
    Ok(())
}

/// A digest of nothing anybody can show: SHA-256 of a label, a secret seed and a number.
fn decoy(seed: &[u8; 32], number: u32) -> [u8; DIGEST] {
    const LABEL: &[u8] = b"daylight-decoy/v1\0";
    let mut bytes = Vec::with_capacity(LABEL.len() + 36);
    bytes.extend_from_slice(LABEL);
    bytes.extend_from_slice(seed);
    bytes.extend_from_slice(&number.to_be_bytes());
    digest_text(&Hash::of(&bytes))
}

//! Names, key ids and the text forms of keys (C2SP `signed-note`).
//!
//! A key says what it may sign: [`NOTE`] keys sign notes as they stand, [`COSIGNATURE`] keys sign a
//! checkpoint together with a time. One seed must not serve two roles.

use crate::cosignature;
use crate::hash::Hash;
use crate::text;
use ed25519_dalek::{Signature as Ed25519Signature, Signer as _, SigningKey, VerifyingKey};
use std::fmt;
use thiserror::Error;

/// Signature type of plain Ed25519 note signatures.
pub const NOTE: u8 = 0x01;

/// Signature type of timestamped Ed25519 checkpoint cosignatures.
pub const COSIGNATURE: u8 = 0x04;

/// Why a key was refused.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    /// Empty, or holding a space, a plus sign or a control character.
    #[error("a key name must not be empty or hold spaces, plus signs or control characters")]
    Name,
    /// Not three parts with plus signs between.
    #[error(
        "this is not a key: it should be a name, eight hexadecimal digits and base64, with plus signs between"
    )]
    Shape,
    /// The eight digits do not follow from the name and key.
    #[error("the id in this key does not belong to its name and key bytes")]
    Id,
    /// The bytes are no Ed25519 key, or one of the few that anybody can forge for.
    #[error("this is not a sound Ed25519 key")]
    Material,
    /// This crate cannot sign with that algorithm.
    #[error("this software cannot sign with a key of that kind")]
    Algorithm,
}

/// Whether `name` may name a key: not empty, no Unicode spaces, no plus sign, no control characters.
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c == '+' || c < ' ')
}

/// The key id the specification recommends: the first four bytes of a SHA-256.
pub fn id(name: &str, algorithm: u8, material: &[u8]) -> u32 {
    let mut bytes = Vec::with_capacity(name.len() + 2 + material.len());
    bytes.extend_from_slice(name.as_bytes());
    bytes.extend_from_slice(&[b'\n', algorithm]);
    bytes.extend_from_slice(material);
    let hash = Hash::of(&bytes);
    hash.as_bytes()
        .first_chunk::<4>()
        .map_or(0, |first| u32::from_be_bytes(*first))
}

/// A key that signatures are checked against. Kinds this crate does not know are carried, and check nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: u32,
    algorithm: u8,
    material: Vec<u8>,
    ed25519: Option<VerifyingKey>,
}

/// A signature that held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// When the signer says it signed, in seconds since 1970: cosignatures only.
    pub time: Option<u64>,
}

impl VerifierKey {
    /// A key of a kind this crate can check.
    ///
    /// # Errors
    /// [`KeyError::Name`], [`KeyError::Material`], or [`KeyError::Algorithm`] for a kind other than [`NOTE`] and [`COSIGNATURE`].
    pub fn ed25519(name: &str, algorithm: u8, public: &[u8; 32]) -> Result<VerifierKey, KeyError> {
        if algorithm != NOTE && algorithm != COSIGNATURE {
            return Err(KeyError::Algorithm);
        }
        VerifierKey::new(name, id(name, algorithm, public), algorithm, public.to_vec())
    }

    fn new(name: &str, key_id: u32, algorithm: u8, material: Vec<u8>) -> Result<VerifierKey, KeyError> {
        if !is_name(name) {
            return Err(KeyError::Name);
        }
        let ed25519 = match algorithm {
            NOTE | COSIGNATURE => {
                if id(name, algorithm, &material) != key_id {
                    return Err(KeyError::Id);
                }
                Some(sound(&material)?)
            }
            _ => None,
        };
        Ok(VerifierKey {
            name: name.to_owned(),
            id: key_id,
            algorithm,
            material,
            ed25519,
        })
    }

    /// Reads `name+id+base64`.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn parse(text: &str) -> Result<VerifierKey, KeyError> {
        let (name, rest) = text.split_once('+').ok_or(KeyError::Shape)?;
        let (key_id, key) = rest.split_once('+').ok_or(KeyError::Shape)?;
        let key_id = u32::from_be_bytes(text::from_hex(key_id).ok_or(KeyError::Shape)?);
        let key = text::from_base64(key).ok_or(KeyError::Shape)?;
        let (algorithm, material) = key.split_first().ok_or(KeyError::Shape)?;
        VerifierKey::new(name, key_id, *algorithm, material.to_vec())
    }

    /// The key's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key's id.
    pub const fn id(&self) -> u32 {
        self.id
    }

    /// The id as eight hexadecimal digits: what a record's `kid` holds.
    pub fn kid(&self) -> String {
        text::hex(&self.id.to_be_bytes())
    }

    /// What the key may sign: [`NOTE`], [`COSIGNATURE`], or a kind this crate only carries.
    pub const fn algorithm(&self) -> u8 {
        self.algorithm
    }

    /// The public key bytes, without the kind.
    pub fn material(&self) -> &[u8] {
        &self.material
    }

    /// The Ed25519 key, for the kinds this crate can check.
    pub const fn as_ed25519(&self) -> Option<&VerifyingKey> {
        self.ed25519.as_ref()
    }

    /// Checks a signature over a note's text; `None` when it does not hold or the kind is unknown.
    ///
    /// Strict: small-order points and non-canonical forms are refused.
    pub fn check(&self, note_text: &str, signature: &[u8]) -> Option<Held> {
        let key = self.ed25519.as_ref()?;
        match self.algorithm {
            NOTE => holds(key, note_text.as_bytes(), signature).then_some(Held { time: None }),
            COSIGNATURE => {
                let (time, signature) = signature.split_first_chunk::<8>()?;
                let time = u64::from_be_bytes(*time);
                let message = cosignature::message(note_text, time)?;
                holds(key, message.as_bytes(), signature).then_some(Held { time: Some(time) })
            }
            _ => None,
        }
    }
}

/// An Ed25519 public key that is a point, in its one encoding, and not of small order.
fn sound(material: &[u8]) -> Result<VerifyingKey, KeyError> {
    let bytes: &[u8; 32] = material.try_into().map_err(|_| KeyError::Material)?;
    let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Material)?;
    if key.is_weak() || key.to_edwards().compress().as_bytes() != bytes {
        return Err(KeyError::Material);
    }
    Ok(key)
}

/// Whether a 64-byte Ed25519 signature over `message` holds, strictly.
pub(crate) fn holds(key: &VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    Ed25519Signature::from_slice(signature).is_ok_and(|s| key.verify_strict(message, &s).is_ok())
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = Vec::with_capacity(self.material.len() + 1);
        key.push(self.algorithm);
        key.extend_from_slice(&self.material);
        write!(f, "{}+{:08x}+{}", self.name, self.id, text::base64(&key))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

/// A key that signs. Its seed is wiped from memory when it is dropped, and never shown by `Debug`.
#[derive(Clone)]
pub struct SignerKey {
    name: String,
    algorithm: u8,
    key: SigningKey,
}

impl SignerKey {
    /// A key from 32 secret random bytes.
    ///
    /// # Errors
    /// [`KeyError::Name`], or [`KeyError::Algorithm`] for a kind other than [`NOTE`] and [`COSIGNATURE`].
    pub fn from_seed(name: &str, algorithm: u8, seed: &[u8; 32]) -> Result<SignerKey, KeyError> {
        if !is_name(name) {
            return Err(KeyError::Name);
        }
        if algorithm != NOTE && algorithm != COSIGNATURE {
            return Err(KeyError::Algorithm);
        }
        Ok(SignerKey {
            name: name.to_owned(),
            algorithm,
            key: SigningKey::from_bytes(seed),
        })
    }

    /// Reads the text form of a private key, `PRIVATE+KEY+name+id+base64`, as Go's `note` package writes it.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn parse(text: &str) -> Result<SignerKey, KeyError> {
        let rest = text.strip_prefix("PRIVATE+KEY+").ok_or(KeyError::Shape)?;
        let (name, rest) = rest.split_once('+').ok_or(KeyError::Shape)?;
        let (key_id, key) = rest.split_once('+').ok_or(KeyError::Shape)?;
        let key_id: [u8; 4] = text::from_hex(key_id).ok_or(KeyError::Shape)?;
        let key = text::from_base64(key).ok_or(KeyError::Shape)?;
        let (algorithm, seed) = key.split_first().ok_or(KeyError::Shape)?;
        let seed: &[u8; 32] = seed.try_into().map_err(|_| KeyError::Material)?;
        let key = SignerKey::from_seed(name, *algorithm, seed)?;
        if key.verifier_id() == u32::from_be_bytes(key_id) {
            Ok(key)
        } else {
            Err(KeyError::Id)
        }
    }

    /// The text form of the private key. Whoever reads it can sign.
    pub fn to_private_text(&self) -> String {
        let mut key = vec![self.algorithm];
        key.extend_from_slice(self.key.as_bytes());
        format!(
            "PRIVATE+KEY+{}+{:08x}+{}",
            self.name,
            self.verifier_id(),
            text::base64(&key)
        )
    }

    /// The key's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the key may sign.
    pub const fn algorithm(&self) -> u8 {
        self.algorithm
    }

    /// The public half.
    pub fn verifier(&self) -> VerifierKey {
        let public = self.key.verifying_key();
        let material = public.to_bytes();
        VerifierKey {
            name: self.name.clone(),
            id: id(&self.name, self.algorithm, &material),
            algorithm: self.algorithm,
            material: material.to_vec(),
            ed25519: Some(public),
        }
    }

    fn verifier_id(&self) -> u32 {
        id(&self.name, self.algorithm, &self.key.verifying_key().to_bytes())
    }

    /// 64 bytes of Ed25519 over exactly `message`.
    pub(crate) fn sign_bytes(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

impl fmt::Debug for SignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignerKey({})", self.name)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const EXAMPLE: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    #[test]
    fn the_specifications_key_reads_and_writes() {
        let key = VerifierKey::parse(EXAMPLE).unwrap();
        assert_eq!(
            (key.name(), key.id(), key.algorithm()),
            ("example.com/foo", 0x530d_903a, NOTE)
        );
        assert_eq!(key.to_string(), EXAMPLE);
        assert_eq!(key.kid(), "530d903a");
    }

    #[test]
    fn a_key_whose_parts_disagree_is_refused() {
        assert_eq!(
            VerifierKey::parse(&EXAMPLE.replace("foo", "fop")),
            Err(KeyError::Id)
        );
        assert_eq!(
            VerifierKey::parse(&EXAMPLE.replace("530d", "530e")),
            Err(KeyError::Id)
        );
        assert_eq!(
            VerifierKey::parse("example.com/foo+530D903A+AA=="),
            Err(KeyError::Shape)
        );
        assert_eq!(VerifierKey::parse("a b+00000000+/w=="), Err(KeyError::Name));
        assert_eq!(VerifierKey::parse("example.com/foo"), Err(KeyError::Shape));
        let weak = VerifierKey::ed25519("x", NOTE, &[0; 32]);
        assert_eq!(weak, Err(KeyError::Material));
    }

    #[test]
    fn a_kind_we_do_not_know_is_carried() {
        let text = format!("w+01020304+{}", text::base64(&[6, 1, 2, 3]));
        let key = VerifierKey::parse(&text).unwrap();
        assert_eq!((key.algorithm(), key.material()), (6, [1u8, 2, 3].as_slice()));
        assert_eq!(key.to_string(), text);
        assert_eq!(key.check("text\n", &[0; 64]), None);
    }

    #[test]
    fn private_keys_come_back_and_are_not_shown() {
        let key = SignerKey::from_seed("northmere.example/log", NOTE, &[7; 32]).unwrap();
        let again = SignerKey::parse(&key.to_private_text()).unwrap();
        assert_eq!(again.verifier(), key.verifier());
        assert_eq!(format!("{key:?}"), "SignerKey(northmere.example/log)");
        assert!(SignerKey::parse(&key.to_private_text().replace("north", "south")).is_err());
    }
}

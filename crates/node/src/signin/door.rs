//! The door key at work: tokens nobody can guess, the tags by which they are known, and small sealed things.
//!
//! A token is shown once and never kept. What is kept is its *tag*: HMAC-SHA-256 (RFC 2104) under the node's door key,
//! so that whoever reads the store can neither use what lies there nor try guesses against it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::keys::{Keys, Secret};
use crate::random;
use crate::vault::{self, VaultError};

/// How long a token is, in bytes: 256 random bits.
const TOKEN: usize = 32;

/// Why the door key could not do what was asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DoorError {
    /// What was sealed does not open: changed, for another purpose, or from before the door key was replaced.
    #[error("what was sealed does not open")]
    DoesNotOpen,
    /// No randomness.
    #[error("the operating system gave no randomness")]
    NoRandomness,
}

impl From<VaultError> for DoorError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Random(_) => Self::NoRandomness,
            _ => Self::DoesNotOpen,
        }
    }
}

impl From<random::NoRandomness> for DoorError {
    fn from(_: random::NoRandomness) -> Self {
        Self::NoRandomness
    }
}

/// A random secret handed to one browser or person. Prints as nothing; wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Zeroizing<[u8; TOKEN]>);

impl Token {
    /// Reads the 64 hexadecimal digits a browser or person sends back. `None` when it is anything else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut out = Zeroizing::new([0_u8; TOKEN]);
        if text.len() != TOKEN.saturating_mul(2) || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        for (slot, pair) in out.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *slot = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(out))
    }

    /// The 64 hexadecimal digits, for the one place that hands it over.
    #[must_use]
    pub fn reveal(&self) -> String {
        domain::record::hex(self.0.as_slice())
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

/// What a token, a name or an address is known by: a keyed hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(pub [u8; 32]);

impl Tag {
    /// Whether two tags are the same, in a time that does not depend on where they differ.
    #[must_use]
    pub fn same(&self, other: &[u8]) -> bool {
        self.0.as_slice().ct_eq(other).into()
    }
}

impl std::fmt::Debug for Tag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tag")
    }
}

/// The door key, and nothing else of the node's keys.
#[derive(Clone, Debug)]
pub struct Door {
    key: Secret,
}

impl Door {
    /// Takes the door key from the node's keys.
    #[must_use]
    pub fn of(keys: &Keys) -> Self {
        Self {
            key: keys.door.clone(),
        }
    }

    /// A new random token.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn token(&self) -> Result<Token, DoorError> {
        Ok(Token(Zeroizing::new(random::bytes()?)))
    }

    /// `N` random bytes, for what is not a token: a mask, a padding, a challenge.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn random<const N: usize>(&self) -> Result<[u8; N], DoorError> {
        Ok(random::bytes()?)
    }

    /// The tag of `bytes` for `purpose`: the same bytes for two purposes have unrelated tags.
    #[must_use]
    pub fn tag(&self, purpose: &str, bytes: &[u8]) -> Tag {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.key.expose()) else {
            return Tag([0; 32]); // HMAC takes keys of every length (RFC 2104 §2), so this is never reached.
        };
        mac.update(&u64::try_from(purpose.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(purpose.as_bytes());
        mac.update(bytes);
        Tag(mac.finalize().into_bytes().into())
    }

    /// The tag of a token for `purpose`.
    #[must_use]
    pub fn tag_of(&self, purpose: &str, token: &Token) -> Tag {
        self.tag(purpose, token.0.as_slice())
    }

    /// Seals `plain` to `purpose` under the door key.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, DoorError> {
        Ok(vault::seal_under(&self.key, purpose, plain)?)
    }

    /// Opens what [`Door::seal`] sealed to the same purpose.
    ///
    /// # Errors
    /// When it was changed, sealed to another purpose or under another key.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, DoorError> {
        Ok(Zeroizing::new(vault::open_under(&self.key, purpose, sealed)?))
    }

    /// Seals `plain` so that it opens only with `token` as well: who holds the memory but not the token reads nothing.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn seal_with(&self, token: &Token, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, DoorError> {
        let key = Secret::new(self.tag_of("token-key", token).0);
        Ok(vault::seal_under(&key, purpose, plain)?)
    }

    /// Opens what [`Door::seal_with`] sealed.
    ///
    /// # Errors
    /// When it was changed, or the token or purpose is another.
    pub fn open_with(
        &self,
        token: &Token,
        purpose: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, DoorError> {
        let key = Secret::new(self.tag_of("token-key", token).0);
        Ok(Zeroizing::new(vault::open_under(&key, purpose, sealed)?))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn door() -> (tempfile::TempDir, Door) {
        let home = tempfile::tempdir().unwrap();
        let keys = Keys::open(&home.path().join("keys"), true).unwrap();
        (home, Door::of(&keys))
    }

    #[test]
    fn a_token_is_read_back_and_prints_as_nothing() {
        let (_home, door) = door();
        let token = door.token().unwrap();
        assert_eq!(Token::read(&token.reveal()), Some(token.clone()));
        assert_eq!(format!("{token:?}"), "Token");
        assert!(Token::read("").is_none() && Token::read(&"g".repeat(64)).is_none());
        assert!(
            Token::read(&"é".repeat(32)).is_none(),
            "64 bytes that are not digits"
        );
    }

    #[test]
    fn tags_differ_by_purpose_and_by_node() {
        let ((_a, one), (_b, two)) = (door(), door());
        let token = one.token().unwrap();
        assert_eq!(one.tag_of("session", &token), one.tag_of("session", &token));
        assert_ne!(one.tag_of("session", &token), one.tag_of("visit", &token));
        assert_ne!(one.tag_of("session", &token), two.tag_of("session", &token));
        assert!(one.tag("a", b"bc").same(&one.tag("a", b"bc").0));
        assert!(!one.tag("a", b"bc").same(&one.tag("ab", b"c").0));
    }

    #[test]
    fn what_is_sealed_opens_for_its_purpose_and_token_only() {
        let (_home, door) = door();
        let (token, other) = (door.token().unwrap(), door.token().unwrap());
        let sealed = door.seal("totp", b"secret").unwrap();
        assert_eq!(door.open("totp", &sealed).unwrap().as_slice(), b"secret");
        assert_eq!(door.open("passkey", &sealed), Err(DoorError::DoesNotOpen));
        let sealed = door.seal_with(&token, "visit", b"words").unwrap();
        assert_eq!(
            door.open_with(&token, "visit", &sealed).unwrap().as_slice(),
            b"words"
        );
        assert_eq!(
            door.open_with(&other, "visit", &sealed),
            Err(DoorError::DoesNotOpen)
        );
        assert_eq!(door.open("visit", &sealed), Err(DoorError::DoesNotOpen));
    }
}

//! The code and the word with which somebody who reported finds the way back.
//!
//! The code opens little, so it may be short; it is made from the request's own key, so that pressing twice shows the
//! same code and nothing readable is kept. The word is kept as a slow hash. Wrong tries look alike and are slowed.

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use domain::id::StreamId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::app::AppError;
use crate::keys::Keys;
use crate::store::{Change, Table, Val};

/// Letters and digits of a code: nothing that reads as another.
pub(crate) const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ*";

/// A keyed digest under the door key, for a purpose.
pub(crate) fn keyed(keys: &Keys, purpose: &str, bytes: &[u8]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(keys.door.expose()) else {
        return [0; 32];
    };
    mac.update(purpose.as_bytes());
    mac.update(&[0]);
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

/// The code for a request: six characters in two groups, such as `7H4 K2P`.
pub(crate) fn code(keys: &Keys, request: &[u8; 32]) -> String {
    let digest = keyed(keys, "way-back-code", request);
    let letters = digest.iter().filter(|byte| **byte % 32 != 31).take(6);
    let mut out = String::with_capacity(7);
    for (place, byte) in letters.enumerate() {
        if place == 3 {
            out.push(' ');
        }
        out.push(char::from(*ALPHABET.get(usize::from(byte % 32)).unwrap_or(&b'2')));
    }
    out
}

/// A code or word as typed, without what people add or leave out.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

/// What is kept of a code.
pub(crate) fn kept(keys: &Keys, code: &str) -> Vec<u8> {
    keyed(keys, "way-back", plain(code).as_bytes()).to_vec()
}

pub(crate) fn slow() -> Result<Argon2<'static>, AppError> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|e| AppError::Broken(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The slow hash of a word.
pub(crate) fn hash(word: &str) -> Result<String, AppError> {
    let hash = slow()?
        .hash_password(plain(word).as_bytes())
        .map_err(|e| AppError::Broken(e.to_string()))?;
    Ok(hash.to_string())
}

/// Whether a word is the one hashed.
pub(crate) fn matches(word: &str, hash: &str) -> bool {
    use argon2::password_hash::PasswordVerifier;
    let parsed = argon2::PasswordHash::new(hash);
    let verify =
        |parsed| slow().is_ok_and(|slow| slow.verify_password(plain(word).as_bytes(), &parsed).is_ok());
    parsed.is_ok_and(verify)
}

/// The row that lets somebody come back.
pub(crate) fn row(
    keys: &Keys,
    code: &str,
    word: &str,
    reporter: StreamId,
    concern: StreamId,
) -> Result<Change, AppError> {
    let rest = [
        Val::from(hash(word)?),
        reporter.into(),
        concern.into(),
        false.into(),
        Val::from(0_i64),
        Val::from(0_i64),
    ];
    Ok(Change::put(Table::WayBack, [Val::from(kept(keys, code))], rest))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_code_is_the_same_for_the_same_request_and_read_however_it_is_typed() {
        let home = tempfile::tempdir().unwrap();
        let keys = Keys::open(&home.path().join("keys"), true).unwrap();
        let code = code(&keys, &[7; 32]);
        assert_eq!(code.len(), 7);
        assert_eq!(code, super::code(&keys, &[7; 32]));
        assert_ne!(code, super::code(&keys, &[8; 32]));
        assert_eq!(
            kept(&keys, &code),
            kept(&keys, &code.to_lowercase().replace(' ', "-"))
        );
    }

    #[test]
    fn a_word_is_known_again() {
        let hash = hash("Kingfisher").unwrap();
        assert!(matches("kingfisher ", &hash));
        assert!(!matches("heron", &hash));
    }
}

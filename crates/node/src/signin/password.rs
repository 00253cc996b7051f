//! A password and a six-digit code, set up together and asked for together.
//!
//! Argon2id with OWASP's parameters (19 MiB, two passes, one lane). The hash is sealed under the door key besides, so
//! that the database alone gives nothing to guess against. Codes are RFC 6238 (SHA-1, six digits, 30 seconds, one step
//! to either side, which is what authenticator programs understand); a step is taken once and none before it ever again.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use domain::id::PractitionerId;
use domain::time::Instant;
use serde::{Deserialize, Serialize};
use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

use super::door::{Tag, Token};
use super::session::{How, Session, Started};
use super::{SignIn, SignInError};
use crate::random;
use crate::store::signin::{CeremonyRow, CredentialRow};
use crate::store::{Change, Expect};

const PASSWORD: &str = "password";
const TOTP: &str = "totp";

/// The shortest password, in characters: three words.
const SHORTEST: usize = 12;
/// The longest, so that nobody makes us hash a book.
const LONGEST: usize = 200;
/// A code's step, in seconds.
const STEP: u64 = 30;

fn argon2() -> Result<Argon2<'static>, SignInError> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|e| SignInError::Broken(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a password, as a PHC string with its own random salt.
pub(super) fn hash(password: &str) -> Result<String, SignInError> {
    let salt = random::bytes::<16>()?;
    let hash = argon2()?.hash_password_with_salt(password.as_bytes(), &salt);
    hash.map(|h| h.to_string())
        .map_err(|e| SignInError::Broken(e.to_string()))
}

fn matches(password: &str, hash: &str) -> bool {
    let parsed = PasswordHash::new(hash);
    parsed.is_ok_and(|parsed| {
        Argon2::default()
            .verify_password(password.as_bytes(), &parsed)
            .is_ok()
    })
}

fn totp(secret: &[u8]) -> Result<Totp, SignInError> {
    let built = Builder::new()
        .with_secret(secret)
        .with_step_duration(STEP)
        .build();
    built.map_err(|_| SignInError::Broken("a code's secret is too short".to_owned()))
}

fn seconds(at: Instant) -> u64 {
    u64::try_from(at.micros() / 1_000_000).unwrap_or(0)
}

/// The step a code is right for, as the instant at which it began.
fn step_of(totp: &Totp, code: &str, now: Instant) -> Option<Instant> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let step = totp.check(&digits, seconds(now))?;
    Some(Instant(0).plus_seconds(i64::try_from(step.saturating_mul(STEP)).ok()?))
}

/// Why a password cannot be taken, as a message key.
fn weakness(password: &str, login: &str) -> Option<&'static str> {
    let count = password.chars().count();
    let mut different: Vec<char> = password.to_lowercase().chars().collect();
    different.sort_unstable();
    different.dedup();
    if count < SHORTEST {
        Some("error-password-short")
    } else if count > LONGEST {
        Some("error-password-long")
    } else if different.len() < 6 || (!login.is_empty() && password.to_lowercase().contains(login)) {
        Some("error-password-guessed")
    } else {
        None
    }
}

/// A new code's secret, to be put into an authenticator program: shown once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewCode {
    /// The secret in base 32, for typing.
    pub secret: String,
    /// `otpauth://…`, for scanning.
    pub uri: String,
    /// Finishes it, with the password and the first code.
    pub ticket: Token,
}

/// What a ceremony's sealed bytes say.
#[derive(Serialize, Deserialize)]
struct Begun {
    secret: Vec<u8>,
}

fn percent(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

impl SignIn {
    fn id_of(&self, kind: &str, who: PractitionerId) -> [u8; 32] {
        self.door().tag(kind, &who.0).0
    }

    async fn hashed(&self, password: &str) -> Result<String, SignInError> {
        let _turn = self
            .0
            .hashing
            .acquire()
            .await
            .map_err(|e| SignInError::Broken(e.to_string()))?;
        let password = Zeroizing::new(password.to_owned());
        let done = tokio::task::spawn_blocking(move || hash(&password)).await;
        done.map_err(|e| SignInError::Broken(e.to_string()))?
    }

    async fn is_right(&self, password: &str, hash: String) -> Result<bool, SignInError> {
        let _turn = self
            .0
            .hashing
            .acquire()
            .await
            .map_err(|e| SignInError::Broken(e.to_string()))?;
        let password = Zeroizing::new(password.to_owned());
        let done = tokio::task::spawn_blocking(move || matches(&password, &hash)).await;
        done.map_err(|e| SignInError::Broken(e.to_string()))
    }

    /// Begins to set up password and code: a new secret for an authenticator program.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn begin_password(&self, session: &Session) -> Result<NewCode, SignInError> {
        self.begin_code(session.practitioner).await
    }

    pub(super) async fn begin_code(&self, who: PractitionerId) -> Result<NewCode, SignInError> {
        let secret = random::bytes::<20>()?;
        let plain = serde_json::to_vec(&Begun {
            secret: secret.to_vec(),
        });
        let plain = Zeroizing::new(plain.map_err(|e| SignInError::Broken(e.to_string()))?);
        let ticket = self.begin(who, TOTP, &plain).await?;
        let secret = totp_rs::Secret::from(secret).to_base32();
        let login = self.login_of(who).await?.unwrap_or_default();
        let (issuer, name) = (percent(&self.0.site.name), percent(&login));
        let uri = format!("otpauth://totp/{issuer}:{name}?secret={secret}&issuer={issuer}");
        Ok(NewCode { secret, uri, ticket })
    }

    /// Keeps what was begun, sealed, until its ticket finishes it.
    pub(super) async fn begin(
        &self,
        who: PractitionerId,
        kind: &str,
        plain: &[u8],
    ) -> Result<Token, SignInError> {
        let (now, ticket) = (self.now(), self.door().token()?);
        let row = CeremonyRow {
            tag: self.door().tag_of(kind, &ticket).0,
            practitioner: who,
            at: now,
            ends: now.plus_minutes(self.0.lifetimes.ceremony),
            sealed: self.door().seal_with(&ticket, kind, plain)?,
        };
        self.write(vec![row.put()], Vec::new()).await?;
        Ok(ticket)
    }

    /// What was begun under this ticket, if it has not ended.
    pub(super) async fn begun(
        &self,
        kind: &str,
        ticket: &Token,
    ) -> Result<(CeremonyRow, Zeroizing<Vec<u8>>), SignInError> {
        let tag = self.door().tag_of(kind, ticket);
        let row = self.0.store.ceremony(&tag.0).await?;
        let row = row
            .filter(|row| row.ends > self.now())
            .ok_or(SignInError::Refused)?;
        let plain = self
            .door()
            .open_with(ticket, kind, &row.sealed)
            .map_err(|_| SignInError::Refused)?;
        Ok((row, plain))
    }

    /// Sets password and code, or sets them anew. Every other session of theirs ends; this one goes on under a new token.
    ///
    /// # Errors
    /// [`SignInError::Invalid`] when the password is too easy to guess or the code is wrong: `ticket` still holds.
    /// [`SignInError::Refused`] when the ticket is not theirs or has ended.
    pub async fn finish_password(
        &self,
        session: &Session,
        ticket: &Token,
        password: &str,
        code: &str,
    ) -> Result<Started, SignInError> {
        let (mut changes, expects) = self
            .new_password(session.practitioner, ticket, password, code)
            .await?;
        let (renewed, started) = self.renewed(session).await?;
        changes.extend(renewed);
        self.write(changes, expects).await?;
        Ok(started)
    }

    /// What is written when password and code are set: the rows, and that the ticket was not used meanwhile.
    pub(super) async fn new_password(
        &self,
        who: PractitionerId,
        ticket: &Token,
        password: &str,
        code: &str,
    ) -> Result<(Vec<Change>, Vec<Expect>), SignInError> {
        let (begun, plain) = self.begun(TOTP, ticket).await?;
        if begun.practitioner != who {
            return Err(SignInError::Refused);
        }
        let login = self.login_of(who).await?.unwrap_or_default();
        if let Some(key) = weakness(password, &login) {
            return Err(SignInError::Invalid(key));
        }
        let secret: Begun = serde_json::from_slice(&plain).map_err(|_| SignInError::Refused)?;
        let secret = Zeroizing::new(secret.secret);
        let now = self.now();
        let step = step_of(&totp(&secret)?, code, now).ok_or(SignInError::Invalid("error-code-wrong"))?;
        let hash = Zeroizing::new(self.hashed(password).await?);
        let row = |kind: &str, plain: &[u8], used: Option<Instant>| {
            Ok::<_, SignInError>(CredentialRow {
                id: self.id_of(kind, who),
                practitioner: who,
                kind: kind.to_owned(),
                data: self.door().seal(kind, plain)?,
                made: now,
                used,
                ended: None,
            })
        };
        let changes = vec![
            row(PASSWORD, hash.as_bytes(), None)?.put(),
            row(TOTP, &secret, Some(step))?.put(),
            begun.remove(),
        ];
        Ok((changes, vec![begun.unchanged()]))
    }

    /// Signs in with name, password and code. An unknown name costs the same questions and the same hash.
    ///
    /// # Errors
    /// [`SignInError::Refused`] for every reason but [`SignInError::TooMany`].
    pub async fn with_password(
        &self,
        login: &str,
        password: &str,
        code: &str,
        source: &Tag,
    ) -> Result<Started, SignInError> {
        let account = self.account_tag(login);
        self.may_try(source).await?;
        self.may_try_account(&account).await?;
        let who = self.account(&account).await?.map(|row| row.practitioner);
        let rows = self
            .0
            .store
            .credentials(who.unwrap_or(PractitionerId([0; 16])))
            .await?;
        let find = |kind: &str| rows.iter().find(|row| row.kind == kind);
        let (kept, secret) = (find(PASSWORD), find(TOTP));
        let hash = match kept {
            Some(row) => String::from_utf8_lossy(&self.door().open(PASSWORD, &row.data)?).into_owned(),
            None => self.0.nobody.clone(),
        };
        let known = self.is_right(password, hash).await?;
        let plain = match secret {
            Some(row) => self.door().open(TOTP, &row.data)?,
            None => Zeroizing::new(vec![0; 20]),
        };
        let step = step_of(&totp(&plain)?, code, self.now());
        let (Some(who), Some(row), Some(step), true) = (who, secret, step, known && kept.is_some()) else {
            metrics::counter!("daylight_signin_refused_total", "how" => PASSWORD).increment(1);
            return Err(SignInError::Refused);
        };
        if row.used.is_some_and(|last| step <= last) {
            return Err(SignInError::Refused);
        }
        let (session, started) = self.new_session(who, How::Password, false, None)?;
        let used = CredentialRow {
            used: Some(step),
            ..row.clone()
        };
        self.write(vec![used.put(), session.put()], vec![row.unchanged()])
            .await?;
        self.right_answer(&account).await?;
        Ok(started)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_that_are_easy_to_guess_are_refused() {
        assert_eq!(weakness("short", "a"), Some("error-password-short"));
        assert_eq!(
            weakness("aaaaaaaaaaaaaaaa", "r.achebe"),
            Some("error-password-guessed")
        );
        assert_eq!(
            weakness("R.Achebe-2026-11", "r.achebe"),
            Some("error-password-guessed")
        );
        assert_eq!(weakness(&"abcdefgh".repeat(40), "x"), Some("error-password-long"));
        assert_eq!(weakness("lamp river seventeen", "r.achebe"), None);
    }

    #[test]
    fn the_otpauth_address_is_escaped() {
        assert_eq!(
            percent("Northmere Council & co"),
            "Northmere%20Council%20%26%20co"
        );
    }
}

//! Who comes in, and with what in their hands.
//!
//! | file | what |
//! |---|---|
//! | [`door`] | keyed tags, random tokens and sealing under the door key |
//! | [`account`] | login names, one-time invitations, ending somebody's access |
//! | [`password`] | a password and a six-digit code, together or not at all |
//! | [`passkey`] | passkeys (WebAuthn Level 3) |
//! | [`session`] | who is signed in, in which post, since when; listed, ended |
//! | [`limit`] | how often one may try |
//! | [`token`] | bearer tokens for programs: a scope, never a session |
//!
//! Whoever fails learns nothing: an unknown name, a wrong password, a wrong code and a used invitation have one answer,
//! [`SignInError::Refused`], after the same work. What is kept is tags and sealed bytes. Not record: who signed in when
//! is not what anybody reported; what they were then shown is (`app`).

pub mod account;
pub mod door;
pub mod limit;
pub mod passkey;
pub mod password;
pub mod session;
pub mod token;

use std::sync::Arc;

use domain::time::Instant;
use tokio::sync::Semaphore;
use webauthn_rs::Webauthn;

use crate::clock::Clock;
use crate::keys::Keys;
use crate::random;
use crate::store::{Change, Expect, SqlError, Store, StoreError};
use door::{Door, DoorError};

/// Why somebody did not get in, or something about their access was not changed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SignInError {
    /// Not these, together. One answer for every reason.
    #[error("refused")]
    Refused,
    /// Too many tries for this name, from this source, or at this node.
    #[error("too many tries")]
    TooMany {
        /// When the next may succeed.
        again: Instant,
    },
    /// What was chosen cannot be taken: a message key.
    #[error("{0}")]
    Invalid(&'static str),
    /// Passkeys need a name for an address, and this node is reached by number.
    #[error("passkeys are not possible at this address")]
    NoPasskeys,
    /// Nobody knows whether it was written. Trying again is safe.
    #[error("the outcome is not known")]
    Unknown,
    /// Something is broken, in words for the operator.
    #[error("{0}")]
    Broken(String),
}

impl From<SqlError> for SignInError {
    fn from(error: SqlError) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<StoreError> for SignInError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::OutcomeUnknown => Self::Unknown,
            other => Self::Broken(other.to_string()),
        }
    }
}

impl From<DoorError> for SignInError {
    fn from(error: DoorError) -> Self {
        match error {
            DoorError::DoesNotOpen => Self::Broken(
                "what somebody signs in with does not open: is this the door key it was sealed under?"
                    .to_owned(),
            ),
            DoorError::NoRandomness => Self::Broken(error.to_string()),
        }
    }
}

impl From<random::NoRandomness> for SignInError {
    fn from(error: random::NoRandomness) -> Self {
        Self::Broken(error.to_string())
    }
}

/// Where browsers reach this node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Site {
    /// `https://safeguarding.northmere.example`.
    pub origin: String,
    /// The agency's name, as an authenticator shows it.
    pub name: String,
}

/// How long things last, in minutes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lifetimes {
    /// A session without a request.
    pub idle: i64,
    /// A session, whatever happens: a long shift.
    pub session: i64,
    /// An invitation.
    pub invitation: i64,
    /// Something begun: a passkey's challenge, a new code's secret.
    pub ceremony: i64,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            idle: 60,
            session: 12 * 60,
            invitation: 72 * 60,
            ceremony: 10,
        }
    }
}

/// The door of one node. Cheap to clone.
#[derive(Clone)]
pub struct SignIn(Arc<Inner>);

struct Inner {
    store: Store,
    door: Door,
    clock: Arc<dyn Clock>,
    site: Site,
    lifetimes: Lifetimes,
    webauthn: Option<Webauthn>,
    /// A password nobody has: what an unknown name is compared with, so that it takes as long.
    nobody: String,
    /// Hashing takes 19 MiB each: so many at once and no more.
    hashing: Semaphore,
}

/// How many passwords are hashed at once.
const HASHING: usize = 4;

impl SignIn {
    /// The door of the node whose store and keys these are. `clock` is the machine's even where the node's own is
    /// simulated: a session in a demo must not end because the demo's time moves on.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub(crate) fn new(
        store: Store,
        keys: &Keys,
        clock: Arc<dyn Clock>,
        site: Site,
        lifetimes: Lifetimes,
    ) -> Result<Self, SignInError> {
        let door = Door::of(keys);
        let nobody = password::hash(&door.token()?.reveal())?;
        Ok(Self(Arc::new(Inner {
            webauthn: passkey::relying_party(&site),
            nobody,
            store,
            door,
            clock,
            site,
            lifetimes,
            hashing: Semaphore::new(HASHING),
        })))
    }

    /// The door key's work, for the server's cookies and forms.
    #[must_use]
    pub fn door(&self) -> &Door {
        &self.0.door
    }

    /// Removes what has ended. To be called now and then.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn sweep(&self) -> Result<u64, SignInError> {
        Ok(self.0.store.sweep_desk(self.now()).await?)
    }

    fn now(&self) -> Instant {
        self.0.clock.now()
    }

    /// Writes, or says that somebody else did meanwhile: then it is refused, as a repeat would be.
    async fn write(&self, changes: Vec<Change>, expects: Vec<Expect>) -> Result<(), SignInError> {
        match self.0.store.write_desk(changes, expects).await? {
            true => Ok(()),
            false => Err(SignInError::Refused),
        }
    }
}

impl crate::app::Node {
    /// Whether somebody has said that the keys are backed up. Without it every start warns.
    #[must_use]
    pub fn keys_backed_up(&self) -> bool {
        self.inner.keys().backed_up()
    }

    /// Whether the disk was full and the reserve given up: recording goes on, and room is needed now.
    #[must_use]
    pub fn needs_room(&self) -> bool {
        self.inner.store.needs_room()
    }

    /// The door of this node, for browsers that reach it at `site`. `clock` is the machine's even where the node's own
    /// is simulated: a session in a demo must not end because the demo's time moves on.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn sign_in(&self, clock: Arc<dyn Clock>, site: Site) -> Result<SignIn, SignInError> {
        let keys = self.inner.keys();
        SignIn::new(self.inner.store.clone(), &keys, clock, site, Lifetimes::default())
    }
}

#[cfg(test)]
mod tests;

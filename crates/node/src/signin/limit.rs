//! How often one may try: by account, by source, and at the node.
//!
//! Counted before anything is checked, so that many at once gain nothing, and for names that do not exist as for those
//! that do. A right answer fills the account's bucket again. Passkeys are not counted by account, so that whoever holds
//! one cannot be locked out by others trying passwords in their name.

use domain::time::Instant;

use super::door::Tag;
use super::{SignIn, SignInError};

/// A bucket: so many at once, and one more every so many seconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Rate {
    name: &'static str,
    burst: i64,
    seconds: i64,
}

/// Five at once, then one a minute: 1,445 guesses a day at a password and a code that changes every 30 seconds.
const ACCOUNT: Rate = Rate {
    name: "limit-account",
    burst: 5,
    seconds: 60,
};
/// An office behind one address on a Monday morning.
const SOURCE: Rate = Rate {
    name: "limit-source",
    burst: 30,
    seconds: 10,
};
/// The whole node: more than anybody needs, less than anybody could use to guess.
const NODE: Rate = Rate {
    name: "limit-node",
    burst: 300,
    seconds: 1,
};

impl SignIn {
    async fn take(&self, rate: Rate, of: &[u8], now: Instant) -> Result<(), SignInError> {
        let key = self.door().tag(rate.name, of);
        let each = rate.seconds.saturating_mul(1_000_000);
        match self.0.store.take(&key.0, rate.burst, each, now).await? {
            true => Ok(()),
            false => {
                metrics::counter!("daylight_signin_limited_total", "by" => rate.name).increment(1);
                Err(SignInError::TooMany {
                    again: now.plus_seconds(rate.seconds),
                })
            }
        }
    }

    /// Counts a try from `source`, at the node.
    pub(super) async fn may_try(&self, source: &Tag) -> Result<(), SignInError> {
        let now = self.now();
        self.take(SOURCE, &source.0, now).await?;
        self.take(NODE, b"all", now).await
    }

    /// Counts a try for an account, known or not.
    pub(super) async fn may_try_account(&self, account: &Tag) -> Result<(), SignInError> {
        self.take(ACCOUNT, &account.0, self.now()).await
    }

    /// A right answer: the account's bucket is full again.
    pub(super) async fn right_answer(&self, account: &Tag) -> Result<(), SignInError> {
        let key = self.door().tag(ACCOUNT.name, &account.0);
        Ok(self.0.store.refill(&key.0).await?)
    }
}

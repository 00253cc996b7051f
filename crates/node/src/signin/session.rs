//! Sessions: who is signed in, in which post, and until when.
//!
//! Known by the tag of a random token that only the browser holds. The token is new at every sign-in, at every change of
//! post and whenever something to sign in with is added, so that a token stolen before is worth nothing after. One row a
//! session, read at every request: what is ended is ended at the next request, on every server.

use domain::id::{PostId, PractitionerId, StreamId};
use domain::time::Instant;
use serde::{Deserialize, Serialize};

use super::door::{Tag, Token};
use super::{SignIn, SignInError};
use crate::random;
use crate::store::signin::{SessionRow, end_session};

/// How somebody got in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// By a one-time invitation.
    Invitation,
    /// By password and code.
    Password,
    /// By passkey.
    Passkey,
}

/// A session, as the server sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    tag: Tag,
    /// Who.
    pub practitioner: PractitionerId,
    /// The post they act in, once they chose one.
    pub post: Option<PostId>,
    /// The piece of work: what is shown in it is written once.
    pub work: StreamId,
    /// How they got in.
    pub how: How,
    /// They have nothing to sign in with yet: they may set it up and do no more.
    pub must_enrol: bool,
    /// When they signed in.
    pub made: Instant,
    /// When it was last used, to the minute.
    pub seen: Instant,
    /// When it ends whatever happens.
    pub ends: Instant,
}

impl Session {
    /// What it is listed and ended by. Not its token, and of no use as one.
    #[must_use]
    pub fn id(&self) -> String {
        domain::record::hex(self.tag.0.get(..8).unwrap_or_default())
    }
}

/// A session that has just begun, with the token for the browser.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Started {
    /// For the cookie. It is not kept.
    pub token: Token,
    /// The session.
    pub session: Session,
}

/// What a session's sealed bytes say.
#[derive(Serialize, Deserialize)]
struct Said {
    how: How,
    post: Option<String>,
    work: String,
    must_enrol: bool,
}

/// For how long after signing in somebody may change what they sign in with, in minutes: a screen left open is not enough.
const RECENT: i64 = 30;
/// How long between two notes that a session was used, in seconds.
const NOTE: i64 = 60;

impl SignIn {
    /// A session that begins now: the row to write, and what to hand over. With `before`, the same piece of work goes
    /// on under a new token and ends when it would have.
    pub(super) fn new_session(
        &self,
        who: PractitionerId,
        how: How,
        must_enrol: bool,
        before: Option<&Session>,
    ) -> Result<(SessionRow, Started), SignInError> {
        let (now, token) = (self.now(), self.door().token()?);
        let session = Session {
            tag: self.door().tag_of("session", &token),
            practitioner: who,
            post: before.and_then(|b| b.post.clone()),
            work: before.map_or_else(|| random::stream(now), |b| Ok(b.work))?,
            how,
            must_enrol,
            made: before.map_or(now, |b| b.made),
            seen: now,
            ends: before.map_or_else(|| now.plus_minutes(self.0.lifetimes.session), |b| b.ends),
        };
        Ok((self.row(&session)?, Started { token, session }))
    }

    fn row(&self, session: &Session) -> Result<SessionRow, SignInError> {
        let said = Said {
            how: session.how,
            post: session.post.as_ref().map(ToString::to_string),
            work: session.work.to_string(),
            must_enrol: session.must_enrol,
        };
        let plain = serde_json::to_vec(&said).map_err(|e| SignInError::Broken(e.to_string()))?;
        Ok(SessionRow {
            tag: session.tag.0,
            practitioner: session.practitioner,
            made: session.made,
            seen: session.seen,
            ends: session.ends,
            data: self.door().seal("session", &plain)?,
        })
    }

    fn read(&self, row: &SessionRow) -> Option<Session> {
        let plain = self.door().open("session", &row.data).ok()?;
        let said: Said = serde_json::from_slice(&plain).ok()?;
        Some(Session {
            tag: Tag(row.tag),
            practitioner: row.practitioner,
            post: said.post.and_then(|post| post.parse().ok()),
            work: said.work.parse().ok()?,
            how: said.how,
            must_enrol: said.must_enrol,
            made: row.made,
            seen: row.seen,
            ends: row.ends,
        })
    }

    fn is_on(&self, row: &SessionRow, now: Instant) -> bool {
        now < row.ends && now < row.seen.plus_minutes(self.0.lifetimes.idle)
    }

    /// Whether the session is young enough to change what its owner signs in with. Whoever has nothing yet may set it up.
    #[must_use]
    pub fn is_recent(&self, session: &Session) -> bool {
        session.must_enrol || self.now() < session.made.plus_minutes(RECENT)
    }

    /// When a session that was just used ends, if it is not used again, and in how many seconds that is.
    #[must_use]
    pub fn ends_unused(&self, session: &Session) -> (Instant, i64) {
        let now = self.now();
        let seen = match now.seconds_since(session.seen) >= NOTE {
            true => now,
            false => session.seen,
        };
        let ends = session.ends.min(seen.plus_minutes(self.0.lifetimes.idle));
        (ends, ends.seconds_since(now))
    }

    /// The session this token opens, if it goes on. Notes that it was used, at most once a minute.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn session(&self, token: &Token) -> Result<Option<Session>, SignInError> {
        let (now, tag) = (self.now(), self.door().tag_of("session", token));
        let Some(row) = self.0.store.session(&tag.0).await? else {
            return Ok(None);
        };
        if !self.is_on(&row, now) {
            self.write(vec![end_session(row.tag)], Vec::new()).await?;
            return Ok(None);
        }
        if now.seconds_since(row.seen) >= NOTE {
            self.0.store.touch_session(&row.tag, now).await?;
        }
        Ok(self.read(&row))
    }

    /// Acts in another post from now on, under a new token. Whether they hold the post is asked at every use.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn choose_post(&self, session: &Session, post: PostId) -> Result<Started, SignInError> {
        let before = Session {
            post: Some(post),
            ..session.clone()
        };
        self.renew(&before, session.must_enrol).await
    }

    /// The same session under a new token.
    async fn renew(&self, session: &Session, must_enrol: bool) -> Result<Started, SignInError> {
        let who = session.practitioner;
        let (row, started) = self.new_session(who, session.how, must_enrol, Some(session))?;
        self.write(vec![end_session(session.tag.0), row.put()], Vec::new())
            .await?;
        Ok(started)
    }

    /// After something to sign in with was added: the session goes on under a new token, every other of theirs ends.
    /// The changes, for the same write.
    pub(super) async fn renewed(
        &self,
        session: &Session,
    ) -> Result<(Vec<crate::store::Change>, Started), SignInError> {
        let who = session.practitioner;
        let (row, started) = self.new_session(who, session.how, false, Some(session))?;
        let all = self.0.store.sessions(who).await?;
        let mut changes: Vec<_> = all.iter().map(|old| end_session(old.tag)).collect();
        changes.push(row.put());
        Ok((changes, started))
    }

    /// Signs out.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn end(&self, token: &Token) -> Result<(), SignInError> {
        let tag = self.door().tag_of("session", token);
        self.write(vec![end_session(tag.0)], Vec::new()).await
    }

    /// A practitioner's sessions that go on, newest first: for themselves, or for an operator.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn sessions_of(&self, who: PractitionerId) -> Result<Vec<Session>, SignInError> {
        let now = self.now();
        let rows = self.0.store.sessions(who).await?;
        let on = rows.iter().filter(|row| self.is_on(row, now));
        Ok(on.filter_map(|row| self.read(row)).collect())
    }

    /// Ends one session of a practitioner's. Ending one that is not there is not an error.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn end_session(&self, who: PractitionerId, id: &str) -> Result<(), SignInError> {
        let all = self.sessions_of(who).await?;
        let changes = all
            .iter()
            .filter(|s| s.id() == id)
            .map(|s| end_session(s.tag.0))
            .collect();
        self.write(changes, Vec::new()).await
    }

    /// Ends every session of a practitioner's.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn end_all(&self, who: PractitionerId) -> Result<(), SignInError> {
        let rows = self.0.store.sessions(who).await?;
        self.write(rows.iter().map(|row| end_session(row.tag)).collect(), Vec::new())
            .await
    }
}

//! Reading and writing what people sign in with: credentials, sessions, invitations, ceremonies, limits.
//!
//! None of it is record; all of it may be lost at the price of inviting people again. Ids are keyed tags and data are
//! sealed before they come here, so that this file sees no name, no secret and no address.

use domain::id::PractitionerId;
use domain::time::Instant;

use super::sql::{Row, Sql, SqlError, Val};
use super::{Change, Command, Expect, Line, Store, StoreError, Submitted, Table};

/// A way of signing in, a login name or an API token, by its tag.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct CredentialRow {
    /// A keyed tag: of the login name, of the person and kind, of the passkey's id, or of the token.
    pub(crate) id: [u8; 32],
    /// Whose.
    pub(crate) practitioner: PractitionerId,
    /// `account`, `password`, `totp`, `passkey` or `api`.
    pub(crate) kind: String,
    /// Sealed.
    pub(crate) data: Vec<u8>,
    /// When it was made.
    pub(crate) made: Instant,
    /// When it was last used; for `totp` the beginning of the last step that was taken.
    pub(crate) used: Option<Instant>,
    /// When it was ended.
    pub(crate) ended: Option<Instant>,
}

impl CredentialRow {
    fn read(row: &Row) -> Result<Self, SqlError> {
        Ok(Self {
            id: row.fixed(0)?,
            practitioner: PractitionerId(row.fixed(1)?),
            kind: row.text(2)?,
            data: row.bytes(3)?,
            made: row.time(4)?,
            used: row.time_or_null(5)?,
            ended: row.time_or_null(6)?,
        })
    }

    fn rest(&self) -> Vec<Val> {
        vec![
            self.practitioner.into(),
            self.kind.as_str().into(),
            self.data.as_slice().into(),
            self.made.into(),
            self.used.into(),
            self.ended.into(),
        ]
    }

    /// The change that puts it.
    pub(crate) fn put(&self) -> Change {
        Change::put(Table::Credential, [self.id.into()], self.rest())
    }

    /// That it is still as it was read.
    pub(crate) fn unchanged(&self) -> Expect {
        Expect {
            table: Table::Credential,
            key: vec![self.id.into()],
            row: Some(self.rest()),
        }
    }

    /// That there is none with this id.
    pub(crate) fn absent(id: [u8; 32]) -> Expect {
        Expect {
            table: Table::Credential,
            key: vec![id.into()],
            row: None,
        }
    }
}

/// A session, by the tag of its token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SessionRow {
    /// The token's tag.
    pub(crate) tag: [u8; 32],
    /// Whose.
    pub(crate) practitioner: PractitionerId,
    /// When they signed in.
    pub(crate) made: Instant,
    /// When it was last used, to the minute.
    pub(crate) seen: Instant,
    /// When it ends whatever happens.
    pub(crate) ends: Instant,
    /// Sealed.
    pub(crate) data: Vec<u8>,
}

impl SessionRow {
    fn read(row: &Row) -> Result<Self, SqlError> {
        Ok(Self {
            tag: row.fixed(0)?,
            practitioner: PractitionerId(row.fixed(1)?),
            made: row.time(2)?,
            seen: row.time(3)?,
            ends: row.time(4)?,
            data: row.bytes(5)?,
        })
    }

    /// The change that puts it.
    pub(crate) fn put(&self) -> Change {
        let rest = vec![
            self.practitioner.into(),
            self.made.into(),
            self.seen.into(),
            self.ends.into(),
            self.data.as_slice().into(),
        ];
        Change::put(Table::Session, [self.tag.into()], rest)
    }
}

/// The change that ends a session.
pub(crate) fn end_session(tag: [u8; 32]) -> Change {
    Change::remove(Table::Session, [tag.into()])
}

/// A one-time invitation, by the tag of its token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct InvitationRow {
    /// The token's tag.
    pub(crate) tag: [u8; 32],
    /// Whom it invites.
    pub(crate) practitioner: PractitionerId,
    /// When it was made.
    pub(crate) made: Instant,
    /// Until when it can be used.
    pub(crate) ends: Instant,
    /// When it was used.
    pub(crate) used: Option<Instant>,
}

impl InvitationRow {
    fn read(row: &Row) -> Result<Self, SqlError> {
        Ok(Self {
            tag: row.fixed(0)?,
            practitioner: PractitionerId(row.fixed(1)?),
            made: row.time(2)?,
            ends: row.time(3)?,
            used: row.time_or_null(4)?,
        })
    }

    fn rest(&self) -> Vec<Val> {
        vec![
            self.practitioner.into(),
            self.made.into(),
            self.ends.into(),
            self.used.into(),
        ]
    }

    /// The change that puts it.
    pub(crate) fn put(&self) -> Change {
        Change::put(Table::Invitation, [self.tag.into()], self.rest())
    }

    /// That it is still as it was read.
    pub(crate) fn unchanged(&self) -> Expect {
        Expect {
            table: Table::Invitation,
            key: vec![self.tag.into()],
            row: Some(self.rest()),
        }
    }
}

/// Something begun and not finished, sealed: a passkey's challenge, a code's secret before it was first typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct CeremonyRow {
    /// The tag of the token that finishes it.
    pub(crate) tag: [u8; 32],
    /// Whose; of nobody when it is a decoy.
    pub(crate) practitioner: PractitionerId,
    /// When it was begun.
    pub(crate) at: Instant,
    /// Until when it can be finished.
    pub(crate) ends: Instant,
    /// Sealed.
    pub(crate) sealed: Vec<u8>,
}

impl CeremonyRow {
    fn rest(&self) -> Vec<Val> {
        vec![
            self.practitioner.into(),
            self.at.into(),
            self.ends.into(),
            self.sealed.as_slice().into(),
        ]
    }

    /// The change that puts it.
    pub(crate) fn put(&self) -> Change {
        Change::put(Table::Draft, [self.tag.into()], self.rest())
    }

    /// The change that removes it: a ceremony is finished once.
    pub(crate) fn remove(&self) -> Change {
        Change::remove(Table::Draft, [self.tag.into()])
    }

    /// That it is still there.
    pub(crate) fn unchanged(&self) -> Expect {
        Expect {
            table: Table::Draft,
            key: vec![self.tag.into()],
            row: Some(self.rest()),
        }
    }
}

const CREDENTIALS: &str = "SELECT id, practitioner, kind, data, made_at, used_at, ended_at FROM credential";
const SESSIONS: &str = "SELECT token_hash, practitioner, made_at, seen_at, ends_at, data FROM session";
const INVITATIONS: &str = "SELECT token_hash, practitioner, made_at, ends_at, used_at FROM invitation";

/// One take from a bucket, in one statement, so that many at once take one each. Nothing is touched when it is full.
const TAKE: &str = "INSERT INTO rate_limit (key, full_at, count) VALUES ($1, $2, 1) \
    ON CONFLICT (key) DO UPDATE SET count = rate_limit.count + 1, \
    full_at = $3 + CASE WHEN rate_limit.full_at > $4 THEN rate_limit.full_at ELSE $4 END \
    WHERE rate_limit.full_at <= $5";

impl Store {
    /// Writes desk rows; false when an expected row was not as expected, and nothing was written.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn write_desk(
        &self,
        changes: Vec<Change>,
        expects: Vec<Expect>,
    ) -> Result<bool, StoreError> {
        let mut command = Command::new(Line::People);
        command.changes = changes;
        command.expects = expects;
        Ok(!matches!(self.submit(command).await?, Submitted::Changed { .. }))
    }

    /// The credential with this id that was not ended.
    pub(crate) async fn credential(&self, id: &[u8; 32]) -> Result<Option<CredentialRow>, SqlError> {
        let sql = Sql::new(CREDENTIALS)
            .text(" WHERE ended_at IS NULL AND id = ")
            .arg(*id);
        self.engine
            .query_one(sql)
            .await?
            .as_ref()
            .map(CredentialRow::read)
            .transpose()
    }

    /// Every credential of a practitioner that was not ended, oldest first.
    pub(crate) async fn credentials(&self, who: PractitionerId) -> Result<Vec<CredentialRow>, SqlError> {
        let sql = Sql::new(CREDENTIALS)
            .text(" WHERE ended_at IS NULL AND practitioner = ")
            .arg(who);
        let rows = self.engine.query(sql.text(" ORDER BY made_at, id")).await?;
        rows.iter().map(CredentialRow::read).collect()
    }

    /// The session whose token has this tag.
    pub(crate) async fn session(&self, tag: &[u8; 32]) -> Result<Option<SessionRow>, SqlError> {
        let sql = Sql::new(SESSIONS).text(" WHERE token_hash = ").arg(*tag);
        self.engine
            .query_one(sql)
            .await?
            .as_ref()
            .map(SessionRow::read)
            .transpose()
    }

    /// A practitioner's sessions, newest first.
    pub(crate) async fn sessions(&self, who: PractitionerId) -> Result<Vec<SessionRow>, SqlError> {
        let sql = Sql::new(SESSIONS).text(" WHERE practitioner = ").arg(who);
        let rows = self.engine.query(sql.text(" ORDER BY made_at DESC")).await?;
        rows.iter().map(SessionRow::read).collect()
    }

    /// Notes that a session was used.
    pub(crate) async fn touch_session(&self, tag: &[u8; 32], at: Instant) -> Result<(), SqlError> {
        let sql = Sql::with(
            "UPDATE session SET seen_at = $1 WHERE token_hash = $2",
            [at.into(), (*tag).into()],
        );
        self.beside(&sql).await.map(drop)
    }

    /// The invitation whose token has this tag.
    pub(crate) async fn invitation(&self, tag: &[u8; 32]) -> Result<Option<InvitationRow>, SqlError> {
        let sql = Sql::new(INVITATIONS).text(" WHERE token_hash = ").arg(*tag);
        self.engine
            .query_one(sql)
            .await?
            .as_ref()
            .map(InvitationRow::read)
            .transpose()
    }

    /// A practitioner's invitations that were not used.
    pub(crate) async fn invitations(&self, who: PractitionerId) -> Result<Vec<InvitationRow>, SqlError> {
        let sql = Sql::new(INVITATIONS)
            .text(" WHERE used_at IS NULL AND practitioner = ")
            .arg(who);
        let rows = self.engine.query(sql.text(" ORDER BY made_at")).await?;
        rows.iter().map(InvitationRow::read).collect()
    }

    /// The ceremony that the token with this tag finishes.
    pub(crate) async fn ceremony(&self, tag: &[u8; 32]) -> Result<Option<CeremonyRow>, SqlError> {
        let sql = Sql::new("SELECT id, owner, at, ends_at, sealed FROM draft WHERE id = ").arg(*tag);
        let read = |row: Row| {
            Ok(CeremonyRow {
                tag: row.fixed(0)?,
                practitioner: PractitionerId(row.fixed(1)?),
                at: row.time(2)?,
                ends: row.time(3)?,
                sealed: row.bytes(4)?,
            })
        };
        self.engine.query_one(sql).await?.map(read).transpose()
    }

    /// Takes one from the bucket `key`, which holds `burst` and gains one every `each` microseconds (the generic cell
    /// rate algorithm). False when it is empty; then nothing is written.
    pub(crate) async fn take(
        &self,
        key: &[u8; 32],
        burst: i64,
        each: i64,
        now: Instant,
    ) -> Result<bool, SqlError> {
        let first = now.0.saturating_add(each);
        let latest = now.0.saturating_add(each.saturating_mul(burst.saturating_sub(1)));
        let values = [
            (*key).into(),
            first.into(),
            each.into(),
            now.into(),
            latest.into(),
        ];
        Ok(self.beside(&Sql::with(TAKE, values)).await? > 0)
    }

    /// Fills the bucket `key` again: whoever it counts has shown who they are.
    pub(crate) async fn refill(&self, key: &[u8; 32]) -> Result<(), SqlError> {
        let sql = Sql::new("DELETE FROM rate_limit WHERE key = ").arg(*key);
        self.beside(&sql).await.map(drop)
    }

    /// Removes what has ended: sessions, invitations, ceremonies and drafts, full buckets.
    pub(crate) async fn sweep_desk(&self, now: Instant) -> Result<u64, SqlError> {
        let mut gone = 0_u64;
        for text in [
            "DELETE FROM session WHERE ends_at <= ",
            "DELETE FROM invitation WHERE ends_at <= ",
            "DELETE FROM draft WHERE ends_at <= ",
            "DELETE FROM rate_limit WHERE full_at <= ",
        ] {
            gone = gone.saturating_add(self.beside(&Sql::new(text).arg(now)).await?);
        }
        Ok(gone)
    }
}

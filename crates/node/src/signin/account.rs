//! Accounts: a login name for a practitioner, an invitation to begin with, and the end of both.
//!
//! There is no account that is there from the start and no password anybody chose for somebody else: a person is added,
//! invited once, and sets up what they sign in with. The login name is known by its tag and kept sealed.

use domain::id::PractitionerId;
use domain::time::Instant;

use super::door::{Tag, Token};
use super::passkey::PASSKEY;
use super::password::NewCode;
use super::session::{How, Session, Started};
use super::{SignIn, SignInError};
use crate::store::signin::{CredentialRow, InvitationRow};

pub(super) const ACCOUNT: &str = "account";

/// The longest login name, in characters.
const LONGEST: usize = 100;

/// An invitation, to be shown once and handed over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Invitation {
    /// The secret. It is not kept.
    pub token: Token,
    /// Until when it can be used.
    pub ends: Instant,
}

/// A way of signing in, as its owner sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Credential {
    /// What it is listed and ended by.
    pub id: String,
    /// `password`, `totp`, `passkey` or `api`.
    pub kind: String,
    /// The name its owner gave a passkey; empty for everything else.
    pub name: String,
    /// When it was made.
    pub made: Instant,
    /// When it was last used.
    pub used: Option<Instant>,
}

/// Login names are compared without regard to case or blanks at either end.
fn normal(login: &str) -> String {
    login.trim().to_lowercase()
}

/// Whether it is something a person signs in with: not a name, nor a program's token.
pub(super) fn is_way(row: &CredentialRow) -> bool {
    row.kind != ACCOUNT && row.kind != super::token::API
}

fn ended(row: &CredentialRow, now: Instant) -> CredentialRow {
    CredentialRow {
        ended: Some(now),
        ..row.clone()
    }
}

impl SignIn {
    /// What a login name is known by, whether there is such an account or not.
    pub(super) fn account_tag(&self, login: &str) -> Tag {
        self.door().tag(ACCOUNT, normal(login).as_bytes())
    }

    /// The account with this login name. The same one question whether there is one or not.
    pub(super) async fn account(&self, tag: &Tag) -> Result<Option<CredentialRow>, SignInError> {
        let row = self.0.store.credential(&tag.0).await?;
        Ok(row.filter(|row| row.kind == ACCOUNT))
    }

    /// The login name of a practitioner, if they have one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn login_of(&self, who: PractitionerId) -> Result<Option<String>, SignInError> {
        let rows = self.0.store.credentials(who).await?;
        let Some(row) = rows.iter().find(|row| row.kind == ACCOUNT) else {
            return Ok(None);
        };
        let plain = self.door().open(ACCOUNT, &row.data)?;
        Ok(Some(String::from_utf8_lossy(&plain).into_owned()))
    }

    /// Whether a login name is somebody's already, or was and is kept for them.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn login_taken(&self, login: &str) -> Result<bool, SignInError> {
        Ok(self.account(&self.account_tag(login)).await?.is_some())
    }

    /// Gives a practitioner a login name. They get in by invitation.
    ///
    /// # Errors
    /// [`SignInError::Invalid`] when the name is empty, too long or taken.
    pub async fn open_account(&self, who: PractitionerId, login: &str) -> Result<(), SignInError> {
        let name = normal(login);
        if name.is_empty() || name.chars().count() > LONGEST || name.chars().any(char::is_control) {
            return Err(SignInError::Invalid("error-login-name"));
        }
        if self.login_of(who).await?.is_some() {
            return Err(SignInError::Invalid("error-login-exists"));
        }
        let tag = self.account_tag(&name);
        let row = CredentialRow {
            id: tag.0,
            practitioner: who,
            kind: ACCOUNT.to_owned(),
            data: self.door().seal(ACCOUNT, name.as_bytes())?,
            made: self.now(),
            used: None,
            ended: None,
        };
        let absent = vec![CredentialRow::absent(tag.0)];
        match self.write(vec![row.put()], absent).await {
            Err(SignInError::Refused) => Err(SignInError::Invalid("error-login-taken")),
            other => other,
        }
    }

    /// Invites a practitioner, once. Earlier invitations of theirs end.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn invite(&self, who: PractitionerId) -> Result<Invitation, SignInError> {
        let (now, token) = (self.now(), self.door().token()?);
        let ends = now.plus_minutes(self.0.lifetimes.invitation);
        let row = InvitationRow {
            tag: self.door().tag_of("invitation", &token).0,
            practitioner: who,
            made: now,
            ends,
            used: None,
        };
        let earlier = self.0.store.invitations(who).await?;
        let mut changes: Vec<_> = earlier
            .into_iter()
            .map(|old| {
                InvitationRow {
                    used: Some(now),
                    ..old
                }
                .put()
            })
            .collect();
        changes.push(row.put());
        self.write(changes, Vec::new()).await?;
        Ok(Invitation { token, ends })
    }

    async fn invitation(&self, token: &Token, source: &Tag) -> Result<InvitationRow, SignInError> {
        self.may_try(source).await?;
        let tag = self.door().tag_of("invitation", token);
        let row = self.0.store.invitation(&tag.0).await?;
        let holds = |row: &InvitationRow| row.used.is_none() && row.ends > self.now();
        row.filter(holds).ok_or(SignInError::Refused)
    }

    /// Whom an invitation invites. It is not used by asking.
    ///
    /// # Errors
    /// [`SignInError::Refused`] when it is not one, was used, or has ended.
    pub async fn invited(&self, token: &Token, source: &Tag) -> Result<PractitionerId, SignInError> {
        Ok(self.invitation(token, source).await?.practitioner)
    }

    /// Begins to set up password and code with an invitation, which is not used by it.
    ///
    /// # Errors
    /// As [`SignIn::invited`].
    pub async fn begin_invited(&self, token: &Token, source: &Tag) -> Result<NewCode, SignInError> {
        let who = self.invited(token, source).await?;
        self.begin_code(who).await
    }

    /// Uses an invitation and sets up password and code in the same write.
    ///
    /// # Errors
    /// As [`SignIn::finish_password`]; the invitation is used only when all is well.
    pub async fn redeem_with_password(
        &self,
        token: &Token,
        ticket: &Token,
        password: &str,
        code: &str,
        source: &Tag,
    ) -> Result<Started, SignInError> {
        let row = self.invitation(token, source).await?;
        let (mut changes, mut expects) = self
            .new_password(row.practitioner, ticket, password, code)
            .await?;
        let (session, started) = self.new_session(row.practitioner, How::Invitation, false, None)?;
        let used = InvitationRow {
            used: Some(self.now()),
            ..row.clone()
        };
        changes.extend([used.put(), session.put()]);
        expects.push(row.unchanged());
        self.write(changes, expects).await?;
        Ok(started)
    }

    /// Uses an invitation. Whoever has nothing to sign in with yet gets a session that can set it up and do no more.
    ///
    /// # Errors
    /// [`SignInError::Refused`] when it is not one, was used, or has ended.
    pub async fn redeem(&self, token: &Token, source: &Tag) -> Result<Started, SignInError> {
        let row = self.invitation(token, source).await?;
        let now = self.now();
        let has = self.0.store.credentials(row.practitioner).await?;
        let must_enrol = !has.iter().any(is_way);
        let (session, started) = self.new_session(row.practitioner, How::Invitation, must_enrol, None)?;
        let used = InvitationRow {
            used: Some(now),
            ..row.clone()
        };
        self.write(vec![used.put(), session.put()], vec![row.unchanged()])
            .await?;
        Ok(started)
    }

    /// What a practitioner signs in with.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn credentials_of(&self, who: PractitionerId) -> Result<Vec<Credential>, SignInError> {
        let rows = self.0.store.credentials(who).await?;
        let rows = rows.into_iter().filter(|row| row.kind != ACCOUNT);
        let listed = rows.map(|row| {
            let named = row.kind == PASSKEY;
            Ok(Credential {
                id: domain::record::hex(&row.id),
                name: if named {
                    self.passkey_name(&row)?
                } else {
                    String::new()
                },
                kind: row.kind,
                made: row.made,
                used: row.used,
            })
        });
        listed.collect()
    }

    /// Whether somebody can sign in. A program's token signs nobody in.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn has_way(&self, who: PractitionerId) -> Result<bool, SignInError> {
        Ok(self.0.store.credentials(who).await?.iter().any(is_way))
    }

    /// Takes away one of somebody's own ways of signing in; password and code go together. Every other session of theirs
    /// ends; this one goes on under a new token.
    ///
    /// # Errors
    /// [`SignInError::Refused`] when it is not theirs; [`SignInError::Invalid`] when nothing would be left.
    pub async fn remove_way(&self, session: &Session, id: &str) -> Result<Started, SignInError> {
        let rows = self.0.store.credentials(session.practitioner).await?;
        let ways: Vec<_> = rows.into_iter().filter(is_way).collect();
        let chosen = ways.iter().find(|row| domain::record::hex(&row.id) == id);
        let passkey = chosen.ok_or(SignInError::Refused)?.kind == PASSKEY;
        let goes = |row: &CredentialRow| match passkey {
            true => domain::record::hex(&row.id) == id,
            false => row.kind != PASSKEY,
        };
        if ways.iter().all(goes) {
            return Err(SignInError::Invalid("error-last-way"));
        }
        let now = self.now();
        let (mut changes, started) = self.renewed(session).await?;
        changes.extend(
            ways.iter()
                .filter(|row| goes(row))
                .map(|row| ended(row, now).put()),
        );
        // Of two that each take away the other's last way, one must fail.
        self.write(changes, ways.iter().map(CredentialRow::unchanged).collect())
            .await?;
        Ok(started)
    }

    /// The invitation of theirs that can still be used: until when.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn invited_until(&self, who: PractitionerId) -> Result<Option<Instant>, SignInError> {
        let now = self.now();
        let rows = self.0.store.invitations(who).await?;
        let open = rows.iter().filter(|row| row.used.is_none() && row.ends > now);
        Ok(open.map(|row| row.ends).max())
    }

    /// Takes away everything somebody signs in with, and their sessions: for whoever lost it. Tokens of programs stay.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn remove_ways(&self, who: PractitionerId) -> Result<(), SignInError> {
        self.end_rows(who, is_way).await
    }

    /// Ends everything somebody gets in with, at once: credentials, invitations, tokens and sessions. The login name stays
    /// theirs, so that nobody else takes it and re-opening gives it back.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn close_account(&self, who: PractitionerId) -> Result<(), SignInError> {
        self.end_rows(who, |row| row.kind != ACCOUNT).await
    }

    /// Ends credentials and invitations first and sessions after: no new one can begin in between.
    async fn end_rows(
        &self,
        who: PractitionerId,
        which: impl Fn(&CredentialRow) -> bool,
    ) -> Result<(), SignInError> {
        let now = self.now();
        let rows = self.0.store.credentials(who).await?;
        let mut changes: Vec<_> = rows
            .iter()
            .filter(|row| which(row))
            .map(|row| ended(row, now).put())
            .collect();
        for row in self.0.store.invitations(who).await? {
            changes.push(
                InvitationRow {
                    used: Some(now),
                    ..row
                }
                .put(),
            );
        }
        self.write(changes, Vec::new()).await?;
        self.end_all(who).await
    }
}

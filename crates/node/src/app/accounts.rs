//! Accounts, for whoever runs the node: who has one, how they get in, and what to do when they cannot or must not.
//!
//! What people sign in with is not record; that somebody changed it for another person is, on that person's own stream,
//! before it takes effect. Ending is a matter of `end-session`, letting in again one of `invite`: the policy gives both to
//! the operator alone, who opens no concern. Nobody does any of it to their own account. What keeps somebody out happens at
//! once; what lets somebody in is asked, and waits for a second person: [`super::let_in`].

use domain::id::{PostId, PractitionerId, StreamId};
use domain::policy::{Action, Item, Relation, Relations, Tier, What};
use domain::record::{Actor, Draft, Kind, Spine};
use domain::time::Instant;
use domain::view::{Ask, Letting, Practitioner};

use super::start::AFFAIRS;
use super::{Acting, AppError, Node, Refusal};
use crate::Inner;
use crate::assemble::{Stream, Work};
use crate::signin::account::Credential;
use crate::signin::{SignIn, SignInError};
use crate::store::Submitted;
use crate::write::Batch;

/// What can be done about somebody's account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// A new invitation is asked for; earlier ones end when it is made.
    Invited,
    /// Every session ends.
    SessionsEnded,
    /// Everything they sign in with is removed, and a new invitation is asked for: it was lost, or somebody else has it.
    WaysRemoved,
    /// They can no longer get in.
    Closed,
    /// It is asked that they can again, by an invitation.
    ReOpened,
}

impl Change {
    /// Every change, in the order in which a page offers them.
    pub const ALL: [Self; 5] = [
        Self::Invited,
        Self::SessionsEnded,
        Self::WaysRemoved,
        Self::Closed,
        Self::ReOpened,
    ];

    /// The code written into the record.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::SessionsEnded => "sessions-ended",
            Self::WaysRemoved => "ways-removed",
            Self::Closed => "closed",
            Self::ReOpened => "re-opened",
        }
    }

    /// The change with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// Whether it must be said why.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::WaysRemoved | Self::Closed | Self::ReOpened)
    }

    /// Whether it can be done to an account that is closed, or is not.
    #[must_use]
    pub const fn fits(self, closed: bool) -> bool {
        matches!(self, Self::ReOpened) == closed
    }

    /// The code of what happens at once; none where everything waits for a second person.
    const fn at_once(self) -> Option<&'static str> {
        match self {
            Self::SessionsEnded | Self::WaysRemoved | Self::Closed => Some(self.code()),
            Self::Invited | Self::ReOpened => None,
        }
    }

    /// What is asked of a second person.
    const fn asks(self) -> Option<Letting> {
        match self {
            Self::Invited | Self::WaysRemoved => Some(Letting::Invited),
            Self::ReOpened => Some(Letting::ReOpened),
            Self::SessionsEnded | Self::Closed => None,
        }
    }

    const fn action(self) -> Action {
        match self {
            Self::SessionsEnded | Self::Closed => Action::EndSession,
            Self::Invited | Self::WaysRemoved | Self::ReOpened => Action::Invite,
        }
    }
}

/// Somebody's account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccountView {
    /// Whose, by handle.
    pub who: PractitionerId,
    /// Their name.
    pub name: String,
    /// The name they sign in with, if they have one.
    pub login: Option<String>,
    /// Posts they hold now.
    pub posts: Vec<PostId>,
    /// Since when they may not sign in.
    pub closed: Option<Instant>,
    /// The last time they are known to have signed in.
    pub last: Option<Instant>,
    /// What they sign in with.
    pub ways: Vec<Credential>,
    /// How many sessions go on.
    pub sessions: usize,
    /// Until when an invitation of theirs can be used.
    pub invited: Option<Instant>,
    /// What waits for a second person, oldest first.
    pub asks: Vec<Ask>,
}

/// What somebody did about an account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccountChange {
    /// When.
    pub at: Instant,
    /// Who.
    pub by: Actor,
    /// What: a [`Change`]'s code, `asked-` and a [`Letting`]'s, `agreed`, `refused`, `alone`, `post-taken` or `post-left`.
    pub how: String,
    /// Posts given or taken away.
    pub posts: Vec<PostId>,
    /// Why; empty where nobody had to say.
    pub reason: String,
}

impl Node {
    /// Every account, by name.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever does not run the node.
    pub async fn accounts(&self, acting: &Acting, door: &SignIn) -> Result<Vec<AccountView>, AppError> {
        self.inner.may_account(acting, Action::Read).await?;
        let mut out = Vec::new();
        for practitioner in self.inner.practitioners().await? {
            out.push(self.inner.account_view(door, &practitioner).await?);
        }
        out.sort_by(|a, b| (&a.name, a.who).cmp(&(&b.name, b.who)));
        Ok(out)
    }

    /// One account, and everything that was changed about it, newest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or for whoever does not run the node.
    pub async fn account(
        &self,
        acting: &Acting,
        door: &SignIn,
        who: PractitionerId,
    ) -> Result<(AccountView, Vec<AccountChange>), AppError> {
        let node = &self.inner;
        node.may_account(acting, Action::Read).await?;
        let stream = node.practitioner(who).await?;
        let folded = Practitioner::fold(who, &stream.spines);
        let changes = node.account_changes(&stream).await?;
        Ok((node.account_view(door, &folded).await?, changes))
    }

    /// What others changed about somebody's own account, newest first: for that person alone, whose session it is.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn own_account_changes(&self, who: PractitionerId) -> Result<Vec<AccountChange>, AppError> {
        let stream = self.inner.practitioner(who).await?;
        self.inner.account_changes(&stream).await
    }

    /// Changes how somebody else gets in, or asks for it. It is in the record before it happens.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such person, or for whoever does not run the node;
    /// [`Refusal::NeedsAnother`] for one's own account; [`Refusal::AlreadyDone`] when it is closed, or is not, or the same is
    /// asked already; [`AppError::Invalid`] when a reason is missing.
    pub async fn change_account(
        &self,
        acting: &Acting,
        door: &SignIn,
        who: PractitionerId,
        change: Change,
        reason: &str,
    ) -> Result<(), AppError> {
        self.inner.may_account(acting, change.action()).await?;
        if who == acting.practitioner {
            return Err(Refusal::NeedsAnother.into());
        }
        let reason = reason.trim();
        if change.needs_reason() && reason.is_empty() {
            return Err(AppError::invalid("reason", "error-reason-missing"));
        }
        self.inner.record_change(acting, who, change, reason).await?;
        match change {
            Change::SessionsEnded => door.end_all(who).await?,
            Change::Closed => door.close_account(who).await?,
            Change::WaysRemoved => door.remove_ways(who).await?,
            Change::Invited | Change::ReOpened => {}
        }
        Ok(())
    }

    /// Whether somebody's account is closed: they are then not to be invited by any way.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn account_closed(&self, who: PractitionerId) -> Result<bool, AppError> {
        let stream = self.inner.load(StreamId(who.0)).await?;
        Ok(Practitioner::fold(who, &stream.spines).closed.is_some())
    }
}

impl Inner {
    pub(crate) async fn may_account(&self, acting: &Acting, action: Action) -> Result<(), AppError> {
        let who = self.who(acting).await?;
        let mut what = What::new(Item::Account, AFFAIRS, Tier::Shared);
        what.relations = Relations::NONE.with(Relation::Agency);
        self.permit(&who, action, &what, None).map(drop)
    }

    async fn account_view(&self, door: &SignIn, folded: &Practitioner) -> Result<AccountView, AppError> {
        let who = folded.id;
        let ways = door.credentials_of(who).await?;
        let sessions = door.sessions_of(who).await?;
        let used = ways.iter().filter_map(|way| way.used);
        let last = used.chain(sessions.iter().map(|session| session.made)).max();
        Ok(AccountView {
            who,
            name: self.name_of(who).await?,
            login: door.login_of(who).await?,
            posts: self.chairs().await?.posts_of(who, self.clock.now()),
            closed: folded.closed,
            last,
            sessions: sessions.len(),
            invited: door.invited_until(who).await?,
            asks: folded
                .asks
                .iter()
                .filter(|ask| ask.waits(self.clock.now()))
                .cloned()
                .collect(),
            ways,
        })
    }

    async fn account_changes(&self, stream: &Stream) -> Result<Vec<AccountChange>, AppError> {
        let opened = self.open_stream(stream).await?;
        let told = stream.spines.iter().rev().filter_map(|spine| {
            Some(AccountChange {
                at: spine.recorded,
                by: spine.actor.clone(),
                how: change_code(spine)?,
                posts: spine.posts.clone(),
                reason: opened
                    .get(&spine.sequence)
                    .map(|c| c.text("reason"))
                    .unwrap_or_default(),
            })
        });
        Ok(told.collect())
    }

    async fn record_change(
        &self,
        acting: &Acting,
        who: PractitionerId,
        change: Change,
        reason: &str,
    ) -> Result<(), AppError> {
        loop {
            let (stream, now) = (self.practitioner(who).await?, self.clock.now());
            let folded = Practitioner::fold(who, &stream.spines);
            if !change.fits(folded.closed.is_some()) {
                return Err(Refusal::AlreadyDone.into());
            }
            let mut work = Work::on(stream);
            if let Some(code) = change.at_once() {
                let changed = Draft::new(Kind::AccessChanged, acting.actor());
                work.push(now, changed.code("how", code).with("reason", reason))?;
            }
            match change.asks() {
                Some(what) if !folded.is_asked(what, &[], now) => {
                    let asked = Draft::new(Kind::AccessAsked, acting.actor()).code("how", what.code());
                    self.ask_in(&mut work, who, asked.with("reason", reason), now)
                        .await?;
                }
                Some(_) if work.drafts.is_empty() => return Err(Refusal::AlreadyDone.into()),
                _ => {}
            }
            match self.write(Batch::of(work)).await? {
                Submitted::Moved { .. } => {}
                _ => return Ok(()),
            }
        }
    }
}

/// What a record changed about how somebody gets in; none for a record of anything else.
fn change_code(spine: &Spine) -> Option<String> {
    let how = || spine.text("how").unwrap_or_default();
    match spine.kind {
        Kind::AccessChanged => Some(how().to_owned()),
        Kind::AccessAsked => Some(format!("asked-{}", how())),
        Kind::AccessAgreed => Some("agreed".to_owned()),
        Kind::AccessRefused => Some("refused".to_owned()),
        Kind::PostTaken | Kind::PostLeft => Some(spine.kind.code().to_owned()),
        _ => None,
    }
}

impl From<SignInError> for AppError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Unknown => Self::Unknown,
            SignInError::TooMany { again } => Self::TooMany { again },
            SignInError::Broken(cause) => Self::Broken(cause),
            SignInError::Refused | SignInError::Invalid(_) | SignInError::NoPasskeys => Self::NotFound,
        }
    }
}

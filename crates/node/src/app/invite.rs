//! Somebody new, and who sits where: for whoever runs the node.
//!
//! Adding a person, giving a post and taking one away are a matter of `invite` and `configure`, which the policy gives to the
//! operator alone, who asks: somebody else agrees before anybody gets in or gets a post ([`super::let_in`]). Taking a post away
//! happens at once. Nobody changes their own posts, and whoever runs the node holds no other post here: an operator opens
//! no concern, in any post. Each is a record on that person's own stream before it takes effect.

use domain::id::{PostId, PractitionerId, StreamId};
use domain::policy::{Action, Item, Relation, Relations, Role, Tier, What};
use domain::record::{Actor, Draft, Kind};
use domain::time::Instant;
use domain::view::{Letting, Practitioner};

use super::start::AFFAIRS;
use super::{Acting, AppError, Node, Refusal};
use crate::Inner;
use crate::assemble::{StreamKind, Work};
use crate::random;
use crate::signin::SignIn;
use crate::store::Submitted;
use crate::write::Batch;

/// Somebody to be invited.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct NewAccount {
    /// Their name, as colleagues see it.
    pub name: String,
    /// Their work e-mail: they sign in as this, and are told by it.
    pub email: String,
    /// A registered social worker.
    pub registered: bool,
    /// Posts of the agency's reviewed file.
    pub posts: Vec<PostId>,
    /// Until when they hold them; for good when it is not said.
    pub until: Option<Instant>,
}

impl Node {
    /// Adds somebody and asks that they be let into posts. They get in when a second person has agreed.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever does not run the node; [`AppError::Invalid`] when there is no name, no address
    /// or one that is taken, no post, one that is not in the agency's file, an operator's beside another, or an end that
    /// has passed.
    pub async fn invite_person(
        &self,
        acting: &Acting,
        door: &SignIn,
        new: &NewAccount,
    ) -> Result<PractitionerId, AppError> {
        let node = &self.inner;
        node.may_seat(acting, Action::Invite, Item::Account).await?;
        node.may_seat(acting, Action::Configure, Item::Agency).await?;
        self.ask_for_newcomer(&acting.actor(), door, new).await
    }

    /// Adds somebody and asks that they be let in, for whoever has the machine.
    ///
    /// # Errors
    /// As [`Node::invite_person`].
    pub async fn ask_for_newcomer(
        &self,
        by: &Actor,
        door: &SignIn,
        new: &NewAccount,
    ) -> Result<PractitionerId, AppError> {
        let node = &self.inner;
        let (name, email) = (new.name.trim(), new.email.trim());
        if name.is_empty() {
            return Err(AppError::invalid("name", "error-name-empty"));
        }
        if !is_address(email) {
            return Err(AppError::invalid("email", "error-email"));
        }
        if door.login_taken(email).await? {
            return Err(AppError::invalid("email", "error-email-taken"));
        }
        if new.posts.is_empty() {
            return Err(AppError::invalid("post", "error-post-missing"));
        }
        node.check_posts(&new.posts, new.until)?;
        let (who, now) = (random::practitioner()?, node.clock.now());
        let mut work = Work::on(node.begin_as(StreamId(who.0), StreamKind::Practitioner, 1)?);
        let added = Draft::new(Kind::PractitionerAdded, by.clone())
            .code("registered", new.registered)
            .with("name", name)
            .with("email", email);
        work.push(now, added)?;
        let asked = asking(by, Letting::New, &new.posts, new.until);
        node.ask_in(&mut work, who, asked, now).await?;
        node.write(Batch::of(work)).await?;
        // Should this fail, whoever agrees makes it good.
        door.open_account(who, email).await?;
        Ok(who)
    }

    /// Asks that somebody who lost what they sign in with is invited again, for whoever has the machine.
    ///
    /// # Errors
    /// [`Refusal::AlreadyDone`] when it is asked already or the account is closed; [`AppError::NotFound`] when there is no
    /// such person.
    pub async fn ask_for_return(&self, who: PractitionerId) -> Result<(), AppError> {
        self.inner
            .ask_for(&Actor::Node, who, Letting::Invited, &[], None)
            .await
    }

    /// Asks that somebody else is put into one more post, from when a second person agrees until `until` or for good.
    ///
    /// # Errors
    /// As [`Node::invite_person`]; [`Refusal::NeedsAnother`] for one's own posts; [`Refusal::AlreadyDone`] when they hold
    /// it or it is asked already.
    pub async fn give_post(
        &self,
        acting: &Acting,
        who: PractitionerId,
        post: &PostId,
        until: Option<Instant>,
    ) -> Result<(), AppError> {
        let node = &self.inner;
        node.may_seat_other(acting, who).await?;
        let now = node.clock.now();
        let mut all = node.chairs().await?.posts_of(who, now);
        if all.contains(post) {
            return Err(Refusal::AlreadyDone.into());
        }
        all.push(post.clone());
        node.check_posts(&all, until)?;
        let posts = std::slice::from_ref(post);
        node.ask_for(&acting.actor(), who, Letting::Post, posts, until)
            .await
    }

    /// Takes a post away from somebody else, now. What the post has falls to its deputy in the same instant.
    ///
    /// # Errors
    /// As [`Node::give_post`]; [`Refusal::AlreadyDone`] when they do not hold it.
    pub async fn take_post_away(
        &self,
        acting: &Acting,
        who: PractitionerId,
        post: &PostId,
    ) -> Result<(), AppError> {
        let node = &self.inner;
        node.may_seat_other(acting, who).await?;
        if !node
            .chairs()
            .await?
            .posts_of(who, node.clock.now())
            .contains(post)
        {
            return Err(Refusal::AlreadyDone.into());
        }
        node.seat_change(who, || {
            Draft::new(Kind::PostLeft, acting.actor()).post(post.clone())
        })
        .await
    }

    /// Until when somebody holds each of their posts; `None` for good.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn held_until(&self, who: PractitionerId) -> Result<Vec<(PostId, Option<Instant>)>, AppError> {
        let (stream, now) = (self.inner.load(StreamId(who.0)).await?, self.inner.clock.now());
        let folded = Practitioner::fold(who, &stream.spines);
        // A post has one holder: what somebody else has taken since is theirs no longer.
        let seated = self.inner.chairs().await?.posts_of(who, now);
        let held = folded
            .holdings
            .into_iter()
            .filter(|one| one.from <= now && one.until.is_none_or(|until| until > now))
            .filter(|one| seated.contains(&one.post));
        Ok(held.map(|one| (one.post, one.until)).collect())
    }
}

/// Whether a text can be a work address: something, an `@`, something with a dot, and no blank.
fn is_address(text: &str) -> bool {
    let parts = text.split_once('@');
    let host = |host: &str| host.contains('.') && !host.starts_with('.') && !host.contains('@');
    parts.is_some_and(|(name, rest)| !name.is_empty() && host(rest)) && !text.contains(char::is_whitespace)
}

/// The record that asks.
fn asking(by: &Actor, what: Letting, posts: &[PostId], until: Option<Instant>) -> Draft {
    let mut draft = Draft::new(Kind::AccessAsked, by.clone()).code("how", what.code());
    draft.posts = posts.to_vec();
    draft.maybe("until", until)
}

impl Inner {
    /// Asks for somebody who is here already, once.
    async fn ask_for(
        &self,
        by: &Actor,
        who: PractitionerId,
        what: Letting,
        posts: &[PostId],
        until: Option<Instant>,
    ) -> Result<(), AppError> {
        loop {
            let (stream, now) = (self.practitioner(who).await?, self.clock.now());
            let folded = Practitioner::fold(who, &stream.spines);
            if folded.closed.is_some() || folded.is_asked(what, posts, now) {
                return Err(Refusal::AlreadyDone.into());
            }
            let mut work = Work::on(stream);
            self.ask_in(&mut work, who, asking(by, what, posts, until), now)
                .await?;
            match self.write(Batch::of(work)).await? {
                Submitted::Moved { .. } => {}
                _ => return Ok(()),
            }
        }
    }

    async fn may_seat(&self, acting: &Acting, action: Action, item: Item) -> Result<(), AppError> {
        let who = self.who(acting).await?;
        let mut what = What::new(item, AFFAIRS, Tier::Shared);
        what.relations = Relations::NONE.with(Relation::Agency);
        self.permit(&who, action, &what, None).map(drop)
    }

    /// Whether somebody may change the posts of another.
    async fn may_seat_other(&self, acting: &Acting, who: PractitionerId) -> Result<(), AppError> {
        self.may_seat(acting, Action::Configure, Item::Agency).await?;
        if who == acting.practitioner {
            return Err(Refusal::NeedsAnother.into());
        }
        self.practitioner(who).await.map(drop)
    }

    /// Whether one person may hold these posts together: each is in the agency's file, and an operator's stands alone.
    pub(crate) fn check_posts(&self, posts: &[PostId], until: Option<Instant>) -> Result<(), AppError> {
        let mut runs = false;
        for post in posts {
            let seat = self
                .seat(post)
                .map_err(|_| AppError::invalid("post", "error-post-unknown"))?;
            runs |= seat.role == Role::Operator.code();
        }
        if runs && posts.len() > 1 {
            return Err(AppError::invalid("post", "error-post-apart"));
        }
        if until.is_some_and(|until| until <= self.clock.now()) {
            return Err(AppError::invalid("until", "error-until-passed"));
        }
        Ok(())
    }

    async fn seat_change(&self, who: PractitionerId, draft: impl Fn() -> Draft) -> Result<(), AppError> {
        loop {
            let mut work = Work::on(self.load(StreamId(who.0)).await?);
            work.push(self.clock.now(), draft())?;
            match self.write(Batch::of(work)).await? {
                Submitted::Moved { .. } => {}
                _ => return Ok(()),
            }
        }
    }
}

//! Restricting a concern to the designated officer and their deputy, and their looking at it afterwards.
//!
//! Whoever has it from now on has its clocks as they were: nothing restarts.

use domain::id::PostId;
use domain::policy::{Action, Item};
use domain::record::{Actor, Draft, Kind};
use domain::time::Instant;
use domain::view::Concern;

use super::act::act;
use super::report::Mention;
use super::{Acting, AppError, Node, Refusal};
use crate::Inner;
use crate::assemble::Work;

/// The tier of what is restricted to one post and its deputy.
const SEALED: u8 = 3;
/// The tier it has when it is not.
const AGENCY: u8 = 1;
/// The clock by which the designated officer looks at a restriction that applied by itself.
const REVIEW: &str = "review-restriction";

/// What the designated officer finds when they look at a restriction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Review {
    /// It stays.
    Keep,
    /// It ends; whoever was matched is who was meant, and meets nothing of it still.
    End,
    /// It ends: it was somebody else of that name.
    Mistaken,
}

impl Node {
    /// Restricts a concern to the designated officer and their deputy, from this entry on.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when this person may not; [`Refusal::AlreadyDone`] when it is.
    pub async fn restrict(
        &self,
        acting: &Acting,
        reference: &str,
        reason: &str,
    ) -> Result<Concern, AppError> {
        let permit = (Action::Restrict, Item::Restriction);
        act!(self, acting, reference, permit, None, async |scene, work| {
            if scene.concern.tier >= SEALED {
                return Err(Refusal::AlreadyDone.into());
            }
            let draft = Draft::new(Kind::TierSet, acting.actor())
                .code("reason", "by-a-reader")
                .with("reason", reason.trim());
            self.inner
                .seal_to_officer(work, scene.concern, draft, acting.actor(), scene.now)?;
            Ok(())
        })
        .await
    }

    /// Keeps a restriction or ends it: the designated officer's answer to the duty to look at it.
    ///
    /// # Errors
    /// [`AppError::Invalid`] without a reason; [`AppError::NotFound`] when this person is not its custodian;
    /// [`Refusal::AlreadyDone`] when it is not restricted any more.
    pub async fn review_restriction(
        &self,
        acting: &Acting,
        reference: &str,
        review: Review,
        reason: &str,
    ) -> Result<Concern, AppError> {
        if reason.trim().is_empty() {
            return Err(AppError::invalid("reason", "error-reason-missing"));
        }
        let permit = (Action::ReviewRestriction, Item::Restriction);
        act!(self, acting, reference, permit, None, async |scene, work| {
            if scene.concern.tier < SEALED {
                return Err(Refusal::AlreadyDone.into());
            }
            let draft = Draft::new(Kind::RestrictionReviewed, acting.actor())
                .code("kept", review == Review::Keep)
                .code("mistaken", review == Review::Mistaken)
                .code(
                    "tier",
                    i64::from(if review == Review::Keep { SEALED } else { AGENCY }),
                )
                .with("reason", reason.trim());
            work.push(scene.now, draft)?;
            self.inner.end_duties(scene, work, acting, REVIEW, None)?;
            if review != Review::Keep {
                work.tier = Some(AGENCY);
                let hub = self.inner.post_with_role("hub-decision-maker")?;
                self.inner
                    .pass_to(work, scene.concern, &hub, None, acting.actor(), scene.now)?;
            }
            Ok(())
        })
        .await
    }
}

impl Inner {
    /// Restricts a concern when one of the people just named works here: in the same write.
    pub(crate) async fn restrict_if_colleague(
        &self,
        concern: &Concern,
        work: &mut Work,
        mentions: &[Mention],
        now: Instant,
    ) -> Result<(), AppError> {
        let mut named = self.colleagues_named(mentions).await?;
        named.retain(|who| !concern.bars(*who));
        if named.is_empty() {
            return Ok(());
        }
        for who in named {
            let draft = Draft::new(Kind::Excluded, Actor::Node)
                .code("who", who.to_string())
                .code("reason", "named")
                .code("barred", true);
            work.push(now, draft)?;
        }
        if concern.tier >= SEALED {
            return Ok(());
        }
        let draft = Draft::new(Kind::TierSet, Actor::Node).code("reason", "matches-directory");
        let post = self.seal_to_officer(work, concern, draft, Actor::Node, now)?;
        self.make_duty(work, REVIEW, &post, None, "restriction", now, now)?;
        Ok(())
    }

    /// Sets the tier and passes the concern to the designated officer, with its clocks. Gives their post.
    fn seal_to_officer(
        &self,
        work: &mut Work,
        concern: &Concern,
        draft: Draft,
        actor: Actor,
        now: Instant,
    ) -> Result<PostId, AppError> {
        let post = self.post_with_role("designated-officer")?;
        work.tier = Some(SEALED);
        work.push(now, draft.code("tier", i64::from(SEALED)).post(post.clone()))?;
        self.pass_to(work, concern, &post, Some("restricted"), actor, now)?;
        Ok(post)
    }

    /// Passes a concern to a post, and with it every open duty of the post that had it: each has one owner at every
    /// instant, is due when it was, and climbs the ladder named from now on, or its own rule's.
    fn pass_to(
        &self,
        work: &mut Work,
        concern: &Concern,
        post: &PostId,
        ladder: Option<&str>,
        actor: Actor,
        now: Instant,
    ) -> Result<(), AppError> {
        let owned = Draft::new(Kind::Owned, actor.clone()).code("team", self.team_of(post));
        work.push(now, owned.post(post.clone()))?;
        let Some(had) = concern.owner.as_ref().map(|owner| &owner.post) else {
            return Ok(());
        };
        for duty in concern
            .open_duties()
            .filter(|duty| duty.owner == *had && duty.clock != REVIEW)
        {
            let own = self.rule(&duty.clock, duty.told)?.clock.ladder.as_str();
            let kind = ladder.unwrap_or(own);
            let ladder = self
                .agency
                .ladder_for(kind, post)
                .map_or(kind, |ladder| ladder.id.as_str());
            let owned = Draft::new(Kind::Owned, actor.clone())
                .duty(duty.id)
                .code("ladder", ladder)
                .post(post.clone());
            work.push(now, owned)?;
            self.queue_notices(work, Some(duty.id), post, 0, None, now)?;
        }
        Ok(())
    }
}

//! Waiting for somebody else: a state beside a clock that runs on. A post that is asked gets a clock of its own.

use domain::id::{DutyId, PostId};
use domain::policy::{Action, Item};
use domain::record::{Actor, Draft, Kind};
use domain::time::Instant;
use domain::view::{ASKED, Concern, Duty};

use super::act::act;
use super::{Acting, AppError, Node, Refusal};
use crate::Inner;
use crate::assemble::Work;

/// The clock of somebody who was asked.
pub(super) const ANSWER: &str = "answer-request";
/// For whom a duty waits when no post here can be asked.
const OUTSIDE: &str = "outside";

/// For whom a duty waits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WaitFor {
    /// A post of this node, hosted for a partner or not: it is asked, and its own clock starts.
    Post(PostId),
    /// Somebody this node cannot ask: whom, in words.
    Outside(String),
}

impl Node {
    /// Says that a duty waits for somebody else. Its clock runs on.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when nobody is named, a post asks itself, or there are no words for what is asked of a post;
    /// [`Refusal::AlreadyDone`] when the duty has ended or waits already.
    pub async fn wait_for(
        &self,
        acting: &Acting,
        reference: &str,
        duty: DutyId,
        whom: &WaitFor,
        words: &str,
    ) -> Result<Concern, AppError> {
        match whom {
            WaitFor::Outside(name) if name.trim().is_empty() => {
                return Err(AppError::invalid("whom", "error-wait-whom"));
            }
            WaitFor::Post(post) if *post == acting.post || self.inner.seat(post).is_err() => {
                return Err(AppError::invalid("whom", "error-wait-whom"));
            }
            WaitFor::Post(_) if words.trim().is_empty() => {
                return Err(AppError::invalid("words", "error-words-empty"));
            }
            _ => {}
        }
        let permit = (Action::Answer, Item::Duty);
        act!(self, acting, reference, permit, None, async |scene, work| {
            let found = scene.concern.duty(duty).ok_or(AppError::NotFound)?;
            if !found.is_open() || found.waiting.is_some() {
                return Err(Refusal::AlreadyDone.into());
            }
            self.inner
                .permit_on_duty(scene.who, Action::Answer, scene.concern, found)?;
            self.inner
                .write_waiting(work, found, whom, words, acting.actor(), scene.now)
        })
        .await
    }

    /// Says that the waiting is over: whom it was for has answered, or nobody waits any more.
    ///
    /// # Errors
    /// [`Refusal::AlreadyDone`] when it does not wait.
    pub async fn wait_over(
        &self,
        acting: &Acting,
        reference: &str,
        duty: DutyId,
        words: &str,
    ) -> Result<Concern, AppError> {
        let permit = (Action::Answer, Item::Duty);
        act!(self, acting, reference, permit, None, async |scene, work| {
            let found = scene.concern.duty(duty).ok_or(AppError::NotFound)?;
            if found.waiting.is_none() {
                return Err(Refusal::AlreadyDone.into());
            }
            self.inner
                .permit_on_duty(scene.who, Action::Answer, scene.concern, found)?;
            work.push(scene.now, over(found, acting.actor()).with("words", words.trim()))?;
            Ok(())
        })
        .await
    }
}

fn over(duty: &Duty, actor: Actor) -> Draft {
    let whom = duty
        .waiting
        .as_ref()
        .map_or(OUTSIDE, |waiting| waiting.whom.as_str());
    let mut draft = Draft::new(Kind::Waiting, actor)
        .duty(duty.id)
        .code("for", whom)
        .code("over", true);
    draft.subject = duty.subject;
    draft
}

impl Inner {
    fn write_waiting(
        &self,
        work: &mut Work,
        duty: &Duty,
        whom: &WaitFor,
        words: &str,
        actor: Actor,
        now: Instant,
    ) -> Result<(), AppError> {
        let mut draft = Draft::new(Kind::Waiting, actor).duty(duty.id);
        draft.subject = duty.subject;
        let draft = match whom {
            WaitFor::Post(post) => {
                let asked = self.make_duty(work, ANSWER, post, duty.subject, ASKED, now, now)?;
                draft
                    .code("for", post.as_str())
                    .code("asked", asked.to_string())
                    .post(post.clone())
            }
            WaitFor::Outside(name) => draft.code("for", OUTSIDE).with("whom", name.trim()),
        };
        work.push(now, draft.with("words", words.trim()))?;
        Ok(())
    }

    /// Says of a duty just made that it waits for a body this node cannot ask: it is theirs to accept.
    pub(crate) fn waits_outside(&self, work: &mut Work, duty: DutyId, now: Instant) -> Result<(), AppError> {
        let draft = Draft::new(Kind::Waiting, Actor::Node)
            .duty(duty)
            .code("for", OUTSIDE);
        work.push(now, draft)?;
        Ok(())
    }

    /// When whoever was asked has answered, what waited for them waits no longer.
    pub(crate) fn waiting_answered(
        &self,
        concern: &Concern,
        work: &mut Work,
        answered: DutyId,
        actor: &Actor,
        now: Instant,
    ) -> Result<(), AppError> {
        let asked = |duty: &&Duty| duty.waiting.as_ref().is_some_and(|w| w.asked == Some(answered));
        for duty in concern.open_duties().filter(asked) {
            work.push(now, over(duty, actor.clone()))?;
        }
        Ok(())
    }
}

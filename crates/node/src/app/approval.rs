//! Who may ask for an erasure or agree to one: nobody in the line, and nobody while a hold stands. Telling the post that can
//! agree that one waits, and taking its agreement as the answer.

use domain::policy::Role;
use domain::record::{Draft, Kind};
use domain::time::Instant;
use domain::view::Hold;

use super::act::Scene;
use super::{Acting, AppError, Refusal};
use crate::Inner;
use crate::assemble::Work;

/// The clock of a notice.
pub(crate) const NOTICE: &str = "read-notice";

impl Inner {
    /// What stands against somebody asking or agreeing: the line first, then a hold. In the line is whoever decided, is
    /// excluded, or held a post while it had a duty here: moving to another post takes nobody out. Law: OWN-R8-erasure.
    pub(crate) async fn stands_against(
        &self,
        scene: &Scene<'_>,
        acting: &Acting,
    ) -> Result<Option<Refusal>, AppError> {
        let (concern, chairs) = (scene.concern, self.chairs().await?);
        let had = |(post, from, to): (&domain::id::PostId, Instant, Option<Instant>)| {
            *post == acting.post
                || chairs.held_between(acting.practitioner, post, from, to.unwrap_or(scene.now))
        };
        if concern.line().any(|who| who == acting.practitioner)
            || concern.excludes(acting.practitioner)
            || concern.duty_spans().any(had)
        {
            return Ok(Some(Refusal::InTheLine));
        }
        let hold = concern.holds.iter().find(|hold| hold.stands());
        Ok(hold.map(|hold: &Hold| Refusal::Held(hold.authority.clone())))
    }

    /// Tells the post whose holder can agree that an erasure waits for a second person. A notice and not another duty: who
    /// has a duty on a concern stands in its line, and could not agree.
    pub(crate) fn tell_second(&self, work: &mut Work, acting: &Acting, now: Instant) -> Result<(), AppError> {
        let second = [Role::DataProtectionOfficer, Role::RecordsOfficer].into_iter();
        let second = second
            .filter_map(|role| self.post_in_role(role))
            .find(|post| *post != acting.post);
        if let Some(second) = second {
            self.make_duty(work, NOTICE, &second, None, "notice", now, now)?;
        }
        Ok(())
    }

    /// Agreeing shows that they acted on the notices they had.
    pub(crate) fn has_read(
        &self,
        scene: &Scene<'_>,
        work: &mut Work,
        acting: &Acting,
    ) -> Result<(), AppError> {
        let open = scene
            .concern
            .open_duties()
            .filter(|d| d.clock == NOTICE && d.owner == acting.post);
        for duty in open {
            let draft = Draft::new(Kind::Answered, acting.actor())
                .duty(duty.id)
                .code("how", "acting");
            work.push(scene.now, draft)?;
        }
        Ok(())
    }
}

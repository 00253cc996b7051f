//! Telling the post that can agree to an erasure that one waits, and taking its agreement as the answer.

use domain::policy::Role;
use domain::record::{Draft, Kind};
use domain::time::Instant;

use super::act::Scene;
use super::{Acting, AppError};
use crate::Inner;
use crate::assemble::Work;

/// The clock of a notice.
pub(crate) const NOTICE: &str = "read-notice";

impl Inner {
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

//! Told again, opened again, called something else: none of these restarts a clock, and how often it happened stays in
//! view.

use domain::id::{PractitionerId, StreamId, SubjectId};
use domain::policy::{Action, Item};
use domain::record::{Draft, Kind};
use domain::reference::Reference;
use domain::time::Instant;
use domain::view::Concern;

use super::act::{act, fold};
use super::{Acting, AppError, Node, Refusal};
use crate::Inner;

/// What a concern may be called. The word changes nothing: its clocks run from when we were told.
pub const LABELS: [&str; 5] = ["contact", "enquiry", "notification", "referral", "information"];

/// An earlier telling that a report says it belongs to.
pub(crate) struct Earlier {
    pub(crate) stream: StreamId,
    /// When this agency was first told of it, through however many tellings.
    pub(crate) told: Instant,
    /// Restricted: what joins it is restricted with it, in the same write.
    pub(crate) restricted: bool,
    /// Who must meet nothing of it.
    pub(crate) barred: Vec<PractitionerId>,
}

impl Node {
    /// Opens a concern again, as a whole or for one subject. The clock that was met runs again from when we were first
    /// told: what is late now is late.
    ///
    /// # Errors
    /// [`AppError::Invalid`] without a reason; [`Refusal::AlreadyDone`] when it is not closed; [`AppError::NotFound`]
    /// when there is none, or none for this person.
    pub async fn reopen(
        &self,
        acting: &Acting,
        reference: &str,
        subject: Option<SubjectId>,
        reason: &str,
    ) -> Result<Concern, AppError> {
        if reason.trim().is_empty() {
            return Err(AppError::invalid("reason", "error-reason-missing"));
        }
        let permit = (Action::ReOpen, Item::Concern);
        act!(self, acting, reference, permit, None, async |scene, work| {
            let closed = match subject {
                None => scene.concern.closed,
                Some(id) => scene.concern.subject(id).ok_or(AppError::NotFound)?.closed,
            };
            if closed.is_none() {
                return Err(Refusal::AlreadyDone.into());
            }
            let mut draft = Draft::new(Kind::ReOpened, acting.actor()).with("reason", reason.trim());
            draft.subject = subject;
            work.push(scene.now, draft)?;
            let owner = scene.concern.owner.as_ref().ok_or(AppError::NotFound)?;
            if !scene.concern.open_duties().any(|d| d.clock == "C01") {
                let told = scene.concern.told;
                self.inner
                    .make_duty(work, "C01", &owner.post, subject, "receipt", told, scene.now)?;
            }
            Ok(())
        })
        .await
    }

    /// Calls a concern something else, as one of [`LABELS`]. Who did so, and how often, stays in view; nothing restarts.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an unknown label or without a reason; [`AppError::NotFound`] when this person may not.
    pub async fn relabel(
        &self,
        acting: &Acting,
        reference: &str,
        label: &str,
        reason: &str,
    ) -> Result<Concern, AppError> {
        if !LABELS.contains(&label) {
            return Err(AppError::invalid("label", "error-label-unknown"));
        }
        if reason.trim().is_empty() {
            return Err(AppError::invalid("reason", "error-reason-missing"));
        }
        let permit = (Action::Add, Item::Words);
        act!(self, acting, reference, permit, None, async |scene, work| {
            let draft = Draft::new(Kind::ReLabelled, acting.actor())
                .code("label", label)
                .with("reason", reason.trim());
            work.push(scene.now, draft)?;
            Ok(())
        })
        .await
    }
}

impl Inner {
    /// The earlier telling with a reference that somebody gave. Whoever gave it learns nothing from whether there is
    /// one: what they are shown is the same.
    pub(crate) async fn earlier(&self, reference: Option<&str>) -> Result<Option<Earlier>, AppError> {
        let Some(reference) = reference.and_then(|text| text.trim().parse::<Reference>().ok()) else {
            return Ok(None);
        };
        let Some(stream) = self.store.concern_by_reference(reference.as_str()).await? else {
            return Ok(None);
        };
        let concern = fold(&self.load(stream).await?)?;
        let barred = concern.exclusions.iter().filter(|e| e.barred);
        Ok(Some(Earlier {
            stream,
            told: concern.told,
            restricted: concern.tier >= 2,
            barred: barred.map(|e| e.practitioner).collect(),
        }))
    }
}

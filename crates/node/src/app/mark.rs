//! Marking what kind of concern it is, by the rule pack's categories. A person marks; the machine never does.

use domain::policy::{Action, Item};
use domain::record::{Draft, Kind, Value};
use domain::view::Concern;

use super::act::{Scene, act};
use super::{Acting, AppError, Node};
use crate::Inner;
use crate::assemble::Work;

impl Node {
    /// Marks what kind of concern it is.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a category that the rule pack does not know; [`AppError::NotFound`] when this person may
    /// not decide; [`super::Refusal::AlreadyDone`] when all of them are marked already.
    pub async fn mark(
        &self,
        acting: &Acting,
        reference: &str,
        marks: &[String],
    ) -> Result<Concern, AppError> {
        let permit = (Action::Decide, Item::Decision);
        act!(self, acting, reference, permit, None, async |scene, work| {
            self.inner.write_marks(scene, work, acting, marks)
        })
        .await
    }
}

impl Inner {
    /// Writes the marks that are not there yet, and the holds that come with marked sexual harm. Law:
    /// OWN-R12-second-reader.
    pub(crate) fn write_marks(
        &self,
        scene: &Scene<'_>,
        work: &mut Work,
        acting: &Acting,
        marks: &[String],
    ) -> Result<(), AppError> {
        let known = |mark: &String| self.pack.categories.iter().any(|c| c.id == *mark);
        if !marks.iter().all(known) {
            return Err(AppError::invalid("marks", "error-mark-unknown"));
        }
        let new = |mark: &&String| !scene.concern.categories.contains(mark);
        let mut fresh: Vec<String> = marks.iter().filter(new).cloned().collect();
        fresh.sort();
        fresh.dedup();
        if fresh.is_empty() {
            return Ok(());
        }
        let harm = self.pack.is_sexual_harm(&fresh);
        let draft = Draft::new(Kind::Marked, acting.actor())
            .code("categories", fresh.clone())
            .code("sexual-harm", harm);
        work.push(scene.now, draft)?;
        for hold in self.pack.holds_for(&fresh) {
            let stands = scene.concern.holds.iter().any(|h| h.authority == hold.authority);
            if !stands {
                self.write_hold(work, hold, scene.now)?;
            }
        }
        Ok(())
    }
}

/// Whether sexual harm is marked by what is about to be written.
pub(crate) fn marks_sexual_harm(work: &Work) -> bool {
    let harm = |(name, value): &(String, Value)| name == "sexual-harm" && *value == Value::Bool(true);
    let mut drafts = work.drafts.iter();
    drafts.any(|(_, draft)| draft.kind == Kind::Marked && draft.codes.iter().any(harm))
}

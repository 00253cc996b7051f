//! The frame of every act on a concern: read it, ask the policy, draft, write; and if it has moved, start again or say so.

use domain::policy::{Action, Item, Who};
use domain::time::Instant;
use domain::view::Concern;

use super::{Acting, AppError, Node, Refusal};
use crate::assemble::Work;
use crate::store::Submitted;
use crate::write::Batch;

/// A concern about to be acted on.
pub(crate) struct Scene<'a> {
    pub(crate) concern: &'a Concern,
    pub(crate) who: &'a Who,
    pub(crate) now: Instant,
}

impl Node {
    /// Does one act: `draft` adds records to the work. With `seen`, a person decided on what they saw: when anything
    /// they should have seen has been added since, nothing is written and they are told.
    pub(crate) async fn act(
        &self,
        acting: &Acting,
        reference: &str,
        permit: (Action, Item),
        seen: Option<u32>,
        draft: impl AsyncFn(&Scene<'_>, &mut Work) -> Result<(), AppError>,
    ) -> Result<Concern, AppError> {
        let node = &self.inner;
        let who = node.who(acting).await?;
        loop {
            let (stream, concern, facts) = node.concern_by_reference(&who, reference).await?;
            let _permit = node.permit(&who, permit.0, &facts.what(&who, permit.1), None)?;
            if seen.is_some_and(|seen| concern.last_material > seen) {
                return Err(AppError::Moved {
                    length: concern.length,
                });
            }
            let mut work = Work::on(stream);
            let scene = Scene {
                concern: &concern,
                who: &who,
                now: node.clock.now(),
            };
            draft(&scene, &mut work).await?;
            if work.drafts.is_empty() {
                return Err(Refusal::AlreadyDone.into());
            }
            match node.write(Batch::of(work)).await? {
                Submitted::Moved { .. } => {}
                _ => return node.load(concern.stream).await.and_then(|s| fold(&s)),
            }
        }
    }
}

pub(crate) fn fold(stream: &crate::assemble::Stream) -> Result<Concern, AppError> {
    Concern::fold(&stream.spines).map_err(|e| AppError::damaged(stream.id, e))
}

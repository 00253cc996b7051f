//! The frame of every act on a concern: read it, ask the policy, draft, write; and if it has moved, start again or say so.

use domain::id::StreamId;
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

/// Does one act: the body adds records to the work. With `seen`, a person decided on what they saw: when anything they
/// should have seen has been added since, nothing is written and they are told. A future to be awaited, which gives the
/// concern as it is afterwards.
///
/// A macro and not a function that takes an async closure, because the compiler cannot yet see that the future of such
/// a closure may move between threads, which a server needs.
macro_rules! act {
    ($node:expr, $acting:expr, $reference:expr, $permit:expr, $seen:expr,
     async |$scene:ident, $work:ident| $body:block $(,)?) => {
        async {
            loop {
                let (mut begun, concern, who) = $node.begin_act($acting, $reference, $permit, $seen).await?;
                let set = $crate::app::act::Scene {
                    concern: &concern,
                    who: &who,
                    now: $node.now(),
                };
                let ($scene, $work) = (&set, &mut begun);
                let drafted: Result<(), AppError> = async { $body }.await;
                drafted?;
                if let Some(after) = $node.end_act(begun, concern.stream).await? {
                    return Ok::<Concern, AppError>(after);
                }
            }
        }
    };
}
pub(crate) use act;

impl Node {
    /// Reads a concern and asks the policy.
    pub(crate) async fn begin_act(
        &self,
        acting: &Acting,
        reference: &str,
        permit: (Action, Item),
        seen: Option<u32>,
    ) -> Result<(Work, Concern, Who), AppError> {
        let node = &self.inner;
        let who = node.who(acting).await?;
        let (stream, concern, facts) = node.concern_to_act_on(reference).await?;
        // Leave to act is leave to know: some hold or release what they have no other part in.
        let _permit = node.permit(&who, permit.0, &facts.what(&who, permit.1), None)?;
        if seen.is_some_and(|seen| concern.last_material > seen) {
            return Err(AppError::Moved {
                length: concern.length,
            });
        }
        Ok((Work::on(stream), concern, who))
    }

    /// Writes what was drafted; `None` when the concern has moved meanwhile and the act begins again.
    pub(crate) async fn end_act(&self, work: Work, stream: StreamId) -> Result<Option<Concern>, AppError> {
        if work.drafts.is_empty() {
            return Err(Refusal::AlreadyDone.into());
        }
        let batch = Batch {
            idempotency: self.once_row(&work),
            ..Batch::of(work)
        };
        match self.inner.write(batch).await? {
            Submitted::Moved { .. } => Ok(None),
            _ => self.inner.load(stream).await.and_then(|s| fold(&s)).map(Some),
        }
    }
}

pub(crate) fn fold(stream: &crate::assemble::Stream) -> Result<Concern, AppError> {
    Concern::fold(&stream.spines).map_err(|e| AppError::damaged(stream.id, e))
}

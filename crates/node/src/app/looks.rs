//! What was shown, written before it is; and who was shown a concern's words, which is what "who knew what, when" is
//! answered from.
//!
//! A page's record names the stream and up to which entry it was shown; a list's names the list and the handles on it.
//! A list shows initials and never claims that anybody read the words.

use std::collections::BTreeSet;

use domain::id::{PostId, StreamId};
use domain::policy::{Permit, Role, Scope};
use domain::record::{Draft, Kind, Spine};
use domain::time::Instant;
use domain::view::Concern;

use super::{Acting, AppError};
use crate::Inner;
use crate::assemble::{StreamKind, Work};
use crate::store::Submitted;
use crate::write::Batch;

/// Somebody in a post was shown a concern's words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Look {
    /// In which post.
    pub post: PostId,
    /// Entries 1 to this one.
    pub up_to: u32,
    /// When.
    pub at: Instant,
}

/// Posts that look over the work and are no part of it. That they looked is in their own record and is asked for there:
/// a log of looks is for lawfulness, not for watching one another.
const OVERSEERS: [Role; 5] = [
    Role::Inspector,
    Role::RecordsOfficer,
    Role::DataProtectionOfficer,
    Role::MonitoringOfficer,
    Role::Operator,
];

impl Inner {
    /// Writes that a stream was shown up to an entry; once for one piece of work and no more.
    pub(crate) async fn shown(&self, acting: &Acting, permit: &Permit, up_to: u32) -> Result<(), AppError> {
        let (of, item) = (permit.stream().to_string(), permit.item().code());
        self.write_shown(acting, |seen| {
            let already = seen.iter().any(|spine| {
                spine.kind == Kind::Shown
                    && spine.text("of") == Some(&of)
                    && spine.text("item") == Some(item)
                    && spine.int("up-to") >= Some(i64::from(up_to))
            });
            (!already).then(|| {
                Draft::new(Kind::Shown, acting.actor())
                    .code("of", of.as_str())
                    .code("item", item)
                    .code("action", permit.action().code())
                    .code("purpose", permit.purpose().code())
                    .maybe("reason", permit.purpose().reason())
                    .code("up-to", i64::from(up_to))
            })
        })
        .await
    }

    /// Writes that a list showed these streams by initials; those it has shown in this piece of work, no second time.
    pub(crate) async fn shown_in_list(
        &self,
        acting: &Acting,
        scope: &Scope,
        list: &str,
        streams: &BTreeSet<StreamId>,
    ) -> Result<(), AppError> {
        self.write_shown(acting, |seen| {
            let lists = seen
                .iter()
                .filter(|spine| spine.kind == Kind::Shown && spine.text("list") == Some(list));
            let before: BTreeSet<&str> = lists
                .flat_map(|spine| spine.list("handles"))
                .map(String::as_str)
                .collect();
            let new: Vec<String> = streams
                .iter()
                .map(ToString::to_string)
                .filter(|handle| !before.contains(handle.as_str()))
                .collect();
            (!new.is_empty()).then(|| {
                Draft::new(Kind::Shown, acting.actor())
                    .code("list", list)
                    .code("handles", new)
                    .code("action", scope.action().code())
                    .code("purpose", scope.purpose().code())
            })
        })
        .await
    }

    /// Adds to the piece of work what `draft` makes of what was shown in it before, if anything.
    async fn write_shown(
        &self,
        acting: &Acting,
        draft: impl Fn(&[Spine]) -> Option<Draft>,
    ) -> Result<(), AppError> {
        loop {
            let stream = match self.load(acting.work).await {
                Ok(stream) => stream,
                Err(AppError::NotFound) => self.begin_as(acting.work, StreamKind::Work, 1)?,
                Err(error) => return Err(error),
            };
            let Some(draft) = draft(&stream.spines) else {
                return Ok(());
            };
            let mut work = Work::on(stream);
            work.push(self.clock.now(), draft)?;
            match self.write(Batch::of(work)).await? {
                Submitted::Moved { .. } => {}
                _ => return Ok(()),
            }
        }
    }

    /// Who was shown this concern's words until `until`, overseers apart. For a reader the ladder goes round, whose view
    /// of it is `concern`, no post that is there only because it went `round` them.
    pub(crate) async fn looks(
        &self,
        concern: &Concern,
        round: bool,
        until: Instant,
    ) -> Result<Vec<Look>, AppError> {
        let part = parts(concern);
        let found = self.store.looks_at(concern.stream).await?;
        let is_shown = |post: &PostId| {
            let roles = self.roles_of(post);
            !roles.iter().any(|role| OVERSEERS.contains(role)) && (!round || part.contains(post))
        };
        Ok(found
            .into_iter()
            .filter(|look| look.at <= until && is_shown(&look.post))
            .map(|look| Look {
                post: look.post,
                up_to: look.up_to,
                at: look.at,
            })
            .collect())
    }
}

/// Posts that a concern, as this reader sees it, names by itself.
fn parts(concern: &Concern) -> BTreeSet<PostId> {
    let owner = concern.owner.iter().map(|owner| &owner.post);
    let duties = concern.duties.iter().map(|duty| &duty.owner);
    let deciders = concern.decisions.iter().filter_map(|decision| decision.by.post());
    let notices = concern.notices.iter().map(|notice| &notice.post);
    owner
        .chain(duties)
        .chain(deciders)
        .chain(notices)
        .cloned()
        .collect()
}

//! The concerns somebody may know of: mine, my team's, those that climbed to me or that I keep. No counts of what is not
//! theirs, and no place in the list that another concern could be missed from.

use std::collections::BTreeSet;

use domain::id::{PostId, StreamId};
use domain::policy::{Action, Item, Purpose};
use domain::time::Instant;
use domain::view::{Concern, SubjectKind};

use super::gate::Listed;
use super::{Acting, AppError, Node};

/// The most lines a page of the list has.
pub const PAGE: usize = 25;

/// One line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConcernLine {
    /// The reference.
    pub reference: String,
    /// Initials and ages of the children; empty when nobody is named.
    pub label: String,
    /// Whether names are held back from this person.
    pub withheld: bool,
    /// When we were told.
    pub told: Instant,
    /// The post that has it.
    pub owner: Option<PostId>,
    /// Duties open on it, and how many of them are late.
    pub open: (u32, u32),
    /// Closed as a whole.
    pub closed: bool,
    /// Urgent by somebody's word.
    pub urgent: bool,
    /// Restricted.
    pub restricted: bool,
}

/// Where a page of the list ends: the next begins after it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// When the last entry of the last concern shown was written.
    pub recorded: Instant,
    /// Its stream.
    pub stream: StreamId,
}

/// A page of the list, the newest entry first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConcernList {
    /// The lines.
    pub lines: Vec<ConcernLine>,
    /// Where the next page begins, when there is one.
    pub next: Option<Place>,
    /// As at.
    pub now: Instant,
}

impl Node {
    /// The concerns this person may know of, those with the newest entry first, after `after`.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when this person does not hold the post they act in.
    pub async fn my_concerns(&self, acting: &Acting, after: Option<Place>) -> Result<ConcernList, AppError> {
        let node = &self.inner;
        let who = node.who(acting).await?;
        let now = node.clock.now();
        let Some(scope) = node.scope(&who, Action::Know, Item::Concern, Purpose::TeamQueue) else {
            return Ok(ConcernList {
                lines: Vec::new(),
                next: None,
                now,
            });
        };
        let told = scope.grant().map(|grant| (grant.told_from, grant.told_to));
        let after = after.map(|place| (place.recorded, place.stream));
        let most = u32::try_from(PAGE).unwrap_or(u32::MAX).saturating_add(1);
        let mut rows = node
            .store
            .concerns_in_scope(scope.principals(), told, after, most)
            .await?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let next = rows.last().filter(|_| more).map(|row| Place {
            recorded: row.1,
            stream: row.0,
        });
        let mut lines = Vec::with_capacity(rows.len());
        let mut shown = BTreeSet::new();
        for (stream, _) in rows {
            if let Some(listed) = node.open_for_list(&who, stream).await? {
                lines.push(concern_line(&listed, now));
                shown.insert(stream);
            }
        }
        node.shown_in_list(acting, &scope, "concerns", &shown).await?;
        Ok(ConcernList { lines, next, now })
    }
}

fn concern_line(listed: &Listed, now: Instant) -> ConcernLine {
    let concern: &Concern = &listed.concern;
    let count = |late: bool| {
        let duties = concern
            .open_duties()
            .filter(|duty| !late || duty.lapsed.is_some());
        u32::try_from(duties.count()).unwrap_or(u32::MAX)
    };
    let children = concern
        .subjects
        .iter()
        .filter(|subject| subject.kind == SubjectKind::Child && subject.not_about.is_none());
    let labels = children.filter_map(|subject| {
        let place = listed
            .stream
            .spines
            .iter()
            .find(|spine| spine.id == subject.named_by)?;
        let contents = listed.contents.as_ref()?;
        let text = super::concern::label(subject.kind, contents.get(&place.sequence), now);
        (!text.is_empty()).then_some(text)
    });
    ConcernLine {
        reference: concern.reference.clone(),
        label: labels.collect::<Vec<_>>().join("; "),
        withheld: listed.contents.is_none(),
        told: concern.told,
        owner: concern.owner.as_ref().map(|owner| owner.post.clone()),
        open: (count(false), count(true)),
        closed: concern.closed.is_some(),
        urgent: concern.safe != "yes",
        restricted: concern.tier >= 2,
    }
}

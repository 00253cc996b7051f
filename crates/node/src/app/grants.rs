//! An inspector's access: a record that names the power relied on, the inspection, its scope and its end; let in by two
//! posts, ended by itself.

use domain::id::{AgencyId, PractitionerId, RecordId, StreamId};
use domain::policy::{Action, Grant as Narrowed, Item, Relation, Relations, Role, Tier, What};
use domain::record::{Draft, Kind};
use domain::time::Instant;
use domain::view::{Grant, Practitioner};

use super::start::AFFAIRS;
use super::{Acting, AppError, Node, Refusal};
use crate::Inner;
use crate::assemble::{StreamKind, Work};
use crate::store::Submitted;
use crate::write::Batch;

/// The longest that one grant lasts, in days.
const LONGEST: i64 = 366;

/// What an inspection is let in for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewGrant {
    /// The inspector, who holds an inspector's post here.
    pub inspector: PractitionerId,
    /// The body and the inspection, in words.
    pub inspection: String,
    /// The power relied on, as an anchor in the law list.
    pub power: String,
    /// Whether that power reaches sealed items.
    pub warrant: bool,
    /// In force from …
    pub from: Instant,
    /// … up to, not including.
    pub to: Instant,
    /// Concerns told from …
    pub told_from: Instant,
    /// … up to, not including.
    pub told_to: Instant,
}

/// A grant as those who let it in, and the inspector, see it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GrantView {
    /// The inspector's name.
    pub inspector: String,
    /// Who they are.
    pub who: PractitionerId,
    /// The body and the inspection.
    pub inspection: String,
    /// Times, power, who let it in.
    pub grant: Grant,
    /// In force now.
    pub in_force: bool,
}

impl Node {
    /// Asks that an inspection be let in. A second post must agree before anything is seen.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when this person may not, or the inspector holds no inspector's post;
    /// [`AppError::Invalid`] for times that end before they begin or last over a year, or words that are missing.
    pub async fn ask_grant(&self, acting: &Acting, new: &NewGrant) -> Result<RecordId, AppError> {
        self.inner.may_grant(acting).await?;
        check(new)?;
        let posts = self.posts_of(new.inspector).await?;
        let inspects = |post: &domain::id::PostId| self.inner.roles_of(post).contains(&Role::Inspector);
        if !posts.iter().any(inspects) {
            return Err(AppError::NotFound);
        }
        let draft = Draft::new(Kind::GrantAsked, acting.actor())
            .code("from", new.from)
            .code("to", new.to)
            .code("told-from", new.told_from)
            .code("told-to", new.told_to)
            .code("power", new.power.trim())
            .code("warrant", new.warrant)
            .with("inspection", new.inspection.trim());
        self.on_inspector(new.inspector, |_| Ok(draft.clone())).await
    }

    /// Agrees to a grant: another person, in another post.
    ///
    /// # Errors
    /// [`Refusal::NeedsAnother`] for the person or the post that asked; [`Refusal::AlreadyDone`] when it is agreed or
    /// ended; [`AppError::NotFound`] when there is none.
    pub async fn agree_grant(
        &self,
        acting: &Acting,
        inspector: PractitionerId,
        asked: RecordId,
    ) -> Result<(), AppError> {
        self.inner.may_grant(acting).await?;
        self.on_inspector(inspector, |folded| {
            let grant = find(folded, asked)?;
            if grant.agreed.is_some() || grant.ended.is_some() {
                return Err(Refusal::AlreadyDone.into());
            }
            let same_person = grant.by.practitioner() == Some(acting.practitioner);
            if same_person || grant.by.post() == Some(&acting.post) {
                return Err(Refusal::NeedsAnother.into());
            }
            Ok(Draft::new(Kind::GrantAgreed, acting.actor()).code("grant", asked.to_string()))
        })
        .await
        .map(drop)
    }

    /// Ends a grant before its time. One post may.
    ///
    /// # Errors
    /// As [`Node::agree_grant`].
    pub async fn end_grant(
        &self,
        acting: &Acting,
        inspector: PractitionerId,
        asked: RecordId,
    ) -> Result<(), AppError> {
        self.inner.may_grant(acting).await?;
        self.on_inspector(inspector, |folded| {
            if find(folded, asked)?.ended.is_some() {
                return Err(Refusal::AlreadyDone.into());
            }
            Ok(Draft::new(Kind::GrantEnded, acting.actor()).code("grant", asked.to_string()))
        })
        .await
        .map(drop)
    }

    /// Every grant, for those who let inspections in.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for anybody else.
    pub async fn grants(&self, acting: &Acting) -> Result<Vec<GrantView>, AppError> {
        self.inner.may_grant(acting).await?;
        let mut out = Vec::new();
        for practitioner in self.inner.practitioners().await? {
            for grant in practitioner.grants {
                out.push(self.inner.grant_view(practitioner.id, grant).await?);
            }
        }
        Ok(out)
    }

    /// The grant under which an inspector looks now, for the head of every page they see; none for anybody else.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn my_grant(&self, acting: &Acting) -> Result<Option<GrantView>, AppError> {
        let node = &self.inner;
        if !node.roles_of(&acting.post).contains(&Role::Inspector) {
            return Ok(None);
        }
        let stream = node.load(StreamId(acting.practitioner.0)).await?;
        let folded = Practitioner::fold(acting.practitioner, &stream.spines);
        let now = node.clock.now();
        match folded.grants.into_iter().rfind(|grant| grant.in_force(now)) {
            Some(grant) => Ok(Some(node.grant_view(acting.practitioner, grant).await?)),
            None => Ok(None),
        }
    }
}

fn find(folded: &Practitioner, asked: RecordId) -> Result<&Grant, AppError> {
    let found = folded.grants.iter().find(|grant| grant.asked == asked);
    found.ok_or(AppError::NotFound)
}

fn check(new: &NewGrant) -> Result<(), AppError> {
    if new.inspection.trim().is_empty() {
        return Err(AppError::invalid("inspection", "error-grant-inspection"));
    }
    if new.power.trim().is_empty() {
        return Err(AppError::invalid("power", "error-grant-power"));
    }
    let longest = new.from.plus_minutes(LONGEST * 24 * 60);
    if new.to <= new.from || new.to > longest {
        return Err(AppError::invalid("to", "error-grant-times"));
    }
    if new.told_to <= new.told_from {
        return Err(AppError::invalid("told-to", "error-grant-scope"));
    }
    Ok(())
}

/// What the policy is told of an inspector's grant, when one is in force: agency, times and scope.
pub(crate) fn in_force(practitioner: &Practitioner, agency: &AgencyId, now: Instant) -> Option<Narrowed> {
    let grant = practitioner.grants.iter().rfind(|grant| grant.in_force(now))?;
    Some(Narrowed {
        from: grant.from,
        to: grant.ended.unwrap_or(grant.to).min(grant.to),
        agency: agency.clone(),
        told_from: grant.told_from,
        told_to: grant.told_to,
        warrant: grant.warrant,
        sample: std::collections::BTreeSet::new(),
    })
}

impl Inner {
    /// Whether this person answers for the agency, so that they may let an inspection in.
    async fn may_grant(&self, acting: &Acting) -> Result<(), AppError> {
        let who = self.who(acting).await?;
        let mut what = What::new(Item::Agency, AFFAIRS, Tier::Shared);
        what.relations = Relations::NONE.with(Relation::Agency);
        self.permit(&who, Action::GrantInspection, &what, None).map(drop)
    }

    async fn grant_view(&self, who: PractitionerId, grant: Grant) -> Result<GrantView, AppError> {
        let stream = self.load(StreamId(who.0)).await?;
        let place = stream.spines.iter().find(|spine| spine.id == grant.asked);
        let opened = self.open_stream(&stream).await?;
        let content = place.and_then(|spine| opened.get(&spine.sequence));
        Ok(GrantView {
            inspector: self.name_of(who).await?,
            who,
            inspection: content.map(|c| c.text("inspection")).unwrap_or_default(),
            in_force: grant.in_force(self.clock.now()),
            grant,
        })
    }
}

impl Node {
    /// Writes one record to an inspector's stream, drafted from what is there.
    async fn on_inspector(
        &self,
        inspector: PractitionerId,
        draft: impl Fn(&Practitioner) -> Result<Draft, AppError>,
    ) -> Result<RecordId, AppError> {
        loop {
            let stream = self.inner.load(StreamId(inspector.0)).await?;
            if stream.kind != StreamKind::Practitioner {
                return Err(AppError::NotFound);
            }
            let drafted = draft(&Practitioner::fold(inspector, &stream.spines))?;
            let mut work = Work::on(stream);
            let id = work.push(self.now(), drafted)?;
            let batch = Batch {
                idempotency: self.once_row(&work),
                ..Batch::of(work)
            };
            match self.inner.write(batch).await? {
                Submitted::Moved { .. } => {}
                _ => return Ok(id),
            }
        }
    }
}

//! Erasing one field, holds, and "this must not be here".
//!
//! Erasing needs an authority and two people outside the line of every decision on the concern; holds are checked under
//! the same lock; for the waiting time the field is hidden and recoverable; then its key is destroyed. Proofs stand.

use domain::id::RecordId;
use domain::policy::{Action, Item};
use domain::record::{Draft, Kind};
use domain::view::{Concern, Erasure, Hold};

use super::act::{Scene, act, fold};
use super::approval::NOTICE;
use super::{Acting, AppError, Node, Refusal};
use crate::Inner;
use crate::assemble::{Stream, Work};
use crate::content::Content;
use crate::store::{Command, Line, Rekey, Reseal, Submitted};
use crate::vault::StreamKey;

/// Reasons for which a field may be erased.
pub const REASONS: [&str; 5] = [
    "wrong-person",
    "unlawfully-held",
    "court-order",
    "retention-ended",
    "must-not-be-held",
];

/// The clock of the waiting time, in the rule pack.
const WAITING: &str = "erasure-cooling";

impl Node {
    /// Asks that one field of one record be erased. It is hidden from now, recoverable until the waiting time ends.
    ///
    /// # Errors
    /// [`Refusal::InTheLine`] for anybody who decided on the concern, or owns or owned a duty on it;
    /// [`Refusal::Held`] naming the hold's authority; both refusals are recorded. [`AppError::Invalid`] for an unknown
    /// reason or field.
    pub async fn ask_erasure(
        &self,
        acting: &Acting,
        reference: &str,
        record: RecordId,
        field: &str,
        reason: &str,
    ) -> Result<Concern, AppError> {
        if !REASONS.contains(&reason) {
            return Err(AppError::invalid("reason", "error-erasure-reason"));
        }
        self.may_keep(acting, reference, record, field, reason).await?;
        act!(
            self,
            acting,
            reference,
            (Action::AskErasure, Item::Erasure),
            None,
            async |scene, work| {
                if let Some(refusal) = self.inner.stands_against(scene, acting).await? {
                    return Err(refusal.into());
                }
                self.inner.check_field(scene, &work.stream, record, field).await?;
                let due = self.inner.rule(WAITING, scene.now)?.due(scene.now)?;
                let draft = Draft::new(Kind::ErasureAsked, acting.actor())
                    .code("record", record.to_string())
                    .code("field", field)
                    .code("reason", reason)
                    .due(due.at);
                work.push(scene.now, draft)?;
                self.inner.tell_second(work, acting, scene.now)
            },
        )
        .await
    }

    /// Agrees to an erasure: a second person, outside the line and not the one who asked.
    ///
    /// # Errors
    /// As [`Node::ask_erasure`]; [`Refusal::NeedsAnother`] for the person who asked.
    pub async fn agree_erasure(
        &self,
        acting: &Acting,
        reference: &str,
        asked: RecordId,
    ) -> Result<Concern, AppError> {
        act!(
            self,
            acting,
            reference,
            (Action::AgreeErasure, Item::Erasure),
            None,
            async |scene, work| {
                let found = pending(scene.concern, asked)?;
                if found.by.practitioner() == Some(acting.practitioner) || found.agreed.is_some() {
                    return Err(Refusal::NeedsAnother.into());
                }
                if let Some(refusal) = self.inner.stands_against(scene, acting).await? {
                    return Err(refusal.into());
                }
                // The waiting time runs from the agreement: nobody can agree on its last day.
                let due = self.inner.rule(WAITING, scene.now)?.due(scene.now)?;
                let draft = Draft::new(Kind::ErasureAgreed, acting.actor())
                    .code("asked", asked.to_string())
                    .due(due.at);
                work.push(scene.now, draft)?;
                self.inner.has_read(scene, work, acting)
            },
        )
        .await
    }

    /// Takes back an erasure that waits: the field is shown again.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when none waits; [`AppError::Invalid`] without a reason.
    pub async fn withdraw_erasure(
        &self,
        acting: &Acting,
        reference: &str,
        asked: RecordId,
        reason: &str,
    ) -> Result<Concern, AppError> {
        if reason.trim().is_empty() {
            return Err(AppError::invalid("reason", "error-reason-missing"));
        }
        act!(
            self,
            acting,
            reference,
            (Action::WithdrawErasure, Item::Erasure),
            None,
            async |scene, work| {
                pending(scene.concern, asked)?;
                let draft = Draft::new(Kind::ErasureWithdrawn, acting.actor())
                    .code("asked", asked.to_string())
                    .with("reason", reason.trim());
                work.push(scene.now, draft)?;
                Ok(())
            },
        )
        .await
    }

    /// "This must not be here": unreadable to all at once, kept for the police, whose lead gets a duty.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when this person cannot read the entry.
    pub async fn must_not_be_here(
        &self,
        acting: &Acting,
        reference: &str,
        record: RecordId,
        field: &str,
    ) -> Result<Concern, AppError> {
        act!(
            self,
            acting,
            reference,
            (Action::MustNotBeHere, Item::Words),
            None,
            async |scene, work| {
                self.inner.check_field(scene, &work.stream, record, field).await?;
                let draft = Draft::new(Kind::MustNotBeHere, acting.actor())
                    .code("record", record.to_string())
                    .code("field", field)
                    .code("reason", "must-not-be-held");
                work.push(scene.now, draft)?;
                let hold = Draft::new(Kind::HoldSet, domain::record::Actor::Node)
                    .code("authority", "police-hold")
                    .code("rule", "must-not-be-here");
                work.push(scene.now, hold)?;
                let police = self.inner.post_with_role("police-lead")?;
                self.inner.make_duty(
                    work,
                    "police-receive",
                    &police,
                    None,
                    "receipt",
                    scene.now,
                    scene.now,
                )?;
                Ok(())
            },
        )
        .await
    }

    /// Sets a hold.
    ///
    /// # Errors
    /// [`AppError::Invalid`] without an authority.
    pub async fn set_hold(
        &self,
        acting: &Acting,
        reference: &str,
        authority: &str,
        review: &str,
    ) -> Result<Concern, AppError> {
        if authority.trim().is_empty() {
            return Err(AppError::invalid("authority", "error-hold-authority"));
        }
        act!(
            self,
            acting,
            reference,
            (Action::SetHold, Item::Hold),
            None,
            async |scene, work| {
                let draft = Draft::new(Kind::HoldSet, acting.actor())
                    .code("authority", authority.trim())
                    .code("review", review.trim());
                work.push(scene.now, draft)?;
                Ok(())
            },
        )
        .await
    }

    /// Agrees, for one body, that a hold be released. It ends when two different bodies have.
    ///
    /// # Errors
    /// [`Refusal::AlreadyDone`] when this body has already agreed.
    pub async fn release_hold(
        &self,
        acting: &Acting,
        reference: &str,
        hold: RecordId,
    ) -> Result<Concern, AppError> {
        act!(
            self,
            acting,
            reference,
            (Action::ReleaseHold, Item::Hold),
            None,
            async |scene, work| {
                let found = scene
                    .concern
                    .holds
                    .iter()
                    .find(|h| h.record == hold && h.stands());
                let found = found.ok_or(AppError::NotFound)?;
                let body = acting.post.post();
                if found.released_by.iter().any(|b| b == body) {
                    return Err(Refusal::AlreadyDone.into());
                }
                let draft = Draft::new(Kind::HoldReleased, acting.actor())
                    .code("hold", hold.to_string())
                    .code("body", body);
                work.push(scene.now, draft)?;
                Ok(())
            },
        )
        .await
    }

    /// Destroys what has waited long enough and was agreed: a new stream key, the stream re-encrypted without the field,
    /// `erased` appended, all in one write. Gives how many fields.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn erase_due(&self) -> Result<u32, AppError> {
        let node = &self.inner;
        let mut done = 0_u32;
        let mut after = None;
        loop {
            let rows = node.store.streams_with_erasure(after, 500).await?;
            let Some(last) = rows.last() else { return Ok(done) };
            after = Some(last.id);
            for row in rows {
                while let Some(next) = node.due_erasure(row.id).await? {
                    node.erase(row.id, &next).await?;
                    done = done.saturating_add(1);
                }
            }
        }
    }

    /// Records a refusal before it is given, so that asking is seen by the records officer and the inspector.
    async fn may_keep(
        &self,
        acting: &Acting,
        reference: &str,
        record: RecordId,
        field: &str,
        reason: &str,
    ) -> Result<(), AppError> {
        let node = &self.inner;
        let who = node.who(acting).await?;
        loop {
            let (stream, concern, _) = node.concern_by_reference(&who, reference).await?;
            let now = node.clock.now();
            let scene = Scene {
                concern: &concern,
                who: &who,
                now,
            };
            let Some(refusal) = node.stands_against(&scene, acting).await? else {
                return Ok(());
            };
            let draft = Draft::new(Kind::ErasureRefused, acting.actor())
                .code("record", record.to_string())
                .code("field", field)
                .code("reason", reason)
                .code(
                    "because",
                    if matches!(refusal, Refusal::Held(_)) {
                        "held"
                    } else {
                        "in-the-line"
                    },
                );
            let mut work = Work::on(stream);
            work.push(now, draft)?;
            if let Some(records) = node.post_in_role(domain::policy::Role::RecordsOfficer) {
                node.make_duty(&mut work, NOTICE, &records, None, "notice", now, now)?;
            }
            match node.write(crate::write::Batch::of(work)).await? {
                Submitted::Moved { .. } => {}
                _ => return Err(refusal.into()),
            }
        }
    }
}

fn pending(concern: &Concern, asked: RecordId) -> Result<&Erasure, AppError> {
    let found = concern
        .erasures
        .iter()
        .find(|e| e.asked == asked && e.hides() && e.erased.is_none());
    found.ok_or(AppError::NotFound)
}

impl Inner {
    async fn check_field(
        &self,
        scene: &Scene<'_>,
        stream: &Stream,
        record: RecordId,
        field: &str,
    ) -> Result<(), AppError> {
        let stored = self.store.record(record).await?.filter(|s| s.stream == stream.id);
        let stored = stored.ok_or(AppError::NotFound)?;
        let spine = stream
            .spines
            .iter()
            .find(|s| s.id == record)
            .ok_or(AppError::NotFound)?;
        let content = self.open_one(stream, &stored).await?.ok_or(AppError::NotFound)?;
        let of_spine = spine.fields().iter().any(|(name, _)| name == field);
        let pending = scene
            .concern
            .erasures
            .iter()
            .any(|e| e.record == record && e.field == field && e.hides());
        if of_spine || content.get(field).is_none() {
            return Err(AppError::invalid("field", "error-erasure-field"));
        }
        if pending {
            return Err(Refusal::AlreadyDone.into());
        }
        Ok(())
    }

    /// The next erasure of a concern whose time has come and against which no hold stands.
    async fn due_erasure(&self, id: domain::id::StreamId) -> Result<Option<Erasure>, AppError> {
        let stream = self.load(id).await?;
        let concern = fold(&stream)?;
        if concern.holds.iter().any(Hold::stands) {
            return Ok(None);
        }
        let now = self.clock.now();
        let ready = |e: &&Erasure| {
            e.hides()
                && e.erased.is_none()
                && e.agreed.is_some()
                && !e.must_not_be_here
                && e.due.is_some_and(|d| d <= now)
        };
        Ok(concern.erasures.iter().find(ready).cloned())
    }

    /// The search terms of a subject as they are once a field of its record is gone.
    async fn terms_without(
        &self,
        stream: &Stream,
        record: RecordId,
        kept: &Content,
    ) -> Result<Vec<crate::store::Change>, AppError> {
        let spine = stream
            .spines
            .iter()
            .find(|s| s.id == record && s.kind == Kind::SubjectNamed);
        let Some((spine, subject)) = spine.and_then(|s| Some((s, s.subject?))) else {
            return Ok(Vec::new());
        };
        let mut changes = self.store.terms_of(stream.id, subject).await?;
        changes.extend(self.term_changes(stream.id, subject, &super::raise::mention_of(spine, kept))?);
        Ok(changes)
    }

    async fn erase(&self, id: domain::id::StreamId, erasure: &Erasure) -> Result<(), AppError> {
        loop {
            let row = self.store.stream(id).await?.ok_or(AppError::NotFound)?;
            let stream = self.load(id).await?;
            if fold(&stream)?.holds.iter().any(Hold::stands) {
                return Ok(());
            }
            let fresh = StreamKey::make()?;
            let wrapped = fresh.wrap(id, &self.keys())?;
            let records = self.store.records(id, 0).await?;
            let mut command = Command::new(Line::People);
            for stored in &records {
                let Some(content) = self.open_one(&stream, stored).await? else {
                    continue;
                };
                let kept = if stored.id == erasure.record {
                    content.without(&erasure.field)
                } else {
                    content
                };
                if stored.id == erasure.record {
                    command
                        .changes
                        .extend(self.terms_without(&stream, stored.id, &kept).await?);
                }
                let sealed =
                    fresh.seal(stored.id, &stored.leaf_hash, &Content::encode(kept.disclosures()))?;
                command.reseals.push(Reseal {
                    idx: stored.idx,
                    sealed: Some(sealed),
                });
            }
            let now = self.clock.now();
            let agreed = erasure
                .agreed
                .as_ref()
                .and_then(|(actor, _)| actor.practitioner());
            let draft = Draft::new(Kind::Erased, domain::record::Actor::Node)
                .code("asked", erasure.asked.to_string())
                .code("record", erasure.record.to_string())
                .code("field", erasure.field.as_str())
                .code("reason", erasure.reason.as_str())
                .maybe("asked-by", erasure.by.practitioner().map(|who| who.to_string()))
                .maybe("agreed-by", agreed.map(|who| who.to_string()));
            let mut work = Work::on(Stream { key: fresh, ..stream });
            work.push(now, draft)?;
            let built = self.build(work, now)?;
            command.rekeys.push(Rekey {
                stream: id,
                was: row.wrapped_key,
                wrapped_key: wrapped.bytes,
                epoch: wrapped.epoch,
            });
            command.appends.push(built.append);
            command.changes.push(super::epochs::erased(now));
            command.changes.extend(built.changes);
            match self.store.submit(command).await? {
                Submitted::Moved { .. } | Submitted::TooOld { .. } => {}
                _ => return Ok(()),
            }
        }
    }
}

//! Adding, disputing, correcting, "not about this person", and taking a post's conflict down.

use domain::id::{RecordId, SubjectId};
use domain::policy::{Action, Item};
use domain::record::{Draft, Kind};
use domain::view::{Concern, Duty, Exclusion};

use super::act::act;
use super::report::Mention;
use super::{Acting, AppError, Node, Refusal};
use crate::assemble::Work;

/// How something stands beside an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Beside {
    /// Says that it is wrong; it stays.
    Disputes,
    /// Says what is right; both stay.
    Corrects,
}

impl Node {
    /// Adds an entry in somebody's own words, with who said it and whether it is fact, opinion or reported speech.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when there are no words.
    pub async fn add_entry(
        &self,
        acting: &Acting,
        reference: &str,
        words: &str,
        nature: &str,
        mentions: &[Mention],
    ) -> Result<Concern, AppError> {
        if words.trim().is_empty() && mentions.is_empty() {
            return Err(AppError::invalid("words", "error-words-empty"));
        }
        if !["fact", "opinion", "reported"].contains(&nature) {
            return Err(AppError::invalid("nature", "error-nature-unknown"));
        }
        act!(
            self,
            acting,
            reference,
            (Action::Add, Item::Words),
            None,
            async |scene, work| {
                if !words.trim().is_empty() {
                    let draft = Draft::new(Kind::Added, acting.actor())
                        .code("nature", nature)
                        .with("text", words.trim());
                    work.push(scene.now, draft)?;
                }
                for mention in mentions {
                    let subject = crate::random::subject()?;
                    let draft = super::raise::mention_draft(mention, acting.actor()).about(subject);
                    let terms = self.inner.term_changes(work.stream.id, subject, mention)?;
                    work.terms.extend(terms);
                    work.push(scene.now, draft)?;
                }
                self.inner
                    .restrict_if_colleague(scene.concern, work, mentions, scene.now)
                    .await
            },
        )
        .await
    }

    /// Puts words beside an entry: it is disputed, or corrected. Nobody withdraws.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such entry.
    pub async fn stand_beside(
        &self,
        acting: &Acting,
        reference: &str,
        record: RecordId,
        how: Beside,
        words: &str,
    ) -> Result<Concern, AppError> {
        if words.trim().is_empty() {
            return Err(AppError::invalid("words", "error-words-empty"));
        }
        act!(
            self,
            acting,
            reference,
            (Action::Add, Item::Words),
            None,
            async |scene, work| {
                if !work.stream.spines.iter().any(|s| s.id == record) {
                    return Err(AppError::NotFound);
                }
                let kind = match how {
                    Beside::Disputes => Kind::Disputed,
                    Beside::Corrects => Kind::Corrected,
                };
                let draft = Draft::new(kind, acting.actor())
                    .code("record", record.to_string())
                    .with("text", words.trim());
                work.push(scene.now, draft)?;
                Ok(())
            },
        )
        .await
    }

    /// "Not about this person": gone at once from every view, search, count and copy of them; a marker stays.
    ///
    /// # Errors
    /// [`AppError::Invalid`] without a reason; [`AppError::NotFound`] for an unknown subject.
    pub async fn not_about(
        &self,
        acting: &Acting,
        reference: &str,
        subject: SubjectId,
        reason: &str,
    ) -> Result<Concern, AppError> {
        if reason.trim().is_empty() {
            return Err(AppError::invalid("reason", "error-reason-missing"));
        }
        let permit = (Action::NotAboutThisPerson, Item::Words);
        act!(self, acting, reference, permit, None, async |scene, work| {
            let found = scene.concern.subject(subject).ok_or(AppError::NotFound)?;
            if found.not_about.is_some() {
                return Err(Refusal::AlreadyDone.into());
            }
            let draft = Draft::new(Kind::NotAboutThisPerson, acting.actor())
                .about(subject)
                .with("reason", reason.trim());
            work.push(scene.now, draft)?;
            for row in self.inner.store.terms_of(work.stream.id, subject).await? {
                work.terms.push(row);
            }
            for post in self.inner.posts_shown(work.stream.id).await? {
                self.inner.make_duty(
                    work,
                    "read-notice",
                    &post,
                    Some(subject),
                    "notice",
                    scene.now,
                    scene.now,
                )?;
            }
            Ok(())
        })
        .await
    }

    /// "I know this family": this person meets nothing of it from now on, and the ladder goes round them. What is with them,
    /// theirs or climbed to them, is the next post's move at once: no duty waits for somebody who may not see it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when they may not know of it, or have declared it already.
    pub async fn declare_conflict(&self, acting: &Acting, reference: &str) -> Result<(), AppError> {
        let permit = (Action::DeclareConflict, Item::Concern);
        let done = act!(self, acting, reference, permit, None, async |scene, work| {
            let draft = Draft::new(Kind::Excluded, acting.actor())
                .code("who", acting.practitioner.to_string())
                .code("reason", "declared")
                .code("barred", true);
            work.push(scene.now, draft)?;
            self.inner.pass_on(acting, scene, work).await
        });
        done.await.map(|_| ())
    }
}

impl crate::Inner {
    /// Climbs every open duty that is with somebody who steps away.
    async fn pass_on(
        &self,
        acting: &Acting,
        scene: &super::act::Scene<'_>,
        work: &mut Work,
    ) -> Result<(), AppError> {
        let mut after = scene.concern.clone();
        after.exclusions.push(Exclusion {
            practitioner: acting.practitioner,
            reason: "declared".to_owned(),
            barred: true,
            since: scene.now,
        });
        let chairs = self.chairs().await?;
        let theirs = |duty: &&Duty| {
            let owner = || chairs.sitting(&duty.owner, scene.now).ok().map(|one| one.who);
            let with = duty.standing().map_or_else(owner, |rung| rung.who);
            with == Some(acting.practitioner)
        };
        for duty in scene.concern.open_duties().filter(theirs) {
            let mut draft = Draft::new(Kind::Answered, acting.actor())
                .duty(duty.id)
                .code("how", "not-mine");
            draft.subject = duty.subject;
            work.push(scene.now, draft)?;
            self.climb_now(&after, work, duty, "not-mine", scene.now).await?;
        }
        Ok(())
    }

    /// The posts that were shown a stream's words, from the record of what was shown.
    pub(crate) async fn posts_shown(
        &self,
        stream: domain::id::StreamId,
    ) -> Result<Vec<domain::id::PostId>, AppError> {
        let looks = self.store.looks_at(stream).await?;
        let mut posts: Vec<_> = looks.into_iter().map(|look| look.post).collect();
        posts.sort();
        posts.dedup();
        Ok(posts)
    }
}

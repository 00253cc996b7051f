//! Adding, disputing, correcting, "not about this person", restricting, and taking a post's conflict down.

use domain::id::{RecordId, SubjectId};
use domain::policy::{Action, Item};
use domain::record::{Actor, Draft, Kind};
use domain::view::Concern;

use super::act::act;
use super::report::Mention;
use super::{Acting, AppError, Node, Refusal};

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

    /// Restricts a concern to the designated officer and their deputy, from this entry on.
    ///
    /// # Errors
    /// [`Refusal::AlreadyDone`] when it is restricted.
    pub async fn restrict(
        &self,
        acting: &Acting,
        reference: &str,
        reason: &str,
    ) -> Result<Concern, AppError> {
        act!(
            self,
            acting,
            reference,
            (Action::Restrict, Item::Restriction),
            None,
            async |scene, work| {
                if scene.concern.tier >= 3 {
                    return Err(Refusal::AlreadyDone.into());
                }
                let post = self.inner.post_with_role("designated-officer")?;
                let team = self.inner.team_of(&post);
                work.tier = Some(3);
                let draft = Draft::new(Kind::TierSet, acting.actor())
                    .code("tier", 3_i64)
                    .code("reason", "by-a-reader")
                    .post(post.clone())
                    .with("reason", reason.trim());
                work.push(scene.now, draft)?;
                work.push(
                    scene.now,
                    Draft::new(Kind::Owned, acting.actor())
                        .code("team", team)
                        .post(post),
                )?;
                Ok(())
            },
        )
        .await
    }

    /// "I know this family": this person meets nothing of it from now on, and the ladder goes round them.
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
            Ok(())
        });
        done.await.map(|_| ())
    }
}

impl crate::Inner {
    /// Somebody mentioned later turns out to be a colleague: restricted in the same write, and they meet nothing of it.
    pub(crate) async fn restrict_if_colleague(
        &self,
        concern: &Concern,
        work: &mut crate::assemble::Work,
        mentions: &[Mention],
        now: domain::time::Instant,
    ) -> Result<(), AppError> {
        let mut named = self.colleagues_named(mentions).await?;
        named.retain(|who| !concern.bars(*who));
        if named.is_empty() {
            return Ok(());
        }
        for who in named {
            let draft = Draft::new(Kind::Excluded, Actor::Node)
                .code("who", who.to_string())
                .code("reason", "named")
                .code("barred", true);
            work.push(now, draft)?;
        }
        if concern.tier >= 3 {
            return Ok(());
        }
        let post = self.post_with_role("designated-officer")?;
        work.tier = Some(3);
        let draft = Draft::new(Kind::TierSet, Actor::Node)
            .code("tier", 3_i64)
            .code("reason", "matches-directory")
            .post(post.clone());
        work.push(now, draft)?;
        let owned = Draft::new(Kind::Owned, Actor::Node).code("team", self.team_of(&post));
        work.push(now, owned.post(post.clone()))?;
        self.make_duty(work, "review-restriction", &post, None, "restriction", now, now)?;
        Ok(())
    }

    /// The posts that were shown a stream's content, from the record of what was shown.
    pub(crate) async fn posts_shown(
        &self,
        stream: domain::id::StreamId,
    ) -> Result<Vec<domain::id::PostId>, AppError> {
        let mut posts = Vec::new();
        let mut after = None;
        let of = stream.to_string();
        loop {
            let rows = self.store.streams_of_kind("work", after, 500).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            for row in rows {
                for record in self.store.records(row.id, 0).await? {
                    let spine = crate::spine::decode(&record.spine)?;
                    if spine.text("of") == Some(&of) {
                        posts.extend(spine.actor.post().cloned());
                    }
                }
            }
        }
        posts.sort();
        posts.dedup();
        Ok(posts)
    }
}

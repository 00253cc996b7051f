//! Deciding, for each child, with a reason; the second reader; disagreeing; closing.

use domain::id::{RecordId, SubjectId};
use domain::outcome::Reading;
use domain::policy::{Action, Item};
use domain::record::{Draft, Kind};
use domain::view::{Closing, Concern, Decision, SubjectKind};

use super::act::{Scene, act};
use super::{Acting, AppError, Node, Refusal};
use crate::Inner;
use crate::assemble::Work;

/// The clock of telling whoever reported: one for a concern, however many children it names.
pub(super) const TELL: &str = "tell-reporter";

/// The clock of another authority's accepting a child: ours until they do.
const TRANSFER: &str = "accept-transfer";

/// What somebody decided for one child (or, where no child is known, for the concern).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deciding {
    /// For whom.
    pub subject: Option<SubjectId>,
    /// The rule pack's code.
    pub outcome: String,
    /// Why. Never empty.
    pub reason: String,
}

impl Node {
    /// Decides. Each child gets a record of their own; "same for all" is several of these in one act.
    ///
    /// # Errors
    /// [`AppError::Moved`] when the concern has moved since `seen`; [`AppError::Invalid`] for a missing reason or an
    /// outcome the rule pack does not know; [`AppError::NotFound`] when this person may not decide.
    pub async fn decide(
        &self,
        acting: &Acting,
        reference: &str,
        seen: u32,
        decisions: &[Deciding],
    ) -> Result<Concern, AppError> {
        self.mark_and_decide(acting, reference, seen, &[], decisions)
            .await
    }

    /// Decides, as [`Node::decide`], and marks what kind of concern it is, by the rule pack's categories, in the same act:
    /// sexual harm marked here is there when a second person's reading is worked out.
    ///
    /// # Errors
    /// As [`Node::decide`]; [`AppError::Invalid`] for a category that the rule pack does not know.
    pub async fn mark_and_decide(
        &self,
        acting: &Acting,
        reference: &str,
        seen: u32,
        marks: &[String],
        decisions: &[Deciding],
    ) -> Result<Concern, AppError> {
        if decisions.is_empty() {
            return Err(AppError::invalid("outcome", "error-outcome-missing"));
        }
        act!(
            self,
            acting,
            reference,
            (Action::Decide, Item::Decision),
            Some(seen),
            async |scene, work| {
                self.inner.write_marks(scene, work, acting, marks)?;
                for (place, deciding) in decisions.iter().enumerate() {
                    self.inner
                        .write_decision(scene, work, acting, place, deciding)
                        .await?;
                }
                Ok(())
            },
        )
        .await
    }

    /// Reads a decision second: it takes effect, or goes back to be decided again.
    ///
    /// # Errors
    /// [`Refusal::NeedsAnother`] when this is the person who decided; otherwise as [`Node::decide`].
    pub async fn second_read(
        &self,
        acting: &Acting,
        reference: &str,
        decision: RecordId,
        agreed: bool,
        reason: &str,
    ) -> Result<Concern, AppError> {
        if reason.trim().is_empty() {
            return Err(AppError::invalid("reason", "error-reason-missing"));
        }
        act!(
            self,
            acting,
            reference,
            (Action::SecondRead, Item::Decision),
            None,
            async |scene, work| {
                let found = scene
                    .concern
                    .decisions
                    .iter()
                    .find(|d| d.record == decision && !d.superseded);
                let found = found.ok_or(AppError::NotFound)?;
                if found.by.practitioner() == Some(acting.practitioner) {
                    return Err(Refusal::NeedsAnother.into());
                }
                if found.second.is_some() {
                    return Err(Refusal::AlreadyDone.into());
                }
                self.inner
                    .write_second_reading(scene, work, acting, found, agreed, reason)
            },
        )
        .await
    }

    /// Records that somebody disagrees with a decision: a duty to answer it starts, and goes round whoever decided.
    ///
    /// # Errors
    /// As [`Node::decide`].
    pub async fn disagree(
        &self,
        acting: &Acting,
        reference: &str,
        decision: RecordId,
        words: &str,
    ) -> Result<Concern, AppError> {
        if words.trim().is_empty() {
            return Err(AppError::invalid("words", "error-words-empty"));
        }
        act!(
            self,
            acting,
            reference,
            (Action::Disagree, Item::Decision),
            None,
            async |scene, work| {
                let found = scene
                    .concern
                    .decisions
                    .iter()
                    .find(|d| d.record == decision)
                    .ok_or(AppError::NotFound)?;
                self.inner
                    .write_disagreement(scene.concern, work, acting.actor(), found, words, scene.now)
                    .await
            },
        )
        .await
    }

    /// Closes a concern for one subject, or as a whole. Refused while a duty is open, naming which.
    ///
    /// # Errors
    /// [`Refusal::OpenDuties`], [`Refusal::NotDecided`]; [`Refusal::NeedsAnother`] when a duty was made on it and this
    /// person decided: a second person must close it. Otherwise as [`Node::decide`].
    pub async fn close_concern(
        &self,
        acting: &Acting,
        reference: &str,
        seen: u32,
        subject: Option<SubjectId>,
        reason: &str,
    ) -> Result<Concern, AppError> {
        if reason.trim().is_empty() {
            return Err(AppError::invalid("reason", "error-reason-missing"));
        }
        act!(
            self,
            acting,
            reference,
            (Action::Close, Item::Concern),
            Some(seen),
            async |scene, work| {
                match scene.concern.closing(subject) {
                    Closing::OpenDuties(duties) => return Err(Refusal::OpenDuties(duties).into()),
                    Closing::NotDecided => return Err(Refusal::NotDecided.into()),
                    Closing::Allowed { needs_second } => {
                        let decided = scene.concern.decision(subject).and_then(|d| d.by.practitioner());
                        if needs_second && decided == Some(acting.practitioner) {
                            return Err(Refusal::NeedsAnother.into());
                        }
                    }
                }
                let mut draft = Draft::new(Kind::Closed, acting.actor()).with("reason", reason.trim());
                draft.subject = subject;
                work.push(scene.now, draft)?;
                Ok(())
            },
        )
        .await
    }
}

impl Inner {
    async fn write_decision(
        &self,
        scene: &Scene<'_>,
        work: &mut Work,
        acting: &Acting,
        place: usize,
        deciding: &Deciding,
    ) -> Result<(), AppError> {
        let outcome = self.outcome(&deciding.outcome)?;
        if deciding.reason.trim().is_empty() {
            return Err(AppError::invalid(
                &format!("reason-{place}"),
                "error-reason-missing",
            ));
        }
        if let Some(id) = deciding.subject {
            let subject = scene.concern.subject(id).ok_or(AppError::NotFound)?;
            if subject.closed.is_some() {
                return Err(Refusal::AlreadyDone.into());
            }
        } else if scene
            .concern
            .subjects
            .iter()
            .any(|s| s.kind == SubjectKind::Child && s.not_about.is_none())
        {
            return Err(AppError::invalid("subject", "error-decide-for-each-child"));
        }
        let (second, drawn) = match self.reading(scene, work, outcome).await? {
            Reading::None => (None, false),
            Reading::ByLot { per_cent } => (None, domain::outcome::drawn(per_cent, &self.lot(work)?)),
            Reading::Before { reasons } => {
                let codes: Vec<&str> = reasons.iter().map(|reason| reason.code()).collect();
                (
                    Some(if codes.is_empty() {
                        "always".to_owned()
                    } else {
                        codes.join(",")
                    }),
                    false,
                )
            }
        };
        let mut draft = Draft::new(Kind::Decided, acting.actor())
            .code("outcome", deciding.outcome.as_str())
            .code("drawn", drawn)
            .maybe("needs-second", second.as_deref())
            .with("reason", deciding.reason.trim());
        draft.subject = deciding.subject;
        work.push(scene.now, draft)?;
        if second.is_some() || drawn {
            let reader = self.second_reader(scene.concern, acting).await?;
            let clock = if second.is_some() {
                "second-reader-agrees"
            } else {
                "second-reading"
            };
            self.make_duty(
                work,
                clock,
                &reader,
                deciding.subject,
                "second-reading",
                scene.now,
                scene.now,
            )?;
        }
        if second.is_none() {
            self.take_effect(scene, work, acting, deciding.subject, &deciding.outcome)?;
        }
        Ok(())
    }

    fn write_second_reading(
        &self,
        scene: &Scene<'_>,
        work: &mut Work,
        acting: &Acting,
        decision: &Decision,
        agreed: bool,
        reason: &str,
    ) -> Result<(), AppError> {
        let mut draft = Draft::new(Kind::SecondRead, acting.actor())
            .code("decision", decision.record.to_string())
            .code("agreed", agreed)
            .with("reason", reason.trim());
        draft.subject = decision.subject;
        work.push(scene.now, draft)?;
        for clock in ["second-reading", "second-reader-agrees"] {
            self.end_duties(scene, work, acting, clock, decision.subject)?;
        }
        if agreed && decision.needs_second.is_some() {
            self.take_effect(scene, work, acting, decision.subject, &decision.outcome)?;
        }
        Ok(())
    }

    /// What a decision brings about: the duty to decide is met, the outcome's duties start, the reporter is to be told.
    fn take_effect(
        &self,
        scene: &Scene<'_>,
        work: &mut Work,
        acting: &Acting,
        subject: Option<SubjectId>,
        outcome: &str,
    ) -> Result<(), AppError> {
        let row = self.outcome(outcome)?;
        for made in row.duties.iter().filter(|made| made.clock != TELL) {
            let owner = self.post_with_role(made.owner_when(self.desk_open(scene.now)?))?;
            let clock = made.clock.as_str();
            // Decided again: what is already to be done for this child is not asked a second time.
            let already = |d: &domain::view::Duty| d.clock == clock && d.subject == subject;
            if scene.concern.open_duties().any(already) {
                continue;
            }
            let told = if self.runs_from_telling(clock) {
                scene.concern.told
            } else {
                scene.now
            };
            let made = self.make_duty(work, clock, &owner, subject, "decision", told, scene.now)?;
            if clock == TRANSFER {
                self.waits_outside(work, made, scene.now)?;
            }
        }
        if self.all_decided(scene.concern, work, subject) {
            self.end_duties(scene, work, acting, "C01", None)?;
            let telling = |d: &domain::view::Duty| d.clock == TELL;
            let queued = work
                .drafts
                .iter()
                .any(|(_, d)| d.kind == Kind::DutyMade && clock_of(d) == TELL);
            if !queued && !scene.concern.duties.iter().any(telling) {
                let owner = scene
                    .concern
                    .owner
                    .as_ref()
                    .map(|o| o.post.clone())
                    .unwrap_or(acting.post.clone());
                self.make_duty(work, TELL, &owner, None, "decision", scene.now, scene.now)?;
            }
        }
        Ok(())
    }

    /// Whether, with this decision, every child has one in effect or being made now.
    fn all_decided(&self, concern: &Concern, work: &Work, subject: Option<SubjectId>) -> bool {
        let now = |id: SubjectId| {
            Some(id) == subject
                || work.drafts.iter().any(|(_, d)| {
                    d.kind == Kind::Decided
                        && d.subject == Some(id)
                        && !d.codes.iter().any(|(n, _)| n == "needs-second")
                })
        };
        let children = concern
            .subjects
            .iter()
            .filter(|s| s.kind == SubjectKind::Child && s.not_about.is_none());
        children
            .map(|s| s.id)
            .all(|id| now(id) || concern.decision(Some(id)).is_some_and(Decision::in_effect))
    }

    /// What the lot is drawn from: the stream's last leaf, which nobody chooses.
    fn lot(&self, work: &Work) -> Result<[u8; 32], AppError> {
        work.stream
            .last_leaf
            .ok_or_else(|| AppError::Broken("a concern without a leaf".into()))
    }

    /// Ends every open duty of a clock, as done.
    pub(crate) fn end_duties(
        &self,
        scene: &Scene<'_>,
        work: &mut Work,
        acting: &Acting,
        clock: &str,
        subject: Option<SubjectId>,
    ) -> Result<(), AppError> {
        let open = scene.concern.open_duties().filter(|d| d.clock == clock);
        for duty in open.filter(|d| subject.is_none() || d.subject == subject) {
            let mut draft = Draft::new(Kind::Answered, acting.actor())
                .duty(duty.id)
                .code("how", "done");
            draft.subject = duty.subject;
            work.push(scene.now, draft)?;
        }
        Ok(())
    }

    /// Writes a disagreement: the words, the exclusion of whoever decided, and the duty to answer it.
    pub(crate) async fn write_disagreement(
        &self,
        concern: &Concern,
        work: &mut Work,
        by: domain::record::Actor,
        decision: &Decision,
        words: &str,
        now: domain::time::Instant,
    ) -> Result<(), AppError> {
        let mut draft = Draft::new(Kind::Disagreed, by)
            .code("decision", decision.record.to_string())
            .with("words", words.trim());
        draft.subject = decision.subject;
        work.push(now, draft)?;
        let deciders = decision.by.practitioner().into_iter();
        let seconds = decision
            .second
            .as_ref()
            .and_then(|(_, actor, _)| actor.practitioner());
        let decided: Vec<_> = deciders.chain(seconds).collect();
        for who in decided.iter().filter(|who| !concern.excludes(**who)) {
            let draft = Draft::new(Kind::Excluded, domain::record::Actor::Node)
                .code("who", who.to_string())
                .code("reason", "decided")
                .code("barred", false);
            work.push(now, draft)?;
        }
        let owner = self.outside_the_line(concern, decision).await?;
        let duty = self.make_duty(work, "C13", &owner, decision.subject, "disagreement", now, now)?;
        self.record_passing(work, duty, &decided, now).await
    }
}

fn clock_of(draft: &Draft) -> &str {
    draft
        .codes
        .iter()
        .find_map(|(name, value)| match value {
            domain::record::Value::Text(text) if name == "clock" => Some(text.as_str()),
            _ => None,
        })
        .unwrap_or_default()
}

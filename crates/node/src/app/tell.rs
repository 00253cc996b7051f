//! Telling whoever reported, in one of two forms; and what somebody reporting in their work reads when they come back.

use domain::id::RecordId;
use domain::policy::{Action, Item};
use domain::record::{Draft, Kind};
use domain::view::{Concern, Decision, SubjectKind};

use super::act::act;
use super::decide::TELL;
use super::{Acting, AppError, Node, Refusal};
use crate::Inner;
use crate::assemble::Stream;

/// How whoever reported was told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Telling {
    /// In their work: the decision, the next step, whom to ring, how to disagree.
    Work {
        /// What they were told, in words.
        words: String,
    },
    /// Anybody else: fixed sentences, by code, the same whether or not the child exists.
    Public {
        /// The sentences' codes.
        sentences: Vec<String>,
    },
    /// Not safe to tell, and why.
    NotSafe {
        /// Why. Never empty.
        reason: String,
    },
}

/// What somebody reporting in their work was told. Law: OWN-R7-telling.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// One for each child with a decision when they were told.
    pub decisions: Vec<ToldDecision>,
    /// The next step and whom to ring, in the words of whoever told them.
    pub words: String,
}

/// A decision as they are told it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ToldDecision {
    /// The decision's record: what they name when they disagree.
    pub record: RecordId,
    /// Initials and age, as they gave them; empty where no child is known.
    pub label: String,
    /// The rule pack's code.
    pub outcome: String,
    /// Whether they disagree with it already.
    pub disagreed: bool,
}

impl Node {
    /// Tells whoever reported, in one of two forms, or says that it is not safe to. Discharges the duty to tell.
    ///
    /// # Errors
    /// [`Refusal::NotDecided`] when nothing has been decided; [`Refusal::NotConfirmed`] for the form meant for people
    /// reporting in their work, before their organisation is confirmed; otherwise as [`Node::decide`].
    pub async fn tell_reporter(
        &self,
        acting: &Acting,
        reference: &str,
        telling: &Telling,
    ) -> Result<Concern, AppError> {
        act!(
            self,
            acting,
            reference,
            (Action::TellReporter, Item::Reporter),
            None,
            async |scene, work| {
                if !scene.concern.decisions.iter().any(Decision::in_effect) {
                    return Err(Refusal::NotDecided.into());
                }
                if matches!(telling, Telling::Work { .. }) && !scene.concern.reporter_in_work() {
                    return Err(Refusal::NotConfirmed.into());
                }
                let draft = Draft::new(Kind::ReporterTold, acting.actor());
                let draft = match telling {
                    Telling::Work { words } if words.trim().is_empty() => {
                        return Err(AppError::invalid("words", "error-words-empty"));
                    }
                    Telling::Work { words } => draft.code("form", "work").with("words", words.trim()),
                    Telling::Public { sentences } => {
                        self.inner.check_sentences(sentences)?;
                        draft.code("form", "public").code("sentences", sentences.clone())
                    }
                    Telling::NotSafe { reason } if reason.trim().is_empty() => {
                        return Err(AppError::invalid("reason", "error-reason-missing"));
                    }
                    Telling::NotSafe { reason } => {
                        draft.code("form", "not-safe").with("reason", reason.trim())
                    }
                };
                work.push(scene.now, draft)?;
                self.inner.end_duties(scene, work, acting, TELL, None)
            },
        )
        .await
    }
}

impl Inner {
    /// What was told in the form for people reporting in their work; nothing when the last telling was in another form.
    pub(crate) async fn told(&self, stream: &Stream, concern: &Concern) -> Result<Option<Told>, AppError> {
        let last = stream.spines.iter().rfind(|s| s.kind == Kind::ReporterTold);
        let Some(last) = last.filter(|s| s.text("form") == Some("work")) else {
            return Ok(None);
        };
        if !concern.reporter_in_work() {
            return Ok(None);
        }
        let contents = self.open_stream(stream).await?;
        let hidden = |record: RecordId, field: &str| {
            let mut erasures = concern.erasures.iter();
            erasures.any(|e| e.record == record && e.field == field && e.hides())
        };
        let label = |decision: &Decision| {
            let subject = decision.subject.and_then(|id| concern.subject(id));
            let subject = subject.filter(|s| s.kind == SubjectKind::Child && s.not_about.is_none())?;
            let named = stream.spines.iter().find(|s| s.id == subject.named_by)?;
            if hidden(named.id, "name") {
                return None;
            }
            let content = contents.get(&named.sequence);
            Some(super::concern::label(subject.kind, content, self.clock.now()))
        };
        let told_of = |d: &&Decision| d.in_effect() && d.sequence < last.sequence;
        let decisions = concern.decisions.iter().filter(told_of).map(|d| ToldDecision {
            record: d.record,
            label: label(d).unwrap_or_default(),
            outcome: d.outcome.clone(),
            disagreed: d
                .disagreed
                .iter()
                .any(|(by, _)| *by == domain::record::Actor::Reporter),
        });
        let words = contents.get(&last.sequence).map(|c| c.text("words"));
        Ok(Some(Told {
            decisions: decisions.collect(),
            words: words.filter(|_| !hidden(last.id, "words")).unwrap_or_default(),
        }))
    }
}

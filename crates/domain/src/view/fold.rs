//! The fold itself: one spine at a time, in order.

use super::concern::{Concern, Decision, Erasure, Exclusion, Hold, Owner, Restart};
use super::duty::{Duty, Rung, Waiting};
use super::notice::{Notice, NoticeState};
use super::subject::{Subject, SubjectKind};
use crate::id::{PractitionerId, RecordId, StreamId};
use crate::record::{Kind, Spine};

/// Why spines could not be folded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FoldError {
    /// There is nothing to fold.
    #[error("the stream has no records")]
    Empty,
    /// An entry is missing or out of place.
    #[error("entry {0} of the stream is missing or out of place")]
    Gap(u32),
    /// A record of this kind lacks something its meaning needs.
    #[error("entry {0} of the stream lacks a part its kind needs")]
    Incomplete(u32),
}

impl Concern {
    /// Folds a concern's stream.
    ///
    /// # Errors
    /// When entries are missing, out of order, or lack a part their kind needs.
    pub fn fold(spines: &[Spine]) -> Result<Self, FoldError> {
        let first = spines.first().ok_or(FoldError::Empty)?;
        let mut concern = Self::before(first);
        for (place, spine) in (1_u32..).zip(spines) {
            if spine.sequence != place {
                return Err(FoldError::Gap(place));
            }
            concern.take(spine).ok_or(FoldError::Incomplete(place))?;
        }
        Ok(concern)
    }

    fn before(first: &Spine) -> Self {
        Self {
            stream: first.stream,
            reference: String::new(),
            length: 0,
            last_material: 0,
            tier: 0,
            restricted_to: Vec::new(),
            restricted_because: None,
            told: first.told(),
            recorded: first.recorded,
            last_recorded: first.recorded,
            raised: None,
            channel: String::new(),
            safe: String::new(),
            reporter_kind: String::new(),
            reporter_stream: None,
            sexual_harm: false,
            owner: None,
            offered: None,
            subjects: Vec::new(),
            duties: Vec::new(),
            decisions: Vec::new(),
            exclusions: Vec::new(),
            notices: Vec::new(),
            holds: Vec::new(),
            erasures: Vec::new(),
            not_about: Vec::new(),
            restarts: Vec::new(),
            closed: None,
            reporter_told: None,
            categories: Vec::new(),
            reporter_confirmed: None,
            first_read: None,
        }
    }

    /// Takes one spine; `None` when it lacks a part its kind needs.
    fn take(&mut self, spine: &Spine) -> Option<()> {
        self.length = spine.sequence;
        self.last_recorded = self.last_recorded.max(spine.recorded);
        if is_material(spine.kind) {
            self.last_material = spine.sequence;
        }
        match spine.kind {
            Kind::SubjectNamed => self.named(spine),
            Kind::Raised => self.raised(spine),
            Kind::Owned | Kind::HandOverOffered | Kind::HandOverAccepted | Kind::HandOverRefused => {
                self.owned(spine)
            }
            Kind::TierSet | Kind::RestrictionReviewed | Kind::Excluded => self.restricted(spine),
            Kind::DutyMade => self.duty_made(spine),
            Kind::ReDated
            | Kind::Accepted
            | Kind::Answered
            | Kind::Lapsed
            | Kind::Climbed
            | Kind::SteppedOver
            | Kind::Waiting => self.duty_moved(spine),
            Kind::Notice => self.notice(spine),
            Kind::Decided | Kind::SecondRead | Kind::Disagreed => self.decided(spine),
            Kind::ReporterTold => {
                self.reporter_told = Some(spine.recorded);
                Some(())
            }
            Kind::ReporterConfirmed => {
                self.reporter_confirmed = Some(spine.recorded);
                Some(())
            }
            Kind::Marked => self.marked(spine),
            Kind::Closed | Kind::ReOpened | Kind::ReLabelled => self.closed_or_opened(spine),
            Kind::NotAboutThisPerson => self.not_about(spine),
            Kind::HoldSet
            | Kind::HoldReleased
            | Kind::ErasureAsked
            | Kind::ErasureAgreed
            | Kind::ErasureRefused
            | Kind::ErasureWithdrawn
            | Kind::Erased
            | Kind::MustNotBeHere => self.held_or_erased(spine),
            _ => Some(()),
        }
    }

    fn named(&mut self, spine: &Spine) -> Option<()> {
        let subject = Subject {
            id: spine.subject?,
            kind: SubjectKind::from_code(spine.text("type")?)?,
            role: spine.text("role").unwrap_or("other").to_owned(),
            named_by: spine.id,
            named_at: spine.recorded,
            closed: None,
            not_about: None,
        };
        self.subjects.push(subject);
        Some(())
    }

    fn raised(&mut self, spine: &Spine) -> Option<()> {
        self.raised = Some(spine.id);
        self.reference = spine.text("reference")?.to_owned();
        self.channel = spine.text("channel")?.to_owned();
        self.safe = spine.text("safe")?.to_owned();
        self.reporter_kind = spine.text("reporter-kind").unwrap_or("private").to_owned();
        self.reporter_stream = spine
            .text("reporter-stream")
            .and_then(|t| t.parse::<StreamId>().ok());
        self.sexual_harm |= spine.is("sexual-harm");
        self.told = spine.time("first-told").unwrap_or(spine.told());
        self.recorded = spine.recorded;
        if spine.time("first-told").is_some_and(|first| first < spine.told()) {
            self.restarts.push(Restart {
                how: "opened-again".into(),
                at: spine.recorded,
            });
        }
        Some(())
    }

    fn owned(&mut self, spine: &Spine) -> Option<()> {
        match spine.kind {
            Kind::Owned if spine.duty.is_some() => {
                let post = spine.post()?.clone();
                let ladder = spine.text("ladder").map(str::to_owned);
                let duty = self.duties.iter_mut().find(|duty| Some(duty.id) == spine.duty)?;
                duty.owner = post;
                duty.ladder = ladder.unwrap_or_else(|| duty.ladder.clone());
            }
            Kind::Owned => {
                let team = spine.text("team").unwrap_or_default().to_owned();
                self.owner = Some(Owner {
                    post: spine.post()?.clone(),
                    team,
                    since: spine.recorded,
                });
                self.offered = None;
            }
            Kind::HandOverOffered => {
                let to = spine
                    .text("to")
                    .map(str::to_owned)
                    .or(spine.post().map(ToString::to_string))?;
                match spine
                    .duty
                    .and_then(|id| self.duties.iter_mut().find(|d| d.id == id))
                {
                    Some(duty) => duty.offered = Some((to, spine.recorded)),
                    None => self.offered = Some((to, spine.recorded)),
                }
            }
            _ => match spine
                .duty
                .and_then(|id| self.duties.iter_mut().find(|d| d.id == id))
            {
                Some(duty) => duty.offered = None,
                None => self.offered = None,
            },
        }
        Some(())
    }

    fn restricted(&mut self, spine: &Spine) -> Option<()> {
        match spine.kind {
            Kind::TierSet => {
                self.tier = u8::try_from(spine.int("tier")?).ok()?;
                self.restricted_to = spine.posts.clone();
                self.restricted_because = spine.text("reason").map(str::to_owned);
            }
            Kind::Excluded => self.exclusions.push(Exclusion {
                practitioner: spine.text("who")?.parse::<PractitionerId>().ok()?,
                reason: spine.text("reason")?.to_owned(),
                barred: spine.is("barred"),
                since: spine.recorded,
            }),
            // Looked at and ended. Whoever was matched stays kept out, unless it was somebody else of that name.
            Kind::RestrictionReviewed if !spine.is("kept") => {
                self.tier = u8::try_from(spine.int("tier")?).ok()?;
                self.restricted_to.clear();
                self.restricted_because = None;
                if spine.is("mistaken") {
                    self.exclusions.retain(|one| one.reason != "named");
                }
            }
            _ => {}
        }
        Some(())
    }

    fn duty_made(&mut self, spine: &Spine) -> Option<()> {
        let text = |name: &str| spine.text(name).unwrap_or_default().to_owned();
        self.duties.push(Duty {
            id: spine.duty?,
            subject: spine.subject,
            owner: spine.post()?.clone(),
            clock: spine.text("clock")?.to_owned(),
            pack: text("pack"),
            authority: text("authority"),
            ladder: text("ladder"),
            because: text("because"),
            child_facing: spine.is("child-facing"),
            all_hours: spine.is("all-hours"),
            told: spine.told(),
            made: spine.recorded,
            made_by: spine.id,
            due: spine.due?,
            provisional: spine.is("provisional"),
            re_dated: Vec::new(),
            accepted: None,
            lapsed: None,
            rungs: Vec::new(),
            waiting: None,
            tried: Vec::new(),
            cannot_by_then: None,
            offered: None,
            ended: None,
        });
        Some(())
    }

    fn duty_moved(&mut self, spine: &Spine) -> Option<()> {
        let id = spine.duty?;
        let duty = self.duties.iter_mut().find(|duty| duty.id == id)?;
        match spine.kind {
            Kind::ReDated => {
                duty.re_dated.push((spine.recorded, duty.due));
                duty.due = spine.due?;
                duty.provisional = spine.is("provisional");
                duty.pack = spine.text("pack").unwrap_or(&duty.pack).to_owned();
            }
            Kind::Accepted => {
                let who = spine.actor.practitioner()?;
                duty.accepted = Some((who, spine.post().or(spine.actor.post())?.clone(), spine.recorded));
            }
            Kind::Answered => duty.answered(spine)?,
            Kind::Lapsed => {
                duty.lapsed.get_or_insert(spine.recorded);
            }
            Kind::Climbed | Kind::SteppedOver => duty.rungs.push(Rung {
                number: u32::try_from(spine.int("rung")?).ok()?,
                post: spine.post()?.clone(),
                told_in: spine.posts.get(1).or(spine.post())?.clone(),
                who: spine.text("who").and_then(|who| who.parse().ok()),
                at: spine.recorded,
                stepped_over: (spine.kind == Kind::SteppedOver)
                    .then(|| spine.text("reason").unwrap_or("vacant").to_owned()),
                told: None,
                accept: (
                    u32::try_from(spine.int("accept-minutes").unwrap_or(0)).ok()?,
                    spine.is("accept-open-hours"),
                ),
                accept_by: None,
                top: spine.is("top"),
            }),
            _ => {
                let started = spine.text("for").map(|whom| Waiting {
                    whom: whom.to_owned(),
                    since: spine.recorded,
                    asked: spine.text("asked").and_then(|id| id.parse().ok()),
                    record: spine.id,
                });
                duty.waiting = started.filter(|_| !spine.is("over"));
            }
        }
        Some(())
    }

    fn notice(&mut self, spine: &Spine) -> Option<()> {
        let state = Notice::take(&mut self.notices, spine)?;
        let rung = u32::try_from(spine.int("rung").unwrap_or(0)).ok()?;
        if state == NoticeState::Sent {
            let duty = spine
                .duty
                .and_then(|duty| self.duties.iter_mut().find(|d| d.id == duty));
            if let Some(place) = duty.and_then(|d| {
                d.rungs
                    .iter_mut()
                    .rfind(|r| r.number == rung && r.stepped_over.is_none() && r.told.is_none())
            }) {
                place.told = Some(spine.recorded);
                place.accept_by = spine.due;
            }
        }
        Some(())
    }

    fn decided(&mut self, spine: &Spine) -> Option<()> {
        match spine.kind {
            Kind::Decided => {
                for earlier in self.decisions.iter_mut().filter(|d| d.subject == spine.subject) {
                    earlier.superseded = true;
                }
                self.decisions.push(Decision {
                    record: spine.id,
                    sequence: spine.sequence,
                    subject: spine.subject,
                    outcome: spine.text("outcome")?.to_owned(),
                    by: spine.actor.clone(),
                    at: spine.recorded,
                    needs_second: spine.text("needs-second").map(str::to_owned),
                    second: None,
                    drawn: spine.is("drawn"),
                    superseded: false,
                    disagreed: Vec::new(),
                });
            }
            Kind::SecondRead => {
                let agreed = spine.is("agreed");
                let decision = self.decision_named(spine.text("decision")?)?;
                decision.second = Some((agreed, spine.actor.clone(), spine.recorded));
            }
            _ => {
                let decision = self.decision_named(spine.text("decision")?)?;
                decision.disagreed.push((spine.actor.clone(), spine.recorded));
            }
        }
        Some(())
    }

    fn decision_named(&mut self, record: &str) -> Option<&mut Decision> {
        let record: RecordId = record.parse().ok()?;
        self.decisions.iter_mut().find(|d| d.record == record)
    }

    fn marked(&mut self, spine: &Spine) -> Option<()> {
        for category in spine.list("categories") {
            if !self.categories.contains(category) {
                self.categories.push(category.clone());
            }
        }
        self.sexual_harm |= spine.is("sexual-harm");
        Some(())
    }

    fn closed_or_opened(&mut self, spine: &Spine) -> Option<()> {
        let closes = spine.kind == Kind::Closed;
        match spine
            .subject
            .and_then(|id| self.subjects.iter_mut().find(|s| s.id == id))
        {
            Some(subject) => subject.closed = closes.then_some(spine.recorded),
            None if spine.kind != Kind::ReLabelled => self.closed = closes.then_some(spine.recorded),
            None => {}
        }
        let how = match spine.kind {
            Kind::Closed => "closed",
            Kind::ReOpened => "re-opened",
            _ => "re-labelled",
        };
        self.restarts.push(Restart {
            how: how.into(),
            at: spine.recorded,
        });
        Some(())
    }

    fn not_about(&mut self, spine: &Spine) -> Option<()> {
        if let Some(subject) = spine
            .subject
            .and_then(|id| self.subjects.iter_mut().find(|s| s.id == id))
        {
            subject.not_about = Some(spine.recorded);
            self.not_about.push(subject.named_by);
        }
        self.not_about.extend(
            spine
                .list("records")
                .iter()
                .filter_map(|r| r.parse::<RecordId>().ok()),
        );
        Some(())
    }

    fn held_or_erased(&mut self, spine: &Spine) -> Option<()> {
        let named = |name: &str| spine.text(name).and_then(|t| t.parse::<RecordId>().ok());
        match spine.kind {
            Kind::HoldSet => self.holds.push(Hold {
                record: spine.id,
                authority: spine.text("authority")?.to_owned(),
                review: spine.text("review").map(str::to_owned),
                released_by: Vec::new(),
            }),
            Kind::HoldReleased => {
                let hold = named("hold")?;
                let body = spine.text("body")?.to_owned();
                self.holds
                    .iter_mut()
                    .find(|h| h.record == hold)?
                    .released_by
                    .push(body);
            }
            Kind::ErasureAsked | Kind::MustNotBeHere => self.erasures.push(Erasure {
                asked: spine.id,
                record: named("record")?,
                field: spine.text("field")?.to_owned(),
                reason: spine.text("reason")?.to_owned(),
                by: spine.actor.clone(),
                at: spine.recorded,
                agreed: None,
                due: spine.due,
                stopped: false,
                erased: None,
                must_not_be_here: spine.kind == Kind::MustNotBeHere,
            }),
            Kind::ErasureRefused if named("asked").is_none() => {}
            kind => {
                let asked = named("asked")?;
                let erasure = self.erasures.iter_mut().find(|e| e.asked == asked)?;
                match kind {
                    Kind::ErasureAgreed => {
                        erasure.agreed = Some((spine.actor.clone(), spine.recorded));
                        erasure.due = spine.due.or(erasure.due);
                    }
                    Kind::Erased => erasure.erased = Some(spine.recorded),
                    _ => erasure.stopped = true,
                }
            }
        }
        Some(())
    }
}

/// Whether a person deciding must have seen a record of this kind. Notices and the clock's own entries do not count:
/// they would refuse every decision made while a bell rings.
pub(super) const fn is_material(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Notice
            | Kind::Lapsed
            | Kind::Climbed
            | Kind::SteppedOver
            | Kind::Shown
            | Kind::ReDated
            | Kind::Accepted
    )
}

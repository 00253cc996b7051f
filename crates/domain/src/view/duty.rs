//! Something a post must do by a time, with everything that has happened to it.

use crate::id::{DutyId, PostId, PractitionerId, RecordId, SubjectId};
use crate::record::Spine;
use crate::time::Instant;

/// Where a duty stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum State {
    /// To be done, in time so far.
    Open,
    /// To be done, and late.
    Lapsed,
    /// Ended, one way or another.
    Ended,
}

impl State {
    /// The code kept in projections.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Lapsed => "lapsed",
            Self::Ended => "ended",
        }
    }
}

/// How a duty ended. Only `done` meets its clock.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ending {
    /// `done`, `no-longer-needed`, `cannot-be-done` or `taken-over`.
    pub how: String,
    /// When it was done, or when that was decided.
    pub at: Instant,
    /// The record that says so.
    pub record: RecordId,
    /// Done after it was due: both times are shown, for ever.
    pub late: bool,
}

/// A rung of the ladder a duty has climbed to, or stepped over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rung {
    /// Its number: 1 is the first above the owner.
    pub number: u32,
    /// The post on it: accountable from here on.
    pub post: PostId,
    /// The post in which its holder was told: its own, or its deputy's.
    pub told_in: PostId,
    /// Who holds it, or who was passed; nobody for an empty post.
    pub who: Option<PractitionerId>,
    /// When it was reached.
    pub at: Instant,
    /// Why it was passed without being told, if it was.
    pub stepped_over: Option<String>,
    /// When it was told, if a notice was sent.
    pub told: Option<Instant>,
    /// Minutes it has to accept, and whether only open ones count.
    pub accept: (u32, bool),
    /// By when it should accept.
    pub accept_by: Option<Instant>,
    /// Whether nobody stands above it.
    pub top: bool,
}

/// Why a duty was made, when somebody's own duty waits for it.
pub const ASKED: &str = "asked";

/// Waiting for somebody else, beside a clock that runs on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waiting {
    /// For whom: a post that was asked, or `outside` where the record says whom in words.
    pub whom: String,
    /// Since when.
    pub since: Instant,
    /// The duty by which that post was asked, with a clock of its own.
    pub asked: Option<DutyId>,
    /// The record that says so.
    pub record: RecordId,
}

/// A duty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Duty {
    /// Its handle.
    pub id: DutyId,
    /// The subject it is for, if it is for one.
    pub subject: Option<SubjectId>,
    /// The post that must do it.
    pub owner: PostId,
    /// The rule it comes from: `C01`.
    pub clock: String,
    /// The version of the rule pack that said so.
    pub pack: String,
    /// The rule's authority, as an anchor in the law list.
    pub authority: String,
    /// The ladder it climbs.
    pub ladder: String,
    /// Why it was made: `receipt`, `decision`, `lapse`, `disagreement`, `restriction`, `second-reading`, `notice`,
    /// [`ASKED`].
    pub because: String,
    /// Whether it climbs past the first manager.
    pub child_facing: bool,
    /// Whether its clock runs at all hours.
    pub all_hours: bool,
    /// When the clock started: when this agency was told.
    pub told: Instant,
    /// When the duty was made.
    pub made: Instant,
    /// The record that made it.
    pub made_by: RecordId,
    /// When it is due.
    pub due: Instant,
    /// Due beyond the last date of its calendar: may be re-dated.
    pub provisional: bool,
    /// When it was re-dated, with what it was due before.
    pub re_dated: Vec<(Instant, Instant)>,
    /// Who took it on, in which post, when.
    pub accepted: Option<(PractitionerId, PostId, Instant)>,
    /// When it lapsed, if it did.
    pub lapsed: Option<Instant>,
    /// Every rung it reached or stepped over, in order.
    pub rungs: Vec<Rung>,
    /// Waiting for somebody else. The clock still runs.
    pub waiting: Option<Waiting>,
    /// Tries that did not achieve it: when, by when the next.
    pub tried: Vec<(Instant, Option<Instant>)>,
    /// "I cannot do this by then": who said so and when. The next move is the manager's.
    pub cannot_by_then: Option<(PractitionerId, Instant)>,
    /// Handed on and not yet accepted: to which post or agency, when.
    pub offered: Option<(String, Instant)>,
    /// How it ended, if it has.
    pub ended: Option<Ending>,
}

impl Duty {
    /// Takes an answer. Law: OWN-R13-reading (what is not mine is the next post's move, and the clock runs on).
    pub(super) fn answered(&mut self, spine: &Spine) -> Option<()> {
        let at = spine.happened.unwrap_or(spine.recorded);
        match spine.text("how")? {
            "part" | "tried" => self.tried.push((at, spine.time("next"))),
            "cannot-by-then" | "not-mine" => {
                self.cannot_by_then = Some((spine.actor.practitioner()?, spine.recorded))
            }
            "awaiting-second" => {}
            how => {
                let late = spine.recorded > self.due;
                self.ended = Some(Ending {
                    how: how.to_owned(),
                    at,
                    record: spine.id,
                    late,
                });
            }
        }
        Some(())
    }

    /// Where it stands.
    pub fn state(&self) -> State {
        match (&self.ended, self.lapsed) {
            (Some(_), _) => State::Ended,
            (None, Some(_)) => State::Lapsed,
            (None, None) => State::Open,
        }
    }

    /// Whether it is still to be done.
    pub fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// The highest rung told or reached (not stepped over), 0 for the owner.
    pub fn rung(&self) -> u32 {
        self.rungs
            .iter()
            .filter(|r| r.stepped_over.is_none())
            .map(|r| r.number)
            .max()
            .unwrap_or(0)
    }

    /// The rung it stands on now, if it has climbed.
    pub fn standing(&self) -> Option<&Rung> {
        self.rungs.iter().rfind(|rung| rung.stepped_over.is_none())
    }

    /// When the ticker must next look at it: at its due time; then, climbed and told, when the rung should have
    /// accepted. A rung that has not been told yet has no time: downtime delays the ladder and never collapses it.
    pub fn next_at(&self) -> Option<Instant> {
        if self.ended.is_some() {
            return None;
        }
        match (self.lapsed, self.standing()) {
            (None, None) => Some(self.due),
            (_, Some(rung)) if self.accepted_since(rung.at) => self.lapsed.is_none().then_some(self.due),
            (_, Some(rung)) if rung.top || !self.child_facing => None,
            (_, Some(rung)) => rung.accept_by,
            (Some(at), None) => Some(at),
        }
    }

    /// Whether a person took it on at or after `at`.
    pub fn accepted_since(&self, at: Instant) -> bool {
        self.accepted.as_ref().is_some_and(|(_, _, when)| *when >= at)
    }
}

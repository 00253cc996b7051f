//! One concern, folded from its spines.

use super::{Duty, Notice, Subject};
use crate::id::{DutyId, PostId, PractitionerId, RecordId, StreamId, SubjectId};
use crate::record::Actor;
use crate::time::Instant;

/// Why a duty was made that is only to read something: it puts nobody into the line of a decision.
const NOTICE: &str = "notice";

/// Who is accountable, since when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Owner {
    /// The post.
    pub post: PostId,
    /// Its team.
    pub team: String,
    /// Since when.
    pub since: Instant,
}

/// What was decided for one subject, or for the concern where no child is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// The record that says so.
    pub record: RecordId,
    /// Its place in the stream.
    pub sequence: u32,
    /// For whom.
    pub subject: Option<SubjectId>,
    /// The rule pack's code.
    pub outcome: String,
    /// Who decided, in which post.
    pub by: Actor,
    /// When.
    pub at: Instant,
    /// Whether a second person must agree before it takes effect, and the code of why.
    pub needs_second: Option<String>,
    /// What the second person said: agreed or not, who, when.
    pub second: Option<(bool, Actor, Instant)>,
    /// Drawn by lot for a second reading.
    pub drawn: bool,
    /// A later decision for the same subject took its place; this one stays readable.
    pub superseded: bool,
    /// Who disagreed, and when.
    pub disagreed: Vec<(Actor, Instant)>,
}

impl Decision {
    /// Whether it has taken effect.
    pub fn in_effect(&self) -> bool {
        !self.superseded
            && (self.needs_second.is_none() || self.second.as_ref().is_some_and(|(agreed, _, _)| *agreed))
    }
}

/// Somebody the ladder goes round and who is told nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exclusion {
    /// Who, whatever posts they hold.
    pub practitioner: PractitionerId,
    /// `named`, `declared`, `decided` or `complained-of`.
    pub reason: String,
    /// Whether they must meet nothing of the concern at any door (named or declared), or only keep out of the route.
    pub barred: bool,
    /// Since when.
    pub since: Instant,
}

/// A hold on a stream.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hold {
    /// The record that set it.
    pub record: RecordId,
    /// Its authority, as an anchor in the law list.
    pub authority: String,
    /// The date on which it must be looked at again.
    pub review: Option<String>,
    /// Bodies that agreed to release it. Two different ones end it.
    pub released_by: Vec<String>,
}

impl Hold {
    /// Whether it still stands.
    pub fn stands(&self) -> bool {
        let mut bodies = self.released_by.clone();
        bodies.sort();
        bodies.dedup();
        bodies.len() < 2
    }
}

/// An erasure of one field, from asking to the key's end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Erasure {
    /// The record that asked.
    pub asked: RecordId,
    /// Which record's field.
    pub record: RecordId,
    /// The field's name.
    pub field: String,
    /// The reason's code.
    pub reason: String,
    /// Who asked.
    pub by: Actor,
    /// When.
    pub at: Instant,
    /// Who agreed, when.
    pub agreed: Option<(Actor, Instant)>,
    /// When the waiting time ends.
    pub due: Option<Instant>,
    /// Refused or withdrawn.
    pub stopped: bool,
    /// When the key was destroyed.
    pub erased: Option<Instant>,
    /// "This must not be here": unreadable at once, kept for the police.
    pub must_not_be_here: bool,
}

impl Erasure {
    /// Whether the field must not be shown.
    pub fn hides(&self) -> bool {
        !self.stopped
    }
}

/// A closing, a re-opening or a re-labelling: none restarts a clock, and how often they happened stays in view.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Restart {
    /// `re-opened` or `re-labelled`, or `opened-again` where another concern took up the same telling.
    pub how: String,
    /// When.
    pub at: Instant,
}

/// Why something may not be closed: the duties still open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Closing {
    /// Nothing stands in the way.
    Allowed {
        /// Whether a duty was ever made, so that a second person must agree.
        needs_second: bool,
    },
    /// These duties are open.
    OpenDuties(Vec<DutyId>),
    /// No decision has been made, or none is in effect.
    NotDecided,
}

/// A concern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Concern {
    /// Its stream.
    pub stream: StreamId,
    /// The reference people see.
    pub reference: String,
    /// Entries so far.
    pub length: u32,
    /// The last entry that a person deciding must have seen: notices and tickings do not count.
    pub last_material: u32,
    /// 0 shared … 4 survivor-held.
    pub tier: u8,
    /// Posts it is restricted to, when it is.
    pub restricted_to: Vec<PostId>,
    /// Why it is restricted, as a code.
    pub restricted_because: Option<String>,
    /// When this agency was first told, whatever the thing has been called since.
    pub told: Instant,
    /// When it was written here.
    pub recorded: Instant,
    /// When the last entry was written.
    pub last_recorded: Instant,
    /// The record that raised it.
    pub raised: Option<RecordId>,
    /// How it came: `public-form`, `staff-form`, `telephone`, `in-person`, `letter`, `email`, `night-log`, `api`.
    pub channel: String,
    /// `yes`, `no` or `unknown`: is the child safe until the next working day.
    pub safe: String,
    /// `child`, `parent`, `work` or `private`: in which capacity somebody reported.
    pub reporter_kind: String,
    /// The sealed stream that holds who reported, if anybody said.
    pub reporter_stream: Option<StreamId>,
    /// Sexual harm or exploitation was marked by the reporter or a reader.
    pub sexual_harm: bool,
    /// What kinds of concern readers marked it as, by the rule pack's codes, each once.
    pub categories: Vec<String>,
    /// The organisation of somebody who reported in their work was confirmed, and when.
    pub reporter_confirmed: Option<Instant>,
    /// Who is accountable now.
    pub owner: Option<Owner>,
    /// Offered to somebody else and not yet accepted.
    pub offered: Option<(String, Instant)>,
    /// Who and what it mentions.
    pub subjects: Vec<Subject>,
    /// Every duty it made.
    pub duties: Vec<Duty>,
    /// Every decision.
    pub decisions: Vec<Decision>,
    /// Everybody the ladder goes round.
    pub exclusions: Vec<Exclusion>,
    /// Every notice.
    pub notices: Vec<Notice>,
    /// Every hold.
    pub holds: Vec<Hold>,
    /// Every erasure.
    pub erasures: Vec<Erasure>,
    /// Records said not to be about the person they were put on.
    pub not_about: Vec<RecordId>,
    /// Closings and openings in order.
    pub restarts: Vec<Restart>,
    /// Closed as a whole, and when.
    pub closed: Option<Instant>,
    /// Told the reporter (or not safe to tell), and when.
    pub reporter_told: Option<Instant>,
    /// A first reading by a person, and when.
    pub first_read: Option<Instant>,
}

impl Concern {
    /// Whether whoever reported may be told as a professional: in their work, and their organisation is confirmed. A
    /// program is known by its key, which stands for its organisation. Law: OWN-R16-no-account.
    pub fn reporter_in_work(&self) -> bool {
        self.reporter_kind == "work" && (self.reporter_confirmed.is_some() || self.channel == "api")
    }

    /// The duty with this handle.
    pub fn duty(&self, id: DutyId) -> Option<&Duty> {
        self.duties.iter().find(|duty| duty.id == id)
    }

    /// The subject with this handle.
    pub fn subject(&self, id: SubjectId) -> Option<&Subject> {
        self.subjects.iter().find(|subject| subject.id == id)
    }

    /// Duties still to be done.
    pub fn open_duties(&self) -> impl Iterator<Item = &Duty> {
        self.duties.iter().filter(|duty| duty.is_open())
    }

    /// The decision that stands for a subject (or for the concern, with `None`).
    pub fn decision(&self, subject: Option<SubjectId>) -> Option<&Decision> {
        self.decisions
            .iter()
            .rfind(|d| d.subject == subject && !d.superseded)
    }

    /// Whether a practitioner must meet nothing of it.
    pub fn bars(&self, who: PractitionerId) -> bool {
        self.exclusions.iter().any(|e| e.barred && e.practitioner == who)
    }

    /// Whether the ladder goes round a practitioner.
    pub fn excludes(&self, who: PractitionerId) -> bool {
        self.exclusions.iter().any(|e| e.practitioner == who)
    }

    /// Everybody who decided anything on it or holds a duty they answered: the line nobody may erase or release in.
    pub fn line(&self) -> impl Iterator<Item = PractitionerId> + '_ {
        let deciders = self.decisions.iter().flat_map(|d| {
            let second = d.second.as_ref().and_then(|(_, actor, _)| actor.practitioner());
            d.by.practitioner().into_iter().chain(second)
        });
        let doers = self
            .duties
            .iter()
            .filter(|d| d.because != NOTICE)
            .filter_map(|d| d.accepted.as_ref().map(|(who, _, _)| *who));
        deciders.chain(doers)
    }

    /// Each duty that is not a notice: whose, since when, and when it ended.
    pub fn duty_spans(&self) -> impl Iterator<Item = (&PostId, Instant, Option<Instant>)> {
        let acted = self.duties.iter().filter(|d| d.because != NOTICE);
        acted.map(|d| (&d.owner, d.made, d.ended.as_ref().map(|ended| ended.at)))
    }

    /// Whether one subject, or with `None` the whole concern, may be closed, and if not, why not.
    pub fn closing(&self, subject: Option<SubjectId>) -> Closing {
        let concerns = |duty: &&Duty| subject.is_none() || duty.subject == subject;
        let open: Vec<DutyId> = self.open_duties().filter(concerns).map(|d| d.id).collect();
        if !open.is_empty() {
            return Closing::OpenDuties(open);
        }
        let children: Vec<_> = self
            .subjects
            .iter()
            .filter(|s| s.kind == super::SubjectKind::Child)
            .collect();
        let decided = |id| self.decisions.iter().any(|d| d.subject == id && d.in_effect());
        let all = match subject {
            Some(_) => decided(subject),
            None if children.is_empty() => self.decisions.iter().any(Decision::in_effect),
            None => children.iter().all(|child| decided(Some(child.id))),
        };
        if !all {
            return Closing::NotDecided;
        }
        let by_decision = |duty: &Duty| duty.because == "decision";
        Closing::Allowed {
            needs_second: self.duties.iter().filter(concerns).any(by_decision),
        }
    }

    /// How many times it was opened again or called something else.
    pub fn times_restarted(&self) -> usize {
        self.restarts.iter().filter(|r| r.how != "closed").count()
    }
}

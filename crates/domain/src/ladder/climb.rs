//! What happens next to a duty that nobody has done: a pure function of the ladder, who sits where, and now.

use super::{Accept, Chairs, Empty, Ladder, Rung, Sitting};
use crate::calendar::Calendar;
use crate::clock::{ClockError, Facing};
use crate::id::{PostId, PractitionerId};
use crate::time::Instant;

/// Why somebody may not be told, count or decide. It follows the person through every post they hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Exclusion {
    /// Named in the concern.
    Named,
    /// Made the decision that is disputed.
    Decided,
    /// The one complained about or disagreed with.
    ComplainedOf,
    /// Has said that they know this family.
    Declared,
    /// Barred by the node.
    Barred,
}

impl Exclusion {
    /// The word written into records.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Decided => "decided",
            Self::ComplainedOf => "complained-of",
            Self::Declared => "declared",
            Self::Barred => "barred",
        }
    }

    /// The reason with this code, if there is one.
    pub fn from_code(code: &str) -> Option<Self> {
        let all = [
            Self::Named,
            Self::Decided,
            Self::ComplainedOf,
            Self::Declared,
            Self::Barred,
        ];
        all.into_iter().find(|one| one.code() == code)
    }
}

/// One person gone round, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Excluded {
    /// Who.
    pub who: PractitionerId,
    /// Why.
    pub reason: Exclusion,
}

/// Whether a rung's notice has reached it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told {
    /// Not yet: their time has not begun.
    NotYet,
    /// At this moment. Their time runs from here.
    At(Instant),
    /// By no channel. The next rung's turn is now.
    Failed,
}

/// A rung this duty has climbed to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ToldRung {
    /// The rung's post.
    pub rung: PostId,
    /// The post in which its holder was told: the rung's own, or its deputy's.
    pub post: PostId,
    /// Who was told.
    pub who: PractitionerId,
    /// How long they have, as written when the duty climbed.
    pub accept: Accept,
    /// Whether and when.
    pub told: Told,
}

/// Why a rung was passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Passed {
    /// Nobody holds it and no deputy stands in.
    Vacant,
    /// Its holder is away and no deputy stands in.
    Away,
    /// It is closed and the clock runs at all hours, or it never opens.
    OutOfHours,
    /// Held by somebody who has been told already, or who owns the duty.
    SamePerson,
    /// Held by somebody who must not be told.
    Excluded(Exclusion),
}

impl Passed {
    /// The word written into records.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Vacant => "vacant",
            Self::Away => "away",
            Self::OutOfHours => "out-of-hours",
            Self::SamePerson => "same-person",
            Self::Excluded(reason) => reason.code(),
        }
    }

    /// Whether the passing itself must be kept from the person passed.
    pub const fn is_quiet(self) -> bool {
        matches!(self, Self::Excluded(_))
    }
}

/// A rung passed, to be recorded once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SteppedOver {
    /// The rung's post.
    pub post: PostId,
    /// Whoever would have been told; none for an empty post.
    pub who: Option<PractitionerId>,
    /// Why they were not.
    pub reason: Passed,
}

/// What happens next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Next {
    /// Tell this rung.
    Climb {
        /// The rung's post: the new accountable one.
        rung: PostId,
        /// The post in which they are told: the rung's own, or its deputy's.
        post: PostId,
        /// Who sits in it.
        who: PractitionerId,
        /// How long they have once told. Write it into the record: the ladder's file may change.
        accept: Accept,
        /// By when they are to accept, were they told now. Worked out again from when they are.
        by_when: Option<Instant>,
        /// Whether this rung lies outside the line, because somebody was gone round.
        outside: bool,
        /// Whether this rung must accept.
        acceptor: bool,
    },
    /// Nothing until then. Ask again no later than this.
    WaitUntil(Instant),
    /// The last rung's notice has not reached it: the notice moves first.
    WaitForNotice,
    /// A housekeeping duty that the first manager has: it climbs no further.
    Rests,
    /// The top was told and its time has run out. It stays theirs.
    TopReached {
        /// The rung at the top.
        rung: PostId,
    },
    /// Every rung was passed, the top too. The operator is alarmed.
    Nobody,
}

/// The rungs passed, in order, and what happens next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Climbing {
    /// To be recorded before what comes next.
    pub stepped: Vec<SteppedOver>,
    /// What comes next.
    pub next: Next,
}

/// Everything that decides where a duty goes.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The ladder.
    pub ladder: &'a Ladder,
    /// Who sits where.
    pub chairs: &'a Chairs,
    /// The calendar of the posts' holidays.
    pub calendar: &'a Calendar,
    /// Whether a child waits on the clock.
    pub facing: Facing,
    /// Whether the clock runs at all hours.
    pub all_hours: bool,
    /// The post that owns the duty.
    pub owner: &'a PostId,
    /// When the duty lapsed or lapses.
    pub due: Instant,
    /// Rungs told so far, first to last.
    pub told: &'a [ToldRung],
    /// Rungs passed so far.
    pub stepped: &'a [SteppedOver],
    /// People to go round, for this concern.
    pub excluded: &'a [Excluded],
    /// People to go round, always.
    pub barred: &'a [PractitionerId],
    /// Now.
    pub now: Instant,
}

/// Where a duty that nobody has done goes next.
///
/// A rung happens once for a duty, whoever asks and however often. The next rung counts from when the last was told, so
/// that time during which nothing ran delays the ladder and never collapses it: one call climbs at most one rung.
///
/// # Errors
/// When a time lies outside civil time.
pub fn climb(situation: &Situation<'_>) -> Result<Climbing, ClockError> {
    let only = |next| Climbing {
        stepped: Vec::new(),
        next,
    };
    let now = situation.now;
    let ready = match situation.told.last() {
        None => Some(situation.due),
        Some(last) => match last.told {
            Told::NotYet => return Ok(only(Next::WaitForNotice)),
            Told::Failed => Some(now),
            Told::At(at) => situation.accept_by(last, at)?,
        },
    };
    if let Some(at) = ready.filter(|at| *at > now) {
        return Ok(only(Next::WaitUntil(at)));
    }
    if let Some(last) = situation.told.last() {
        let reached = last.told != Told::Failed;
        if situation.facing == Facing::Housekeeping && reached {
            return Ok(only(Next::Rests));
        }
        if situation.is_top(&last.rung) && reached {
            return Ok(only(Next::TopReached {
                rung: last.rung.clone(),
            }));
        }
    }
    situation.seek()
}

enum Fit<'a> {
    Tell(Sitting<'a>),
    Wait(Instant),
    Pass(Option<PractitionerId>, Passed),
}

impl<'a> Situation<'a> {
    fn accept_by(&self, last: &ToldRung, told: Instant) -> Result<Option<Instant>, ClockError> {
        match (last.accept, self.chairs.seat(&last.post)) {
            (accept, Some(seat)) => accept.by(told, &seat.hours, self.calendar),
            (Accept::Minutes(minutes), None) => Ok(Some(told.plus_minutes(i64::from(minutes)))),
            (Accept::OpenMinutes(_), None) => Ok(None),
        }
    }

    fn is_top(&self, rung: &PostId) -> bool {
        let tops = [self.ladder.in_hours.last(), self.ladder.out_of_hours.last()];
        tops.into_iter().flatten().any(|top| top.post == *rung)
    }

    /// The reason to go round somebody, if there is one.
    fn excluded(&self, who: PractitionerId) -> Option<Exclusion> {
        let named = self
            .excluded
            .iter()
            .find(|one| one.who == who)
            .map(|one| one.reason);
        named.or_else(|| self.barred.contains(&who).then_some(Exclusion::Barred))
    }

    /// The branch that counts now, from above the owner.
    fn branch(&self) -> Result<&'a [Rung], ClockError> {
        let desk = self.chairs.seat(&self.ladder.desk);
        let open = match desk.filter(|_| self.all_hours) {
            Some(seat) => seat.hours.open_at(self.now, self.calendar)?,
            None => true,
        };
        let branch = if open {
            &self.ladder.in_hours
        } else {
            &self.ladder.out_of_hours
        };
        let own = branch.iter().position(|rung| rung.post == *self.owner);
        Ok(branch
            .get(own.map_or(0, |place| place.saturating_add(1))..)
            .unwrap_or(&[]))
    }

    fn is_fresh(&self, rung: &Rung) -> bool {
        let told = self.told.iter().any(|one| one.rung == rung.post);
        !told && !self.stepped.iter().any(|one| one.post == rung.post)
    }

    /// Whether somebody on this duty's way was gone round before.
    fn went_round(&self) -> bool {
        self.stepped.iter().any(|one| one.reason.is_quiet())
    }

    fn fit(&self, rung: &Rung) -> Result<Fit<'a>, ClockError> {
        // The holder's exclusion closes the whole chair: their deputy is in their line.
        let holder = self.chairs.holder(&rung.post, self.now);
        if let Some((who, reason)) = holder.and_then(|who| Some((who, self.excluded(who)?))) {
            return Ok(Fit::Pass(Some(who), Passed::Excluded(reason)));
        }
        let sitting = match self.chairs.sitting(&rung.post, self.now) {
            Ok(sitting) => sitting,
            Err(Empty::Vacant) => return Ok(Fit::Pass(None, Passed::Vacant)),
            Err(Empty::Away) => return Ok(Fit::Pass(holder, Passed::Away)),
        };
        if let Some(reason) = self.excluded(sitting.who) {
            return Ok(Fit::Pass(Some(sitting.who), Passed::Excluded(reason)));
        }
        let owner = self.chairs.sitting(self.owner, self.now).ok().map(|one| one.who);
        let told = self
            .told
            .iter()
            .any(|one| one.who == sitting.who && one.told != Told::Failed);
        if told || owner == Some(sitting.who) {
            return Ok(Fit::Pass(Some(sitting.who), Passed::SamePerson));
        }
        let opens = sitting.seat.hours.next_opening(self.now, self.calendar)?;
        Ok(match opens {
            Some(at) if at <= self.now => Fit::Tell(sitting),
            _ if self.all_hours && rung.acceptor => Fit::Tell(sitting),
            Some(at) if !self.all_hours => Fit::Wait(at),
            _ => Fit::Pass(Some(sitting.who), Passed::OutOfHours),
        })
    }

    fn seek(&self) -> Result<Climbing, ClockError> {
        let mut line = self.branch()?.iter().filter(|rung| self.is_fresh(rung));
        let mut stepped = Vec::new();
        let mut ahead: Vec<&'a Rung> = Vec::new();
        let mut round = self.went_round();
        while !round && ahead.is_empty() {
            let Some(rung) = line.next() else { break };
            match self.fit(rung)? {
                Fit::Pass(who, reason) => {
                    round = reason.is_quiet();
                    stepped.push(passed(rung, who, reason));
                }
                Fit::Tell(_) | Fit::Wait(_) => ahead.push(rung),
            }
        }
        ahead.extend(line);
        if !round {
            return self.take(&ahead, &[], stepped);
        }
        // Everybody further up who must not know is passed now, so that the record shows the whole of it.
        let mut above = Vec::new();
        for rung in ahead {
            match self.fit(rung)? {
                Fit::Pass(who, reason) if reason.is_quiet() => stepped.push(passed(rung, who, reason)),
                _ => above.push(rung),
            }
        }
        let outside = self.ladder.outside.iter().filter(|rung| self.is_fresh(rung));
        let outside: Vec<&Rung> = outside.collect();
        above.retain(|rung| outside.iter().all(|other| other.post != rung.post));
        self.take(&above, &outside, stepped)
    }

    /// The first rung that can be told: those outside the line before those above on it.
    fn take(
        &self,
        above: &[&'a Rung],
        outside: &[&'a Rung],
        mut stepped: Vec<SteppedOver>,
    ) -> Result<Climbing, ClockError> {
        let round = outside.iter().map(|rung| (rung, true));
        for (rung, outside) in round.chain(above.iter().map(|rung| (rung, false))) {
            let next = match self.fit(rung)? {
                Fit::Pass(who, reason) => {
                    stepped.push(passed(rung, who, reason));
                    continue;
                }
                Fit::Wait(at) => Next::WaitUntil(at),
                Fit::Tell(sitting) => Next::Climb {
                    rung: rung.post.clone(),
                    post: sitting.seat.post.clone(),
                    who: sitting.who,
                    accept: rung.accept,
                    by_when: rung.accept.by(self.now, &sitting.seat.hours, self.calendar)?,
                    outside,
                    acceptor: rung.acceptor,
                },
            };
            return Ok(Climbing { stepped, next });
        }
        let next = Next::Nobody;
        Ok(Climbing { stepped, next })
    }
}

fn passed(rung: &Rung, who: Option<PractitionerId>, reason: Passed) -> SteppedOver {
    SteppedOver {
        post: rung.post.clone(),
        who,
        reason,
    }
}

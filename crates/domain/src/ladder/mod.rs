//! Ladders: who is told when nobody acts, and who is gone round.
//!
//! A ladder is data. It has a branch for the day desk's hours, one for all other hours, and a route outside the line for
//! when somebody on it may not know. At its top stand posts that must accept: the safeguarding partners' lead and the
//! independent scrutineer. An inspectorate is never a rung. A rung is known by its post, so that a ladder re-ordered
//! while a duty climbs tells nobody twice.

mod chairs;
mod climb;
mod gap;

pub use chairs::{Away, Chairs, Empty, Held, Seat, Sitting};
pub use climb::{Climbing, Excluded, Exclusion, Next, Passed, Situation, SteppedOver, Told, ToldRung, climb};
pub use gap::{Gap, Tick, gap};

use std::fmt;
use std::str::FromStr;

use crate::calendar::Calendar;
use crate::clock::ClockError;
use crate::hours::Hours;
use crate::id::PostId;
use crate::time::Instant;

/// How long the holder of a rung has to accept, counted from when they were told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Accept {
    /// Minutes that pass, night and day.
    Minutes(u32),
    /// Minutes during which the post told is open.
    OpenMinutes(u32),
}

/// Why text is not a time to accept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "a time to accept is written `30 minutes`, `2 hours`, `30 open minutes` or `4 open hours`, and is more than nothing"
)]
pub struct NotAccept;

impl fmt::Display for Accept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Minutes(minutes) => write!(f, "{minutes} minutes"),
            Self::OpenMinutes(minutes) => write!(f, "{minutes} open minutes"),
        }
    }
}

impl FromStr for Accept {
    type Err = NotAccept;

    fn from_str(text: &str) -> Result<Self, NotAccept> {
        let (number, unit) = text.split_once(' ').ok_or(NotAccept)?;
        let number = number.parse::<u32>().ok().filter(|n| *n > 0).ok_or(NotAccept)?;
        let hours = number.checked_mul(60).ok_or(NotAccept);
        match unit {
            "minute" | "minutes" => Ok(Self::Minutes(number)),
            "hour" | "hours" => Ok(Self::Minutes(hours?)),
            "open minute" | "open minutes" => Ok(Self::OpenMinutes(number)),
            "open hour" | "open hours" => Ok(Self::OpenMinutes(hours?)),
            _ => Err(NotAccept),
        }
    }
}

impl Accept {
    /// By when a rung told at `told` is to accept. None if the post is not open that long within eleven years.
    ///
    /// # Errors
    /// When the time lies outside civil time.
    pub fn by(
        self,
        told: Instant,
        hours: &Hours,
        calendar: &Calendar,
    ) -> Result<Option<Instant>, ClockError> {
        match self {
            Self::Minutes(minutes) => Ok(Some(told.plus_minutes(i64::from(minutes)))),
            Self::OpenMinutes(minutes) => Ok(hours.plus_open_minutes(told, minutes, calendar)?),
        }
    }
}

/// One rung: a post and its time to accept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rung {
    /// The post told.
    pub post: PostId,
    /// How long it has.
    pub accept: Accept,
    /// Whether it is one of those at the top who must accept. Never passed for its hours.
    pub acceptor: bool,
}

/// Who is above a post, by day and by night, and who stands outside the line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ladder {
    /// Its id in the agency's file.
    pub id: String,
    /// The post whose hours decide between the two branches for clocks that run at all hours.
    pub desk: PostId,
    /// The rungs while the desk is open, lowest first.
    pub in_hours: Vec<Rung>,
    /// The rungs at all other times, lowest first.
    pub out_of_hours: Vec<Rung>,
    /// Posts outside the line, told first once anybody on the line had to be gone round.
    pub outside: Vec<Rung>,
}

/// What makes a ladder unfit to be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LadderFault {
    /// A branch without rungs.
    #[error("the branch `{0}` has no rung")]
    Empty(&'static str),
    /// The last rung is not one that must accept.
    #[error(
        "the branch `{0}` does not end with a post that must accept (a safeguarding partners' lead or the independent scrutineer)"
    )]
    NoTop(&'static str),
    /// Nobody to go round to.
    #[error("there is no post outside the line to go round to")]
    NoWayRound,
    /// One post twice in a branch.
    #[error("`{0}` stands twice in one branch")]
    Twice(PostId),
    /// A post that is on the line cannot be outside it.
    #[error("`{0}` is on the line and cannot be the way round it")]
    OnTheLine(PostId),
    /// A post that is not in the agency's file.
    #[error("there is no post `{0}`")]
    NoSuchPost(PostId),
}

impl Ladder {
    /// The rungs in all branches.
    pub fn rungs(&self) -> impl Iterator<Item = &Rung> {
        self.in_hours
            .iter()
            .chain(&self.out_of_hours)
            .chain(&self.outside)
    }

    /// Everything wrong with the ladder; `known` says whether a post exists. Empty when it may be used.
    pub fn faults(&self, known: impl Fn(&PostId) -> bool) -> Vec<LadderFault> {
        let mut faults = Vec::new();
        for (name, branch) in [("in_hours", &self.in_hours), ("out_of_hours", &self.out_of_hours)] {
            match branch.last() {
                None => faults.push(LadderFault::Empty(name)),
                Some(top) if !top.acceptor => faults.push(LadderFault::NoTop(name)),
                Some(_) => {}
            }
        }
        if self.outside.is_empty() {
            faults.push(LadderFault::NoWayRound);
        }
        for branch in [&self.in_hours, &self.out_of_hours, &self.outside] {
            for (place, rung) in branch.iter().enumerate() {
                if branch.iter().take(place).any(|below| below.post == rung.post) {
                    faults.push(LadderFault::Twice(rung.post.clone()));
                }
            }
        }
        let line = || self.in_hours.iter().chain(&self.out_of_hours);
        for rung in &self.outside {
            if line().any(|inner| inner.post == rung.post && !inner.acceptor) {
                faults.push(LadderFault::OnTheLine(rung.post.clone()));
            }
        }
        let mut posts: Vec<&PostId> = self.rungs().map(|rung| &rung.post).chain([&self.desk]).collect();
        posts.sort_unstable();
        posts.dedup();
        let missing = posts.into_iter().filter(|post| !known(post)).cloned();
        faults.extend(missing.map(LadderFault::NoSuchPost));
        faults
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn times_to_accept_are_read_and_written() {
        for (text, accept) in [
            ("30 minutes", Accept::Minutes(30)),
            ("2 hours", Accept::Minutes(120)),
            ("1 open hour", Accept::OpenMinutes(60)),
        ] {
            assert_eq!(text.parse(), Ok(accept));
            assert_eq!(accept.to_string().parse(), Ok(accept));
        }
        for wrong in ["", "30", "0 minutes", "-1 hours", "4294967295 hours", "3 days"] {
            assert_eq!(wrong.parse::<Accept>(), Err(NotAccept), "{wrong}");
        }
    }
}

//! Who sits where at a moment: holders, deputies, absences and vacancies.

use std::collections::{BTreeMap, BTreeSet};

use crate::hours::Hours;
use crate::id::{PostId, PractitionerId};
use crate::time::Instant;

/// A post as ladders see it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seat {
    /// The post.
    pub post: PostId,
    /// When it is open.
    pub hours: Hours,
    /// The post whose holder acts when this one's holder is away or there is none.
    pub deputy: Option<PostId>,
}

/// That somebody holds a post, from when, and until when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    /// The post.
    pub post: PostId,
    /// Who.
    pub who: PractitionerId,
    /// From this moment.
    pub from: Instant,
    /// Until just before this one; none while it lasts.
    pub to: Option<Instant>,
}

/// That somebody is away, from when, and until when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Away {
    /// Who.
    pub who: PractitionerId,
    /// From this moment.
    pub from: Instant,
    /// Until just before this one; none while it lasts.
    pub to: Option<Instant>,
}

fn covers(from: Instant, to: Option<Instant>, at: Instant) -> bool {
    from <= at && to.is_none_or(|to| at < to)
}

/// Why nobody sits in a post.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Empty {
    /// Nobody holds it, and no deputy stands in.
    Vacant,
    /// Its holder is away, and no deputy stands in.
    Away,
}

/// Somebody acting for a post.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sitting<'a> {
    /// Who acts.
    pub who: PractitionerId,
    /// In which post they are told: the post itself, or its deputy's.
    pub seat: &'a Seat,
    /// The holder they stand in for, if the post has one and it is another person.
    pub instead_of: Option<PractitionerId>,
}

/// All posts, with who holds them and who is away.
#[derive(Clone, Debug, Default)]
pub struct Chairs {
    seats: BTreeMap<PostId, Seat>,
    held: BTreeMap<PostId, Vec<Held>>,
    away: BTreeMap<PractitionerId, Vec<Away>>,
}

impl Chairs {
    /// Puts the three lists together.
    pub fn new(seats: Vec<Seat>, held: Vec<Held>, away: Vec<Away>) -> Self {
        let mut chairs = Self {
            seats: seats.into_iter().map(|seat| (seat.post.clone(), seat)).collect(),
            ..Self::default()
        };
        for one in held {
            chairs.held.entry(one.post.clone()).or_default().push(one);
        }
        for one in away {
            chairs.away.entry(one.who).or_default().push(one);
        }
        chairs
    }

    /// A post's hours and deputy.
    pub fn seat(&self, post: &PostId) -> Option<&Seat> {
        self.seats.get(post)
    }

    /// Who holds a post at a moment, present or not. The latest taken, should two records overlap.
    pub fn holder(&self, post: &PostId, at: Instant) -> Option<PractitionerId> {
        let held = self.held.get(post)?;
        let now = held.iter().filter(|one| covers(one.from, one.to, at));
        now.max_by_key(|one| one.from).map(|one| one.who)
    }

    /// Whether somebody held a post at any moment between two, however they came to it and whoever holds it now.
    pub fn held_between(&self, who: PractitionerId, post: &PostId, from: Instant, to: Instant) -> bool {
        let held = self.held.get(post).into_iter().flatten();
        let meets = |one: &Held| one.from <= to && one.to.is_none_or(|end| end > from);
        held.filter(|one| one.who == who).any(meets)
    }

    /// Every post somebody holds at a moment.
    pub fn posts_of(&self, who: PractitionerId, at: Instant) -> Vec<PostId> {
        let posts = self.held.keys();
        posts
            .filter(|post| self.holder(post, at) == Some(who))
            .cloned()
            .collect()
    }

    /// Whether somebody is away at a moment.
    pub fn is_away(&self, who: PractitionerId, at: Instant) -> bool {
        let away = self.away.get(&who).map_or(&[][..], Vec::as_slice);
        away.iter().any(|one| covers(one.from, one.to, at))
    }

    /// Who acts for a post at a moment: its holder, else its deputy, else the deputy's deputy.
    ///
    /// # Errors
    /// When nobody does, and whether that is because the post is vacant or its holder away.
    pub fn sitting(&self, post: &PostId, at: Instant) -> Result<Sitting<'_>, Empty> {
        let holder = self.holder(post, at);
        let mut seen = BTreeSet::new();
        let mut next = self.seats.get(post);
        while let Some(seat) = next {
            if !seen.insert(&seat.post) {
                break;
            }
            if let Some(who) = self.holder(&seat.post, at).filter(|who| !self.is_away(*who, at)) {
                let instead_of = holder.filter(|holder| *holder != who);
                return Ok(Sitting {
                    who,
                    seat,
                    instead_of,
                });
            }
            next = seat.deputy.as_ref().and_then(|deputy| self.seats.get(deputy));
        }
        Err(if holder.is_some() {
            Empty::Away
        } else {
            Empty::Vacant
        })
    }
}

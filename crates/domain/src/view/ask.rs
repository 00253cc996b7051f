//! Letting somebody in: asked by whoever runs the node, in force once a second person has agreed.

use super::people::Practitioner;
use crate::id::{PostId, RecordId};
use crate::record::{Actor, Spine};
use crate::time::Instant;

/// What is asked for somebody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Letting {
    /// Somebody new: their posts and their first invitation.
    New,
    /// One more post.
    Post,
    /// A new invitation, for whoever lost what they sign in with.
    Invited,
    /// A closed account is opened again.
    ReOpened,
}

impl Letting {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::New, Self::Post, Self::Invited, Self::ReOpened];

    /// The code written into the record.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Post => "post",
            Self::Invited => "invited",
            Self::ReOpened => "re-opened",
        }
    }

    /// The one with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// Whether agreeing makes a link with which somebody gets in.
    #[must_use]
    pub const fn invites(self) -> bool {
        !matches!(self, Self::Post)
    }
}

/// Somebody asked that a person be let in. Nothing is changed until another person agrees.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ask {
    /// The record that asked.
    pub asked: RecordId,
    /// Who asked; [`Actor::Node`] is whoever has the machine.
    pub by: Actor,
    /// When.
    pub at: Instant,
    /// What for.
    pub what: Letting,
    /// Into which posts; none for a new invitation.
    pub posts: Vec<PostId>,
    /// Until when they would hold them; for good when it is not said.
    pub until: Option<Instant>,
    /// Who agreed, and when.
    pub agreed: Option<(Actor, Instant)>,
    /// Who refused or took it back, and when.
    pub refused: Option<(Actor, Instant)>,
}

impl Ask {
    /// For how many days it can be agreed to: nothing forgotten opens a door.
    pub const DAYS: i64 = 14;

    pub(super) fn of(spine: &Spine) -> Option<Self> {
        Some(Self {
            asked: spine.id,
            by: spine.actor.clone(),
            at: spine.recorded,
            what: Letting::from_code(spine.text("how")?)?,
            posts: spine.posts.clone(),
            until: spine.time("until"),
            agreed: None,
            refused: None,
        })
    }

    /// When it can no longer be agreed to.
    pub fn ends(&self) -> Instant {
        self.at.plus_minutes(Self::DAYS * 24 * 60)
    }

    /// Whether nobody has answered it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.agreed.is_none() && self.refused.is_none()
    }

    /// Whether it still waits for a second person.
    pub fn waits(&self, now: Instant) -> bool {
        self.is_open() && now < self.ends()
    }

    /// Whether agreeing to it gives what is asked here. Any two that invite do: each ends in one link for one person.
    fn gives(&self, what: Letting, posts: &[PostId]) -> bool {
        match what.invites() {
            true => self.what.invites(),
            false => self.what == what && self.posts == posts,
        }
    }
}

impl Practitioner {
    /// What was asked in this record, if it was and stands here.
    pub fn ask(&self, asked: RecordId) -> Option<&Ask> {
        self.asks.iter().find(|ask| ask.asked == asked)
    }

    /// Whether the same is asked for them already, and waits.
    pub fn is_asked(&self, what: Letting, posts: &[PostId], now: Instant) -> bool {
        let mut waiting = self.asks.iter().filter(|ask| ask.waits(now));
        waiting.any(|ask| ask.gives(what, posts))
    }

    /// Takes the second person's answer to the one ask it names. An answer that names none answers none.
    pub(super) fn settle(&mut self, spine: &Spine, agreed: bool) {
        let Some(asked) = spine.text("asked").and_then(|id| id.parse::<RecordId>().ok()) else {
            return;
        };
        let mut open = self.asks.iter_mut().filter(|ask| ask.is_open());
        let Some(ask) = open.find(|ask| ask.asked == asked) else {
            return;
        };
        let by = Some((spine.actor.clone(), spine.recorded));
        if agreed {
            ask.agreed = by;
        } else {
            ask.refused = by;
        }
    }

    /// Takes the closing of the account, which refuses whatever waits.
    pub(super) fn refuse_all(&mut self, spine: &Spine) {
        for ask in self.asks.iter_mut().filter(|ask| ask.is_open()) {
            ask.refused = Some((spine.actor.clone(), spine.recorded));
        }
    }
}

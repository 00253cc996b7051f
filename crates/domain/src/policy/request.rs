//! What is asked of the policy: who, and about what.

use std::collections::BTreeSet;

use super::vocabulary::{Item, Relations, Role, Tier};
use crate::id::{AgencyId, PostId, PractitionerId, StreamId};
use crate::record::Actor;
use crate::time::Instant;

/// A team, written `agency/team` like a post.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TeamId(PostId);

impl TeamId {
    /// `agency/team`.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl std::str::FromStr for TeamId {
    type Err = crate::id::IdError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// An inspector's access: a record with a scope and an end, granted by two posts. It ends by itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    /// In force from this instant …
    pub from: Instant,
    /// … up to, not including, this one.
    pub to: Instant,
    /// The agency inspected.
    pub agency: AgencyId,
    /// Concerns told to the agency from this instant …
    pub told_from: Instant,
    /// … up to, not including, this one.
    pub told_to: Instant,
    /// Whether the power relied on reaches sealed items.
    pub warrant: bool,
    /// The streams of the sample, once drawn.
    pub sample: BTreeSet<StreamId>,
}

impl Grant {
    /// Whether it is in force.
    pub fn in_force(&self, now: Instant) -> bool {
        self.from <= now && now < self.to
    }

    /// Whether a stream of `agency`, told at `told`, lies within it.
    pub fn covers(&self, agency: &AgencyId, told: Instant) -> bool {
        self.agency == *agency && self.told_from <= told && told < self.told_to
    }
}

/// The person who asks, in the post they act in. Built by `node` from a session and a fold, never from a request's body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Who {
    /// Who, and in which post. [`Actor::Node`] is never permitted anything: what the node does by itself opens no content.
    pub actor: Actor,
    /// What that post is. A guest post has roles as its own agency gave them.
    pub roles: Vec<Role>,
    /// The team that post is in.
    pub team: Option<TeamId>,
    /// Whether the practitioner is a registered social worker.
    pub registered_social_worker: bool,
    /// The inspector's grant under which they look.
    pub grant: Option<Grant>,
    /// The report whose code and word were given, for somebody with no account.
    pub way_back: Option<StreamId>,
}

impl Who {
    /// A practitioner in a post.
    pub fn in_post(who: PractitionerId, post: PostId, roles: &[Role]) -> Self {
        Self {
            actor: Actor::Practitioner { who, post },
            roles: roles.to_vec(),
            team: None,
            registered_social_worker: false,
            grant: None,
            way_back: None,
        }
    }

    /// Somebody who came back with the code and the word of one report.
    pub fn reporter(report: StreamId) -> Self {
        Self {
            actor: Actor::Reporter,
            roles: vec![Role::Reporter],
            team: None,
            registered_social_worker: false,
            grant: None,
            way_back: Some(report),
        }
    }

    /// In this team.
    #[must_use]
    pub fn team(mut self, team: TeamId) -> Self {
        self.team = Some(team);
        self
    }

    /// Under this grant.
    #[must_use]
    pub fn grant(mut self, grant: Grant) -> Self {
        self.grant = Some(grant);
        self
    }

    /// A registered social worker.
    #[must_use]
    pub fn registered(mut self) -> Self {
        self.registered_social_worker = true;
        self
    }
}

/// One thing on one stream, with what is folded about it and about the asker's part in it.
/// [`super::audience::Facts::what`] makes it; `node` sets `first`, `hidden`, `unreadable` and `in_work` where they apply.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct What {
    /// What kind of thing.
    pub item: Item,
    /// On which stream.
    pub stream: StreamId,
    /// The stream's tier.
    pub tier: Tier,
    /// How the asker stands to it.
    pub relations: Relations,
    /// The asker is named in it, declared a conflict, or made what is in dispute.
    pub barred: bool,
    /// The asker decided on it, or owns or owned a duty on it.
    pub line: bool,
    /// The asker did the first of the two acts of which this is the second.
    pub first: bool,
    /// A hold stands on the stream.
    pub held: bool,
    /// The field waits to be erased.
    pub hidden: bool,
    /// Somebody said that it must not be here.
    pub unreadable: bool,
    /// Whoever reported did so in their work and is named.
    pub in_work: bool,
}

impl What {
    /// `item` on `stream`, with no relation and nothing known against it.
    pub const fn new(item: Item, stream: StreamId, tier: Tier) -> Self {
        Self {
            item,
            stream,
            tier,
            relations: Relations::NONE,
            barred: false,
            line: false,
            first: false,
            held: false,
            hidden: false,
            unreadable: false,
            in_work: false,
        }
    }

    /// With these relations.
    #[must_use]
    pub const fn to(mut self, relations: Relations) -> Self {
        self.relations = relations;
        self
    }
}

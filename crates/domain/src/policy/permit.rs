//! The three answers: a [`Permit`], a [`Scope`], or [`Denied`].
//!
//! None can be made outside `domain::policy`: their fields are private and their makers are seen by this module's
//! parent alone. A store function that opens content takes a `Permit` or a `Scope` **by value**, and takes the stream
//! or the audiences from it, never as a second argument.

use super::audience::Facts;
use super::purpose::Purpose;
use super::request::Grant;
use super::vocabulary::{Action, Item};
use crate::id::StreamId;
use crate::record::Actor;

/// Leave for one actor to do one action to one thing on one stream, for one purpose, once.
///
/// It is neither `Clone` nor `Copy`: a store read consumes it, and what was shown is written before the answer.
///
/// ```compile_fail
/// let permit = domain::policy::Permit { };
/// ```
#[derive(PartialEq, Eq, Debug)]
#[must_use = "a permit is leave to do one thing, and is consumed by doing it"]
pub struct Permit {
    actor: Actor,
    action: Action,
    item: Item,
    stream: StreamId,
    purpose: Purpose,
}

impl Permit {
    pub(super) const fn new(
        actor: Actor,
        action: Action,
        item: Item,
        stream: StreamId,
        purpose: Purpose,
    ) -> Self {
        Self {
            actor,
            action,
            item,
            stream,
            purpose,
        }
    }

    /// Who.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// May do what.
    pub const fn action(&self) -> Action {
        self.action
    }

    /// To what.
    pub const fn item(&self) -> Item {
        self.item
    }

    /// On which stream, and no other.
    pub const fn stream(&self) -> StreamId {
        self.stream
    }

    /// And why: written into what was shown.
    pub const fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// Whether the custodian must be told at once and the look reviewed within one working day.
    pub const fn is_emergency(&self) -> bool {
        matches!(self.purpose, Purpose::Emergency(_))
    }
}

/// The permit of a set: leave to list, count, search or export what the actor's principals may know of.
///
/// A set is a join: a stream is in it when an `audience` row of the stream has a principal in
/// [`Scope::principals`] and **no** `barred` row of the stream has one. Every row that is then shown is decided again
/// with [`super::Policy::decide`]; a row whose `Know` is refused there is dropped **and raises an alarm**, because the
/// projection and the policy have come apart. (A refusal of the row's *words* is no alarm: they are held back.)
#[derive(PartialEq, Eq, Debug)]
#[must_use = "a scope is leave to read one set, and is consumed by reading it"]
pub struct Scope {
    actor: Actor,
    action: Action,
    item: Item,
    principals: Vec<String>,
    purpose: Purpose,
    grant: Option<Grant>,
}

impl Scope {
    pub(super) const fn new(
        actor: Actor,
        action: Action,
        item: Item,
        principals: Vec<String>,
        purpose: Purpose,
        grant: Option<Grant>,
    ) -> Self {
        Self {
            actor,
            action,
            item,
            principals,
            purpose,
            grant,
        }
    }

    /// Who.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// May do what.
    pub const fn action(&self) -> Action {
        self.action
    }

    /// To which kind of thing.
    pub const fn item(&self) -> Item {
        self.item
    }

    /// Whether the stream with these facts is in the set: the naive filter that every join must agree with.
    pub fn holds(&self, facts: &Facts) -> bool {
        let rows = super::audience::principals(facts);
        let mut mine = rows
            .iter()
            .filter(|row| self.principals.contains(&row.principal))
            .peekable();
        mine.peek().is_some()
            && mine.all(|row| !row.barred)
            && self
                .grant
                .as_ref()
                .is_none_or(|grant| grant.covers(&facts.agency, facts.told))
    }

    /// The principals to join `audience` on, sorted; see [`super::audience`] for how they are written. The actor's own
    /// `practitioner:` principal is always among them: it is what `barred` rows name.
    pub fn principals(&self) -> &[String] {
        &self.principals
    }

    /// And why.
    pub const fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// The inspector's grant that narrows the set further: only streams that it covers.
    pub const fn grant(&self) -> Option<&Grant> {
        self.grant.as_ref()
    }
}

/// No. To whoever asked, exactly as if there were nothing there.
///
/// The text of this error says nothing else on purpose: `node` maps it to the same *not found* as an id that does not
/// exist. [`Denied::reasons`] is for the operator's alarm and for tests, and is never shown, counted or timed apart.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not found")]
pub struct Denied {
    reasons: Vec<String>,
}

impl Denied {
    pub(super) const fn new(reasons: Vec<String>) -> Self {
        Self { reasons }
    }

    /// The ids of the rules that refused it, sorted; `no-rule-permits` when none allowed it; `cannot-be-evaluated`
    /// when a rule failed.
    pub fn reasons(&self) -> &[String] {
        &self.reasons
    }
}

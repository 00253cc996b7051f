//! Who may know, see and do what, and why: one decision for page, API, search, count, export, graph and notice.
//!
//! The rules are Cedar text in `rules/policy`, with a schema, reviewed like law; their effect is written out as a table
//! in `tests/it/snapshots/policy-matrix.txt`. The engine is named in one private file of this module and nowhere else.
//!
//! # How `node` uses it
//!
//! 1. **One thing.** Fold [`audience::Facts`] of the stream; `let what = facts.what(&who, item)`; take
//!    [`Purpose::follows`] or, when it is none, the reason the person states; [`Policy::decide`]. The [`Permit`] goes by
//!    value into the store function that opens content, which takes the stream from it. What was shown is written, with
//!    the permit's purpose, before the answer.
//! 2. **A set.** [`Policy::scope`]; the store joins `audience` on the [`Scope`]'s principals, minus `barred` rows; every
//!    row shown is decided again as in 1. A row whose [`Action::Know`] is refused is dropped and raises an alarm.
//! 3. **No.** [`Denied`] maps to the same *not found* as an id that does not exist, at every door.
//! 4. **An emergency** ([`Permit::is_emergency`]) writes a notice to the custodian and a duty to review within one
//!    working day in the same transaction as what was shown.
//!
//! Folding and deciding read spines and `now`, open no content and need no permit.

pub mod audience;
mod engine;
mod permit;
mod purpose;
mod request;
mod vocabulary;

pub use permit::{Denied, Permit, Scope};
pub use purpose::Purpose;
pub use request::{Grant, TeamId, What, Who};
pub use vocabulary::{Action, Item, Relation, Relations, Role, Tier};

use crate::id::StreamId;
use crate::record::Actor;
use crate::time::Instant;

/// The schema in `rules/policy`: the words policies may use.
pub const SCHEMA: &str = include_str!("../../../../rules/policy/schema.cedarschema");

/// The policies in `rules/policy`.
pub const POLICIES: &str = concat!(
    include_str!("../../../../rules/policy/knowing.cedar"),
    include_str!("../../../../rules/policy/reading.cedar"),
    include_str!("../../../../rules/policy/acting.cedar"),
    include_str!("../../../../rules/policy/keeping.cedar"),
    include_str!("../../../../rules/policy/never.cedar"),
);

/// Why a policy cannot be used. Stops the start; says what and where, and holds nothing personal.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PolicyError {
    /// The schema cannot be read.
    #[error("the policy schema cannot be used: {0}")]
    Schema(String),
    /// A policy cannot be read.
    #[error("a policy cannot be read: {0}")]
    Syntax(String),
    /// A policy has no `@id`.
    #[error("a policy has no `@id`: {0}")]
    Unnamed(String),
    /// A policy has no `@why`.
    #[error("policy `{0}` has no `@why`")]
    Unexplained(String),
    /// Two policies have the same `@id`.
    #[error("two policies are called `{0}`")]
    Repeated(String),
    /// A policy names something that the schema does not have, or can never apply.
    #[error("policy `{policy}` does not fit the schema: {detail}")]
    Invalid {
        /// The policy's `@id`.
        policy: String,
        /// What is wrong, naming it.
        detail: String,
    },
    /// A word of the program and a word of the schema are not the same list.
    #[error("the schema and the program do not share the word {0}")]
    Word(String),
}

/// A loaded and validated policy. A value: any number may exist side by side; deciding needs only `&self`.
pub struct Policy {
    engine: engine::Engine,
    text: String,
}

impl std::fmt::Debug for Policy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Policy")
    }
}

impl Policy {
    /// Reads policies and schema and validates them strictly: an unknown attribute, word, action or thing, a policy
    /// without `@id` and `@why`, or one that can never apply is an error.
    ///
    /// # Errors
    /// [`PolicyError`], naming the policy and what is wrong with it.
    pub fn load(policies: &str, schema: &str) -> Result<Self, PolicyError> {
        engine::Engine::load(policies, schema).map(|engine| Self {
            engine,
            text: format!("{schema}\n{policies}"),
        })
    }

    /// The policies this program was built with.
    ///
    /// # Errors
    /// Never, as long as the tests pass: they load it.
    pub fn standard() -> Result<Self, PolicyError> {
        Self::load(POLICIES, SCHEMA)
    }

    /// What was read, schema first: whoever keeps a record of which policy was in force keeps a digest of this.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether `action` can be asked of `item` at all, by anybody.
    pub fn applies(&self, action: Action, item: Item) -> bool {
        self.engine.applies(action, item)
    }

    /// May `who` do `action` to `what`, for `purpose`, at `now`?
    ///
    /// # Errors
    /// [`Denied`], the same to every caller whatever the reason.
    pub fn decide(
        &self,
        who: &Who,
        action: Action,
        what: &What,
        purpose: &Purpose,
        now: Instant,
    ) -> Result<Permit, Denied> {
        self.ask(who, action, what, purpose, now)?;
        let actor = who.actor.clone();
        Ok(Permit::new(
            actor,
            action,
            what.item,
            what.stream,
            purpose.clone(),
        ))
    }

    /// May `who` have `action` done over the set of `item`s they may know of, for `purpose`, at `now`?
    ///
    /// The principals are those through which the policy lets `who` do it to something; the purpose is what is written
    /// for the whole set, while each row shown is decided with its own.
    ///
    /// # Errors
    /// [`Denied`] when there is no principal through which anything could be in the set.
    pub fn scope(
        &self,
        who: &Who,
        action: Action,
        item: Item,
        purpose: Purpose,
        now: Instant,
    ) -> Result<Scope, Denied> {
        let Some(practitioner) = who.actor.practitioner() else {
            return Err(Denied::new(vec!["no-set-for-this-actor".to_owned()]));
        };
        let mut principals: Vec<String> = audience::candidates(who)
            .into_iter()
            .filter(|(_, relations)| {
                relations
                    .iter()
                    .any(|relation| self.reaches(who, action, item, *relation, &purpose, now))
            })
            .map(|(principal, _)| principal)
            .collect();
        if principals.is_empty() {
            return Err(Denied::new(vec!["no-principal-reaches-anything".to_owned()]));
        }
        principals.push(audience::practitioner_principal(practitioner));
        principals.sort();
        let grant = who.grant.clone().filter(|_| who.roles.contains(&Role::Inspector));
        Ok(Scope::new(
            who.actor.clone(),
            action,
            item,
            principals,
            purpose,
            grant,
        ))
    }

    /// Whether `relation` alone lets `who` do `action` to an `item` of any tier: by the purpose that follows from it,
    /// or by the one stated.
    fn reaches(
        &self,
        who: &Who,
        action: Action,
        item: Item,
        relation: Relation,
        stated: &Purpose,
        now: Instant,
    ) -> bool {
        Tier::ALL.iter().any(|tier| {
            let what =
                What::new(item, StreamId([0; 16]), *tier).to([relation].into_iter().collect::<Relations>());
            let follows = Purpose::follows(who, action, &what);
            let purpose = match (stated.reason(), &follows) {
                (None, Some(follows)) => follows,
                _ => stated,
            };
            self.ask(who, action, &what, purpose, now).is_ok()
        })
    }

    fn ask(
        &self,
        who: &Who,
        action: Action,
        what: &What,
        purpose: &Purpose,
        now: Instant,
    ) -> Result<(), Denied> {
        let deny = |reason: &str| Err(Denied::new(vec![reason.to_owned()]));
        if who.actor == Actor::Node {
            return deny("the-node-looks-at-nothing");
        }
        if (who.actor == Actor::Reporter) != who.roles.contains(&Role::Reporter) {
            return deny("role-and-actor-disagree");
        }
        if !self.engine.applies(action, what.item) {
            return deny("no-such-question");
        }
        let grant = who.grant.as_ref().filter(|grant| grant.in_force(now));
        let person = engine::Person {
            roles: &who.roles,
            registered: who.registered_social_worker,
            grant: grant.is_some(),
            warrant: grant.is_some_and(|grant| grant.warrant),
        };
        match self.engine.decide(&person, action, what, purpose) {
            engine::Answer::Permit => Ok(()),
            engine::Answer::Deny(reasons) => Err(Denied::new(reasons)),
        }
    }
}

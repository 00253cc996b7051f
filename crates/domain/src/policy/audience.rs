//! Who may know that a stream exists: rows derived from folded facts, and nothing else.
//!
//! `node` folds [`Facts`] from spines, writes [`principals`] as the stream's `audience` rows in the transaction of the
//! record that changed them, and makes the [`What`] of a decision from the same facts with [`Facts::what`]. So a set
//! (a join on rows) and a decision (Cedar) read one source, and a test holds that they agree.
//!
//! A principal is text: `post:northmere/hub`, `practitioner:<32 hex>`, `team:northmere/hub-team`,
//! `agency:northmere` (those whose office is enough), `network:wrenford`, `inspection:northmere`, `warrant:northmere`.

use std::collections::BTreeSet;

use super::request::{TeamId, What, Who};
use super::vocabulary::{Item, Relation, Relations, Role, Tier};
use crate::id::{AgencyId, PostId, PractitionerId, StreamId};
use crate::record::Actor;
use crate::time::Instant;

/// What is folded about one stream that decides who may know of it. Order never matters: everything is a set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    /// The stream.
    pub stream: StreamId,
    /// The agency that holds it.
    pub agency: AgencyId,
    /// Its tier now.
    pub tier: Tier,
    /// When the agency was told; an inspector's grant is scoped by it.
    pub told: Instant,
    /// Which posts stand in which relation: owner **and the owner's deputy** both as [`Relation::Owner`], deciding post
    /// and deputy both as [`Relation::Decider`], ladder posts as [`Relation::Told`] or [`Relation::Accepted`], and so on.
    pub posts: BTreeSet<(Relation, PostId)>,
    /// The owner's team.
    pub team: Option<TeamId>,
    /// Other agencies in the child's network.
    pub network: BTreeSet<AgencyId>,
    /// Practitioners who must not know: named, in declared conflict, or object of the dispute. Follows the person.
    pub barred: BTreeSet<PractitionerId>,
    /// Practitioners who decided on it, or own or owned a duty on it.
    pub line: BTreeSet<PractitionerId>,
    /// The practitioner whose own it is: an account, a log of what they were shown.
    pub own: Option<PractitionerId>,
    /// Whether a hold stands.
    pub held: bool,
}

/// One row of `audience`: whoever is `principal` may know of the stream, or, if `barred`, may not whatever else holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct AudienceRow {
    /// Who, as text.
    pub principal: String,
    /// Whether the row shuts out rather than lets in.
    pub barred: bool,
}

/// `post:agency/post`.
pub fn post_principal(post: &PostId) -> String {
    format!("post:{post}")
}

/// `practitioner:<32 hex>`.
pub fn practitioner_principal(practitioner: PractitionerId) -> String {
    format!("practitioner:{practitioner}")
}

/// `team:agency/team`.
pub fn team_principal(team: &TeamId) -> String {
    format!("team:{}", team.as_str())
}

impl Facts {
    /// Facts about a new stream that nobody has yet.
    pub const fn new(stream: StreamId, agency: AgencyId, tier: Tier, told: Instant) -> Self {
        Self {
            stream,
            agency,
            tier,
            told,
            posts: BTreeSet::new(),
            team: None,
            network: BTreeSet::new(),
            barred: BTreeSet::new(),
            line: BTreeSet::new(),
            own: None,
            held: false,
        }
    }

    /// How `who` stands to the stream.
    pub fn relations(&self, who: &Who) -> Relations {
        let Actor::Practitioner { who: person, post } = &who.actor else {
            let own = who.actor == Actor::Reporter && who.way_back == Some(self.stream);
            return if own {
                Relations::NONE.with(Relation::Own)
            } else {
                Relations::NONE
            };
        };
        let mut relations: Relations = self
            .posts
            .iter()
            .filter(|(_, held)| held == post)
            .map(|(relation, _)| *relation)
            .collect();
        let grant = who.grant.as_ref();
        let granted = grant.is_some_and(|grant| grant.covers(&self.agency, self.told));
        let facts = [
            (Relation::Team, self.team.is_some() && self.team == who.team),
            (Relation::Agency, self.agency.as_str() == post.agency()),
            (
                Relation::Network,
                self.network.iter().any(|a| a.as_str() == post.agency()),
            ),
            (Relation::Own, self.own == Some(*person)),
            (Relation::Granted, granted),
            (
                Relation::Sample,
                granted && grant.is_some_and(|grant| grant.sample.contains(&self.stream)),
            ),
        ];
        for (relation, holds) in facts {
            if holds {
                relations = relations.with(relation);
            }
        }
        relations
    }

    /// The thing to decide about: `item` on this stream as `who` stands to it.
    pub fn what(&self, who: &Who, item: Item) -> What {
        let person = who.actor.practitioner();
        What {
            barred: person.is_some_and(|p| self.barred.contains(&p)),
            line: person.is_some_and(|p| self.line.contains(&p)),
            held: self.held,
            ..What::new(item, self.stream, self.tier).to(self.relations(who))
        }
    }
}

/// The relations of a post that let it know of a stream at `tier`: the same lists as `knowing.cedar`.
const fn post_knows(relation: Relation, tier: Tier) -> bool {
    use Relation as R;
    match tier {
        Tier::Shared | Tier::Agency => !matches!(
            relation,
            R::Agency | R::Granted | R::Sample | R::Own | R::SurvivorAct | R::Team | R::Network | R::Passed
        ),
        Tier::Restricted => matches!(
            relation,
            R::Owner
                | R::Decider
                | R::Second
                | R::Told
                | R::Accepted
                | R::Offered
                | R::Asked
                | R::Custodian
                | R::CustodianDeputy
                | R::Registrar
                | R::Named
                | R::Pointer
        ),
        Tier::Sealed => matches!(
            relation,
            R::Owner | R::Told | R::Accepted | R::Offered | R::Custodian | R::CustodianDeputy | R::Registrar
        ),
        Tier::SurvivorHeld => matches!(relation, R::SurvivorAct),
    }
}

/// The stream's audience rows, sorted and without repeats: a fresh derivation, whatever came before.
pub fn principals(facts: &Facts) -> Vec<AudienceRow> {
    let mut rows: BTreeSet<AudienceRow> = BTreeSet::new();
    let mut row = |principal: String, barred: bool| rows.insert(AudienceRow { principal, barred });
    for (relation, post) in &facts.posts {
        if post_knows(*relation, facts.tier) {
            row(post_principal(post), false);
        }
    }
    let agency = &facts.agency;
    if matches!(facts.tier, Tier::Shared | Tier::Agency) {
        if let Some(team) = &facts.team {
            row(team_principal(team), false);
        }
        for member in &facts.network {
            row(format!("network:{member}"), false);
        }
        row(format!("agency:{agency}"), false);
    }
    match facts.tier {
        Tier::Shared | Tier::Agency | Tier::Restricted => row(format!("inspection:{agency}"), false),
        Tier::Sealed => row(format!("warrant:{agency}"), false),
        Tier::SurvivorHeld => false,
    };
    for practitioner in &facts.barred {
        row(practitioner_principal(*practitioner), true);
    }
    rows.into_iter().collect()
}

/// What to delete and what to insert when facts change: `(gone, new)`. Applying it to the rows of `before` gives
/// exactly the rows of `after`, so a projection kept by changes equals one derived afresh.
pub fn changes(before: &Facts, after: &Facts) -> (Vec<AudienceRow>, Vec<AudienceRow>) {
    let (old, new) = (principals(before), principals(after));
    let gone = old.iter().filter(|row| !new.contains(row)).cloned().collect();
    let added = new.into_iter().filter(|row| !old.contains(row)).collect();
    (gone, added)
}

/// Every principal `who` could be, each with the relation that it stands for; [`super::Policy::scope`] keeps those
/// that the policy lets know anything.
pub(super) fn candidates(who: &Who) -> Vec<(String, Vec<Relation>)> {
    let Actor::Practitioner { post, .. } = &who.actor else {
        return Vec::new();
    };
    let own: Vec<Relation> = Relation::ALL
        .iter()
        .copied()
        .filter(|r| post_knows(*r, Tier::Shared) || *r == Relation::SurvivorAct)
        .collect();
    let agency = post.agency();
    let mut out: Vec<(String, Vec<Relation>)> = vec![
        (post_principal(post), own),
        (format!("agency:{agency}"), vec![Relation::Agency]),
        (format!("network:{agency}"), vec![Relation::Network]),
    ];
    if let Some(team) = &who.team {
        out.push((team_principal(team), vec![Relation::Team]));
    }
    if let Some(grant) = who
        .grant
        .as_ref()
        .filter(|_| who.roles.contains(&Role::Inspector))
    {
        out.push((format!("inspection:{}", grant.agency), vec![Relation::Granted]));
        if grant.warrant {
            out.push((format!("warrant:{}", grant.agency), vec![Relation::Granted]));
        }
    }
    out
}

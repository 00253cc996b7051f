//! Why a person looks or acts.
//!
//! A purpose follows from the relation and is written without a question; a person is asked only when no relation
//! explains the look (practice R13). What is claimed is checked: `a-purpose-must-be-true` in `never.cedar`.

use super::request::{What, Who};
use super::vocabulary::{Action, Item, Relation, Role};

/// Why.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Purpose {
    /// Their post has it.
    MyDuty,
    /// It waits in their team's queue.
    TeamQueue,
    /// The child is allocated to them.
    MyChild,
    /// It climbed to them.
    ClimbedToMe,
    /// It is offered to them.
    ToAccept,
    /// They owe an answer.
    AskToAnswer,
    /// They read a decision second.
    SecondReading,
    /// They keep it, or register that it exists.
    Custody,
    /// It was passed to them by a recorded act.
    PassedToMe,
    /// Their agency is in the child's network, or a hit pointed here.
    Network,
    /// They answer for those who have it.
    Line,
    /// They answer for what is held.
    Records,
    /// They inspect, under a grant.
    Inspection,
    /// It is their own.
    Own,
    /// They run the node, or look up how it is set up.
    Upkeep,
    /// They write down what they were told.
    Recording,
    /// No relation explains it: the code of the reason they chose.
    Stated(String),
    /// A child in danger now: the code of the reason they chose. The custodian is told at once.
    Emergency(String),
}

impl Purpose {
    /// The words of all purposes, as the schema has them.
    pub const CODES: &[&str] = &[
        "my-duty",
        "team-queue",
        "my-child",
        "climbed-to-me",
        "to-accept",
        "ask-to-answer",
        "second-reading",
        "custody",
        "passed-to-me",
        "network",
        "line",
        "records",
        "inspection",
        "own",
        "upkeep",
        "recording",
        "stated",
        "emergency",
    ];

    pub(super) const fn place(&self) -> usize {
        match self {
            Self::MyDuty => 0,
            Self::TeamQueue => 1,
            Self::MyChild => 2,
            Self::ClimbedToMe => 3,
            Self::ToAccept => 4,
            Self::AskToAnswer => 5,
            Self::SecondReading => 6,
            Self::Custody => 7,
            Self::PassedToMe => 8,
            Self::Network => 9,
            Self::Line => 10,
            Self::Records => 11,
            Self::Inspection => 12,
            Self::Own => 13,
            Self::Upkeep => 14,
            Self::Recording => 15,
            Self::Stated(_) => 16,
            Self::Emergency(_) => 17,
        }
    }

    /// Its word in policies and in records. The reason of a stated one is apart: [`Purpose::reason`].
    pub fn code(&self) -> &'static str {
        Self::CODES.get(self.place()).copied().unwrap_or("stated")
    }

    /// The code of the reason a person chose, if they were asked.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Stated(reason) | Self::Emergency(reason) => Some(reason),
            _ => None,
        }
    }

    /// The purpose that follows from how `who` stands to `what`, the nearest first; none when a person must be asked.
    pub fn follows(who: &Who, action: Action, what: &What) -> Option<Self> {
        if action == Action::Record {
            return Some(Self::Recording);
        }
        if matches!(
            what.item,
            Item::Account | Item::Agency | Item::Rules | Item::Health
        ) && !what.relations.has(Relation::Own)
        {
            return Some(Self::Upkeep);
        }
        if is_text(what.item) && who.roles.iter().any(|role| KEEPERS.contains(role)) {
            return None;
        }
        if who.roles.contains(&Role::Inspector) && what.relations.has(Relation::Granted) {
            return Some(Self::Inspection);
        }
        by_relation(what).or_else(|| by_office(who, what))
    }
}

/// Those who answer for what is held. They are always asked why they read case text.
const KEEPERS: [Role; 2] = [Role::RecordsOfficer, Role::DataProtectionOfficer];

const fn is_text(item: Item) -> bool {
    matches!(item, Item::Words | Item::Decision | Item::Reporter)
}

fn by_relation(what: &What) -> Option<Purpose> {
    let order = [
        (Relation::Owner, Purpose::MyDuty),
        (Relation::Accepted, Purpose::MyDuty),
        (Relation::Worker, Purpose::MyChild),
        (Relation::Decider, Purpose::MyDuty),
        (Relation::Second, Purpose::SecondReading),
        (Relation::Offered, Purpose::ToAccept),
        (Relation::Asked, Purpose::AskToAnswer),
        (Relation::Team, Purpose::TeamQueue),
        (Relation::Told, Purpose::ClimbedToMe),
        (Relation::Custodian, Purpose::Custody),
        (Relation::CustodianDeputy, Purpose::Custody),
        (Relation::Registrar, Purpose::Custody),
        (Relation::Named, Purpose::PassedToMe),
        (Relation::Passed, Purpose::PassedToMe),
        (Relation::SurvivorAct, Purpose::PassedToMe),
        (Relation::Own, Purpose::Own),
        (Relation::Above, Purpose::Line),
        (Relation::Network, Purpose::Network),
        (Relation::Pointer, Purpose::Network),
    ];
    order
        .into_iter()
        .find(|(relation, _)| what.relations.has(*relation))
        .map(|(_, purpose)| purpose)
}

fn by_office(who: &Who, what: &What) -> Option<Purpose> {
    if !what.relations.has(Relation::Agency) {
        return None;
    }
    if matches!(what.item, Item::Statistics) {
        return Some(Purpose::Line);
    }
    let keeps = [
        Role::RecordsOfficer,
        Role::DataProtectionOfficer,
        Role::MonitoringOfficer,
    ];
    let holds = [
        Role::PoliceLead,
        Role::DesignatedOfficer,
        Role::Scrutineer,
        Role::PartnerLead,
    ];
    let office = |roles: &[Role]| who.roles.iter().any(|role| roles.contains(role));
    let keeping = matches!(what.item, Item::Hold | Item::Erasure);
    ((!is_text(what.item) && office(&keeps)) || (keeping && office(&holds))).then_some(Purpose::Records)
}

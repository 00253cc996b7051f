//! The closed lists that policies speak in: roles, tiers, relations, things and actions.
//!
//! Each list is also an `entity … enum` (or an entity type, or an action) in `rules/policy/schema.cedarschema`;
//! a test holds the two together, and a value missing from the schema stops [`super::Policy::load`].

macro_rules! list {
    ($(#[$about:meta])+ $name:ident: $($(#[doc = $meaning:literal])+ $variant:ident = $code:literal,)+) => {
        $(#[$about])+
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name {
            $($(#[doc = $meaning])+ $variant,)+
        }

        impl $name {
            /// Every one, in the order of this list.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Its word in policies and in records.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// What it means, in a sentence.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($meaning),+).trim_ascii(),)+ }
            }

            /// The one whose word this is.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }

            pub(super) const fn place(self) -> usize {
                self as usize
            }
        }
    };
}

list! {
    /// What a post is. A practitioner with two posts acts in one of them at a time.
    Role:
    /// Somebody with no account, holding the code and the word of their own report.
    Reporter = "reporter",
    /// Takes what comes in and decides for each child.
    HubDecisionMaker = "hub-decision-maker",
    /// Takes what comes in outside desk hours.
    EmergencyDutyWorker = "emergency-duty-worker",
    /// Works with the child.
    SocialWorker = "social-worker",
    /// Answers for a team.
    TeamManager = "team-manager",
    /// Answers for several teams; covers, and reads second.
    ServiceManager = "service-manager",
    /// Answers for the service; sees case text once a duty is accepted.
    Director = "director",
    /// Takes what may concern somebody who works or volunteers with children.
    DesignatedOfficer = "designated-officer",
    /// Answers for the lawfulness of what the council does.
    MonitoringOfficer = "monitoring-officer",
    /// Answers for what is held, for copies and for erasing.
    RecordsOfficer = "records-officer",
    /// Looks under a grant that names its power, scope and end.
    Inspector = "inspector",
    /// Leads for a safeguarding partner.
    PartnerLead = "partner-lead",
    /// The independent scrutineer of the partnership.
    Scrutineer = "scrutineer",
    /// Leads for the police.
    PoliceLead = "police-lead",
    /// Runs the machine and reads nothing in it.
    Operator = "operator",
    /// Answers for the protection of personal data.
    DataProtectionOfficer = "data-protection-officer",
}

list! {
    /// How closely a stream is held.
    Tier:
    /// Shared: the agencies in the child's network.
    Shared = "T0",
    /// Agency: one agency; the network sees that it holds something.
    Agency = "T1",
    /// Restricted: named people.
    Restricted = "T2",
    /// Sealed: the custodian and one deputy.
    Sealed = "T3",
    /// Survivor-held: nobody without the survivor's act.
    SurvivorHeld = "T4",
}

list! {
    /// How a person stands to a thing. Folded from records, never typed in.
    Relation:
    /// Their post, or the one they are deputy of, is accountable for it.
    Owner = "owner",
    /// Their post is in the owner's team.
    Team = "team",
    /// Their post has the child allocated.
    Worker = "worker",
    /// Their post, or the one they are deputy of, decided or is to decide.
    Decider = "decider",
    /// Their post was drawn or required to read a decision second.
    Second = "second",
    /// A duty climbed to their post and nobody there has accepted it yet.
    Told = "told",
    /// A duty climbed to their post and they accepted it.
    Accepted = "accepted",
    /// Their post is above the owner's on its ladder, whether or not anything climbed.
    Above = "above",
    /// A hand-over is offered to their post.
    Offered = "offered",
    /// Their post was asked something and owes an answer.
    Asked = "asked",
    /// Their post keeps a restricted or sealed stream.
    Custodian = "custodian",
    /// Their post is the custodian's one deputy.
    CustodianDeputy = "custodian-deputy",
    /// Their post registers that a sealed stream exists, and no more.
    Registrar = "registrar",
    /// Their post is named in the restriction, or was passed the content by a recorded act.
    Named = "named",
    /// Who reported was passed to their post by a recorded act.
    Passed = "passed",
    /// A hit pointed their post here.
    Pointer = "pointer",
    /// Their agency is in the child's network.
    Network = "network",
    /// Their agency holds it.
    Agency = "agency",
    /// It lies within their inspector's grant.
    Granted = "granted",
    /// It is in the sample drawn under their grant.
    Sample = "sample",
    /// It is their own: account, report, or log of what they were shown.
    Own = "own",
    /// The survivor opened it to their post.
    SurvivorAct = "survivor-act",
}

list! {
    /// What is looked at or changed. The words are entity types in the schema.
    Item:
    /// that it exists: reference, owner, clocks, what its spine says
    Concern = "Concern",
    /// what somebody wrote or said, and the names in it
    Words = "Words",
    /// who reported, and how to reach them safely
    Reporter = "Reporter",
    /// a decision and its reason
    Decision = "Decision",
    /// a duty and its clock
    Duty = "Duty",
    /// how a post was told, and what became of it
    Notice = "Notice",
    /// the proof that an entry has not changed; no content
    Proof = "Proof",
    /// what a reporter is shown: received, read, decided
    Progress = "Progress",
    /// to whom it is restricted, and why
    Restriction = "Restriction",
    /// a field asked to be erased
    Erasure = "Erasure",
    /// a hold
    Hold = "Hold",
    /// who was shown what, when and why
    ShownLog = "ShownLog",
    /// counts without names
    Statistics = "Statistics",
    /// an account, by handle
    Account = "Account",
    /// posts, hours, deputies and ladders
    Agency = "Agency",
    /// the rule pack and the policies in force
    Rules = "Rules",
    /// whether the node is well
    Health = "Health",
}

list! {
    /// What a person does to an [`Item`].
    Action:
    /// Know that it exists.
    Know = "know",
    /// See it.
    Read = "read",
    /// Find it by what it says.
    Search = "search",
    /// Have it counted.
    Count = "count",
    /// Take a copy away.
    Export = "export",
    /// Record what they were told.
    Record = "record",
    /// Add to it.
    Add = "add",
    /// Say that an entry is not about this person.
    NotAboutThisPerson = "not-about-this-person",
    /// Say that it must not be here: unreadable to all at once.
    MustNotBeHere = "must-not-be-here",
    /// Decide, for one child.
    Decide = "decide",
    /// Agree or disagree with a decision before it takes effect.
    SecondRead = "second-read",
    /// Disagree with a decision.
    Disagree = "disagree",
    /// Accept a duty.
    Accept = "accept",
    /// Answer a duty.
    Answer = "answer",
    /// Ask a question about a duty.
    Ask = "ask",
    /// Offer a duty to another post.
    HandOver = "hand-over",
    /// Tell the reporter, in one of two forms, or say that it is not safe.
    TellReporter = "tell-reporter",
    /// Pass on who reported.
    PassOnReporter = "pass-on-reporter",
    /// Close it for one subject.
    Close = "close",
    /// Open it again.
    ReOpen = "re-open",
    /// Say "I know this family".
    DeclareConflict = "declare-conflict",
    /// Restrict it.
    Restrict = "restrict",
    /// Keep or end a restriction.
    ReviewRestriction = "review-restriction",
    /// Ask that a field be erased.
    AskErasure = "ask-erasure",
    /// Agree that a field be erased.
    AgreeErasure = "agree-erasure",
    /// Take back an erasure that waits.
    WithdrawErasure = "withdraw-erasure",
    /// Set a hold.
    SetHold = "set-hold",
    /// Be one of the two bodies that release a hold.
    ReleaseHold = "release-hold",
    /// Let an inspection in, or end it.
    GrantInspection = "grant-inspection",
    /// Be the second person who agrees that somebody is let in, or refuses it.
    LetIn = "let-in",
    /// Draw an inspector's sample.
    DrawSample = "draw-sample",
    /// Say that the time is right after the node was down or its clock jumped.
    ConfirmTime = "confirm-time",
    /// Change how the node is set up.
    Configure = "configure",
    /// Invite somebody to make an account.
    Invite = "invite",
    /// End a session.
    EndSession = "end-session",
}

/// A set of [`Relation`]s.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Relations(u32);

impl Relations {
    /// No relation at all.
    pub const NONE: Self = Self(0);

    const fn bit(relation: Relation) -> u32 {
        1 << (relation as u32)
    }

    /// With one more.
    #[must_use]
    pub const fn with(self, relation: Relation) -> Self {
        Self(self.0 | Self::bit(relation))
    }

    /// Whether it holds.
    pub const fn has(self, relation: Relation) -> bool {
        self.0 & Self::bit(relation) != 0
    }

    /// Whether none holds.
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    pub(super) const fn bits(self) -> u32 {
        self.0
    }

    /// Those that hold, in the order of the list.
    pub fn iter(self) -> impl Iterator<Item = Relation> {
        Relation::ALL.iter().copied().filter(move |r| self.has(*r))
    }
}

impl FromIterator<Relation> for Relations {
    fn from_iter<I: IntoIterator<Item = Relation>>(relations: I) -> Self {
        relations.into_iter().fold(Self::NONE, Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_are_a_set() {
        let both: Relations = [Relation::Owner, Relation::SurvivorAct].into_iter().collect();
        assert!(both.has(Relation::Owner) && both.has(Relation::SurvivorAct) && !both.has(Relation::Team));
        assert_eq!(
            both.iter().collect::<Vec<_>>(),
            [Relation::Owner, Relation::SurvivorAct]
        );
        assert!(Relations::NONE.is_none() && !both.is_none());
    }

    #[test]
    fn words_read_back() {
        for role in Role::ALL {
            assert_eq!(Role::from_code(role.code()), Some(*role));
        }
        for action in Action::ALL {
            assert_eq!(Action::from_code(action.code()), Some(*action));
        }
        assert_eq!(
            Role::Operator.meaning(),
            "Runs the machine and reads nothing in it."
        );
    }
}

//! Rows against decisions, and rows kept by changes against rows derived afresh.

use std::collections::BTreeSet;

use domain::id::{AgencyId, PostId, PractitionerId, StreamId};
use domain::policy::audience::{self, AudienceRow, Facts};
use domain::policy::{Action, Grant, Item, Policy, Purpose, Relation, Role, TeamId, Tier, Who};
use domain::time::Instant;
use proptest::prelude::*;

const NOW: Instant = Instant(50);

const POSTS: [&str; 4] = ["northmere/a", "northmere/b", "wrenford/c", "inspectorate/d"];

fn post(place: usize) -> PostId {
    POSTS[place % POSTS.len()].parse().unwrap()
}

fn person(place: u8) -> PractitionerId {
    PractitionerId([place % 4; 16])
}

fn northmere() -> AgencyId {
    "northmere".parse().unwrap()
}

/// One thing that happens to a stream's audience.
#[derive(Clone, Debug)]
enum Event {
    Join(Relation, usize),
    Leave(Relation, usize),
    Tier(Tier),
    Team(bool),
    Network(bool),
    Bar(u8),
    Unbar(u8),
}

impl Event {
    fn apply(&self, facts: &mut Facts) {
        match self {
            Self::Join(relation, place) => {
                facts.posts.insert((*relation, post(*place)));
            }
            Self::Leave(relation, place) => {
                facts.posts.remove(&(*relation, post(*place)));
            }
            Self::Tier(tier) => facts.tier = *tier,
            Self::Team(on) => facts.team = on.then(|| "northmere/team".parse().unwrap()),
            Self::Network(true) => {
                facts.network.insert("wrenford".parse().unwrap());
            }
            Self::Network(false) => facts.network.clear(),
            Self::Bar(who) => {
                facts.barred.insert(person(*who));
            }
            Self::Unbar(who) => {
                facts.barred.remove(&person(*who));
            }
        }
    }
}

/// The relations in which a post, rather than a team, an agency or a person, can stand.
fn a_relation() -> impl Strategy<Value = Relation> {
    let posts: Vec<Relation> = Relation::ALL
        .iter()
        .copied()
        .filter(|r| {
            !matches!(
                r,
                Relation::Team
                    | Relation::Network
                    | Relation::Agency
                    | Relation::Granted
                    | Relation::Sample
                    | Relation::Own
            )
        })
        .collect();
    prop::sample::select(posts)
}

fn an_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (a_relation(), 0..4_usize).prop_map(|(r, p)| Event::Join(r, p)),
        2 => (a_relation(), 0..4_usize).prop_map(|(r, p)| Event::Leave(r, p)),
        1 => prop::sample::select(Tier::ALL).prop_map(Event::Tier),
        1 => any::<bool>().prop_map(Event::Team),
        1 => any::<bool>().prop_map(Event::Network),
        1 => (0..4_u8).prop_map(Event::Bar),
        1 => (0..4_u8).prop_map(Event::Unbar),
    ]
}

fn someone() -> impl Strategy<Value = Who> {
    let roles = prop::sample::subsequence(Role::ALL[1..].to_vec(), 1..=2);
    (
        roles,
        0..4_u8,
        0..4_usize,
        any::<bool>(),
        any::<(bool, bool, bool)>(),
    )
        .prop_map(|(roles, who, place, in_team, (granted, warrant, in_scope))| {
            let mut who = Who::in_post(person(who), post(place), &roles);
            if in_team {
                who = who.team("northmere/team".parse::<TeamId>().unwrap());
            }
            if granted {
                who = who.grant(Grant {
                    from: Instant(0),
                    to: Instant(100),
                    agency: northmere(),
                    told_from: Instant(0),
                    told_to: Instant(if in_scope { 100 } else { 5 }),
                    warrant,
                    sample: BTreeSet::new(),
                });
            }
            who
        })
}

fn nothing_yet() -> Facts {
    Facts::new(StreamId([9; 16]), northmere(), Tier::Agency, Instant(10))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn rows_kept_by_changes_equal_rows_derived_afresh(events in prop::collection::vec(an_event(), 0..40)) {
        let mut facts = nothing_yet();
        let mut rows: BTreeSet<AudienceRow> = audience::principals(&facts).into_iter().collect();
        for event in &events {
            let before = facts.clone();
            event.apply(&mut facts);
            let (gone, new) = audience::changes(&before, &facts);
            for row in &gone {
                prop_assert!(rows.remove(row), "removed a row that was not there");
            }
            for row in new {
                prop_assert!(rows.insert(row), "added a row that was there");
            }
        }
        let fresh: BTreeSet<AudienceRow> = audience::principals(&facts).into_iter().collect();
        prop_assert_eq!(rows, fresh);
    }

    #[test]
    fn the_order_of_joining_does_not_matter(
        joins in prop::collection::vec((a_relation(), 0..4_usize), 0..12),
        tier in prop::sample::select(Tier::ALL),
    ) {
        let build = |joins: &mut dyn Iterator<Item = &(Relation, usize)>| {
            let mut facts = nothing_yet();
            facts.tier = tier;
            joins.for_each(|(r, p)| Event::Join(*r, *p).apply(&mut facts));
            audience::principals(&facts)
        };
        prop_assert_eq!(build(&mut joins.iter()), build(&mut joins.iter().rev()));
    }
}

#[test]
fn a_set_holds_exactly_what_a_decision_lets_be_known() {
    let policy = Policy::standard().unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(200));
    let given = (someone(), prop::collection::vec(an_event(), 0..14));
    runner
        .run(&given, |(who, events)| {
            let mut facts = nothing_yet();
            events.iter().for_each(|event| event.apply(&mut facts));
            for action in [Action::Know, Action::Count, Action::Search] {
                let what = facts.what(&who, Item::Concern);
                let purpose =
                    Purpose::follows(&who, action, &what).unwrap_or_else(|| Purpose::Stated("reason".into()));
                let decided = policy.decide(&who, action, &what, &purpose, NOW).is_ok();
                let scope = policy.scope(&who, action, Item::Concern, Purpose::Stated("list".into()), NOW);
                let held = scope.as_ref().is_ok_and(|scope| scope.holds(&facts));
                prop_assert_eq!(held, decided, "{:?} {:?} {:?} {:?}", action, who, facts, scope);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_team_loses_sight_when_a_stream_is_restricted() {
    let mut facts = nothing_yet();
    Event::Team(true).apply(&mut facts);
    Event::Network(true).apply(&mut facts);
    Event::Join(Relation::Custodian, 1).apply(&mut facts);
    let before = facts.clone();
    facts.tier = Tier::Restricted;
    let (gone, new) = audience::changes(&before, &facts);
    let gone: Vec<&str> = gone.iter().map(|row| row.principal.as_str()).collect();
    assert_eq!(
        gone,
        ["agency:northmere", "network:wrenford", "team:northmere/team"]
    );
    assert_eq!(new, []);
}

#[test]
fn an_exclusion_follows_the_person_through_every_post() {
    let policy = Policy::standard().unwrap();
    let mut facts = nothing_yet();
    for place in 0..POSTS.len() {
        Event::Join(Relation::Owner, place).apply(&mut facts);
    }
    Event::Bar(2).apply(&mut facts);
    for place in 0..POSTS.len() {
        let who = Who::in_post(person(2), post(place), &[Role::SocialWorker]);
        let scope = policy
            .scope(&who, Action::Know, Item::Concern, Purpose::MyDuty, NOW)
            .unwrap();
        assert!(!scope.holds(&facts));
        let other = Who::in_post(person(3), post(place), &[Role::SocialWorker]);
        let scope = policy
            .scope(&other, Action::Know, Item::Concern, Purpose::MyDuty, NOW)
            .unwrap();
        assert!(scope.holds(&facts));
    }
}

#[test]
fn nobody_counts_restricted_streams_but_those_who_know_them() {
    let policy = Policy::standard().unwrap();
    let manager = Who::in_post(person(1), post(0), &[Role::ServiceManager]);
    let scope = policy
        .scope(&manager, Action::Count, Item::Statistics, Purpose::Line, NOW)
        .unwrap();
    let mut facts = nothing_yet();
    assert!(scope.holds(&facts));
    facts.tier = Tier::Restricted;
    assert!(!scope.holds(&facts));
}

#[test]
fn an_operator_and_a_reporter_have_no_set() {
    let policy = Policy::standard().unwrap();
    let operator = Who::in_post(person(1), post(0), &[Role::Operator]);
    for who in [operator, Who::reporter(StreamId([9; 16]))] {
        let scope = policy.scope(
            &who,
            Action::Know,
            Item::Concern,
            Purpose::Stated("list".into()),
            NOW,
        );
        assert!(scope.is_err());
    }
}

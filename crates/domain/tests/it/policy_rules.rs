//! One test per rule of the policy, each named after what it keeps; and policies that must not load.

use std::sync::LazyLock;

use domain::id::{PostId, PractitionerId, StreamId};
use domain::policy::{
    Action, Grant, Item, POLICIES, Policy, PolicyError, Purpose, Relation, Relations, Role, SCHEMA, Tier,
    What, Who,
};
use domain::record::Actor;
use domain::time::Instant;

const NOW: Instant = Instant(1_000);
const STREAM: StreamId = StreamId([7; 16]);

fn post() -> PostId {
    "northmere/post".parse().unwrap()
}

fn who(role: Role) -> Who {
    Who::in_post(PractitionerId([1; 16]), post(), &[role])
}

fn what(item: Item, tier: Tier, relations: &[Relation]) -> What {
    What::new(item, STREAM, tier).to(relations.iter().copied().collect::<Relations>())
}

fn inspector(warrant: bool) -> Who {
    who(Role::Inspector).grant(Grant {
        from: Instant(0),
        to: Instant(2_000),
        agency: "northmere".parse().unwrap(),
        told_from: Instant(0),
        told_to: Instant(2_000),
        warrant,
        sample: [STREAM].into(),
    })
}

/// Decides with the purpose that follows, or a stated one.
fn may(who: &Who, action: Action, what: &What) -> Result<(), Vec<String>> {
    static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::standard().unwrap());
    let purpose = Purpose::follows(who, action, what).unwrap_or_else(|| Purpose::Stated("reason".into()));
    POLICY
        .decide(who, action, what, &purpose, NOW)
        .map(|_| ())
        .map_err(|denied| denied.reasons().to_vec())
}

fn refused_by(answer: Result<(), Vec<String>>, rule: &str) {
    let reasons = answer.unwrap_err();
    assert!(reasons.iter().any(|r| r == rule), "{reasons:?} lacks {rule}");
}

#[test]
fn a_permit_says_who_may_do_what_to_which_stream_and_why() {
    let policy = Policy::standard().unwrap();
    let asker = who(Role::SocialWorker);
    let thing = what(Item::Words, Tier::Agency, &[Relation::Worker]);
    let permit = policy
        .decide(&asker, Action::Read, &thing, &Purpose::MyChild, NOW)
        .unwrap();
    assert_eq!(permit.stream(), STREAM);
    assert_eq!(permit.actor(), &asker.actor);
    assert_eq!((permit.action(), permit.item()), (Action::Read, Item::Words));
    assert_eq!(permit.purpose(), &Purpose::MyChild);
    assert!(!permit.is_emergency());
}

#[test]
fn barred_people_meet_nothing_at_any_door_in_any_role() {
    let policy = Policy::standard().unwrap();
    for role in Role::ALL.iter().filter(|r| **r != Role::Reporter) {
        let asker = if *role == Role::Inspector {
            inspector(true)
        } else {
            who(*role)
        };
        for item in Item::ALL {
            for action in Action::ALL.iter().filter(|a| policy.applies(**a, *item)) {
                let mut thing = what(*item, Tier::Agency, Relation::ALL);
                thing.barred = true;
                let follows = Purpose::follows(&asker, *action, &thing);
                let purpose = follows.unwrap_or_else(|| Purpose::Stated("reason".into()));
                let answer = policy.decide(&asker, *action, &thing, &purpose, NOW);
                assert!(answer.is_err(), "{role:?} {action:?} {item:?}");
            }
        }
    }
}

#[test]
fn nobody_is_custodian_of_what_they_are_named_in() {
    let mut thing = what(Item::Words, Tier::Sealed, &[Relation::Custodian]);
    assert_eq!(may(&who(Role::DesignatedOfficer), Action::Read, &thing), Ok(()));
    thing.barred = true;
    refused_by(may(&who(Role::DesignatedOfficer), Action::Read, &thing), "barred");
}

#[test]
fn survivor_held_opens_only_by_the_survivors_act() {
    let all: Vec<Relation> = Relation::ALL
        .iter()
        .copied()
        .filter(|r| *r != Relation::SurvivorAct)
        .collect();
    for role in Role::ALL.iter().filter(|r| **r != Role::Reporter) {
        let thing = what(Item::Words, Tier::SurvivorHeld, &all);
        let answer = may(&who(*role), Action::Read, &thing);
        refused_by(answer, "survivor-held");
    }
    let opened = what(Item::Words, Tier::SurvivorHeld, &[Relation::SurvivorAct]);
    assert_eq!(may(&who(Role::SocialWorker), Action::Read, &opened), Ok(()));
}

#[test]
fn an_operator_sees_no_content_even_with_another_role() {
    let both = Who::in_post(
        PractitionerId([1; 16]),
        post(),
        &[Role::Operator, Role::HubDecisionMaker],
    );
    let words = what(Item::Words, Tier::Shared, &[Relation::Owner]);
    refused_by(may(&both, Action::Read, &words), "operator-sees-no-content");
    let concern = what(Item::Concern, Tier::Shared, &[Relation::Owner]);
    refused_by(may(&both, Action::Know, &concern), "operator-sees-no-content");
    let health = what(Item::Health, Tier::Shared, &[Relation::Agency]);
    assert_eq!(may(&who(Role::Operator), Action::Read, &health), Ok(()));
    assert!(may(&who(Role::SocialWorker), Action::Configure, &health).is_err());
}

#[test]
fn an_inspector_counts_without_names_until_the_draw_and_only_within_the_grant() {
    let granted = [Relation::Granted];
    let drawn = [Relation::Granted, Relation::Sample];
    let counts = what(Item::Statistics, Tier::Agency, &granted);
    assert_eq!(may(&inspector(false), Action::Count, &counts), Ok(()));
    let words = what(Item::Words, Tier::Agency, &granted);
    refused_by(
        may(&inspector(false), Action::Read, &words),
        "inspector-no-names-before-the-draw",
    );
    let words = what(Item::Words, Tier::Agency, &drawn);
    assert_eq!(may(&inspector(false), Action::Read, &words), Ok(()));
    let sealed = what(Item::Words, Tier::Sealed, &drawn);
    assert!(may(&inspector(false), Action::Read, &sealed).is_err());
    assert_eq!(may(&inspector(true), Action::Read, &sealed), Ok(()));
    let outside = what(Item::Words, Tier::Agency, &[Relation::Owner]);
    refused_by(
        may(&inspector(false), Action::Read, &outside),
        "inspector-within-the-grant",
    );
    let policy = Policy::standard().unwrap();
    let ended = policy.decide(
        &inspector(false),
        Action::Read,
        &words,
        &Purpose::Inspection,
        Instant(2_000),
    );
    assert!(ended.is_err(), "a grant ends by itself");
}

#[test]
fn a_director_reads_case_text_once_the_duty_is_accepted() {
    let director = who(Role::Director);
    let told = what(Item::Words, Tier::Agency, &[Relation::Told, Relation::Team]);
    refused_by(
        may(&director, Action::Read, &told),
        "director-no-case-text-unless-accepted",
    );
    let duty = what(Item::Duty, Tier::Agency, &[Relation::Told]);
    assert_eq!(may(&director, Action::Read, &duty), Ok(()));
    assert_eq!(may(&director, Action::Accept, &duty), Ok(()));
    let accepted = what(Item::Words, Tier::Agency, &[Relation::Accepted]);
    assert_eq!(may(&director, Action::Read, &accepted), Ok(()));
}

#[test]
fn the_records_post_reads_words_only_for_a_stated_reason() {
    let policy = Policy::standard().unwrap();
    let records = who(Role::RecordsOfficer);
    let words = what(Item::Words, Tier::Agency, &[Relation::Agency]);
    let by_office = policy.decide(&records, Action::Read, &words, &Purpose::Records, NOW);
    assert!(by_office.is_err());
    let stated = Purpose::Stated("subject-access".into());
    assert!(
        policy
            .decide(&records, Action::Read, &words, &stated, NOW)
            .is_ok()
    );
    assert_eq!(
        Purpose::follows(&records, Action::Read, &words),
        None,
        "so they are asked"
    );
}

#[test]
fn who_reported_is_open_to_the_deciding_post_and_whoever_it_was_passed_to() {
    let mut reporter = what(Item::Reporter, Tier::Agency, &[Relation::Owner, Relation::Team]);
    let worker = who(Role::SocialWorker);
    refused_by(may(&worker, Action::Read, &reporter), "who-reported-stays-apart");
    reporter.in_work = true;
    assert_eq!(
        may(&worker, Action::Read, &reporter),
        Ok(()),
        "named in their work"
    );
    let deciding = what(Item::Reporter, Tier::Agency, &[Relation::Decider]);
    assert_eq!(may(&who(Role::HubDecisionMaker), Action::Read, &deciding), Ok(()));
    assert_eq!(
        may(&who(Role::HubDecisionMaker), Action::PassOnReporter, &deciding),
        Ok(())
    );
}

#[test]
fn a_reporter_sees_progress_and_nothing_else() {
    let reporter = Who::reporter(STREAM);
    let own = [Relation::Own];
    assert_eq!(
        may(&reporter, Action::Read, &what(Item::Progress, Tier::Agency, &own)),
        Ok(())
    );
    assert_eq!(
        may(&reporter, Action::Add, &what(Item::Words, Tier::Agency, &own)),
        Ok(())
    );
    for item in Item::ALL
        .iter()
        .filter(|i| !matches!(i, Item::Progress | Item::Proof))
    {
        let thing = what(*item, Tier::Agency, Relation::ALL);
        refused_by(
            may(&reporter, Action::Read, &thing),
            "reporter-sees-progress-only",
        );
    }
}

#[test]
fn erasing_needs_two_people_outside_the_line_and_no_hold() {
    let records = who(Role::RecordsOfficer);
    let asked = what(Item::Erasure, Tier::Agency, &[Relation::Agency]);
    assert_eq!(may(&records, Action::AskErasure, &asked), Ok(()));
    let held = What {
        held: true,
        ..asked.clone()
    };
    refused_by(may(&records, Action::AskErasure, &held), "held");
    let line = What {
        line: true,
        ..asked.clone()
    };
    refused_by(may(&records, Action::AskErasure, &line), "outside-the-line");
    let same = What {
        first: true,
        ..asked.clone()
    };
    refused_by(may(&records, Action::AgreeErasure, &same), "two-people");
    assert_eq!(
        may(&who(Role::MonitoringOfficer), Action::AgreeErasure, &asked),
        Ok(())
    );
    assert!(may(&who(Role::TeamManager), Action::AskErasure, &asked).is_err());
}

#[test]
fn what_must_not_be_here_is_unreadable_to_all() {
    let words = What {
        unreadable: true,
        ..what(Item::Words, Tier::Agency, &[Relation::Owner])
    };
    for role in Role::ALL.iter().filter(|r| **r != Role::Reporter) {
        assert!(may(&who(*role), Action::Read, &words).is_err(), "{role:?}");
    }
    let readable = what(Item::Words, Tier::Agency, &[Relation::Team]);
    assert_eq!(
        may(&who(Role::SocialWorker), Action::MustNotBeHere, &readable),
        Ok(())
    );
}

#[test]
fn a_field_that_waits_to_be_erased_is_hidden_but_to_the_records_post() {
    let hidden = What {
        hidden: true,
        ..what(Item::Words, Tier::Agency, &[Relation::Owner])
    };
    refused_by(
        may(&who(Role::SocialWorker), Action::Read, &hidden),
        "waiting-to-be-erased",
    );
    let office = What {
        hidden: true,
        ..what(Item::Words, Tier::Agency, &[Relation::Agency])
    };
    assert_eq!(may(&who(Role::RecordsOfficer), Action::Read, &office), Ok(()));
}

#[test]
fn a_claimed_purpose_must_be_true() {
    let policy = Policy::standard().unwrap();
    let thing = what(Item::Words, Tier::Agency, &[Relation::Team]);
    let denied = policy
        .decide(
            &who(Role::SocialWorker),
            Action::Read,
            &thing,
            &Purpose::MyDuty,
            NOW,
        )
        .unwrap_err();
    assert_eq!(denied.reasons(), ["a-purpose-must-be-true"]);
}

#[test]
fn an_emergency_opens_agency_and_restricted_words_and_never_sealed_ones() {
    let policy = Policy::standard().unwrap();
    let emergency = Purpose::Emergency("danger-now".into());
    let open = |tier| {
        let thing = what(Item::Words, tier, &[Relation::Pointer]);
        policy.decide(
            &who(Role::EmergencyDutyWorker),
            Action::Read,
            &thing,
            &emergency,
            NOW,
        )
    };
    assert!(open(Tier::Restricted).unwrap().is_emergency());
    assert!(open(Tier::Agency).is_ok());
    assert!(open(Tier::Sealed).is_err());
    assert!(open(Tier::SurvivorHeld).is_err());
}

#[test]
fn a_second_reading_is_another_persons() {
    let decision = what(Item::Decision, Tier::Agency, &[Relation::Second]);
    assert!(may(&who(Role::HubDecisionMaker), Action::SecondRead, &decision).is_err());
    let registered = who(Role::HubDecisionMaker).registered();
    assert_eq!(may(&registered, Action::SecondRead, &decision), Ok(()));
    let own = What {
        first: true,
        ..decision
    };
    refused_by(may(&registered, Action::SecondRead, &own), "two-people");
}

#[test]
fn managers_see_duties_and_not_who_looked() {
    let manager = who(Role::ServiceManager);
    let duty = what(Item::Duty, Tier::Agency, &[Relation::Above]);
    assert_eq!(may(&manager, Action::Read, &duty), Ok(()));
    let log = what(Item::ShownLog, Tier::Agency, &[Relation::Above, Relation::Agency]);
    assert!(may(&manager, Action::Read, &log).is_err());
    let own = what(Item::ShownLog, Tier::Agency, &[Relation::Own]);
    assert_eq!(may(&manager, Action::Read, &own), Ok(()));
    assert_eq!(
        may(
            &who(Role::DataProtectionOfficer),
            Action::Read,
            &what(Item::ShownLog, Tier::Agency, &[Relation::Agency])
        ),
        Ok(())
    );
}

#[test]
fn no_looks_like_not_there() {
    let policy = Policy::standard().unwrap();
    let ask = |thing: &What| {
        policy
            .decide(
                &who(Role::SocialWorker),
                Action::Read,
                thing,
                &Purpose::MyDuty,
                NOW,
            )
            .unwrap_err()
            .to_string()
    };
    let barred = What {
        barred: true,
        ..what(Item::Words, Tier::Agency, &[Relation::Owner])
    };
    assert_eq!(ask(&barred), "not found");
    assert_eq!(ask(&what(Item::Words, Tier::Sealed, &[])), "not found");
}

#[test]
fn the_node_itself_looks_at_nothing() {
    let node = Who {
        actor: Actor::Node,
        ..who(Role::Operator)
    };
    assert!(
        may(
            &node,
            Action::Read,
            &what(Item::Health, Tier::Shared, Relation::ALL)
        )
        .is_err()
    );
    let claimed = who(Role::Reporter);
    refused_by(
        may(
            &claimed,
            Action::Read,
            &what(Item::Progress, Tier::Shared, &[Relation::Own]),
        ),
        "role-and-actor-disagree",
    );
}

#[test]
fn a_rule_that_cannot_be_evaluated_denies() {
    let broken = r#"@id("broken") @why("overflows") forbid(principal, action, resource) when {
        9223372036854775807 + 1 == 0 };"#;
    let policy = Policy::load(&format!("{POLICIES}\n{broken}"), SCHEMA).unwrap();
    let thing = what(Item::Words, Tier::Agency, &[Relation::Owner]);
    let denied = policy
        .decide(
            &who(Role::SocialWorker),
            Action::Read,
            &thing,
            &Purpose::MyDuty,
            NOW,
        )
        .unwrap_err();
    assert_eq!(denied.reasons(), ["cannot-be-evaluated"]);
}

#[test]
fn a_misspelt_policy_does_not_load_and_the_error_names_it() {
    let load = |text: &str| Policy::load(&format!("{POLICIES}\n{text}"), SCHEMA).unwrap_err();
    let error = load(
        r#"@id("x") @why("y") forbid(principal, action, resource) when { resource.teir == Tier::"T0" };"#,
    );
    assert!(
        matches!(&error, PolicyError::Invalid { policy, detail } if policy == "x" && detail.contains("teir")),
        "{error}"
    );
    let error = load(
        r#"@id("x") @why("y") permit(principal, action, resource) when { resource.tier == Tier::"T9" };"#,
    );
    assert!(error.to_string().contains("T9"), "{error}");
    let error = load(r#"@id("x") @why("y") permit(principal, action == Action::"peek", resource);"#);
    assert!(error.to_string().contains("peek"), "{error}");
    assert!(matches!(
        load("permit(principal, action, resource);"),
        PolicyError::Unnamed(_)
    ));
    assert!(matches!(
        load(r#"@id("x") permit(principal, action, resource);"#),
        PolicyError::Unexplained(_)
    ));
    assert!(matches!(
        load(r#"@id("barred") @why("y") permit(principal, action, resource);"#),
        PolicyError::Repeated(_)
    ));
    assert!(matches!(load("permit("), PolicyError::Syntax(_)));
}

#[test]
fn the_schema_and_the_program_share_every_word() {
    let list = |name: &str| -> Vec<String> {
        let start = SCHEMA.find(&format!("entity {name} enum [")).unwrap();
        let body = SCHEMA[start..].split_once(']').unwrap().0;
        body.split('"').skip(1).step_by(2).map(str::to_owned).collect()
    };
    assert_eq!(
        list("Role"),
        Role::ALL.iter().map(|w| w.code()).collect::<Vec<_>>()
    );
    assert_eq!(
        list("Tier"),
        Tier::ALL.iter().map(|w| w.code()).collect::<Vec<_>>()
    );
    assert_eq!(
        list("Relation"),
        Relation::ALL.iter().map(|w| w.code()).collect::<Vec<_>>()
    );
    assert_eq!(list("Purpose"), Purpose::CODES);
    let without = SCHEMA.replace("  \"scrutineer\",\n", "");
    assert!(Policy::load("", &without).is_err());
}

#[test]
fn a_duty_on_a_concern_is_not_leave_to_decide_it_or_to_know_who_reported() {
    let worker = who(Role::SocialWorker);
    let owns_a_duty = [Relation::Owner, Relation::Named];
    assert!(
        may(
            &worker,
            Action::Decide,
            &what(Item::Decision, Tier::Agency, &owns_a_duty)
        )
        .is_err()
    );
    assert!(
        may(
            &worker,
            Action::Close,
            &what(Item::Concern, Tier::Agency, &owns_a_duty)
        )
        .is_err()
    );
    assert!(
        may(
            &worker,
            Action::Read,
            &what(Item::Reporter, Tier::Agency, &owns_a_duty)
        )
        .is_err()
    );
    let passed = what(Item::Reporter, Tier::Agency, &[Relation::Passed]);
    assert_eq!(may(&worker, Action::Read, &passed), Ok(()));
}

#[test]
fn every_prohibition_holds_alone_against_a_careless_permission() {
    let careless = r#"@id("careless") @why("a mistake") permit(principal, action, resource);"#;
    let forbids: Vec<&str> = POLICIES
        .split("@id(\"")
        .skip(1)
        .filter(|text| text.contains("\nforbid ("))
        .map(|text| text.split('"').next().unwrap())
        .collect();
    assert!(forbids.len() >= 17, "{forbids:?}");
    let whole = Policy::load(&format!("{POLICIES}{careless}"), SCHEMA).unwrap();
    let mut idle = Vec::new();
    for forbid in forbids {
        let start = POLICIES.find(&format!("@id(\"{forbid}\")")).unwrap();
        let length = POLICIES[start..].find("\n};").unwrap() + 3;
        let without = format!("{}{}{careless}", &POLICIES[..start], &POLICIES[start + length..]);
        let without = Policy::load(&without, SCHEMA).unwrap();
        let needed = questions().any(|(asker, action, thing, purpose)| {
            whole.decide(&asker, action, &thing, &purpose, NOW).is_err()
                && without.decide(&asker, action, &thing, &purpose, NOW).is_ok()
        });
        if !needed {
            idle.push(forbid);
        }
    }
    assert!(idle.is_empty(), "nothing changes without {idle:?}");
}

const ASKS: [(Role, Action, Item, Relation); 15] = [
    (Role::SocialWorker, Action::Read, Item::Words, Relation::Owner),
    (Role::SocialWorker, Action::Read, Item::Reporter, Relation::Owner),
    (Role::SocialWorker, Action::Read, Item::Words, Relation::Team),
    (Role::Operator, Action::Know, Item::Concern, Relation::Owner),
    (Role::Director, Action::Read, Item::Words, Relation::Team),
    (Role::RecordsOfficer, Action::Read, Item::Words, Relation::Owner),
    (
        Role::RecordsOfficer,
        Action::AskErasure,
        Item::Erasure,
        Relation::Agency,
    ),
    (
        Role::RecordsOfficer,
        Action::AgreeErasure,
        Item::Erasure,
        Relation::Agency,
    ),
    (Role::Inspector, Action::Read, Item::Words, Relation::Owner),
    (
        Role::SocialWorker,
        Action::Configure,
        Item::Agency,
        Relation::Agency,
    ),
    (Role::Inspector, Action::Know, Item::Concern, Relation::Owner),
    (Role::Inspector, Action::Accept, Item::Duty, Relation::Owner),
    (Role::Inspector, Action::Read, Item::Duty, Relation::Owner),
    (Role::Reporter, Action::Read, Item::Concern, Relation::Owner),
    (Role::Reporter, Action::Read, Item::Words, Relation::Owner),
];

/// The thing as it is, granted, drawn, held by a survivor, and with each flag.
fn things(item: Item, relation: Relation) -> Vec<What> {
    let plain = what(item, Tier::Agency, &[relation]);
    let granted = what(item, Tier::Agency, &[relation, Relation::Granted, Relation::Own]);
    let drawn = [relation, Relation::Granted, Relation::Own, Relation::Sample];
    let drawn = what(item, Tier::Agency, &drawn);
    let survivor = what(item, Tier::SurvivorHeld, &[relation, Relation::Agency]);
    let flagged = [
        What {
            barred: true,
            ..plain.clone()
        },
        What {
            line: true,
            ..plain.clone()
        },
        What {
            first: true,
            ..plain.clone()
        },
        What {
            held: true,
            ..plain.clone()
        },
        What {
            hidden: true,
            ..plain.clone()
        },
        What {
            unreadable: true,
            ..plain.clone()
        },
    ];
    [plain, granted, drawn, survivor]
        .into_iter()
        .chain(flagged)
        .collect()
}

/// Questions that a prohibition may be the only answer to: each relation alone or with what goes with it, each flag.
fn questions() -> impl Iterator<Item = (Who, Action, What, Purpose)> {
    ASKS.into_iter().flat_map(|(role, action, item, relation)| {
        let asker = match role {
            Role::Reporter => Who::reporter(STREAM),
            Role::Inspector => inspector(false),
            _ => who(role),
        };
        let things = things(item, relation);
        let purposes = [
            Purpose::MyDuty,
            Purpose::TeamQueue,
            Purpose::Records,
            Purpose::Inspection,
            Purpose::Stated("reason".into()),
        ];
        things.into_iter().flat_map(move |thing| {
            let asker = asker.clone();
            purposes
                .clone()
                .into_iter()
                .map(move |purpose| (asker.clone(), action, thing.clone(), purpose))
        })
    })
}

//! Every door shows the same set.
//!
//! Given concerns of every tier, restricted, disputed, decided and climbed, with people barred; then for everybody in
//! every post, what opens by reference, what lists hold, what lists count and what proves are the same set, and it is the
//! one a naive filter gives that asks the policy of every concern; what may not be known answers as what is not there.

use std::collections::BTreeSet;

use domain::id::{DutyId, PostId};
use domain::policy::audience::Facts;
use domain::policy::{Action, Item, Policy, Purpose, Relation, Role, TeamId, Tier, Who};
use domain::view::{Concern, Duty};
use node::app::concerns::PAGE;
use node::app::duties::Tab;
use node::app::report::Safe;
use node::app::waiting::WaitFor;
use node::app::{Acting, AppError, Node};

use crate::council::{Council, adult, on_each, report};

/// Somebody as the policy sees them, worked out apart from the node.
fn who(council: &Council, acting: &Acting) -> Who {
    let post = council
        .node
        .agency()
        .posts
        .iter()
        .find(|p| p.id == acting.post)
        .unwrap();
    let roles: Vec<Role> = Role::from_code(&post.role).into_iter().collect();
    let mut who = Who::in_post(acting.practitioner, acting.post.clone(), &roles);
    if let Some(team) = &post.team {
        who = who.team(format!("northmere/{team}").parse::<TeamId>().unwrap());
    }
    who.registered()
}

/// Which posts stand to a concern, worked out the long way.
fn facts(council: &Council, concern: &Concern) -> Facts {
    let tiers = [Tier::Shared, Tier::Agency, Tier::Restricted, Tier::Sealed];
    let agency = council.node.agency();
    let tier = tiers[usize::from(concern.tier)];
    let mut facts = Facts::new(concern.stream, agency.id.clone(), tier, concern.told);
    let deputy = |post: &PostId| agency.posts.iter().find(|p| p.id == *post)?.deputy.clone();
    let mut put = |relation: Relation, post: &PostId| {
        facts.posts.insert((relation, post.clone()));
        if matches!(relation, Relation::Owner | Relation::Decider | Relation::Second)
            && let Some(deputy) = deputy(post)
        {
            facts.posts.insert((relation, deputy));
        }
    };
    let owner = &concern.owner.as_ref().unwrap().post;
    put(Relation::Owner, owner);
    put(Relation::Decider, owner);
    for duty in &concern.duties {
        match (duty.because == "second-reading", duty.is_open()) {
            (true, _) => put(Relation::Second, &duty.owner),
            (false, true) if duty.because == "asked" => {
                put(Relation::Asked, &duty.owner);
                if let Some(deputy) = deputy(&duty.owner) {
                    put(Relation::Asked, &deputy);
                }
            }
            (false, true) => put(Relation::Owner, &duty.owner),
            (false, false) => {
                put(Relation::Named, &duty.owner);
                if let Some(deputy) = deputy(&duty.owner) {
                    put(Relation::Named, &deputy);
                }
            }
        }
        for rung in duty.rungs.iter().filter(|r| r.stepped_over.is_none()) {
            let taken = duty.accepted.as_ref().is_some_and(|(_, _, at)| *at >= rung.at);
            put(
                if taken { Relation::Accepted } else { Relation::Told },
                &rung.told_in,
            );
        }
    }
    if let Some(custodian) = concern.restricted_to.first() {
        put(Relation::Custodian, custodian);
        put(Relation::CustodianDeputy, &deputy(custodian).unwrap());
    }
    put(Relation::Registrar, &crate::council::seat("records"));
    let team = agency.posts.iter().find(|p| p.id == *owner).unwrap().team.clone();
    facts.team = team.map(|team| format!("northmere/{team}").parse().unwrap());
    facts.barred = concern
        .exclusions
        .iter()
        .filter(|e| e.barred)
        .map(|e| e.practitioner)
        .collect();
    facts
}

async fn concerns(council: &mut Council) -> Vec<String> {
    council
        .join("marr", "Lee Marr", "07700 900417", true, &["social-worker"])
        .await;
    let mut references = Vec::new();
    for seed in 0..14_u8 {
        let safe = if seed % 4 == 3 { Safe::Unknown } else { Safe::Yes };
        let mut raised = report("Said.", safe, "Ivo Brand");
        raised.colleague = seed % 5 == 1;
        if seed % 5 == 2 {
            raised.mentions.push(adult("Lee Marr", "07700 900417"));
        }
        let filed = council.raise(seed, &raised).await;
        let reference = filed.reference.clone();
        let node = &council.node;
        let custodian = if [1, 2].contains(&(seed % 5)) {
            "lado"
        } else {
            "hub"
        };
        let acting = council.acting(custodian);
        match seed {
            0 => drop(node.restrict(&acting, &reference, "Fewer people.").await.unwrap()),
            3 => node
                .declare_conflict(&council.acting("team-manager"), &reference)
                .await
                .unwrap(),
            4 | 5 | 8 => {
                let page = council.page("hub", &reference).await;
                let outcome = ["assessment", "strategy-discussion", "another-authority"]
                    [usize::from(seed % 4) + usize::from(seed == 8) * 2];
                council
                    .decides("hub", &reference, &[(Some(page.subjects[0].id), outcome)])
                    .await;
            }
            10 | 13 => {
                let page = council.page("hub", &reference).await;
                let duty = page.concern.open_duties().next().unwrap().id;
                let asked = WaitFor::Post(crate::council::seat("partner"));
                node.wait_for(&acting, &reference, duty, &asked, "Is she known?")
                    .await
                    .unwrap();
            }
            9 => {
                let page = council.page("hub", &reference).await;
                council
                    .decides("hub", &reference, &[(Some(page.subjects[0].id), "advice")])
                    .await;
                let decision = council.page("hub", &reference).await.concern.decisions[0].record;
                node.disagree(&acting, &reference, decision, "I do not agree.")
                    .await
                    .unwrap();
            }
            _ => {}
        }
        references.push(reference);
    }
    council.live_until("2026-09-05 12:00").await;
    references
}

/// A concern as its custodian or owner has it.
async fn whole(council: &Council, reference: &str) -> Concern {
    for name in ["lado", "partner", "hub"] {
        if let Ok(page) = council.node.concern(&council.acting(name), reference).await
            && (name != "hub" || page.concern.exclusions.is_empty())
        {
            return page.concern;
        }
    }
    let page = council.node.concern(&council.acting("records"), reference).await;
    page.unwrap().concern
}

fn lists(concern: &Concern, posts: &[PostId], team: &[PostId], duty: &Duty) -> Option<usize> {
    let standing = duty.standing().map(|rung| &rung.post);
    let is_in = |posts: &[PostId]| posts.contains(&duty.owner) || standing.is_some_and(|p| posts.contains(p));
    let owner = &concern.owner.as_ref().unwrap().post;
    let owed = duty.because == "asked" && (posts.contains(owner) || team.contains(owner));
    if !is_in(posts) && !is_in(team) && !owed {
        return None;
    }
    Some(match () {
        () if !duty.is_open() => 3,
        () if is_in(posts) => 0,
        () if owed || duty.offered.is_some() => 2,
        () => 1,
    })
}

fn team_of(council: &Council, post: &PostId) -> Vec<PostId> {
    let posts = &council.node.agency().posts;
    let team = posts.iter().find(|p| p.id == *post).unwrap().team.clone();
    let same = posts.iter().filter(|p| team.is_some() && p.team == team);
    same.map(|p| p.id.clone()).collect()
}

/// Every page of somebody's list of concerns.
async fn every_concern(node: &Node, acting: &Acting) -> BTreeSet<String> {
    let (mut all, mut after) = (BTreeSet::new(), None);
    loop {
        let list = node.my_concerns(acting, after).await.unwrap();
        let lines = list.lines.len();
        all.extend(list.lines.into_iter().map(|line| line.reference));
        after = list.next;
        if after.is_none() {
            return all;
        }
        assert_eq!(lines, PAGE, "a page is full unless it is the last");
    }
}

#[tokio::test]
async fn pages_lists_counts_and_proofs_show_the_set_the_policy_gives() {
    on_each("2026-09-02 10:00", every_door).await;
}

async fn every_door(mut council: Council) {
    let policy = Policy::standard().unwrap();
    let references = concerns(&mut council).await;
    let now = node::clock::Clock::now(&*council.clock);
    let node = &council.node;
    let mut seats: Vec<Acting> = council
        .people
        .keys()
        .filter(|name| !["marr", "social-worker"].contains(name))
        .map(|name| council.acting(name))
        .collect();
    seats.push(council.acting_in("marr", "social-worker"));
    let (mut opened, mut refused) = (0, 0);
    for acting in &seats {
        let who = who(&council, acting);
        let mut wanted: [BTreeSet<DutyId>; 4] = Default::default();
        let mut known = BTreeSet::new();
        for reference in &references {
            let concern = whole(&council, reference).await;
            let facts = facts(&council, &concern);
            let what = facts.what(&who, Item::Concern);
            let purpose = Purpose::follows(&who, Action::Know, &what);
            let naive = purpose
                .is_some_and(|purpose| policy.decide(&who, Action::Know, &what, &purpose, now).is_ok());
            let page = node.concern(acting, reference).await;
            let label = format!(
                "{} and {reference}: {:?}",
                acting.post, concern.restricted_because
            );
            assert_eq!(page.is_ok(), naive, "{label}");
            let record = concern.raised.unwrap();
            let proof = node.proof(acting, reference, record).await;
            assert_eq!(proof.is_ok(), naive, "{label}");
            match page {
                Ok(_) => opened += 1,
                Err(error) => {
                    refused += 1;
                    let nowhere = node.concern(acting, "NM-2222-2222").await.unwrap_err();
                    assert_eq!(format!("{error:?}"), format!("{nowhere:?}"));
                    assert!(matches!(proof, Err(AppError::NotFound)));
                }
            }
            if naive {
                known.insert(reference.clone());
                let team = team_of(&council, &acting.post);
                let acted = [acting.post.clone()];
                for duty in &concern.duties {
                    if let Some(list) = lists(&concern, &acted, &team, duty) {
                        wanted[list].insert(duty.id);
                    }
                }
            }
        }
        assert_eq!(every_concern(node, acting).await, known, "{}", acting.post);
        let tabs = [Tab::Mine, Tab::Team, Tab::Owed, Tab::Finished];
        for (place, tab) in tabs.into_iter().enumerate() {
            let page = node.my_duties(acting, tab).await.unwrap();
            let listed: BTreeSet<DutyId> = page.lines.iter().map(|line| line.duty.id).collect();
            assert_eq!(listed, wanted[place], "{} {tab:?}", acting.post);
            if let Some(count) = page.counts.get(place) {
                assert_eq!(
                    usize::try_from(*count).unwrap(),
                    wanted[place].len(),
                    "{} {tab:?}",
                    acting.post
                );
            }
        }
    }
    assert!(opened > 40 && refused > 40, "{opened} opened, {refused} refused");
    council.verifies().await;
}

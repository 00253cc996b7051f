//! How long one decision takes, with a slice made for the one question: `cargo bench -p domain --bench policy`.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and prints"
)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark")]

use std::hint::black_box;
use std::time::Instant as Clock;

use domain::id::{PractitionerId, StreamId};
use domain::policy::audience::Facts;
use domain::policy::{Action, Item, Policy, Purpose, Relation, Role, Tier, Who};
use domain::time::Instant;

fn main() {
    let start = Clock::now();
    let policy = Policy::standard().unwrap();
    println!(
        "load and validate            {:>9.2} ms",
        start.elapsed().as_secs_f64() * 1_000.0
    );
    let post: domain::id::PostId = "northmere/hub".parse().unwrap();
    let mut who = Who::in_post(PractitionerId([1; 16]), post.clone(), &[Role::HubDecisionMaker]);
    let mut facts = Facts::new(
        StreamId([2; 16]),
        "northmere".parse().unwrap(),
        Tier::Agency,
        Instant(0),
    );
    for relation in [Relation::Owner, Relation::Decider, Relation::Accepted] {
        facts.posts.insert((relation, post.clone()));
    }
    for (item, action) in [
        (Item::Concern, Action::Know),
        (Item::Words, Action::Read),
        (Item::Decision, Action::Decide),
    ] {
        let mut ask = |place: usize, anew: bool| {
            // Another set of roles and flags is another question, which has to be worked out.
            let roles: Vec<Role> = Role::ALL[1..10]
                .iter()
                .enumerate()
                .filter(|(bit, _)| anew && place >> bit & 1 == 1)
                .map(|(_, role)| *role)
                .chain([Role::HubDecisionMaker])
                .collect();
            who.roles = roles;
            who.registered_social_worker = anew && place >> 9 & 1 == 1;
            let start = Clock::now();
            let mut what = facts.what(&who, item);
            what.held = anew && place >> 10 & 1 == 1;
            what.line = anew && place >> 11 & 1 == 1;
            let purpose = Purpose::follows(&who, action, &what).unwrap();
            black_box(policy.decide(&who, action, &what, &purpose, Instant(1)).is_ok());
            start.elapsed().as_secs_f64() * 1e6
        };
        for (name, anew, times) in [("worked out", true, 4_096), ("kept", false, 20_000)] {
            let mut taken: Vec<f64> = (0..times).map(|place| ask(place, anew)).collect();
            taken.sort_by(f64::total_cmp);
            let (p50, p99) = (taken[times / 2], taken[times / 100 * 99]);
            println!(
                "{:<8} {:<9} {name:<11} p50 {p50:>6.2} µs   p99 {p99:>6.2} µs",
                action.code(),
                item.code()
            );
        }
    }
    let start = Clock::now();
    for _ in 0..200 {
        black_box(
            policy
                .scope(&who, Action::Know, Item::Concern, Purpose::TeamQueue, Instant(1))
                .is_ok(),
        );
    }
    println!(
        "scope of a set               {:>9.2} µs",
        start.elapsed().as_secs_f64() * 1e6 / 200.0
    );
}

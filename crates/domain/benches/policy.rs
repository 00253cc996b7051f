//! How long one decision takes, with a slice made for the one question: `cargo bench -p domain --bench policy`.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a benchmark reads the clock and prints")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark")]

use std::hint::black_box;
use std::time::Instant as Clock;

use domain::id::{PractitionerId, StreamId};
use domain::policy::audience::Facts;
use domain::policy::{Action, Item, Policy, Purpose, Relation, Role, Tier, Who};
use domain::time::Instant;

const TIMES: usize = 20_000;

fn main() {
    let start = Clock::now();
    let policy = Policy::standard().unwrap();
    println!("load and validate            {:>9.2} ms", start.elapsed().as_secs_f64() * 1_000.0);
    let post: domain::id::PostId = "northmere/hub".parse().unwrap();
    let who = Who::in_post(PractitionerId([1; 16]), post.clone(), &[Role::HubDecisionMaker]);
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
        let mut taken: Vec<f64> = (0..TIMES)
            .map(|_| {
                let start = Clock::now();
                let what = facts.what(&who, item);
                let purpose = Purpose::follows(&who, action, &what).unwrap();
                black_box(policy.decide(&who, action, &what, &purpose, Instant(1)).is_ok());
                start.elapsed().as_secs_f64() * 1e6
            })
            .collect();
        taken.sort_by(f64::total_cmp);
        println!(
            "{:<10} {:<10} p50 {:>6.2} µs   p99 {:>6.2} µs",
            action.code(),
            item.code(),
            taken[TIMES / 2],
            taken[TIMES / 100 * 99]
        );
    }
    let start = Clock::now();
    for _ in 0..200 {
        black_box(
            policy
                .scope(&who, Action::Know, Item::Concern, Purpose::TeamQueue, Instant(1))
                .is_ok(),
        );
    }
    println!("scope of a set               {:>9.2} µs", start.elapsed().as_secs_f64() * 1e6 / 200.0);
}

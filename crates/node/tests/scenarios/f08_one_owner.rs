//! F08. No item ever has zero or two owners.
//!
//! Given any sequence of acts by anybody, allowed or refused, with time passing and people leaving posts; then at every
//! recorded instant the concern has one owner, every open duty one accountable post, no two open duties ask the same of
//! the same child, and everything kept holds together.

use std::collections::BTreeSet;

use domain::view::Concern;
use node::app::add::Beside;
use node::app::decide::Deciding;
use node::app::duties::Answer;
use node::app::report::{Mention, Safe};

use crate::council::{Council, done, on_each, report};

/// A small generator: the same sequence for the same seed, everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.roll(all.len())]
    }
}

const PEOPLE: [&str; 6] = [
    "hub",
    "team-manager",
    "social-worker",
    "service-manager",
    "lado",
    "partner",
];
const OUTCOMES: [&str; 6] = [
    "strategy-discussion",
    "assessment",
    "advice",
    "another-authority",
    "no-further-action",
    "early-help",
];
const ENDINGS: [&str; 6] = [
    "done",
    "part",
    "tried",
    "no-longer-needed",
    "cannot-be-done",
    "cannot-by-then",
];

/// One act by somebody; refusals are as good as acts.
async fn act(council: &Council, dice: &mut Dice, reference: &str) {
    let node = &council.node;
    let acting = council.acting(dice.of::<&str>(&PEOPLE));
    let Ok(page) = node.concern(&acting, reference).await else {
        return;
    };
    let subject = dice.of(&page.subjects).id;
    let duty = dice.of(&page.concern.duties).id;
    match dice.roll(9) {
        0 | 1 => {
            let decisions = [Deciding {
                subject: Some(subject),
                outcome: (*dice.of(&OUTCOMES)).to_owned(),
                reason: "Because.".into(),
            }];
            let _ = node.decide(&acting, reference, page.seen, &decisions).await;
        }
        2 => drop(node.accept(&acting, reference, duty).await),
        3 | 4 => {
            let answer = Answer {
                how: (*dice.of(&ENDINGS)).to_owned(),
                words: "What was done.".into(),
                ..done()
            };
            let _ = node.answer(&acting, reference, duty, &answer).await;
        }
        5 => {
            let whom = (dice.roll(2) == 0).then_some(subject);
            let _ = node
                .close_concern(&acting, reference, page.seen, whom, "Done with.")
                .await;
            let _ = node.reopen(&acting, reference, whom, "Not done with.").await;
        }
        6 => {
            for decision in &page.concern.decisions {
                let agreed = dice.roll(3) > 0;
                let _ = node
                    .second_read(&acting, reference, decision.record, agreed, "Read.")
                    .await;
            }
        }
        7 => {
            if let Some(decision) = page.concern.decisions.last() {
                let _ = node
                    .disagree(&acting, reference, decision.record, "I disagree.")
                    .await;
            }
        }
        _ => {
            let record = dice.of(&page.entries).record;
            let _ = node
                .stand_beside(&acting, reference, record, Beside::Disputes, "Not so.")
                .await;
        }
    }
}

fn one_owner(concern: &Concern) {
    if concern.raised.is_none() {
        return;
    }
    assert!(concern.owner.is_some(), "a concern without an owner");
    let mut asked = BTreeSet::new();
    for duty in concern.open_duties() {
        let accountable = duty.standing().map_or(&duty.owner, |rung| &rung.post);
        assert!(!accountable.as_str().is_empty());
        let because = ["disagreement", "notice", "second-reading"].contains(&duty.because.as_str());
        assert!(
            because || asked.insert((duty.clock.clone(), duty.subject)),
            "{} is asked twice: {:#?}",
            duty.clock,
            concern.duties
        );
    }
    let ids: BTreeSet<_> = concern.duties.iter().map(|d| d.id).collect();
    assert_eq!(ids.len(), concern.duties.len());
}

#[tokio::test]
async fn no_sequence_of_acts_leaves_zero_or_two_owners() {
    for seed in [3, 17, 2_026] {
        on_each("2026-09-02 10:00", async |council| {
            let mut dice = Dice(seed);
            let mut raised = report("Two children.", Safe::Unknown, "Ivo Brand");
            let other = Mention::named(domain::view::SubjectKind::Child, "child-at-risk", "Mina Brand");
            raised.mentions.push(other);
            let filed = council.raise(1, &raised).await;
            for step in 0..30 {
                act(&council, &mut dice, &filed.reference).await;
                if dice.roll(3) == 0 {
                    let minutes = i64::try_from(dice.roll(20 * 60)).unwrap();
                    use node::clock::Clock;
                    council.clock.move_to(council.clock.now().plus_minutes(minutes));
                    council.node.tick().await.unwrap();
                }
                if step == 15 {
                    let left = council.people["service-manager"];
                    let post = crate::council::seat("service-manager");
                    council.node.leave_post(None, left, &post).await.unwrap();
                }
            }
            let hub = council.acting("hub");
            let page = council.page("hub", &filed.reference).await;
            let times: BTreeSet<_> = page.entries.iter().map(|e| e.recorded).collect();
            for time in times {
                let then = council.node.concern_as_at(&hub, &filed.reference, time).await;
                one_owner(&then.unwrap().concern);
            }
            council.verifies().await;
        })
        .await;
    }
}

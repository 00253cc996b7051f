//! "I know this family".
//!
//! Given a concern whose duties are somebody's, when they say that they know the family, then they meet nothing of it, and
//! what was theirs is with the next post in the same instant: no duty waits for somebody who may not see it.

use node::app::duties::Tab;
use node::app::report::Safe;

use crate::council::{Council, is_not_found, on_each, report};

async fn stepped_away(council: &Council) -> String {
    let filed = council
        .raise(1, &report("She is losing weight.", Safe::Yes, "Ivo Brand"))
        .await;
    let hub = council.acting("hub");
    let before = council.page("hub", &filed.reference).await;
    assert!(before.concern.open_duties().all(|duty| duty.standing().is_none()));
    council
        .node
        .declare_conflict(&hub, &filed.reference)
        .await
        .unwrap();
    filed.reference
}

#[tokio::test]
async fn what_was_theirs_is_the_next_posts_in_the_same_instant() {
    on_each("2026-09-02 10:00", async |council| {
        let reference = stepped_away(&council).await;
        let (node, hub) = (&council.node, council.acting("hub"));
        assert!(is_not_found(node.concern(&hub, &reference).await));
        let mine = node.my_duties(&hub, Tab::Mine).await.unwrap();
        assert!(mine.lines.iter().all(|line| line.reference != reference));
        assert!(
            is_not_found(node.declare_conflict(&hub, &reference).await),
            "once"
        );

        let page = council.page("records", &reference).await;
        let mut theirs = page.concern.open_duties().peekable();
        assert!(theirs.peek().is_some());
        for duty in theirs {
            let with = duty.standing().and_then(|rung| rung.who);
            assert!(
                with.is_some_and(|who| who != hub.practitioner),
                "{}: {with:?}",
                duty.clock
            );
        }
        council.verifies().await;
    })
    .await;
}

#[tokio::test]
async fn what_climbed_to_them_and_they_accepted_goes_on_as_well() {
    on_each("2026-09-02 10:00", async |council| {
        let filed = council
            .raise(1, &report("She is losing weight.", Safe::Yes, "Ivo Brand"))
            .await;
        let reference = filed.reference;
        council.live_until("2026-09-03 11:00").await;
        let page = council.page("hub", &reference).await;
        let c01 = |duty: &&domain::view::Duty| duty.clock == "C01";
        let duty = page.concern.open_duties().find(c01).unwrap().clone();
        let above = duty.standing().unwrap().who.unwrap();
        let name = council.people.iter().find(|(_, who)| **who == above).unwrap().0;
        let acting = council.acting(name);
        council.node.accept(&acting, &reference, duty.id).await.unwrap();
        council.node.declare_conflict(&acting, &reference).await.unwrap();
        let page = council.page("hub", &reference).await;
        let after = page.concern.duty(duty.id).unwrap();
        let rung = after.standing().unwrap();
        assert!(rung.who.is_some_and(|who| who != above), "{:?}", after.rungs);
        council.verifies().await;
    })
    .await;
}

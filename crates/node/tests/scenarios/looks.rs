//! Who knew what, when: what somebody was shown is kept, says exactly what it was, and is shown to those who may see it.

use node::app::duties::Tab;
use node::app::report::Safe;

use node::clock::Clock;

use crate::council::{on_each, report, seat};

fn posts(page: &node::app::concern::ConcernPage) -> Vec<&str> {
    let mut posts: Vec<&str> = page.looks.iter().map(|look| look.post.post()).collect();
    posts.dedup();
    posts
}

#[tokio::test]
async fn a_list_shows_initials_and_never_claims_that_anybody_read_the_words() {
    on_each("2026-09-02 10:00", async |council| {
        let filed = council
            .raise(1, &report("She is losing weight.", Safe::Yes, "Ivo Brand"))
            .await;
        let hub = council.acting("hub");
        let list = council.node.my_duties(&hub, Tab::Mine).await.unwrap();
        assert!(!list.lines.is_empty());

        let page = council.page("team-manager", &filed.reference).await;
        assert_eq!(
            posts(&page),
            ["team-manager"],
            "the hub has seen a list and no more"
        );

        let page = council.page("hub", &filed.reference).await;
        let read = page.looks.iter().find(|look| look.post == seat("hub")).unwrap();
        assert_eq!(read.up_to, page.concern.length);
        council.verifies().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_shown_on_an_earlier_date_is_what_is_said_of_that_date() {
    on_each("2026-09-02 10:00", async |council| {
        let filed = council
            .raise(1, &report("She is losing weight.", Safe::Yes, "Ivo Brand"))
            .await;
        council.page("hub", &filed.reference).await;
        let before = council.clock.now();
        council.clock.move_to(crate::council::at("2026-09-04 10:00"));
        council.page("team-manager", &filed.reference).await;

        let hub = council.acting("hub");
        let then = council
            .node
            .concern_as_at(&hub, &filed.reference, before)
            .await
            .unwrap();
        assert_eq!(posts(&then), ["hub"]);
        assert_eq!(
            posts(&council.page("hub", &filed.reference).await),
            ["hub", "team-manager"]
        );
    })
    .await;
}

#[tokio::test]
async fn those_who_look_over_the_work_are_not_named_to_those_who_do_it() {
    on_each("2026-09-02 10:00", async |council| {
        let filed = council
            .raise(1, &report("She is losing weight.", Safe::Yes, "Ivo Brand"))
            .await;
        for overseer in ["records", "protection", "monitoring"] {
            let _ = council
                .node
                .concern(&council.acting(overseer), &filed.reference)
                .await;
        }
        assert_eq!(posts(&council.page("hub", &filed.reference).await), ["hub"]);
    })
    .await;
}

#[tokio::test]
async fn a_list_of_concerns_has_pages_and_each_concern_is_on_one_of_them() {
    on_each("2026-09-02 10:00", async |council| {
        let mut filed = std::collections::BTreeSet::new();
        for seed in 0..30_u8 {
            let report = report("She is losing weight.", Safe::Yes, "Ivo Brand");
            filed.insert(council.raise(seed, &report).await.reference);
        }
        let hub = council.acting("hub");
        let first = council.node.my_concerns(&hub, None).await.unwrap();
        assert_eq!(first.lines.len(), node::app::concerns::PAGE);
        let second = council.node.my_concerns(&hub, first.next).await.unwrap();
        assert_eq!(second.next, None);
        let listed = first.lines.iter().chain(&second.lines);
        let listed: Vec<_> = listed.map(|line| line.reference.clone()).collect();
        assert_eq!(listed.len(), 30, "none twice");
        assert_eq!(
            listed.into_iter().collect::<std::collections::BTreeSet<_>>(),
            filed
        );
        let other = council
            .node
            .my_concerns(&council.acting("lado"), None)
            .await
            .unwrap();
        assert_eq!((other.lines.len(), other.next), (0, None));
    })
    .await;
}

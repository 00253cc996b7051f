//! A duty is accepted and answered by whoever has it: another duty on the same concern is no leave.

use node::app::report::Safe;

use crate::council::{done, is_not_found, on_each, report};

#[tokio::test]
async fn who_has_one_duty_on_a_concern_cannot_end_another_posts() {
    on_each("2026-09-02 10:00", async |council| {
        let filed = council
            .raise(1, &report("She is losing weight.", Safe::Yes, "Ivo Brand"))
            .await;
        let page = council.page("hub", &filed.reference).await;
        let child = page.subjects[0].id;
        council
            .decides("hub", &filed.reference, &[(Some(child), "assessment")])
            .await;
        let page = council.page("hub", &filed.reference).await;
        let open = |clock: &str| page.concern.open_duties().find(|d| d.clock == clock).unwrap().id;
        let (assess, tell) = (open("C07"), open("tell-reporter"));
        let [answer, _] = &page.answerable;
        assert!(answer.contains(&tell) && !answer.contains(&assess));

        let (node, hub) = (&council.node, council.acting("hub"));
        let worker = council.acting("social-worker");
        assert!(is_not_found(
            node.answer(&hub, &filed.reference, assess, &done()).await
        ));
        assert!(is_not_found(
            node.answer(&worker, &filed.reference, tell, &done()).await
        ));
        node.accept(&worker, &filed.reference, assess).await.unwrap();
        node.answer(&worker, &filed.reference, assess, &done())
            .await
            .unwrap();
    })
    .await;
}

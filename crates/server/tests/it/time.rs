//! The held clock, as people meet it.

use axum::http::StatusCode;

use crate::bench::Bench;
use crate::walk::signed_in;

#[tokio::test]
async fn every_page_says_that_the_clock_is_held_and_one_who_may_lets_it_go_on() {
    let bench = Bench::with(|settings| settings.demo = true).await;
    let node = bench.app.node();
    node.keep_time(120);
    node.tick().await.unwrap();
    let mut worker = signed_in(&bench, "Tom Reve", "northmere/north-worker").await;
    let mut night = signed_in(&bench, "Elin Gray", "northmere/night-first").await;
    worker.go("/duties").await;
    assert!(!worker.shows("The clock is held"));
    assert!(
        !worker.shows("Notices in the last 24 hours"),
        "how the node is stands on the pages of those who answer for it"
    );
    let mut manager = signed_in(&bench, "Ada Wren", "northmere/service-manager").await;
    manager.go("/duties").await;
    assert!(
        manager.shows("Notices in the last 24 hours"),
        "{}",
        manager.page.body
    );
    worker.go("/time").await;
    assert!(
        worker.shows("The clock runs") && !worker.shows("The time is right</button>"),
        "{}",
        worker.page.body
    );

    let now = bench.app.node().now();
    bench.clock.move_to(now.plus_minutes(60 * 60));
    assert!(node.tick().await.unwrap().held.is_some());
    worker.go("/duties").await;
    assert!(worker.shows("The clock is held"), "{}", worker.page.body);
    worker.go("/time").await;
    assert!(worker.shows("2 days") && worker.shows("can say that the time is right"));
    worker.send("/time", &[]).await;
    assert_eq!(worker.page.status, StatusCode::NOT_FOUND);
    assert!(node.time_held().is_some());

    night.go("/time").await;
    night.send("/time", &[]).await;
    assert!(night.shows("The clock runs"), "{}", night.page.body);
    assert_eq!(node.tick().await.unwrap().held, None);
}

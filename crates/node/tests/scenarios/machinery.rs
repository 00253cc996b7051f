//! Safeguarding never waits for the machinery: what hangs outside delays nothing inside.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use node::app::deliver::{Channel, Delivery, Message};
use node::app::publish::Published;
use node::app::report::Safe;
use node::jobs::{self, Outside};

use crate::council::{Council, at, report};

/// A mail gateway that takes the connection and never answers.
#[derive(Default)]
struct Hanging(AtomicBool);

impl Channel for Hanging {
    fn name(&self) -> &str {
        "email"
    }

    fn send<'a>(&'a self, _: &'a Message) -> Delivery<'a> {
        self.0.store(true, Ordering::SeqCst);
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn a_mail_gateway_that_hangs_delays_no_clock_and_no_signature() {
    let council = Council::at("2026-09-02 10:00").await;
    let gateway = Arc::new(Hanging::default());
    let outside = Outside {
        channels: vec![gateway.clone()],
        witnesses: Vec::new(),
    };
    let running = tokio::spawn(jobs::run(council.node.clone(), outside));
    let filed = council
        .raise(1, &report("She is losing weight.", Safe::Yes, "Ivo Brand"))
        .await;
    while !gateway.0.load(Ordering::SeqCst) {
        tokio::task::yield_now().await;
    }
    council.clock.move_to(at("2026-09-03 10:01"));
    loop {
        let page = council.page("hub", &filed.reference).await;
        let late = page.concern.duties.iter().any(|duty| duty.lapsed.is_some());
        if late && page.signed >= page.concern.length.min(page.seen) {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert!(!running.is_finished());
    running.abort();
}

#[tokio::test]
async fn one_process_publishes_at_a_time() {
    let council = Council::at("2026-09-02 10:00").await;
    let lock = council.home.path().join("keys/log.lock");
    let other = std::fs::File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(lock)
        .unwrap();
    other.lock().unwrap();
    council
        .raise(1, &report("She is losing weight.", Safe::Yes, "Ivo Brand"))
        .await;
    assert_eq!(council.node.publish().await.unwrap(), Published::Nothing);
    // However the other ends, its lock goes with it.
    drop(other);
    let signed = council.node.publish().await.unwrap();
    assert!(matches!(signed, Published::Signed { .. }), "{signed:?}");
}

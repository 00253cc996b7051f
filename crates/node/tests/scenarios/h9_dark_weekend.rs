//! H9, in part. The dark weekend.
//!
//! Given that the node is down from Friday 6pm to Monday 8am, when duties lapse; when it starts, it acts on nothing until
//! a person says that the time is right; then every lapse is written once, in true order, each post gets one message, and
//! two tickers at once write a rung once.

use std::collections::BTreeSet;
use std::sync::Mutex;

use domain::record::Kind;
use node::app::report::Safe;

use crate::council::{Council, at, is_not_found, on_each, report};
use crate::h2_watched_phone::Kept;

async fn raised_on_thursday(council: &Council) -> Vec<String> {
    let mut references = Vec::new();
    for seed in 1..6_u8 {
        council
            .clock
            .move_to(at(&format!("2026-09-03 17:{:02}", 10 + 7 * seed)));
        let filed = council
            .raise(seed, &report("Said.", Safe::Yes, "Ivo Brand"))
            .await;
        references.push(filed.reference);
    }
    references
}

#[tokio::test]
async fn nothing_lapses_until_a_person_says_that_the_time_is_right() {
    on_each("2026-09-03 17:00", async |council| {
        let node = &council.node;
        node.keep_time(120);
        assert_eq!(node.tick().await.unwrap().held, None);
        let references = raised_on_thursday(&council).await;
        let sent = Kept("email", Mutex::new(Vec::new()));
        node.deliver(&sent).await.unwrap();
        sent.1.lock().unwrap().clear();

        // A new process on Monday: it knows from what was written down that a weekend is missing.
        council.clock.move_to(at("2026-09-07 08:00"));
        let second = council.second().await;
        second.keep_time(120);
        for node in [node, &second] {
            let ticked = node.tick().await.unwrap();
            assert!(ticked.held.unwrap() > 3 * 24 * 3_600, "{ticked:?}");
            assert_eq!((ticked.lapsed, ticked.climbed), (0, 0));
        }
        let mut nobody = council.acting("hub");
        nobody.post = crate::council::seat("director");
        assert!(is_not_found(second.confirm_time(&nobody).await));
        assert!(
            is_not_found(second.confirm_time(&council.acting("social-worker")).await),
            "a post that answers for no duties but its own does not say so"
        );
        assert!(second.time_held().unwrap().seconds > 3 * 24 * 3_600);
        second.confirm_time(&council.acting("edt")).await.unwrap();
        assert_eq!(second.time_held(), None);
        let ticked = second.tick().await.unwrap();
        assert_eq!(ticked.held, None);
        assert_eq!(
            ticked.lapsed, 10,
            "to decide, and to confirm the organisation: {ticked:?}"
        );

        // Once each, and in the order in which they fell due.
        let mut lapses = Vec::new();
        for reference in &references {
            let page = council.page("hub", reference).await;
            let lapsed: Vec<_> = page.entries.iter().filter(|e| e.kind == Kind::Lapsed).collect();
            assert_eq!(lapsed.len(), 2);
            for lapse in lapsed {
                let hub = council.acting("hub");
                let proof = node.proof(&hub, reference, lapse.record).await.unwrap();
                lapses.push((lapse.due.unwrap(), proof.index));
            }
        }
        let by_due: BTreeSet<_> = lapses.iter().copied().collect();
        let indices: Vec<u64> = by_due.iter().map(|(_, index)| *index).collect();
        assert!(indices.is_sorted(), "{lapses:?}");

        // One message a post, however many wait.
        council.clock.move_to(at("2026-09-07 08:31"));
        second.tick().await.unwrap();
        second.deliver(&sent).await.unwrap();
        let messages = sent.1.lock().unwrap().clone();
        let posts: BTreeSet<_> = messages.iter().map(|m| m.to.clone()).collect();
        assert_eq!(posts.len(), messages.len(), "{messages:?}");
        council.verifies().await;
    })
    .await;
}

#[tokio::test]
async fn two_tickers_at_once_write_a_lapse_and_a_rung_once() {
    on_each("2026-09-03 17:00", async |council| {
        let references = raised_on_thursday(&council).await;
        let second = council.second().await;
        for time in [
            "2026-09-04 17:50",
            "2026-09-07 12:00",
            "2026-09-07 16:29",
            "2026-09-08 12:00",
            "2026-09-09 15:00",
        ] {
            council.clock.move_to(at(time));
            let (one, two) = tokio::join!(council.node.tick(), second.tick());
            one.unwrap();
            two.unwrap();
        }
        for reference in &references {
            let page = council.page("hub", reference).await;
            for kind in [Kind::Lapsed, Kind::Climbed, Kind::SteppedOver] {
                let mut seen = BTreeSet::new();
                for entry in page.entries.iter().filter(|e| e.kind == kind) {
                    let rung = format!("{:?} {:?}", entry.codes.get("rung"), entry.posts);
                    assert!(seen.insert((entry.duty, rung)), "{reference}: {entry:?}");
                }
            }
            let climbed = page.entries.iter().filter(|e| e.kind == Kind::Climbed);
            assert!(climbed.count() >= 2);
        }
        council.verifies().await;
    })
    .await;
}

//! H1. The bank-holiday Friday.
//!
//! Given Friday 28 August at 4:50pm, the day desk closed and Monday a bank holiday; when a school reports and nobody
//! accepts for half an hour; then the night number is shown, the next post is told at 5:20pm, and the reporter's page
//! says that nobody has accepted until somebody does.

use crate::council::{Council, at, on_each, report};
use node::app::report::Safe;

/// Law: WT2023-ch3-referral-1wd
#[tokio::test]
async fn an_urgent_concern_on_friday_evening_is_accepted_that_evening() {
    on_each("2026-08-28 16:50", accepted_that_evening).await;
}

async fn accepted_that_evening(council: Council) {
    let filed = council
        .node
        .raise(
            &[1; 32],
            &report("A pupil of 8 …", Safe::Unknown, "Ivo Brand"),
            None,
        )
        .await
        .unwrap();
    let receipt = council.node.receipt(&filed.ticket).await.unwrap();
    assert_eq!(receipt.next.ring.as_deref(), Some("01632 960 000"));
    assert_eq!(receipt.next.accepted, None);

    council.until("2026-08-28 17:19").await;
    let edt = council.acting("edt");
    let page = council.node.concern(&edt, &filed.reference).await.unwrap();
    let urgent = page.concern.duties.iter().find(|d| d.clock == "C01a").unwrap();
    assert_eq!((urgent.lapsed, urgent.rungs.len()), (None, 0));

    council.until("2026-08-28 17:21").await;
    let manager = council.acting("service-manager");
    let page = council.node.concern(&manager, &filed.reference).await.unwrap();
    let urgent = page.concern.duties.iter().find(|d| d.clock == "C01a").unwrap();
    assert!(urgent.lapsed.is_some(), "{:#?}", page.concern.duties);
    assert_eq!(
        urgent.standing().unwrap().post.as_str(),
        "northmere/service-manager"
    );
    assert!(page.concern.notices.iter().all(|n| n.state.code() != "accepted"));

    council.until("2026-08-28 17:26").await;
    council
        .node
        .accept(&manager, &filed.reference, urgent.id)
        .await
        .unwrap();
    let receipt = council.node.receipt(&filed.ticket).await.unwrap();
    let (post, when) = receipt.next.accepted.unwrap();
    assert_eq!(post, "service manager");
    assert_eq!(when.seconds_since(at("2026-08-28 17:26")), 0);
    assert_eq!(receipt.next.ring, None);

    let decide = page.concern.duties.iter().find(|d| d.clock == "C01").unwrap();
    assert_eq!(decide.due.seconds_since(at("2026-09-01 16:50")), 0);
    assert_eq!(decide.authority, "WT2023-ch3-referral-1wd");
    council.verifies().await;
}

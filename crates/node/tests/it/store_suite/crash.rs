//! `kill -9` before and after every step of a write, again and again on one database.
//!
//! 100 times an engine; `DAYLIGHT_TEST_KILLS` says otherwise (1,000 before a release).

use std::collections::HashMap;

use super::bed::{Bed, Maker, beds, verify};
use super::child::{Orders, SHARED, listen, request, start};
use crate::store::faults::Step;
use crate::store::{Store, Submitted, Table, Val};

#[expect(
    clippy::disallowed_methods,
    reason = "how often to kill is said by the environment"
)]
fn kills() -> u32 {
    std::env::var("DAYLIGHT_TEST_KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(100)
}

/// How often each request was filed.
async fn filed(store: &Store) -> HashMap<String, u32> {
    let mut out = HashMap::new();
    for change in store.dump_projections().await.unwrap() {
        if let (Table::Term, Some(Val::Bytes(key))) = (change.table, change.key.first()) {
            *out.entry(String::from_utf8(key.clone()).unwrap()).or_insert(0) += 1;
        }
    }
    out
}

async fn kill_again_and_again(bed: &Bed, kills: u32) {
    let points = Step::ALL.len() as u32 * 2;
    let mut acknowledged_ever = 0;
    for kill in 0..kills {
        let point = kill % points;
        let orders = Orders {
            who: kill + 1,
            requests: 20,
            stop: Some((point as usize / 2, point % 2 == 1, 1 + kill / points % 3)),
        };
        let mut child = start(bed, &orders);
        let (tried, acknowledged, held) = listen(&mut child);
        assert!(held, "the child was never at {:?}", orders.stop);
        child.kill().unwrap();
        child.wait().unwrap();

        let store = bed.open().await;
        verify(&store).await;
        let now = filed(&store).await;
        for key in &acknowledged {
            assert_eq!(now.get(key), Some(&1), "{key} was acknowledged");
            acknowledged_ever += 1;
        }
        // Whoever had no answer presses again.
        let last = tried.last().unwrap();
        assert!(!acknowledged.contains(last));
        let there = now.contains_key(last);
        let again = request(&store, &mut Maker::new(1_000_000 + kill), last)
            .await
            .unwrap();
        assert_eq!(matches!(again, Submitted::Repeated { .. }), there);
        let committed = Step::ALL[point as usize / 2] == Step::Commit && point % 2 == 1;
        assert_eq!(
            there, committed,
            "only a finished commit leaves something: {:?}",
            orders.stop
        );
        store.close().await;
    }
    let store = bed.open().await;
    verify(&store).await;
    let filed = filed(&store).await;
    assert!(
        filed.values().all(|times| *times == 1),
        "filed once and only once"
    );
    assert_eq!(filed.len() as u32, acknowledged_ever + kills);
    assert_eq!(
        store.stream(SHARED).await.unwrap().unwrap().length as usize,
        filed.len()
    );
}

#[tokio::test]
async fn a_process_killed_at_any_step_loses_nothing_it_acknowledged() {
    for bed in beds() {
        kill_again_and_again(&bed, kills()).await;
    }
}

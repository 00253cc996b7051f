//! What was erased stops being readable in every copy: epochs begin, wrap anew, and end.

use node::app::epochs::Tended;

use crate::council::{Council, at, on_each};
use crate::h10_lawful_shredding::{WARNING, texts, warned, warning};

/// Erases one field by two people; gives the reference.
async fn erased(council: &Council) -> String {
    let node = &council.node;
    let filed = warned(council, false).await;
    let record = warning(&council.page("hub", &filed.reference).await).record;
    let (records, outside) = (council.acting("records"), council.acting("monitoring"));
    let asked = node
        .ask_erasure(&records, &filed.reference, record, "text", "wrong-person")
        .await
        .unwrap();
    let asked = asked.erasures[0].asked;
    node.agree_erasure(&outside, &filed.reference, asked)
        .await
        .unwrap();
    council.until("2026-10-19 10:00").await;
    assert_eq!(node.tend_epochs().await.unwrap(), Tended::default());
    assert_eq!(node.erase_due().await.unwrap(), 1);
    filed.reference
}

/// Law: OWN-R8-erasure
#[tokio::test]
async fn an_erasure_begins_an_epoch_and_the_old_key_dies_with_the_last_backup() {
    on_each("2026-09-02 10:00", async |council| {
        let node = &council.node;
        let reference = erased(&council).await;
        let second = council.second().await;
        let began = node.tend_epochs().await.unwrap();
        assert_eq!((began.began, began.ended.len()), (Some(2), 0));
        assert!(
            began.wrapped > 5,
            "every stream's key, not only the one's: {began:?}"
        );
        assert_eq!(node.tend_epochs().await.unwrap(), Tended::default());
        let words = |page| texts(&page).contains(&"Nobody rang back.");
        assert!(words(council.page("hub", &reference).await));
        // A process that began before the epoch reads and writes on.
        let hub = council.acting("hub");
        assert!(words(second.concern(&hub, &reference).await.unwrap()));
        assert!(!second.keys_backed_up(), "a new key is not backed up");

        let keys = council.home.path().join("keys");
        let old = keys.join("epoch-1.key");
        council.clock.move_to(at("2026-11-18 09:00"));
        assert_eq!(node.tend_epochs().await.unwrap().ended, Vec::<u32>::new());
        std::fs::write(keys.join("backed-up"), "").unwrap();
        assert_eq!(
            node.tend_epochs().await.unwrap().ended,
            Vec::<u32>::new(),
            "29 days and 23 hours"
        );
        assert!(old.exists());
        council.clock.move_to(at("2026-11-18 11:00"));
        assert_eq!(node.tend_epochs().await.unwrap().ended, [1]);
        assert!(!old.exists());
        assert_eq!(node.tend_epochs().await.unwrap(), Tended::default());
        let third = council.second().await;
        assert_eq!(
            third.tend_epochs().await.unwrap(),
            Tended::default(),
            "that it began is a record, and not made twice"
        );
        node.publish().await.unwrap();
        assert_eq!(council.verifies().await, 1);
        assert!(words(second.concern(&hub, &reference).await.unwrap()));
        assert_eq!(council.readable(&[WARNING]), Vec::<String>::new());
    })
    .await;
}

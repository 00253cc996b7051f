//! H6, F06. The laundered clock.
//!
//! Given that a practice telephones on Tuesday at 3:10pm and it is typed on Wednesday at 9:40am; when it is closed on
//! Wednesday at 2:50pm "awaiting information", opened afresh on Thursday, called something else and opened again; then it
//! is due at 3:10pm on Wednesday throughout, counts late, and says how often it was restarted.

use domain::record::Kind;
use domain::view::{Concern, Duty};
use node::app::report::{Channel, Report, Safe, Told};
use node::app::tell::Telling;

use crate::council::{Council, at, on_each, report};

fn telephoned() -> Report {
    let mut report = report("The surgery rang about a bruise.", Safe::Yes, "Ivo Brand");
    report.channel = Channel::Telephone;
    report.told = Some(Told {
        at: at("2026-09-08 15:10"),
        sheet: String::new(),
    });
    report
}

fn decide(concern: &Concern) -> &Duty {
    concern.duties.iter().rfind(|d| d.clock == "C01").unwrap()
}

fn same(one: domain::time::Instant, text: &str) {
    assert_eq!(one.seconds_since(at(text)), 0);
}

/// Decides, tells, does what is open and closes, as on that Wednesday afternoon.
async fn closed_in_a_hurry(council: &Council, reference: &str) {
    let node = &council.node;
    council.clock.move_to(at("2026-09-09 14:45"));
    let page = council.page("hub", reference).await;
    council
        .decides("hub", reference, &[(Some(page.subjects[0].id), "information")])
        .await;
    let words = "Awaiting information.".to_owned();
    let hub = council.acting("hub");
    council.confirms("hub", reference).await;
    node.tell_reporter(&hub, reference, &Telling::Work { words })
        .await
        .unwrap();
    council.finishes("hub", reference, &[]).await;
    council.clock.move_to(at("2026-09-09 14:50"));
    let manager = council.acting("team-manager");
    let seen = council.page("team-manager", reference).await.seen;
    node.close_concern(&manager, reference, seen, None, "Awaiting information.")
        .await
        .unwrap();
}

/// Law: WT2023-ch3-referral-1wd
#[tokio::test]
async fn no_closing_opening_or_naming_restarts_a_clock() {
    on_each("2026-09-09 09:40", async |council| {
        let node = &council.node;
        let hub = council.acting("hub");
        let filed = node.raise(&[1; 32], &telephoned(), Some(&hub)).await.unwrap();
        let page = council.page("hub", &filed.reference).await;
        same(decide(&page.concern).due, "2026-09-09 15:10");
        assert_eq!(page.concern.recorded.seconds_since(page.concern.told), 66_600);
        let written = page.entries.iter().find(|e| e.kind == Kind::Raised).unwrap();
        same(written.told.unwrap(), "2026-09-08 15:10");
        closed_in_a_hurry(&council, &filed.reference).await;

        // Thursday: the same telling, opened afresh.
        council.clock.move_to(at("2026-09-10 09:15"));
        let mut afresh = report("The surgery rang again.", Safe::Yes, "Ivo Brand");
        afresh.joins = Some(filed.reference.clone());
        let again = council.raise(2, &afresh).await;
        let page = council.page("hub", &again.reference).await;
        same(page.concern.told, "2026-09-08 15:10");
        same(decide(&page.concern).due, "2026-09-09 15:10");
        assert_eq!(page.concern.times_restarted(), 1);
        let joined = page.entries.iter().find(|e| e.kind == Kind::Raised).unwrap();
        assert!(joined.codes.contains_key("joins"), "statistics count it once");
        // Whoever reported learns nothing of the first telling.
        same(again.received, "2026-09-10 09:15");
        let receipt = node.receipt(&again.ticket).await.unwrap();
        same(receipt.received, "2026-09-10 09:15");
        same(receipt.next.by, "2026-09-11 09:15");
        council.until("2026-09-10 09:16").await;
        let page = council.page("hub", &again.reference).await;
        assert!(decide(&page.concern).lapsed.is_some());

        // Called something else: nothing moves.
        let concern = node
            .relabel(&hub, &again.reference, "information", "Not a referral.")
            .await
            .unwrap();
        same(decide(&concern).due, "2026-09-09 15:10");
        assert_eq!(concern.times_restarted(), 2);
        council
            .decides(
                "hub",
                &again.reference,
                &[(Some(page.subjects[0].id), "assessment")],
            )
            .await;
        let page = council.page("hub", &again.reference).await;
        assert!(decide(&page.concern).ended.as_ref().unwrap().late);

        // The first one, opened again: due when it always was.
        let concern = node
            .reopen(&hub, &filed.reference, None, "It was never answered.")
            .await
            .unwrap();
        assert_eq!(concern.closed, None);
        assert_eq!(concern.times_restarted(), 1);
        same(decide(&concern).due, "2026-09-09 15:10");
        assert!(decide(&concern).is_open());
        council.until("2026-09-10 12:00").await;
        let page = council.page("hub", &filed.reference).await;
        assert!(decide(&page.concern).lapsed.is_some());
        council.verifies().await;
    })
    .await;
}

#[tokio::test]
async fn what_joins_a_restricted_concern_is_restricted_and_reads_as_any_other() {
    let council = Council::at("2026-09-09 09:40").await;
    let mut sealed = report("About somebody here.", Safe::Yes, "Ivo Brand");
    sealed.colleague = true;
    let first = council.raise(1, &sealed).await;
    council.clock.move_to(at("2026-09-10 11:00"));
    let plain = council
        .raise(2, &report("Something else.", Safe::Yes, "Ana Brook"))
        .await;
    let mut joining = report("Something more.", Safe::Yes, "Ivo Brand");
    joining.joins = Some(first.reference);
    let joined = council.raise(3, &joining).await;
    assert!(!council.knows(&council.acting("hub"), &joined.reference).await);
    let page = council.page("lado", &joined.reference).await;
    same(page.concern.told, "2026-09-09 09:40");
    let (one, two) = (
        council.node.receipt(&plain.ticket).await.unwrap().next,
        council.node.receipt(&joined.ticket).await.unwrap().next,
    );
    assert_eq!((one.post, one.then, one.ring), (two.post, two.then, two.ring));
    assert_eq!(one.by.seconds_since(two.by), 0);
}

#[tokio::test]
async fn told_you_before_with_no_record_is_an_entry_and_a_duty_to_answer() {
    let council = Council::at("2026-09-09 09:40").await;
    let mut raised = report("We also rang on Monday.", Safe::Yes, "Ivo Brand");
    raised.joins = Some("rang on Monday, spoke to the desk".into());
    let filed = council.raise(1, &raised).await;
    let page = council.page("hub", &filed.reference).await;
    assert!(page.entries.iter().any(|e| e.kind == Kind::EarlierTellingClaimed));
    let duty = page
        .concern
        .open_duties()
        .find(|d| d.clock == "answer-earlier-telling");
    assert_eq!(duty.unwrap().owner.post(), "hub");
    same(page.concern.told, "2026-09-09 09:40");
    council.verifies().await;
}

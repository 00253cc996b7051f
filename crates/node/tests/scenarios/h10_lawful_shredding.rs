//! H10, R8, R17. The lawful shredding.
//!
//! Given that two managers with duties on a concern ask to erase the note that somebody warned them; then they are refused
//! at the first step, the refusal is a record and the records officer is told. When somebody outside the line asks under a
//! hold, the hold is named. When two people outside the line agree and the waiting time ends, the field is gone from
//! everything the node can open, and every proof still stands. What must not be here is unreadable to all at once.

use domain::record::Kind;
use ledger::exhibit::Exhibit;
use ledger::policy::Policy;
use node::app::concern::{ConcernPage, Entry, Said};
use node::app::duties::Answer;
use node::app::report::{Filed, Safe};
use node::app::{AppError, Refusal};

use crate::council::{Council, at, done, on_each, report};

pub const WARNING: &str = "I warned the manager in March.";

pub async fn warned(council: &Council, harm: bool) -> Filed {
    let mut raised = report(
        &format!("{WARNING}\n\nNobody rang back."),
        Safe::Yes,
        "Mina Brand",
    );
    raised.sexual_harm = harm;
    let filed = council.raise(1, &raised).await;
    let page = council.page("hub", &filed.reference).await;
    council
        .decides(
            "hub",
            &filed.reference,
            &[(Some(page.subjects[0].id), "assessment")],
        )
        .await;
    filed
}

pub fn warning(page: &ConcernPage) -> &Entry {
    page.entries.iter().find(|e| e.kind == Kind::Paragraph).unwrap()
}

pub fn texts(page: &ConcernPage) -> Vec<&str> {
    let said = page.entries.iter().flat_map(|e| &e.said);
    said.filter_map(|said| match said {
        Said::Text { text, .. } => Some(text.as_str()),
        _ => None,
    })
    .collect()
}

#[tokio::test]
async fn those_in_the_line_are_refused_and_a_hold_is_named() {
    on_each("2026-09-02 10:00", async |council| {
        let node = &council.node;
        let filed = warned(&council, true).await;
        let page = council.page("hub", &filed.reference).await;
        let record = warning(&page).record;
        for manager in ["hub", "team-manager"] {
            let acting = council.acting(manager);
            let asked = node
                .ask_erasure(&acting, &filed.reference, record, "text", "unlawfully-held")
                .await;
            assert!(matches!(asked, Err(AppError::Refused(_))), "{manager}: {asked:?}");
        }
        let page = council.page("hub", &filed.reference).await;
        let refusals = page.entries.iter().filter(|e| e.kind == Kind::ErasureRefused);
        assert_eq!(refusals.count(), 2);
        let told = page.concern.notices.iter().filter(|n| n.post.post() == "records");
        assert!(
            told.count() >= 1,
            "the records officer is told, outside their line"
        );
        // Having been told puts nobody into the line.
        let records = council.acting("records");
        let notice = page
            .concern
            .duties
            .iter()
            .find(|d| d.owner.post() == "records")
            .unwrap();
        // Opening it, or a bare "done", ends no duty to read: what it changes does.
        let plain = node.answer(&records, &filed.reference, notice.id, &done()).await;
        assert!(plain.is_err(), "{plain:?}");
        let read = Answer {
            how: "changes-nothing".into(),
            ..done()
        };
        node.answer(&records, &filed.reference, notice.id, &read)
            .await
            .unwrap();
        let asked = node
            .ask_erasure(&records, &filed.reference, record, "text", "unlawfully-held")
            .await;
        let Err(AppError::Refused(Refusal::Held(authority))) = asked else {
            panic!("{asked:?}");
        };
        assert_eq!(authority, "IA2005-s35-preserve");
        assert!(texts(&council.page("hub", &filed.reference).await).contains(&WARNING));
        council.verifies().await;
    })
    .await;
}

/// The fields that a file of exhibits shows.
fn says(file: &[u8]) -> String {
    let exhibits = Exhibit::parse_all(file).unwrap();
    let shown = exhibits.iter().flat_map(|e| e.presentation().shown());
    shown
        .map(|d| format!("{}: {:?}\n", d.name(), d.value()))
        .collect()
}

/// Every exhibit of a concern, as its custodian gets it, checked with keys from elsewhere. Gives how many.
async fn exhibits(council: &Council, reference: &str) -> usize {
    let policy = Policy::parse(council.node.policy_file(&[]).unwrap().as_bytes()).unwrap();
    let mut checked = 0;
    for entry in council.page("hub", reference).await.entries {
        let hub = council.acting("hub");
        let proof = council.node.proof(&hub, reference, entry.record).await.unwrap();
        let Some(file) = proof.exhibit else { continue };
        let verified = Exhibit::parse(&file).unwrap().verify(&policy).unwrap();
        assert!(verified.issuer_checked);
        assert!(!says(&file).contains(WARNING));
        checked += 1;
    }
    checked
}

#[tokio::test]
async fn two_people_outside_and_twenty_eight_days_erase_and_every_proof_stands() {
    on_each("2026-09-02 10:00", async |council| {
        let node = &council.node;
        let filed = warned(&council, false).await;
        let page = council.page("hub", &filed.reference).await;
        let record = warning(&page).record;
        council.until("2026-09-02 11:00").await;
        let (records, outside) = (council.acting("records"), council.acting("monitoring"));
        let concern = node
            .ask_erasure(&records, &filed.reference, record, "text", "wrong-person")
            .await
            .unwrap();
        let asked = concern.erasures[0].asked;
        let again = node.agree_erasure(&records, &filed.reference, asked).await;
        assert!(
            again.is_err(),
            "the second of two acts is another person's: {again:?}"
        );
        // Hidden at once, recoverable.
        let page = council.page("hub", &filed.reference).await;
        assert!(!texts(&page).contains(&WARNING));
        assert!(matches!(warning(&page).said[..], [Said::Hidden { .. }, ..]));
        council.until("2026-09-20 10:00").await;
        assert_eq!(node.erase_due().await.unwrap(), 0, "nobody has agreed");
        node.agree_erasure(&outside, &filed.reference, asked)
            .await
            .unwrap();
        council.until("2026-10-17 10:00").await;
        assert_eq!(
            node.erase_due().await.unwrap(),
            0,
            "the waiting time runs from the agreement"
        );
        council.until("2026-10-19 10:00").await;
        assert_eq!(node.erase_due().await.unwrap(), 1);
        assert_eq!(node.erase_due().await.unwrap(), 0);

        let page = council.page("hub", &filed.reference).await;
        assert!(!texts(&page).contains(&WARNING));
        assert!(texts(&page).contains(&"Nobody rang back."));
        assert!(matches!(warning(&page).said[..], [Said::Erased { .. }, ..]));
        let gone = page.entries.iter().find(|e| e.kind == Kind::Erased).unwrap();
        for code in ["asked-by", "agreed-by", "reason", "field"] {
            assert!(gone.codes.contains_key(code), "{code}");
        }
        council.until("2026-10-19 10:05").await;
        assert_eq!(council.verifies().await, 1);
        assert_eq!(exhibits(&council, &filed.reference).await, page.entries.len());
        let full = node.receipt_file(&filed.ticket, true).await.unwrap().unwrap();
        assert!(!says(&full).contains(WARNING));
        assert!(says(&full).contains("Nobody rang back."));
        assert_eq!(council.readable(&[WARNING]), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn an_erasure_that_waits_can_be_taken_back() {
    let council = Council::at("2026-09-02 10:00").await;
    let filed = warned(&council, false).await;
    let record = warning(&council.page("hub", &filed.reference).await).record;
    let records = council.acting("records");
    let node = &council.node;
    let concern = node
        .ask_erasure(&records, &filed.reference, record, "text", "wrong-person")
        .await
        .unwrap();
    let asked = concern.erasures[0].asked;
    node.withdraw_erasure(&records, &filed.reference, asked, "It was the right person.")
        .await
        .unwrap();
    assert!(texts(&council.page("hub", &filed.reference).await).contains(&WARNING));
    let late = node
        .agree_erasure(&council.acting("monitoring"), &filed.reference, asked)
        .await;
    assert!(matches!(late, Err(AppError::NotFound)), "{late:?}");
    council.verifies().await;
}

#[tokio::test]
async fn what_must_not_be_here_is_unreadable_to_all_at_once() {
    on_each("2026-09-02 10:00", async |council| {
        let node = &council.node;
        let filed = warned(&council, false).await;
        let page = council.page("hub", &filed.reference).await;
        let record = warning(&page).record;
        let hub = council.acting("hub");
        let concern = node
            .must_not_be_here(&hub, &filed.reference, record, "text")
            .await
            .unwrap();
        let duty = concern
            .open_duties()
            .find(|d| d.clock == "police-receive")
            .unwrap();
        assert_eq!(duty.owner.post(), "police");
        for name in ["hub", "team-manager", "social-worker", "police"] {
            if let Ok(page) = node.concern(&council.acting(name), &filed.reference).await {
                assert!(!texts(&page).contains(&WARNING), "{name}");
            }
        }
        council.until("2026-09-02 10:05").await;
        let proof = node.proof(&hub, &filed.reference, record).await.unwrap();
        assert!(!says(&proof.exhibit.unwrap()).contains("warned"));
        let full = node.receipt_file(&filed.ticket, true).await.unwrap().unwrap();
        assert!(!says(&full).contains("warned"));
        assert!(says(&full).contains("Nobody rang back."));
        // Kept for the police: it cannot be erased meanwhile.
        let asked = node
            .ask_erasure(
                &council.acting("records"),
                &filed.reference,
                record,
                "text",
                "must-not-be-held",
            )
            .await;
        assert!(
            matches!(&asked, Err(AppError::Refused(Refusal::Held(by))) if by == "police-hold"),
            "{asked:?}"
        );
        council.clock.move_to(at("2026-12-01 10:00"));
        assert_eq!(node.erase_due().await.unwrap(), 0);
        council.verifies().await;
    })
    .await;
}

/// Law: OWN-R8-erasure
#[tokio::test]
async fn moving_to_another_post_takes_nobody_out_of_the_line() {
    let council = Council::at("2026-09-02 10:00").await;
    let filed = warned(&council, false).await;
    let record = warning(&council.page("hub", &filed.reference).await).record;
    // Whoever held the hub while it had the duty to decide, and never touched it, is the records officer now.
    council.moves("records", "hub", "records").await;
    let now = council.acting_in("hub", "records");
    let node = &council.node;
    let asked = node
        .ask_erasure(&now, &filed.reference, record, "text", "wrong-person")
        .await;
    assert!(
        matches!(asked, Err(AppError::Refused(Refusal::InTheLine))),
        "{asked:?}"
    );
}

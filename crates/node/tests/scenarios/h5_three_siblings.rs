//! H5, F05. Three siblings, two councils.
//!
//! Given one concern about Ivo, Mina and Tam, who lives in Wrenford; when Mina's strategy discussion says that a
//! conference is needed, Ivo gets advice and Tam is passed to Wrenford, which is silent; then closing is refused and names
//! Mina's conference and Tam's hand-over, Ivo alone can be closed, and Tam's duty stays Northmere's and climbs.

use domain::view::{Concern, Duty, SubjectKind};
use node::app::duties::Answer;
use node::app::report::{Mention, Safe};
use node::app::tell::Telling;
use node::app::{AppError, Refusal};

use crate::council::{Council, done, on_each, report};

fn open<'a>(concern: &'a Concern, clock: &str) -> &'a Duty {
    let found = concern.open_duties().find(|d| d.clock == clock);
    found.unwrap_or_else(|| panic!("{clock} is not open: {:#?}", concern.duties))
}

/// Law: WT2023-ch3-strategy
/// Law: WT2023-ch3-transfer-accept
#[tokio::test]
async fn each_child_has_a_decision_and_one_closing_never_ends_all() {
    on_each("2026-09-02 10:00", siblings).await;
}

async fn siblings(council: Council) {
    let mut raised = report("Three children at one address.", Safe::Yes, "Ivo Brand");
    for name in ["Mina Brand", "Tam Brand"] {
        raised
            .mentions
            .push(Mention::named(SubjectKind::Child, "child-at-risk", name));
    }
    let filed = council.raise(1, &raised).await;
    let page = council.page("hub", &filed.reference).await;
    let child = |name: &str| {
        page.subjects
            .iter()
            .find(|s| s.name.starts_with(name))
            .unwrap()
            .id
    };
    let (ivo, mina, tam) = (child("Ivo"), child("Mina"), child("Tam"));
    council
        .decides(
            "hub",
            &filed.reference,
            &[
                (Some(mina), "strategy-discussion"),
                (Some(ivo), "advice"),
                (Some(tam), "another-authority"),
            ],
        )
        .await;
    let told = Telling::Work {
        words: "Three decisions, one for each child.".into(),
    };
    let node = &council.node;
    let hub = council.acting("hub");
    council.confirms("hub", &filed.reference).await;
    node.tell_reporter(&hub, &filed.reference, &told).await.unwrap();

    let manager = council.acting("team-manager");
    let page = council.page("team-manager", &filed.reference).await;
    assert_eq!(page.concern.decisions.iter().filter(|d| d.in_effect()).count(), 3);
    let discussion = open(&page.concern, "C03").id;
    let needed = Answer {
        finding: Some("conference-needed".into()),
        words: "Held; a conference is needed.".into(),
        ..done()
    };
    let concern = node
        .answer(&manager, &filed.reference, discussion, &needed)
        .await
        .unwrap();
    let conference = open(&concern, "C05");
    assert_eq!(
        (conference.subject, conference.owner.post()),
        (Some(mina), "team-manager")
    );

    // Six weeks of silence from Wrenford.
    council.live_until("2026-10-14 10:00").await;
    let page = council.page("team-manager", &filed.reference).await;
    let passed = open(&page.concern, "accept-transfer");
    assert_eq!((passed.subject, passed.owner.post()), (Some(tam), "hub"));
    assert!(passed.lapsed.is_some() && passed.rung() >= 3, "{passed:#?}");
    let (conference, passed) = (open(&page.concern, "C05").id, passed.id);

    // Someone closes "the concern".
    let closing = node
        .close_concern(&manager, &filed.reference, page.seen, None, "No risk.")
        .await;
    let Err(AppError::Refused(Refusal::OpenDuties(named))) = closing else {
        panic!("{closing:?}");
    };
    assert!(named.contains(&conference) && named.contains(&passed));
    for sibling in [mina, tam] {
        let closing = node
            .close_concern(&manager, &filed.reference, page.seen, Some(sibling), "No risk.")
            .await;
        assert!(
            matches!(closing, Err(AppError::Refused(Refusal::OpenDuties(_)))),
            "{closing:?}"
        );
    }
    let concern = node
        .close_concern(
            &manager,
            &filed.reference,
            page.seen,
            Some(ivo),
            "Advice was given.",
        )
        .await
        .unwrap();
    let closed = |id| concern.subject(id).unwrap().closed.is_some();
    assert_eq!((closed(ivo), closed(mina), closed(tam)), (true, false, false));
    assert_eq!(concern.closed, None);

    // Wrenford accepts: late, and both times are shown.
    let concern = node
        .answer(&hub, &filed.reference, passed, &done())
        .await
        .unwrap();
    let ended = concern.duty(passed).unwrap();
    assert!(ended.ended.as_ref().unwrap().late);
    one_owner_throughout(&council, &filed.reference, passed).await;
    council.verifies().await;
}

/// At every instant since it was made, a duty had one owner, and the same.
async fn one_owner_throughout(council: &Council, reference: &str, duty: domain::id::DutyId) {
    let page = council.page("hub", reference).await;
    let made = page.concern.duty(duty).unwrap().made;
    for entry in page.entries.iter().filter(|e| e.recorded >= made) {
        let hub = council.acting("hub");
        let then = council
            .node
            .concern_as_at(&hub, reference, entry.recorded)
            .await
            .unwrap();
        let owners: Vec<_> = then.concern.duties.iter().filter(|d| d.id == duty).collect();
        assert_eq!(owners.len(), 1);
        assert_eq!(owners[0].owner.post(), "hub");
    }
}

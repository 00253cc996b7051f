//! H4. Up the wrong ladder.
//!
//! Given that P. Voss decided no further action as team manager and is acting service manager; when the health visitor
//! who reported disagrees; then both of Voss's rungs are passed, a post outside the line is asked with a clock, Voss sees
//! the concern as before and no sign of the route; and when posts change hands the exclusion follows the person.

use domain::record::Kind;
use domain::view::Duty;
use node::app::concern::ConcernPage;
use node::app::report::Safe;
use node::app::tell::Telling;
use node::app::{AppError, Refusal};

use crate::council::{Council, done, on_each, report};

async fn decided_by_voss(council: &mut Council) -> (String, String) {
    council.join("voss", "P. Voss", "", true, &["team-manager"]).await;
    council.moves("service-manager", "voss", "service-manager").await;
    let mut raised = report("She is losing weight.", Safe::Yes, "Ivo Brand");
    raised.reporter.name = "R. Achebe".into();
    raised.word = "heron".into();
    let filed = council.raise(1, &raised).await;
    let voss = council.acting_in("voss", "team-manager");
    let page = council.node.concern(&voss, &filed.reference).await.unwrap();
    let deciding = node::app::decide::Deciding {
        subject: Some(page.subjects[0].id),
        outcome: "advice".into(),
        reason: "Known to the school.".into(),
    };
    let node = &council.node;
    let concern = node
        .decide(&voss, &filed.reference, page.seen, &[deciding])
        .await
        .unwrap();
    if concern.decisions[0].drawn {
        let reading = concern.duties.iter().find(|d| d.because == "second-reading");
        assert_ne!(reading.unwrap().owner.post(), "team-manager");
    }
    let words = "Advice; ring the team.".into();
    let hub = council.acting("hub");
    let telling = Telling::Work { words };
    let early = node.tell_reporter(&hub, &filed.reference, &telling).await;
    assert!(
        matches!(early, Err(AppError::Refused(Refusal::NotConfirmed))),
        "until the organisation is confirmed they are told what anyone is told"
    );
    assert!(
        node.come_back(filed.code.as_ref().unwrap(), "heron")
            .await
            .unwrap()
            .told
            .is_none()
    );
    council.confirms("hub", &filed.reference).await;
    node.tell_reporter(&hub, &filed.reference, &telling)
        .await
        .unwrap();
    (filed.reference, filed.code.unwrap())
}

fn disagreement(page: &ConcernPage) -> &Duty {
    let found = page.concern.duties.iter().find(|d| d.because == "disagreement");
    found.unwrap()
}

/// Law: LOCAL-escalation
#[tokio::test]
async fn a_disagreement_goes_round_whoever_decided_through_every_post() {
    on_each("2026-09-02 10:00", async |mut council| {
        let (reference, code) = decided_by_voss(&mut council).await;
        let node = council.node.clone();
        let as_manager = council.acting_in("voss", "team-manager");
        let before = node.concern(&as_manager, &reference).await.unwrap();
        let words = "I do not agree: I saw her on Monday.";
        let told = node.come_back(&code, "heron").await.unwrap().told.unwrap();
        assert_eq!(
            (told.decisions.len(), told.words.as_str()),
            (1, "Advice; ring the team.")
        );
        let decision = told.decisions[0].record;
        let shown = node
            .come_back_disagree(&code, "heron", decision, words)
            .await
            .unwrap();
        assert!(shown.told.unwrap().decisions[0].disagreed);
        let twice = node.come_back_disagree(&code, "heron", decision, words).await;
        assert!(matches!(twice, Err(AppError::Refused(Refusal::AlreadyDone))));

        let page = council.page("partner", &reference).await;
        let duty = disagreement(&page);
        let voss = council.people["voss"];
        assert_eq!(duty.owner.post(), "partner");
        assert!(duty.due > duty.made);
        let passed = |post: &str| {
            let mut rungs = duty.rungs.iter();
            rungs.any(|r| {
                r.post.post() == post && r.who == Some(voss) && r.stepped_over.as_deref() == Some("decided")
            })
        };
        assert!(passed("team-manager") && passed("service-manager"), "{duty:#?}");
        assert!(
            page.concern
                .notices
                .iter()
                .filter(|n| n.duty == Some(duty.id))
                .all(|n| n.post.post() == "partner")
        );
        assert!(page.entries.iter().any(|e| e.kind == Kind::Disagreed));

        // Voss sees the contested decision as before, in either post, and no sign of the route.
        for post in ["team-manager", "service-manager"] {
            let voss = council.acting_in("voss", post);
            let Ok(page) = node.concern(&voss, &reference).await else {
                continue;
            };
            assert_eq!(page.concern.decisions, before.concern.decisions);
            assert_eq!(page.concern.duties.len(), before.concern.duties.len());
            assert_eq!(page.concern.notices.len(), before.concern.notices.len());
            assert!(page.concern.exclusions.is_empty());
            assert_eq!(page.entries.len(), before.entries.len());
            assert!(page.looks.iter().all(|look| look.post.post() != "partner"));
        }

        // The posts change hands mid-way: Voss takes the scrutineer's, somebody new is service manager.
        council.moves("voss", "service-manager", "service-manager").await;
        council.moves("scrutineer", "voss", "scrutineer").await;
        council.live_until("2026-09-16 17:00").await;
        let page = council.page("partner", &reference).await;
        let duty = disagreement(&page);
        assert!(duty.lapsed.is_some());
        let told: Vec<_> = duty.rungs.iter().filter(|r| r.stepped_over.is_none()).collect();
        assert!(!told.is_empty());
        assert!(
            told.iter().all(|rung| rung.who != Some(voss)),
            "{:#?}",
            duty.rungs
        );
        let scrutineer = council.acting_in("voss", "scrutineer");
        assert!(!council.knows(&scrutineer, &reference).await);

        // It is answered late; the words stay.
        node.answer(&council.acting("partner"), &reference, duty.id, &done())
            .await
            .unwrap();
        let page = council.page("partner", &reference).await;
        assert!(disagreement(&page).ended.as_ref().unwrap().late);
        assert!(page.entries.iter().any(|e| e.kind == Kind::Disagreed));
        council.verifies().await;
    })
    .await;
}

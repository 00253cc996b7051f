//! An inspector's access is a record with an end: two posts let it in, and outside it there is nothing.

use domain::id::StreamId;
use node::app::grants::NewGrant;
use node::app::report::Safe;
use node::app::{Acting, AppError, Refusal};

use crate::council::{Council, at, is_not_found, on_each, report, seat};

async fn with_inspector(council: &mut Council) -> Acting {
    council
        .join("quill", "Marta Quill", "", false, &["inspector"])
        .await;
    Acting {
        practitioner: council.people["quill"],
        post: seat("inspector"),
        work: StreamId([9; 16]),
    }
}

fn grant(council: &Council, from: &str, to: &str) -> NewGrant {
    NewGrant {
        inspector: council.people["quill"],
        inspection: "An invented inspectorate: joint inspection of Northmere".into(),
        power: "CA2004-s20-jtai".into(),
        warrant: false,
        from: at(from),
        to: at(to),
        told_from: at("2026-09-01 00:00"),
        told_to: at("2026-10-01 00:00"),
    }
}

#[tokio::test]
async fn two_posts_let_an_inspection_in_and_it_ends_by_itself() {
    on_each("2026-09-02 10:00", async |mut council| {
        let quill = with_inspector(&mut council).await;
        let filed = council
            .raise(1, &report("She is losing weight.", Safe::Yes, "Ivo Brand"))
            .await;
        assert!(!council.knows(&quill, &filed.reference).await, "no grant");

        let (director, officer) = (council.acting("director"), council.acting("monitoring"));
        let wanted = grant(&council, "2026-09-03 09:00", "2026-09-10 17:00");
        let asked = council.node.ask_grant(&director, &wanted).await.unwrap();
        council.clock.move_to(at("2026-09-03 10:00"));
        assert!(
            !council.knows(&quill, &filed.reference).await,
            "asked and not agreed"
        );
        let alone = council.node.agree_grant(&director, wanted.inspector, asked).await;
        assert!(matches!(alone, Err(AppError::Refused(Refusal::NeedsAnother))));
        council
            .node
            .agree_grant(&officer, wanted.inspector, asked)
            .await
            .unwrap();

        let page = council.node.concern(&quill, &filed.reference).await.unwrap();
        assert!(
            !page.may.read
                && page
                    .subjects
                    .iter()
                    .all(|one| one.name.is_empty() && one.label.is_empty())
        );
        let list = council.node.my_concerns(&quill, None).await.unwrap();
        assert_eq!(list.lines.len(), 1);
        assert!(
            list.lines[0].label.is_empty(),
            "no names before a sample is drawn"
        );
        let raised = page.concern.raised.unwrap();
        assert!(council.node.proof(&quill, &filed.reference, raised).await.is_ok());
        let mine = council.node.my_grant(&quill).await.unwrap().unwrap();
        assert_eq!(mine.grant.to, wanted.to);

        council.clock.move_to(at("2026-09-10 17:00"));
        assert!(
            !council.knows(&quill, &filed.reference).await,
            "it ended by itself"
        );
        assert_eq!(council.node.my_grant(&quill).await.unwrap(), None);
        assert!(
            council
                .node
                .my_concerns(&quill, None)
                .await
                .unwrap()
                .lines
                .is_empty()
        );
        council.verifies().await;
    })
    .await;
}

#[tokio::test]
async fn outside_its_scope_there_is_nothing_and_one_post_ends_it() {
    let mut council = Council::at("2026-08-20 10:00").await;
    let quill = with_inspector(&mut council).await;
    let earlier = council.raise(1, &report("Before.", Safe::Yes, "Ivo Brand")).await;
    council.clock.move_to(at("2026-09-02 10:00"));
    let mut about = report("A volunteer here.", Safe::Yes, "Ana Brook");
    about.colleague = true;
    let sealed = council.raise(2, &about).await;
    let within = council.raise(3, &report("Within.", Safe::Yes, "Ivo Brand")).await;
    let (director, officer) = (council.acting("director"), council.acting("protection"));
    let wanted = grant(&council, "2026-09-02 09:00", "2026-09-30 17:00");
    let asked = council.node.ask_grant(&director, &wanted).await.unwrap();
    council
        .node
        .agree_grant(&officer, wanted.inspector, asked)
        .await
        .unwrap();
    assert!(council.knows(&quill, &within.reference).await);
    assert!(
        !council.knows(&quill, &earlier.reference).await,
        "told before the scope"
    );
    assert!(
        !council.knows(&quill, &sealed.reference).await,
        "sealed, and no warrant"
    );
    let listed = council.node.my_concerns(&quill, None).await.unwrap();
    assert_eq!(listed.lines.len(), 1);

    council
        .node
        .end_grant(&director, wanted.inspector, asked)
        .await
        .unwrap();
    assert!(!council.knows(&quill, &within.reference).await);
    let again = council.node.agree_grant(&officer, wanted.inspector, asked).await;
    assert!(matches!(again, Err(AppError::Refused(Refusal::AlreadyDone))));
}

#[tokio::test]
async fn nobody_else_lets_an_inspection_in_and_times_are_checked() {
    let mut council = Council::at("2026-09-02 10:00").await;
    let quill = with_inspector(&mut council).await;
    let wanted = grant(&council, "2026-09-03 09:00", "2026-09-10 17:00");
    for name in ["hub", "service-manager", "lado", "social-worker"] {
        assert!(
            is_not_found(council.node.ask_grant(&council.acting(name), &wanted).await),
            "{name}"
        );
    }
    assert!(is_not_found(council.node.ask_grant(&quill, &wanted).await));
    let director = council.acting("director");
    for wrong in [
        NewGrant {
            to: wanted.from,
            ..wanted.clone()
        },
        NewGrant {
            to: at("2027-12-01 09:00"),
            ..wanted.clone()
        },
        NewGrant {
            told_to: wanted.told_from,
            ..wanted.clone()
        },
        NewGrant {
            inspection: " ".into(),
            ..wanted.clone()
        },
    ] {
        let refused = council.node.ask_grant(&director, &wrong).await;
        assert!(matches!(refused, Err(AppError::Invalid { .. })), "{wrong:?}");
    }
    let nobody = NewGrant {
        inspector: council.people["hub"],
        ..wanted
    };
    assert!(is_not_found(council.node.ask_grant(&director, &nobody).await));
}

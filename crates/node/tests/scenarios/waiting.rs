//! Waiting for somebody else is a state beside a running clock; who is asked has a clock of their own; what is asked is
//! owed to whoever asked; a restriction is looked at; and new rules date anew without making late in time.

use node::app::duties::Tab;
use node::app::report::Safe;
use node::app::restrict::Review;
use node::app::waiting::WaitFor;
use node::app::{AppError, Refusal};

use crate::council::{Council, adult, done, on_each, report, seat};

async fn raised(council: &Council) -> (String, domain::view::Duty) {
    let filed = council
        .raise(1, &report("She is losing weight.", Safe::Yes, "Ivo Brand"))
        .await;
    let page = council.page("hub", &filed.reference).await;
    let duty = page
        .concern
        .duties
        .iter()
        .find(|duty| duty.clock == "C01")
        .unwrap();
    (filed.reference, duty.clone())
}

/// Law: OWN-R10-waiting
#[tokio::test]
async fn waiting_never_stops_a_clock_and_starts_one_for_whoever_is_asked() {
    on_each("2026-09-02 10:00", async |council| {
        let (reference, duty) = raised(&council).await;
        let hub = council.acting("hub");
        let whom = WaitFor::Post(seat("partner"));
        let after = council
            .node
            .wait_for(&hub, &reference, duty.id, &whom, "Has she been seen this month?")
            .await
            .unwrap();
        let waits = after.duty(duty.id).unwrap();
        assert_eq!(
            (waits.due, waits.told, waits.is_open()),
            (duty.due, duty.told, true)
        );
        let asked = waits.waiting.as_ref().unwrap().asked.unwrap();
        let theirs = after.duty(asked).unwrap();
        assert_eq!(theirs.owner, seat("partner"));
        assert!(theirs.due > duty.made);

        let owed = council.node.my_duties(&hub, Tab::Owed).await.unwrap();
        assert_eq!(
            owed.lines.iter().map(|line| line.duty.id).collect::<Vec<_>>(),
            [asked]
        );
        let partner = council.acting("partner");
        let mine = council.node.my_duties(&partner, Tab::Mine).await.unwrap();
        assert_eq!(mine.lines.len(), 1);

        // Late all the same, and it says so with both times.
        council.live_until("2026-09-03 11:00").await;
        let page = council.page("hub", &reference).await;
        assert!(page.concern.duty(duty.id).unwrap().lapsed.is_some());

        council
            .node
            .answer(&partner, &reference, asked, &done())
            .await
            .unwrap();
        let page = council.page("hub", &reference).await;
        assert_eq!(page.concern.duty(duty.id).unwrap().waiting, None);
        let again = council.node.wait_over(&hub, &reference, duty.id, "").await;
        assert!(matches!(again, Err(AppError::Refused(Refusal::AlreadyDone))));
        council.verifies().await;
    })
    .await;
}

#[tokio::test]
async fn nobody_waits_for_themselves_or_for_nobody() {
    let council = Council::at("2026-09-02 10:00").await;
    let (reference, duty) = raised(&council).await;
    let hub = council.acting("hub");
    for whom in [
        WaitFor::Post(seat("hub")),
        WaitFor::Post(seat("nowhere")),
        WaitFor::Outside(" ".into()),
    ] {
        let refused = council
            .node
            .wait_for(&hub, &reference, duty.id, &whom, "Words.")
            .await;
        assert!(matches!(refused, Err(AppError::Invalid { .. })), "{whom:?}");
    }
    let outside = WaitFor::Outside("Housing".into());
    council
        .node
        .wait_for(&hub, &reference, duty.id, &outside, "")
        .await
        .unwrap();
    let twice = council
        .node
        .wait_for(&hub, &reference, duty.id, &outside, "")
        .await;
    assert!(matches!(twice, Err(AppError::Refused(Refusal::AlreadyDone))));
}

/// Law: OWN-R9-insider
#[tokio::test]
async fn what_is_restricted_later_goes_with_its_clocks_and_comes_back_with_them() {
    on_each("2026-09-02 10:00", async |mut council| {
        council
            .join("marr", "Lee Marr", "07700900417", true, &["social-worker"])
            .await;
        let (reference, duty) = raised(&council).await;
        let hub = council.acting("hub");
        let named = [adult("Lee Marr", "07700 900417")];
        council
            .node
            .add_entry(&hub, &reference, "Her uncle.", "fact", &named)
            .await
            .unwrap();
        let page = council.page("lado", &reference).await;
        let moved = page.concern.duty(duty.id).unwrap();
        assert_eq!(
            (&moved.owner, moved.due, moved.told),
            (&seat("lado"), duty.due, duty.told)
        );
        assert_eq!(moved.ladder, "restricted");
        assert!(!council.knows(&hub, &reference).await);

        let lado = council.acting("lado");
        let refused = council
            .node
            .review_restriction(&lado, &reference, Review::End, " ")
            .await;
        assert!(matches!(refused, Err(AppError::Invalid { .. })));
        let kept = council
            .node
            .review_restriction(&lado, &reference, Review::Keep, "It is him.")
            .await
            .unwrap();
        assert_eq!(kept.tier, 3);
        assert!(kept.open_duties().all(|duty| duty.clock != "review-restriction"));

        council
            .node
            .review_restriction(&lado, &reference, Review::End, "Nothing to do with work.")
            .await
            .unwrap();
        let page = council.page("hub", &reference).await;
        let back = page.concern.duty(duty.id).unwrap();
        assert_eq!((&back.owner, back.due), (&seat("hub"), duty.due));
        assert_eq!((page.concern.tier, page.concern.restricted_to.len()), (1, 0));
        let marr = council.acting_in("marr", "social-worker");
        assert!(
            !council.knows(&marr, &reference).await,
            "who was meant is kept out still"
        );
        council.verifies().await;
    })
    .await;
}

#[tokio::test]
async fn somebody_else_of_that_name_is_kept_out_no_longer() {
    let mut council = Council::at("2026-09-02 10:00").await;
    council
        .join("marr", "Lee Marr", "07700900417", true, &["team-manager"])
        .await;
    let mut named = report("Her uncle was there.", Safe::Yes, "Ivo Brand");
    named.mentions.push(adult("Lee Marr", "07700 900417"));
    let filed = council.raise(1, &named).await;
    let marr = council.acting_in("marr", "team-manager");
    assert!(!council.knows(&marr, &filed.reference).await);
    let hub = council.acting("hub");
    let refused = council
        .node
        .review_restriction(&hub, &filed.reference, Review::Mistaken, "Not him.")
        .await;
    assert!(matches!(refused, Err(AppError::NotFound)));
    council
        .node
        .review_restriction(
            &council.acting("lado"),
            &filed.reference,
            Review::Mistaken,
            "Not him.",
        )
        .await
        .unwrap();
    assert!(council.knows(&hub, &filed.reference).await);
    assert!(council.knows(&marr, &filed.reference).await);
    council.verifies().await;
}

/// Law: OWN-R10-re-dated
#[tokio::test]
async fn new_rules_date_what_is_open_anew_and_leave_what_is_late_late() {
    on_each("2026-09-02 10:00", async |council| {
        let (reference, duty) = raised(&council).await;
        council.live_until("2026-09-04 10:00").await;
        let (later, fresh) = {
            let filed = council
                .raise(2, &report("Another.", Safe::Yes, "Ana Brook"))
                .await;
            let page = council.page("hub", &filed.reference).await;
            let duty = page
                .concern
                .duties
                .iter()
                .find(|duty| duty.clock == "C01")
                .unwrap();
            (filed.reference, duty.clone())
        };
        let node = council
            .with_pack(|pack| {
                pack.version = format!("{}-next", pack.version);
                let rows = pack.clocks.iter_mut().filter(|clock| clock.id == "C01");
                rows.for_each(|clock| clock.length = 2);
            })
            .await;
        let hub = council.acting("hub");
        let page = node.concern(&hub, &later).await.unwrap();
        let dated = page.concern.duty(fresh.id).unwrap();
        assert_eq!(
            dated.due.seconds_since(fresh.due),
            24 * 3_600,
            "Monday to Tuesday"
        );
        assert_eq!(dated.re_dated.len(), 1);
        assert!(dated.pack.ends_with("-next"));
        let page = node.concern(&hub, &reference).await.unwrap();
        let late = page.concern.duty(duty.id).unwrap();
        assert_eq!((late.due, late.re_dated.len()), (duty.due, 0));

        let node = council
            .with_pack(|pack| pack.version = format!("{}-next", pack.version))
            .await;
        let page = node.concern(&hub, &later).await.unwrap();
        assert_eq!(
            page.concern.duty(fresh.id).unwrap().re_dated.len(),
            1,
            "once for a version"
        );
        council.verifies().await;
    })
    .await;
}

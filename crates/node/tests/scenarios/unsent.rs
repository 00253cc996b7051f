//! Unsent words. Given somebody who typed and did not send; when they, another account or whoever finds a code asks for
//! it; then its writer has it, nobody else does, and it ends by itself.

use domain::id::PractitionerId;
use node::app::AppError;
use node::signin::door::Token;

use crate::council::{at, on_each};

fn typed(words: &str) -> Vec<(String, String)> {
    vec![("worry".into(), words.into()), ("safe".into(), "yes".into())]
}

fn token(digit: &str) -> Token {
    Token::read(&digit.repeat(64)).unwrap()
}

fn said<T: std::fmt::Debug>(outcome: Result<T, AppError>) -> String {
    format!("{:?}", outcome.unwrap_err())
}

#[tokio::test]
async fn an_account_finds_its_own_unsent_words_and_no_other_does() {
    on_each("2026-09-02 10:00", async |council| {
        let node = &council.node;
        let mine = council.acting("hub").practitioner;
        let theirs = council.acting("social-worker").practitioner;
        node.keep_unsent(mine, "/record", "a", &typed("First."))
            .await
            .unwrap();
        council.until("2026-09-02 10:05").await;
        node.keep_unsent(mine, "/record", "a", &typed("First and second."))
            .await
            .unwrap();
        node.keep_unsent(mine, "/record", "b", &typed("Another."))
            .await
            .unwrap();
        let own = node.unsent(mine).await.unwrap();
        assert_eq!(own.len(), 2, "what is kept again replaces what was kept");
        let first = node.unsent_at(mine, "/record", "a").await.unwrap().unwrap();
        assert_eq!(first.fields, typed("First and second."));
        assert_eq!(first.at.seconds_since(at("2026-09-02 10:05")), 0);
        assert_eq!(node.unsent_by_id(mine, &first.id).await.unwrap(), first);
        assert_eq!(node.unsent(theirs).await.unwrap(), []);
        assert_eq!(node.unsent_at(theirs, "/record", "a").await.unwrap(), None);
        let never = said(node.unsent_by_id(theirs, "00").await);
        assert_eq!(said(node.unsent_by_id(theirs, &first.id).await), never);
        node.drop_unsent(theirs, "/record", "a").await.unwrap();
        assert_eq!(
            node.unsent(mine).await.unwrap().len(),
            2,
            "nobody throws away another's"
        );
        node.drop_unsent(mine, "/record", "a").await.unwrap();
        assert_eq!(node.unsent(mine).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn unsent_words_end_after_two_weeks_and_the_oldest_make_room() {
    on_each("2026-09-02 10:00", async |council| {
        let node = &council.node;
        let mine = council.acting("hub").practitioner;
        for number in 0..53 {
            node.keep_unsent(mine, "/record", &number.to_string(), &typed("Words."))
                .await
                .unwrap();
            council.clock.move_to(node.now().plus_seconds(1));
        }
        assert_eq!(node.unsent(mine).await.unwrap().len(), 50);
        assert_eq!(node.unsent_at(mine, "/record", "2").await.unwrap(), None);
        assert!(node.unsent_at(mine, "/record", "3").await.unwrap().is_some());
        council.clock.move_to(at("2026-09-16 09:59"));
        assert_eq!(node.end_unsent().await.unwrap(), 0);
        assert_eq!(node.unsent(mine).await.unwrap().len(), 50);
        council.clock.move_to(at("2026-09-16 10:01"));
        assert_eq!(
            node.unsent(mine).await.unwrap(),
            [],
            "ended before anything is removed"
        );
        assert_eq!(node.end_unsent().await.unwrap(), 50);
        assert_eq!(node.end_unsent().await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn what_was_posted_after_the_session_opens_for_that_account_in_that_browser() {
    on_each("2026-09-02 10:00", async |council| {
        let node = &council.node;
        let mine = council.acting("hub").practitioner;
        let theirs = council.acting("social-worker").practitioner;
        let (browser, other) = (token("a"), token("b"));
        node.hold_unsent(mine, &browser, "/record", "a", &typed("Typed too late."))
            .await
            .unwrap();
        assert_eq!(
            node.unsent(mine).await.unwrap(),
            [],
            "from another browser the account finds nothing"
        );
        assert_eq!(node.claim_unsent(mine, &other).await.unwrap(), []);
        assert_eq!(
            node.claim_unsent(theirs, &browser).await.unwrap(),
            [],
            "nor does another account from that browser"
        );
        let claimed = node.claim_unsent(mine, &browser).await.unwrap();
        assert_eq!(claimed.len(), 1);
        assert_eq!(claimed[0].fields, typed("Typed too late."));
        assert_eq!(node.unsent(mine).await.unwrap(), claimed);
        assert_eq!(node.claim_unsent(mine, &browser).await.unwrap(), [], "once");
    })
    .await;
}

#[tokio::test]
async fn a_flood_of_late_posts_pushes_out_nothing_of_the_accounts_own() {
    on_each("2026-09-02 10:00", async |council| {
        let node = &council.node;
        let mine = council.acting("hub").practitioner;
        node.keep_unsent(mine, "/record", "own", &typed("Mine."))
            .await
            .unwrap();
        for number in 0..60 {
            node.hold_unsent(
                mine,
                &token("c"),
                "/record",
                &number.to_string(),
                &typed("Noise."),
            )
            .await
            .unwrap();
        }
        assert_eq!(node.unsent(mine).await.unwrap().len(), 1);
        assert_eq!(node.claim_unsent(mine, &token("c")).await.unwrap().len(), 5);
        assert_eq!(node.unsent(PractitionerId([9; 16])).await.unwrap(), []);
    })
    .await;
}

/// Law: OWN-R1-draft
#[tokio::test]
async fn a_code_opens_once_within_a_day_and_wrong_used_and_ended_codes_look_alike() {
    on_each("2026-09-02 10:00", async |council| {
        let node = &council.node;
        let kept = b"He said not to tell.";
        let code = node.keep_for_code(kept).await.unwrap();
        let never = said(node.take_by_code("22222 22222").await);
        assert_eq!(said(node.take_by_code("").await), never);
        let typed = code.to_lowercase().replace(' ', "");
        assert_eq!(node.take_by_code(&typed).await.unwrap().as_slice(), kept);
        assert_eq!(said(node.take_by_code(&code).await), never, "used");
        let late = node.keep_for_code(kept).await.unwrap();
        assert_ne!(*late, *code, "a code is never given twice");
        let thrown = node.keep_for_code(kept).await.unwrap();
        node.drop_by_code(&thrown).await.unwrap();
        node.drop_by_code(&thrown).await.unwrap();
        node.drop_by_code("22222 22222").await.unwrap();
        assert_eq!(said(node.take_by_code(&thrown).await), never, "thrown away");
        council.clock.move_to(at("2026-09-03 10:01"));
        assert_eq!(
            said(node.take_by_code(&late).await),
            never,
            "ended, and not yet removed"
        );
        assert_eq!(node.end_unsent().await.unwrap(), 1);
        assert_eq!(said(node.take_by_code(&late).await), never);
        assert_eq!(council.verifies().await, 0, "nothing was recorded");
    })
    .await;
}

#[tokio::test]
async fn two_who_type_a_code_at_once_do_not_both_have_it() {
    on_each("2026-09-02 10:00", async |council| {
        let node = &council.node;
        let code = node.keep_for_code(b"Words.").await.unwrap();
        let (one, two) = tokio::join!(node.take_by_code(&code), node.take_by_code(&code));
        assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
    })
    .await;
}

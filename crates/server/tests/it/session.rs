//! Signing in and out, and who may open what.

use axum::http::header;
use domain::id::PractitionerId;
use node::signin::door::Tag;
use server::session;

use crate::bench::{Answer, Bench};

fn leads_to(answer: &Answer) -> &str {
    answer.headers[header::LOCATION].to_str().unwrap()
}

#[tokio::test]
async fn nobody_is_led_to_sign_in() {
    let bench = Bench::new().await;
    for cookie in ["", "session=00", &format!("session={}", "0".repeat(64))] {
        let answer = bench.get("/trial/office", &[("cookie", cookie)]).await;
        assert_eq!((answer.status.as_u16(), leads_to(&answer)), (303, "/sign-in"));
    }
}

#[tokio::test]
async fn an_invitation_sets_up_and_does_no_more() {
    let bench = Bench::new().await;
    let door = bench.app.sign_in();
    let invitation = door.invite(PractitionerId([1; 16])).await.unwrap();
    let started = door.redeem(&invitation.token, &Tag([0; 32])).await.unwrap();
    let cookie = format!("session={}", started.token.reveal());
    let answer = bench.get("/trial/office", &[("cookie", &cookie)]).await;
    assert_eq!(leads_to(&answer), "/account/set-up");
    let demo = Bench::with(|settings| settings.demo = true).await;
    let door = demo.app.sign_in();
    let invitation = door.invite(PractitionerId([1; 16])).await.unwrap();
    let started = door.redeem(&invitation.token, &Tag([0; 32])).await.unwrap();
    let cookie = format!("session={}", started.token.reveal());
    let answer = demo.get("/trial/office", &[("cookie", &cookie)]).await;
    assert_eq!(
        leads_to(&answer),
        "/account",
        "in the demo the link is enough; a post must be chosen"
    );
}

#[tokio::test]
async fn signing_in_ends_what_was_there_before_and_signing_out_ends_it_all() {
    let bench = Bench::with(|settings| settings.demo = true).await;
    let who = bench.person("A. Hart", "northmere/hub").await;
    let door = bench.app.sign_in();
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let invitation = door.invite(who).await.unwrap();
        tokens.push(door.redeem(&invitation.token, &Tag([0; 32])).await.unwrap());
    }
    let second = tokens.pop().unwrap();
    let first = tokens.pop().unwrap();
    let mut headers = axum::http::HeaderMap::new();
    let before = format!("session={}", first.token.reveal());
    headers.insert(header::COOKIE, before.parse().unwrap());
    let begun = session::begin(&bench.app, &headers, second).await.unwrap();
    let response = axum::response::IntoResponse::into_response((begun, ""));
    let line = response.headers()[header::SET_COOKIE].to_str().unwrap();
    let cookie = line.split(';').next().unwrap().to_owned();
    assert!(line.contains("HttpOnly; SameSite=Strict"));
    assert!(
        door.session(&first.token).await.unwrap().is_none(),
        "the earlier one has ended"
    );
    let answer = bench.get("/trial/office", &[("cookie", &cookie)]).await;
    assert_eq!(answer.body, "northmere/hub", "somebody with one post acts in it");
    let refused = bench.post("/sign-out", "csrf=00", &[("cookie", &cookie)]).await;
    assert_eq!(refused.status.as_u16(), 403);
    headers.insert(header::COOKIE, cookie.parse().unwrap());
    let form = format!("csrf={}", bench.app.form_token(&headers));
    let out = bench.post("/sign-out", &form, &[("cookie", &cookie)]).await;
    assert_eq!(
        (leads_to(&out), out.cookie("session").unwrap()),
        ("/sign-in", String::new())
    );
    let answer = bench.get("/trial/office", &[("cookie", &cookie)]).await;
    assert_eq!(leads_to(&answer), "/sign-in");
}

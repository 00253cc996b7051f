//! What programs call, from outside, with a real node behind it.

use axum::http::header;
use node::signin::token::ApiScope;
use serde_json::{Value, json};

use crate::bench::{Answer, Bench};

const ALL: [ApiScope; 3] = [ApiScope::Report, ApiScope::Read, ApiScope::Act];

fn report() -> Value {
    json!({
        "words": "He came in again without a coat.\n\nHe says nobody was home.",
        "safe": "yes",
        "mentions": [{ "kind": "child", "role": "child-at-risk", "name": "Ivo Brook", "age": "4" }],
        "parents": "unknown",
        "colleague": false,
        "reporter": { "capacity": "work", "name": "Ms Alder", "role": "Year 4 lead", "organisation": "Fenside Primary" },
        "their_reference": "F-2231"
    })
}

fn body(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{}: {}", answer.status, answer.body))
}

async fn file(bench: &Bench, token: &str, key: &str, report: &Value) -> Answer {
    bench
        .call("POST", "/api/v1/reports", token, key, &report.to_string())
        .await
}

#[tokio::test]
async fn the_description_is_as_reviewed() {
    let answer = Bench::new().await.get("/api/openapi.json", &[]).await;
    insta::assert_snapshot!(serde_json::to_string_pretty(&body(&answer)).unwrap());
}

#[tokio::test]
async fn a_report_is_filed_once_however_often_it_is_sent() {
    let bench = Bench::new().await;
    let token = bench.caller("A. Hart", "northmere/hub", &ALL).await;
    let first = file(&bench, &token, "f-2231-first", &report()).await;
    assert_eq!(first.status.as_u16(), 201, "{}", first.body);
    let again = file(&bench, &token, "f-2231-first", &report()).await;
    assert_eq!(again.status.as_u16(), 200);
    assert_eq!(body(&first)["reference"], body(&again)["reference"]);
    assert_eq!(body(&again)["repeated"], true);
    let other = file(&bench, &token, "f-2231-second", &report()).await;
    assert_ne!(body(&first)["reference"], body(&other)["reference"]);
    let location = first.headers[header::LOCATION].to_str().unwrap();
    let receipt = bench.call("GET", location, &token, "-", "").await;
    assert_eq!(body(&receipt)["reference"], body(&first)["reference"]);
    assert!(["recorded", "signed"].contains(&body(&receipt)["proof"].as_str().unwrap()));
}

#[tokio::test]
async fn what_is_wrong_is_named_by_its_pointer() {
    let bench = Bench::new().await;
    let token = bench.caller("A. Hart", "northmere/hub", &ALL).await;
    let wrong: [(&str, Value, &str, &str); 7] = [
        ("/safe", json!("perhaps"), "/safe", "not-a-choice"),
        ("/words", json!("  "), "/words", "words-empty"),
        ("/words", json!("x".repeat(25_000)), "/words", "words-long"),
        (
            "/mentions/0/kind",
            json!("dog"),
            "/mentions/0/kind",
            "not-a-choice",
        ),
        ("/colleague", json!("no"), "/colleague", "wrong-kind"),
        ("/told_at", json!("Friday"), "/told_at", "not-a-time"),
        ("/admin", json!(true), "/admin", "unknown-field"),
    ];
    for (place, value, pointer, code) in wrong {
        let mut sent = report();
        let (parent, last) = place.rsplit_once('/').unwrap();
        sent.pointer_mut(parent).unwrap()[last] = value;
        let answer = file(&bench, &token, "once-and-once", &sent).await;
        assert_eq!(answer.status.as_u16(), 422, "{place}");
        let said = body(&answer);
        assert_eq!(
            (&said["errors"][0]["pointer"], &said["errors"][0]["code"]),
            (&json!(pointer), &json!(code))
        );
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
    }
    let answer = file(&bench, &token, "short", &report()).await;
    assert_eq!(body(&answer)["errors"][0]["code"], "idempotency-key");
    let good = file(&bench, &token, "once-and-once", &report()).await;
    assert_eq!(good.status.as_u16(), 201, "a refused report uses up no key");
}

#[tokio::test]
async fn a_token_does_what_its_scope_says_and_a_cookie_nothing() {
    let bench = Bench::new().await;
    let token = bench
        .caller("A. Hart", "northmere/hub", &[ApiScope::Report])
        .await;
    let answer = bench.call("GET", "/api/v1/duties", &token, "-", "").await;
    assert_eq!(
        (answer.status.as_u16(), &body(&answer)["type"]),
        (403, &json!("/api/problems#scope"))
    );
    let cookie = format!("session={token}");
    let answer = bench.get("/api/v1/duties", &[("cookie", &cookie)]).await;
    assert_eq!(answer.status.as_u16(), 401);
    assert_eq!(answer.headers[header::WWW_AUTHENTICATE], "Bearer");
    let answer = bench.get("/trial/office", &[("cookie", &cookie)]).await;
    assert_eq!(
        answer.headers[header::LOCATION],
        "/sign-in",
        "a token opens no page"
    );
    for wrong in ["", "00", &"0".repeat(64), &token[..63]] {
        assert_eq!(
            bench
                .call("GET", "/api/v1/duties", wrong, "-", "")
                .await
                .status
                .as_u16(),
            401
        );
    }
}

#[tokio::test]
async fn a_concern_is_read_accepted_and_decided_by_its_post() {
    let bench = Bench::new().await;
    let token = bench.caller("A. Hart", "northmere/hub", &ALL).await;
    let filed = body(&file(&bench, &token, "f-2231-first", &report()).await);
    let path = format!("/api/v1/concerns/{}", filed["reference"].as_str().unwrap());
    let listed = body(
        &bench
            .call("GET", "/api/v1/duties?list=mine", &token, "-", "")
            .await,
    );
    let line = listed["lines"]
        .as_array()
        .unwrap()
        .iter()
        .find(|l| l["reference"] == filed["reference"]);
    let duty = line.unwrap_or_else(|| panic!("{listed}"))["duty"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let accepted = bench
        .call("POST", &format!("{path}/duties/{duty}/accept"), &token, "-", "")
        .await;
    assert_eq!(accepted.status.as_u16(), 200, "{}", accepted.body);
    assert!(body(&accepted)["accepted"].is_string());
    let twice = bench
        .call("POST", &format!("{path}/duties/{duty}/accept"), &token, "-", "")
        .await;
    assert_eq!(
        (twice.status.as_u16(), &body(&twice)["rule"]),
        (409, &json!("already-done"))
    );
    let concern = body(&bench.call("GET", &path, &token, "-", "").await);
    assert!(concern.to_string().contains("without a coat"));
    let subject = concern["subjects"][0]["id"].clone();
    let decide = |seen: &Value, outcome: &str| {
        json!({ "seen": seen, "decisions": [{ "subject": subject, "outcome": outcome, "reason": "Needs a visit." }] })
            .to_string()
    };
    let to = format!("{path}/decisions");
    let stale = bench
        .call("POST", &to, &token, "-", &decide(&json!(1), "assessment"))
        .await;
    assert_eq!(stale.status.as_u16(), 409, "{}", stale.body);
    let unknown = bench
        .call("POST", &to, &token, "-", &decide(&concern["seen"], "made-up"))
        .await;
    assert_eq!(unknown.status.as_u16(), 422, "{}", unknown.body);
    let done = bench
        .call("POST", &to, &token, "-", &decide(&concern["seen"], "assessment"))
        .await;
    assert_eq!(done.status.as_u16(), 200, "{}", done.body);
    assert_eq!(body(&done)["decisions"][0]["outcome"], "assessment");
    assert!(
        !body(&done)["duties"].as_array().unwrap().is_empty(),
        "a decision makes duties"
    );
}

#[tokio::test]
async fn what_a_post_may_not_know_is_not_there() {
    let bench = Bench::new().await;
    let insider = bench.caller("A. Hart", "northmere/hub", &ALL).await;
    let mut restricted = report();
    restricted["colleague"] = json!(true);
    let filed = body(&file(&bench, &insider, "f-2231-first", &restricted).await);
    let reference = filed["reference"].as_str().unwrap();
    let hidden = bench
        .call("GET", &format!("/api/v1/concerns/{reference}"), &insider, "-", "")
        .await;
    let absent = bench
        .call("GET", "/api/v1/concerns/NM-0000-0000", &insider, "-", "")
        .await;
    assert_eq!(hidden.status.as_u16(), 404);
    assert_eq!((hidden.headers, hidden.body), (absent.headers, absent.body));
    let listed = body(
        &bench
            .call("GET", "/api/v1/duties?list=team", &insider, "-", "")
            .await,
    );
    assert!(!listed.to_string().contains(reference));
}

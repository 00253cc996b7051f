//! What programs call, from outside, with a real node behind it.

use axum::http::header;
use node::signin::token::ApiScope;
use serde_json::{Value, json};

use crate::bench::{Answer, Bench};

pub const ALL: [ApiScope; 3] = [ApiScope::Report, ApiScope::Read, ApiScope::Act];

pub fn report() -> Value {
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

pub fn body(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{}: {}", answer.status, answer.body))
}

pub async fn file(bench: &Bench, token: &str, key: &str, report: &Value) -> Answer {
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
    let mut another = report();
    another["words"] = json!("Something else.");
    let reused = file(&bench, &token, "f-2231-first", &another).await;
    assert_eq!(
        (reused.status.as_u16(), &body(&reused)["type"]),
        (422, &json!("/api/problems#key-reused"))
    );
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

/// A filed report's path and its first child, for somebody who holds a token.
pub async fn filed(bench: &Bench, token: &str) -> (String, Value) {
    let filed = body(&file(bench, token, "f-2231-first", &report()).await);
    let path = format!("/api/v1/concerns/{}", filed["reference"].as_str().unwrap());
    let concern = body(&bench.call("GET", &path, token, "-", "").await);
    (path, concern)
}

pub async fn send(bench: &Bench, token: &str, path: &str, key: &str, given: Value) -> (u16, Value) {
    let sent = if given.is_null() {
        String::new()
    } else {
        given.to_string()
    };
    let answer = bench.call("POST", path, token, key, &sent).await;
    (answer.status.as_u16(), body(&answer))
}

#[tokio::test]
async fn an_act_happens_once_under_its_key() {
    let bench = Bench::new().await;
    let token = bench.caller("A. Hart", "northmere/hub", &ALL).await;
    let (path, before) = filed(&bench, &token).await;
    let entries = format!("{path}/entries");
    let words = |text: &str| json!({ "words": text, "nature": "fact" });
    let (status, first) = send(&bench, &token, &entries, "entry-one", words("Rang the school.")).await;
    assert_eq!((status, &first["repeated"]), (201, &json!(false)), "{first}");
    let (status, again) = send(&bench, &token, &entries, "entry-one", words("Rang the school.")).await;
    assert_eq!(
        (status, &again["repeated"], &again["record"]),
        (200, &json!(true), &first["record"])
    );
    let (status, other) = send(&bench, &token, &entries, "entry-one", words("Rang the doctor.")).await;
    assert_eq!(
        (status, &other["type"]),
        (422, &json!("/api/problems#key-reused"))
    );
    let (status, missing) = send(&bench, &token, &entries, "-", words("Rang the doctor.")).await;
    assert_eq!(
        (status, &missing["errors"][0]["code"]),
        (422, &json!("idempotency-key"))
    );
    let after = body(&bench.call("GET", &path, &token, "-", "").await);
    let count = |concern: &Value| {
        concern["entries"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|e| e["kind"] == "added")
            .count()
    };
    assert_eq!((count(&before), count(&after)), (0, 1));
    let (one, two) = tokio::join!(
        send(&bench, &token, &entries, "entry-two", words("Rang again.")),
        send(&bench, &token, &entries, "entry-two", words("Rang again.")),
    );
    assert_eq!(one.1["record"], two.1["record"], "{one:?} {two:?}");
    let after = body(&bench.call("GET", &path, &token, "-", "").await);
    assert_eq!(count(&after), 2);
}

#[tokio::test]
async fn an_entry_is_corrected_proved_and_taken_off_the_wrong_child() {
    let bench = Bench::new().await;
    let token = bench.caller("A. Hart", "northmere/hub", &ALL).await;
    let (path, concern) = filed(&bench, &token).await;
    let entry = concern["entries"][0]["record"].as_str().unwrap().to_owned();
    let beside = format!("{path}/entries/{entry}/beside");
    let (status, _) = send(
        &bench,
        &token,
        &beside,
        "beside-one",
        json!({ "how": "corrects", "words": "It was Tuesday." }),
    )
    .await;
    assert_eq!(status, 201);
    let (status, wrong) = send(
        &bench,
        &token,
        &beside,
        "beside-two",
        json!({ "how": "denies", "words": "No." }),
    )
    .await;
    assert_eq!((status, &wrong["errors"][0]["pointer"]), (422, &json!("/how")));
    let proof = bench
        .call("GET", &format!("{path}/entries/{entry}/proof"), &token, "-", "")
        .await;
    assert_eq!(proof.status.as_u16(), 200, "{}", proof.body);
    assert_eq!(body(&proof)["leaf"].as_str().unwrap().len(), 64);
    let child = concern["subjects"][0]["id"].as_str().unwrap();
    let off = format!("{path}/subjects/{child}/not-about");
    let (status, _) = send(
        &bench,
        &token,
        &off,
        "not-about",
        json!({ "reason": "Another boy of that name." }),
    )
    .await;
    assert_eq!(status, 201);
    let (status, again) = send(&bench, &token, &off, "not-about-2", json!({ "reason": "Again." })).await;
    assert_eq!((status, &again["rule"]), (409, &json!("already-done")));
    for nowhere in [
        "entries/nothing/beside",
        "subjects/nothing/not-about",
        "holds/nothing/release",
    ] {
        let given = json!({ "how": "corrects", "words": "x", "reason": "x" });
        let answer = bench
            .call(
                "POST",
                &format!("{path}/{nowhere}"),
                &token,
                "nowhere-one",
                &given.to_string(),
            )
            .await;
        assert!(
            [404, 422].contains(&answer.status.as_u16()),
            "{nowhere}: {}",
            answer.body
        );
    }
}

#[tokio::test]
async fn a_concern_is_decided_told_closed_and_opened_again() {
    let bench = Bench::new().await;
    let token = bench.caller("A. Hart", "northmere/hub", &ALL).await;
    let (path, concern) = filed(&bench, &token).await;
    let child = concern["subjects"][0]["id"].clone();
    let telling = json!({ "form": "work", "words": "We will visit." });
    let (status, early) = send(
        &bench,
        &token,
        &format!("{path}/reporter/tellings"),
        "tell-early",
        telling.clone(),
    )
    .await;
    assert_eq!((status, &early["rule"]), (409, &json!("not-decided")));
    let given = json!({ "seen": concern["seen"], "decisions": [{ "subject": child, "outcome": "assessment", "reason": "Needs a visit." }] });
    let decided = body(
        &bench
            .call(
                "POST",
                &format!("{path}/decisions"),
                &token,
                "-",
                &given.to_string(),
            )
            .await,
    );
    let decision = decided["decisions"][0]["record"].as_str().unwrap().to_owned();
    let (status, told) = send(
        &bench,
        &token,
        &format!("{path}/reporter/tellings"),
        "tell-first",
        telling,
    )
    .await;
    assert_eq!(status, 201, "{told}");
    let again = format!("{path}/decisions/{decision}/second-reading");
    let (status, own) = send(
        &bench,
        &token,
        &again,
        "second-one",
        json!({ "agreed": true, "reason": "Yes." }),
    )
    .await;
    assert!([404, 409].contains(&status), "{own}");
    let shut = json!({ "seen": u32::MAX, "subject": child, "reason": "Done." });
    let (status, closing) = send(&bench, &token, &format!("{path}/closures"), "close-first", shut).await;
    assert_eq!(
        (status, &closing["rule"]),
        (409, &json!("open-duties")),
        "{closing}"
    );
    let (status, named) = send(
        &bench,
        &token,
        &format!("{path}/labels"),
        "label-first",
        json!({ "label": "referral", "reason": "It is one." }),
    )
    .await;
    assert_eq!(status, 201, "{named}");
    let listed = body(&bench.call("GET", "/api/v1/concerns", &token, "-", "").await);
    assert_eq!(listed["lines"].as_array().unwrap().len(), 1, "{listed}");
    let wrong = bench
        .call("GET", "/api/v1/concerns?after=1", &token, "-", "")
        .await;
    assert_eq!(body(&wrong)["errors"][0]["pointer"], "/after");
}

#[tokio::test]
async fn a_hold_stops_an_erasure_and_ends_by_two_bodies() {
    let bench = Bench::new().await;
    let hub = bench.caller("A. Hart", "northmere/hub", &ALL).await;
    let (path, concern) = filed(&bench, &hub).await;
    let records = bench.caller("R. Vane", "northmere/records-officer", &ALL).await;
    let (status, denied) = send(
        &bench,
        &hub,
        &format!("{path}/holds"),
        "hold-hub",
        json!({ "authority": "Inquiry" }),
    )
    .await;
    assert_eq!(status, 404, "{denied}");
    let (status, held) = send(
        &bench,
        &records,
        &format!("{path}/holds"),
        "hold-first",
        json!({ "authority": "Inquiry of 2026" }),
    )
    .await;
    assert_eq!(status, 201, "{held}");
    let entry = concern["entries"][0]["record"].clone();
    let erase = json!({ "record": entry, "field": "text", "reason": "wrong-person" });
    let (status, refused) = send(
        &bench,
        &records,
        &format!("{path}/erasures"),
        "erase-first",
        erase,
    )
    .await;
    assert_eq!((status, &refused["rule"]), (409, &json!("held")), "{refused}");
    let release = format!("{path}/holds/{}/release", held["record"].as_str().unwrap());
    let (status, one) = send(&bench, &records, &release, "release-first", Value::Null).await;
    assert_eq!(status, 201, "{one}");
    let (status, twice) = send(&bench, &records, &release, "release-again", Value::Null).await;
    assert_eq!((status, &twice["rule"]), (409, &json!("already-done")));
}

#[tokio::test]
async fn an_inspection_is_let_in_by_two_and_a_receipt_is_a_file() {
    let bench = Bench::new().await;
    let director = bench.caller("Amara Oduya", "northmere/director", &ALL).await;
    let officer = bench.caller("R. Vane", "northmere/records-officer", &ALL).await;
    let inspector = bench.person("Marta Quill", "northmere/inspector").await;
    let given = json!({
        "inspector": inspector.to_string(), "inspection": "An invented inspectorate", "power": "joint-inspection",
        "warrant": false, "from": "2026-11-30T09:00:00Z", "to": "2026-12-10T17:00:00Z",
        "told_from": "2026-09-01T00:00:00Z", "told_to": "2026-12-01T00:00:00Z"
    });
    let (status, asked) = send(
        &bench,
        &director,
        "/api/v1/inspections",
        "grant-one",
        given.clone(),
    )
    .await;
    assert_eq!(status, 201, "{asked}");
    let (status, again) = send(&bench, &director, "/api/v1/inspections", "grant-one", given).await;
    assert_eq!((status, &again["record"]), (200, &asked["record"]));
    let agree = format!(
        "/api/v1/inspections/{inspector}/{}/agreement",
        asked["record"].as_str().unwrap()
    );
    let (status, own) = send(&bench, &director, &agree, "agree-own", Value::Null).await;
    assert_eq!((status, &own["rule"]), (409, &json!("needs-another")));
    let (status, _) = send(&bench, &officer, &agree, "agree-one", Value::Null).await;
    assert_eq!(status, 201);
    let listed = body(&bench.call("GET", "/api/v1/inspections", &officer, "-", "").await);
    assert_eq!(
        (listed.as_array().unwrap().len(), &listed[0]["in_force"]),
        (1, &json!(true))
    );
    let hub = bench.caller("A. Hart", "northmere/hub", &ALL).await;
    let hidden = bench.call("GET", "/api/v1/inspections", &hub, "-", "").await;
    assert_eq!(hidden.status.as_u16(), 404);
    let filed = body(&file(&bench, &hub, "f-2231-first", &report()).await);
    bench.app.node().publish().await.unwrap();
    let receipt = format!("/api/v1/receipts/{}/file", filed["ticket"].as_str().unwrap());
    let file = bench.call("GET", &receipt, &hub, "-", "").await;
    assert_eq!(file.status.as_u16(), 200, "{}", file.body);
    assert!(
        !file.body.contains("without a coat"),
        "the short copy holds none of the words"
    );
    let keys = bench.call("GET", "/api/v1/keys", &hub, "-", "").await;
    assert!(keys.body.starts_with("log "), "{}", keys.body);
}

#[tokio::test]
async fn what_somebody_was_told_before_any_rule_began_is_taken() {
    let bench = Bench::new().await;
    let token = bench.caller("A. Hart", "northmere/hub", &ALL).await;
    for (key, told, status) in [
        ("told-1998", "1998-05-04T09:00:00Z", 201),
        ("told-1850", "1850-05-04T09:00:00Z", 422),
        ("told-0000", "0000-01-01T00:00:00Z", 422),
        ("told-later", "2030-01-01T00:00:00Z", 422),
    ] {
        let mut old = report();
        old["told_at"] = json!(told);
        old["told_by"] = json!("telephone");
        let answer = file(&bench, &token, key, &old).await;
        assert_eq!(answer.status.as_u16(), status, "{told}: {}", answer.body);
    }
}

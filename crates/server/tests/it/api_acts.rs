//! Each act a program can call, carried out by a post that may.

use serde_json::{Value, json};

use crate::api::{ALL, body, filed, send};
use crate::bench::Bench;

/// Sends an act that must succeed, and again: it is carried out once. The record it made.
async fn acts(bench: &Bench, token: &str, path: &str, key: &str, given: Value) -> String {
    let (status, made) = send(bench, token, path, key, given.clone()).await;
    assert_eq!(
        (status, &made["repeated"]),
        (201, &json!(false)),
        "{path}: {made}"
    );
    let (status, again) = send(bench, token, path, key, given).await;
    assert_eq!(
        (status, &again["record"]),
        (200, &made["record"]),
        "{path}: {again}"
    );
    made["record"].as_str().unwrap().to_owned()
}

async fn concern(bench: &Bench, token: &str, path: &str) -> Value {
    let answer = bench.call("GET", path, token, "-", "").await;
    assert_eq!(answer.status.as_u16(), 200, "{path}: {}", answer.body);
    body(&answer)
}

/// The duty with this clock, open, in a list of the token's post.
async fn duty(bench: &Bench, token: &str, list: &str, clock: &str) -> Value {
    let path = format!("/api/v1/duties?list={list}");
    let listed = concern(bench, token, &path).await;
    let lines = listed["lines"].as_array().unwrap().clone();
    let found = lines.iter().find(|line| line["duty"]["clock"] == clock);
    found.unwrap_or_else(|| panic!("no {clock} in {listed}"))["duty"].clone()
}

/// Moves time on an hour at a time, ticking at each.
async fn pass(bench: &Bench, hours: i64) {
    for _ in 0..hours {
        bench.clock.move_to(bench.app.node().now().plus_minutes(60));
        bench.app.node().tick().await.unwrap();
    }
}

#[tokio::test]
async fn somebody_who_knows_the_family_steps_away_and_meets_nothing_of_it() {
    let bench = Bench::new().await;
    let hub = bench.caller("A. Hart", "northmere/hub", &ALL).await;
    let (path, _) = filed(&bench, &hub).await;
    let manager = bench.caller("N. Orme", "northmere/hub-manager", &ALL).await;
    concern(&bench, &manager, &path).await;
    let (status, made) = send(
        &bench,
        &manager,
        &format!("{path}/conflict"),
        "conflict-1",
        Value::Null,
    )
    .await;
    assert_eq!(status, 201, "{made}");
    let gone = bench.call("GET", &path, &manager, "-", "").await;
    assert_eq!(gone.status.as_u16(), 404);
    concern(&bench, &hub, &path).await;
}

#[tokio::test]
async fn what_must_not_be_here_is_unreadable_to_all_at_once() {
    let bench = Bench::new().await;
    let hub = bench.caller("A. Hart", "northmere/hub", &ALL).await;
    let (path, before) = filed(&bench, &hub).await;
    assert!(before.to_string().contains("without a coat"));
    let entries = before["entries"].as_array().unwrap();
    let words = entries
        .iter()
        .find(|e| e.to_string().contains("without a coat"))
        .unwrap();
    let to = format!(
        "{path}/entries/{}/must-not-be-here",
        words["record"].as_str().unwrap()
    );
    acts(&bench, &hub, &to, "not-here-1", json!({ "field": "text" })).await;
    let after = concern(&bench, &hub, &path).await;
    assert!(!after.to_string().contains("without a coat"));
}

#[tokio::test]
async fn a_restriction_is_made_and_looked_at() {
    let bench = Bench::new().await;
    let hub = bench.caller("A. Hart", "northmere/hub", &ALL).await;
    let (path, _) = filed(&bench, &hub).await;
    let officer = bench
        .caller("Ffion Lorne", "northmere/designated-officer", &ALL)
        .await;
    let hidden = bench.call("GET", &path, &officer, "-", "").await;
    assert_eq!(hidden.status.as_u16(), 404);
    let to = format!("{path}/restrictions");
    let why = json!({ "reason": "His uncle works here." });
    let (status, made) = send(&bench, &hub, &to, "restrict-1", why).await;
    assert_eq!(status, 201, "{made}");
    let gone = bench.call("GET", &path, &hub, "-", "").await;
    assert_eq!(
        gone.status.as_u16(),
        404,
        "whoever restricted it may know of it no longer"
    );
    concern(&bench, &officer, &path).await;
    let review = format!("{path}/restrictions/review");
    let keep = json!({ "finding": "keep", "reason": "He does." });
    acts(&bench, &officer, &review, "review-keep", keep).await;
    let end = json!({ "finding": "end", "reason": "He left in May." });
    let (status, ended) = send(&bench, &officer, &review, "review-end", end).await;
    assert_eq!(status, 201, "{ended}");
    concern(&bench, &hub, &path).await;
}

#[tokio::test]
async fn an_erasure_is_agreed_to_by_another_and_taken_back() {
    let bench = Bench::new().await;
    let hub = bench.caller("A. Hart", "northmere/hub", &ALL).await;
    let (path, before) = filed(&bench, &hub).await;
    let records = bench.caller("R. Vane", "northmere/records-officer", &ALL).await;
    let second = bench
        .caller("Bryn Ashdown", "northmere/data-protection-officer", &ALL)
        .await;
    let entries = before["entries"].as_array().unwrap();
    let words = entries
        .iter()
        .find(|e| e.to_string().contains("without a coat"))
        .unwrap();
    let ask = json!({ "record": words["record"], "field": "text", "reason": "wrong-person" });
    let asked = acts(&bench, &records, &format!("{path}/erasures"), "erase-ask", ask).await;
    let hidden = concern(&bench, &hub, &path).await;
    assert!(!hidden.to_string().contains("without a coat"));
    let at = format!("{path}/erasures/{asked}");
    let (status, own) = send(
        &bench,
        &records,
        &format!("{at}/agreement"),
        "agree-own",
        Value::Null,
    )
    .await;
    assert_eq!((status, &own["rule"]), (409, &json!("needs-another")));
    acts(
        &bench,
        &second,
        &format!("{at}/agreement"),
        "agree-other",
        Value::Null,
    )
    .await;
    let why = json!({ "reason": "It was the right boy." });
    acts(&bench, &records, &format!("{at}/withdrawal"), "withdraw-1", why).await;
    let back = concern(&bench, &hub, &path).await;
    assert!(back.to_string().contains("without a coat"));
}

#[tokio::test]
async fn somebody_else_is_waited_for_and_the_clock_runs_on() {
    let bench = Bench::new().await;
    let hub = bench.caller("A. Hart", "northmere/hub", &ALL).await;
    let (path, _) = filed(&bench, &hub).await;
    let mine = duty(&bench, &hub, "mine", "C01").await;
    let waits = format!("{path}/duties/{}/waits", mine["id"].as_str().unwrap());
    let health = "northmere-health/safeguarding-lead";
    let given = json!({ "post": health, "words": "Has he been seen this month?" });
    acts(&bench, &hub, &waits, "wait-1-once", given).await;
    let lead = bench.caller("R. Achebe", health, &ALL).await;
    let theirs = concern(&bench, &lead, "/api/v1/duties").await;
    assert_eq!(theirs["lines"].as_array().unwrap().len(), 1, "{theirs}");
    let over = json!({ "words": "He was seen on Friday." });
    acts(&bench, &hub, &format!("{waits}/over"), "wait-over", over).await;
    let after = duty(&bench, &hub, "mine", "C01").await;
    assert_eq!((&after["due"], &after["state"]), (&mine["due"], &json!("open")));
}

#[tokio::test]
async fn a_question_is_asked_about_a_duty_that_climbed() {
    let bench = Bench::new().await;
    let hub = bench.caller("A. Hart", "northmere/hub", &ALL).await;
    let (path, _) = filed(&bench, &hub).await;
    let mine = duty(&bench, &hub, "mine", "C01").await;
    let manager = bench.caller("N. Orme", "northmere/hub-manager", &ALL).await;
    pass(&bench, 30).await;
    let ask = format!("{path}/duties/{}/questions", mine["id"].as_str().unwrap());
    let given = json!({ "words": "What is in the way?" });
    acts(&bench, &manager, &ask, "question-1", given).await;
    let after = concern(&bench, &hub, &path).await;
    assert!(after.to_string().contains("What is in the way?"), "{after}");
    // It is a duty of whoever has the first, with a clock of its own, and owed to whoever asked.
    let theirs = duty(&bench, &hub, "mine", "answer-request").await;
    assert_eq!(theirs["state"], json!("open"));
    let again = duty(&bench, &hub, "mine", "C01").await;
    assert_eq!(again["due"], mine["due"]);
}

#[tokio::test]
async fn an_inspection_ends_before_its_time() {
    let bench = Bench::new().await;
    let director = bench.caller("Amara Oduya", "northmere/director", &ALL).await;
    let officer = bench.caller("R. Vane", "northmere/records-officer", &ALL).await;
    let inspector = bench.person("Marta Quill", "northmere/inspector").await;
    let given = json!({
        "inspector": inspector.to_string(), "inspection": "An invented inspectorate", "power": "joint-inspection",
        "warrant": false, "from": "2026-11-30T09:00:00Z", "to": "2026-12-10T17:00:00Z",
        "told_from": "2026-09-01T00:00:00Z", "told_to": "2026-12-01T00:00:00Z"
    });
    let asked = acts(&bench, &director, "/api/v1/inspections", "grant-one", given).await;
    let at = format!("/api/v1/inspections/{inspector}/{asked}");
    acts(
        &bench,
        &officer,
        &format!("{at}/agreement"),
        "grant-agree",
        Value::Null,
    )
    .await;
    acts(&bench, &director, &format!("{at}/end"), "grant-end", Value::Null).await;
    let listed = concern(&bench, &officer, "/api/v1/inspections").await;
    assert_eq!(listed[0]["in_force"], false);
    assert!(listed[0]["ended"].is_string());
}

/// Answers every open duty, each by its owner's own token. An ending may be drawn by lot to be read by a second person: then
/// that is what its owner does.
async fn finish(bench: &Bench, hub: &str, path: &str) {
    let shown = concern(bench, hub, path).await;
    for duty in shown["duties"].as_array().unwrap() {
        if duty["state"] == "ended" {
            continue;
        }
        let owner = duty["owner"].as_str().unwrap();
        let token = match owner {
            "northmere/hub" => hub.to_owned(),
            other => bench.caller("Somebody Else", other, &ALL).await,
        };
        if duty["clock"] == "second-reading" {
            let decision = shown["decisions"][0]["record"].as_str().unwrap();
            let to = format!("{path}/decisions/{decision}/second-reading");
            let read = json!({ "agreed": true, "reason": "Read, and agreed." });
            acts(bench, &token, &to, "drawn-by-lot", read).await;
            continue;
        }
        let mut given = json!({ "how": "done", "words": "Done." });
        if duty["clock"] == "confirm-organisation" {
            given["finding"] = json!("organisation-confirmed");
        }
        let to = format!("{path}/duties/{}/answer", duty["id"].as_str().unwrap());
        let answer = bench.call("POST", &to, &token, "-", &given.to_string()).await;
        assert_eq!(answer.status.as_u16(), 200, "{duty}: {}", answer.body);
    }
}

#[tokio::test]
async fn what_was_closed_is_opened_again() {
    let bench = Bench::new().await;
    let hub = bench.caller("A. Hart", "northmere/hub", &ALL).await;
    let (path, shown) = filed(&bench, &hub).await;
    let decide = json!({
        "seen": shown["seen"],
        "decisions": [{ "subject": shown["subjects"][0]["id"], "outcome": "information", "reason": "Nothing is asked." }]
    });
    let to = format!("{path}/decisions");
    let decided = bench
        .call("POST", &to, &hub, "decide-once", &decide.to_string())
        .await;
    assert_eq!(decided.status.as_u16(), 200, "{}", decided.body);
    let tell = json!({ "form": "work", "words": "We have noted it." });
    acts(
        &bench,
        &hub,
        &format!("{path}/reporter/tellings"),
        "tell-1-once",
        tell,
    )
    .await;
    finish(&bench, &hub, &path).await;
    let manager = bench.caller("N. Orme", "northmere/hub-manager", &ALL).await;
    let seen = concern(&bench, &manager, &path).await["seen"].clone();
    let close = json!({ "seen": seen, "reason": "Nothing is left." });
    acts(
        &bench,
        &manager,
        &format!("{path}/closures"),
        "close-1-once",
        close,
    )
    .await;
    let open = json!({ "reason": "The school rang again." });
    acts(&bench, &hub, &format!("{path}/re-openings"), "open-1-once", open).await;
    duty(&bench, &hub, "mine", "C01").await;
}

#[tokio::test]
async fn deciding_accepting_and_answering_take_a_key_too() {
    let bench = Bench::new().await;
    let hub = bench.caller("A. Hart", "northmere/hub", &ALL).await;
    let (path, shown) = filed(&bench, &hub).await;
    let mine = duty(&bench, &hub, "mine", "C01").await;
    let accept = format!("{path}/duties/{}/accept", mine["id"].as_str().unwrap());
    let first = bench.call("POST", &accept, &hub, "accept-once", "").await;
    let again = bench.call("POST", &accept, &hub, "accept-once", "").await;
    assert_eq!(
        (first.status.as_u16(), again.status.as_u16()),
        (200, 200),
        "{}",
        again.body
    );
    assert_eq!(body(&first)["accepted"], body(&again)["accepted"]);
    let decide = |reason: &str| {
        json!({
            "seen": shown["seen"],
            "decisions": [{ "subject": shown["subjects"][0]["id"], "outcome": "assessment", "reason": reason }]
        })
        .to_string()
    };
    let to = format!("{path}/decisions");
    let first = bench
        .call("POST", &to, &hub, "decide-once", &decide("Needs a visit."))
        .await;
    let again = bench
        .call("POST", &to, &hub, "decide-once", &decide("Needs a visit."))
        .await;
    assert_eq!(
        (first.status.as_u16(), again.status.as_u16()),
        (200, 200),
        "{}",
        again.body
    );
    assert_eq!(body(&first)["decisions"], body(&again)["decisions"]);
    let other = bench
        .call("POST", &to, &hub, "decide-once", &decide("Another."))
        .await;
    assert_eq!(body(&other)["type"], json!("/api/problems#key-reused"));
    let short = bench.call("POST", &to, &hub, "x", &decide("Another.")).await;
    assert_eq!(body(&short)["errors"][0]["code"], "idempotency-key");
    let tell = duty(&bench, &hub, "mine", "tell-reporter").await;
    let answer = format!("{path}/duties/{}/answer", tell["id"].as_str().unwrap());
    let given = json!({ "how": "tried", "words": "No answer.", "next": "2026-11-30T16:00:00Z" }).to_string();
    let first = bench.call("POST", &answer, &hub, "answer-once", &given).await;
    let again = bench.call("POST", &answer, &hub, "answer-once", &given).await;
    assert_eq!(
        (first.status.as_u16(), again.status.as_u16()),
        (200, 200),
        "{}",
        again.body
    );
    let after = concern(&bench, &hub, &path).await;
    assert_eq!(
        after.to_string().matches("No answer.").count(),
        1,
        "once: {after}"
    );
}

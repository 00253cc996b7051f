//! What every answer carries and what every refusal looks like.

use axum::body::Body;
use axum::http::{Request, header};

use crate::bench::{Answer, Bench};

fn shown(answer: &Answer) -> String {
    let mut lines: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| **name != header::CONTENT_LENGTH)
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    lines.sort();
    format!("{}\n{}\n\n{}", answer.status, lines.join("\n"), answer.body)
}

#[tokio::test]
async fn a_refusal_to_a_person() {
    let mut answer = Bench::new().await.get("/nothing", &[]).await;
    assert!(answer.body.contains("Page not found") && answer.body.contains("01632 960 000"));
    answer.body.clear();
    insta::assert_snapshot!(shown(&answer));
}

#[tokio::test]
async fn a_refusal_to_a_program() {
    insta::assert_snapshot!(shown(&Bench::new().await.get("/api/v1/nothing", &[]).await));
}

#[tokio::test]
async fn with_tls_browsers_are_told_to_stay_on_it() {
    let bench = Bench::with(|settings| settings.origin = "https://northmere.example".to_owned()).await;
    let answer = bench.get("/nothing", &[]).await;
    let sent = answer.headers[header::STRICT_TRANSPORT_SECURITY]
        .to_str()
        .unwrap();
    assert!(sent.starts_with("max-age=63072000"));
    assert!(
        Bench::new()
            .await
            .get("/nothing", &[])
            .await
            .headers
            .get(header::STRICT_TRANSPORT_SECURITY)
            .is_none()
    );
}

#[tokio::test]
async fn not_there_and_not_allowed_are_the_same_bytes() {
    let bench = Bench::new().await;
    for (hidden, absent) in [
        ("/trial/hidden", "/trial/absent"),
        ("/api/v1/hidden", "/api/v1/absent"),
    ] {
        let (hidden, absent) = (bench.get(hidden, &[]).await, bench.get(absent, &[]).await);
        assert_eq!(shown(&hidden), shown(&absent));
        assert_eq!(hidden.headers, absent.headers);
    }
    let cookie = [("cookie", "session=00")];
    let (known, unknown) = (
        bench.get("/trial/hidden", &cookie).await,
        bench.get("/trial/absent", &[]).await,
    );
    assert_eq!(
        shown(&known),
        shown(&unknown),
        "the page holds nothing of the session"
    );
}

#[tokio::test]
async fn a_panic_is_an_error_without_its_words() {
    let answer = Bench::new().await.get("/trial/panic", &[]).await;
    assert_eq!(answer.status.as_u16(), 500);
    assert!(!answer.body.contains("Rusk") && answer.body.contains("01632 960 000"));
    assert!(answer.headers.contains_key(header::CONTENT_SECURITY_POLICY));
}

#[tokio::test]
async fn posts_from_other_sites_are_refused() {
    let bench = Bench::new().await;
    for headers in [
        [("sec-fetch-site", "cross-site")],
        [("sec-fetch-site", "same-site")],
        [("origin", "https://elsewhere.example")],
        [("origin", "null")],
        [("origin", "http://127.0.0.1:9090")],
    ] {
        assert_eq!(
            bench.post("/exit", "", &headers).await.status.as_u16(),
            403,
            "{headers:?}"
        );
    }
    for headers in [
        [("sec-fetch-site", "same-origin")],
        [("origin", "http://127.0.0.1:8080")],
    ] {
        assert_eq!(
            bench.post("/exit", "", &headers).await.status.as_u16(),
            200,
            "{headers:?}"
        );
    }
}

#[tokio::test]
async fn a_dangerous_form_needs_a_token_of_its_own_session() {
    let bench = Bench::new().await;
    let token_on = |body: &str| body.split("<p>").nth(1).unwrap()[..128].to_owned();
    let cookie = [("cookie", "session=one")];
    let first = token_on(&bench.get("/trial/page", &cookie).await.body);
    let second = token_on(&bench.get("/trial/page", &cookie).await.body);
    assert_ne!(first[..64], second[..64], "a new mask for every page");
    assert_ne!(first[64..], second[64..]);
    for token in [&first, &second] {
        assert_eq!(
            bench
                .post("/trial/danger", &format!("csrf={token}"), &cookie)
                .await
                .status
                .as_u16(),
            200
        );
    }
    let other = [("cookie", "session=two")];
    assert_eq!(
        bench
            .post("/trial/danger", &format!("csrf={first}"), &other)
            .await
            .status
            .as_u16(),
        403
    );
    for wrong in [
        "",
        "zz",
        &first[..64],
        &format!("{first}00"),
        &first.replace('0', "1"),
        "é",
    ] {
        let answer = bench
            .post("/trial/danger", &format!("csrf={wrong}"), &cookie)
            .await;
        assert_eq!(answer.status.as_u16(), 403, "{wrong}");
    }
}

#[tokio::test]
async fn pages_are_padded_and_compressed_and_refusals_are_not_padded() {
    let bench = Bench::new().await;
    let gzip = [("accept-encoding", "gzip")];
    let answer = bench.get("/trial/page", &gzip).await;
    assert_eq!(answer.headers[header::CONTENT_ENCODING], "gzip");
    let mut lengths = Vec::new();
    for _ in 0..40 {
        lengths.push(bench.get("/trial/page", &[]).await.body.len());
    }
    lengths.sort_unstable();
    lengths.dedup();
    assert!(lengths.len() > 10, "the length says little: {lengths:?}");
    let refused = bench.get("/nothing", &[]).await;
    assert!(!refused.body.contains("<!-- "));
}

#[tokio::test]
async fn what_is_too_large_or_of_another_kind_is_refused() {
    let bench = Bench::new().await;
    let large = format!("words={}", "x".repeat(300 * 1024));
    assert_eq!(bench.post("/trial/save", &large, &[]).await.status.as_u16(), 413);
    let json = [("content-type", "application/json")];
    let request = Request::post("/trial/save").header(json[0].0, json[0].1);
    assert_eq!(
        bench
            .send(request.body(Body::from("{}")).unwrap())
            .await
            .status
            .as_u16(),
        415
    );
    let request = Request::post("/api/v1/trial").header(json[0].0, json[0].1);
    let answer = bench
        .send(request.body(Body::from(r#"[1,"two"]"#)).unwrap())
        .await;
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
    assert!(
        answer.status.as_u16() == 422 && answer.body.contains(r#""pointer":"/1""#),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn a_flood_of_reports_is_told_whom_to_ring() {
    let bench = Bench::new().await;
    for _ in 0..20 {
        assert_eq!(bench.post("/trial/report", "", &[]).await.status.as_u16(), 200);
    }
    let answer = bench.post("/trial/report", "", &[]).await;
    assert_eq!(answer.status.as_u16(), 429);
    assert!(answer.body.contains("01632 960 000") && answer.body.contains("999"));
    assert!(answer.headers.contains_key(header::RETRY_AFTER));
}

//! The public reporter's visit.

use axum::http::header;

use crate::bench::Bench;

#[tokio::test]
async fn what_was_said_is_kept_under_the_cookie_and_cleaned() {
    let bench = Bench::new().await;
    let saved = bench
        .post("/trial/save", "words=He+said+%E2%80%AEno%00", &[])
        .await;
    let token = saved.cookie("visit").unwrap();
    assert_eq!(token.len(), 64);
    let cookie = format!("visit={token}");
    let back = bench.get("/trial/load", &[("cookie", &cookie)]).await;
    assert_eq!(back.body, r#"[["words","He said no"]]"#);
    assert_eq!(back.headers[header::CACHE_CONTROL], "no-store");
    for other in ["visit=", "visit=00", &format!("visit={}", "0".repeat(64))] {
        assert_eq!(bench.get("/trial/load", &[("cookie", other)]).await.body, "null");
    }
}

#[tokio::test]
async fn a_planted_cookie_is_never_taken_up() {
    let bench = Bench::new().await;
    let planted = "a".repeat(64);
    let saved = bench
        .post(
            "/trial/save",
            "words=x",
            &[("cookie", &format!("visit={planted}"))],
        )
        .await;
    assert_ne!(saved.cookie("visit").unwrap(), planted);
}

#[tokio::test]
async fn exit_forgets_at_once_and_clears_the_site() {
    let bench = Bench::new().await;
    let saved = bench.post("/trial/save", "words=two+lines", &[]).await;
    let cookie = format!("visit={}", saved.cookie("visit").unwrap());
    let left = bench.post("/exit", "", &[("cookie", &cookie)]).await;
    assert_eq!(
        left.headers["clear-site-data"],
        r#""cache", "cookies", "storage""#
    );
    assert_eq!(left.cookie("visit").unwrap(), "");
    assert!(
        left.body.is_empty()
            && left.headers[header::REFRESH]
                .to_str()
                .unwrap()
                .starts_with("0; url=https://")
    );
    let back = bench.get("/trial/load", &[("cookie", &cookie)]).await;
    assert_eq!(back.body, "null", "the cookie found on the phone opens nothing");
}

#[tokio::test]
async fn with_tls_the_cookie_is_bound_to_this_host() {
    let bench = Bench::with(|settings| settings.origin = "https://northmere.example".to_owned()).await;
    let saved = bench.post("/trial/save", "words=x", &[]).await;
    let line = saved.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(
        line.starts_with("__Host-visit=") && line.ends_with("; Path=/; HttpOnly; SameSite=Strict; Secure")
    );
}

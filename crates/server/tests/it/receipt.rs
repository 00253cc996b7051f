//! Anybody checks a receipt: three results, and nothing is looked up.

use axum::http::StatusCode;

use crate::bench::Bench;
use crate::walk::{Visitor, report};

async fn saved(bench: &Bench) -> Vec<u8> {
    let mut visitor = Visitor::open(bench, "/q/1").await;
    report(&mut visitor, "yes").await;
    bench.app.node().publish().await.unwrap();
    visitor.send("/q/receipt", &[]).await;
    assert_eq!(visitor.page.status, StatusCode::OK);
    visitor.page.body.clone().into_bytes()
}

#[tokio::test]
async fn a_receipt_holds_whether_chosen_or_pasted_and_one_letter_changed_does_not() {
    let bench = Bench::new().await;
    let file = saved(&bench).await;
    let mut anybody = Visitor::open(&bench, "/receipt").await;
    anybody.upload("/receipt", &[], Some(&file)).await;
    assert!(
        anybody.shows("It has not been changed") && anybody.shows("daylight.invalid/northmere"),
        "{}",
        anybody.page.body
    );
    assert!(
        anybody.shows("By nobody whose key is at hand"),
        "no witness signed it, and it says so"
    );
    assert!(!anybody.shows("afternoons") && !anybody.shows("Tegan"));

    let text = String::from_utf8(file.clone()).unwrap();
    let pasted = format!("\n  {}\n\n", text.replace('\n', "\r\n"));
    anybody.upload("/receipt", &[("receipt", &pasted)], None).await;
    assert!(anybody.shows("It has not been changed"), "{}", anybody.page.body);

    let place = text.find("\nindex ").unwrap() + 7;
    let mut changed = file.clone();
    changed[place] = if changed[place] == b'1' { b'0' } else { b'1' };
    anybody.upload("/receipt", &[], Some(&changed)).await;
    assert!(anybody.shows("It does not match"), "{}", anybody.page.body);
    assert!(anybody.shows("Keep it as it is"));
}

#[tokio::test]
async fn what_cannot_be_told_says_so_and_is_no_alarm() {
    let bench = Bench::new().await;
    let file = saved(&bench).await;
    let mut anybody = Visitor::open(&bench, "/receipt").await;
    anybody.upload("/receipt", &[], Some(b"Dear Sir or Madam")).await;
    assert!(
        anybody.shows("This cannot be checked here"),
        "{}",
        anybody.page.body
    );
    let half = &file[..file.len() / 2];
    anybody.upload("/receipt", &[], Some(half)).await;
    assert!(
        anybody.shows("This cannot be checked here"),
        "{}",
        anybody.page.body
    );

    let other = Bench::new().await;
    let keys = other.get("/receipt/keys", &[]).await;
    assert!(
        keys.body.starts_with("log daylight.invalid/northmere"),
        "{}",
        keys.body
    );
    anybody
        .upload("/receipt", &[("keys", &keys.body)], Some(&file))
        .await;
    assert!(
        anybody.shows("This cannot be checked here"),
        "{}",
        anybody.page.body
    );
    anybody
        .upload("/receipt", &[("keys", "hello")], Some(&file))
        .await;
    assert_eq!(anybody.page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(anybody.shows("Paste the whole file of keys"));
    anybody.upload("/receipt", &[("receipt", "  ")], None).await;
    assert!(anybody.shows("Choose the file of the receipt"));
}

#[tokio::test]
async fn a_form_with_a_file_is_held_to_the_same_bounds_as_any() {
    let bench = Bench::new().await;
    let mut anybody = Visitor::open(&bench, "/receipt").await;
    anybody.upload("/receipt", &[], Some(&vec![b'x'; 300_000])).await;
    assert_eq!(anybody.page.status, StatusCode::PAYLOAD_TOO_LARGE);
    anybody.go("/receipt").await;
    let csrf = anybody.value_of("csrf");
    let plain = bench.post("/receipt", &format!("csrf={csrf}"), &[]).await;
    assert_eq!(plain.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let torn = [("content-type", "multipart/form-data; boundary=b")];
    let torn = bench
        .post_as("/receipt", b"--b\r\nContent-Disp".to_vec(), &torn)
        .await;
    assert_eq!(torn.status, StatusCode::BAD_REQUEST);
}

//! Holds, erasing and "this must not be here", as the people who keep the record do it on its pages.

use axum::http::StatusCode;

use crate::bench::Bench;
use crate::walk::{Visitor, report, signed_in};

const WORDS: &str = "missed four afternoons";

/// A concern, and the address of its pages.
async fn raised(bench: &Bench) -> (Visitor<'_>, String) {
    let mut public = Visitor::open(bench, "/q/1").await;
    let mut hub = signed_in(bench, "Priya Nair", "northmere/hub").await;
    report(&mut public, "yes").await;
    hub.go("/duties").await;
    let reference = hub.page.body.split("href=\"/concerns/").nth(1).unwrap();
    let at = format!("/concerns/{}", reference.split('/').next().unwrap());
    (hub, at)
}

/// The field of a page's list that holds the words of the report.
fn words_field(visitor: &Visitor<'_>) -> String {
    let option = visitor.page.body.split("<option value=\"").find(|part| {
        let value = part.split('"').next().unwrap_or_default();
        value.ends_with(":text") || value.ends_with(":words")
    });
    option.unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn one_asks_another_agrees_and_it_can_be_taken_back() {
    let bench = Bench::with(|settings| settings.demo = true).await;
    let (mut hub, at) = raised(&bench).await;
    let mut records = signed_in(&bench, "Ines Cole", "northmere/records-officer").await;
    let mut protection = signed_in(&bench, "Bryn Ashdown", "northmere/data-protection-officer").await;
    let keeping = format!("{at}/keeping");
    records.go(&keeping).await;
    assert!(records.shows("Nobody ever asked"), "{}", records.page.body);
    records.send(&keeping, &[("do", "ask")]).await;
    assert_eq!(records.page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(records.shows("Choose which field is to go") && records.shows("Choose why it is to go"));
    let field = words_field(&records);
    let fields = [("do", "ask"), ("which", &field), ("reason", "wrong-person")];
    records.send(&keeping, &fields).await;
    assert!(records.shows("It is hidden from now"), "{}", records.page.body);
    assert!(
        !records.shows("value=\"agree\""),
        "whoever asked does not agree as well"
    );
    hub.go(&at).await;
    assert!(!hub.shows(WORDS), "hidden from everybody from the asking on");
    protection.go("/duties").await;
    assert!(
        protection.shows("Say what a notice changes"),
        "whoever can agree is told: {}",
        protection.page.body
    );
    protection.go(&keeping).await;
    let record = protection.value_of("record");
    protection
        .send(&keeping, &[("do", "agree"), ("record", &record)])
        .await;
    assert!(protection.shows("You agreed"), "{}", protection.page.body);
    protection.go("/duties").await;
    assert!(
        !protection.shows("Say what a notice changes"),
        "agreeing answers it"
    );
    records.go(&keeping).await;
    records
        .send(&keeping, &[("do", "withdraw"), ("record", &record)])
        .await;
    assert!(
        records.shows("Write why it is taken back"),
        "{}",
        records.page.body
    );
    let back = [
        ("do", "withdraw"),
        ("record", &record),
        ("why", "It was the right person."),
    ];
    records.send(&keeping, &back).await;
    assert!(records.shows("is shown again"), "{}", records.page.body);
    hub.go(&at).await;
    assert!(hub.shows(WORDS), "taken back, it is shown again");
}

#[tokio::test]
async fn a_hold_keeps_what_is_asked_to_go() {
    let bench = Bench::with(|settings| settings.demo = true).await;
    let (_, at) = raised(&bench).await;
    let mut records = signed_in(&bench, "Ines Cole", "northmere/records-officer").await;
    let keeping = format!("{at}/keeping");
    records.go(&keeping).await;
    let past = [
        ("do", "hold"),
        ("authority", "inquiry"),
        ("review-day", "3"),
        ("review-month", "4"),
        ("review-year", "2019"),
    ];
    records.send(&keeping, &past).await;
    assert_eq!(records.page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(records.shows("Enter a day to come") && records.shows("value=\"2019\""));
    let mut coming = past;
    coming[4].1 = "2099";
    records.send(&keeping, &coming).await;
    assert!(
        records.shows("The hold is set") && records.shows("3 April 2099"),
        "{}",
        records.page.body
    );
    assert!(
        records.shows("nothing here can be erased until it ends") && !records.shows("name=\"which\""),
        "while it stands nobody is asked to choose what goes"
    );
    let fields = [("do", "ask"), ("which", "2:text"), ("reason", "wrong-person")];
    records.send(&keeping, &fields).await;
    assert_eq!(records.page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let record = records.value_of("record");
    records
        .send(&keeping, &[("do", "release"), ("record", &record)])
        .await;
    assert!(
        records.shows("A hold ends when two bodies have agreed") && !records.shows("value=\"release\""),
        "one body does not end it, nor agree twice: {}",
        records.page.body
    );
}

#[tokio::test]
async fn what_must_not_be_here_is_unreadable_at_once_and_the_page_is_for_those_who_keep() {
    let bench = Bench::with(|settings| settings.demo = true).await;
    let (mut hub, at) = raised(&bench).await;
    hub.go(&format!("{at}/timeline")).await;
    let number = hub.page.body.split("/not-here/").nth(1).unwrap();
    assert!(!number.is_empty());
    let mut gone = false;
    let places: Vec<String> = hub
        .page
        .body
        .split("/not-here/")
        .skip(1)
        .map(|part| part.split('"').next().unwrap().to_owned())
        .collect();
    for place in places {
        let path = format!("{at}/not-here/{place}");
        hub.go(&path).await;
        assert!(!hub.shows(WORDS), "what it says is not shown again");
        if hub.shows("value=\"text\"") {
            hub.send(&path, &[("field", "nothing")]).await;
            assert_eq!(hub.page.status, StatusCode::UNPROCESSABLE_ENTITY);
            hub.send(&path, &[("field", "text")]).await;
            gone = hub.shows("Nobody can read it now");
            break;
        }
    }
    assert!(gone, "{}", hub.page.body);
    hub.go(&format!("{at}/timeline")).await;
    assert!(!hub.shows(WORDS) && hub.shows("Nobody can read this here"));
    hub.go(&format!("{at}/not-here/9999")).await;
    assert_eq!(hub.page.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_was_asked_for_under_a_hold_and_refused_is_shown_to_those_who_keep() {
    let bench = Bench::with(|settings| settings.demo = true).await;
    let (mut hub, at) = raised(&bench).await;
    let mut records = signed_in(&bench, "Ines Cole", "northmere/records-officer").await;
    let mut other = signed_in(&bench, "Bryn Ashdown", "northmere/data-protection-officer").await;
    let keeping = format!("{at}/keeping");
    records.go(&keeping).await;
    let field = words_field(&records);
    let held = [
        ("do", "hold"),
        ("authority", "inquiry"),
        ("review-day", "3"),
        ("review-month", "4"),
        ("review-year", "2099"),
    ];
    // The hold is set while a page with fields to erase is open elsewhere.
    let people = bench.app.node().people().await.unwrap();
    let asking = people.iter().find(|one| one.name == "Ines Cole").unwrap().id;
    records.send(&keeping, &held).await;
    assert!(!records.shows("Asked for and refused"));
    let reference = at.trim_start_matches("/concerns/").to_owned();
    let acting = node::app::Acting {
        practitioner: asking,
        post: "northmere/records-officer".parse().unwrap(),
        work: domain::id::StreamId([3; 16]),
    };
    let page = bench.app.node().concern(&acting, &reference).await.unwrap();
    let number: u32 = field.split(':').next().unwrap().parse().unwrap();
    let entry = page
        .entries
        .iter()
        .find(|entry| entry.sequence == number)
        .unwrap();
    let asked = bench
        .app
        .node()
        .ask_erasure(&acting, &reference, entry.record, "text", "court-order");
    assert!(matches!(
        asked.await,
        Err(node::app::AppError::Refused(node::app::Refusal::Held(_)))
    ));
    for keeper in [&mut records, &mut other] {
        keeper.go(&keeping).await;
        assert!(
            keeper.shows("Asked for and refused")
                && keeper.shows("Refused: a hold stands. Nothing was hidden"),
            "{}",
            keeper.page.body
        );
        assert!(keeper.shows("Ines Cole") && !keeper.shows(WORDS));
    }
    hub.go(&at).await;
    assert!(hub.shows(WORDS), "refused, it hid nothing");
}

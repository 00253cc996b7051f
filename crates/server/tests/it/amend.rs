//! Putting something right on the pages: beside an entry, "not about this person", "I know this family", another label.

use axum::http::StatusCode;

use crate::bench::Bench;
use crate::walk::{Visitor, report, signed_in};

/// A concern somebody reported, opened by the hub's decision-maker: their visit, and where it is.
async fn opened(bench: &Bench) -> (Visitor<'_>, String) {
    let mut public = Visitor::open(bench, "/q/1").await;
    let mut hub = signed_in(bench, "Priya Nair", "northmere/hub").await;
    report(&mut public, "yes").await;
    hub.go("/duties").await;
    let link = hub.page.body.split("href=\"/concerns/").nth(1).unwrap();
    let at = format!("/concerns/{}", link.split('/').next().unwrap());
    (hub, at)
}

#[tokio::test]
async fn a_correction_stands_beside_its_entry_and_nothing_typed_is_lost() {
    let bench = Bench::with(|settings| settings.demo = true).await;
    let (mut hub, at) = opened(&bench).await;
    hub.go(&format!("{at}/timeline")).await;
    assert!(hub.shows(&format!("{at}/amend/beside-1")), "{}", hub.page.body);
    let here = format!("{at}/amend/beside-1");
    hub.go(&here).await;
    let words = "It was three afternoons, the school says.";
    hub.send(&here, &[("words", words)]).await;
    assert_eq!(hub.page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(hub.shows("Choose whether you correct or dispute it") && hub.shows(words));
    hub.send(&here, &[("choice", "corrects"), ("words", words)]).await;
    assert_eq!(hub.at, format!("{at}?done=beside"), "{}", hub.page.body);
    hub.go(&format!("{at}/timeline")).await;
    assert!(hub.shows("A correction to entry 1") && hub.shows(words) && hub.shows("missed four afternoons"));
}

#[tokio::test]
async fn somebody_who_is_not_meant_is_gone_from_the_page() {
    let bench = Bench::with(|settings| settings.demo = true).await;
    let (mut hub, at) = opened(&bench).await;
    hub.go(&format!("{at}/people")).await;
    assert!(hub.shows("Tegan"));
    let part = hub.page.body.split("/amend/not-about-").nth(1).unwrap();
    let here = format!("{at}/amend/not-about-{}", part.split('"').next().unwrap());
    hub.go(&here).await;
    hub.send(&here, &[("words", "Another child of that name.")]).await;
    assert_eq!(hub.at, format!("{at}?done=not-about"), "{}", hub.page.body);
    hub.go(&format!("{at}/people")).await;
    assert!(!hub.shows("Tegan"));
    hub.go(&here).await;
    assert_eq!(hub.page.status, StatusCode::NOT_FOUND, "once");
}

#[tokio::test]
async fn whoever_knows_the_family_meets_nothing_of_it_afterwards() {
    let bench = Bench::with(|settings| settings.demo = true).await;
    let (mut hub, at) = opened(&bench).await;
    hub.go(&format!("{at}/amend/again")).await;
    assert_eq!(hub.page.status, StatusCode::NOT_FOUND, "it is open");
    let label = format!("{at}/amend/label");
    hub.go(&label).await;
    hub.send(
        &label,
        &[("choice", "referral"), ("words", "The school asks for help.")],
    )
    .await;
    assert_eq!(hub.at, format!("{at}?done=label"), "{}", hub.page.body);
    hub.go(&at).await;
    assert!(
        hub.shows("I know this family") && hub.shows(">Referral"),
        "{}",
        hub.page.body
    );
    hub.go(&format!("{at}/timeline")).await;
    assert!(hub.shows("Renamed: Referral"));
    hub.send(&format!("{at}/amend/family"), &[]).await;
    assert_eq!(hub.at, "/duties?done=family", "{}", hub.page.body);
    let reference = at.rsplit('/').next().unwrap();
    assert!(!hub.shows(reference), "{}", hub.page.body);
    for page in ["", "/timeline", "/amend/family"] {
        hub.go(&format!("{at}{page}")).await;
        assert_eq!(hub.page.status, StatusCode::NOT_FOUND, "{page}");
    }
}

#[tokio::test]
async fn an_entry_says_whether_it_is_fact_opinion_or_what_somebody_said() {
    let bench = Bench::with(|settings| settings.demo = true).await;
    let (mut hub, at) = opened(&bench).await;
    hub.go(&at).await;
    let (add, words) = (format!("{at}/add"), "The aunt says that he was seen at noon.");
    hub.send(&add, &[("words", words)]).await;
    assert_eq!(hub.page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(hub.shows("Choose what it is") && hub.shows(words));
    hub.send(&add, &[("words", words), ("nature", "reported")]).await;
    assert_eq!(hub.at, format!("{at}?done=added"), "{}", hub.page.body);
    hub.go(&at).await;
    let said = hub.page.body.split(&format!("action=\"{add}\"")).next().unwrap();
    assert!(
        said.contains(words) && said.contains(". What somebody said</p>"),
        "{said}"
    );
}

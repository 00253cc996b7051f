//! What was typed and not sent: staff forms are kept as posted, for their writer alone; public reports only when asked.

use axum::http::StatusCode;
use domain::id::PractitionerId;

use crate::bench::Bench;
use crate::walk::{Visitor, report, signed_in};

async fn demo() -> Bench {
    Bench::with(|settings| settings.demo = true).await
}

async fn who(bench: &Bench, name: &str) -> PractitionerId {
    let people = bench.app.node().people().await.unwrap();
    people.iter().find(|one| one.name == name).unwrap().id
}

/// Posts what is on the page to record what one was told, as far as it is filled in.
async fn record(visitor: &mut Visitor<'_>, press: &str, words: &str) {
    let (once, whose) = (visitor.value_of("once"), visitor.value_of("whose"));
    let fields = [
        ("once", once.as_str()),
        ("whose", whose.as_str()),
        ("do", press),
        ("worry", words),
        ("who", "Carys Holtby"),
        ("safe", "yes"),
        ("add-kind", "child"),
        ("add-role", "child-at-risk"),
        ("add-what", "Owen Tarrant"),
        ("add-more", "9"),
    ];
    visitor.send("/record", &fields).await;
}

/// Signs the same person in again: by an invitation, in the browser of `visitor`.
async fn again(bench: &Bench, visitor: &mut Visitor<'_>, name: &str) {
    let invitation = bench.app.sign_in().invite(who(bench, name).await).await.unwrap();
    let path = format!("/invite/{}", invitation.token.reveal());
    visitor.go(&path).await;
    visitor.send(&path, &[]).await;
}

const WORDS: &str = "He said that nobody was at home.";

/// Every session of the hub's decision-maker ends, as it would by itself.
async fn session_ends(bench: &Bench) {
    let hart = who(bench, "A. Hart").await;
    bench.app.sign_in().end_all(hart).await.unwrap();
}

#[tokio::test]
async fn save_and_come_back_later_survives_a_closed_browser_and_is_gone_once_sent() {
    let bench = demo().await;
    let mut hub = signed_in(&bench, "A. Hart", "northmere/hub").await;
    hub.go("/unsent").await;
    assert!(hub.shows("You have nothing unfinished."));
    hub.go("/record").await;
    record(&mut hub, "later", WORDS).await;
    assert_eq!(
        (hub.at.as_str(), hub.page.status),
        ("/unsent?kept=1", StatusCode::OK)
    );
    assert!(hub.shows("What you were told") && hub.shows("Nothing was sent"));
    assert!(
        !hub.shows(WORDS) && !hub.shows("Tarrant"),
        "the list names no one"
    );

    let mut later = Visitor::open(&bench, "/").await;
    again(&bench, &mut later, "A. Hart").await;
    later.go("/unsent").await;
    let href = later.page.body.split("href=\"/record?once=").nth(1).unwrap();
    let href = format!("/record?once={}", href.split('"').next().unwrap());
    later.go(&href).await;
    assert!(later.shows(WORDS) && later.shows("Carys Holtby") && later.shows("You began this"));
    assert!(later.shows("Owen Tarrant"), "typed and not added counts as added");
    let (once, whose) = (later.value_of("once"), later.value_of("whose"));
    let (kind, role) = (later.value_of("chip-kind-0"), later.value_of("chip-role-0"));
    let mut form = vec![
        ("once", once.as_str()),
        ("whose", whose.as_str()),
        ("do", "send"),
        ("worry", WORDS),
        ("safe", "yes"),
        ("colleague", "no"),
        ("know", "unknown"),
        ("how", "telephone"),
        ("kind", "work"),
        ("told-day", "30"),
        ("told-month", "11"),
        ("told-year", "2026"),
        ("told-time", "8:50am"),
        ("chip-kind-0", &kind),
        ("chip-role-0", &role),
        ("chip-what-0", "Owen Tarrant"),
    ];
    later.send("/record", &form).await;
    assert_eq!(
        later.page.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "no receipt was chosen"
    );
    form.push(("receipt", "no"));
    later.send("/record", &form).await;
    assert!(later.at.starts_with("/record/done"), "{}", later.page.body);
    later.go("/unsent").await;
    assert!(later.shows("You have nothing unfinished."));
}

#[tokio::test]
async fn a_refused_post_is_kept_and_thrown_away_by_its_writer_alone() {
    let bench = demo().await;
    let mut hub = signed_in(&bench, "A. Hart", "northmere/hub").await;
    let mut other = signed_in(&bench, "B. Quill", "northmere/hub-manager").await;
    hub.go("/record").await;
    record(&mut hub, "send", WORDS).await;
    assert_eq!(hub.page.status, StatusCode::UNPROCESSABLE_ENTITY);
    hub.go("/unsent").await;
    let drop = hub.page.body.split("action=\"/unsent/").nth(1).unwrap();
    let drop = format!("/unsent/{}", drop.split('"').next().unwrap());
    other.go("/unsent").await;
    assert!(other.shows("You have nothing unfinished."));
    other.send(&drop, &[]).await;
    let theirs = other.page.body.len();
    assert_eq!(other.page.status, StatusCode::NOT_FOUND);
    other.go("/unsent").await;
    other.send("/unsent/00", &[]).await;
    assert!(
        other.page.body.len().abs_diff(theirs) < 256,
        "as one that never was"
    );
    hub.go("/unsent").await;
    hub.send(&drop, &[]).await;
    assert!(hub.shows("Thrown away.") && hub.shows("You have nothing unfinished."));
}

#[tokio::test]
async fn why_a_concern_can_be_closed_is_kept_when_closing_is_refused() {
    let bench = demo().await;
    let mut public = Visitor::open(&bench, "/q/1").await;
    let mut hub = signed_in(&bench, "Priya Nair", "northmere/hub").await;
    report(&mut public, "yes").await;
    hub.go("/duties").await;
    let link = hub.page.body.split("href=\"/concerns/").nth(1).unwrap();
    let at = format!("/concerns/{}", link.split('/').next().unwrap());
    hub.go(&format!("{at}/reporter")).await;
    let (seen, whose) = (hub.value_of("seen"), hub.value_of("whose"));
    let fields = [
        ("seen", seen.as_str()),
        ("whose", whose.as_str()),
        ("reason", "The school has seen him since."),
    ];
    hub.send(&format!("{at}/close"), &fields).await;
    assert!(!hub.at.contains("done=closed"), "its duties are open: {}", hub.at);
    hub.go("/unsent").await;
    assert!(hub.shows("Closing"), "{}", hub.page.body);
    hub.go(&format!("{at}/reporter")).await;
    assert!(hub.shows("The school has seen him since.") && hub.shows("You began this"));
}

#[tokio::test]
async fn a_post_after_the_session_shows_sign_in_and_then_the_saved_answers() {
    let bench = demo().await;
    let mut hub = signed_in(&bench, "A. Hart", "northmere/hub").await;
    hub.go("/record").await;
    session_ends(&bench).await;
    record(&mut hub, "send", WORDS).await;
    assert_eq!(hub.at, "/sign-in?kept=1");
    assert!(hub.shows("Your session had ended. Nothing was sent") && !hub.shows(WORDS));

    let mut elsewhere = Visitor::open(&bench, "/").await;
    again(&bench, &mut elsewhere, "A. Hart").await;
    elsewhere.go("/unsent").await;
    assert!(
        elsewhere.shows("You have nothing unfinished."),
        "another browser does not have it"
    );

    again(&bench, &mut hub, "A. Hart").await;
    assert!(hub.at.starts_with("/record?once="), "{}", hub.at);
    assert!(hub.shows(WORDS) && hub.shows("Carys Holtby"));
    hub.go("/unsent").await;
    assert!(hub.shows("What you were told"));
}

#[tokio::test]
async fn somebody_else_signing_in_at_that_browser_is_shown_nothing_of_it() {
    let bench = demo().await;
    let mut hub = signed_in(&bench, "A. Hart", "northmere/hub").await;
    drop(signed_in(&bench, "B. Quill", "northmere/hub-manager").await);
    hub.go("/record").await;
    session_ends(&bench).await;
    record(&mut hub, "later", WORDS).await;
    assert_eq!(hub.at, "/sign-in?kept=1");
    again(&bench, &mut hub, "B. Quill").await;
    assert_eq!(hub.at, "/duties");
    hub.go("/unsent").await;
    assert!(hub.shows("You have nothing unfinished."));
    again(&bench, &mut hub, "A. Hart").await;
    assert_eq!(hub.at, "/duties", "the browser has another cookie since");
}

#[tokio::test]
async fn nobody_can_plant_unsent_words_in_an_account() {
    let bench = demo().await;
    let mut hub = signed_in(&bench, "A. Hart", "northmere/hub").await;
    let mut other = signed_in(&bench, "B. Quill", "northmere/hub-manager").await;
    other.go("/record").await;
    let theirs = other.value_of("whose");
    hub.go("/record").await;
    let once = hub.value_of("once");
    session_ends(&bench).await;
    // A page of the ended session with somebody else's seal, with none, or with a broken one: nothing is kept.
    for whose in [theirs.as_str(), "", "00", "é"] {
        let form = [
            ("once", once.as_str()),
            ("whose", whose),
            ("do", "later"),
            ("worry", WORDS),
        ];
        let before = hub.value_of("csrf");
        hub.send("/record", &form).await;
        assert_eq!(hub.at, "/sign-in", "{whose}");
        assert_ne!(before, hub.value_of("csrf"));
    }
    other.go("/unsent").await;
    assert!(other.shows("You have nothing unfinished."));
    // A page of another site cannot sign a browser in to have words typed into its account, nor post a form.
    for path in ["/sign-in", "/record", "/invite/00"] {
        let headers = [
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://elsewhere.example"),
        ];
        let answer = bench.post(path, "do=later&worry=x", &headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn a_page_of_an_earlier_session_sends_nothing_and_loses_nothing() {
    let bench = demo().await;
    let mut hub = signed_in(&bench, "A. Hart", "northmere/hub").await;
    hub.go("/record").await;
    let (once, whose) = (hub.value_of("once"), hub.value_of("whose"));
    again(&bench, &mut hub, "A. Hart").await;
    let stale = [
        ("csrf", "00"),
        ("once", once.as_str()),
        ("whose", whose.as_str()),
        ("do", "send"),
        ("worry", WORDS),
    ];
    hub.send_as_is("/record", &stale).await;
    assert_eq!(hub.at, "/unsent?stale=1");
    assert!(hub.shows("Nothing was sent: that page was from before"));
    hub.go(&format!("/record?once={once}")).await;
    assert!(hub.shows(WORDS));
}

/// The code on the page that shows it.
fn code_shown(visitor: &Visitor<'_>) -> String {
    let found = visitor.page.body.split("app-call__number app-mono\">").nth(1);
    found
        .unwrap_or_else(|| panic!("{}", visitor.page.body))
        .split('<')
        .next()
        .unwrap()
        .to_owned()
}

/// Law: OWN-R1-draft
#[tokio::test]
async fn a_public_report_is_kept_only_when_asked_and_a_code_goes_on_with_it_once() {
    let bench = demo().await;
    let mut kez = Visitor::open(&bench, "/q/1").await;
    kez.send("/q/1", &[("worry", "I am scared to go home.")]).await;
    kez.send("/q/2", &[("safe", "yes"), ("do", "later")]).await;
    assert_eq!(kez.at, "/q/later");
    assert!(kez.shows("Anyone who finds the code") && !kez.shows("not safe to keep anything"));
    kez.send("/q/later", &[]).await;
    let code = code_shown(&kez);
    assert_eq!(code.len(), 11);
    assert!(!kez.shows("scared") && !kez.at.contains(&code));
    kez.go("/q/later").await;
    assert_eq!(kez.at, "/", "this browser holds nothing");
    kez.go("/q/1").await;
    assert!(!kez.shows("scared"));

    let mut later = Visitor::open(&bench, "/q/go-on").await;
    later
        .send("/q/go-on", &[("code", "22222 22222"), ("do", "open")])
        .await;
    let wrong = (
        later.page.status,
        later.page.body.replace(&later.value_of("csrf"), ""),
    );
    assert_eq!(wrong.0, StatusCode::UNPROCESSABLE_ENTITY);
    later
        .send("/q/go-on", &[("code", &code.to_lowercase()), ("do", "open")])
        .await;
    assert_eq!(later.at, "/q/3", "{}", later.page.body);
    later.go("/q/1").await;
    assert!(later.shows("I am scared to go home."));

    let mut finder = Visitor::open(&bench, "/q/go-on").await;
    finder.send("/q/go-on", &[("code", &code), ("do", "open")]).await;
    let used = finder.page.body.replace(&finder.value_of("csrf"), "");
    let text = |body: &str| body.split("</html>").next().unwrap().to_owned();
    assert_eq!(
        (finder.page.status, text(&used)),
        (wrong.0, text(&wrong.1)),
        "used is as wrong"
    );
}

#[tokio::test]
async fn somebody_for_whom_keeping_is_not_safe_is_told_and_may_all_the_same() {
    let bench = demo().await;
    let mut kez = Visitor::open(&bench, "/q/1").await;
    kez.send("/q/1", &[("worry", "I am scared.")]).await;
    kez.send("/q/2", &[("safe", "yes")]).await;
    kez.send("/q/3", &[("colleague", "no")]).await;
    kez.send("/q/4", &[("know", "unknown")]).await;
    kez.send("/q/5", &[("reach", "none")]).await;
    kez.send("/q/keep", &[("keep", "no"), ("word", ""), ("do", "later")])
        .await;
    assert!(kez.shows("You told us that it is not safe to keep anything."));
    kez.send("/exit", &[]).await;
    kez.go("/q/later").await;
    assert_eq!(kez.at, "/", "leaving there keeps nothing");
}

#[tokio::test]
async fn a_code_thrown_away_answers_as_one_that_never_was() {
    let bench = demo().await;
    let mut teacher = Visitor::open(&bench, "/work").await;
    let once = teacher.value_of("once");
    teacher
        .send("/work", &[("do", "later"), ("once", &once), ("worry", WORDS)])
        .await;
    assert_eq!(teacher.at, "/q/later");
    teacher.send("/q/later", &[]).await;
    let code = code_shown(&teacher);
    let mut finder = Visitor::open(&bench, "/q/go-on").await;
    for _ in 0..2 {
        finder
            .send("/q/go-on", &[("drop-code", &code), ("do", "drop")])
            .await;
        assert!(finder.shows("If there was anything under that code, it is deleted"));
    }
    finder.send("/q/go-on", &[("code", &code), ("do", "open")]).await;
    assert_eq!(finder.page.status, StatusCode::UNPROCESSABLE_ENTITY);

    let mut teacher = Visitor::open(&bench, "/work").await;
    let once = teacher.value_of("once");
    teacher
        .send("/work", &[("do", "later"), ("once", &once), ("worry", WORDS)])
        .await;
    teacher.send("/q/later", &[]).await;
    let code = code_shown(&teacher);
    finder.go("/q/go-on").await;
    finder.send("/q/go-on", &[("code", &code), ("do", "open")]).await;
    assert_eq!(finder.at, "/work");
    assert!(finder.shows(WORDS));
}

#[tokio::test]
async fn tries_are_limited_by_source() {
    let bench = demo().await;
    let mut finder = Visitor::open(&bench, "/q/go-on").await;
    for _ in 0..10 {
        finder
            .send("/q/go-on", &[("code", "22222 22222"), ("do", "open")])
            .await;
        assert_eq!(finder.page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    finder
        .send("/q/go-on", &[("code", "22222 22222"), ("do", "open")])
        .await;
    assert_eq!(finder.page.status, StatusCode::TOO_MANY_REQUESTS);
}

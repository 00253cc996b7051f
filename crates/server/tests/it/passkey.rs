//! Passkeys on pages, with a key in software: added, used, listed by name, taken away.

use serde_json::Value;

use crate::authenticator::Authenticator;
use crate::bench::Bench;
use crate::walk::{Visitor, signed_in};

const ORIGIN: &str = "https://safeguarding.northmere.example";
const NAME: &str = "A. Hart@northmere.example";

async fn bench() -> Bench {
    Bench::with(|settings| settings.origin = ORIGIN.to_owned()).await
}

/// The challenge in the page's form.
fn ask(visitor: &Visitor<'_>) -> String {
    let found = visitor.page.body.split("data-app-passkey-ask=\"").nth(1);
    let found = found.unwrap_or_else(|| panic!("no challenge on {}:\n{}", visitor.at, visitor.page.body));
    let written = found.split('"').next().unwrap();
    written.replace("&#34;", "\"").replace("&quot;", "\"")
}

/// Somebody who set up a passkey, named `name`, and nothing else.
async fn resident<'b>(bench: &'b Bench, key: &mut Authenticator) -> Visitor<'b> {
    let mut visitor = signed_in(bench, "A. Hart", "northmere/hub").await;
    assert_eq!(visitor.at, "/account/set-up");
    assert!(visitor.shows("/account/passkey"));
    visitor.go("/account/passkey").await;
    let (ticket, answer) = (visitor.value_of("ticket"), key.create(&ask(&visitor)));
    let fields = [
        ("ticket", ticket.as_str()),
        ("name", "work laptop"),
        ("answer", &answer),
    ];
    visitor.send("/account/passkey", &fields).await;
    assert_eq!(visitor.at, "/duties", "{}", visitor.page.body);
    visitor
}

/// Signs in by the page that asks for a passkey; what the browser answers comes from `answer`.
async fn enter<'b>(bench: &'b Bench, name: &str, answer: impl FnOnce(&str) -> String) -> Visitor<'b> {
    let mut visitor = Visitor::open(bench, "/sign-in").await;
    visitor.send("/sign-in/passkey", &[("passkey-name", name)]).await;
    let (ticket, answer) = (visitor.value_of("ticket"), answer(&ask(&visitor)));
    let fields = [("ticket", ticket.as_str()), ("answer", &answer)];
    visitor.send("/sign-in/passkey/answer", &fields).await;
    visitor
}

#[tokio::test]
async fn a_passkey_alone_sets_up_an_account_and_opens_it_again() {
    let bench = bench().await;
    let mut key = Authenticator::new(ORIGIN);
    let mut first = resident(&bench, &mut key).await;
    let mut second = enter(&bench, NAME, |ask| key.get(ask)).await;
    assert_eq!(second.at, "/duties", "{}", second.page.body);
    second.go("/account").await;
    assert!(second.shows("Passkey: work laptop"));
    first.go("/account").await;
    assert_eq!(first.page.body.matches("action=\"/account/end\"").count(), 1);
}

#[tokio::test]
async fn what_does_not_fit_opens_nothing_and_says_nothing() {
    let bench = bench().await;
    let mut key = Authenticator::new(ORIGIN);
    resident(&bench, &mut key).await;
    let mut other = Authenticator::new(ORIGIN);
    let elsewhere = |ask: &str| {
        let mut stolen = Authenticator::new("https://safeguarding.northmere.example.test");
        stolen.get(ask)
    };
    for (name, page) in [
        ("another key", enter(&bench, NAME, |ask| other.get(ask)).await),
        ("another site", enter(&bench, NAME, elsewhere).await),
        (
            "no such name",
            enter(&bench, "nobody", |ask| other.get(ask)).await,
        ),
        ("nonsense", enter(&bench, NAME, |_| "{".to_owned()).await),
    ] {
        assert_eq!(page.page.status.as_u16(), 422, "{name}");
        assert!(page.shows("That passkey did not open an account"), "{name}");
    }
}

#[tokio::test]
async fn a_challenge_is_answered_once() {
    let bench = bench().await;
    let mut key = Authenticator::new(ORIGIN);
    resident(&bench, &mut key).await;
    let mut visitor = Visitor::open(&bench, "/sign-in").await;
    visitor.send("/sign-in/passkey", &[("passkey-name", NAME)]).await;
    let (csrf, ticket, answer) = (
        visitor.value_of("csrf"),
        visitor.value_of("ticket"),
        key.get(&ask(&visitor)),
    );
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("csrf", &csrf), ("ticket", &ticket), ("answer", &answer)])
        .finish();
    let once = bench.post("/sign-in/passkey/answer", &form, &[]).await;
    assert_eq!(once.status.as_u16(), 303, "{}", once.body);
    let twice = bench.post("/sign-in/passkey/answer", &form, &[]).await;
    assert_eq!(twice.status.as_u16(), 422);
}

/// The names and kinds in a value, without what they hold.
fn shape(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let inner: Vec<_> = fields
                .iter()
                .map(|(name, one)| format!("{name}:{}", shape(one)))
                .collect();
            format!("{{{}}}", inner.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(shape).collect::<Vec<_>>().join(",")),
        Value::String(text) => format!("text{}", text.len()),
        other => other.to_string(),
    }
}

#[tokio::test]
async fn a_name_nobody_has_is_asked_in_the_same_shape() {
    let bench = bench().await;
    resident(&bench, &mut Authenticator::new(ORIGIN)).await;
    let mut shapes = Vec::new();
    for name in [NAME, "nobody"] {
        let mut visitor = Visitor::open(&bench, "/sign-in").await;
        visitor.send("/sign-in/passkey", &[("passkey-name", name)]).await;
        shapes.push(shape(&serde_json::from_str(&ask(&visitor)).unwrap()));
    }
    assert_eq!(shapes[0], shapes[1]);
}

#[tokio::test]
async fn the_last_way_in_stays_and_a_second_can_be_removed() {
    let bench = bench().await;
    let mut key = Authenticator::new(ORIGIN);
    let mut visitor = resident(&bench, &mut key).await;
    visitor.go("/account").await;
    let way = visitor.value_of("way");
    visitor.send("/account/remove", &[("way", &way)]).await;
    assert_eq!(visitor.page.status.as_u16(), 422);
    assert!(visitor.shows("This is the only way in you have"));
    visitor.go("/account/passkey").await;
    let mut spare = Authenticator::new(ORIGIN);
    let (ticket, answer) = (visitor.value_of("ticket"), spare.create(&ask(&visitor)));
    let sent = |name: &'static str| {
        [
            ("ticket", ticket.clone()),
            ("name", name.to_owned()),
            ("answer", answer.clone()),
        ]
    };
    let unnamed = sent("  ");
    let unnamed: Vec<_> = unnamed
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    visitor.send("/account/passkey", &unnamed).await;
    assert!(visitor.shows("Give the passkey a name"));
    let named = sent("blue key");
    let named: Vec<_> = named
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    visitor.send("/account/passkey", &named).await;
    assert_eq!(visitor.at, "/account", "{}", visitor.page.body);
    assert!(visitor.shows("Passkey: blue key"));
    visitor.send("/account/remove", &[("way", &way)]).await;
    assert!(!visitor.shows("Passkey: work laptop") && visitor.shows("Passkey: blue key"));
    let gone = enter(&bench, NAME, |ask| key.get(ask)).await;
    assert_eq!(gone.page.status.as_u16(), 422, "what was removed opens nothing");
    let stays = enter(&bench, NAME, |ask| spare.get(ask)).await;
    assert_eq!(stays.at, "/duties");
}

#[tokio::test]
async fn at_an_address_without_a_name_nobody_is_offered_a_passkey() {
    let bench = Bench::new().await;
    let mut visitor = Visitor::open(&bench, "/sign-in").await;
    assert!(!visitor.shows("/sign-in/passkey"));
    visitor
        .send("/sign-in/passkey", &[("passkey-name", "nobody")])
        .await;
    assert_eq!(visitor.page.status.as_u16(), 404);
}

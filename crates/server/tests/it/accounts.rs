//! Whoever runs the node changes how others get in; nobody else finds the page.

use domain::id::PractitionerId;

use crate::bench::Bench;
use crate::walk::{Visitor, signed_in};

async fn demo() -> Bench {
    Bench::with(|settings| settings.demo = true).await
}

/// The link on the page that shows it once.
fn link(visitor: &Visitor<'_>) -> String {
    let found = visitor.page.body.split("/invite/").nth(1);
    let token = found.unwrap_or_else(|| panic!("no link on {}:\n{}", visitor.at, visitor.page.body));
    format!("/invite/{}", token.split('<').next().unwrap().trim())
}

/// Somebody who is here already, in another browser.
async fn enter(bench: &Bench, who: PractitionerId) -> Visitor<'_> {
    let invitation = bench.app.sign_in().invite(who).await.unwrap();
    let path = format!("/invite/{}", invitation.token.reveal());
    let mut visitor = Visitor::open(bench, &path).await;
    visitor.send(&path, &[]).await;
    visitor
}

/// Agrees to the one thing that waits, as the records officer, who is then shown a link or the list.
async fn agreed(bench: &Bench) -> Visitor<'_> {
    let people = bench.app.node().people().await.unwrap();
    let mut second = match people.iter().find(|one| one.name == "D. Ford") {
        Some(one) => enter(bench, one.id).await,
        None => signed_in(bench, "D. Ford", "northmere/records-officer").await,
    };
    second.go("/duties").await;
    assert!(second.shows("Somebody waits to be let in"));
    second.go("/letting-in").await;
    let page = second.page.body.split("/letting-in/").nth(1);
    let page = page.unwrap_or_else(|| panic!("nobody waits:\n{}", second.page.body));
    let page = format!("/letting-in/{}", page.split('"').next().unwrap());
    second.go(&page).await;
    second.send(&page, &[("do", "agree")]).await;
    second
}

/// An operator, and somebody at the hub with a session.
async fn two(bench: &Bench) -> (Visitor<'_>, Visitor<'_>, PractitionerId) {
    let operator = signed_in(bench, "S. Lund", "northmere/operator").await;
    let hub = signed_in(bench, "A. Hart", "northmere/hub").await;
    let people = bench.app.node().people().await.unwrap();
    let who = people.iter().find(|one| one.name == "A. Hart").unwrap().id;
    (operator, hub, who)
}

#[tokio::test]
async fn who_does_not_run_the_node_finds_nothing() {
    let bench = demo().await;
    let (operator, mut hub, who) = two(&bench).await;
    drop(operator);
    hub.go("/nowhere").await;
    let nothing = hub.page.body.len();
    for path in [
        "/letting-in".to_owned(),
        format!("/letting-in/{who}/{who}"),
        "/accounts".to_owned(),
        format!("/accounts/{who}"),
        "/accounts/x".to_owned(),
    ] {
        hub.go(&path).await;
        assert_eq!(hub.page.status.as_u16(), 404, "{path}");
        assert!(
            hub.page.body.len().abs_diff(nothing) < 256,
            "{path}: one answer, but for the padding"
        );
    }
    hub.go("/duties").await;
    assert!(!hub.shows("/accounts"));
    for change in ["invited", "sessions-ended", "ways-removed", "closed", "re-opened"] {
        hub.go("/account").await;
        hub.send(&format!("/accounts/{who}"), &[("do", change), ("reason", "x")])
            .await;
        assert_eq!(hub.page.status.as_u16(), 404, "{change}");
    }
}

#[tokio::test]
async fn an_operator_lands_where_the_work_is_and_sees_who_can_sign_in() {
    let bench = demo().await;
    let (mut operator, _, who) = two(&bench).await;
    assert_eq!(
        (operator.at.as_str(), operator.page.status.as_u16()),
        ("/accounts", 200)
    );
    operator.go("/accounts").await;
    assert!(operator.shows("A. Hart") && operator.shows("S. Lund"));
    operator.go(&format!("/accounts/{who}")).await;
    assert!(operator.shows("In one place") && operator.shows("Post given: Decision-maker in the hub"));
    assert!(
        !operator
            .page
            .body
            .split("<title>")
            .nth(1)
            .unwrap()
            .split('<')
            .next()
            .unwrap()
            .contains("Hart")
    );
    operator
        .go(&format!("/accounts/{}", PractitionerId([9; 16])))
        .await;
    assert_eq!(operator.page.status.as_u16(), 404);
}

#[tokio::test]
async fn sessions_end_at_the_next_request() {
    let bench = demo().await;
    let (mut operator, mut hub, who) = two(&bench).await;
    let page = format!("/accounts/{who}");
    operator.go(&page).await;
    operator.send(&page, &[("do", "sessions-ended")]).await;
    assert!(operator.shows("Every session ended") && operator.shows("Nowhere"));
    hub.go("/duties").await;
    assert_eq!(hub.at, "/sign-in");
}

#[tokio::test]
async fn what_was_lost_is_removed_for_a_reason_and_a_link_is_shown_once() {
    let bench = demo().await;
    let (mut operator, mut hub, who) = two(&bench).await;
    let page = format!("/accounts/{who}");
    operator.go(&page).await;
    operator
        .send(&page, &[("do", "ways-removed"), ("reason", " ")])
        .await;
    assert_eq!(operator.page.status.as_u16(), 422);
    hub.go("/duties").await;
    assert_eq!(hub.at, "/duties", "nothing was done");
    operator
        .send(
            &page,
            &[("do", "ways-removed"), ("reason", "Telephone lost on a bus")],
        )
        .await;
    assert_eq!(operator.at, page);
    assert!(operator.shows("Telephone lost on a bus") && !operator.shows("/invite/"));
    assert!(operator.shows("Waiting for a second person"));
    hub.go("/duties").await;
    assert_eq!(hub.at, "/sign-in");
    let once = link(&agreed(&bench).await);
    operator.go(&page).await;
    assert!(!operator.shows("/invite/") && !operator.shows("Waiting for a second person"));
    let mut back = Visitor::open(&bench, &once).await;
    back.send(&once, &[]).await;
    assert_eq!(back.at, "/duties");
}

#[tokio::test]
async fn a_closed_account_opens_nothing_until_it_is_opened_again() {
    let bench = demo().await;
    let (mut operator, mut hub, who) = two(&bench).await;
    let page = format!("/accounts/{who}");
    operator.go(&page).await;
    operator.send(&page, &[("do", "invited")]).await;
    let before = link(&agreed(&bench).await);
    operator.go(&page).await;
    operator
        .send(&page, &[("do", "closed"), ("reason", "Left us on Friday")])
        .await;
    assert!(operator.shows("Ask to open it again") && !operator.shows("Ask for a new invitation"));
    hub.go("/duties").await;
    assert_eq!(hub.at, "/sign-in");
    let mut late = Visitor::open(&bench, &before).await;
    late.send(&before, &[]).await;
    assert_eq!(
        late.page.status.as_u16(),
        404,
        "an invitation from before has ended"
    );
    for change in ["closed", "invited"] {
        operator.go(&page).await;
        operator.send(&page, &[("do", change), ("reason", "x")]).await;
        assert_eq!(operator.page.status.as_u16(), 409, "{change}");
    }
    operator.go(&page).await;
    operator
        .send(&page, &[("do", "re-opened"), ("reason", "Came back")])
        .await;
    let again = link(&agreed(&bench).await);
    let mut back = Visitor::open(&bench, &again).await;
    back.send(&again, &[]).await;
    assert_eq!(back.at, "/duties");
    let door = bench.app.sign_in();
    assert_eq!(
        door.login_of(who).await.unwrap().as_deref(),
        Some("a. hart@northmere.example")
    );
}

#[tokio::test]
async fn nobody_changes_their_own_account_here() {
    let bench = demo().await;
    let (mut operator, _, _) = two(&bench).await;
    let people = bench.app.node().people().await.unwrap();
    let own = people.iter().find(|one| one.name == "S. Lund").unwrap().id;
    let page = format!("/accounts/{own}");
    operator.go(&page).await;
    assert!(operator.shows("This is your own account"));
    operator.send(&page, &[("do", "closed"), ("reason", "x")]).await;
    assert_eq!(operator.page.status.as_u16(), 409);
    operator.go("/accounts").await;
    assert_eq!(operator.at, "/accounts");
}

#[tokio::test]
async fn every_section_an_operator_is_shown_is_there() {
    let bench = demo().await;
    let (mut operator, _, _) = two(&bench).await;
    let page = operator.page.body.clone();
    let links: Vec<&str> = page
        .split("govuk-service-navigation__link\" href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert!(links.contains(&"/accounts"), "{links:?}");
    for link in links {
        operator.go(link).await;
        assert_eq!(operator.page.status.as_u16(), 200, "{link}");
    }
}

const NEW: [(&str, &str); 3] = [
    ("name", "Bryn Fell"),
    ("email", "b.fell@northmere.example"),
    ("post", "northmere/hub"),
];

#[tokio::test]
async fn an_operator_invites_somebody_new_who_works_in_their_post_until_its_last_day() {
    let bench = demo().await;
    let (mut operator, _, hart) = two(&bench).await;
    operator.go("/accounts/new").await;
    operator
        .send("/accounts/new", &[("name", " "), ("email", "x")])
        .await;
    assert_eq!(operator.page.status.as_u16(), 422);
    assert!(operator.shows("Write their name"));
    let mut dated = NEW.to_vec();
    dated.extend([("until-day", "18"), ("until-month", "12"), ("until-year", "2020")]);
    operator.send("/accounts/new", &dated).await;
    assert!(operator.shows("The last day must not have passed") && operator.shows("Bryn Fell"));
    dated[5].1 = "2026";
    operator.send("/accounts/new", &dated).await;
    assert!(operator.shows("Bryn Fell") && operator.shows("None now") && !operator.shows("/invite/"));
    let second = agreed(&bench).await;
    let once = link(&second);
    assert!(second.shows("Bryn Fell"));
    let people = bench.app.node().people().await.unwrap();
    let who = people.iter().find(|one| one.name == "Bryn Fell").unwrap().id;
    operator.go(&format!("/accounts/{who}")).await;
    assert!(operator.shows("until 18 December 2026") && operator.shows("Agreed by a second person"));
    assert!(!operator.shows("/invite/"), "the link is shown once");
    let mut bryn = Visitor::open(&bench, &once).await;
    bryn.send(&once, &[]).await;
    assert_eq!(bryn.at, "/duties");
    operator.go(&format!("/accounts/{hart}")).await;
    assert!(operator.shows("None now"), "a post has one holder");
    operator.go("/accounts/new").await;
    operator.send("/accounts/new", &NEW).await;
    assert!(operator.shows("Somebody signs in as this already"));
    bench
        .clock
        .move_to(bench.app.node().now().plus_minutes(60 * 24 * 19));
    let held = bench.app.node().posts_of(who).await.unwrap();
    assert!(held.is_empty(), "the post ended by itself");
}

#[tokio::test]
async fn a_post_is_given_and_taken_away_by_the_operator_and_never_to_themselves() {
    let bench = demo().await;
    let (mut operator, mut hub, who) = two(&bench).await;
    let people = bench.app.node().people().await.unwrap();
    let own = people.iter().find(|one| one.name == "S. Lund").unwrap().id;
    let posts = format!("/accounts/{who}/posts");
    operator.go(&format!("/accounts/{who}")).await;
    operator.send(&posts, &[("do", "give"), ("post", "")]).await;
    assert_eq!(operator.page.status.as_u16(), 422);
    operator
        .send(&posts, &[("do", "give"), ("post", "northmere/nowhere")])
        .await;
    assert!(
        operator.shows("Select posts from the list"),
        "{}",
        operator.page.body
    );
    operator
        .send(&posts, &[("do", "give"), ("post", "northmere/operator")])
        .await;
    assert!(
        operator.shows("holds no other post"),
        "an operator's post stands alone"
    );
    operator
        .send(&posts, &[("do", "give"), ("post", "northmere/director")])
        .await;
    assert!(operator.shows("Give them one more post: Director of children"));
    assert_eq!(bench.app.node().posts_of(who).await.unwrap().len(), 1);
    assert_eq!(agreed(&bench).await.at, "/letting-in");
    assert_eq!(bench.app.node().posts_of(who).await.unwrap().len(), 2);
    operator
        .send(&posts, &[("do", "leave"), ("post", "northmere/hub")])
        .await;
    let left = bench.app.node().posts_of(who).await.unwrap();
    assert_eq!(
        left.iter().map(|post| post.as_str()).collect::<Vec<_>>(),
        ["northmere/director"]
    );
    operator
        .send(&posts, &[("do", "leave"), ("post", "northmere/hub")])
        .await;
    assert_eq!(operator.page.status.as_u16(), 409);
    // Nobody gives themselves a post, whatever it decides; nor does anybody who does not run the node.
    operator.go("/accounts").await;
    for what in ["give", "leave"] {
        let form = [("do", what), ("post", "northmere/hub")];
        operator.send(&format!("/accounts/{own}/posts"), &form).await;
        assert_eq!(operator.page.status.as_u16(), 409, "{what}");
        operator.go("/accounts").await;
    }
    hub.go("/account").await;
    hub.send(&posts, &[("do", "give"), ("post", "northmere/hub")])
        .await;
    assert_eq!(hub.page.status.as_u16(), 404);
    hub.go("/account").await;
    hub.send("/accounts/new", &NEW).await;
    assert_eq!(hub.page.status.as_u16(), 404);
    hub.go("/accounts/new").await;
    assert_eq!(hub.page.status.as_u16(), 404);
}

#[tokio::test]
async fn what_was_asked_is_taken_back_or_refused_with_a_reason_and_whoever_it_is_about_sees_it() {
    let bench = demo().await;
    let (mut operator, mut hub, who) = two(&bench).await;
    let page = format!("/accounts/{who}");
    operator.go(&page).await;
    operator.send(&page, &[("do", "invited")]).await;
    let asked = |visitor: &Visitor<'_>| {
        let rest = visitor.page.body.split("name=\"asked\" value=\"").nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let first = asked(&operator);
    let back = format!("{page}/take-back");
    operator.send(&back, &[("asked", &first)]).await;
    assert_eq!(operator.at, page);
    assert!(operator.shows("Refused, or taken back") && !operator.shows("name=\"asked\""));
    operator.send(&page, &[("do", "invited")]).await;
    let again = asked(&operator);
    let mut manager = signed_in(&bench, "R. Calder", "northmere/service-manager").await;
    let one = format!("/letting-in/{who}/{again}");
    manager.go(&one).await;
    assert!(manager.shows("a. hart@northmere.example") || manager.shows("A. Hart@northmere.example"));
    manager.send(&one, &[("do", "refuse"), ("reason", "")]).await;
    assert_eq!(manager.page.status.as_u16(), 422);
    assert!(manager.shows("Say why you refuse"));
    manager
        .send(&one, &[("do", "refuse"), ("reason", "I rang. Nothing was lost.")])
        .await;
    assert_eq!(manager.at, "/letting-in");
    assert!(manager.shows("Refused, or taken back") && manager.shows("Nobody waits."));
    manager.send(&one, &[("do", "agree")]).await;
    assert_eq!(manager.page.status.as_u16(), 409);
    manager.go("/letting-in/x/y").await;
    assert_eq!(manager.page.status.as_u16(), 404);
    hub.go("/account").await;
    assert!(hub.shows("A new invitation asked for") && hub.shows("I rang. Nothing was lost."));
    hub.send(&one, &[("do", "agree")]).await;
    assert_eq!(hub.page.status.as_u16(), 404);
    hub.go("/account").await;
    hub.send(&back, &[("asked", &again)]).await;
    assert_eq!(hub.page.status.as_u16(), 404);
}

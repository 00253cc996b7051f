//! Nobody is let in by one person alone.
//!
//! Given somebody who runs the node and would come in as another; when they invite an invented person, give a post, or ask
//! for another's new invitation; then nothing of it is so and there is no link, until a second person in another post
//! agrees; whoever it is about is told; and all of it is in the record.

use domain::id::{PractitionerId, RecordId};
use node::app::accounts::Change;
use node::app::deliver::{Channel, Delivery, Message};
use node::app::invite::NewAccount;
use node::app::{AppError, Refusal};
use node::signin::{SignIn, Site};
use std::sync::Mutex;

use crate::council::{Council, at, is_not_found, on_each, seat};

fn door(council: &Council) -> SignIn {
    let site = Site {
        origin: "https://northmere.example".into(),
        name: "Northmere".into(),
    };
    council.node.sign_in(council.clock.clone(), site).unwrap()
}

fn newcomer() -> NewAccount {
    NewAccount {
        name: "Bryn Fell".into(),
        email: "b.fell@northmere.example".into(),
        registered: true,
        posts: vec![seat("social-worker")],
        until: None,
    }
}

/// The one ask that waits for somebody.
async fn waiting(council: &Council, who: PractitionerId) -> RecordId {
    let asks = council.node.asks(&council.acting("records")).await.unwrap();
    let mut waits = asks.iter().filter(|view| view.who == who && view.waits);
    let one = waits.next().unwrap().ask.asked;
    assert!(waits.next().is_none());
    one
}

fn needs_another<T: std::fmt::Debug>(result: &Result<T, AppError>) -> bool {
    matches!(result, Err(AppError::Refused(Refusal::NeedsAnother)))
}

fn already<T: std::fmt::Debug>(result: Result<T, AppError>) -> bool {
    matches!(result, Err(AppError::Refused(Refusal::AlreadyDone)))
}

/// Where messages went.
#[derive(Default)]
struct Post(Mutex<Vec<String>>);

impl Channel for Post {
    fn name(&self) -> &str {
        "email"
    }

    fn send<'a>(&'a self, message: &'a Message) -> Delivery<'a> {
        self.0.lock().unwrap().push(message.to.clone());
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test]
async fn an_invented_person_gets_nowhere_until_somebody_else_agrees() {
    on_each("2026-09-02 10:00", async |council| {
        let (door, operator, records) = (
            door(&council),
            council.acting("operator"),
            council.acting("records"),
        );
        let node = &council.node;
        let who = node.invite_person(&operator, &door, &newcomer()).await.unwrap();
        let asked = waiting(&council, who).await;
        assert!(node.posts_of(who).await.unwrap().is_empty());
        assert_eq!(door.invited_until(who).await.unwrap(), None, "there is no link");
        assert!(is_not_found(node.let_in(&operator, &door, who, asked).await));
        assert!(is_not_found(
            node.let_in(&council.acting("hub"), &door, who, asked).await
        ));
        assert!(is_not_found(node.asks(&operator).await));
        assert_eq!(node.asks_waiting(&records).await.unwrap(), 1);
        assert_eq!(node.asks_waiting(&council.acting("hub")).await.unwrap(), 0);
        assert!(already(node.ask_for_return(who).await), "they wait already");

        let link = node.let_in(&records, &door, who, asked).await.unwrap().unwrap();
        assert_eq!(door.invited_until(who).await.unwrap(), Some(link.ends));
        assert_eq!(node.posts_of(who).await.unwrap(), [seat("social-worker")]);
        assert!(already(node.let_in(&records, &door, who, asked).await), "once");
        assert_eq!(node.asks_waiting(&records).await.unwrap(), 0);
        council.verifies().await;
    })
    .await;
}

#[tokio::test]
async fn a_post_is_given_by_two_and_never_to_the_one_who_agrees() {
    let council = Council::at("2026-09-02 10:00").await;
    let (door, operator, records) = (
        door(&council),
        council.acting("operator"),
        council.acting("records"),
    );
    let node = &council.node;
    let own = council.people["records"];
    node.give_post(&operator, own, &seat("director"), None)
        .await
        .unwrap();
    let view = node.asks(&council.acting("service-manager")).await.unwrap();
    let asked = view[0].ask.asked;
    assert!(
        node.asks(&records).await.unwrap().is_empty(),
        "their own is not theirs to see here"
    );
    assert!(is_not_found(node.let_in(&records, &door, own, asked).await));
    assert!(is_not_found(
        node.refuse_to_let_in(&records, own, asked, "No.").await
    ));
    let again = node.give_post(&operator, own, &seat("director"), None).await;
    assert!(already(again), "asked once");
    let agreed = node
        .let_in(&council.acting("service-manager"), &door, own, asked)
        .await;
    assert_eq!(agreed.unwrap(), None, "a post needs no link");
    assert!(node.posts_of(own).await.unwrap().contains(&seat("director")));
}

#[tokio::test]
async fn whoever_asked_cannot_agree_in_another_post() {
    let council = Council::at("2026-09-02 10:00").await;
    let (door, operator) = (door(&council), council.acting("operator"));
    let who = council
        .node
        .invite_person(&operator, &door, &newcomer())
        .await
        .unwrap();
    let asked = waiting(&council, who).await;
    // The person who ran the node has moved to the post that agrees; and the post that asked has a new holder.
    council.moves("records", "operator", "records").await;
    let moved = council.acting_in("operator", "records");
    let refused = council.node.let_in(&moved, &door, who, asked).await;
    assert!(needs_another(&refused), "{refused:?}");
}

#[tokio::test]
async fn lost_keys_stop_working_at_once_and_the_link_goes_to_the_second_person() {
    let council = Council::at("2026-09-02 10:00").await;
    let (door, operator, manager) = (
        door(&council),
        council.acting("operator"),
        council.acting("service-manager"),
    );
    let (node, hub) = (&council.node, council.people["hub"]);
    door.open_account(hub, "hub@northmere.example").await.unwrap();
    let before = door.invite(hub).await.unwrap();
    node.change_account(&operator, &door, hub, Change::WaysRemoved, "Telephone lost.")
        .await
        .unwrap();
    assert_eq!(
        door.invited_until(hub).await.unwrap(),
        None,
        "{before:?} ended, and there is no other"
    );
    let asked = waiting(&council, hub).await;
    assert!(already(
        node.change_account(&operator, &door, hub, Change::Invited, "")
            .await
    ));

    let post = Post::default();
    node.deliver(&post).await.unwrap();
    let told = post.0.lock().unwrap().clone();
    for who in ["service-manager", "records", "hub"] {
        assert!(
            told.contains(&format!("{who}@northmere.example")),
            "{who}: {told:?}"
        );
    }
    let changes = node.own_account_changes(hub).await.unwrap();
    let codes: Vec<&str> = changes.iter().map(|change| change.how.as_str()).collect();
    assert_eq!(codes[..2], ["asked-invited", "ways-removed"]);

    let no_reason = node.refuse_to_let_in(&manager, hub, asked, " ").await;
    assert!(matches!(no_reason, Err(AppError::Invalid { .. })));
    node.refuse_to_let_in(&manager, hub, asked, "I rang: nothing was lost.")
        .await
        .unwrap();
    assert!(already(node.let_in(&manager, &door, hub, asked).await));
    let view = node.ask_to_let_in(&manager, hub, asked).await.unwrap();
    assert_eq!(view.reason, "I rang: nothing was lost.");
}

#[tokio::test]
async fn what_nobody_answers_ends_and_closing_ends_what_waits() {
    let council = Council::at("2026-09-02 10:00").await;
    let (door, operator, records) = (
        door(&council),
        council.acting("operator"),
        council.acting("records"),
    );
    let (node, hub) = (&council.node, council.people["hub"]);
    let who = node.invite_person(&operator, &door, &newcomer()).await.unwrap();
    let asked = waiting(&council, who).await;
    node.change_account(&operator, &door, hub, Change::Invited, "")
        .await
        .unwrap();
    let again = waiting(&council, hub).await;
    node.change_account(&operator, &door, hub, Change::Closed, "Left us.")
        .await
        .unwrap();
    assert!(
        already(node.let_in(&records, &door, hub, again).await),
        "closed since"
    );
    node.change_account(&operator, &door, hub, Change::ReOpened, "Back.")
        .await
        .unwrap();
    assert!(
        node.account_closed(hub).await.unwrap(),
        "not before somebody agrees"
    );
    let back = waiting(&council, hub).await;
    assert!(node.let_in(&records, &door, hub, back).await.unwrap().is_some());
    assert!(!node.account_closed(hub).await.unwrap());
    council.clock.move_to(at("2026-09-16 10:01"));
    assert!(
        already(node.let_in(&records, &door, who, asked).await),
        "fourteen days"
    );
    council.verifies().await;
}

#[tokio::test]
async fn whoever_has_the_machine_says_why_and_those_who_could_agree_are_told() {
    let council = Council::at("2026-09-02 10:00").await;
    let (node, hub) = (&council.node, council.people["hub"]);
    assert!(
        !node.somebody_agrees(&door(&council)).await.unwrap(),
        "nobody has a way in yet"
    );
    let blank = node.let_in_alone(hub, " ").await;
    assert!(matches!(blank, Err(AppError::Invalid { .. })));
    node.let_in_alone(hub, "Everybody who could agree is locked out.")
        .await
        .unwrap();
    let post = Post::default();
    node.deliver(&post).await.unwrap();
    assert_eq!(post.0.lock().unwrap().len(), 3);
    let changes = node.own_account_changes(hub).await.unwrap();
    assert_eq!(
        (changes[0].how.as_str(), changes[0].reason.as_str()),
        ("alone", "Everybody who could agree is locked out.")
    );
}

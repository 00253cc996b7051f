//! Signing in, against a real store with a simulated clock.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::sync::Arc;

use domain::id::PractitionerId;
use domain::time::Instant;
use totp_rs::Builder;

use super::door::{Tag, Token};
use super::session::Started;
use super::token::ApiScope;
use super::{Lifetimes, SignIn, SignInError, Site};
use crate::clock::SimulatedClock;
use crate::keys::Keys;
use crate::store::{self, Options, Place};

const PASSWORD: &str = "lamp river seventeen";
const SOURCE: Tag = Tag([7; 32]);

struct House {
    door: SignIn,
    clock: Arc<SimulatedClock>,
    now: Instant,
    _home: tempfile::TempDir,
}

impl House {
    async fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let keys = Keys::open(&home.path().join("keys"), true).unwrap();
        let place = Place::Sqlite {
            file: home.path().join("daylight.db"),
        };
        let store = store::open(place, Options::default()).await.unwrap();
        let now = Instant(1_795_000_000_000_000);
        let clock = SimulatedClock::starting(now);
        let site = Site {
            origin: "https://northmere.example".into(),
            name: "Northmere Council".into(),
        };
        let door = SignIn::new(store, &keys, clock.clone(), site, Lifetimes::default()).unwrap();
        Self {
            door,
            clock,
            now,
            _home: home,
        }
    }

    fn pass(&mut self, minutes: i64) {
        self.now = self.now.plus_minutes(minutes);
        self.clock.move_to(self.now);
    }

    fn code(&self, secret: &str) -> String {
        let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
        let totp = Builder::new().with_secret(secret).build().unwrap();
        totp.generate(u64::try_from(self.now.micros() / 1_000_000).unwrap())
            .to_string()
    }

    /// Somebody invited, with password and code set up; the code's secret and their session.
    async fn resident(&self, number: u8, login: &str) -> (PractitionerId, String, Started) {
        let who = PractitionerId([number; 16]);
        self.door.open_account(who, login).await.unwrap();
        let invitation = self.door.invite(who).await.unwrap();
        let first = self.door.redeem(&invitation.token, &SOURCE).await.unwrap();
        assert!(first.session.must_enrol);
        let new = self.door.begin_password(&first.session).await.unwrap();
        let code = self.code(&new.secret);
        let started = self
            .door
            .finish_password(&first.session, &new.ticket, PASSWORD, &code)
            .await
            .unwrap();
        assert_eq!(
            self.door.session(&first.token).await.unwrap(),
            None,
            "the token from before is worth nothing"
        );
        (who, new.secret, started)
    }

    async fn on(&self, token: &Token) -> bool {
        self.door.session(token).await.unwrap().is_some()
    }
}

#[tokio::test]
async fn an_invitation_is_used_once_and_ends() {
    let mut house = House::new().await;
    let who = PractitionerId([1; 16]);
    let first = house.door.invite(who).await.unwrap();
    let second = house.door.invite(who).await.unwrap();
    let refused = Err(SignInError::Refused);
    assert_eq!(
        house.door.redeem(&first.token, &SOURCE).await.map(drop),
        refused,
        "a newer one ends it"
    );
    assert!(house.door.redeem(&second.token, &SOURCE).await.is_ok());
    assert_eq!(house.door.redeem(&second.token, &SOURCE).await.map(drop), refused);
    let third = house.door.invite(who).await.unwrap();
    house.pass(72 * 60 + 1);
    assert_eq!(house.door.redeem(&third.token, &SOURCE).await.map(drop), refused);
}

#[tokio::test]
async fn an_invitation_is_kept_until_password_and_code_are_right() {
    let house = House::new().await;
    let who = PractitionerId([1; 16]);
    let token = house.door.invite(who).await.unwrap().token;
    assert_eq!(house.door.invited(&token, &SOURCE).await, Ok(who));
    let new = house.door.begin_invited(&token, &SOURCE).await.unwrap();
    let code = house.code(&new.secret);
    let tried = async |password: &str, code: &str| {
        let done = house
            .door
            .redeem_with_password(&token, &new.ticket, password, code, &SOURCE);
        done.await.map(|started| started.session.must_enrol)
    };
    assert_eq!(
        tried("short", &code).await,
        Err(SignInError::Invalid("error-password-short"))
    );
    assert_eq!(
        tried(PASSWORD, "000000").await,
        Err(SignInError::Invalid("error-code-wrong"))
    );
    assert_eq!(tried(PASSWORD, &code).await, Ok(false));
    assert_eq!(tried(PASSWORD, &code).await, Err(SignInError::Refused), "used");
}

#[tokio::test]
async fn two_at_once_use_an_invitation_once() {
    let house = House::new().await;
    let invitation = house.door.invite(PractitionerId([1; 16])).await.unwrap();
    let (a, b) = tokio::join!(
        house.door.redeem(&invitation.token, &SOURCE),
        house.door.redeem(&invitation.token, &SOURCE)
    );
    assert_eq!(u8::from(a.is_ok()) + u8::from(b.is_ok()), 1);
}

#[tokio::test]
async fn password_and_code_open_the_door_and_a_code_only_once() {
    let mut house = House::new().await;
    let (who, secret, _) = house.resident(1, "R.Achebe").await;
    let replay = house.code(&secret);
    let at_once = house
        .door
        .with_password("r.achebe", PASSWORD, &replay, &SOURCE)
        .await;
    assert_eq!(
        at_once.map(drop),
        Err(SignInError::Refused),
        "the code that set it up is used"
    );
    house.pass(1);
    let code = house.code(&secret);
    let started = house
        .door
        .with_password(" r.ACHEBE ", PASSWORD, &code, &SOURCE)
        .await
        .unwrap();
    assert_eq!(
        (started.session.practitioner, started.session.must_enrol),
        (who, false)
    );
    let again = house
        .door
        .with_password("r.achebe", PASSWORD, &code, &SOURCE)
        .await;
    assert_eq!(again.map(drop), Err(SignInError::Refused));
    house.pass(1);
    assert_eq!(
        house
            .door
            .with_password("r.achebe", PASSWORD, &replay, &SOURCE)
            .await
            .map(drop),
        Err(SignInError::Refused),
        "an earlier code is never right again"
    );
}

#[tokio::test]
async fn every_wrong_answer_is_the_same_answer() {
    let mut house = House::new().await;
    let (_, secret, _) = house.resident(1, "r.achebe").await;
    house.pass(1);
    let code = house.code(&secret);
    for (login, password, code) in [
        ("r.achebe", "wrong wrong wrong", code.as_str()),
        ("r.achebe", PASSWORD, "000000"),
        ("r.achebe", PASSWORD, ""),
        ("p.voss", PASSWORD, code.as_str()),
        ("", "", ""),
    ] {
        let answer = house.door.with_password(login, password, code, &SOURCE).await;
        assert_eq!(answer.map(drop), Err(SignInError::Refused), "{login}");
    }
    assert!(
        house
            .door
            .with_password("r.achebe", PASSWORD, &code, &SOURCE)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn tries_are_limited_for_names_that_exist_and_names_that_do_not() {
    let mut house = House::new().await;
    let (_, secret, _) = house.resident(1, "r.achebe").await;
    house.pass(60);
    for login in ["r.achebe", "nobody"] {
        for n in 0..8 {
            let source = Tag([n; 32]);
            let answer = house
                .door
                .with_password(login, "guess guess guess", "123456", &source)
                .await;
            assert_eq!(
                matches!(answer, Err(SignInError::TooMany { .. })),
                n >= 5,
                "{login} {n}"
            );
        }
    }
    let code = house.code(&secret);
    let right = house
        .door
        .with_password("r.achebe", PASSWORD, &code, &SOURCE)
        .await;
    assert!(
        matches!(right, Err(SignInError::TooMany { .. })),
        "a right answer does not get through either"
    );
    house.pass(1);
    let code = house.code(&secret);
    assert!(
        house
            .door
            .with_password("r.achebe", PASSWORD, &code, &SOURCE)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn one_source_is_limited_whatever_names_it_tries() {
    let house = House::new().await;
    let mut refused = 0;
    for _ in 0..40 {
        let token = house.door.door().token().unwrap();
        refused += u32::from(matches!(
            house.door.redeem(&token, &SOURCE).await,
            Err(SignInError::TooMany { .. })
        ));
    }
    assert_eq!(refused, 10);
}

#[tokio::test]
async fn a_session_ends_idle_and_ends_for_good() {
    let mut house = House::new().await;
    let (_, _, started) = house.resident(1, "r.achebe").await;
    let (first, left) = house.door.ends_unused(&started.session);
    for _ in 0..12 {
        house.pass(59);
        assert!(house.on(&started.token).await, "used within the hour");
    }
    let session = house.door.session(&started.token).await.unwrap().unwrap();
    let (last, _) = house.door.ends_unused(&session);
    assert_eq!(
        (first.seconds_since(started.session.made), left),
        (60 * 60, 60 * 60 - 1)
    );
    assert_eq!(last, started.session.ends, "the shift ends before the hour does");
    house.pass(59);
    assert!(!house.on(&started.token).await, "twelve hours are a long shift");
    let (_, _, started) = house.resident(2, "p.voss").await;
    house.pass(61);
    assert!(!house.on(&started.token).await);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_owner_and_at_the_next_request() {
    let mut house = House::new().await;
    let (who, secret, first) = house.resident(1, "r.achebe").await;
    house.pass(1);
    let code = house.code(&secret);
    let second = house
        .door
        .with_password("r.achebe", PASSWORD, &code, &SOURCE)
        .await
        .unwrap();
    let listed = house.door.sessions_of(who).await.unwrap();
    assert_eq!(listed.len(), 2);
    house
        .door
        .end_session(PractitionerId([9; 16]), &first.session.id())
        .await
        .unwrap();
    assert!(house.on(&first.token).await, "nobody else can end it");
    house.door.end_session(who, &first.session.id()).await.unwrap();
    assert!(!house.on(&first.token).await && house.on(&second.token).await);
    house.door.end_all(who).await.unwrap();
    assert!(!house.on(&second.token).await);
}

#[tokio::test]
async fn choosing_a_post_changes_the_token_and_keeps_the_work() {
    let house = House::new().await;
    let (_, _, started) = house.resident(1, "r.achebe").await;
    let post: domain::id::PostId = "northmere/hub-decision".parse().unwrap();
    let chosen = house
        .door
        .choose_post(&started.session, post.clone())
        .await
        .unwrap();
    assert!(!house.on(&started.token).await);
    let session = house.door.session(&chosen.token).await.unwrap().unwrap();
    assert_eq!((session.post, session.work), (Some(post), started.session.work));
    assert_eq!(
        session.ends, started.session.ends,
        "choosing a post does not lengthen the session"
    );
}

#[tokio::test]
async fn closing_an_account_ends_everything_at_once() {
    let mut house = House::new().await;
    let (who, secret, started) = house.resident(1, "r.achebe").await;
    let post = "northmere/hub".parse().unwrap();
    let token = house
        .door
        .api_token(who, &post, &[ApiScope::Report], house.now.plus_minutes(60))
        .await
        .unwrap();
    assert!(house.door.api_caller(&token).await.unwrap().is_some());
    let invitation = house.door.invite(who).await.unwrap();
    house.door.close_account(who).await.unwrap();
    house.pass(1);
    let code = house.code(&secret);
    assert!(!house.on(&started.token).await);
    assert!(house.door.api_caller(&token).await.unwrap().is_none());
    assert!(house.door.redeem(&invitation.token, &SOURCE).await.is_err());
    assert!(
        house
            .door
            .with_password("r.achebe", PASSWORD, &code, &SOURCE)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_token_is_never_a_session_and_a_session_never_a_token() {
    let mut house = House::new().await;
    let (who, _, started) = house.resident(1, "r.achebe").await;
    let post: domain::id::PostId = "northmere/hub".parse().unwrap();
    let token = house
        .door
        .api_token(who, &post, &[ApiScope::Read], house.now.plus_minutes(60))
        .await
        .unwrap();
    assert!(house.door.session(&token).await.unwrap().is_none());
    assert!(house.door.api_caller(&started.token).await.unwrap().is_none());
    let caller = house.door.api_caller(&token).await.unwrap().unwrap();
    assert_eq!((caller.post, caller.scopes), (post, vec![ApiScope::Read]));
    house.pass(60);
    assert!(house.door.api_caller(&token).await.unwrap().is_none());
}

#[tokio::test]
async fn a_login_name_is_one_persons() {
    let house = House::new().await;
    house
        .door
        .open_account(PractitionerId([1; 16]), "r.achebe")
        .await
        .unwrap();
    let taken = house
        .door
        .open_account(PractitionerId([2; 16]), " R.Achebe")
        .await;
    assert_eq!(taken, Err(SignInError::Invalid("error-login-taken")));
    let twice = house.door.open_account(PractitionerId([1; 16]), "another").await;
    assert_eq!(twice, Err(SignInError::Invalid("error-login-exists")));
    assert_eq!(
        house.door.open_account(PractitionerId([3; 16]), "  ").await,
        Err(SignInError::Invalid("error-login-name"))
    );
}

#[tokio::test]
async fn nothing_in_the_database_is_a_name_a_password_or_a_secret() {
    let house = House::new().await;
    let (_, secret, started) = house.resident(1, "r.achebe").await;
    for ending in ["", "-wal"] {
        let file = house._home.path().join(format!("daylight.db{ending}"));
        let bytes = std::fs::read(file).unwrap_or_default();
        let raw = totp_rs::Secret::try_from_base32(&secret).unwrap();
        for needle in [
            b"achebe".as_slice(),
            b"lamp river",
            b"argon2",
            raw.as_ref(),
            started.token.reveal().as_bytes(),
        ] {
            assert!(!bytes.windows(needle.len()).any(|w| w == needle), "{ending}");
        }
    }
}

#[tokio::test]
async fn an_unknown_name_is_asked_for_a_passkey_like_any_other() {
    let house = House::new().await;
    let keys = |ask: &super::passkey::Ask| {
        let json: serde_json::Value = serde_json::from_str(&ask.json).unwrap();
        json["publicKey"]["allowCredentials"].clone()
    };
    let one = house.door.ask_passkey("nobody", &SOURCE).await.unwrap();
    let two = house.door.ask_passkey("Nobody ", &SOURCE).await.unwrap();
    assert_eq!(keys(&one), keys(&two), "the same key each time");
    assert_ne!(
        keys(&one),
        keys(&house.door.ask_passkey("another", &SOURCE).await.unwrap())
    );
    let refused = house.door.with_passkey(&one.ticket, "{}", &SOURCE).await;
    assert_eq!(refused.map(drop), Err(SignInError::Refused));
}

#[tokio::test]
async fn what_has_ended_is_swept() {
    let mut house = House::new().await;
    house.resident(1, "r.achebe").await;
    house.pass(60 * 24 * 4);
    assert!(house.door.sweep().await.unwrap() >= 2);
    assert_eq!(house.door.sweep().await.unwrap(), 0);
}

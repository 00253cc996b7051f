//! The visit of somebody who reports: what they have said so far, for as long as they are here.
//!
//! It lives in this process's memory and nowhere else. The cookie holds a random token; what was said is sealed so that
//! it opens only with that token, and lies under the token's keyed tag: a copy of the memory without the cookie holds
//! nothing readable. It ends an hour after the last page, at *Exit this page*, when it is sent, and when the process
//! ends (practice.md R1: the child's phone may be watched, and so may the server).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, IntoResponseParts, Response, ResponseParts};
use axum::routing::post;
use node::signin::door::{Door, Token};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use zeroize::Zeroizing;

use crate::app::App;
use crate::cookie;
use crate::error::Error;
use crate::guard::limit::Source;

/// How long a visit lasts after its last page.
pub const TTL: Duration = Duration::from_secs(60 * 60);
/// The most bytes one visit may hold.
const LARGEST: usize = 256 * 1024;
/// The most bytes all visits together may hold.
const IN_ALL: usize = 64 * 1024 * 1024;
/// The most visits at once. A county's busiest hour is a few hundred.
const MOST: usize = 4096;
/// The most visits of one source: a school behind one address.
const MOST_OF_ONE: usize = 64;

struct Kept {
    sealed: Vec<u8>,
    seen: Instant,
    source: [u8; 32],
}

/// Every visit going on.
pub struct Visits {
    door: Door,
    kept: Mutex<HashMap<[u8; 32], Kept>>,
}

impl Visits {
    /// No visits yet.
    #[must_use]
    pub fn new(door: Door) -> Self {
        Self {
            door,
            kept: Mutex::default(),
        }
    }

    fn key(&self, token: &Token) -> [u8; 32] {
        self.door.tag_of("visit", token).0
    }

    fn load(&self, token: &Token) -> Option<Zeroizing<Vec<u8>>> {
        let now = Instant::now();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, visit| now.duration_since(visit.seen) < TTL);
        let visit = kept.get_mut(&self.key(token))?;
        visit.seen = now;
        self.door.open_with(token, "visit", &visit.sealed).ok()
    }

    fn save(&self, token: &Token, source: [u8; 32], plain: &[u8]) -> Result<(), Error> {
        if plain.len() > LARGEST {
            return Err(Error::TooLarge);
        }
        let sealed = self
            .door
            .seal_with(token, "visit", plain)
            .map_err(|_| Error::Internal)?;
        let (now, key) = (Instant::now(), self.key(token));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, visit| now.duration_since(visit.seen) < TTL);
        kept.remove(&key);
        let of_one = kept.values().filter(|visit| visit.source == source).count() >= MOST_OF_ONE;
        if of_one || kept.len() >= MOST {
            forget_oldest(&mut kept, |visit| !of_one || visit.source == source);
        }
        let mut bytes: usize = kept.values().map(|visit| visit.sealed.len()).sum();
        while bytes.saturating_add(sealed.len()) > IN_ALL && !kept.is_empty() {
            forget_oldest(&mut kept, |_| true);
            bytes = kept.values().map(|visit| visit.sealed.len()).sum();
        }
        kept.insert(
            key,
            Kept {
                sealed,
                seen: now,
                source,
            },
        );
        Ok(())
    }

    fn forget(&self, token: &Token) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(&self.key(token));
    }
}

/// Makes room: the one longest unseen among those `of` names. A flood from one source ends its own visits first.
fn forget_oldest(kept: &mut HashMap<[u8; 32], Kept>, of: impl Fn(&Kept) -> bool) {
    let among = kept.iter().filter(|(_, visit)| of(visit));
    if let Some(key) = among.min_by_key(|(_, visit)| visit.seen).map(|(key, _)| *key) {
        kept.remove(&key);
    }
}

/// The visit a request belongs to, if there is one. Take it as an argument of a handler.
pub struct Visit {
    app: App,
    token: Option<Token>,
    source: [u8; 32],
}

impl Visit {
    /// What was said so far. `None` when there is no visit, it has ended, or it is of an earlier program.
    #[must_use]
    pub fn load<T: DeserializeOwned>(&self) -> Option<T> {
        let bytes = self.app.visits().load(self.token.as_ref()?)?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Keeps what was said so far. Return [`Saved`] with the answer: it sets the cookie.
    ///
    /// # Errors
    /// [`Error::TooLarge`], or [`Error::Internal`] when there is no randomness.
    pub fn save<T: Serialize>(&mut self, said: &T) -> Result<Saved, Error> {
        let plain = Zeroizing::new(serde_json::to_vec(said).map_err(|_| Error::Internal)?);
        let known = self
            .token
            .take()
            .filter(|token| self.app.visits().load(token).is_some());
        let token = match known {
            Some(token) => token,
            None => self.app.door().token().map_err(|_| Error::Internal)?,
        };
        self.app.visits().save(&token, self.source, &plain)?;
        let cookie = cookie::set(cookie::VISIT, &token.reveal(), self.app.settings().secure());
        self.token = Some(token);
        Ok(Saved(cookie))
    }

    /// Forgets everything said. Return [`Forgotten`] with the answer: it clears what the browser keeps.
    pub fn forget(&mut self) -> Forgotten {
        if let Some(token) = self.token.take() {
            self.app.visits().forget(&token);
        }
        Forgotten {
            secure: self.app.settings().secure(),
        }
    }

    /// Ends the visit after it was sent, without clearing the site: the answer is the receipt.
    pub fn end(&mut self) -> Saved {
        if let Some(token) = self.token.take() {
            self.app.visits().forget(&token);
        }
        Saved(cookie::forget(cookie::VISIT, self.app.settings().secure()))
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let source = Source::from_request_parts(parts, app).await?;
        Ok(Self {
            token: cookie::read(&parts.headers, cookie::VISIT).and_then(Token::read),
            source: source.tag(app.door()).0,
            app: app.clone(),
        })
    }
}

/// Sets the visit's cookie.
#[derive(Clone, Debug)]
#[must_use = "without it the browser has no way back to the visit"]
pub struct Saved(Option<HeaderValue>);

impl IntoResponseParts for Saved {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut res: ResponseParts) -> Result<ResponseParts, Self::Error> {
        if let Some(cookie) = self.0 {
            res.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Ok(res)
    }
}

/// Clears what the browser keeps of this site: cookies, storage, pages brought back by Back.
#[derive(Clone, Copy, Debug)]
#[must_use = "without it the browser keeps what it has"]
pub struct Forgotten {
    secure: bool,
}

impl IntoResponseParts for Forgotten {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut res: ResponseParts) -> Result<ResponseParts, Self::Error> {
        let headers = res.headers_mut();
        for name in [cookie::VISIT, cookie::SESSION] {
            if let Some(cookie) = cookie::forget(name, self.secure) {
                headers.append(header::SET_COOKIE, cookie);
            }
        }
        let clear = HeaderName::from_static("clear-site-data");
        headers.insert(
            clear,
            HeaderValue::from_static("\"cache\", \"cookies\", \"storage\""),
        );
        Ok(res)
    }
}

/// `POST /exit`.
pub fn routes() -> Router<App> {
    Router::new().route("/exit", post(exit))
}

/// *Exit this page*: forgets the visit and leads away. An empty page that refreshes to another site, because the
/// policy's `form-action` does not let a form lead there itself; Back then shows the empty page. It needs no form token:
/// being made to leave does no harm.
async fn exit(State(app): State<App>, mut visit: Visit) -> Response {
    let mut headers = HeaderMap::new();
    let refresh = format!("0; url={}", app.settings().exit_to);
    if let Ok(refresh) = HeaderValue::from_str(&refresh) {
        headers.insert(header::REFRESH, refresh);
    }
    (StatusCode::OK, visit.forget(), headers).into_response()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn visits() -> Visits {
        let home = tempfile::tempdir().unwrap();
        let keys = node::keys::Keys::open(&home.path().join("keys"), true).unwrap();
        Visits::new(Door::of(&keys))
    }

    #[tokio::test(start_paused = true)]
    async fn a_visit_ends_an_hour_after_its_last_page() {
        let visits = visits();
        let token = visits.door.token().unwrap();
        visits.save(&token, [1; 32], b"words").unwrap();
        tokio::time::advance(TTL - Duration::from_secs(1)).await;
        assert_eq!(visits.load(&token).unwrap().as_slice(), b"words");
        tokio::time::advance(TTL - Duration::from_secs(1)).await;
        assert!(visits.load(&token).is_some(), "each page begins the hour anew");
        tokio::time::advance(TTL).await;
        assert!(visits.load(&token).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn memory_alone_shows_nothing() {
        let visits = visits();
        let token = visits.door.token().unwrap();
        visits.save(&token, [1; 32], b"a child's words").unwrap();
        let kept = visits.kept.lock().unwrap();
        let (key, visit) = kept.iter().next().unwrap();
        assert!(!visit.sealed.windows(5).any(|w| w == b"child"));
        assert_ne!(domain_hex(key), token.reveal());
        assert!(
            visits.door.open("visit", &visit.sealed).is_err(),
            "the door key alone does not open it"
        );
    }

    fn domain_hex(bytes: &[u8]) -> String {
        domain::record::hex(bytes)
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_from_one_source_ends_its_own_visits_only() {
        let visits = visits();
        let quiet = visits.door.token().unwrap();
        visits.save(&quiet, [9; 32], b"words").unwrap();
        for _ in 0..200 {
            tokio::time::advance(Duration::from_millis(1)).await;
            visits.save(&visits.door.token().unwrap(), [1; 32], b"x").unwrap();
        }
        assert!(visits.load(&quiet).is_some());
        assert_eq!(visits.kept.lock().unwrap().len(), MOST_OF_ONE + 1);
    }

    #[tokio::test(start_paused = true)]
    async fn forgetting_is_at_once_and_too_much_is_refused() {
        let visits = visits();
        let token = visits.door.token().unwrap();
        visits.save(&token, [1; 32], b"words").unwrap();
        visits.forget(&token);
        assert!(visits.load(&token).is_none());
        assert_eq!(
            visits.save(&token, [1; 32], &vec![0; LARGEST + 1]),
            Err(Error::TooLarge)
        );
    }
}

//! Who calls: a bearer token, and what it may do.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use node::app::Acting;
use node::signin::door::Token;
use node::signin::token::{ApiCaller, ApiScope};

use crate::app::App;
use crate::error::{Error, Fault};

/// Whoever holds a good token.
#[derive(Clone, Debug)]
pub(super) struct Caller(ApiCaller);

impl Caller {
    /// As use cases know them, if the token is for this.
    pub(super) fn may(&self, scope: ApiScope) -> Result<Acting, Error> {
        if !self.0.scopes.contains(&scope) {
            return Err(Error::Scope);
        }
        Ok(Acting {
            practitioner: self.0.practitioner,
            post: self.0.post.clone(),
            work: self.0.work,
        })
    }
}

fn bearer(parts: &Parts) -> Option<Token> {
    let line = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = line.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| Token::read(token.trim()))?
}

impl FromRequestParts<App> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let token = bearer(parts).ok_or(Error::SignIn)?;
        let caller = app.sign_in().api_caller(&token).await?;
        caller.map(Self).ok_or(Error::SignIn)
    }
}

/// The `Idempotency-Key` header, required: 8 to 200 visible characters of the caller's choosing.
#[derive(Clone, Debug)]
pub(super) struct Once(String);

impl Once {
    /// The key under which the use case remembers: of this caller and this body's path only.
    pub(super) fn key(&self, app: &App, caller: &Acting) -> [u8; 32] {
        let bytes = [caller.practitioner.0.as_slice(), self.0.as_bytes()].concat();
        app.door().tag("api-once", &bytes).0
    }
}

impl FromRequestParts<App> for Once {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Error> {
        let key = parts.headers.get("idempotency-key").and_then(|v| v.to_str().ok());
        let good = key.filter(|k| (8..=200).contains(&k.len()) && k.bytes().all(|b| b.is_ascii_graphic()));
        good.map(|k| Self(k.to_owned())).ok_or_else(|| {
            Error::Invalid(vec![Fault {
                pointer: String::new(),
                code: "idempotency-key",
                detail: "Send a header Idempotency-Key of 8 to 200 visible characters: a new one for each report, the \
                         same one when you send a report again."
                    .to_owned(),
            }])
        })
    }
}

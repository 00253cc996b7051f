//! Who calls: a bearer token, and what it may do.

use std::str::FromStr;

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use node::app::once::Before;
use node::app::{Acting, AppError, Node};
use node::signin::door::Token;
use node::signin::token::{ApiCaller, ApiScope};

use serde::Serialize;
use utoipa::ToSchema;

use super::Problem;
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

/// What an act made.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ActedOut {
    /// The first record it made: by this it is agreed to, released or taken back.
    record: String,
    /// Whether this very request had been carried out before.
    repeated: bool,
}

impl Once {
    /// Carries out an act, once for this key, caller, path and body. Sent again, it answers the same and does nothing.
    pub(super) async fn act<T>(
        &self,
        app: &App,
        caller: &Acting,
        what: &impl Serialize,
        work: impl AsyncFnOnce(Node) -> Result<T, AppError>,
    ) -> Result<(StatusCode, Json<ActedOut>), Error> {
        let bytes = [caller.practitioner.0.as_slice(), self.0.as_bytes()].concat();
        let what = serde_json::to_vec(what).map_err(|_| Error::Internal)?;
        let node = app.node().once(
            app.door().tag("api-act", &bytes).0,
            app.door().tag("api-asked", &what).0,
        );
        let mut repeated = true;
        if node.before().await? == Before::Never {
            work(node.clone()).await?;
            repeated = false;
        }
        match node.before().await? {
            Before::Made(record) => {
                let status = if repeated {
                    StatusCode::OK
                } else {
                    StatusCode::CREATED
                };
                let record = record.to_string();
                Ok((status, Json(ActedOut { record, repeated })))
            }
            Before::Another => Err(Error::KeyReused),
            Before::Never => Err(Error::Internal),
        }
    }
}

/// Answers that any path may give.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "documents what `error` writes")]
pub(super) enum Refusals {
    /// The request cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(Problem),
    /// No valid token.
    #[response(status = 401, content_type = "application/problem+json")]
    SignIn(Problem),
    /// The token is not for this.
    #[response(status = 403, content_type = "application/problem+json")]
    Scope(Problem),
    /// Not there, or not for this post to know.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// Something needs to be put right.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// Too many requests.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
    /// Not known whether it was recorded, or too busy: send the same again.
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(Problem),
}

/// Answers that a path which takes a body, or changes something, may give besides.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "documents what `error` writes")]
pub(super) enum Writes {
    /// It has moved since it was seen, or a rule refused. Nothing was recorded.
    #[response(status = 409, content_type = "application/problem+json")]
    Refused(Problem),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body is not JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    Unsupported(Problem),
}

/// What an act answers when it went well.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "documents what acts answer")]
pub(super) enum Acted {
    /// Recorded.
    #[response(status = 201)]
    Made(ActedOut),
    /// It had been recorded before.
    #[response(status = 200)]
    Repeated(ActedOut),
}

/// The handle of a record, duty or subject in a path: what is not one is not there.
pub(super) fn handle<T: FromStr>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

/// A handle in the body.
pub(super) fn handle_at<T: FromStr>(text: &str, pointer: &str) -> Result<T, Error> {
    text.parse().map_err(|_| {
        Error::Invalid(vec![Fault {
            pointer: pointer.to_owned(),
            code: "not-a-handle",
            detail: "Give a handle, as this API gave it.".to_owned(),
        }])
    })
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

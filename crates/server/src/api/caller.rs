//! Who calls: a bearer token, and what it may do.

use std::str::FromStr;

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use domain::view::Concern;
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

/// What every act answers.
pub(super) type Done = Result<(StatusCode, Json<ActedOut>), Error>;

/// Whoever may act, and the key of this act: what every path that writes takes first.
pub(super) struct Writing {
    app: App,
    acting: Acting,
    once: Once,
}

impl FromRequestParts<App> for Writing {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let acting = Caller::from_request_parts(parts, app).await?.may(ApiScope::Act)?;
        Ok(Self {
            app: app.clone(),
            acting,
            once: Once::from_request_parts(parts, app).await?,
        })
    }
}

/// The same where the key may be left out, because what is sent names what it has seen.
pub(super) struct MayRepeat {
    pub(super) app: App,
    pub(super) acting: Acting,
    once: Option<Once>,
}

impl FromRequestParts<App> for MayRepeat {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let acting = Caller::from_request_parts(parts, app).await?.may(ApiScope::Act)?;
        let once = match parts.headers.contains_key("idempotency-key") {
            true => Some(Once::from_request_parts(parts, app).await?),
            false => None,
        };
        let app = app.clone();
        Ok(Self { app, acting, once })
    }
}

impl MayRepeat {
    /// Carries out an act and gives the concern after it. With a key it happens once; sent again, the concern is given as
    /// it is now, and nothing is done.
    pub(super) async fn act(
        &self,
        reference: &str,
        what: &impl Serialize,
        work: impl AsyncFnOnce(Node, Acting) -> Result<Concern, AppError>,
    ) -> Result<Concern, Error> {
        let Some(once) = &self.once else {
            return Ok(work(self.app.node().clone(), self.acting.clone()).await?);
        };
        let node = once.node(&self.app, &self.acting, what)?;
        match node.before().await? {
            Before::Never => Ok(work(node, self.acting.clone()).await?),
            Before::Another => Err(Error::KeyReused),
            Before::Made(_) => {
                let found = self.app.node().concern(&self.acting, reference).await?;
                Ok(found.concern)
            }
        }
    }
}

impl Once {
    /// The node for this key, caller, path and body.
    fn node(&self, app: &App, caller: &Acting, what: &impl Serialize) -> Result<Node, Error> {
        let bytes = [caller.practitioner.0.as_slice(), self.0.as_bytes()].concat();
        let what = serde_json::to_vec(what).map_err(|_| Error::Internal)?;
        let key = app.door().tag("api-act", &bytes).0;
        Ok(app.node().once(key, app.door().tag("api-asked", &what).0))
    }
}

impl Writing {
    /// Carries out an act, once for this key, caller, path and body. Sent again, it answers the same and does nothing.
    pub(super) async fn act<T>(
        &self,
        what: &impl Serialize,
        work: impl AsyncFnOnce(Node, Acting) -> Result<T, AppError>,
    ) -> Done {
        let node = self.once.node(&self.app, &self.acting, what)?;
        let mut repeated = true;
        if node.before().await? == Before::Never {
            work(node.clone(), self.acting.clone()).await?;
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

/// The concern in a path.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "documents what paths hold")]
pub(super) struct OfConcern {
    /// The concern's.
    reference: String,
}

/// The key of an act.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "documents what `Writing` reads")]
pub(super) struct Key {
    /// New for each act; the same when it is sent again.
    #[param(rename = "Idempotency-Key", pattern = "^[!-~]{8,200}$")]
    key: String,
}

/// The key of an act that may be left out.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "documents what `MayRepeat` reads")]
pub(super) struct MayKey {
    /// May be left out. New for each act; the same when it is sent again.
    #[param(rename = "Idempotency-Key", pattern = "^[!-~]{8,200}$")]
    key: Option<String>,
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

//! Who is signed in, as a handler's argument.
//!
//! The cookie holds a random token and nothing else; everything about the session is read from the store at each
//! request, so that what is ended is ended at the next one (peers.md V16, V17). A bearer token never opens a page.

use axum::Router;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, IntoResponseParts, Redirect, Response, ResponseParts};
use axum::routing::post;
use node::app::Acting;
use node::signin::SignInError;
use node::signin::door::Token;
use node::signin::session::{Session, Started};

use crate::app::App;
use crate::cookie;
use crate::error::Error;
use crate::guard::csrf::Pressed;

/// Whoever is signed in, whatever they may do yet. Take it where somebody sets up, chooses a post or signs out.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// Its token, for ending or renewing it.
    pub token: Token,
}

/// The token in the cookie, if there is one that could be.
pub(crate) fn token_in(headers: &HeaderMap) -> Option<Token> {
    cookie::read(headers, cookie::SESSION).and_then(Token::read)
}

/// The session the cookie opens, if it goes on.
///
/// # Errors
/// When the store cannot be read.
pub async fn find(app: &App, headers: &HeaderMap) -> Result<Option<SignedIn>, Error> {
    let Some(token) = token_in(headers) else {
        return Ok(None);
    };
    let session = app.sign_in().session(&token).await?;
    Ok(session.map(|session| SignedIn { session, token }))
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        find(app, &parts.headers).await?.ok_or(Error::SignIn)
    }
}

/// Somebody at work: signed in, set up, acting in a post. Whether they still hold it is asked by every use case.
#[derive(Clone, Debug)]
pub struct Office {
    /// What use cases are given.
    pub acting: Acting,
    /// The session.
    pub session: Session,
}

impl FromRequestParts<App> for Office {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let SignedIn { session, .. } = SignedIn::from_request_parts(parts, app).await?;
        if session.must_enrol && !app.settings().demo {
            return Err(Error::SetUp);
        }
        let post = session.post.clone().ok_or(Error::ChoosePost)?;
        let acting = Acting {
            practitioner: session.practitioner,
            post,
            work: session.work,
        };
        Ok(Self { acting, session })
    }
}

/// Sets the cookie of a session that has just begun, or gone on under a new token.
#[derive(Clone, Debug)]
#[must_use = "without it the browser has no session"]
pub struct Begun(Option<HeaderValue>);

impl IntoResponseParts for Begun {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut res: ResponseParts) -> Result<ResponseParts, Self::Error> {
        if let Some(cookie) = self.0 {
            res.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Ok(res)
    }
}

/// Hands a session to the browser that asked with `headers`. What it was signed in as before ends: a session planted in
/// the browser is worth nothing. Somebody who holds one post acts in it at once.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn begin(app: &App, headers: &HeaderMap, started: Started) -> Result<Begun, Error> {
    let before = token_in(headers).filter(|before| *before != started.token);
    if let Some(before) = before {
        app.sign_in().end(&before).await?;
    }
    let who = started.session.practitioner;
    let mut posts = app.node().posts_of(who).await.map_err(Error::from)?;
    let started = match (started.session.post.is_none(), posts.len(), posts.pop()) {
        (true, 1, Some(only)) => app.sign_in().choose_post(&started.session, only).await?,
        _ => started,
    };
    Ok(set(app, &started))
}

/// Sets the cookie of a session.
pub fn set(app: &App, started: &Started) -> Begun {
    let token = started.token.reveal();
    Begun(cookie::set(cookie::SESSION, &token, app.settings().secure()))
}

impl From<SignInError> for Error {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused => Self::SignIn,
            SignInError::TooMany { .. } => Self::TooMany { retry_after: 60 },
            SignInError::Invalid(_) => Self::Malformed,
            SignInError::NoPasskeys => Self::NotFound,
            SignInError::Unknown => Self::Unknown,
            SignInError::Broken(cause) => {
                tracing::error!(cause, "signing in is broken");
                Self::Internal
            }
        }
    }
}

/// `POST /sign-out`.
pub fn routes() -> Router<App> {
    Router::new().route("/sign-out", post(sign_out))
}

async fn sign_out(State(app): State<App>, headers: HeaderMap, _: Pressed) -> Result<Response, Error> {
    if let Some(token) = token_in(&headers) {
        app.sign_in().end(&token).await?;
    }
    let mut response = Redirect::to("/sign-in").into_response();
    let secure = app.settings().secure();
    if let Some(cookie) = cookie::forget(cookie::SESSION, secure) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    let clear = HeaderValue::from_static("\"cache\", \"storage\"");
    response.headers_mut().insert("clear-site-data", clear);
    Ok(response)
}

//! Posts must come from our own pages.
//!
//! Three locks, each enough by itself in a current browser: cookies are `SameSite=Strict`; a request whose
//! `Sec-Fetch-Site` or `Origin` names another site is refused before any handler; and a dangerous act needs a token
//! that only a page of the same session holds. The JSON API takes no cookie at all, so no browser can be made to use it.
//!
//! The token is masked: its tag under a new random pad each time, pad first. Two pages never hold the same bytes, so
//! the size of a compressed page says nothing about it (the BREACH attack).

use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use node::signin::door::Tag;
use tower_http::csrf::{CsrfLayer, ProtectionError};

use crate::app::App;
use crate::cookie;
use crate::error::Error;
use crate::guard::input::Form;
use crate::settings::Settings;

/// How the layer answers.
pub type Refuse = fn(ProtectionError) -> Response;

fn refuse(_: ProtectionError) -> Response {
    Error::CrossSite.into_response()
}

/// Refuses posts from other sites. An origin that is not a plain one is left out: then only same-origin requests pass.
pub fn layer(settings: &Settings) -> CsrfLayer<Refuse> {
    let own = CsrfLayer::new().add_trusted_origin(&settings.origin);
    own.unwrap_or_default().with_rejection_response(refuse as Refuse)
}

/// What the token is made from: the session's cookie, else the visit's, else nothing.
fn expected(app: &App, headers: &HeaderMap) -> Tag {
    let session = cookie::read(headers, cookie::SESSION);
    let holder = session.or_else(|| cookie::read(headers, cookie::VISIT));
    app.door().tag("form", holder.unwrap_or_default().as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// A token for a form on the page that answers a request with these headers. Empty when there is no randomness: the
/// form is then refused, and says so.
#[must_use]
pub fn form_token(app: &App, headers: &HeaderMap) -> String {
    let Ok(pad) = app.door().random::<32>() else {
        return String::new();
    };
    let tag = expected(app, headers);
    let masked: Vec<u8> = tag.0.iter().zip(pad).map(|(byte, pad)| byte ^ pad).collect();
    hex(&pad) + &hex(&masked)
}

/// A pressed button: its token was checked, and nothing else of the form is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Pressed;

impl FromRequest<App> for Pressed {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let headers = request.headers().clone();
        let Form(pairs) = Form::<Vec<(String, String)>>::from_request(request, app).await?;
        let sent = pairs.iter().find(|(name, _)| name == "csrf");
        check(app, &headers, sent.map_or("", |(_, value)| value)).map(|()| Self)
    }
}

/// Checks the token that a form sent back.
///
/// # Errors
/// [`Error::StaleForm`] when it is not of this session.
pub fn check(app: &App, headers: &HeaderMap, token: &str) -> Result<(), Error> {
    let digit = |c: u8| char::from(c).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let bytes: Option<Vec<u8>> = token
        .as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => digit(*high).zip(digit(*low)).map(|(h, l)| h << 4 | l),
            _ => None,
        })
        .collect();
    let bytes = bytes.unwrap_or_default();
    let Some((pad, masked)) = bytes.split_at_checked(32) else {
        return Err(Error::StaleForm);
    };
    let plain: Vec<u8> = masked.iter().zip(pad).map(|(byte, pad)| byte ^ pad).collect();
    if masked.len() == 32 && expected(app, headers).same(&plain) {
        Ok(())
    } else {
        Err(Error::StaleForm)
    }
}

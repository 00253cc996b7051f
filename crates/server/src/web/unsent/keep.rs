//! Keeps long staff forms as they are posted, before anything else looks at them.
//!
//! A post that is refused, that comes after its session has ended, or from a page of an earlier session loses nothing.
//! It is kept for whoever the page was drawn for, and for nobody else: the form carries, sealed, whose it is. With a
//! session it is kept when the form's token or that seal is of whoever is signed in. Without one it needs both, of the
//! ended session whose cookie this browser still has; it then opens only when the same account signs in again from here.
//! A page of another site can make a browser send neither, so nobody can have words kept in an account of theirs, nor
//! plant words in another's.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, MatchedPath, Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::id::PractitionerId;

use crate::app::App;
use crate::error::Error;
use crate::guard::csrf;
use crate::guard::input;
use crate::session::{self, token_in};
use crate::web::report::file::is_once;
use crate::web::site::{Posted, lead};

/// Pages whose forms are long enough to lose.
const LONG: [&str; 11] = [
    "/record",
    "/concerns/{reference}/decide",
    "/concerns/{reference}/reporter",
    "/concerns/{reference}/close",
    "/concerns/{reference}/second/{decision}",
    "/concerns/{reference}/restriction",
    "/concerns/{reference}/add",
    "/concerns/{reference}/disagree",
    "/concerns/{reference}/amend/{what}",
    "/concerns/{reference}/duties/{duty}",
    "/concerns/{reference}/duties/{duty}/wait",
];

/// Fields that are of the page and not of whoever filled it in.
const OWN: [&str; 2] = ["csrf", "whose"];

/// Whose a page was drawn for, as a form carries it: who, and a part of their session's tag.
type Drawn = (PractitionerId, [u8; 16]);

/// What a long form carries, for the session in these headers. Empty when there is none.
#[must_use]
pub fn whose(app: &App, headers: &HeaderMap, who: PractitionerId) -> String {
    let plain = [who.0, tag_of(app, headers)].concat();
    let sealed = app.door().seal("whose", &plain);
    sealed
        .map(|bytes| domain::record::hex(&bytes))
        .unwrap_or_default()
}

/// A part of the tag of the session cookie, whether or not the session goes on.
fn tag_of(app: &App, headers: &HeaderMap) -> [u8; 16] {
    let mut out = [0; 16];
    if let Some(token) = token_in(headers) {
        let tag = app.door().tag_of("whose", &token);
        out.iter_mut().zip(tag.0).for_each(|(slot, byte)| *slot = byte);
    }
    out
}

fn read(app: &App, text: &str) -> Option<Drawn> {
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = text.as_bytes().chunks(2).map(pair).collect();
    let plain = app.door().open("whose", &bytes?).ok()?;
    let (who, session) = plain.split_first_chunk::<16>()?;
    Some((PractitionerId(*who), session.try_into().ok()?))
}

/// Middleware over every route; it looks at the posts of [`LONG`] and nothing else.
pub async fn keep(State(app): State<App>, request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    let long = matched.is_some_and(|path| LONG.contains(&path.as_str()));
    if !long || request.method() != Method::POST || !input::is_form(&request) {
        return next.run(request).await;
    }
    match kept(&app, request).await {
        Ok(Kept::Aside(response)) => response,
        Ok(Kept::On(request)) => next.run(request).await,
        Ok(Kept::Of(request, place)) => {
            let response = next.run(request).await;
            if response.status().is_redirection() {
                place.sent(&app).await;
            }
            response
        }
        Err(error) => error.into_response(),
    }
}

enum Kept {
    /// Nothing was kept: the handler answers.
    On(Request),
    /// Kept: the handler answers, and when it leads on, the form was sent.
    Of(Request, Place),
    /// Kept, and the handler is not asked.
    Aside(Response),
}

/// Whose form of which page.
struct Place {
    who: PractitionerId,
    path: String,
    key: String,
}

impl Place {
    /// It was sent: nothing of it is kept. If that fails it stays until it ends, and sending it again changes nothing.
    async fn sent(&self, app: &App) {
        let dropped = app.node().drop_unsent(self.who, &self.path, &self.key).await;
        if let Err(error) = dropped {
            tracing::warn!(%error, "a form that was sent is still kept");
        }
    }
}

async fn kept(app: &App, request: Request) -> Result<Kept, Error> {
    let (parts, body) = request.into_parts();
    let whole = Request::from_parts(parts.clone(), body);
    let bytes = Bytes::from_request(whole, &())
        .await
        .map_err(|_| Error::TooLarge)?;
    let form = Posted(input::pairs(&bytes));
    let (headers, path) = (&parts.headers, parts.uri.path().to_owned());
    let honest = csrf::check(app, headers, &form.get("csrf")).is_ok();
    let drawn = read(app, &form.get("whose"));
    let once = form.get("once");
    let key = if is_once(&once) { once } else { String::new() };
    let fields: Vec<(String, String)> = form
        .0
        .iter()
        .filter(|(name, _)| !OWN.contains(&name.as_str()))
        .cloned()
        .collect();
    let session = session::find(app, headers).await?;
    let (tag, ended) = (tag_of(app, headers), token_in(headers));
    let request = Request::from_parts(parts, Body::from(bytes));
    let Some(signed) = session else {
        // A session that has ended: its cookie, and a form drawn in it.
        if let (true, Some((who, of)), Some(ended)) = (honest, drawn, ended)
            && of == tag
        {
            let held = app.node().hold_unsent(who, &ended, &path, &key, &fields).await;
            held.map_err(Error::from)?;
            return Ok(Kept::Aside(lead("/sign-in?kept=1")));
        }
        return Ok(Kept::On(request));
    };
    let who = signed.session.practitioner;
    let own = drawn.is_some_and(|(of, _)| of == who);
    if !honest && !own {
        return Ok(Kept::On(request));
    }
    let done = app.node().keep_unsent(who, &path, &key, &fields).await;
    match done {
        Ok(()) if !honest => Ok(Kept::Aside(lead("/unsent?stale=1"))),
        Ok(()) if form.get("do") == "later" => Ok(Kept::Aside(lead("/unsent?kept=1"))),
        Ok(()) => Ok(Kept::Of(request, Place { who, path, key })),
        Err(error) if form.get("do") == "later" => Err(error.into()),
        // What cannot be kept can still be sent.
        Err(error) => {
            tracing::error!(%error, "a form could not be kept as it was posted");
            Ok(Kept::On(request))
        }
    }
}

//! Passkeys on pages: signing in with one, and adding one. The browser's part is a small script; without it these pages
//! say that a password and a code do the same.

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use node::signin::SignInError;
use node::signin::door::Token;

use super::handlers::{sign_in_page, started_with};
use super::own::{around, may_change};
use super::page::{AddPasskey, UsePasskey};
use crate::app::App;
use crate::error::Error;
use crate::guard::limit::Source;
use crate::session::{self, SignedIn};
use crate::web::components::field::Errors;
use crate::web::open::form::wrong_sign_in;
use crate::web::site::{On, Sent, Site, again, fault, jiff_of, lead, page};

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in/passkey", post(ask))
        .route("/sign-in/passkey/answer", post(answer))
        .route("/account/passkey", get(begin).post(finish))
}

/// The page to sign in on, with what was wrong.
fn back(app: &App, site: &Site, headers: &HeaderMap, name: &str, words: String) -> Response {
    let shell = site
        .public(app, headers, &site.t().get("sign-in-title"))
        .back("/")
        .errors(&vec![("passkey-name".to_owned(), words)]);
    let mut form = sign_in_page(app, shell, "");
    form.second = Some(super::page::with_passkey_for(&form.shell, name));
    again(&form)
}

/// Asks by name. A name nobody has is asked for a key like any other.
async fn ask(
    State(app): State<App>,
    On(site): On,
    headers: HeaderMap,
    source: Source,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let (t, name) = (site.t(), form.line("passkey-name"));
    if !app.sign_in().has_passkeys() {
        return Err(Error::NotFound);
    }
    if name.is_empty() {
        return Ok(back(&app, &site, &headers, "", t.get("passkey-name-missing")));
    }
    match app.sign_in().ask_passkey(&name, &source.tag(app.door())).await {
        Ok(ask) => Ok(page(&UsePasskey {
            shell: site
                .public(&app, &headers, &t.get("sign-in-title"))
                .back("/sign-in"),
            t,
            ask: ask.json,
            ticket: ask.ticket.reveal(),
        })),
        Err(SignInError::TooMany { again }) => {
            let when = site.when().time(jiff_of(again));
            let (_, words) = wrong_sign_in(t, Some(&when));
            Ok(back(&app, &site, &headers, &name, words))
        }
        Err(other) => Err(other.into()),
    }
}

async fn answer(
    State(app): State<App>,
    On(site): On,
    headers: HeaderMap,
    source: Source,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let ticket = Token::read(&form.get("ticket")).ok_or(Error::Malformed)?;
    let tag = source.tag(app.door());
    match app
        .sign_in()
        .with_passkey(&ticket, &form.get("answer"), &tag)
        .await
    {
        Ok(started) => started_with(&app, &headers, started).await,
        Err(SignInError::Refused) => Ok(back(&app, &site, &headers, "", site.t().get("passkey-wrong"))),
        Err(SignInError::TooMany { again }) => {
            let when = site.when().time(jiff_of(again));
            let (_, words) = wrong_sign_in(site.t(), Some(&when));
            Ok(back(&app, &site, &headers, "", words))
        }
        Err(other) => Err(other.into()),
    }
}

async fn begin(
    State(app): State<App>,
    On(site): On,
    signed: SignedIn,
    headers: HeaderMap,
) -> Result<Response, Error> {
    if !may_change(&app, &signed.session) {
        return Ok(lead("/account"));
    }
    let drawn = add(&app, &site, &signed, &headers, "", &Errors::new()).await?;
    Ok(page(&drawn))
}

async fn add<'a>(
    app: &App,
    site: &'a Site,
    signed: &SignedIn,
    headers: &HeaderMap,
    name: &str,
    errors: &Errors,
) -> Result<AddPasskey<'a>, Error> {
    let ask = app.sign_in().begin_passkey(&signed.session).await?;
    let (t, who) = (site.t(), signed.session.practitioner);
    let title = t.get("passkey-add-title");
    let first = signed.session.must_enrol && !app.settings().demo;
    let shell = if first {
        site.public(app, headers, &title).back("/account/set-up")
    } else {
        let own = app.node().name_of(who).await.map_err(fault)?;
        around(app, site, headers, &own, &signed.session, title)
    };
    Ok(AddPasskey {
        shell: shell.errors(errors),
        t,
        ask: ask.json,
        ticket: ask.ticket.reveal(),
        name: name.to_owned(),
    })
}

async fn finish(
    State(app): State<App>,
    On(site): On,
    signed: SignedIn,
    headers: HeaderMap,
    Sent(form): Sent,
) -> Result<Response, Error> {
    if !may_change(&app, &signed.session) {
        return Ok(lead("/account"));
    }
    let ticket = Token::read(&form.get("ticket")).ok_or(Error::Malformed)?;
    let (t, name) = (site.t(), form.line("name"));
    let door = app.sign_in();
    let words = match door
        .finish_passkey(&signed.session, &ticket, &name, &form.get("answer"))
        .await
    {
        Ok(started) if signed.session.must_enrol => return started_with(&app, &headers, started).await,
        Ok(started) => return Ok((session::set(&app, &started), lead("/account")).into_response()),
        Err(SignInError::Invalid(_)) => t.get("error-passkey-name"),
        Err(SignInError::Refused) => t.get("passkey-not-added"),
        Err(other) => return Err(other.into()),
    };
    let errors = vec![("name".to_owned(), words)];
    let drawn = add(&app, &site, &signed, &headers, &name, &errors).await?;
    Ok(again(&drawn))
}

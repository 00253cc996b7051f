//! Signing in with a password, invitations and setting up, as handlers.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::id::PostId;
use node::signin::SignInError;
use node::signin::door::Token;
use node::signin::session::Started;

use super::passkey;
use crate::app::App;
use crate::error::Error;
use crate::guard::csrf::Pressed;
use crate::guard::input::Query;
use crate::guard::limit::Source;
use crate::session::{self, SignedIn};
use crate::web::components::layout::Shell;
use crate::web::open::form::{FormPage, Kind, invitation, result, set_up, sign_in, wrong_sign_in};
use crate::web::site::{On, Posted, Sent, again, fault, jiff_of, lead, page};
use crate::web::unsent::page::page_of;

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in", get(show).post(enter))
        .route("/invite/{token}", get(invited).post(redeem))
        .route("/account/set-up", get(begin).post(finish))
        .merge(super::admin::routes())
        .merge(super::seats::routes())
        .merge(super::letting::routes())
        .merge(super::own::routes())
        .merge(passkey::routes())
}

async fn show(
    State(app): State<App>,
    On(site): On,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let t = site.t();
    let shell = site.public(&app, &headers, &t.get("sign-in-title")).back("/");
    let mut form = sign_in_page(&app, shell, "");
    if !Posted(query).get("kept").is_empty() {
        form.result = Some(result(
            Kind::Neither,
            &t.get("sign-in-kept"),
            &t.get("sign-in-kept-lead"),
        ));
    }
    page(&form)
}

/// The two ways in; the second only where this node is reached by a name.
pub(super) fn sign_in_page<'a>(app: &App, shell: Shell<'a>, name: &str) -> FormPage<'a> {
    let mut form = sign_in(shell, name);
    if app.sign_in().has_passkeys() {
        form.second = Some(super::page::with_passkey(&form.shell));
    }
    form
}

async fn enter(
    State(app): State<App>,
    On(site): On,
    headers: HeaderMap,
    source: Source,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let name = form.line("name");
    let tag = source.tag(app.door());
    let tried = app
        .sign_in()
        .with_password(&name, &form.get("password"), &form.line("code"), &tag)
        .await;
    let error = match tried {
        Ok(started) => return started_with(&app, &headers, started).await,
        Err(SignInError::Refused) => wrong_sign_in(site.t(), None),
        Err(SignInError::TooMany { again }) => {
            let when = site.when().time(jiff_of(again));
            wrong_sign_in(site.t(), Some(&when))
        }
        Err(other) => return Err(other.into()),
    };
    let shell = site
        .public(&app, &headers, &site.t().get("sign-in-title"))
        .back("/")
        .errors(&vec![error]);
    Ok(again(&sign_in_page(&app, shell, &name)))
}

/// Hands the session over and leads to work, or to setting up, or to choosing a post.
pub(super) async fn started_with(
    app: &App,
    headers: &HeaderMap,
    started: Started,
) -> Result<Response, Error> {
    let must_enrol = started.session.must_enrol && !app.settings().demo;
    let posts = app
        .node()
        .posts_of(started.session.practitioner)
        .await
        .map_err(fault)?;
    // What this browser posted after a session of theirs had ended is theirs again.
    let claimed = match (session::token_in(headers), started.session.practitioner) {
        (Some(ended), who) => app.node().claim_unsent(who, &ended).await.map_err(fault)?,
        (None, _) => Vec::new(),
    };
    let begun = session::begin(app, headers, started).await?;
    let to = match (must_enrol, posts.as_slice(), claimed.as_slice()) {
        (true, _, _) => "/account/set-up".to_owned(),
        (false, [_], [one]) => page_of(&one.place, &one.key),
        (false, [_], [_, _, ..]) => "/unsent?claimed=1".to_owned(),
        (false, [only], []) => home(app, only).to_owned(),
        _ => "/account".to_owned(),
    };
    Ok((begun, lead(&to)).into_response())
}

/// Where a post's work is: for whoever runs the node there are no duties to children.
pub(super) fn home(app: &App, post: &PostId) -> &'static str {
    let posts = &app.node().agency().posts;
    let runs = posts.iter().any(|one| one.id == *post && one.role == "operator");
    if runs { "/accounts" } else { "/duties" }
}

/// An invitation is used by pressing the button, so that a program that only looks at links does not use it up.
async fn invited(
    State(app): State<App>,
    On(site): On,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Response {
    let shell = site.public(&app, &headers, &site.t().get("invite-title"));
    page(&invitation(
        shell,
        &format!("/invite/{token}"),
        app.settings().demo,
    ))
}

async fn redeem(
    State(app): State<App>,
    headers: HeaderMap,
    source: Source,
    Path(token): Path<String>,
    _: Pressed,
) -> Result<Response, Error> {
    let token = Token::read(&token).ok_or(Error::NotFound)?;
    match app.sign_in().redeem(&token, &source.tag(app.door())).await {
        Ok(started) => started_with(&app, &headers, started).await,
        Err(SignInError::Refused) => Err(Error::NotFound),
        Err(other) => Err(other.into()),
    }
}

async fn begin(
    State(app): State<App>,
    On(site): On,
    SignedIn { session, .. }: SignedIn,
    headers: HeaderMap,
) -> Result<Response, Error> {
    if !super::own::may_change(&app, &session) {
        return Ok(lead("/account"));
    }
    let new = app.sign_in().begin_password(&session).await?;
    let shell = site.public(&app, &headers, &site.t().get("invite-title"));
    let mut form = set_up(shell, &new.secret, &new.ticket.reveal());
    if app.sign_in().has_passkeys() {
        form.after = Some(super::page::passkey_instead(site.t()));
    }
    Ok(page(&form))
}

async fn finish(
    State(app): State<App>,
    On(site): On,
    SignedIn { session, .. }: SignedIn,
    headers: HeaderMap,
    Sent(form): Sent,
) -> Result<Response, Error> {
    if !super::own::may_change(&app, &session) {
        return Ok(lead("/account"));
    }
    let ticket = Token::read(&form.get("ticket")).ok_or(Error::Malformed)?;
    let tried = app
        .sign_in()
        .finish_password(&session, &ticket, &form.get("password"), &form.line("code"))
        .await;
    let t = site.t();
    let error = match tried {
        Ok(started) => return started_with(&app, &headers, started).await,
        Err(SignInError::Invalid("error-code-wrong")) => ("code".to_owned(), t.get("invite-code-error")),
        Err(SignInError::Invalid(_)) => ("password".to_owned(), t.get("invite-password-error")),
        Err(other) => return Err(other.into()),
    };
    let shell = site
        .public(&app, &headers, &t.get("invite-title"))
        .errors(&vec![error]);
    Ok(again(&set_up(shell, &form.line("secret"), &ticket.reveal())))
}

//! Signing in, invitations, setting up, and choosing a post, as handlers.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use node::signin::SignInError;
use node::signin::door::Token;
use node::signin::session::Started;

use super::page::{Account, Place};
use crate::app::App;
use crate::error::Error;
use crate::guard::csrf;
use crate::guard::input::Form;
use crate::guard::limit::Source;
use crate::session::{self, SignedIn};
use crate::web::components::layout::{Acting, Shell};
use crate::web::open::form::{invitation, set_up, sign_in, wrong_sign_in};
use crate::web::site::{On, Posted, Site, again, fault, jiff_of, lead, page};

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in", get(show).post(enter))
        .route("/invite/{token}", get(invited).post(redeem))
        .route("/account/set-up", get(begin).post(finish))
        .route("/account", get(account).post(switch))
        .route("/account/end", post(end))
}

async fn show(State(app): State<App>, On(site): On, headers: HeaderMap) -> Response {
    let shell = site
        .public(&app, &headers, &site.t().get("sign-in-title"))
        .back("/");
    page(&sign_in(shell, ""))
}

async fn enter(
    State(app): State<App>,
    On(site): On,
    headers: HeaderMap,
    source: Source,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let form = Posted(form);
    csrf::check(&app, &headers, &form.get("csrf"))?;
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
    Ok(again(&sign_in(shell, &name)))
}

/// Hands the session over and leads to work, or to setting up, or to choosing a post.
async fn started_with(app: &App, headers: &HeaderMap, started: Started) -> Result<Response, Error> {
    let must_enrol = started.session.must_enrol && !app.settings().demo;
    let posts = app
        .node()
        .posts_of(started.session.practitioner)
        .await
        .map_err(fault)?;
    let begun = session::begin(app, headers, started).await?;
    let to = match (must_enrol, posts.len()) {
        (true, _) => "/account/set-up",
        (false, 1) => "/duties",
        _ => "/account",
    };
    Ok((begun, lead(to)).into_response())
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
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Error> {
    csrf::check(&app, &headers, &Posted(form).get("csrf"))?;
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
    let new = app.sign_in().begin_password(&session).await?;
    let shell = site.public(&app, &headers, &site.t().get("invite-title"));
    Ok(page(&set_up(shell, &new.secret, &new.ticket.reveal())))
}

async fn finish(
    State(app): State<App>,
    On(site): On,
    SignedIn { session, .. }: SignedIn,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let form = Posted(form);
    csrf::check(&app, &headers, &form.get("csrf"))?;
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

async fn account(
    State(app): State<App>,
    On(site): On,
    signed: SignedIn,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let who = signed.session.practitioner;
    let name = app.node().name_of(who).await.map_err(fault)?;
    let posts = app.node().posts_of(who).await.map_err(fault)?;
    let sessions = app.sign_in().sessions_of(who).await?;
    let when = site.when();
    let place = |one: &node::signin::session::Session| Place {
        id: one.id(),
        started: when.time_comma_date(jiff_of(one.made)),
        last: when.near(jiff_of(one.seen)),
        this: one.id() == signed.session.id(),
    };
    let acting = signed.session.post.as_ref();
    Ok(page(&Account {
        shell: around(
            &app,
            &site,
            &headers,
            &name,
            acting.map(|post| site.post_title(post)),
        ),
        t: site.t(),
        posts: posts
            .iter()
            .map(|post| (post.as_str().to_owned(), site.post_title(post)))
            .collect(),
        acting: acting.map(|post| post.as_str().to_owned()).unwrap_or_default(),
        places: sessions.iter().map(place).collect(),
    }))
}

fn around<'a>(app: &App, site: &'a Site, headers: &HeaderMap, name: &str, post: Option<String>) -> Shell<'a> {
    let csrf = csrf::form_token(app, headers);
    let post = post.unwrap_or_default();
    let team = format!("{}, {post}", site.node().agency().name);
    let acting = Acting {
        name: name.to_owned(),
        role: post,
        team,
        grant: None,
    };
    Shell::staff(site.t(), site.t().get("account-title"), acting, &csrf)
        .demo(app.settings().demo)
        .sections("", None)
}

async fn switch(
    State(app): State<App>,
    signed: SignedIn,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let form = Posted(form);
    csrf::check(&app, &headers, &form.get("csrf"))?;
    let posts = app
        .node()
        .posts_of(signed.session.practitioner)
        .await
        .map_err(fault)?;
    let chosen = form.line("post");
    let post = posts
        .into_iter()
        .find(|post| post.as_str() == chosen)
        .ok_or(Error::NotFound)?;
    let started = app.sign_in().choose_post(&signed.session, post).await?;
    Ok((session::set(&app, &started), lead("/duties")).into_response())
}

async fn end(
    State(app): State<App>,
    signed: SignedIn,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let form = Posted(form);
    csrf::check(&app, &headers, &form.get("csrf"))?;
    app.sign_in()
        .end_session(signed.session.practitioner, &form.line("end"))
        .await?;
    Ok(lead("/account"))
}

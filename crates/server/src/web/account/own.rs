//! Your own account, as handlers: which post you act in, where you are signed in, and with what.

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::time::Instant;
use node::signin::SignInError;
use node::signin::account::Credential;
use node::signin::session::Session;

use super::page::{Account, Place, Way};
use crate::app::App;
use crate::error::Error;
use crate::guard::csrf;
use crate::session::{self, SignedIn};
use crate::web::components::field::Errors;
use crate::web::components::layout::{Acting, Shell};
use crate::web::site::{On, Sent, Site, again, fault, jiff_of, lead, page};

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/account", get(account).post(switch))
        .route("/account/end", post(end))
        .route("/account/remove", post(remove))
}

async fn account(
    State(app): State<App>,
    On(site): On,
    signed: SignedIn,
    headers: HeaderMap,
) -> Result<Response, Error> {
    draw(&app, &site, &signed, &headers, &Errors::new())
        .await
        .map(|drawn| page(&drawn))
}

async fn draw<'a>(
    app: &App,
    site: &'a Site,
    signed: &SignedIn,
    headers: &HeaderMap,
    errors: &Errors,
) -> Result<Account<'a>, Error> {
    let who = signed.session.practitioner;
    let name = app.node().name_of(who).await.map_err(fault)?;
    let posts = app.node().posts_of(who).await.map_err(fault)?;
    let sessions = app.sign_in().sessions_of(who).await?;
    let changes = app.node().own_account_changes(who).await.map_err(fault)?;
    let when = site.when();
    let place = |one: &node::signin::session::Session| Place {
        id: one.id(),
        started: when.time_comma_date(jiff_of(one.made)),
        last: when.near(jiff_of(one.seen)),
        this: one.id() == signed.session.id(),
    };
    let acting = signed.session.post.as_ref();
    let title = site.t().get("account-title");
    Ok(Account {
        shell: around(app, site, headers, &name, &signed.session, title).errors(errors),
        t: site.t(),
        posts: posts
            .iter()
            .map(|post| (post.as_str().to_owned(), site.post_title(post)))
            .collect(),
        acting: acting.map(|post| post.as_str().to_owned()).unwrap_or_default(),
        places: sessions.iter().map(place).collect(),
        ways: ways(site, &app.sign_in().credentials_of(who).await?),
        signed_in: when.time_comma_date(jiff_of(signed.session.made)),
        may_change: may_change(app, &signed.session),
        passkeys: app.sign_in().has_passkeys(),
        changes: super::admin::changed(site, changes).await?,
    })
}

/// Whether somebody may change what they sign in with: soon after signing in. In the demo nobody can sign in again.
pub(super) fn may_change(app: &App, session: &Session) -> bool {
    app.settings().demo || app.sign_in().is_recent(session)
}

/// What somebody signs in with: password and code as one, each passkey by its name.
fn ways(site: &Site, credentials: &[Credential]) -> Vec<Way> {
    let (t, when) = (site.t(), site.when());
    let used = |at: Option<Instant>| at.map(|at| when.near(jiff_of(at))).unwrap_or_default();
    let of = |kind: &str| credentials.iter().find(|one| one.kind == kind);
    let password = of("password").map(|one| Way {
        id: one.id.clone(),
        what: t.get("way-password"),
        made: when.time_comma_date(jiff_of(one.made)),
        used: used(of("totp").and_then(|code| code.used)),
    });
    let passkeys = credentials.iter().filter(|one| one.kind == "passkey");
    let passkeys = passkeys.map(|one| Way {
        id: one.id.clone(),
        what: t.msg("way-passkey").arg("name", &one.name).text(),
        made: when.time_comma_date(jiff_of(one.made)),
        used: used(one.used),
    });
    password.into_iter().chain(passkeys).collect()
}

/// Around a page of somebody's own account.
pub(super) fn around<'a>(
    app: &App,
    site: &'a Site,
    headers: &HeaderMap,
    name: &str,
    session: &Session,
    title: String,
) -> Shell<'a> {
    let csrf = csrf::form_token(app, headers);
    let post = session
        .post
        .as_ref()
        .map(|post| site.post_title(post))
        .unwrap_or_default();
    let acting = Acting {
        name: name.to_owned(),
        team: format!("{}, {post}", site.node().agency().name),
        role: post,
        grant: None,
    };
    Shell::staff(site.t(), title, acting, &csrf)
        .demo(app.settings().demo)
        .sections("", None)
}

async fn switch(State(app): State<App>, signed: SignedIn, Sent(form): Sent) -> Result<Response, Error> {
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
    let to = super::handlers::home(&app, &post);
    let started = app.sign_in().choose_post(&signed.session, post).await?;
    Ok((session::set(&app, &started), lead(to)).into_response())
}

async fn end(State(app): State<App>, signed: SignedIn, Sent(form): Sent) -> Result<Response, Error> {
    app.sign_in()
        .end_session(signed.session.practitioner, &form.line("end"))
        .await?;
    Ok(lead("/account"))
}

async fn remove(
    State(app): State<App>,
    On(site): On,
    signed: SignedIn,
    headers: HeaderMap,
    Sent(form): Sent,
) -> Result<Response, Error> {
    if !may_change(&app, &signed.session) {
        return Ok(lead("/account"));
    }
    match app.sign_in().remove_way(&signed.session, &form.line("way")).await {
        Ok(started) => Ok((session::set(&app, &started), lead("/account")).into_response()),
        Err(SignInError::Invalid(_)) => {
            let errors = vec![("ways".to_owned(), site.t().get("error-last-way"))];
            let drawn = draw(&app, &site, &signed, &headers, &errors).await?;
            Ok(again(&drawn))
        }
        Err(SignInError::Refused) => Err(Error::NotFound),
        Err(other) => Err(other.into()),
    }
}

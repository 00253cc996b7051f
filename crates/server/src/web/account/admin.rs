//! Everybody's accounts, as handlers: for whoever runs the node. To anybody else these addresses are not there.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use domain::id::{PostId, PractitionerId};
use node::app::AppError;
use node::app::accounts::{AccountChange, AccountView, Change};

use super::admin_page::{Accounts, Done, Line, Person, Seat};
use crate::app::App;
use crate::error::Error;
use crate::web::components::field::Errors;
use crate::web::site::{On, Sent, Site, Staff, again, fault, jiff_of, lead, page, refusal};

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/accounts", get(list))
        .route("/accounts/{who}", get(show).post(act))
        .route("/accounts/{who}/take-back", post(take_back))
}

async fn list(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let found = app
        .node()
        .accounts(&who.acting, app.sign_in())
        .await
        .map_err(fault)?;
    let (t, acting) = (site.t(), who.acting.practitioner);
    Ok(page(&Accounts {
        shell: site
            .staff(&app, &headers, &who, &t.get("accounts-title"))
            .sections("/accounts", None),
        t,
        lines: found.iter().map(|view| line(&site, view, acting)).collect(),
    }))
}

fn line(site: &Site, view: &AccountView, acting: PractitionerId) -> Line {
    let (t, when) = (site.t(), site.when());
    let has = |kind: &str| view.ways.iter().any(|way| way.kind == kind);
    let keys = view.ways.iter().filter(|way| way.kind == "passkey").count();
    let mut ways = Vec::new();
    if has("password") {
        ways.push(t.get("way-password"));
    }
    if keys > 0 {
        ways.push(t.msg("ways-passkeys").n("count", keys).text());
    }
    let state = match (view.closed, view.invited, view.ways.is_empty()) {
        (Some(_), _, _) => "closed",
        (None, Some(_), true) => "invited",
        (None, None, true) => "no-way",
        (None, _, false) => "open",
    };
    Line {
        who: view.who.to_string(),
        name: view.name.clone(),
        login: view.login.clone().unwrap_or_default(),
        posts: view.posts.iter().map(|post| site.post_title(post)).collect(),
        last: view.last.map(|at| when.near(jiff_of(at))).unwrap_or_default(),
        ways,
        sessions: view.sessions,
        invited: view
            .invited
            .map(|at| when.time_comma_date(jiff_of(at)))
            .unwrap_or_default(),
        state,
        own: view.who == acting,
    }
}

pub(super) fn handle(text: &str) -> Result<PractitionerId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

async fn show(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(whose): Path<String>,
) -> Result<Response, Error> {
    let drawn = draw(&app, &site, &who, &headers, handle(&whose)?, "", &Errors::new()).await?;
    Ok(page(&drawn))
}

pub(super) async fn draw<'a>(
    app: &App,
    site: &'a Site,
    who: &Staff,
    headers: &HeaderMap,
    whose: PractitionerId,
    reason: &str,
    errors: &Errors,
) -> Result<Person<'a>, Error> {
    let found = app.node().account(&who.acting, app.sign_in(), whose).await;
    let (view, changes) = found.map_err(fault)?;
    let (t, when) = (site.t(), site.when());
    let done = changed(site, changes).await?;
    let ask = |ask: &domain::view::Ask| {
        let what = t.code("lettingis", ask.what.code());
        (ask.asked.to_string(), with_posts(site, what, &ask.posts))
    };
    let asks = view.asks.iter().map(ask).collect();
    let seats = app.node().held_until(whose).await.map_err(fault)?;
    let seats = seats.into_iter().map(|(post, until)| Seat {
        title: site.post_title(&post),
        post: post.as_str().to_owned(),
        until: until.map(|at| when.date(jiff_of(at))).unwrap_or_default(),
    });
    let fits = |change: &Change| change.fits(view.closed.is_some());
    let acts = Change::ALL.into_iter().filter(fits).map(Change::code);
    Ok(Person {
        shell: site
            .staff(app, headers, who, &t.get("accounts-person-title"))
            .sections("/accounts", None)
            .errors(errors),
        t,
        line: line(site, &view, who.acting.practitioner),
        acts: acts.collect(),
        reason: reason.to_owned(),
        done,
        asks,
        seats: seats.collect(),
        posts: super::seats::posts(site),
    })
}

/// What was changed about an account, in words.
pub(super) async fn changed(site: &Site, changes: Vec<AccountChange>) -> Result<Vec<Done>, Error> {
    let mut done = Vec::with_capacity(changes.len());
    for change in changes {
        let what = site.t().code("access", &change.how);
        done.push(Done {
            at: site.when().time_comma_date(jiff_of(change.at)),
            by: site.keeper(&change.by).await?,
            what: with_posts(site, what, &change.posts),
            reason: change.reason,
        });
    }
    Ok(done)
}

fn with_posts(site: &Site, what: String, posts: &[PostId]) -> String {
    if posts.is_empty() {
        return what;
    }
    let titles: Vec<String> = posts.iter().map(|post| site.post_title(post)).collect();
    let words = site.t().msg("access-with-posts").arg("what", &what);
    words.arg("posts", titles.join("; ")).text()
}

/// The page that says which rule refused, in this section.
pub(super) fn refused(
    app: &App,
    site: &Site,
    headers: &HeaderMap,
    who: &Staff,
    section: &str,
    error: AppError,
) -> Result<Response, Error> {
    refusal(
        site,
        site.staff(app, headers, who, "").sections(section, None),
        error,
    )
}

/// Takes back what was asked.
async fn take_back(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(whose): Path<String>,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let (person, asked) = (handle(&whose)?, form.line("asked"));
    let asked = asked.parse().map_err(|_| Error::NotFound)?;
    match app.node().refuse_to_let_in(&who.acting, person, asked, "").await {
        Ok(()) => Ok(lead(&format!("/accounts/{whose}"))),
        Err(error) => refused(&app, &site, &headers, &who, "/accounts", error),
    }
}

async fn act(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(whose): Path<String>,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let (whose, t) = (handle(&whose)?, site.t());
    let change = Change::from_code(&form.get("do")).ok_or(Error::NotFound)?;
    let (door, reason) = (app.sign_in(), form.get("reason"));
    let changed = app
        .node()
        .change_account(&who.acting, door, whose, change, &reason)
        .await;
    match changed {
        Ok(()) => Ok(lead(&format!("/accounts/{whose}"))),
        Err(AppError::Invalid { field, .. }) => {
            let errors = vec![(field, t.get("accounts-reason-missing"))];
            let drawn = draw(&app, &site, &who, &headers, whose, &reason, &errors).await?;
            Ok(again(&drawn))
        }
        Err(error) => refused(&app, &site, &headers, &who, "/accounts", error),
    }
}

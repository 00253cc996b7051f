//! Who comes in, as handlers: the second person agrees or refuses. To whoever can do neither these addresses are not there.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use domain::id::RecordId;
use node::app::AppError;
use node::app::let_in::AskView;

use super::admin::{handle, refused};
use super::admin_page::Invited;
use super::letting_page::{Asked, LettingIn, OneAsked};
use crate::app::App;
use crate::error::Error;
use crate::web::components::field::Errors;
use crate::web::site::{On, Sent, Site, Staff, again, fault, jiff_of, lead, page};

/// Where the list is.
pub(super) const LIST: &str = "/letting-in";

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route(LIST, get(list))
        .route("/letting-in/{who}/{asked}", get(show).post(answer))
}

async fn list(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let found = app.node().asks(&who.acting).await.map_err(fault)?;
    let (mut waits, mut settled) = (Vec::new(), Vec::new());
    for view in &found {
        let list = if view.waits { &mut waits } else { &mut settled };
        list.push(asked(&site, view).await?);
    }
    let t = site.t();
    Ok(page(&LettingIn {
        shell: site
            .staff(&app, &headers, &who, &t.get("letting-title"))
            .sections(LIST, None),
        t,
        waits,
        settled,
    }))
}

async fn asked(site: &Site, view: &AskView) -> Result<Asked, Error> {
    let (when, ask) = (site.when(), &view.ask);
    let (state, answer) = match (&ask.agreed, &ask.refused) {
        (Some(agreed), _) => ("agreed", Some(agreed)),
        (None, Some(refused)) => ("refused", Some(refused)),
        (None, None) if view.waits => ("waits", None),
        (None, None) => ("ended", None),
    };
    let answered = match answer {
        Some((actor, at)) => {
            let by = site.keeper(actor).await?;
            format!("{by}, {}", when.time_comma_date(jiff_of(*at)))
        }
        None => String::new(),
    };
    Ok(Asked {
        href: format!("{LIST}/{}/{}", view.who, ask.asked),
        name: view.name.clone(),
        email: view.email.clone(),
        registered: view.registered,
        what: ask.what.code(),
        posts: ask.posts.iter().map(|post| site.post_title(post)).collect(),
        until: ask.until.map(|at| when.date(jiff_of(at))).unwrap_or_default(),
        by: site.keeper(&ask.by).await?,
        at: when.time_comma_date(jiff_of(ask.at)),
        ends: when.time_comma_date(jiff_of(ask.ends())),
        reason: view.reason.clone(),
        state,
        answered,
        mine: view.mine,
    })
}

fn record(text: &str) -> Result<RecordId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

async fn show(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path((whose, ask)): Path<(String, String)>,
) -> Result<Response, Error> {
    let view = app
        .node()
        .ask_to_let_in(&who.acting, handle(&whose)?, record(&ask)?)
        .await
        .map_err(fault)?;
    let drawn = draw(&app, &site, &who, &headers, &view, "", &Errors::new()).await?;
    Ok(page(&drawn))
}

async fn draw<'a>(
    app: &App,
    site: &'a Site,
    who: &Staff,
    headers: &HeaderMap,
    view: &AskView,
    reason: &str,
    errors: &Errors,
) -> Result<OneAsked<'a>, Error> {
    let t = site.t();
    Ok(OneAsked {
        shell: site
            .staff(app, headers, who, &t.get("letting-page-title"))
            .sections(LIST, None)
            .errors(errors),
        t,
        one: asked(site, view).await?,
        reason: reason.to_owned(),
    })
}

async fn answer(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path((whose, ask)): Path<(String, String)>,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let (whose, ask, t) = (handle(&whose)?, record(&ask)?, site.t());
    let (node, acting, reason) = (app.node(), &who.acting, form.get("reason"));
    let done = match form.get("do").as_str() {
        "agree" => node.let_in(acting, app.sign_in(), whose, ask).await,
        "refuse" => node
            .refuse_to_let_in(acting, whose, ask, &reason)
            .await
            .map(|()| None),
        _ => return Err(Error::NotFound),
    };
    match done {
        Ok(None) => Ok(lead(LIST)),
        Ok(Some(invitation)) => Ok(page(&Invited {
            shell: site
                .staff(&app, &headers, &who, &t.get("accounts-link-title"))
                .sections(LIST, None),
            t,
            name: node.name_of(whose).await.map_err(fault)?,
            link: format!("{}/invite/{}", app.settings().origin, invitation.token.reveal()),
            until: site.when().time_comma_date(jiff_of(invitation.ends)),
        })),
        Err(AppError::Invalid { field, problem }) => {
            let words = match field.as_str() {
                "reason" => t.get("letting-why-missing"),
                _ => t.code("seat", problem.trim_start_matches("error-")),
            };
            let view = node.ask_to_let_in(acting, whose, ask).await.map_err(fault)?;
            let errors = vec![(field, words)];
            let drawn = draw(&app, &site, &who, &headers, &view, &reason, &errors).await?;
            Ok(again(&drawn))
        }
        Err(error) => refused(&app, &site, &headers, &who, LIST, error),
    }
}

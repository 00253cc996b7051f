//! Unfinished reports and other forms, as handlers: each person's own, and no other's.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use node::app::unsent::Unsent;

use super::page::{Line, List, form_at, page_of};
use crate::app::App;
use crate::error::Error;
use crate::guard::input::Query;
use crate::web::site::{On, Posted, Sent, Site, Staff, fault, jiff_of, lead, page};

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/unsent", get(list))
        .route("/unsent/{id}", post(throw_away))
        .merge(super::later::routes())
}

async fn list(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let found = site.node().unsent(who.acting.practitioner).await.map_err(fault)?;
    let (t, asked) = (site.t(), Posted(query));
    let mut lines = Vec::with_capacity(found.len());
    for one in &found {
        lines.extend(line(&site, &who, one).await?);
    }
    let known = ["kept", "stale", "claimed", "gone"];
    let done = known.iter().find(|code| !asked.get(code).is_empty());
    Ok(page(&List {
        shell: site
            .staff(&app, &headers, &who, &t.get("unsent-title"))
            .sections("/unsent", None),
        t,
        message: done.map(|code| t.code("unsent-did", code)),
        lines,
    }))
}

/// A form in the list. One about a concern that this person may know of no longer is not named.
async fn line(site: &Site, who: &Staff, one: &Unsent) -> Result<Option<Line>, Error> {
    let (form, reference) = form_at(&one.place);
    let known = reference.is_empty()
        || site
            .node()
            .may_know(&who.acting, &reference)
            .await
            .map_err(fault)?;
    let when = site.when();
    Ok(known.then(|| Line {
        form,
        reference,
        kept: when.near(jiff_of(one.at)),
        ends: when.date(jiff_of(one.ends)),
        href: page_of(&one.place, &one.key),
        drop: format!("/unsent/{}", one.id),
    }))
}

async fn throw_away(
    On(site): On,
    who: Staff,
    Path(id): Path<String>,
    Sent(_): Sent,
) -> Result<Response, Error> {
    let mine = who.acting.practitioner;
    let one = site.node().unsent_by_id(mine, &id).await.map_err(fault)?;
    let dropped = site.node().drop_unsent(mine, &one.place, &one.key).await;
    dropped.map_err(fault)?;
    Ok(lead("/unsent?gone=1"))
}

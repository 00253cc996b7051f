//! The page of the held clock, as handlers.

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use node::app::{AppError, Refusal};

use super::page::TimePage;
use crate::app::App;
use crate::error::Error;
use crate::guard::csrf::Pressed;
use crate::web::site::{On, Site, Staff, fault, jiff_of, lead, page};

/// The page.
pub fn routes() -> Router<App> {
    Router::new().route("/time", get(show).post(confirm))
}

async fn show(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let may_confirm = site.node().may_confirm_time(&who.acting).await.map_err(fault)?;
    let (t, held) = (site.t(), held(&site));
    Ok(page(&TimePage {
        shell: site
            .staff(&app, &headers, &who, &t.get("time-title"))
            .sections("/time", None),
        t,
        held,
        may_confirm,
    }))
}

fn held(site: &Site) -> Option<(String, String, String)> {
    let (held, when) = (site.node().time_held()?, site.when());
    let last = when.time_comma_date(jiff_of(held.last));
    let span = when.span(held.seconds.saturating_abs());
    let t = site.t();
    let between = if held.seconds < 0 {
        t.msg("time-back").arg("span", span).text()
    } else {
        t.msg("time-forward").arg("span", span).text()
    };
    Some((last, when.time_comma_date(when.now()), between))
}

async fn confirm(On(site): On, who: Staff, _: Pressed) -> Result<Response, Error> {
    match site.node().confirm_time(&who.acting).await {
        // Somebody else may have said so a moment ago: it runs either way.
        Ok(()) | Err(AppError::Refused(Refusal::AlreadyDone)) => Ok(lead("/time")),
        Err(error) => Err(fault(error)),
    }
}

//! Reading a decision second, as handlers: the concern first, the first reader's reason when it is asked for.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use domain::id::RecordId;
use node::app::concern::ConcernPage;

use super::decide::Second;
use super::handlers::{find, outcome_title};
use super::lines::{head, said};
use crate::app::App;
use crate::error::Error;
use crate::web::components::field::Errors;
use crate::web::site::{On, Posted, Sent, Site, Staff, again, lead, page, refusal, write};
use crate::web::unsent::begun::Begun;

/// The page.
pub fn routes() -> Router<App> {
    Router::new().route(
        "/concerns/{reference}/second/{decision}",
        get(second).post(read_second),
    )
}

async fn second(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(path): Path<(String, String)>,
) -> Result<Response, Error> {
    let found = find(&site, &who, &path.0).await?;
    let begun = Begun::at(
        &site,
        &who,
        &format!("/concerns/{}/second/{}", path.0, path.1),
        "",
    )
    .await?;
    let mut drawn = second_page(
        &app,
        &site,
        &who,
        &headers,
        &found,
        &path,
        &begun.form,
        &Errors::new(),
    )?;
    drawn.shell.begun = begun.strip;
    Ok(page(&drawn))
}

#[expect(
    clippy::too_many_arguments,
    reason = "a page drawn from what its handler holds"
)]
fn second_page<'a>(
    app: &App,
    site: &'a Site,
    who: &Staff,
    headers: &HeaderMap,
    found: &ConcernPage,
    path: &(String, String),
    form: &Posted,
    errors: &Errors,
) -> Result<Second<'a>, Error> {
    let id: RecordId = path.1.parse().map_err(|_| Error::NotFound)?;
    let decision = found
        .concern
        .decisions
        .iter()
        .find(|d| d.record == id)
        .ok_or(Error::NotFound)?;
    let (t, head) = (site.t(), head(site, found));
    let label = found
        .subjects
        .iter()
        .find(|one| Some(one.id) == decision.subject)
        .map(|one| one.label.clone());
    let reason = found
        .entries
        .iter()
        .find(|entry| entry.record == id)
        .map(|entry| super::lines::words(site, &site.when(), entry).0);
    // The reason comes after the concern: it is shown when asked for, and stays once it was.
    let shows = !form.get("do").is_empty();
    Ok(Second {
        shell: site
            .staff(app, headers, who, &head.title(&t.get("concern-decide")))
            .sections("/concerns", None)
            .errors(errors),
        t,
        action: format!("/concerns/{}/second/{}", path.0, path.1),
        said: said(site, found)
            .into_iter()
            .map(|one| (format!("{}, {}", one.by, one.when), one.words))
            .collect(),
        decided: (
            label.unwrap_or_else(|| t.get("decide-no-child")),
            outcome_title(site, &decision.outcome),
        ),
        reason: reason.filter(|_| shows),
        words: form.get("words"),
        how: form.line("how"),
        seen: found.seen,
        head,
    })
}

async fn read_second(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(path): Path<(String, String)>,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let found = find(&site, &who, &path.0).await?;
    if form.get("do") == "show" {
        return Ok(page(&second_page(
            &app,
            &site,
            &who,
            &headers,
            &found,
            &path,
            &form,
            &Errors::new(),
        )?));
    }
    let errors = Second::check(site.t(), &form.line("how"), &form.get("words"));
    if !errors.is_empty() {
        return Ok(again(&second_page(
            &app, &site, &who, &headers, &found, &path, &form, &errors,
        )?));
    }
    let id: RecordId = path.1.parse().map_err(|_| Error::NotFound)?;
    let (acting, of, agreed, words) = (
        who.acting.clone(),
        path.0.clone(),
        form.line("how") == "agree",
        form.get("words"),
    );
    let done = write(&site, move |node| async move {
        node.second_read(&acting, &of, id, agreed, &words).await
    })
    .await;
    match done {
        Ok(_) => Ok(lead(&format!("/concerns/{}?done=decided", path.0))),
        Err(error) => refusal(&site, site.staff(&app, &headers, &who, ""), error),
    }
}

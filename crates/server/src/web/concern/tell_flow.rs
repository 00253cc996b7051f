//! Telling whoever reported, and closing, as handlers.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use domain::view::Closing;
use node::app::concern::ConcernPage;
use node::app::tell::Telling;

use super::handlers::find;
use super::lines::head;
use super::tell::Tell;
use crate::app::App;
use crate::error::Error;
use crate::web::components::field::Errors;
use crate::web::duties::lines::title;
use crate::web::site::{On, Posted, Sent, Site, Staff, again, jiff_of, lead, page, refusal, write};
use crate::web::unsent::begun::Begun;

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/concerns/{reference}/reporter", get(reporter).post(tell))
        .route("/concerns/{reference}/close", post(close))
}

async fn reporter(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(reference): Path<String>,
) -> Result<Response, Error> {
    let found = find(&site, &who, &reference).await?;
    if !found.may.tell_reporter && !found.may.close {
        return Err(Error::NotFound);
    }
    let begun = Begun::at(&site, &who, &format!("/concerns/{reference}/reporter"), "").await?;
    let closing = Begun::at(&site, &who, &format!("/concerns/{reference}/close"), "").await?;
    let mut drawn = telling(&app, &site, &who, &headers, &found, &begun.form, &Errors::new());
    drawn.reason = closing.form.get("reason");
    drawn.shell.begun = begun.strip.or(closing.strip);
    Ok(page(&drawn))
}

fn telling<'a>(
    app: &App,
    site: &'a Site,
    who: &Staff,
    headers: &HeaderMap,
    found: &ConcernPage,
    form: &Posted,
    errors: &Errors,
) -> Tell<'a> {
    let (t, when, head) = (site.t(), site.when(), head(site, found));
    let label = |subject| {
        found
            .subjects
            .iter()
            .find(|one| Some(one.id) == subject)
            .map(|one| one.label.clone())
    };
    let closing = found.concern.closing(None);
    let open = match &closing {
        Closing::OpenDuties(ids) => ids.iter().filter_map(|id| found.concern.duty(*id)).collect(),
        _ => Vec::new(),
    };
    let line = |duty: &&domain::view::Duty| {
        let about = label(duty.subject).unwrap_or_else(|| site.post_title(&duty.owner));
        (title(site, &duty.clock), about, when.near(jiff_of(duty.due)))
    };
    let undecided = matches!(closing, Closing::NotDecided)
        .then(|| super::lines::children(found))
        .unwrap_or_default();
    let sentences = site
        .node()
        .pack()
        .public_sentences()
        .map(|one| (one.id.clone(), one.text.clone()));
    let named = |fields: &Vec<(String, String)>| {
        fields
            .iter()
            .map(|(field, text)| (t.code("field", field), text.clone()))
            .collect()
    };
    let second = matches!(closing, Closing::Allowed { needs_second: true });
    let decided = found
        .concern
        .decisions
        .iter()
        .any(|d| d.by.practitioner() == Some(who.acting.practitioner));
    Tell {
        shell: site
            .staff(app, headers, who, &head.title(&t.get("concern-reporter")))
            .sections("/concerns", None)
            .errors(errors),
        t,
        reporter: found.reporter.as_ref().map(named).unwrap_or_default(),
        in_full: found.concern.reporter_in_work(),
        unconfirmed: unconfirmed(found),
        form: form.line("form"),
        sentences: sentences.collect(),
        chosen: form.all("sentence"),
        words: form.get("words"),
        reason: String::new(),
        open: open.iter().map(line).collect(),
        undecided,
        needs_second: second && decided,
        may_close: found.may.close && found.concern.closed.is_none(),
        seen: found.seen,
        head,
    }
}

/// The duty to confirm the organisation of somebody who reported in their work, while that is not done.
fn unconfirmed(found: &ConcernPage) -> Option<String> {
    let concern = &found.concern;
    if concern.reporter_kind != "work" || concern.reporter_in_work() {
        return None;
    }
    let mut open = concern.open_duties();
    let duty = open.find(|duty| duty.clock == "confirm-organisation");
    Some(duty.map_or_else(String::new, |duty| {
        format!("/concerns/{}/duties/{}", concern.reference, duty.id)
    }))
}

async fn tell(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(reference): Path<String>,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let (kind, chosen, words) = (form.line("form"), form.all("sentence"), form.get("words"));
    let errors = Tell::check(site.t(), &kind, &chosen, &words);
    if !errors.is_empty() {
        let found = find(&site, &who, &reference).await?;
        return Ok(again(&telling(
            &app, &site, &who, &headers, &found, &form, &errors,
        )));
    }
    let telling = match kind.as_str() {
        "work" => Telling::Work { words },
        "public" => Telling::Public { sentences: chosen },
        _ => Telling::NotSafe { reason: words },
    };
    let (acting, of) = (who.acting.clone(), reference.clone());
    let done = write(&site, move |node| async move {
        node.tell_reporter(&acting, &of, &telling).await
    })
    .await;
    match done {
        Ok(_) => Ok(lead(&format!("/concerns/{reference}?done=told"))),
        Err(error) => refusal(&site, site.staff(&app, &headers, &who, ""), error),
    }
}

async fn close(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(reference): Path<String>,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let reason = form.get("reason");
    let (acting, of, seen) = (who.acting.clone(), reference.clone(), form.number("seen"));
    if reason.trim().is_empty() {
        let found = find(&site, &who, &reference).await?;
        let errors = vec![Tell::no_reason(site.t())];
        return Ok(again(&telling(
            &app, &site, &who, &headers, &found, &form, &errors,
        )));
    }
    let done = write(&site, move |node| async move {
        node.close_concern(&acting, &of, seen, None, &reason).await
    })
    .await;
    match done {
        Ok(_) => Ok(lead(&format!("/concerns/{reference}?done=closed"))),
        Err(error) => refusal(&site, site.staff(&app, &headers, &who, ""), error),
    }
}

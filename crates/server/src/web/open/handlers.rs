//! Coming back, and the pages of words, as handlers.

use std::collections::HashMap;

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::id::RecordId;
use node::app::tell::ToldDecision;
use node::app::{AppError, Refusal};

use super::form::{come_back, wrong_code};
use super::progress::Progress;
use super::text;
use crate::app::App;
use crate::error::Error;
use crate::guard::input::Query;
use crate::visit::Visit;
use crate::web::components::field::Errors;
use crate::web::report::desk::desk;
use crate::web::report::flow::Said;
use crate::web::report::pages::Phone;
use crate::web::site::{On, Sent, Site, again, fault, jiff_of, lead, page};

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/back", get(back).post(open))
        .route("/back/off", post(off))
        .route("/back/add", post(add))
        .route("/progress", get(progress))
        .route("/help", get(help))
        .route("/privacy", get(privacy))
        .route("/cookies", get(cookies))
        .route("/accessibility", get(accessibility))
        .route("/proof", get(proving))
        .route("/back/disagree", post(disagree))
        .merge(super::receipt::routes())
}

async fn back(
    State(app): State<App>,
    On(site): On,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let shell = site.public(&app, &headers, &site.t().get("back-title")).back("/");
    page(&come_back(shell, "", query.contains_key("off")))
}

/// A code as people type it: capitals, one space in the middle.
fn code_of(typed: &str) -> String {
    typed.trim().to_uppercase()
}

async fn open(
    State(app): State<App>,
    On(site): On,
    headers: HeaderMap,
    mut visit: Visit,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let (code, word) = (code_of(&form.line("code")), form.line("word"));
    match site.node().come_back(&code, &word).await {
        Ok(_) => {
            let said = Said {
                way: Some((code, word)),
                ..Said::default()
            };
            let saved = visit.save(&said)?;
            Ok((saved, lead("/progress")).into_response())
        }
        Err(AppError::NotFound) => {
            let shell = site.public(&app, &headers, &site.t().get("back-title")).back("/");
            let errors = vec![wrong_code(site.t())];
            Ok(again(&come_back(shell.errors(&errors), "", false)))
        }
        Err(error) => Err(fault(error)),
    }
}

fn way(visit: &Visit) -> Option<(String, String)> {
    visit.load::<Said>().and_then(|said| said.way)
}

async fn progress(
    State(app): State<App>,
    On(site): On,
    headers: HeaderMap,
    mut visit: Visit,
) -> Result<Response, Error> {
    let Some((code, word)) = way(&visit) else {
        return Ok(lead("/back"));
    };
    let found = site.node().come_back(&code, &word).await.map_err(fault)?;
    let mut said: Said = visit.load().unwrap_or_default();
    let wrong = if said.wrong == "progress" {
        vec![Progress::nothing(site.t())]
    } else {
        Errors::new()
    };
    let response = page(&drawn(&site, &app, &headers, &found, said.added, &wrong));
    said.wrong.clear();
    said.added = false;
    let saved = visit.save(&said)?;
    Ok((saved, response).into_response())
}

fn drawn<'a>(
    site: &'a Site,
    app: &App,
    headers: &HeaderMap,
    found: &node::app::come_back::Progress,
    added: bool,
    wrong: &Errors,
) -> Progress<'a> {
    let (t, when) = (site.t(), site.when());
    let moment = |at: domain::time::Instant| when.time_on_date(jiff_of(at));
    let sentence = |id: &String| {
        site.node()
            .pack()
            .sentence(id)
            .map_or_else(|| id.clone(), |s| s.text.clone())
    };
    let outcome = |code: &str| {
        let pack = site.node().pack();
        pack.outcome(code)
            .map_or_else(|| code.to_owned(), |one| one.title.clone())
    };
    let who = |one: &ToldDecision| match one.label.as_str() {
        "" => t.get("progress-no-child"),
        label => label.to_owned(),
    };
    let decisions = found
        .told
        .as_ref()
        .map(|told| told.decisions.as_slice())
        .unwrap_or_default();
    let line = |one: &ToldDecision| {
        (
            t.msg("progress-decision").arg("who", who(one)).text(),
            outcome(&one.outcome),
        )
    };
    let open = decisions.iter().filter(|one| !one.disagreed);
    Progress {
        shell: site.public(app, headers, &t.get("progress-title")).errors(wrong),
        t,
        received: moment(found.received),
        read: found.read.map(moment),
        decided: found.decided.map(moment),
        accepted: found
            .accepted
            .clone()
            .map(|(who, at)| (who, when.time(jiff_of(at)))),
        ring: found.ring.as_deref().map(Phone::new),
        sentences: found.sentences.iter().map(sentence).collect(),
        told: decisions.iter().map(line).collect(),
        next: found
            .told
            .as_ref()
            .map(|told| told.words.clone())
            .unwrap_or_default(),
        disputable: open.map(|one| (one.record.to_string(), who(one))).collect(),
        picked: String::new(),
        why: String::new(),
        disagreed: decisions.iter().any(|one| one.disagreed),
        added,
        words: String::new(),
    }
}

/// "I disagree", from somebody reporting in their work: the words stay.
async fn disagree(
    State(app): State<App>,
    On(site): On,
    headers: HeaderMap,
    visit: Visit,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let Some((code, word)) = way(&visit) else {
        return Ok(lead("/back"));
    };
    let picked = form.get("decision").parse::<RecordId>();
    let why: String = form.get("disagree").chars().take(5_000).collect();
    let errors = Progress::check(site.t(), picked.is_ok(), &why);
    let Some(decision) = picked.ok().filter(|_| errors.is_empty()) else {
        let found = site.node().come_back(&code, &word).await.map_err(fault)?;
        let mut again_page = drawn(&site, &app, &headers, &found, false, &errors);
        again_page.picked = form.get("decision");
        again_page.why = why;
        return Ok(again(&again_page));
    };
    let done = site.node().come_back_disagree(&code, &word, decision, &why).await;
    match done {
        // Pressed twice: it is recorded once.
        Ok(_) | Err(AppError::Refused(Refusal::AlreadyDone)) => Ok(lead("/progress")),
        Err(error) => Err(fault(error)),
    }
}

async fn add(On(site): On, mut visit: Visit, Sent(form): Sent) -> Result<Response, Error> {
    let Some((code, word)) = way(&visit) else {
        return Ok(lead("/back"));
    };
    let mut said: Said = visit.load().unwrap_or_default();
    let words: String = form.get("words").chars().take(5_000).collect();
    if words.trim().is_empty() {
        said.wrong = "progress".to_owned();
    } else {
        site.node()
            .come_back_add(&code, &word, &words, &[])
            .await
            .map_err(fault)?;
        said.added = true;
    }
    let saved = visit.save(&said)?;
    Ok((saved, lead("/progress")).into_response())
}

/// "Someone may have my code": the answer is the same whether or not there was such a code.
async fn off(On(site): On, mut visit: Visit, Sent(form): Sent) -> Result<Response, Error> {
    let typed = code_of(&form.line("off-code"));
    let code = if typed.is_empty() {
        way(&visit).map(|(code, _)| code).unwrap_or_default()
    } else {
        typed
    };
    site.node().end_way_back(&code).await.map_err(fault)?;
    let ended = visit.end();
    Ok((ended, lead("/back?off=1")).into_response())
}

async fn help(State(app): State<App>, On(site): On, headers: HeaderMap) -> Response {
    let shell = site.public(&app, &headers, &site.t().get("help-title")).back("/");
    page(&text::help(shell, &desk(&site)))
}

async fn privacy(State(app): State<App>, On(site): On, headers: HeaderMap) -> Response {
    let shell = site
        .public(&app, &headers, &site.t().get("privacy-title"))
        .back("/");
    page(&text::privacy(shell, &site.node().agency().name))
}

async fn cookies(State(app): State<App>, On(site): On, headers: HeaderMap) -> Response {
    let shell = site
        .public(&app, &headers, &site.t().get("cookies-title"))
        .back("/");
    page(&text::cookies(shell))
}

async fn accessibility(State(app): State<App>, On(site): On, headers: HeaderMap) -> Response {
    let shell = site
        .public(&app, &headers, &site.t().get("accessibility-title"))
        .back("/");
    page(&text::accessibility(shell, &desk(&site)))
}

async fn proving(State(app): State<App>, On(site): On, headers: HeaderMap) -> Response {
    let shell = site
        .public(&app, &headers, &site.t().get("proving-title"))
        .back("/");
    page(&text::proving(shell))
}

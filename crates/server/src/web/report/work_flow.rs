//! The one page for people reporting in their work, as handlers.

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::answers::Answers;
use super::desk::{desk, open};
use super::file;
use super::flow::{Said, chips, list};
use super::work::Work;
use crate::app::App;
use crate::error::Error;
use crate::guard::limit::Source;
use crate::visit::Visit;
use crate::web::components::field::Errors;
use crate::web::site::{On, Posted, Sent, lead, page};

/// The page.
pub fn routes() -> Router<App> {
    Router::new().route("/work", get(show).post(answer))
}

async fn show(
    State(app): State<App>,
    On(site): On,
    headers: HeaderMap,
    mut visit: Visit,
) -> Result<Response, Error> {
    let mut said: Said = visit.load().unwrap_or_default();
    if said.once.is_empty() || said.filed.is_some() {
        said = Said {
            once: file::once(&app)?,
            ..Said::default()
        };
    }
    let t = site.t();
    let errors = match said.wrong.as_str() {
        "work" => said.answers.check_work(t),
        "work:list" => vec![("add-what".to_owned(), t.get("report-who-empty"))],
        _ => Errors::new(),
    };
    let ring_now = said.answers.urgent() && !open(&site);
    let response = page(&Work {
        shell: site
            .public(&app, &headers, &t.get("work-title"))
            .back("/")
            .errors(&errors),
        t,
        desk: desk(&site),
        answers: said.answers.clone(),
        chips: chips(t, &said, &errors),
        ring_now,
        once: said.once.clone(),
    });
    // A first look keeps nothing: the cookie comes with the first post, and with it the form's token.
    if said.wrong.is_empty() {
        return Ok(response);
    }
    said.wrong.clear();
    let saved = visit.save(&said)?;
    Ok((saved, response).into_response())
}

/// The answers of the page, over those kept.
pub fn take(form: &Posted, a: &mut Answers) {
    a.worry = form.get("worry");
    a.safe = form.line("safe");
    a.colleague = form.line("colleague");
    a.know = form.line("know");
    a.name = form.line("name");
    a.role = form.line("role");
    a.org = form.line("org");
    a.contact = form.line("contact");
    a.own_ref = form.line("own_ref");
    a.word = form.line("word");
    a.sexual = form.line("sexual");
}

async fn answer(
    State(app): State<App>,
    On(site): On,
    source: Source,
    mut visit: Visit,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let mut said: Said = visit.load().unwrap_or_default();
    if said.filed.is_some() && form.get("once") == said.once {
        return Ok(lead("/q/sent"));
    }
    take(&form, &mut said.answers);
    said.work = true;
    if file::is_once(&form.get("once")) {
        said.once = form.get("once");
    }
    let t = site.t();
    let listed = list(t, &form, &mut said);
    let to = if form.get("do") == "later" {
        "/q/later"
    } else if let Some(errors) = listed {
        said.wrong = if errors.is_empty() {
            String::new()
        } else {
            "work:list".to_owned()
        };
        "/work"
    } else if said.answers.check_work(t).is_empty() {
        app.may_report(&source)?;
        let report = file::work_report(&said.answers);
        let mut filed = file::raise(&site, &said.once, &report, None).await?;
        filed.given = file::given(&said.answers);
        said = Said {
            filed: Some(filed),
            once: said.once,
            ..Said::default()
        };
        said.answers.reach = "email".to_owned();
        "/q/sent"
    } else {
        said.wrong = "work".to_owned();
        "/work"
    };
    let saved = visit.save(&said)?;
    Ok((saved, lead(to)).into_response())
}

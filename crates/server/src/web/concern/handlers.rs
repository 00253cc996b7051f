//! The summary, people and proof of a concern as handlers, and adding to it.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::view::SubjectKind;
use node::app::concern::{ConcernPage, Entry};
use node::app::proof::{EntryProof, Proven};

use super::amend::Amend;
use super::lines::{by, day, facts, head, said};
use super::people::{People, Person};
use super::proof::{Outcome, Proof};
use super::summary::Summary;
use super::{amend_flow, decide_flow, keeping_flow, restriction, story, tell_flow};
use crate::app::App;
use crate::error::Error;
use crate::guard::input::Query;
use crate::web::components::field::Errors;
use crate::web::duties::lines::{line, title};
use crate::web::site::{On, Posted, Sent, Site, Staff, again, fault, jiff_of, lead, page, refusal, write};
use crate::web::unsent::begun::Begun;

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/concerns", get(super::list::list))
        .route("/concerns/{reference}", get(summary))
        .route("/concerns/{reference}/people", get(people))
        .route("/concerns/{reference}/timeline", get(story::timeline))
        .route("/concerns/{reference}/proof/{number}", get(proof))
        .route("/concerns/{reference}/proof/{number}/file", get(file))
        .route(
            "/concerns/{reference}/restriction",
            get(restriction::show).post(restriction::act),
        )
        .route(
            "/concerns/{reference}/keeping",
            get(keeping_flow::show).post(keeping_flow::act),
        )
        .route(
            "/concerns/{reference}/not-here/{number}",
            get(keeping_flow::ask_not_here).post(keeping_flow::not_here),
        )
        .route(
            "/concerns/{reference}/amend/{what}",
            get(amend_flow::show).post(amend_flow::act),
        )
        .route("/concerns/{reference}/add", post(add))
        .route("/concerns/{reference}/disagree", post(disagree))
        .merge(decide_flow::routes())
        .merge(tell_flow::routes())
}

/// The concern, for whoever is signed in.
pub async fn find(site: &Site, who: &Staff, reference: &str) -> Result<ConcernPage, Error> {
    site.node().concern(&who.acting, reference).await.map_err(fault)
}

async fn summary(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(reference): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let found = find(&site, &who, &reference).await?;
    let done = Posted(query).get("done");
    let known = [
        "added",
        "disagreed",
        "decided",
        "waits",
        "told",
        "closed",
        "unreadable",
        "beside",
        "not-about",
        "again",
        "label",
    ];
    let message = known
        .contains(&done.as_str())
        .then(|| (true, site.t().code("did", &done)));
    let here = format!("/concerns/{reference}");
    let adding = Begun::at(&site, &who, &format!("{here}/add"), "").await?;
    let disagreeing = Begun::at(&site, &who, &format!("{here}/disagree"), "").await?;
    let mut drawn = drawn(&app, &site, &who, &headers, &found, &Errors::new());
    drawn.message = message;
    drawn.adding = adding.form.get("words");
    drawn.nature = adding.form.line("nature");
    drawn.disagreeing = disagreeing.form.get("disagree");
    drawn.shell.begun = adding.strip.or(disagreeing.strip);
    Ok(page(&drawn))
}

fn drawn<'a>(
    app: &App,
    site: &'a Site,
    who: &Staff,
    headers: &HeaderMap,
    found: &ConcernPage,
    errors: &Errors,
) -> Summary<'a> {
    let t = site.t();
    let head = head(site, found);
    let label = |subject| {
        found
            .subjects
            .iter()
            .find(|one| Some(one.id) == subject)
            .map(|one| one.label.clone())
    };
    let duties = found.concern.open_duties().map(|duty| {
        let about = label(duty.subject).unwrap_or_default();
        line(
            site,
            &found.concern.reference,
            duty,
            &about,
            &title(site, &duty.clock),
        )
    });
    Summary {
        shell: site
            .staff(app, headers, who, &head.title(&t.get("concern-summary")))
            .sections("/concerns", None)
            .errors(errors),
        t,
        facts: facts(site, found),
        said: said(site, found),
        duties: duties.collect(),
        children: children(site, found),
        purpose: t.code("purpose", found.purpose),
        message: None,
        adding: String::new(),
        nature: String::new(),
        disagreeing: String::new(),
        seen: found.seen,
        may_disagree: found.may.disagree && !found.concern.decisions.is_empty(),
        amends: [
            (found.may.declare_conflict, Amend::Family),
            (found.may.reopen && found.concern.closed.is_some(), Amend::Again),
            (found.may.add, Amend::Label),
        ]
        .into_iter()
        .filter_map(|(may, what)| may.then_some(what))
        .collect(),
        head,
    }
}

/// Each child and what was decided, and whether it waits for a second person.
fn children(site: &Site, found: &ConcernPage) -> Vec<(String, String)> {
    let t = site.t();
    let decided = |subject| {
        let Some(decision) = found.concern.decision(subject) else {
            return t.get("concern-not-decided");
        };
        let outcome = outcome_title(site, &decision.outcome);
        match (&decision.needs_second, &decision.second) {
            (Some(why), None) => {
                let why = t.code("second", why);
                t.msg("concern-waits-second")
                    .arg("outcome", outcome)
                    .arg("why", why)
                    .text()
            }
            _ => outcome,
        }
    };
    let is_child = |one: &&node::app::concern::SubjectView| one.kind == SubjectKind::Child && !one.not_about;
    let rows = found.subjects.iter().filter(is_child).map(|one| {
        let who = if one.label.is_empty() {
            t.get("people-not-known")
        } else {
            one.label.clone()
        };
        (who, decided(Some(one.id)))
    });
    rows.collect()
}

/// The title of an outcome, from the pack.
#[must_use]
pub fn outcome_title(site: &Site, code: &str) -> String {
    site.node()
        .pack()
        .outcome(code)
        .map_or_else(|| code.to_owned(), |outcome| outcome.title.clone())
}

async fn people(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(reference): Path<String>,
) -> Result<Response, Error> {
    let found = find(&site, &who, &reference).await?;
    let t = site.t();
    let when = site.when();
    let person = |one: &node::app::concern::SubjectView| {
        let named = found.entries.iter().find(|entry| entry.subject == Some(one.id));
        let said_by =
            named.map(|entry| format!("{}, {}", by(&site, &entry.by), when.date(jiff_of(entry.recorded))));
        Person {
            kind: one.kind.code().to_owned(),
            name: one.name.clone(),
            role: t.code("role", &one.role),
            said_by: said_by.unwrap_or_default(),
            details: one
                .details
                .iter()
                .map(|(field, text)| match field.as_str() {
                    "born" => (t.code("field", field), day(&site, text)),
                    _ => (t.code("field", field), text.clone()),
                })
                .collect(),
            put_right: (found.may.not_about && !one.not_about)
                .then(|| format!("/concerns/{reference}/amend/{}", Amend::NotAbout(one.id).part())),
            not_about: one.not_about,
        }
    };
    let head = head(&site, &found);
    Ok(page(&People {
        shell: site
            .staff(&app, &headers, &who, &head.title(&t.get("concern-people")))
            .sections("/concerns", None),
        t,
        people: found.subjects.iter().map(person).collect(),
        head,
    }))
}

async fn add(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(reference): Path<String>,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let (words, nature) = (form.get("words"), form.line("nature"));
    let errors = Summary::check_added(site.t(), &words, &nature);
    if !errors.is_empty() {
        let found = find(&site, &who, &reference).await?;
        let mut drawn = drawn(&app, &site, &who, &headers, &found, &errors);
        (drawn.adding, drawn.nature) = (words, nature);
        return Ok(again(&drawn));
    }
    let (acting, of) = (who.acting.clone(), reference.clone());
    let done = write(&site, move |node| async move {
        node.add_entry(&acting, &of, &words, &nature, &[]).await
    })
    .await;
    match done {
        Ok(_) => Ok(lead(&format!("/concerns/{reference}?done=added"))),
        Err(error) => refusal(&site, site.staff(&app, &headers, &who, ""), error),
    }
}

async fn disagree(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(reference): Path<String>,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let words = form.get("disagree");
    let found = find(&site, &who, &reference).await?;
    if words.trim().is_empty() {
        let errors = vec![Summary::no_disagreement(site.t())];
        return Ok(again(&drawn(&app, &site, &who, &headers, &found, &errors)));
    }
    let last = found
        .concern
        .decisions
        .iter()
        .rfind(|decision| !decision.superseded);
    let decision = last.map(|decision| decision.record).ok_or(Error::NotFound)?;
    let (acting, of) = (who.acting.clone(), reference.clone());
    let done = write(&site, move |node| async move {
        node.disagree(&acting, &of, decision, &words).await
    })
    .await;
    match done {
        Ok(_) => Ok(lead(&format!("/concerns/{reference}?done=disagreed"))),
        Err(error) => refusal(&site, site.staff(&app, &headers, &who, ""), error),
    }
}

async fn proven(site: &Site, who: &Staff, path: &(String, u32)) -> Result<(Entry, EntryProof), Error> {
    let found = find(site, who, &path.0).await?;
    let entry = found
        .entries
        .into_iter()
        .find(|entry| entry.sequence == path.1)
        .ok_or(Error::NotFound)?;
    let proof = site
        .node()
        .proof(&who.acting, &path.0, entry.record)
        .await
        .map_err(fault)?;
    Ok((entry, proof))
}

async fn proof(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(path): Path<(String, u32)>,
) -> Result<Response, Error> {
    let (entry, proof) = proven(&site, &who, &path).await?;
    let (t, when) = (site.t(), site.when());
    let (signed_at, witnesses) = match &proof.proven {
        Proven::Recorded => (String::new(), Vec::new()),
        Proven::Signed { at } => (when.time_on_date(jiff_of(*at)), Vec::new()),
        Proven::Witnessed { at, by } => (when.time_on_date(jiff_of(*at)), by.clone()),
    };
    let unchanged = proof.exhibit.is_some();
    let steps = vec![
        t.get("proof-step-leaf"),
        t.msg("proof-step-path").n("count", proof.path.len()).text(),
        t.get("proof-step-root"),
    ];
    let title = t
        .msg("proof-title")
        .arg("reference", &path.0)
        .n("number", path.1)
        .text();
    Ok(page(&Proof {
        shell: site
            .staff(&app, &headers, &who, &title)
            .sections("/concerns", None),
        t,
        reference: path.0,
        number: path.1,
        written: when.time_on_date(jiff_of(entry.recorded)),
        outcome: if unchanged {
            Outcome::Unchanged
        } else {
            Outcome::NotNow
        },
        steps: if unchanged { steps } else { Vec::new() },
        leaf: proof.leaf,
        root: proof.path.last().cloned().unwrap_or_default(),
        size: proof.size.to_string(),
        signed_at,
        witnesses,
    }))
}

async fn file(
    State(_): State<App>,
    On(site): On,
    who: Staff,
    Path(path): Path<(String, u32)>,
) -> Result<Response, Error> {
    let (_, proof) = proven(&site, &who, &path).await?;
    let bytes = proof.exhibit.ok_or(Error::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"entry.txt\""),
    ];
    Ok((headers, bytes).into_response())
}

//! Deciding, as handlers.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use domain::id::RecordId;
use domain::outcome::About;
use domain::view::SubjectKind;
use node::app::concern::ConcernPage;
use node::app::decide::Deciding;
use node::app::duties::Tab;

use super::decide::{Child, Decide, Outcome};
use super::handlers::{find, outcome_title};
use super::lines::head;
use crate::app::App;
use crate::error::Error;
use crate::web::components::field::Errors;
use crate::web::duties::lines::clock;
use crate::web::site::{On, Posted, Sent, Site, Staff, again, fault, jiff_of, lead, page, refusal, write};
use crate::web::unsent::begun::Begun;

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/concerns/{reference}/decide", get(show).post(decide))
        .merge(super::second_flow::routes())
}

async fn show(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(reference): Path<String>,
) -> Result<Response, Error> {
    let found = find(&site, &who, &reference).await?;
    if !found.may.decide {
        if let Some(waiting) = waiting(&found).filter(|_| found.may.second_read) {
            return Ok(lead(&format!("/concerns/{reference}/second/{waiting}")));
        }
        return Err(Error::NotFound);
    }
    let begun = Begun::at(&site, &who, &format!("/concerns/{reference}/decide"), "").await?;
    let left = (
        filled(&begun.form, children(&site, &found)),
        begun.form.all("mark"),
    );
    let mut drawn = drawn(&app, &site, &who, &headers, &found, left, &Errors::new());
    drawn.shell.begun = begun.strip;
    Ok(page(&drawn))
}

/// The decision that waits for a second person.
fn waiting(found: &ConcernPage) -> Option<RecordId> {
    let waits = |d: &&domain::view::Decision| d.needs_second.is_some() && d.second.is_none() && !d.superseded;
    found.concern.decisions.iter().find(waits).map(|d| d.record)
}

/// Each child not decided; the concern itself where no child is known.
fn children(site: &Site, found: &ConcernPage) -> Vec<Child> {
    let t = site.t();
    let is_child = |one: &&node::app::concern::SubjectView| one.kind == SubjectKind::Child && !one.not_about;
    let mut children: Vec<Child> = found
        .subjects
        .iter()
        .filter(is_child)
        .filter(|one| found.concern.decision(Some(one.id)).is_none())
        .map(|one| {
            let named = if one.name.is_empty() {
                t.get("people-not-known")
            } else {
                one.name.clone()
            };
            let who = if one.label.is_empty() {
                named
            } else {
                format!("{named} ({})", one.label)
            };
            Child {
                handle: one.id.to_string(),
                who,
                ..Child::default()
            }
        })
        .collect();
    if !found.subjects.iter().any(|one| one.kind == SubjectKind::Child)
        && found.concern.decision(None).is_none()
    {
        let who = t.get("decide-no-child");
        children.push(Child {
            handle: "none".to_owned(),
            who,
            ..Child::default()
        });
    }
    children
}

fn has_child(found: &ConcernPage) -> bool {
    found
        .subjects
        .iter()
        .any(|one| one.kind == SubjectKind::Child && !one.not_about)
}

fn outcomes(site: &Site, who: &Staff, child: bool) -> Vec<Outcome> {
    let agency = site.node().agency();
    let role = agency
        .posts
        .iter()
        .find(|post| post.id == who.acting.post)
        .map(|post| post.role.clone());
    let role = role.unwrap_or_default();
    let offered = |outcome: &&domain::outcome::Outcome| {
        outcome.may_decide(&role) && outcome.about != if child { About::Other } else { About::Child }
    };
    let shown = |outcome: &domain::outcome::Outcome| Outcome {
        code: outcome.id.clone(),
        words: outcome.title.clone(),
        second: matches!(outcome.second, domain::outcome::Second::Always)
            .then(|| site.t().get("second-always")),
    };
    site.node()
        .pack()
        .outcomes
        .iter()
        .filter(offered)
        .map(shown)
        .collect()
}

fn drawn<'a>(
    app: &App,
    site: &'a Site,
    who: &Staff,
    headers: &HeaderMap,
    found: &ConcernPage,
    (children, marks): (Vec<Child>, Vec<String>),
    errors: &Errors,
) -> Decide<'a> {
    let (t, when) = (site.t(), site.when());
    let head = head(site, found);
    let c01 = found.concern.open_duties().find(|duty| duty.clock == "C01");
    let label = |subject| {
        let one = found.subjects.iter().find(|one| Some(one.id) == subject);
        one.map_or_else(|| t.get("decide-no-child"), |one| one.label.clone())
    };
    let decided = found
        .concern
        .decisions
        .iter()
        .filter(|d| !d.superseded)
        .map(|decision| {
            let words = t
                .msg("decide-already")
                .arg("outcome", outcome_title(site, &decision.outcome));
            let line = words
                .arg("when", when.near(jiff_of(decision.at)))
                .arg("who", label(decision.subject));
            line.text()
        });
    let prompts = |child: &Child| {
        let found = site.node().pack().prompts_in(&child.reason);
        let one = |p: &domain::pack::Prompted<'_>| {
            let phrase = child.reason.get(p.from..p.to).unwrap_or_default().to_owned();
            (phrase, String::new(), p.prompt.advice.clone())
        };
        found.iter().map(one).collect::<Vec<_>>()
    };
    let (before, categories): (Vec<_>, Vec<_>) = site
        .node()
        .pack()
        .categories
        .iter()
        .partition(|one| found.concern.categories.contains(&one.id));
    let marked = before.iter();
    Decide {
        shell: site
            .staff(app, headers, who, &head.title(&t.get("concern-decide")))
            .sections("/concerns", None)
            .errors(errors),
        t,
        clock: c01.map(|duty| clock(site, &when, duty)),
        seen_before: Vec::new(),
        decided: decided.collect(),
        outcomes: outcomes(site, who, has_child(found)),
        categories: categories
            .iter()
            .map(|one| (one.id.clone(), one.title.clone()))
            .collect(),
        marks,
        marked: marked.map(|one| one.title.clone()).collect(),
        phrases: children.iter().flat_map(prompts).collect(),
        children,
        seen: found.seen,
        head,
    }
}

/// What was typed for each child.
fn filled(form: &Posted, mut children: Vec<Child>) -> Vec<Child> {
    for child in &mut children {
        child.outcome = form.line(&child.outcome_field());
        child.reason = form.get(&child.reason_field());
    }
    children
}

/// What was typed for each child; with "the same for all", what was typed for the first.
fn typed(form: &Posted, children: Vec<Child>) -> Vec<Child> {
    let mut children = filled(form, children);
    if form.get("same") == "yes"
        && let Some(first) = children.first().cloned()
    {
        for child in &mut children {
            child.outcome.clone_from(&first.outcome);
            child.reason.clone_from(&first.reason);
        }
    }
    // A child left wholly blank is left for later, unless all are.
    let blank = |child: &Child| child.outcome.is_empty() && child.reason.trim().is_empty();
    if !children.iter().all(blank) {
        children.retain(|child| !blank(child));
    }
    children
}

async fn decide(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(reference): Path<String>,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let found = find(&site, &who, &reference).await?;
    let children = typed(&form, children(&site, &found));
    if form.get("do") == "mark" {
        return mark(&app, &site, &who, &headers, &found, form.all("mark")).await;
    }
    let (offered, marks) = (outcomes(&site, &who, has_child(&found)), form.all("mark"));
    let errors: Errors = children
        .iter()
        .flat_map(|child| child.check(site.t(), &offered))
        .collect();
    if !errors.is_empty() || children.is_empty() {
        return Ok(again(&drawn(
            &app,
            &site,
            &who,
            &headers,
            &found,
            (children, marks),
            &errors,
        )));
    }
    let decisions: Vec<Deciding> = children
        .iter()
        .map(|child| Deciding {
            subject: child.handle.parse().ok(),
            outcome: child.outcome.clone(),
            reason: child.reason.clone(),
        })
        .collect();
    let (acting, of, seen) = (who.acting.clone(), reference.clone(), form.number("seen"));
    let done = write(&site, move |node| async move {
        node.mark_and_decide(&acting, &of, seen, &marks, &decisions).await
    })
    .await;
    let concern = match done {
        Ok(concern) => concern,
        Err(error) => return refusal(&site, site.staff(&app, &headers, &who, ""), error),
    };
    if form.get("do") == "next" {
        return Ok(lead(&next(&site, &who, &reference).await?));
    }
    let waits = concern
        .decisions
        .iter()
        .any(|d| d.needs_second.is_some() && d.second.is_none() && !d.superseded);
    let done = if waits { "waits" } else { "decided" };
    Ok(lead(&format!("/concerns/{reference}?done={done}")))
}

/// Marks what kind of concern it is, once there is nothing left to decide.
async fn mark(
    app: &App,
    site: &Site,
    who: &Staff,
    headers: &HeaderMap,
    found: &ConcernPage,
    marks: Vec<String>,
) -> Result<Response, Error> {
    if marks.is_empty() {
        let errors = vec![("mark".to_owned(), site.t().get("decide-marks-error"))];
        let left = (children(site, found), marks);
        return Ok(again(&drawn(app, site, who, headers, found, left, &errors)));
    }
    let reference = found.concern.reference.clone();
    let done = site.node().mark(&who.acting, &reference, &marks).await;
    match done {
        Ok(_) => Ok(lead(&format!("/concerns/{reference}/decide"))),
        Err(error) => refusal(site, site.staff(app, headers, who, ""), error),
    }
}

/// The next concern to decide, most pressing first; the list when there is none.
async fn next(site: &Site, who: &Staff, done: &str) -> Result<String, Error> {
    let mine = site
        .node()
        .my_duties(&who.acting, Tab::Mine)
        .await
        .map_err(fault)?;
    let next = mine
        .lines
        .iter()
        .find(|line| line.duty.clock == "C01" && line.reference != done);
    Ok(next.map_or_else(
        || "/duties?done=decided".to_owned(),
        |line| format!("/concerns/{}/decide", line.reference),
    ))
}

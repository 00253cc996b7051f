//! The duty pages as handlers: the lists, one duty, its answer, what climbed, and why it is due.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use domain::id::DutyId;
use domain::view::Duty as Folded;
use node::app::concern::ConcernPage;
use node::app::duties::{Answer, DutyLine, DutyPage, Tab};

use super::climbed::Climbed;
use super::duty::{Duty, Given};
use super::lines::{line, title};
use super::list::{Duties, Line, List};
use super::trail;
use crate::app::App;
use crate::error::Error;
use crate::guard::input::Query;
use crate::web::components::field::Errors;
use crate::web::format::When;
use crate::web::site::{On, Posted, Sent, Site, Staff, again, fault, jiff_of, lead, page, refusal, write};
use crate::web::unsent::begun::Begun;

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/duties", get(lists))
        .route("/concerns/{reference}/duties/{duty}", get(show).post(act))
        .route(
            "/concerns/{reference}/duties/{duty}/wait",
            get(super::waiting::show).post(super::waiting::act),
        )
        .route(
            "/concerns/{reference}/duties/{duty}/why",
            get(super::why_page::why),
        )
}

fn tab(list: List) -> Tab {
    match list {
        List::Mine => Tab::Mine,
        List::Team => Tab::Team,
        List::Owed => Tab::Owed,
        List::Finished => Tab::Finished,
    }
}

async fn lists(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let query = Posted(query);
    let list = List::from_code(&query.get("list"));
    let found = site
        .node()
        .my_duties(&who.acting, tab(list))
        .await
        .map_err(fault)?;
    let when = site.when();
    let chosen = query.all("kind");
    let asked_by = query.all("asked");
    let reference = query.line("q");
    let kinds = kinds(&site, &found);
    let askers = askers(&found);
    let kept = found
        .lines
        .iter()
        .filter(|one| wanted(one, &chosen, &reference))
        .filter(|one| asked_by.is_empty() || asked_by.iter().any(|code| code == asker(one)));
    let lines: Vec<Line> = kept.map(|one| drawn(&site, one)).collect();
    let sizes = found.counts.map(|count| usize::try_from(count).unwrap_or(0));
    let t = site.t();
    let [mine, ..] = sizes;
    Ok(page(&Duties {
        shell: site
            .staff(&app, &headers, &who, &t.get("duties-title"))
            .sections("/duties", Some(mine)),
        t,
        list,
        sizes,
        lines,
        as_at: (when.time_on_date(when.now()), when.datetime(when.now())),
        changed: (list == List::Mine).then(|| changed(&found)),
        told: site.node().told(&who.acting).await.map_err(fault)?,
        letting: site.node().asks_waiting(&who.acting).await.map_err(fault)?,
        message: message(&site, &query.get("done")),
        reference,
        kinds,
        chosen,
        askers,
        asked_by,
        page: (1, 1),
    }))
}

fn message(site: &Site, done: &str) -> Option<String> {
    let known = [
        "answered",
        "accepted",
        "asked",
        "decided",
        "waits",
        "added",
        "told",
        "closed",
        "disagreed",
        "restricted",
        "family",
    ];
    known.contains(&done).then(|| site.t().code("did", done))
}

fn drawn(site: &Site, one: &DutyLine) -> Line {
    line(site, &one.reference, &one.duty, &one.label, &one.title)
}

fn wanted(one: &DutyLine, chosen: &[String], text: &str) -> bool {
    let text = text.to_lowercase();
    let kind = chosen.is_empty() || chosen.contains(&one.duty.clock);
    let found = [&one.reference, &one.label]
        .iter()
        .any(|field| field.to_lowercase().contains(&text));
    kind && (text.is_empty() || found)
}

fn kinds(site: &Site, found: &DutyPage) -> Vec<(String, String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for one in &found.lines {
        *counts.entry(one.duty.clock.as_str()).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|(clock, count)| (clock.to_owned(), title(site, clock), count))
        .collect()
}

fn asker(one: &DutyLine) -> &'static str {
    if one.in_work { "work" } else { "public" }
}

/// Whose reports the duties go back to, those that occur.
fn askers(found: &DutyPage) -> Vec<(&'static str, usize)> {
    ["work", "public"]
        .map(|code| (code, found.lines.iter().filter(|one| asker(one) == code).count()))
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// Made and lapsed in the last 24 hours.
fn changed(found: &DutyPage) -> [usize; 2] {
    let since = found.now.plus_minutes(-24 * 60);
    let count = |is: &dyn Fn(&Folded) -> bool| found.lines.iter().filter(|one| is(&one.duty)).count();
    [
        count(&|duty| duty.made >= since),
        count(&|duty| duty.lapsed.is_some_and(|at| at >= since)),
    ]
}

/// A duty on a page of its own, with the concern it is of.
pub async fn find(site: &Site, who: &Staff, path: &(String, String)) -> Result<(ConcernPage, Folded), Error> {
    let id: DutyId = path.1.parse().map_err(|_| Error::NotFound)?;
    let found = site.node().concern(&who.acting, &path.0).await.map_err(fault)?;
    let duty = found.concern.duty(id).cloned().ok_or(Error::NotFound)?;
    Ok((found, duty))
}

/// Initials and age of whom a duty is about.
#[must_use]
pub fn about(found: &ConcernPage, duty: &Folded) -> String {
    let is_shown = |id| duty.subject.is_none_or(|subject| subject == id);
    let labels = found
        .subjects
        .iter()
        .filter(|one| is_shown(one.id) && !one.label.is_empty());
    labels
        .take(3)
        .map(|one| one.label.clone())
        .collect::<Vec<_>>()
        .join("; ")
}

async fn show(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(path): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let place = format!("/concerns/{}/duties/{}", path.0, path.1);
    let begun = match Posted(query).get("see").as_str() {
        "reached" => Begun::default(),
        "answer" => begun_answer(Begun::at(&site, &who, &place, "").await?),
        _ => Begun::at(&site, &who, &place, "").await?,
    };
    draw(&app, &site, &who, &headers, &path, begun, &Errors::new()).await
}

async fn draw(
    app: &App,
    site: &Site,
    who: &Staff,
    headers: &HeaderMap,
    path: &(String, String),
    begun: Begun,
    errors: &Errors,
) -> Result<Response, Error> {
    let (found, duty) = find(site, who, path).await?;
    let answers = found.answerable[0].contains(&duty.id) && is_answer(&begun.form);
    if climbed_here(who, &duty) && !answers {
        let question = begun.form.get("question");
        let mut drawn = climbed(app, site, who, headers, (&found, &duty), question, errors);
        drawn.shell.begun = begun.strip;
        return Ok(as_is(&drawn, errors));
    }
    let given = given(&begun.form);
    let mut drawn = single(app, site, who, headers, (&found, &duty), given, errors);
    drawn.shell.begun = begun.strip;
    Ok(as_is(&drawn, errors))
}

/// What was begun, or else the beginning of an answer.
fn begun_answer(begun: Begun) -> Begun {
    if is_answer(&begun.form) {
        return begun;
    }
    as_posted(Posted(vec![("do".to_owned(), "answer".to_owned())]))
}

/// Whether a form is of an answer, and not of a question to those below.
fn is_answer(form: &Posted) -> bool {
    form.get("do") == "answer" || !form.line("how").is_empty() || !form.get("words").is_empty()
}

/// A form as it was just posted: there is nothing to say about when.
fn as_posted(form: Posted) -> Begun {
    Begun { form, strip: None }
}

fn as_is(drawn: &impl askama::Template, errors: &Errors) -> Response {
    if errors.is_empty() {
        page(drawn)
    } else {
        again(drawn)
    }
}

/// Whether a duty has climbed to this post above its owner.
fn climbed_here(who: &Staff, duty: &Folded) -> bool {
    duty.owner != who.acting.post
        && duty
            .rungs
            .iter()
            .any(|rung| rung.told_in == who.acting.post && rung.stepped_over.is_none())
}

fn single<'a>(
    app: &App,
    site: &'a Site,
    who: &Staff,
    headers: &HeaderMap,
    (found, duty): (&ConcernPage, &Folded),
    given: Given,
    errors: &Errors,
) -> Duty<'a> {
    let t = site.t();
    let when = site.when();
    let reference = &found.concern.reference;
    let line = line(
        site,
        reference,
        duty,
        &about(found, duty),
        &title(site, &duty.clock),
    );
    let heading = t.msg("duty-title").arg("reference", reference).text();
    let [answer, accept] = &found.answerable;
    let standing = duty.standing().map_or(duty.made, |rung| rung.at);
    Duty {
        shell: site
            .staff(app, headers, who, &heading)
            .sections("/duties", None)
            .errors(errors),
        t,
        action: line.href.clone(),
        concern: format!("/concerns/{reference}"),
        owner: site.post_title(&duty.owner),
        asked: trail::asked(site, found, duty),
        history: trail::history(site, &when, duty),
        may_accept: accept.contains(&duty.id) && !duty.accepted_since(standing),
        may_answer: answer.contains(&duty.id),
        climbed: climbed_here(who, duty),
        answers: site.node().answers_of(&duty.clock),
        findings: findings(site, duty),
        given,
        outcome: outcome(site, &when, duty, &line),
        seen: found.seen,
        line,
    }
}

/// What may be found when a duty is done, by code and title.
fn findings(site: &Site, duty: &Folded) -> Vec<(String, String)> {
    let found = site.node().pack().findings_of(&duty.clock);
    found.map(|one| (one.id.clone(), one.title.clone())).collect()
}

/// What stands after an answer that left the clock running.
fn outcome(site: &Site, when: &When<'_>, duty: &Folded, line: &Line) -> Option<String> {
    let t = site.t();
    if !duty.is_open() {
        return None;
    }
    if duty.cannot_by_then.is_some() {
        let next = duty
            .standing()
            .map_or_else(String::new, |rung| site.post_title(&rung.post));
        return Some(t.msg("duty-manager-next").arg("who", next).text());
    }
    let (_, next) = duty.tried.last()?;
    let running = t
        .msg("duty-running")
        .arg("left", &line.clock.left)
        .arg("due", &line.clock.due)
        .text();
    let next = next.map(|at| t.msg("duty-next-try").arg("when", when.near(jiff_of(at))).text());
    Some(
        [Some(running), next]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
    )
}

fn climbed<'a>(
    app: &App,
    site: &'a Site,
    who: &Staff,
    headers: &HeaderMap,
    (found, duty): (&ConcernPage, &Folded),
    question: String,
    errors: &Errors,
) -> Climbed<'a> {
    let (t, when) = (site.t(), site.when());
    let reference = found.concern.reference.clone();
    let heading = t.msg("climbed-title").arg("reference", &reference).text();
    let accepted = duty
        .accepted
        .as_ref()
        .filter(|(_, post, _)| *post == who.acting.post);
    let may_answer = found.answerable[0].contains(&duty.id);
    let since = found.now.plus_minutes(-7 * 24 * 60);
    let notices = found
        .concern
        .notices
        .iter()
        .filter(|n| n.post == who.acting.post && n.queued >= since)
        .count();
    Climbed {
        shell: site
            .staff(app, headers, who, &heading)
            .sections("/duties", None)
            .errors(errors),
        t,
        action: format!("/concerns/{reference}/duties/{}", duty.id),
        duty: title(site, &duty.clock),
        due: when.near(jiff_of(duty.due)),
        late: when.between(jiff_of(duty.due), when.now()),
        who: about(found, duty),
        before: trail::before(site, &when, duty, &who.acting.post),
        help: trail::help(site, &when, found, duty),
        undone: trail::undone(site, &when, found),
        next: trail::next(site, &when, duty),
        accepted: accepted.map(|(_, _, at)| when.near(jiff_of(*at))),
        may_answer,
        ask: site.post_title(&duty.owner),
        question,
        notices,
        seen: found.seen,
        reference,
    }
}

async fn act(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(path): Path<(String, String)>,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let id: DutyId = path.1.parse().map_err(|_| Error::NotFound)?;
    let (acting, reference) = (who.acting.clone(), path.0.clone());
    let done = match form.get("do").as_str() {
        "accept" => {
            write(&site, move |node| async move {
                node.accept(&acting, &reference, id).await.map(|_| "accepted")
            })
            .await
        }
        "ask" => {
            let words = form.get("question");
            if words.trim().is_empty() {
                let errors = vec![Climbed::no_question(site.t())];
                return draw(&app, &site, &who, &headers, &path, as_posted(form), &errors).await;
            }
            write(&site, move |node| async move {
                node.ask(&acting, &reference, id, &words).await.map(|_| "asked")
            })
            .await
        }
        _ => {
            let given = given(&form);
            let (_, duty) = find(&site, &who, &path).await?;
            let (errors, next) = check(&site, &duty, &given);
            if !errors.is_empty() {
                return draw(&app, &site, &who, &headers, &path, as_posted(form), &errors).await;
            }
            let answer = answer_of(given, next);
            write(&site, move |node| async move {
                node.answer(&acting, &reference, id, &answer)
                    .await
                    .map(|_| "answered")
            })
            .await
        }
    };
    match done {
        Ok("answered") => Ok(lead("/duties?done=answered")),
        Ok(_) => Ok(lead(&format!("/concerns/{}/duties/{}", path.0, path.1))),
        Err(error) => refusal(&site, site.staff(&app, &headers, &who, ""), error),
    }
}

fn answer_of(given: Given, next: Option<domain::time::Instant>) -> Answer {
    let finding = (given.how == "done" && !given.finding.is_empty()).then_some(given.finding);
    let words = match given.reference.as_str() {
        "" => given.words,
        reference => format!("{} ({reference})", given.words),
    };
    Answer {
        how: given.how,
        words,
        when: None,
        next,
        finding,
    }
}

fn given(form: &Posted) -> Given {
    Given {
        how: form.line("how"),
        finding: form.line("finding"),
        words: form.get("words"),
        reference: form.line("reference"),
        next: ["day", "month", "year", "time"].map(|part| form.line(&format!("next-{part}"))),
    }
}

fn check(site: &Site, duty: &Folded, given: &Given) -> (Errors, Option<domain::time::Instant>) {
    let t = site.t();
    let mut errors = given.check(t, site.node().answers_of(&duty.clock), &findings(site, duty));
    let [day, month, year, time] = &given.next;
    let next = site
        .when()
        .typed(day, month, year, time)
        .map(domain::time::Instant::from_jiff);
    if given.how == "tried" && next.is_none() && errors.is_empty() {
        errors.push(("next".to_owned(), t.get("duty-next-error")));
    }
    (
        errors,
        next.filter(|_| matches!(given.how.as_str(), "tried" | "part")),
    )
}

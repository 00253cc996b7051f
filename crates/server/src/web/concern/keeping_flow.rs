//! Holds, erasing and "this must not be here", as handlers.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::id::RecordId;
use domain::record::{Kind, Value};
use domain::view::{Erasure, Hold};
use node::app::AppError;
use node::app::concern::{ConcernPage, Entry};
use node::app::keep::REASONS;

use super::handlers::find;
use super::keeping::{AUTHORITIES, Given, Keeping, Kept, NotHere, has_text, texts, why_id};
use super::lines::{by, day, head, keeping};
use super::titles;
use crate::app::App;
use crate::error::Error;
use crate::guard::input::Query;
use crate::web::components::field::Errors;
use crate::web::site::{On, Posted, Sent, Site, Staff, again, jiff_of, lead, page, refusal, write};

/// `GET …/keeping`.
pub async fn show(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(reference): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let found = find(&site, &who, &reference).await?;
    let done = Posted(query).get("done");
    let known = ["held", "released", "asked", "agreed", "withdrawn"].contains(&done.as_str());
    let mut drawn = draw(
        &app,
        &site,
        &who,
        &headers,
        &found,
        Given::default(),
        &Errors::new(),
    )
    .await?;
    drawn.done = known.then(|| site.t().code("kept", &done));
    Ok(page(&drawn))
}

async fn draw<'a>(
    app: &App,
    site: &'a Site,
    who: &Staff,
    headers: &HeaderMap,
    found: &ConcernPage,
    given: Given,
    errors: &Errors,
) -> Result<Keeping<'a>, Error> {
    if !keeping(&found.may) {
        return Err(Error::NotFound);
    }
    let (t, concern) = (site.t(), &found.concern);
    let mut erasures = Vec::new();
    for one in concern.erasures.iter().rev() {
        erasures.push(erasure(site, who, found, one).await?);
    }
    let head = head(site, found);
    Ok(Keeping {
        shell: site
            .staff(app, headers, who, &head.title(&t.get("keeping-title")))
            .sections("/concerns", None)
            .errors(errors),
        t,
        done: None,
        holds: concern
            .holds
            .iter()
            .rev()
            .map(|one| hold(site, who, found, one))
            .collect(),
        erasures,
        refused: refused(site, found),
        may_hold: found.may.set_hold,
        held: concern.holds.iter().any(Hold::stands),
        may_ask: found.may.ask_erasure,
        fields: fields(site, found),
        given,
        head,
    })
}

fn hold(site: &Site, who: &Staff, found: &ConcernPage, hold: &Hold) -> Kept {
    let t = site.t();
    let released = hold.released_by.iter().map(|body| {
        let posts = &site.node().agency().posts;
        let post = posts.iter().find(|post| post.id.post() == body);
        post.map_or_else(|| body.clone(), |post| post.title.clone())
    });
    let released: Vec<String> = released.collect();
    let state = if hold.stands() { "stands" } else { "ended" };
    let mut rows = vec![(t.get("keeping-state"), t.code("hold-is", state))];
    if let Some(review) = hold.review.as_ref().filter(|review| !review.is_empty()) {
        rows.push((t.get("keeping-review"), day(site, review)));
    }
    if !released.is_empty() {
        rows.push((t.get("keeping-released-by"), released.join(", ")));
    }
    let mine = hold.released_by.iter().any(|body| body == who.acting.post.post());
    // A hold that a rule set carries the rule's own title; one that a person set, the words they chose from.
    let pack = site.node().pack();
    let rule = pack.holds.iter().find(|rule| rule.authority == hold.authority);
    Kept {
        record: hold.record.to_string(),
        title: rule.map_or_else(|| t.code("hold", &hold.authority), |rule| rule.title.clone()),
        rows,
        may_agree: found.may.release_hold && hold.stands() && !mine,
        may_withdraw: false,
    }
}

async fn erasure(site: &Site, who: &Staff, found: &ConcernPage, one: &Erasure) -> Result<Kept, Error> {
    let (t, when) = (site.t(), site.when());
    let entry = found.entries.iter().find(|entry| entry.record == one.record);
    let state = match () {
        () if one.erased.is_some() => "erased",
        () if one.stopped => "stopped",
        () if one.must_not_be_here => "kept-for-police",
        () if one.agreed.is_some() => "agreed",
        () => "asked",
    };
    let mut rows = vec![
        (t.get("keeping-state"), t.code("erasure-is", state)),
        (t.get("keeping-reason"), t.code("erasereason", &one.reason)),
        (t.get("keeping-asked-by"), site.colleague(&one.by).await?),
        (t.get("keeping-asked"), when.date_at_time(jiff_of(one.at))),
    ];
    if let Some((actor, at)) = &one.agreed {
        rows.push((t.get("keeping-agreed-by"), site.colleague(actor).await?));
        rows.push((t.get("keeping-agreed"), when.date_at_time(jiff_of(*at))));
    }
    let waits = matches!(state, "asked" | "agreed");
    if let Some(due) = one.due.filter(|_| waits) {
        rows.push((t.get("keeping-due"), when.date(jiff_of(due))));
    }
    if let Some(at) = one.erased {
        rows.push((t.get("keeping-erased"), when.date_at_time(jiff_of(at))));
    }
    let mine = one.by.practitioner() == Some(who.acting.practitioner);
    Ok(Kept {
        record: one.asked.to_string(),
        title: entry.map_or_else(
            || t.code("field", &one.field),
            |entry| which(site, found, entry, &one.field),
        ),
        rows,
        may_agree: found.may.agree_erasure && state == "asked" && !mine,
        may_withdraw: found.may.withdraw_erasure && waits,
    })
}

/// What was asked for and refused at once: who asked, why, and what stood against it. Refused, it changed nothing.
fn refused(site: &Site, found: &ConcernPage) -> Vec<Kept> {
    let (t, when) = (site.t(), site.when());
    let text = |entry: &Entry, name: &str| match entry.codes.get(name) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let one = |entry: &Entry| {
        let (record, field) = (text(entry, "record"), text(entry, "field"));
        let of = found.entries.iter().find(|of| of.record.to_string() == record);
        Kept {
            record: entry.record.to_string(),
            title: of.map_or_else(|| t.code("field", &field), |of| which(site, found, of, &field)),
            rows: vec![
                (
                    t.get("keeping-state"),
                    t.code("erasure-refused", &text(entry, "because")),
                ),
                (
                    t.get("keeping-reason"),
                    t.code("erasereason", &text(entry, "reason")),
                ),
                (t.get("keeping-asked-by"), by(site, &entry.by)),
                (t.get("keeping-asked"), when.date_at_time(jiff_of(entry.recorded))),
            ],
            may_agree: false,
            may_withdraw: false,
        }
    };
    let kind = |entry: &&Entry| entry.kind == Kind::ErasureRefused;
    found.entries.iter().rev().filter(kind).map(one).collect()
}

/// An entry and one of its fields, in words that hold nothing of what it says.
fn which(site: &Site, found: &ConcernPage, entry: &Entry, field: &str) -> String {
    let t = site.t();
    t.msg("keeping-entry")
        .n("number", entry.sequence)
        .arg("title", titles::of(site, found, entry))
        .arg("field", t.code("field", field))
        .text()
}

/// Everything that could be erased.
fn fields(site: &Site, found: &ConcernPage) -> Vec<(String, String)> {
    let of = |entry: &Entry| -> Vec<(String, String)> {
        let one = |field: &String| {
            (
                format!("{}:{field}", entry.sequence),
                which(site, found, entry, field),
            )
        };
        entry.erasable.iter().map(one).collect()
    };
    found.entries.iter().flat_map(of).collect()
}

/// `POST …/keeping`.
pub async fn act(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(reference): Path<String>,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let found = find(&site, &who, &reference).await?;
    let (acting, of) = (who.acting.clone(), reference.clone());
    let record = form.get("record").parse::<RecordId>();
    let (done, result) = match form.get("do").as_str() {
        "release" => {
            let hold = record.map_err(|_| Error::NotFound)?;
            let work = async |node: node::app::Node| node.release_hold(&acting, &of, hold).await;
            ("released", write(&site, work).await)
        }
        "agree" => {
            let asked = record.map_err(|_| Error::NotFound)?;
            let work = async |node: node::app::Node| node.agree_erasure(&acting, &of, asked).await;
            ("agreed", write(&site, work).await)
        }
        "withdraw" => {
            let asked = record.map_err(|_| Error::NotFound)?;
            let why = form.get("why");
            if why.trim().is_empty() {
                let errors = vec![(why_id(&asked.to_string()), site.t().get("keeping-why-error"))];
                let drawn = draw(&app, &site, &who, &headers, &found, given(&form), &errors).await?;
                return Ok(again(&drawn));
            }
            let work = async |node: node::app::Node| node.withdraw_erasure(&acting, &of, asked, &why).await;
            ("withdrawn", write(&site, work).await)
        }
        what @ ("hold" | "ask") => {
            let given = given(&form);
            let checked = match what {
                "hold" => check_hold(&site, &given),
                _ => check_ask(&site, &found, &given),
            };
            let wanted = match checked {
                Ok(wanted) => wanted,
                Err(errors) => {
                    let drawn = draw(&app, &site, &who, &headers, &found, given, &errors).await?;
                    return Ok(again(&drawn));
                }
            };
            let done = if what == "hold" { "held" } else { "asked" };
            (
                done,
                write(&site, async |node: node::app::Node| match &wanted {
                    Wanted::Hold(review) => node.set_hold(&acting, &of, &given.authority, review).await,
                    Wanted::Erase(record, field) => {
                        node.ask_erasure(&acting, &of, *record, field, &given.reason)
                            .await
                    }
                })
                .await,
            )
        }
        _ => return Err(Error::NotFound),
    };
    ended(&app, &site, &who, &headers, &reference, done, result.map(drop))
}

fn ended(
    app: &App,
    site: &Site,
    who: &Staff,
    headers: &HeaderMap,
    reference: &str,
    done: &str,
    result: Result<(), AppError>,
) -> Result<Response, Error> {
    match result {
        Ok(()) => Ok(lead(&format!("/concerns/{reference}/keeping?done={done}"))),
        Err(error) => refusal(site, site.staff(app, headers, who, ""), error),
    }
}

enum Wanted {
    Hold(String),
    Erase(RecordId, String),
}

fn given(form: &Posted) -> Given {
    Given {
        authority: form.line("authority"),
        review: ["day", "month", "year"].map(|part| form.line(&format!("review-{part}"))),
        which: form.line("which"),
        reason: form.line("reason"),
    }
}

fn check_hold(site: &Site, given: &Given) -> Result<Wanted, Errors> {
    let t = site.t();
    let mut errors = Errors::new();
    if !AUTHORITIES.contains(&given.authority.as_str()) {
        errors.push(("authority".to_owned(), t.get("keeping-authority-error")));
    }
    let [day, month, year] = &given.review;
    let when = site.when();
    match when.typed(day, month, year, "12:00") {
        Some(at) if at > when.now() && errors.is_empty() => {
            let zone = site.node().pack().zone.clone();
            return Ok(Wanted::Hold(at.to_zoned_datetime(zone).date().to_string()));
        }
        Some(at) if at > when.now() => {}
        _ => errors.push(("review".to_owned(), t.get("keeping-review-error"))),
    }
    Err(errors)
}

fn check_ask(site: &Site, found: &ConcernPage, given: &Given) -> Result<Wanted, Errors> {
    let t = site.t();
    let mut errors = Errors::new();
    let wanted = given.which.split_once(':').and_then(|(number, field)| {
        let number: u32 = number.parse().ok()?;
        let entry = found.entries.iter().find(|entry| entry.sequence == number)?;
        let known = entry.erasable.iter().any(|one| one == field);
        known.then(|| Wanted::Erase(entry.record, field.to_owned()))
    });
    if wanted.is_none() {
        errors.push(("which".to_owned(), t.get("keeping-which-error")));
    }
    if !REASONS.contains(&given.reason.as_str()) {
        errors.push(("reason".to_owned(), t.get("keeping-reason-error")));
    }
    match wanted {
        Some(wanted) if errors.is_empty() => Ok(wanted),
        _ => Err(errors),
    }
}

/// `GET …/not-here/{number}`.
pub async fn ask_not_here(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path((reference, number)): Path<(String, u32)>,
) -> Result<Response, Error> {
    let found = find(&site, &who, &reference).await?;
    let (drawn, _) = draw_not_here(&app, &site, &who, &headers, &found, number, &Errors::new())?;
    Ok(page(&drawn))
}

fn draw_not_here<'a>(
    app: &App,
    site: &'a Site,
    who: &Staff,
    headers: &HeaderMap,
    found: &ConcernPage,
    number: u32,
    errors: &Errors,
) -> Result<(NotHere<'a>, RecordId), Error> {
    let entry = found.entries.iter().find(|entry| entry.sequence == number);
    let entry = entry.filter(|entry| found.may.must_not_be_here && has_text(entry));
    let entry = entry.ok_or(Error::NotFound)?;
    let t = site.t();
    let fields: Vec<(String, String)> = texts(entry)
        .map(|field| (field.to_owned(), which(site, found, entry, field)))
        .collect();
    let chosen = match fields.as_slice() {
        [(only, _)] => only.clone(),
        _ => String::new(),
    };
    let head = head(site, found);
    let drawn = NotHere {
        shell: site
            .staff(app, headers, who, &head.title(&t.get("nothere-title")))
            .sections("/concerns", None)
            .errors(errors),
        t,
        number,
        fields,
        chosen,
        head,
    };
    Ok((drawn, entry.record))
}

/// `POST …/not-here/{number}`.
pub async fn not_here(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path((reference, number)): Path<(String, u32)>,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let found = find(&site, &who, &reference).await?;
    let field = form.line("field");
    let t = site.t();
    let errors = vec![("field".to_owned(), t.get("nothere-which-error"))];
    let (drawn, record) = draw_not_here(&app, &site, &who, &headers, &found, number, &errors)?;
    if !drawn.fields.iter().any(|(code, _)| *code == field) {
        return Ok(again(&drawn));
    }
    let (acting, of) = (who.acting.clone(), reference.clone());
    let done = write(&site, async |node: node::app::Node| {
        node.must_not_be_here(&acting, &of, record, &field).await
    })
    .await;
    match done {
        Ok(_) => Ok(lead(&format!("/concerns/{reference}?done=unreadable"))),
        Err(error) => refusal(&site, site.staff(&app, &headers, &who, ""), error),
    }
}

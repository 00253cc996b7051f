//! Letting an inspection in, as handlers.

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use domain::id::{PractitionerId, RecordId};
use domain::time::Instant;
use node::app::AppError;
use node::app::grants::{GrantView, NewGrant};

use super::page::{Given, Grant, Inspections, POWERS};
use crate::app::App;
use crate::error::Error;
use crate::web::components::field::Errors;
use crate::web::site::{On, Posted, Sent, Site, Staff, again, fault, jiff_of, lead, page, refusal, write};

/// The role whose posts inspectors hold.
const INSPECTOR: &str = "inspector";

/// The pages.
pub fn routes() -> Router<App> {
    Router::new().route("/inspections", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let drawn = draw(&app, &site, &who, &headers, Given::default(), &Errors::new()).await?;
    Ok(page(&drawn))
}

async fn draw<'a>(
    app: &App,
    site: &'a Site,
    who: &Staff,
    headers: &HeaderMap,
    given: Given,
    errors: &Errors,
) -> Result<Inspections<'a>, Error> {
    let mut found = site.node().grants(&who.acting).await.map_err(fault)?;
    found.sort_by_key(|view| std::cmp::Reverse(view.grant.from));
    let mut grants = Vec::with_capacity(found.len());
    for view in &found {
        grants.push(grant(site, who, view).await?);
    }
    let t = site.t();
    Ok(Inspections {
        shell: site
            .staff(app, headers, who, &t.get("grants-title"))
            .sections("/inspections", None)
            .errors(errors),
        t,
        grants,
        inspectors: inspectors(site).await?,
        given,
    })
}

/// Everybody who holds an inspector's post.
async fn inspectors(site: &Site) -> Result<Vec<(String, String)>, Error> {
    let posts = &site.node().agency().posts;
    let inspects = |post: &domain::id::PostId| posts.iter().any(|p| p.id == *post && p.role == INSPECTOR);
    let people = site.node().people().await.map_err(fault)?;
    let found = people.into_iter().filter(|one| one.posts.iter().any(inspects));
    Ok(found.map(|one| (one.id.to_string(), one.name)).collect())
}

async fn grant(site: &Site, who: &Staff, view: &GrantView) -> Result<Grant, Error> {
    let (t, when, grant) = (site.t(), site.when(), &view.grant);
    let now = site.node().now();
    let state = match () {
        () if grant.ended.is_some() || grant.to <= now => "ended",
        () if grant.agreed.is_none() => "waits",
        () if view.in_force => "in-force",
        () => "later",
    };
    let between = |from: Instant, to: Instant| {
        t.msg("grant-between")
            .arg("from", when.date(jiff_of(from)))
            .arg("until", when.date(jiff_of(to.plus_seconds(-1))))
            .text()
    };
    let mut by = vec![site.colleague(&grant.by).await?];
    if let Some((actor, _)) = &grant.agreed {
        by.push(site.colleague(actor).await?);
    }
    let mine =
        grant.by.practitioner() == Some(who.acting.practitioner) || grant.by.post() == Some(&who.acting.post);
    Ok(Grant {
        who: view.who.to_string(),
        asked: grant.asked.to_string(),
        title: format!("{}: {}", view.inspector, view.inspection),
        state,
        times: between(grant.from, grant.to),
        scope: between(grant.told_from, grant.told_to),
        power: match grant.warrant {
            true => t
                .msg("grant-power-warrant")
                .arg("power", t.code("power", &grant.power))
                .text(),
            false => t.code("power", &grant.power),
        },
        by,
        may_agree: state == "waits" && !mine,
        may_end: state != "ended",
    })
}

async fn act(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let acting = who.acting.clone();
    let done = match form.get("do").as_str() {
        what @ ("agree" | "end") => {
            let inspector: PractitionerId = form.get("who").parse().map_err(|_| Error::NotFound)?;
            let asked: RecordId = form.get("asked").parse().map_err(|_| Error::NotFound)?;
            let agree = what == "agree";
            write(&site, move |node| async move {
                match agree {
                    true => node.agree_grant(&acting, inspector, asked).await,
                    false => node.end_grant(&acting, inspector, asked).await,
                }
            })
            .await
        }
        _ => {
            let given = given(&form);
            let new = match check(&site, &given) {
                Ok(new) => new,
                Err(errors) => {
                    let drawn = draw(&app, &site, &who, &headers, given, &errors).await?;
                    return Ok(again(&drawn));
                }
            };
            let asked = write(
                &site,
                move |node| async move { node.ask_grant(&acting, &new).await },
            )
            .await;
            match asked {
                Err(AppError::Invalid { field, problem }) => {
                    let errors = vec![(
                        field,
                        site.t().code("error", problem.trim_start_matches("error-")),
                    )];
                    let drawn = draw(&app, &site, &who, &headers, given, &errors).await?;
                    return Ok(again(&drawn));
                }
                other => other.map(drop),
            }
        }
    };
    match done {
        Ok(()) => Ok(lead("/inspections")),
        Err(error) => refusal(&site, site.staff(&app, &headers, &who, ""), error),
    }
}

fn given(form: &Posted) -> Given {
    let date = |id: &str| ["day", "month", "year"].map(|part| form.line(&format!("{id}-{part}")));
    Given {
        inspector: form.line("inspector"),
        inspection: form.get("inspection"),
        power: form.line("power"),
        warrant: form.line("warrant") == "yes",
        dates: ["from", "to", "told-from", "told-to"].map(date),
    }
}

fn check(site: &Site, given: &Given) -> Result<NewGrant, Errors> {
    let (t, when) = (site.t(), site.when());
    let mut errors = Errors::new();
    let inspector = given.inspector.parse::<PractitionerId>();
    if inspector.is_err() {
        errors.push(("inspector".to_owned(), t.get("grant-inspector-error")));
    }
    if given.inspection.trim().is_empty() {
        errors.push(("inspection".to_owned(), t.get("error-grant-inspection")));
    }
    if !POWERS.contains(&given.power.as_str()) {
        errors.push(("power".to_owned(), t.get("error-grant-power")));
    }
    let mut times = [Instant(0); 4];
    let ids = ["from", "to", "told-from", "told-to"];
    for (place, ([day, month, year], id)) in given.dates.iter().zip(ids).enumerate() {
        // An end is the end of its day: the first moment of the next is no longer in it.
        let last = place % 2 == 1;
        match when.typed(day, month, year, if last { "23:59" } else { "0:00" }) {
            Some(at) => {
                let at = Instant::from_jiff(at);
                if let Some(time) = times.get_mut(place) {
                    *time = if last { at.plus_minutes(1) } else { at };
                }
            }
            None => errors.push((id.to_owned(), t.get("grant-date-error"))),
        }
    }
    let [from, to, told_from, told_to] = times;
    match inspector {
        Ok(inspector) if errors.is_empty() => Ok(NewGrant {
            inspector,
            inspection: given.inspection.clone(),
            power: given.power.clone(),
            warrant: given.warrant,
            from,
            to,
            told_from,
            told_to,
        }),
        _ => Err(errors),
    }
}

//! Why a duty is due when it is, as a handler: the rule explains itself.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::clock::{Step, Why as Reason};
use jiff::civil::Date;

use super::handlers::find;
use super::lines::title;
use super::why::Why;
use crate::app::App;
use crate::error::Error;
use crate::web::format::When;
use crate::web::site::{On, Site, Staff, jiff_of, page};

/// `GET …/why`.
pub async fn why(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(path): Path<(String, String)>,
) -> Result<Response, Error> {
    let (found, duty) = find(&site, &who, &path).await?;
    let (t, when) = (site.t(), site.when());
    let pack = site.node().pack();
    let explained = pack.explain(&duty.clock, duty.told).ok();
    let clock = pack.clocks.iter().find(|one| one.id == duty.clock);
    let restarts = found.concern.restarts.len();
    let moved = |(from, to): &(domain::time::Instant, domain::time::Instant)| {
        (when.near(jiff_of(*from)), when.near(jiff_of(*to)))
    };
    let length = |clock: &domain::clock::Clock| {
        t.msg("why-length-text")
            .n("count", clock.length)
            .arg("unit", t.code("unit", clock.unit.code()))
            .text()
    };
    Ok(page(&Why {
        shell: site
            .staff(&app, &headers, &who, &t.get("why-title"))
            .sections("/duties", None),
        t,
        duty: title(&site, &duty.clock),
        back: format!("/concerns/{}/duties/{}", path.0, path.1),
        started: when.time_comma_date(jiff_of(duty.told)),
        rule: format!("{}, {}", duty.clock, title(&site, &duty.clock)),
        length: clock.map(length).unwrap_or_default(),
        calendar: clock
            .and_then(|one| one.calendar.clone())
            .unwrap_or_else(|| t.get("why-calendar-none")),
        authority: duty.authority.clone(),
        pauses: Vec::new(),
        pack: duty.pack.clone(),
        restarts: (restarts > 0).then(|| t.msg("concern-restarts-count").n("count", restarts).text()),
        re_dated: duty.re_dated.iter().map(moved).collect(),
        due: when.time_comma_date(jiff_of(duty.due)),
        provisional: duty.provisional,
        steps: explained
            .map(|one| one.steps.iter().map(|step| words(&site, &when, step)).collect())
            .unwrap_or_default(),
    }))
}

fn reason(site: &Site, why: &Reason) -> String {
    match why {
        Reason::Weekend => site.t().get("step-weekend"),
        Reason::Holiday(name) => name.clone(),
        Reason::OutOfTerm => site.t().get("step-out-of-term"),
    }
}

fn words(site: &Site, when: &When<'_>, step: &Step) -> String {
    let t = site.t();
    let day = |date: Date| when.weekday_near(when.start_of(date));
    match step {
        Step::Told { at } => t.msg("step-told").arg("date", day(at.date())).text(),
        Step::ToldOutside { date, why } | Step::Skipped { date, why } => t
            .msg("step-skipped")
            .arg("date", day(*date))
            .arg("why", reason(site, why))
            .text(),
        Step::Counted { date, number } => t
            .msg("step-counted")
            .arg("date", day(*date))
            .n("number", *number)
            .text(),
        Step::Shortened { date } => t.msg("step-shortened").arg("date", day(*date)).text(),
        _ => t.get("step-other"),
    }
}

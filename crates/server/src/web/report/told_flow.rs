//! Recording what somebody told us, as handlers. What is typed is kept as it is posted, until it is sent.

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use domain::time::Instant;
use node::app::report::{Capacity, Channel, Report, Reporter, Told as ToldAt};

use super::answers::Answers;
use super::file;
use super::flow::{Said, list};
use super::told::{Recorded, Telling, Told};
use crate::app::App;
use crate::error::Error;
use crate::guard::input::Query;
use crate::web::components::chips::{Chip, Chips};
use crate::web::components::field::Errors;
use crate::web::site::{On, Posted, Sent, Site, Staff, again, fault, jiff_of, lead, page};
use crate::web::unsent::begun::Begun;

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/record", get(show).post(answer))
        .route("/record/done", get(done))
}

async fn show(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let begun = Begun::at(&site, &who, "/record", &Posted(query).line("once")).await?;
    if begun.is_some() {
        let (told, mut said) = (telling(&begun.form), said(&begun.form));
        // Something typed and not added counts as added, here as when it is sent.
        let errors = list(site.t(), &without_press(begun.form), &mut said).unwrap_or_default();
        let mut drawn = drawn(&app, &site, &who, &headers, told, &said, &errors);
        drawn.shell.begun = begun.strip;
        return Ok(page(&drawn));
    }
    let once = file::once(&app)?;
    let when = site.when();
    let day = when.day(when.now());
    let telling = Telling {
        when: [
            day.day().to_string(),
            day.month().to_string(),
            day.year().to_string(),
            when.time(when.now()),
        ],
        ..Telling::default()
    };
    let said = Said {
        once,
        ..Said::default()
    };
    Ok(page(&drawn(
        &app,
        &site,
        &who,
        &headers,
        telling,
        &said,
        &Errors::new(),
    )))
}

fn drawn<'a>(
    app: &App,
    site: &'a Site,
    who: &Staff,
    headers: &HeaderMap,
    telling: Telling,
    said: &Said,
    errors: &Errors,
) -> Told<'a> {
    let (t, when) = (site.t(), site.when());
    let told = telling.moment(&when).ok();
    let gap = told
        .filter(|at| when.now().as_second() - at.as_second() > 3_600)
        .map(|at| when.between(at, when.now()));
    let chips = Chips::new(t, said.answers.chips.clone()).editing(said.editing);
    let chips = if errors.iter().any(|(id, _)| id == "add-what") {
        chips.posted(said.draft.clone(), errors)
    } else {
        chips
    };
    Told {
        shell: site
            .staff(app, headers, who, &t.get("told-title"))
            .sections("/record", None)
            .errors(errors),
        t,
        telling,
        answers: said.answers.clone(),
        chips,
        written: when.time_comma_date(when.now()),
        gap,
        once: said.once.clone(),
    }
}

fn telling(form: &Posted) -> Telling {
    Telling {
        how: form.line("how"),
        who: form.line("who"),
        kind: form.line("kind"),
        org: form.line("org"),
        contact: form.line("contact"),
        when: ["day", "month", "year", "time"].map(|part| form.line(&format!("told-{part}"))),
        receipt: form.line("receipt"),
    }
}

/// The list as the page holds it: four hidden fields a subject, numbered from 0.
fn chips(form: &Posted) -> Vec<Chip> {
    let chip = |place: usize| {
        let field = |name: &str| form.line(&format!("chip-{name}-{place}"));
        Chip {
            kind: field("kind"),
            role: field("role"),
            what: field("what"),
            more: field("more"),
        }
    };
    (0..super::answers::CHIPS_MOST)
        .map(chip)
        .take_while(|chip| !chip.what.is_empty())
        .collect()
}

/// The answers as the page holds them.
fn said(form: &Posted) -> Said {
    let answers = Answers {
        worry: form.get("worry"),
        safe: form.line("safe"),
        colleague: form.line("colleague"),
        know: form.line("know"),
        chips: chips(form),
        ..Answers::default()
    };
    Said {
        answers,
        once: form.line("once"),
        ..Said::default()
    }
}

/// A form without the button that was pressed: shown again, it does nothing a second time.
fn without_press(form: Posted) -> Posted {
    Posted(form.0.into_iter().filter(|(name, _)| name != "do").collect())
}

async fn answer(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let (telling, mut said) = (telling(&form), said(&form));
    if let Some(errors) = list(site.t(), &form, &mut said) {
        let drawn = drawn(&app, &site, &who, &headers, telling, &said, &errors);
        return Ok(if errors.is_empty() {
            page(&drawn)
        } else {
            again(&drawn)
        });
    }
    let mut errors = telling.check(site.t(), &said.answers);
    let at = telling.moment(&site.when());
    if let Err(error) = &at
        && !errors.iter().any(|(id, _)| id == "told")
    {
        errors.push(error.clone());
    }
    let (true, Ok(at)) = (errors.is_empty(), at) else {
        return Ok(again(&drawn(
            &app, &site, &who, &headers, telling, &said, &errors,
        )));
    };
    let report = report(&telling, &said.answers, Instant::from_jiff(at));
    let filed = file::raise(&site, &said.once, &report, Some(&who.acting)).await?;
    Ok(lead(&format!("/record/done?of={}", filed.ticket)))
}

fn report(telling: &Telling, answers: &Answers, at: Instant) -> Report {
    let capacity = Capacity::from_code(&telling.kind).unwrap_or(Capacity::Private);
    let reporter = Reporter {
        capacity,
        name: telling.who.clone(),
        organisation: telling.org.clone(),
        contact: telling.contact.clone(),
        may_be_contacted: telling.receipt == "yes",
        ..Reporter::unknown()
    };
    let channel = Channel::from_code(&telling.how).unwrap_or(Channel::Telephone);
    Report {
        told: Some(ToldAt {
            at,
            sheet: String::new(),
        }),
        safe_to_keep: telling.receipt == "yes",
        ..file::report_of(answers, channel, reporter)
    }
}

async fn done(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let receipt = site
        .node()
        .receipt(&Posted(query).line("of"))
        .await
        .map_err(fault)?;
    let (t, when) = (site.t(), site.when());
    let may_open = site.node().concern(&who.acting, &receipt.reference).await.is_ok();
    Ok(page(&Recorded {
        shell: site
            .staff(&app, &headers, &who, &t.get("told-title"))
            .sections("/record", None),
        t,
        reference: receipt.reference,
        due: when.near(jiff_of(receipt.next.by)),
        may_open,
    }))
}

//! Putting something right, as handlers. Where somebody may not, the address is not there.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use node::app::add::Beside;
use node::app::concern::ConcernPage;

use super::amend::{Amend, Page};
use super::handlers::find;
use super::keeping::has_text;
use super::lines::head;
use super::titles;
use crate::app::App;
use crate::error::Error;
use crate::web::components::field::Errors;
use crate::web::site::{On, Posted, Sent, Site, Staff, again, lead, page, refusal, write};
use crate::web::unsent::begun::Begun;

/// `GET …/amend/{what}`.
pub async fn show(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path((reference, part)): Path<(String, String)>,
) -> Result<Response, Error> {
    let what = Amend::from_part(&part).ok_or(Error::NotFound)?;
    let found = find(&site, &who, &reference).await?;
    let begun = Begun::at(&site, &who, &format!("/concerns/{reference}/amend/{part}"), "").await?;
    let none = Errors::new();
    let mut drawn = draw(&app, &site, &who, &headers, (&found, what), &begun.form, &none)?;
    drawn.shell.begun = begun.strip;
    Ok(page(&drawn))
}

/// The entry or the person it is about, in words; not found where there is nothing to put right, or not by this person.
fn about(site: &Site, found: &ConcernPage, what: Amend) -> Result<Option<String>, Error> {
    let (t, may) = (site.t(), &found.may);
    match what {
        Amend::Beside(number) => {
            let entry = found.entries.iter().find(|entry| entry.sequence == number);
            let entry = entry.filter(|entry| may.add && has_text(entry));
            let entry = entry.ok_or(Error::NotFound)?;
            let title = titles::of(site, found, entry);
            let words = t.msg("amend-entry").n("number", number).arg("title", title);
            Ok(Some(words.text()))
        }
        Amend::NotAbout(id) => {
            let subject = found.subjects.iter().find(|one| one.id == id);
            let subject = subject.filter(|one| may.not_about && !one.not_about);
            let subject = subject.ok_or(Error::NotFound)?;
            let kind = t.code("kind", subject.kind.code());
            let named = [kind, subject.label.clone()];
            Ok(Some(named.join(" ").trim().to_owned()))
        }
        Amend::Family if may.declare_conflict => Ok(None),
        Amend::Again if may.reopen && found.concern.closed.is_some() => Ok(None),
        Amend::Label if may.add => Ok(None),
        _ => Err(Error::NotFound),
    }
}

fn draw<'a>(
    app: &App,
    site: &'a Site,
    who: &Staff,
    headers: &HeaderMap,
    (found, what): (&ConcernPage, Amend),
    form: &Posted,
    errors: &Errors,
) -> Result<Page<'a>, Error> {
    let (t, head) = (site.t(), head(site, found));
    Ok(Page {
        shell: site
            .staff(app, headers, who, &head.title(&t.code("amend", what.code())))
            .sections("/concerns", None)
            .errors(errors),
        t,
        what,
        about: about(site, found, what)?,
        choice: form.line("choice"),
        words: form.get("words"),
        head,
    })
}

/// `POST …/amend/{what}`.
pub async fn act(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path((reference, part)): Path<(String, String)>,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let what = Amend::from_part(&part).ok_or(Error::NotFound)?;
    let found = find(&site, &who, &reference).await?;
    let _about = about(&site, &found, what)?;
    let (choice, words) = (form.line("choice"), form.get("words"));
    let errors = what.check(site.t(), &choice, &words);
    if !errors.is_empty() {
        let drawn = draw(&app, &site, &who, &headers, (&found, what), &form, &errors)?;
        return Ok(again(&drawn));
    }
    let (acting, of) = (who.acting.clone(), reference.clone());
    let entry = |number| found.entries.iter().find(|entry| entry.sequence == number);
    let done = write(&site, async |node: node::app::Node| match what {
        Amend::Beside(number) => {
            let record = entry(number).map(|entry| entry.record);
            let record = record.ok_or(node::app::AppError::NotFound)?;
            let how = if choice == "corrects" {
                Beside::Corrects
            } else {
                Beside::Disputes
            };
            let stood = node.stand_beside(&acting, &of, record, how, &words).await;
            stood.map(drop)
        }
        Amend::NotAbout(subject) => node.not_about(&acting, &of, subject, &words).await.map(drop),
        Amend::Family => node.declare_conflict(&acting, &of).await,
        Amend::Again => node.reopen(&acting, &of, None, &words).await.map(drop),
        Amend::Label => node.relabel(&acting, &of, &choice, &words).await.map(drop),
    })
    .await;
    match done {
        // Whoever stepped away meets nothing of it: the list is where they go.
        Ok(()) if what == Amend::Family => Ok(lead("/duties?done=family")),
        Ok(()) => Ok(lead(&format!("/concerns/{reference}?done={}", what.code()))),
        Err(error) => refusal(&site, site.staff(&app, &headers, &who, ""), error),
    }
}

//! Who may know of a concern: restricting it, and the designated officer's look at a restriction afterwards.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use node::app::concern::ConcernPage;
use node::app::restrict::Review;

use super::handlers::find;
use super::head::{Head, Tab};
use super::lines::head;
use crate::app::App;
use crate::error::Error;
use crate::i18n::Texts;
use crate::web::components::button::Button;
use crate::web::components::choice::Choice;
use crate::web::components::field::{Errors, Field};
use crate::web::components::layout::Shell;
use crate::web::components::radios::Radios;
use crate::web::components::textarea::Textarea;
use crate::web::site::{On, Sent, Site, Staff, again, lead, page, refusal, write};
use crate::web::unsent::begun::Begun;

/// The page.
#[derive(Debug, Template)]
#[template(path = "concern/restriction.html")]
pub struct Restriction<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Which concern.
    pub head: Head<'a>,
    /// Why it is restricted, when it is: this person keeps it.
    pub because: Option<String>,
    /// The answer chosen.
    pub chosen: String,
    /// Why, as typed.
    pub reason: String,
}

impl Restriction<'_> {
    fn tab(&self) -> Tab {
        Tab::Restriction
    }

    fn lead(&self) -> String {
        match &self.because {
            Some(why) => self.t.msg("restriction-is").arg("why", why).text(),
            None => self.t.get("restriction-lead"),
        }
    }

    fn review(&self) -> Option<Radios> {
        self.because.as_ref()?;
        let t = self.t;
        let field = Field::new(t, "review", t.get("restriction-review"))
            .size("m")
            .errors(&self.shell.errors);
        let items = ["keep", "end", "mistaken"].map(|code| {
            Choice::new(code, t.code("restriction-review", code)).hint(t.code("restriction-hint", code))
        });
        Some(Radios::new(field, items.to_vec(), &[&self.chosen]))
    }

    fn reason(&self) -> Textarea {
        let t = self.t;
        let field = Field::new(t, "reason", t.get("restriction-why"))
            .size("s")
            .errors(&self.shell.errors);
        Textarea::new(t, field, self.reason.clone(), 3, 2_000)
    }

    fn send(&self) -> Button {
        let key = if self.because.is_some() {
            self.t.get("restriction-send-review")
        } else {
            self.t.get("restriction-send")
        };
        Button::submit(key).once()
    }
}

fn review_of(code: &str) -> Option<Review> {
    match code {
        "keep" => Some(Review::Keep),
        "end" => Some(Review::End),
        "mistaken" => Some(Review::Mistaken),
        _ => None,
    }
}

/// `GET …/restriction`.
pub async fn show(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(reference): Path<String>,
) -> Result<Response, Error> {
    let found = find(&site, &who, &reference).await?;
    let begun = Begun::at(&site, &who, &format!("/concerns/{reference}/restriction"), "").await?;
    let (chosen, reason) = (begun.form.line("review"), begun.form.get("reason"));
    let given = (chosen.as_str(), reason.as_str());
    let mut drawn = draw(&app, &site, &who, &headers, &found, given, &Errors::new())?;
    drawn.shell.begun = begun.strip;
    Ok(page(&drawn))
}

fn draw<'a>(
    app: &App,
    site: &'a Site,
    who: &Staff,
    headers: &HeaderMap,
    found: &ConcernPage,
    (chosen, reason): (&str, &str),
    errors: &Errors,
) -> Result<Restriction<'a>, Error> {
    if !found.may.restrict && !found.may.review_restriction {
        return Err(Error::NotFound);
    }
    let t = site.t();
    let head = head(site, found);
    let because = found.concern.restricted_because.as_deref().unwrap_or_default();
    Ok(Restriction {
        shell: site
            .staff(app, headers, who, &head.title(&t.get("restriction-title")))
            .sections("/concerns", None)
            .errors(errors),
        t,
        because: found
            .may
            .review_restriction
            .then(|| t.code("restricted", because)),
        chosen: chosen.to_owned(),
        reason: reason.to_owned(),
        head,
    })
}

/// `POST …/restriction`.
pub async fn act(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(reference): Path<String>,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let found = find(&site, &who, &reference).await?;
    let (chosen, reason) = (form.line("review"), form.get("reason"));
    let restricted = found.may.review_restriction;
    let t = site.t();
    let mut errors = Errors::new();
    if restricted && review_of(&chosen).is_none() {
        errors.push(("review".to_owned(), t.get("restriction-review-error")));
    }
    if reason.trim().is_empty() {
        errors.push(("reason".to_owned(), t.get("restriction-why-error")));
    }
    if !errors.is_empty() {
        let drawn = draw(&app, &site, &who, &headers, &found, (&chosen, &reason), &errors)?;
        return Ok(again(&drawn));
    }
    let (acting, of) = (who.acting.clone(), reference.clone());
    let done = write(&site, move |node| async move {
        match review_of(&chosen).filter(|_| restricted) {
            Some(review) => node.review_restriction(&acting, &of, review, &reason).await,
            None => node.restrict(&acting, &of, &reason).await,
        }
    })
    .await;
    match done {
        // Whoever restricted it may know of it no longer: the list is where they go.
        Ok(_) => Ok(lead("/duties?done=restricted")),
        Err(error) => refusal(&site, site.staff(&app, &headers, &who, ""), error),
    }
}

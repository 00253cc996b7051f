//! Asking that somebody new be let in, and who sits where, as pages and handlers: for whoever runs the node. To anybody else
//! these addresses are not there.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use domain::id::PostId;
use domain::time::Instant;
use node::app::AppError;
use node::app::invite::NewAccount;

use super::admin::{draw, handle, refused};
use crate::app::App;
use crate::error::Error;
use crate::i18n::Texts;
use crate::web::components::button::Button;
use crate::web::components::checkboxes::Checkboxes;
use crate::web::components::choice::Choice;
use crate::web::components::date_input::DateInput;
use crate::web::components::field::{Errors, Field};
use crate::web::components::layout::Shell;
use crate::web::components::text_input::TextInput;
use crate::web::site::{On, Posted, Sent, Site, Staff, again, fault, lead, page};

/// The page that invites somebody new.
#[derive(Debug, Template)]
#[template(path = "account/new.html")]
pub struct Newcomer<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Posts of the agency's file: id and title.
    pub posts: Vec<(String, String)>,
    /// What was typed.
    pub given: Given,
}

/// What was typed.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// Whether they are a registered social worker.
    pub registered: bool,
    /// Posts chosen.
    pub posts: Vec<String>,
    /// The day their posts end: day, month, year.
    pub until: [String; 3],
}

impl Newcomer<'_> {
    fn field(&self, id: &str, label: String) -> Field {
        Field::new(self.t, id, label).errors(&self.shell.errors)
    }

    fn name(&self) -> TextInput {
        let field = self.field("name", self.t.get("newcomer-name"));
        TextInput::new(field, &self.given.name).autocomplete("off")
    }

    fn email(&self) -> TextInput {
        let field = self.field("email", self.t.get("newcomer-email"));
        TextInput::new(field.hint(self.t.get("newcomer-email-hint")), &self.given.email).autocomplete("off")
    }

    fn registered(&self) -> Checkboxes {
        let field = self
            .field("registered", self.t.get("newcomer-registered"))
            .size("s");
        let yes = Choice::new("yes", self.t.get("newcomer-registered-yes"));
        let chosen: &[&str] = if self.given.registered { &["yes"] } else { &[] };
        Checkboxes::new(field, vec![yes], chosen).class("govuk-checkboxes--small")
    }

    fn posts(&self) -> Checkboxes {
        let field = self
            .field("post", self.t.get("newcomer-posts"))
            .size("s")
            .hint(self.t.get("newcomer-posts-hint"));
        let items = self.posts.iter().map(|(id, title)| Choice::new(id, title));
        let chosen: Vec<&str> = self.given.posts.iter().map(String::as_str).collect();
        Checkboxes::new(field, items.collect(), &chosen).class("govuk-checkboxes--small")
    }

    fn until(&self) -> DateInput {
        until(self.t, &self.shell.errors, &self.given.until)
    }

    fn send(&self) -> Button {
        Button::submit(self.t.get("newcomer-send")).once()
    }
}

/// The last day of a post, which may be left out.
pub(super) fn until(t: &Texts, errors: &Errors, given: &[String; 3]) -> DateInput {
    let field = Field::new(t, "until", t.get("seat-until")).hint(t.get("seat-until-hint"));
    let [day, month, year] = given;
    DateInput::new(t, field.size("s").errors(errors), [day, month, year])
}

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/accounts/new", get(show).post(invite))
        .route("/accounts/{who}/posts", post(seat))
}

/// Every post of the agency's file, by title.
pub(super) fn posts(site: &Site) -> Vec<(String, String)> {
    let posts = &site.node().agency().posts;
    let mut all: Vec<_> = posts
        .iter()
        .map(|post| (post.id.as_str().to_owned(), post.title.clone()))
        .collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

fn typed(form: &Posted) -> Given {
    Given {
        name: form.line("name"),
        email: form.line("email"),
        registered: form.get("registered") == "yes",
        posts: form.all("post"),
        until: ["day", "month", "year"].map(|part| form.line(&format!("until-{part}"))),
    }
}

/// The end of the last day that was typed; nothing when nothing was.
fn last_day(site: &Site, typed: &[String; 3]) -> Result<Option<Instant>, AppError> {
    if typed.iter().all(String::is_empty) {
        return Ok(None);
    }
    let [day, month, year] = typed;
    let last = site.when().typed(day, month, year, "11:59pm");
    let last = last.map(|at| Some(Instant::from_jiff(at)));
    last.ok_or(AppError::Invalid {
        field: "until".to_owned(),
        problem: "error-until-unread",
    })
}

/// What is wrong, in words, beside its field.
fn wrong(t: &Texts, problem: &str) -> String {
    t.code("seat", problem.trim_start_matches("error-"))
}

async fn show(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
) -> Result<Response, Error> {
    // Whoever may not see accounts meets nothing here either.
    app.node()
        .accounts(&who.acting, app.sign_in())
        .await
        .map_err(fault)?;
    Ok(page(&drawn(
        &app,
        &site,
        &who,
        &headers,
        Given::default(),
        &Errors::new(),
    )))
}

fn drawn<'a>(
    app: &App,
    site: &'a Site,
    who: &Staff,
    headers: &HeaderMap,
    given: Given,
    errors: &Errors,
) -> Newcomer<'a> {
    let t = site.t();
    Newcomer {
        shell: site
            .staff(app, headers, who, &t.get("newcomer-title"))
            .sections("/accounts", None)
            .errors(errors),
        t,
        posts: posts(site),
        given,
    }
}

async fn invite(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let given = typed(&form);
    let done = match account(&site, &given) {
        Ok(new) => app.node().invite_person(&who.acting, app.sign_in(), &new).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(whose) => Ok(lead(&format!("/accounts/{whose}"))),
        Err(AppError::Invalid { field, problem }) => {
            let errors = vec![(field, wrong(site.t(), problem))];
            Ok(again(&drawn(&app, &site, &who, &headers, given, &errors)))
        }
        Err(error) => Err(fault(error)),
    }
}

fn account(site: &Site, given: &Given) -> Result<NewAccount, AppError> {
    let unknown = |_| AppError::Invalid {
        field: "post".to_owned(),
        problem: "error-post-unknown",
    };
    let posts = given
        .posts
        .iter()
        .map(|post| post.parse::<PostId>().map_err(unknown));
    Ok(NewAccount {
        name: given.name.clone(),
        email: given.email.clone(),
        registered: given.registered,
        posts: posts.collect::<Result<_, _>>()?,
        until: last_day(site, &given.until)?,
    })
}

/// Gives a post to somebody, or takes one away.
async fn seat(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(whose): Path<String>,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let (person, t, given) = (handle(&whose)?, site.t(), typed(&form));
    let chosen = given.posts.first().and_then(|post| post.parse::<PostId>().ok());
    let done = match (form.get("do").as_str(), chosen) {
        ("leave", Some(post)) => app.node().take_post_away(&who.acting, person, &post).await,
        ("give", Some(post)) => match last_day(&site, &given.until) {
            Ok(until) => app.node().give_post(&who.acting, person, &post, until).await,
            Err(error) => Err(error),
        },
        _ => Err(AppError::Invalid {
            field: "post".to_owned(),
            problem: "error-post-missing",
        }),
    };
    match done {
        Ok(()) => Ok(lead(&format!("/accounts/{whose}"))),
        Err(AppError::Invalid { field, problem }) => {
            let errors = vec![(field, wrong(t, problem))];
            let drawn = draw(&app, &site, &who, &headers, person, "", &errors).await?;
            Ok(again(&drawn))
        }
        Err(error) => refused(&app, &site, &headers, &who, "/accounts", error),
    }
}

//! "Waiting for somebody else": whom, and what was asked. The clock runs on, and the page says so.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::id::DutyId;
use domain::view::Duty as Folded;
use node::app::waiting::WaitFor;

use super::handlers::{about, find};
use super::lines::line;
use super::lines::title as clock_title;
use super::list::Line;
use crate::app::App;
use crate::error::Error;
use crate::i18n::Texts;
use crate::web::components::button::Button;
use crate::web::components::choice::Choice;
use crate::web::components::clock_cell::ClockCell;
use crate::web::components::field::{Errors, Field};
use crate::web::components::layout::Shell;
use crate::web::components::radios::Radios;
use crate::web::components::text_input::TextInput;
use crate::web::components::textarea::Textarea;
use crate::web::site::{On, Posted, Sent, Site, Staff, again, jiff_of, lead, page, refusal, write};
use crate::web::unsent::begun::Begun;

/// The answer that names somebody this agency's record cannot ask.
const OUTSIDE: &str = "outside";

/// What was typed.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// A post, or [`OUTSIDE`].
    pub whom: String,
    /// Whom, in words.
    pub name: String,
    /// What was asked, or what was answered.
    pub words: String,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "duties/waiting.html")]
pub struct Waiting<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// The duty as in a list.
    pub line: Line,
    /// Where it is posted.
    pub action: String,
    /// Posts that can be asked: address and title with agency.
    pub posts: Vec<(String, String)>,
    /// For whom it waits already, and since when.
    pub since: Option<(String, String)>,
    /// What was typed.
    pub given: Given,
}

impl Waiting<'_> {
    fn clock(&self) -> ClockCell {
        ClockCell::new(self.line.clock.clone())
    }

    fn whom(&self) -> Radios {
        let t = self.t;
        let field = Field::new(t, "whom", t.get("wait-whom"))
            .size("m")
            .hint(t.get("wait-whom-hint"))
            .errors(&self.shell.errors);
        let mut items: Vec<Choice> = self
            .posts
            .iter()
            .map(|(post, title)| Choice::new(post.as_str(), title.clone()))
            .collect();
        items.push(Choice::new(OUTSIDE, t.get("wait-outside")).hint(t.get("wait-outside-hint")));
        Radios::new(field, items, &[&self.given.whom])
    }

    fn name(&self) -> TextInput {
        TextInput::new(
            Field::new(self.t, "name", self.t.get("wait-name")),
            self.given.name.clone(),
        )
    }

    fn words(&self) -> Textarea {
        let t = self.t;
        let label = if self.since.is_some() {
            t.get("wait-over-words")
        } else {
            t.get("wait-words")
        };
        let field = Field::new(t, "words", label).size("s").errors(&self.shell.errors);
        Textarea::new(t, field, self.given.words.clone(), 3, 2_000)
    }

    fn standing(&self) -> Option<String> {
        let (who, since) = self.since.as_ref()?;
        Some(
            self.t
                .msg("wait-since")
                .arg("who", who)
                .arg("since", since)
                .text(),
        )
    }

    fn send(&self) -> Button {
        let (name, words) = if self.since.is_some() {
            ("over", self.t.get("wait-over-send"))
        } else {
            ("wait", self.t.get("wait-send"))
        };
        Button::submit(words).named("do", name).once()
    }
}

/// `GET …/wait`.
pub async fn show(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(path): Path<(String, String)>,
) -> Result<Response, Error> {
    let place = format!("/concerns/{}/duties/{}/wait", path.0, path.1);
    let begun = Begun::at(&site, &who, &place, "").await?;
    let mut drawn = draw(
        &app,
        &site,
        &who,
        &headers,
        &path,
        given(&begun.form),
        &Errors::new(),
    )
    .await?;
    drawn.shell.begun = begun.strip;
    Ok(page(&drawn))
}

async fn draw<'a>(
    app: &App,
    site: &'a Site,
    who: &Staff,
    headers: &HeaderMap,
    path: &(String, String),
    given: Given,
    errors: &Errors,
) -> Result<Waiting<'a>, Error> {
    let (found, duty) = find(site, who, path).await?;
    if !duty.is_open() {
        return Err(Error::NotFound);
    }
    let (t, when) = (site.t(), site.when());
    let reference = &found.concern.reference;
    let heading = t.msg("wait-title").arg("reference", reference).text();
    let line = line(
        site,
        reference,
        &duty,
        &about(&found, &duty),
        &clock_title(site, &duty.clock),
    );
    let since = duty
        .waiting
        .as_ref()
        .map(|waiting| (whom(site, &waiting.whom), when.near(jiff_of(waiting.since))));
    Ok(Waiting {
        shell: site
            .staff(app, headers, who, &heading)
            .sections("/duties", None)
            .errors(errors),
        t,
        action: format!("{}/wait", line.href),
        posts: posts(site, who, &duty),
        since,
        given,
        line,
    })
}

/// For whom, in words: a post's title, or that it is somebody outside.
#[must_use]
pub fn whom(site: &Site, code: &str) -> String {
    code.parse().map_or_else(
        |_| site.t().get("duties-waiting-outside"),
        |post| site.post_title(&post),
    )
}

/// Posts of partners, which this agency hosts: those that can be asked here.
fn posts(site: &Site, who: &Staff, duty: &Folded) -> Vec<(String, String)> {
    let agency = site.node().agency();
    agency
        .posts
        .iter()
        .filter(|post| post.id.agency() != agency.id.as_str())
        .filter(|post| post.id != who.acting.post && post.id != duty.owner)
        .map(|post| {
            let title = format!("{}, {}", post.title, site.agency_name(post.id.agency()));
            (post.id.as_str().to_owned(), title)
        })
        .collect()
}

fn given(form: &Posted) -> Given {
    Given {
        whom: form.line("whom"),
        name: form.line("name"),
        words: form.get("words"),
    }
}

/// `POST …/wait`.
pub async fn act(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(path): Path<(String, String)>,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let id: DutyId = path.1.parse().map_err(|_| Error::NotFound)?;
    let given = given(&form);
    let (acting, reference) = (who.acting.clone(), path.0.clone());
    let words = given.words.clone();
    let done = if form.get("do") == "over" {
        write(&site, move |node| async move {
            node.wait_over(&acting, &reference, id, &words).await
        })
        .await
    } else {
        let errors = check(&site, &given);
        if !errors.is_empty() {
            let drawn = draw(&app, &site, &who, &headers, &path, given, &errors).await?;
            return Ok(again(&drawn));
        }
        let whom = match given.whom.parse() {
            Ok(post) => WaitFor::Post(post),
            Err(_) => WaitFor::Outside(given.name.clone()),
        };
        write(&site, move |node| async move {
            node.wait_for(&acting, &reference, id, &whom, &words).await
        })
        .await
    };
    match done {
        Ok(_) => Ok(lead(&format!("/concerns/{}/duties/{}", path.0, path.1))),
        Err(error) => refusal(&site, site.staff(&app, &headers, &who, ""), error),
    }
}

fn check(site: &Site, given: &Given) -> Errors {
    let t = site.t();
    let mut errors = Errors::new();
    let outside = given.whom == OUTSIDE;
    if !outside && given.whom.parse::<domain::id::PostId>().is_err() {
        errors.push(("whom".to_owned(), t.get("wait-whom-error")));
    }
    if outside && given.name.trim().is_empty() {
        errors.push(("name".to_owned(), t.get("wait-name-error")));
    }
    if !outside && given.words.trim().is_empty() {
        errors.push(("words".to_owned(), t.get("wait-words-error")));
    }
    errors
}

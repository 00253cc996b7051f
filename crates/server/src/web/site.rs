//! What every page's handler is given besides [`App`]: the node, the words, and who is signed in.

use std::sync::OnceLock;

use askama::Template;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::policy::Role;
use domain::record::Actor;
use domain::time::Instant;
use jiff::Timestamp;
use node::app::grants::GrantView;
use node::app::let_in::SECOND;
use node::app::{Acting as ActingIn, AppError, Node};

use super::components::layout::{Acting, Shell};
use super::format::When;
use super::open::text::refused;
use super::report::pages::Phone;
use super::unsent::keep;
use crate::app::App;
use crate::error::{Error, Finished};
use crate::guard::csrf;
use crate::guard::input::Form;
use crate::guard::upload::Upload;
use crate::i18n::{TextError, Texts};
use crate::session::Office;

/// Posts that run the node.
const OPERATES: &[&str] = &["operator"];

/// Posts that answer for the agency, and let inspections in.
const LETS_IN: &[&str] = &[
    "director",
    "monitoring-officer",
    "records-officer",
    "data-protection-officer",
];

/// The node and the words. Cheap to make: one for each request.
#[derive(Clone)]
pub struct Site {
    node: Node,
    texts: &'static Texts,
}

/// English, read once: it is part of the program and never changes.
fn english() -> Result<&'static Texts, Error> {
    static ENGLISH: OnceLock<Result<Texts, TextError>> = OnceLock::new();
    let read = ENGLISH.get_or_init(Texts::english);
    read.as_ref().map_err(|error| {
        tracing::error!(%error, "a file of messages is broken");
        Error::Internal
    })
}

impl Site {
    /// The pages of a node, in English.
    ///
    /// # Errors
    /// When a file of messages is broken.
    pub fn of(app: &App) -> Result<Self, Error> {
        Ok(Self {
            node: app.node().clone(),
            texts: english()?,
        })
    }

    /// The node.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// The words.
    #[must_use]
    pub fn t(&self) -> &'static Texts {
        self.texts
    }

    /// How to write moments: the pack's zone, and the node's now.
    #[must_use]
    pub fn when(&self) -> When<'_> {
        let zone = self.node().pack().zone.clone();
        When::in_zone(self.t(), zone, jiff_of(self.node().now()))
    }

    /// Around a page for anyone.
    #[must_use]
    pub fn public<'a>(&'a self, app: &App, headers: &HeaderMap, title: &str) -> Shell<'a> {
        let csrf = csrf::form_token(app, headers);
        Shell::public(self.t(), &self.node().agency().name, title, &csrf).demo(app.settings().demo)
    }

    /// Around a page of the staff workspace.
    #[must_use]
    pub fn staff<'a>(&'a self, app: &App, headers: &HeaderMap, who: &Staff, title: &str) -> Shell<'a> {
        let csrf = csrf::form_token(app, headers);
        let post = self.post_title(&who.acting.post);
        let team = format!("{}, {}", self.node().agency().name, post);
        let acting = Acting {
            name: who.name.clone(),
            role: post,
            team,
            grant: who.grant.as_ref().map(|grant| self.grant_words(grant)),
        };
        let when = self.when();
        let whose = keep::whose(app, headers, who.acting.practitioner);
        let shell = Shell::staff(self.t(), title, acting, &csrf)
            .demo(app.settings().demo)
            .held(self.node().time_held().is_some())
            .ending(who.ends.1, when.time(jiff_of(who.ends.0)))
            .printed(&who.name, &when.time_on_date(when.now()));
        let shell = Shell { whose, ..shell };
        let (t, post) = (self.t(), &who.acting.post);
        let agrees = SECOND.map(Role::code);
        let sections = [
            (OPERATES, t.get("nav-accounts"), "/accounts"),
            (LETS_IN, t.get("nav-inspections"), "/inspections"),
            (&agrees, t.get("nav-letting"), "/letting-in"),
        ];
        let shown = sections
            .into_iter()
            .filter(|(roles, ..)| self.has_role(post, roles));
        shown.fold(shell, |shell, (_, text, href)| shell.more(text, href))
    }

    /// Whether a post is one of these: which sections it is shown. What may be done there is for the policy.
    fn has_role(&self, post: &domain::id::PostId, roles: &[&str]) -> bool {
        let posts = &self.node().agency().posts;
        posts
            .iter()
            .any(|p| p.id == *post && roles.contains(&p.role.as_str()))
    }

    /// Under which grant an inspector looks, in words.
    fn grant_words(&self, view: &GrantView) -> String {
        let (when, grant) = (self.when(), &view.grant);
        let told_until = grant.told_to.plus_seconds(-1);
        self.t()
            .msg("grant-strip")
            .arg("inspection", &view.inspection)
            .arg("from", when.date(jiff_of(grant.told_from)))
            .arg("until", when.date(jiff_of(told_until)))
            .arg("ends", when.date(jiff_of(grant.to.plus_seconds(-1))))
            .text()
    }

    /// The title of a post, in words.
    #[must_use]
    pub fn post_title(&self, post: &domain::id::PostId) -> String {
        let posts = &self.node().agency().posts;
        posts
            .iter()
            .find(|p| p.id == *post)
            .map_or_else(|| post.post().to_owned(), |p| p.title.clone())
    }

    /// A colleague and their post, in words; the clock when nobody did it.
    ///
    /// # Errors
    /// When their name cannot be read.
    pub async fn colleague(&self, actor: &Actor) -> Result<String, Error> {
        let Actor::Practitioner { who, post } = actor else {
            return Ok(self.t().get("concern-by-clock"));
        };
        let name = self.node().name_of(*who).await.map_err(fault)?;
        Ok(format!("{name}, {}", self.post_title(post)))
    }

    /// Who changed how somebody gets in: a colleague and their post, or whoever has the machine.
    ///
    /// # Errors
    /// When their name cannot be read.
    pub async fn keeper(&self, actor: &Actor) -> Result<String, Error> {
        match actor {
            Actor::Node => Ok(self.t().get("letting-by-machine")),
            other => self.colleague(other).await,
        }
    }

    /// The name of an agency, by its code.
    #[must_use]
    pub fn agency_name(&self, code: &str) -> String {
        self.node().agency().name_of(code).to_owned()
    }

    /// The numbers to ring by day and by night.
    #[must_use]
    pub fn phones(&self) -> (Phone, Phone) {
        let agency = self.node().agency();
        (Phone::new(&agency.day_phone), Phone::new(&agency.night_phone))
    }
}

impl std::fmt::Debug for Site {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Site")
    }
}

/// Stored time as the pages write it; outside civil time it is 1970.
#[must_use]
pub fn jiff_of(at: Instant) -> Timestamp {
    When::at_micros(at.micros())
}

/// Who is signed in, in which post.
#[derive(Clone, Debug)]
pub struct Staff {
    /// What use cases are given.
    pub acting: ActingIn,
    /// Their name.
    pub name: String,
    /// The grant under which they look, if they are an inspector.
    pub grant: Option<GrantView>,
    /// When their session ends if nothing more is sent or opened, and in how many seconds.
    pub ends: (Instant, i64),
}

impl FromRequestParts<App> for Staff {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let Office { acting, session } = Office::from_request_parts(parts, app).await?;
        let name = app.node().name_of(acting.practitioner).await.map_err(fault)?;
        let grant = app.node().my_grant(&acting).await.map_err(fault)?;
        let ends = app.sign_in().ends_unused(&session);
        Ok(Self {
            acting,
            name,
            grant,
            ends,
        })
    }
}

/// Draw a page.
#[must_use]
pub fn page(page: &impl Template) -> Response {
    drawn(StatusCode::OK, page)
}

/// Draw a page again with what is wrong with it: everything typed is in it.
#[must_use]
pub fn again(page: &impl Template) -> Response {
    drawn(StatusCode::UNPROCESSABLE_ENTITY, page)
}

fn drawn(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => {
            let mut response = (status, Html(html)).into_response();
            response.extensions_mut().insert(Finished);
            response
        }
        Err(_) => Error::Internal.into_response(),
    }
}

/// Lead on after a post: Back and reload then send nothing twice.
#[must_use]
pub fn lead(to: &str) -> Response {
    Redirect::to(to).into_response()
}

/// What a use case refused, at the edge.
pub fn fault(error: AppError) -> Error {
    Error::from(error)
}

/// Runs one use case that writes.
///
/// # Errors
/// What the use case answers.
pub async fn write<T, F, W>(site: &Site, work: F) -> Result<T, AppError>
where
    F: FnOnce(Node) -> W,
    W: Future<Output = Result<T, AppError>>,
{
    work(site.node().clone()).await
}

/// A page that says which rule refused; anything else as an error.
pub fn refusal(site: &Site, shell: Shell<'_>, error: AppError) -> Result<Response, Error> {
    let AppError::Refused(rule) = error else {
        return Err(fault(error));
    };
    use node::app::Refusal as R;
    let code = match rule {
        R::OpenDuties(_) => "open-duties",
        R::NotDecided => "not-decided",
        R::NotConfirmed => "not-confirmed",
        R::NeedsAnother => "needs-another",
        R::Held(_) => "held",
        R::InTheLine => "in-the-line",
        R::AlreadyDone => "already-done",
        R::UnknownCode => "unknown-code",
    };
    let _ = site;
    Ok(drawn(StatusCode::CONFLICT, &refused(shell, code)))
}

/// The site, as an argument of a handler.
pub struct On(pub Site);

impl FromRequestParts<App> for On {
    type Rejection = Error;

    async fn from_request_parts(_: &mut Parts, app: &App) -> Result<Self, Error> {
        Site::of(app).map(Self)
    }
}

/// A posted form as pairs, in the order posted.
#[derive(Clone, Debug, Default)]
pub struct Posted(pub Vec<(String, String)>);

impl Posted {
    /// The first value of a field, or empty.
    #[must_use]
    pub fn get(&self, name: &str) -> String {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    }

    /// Every value of a field.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// A field as one line.
    #[must_use]
    pub fn line(&self, name: &str) -> String {
        crate::guard::input::line(&self.get(name))
            .chars()
            .take(super::report::answers::SHORT_MOST)
            .collect()
    }

    /// A number, or 0.
    #[must_use]
    pub fn number(&self, name: &str) -> u32 {
        self.get(name).parse().unwrap_or(0)
    }
}

/// A posted form with a file in it, whose token was checked.
#[derive(Debug)]
pub struct SentFile {
    /// Its fields.
    pub form: Posted,
    /// The file, when one was chosen.
    pub file: Option<Vec<u8>>,
}

impl FromRequest<App> for SentFile {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let headers = request.headers().clone();
        let Upload { fields, file } = Upload::from_request(request, app).await?;
        let form = Posted(fields);
        csrf::check(app, &headers, &form.get("csrf"))?;
        Ok(Self { form, file })
    }
}

/// A posted form whose token was checked: no handler can forget to.
#[derive(Clone, Debug)]
pub struct Sent(pub Posted);

impl FromRequest<App> for Sent {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let headers = request.headers().clone();
        let Form(pairs) = Form::<Vec<(String, String)>>::from_request(request, app).await?;
        let form = Posted(pairs);
        csrf::check(app, &headers, &form.get("csrf"))?;
        Ok(Self(form))
    }
}

//! What every page's handler is given besides [`App`]: the node, the words, and who is signed in.

use std::pin::Pin;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::time::Instant;
use jiff::Timestamp;
use node::app::{Acting as ActingIn, AppError, Node};

use super::components::layout::{Acting, Shell};
use super::format::When;
use super::open::text::refused;
use super::report::pages::Phone;
use crate::app::App;
use crate::error::Error;
use crate::guard::csrf;
use crate::i18n::{TextError, Texts};

/// The node and the words. Cheap to clone; one for each node served.
#[derive(Clone)]
pub struct Site(Arc<Inner>);

struct Inner {
    node: Node,
    texts: Texts,
    sessions: Arc<dyn Sessions>,
}

/// Asked by every page of the workspace: who is signed in?
pub trait Sessions: Send + Sync + 'static {
    /// Who the cookies in `headers` belong to, in the post they act in; nobody when the session has ended.
    fn staff<'a>(
        &'a self,
        headers: &'a HeaderMap,
    ) -> Pin<Box<dyn Future<Output = Option<Staff>> + Send + 'a>>;
}

impl Site {
    /// The pages of a node, in English.
    ///
    /// # Errors
    /// When a file of messages is broken.
    pub fn new(node: Node, sessions: Arc<dyn Sessions>) -> Result<Self, TextError> {
        let texts = Texts::english()?;
        Ok(Self(Arc::new(Inner {
            node,
            texts,
            sessions,
        })))
    }

    /// The node.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.0.node
    }

    /// The words.
    #[must_use]
    pub fn t(&self) -> &Texts {
        &self.0.texts
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
        };
        let when = self.when();
        Shell::staff(self.t(), title, acting, &csrf)
            .demo(app.settings().demo)
            .printed(&who.name, &when.time_on_date(when.now()))
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
}

impl FromRequestParts<App> for Staff {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let On(site) = On::from_request_parts(parts, app).await?;
        site.0.sessions.staff(&parts.headers).await.ok_or(Error::SignIn)
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
        Ok(html) => (status, Html(html)).into_response(),
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
    match error {
        AppError::NotFound => Error::NotFound,
        AppError::Moved { .. } => Error::Moved,
        AppError::TooMany { .. } => Error::TooMany { retry_after: 60 },
        AppError::Unknown => Error::Unknown,
        AppError::Invalid { .. } | AppError::Refused(_) => Error::Malformed,
        AppError::Broken(cause) => {
            tracing::error!(cause, "a use case is broken");
            Error::Internal
        }
    }
}

/// Runs one use case that writes. Its future borrows what it was given and cannot move between threads, so it
/// is driven on one thread from beginning to end; the write itself waits in line with all others.
///
/// # Errors
/// What the use case answers; [`AppError::Broken`] when the thread ended.
pub async fn write<T, F, W>(site: &Site, work: F) -> Result<T, AppError>
where
    T: Send + 'static,
    F: FnOnce(Node) -> W + Send + 'static,
    W: Future<Output = Result<T, AppError>>,
{
    let node = site.node().clone();
    let here = tokio::runtime::Handle::current();
    let done = tokio::task::spawn_blocking(move || here.block_on(work(node))).await;
    done.unwrap_or_else(|_| Err(AppError::Broken("a write ended before it was done".to_owned())))
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

impl<S: Send + Sync> FromRequestParts<S> for On {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let found = Extension::<Site>::from_request_parts(parts, state).await;
        found
            .map(|Extension(site)| Self(site))
            .map_err(|_| Error::Internal)
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

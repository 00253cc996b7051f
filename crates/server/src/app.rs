//! The state every handler is given, and the router: which layer stands outside which.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderMap;
use axum::middleware::{from_fn, from_fn_with_state};
use node::app::Node;
use node::clock::SystemClock;
use node::signin::door::Door;
use node::signin::{SignIn, SignInError, Site};
use tower_http::catch_panic::CatchPanicLayer;

use crate::api;
use crate::error::{self, Error};
use crate::guard::{compress, csrf, headers, limit, trace};
use crate::session;
use crate::settings::Settings;
use crate::visit::{self, Visits};
use crate::web::unsent::keep;

/// The largest body a request may have, in bytes: about thirty pages of text.
pub const MAX_BODY: usize = 256 * 1024;

/// What every handler is given. Cheap to clone; one for each node served.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    settings: Settings,
    node: Node,
    sign_in: SignIn,
    visits: Visits,
    reports: limit::Limits,
    codes: limit::Limits,
}

impl App {
    /// The state for one node.
    #[must_use]
    pub fn new(node: Node, sign_in: SignIn, settings: Settings) -> Self {
        Self(Arc::new(Inner {
            visits: Visits::new(sign_in.door().clone()),
            reports: limit::Limits::for_reports(),
            codes: limit::Limits::for_codes(),
            node,
            sign_in,
            settings,
        }))
    }

    /// The state for one node that browsers reach at the settings' origin. Sessions and codes go by the machine's clock,
    /// whatever the node's is.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn of(node: Node, settings: Settings) -> Result<Self, SignInError> {
        let site = Site {
            origin: settings.origin.clone(),
            name: node.agency().name.clone(),
        };
        let sign_in = node.sign_in(Arc::new(SystemClock), site)?;
        Ok(Self::new(node, sign_in, settings))
    }

    /// What this server was told before it started.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The node.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.0.node
    }

    /// Who comes in.
    #[must_use]
    pub fn sign_in(&self) -> &SignIn {
        &self.0.sign_in
    }

    /// The door key's work: tags, tokens, sealing.
    #[must_use]
    pub fn door(&self) -> &Door {
        self.0.sign_in.door()
    }

    /// The visits of people who report, in memory.
    #[must_use]
    pub fn visits(&self) -> &Visits {
        &self.0.visits
    }

    /// Counts one report from a source without an account.
    ///
    /// # Errors
    /// [`Error::TooMany`] when this source, or everyone together, has sent too many: the page gives the numbers to ring.
    pub fn may_report(&self, source: &limit::Source) -> Result<(), Error> {
        self.0.reports.take(&source.tag(self.door()))
    }

    /// Counts one code that is asked for or typed, from a source without an account.
    ///
    /// # Errors
    /// [`Error::TooMany`] when this source, or everyone together, has tried too many.
    pub fn may_try_code(&self, source: &limit::Source) -> Result<(), Error> {
        self.0.codes.take(&source.tag(self.door()))
    }

    /// The form token for whoever holds the cookies in `headers`: different bytes each time, the same meaning.
    #[must_use]
    pub fn form_token(&self, headers: &HeaderMap) -> String {
        csrf::form_token(self, headers)
    }
}

/// Everything this server answers to the public listener.
///
/// From outside in: what was asked is noted (never by whom), every answer gets its headers, panics and errors become
/// pages, HTML is padded and compressed, cross-site posts are refused, slow and large requests are cut off.
pub fn router(app: App) -> Router {
    shell(routes(), app)
}

/// Every route of the public listener, without the shell.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/assets/{name}", axum::routing::get(crate::web::assets::serve))
        .merge(visit::routes())
        .merge(session::routes())
        .merge(crate::web::routes())
        .merge(api::routes())
}

/// Puts the shell around `routes`: what [`router`] does, open to tests and to a demo that adds routes of its own.
pub fn shell(routes: Router<App>, app: App) -> Router {
    routes
        .fallback(|| async { Error::NotFound })
        .method_not_allowed_fallback(|| async { Error::Method })
        .layer(from_fn_with_state(app.clone(), keep::keep))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn(limit::timeout))
        .layer(csrf::layer(app.settings()))
        .layer(from_fn_with_state(app.clone(), compress::pad))
        .layer(compress::layer())
        .layer(CatchPanicLayer::custom(error::from_panic))
        .layer(from_fn_with_state(app.clone(), error::face))
        .layer(from_fn_with_state(app.clone(), headers::add))
        .layer(from_fn(trace::note))
        .with_state(app)
}

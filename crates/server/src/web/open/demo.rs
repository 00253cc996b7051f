//! The demo's own control: moving time on. The demo alone adds these routes.

use std::pin::Pin;
use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use node::app::AppError;

use super::text;
use crate::app::App;
use crate::error::Error;
use crate::guard::csrf;
use crate::guard::input::Form;
use crate::web::site::{On, Posted, fault, lead, page};

/// How far to move time on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One hour.
    Hour,
    /// To 8:30am on the next working day.
    Morning,
}

/// Done when everything that fell due on the way is written.
pub type Moved<'a> = Pin<Box<dyn Future<Output = Result<(), AppError>> + Send + 'a>>;

/// Moves the demo's time on, running every clock on the way.
pub trait Control: Send + Sync + 'static {
    /// Moves on by a step.
    fn move_on(&self, step: Step) -> Moved<'_>;
}

/// `GET` and `POST /demo`.
pub fn routes(control: Arc<dyn Control>) -> Router<App> {
    Router::new()
        .route("/demo", get(show).post(step))
        .layer(Extension(control))
}

async fn show(State(app): State<App>, On(site): On, headers: HeaderMap) -> Response {
    let when = site.when();
    let shell = site.public(&app, &headers, &site.t().get("demo-title")).back("/");
    page(&text::demo(shell, &when.time_on_date(when.now())))
}

async fn step(
    State(app): State<App>,
    Extension(control): Extension<Arc<dyn Control>>,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let form = Posted(form);
    csrf::check(&app, &headers, &form.get("csrf"))?;
    let step = if form.get("on") == "morning" {
        Step::Morning
    } else {
        Step::Hour
    };
    control.move_on(step).await.map_err(fault)?;
    Ok(lead("/demo"))
}

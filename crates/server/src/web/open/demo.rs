//! The demo's own control: moving time on. The demo alone adds these routes.

use std::pin::Pin;
use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};

use super::text;
use crate::app::App;
use crate::error::Error;
use crate::web::site::{On, Sent, lead, page};

/// How far to move time on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One hour.
    Hour,
    /// To 8:30am on the next working day.
    Morning,
}

/// Moves the demo's time on, running every clock on the way.
pub trait TimeControl: Send + Sync + 'static {
    /// Moves on by a step; done when everything that fell due on the way is written.
    fn move_on(&self, step: Step) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// `GET` and `POST /demo`.
pub fn routes(control: Arc<dyn TimeControl>) -> Router<App> {
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
    Extension(control): Extension<Arc<dyn TimeControl>>,
    Sent(form): Sent,
) -> Result<Response, Error> {
    let step = if form.get("on") == "morning" {
        Step::Morning
    } else {
        Step::Hour
    };
    control.move_on(step).await;
    Ok(lead("/demo"))
}

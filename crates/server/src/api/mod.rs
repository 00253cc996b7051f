//! The JSON API: for programs, never for browsers. What it can do is what the pages can do, by the same use cases.
//!
//! A caller holds a bearer token that names a post and a scope; cookies are not looked at, so that no browser can be made
//! to use it. Unknown fields are refused (peers.md V14). Every refusal is `application/problem+json` (RFC 9457) with a
//! JSON pointer to the field. The document at `/api/openapi.json` is also a snapshot in the tests, so that a change of
//! the API is seen in review. Sending the same again is safe: whatever makes something takes an `Idempotency-Key`, a
//! decision the entry it has seen, an acceptance or answer the duty, which takes it once (and the key too, if it is sent).

mod caller;
mod concern;
mod concerns;
mod decide;
mod duties;
mod entries;
mod inspections;
mod keeping;
mod outcome;
mod proof;
mod report;
mod shared;
mod time;
mod waiting;

use axum::routing::{get, post};
use axum::{Json, Router};
use utoipa::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};

use crate::app::App;

/// A problem, as it goes out.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "documents what `error` writes")]
struct Problem {
    /// What kind: stable.
    #[schema(example = "/api/problems#invalid")]
    r#type: String,
    /// One sentence.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What is wrong, field by field.
    errors: Option<Vec<ProblemField>>,
    /// Which rule refused.
    rule: Option<String>,
    /// What stands in the way, by handle.
    because: Option<Vec<String>>,
}

/// One field of a problem.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "documents what `error` writes")]
struct ProblemField {
    /// JSON pointer (RFC 6901) into the body; empty for the whole.
    pointer: String,
    /// Stable code.
    code: String,
    /// What to do, in plain words. Never what was sent.
    detail: String,
}

struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", scheme);
    }
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Daylight", description = "One agency's node: report, read, decide, answer.", version = "1"),
    paths(
        report::file,
        report::receipt,
        duties::list,
        duties::accept,
        duties::answer,
        waiting::ask,
        waiting::wait,
        waiting::over,
        concerns::list,
        concern::show,
        entries::add,
        entries::beside,
        entries::must_not_be_here,
        entries::not_about,
        entries::conflict,
        decide::decide,
        outcome::second_read,
        outcome::disagree,
        outcome::tell,
        outcome::close,
        outcome::reopen,
        outcome::relabel,
        keeping::restrict,
        keeping::review,
        keeping::hold,
        keeping::release,
        keeping::erase,
        keeping::agree,
        keeping::withdraw,
        proof::entry,
        proof::receipt,
        proof::keys,
        inspections::list,
        inspections::ask,
        inspections::agree,
        inspections::end
    ),
    components(schemas(Problem, ProblemField)),
    modifiers(&Bearer),
    security(("bearer" = []))
)]
struct Document;

/// The API's description (OpenAPI 3.1).
fn document() -> serde_json::Value {
    let document = serde_json::to_value(Document::openapi()).unwrap_or_default();
    shared::shared(document)
}

/// Everything below `/api`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/openapi.json", get(|| async { Json(document()) }))
        .route("/api/v1/reports", post(report::file))
        .route("/api/v1/receipts/{ticket}", get(report::receipt))
        .route("/api/v1/receipts/{ticket}/file", get(proof::receipt))
        .route("/api/v1/keys", get(proof::keys))
        .route("/api/v1/duties", get(duties::list))
        .route("/api/v1/concerns", get(concerns::list))
        .route(
            "/api/v1/inspections",
            get(inspections::list).post(inspections::ask),
        )
        .route(
            "/api/v1/inspections/{inspector}/{grant}/agreement",
            post(inspections::agree),
        )
        .route(
            "/api/v1/inspections/{inspector}/{grant}/end",
            post(inspections::end),
        )
        .nest("/api/v1/concerns/{reference}", on_a_concern())
}

/// What is done to one concern.
fn on_a_concern() -> Router<App> {
    Router::new()
        .route("/", get(concern::show))
        .route("/entries", post(entries::add))
        .route("/entries/{record}/beside", post(entries::beside))
        .route(
            "/entries/{record}/must-not-be-here",
            post(entries::must_not_be_here),
        )
        .route("/entries/{record}/proof", get(proof::entry))
        .route("/subjects/{subject}/not-about", post(entries::not_about))
        .route("/conflict", post(entries::conflict))
        .route("/decisions", post(decide::decide))
        .route("/decisions/{decision}/second-reading", post(outcome::second_read))
        .route("/decisions/{decision}/disagreements", post(outcome::disagree))
        .route("/reporter/tellings", post(outcome::tell))
        .route("/closures", post(outcome::close))
        .route("/re-openings", post(outcome::reopen))
        .route("/labels", post(outcome::relabel))
        .route("/restrictions", post(keeping::restrict))
        .route("/restrictions/review", post(keeping::review))
        .route("/holds", post(keeping::hold))
        .route("/holds/{hold}/release", post(keeping::release))
        .route("/erasures", post(keeping::erase))
        .route("/erasures/{erasure}/agreement", post(keeping::agree))
        .route("/erasures/{erasure}/withdrawal", post(keeping::withdraw))
        .route("/duties/{duty}/accept", post(duties::accept))
        .route("/duties/{duty}/answer", post(duties::answer))
        .route("/duties/{duty}/questions", post(waiting::ask))
        .route("/duties/{duty}/waits", post(waiting::wait))
        .route("/duties/{duty}/waits/over", post(waiting::over))
}

//! Asking about a duty, and waiting for somebody else.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::id::{DutyId, PostId};
use node::app::Node;
use node::app::waiting::WaitFor;
use node::signin::token::ApiScope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::{Acted, ActedOut, Caller, Once, Refusals, Writes, handle, handle_at};
use super::outcome::WordsIn;
use crate::app::App;
use crate::error::Error;
use crate::guard::input;

/// What every act answers.
type Done = Result<(StatusCode, Json<ActedOut>), Error>;

/// For whom a duty waits: a post of this node, or somebody outside it.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WaitIn {
    /// A post of this node, hosted for a partner or not.
    post: Option<String>,
    /// Whom, in words, when this node cannot ask them.
    #[serde(default)]
    outside: String,
    /// What is asked.
    #[serde(default)]
    words: String,
}

/// Asks something about a duty that climbed here. The clock runs on.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/duties/{duty}/questions", operation_id = "askAboutDuty", request_body = WordsIn,
    params(("reference" = String, Path, description = "The concern's."), ("duty" = String, Path, description = "The duty's."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn ask(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path((reference, duty)): Path<(String, String)>,
    input::Json(given): input::Json<WordsIn>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let about: DutyId = handle(&duty)?;
    let what = ("askAboutDuty", &reference, &duty, &given);
    once.act(&app, &acting, &what, async |node: Node| {
        node.ask(&acting, &reference, about, given.words()).await
    })
    .await
}

/// Says that a duty waits for somebody else. Its clock runs on.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/duties/{duty}/waits", operation_id = "waitFor", request_body = WaitIn,
    params(("reference" = String, Path, description = "The concern's."), ("duty" = String, Path, description = "The duty's."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn wait(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path((reference, duty)): Path<(String, String)>,
    input::Json(given): input::Json<WaitIn>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let waits: DutyId = handle(&duty)?;
    let whom = match given.post.as_ref() {
        Some(post) => WaitFor::Post(handle_at::<PostId>(post, "/post")?),
        None => WaitFor::Outside(given.outside.clone()),
    };
    let what = ("waitFor", &reference, &duty, &given);
    once.act(&app, &acting, &what, async |node: Node| {
        node.wait_for(&acting, &reference, waits, &whom, &given.words)
            .await
    })
    .await
}

/// Says that the waiting is over.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/duties/{duty}/waits/over", operation_id = "waitOver", request_body = WordsIn,
    params(("reference" = String, Path, description = "The concern's."), ("duty" = String, Path, description = "The duty's."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn over(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path((reference, duty)): Path<(String, String)>,
    input::Json(given): input::Json<WordsIn>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let waits: DutyId = handle(&duty)?;
    let what = ("waitOver", &reference, &duty, &given);
    once.act(&app, &acting, &what, async |node: Node| {
        node.wait_over(&acting, &reference, waits, given.words()).await
    })
    .await
}

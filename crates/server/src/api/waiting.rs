//! Asking about a duty, and waiting for somebody else.

use axum::extract::Path;
use domain::id::{DutyId, PostId};
use node::app::waiting::WaitFor;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::{Acted, Done, Key, OfConcern, Refusals, Writes, Writing, handle, handle_at};
use super::outcome::WordsIn;
use crate::guard::input;

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
    params(OfConcern, ("duty" = String, Path, description = "The duty's."), Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn ask(
    writing: Writing,
    Path((reference, duty)): Path<(String, String)>,
    input::Json(given): input::Json<WordsIn>,
) -> Done {
    let about: DutyId = handle(&duty)?;
    let what = ("askAboutDuty", &reference, &duty, &given);
    writing
        .act(&what, async |node, acting| {
            node.ask(&acting, &reference, about, given.words()).await
        })
        .await
}

/// Says that a duty waits for somebody else. Its clock runs on.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/duties/{duty}/waits", operation_id = "waitFor", request_body = WaitIn,
    params(OfConcern, ("duty" = String, Path, description = "The duty's."), Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn wait(
    writing: Writing,
    Path((reference, duty)): Path<(String, String)>,
    input::Json(given): input::Json<WaitIn>,
) -> Done {
    let waits: DutyId = handle(&duty)?;
    let whom = match given.post.as_ref() {
        Some(post) => WaitFor::Post(handle_at::<PostId>(post, "/post")?),
        None => WaitFor::Outside(given.outside.clone()),
    };
    let what = ("waitFor", &reference, &duty, &given);
    writing
        .act(&what, async |node, acting| {
            node.wait_for(&acting, &reference, waits, &whom, &given.words)
                .await
        })
        .await
}

/// Says that the waiting is over.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/duties/{duty}/waits/over", operation_id = "waitOver", request_body = WordsIn,
    params(OfConcern, ("duty" = String, Path, description = "The duty's."), Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn over(
    writing: Writing,
    Path((reference, duty)): Path<(String, String)>,
    input::Json(given): input::Json<WordsIn>,
) -> Done {
    let waits: DutyId = handle(&duty)?;
    let what = ("waitOver", &reference, &duty, &given);
    writing
        .act(&what, async |node, acting| {
            node.wait_over(&acting, &reference, waits, given.words()).await
        })
        .await
}

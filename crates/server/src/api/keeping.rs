//! Restricting, holding and erasing.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::id::RecordId;
use node::app::Node;
use node::app::restrict::Review;
use node::signin::token::ApiScope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::{Acted, ActedOut, Caller, Once, Refusals, Writes, handle, handle_at};
use super::entries::ReasonIn;
use super::report::choice;
use crate::app::App;
use crate::error::Error;
use crate::guard::input;

/// What every act answers.
type Done = Result<(StatusCode, Json<ActedOut>), Error>;

/// What the custodian of a restriction finds.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReviewIn {
    /// `keep`, `end` or `mistaken`: it was somebody else of that name.
    #[schema(pattern = "^(keep|end|mistaken)$")]
    finding: String,
    /// Why.
    #[schema(pattern = r"\S")]
    reason: String,
}

/// A hold.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HoldIn {
    /// By whose authority nothing may be erased.
    #[schema(pattern = r"\S")]
    authority: String,
    /// When it is looked at again, in words.
    #[serde(default)]
    review: String,
}

/// One field to be erased.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ErasureIn {
    /// The entry.
    record: String,
    /// Its field.
    field: String,
    /// `wrong-person`, `unlawfully-held`, `court-order`, `retention-ended` or `must-not-be-held`.
    #[schema(pattern = "^(wrong-person|unlawfully-held|court-order|retention-ended|must-not-be-held)$")]
    reason: String,
}

/// Restricts a concern to the designated officer and their deputy.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/restrictions", operation_id = "restrict", request_body = ReasonIn,
    params(("reference" = String, Path, description = "The concern's."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn restrict(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path(reference): Path<String>,
    input::Json(given): input::Json<ReasonIn>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let what = ("restrict", &reference, &given);
    once.act(&app, &acting, &what, async |node: Node| {
        node.restrict(&acting, &reference, given.reason()).await
    })
    .await
}

/// Keeps a restriction or ends it.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/restrictions/review", operation_id = "reviewRestriction", request_body = ReviewIn,
    params(("reference" = String, Path, description = "The concern's."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn review(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path(reference): Path<String>,
    input::Json(given): input::Json<ReviewIn>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let finding = match given.finding.as_str() {
        "keep" => Some(Review::Keep),
        "end" => Some(Review::End),
        "mistaken" => Some(Review::Mistaken),
        _ => None,
    };
    let finding = choice(finding, "/finding", "keep, end, mistaken")?;
    let what = ("reviewRestriction", &reference, &given);
    once.act(&app, &acting, &what, async |node: Node| {
        node.review_restriction(&acting, &reference, finding, &given.reason)
            .await
    })
    .await
}

/// Sets a hold: nothing may be erased while it stands.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/holds", operation_id = "setHold", request_body = HoldIn,
    params(("reference" = String, Path, description = "The concern's."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn hold(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path(reference): Path<String>,
    input::Json(given): input::Json<HoldIn>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let what = ("setHold", &reference, &given);
    once.act(&app, &acting, &what, async |node: Node| {
        node.set_hold(&acting, &reference, &given.authority, &given.review)
            .await
    })
    .await
}

/// Agrees, for one body, that a hold ends. Two bodies must.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/holds/{hold}/release", operation_id = "releaseHold",
    params(("reference" = String, Path, description = "The concern's."), ("hold" = String, Path, description = "The hold's record."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn release(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path((reference, hold)): Path<(String, String)>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let held: RecordId = handle(&hold)?;
    let what = ("releaseHold", &reference, &hold);
    once.act(&app, &acting, &what, async |node: Node| {
        node.release_hold(&acting, &reference, held).await
    })
    .await
}

/// Asks that one field be erased. It is hidden from now.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/erasures", operation_id = "askErasure", request_body = ErasureIn,
    params(("reference" = String, Path, description = "The concern's."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn erase(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path(reference): Path<String>,
    input::Json(given): input::Json<ErasureIn>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let entry: RecordId = handle_at(&given.record, "/record")?;
    let what = ("askErasure", &reference, &given);
    once.act(&app, &acting, &what, async |node: Node| {
        node.ask_erasure(&acting, &reference, entry, &given.field, &given.reason)
            .await
    })
    .await
}

/// Agrees to an erasure, as the second person.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/erasures/{erasure}/agreement", operation_id = "agreeErasure",
    params(("reference" = String, Path, description = "The concern's."), ("erasure" = String, Path, description = "The record that asks."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn agree(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path((reference, erasure)): Path<(String, String)>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let asked: RecordId = handle(&erasure)?;
    let what = ("agreeErasure", &reference, &erasure);
    once.act(&app, &acting, &what, async |node: Node| {
        node.agree_erasure(&acting, &reference, asked).await
    })
    .await
}

/// Takes an erasure back while it waits.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/erasures/{erasure}/withdrawal", operation_id = "withdrawErasure", request_body = ReasonIn,
    params(("reference" = String, Path, description = "The concern's."), ("erasure" = String, Path, description = "The record that asks."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn withdraw(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path((reference, erasure)): Path<(String, String)>,
    input::Json(given): input::Json<ReasonIn>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let asked: RecordId = handle(&erasure)?;
    let what = ("withdrawErasure", &reference, &erasure, &given);
    once.act(&app, &acting, &what, async |node: Node| {
        node.withdraw_erasure(&acting, &reference, asked, given.reason())
            .await
    })
    .await
}

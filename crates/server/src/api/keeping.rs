//! Restricting, holding and erasing.

use axum::extract::Path;
use domain::id::RecordId;
use node::app::restrict::Review;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::{Acted, Done, Key, OfConcern, Refusals, Writes, Writing, handle, handle_at};
use super::entries::ReasonIn;
use super::report::choice;
use crate::guard::input;

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
    params(OfConcern, Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn restrict(
    writing: Writing,
    Path(reference): Path<String>,
    input::Json(given): input::Json<ReasonIn>,
) -> Done {
    let what = ("restrict", &reference, &given);
    writing
        .act(&what, async |node, acting| {
            node.restrict(&acting, &reference, given.reason()).await
        })
        .await
}

/// Keeps a restriction or ends it.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/restrictions/review", operation_id = "reviewRestriction", request_body = ReviewIn,
    params(OfConcern, Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn review(
    writing: Writing,
    Path(reference): Path<String>,
    input::Json(given): input::Json<ReviewIn>,
) -> Done {
    let finding = match given.finding.as_str() {
        "keep" => Some(Review::Keep),
        "end" => Some(Review::End),
        "mistaken" => Some(Review::Mistaken),
        _ => None,
    };
    let finding = choice(finding, "/finding", "keep, end, mistaken")?;
    let what = ("reviewRestriction", &reference, &given);
    writing
        .act(&what, async |node, acting| {
            node.review_restriction(&acting, &reference, finding, &given.reason)
                .await
        })
        .await
}

/// Sets a hold: nothing may be erased while it stands.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/holds", operation_id = "setHold", request_body = HoldIn,
    params(OfConcern, Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn hold(
    writing: Writing,
    Path(reference): Path<String>,
    input::Json(given): input::Json<HoldIn>,
) -> Done {
    let what = ("setHold", &reference, &given);
    writing
        .act(&what, async |node, acting| {
            node.set_hold(&acting, &reference, &given.authority, &given.review)
                .await
        })
        .await
}

/// Agrees, for one body, that a hold ends. Two bodies must.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/holds/{hold}/release", operation_id = "releaseHold",
    params(OfConcern, ("hold" = String, Path, description = "The hold's record."), Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn release(writing: Writing, Path((reference, hold)): Path<(String, String)>) -> Done {
    let held: RecordId = handle(&hold)?;
    let what = ("releaseHold", &reference, &hold);
    writing
        .act(&what, async |node, acting| {
            node.release_hold(&acting, &reference, held).await
        })
        .await
}

/// Asks that one field be erased. It is hidden from now.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/erasures", operation_id = "askErasure", request_body = ErasureIn,
    params(OfConcern, Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn erase(
    writing: Writing,
    Path(reference): Path<String>,
    input::Json(given): input::Json<ErasureIn>,
) -> Done {
    let entry: RecordId = handle_at(&given.record, "/record")?;
    let what = ("askErasure", &reference, &given);
    writing
        .act(&what, async |node, acting| {
            node.ask_erasure(&acting, &reference, entry, &given.field, &given.reason)
                .await
        })
        .await
}

/// Agrees to an erasure, as the second person.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/erasures/{erasure}/agreement", operation_id = "agreeErasure",
    params(OfConcern, ("erasure" = String, Path, description = "The record that asks."), Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn agree(writing: Writing, Path((reference, erasure)): Path<(String, String)>) -> Done {
    let asked: RecordId = handle(&erasure)?;
    let what = ("agreeErasure", &reference, &erasure);
    writing
        .act(&what, async |node, acting| {
            node.agree_erasure(&acting, &reference, asked).await
        })
        .await
}

/// Takes an erasure back while it waits.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/erasures/{erasure}/withdrawal", operation_id = "withdrawErasure", request_body = ReasonIn,
    params(OfConcern, ("erasure" = String, Path, description = "The record that asks."), Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn withdraw(
    writing: Writing,
    Path((reference, erasure)): Path<(String, String)>,
    input::Json(given): input::Json<ReasonIn>,
) -> Done {
    let asked: RecordId = handle(&erasure)?;
    let what = ("withdrawErasure", &reference, &erasure, &given);
    writing
        .act(&what, async |node, acting| {
            node.withdraw_erasure(&acting, &reference, asked, given.reason())
                .await
        })
        .await
}

//! Entries of a concern: adding, disputing, correcting, and saying that something is not about this person or must not be here.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::id::{RecordId, SubjectId};
use node::app::Node;
use node::app::add::Beside;
use node::signin::token::ApiScope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::{Acted, ActedOut, Caller, Once, Refusals, Writes, handle};
use super::report::{MentionIn, choice, mentions};
use crate::app::App;
use crate::error::Error;
use crate::guard::input;

/// What every act answers.
type Done = Result<(StatusCode, Json<ActedOut>), Error>;

/// Something added later.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EntryIn {
    /// In your words. May be empty when somebody or something is mentioned.
    #[serde(default)]
    words: String,
    /// `fact`, `opinion` or `reported`.
    #[schema(pattern = "^(fact|opinion|reported)$")]
    nature: String,
    /// Who and what it mentions.
    #[serde(default)]
    mentions: Vec<MentionIn>,
}

/// Words that stand beside an entry.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BesideIn {
    /// `disputes` or `corrects`.
    #[schema(pattern = "^(disputes|corrects)$")]
    how: String,
    /// What is wrong, or what is right.
    #[schema(pattern = r"\S")]
    words: String,
}

/// One field of an entry.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldIn {
    /// Its name, as the concern shows it.
    field: String,
}

/// A reason.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReasonIn {
    /// Why. Never empty.
    #[schema(pattern = r"\S")]
    reason: String,
}

impl ReasonIn {
    pub(super) fn reason(&self) -> &str {
        &self.reason
    }
}

/// Adds to a concern.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/entries", operation_id = "addEntry", request_body = EntryIn,
    params(("reference" = String, Path, description = "The concern's."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path(reference): Path<String>,
    input::Json(given): input::Json<EntryIn>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let found = mentions(given.mentions.clone())?;
    let what = ("addEntry", &reference, &given);
    once.act(&app, &acting, &what, async |node: Node| {
        node.add_entry(&acting, &reference, &given.words, &given.nature, &found)
            .await
    })
    .await
}

/// Disputes or corrects an entry. It stays, and so does what is said.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/entries/{record}/beside", operation_id = "standBeside", request_body = BesideIn,
    params(("reference" = String, Path, description = "The concern's."), ("record" = String, Path, description = "The entry's."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn beside(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path((reference, record)): Path<(String, String)>,
    input::Json(given): input::Json<BesideIn>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let entry: RecordId = handle(&record)?;
    let how = match given.how.as_str() {
        "disputes" => Some(Beside::Disputes),
        "corrects" => Some(Beside::Corrects),
        _ => None,
    };
    let how = choice(how, "/how", "disputes, corrects")?;
    let what = ("standBeside", &reference, &record, &given);
    once.act(&app, &acting, &what, async |node: Node| {
        node.stand_beside(&acting, &reference, entry, how, &given.words)
            .await
    })
    .await
}

/// Makes a field unreadable to everybody at once, and kept for the police.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/entries/{record}/must-not-be-here", operation_id = "mustNotBeHere", request_body = FieldIn,
    params(("reference" = String, Path, description = "The concern's."), ("record" = String, Path, description = "The entry's."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn must_not_be_here(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path((reference, record)): Path<(String, String)>,
    input::Json(given): input::Json<FieldIn>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let entry: RecordId = handle(&record)?;
    let what = ("mustNotBeHere", &reference, &record, &given);
    once.act(&app, &acting, &what, async |node: Node| {
        node.must_not_be_here(&acting, &reference, entry, &given.field)
            .await
    })
    .await
}

/// Says that what is here is not about this person: gone from every view of them, proof kept.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/subjects/{subject}/not-about", operation_id = "notAbout", request_body = ReasonIn,
    params(("reference" = String, Path, description = "The concern's."), ("subject" = String, Path, description = "The subject's."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn not_about(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path((reference, subject)): Path<(String, String)>,
    input::Json(given): input::Json<ReasonIn>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let whom: SubjectId = handle(&subject)?;
    let what = ("notAbout", &reference, &subject, &given);
    once.act(&app, &acting, &what, async |node: Node| {
        node.not_about(&acting, &reference, whom, &given.reason).await
    })
    .await
}

/// Steps away: the caller knows this family, and meets nothing of it from now on.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/conflict", operation_id = "declareConflict",
    params(("reference" = String, Path, description = "The concern's."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn conflict(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path(reference): Path<String>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let what = ("declareConflict", &reference);
    once.act(&app, &acting, &what, async |node: Node| {
        node.declare_conflict(&acting, &reference).await
    })
    .await
}

//! What follows a decision: the second reading, disagreeing, telling whoever reported, closing, opening again and naming anew.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::id::{RecordId, SubjectId};
use node::app::Node;
use node::app::tell::Telling;
use node::signin::token::ApiScope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::{Acted, ActedOut, Caller, Once, Refusals, Writes, handle, handle_at};
use super::report::choice;
use crate::app::App;
use crate::error::Error;
use crate::guard::input;

/// What every act answers.
type Done = Result<(StatusCode, Json<ActedOut>), Error>;

/// A second reading.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadingIn {
    /// Whether the second person agrees.
    agreed: bool,
    /// Why.
    reason: String,
}

/// Words.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WordsIn {
    /// In your words. Never empty.
    #[schema(pattern = r"\S")]
    words: String,
}

/// How whoever reported was told.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TellingIn {
    /// `work`, `public` or `not-safe`.
    #[schema(pattern = "^(work|public|not-safe)$")]
    form: String,
    /// What they were told, for `work`.
    #[serde(default)]
    words: String,
    /// The fixed sentences by code, for `public`.
    #[serde(default)]
    sentences: Vec<String>,
    /// Why it is not safe, for `not-safe`.
    #[serde(default)]
    reason: String,
}

/// Closing.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CloseIn {
    /// The last entry that was seen: when there are newer ones, nothing is written.
    seen: u32,
    /// For whom; left out for the concern as a whole.
    subject: Option<String>,
    /// Why.
    #[schema(pattern = r"\S")]
    reason: String,
}

/// Opening again.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReOpenIn {
    /// For whom; left out for the concern as a whole.
    subject: Option<String>,
    /// Why.
    #[schema(pattern = r"\S")]
    reason: String,
}

/// What a concern is called. No clock restarts.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LabelIn {
    /// `contact`, `enquiry`, `notification`, `referral` or `information`.
    #[schema(pattern = "^(contact|enquiry|notification|referral|information)$")]
    label: String,
    /// Why.
    #[schema(pattern = r"\S")]
    reason: String,
}

impl WordsIn {
    pub(super) fn words(&self) -> &str {
        &self.words
    }
}

/// Whom an act is about, if it is about one.
fn subject(given: Option<&String>) -> Result<Option<SubjectId>, Error> {
    given.map(|text| handle_at(text, "/subject")).transpose()
}

/// Reads a decision a second time, before it takes effect.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/decisions/{decision}/second-reading", operation_id = "secondReading", request_body = ReadingIn,
    params(("reference" = String, Path, description = "The concern's."), ("decision" = String, Path, description = "The decision's record."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn second_read(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path((reference, decision)): Path<(String, String)>,
    input::Json(given): input::Json<ReadingIn>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let read: RecordId = handle(&decision)?;
    let what = ("secondReading", &reference, &decision, &given);
    once.act(&app, &acting, &what, async |node: Node| {
        node.second_read(&acting, &reference, read, given.agreed, &given.reason)
            .await
    })
    .await
}

/// Disagrees with a decision: a duty to answer starts, and goes round whoever decided.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/decisions/{decision}/disagreements", operation_id = "disagree", request_body = WordsIn,
    params(("reference" = String, Path, description = "The concern's."), ("decision" = String, Path, description = "The decision's record."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn disagree(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path((reference, decision)): Path<(String, String)>,
    input::Json(given): input::Json<WordsIn>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let wrong: RecordId = handle(&decision)?;
    let what = ("disagree", &reference, &decision, &given);
    once.act(&app, &acting, &what, async |node: Node| {
        node.disagree(&acting, &reference, wrong, &given.words).await
    })
    .await
}

/// Records how whoever reported was told, or that it is not safe to.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/reporter/tellings", operation_id = "tellReporter", request_body = TellingIn,
    params(("reference" = String, Path, description = "The concern's."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn tell(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path(reference): Path<String>,
    input::Json(given): input::Json<TellingIn>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let telling = match given.form.as_str() {
        "work" => Some(Telling::Work {
            words: given.words.clone(),
        }),
        "public" => Some(Telling::Public {
            sentences: given.sentences.clone(),
        }),
        "not-safe" => Some(Telling::NotSafe {
            reason: given.reason.clone(),
        }),
        _ => None,
    };
    let telling = choice(telling, "/form", "work, public, not-safe")?;
    let what = ("tellReporter", &reference, &given);
    once.act(&app, &acting, &what, async |node: Node| {
        node.tell_reporter(&acting, &reference, &telling).await
    })
    .await
}

/// Closes a concern for one subject, or as a whole. Refused while a duty is open.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/closures", operation_id = "close", request_body = CloseIn,
    params(("reference" = String, Path, description = "The concern's."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn close(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path(reference): Path<String>,
    input::Json(given): input::Json<CloseIn>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let whom = subject(given.subject.as_ref())?;
    let what = ("close", &reference, &given);
    once.act(&app, &acting, &what, async |node: Node| {
        node.close_concern(&acting, &reference, given.seen, whom, &given.reason)
            .await
    })
    .await
}

/// Opens again. No clock restarts.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/re-openings", operation_id = "reOpen", request_body = ReOpenIn,
    params(("reference" = String, Path, description = "The concern's."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn reopen(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path(reference): Path<String>,
    input::Json(given): input::Json<ReOpenIn>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let whom = subject(given.subject.as_ref())?;
    let what = ("reOpen", &reference, &given);
    once.act(&app, &acting, &what, async |node: Node| {
        node.reopen(&acting, &reference, whom, &given.reason).await
    })
    .await
}

/// Calls a concern something else. No clock restarts.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/labels", operation_id = "relabel", request_body = LabelIn,
    params(("reference" = String, Path, description = "The concern's."), ("Idempotency-Key" = String, Header, pattern = "^[!-~]{8,200}$", description = "New for each act; the same when it is sent again.")),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn relabel(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    Path(reference): Path<String>,
    input::Json(given): input::Json<LabelIn>,
) -> Done {
    let acting = caller.may(ApiScope::Act)?;
    let what = ("relabel", &reference, &given);
    once.act(&app, &acting, &what, async |node: Node| {
        node.relabel(&acting, &reference, &given.label, &given.reason)
            .await
    })
    .await
}

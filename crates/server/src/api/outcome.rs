//! What follows a decision: the second reading, disagreeing, telling whoever reported, closing, opening again and naming anew.

use axum::extract::Path;
use domain::id::{RecordId, SubjectId};
use node::app::tell::Telling;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::{Acted, Done, Key, OfConcern, Refusals, Writes, Writing, handle, handle_at};
use super::report::choice;
use crate::error::Error;
use crate::guard::input;

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
    params(OfConcern, ("decision" = String, Path, description = "The decision's record."), Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn second_read(
    writing: Writing,
    Path((reference, decision)): Path<(String, String)>,
    input::Json(given): input::Json<ReadingIn>,
) -> Done {
    let read: RecordId = handle(&decision)?;
    let what = ("secondReading", &reference, &decision, &given);
    writing
        .act(&what, async |node, acting| {
            node.second_read(&acting, &reference, read, given.agreed, &given.reason)
                .await
        })
        .await
}

/// Disagrees with a decision: a duty to answer starts, and goes round whoever decided.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/decisions/{decision}/disagreements", operation_id = "disagree", request_body = WordsIn,
    params(OfConcern, ("decision" = String, Path, description = "The decision's record."), Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn disagree(
    writing: Writing,
    Path((reference, decision)): Path<(String, String)>,
    input::Json(given): input::Json<WordsIn>,
) -> Done {
    let wrong: RecordId = handle(&decision)?;
    let what = ("disagree", &reference, &decision, &given);
    writing
        .act(&what, async |node, acting| {
            node.disagree(&acting, &reference, wrong, &given.words).await
        })
        .await
}

/// Records how whoever reported was told, or that it is not safe to.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/reporter/tellings", operation_id = "tellReporter", request_body = TellingIn,
    params(OfConcern, Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn tell(
    writing: Writing,
    Path(reference): Path<String>,
    input::Json(given): input::Json<TellingIn>,
) -> Done {
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
    writing
        .act(&what, async |node, acting| {
            node.tell_reporter(&acting, &reference, &telling).await
        })
        .await
}

/// Closes a concern for one subject, or as a whole. Refused while a duty is open.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/closures", operation_id = "close", request_body = CloseIn,
    params(OfConcern, Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn close(
    writing: Writing,
    Path(reference): Path<String>,
    input::Json(given): input::Json<CloseIn>,
) -> Done {
    let whom = subject(given.subject.as_ref())?;
    let what = ("close", &reference, &given);
    writing
        .act(&what, async |node, acting| {
            node.close_concern(&acting, &reference, given.seen, whom, &given.reason)
                .await
        })
        .await
}

/// Opens again. No clock restarts.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/re-openings", operation_id = "reOpen", request_body = ReOpenIn,
    params(OfConcern, Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn reopen(
    writing: Writing,
    Path(reference): Path<String>,
    input::Json(given): input::Json<ReOpenIn>,
) -> Done {
    let whom = subject(given.subject.as_ref())?;
    let what = ("reOpen", &reference, &given);
    writing
        .act(&what, async |node, acting| {
            node.reopen(&acting, &reference, whom, &given.reason).await
        })
        .await
}

/// Calls a concern something else. No clock restarts.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/labels", operation_id = "relabel", request_body = LabelIn,
    params(OfConcern, Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn relabel(
    writing: Writing,
    Path(reference): Path<String>,
    input::Json(given): input::Json<LabelIn>,
) -> Done {
    let what = ("relabel", &reference, &given);
    writing
        .act(&what, async |node, acting| {
            node.relabel(&acting, &reference, &given.label, &given.reason)
                .await
        })
        .await
}

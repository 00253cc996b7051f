//! Entries of a concern: adding, disputing, correcting, and saying that something is not about this person or must not be here.

use axum::extract::Path;
use domain::id::{RecordId, SubjectId};
use node::app::add::Beside;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::{Acted, Done, Key, OfConcern, Refusals, Writes, Writing, handle};
use super::report::{MentionIn, choice, mentions};
use crate::guard::input;

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
    params(OfConcern, Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn add(
    writing: Writing,
    Path(reference): Path<String>,
    input::Json(given): input::Json<EntryIn>,
) -> Done {
    let found = mentions(given.mentions.clone())?;
    let what = ("addEntry", &reference, &given);
    writing
        .act(&what, async |node, acting| {
            node.add_entry(&acting, &reference, &given.words, &given.nature, &found)
                .await
        })
        .await
}

/// Disputes or corrects an entry. It stays, and so does what is said.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/entries/{record}/beside", operation_id = "standBeside", request_body = BesideIn,
    params(OfConcern, ("record" = String, Path, description = "The entry's."), Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn beside(
    writing: Writing,
    Path((reference, record)): Path<(String, String)>,
    input::Json(given): input::Json<BesideIn>,
) -> Done {
    let entry: RecordId = handle(&record)?;
    let how = match given.how.as_str() {
        "disputes" => Some(Beside::Disputes),
        "corrects" => Some(Beside::Corrects),
        _ => None,
    };
    let how = choice(how, "/how", "disputes, corrects")?;
    let what = ("standBeside", &reference, &record, &given);
    writing
        .act(&what, async |node, acting| {
            node.stand_beside(&acting, &reference, entry, how, &given.words)
                .await
        })
        .await
}

/// Makes a field unreadable to everybody at once, and kept for the police.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/entries/{record}/must-not-be-here", operation_id = "mustNotBeHere", request_body = FieldIn,
    params(OfConcern, ("record" = String, Path, description = "The entry's."), Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn must_not_be_here(
    writing: Writing,
    Path((reference, record)): Path<(String, String)>,
    input::Json(given): input::Json<FieldIn>,
) -> Done {
    let entry: RecordId = handle(&record)?;
    let what = ("mustNotBeHere", &reference, &record, &given);
    writing
        .act(&what, async |node, acting| {
            node.must_not_be_here(&acting, &reference, entry, &given.field)
                .await
        })
        .await
}

/// Says that what is here is not about this person: gone from every view of them, proof kept.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/subjects/{subject}/not-about", operation_id = "notAbout", request_body = ReasonIn,
    params(OfConcern, ("subject" = String, Path, description = "The subject's."), Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn not_about(
    writing: Writing,
    Path((reference, subject)): Path<(String, String)>,
    input::Json(given): input::Json<ReasonIn>,
) -> Done {
    let whom: SubjectId = handle(&subject)?;
    let what = ("notAbout", &reference, &subject, &given);
    writing
        .act(&what, async |node, acting| {
            node.not_about(&acting, &reference, whom, &given.reason).await
        })
        .await
}

/// Steps away: the caller knows this family, and meets nothing of it from now on.
#[utoipa::path(
    post,
    path = "/api/v1/concerns/{reference}/conflict",
    operation_id = "declareConflict",
    params(OfConcern, Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn conflict(writing: Writing, Path(reference): Path<String>) -> Done {
    let what = ("declareConflict", &reference);
    writing
        .act(&what, async |node, acting| {
            node.declare_conflict(&acting, &reference).await
        })
        .await
}

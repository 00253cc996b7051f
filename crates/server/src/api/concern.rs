//! One concern: what the page shows, as the page's use case gives it. What is held back here is held back there.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use domain::record::Value;
use node::app::concern::{By, ConcernPage, Entry, Said, SubjectView};
use node::signin::token::ApiScope;
use serde::Serialize;
use utoipa::ToSchema;

use super::caller::{Caller, Refusals};
use super::decide::DecisionOut;
use super::duties::DutyOut;
use super::time;
use crate::app::App;
use crate::error::Error;

/// A subject as shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct SubjectOut {
    /// Its handle.
    id: String,
    /// What sort of thing.
    kind: &'static str,
    /// Its role.
    role: String,
    /// Its name, if it is known and may be shown.
    name: String,
    /// Everything else that was said, by field.
    details: BTreeMap<String, String>,
    /// When it was closed.
    closed: Option<String>,
    /// The outcome in force.
    outcome: Option<String>,
}

impl From<&SubjectView> for SubjectOut {
    fn from(subject: &SubjectView) -> Self {
        Self {
            id: subject.id.to_string(),
            kind: subject.kind.code(),
            role: subject.role.clone(),
            name: subject.name.clone(),
            details: subject.details.iter().cloned().collect(),
            closed: subject.closed.map(time::write),
            outcome: subject.outcome.clone(),
        }
    }
}

/// Text of an entry, or why it is not shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct SaidOut {
    /// `text`, `hidden`, `erased`, `held-back`, `not-about-this-person`.
    state: &'static str,
    /// The field.
    field: Option<String>,
    /// The text.
    text: Option<String>,
    /// When it was erased, or until when it can be taken back.
    at: Option<String>,
    /// Why it was erased.
    reason: Option<String>,
}

impl SaidOut {
    fn of(state: &'static str, field: Option<&String>) -> Self {
        Self {
            state,
            field: field.cloned(),
            text: None,
            at: None,
            reason: None,
        }
    }
}

impl From<&Said> for SaidOut {
    fn from(said: &Said) -> Self {
        match said {
            Said::Text { field, text } => Self {
                text: Some(text.clone()),
                ..Self::of("text", Some(field))
            },
            Said::Hidden { field, until } => Self {
                at: until.map(time::write),
                ..Self::of("hidden", Some(field))
            },
            Said::Erased { field, at, reason } => Self {
                at: at.map(time::write),
                reason: Some(reason.clone()),
                ..Self::of("erased", Some(field))
            },
            Said::MustNotBeHere { field } => Self::of("must-not-be-here", Some(field)),
            Said::HeldBack => Self::of("held-back", None),
            Said::NotAboutThisPerson => Self::of("not-about-this-person", None),
        }
    }
}

/// One entry of the record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct EntryOut {
    /// The record.
    record: String,
    /// Its place in the concern.
    sequence: u32,
    /// What kind of fact it is.
    kind: &'static str,
    /// When it was written.
    recorded: String,
    /// When we were told, if earlier.
    told: Option<String>,
    /// `colleague`, `in-their-work`, `member-of-the-public`, `node`.
    by: &'static str,
    /// Who, where it may be said.
    by_name: Option<String>,
    /// The post they acted in.
    by_post: Option<String>,
    /// The subject it is about.
    subject: Option<String>,
    /// The duty it moves.
    duty: Option<String>,
    /// When something is due by it.
    due: Option<String>,
    /// Its codes by name.
    #[schema(value_type = Object)]
    codes: BTreeMap<String, serde_json::Value>,
    /// What it says.
    said: Vec<SaidOut>,
}

fn code(value: &Value) -> serde_json::Value {
    match value {
        Value::Text(text) => text.clone().into(),
        Value::Int(number) => (*number).into(),
        Value::Bool(truth) => (*truth).into(),
        Value::Time(at) => time::write(*at).into(),
        Value::List(items) => items.clone().into(),
    }
}

impl From<&Entry> for EntryOut {
    fn from(entry: &Entry) -> Self {
        let (by, by_name, by_post) = match &entry.by {
            By::Colleague { name, post } => ("colleague", Some(name.clone()), Some(post.to_string())),
            By::InTheirWork(name) => (
                "in-their-work",
                Some(name.clone()).filter(|name| !name.is_empty()),
                None,
            ),
            By::MemberOfThePublic => ("member-of-the-public", None, None),
            By::Node => ("node", None, None),
        };
        Self {
            record: entry.record.to_string(),
            sequence: entry.sequence,
            kind: entry.kind.code(),
            recorded: time::write(entry.recorded),
            told: entry.told.map(time::write),
            by,
            by_name,
            by_post,
            subject: entry.subject.map(|s| s.to_string()),
            duty: entry.duty.map(|d| d.to_string()),
            due: entry.due.map(time::write),
            codes: entry
                .codes
                .iter()
                .map(|(name, value)| (name.clone(), code(value)))
                .collect(),
            said: entry.said.iter().map(Into::into).collect(),
        }
    }
}

/// A concern.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ConcernOut {
    /// Its reference.
    reference: String,
    /// When we were told.
    told: String,
    /// When it was recorded.
    recorded: String,
    /// When it was closed.
    closed: Option<String>,
    /// The post accountable for it.
    owner: Option<String>,
    /// Whom and what it is about.
    subjects: Vec<SubjectOut>,
    /// Every decision in force.
    decisions: Vec<DecisionOut>,
    /// Every duty.
    duties: Vec<DutyOut>,
    /// Every entry, oldest first.
    entries: Vec<EntryOut>,
    /// The last entry a decision must have seen.
    seen: u32,
    /// Entries up to this one are under the log's newest signed head.
    signed: u32,
    /// As at.
    now: String,
    /// For which purpose it was shown; this is in the record.
    purpose: &'static str,
}

impl From<ConcernPage> for ConcernOut {
    fn from(page: ConcernPage) -> Self {
        let concern = &page.concern;
        let in_force = concern.decisions.iter().filter(|d| !d.superseded);
        Self {
            reference: concern.reference.clone(),
            told: time::write(concern.told),
            recorded: time::write(concern.recorded),
            closed: concern.closed.map(time::write),
            owner: concern.owner.as_ref().map(|o| o.post.to_string()),
            subjects: page.subjects.iter().map(Into::into).collect(),
            decisions: in_force.map(Into::into).collect(),
            duties: concern.duties.iter().map(Into::into).collect(),
            entries: page.entries.iter().map(Into::into).collect(),
            seen: page.seen,
            signed: page.signed,
            now: time::write(page.now),
            purpose: page.purpose,
        }
    }
}

/// One concern. That it was shown is written before it is.
#[utoipa::path(
    get, path = "/api/v1/concerns/{reference}", operation_id = "concern",
    params(("reference" = String, Path, description = "As people see it, such as NM-7K4X-29QD.")),
    responses(
        (status = 200, description = "The concern", body = ConcernOut),
        Refusals
    )
)]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(reference): Path<String>,
) -> Result<Json<ConcernOut>, Error> {
    let acting = caller.may(ApiScope::Read)?;
    Ok(Json(app.node().concern(&acting, &reference).await?.into()))
}

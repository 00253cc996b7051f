//! Deciding: one decision for each child.

use axum::Json;
use axum::extract::Path;
use domain::id::SubjectId;
use domain::view::{Concern, Decision};
use node::app::decide::Deciding;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::{MayKey, MayRepeat, OfConcern, Refusals, Writes};
use super::duties::DutyOut;
use super::time;
use crate::error::{Error, Fault};
use crate::guard::input;

/// Decisions taken together.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecideIn {
    /// The last entry that was seen: when there are newer ones, nothing is written.
    seen: u32,
    /// What kind of concern it is, as the reader marks it: the rule pack's categories. Marks are added to those there.
    #[serde(default)]
    marks: Vec<String>,
    /// One for each child.
    decisions: Vec<DecidingIn>,
}

/// One decision.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecidingIn {
    /// For whom; left out where no child is known.
    subject: Option<String>,
    /// The rule pack's code.
    outcome: String,
    /// Why.
    reason: String,
}

/// A decision as it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct DecisionOut {
    /// The record that says so.
    record: String,
    /// For whom.
    subject: Option<String>,
    /// The rule pack's code.
    outcome: String,
    /// When.
    at: String,
    /// Why a second person must agree first.
    needs_second: Option<String>,
    /// Whether it has taken effect.
    in_effect: bool,
}

impl From<&Decision> for DecisionOut {
    fn from(decision: &Decision) -> Self {
        Self {
            record: decision.record.to_string(),
            subject: decision.subject.map(|s| s.to_string()),
            outcome: decision.outcome.clone(),
            at: time::write(decision.at),
            needs_second: decision.needs_second.clone(),
            in_effect: decision.in_effect(),
        }
    }
}

/// What deciding made.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct DecidedOut {
    /// Entries of the concern now.
    seen: u32,
    /// Every decision in force.
    decisions: Vec<DecisionOut>,
    /// Every duty still open.
    duties: Vec<DutyOut>,
}

impl From<&Concern> for DecidedOut {
    fn from(concern: &Concern) -> Self {
        let in_force = concern.decisions.iter().filter(|d| !d.superseded);
        Self {
            seen: concern.last_material,
            decisions: in_force.map(Into::into).collect(),
            duties: concern.open_duties().map(Into::into).collect(),
        }
    }
}

fn deciding(place: usize, given: DecidingIn) -> Result<Deciding, Error> {
    let read = |text: String| {
        text.parse::<SubjectId>().map_err(|_| {
            Error::Invalid(vec![Fault {
                pointer: format!("/decisions/{place}/subject"),
                code: "not-a-handle",
                detail: "Give the handle of a subject of this concern.".to_owned(),
            }])
        })
    };
    Ok(Deciding {
        subject: given.subject.map(read).transpose()?,
        outcome: given.outcome,
        reason: given.reason,
    })
}

/// Decides.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/decisions", operation_id = "decide", request_body = DecideIn,
    params(OfConcern, MayKey),
    responses(
        (status = 200, description = "Recorded", body = DecidedOut),
        Writes, Refusals
    )
)]
pub(super) async fn decide(
    writing: MayRepeat,
    Path(reference): Path<String>,
    input::Json(given): input::Json<DecideIn>,
) -> Result<Json<DecidedOut>, Error> {
    let what = ("decide", &reference, &given);
    let decisions = given.decisions.iter().cloned().enumerate();
    let decisions: Vec<Deciding> = decisions.map(|(n, d)| deciding(n, d)).collect::<Result<_, _>>()?;
    let concern = writing.act(&reference, &what, async |node, acting| {
        node.mark_and_decide(&acting, &reference, given.seen, &given.marks, &decisions)
            .await
    });
    let concern = concern.await?;
    Ok(Json((&concern).into()))
}

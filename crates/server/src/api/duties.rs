//! What a post owes: listing, accepting, answering.

use axum::Json;
use axum::extract::{Path, State};
use domain::id::DutyId;
use domain::view::Duty;
use node::app::duties::{Answer, DutyLine, DutyPage, Tab};
use node::signin::token::ApiScope;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::caller::{Caller, MayKey, MayRepeat, OfConcern, Refusals, Writes, handle};
use super::time;
use crate::app::App;
use crate::error::{Error, Fault};
use crate::guard::input;

/// A duty with its clock.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct DutyOut {
    /// Its handle.
    id: String,
    /// The subject it is for.
    subject: Option<String>,
    /// The post that must do it.
    owner: String,
    /// The rule it comes from.
    clock: String,
    /// The rule's authority.
    authority: String,
    /// When the clock started.
    told: String,
    /// When it is due.
    due: String,
    /// Due beyond the last date of its calendar.
    provisional: bool,
    /// `open`, `lapsed` or `ended`.
    state: &'static str,
    /// The post it has climbed to.
    rung: u32,
    /// When a person took it on.
    accepted: Option<String>,
    /// When it lapsed.
    lapsed: Option<String>,
    /// How it ended.
    ended: Option<String>,
    /// When it ended.
    ended_at: Option<String>,
    /// Whether it ended after it was due.
    late: bool,
}

impl From<&Duty> for DutyOut {
    fn from(duty: &Duty) -> Self {
        Self {
            id: duty.id.to_string(),
            subject: duty.subject.map(|s| s.to_string()),
            owner: duty.owner.to_string(),
            clock: duty.clock.clone(),
            authority: duty.authority.clone(),
            told: time::write(duty.told),
            due: time::write(duty.due),
            provisional: duty.provisional,
            state: duty.state().code(),
            rung: duty.rung(),
            accepted: duty.accepted.as_ref().map(|(_, _, at)| time::write(*at)),
            lapsed: duty.lapsed.map(time::write),
            ended: duty.ended.as_ref().map(|e| e.how.clone()),
            ended_at: duty.ended.as_ref().map(|e| time::write(e.at)),
            late: duty.ended.as_ref().is_some_and(|e| e.late),
        }
    }
}

/// A line of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct LineOut {
    /// The duty.
    duty: DutyOut,
    /// The concern's reference.
    reference: String,
    /// Initials and age of whom it is about; empty where words are held back.
    label: String,
    /// The title of the clock.
    title: String,
    /// Urgent by somebody's word.
    urgent: bool,
    /// Entries of the concern now.
    seen: u32,
}

impl From<&DutyLine> for LineOut {
    fn from(line: &DutyLine) -> Self {
        Self {
            duty: (&line.duty).into(),
            reference: line.reference.clone(),
            label: line.label.clone(),
            title: line.title.clone(),
            urgent: line.urgent,
            seen: line.seen,
        }
    }
}

/// A list of duties.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct DutiesOut {
    /// As at.
    now: String,
    /// How many are the post's own.
    mine: u32,
    /// How many are its team's.
    team: u32,
    /// How many others owe it.
    owed: u32,
    /// The lines, the most pressing first; at most 100.
    lines: Vec<LineOut>,
}

impl From<DutyPage> for DutiesOut {
    fn from(page: DutyPage) -> Self {
        let [mine, team, owed] = page.counts;
        Self {
            now: time::write(page.now),
            mine,
            team,
            owed,
            lines: page.lines.iter().map(Into::into).collect(),
        }
    }
}

/// Which list.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// `mine` (unless said otherwise), `team`, `owed` or `finished`.
    list: Option<String>,
}

/// What is done about a duty.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerIn {
    /// `done`, `part`, `tried`, `no-longer-needed`, `cannot-be-done`, `cannot-by-then`; for a duty to read something,
    /// `changes-nothing`, `acting`, `not-mine`, `cannot-by-then`.
    #[schema(
        pattern = "^(done|part|tried|no-longer-needed|cannot-be-done|cannot-by-then|changes-nothing|acting|not-mine)$"
    )]
    how: String,
    /// What was done, or why not. Required for all but a plain `done`.
    #[serde(default)]
    words: String,
    /// When it was done or tried (RFC 3339), if not now.
    #[schema(format = DateTime)]
    when: Option<String>,
    /// When the next try is, for `tried` and `part`.
    #[schema(format = DateTime)]
    next: Option<String>,
    /// What was found, as a code of the rule pack.
    finding: Option<String>,
}

/// The duties of the token's post.
#[utoipa::path(
    get, path = "/api/v1/duties", operation_id = "duties", params(Which),
    responses((status = 200, description = "The list", body = DutiesOut), Refusals)
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    input::Query(which): input::Query<Which>,
) -> Result<Json<DutiesOut>, Error> {
    let acting = caller.may(ApiScope::Read)?;
    let tab = match which.list.as_deref() {
        None | Some("mine") => Tab::Mine,
        Some("team") => Tab::Team,
        Some("owed") => Tab::Owed,
        Some("finished") => Tab::Finished,
        Some(_) => {
            return Err(Error::Invalid(vec![Fault {
                pointer: "/list".to_owned(),
                code: "not-a-choice",
                detail: "Expected one of mine, team, owed, finished.".to_owned(),
            }]));
        }
    };
    Ok(Json(app.node().my_duties(&acting, tab).await?.into()))
}

/// The duty as it is after an act.
fn after(concern: &domain::view::Concern, duty: DutyId) -> Result<Json<DutyOut>, Error> {
    concern
        .duty(duty)
        .map(|duty| Json(duty.into()))
        .ok_or(Error::NotFound)
}

/// Accepts a duty for the token's post: a person there has taken it on.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/duties/{duty}/accept", operation_id = "acceptDuty",
    params(OfConcern, ("duty" = String, Path, description = "Its handle."), MayKey),
    responses(
        (status = 200, description = "Accepted", body = DutyOut),
        Writes, Refusals
    )
)]
pub(super) async fn accept(
    writing: MayRepeat,
    Path((reference, duty)): Path<(String, String)>,
) -> Result<Json<DutyOut>, Error> {
    let taken: DutyId = handle(&duty)?;
    let what = ("acceptDuty", &reference, &duty);
    let concern = writing.act(&reference, &what, async |node, acting| {
        node.accept(&acting, &reference, taken).await
    });
    after(&concern.await?, taken)
}

/// Answers a duty.
#[utoipa::path(
    post, path = "/api/v1/concerns/{reference}/duties/{duty}/answer", operation_id = "answerDuty", request_body = AnswerIn,
    params(OfConcern, ("duty" = String, Path, description = "Its handle."), MayKey),
    responses(
        (status = 200, description = "Recorded", body = DutyOut),
        Writes, Refusals
    )
)]
pub(super) async fn answer(
    writing: MayRepeat,
    Path((reference, duty)): Path<(String, String)>,
    input::Json(given): input::Json<AnswerIn>,
) -> Result<Json<DutyOut>, Error> {
    let answered: DutyId = handle(&duty)?;
    let what = ("answerDuty", &reference, &duty, &given);
    let answer = Answer {
        how: given.how.clone(),
        words: given.words.clone(),
        when: time::read_if(given.when.as_ref(), "/when")?,
        next: time::read_if(given.next.as_ref(), "/next")?,
        finding: given.finding.clone(),
    };
    let concern = writing.act(&reference, &what, async |node, acting| {
        node.answer(&acting, &reference, answered, &answer).await
    });
    after(&concern.await?, answered)
}

//! The concerns a post may know of, a page at a time.

use axum::Json;
use axum::extract::State;
use domain::time::Instant;
use node::app::concerns::{ConcernLine, Place};
use node::signin::token::ApiScope;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::caller::{Caller, Refusals};
use super::time;
use crate::app::App;
use crate::error::{Error, Fault};
use crate::guard::input;

/// Where the page begins.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct After {
    /// The `next` of the page before; left out for the first.
    after: Option<String>,
}

/// A line of the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ConcernLineOut {
    /// The reference.
    reference: String,
    /// Initials and ages of the children; empty when nobody is named or names are held back.
    label: String,
    /// When we were told.
    told: String,
    /// The post that has it.
    owner: Option<String>,
    /// Duties open on it.
    open: u32,
    /// How many of those are late.
    late: u32,
    /// Closed as a whole.
    closed: bool,
    /// Urgent by somebody's word.
    urgent: bool,
    /// Restricted.
    restricted: bool,
}

impl From<ConcernLine> for ConcernLineOut {
    fn from(line: ConcernLine) -> Self {
        Self {
            reference: line.reference,
            label: line.label,
            told: time::write(line.told),
            owner: line.owner.map(|post| post.to_string()),
            open: line.open.0,
            late: line.open.1,
            closed: line.closed,
            urgent: line.urgent,
            restricted: line.restricted,
        }
    }
}

/// A page of the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ConcernsOut {
    /// As at.
    now: String,
    /// The lines, the newest entry first.
    lines: Vec<ConcernLineOut>,
    /// Where the next page begins; absent after the last.
    next: Option<String>,
}

/// A place in the list, as it goes over the wire: a time and a handle, of no use to anybody else.
fn place(text: &str) -> Option<Place> {
    let (recorded, stream) = text.split_once('-')?;
    Some(Place {
        recorded: Instant(recorded.parse().ok()?),
        stream: stream.parse().ok()?,
    })
}

/// The concerns the token's post may know of.
#[utoipa::path(
    get, path = "/api/v1/concerns", operation_id = "concerns", params(After),
    responses((status = 200, description = "A page of the list", body = ConcernsOut), Refusals)
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    input::Query(given): input::Query<After>,
) -> Result<Json<ConcernsOut>, Error> {
    let acting = caller.may(ApiScope::Read)?;
    let after = given.after.map(|text| {
        place(&text).ok_or_else(|| {
            Error::Invalid(vec![Fault {
                pointer: "/after".to_owned(),
                code: "not-a-place",
                detail: "Send back the next of the page before, as it was.".to_owned(),
            }])
        })
    });
    let found = app.node().my_concerns(&acting, after.transpose()?).await?;
    Ok(Json(ConcernsOut {
        now: time::write(found.now),
        lines: found.lines.into_iter().map(Into::into).collect(),
        next: found
            .next
            .map(|next| format!("{}-{}", next.recorded.micros(), next.stream)),
    }))
}

//! Letting an inspection in: asked for by one post, agreed to by another, ended by one.

use axum::Json;
use axum::extract::{Path, State};
use domain::id::{PractitionerId, RecordId};
use node::app::grants::{GrantView, NewGrant};
use node::signin::token::ApiScope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::{Acted, Caller, Done, Key, Refusals, Writes, Writing, handle, handle_at};
use super::time;
use crate::app::App;
use crate::error::Error;
use crate::guard::input;

/// An inspection to be let in.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GrantIn {
    /// The inspector, who holds an inspector's post here.
    inspector: String,
    /// The body and the inspection.
    inspection: String,
    /// The power relied on.
    power: String,
    /// Whether that power reaches sealed items.
    warrant: bool,
    /// In force from (RFC 3339).
    #[schema(format = DateTime)]
    from: String,
    /// Up to, not including.
    #[schema(format = DateTime)]
    to: String,
    /// Concerns told from.
    #[schema(format = DateTime)]
    told_from: String,
    /// Up to, not including.
    #[schema(format = DateTime)]
    told_to: String,
}

/// An inspection as it was let in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct GrantOut {
    /// The record that asked: by this it is agreed to and ended.
    grant: String,
    /// The inspector.
    inspector: String,
    /// The inspector's name.
    name: String,
    /// The body and the inspection.
    inspection: String,
    /// The power relied on.
    power: String,
    /// Whether that power reaches sealed items.
    warrant: bool,
    /// In force from.
    from: String,
    /// Up to, not including.
    to: String,
    /// Concerns told from.
    told_from: String,
    /// Up to, not including.
    told_to: String,
    /// When a second post agreed.
    agreed: Option<String>,
    /// When it was ended before its time.
    ended: Option<String>,
    /// In force now.
    in_force: bool,
}

impl From<GrantView> for GrantOut {
    fn from(view: GrantView) -> Self {
        let grant = view.grant;
        Self {
            grant: grant.asked.to_string(),
            inspector: view.who.to_string(),
            name: view.inspector,
            inspection: view.inspection,
            power: grant.power,
            warrant: grant.warrant,
            from: time::write(grant.from),
            to: time::write(grant.to),
            told_from: time::write(grant.told_from),
            told_to: time::write(grant.told_to),
            agreed: grant.agreed.map(|(_, at)| time::write(at)),
            ended: grant.ended.map(time::write),
            in_force: view.in_force,
        }
    }
}

/// Every inspection let in, for those who let them in.
#[utoipa::path(
    get, path = "/api/v1/inspections", operation_id = "inspections",
    responses((status = 200, description = "The list", body = Vec<GrantOut>), Refusals)
)]
pub(super) async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Vec<GrantOut>>, Error> {
    let acting = caller.may(ApiScope::Read)?;
    let found = app.node().grants(&acting).await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}

/// Asks that an inspection be let in. A second post must agree.
#[utoipa::path(
    post, path = "/api/v1/inspections", operation_id = "askInspection", request_body = GrantIn,
    params(Key),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn ask(writing: Writing, input::Json(given): input::Json<GrantIn>) -> Done {
    let new = NewGrant {
        inspector: handle_at(&given.inspector, "/inspector")?,
        inspection: given.inspection.clone(),
        power: given.power.clone(),
        warrant: given.warrant,
        from: time::read(&given.from, "/from")?,
        to: time::read(&given.to, "/to")?,
        told_from: time::read(&given.told_from, "/told_from")?,
        told_to: time::read(&given.told_to, "/told_to")?,
    };
    let what = ("askInspection", &given);
    writing
        .act(&what, async |node, acting| node.ask_grant(&acting, &new).await)
        .await
}

/// Agrees to an inspection: another person, in another post.
#[utoipa::path(
    post, path = "/api/v1/inspections/{inspector}/{grant}/agreement", operation_id = "agreeInspection",
    params(
        ("inspector" = String, Path, description = "The inspector's."),
        ("grant" = String, Path, description = "The record that asked."),
        Key
    ),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn agree(writing: Writing, Path((inspector, grant)): Path<(String, String)>) -> Done {
    let (whom, asked) = (handle::<PractitionerId>(&inspector)?, handle::<RecordId>(&grant)?);
    let what = ("agreeInspection", &inspector, &grant);
    writing
        .act(&what, async |node, acting| {
            node.agree_grant(&acting, whom, asked).await
        })
        .await
}

/// Ends an inspection's access before its time.
#[utoipa::path(
    post, path = "/api/v1/inspections/{inspector}/{grant}/end", operation_id = "endInspection",
    params(
        ("inspector" = String, Path, description = "The inspector's."),
        ("grant" = String, Path, description = "The record that asked."),
        Key
    ),
    responses(Acted, Writes, Refusals)
)]
pub(super) async fn end(writing: Writing, Path((inspector, grant)): Path<(String, String)>) -> Done {
    let (whom, asked) = (handle::<PractitionerId>(&inspector)?, handle::<RecordId>(&grant)?);
    let what = ("endInspection", &inspector, &grant);
    writing
        .act(&what, async |node, acting| {
            node.end_grant(&acting, whom, asked).await
        })
        .await
}

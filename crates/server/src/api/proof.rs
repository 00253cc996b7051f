//! What a program checks for itself: an entry's proof, a receipt as a file, and the keys to check them with.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::id::RecordId;
use node::app::proof::Proven;
use node::signin::token::ApiScope;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::caller::{Caller, Refusals, handle};
use super::time;
use crate::app::App;
use crate::error::Error;
use crate::guard::input;

/// The proof of one entry.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ProofOut {
    /// The entry's index in the log.
    index: u64,
    /// `recorded`, `signed` or `witnessed`.
    proof: &'static str,
    /// When the proof reached that state.
    proof_at: Option<String>,
    /// Who witnessed it.
    witnesses: Vec<String>,
    /// The entry's hash, in hexadecimal.
    leaf: String,
    /// The path to the root, in hexadecimal.
    path: Vec<String>,
    /// The size of the log at the signed head.
    size: u64,
    /// The exhibit, as text, when there is a signed head: `daylight verify` reads it.
    exhibit: Option<String>,
}

/// The code of a state of proof, when it was reached, and the witnesses.
pub(super) fn state(proven: Proven) -> (&'static str, Option<String>, Vec<String>) {
    match proven {
        Proven::Recorded => ("recorded", None, Vec::new()),
        Proven::Signed { at } => ("signed", Some(time::write(at)), Vec::new()),
        Proven::Witnessed { at, by } => ("witnessed", Some(time::write(at)), by),
    }
}

/// The proof of one entry. That it was shown is written before it is.
#[utoipa::path(
    get, path = "/api/v1/concerns/{reference}/entries/{record}/proof", operation_id = "proof",
    params(("reference" = String, Path, description = "The concern's."), ("record" = String, Path, description = "The entry's.")),
    responses((status = 200, description = "The proof", body = ProofOut), Refusals)
)]
pub(super) async fn entry(
    State(app): State<App>,
    caller: Caller,
    Path((reference, record)): Path<(String, String)>,
) -> Result<Json<ProofOut>, Error> {
    let acting = caller.may(ApiScope::Read)?;
    let record: RecordId = handle(&record)?;
    let found = app.node().proof(&acting, &reference, record).await?;
    let (proof, proof_at, witnesses) = state(found.proven);
    Ok(Json(ProofOut {
        index: found.index,
        proof,
        proof_at,
        witnesses,
        leaf: found.leaf,
        path: found.path,
        size: found.size,
        exhibit: found
            .exhibit
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
    }))
}

/// Which copy.
#[derive(Clone, Debug, serde::Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Copy {
    /// `short` (unless said otherwise): reference, time and proof. `full`: what was reported too, for whoever did so in
    /// their work.
    copy: Option<String>,
}

/// The receipt of a report as a file that `daylight verify` reads.
#[utoipa::path(
    get, path = "/api/v1/receipts/{ticket}/file", operation_id = "receiptFile",
    params(("ticket" = String, Path, description = "As given when it was filed."), Copy),
    responses(
        (status = 200, description = "The file", body = String, content_type = "text/plain"),
        (status = 204, description = "Not yet under a signed head: ask again"),
        Refusals
    )
)]
pub(super) async fn receipt(
    State(app): State<App>,
    caller: Caller,
    Path(ticket): Path<String>,
    input::Query(which): input::Query<Copy>,
) -> Result<Response, Error> {
    caller.may(ApiScope::Report)?;
    let full = match which.copy.as_deref() {
        None | Some("short") => Some(false),
        Some("full") => Some(true),
        Some(_) => None,
    };
    let full = super::report::choice(full, "/copy", "short, full")?;
    Ok(match app.node().receipt_file(&ticket, full).await? {
        Some(file) => plain(file),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

fn plain(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], bytes).into_response()
}

/// The keys with which anybody checks what this node signs. Compare them with a copy you were given another way.
#[utoipa::path(
    get, path = "/api/v1/keys", operation_id = "keys",
    responses((status = 200, description = "A policy file", body = String, content_type = "text/plain"), Refusals)
)]
pub(super) async fn keys(State(app): State<App>, caller: Caller) -> Result<Response, Error> {
    caller.may(ApiScope::Report)?;
    let file = app.node().policy_file(&app.settings().witnesses)?;
    Ok(plain(file.into_bytes()))
}

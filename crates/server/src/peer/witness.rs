//! A witness over HTTP (C2SP `tlog-witness`): two routes, and nothing else on the listener.
//!
//! What to answer is decided by whoever implements [`Witness`]; here are only bytes, limits and statuses.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::future::Future;
use std::sync::Arc;
use tokio::net::TcpListener;

/// The largest request body taken, in bytes.
const MAX_BODY: usize = 1 << 18;

/// What a witness answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type`.
    pub content_type: &'static str,
    /// The body.
    pub body: Vec<u8>,
}

/// Decides and keeps. Both may wait for a disk; they are called apart from the threads that serve.
pub trait Witness: Send + Sync + 'static {
    /// Answers an `add-checkpoint` request. What must be kept is on disk before this returns.
    fn add_checkpoint(&self, body: &[u8]) -> Answer;

    /// The last checkpoint signed for the log whose origin has this hash, if any.
    fn latest(&self, origin_hash: &str) -> Option<Answer>;
}

/// Serves until `stop` is ready.
///
/// # Errors
/// When the listener fails.
pub async fn serve<W: Witness>(
    listener: TcpListener,
    witness: Arc<W>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, routes(witness))
        .with_graceful_shutdown(stop)
        .await
}

/// The two routes of the protocol.
fn routes<W: Witness>(witness: Arc<W>) -> Router {
    Router::new()
        .route("/add-checkpoint", post(add_checkpoint::<W>))
        .route("/{origin_hash}/checkpoint", get(latest::<W>))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(witness)
}

async fn add_checkpoint<W: Witness>(State(witness): State<Arc<W>>, body: Bytes) -> Response {
    let answer = tokio::task::spawn_blocking(move || witness.add_checkpoint(&body)).await;
    answer.map_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response(), respond)
}

async fn latest<W: Witness>(State(witness): State<Arc<W>>, Path(origin_hash): Path<String>) -> Response {
    let answer = tokio::task::spawn_blocking(move || witness.latest(&origin_hash)).await;
    match answer {
        Ok(Some(answer)) => respond(answer),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn respond(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [
        (header::CONTENT_TYPE, answer.content_type),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, answer.body).into_response()
}

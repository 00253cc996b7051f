//! What the operator's machine asks, on a listener that only this machine reaches: is it well, and how much of what.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

/// How well a node is, in one word and its reasons.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Health {
    /// Everything works.
    Green,
    /// It takes concerns, but somebody should look: each reason in words.
    Amber(Vec<String>),
    /// It cannot record.
    Red(Vec<String>),
}

impl Health {
    fn answer(&self) -> Response {
        let (status, word, why): (_, _, &[String]) = match self {
            Self::Green => (StatusCode::OK, "green", &[]),
            Self::Amber(why) => (StatusCode::OK, "amber", why),
            Self::Red(why) => (StatusCode::SERVICE_UNAVAILABLE, "red", why),
        };
        let body = serde_json::json!({ "health": word, "because": why }).to_string();
        (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
    }
}

/// Where the operator's listener finds out how well the node is.
pub type AskHealth = Arc<dyn Fn() -> Health + Send + Sync>;

/// What the operator's listener is given.
#[derive(Clone)]
pub struct Operator {
    /// Asked at each request.
    pub health: AskHealth,
    /// The process's metrics, if they are collected.
    pub metrics: Option<PrometheusHandle>,
}

/// Begins to collect the process's metrics. Once in a process: `cli` does so, and tells every node's server.
///
/// # Errors
/// When something in this process collects them already.
pub fn collect_metrics() -> Result<PrometheusHandle, BuildError> {
    PrometheusBuilder::new().install_recorder()
}

/// `GET /health` and `GET /metrics`.
pub fn router(operator: Operator) -> Router {
    let metrics = |State(operator): State<Operator>| async move {
        let text = operator.metrics.map(|handle| handle.render()).unwrap_or_default();
        ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text)
    };
    let health = |State(operator): State<Operator>| async move { (operator.health)().answer() };
    Router::new()
        .route("/health", get(health))
        .route("/metrics", get(metrics))
        .with_state(operator)
}

//! What is noted of a request: method, the route's template, status and time taken. Never the address, the query, a
//! header, a cookie or who asked: a log is read by people who may not know that a concern exists.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

/// Methods are a closed list, so that a made-up one cannot write into the log.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Middleware: one line and two metrics for each request.
pub async fn note(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = method(request.method());
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    tracing::info!(target: "daylight::http", method, route, status, micros = took.as_micros());
    let labels = [
        ("method", method.to_owned()),
        ("route", route),
        ("status", status.to_string()),
    ];
    metrics::counter!("daylight_http_requests_total", &labels).increment(1);
    metrics::histogram!("daylight_http_seconds", &labels).record(took.as_secs_f64());
    response
}

//! Pages are compressed, and their size is blurred.
//!
//! A compressed page whose secret stands beside something an attacker chose can be guessed from its size (the BREACH
//! attack). Here the form token is masked anew for every page ([`super::csrf`]), cookies are `SameSite=Strict`, so that
//! another site cannot make a browser fetch a signed-in page, and every page ends in a comment of random length, so
//! that what is left (a name beside a search) costs many thousand fetches that the limits and the log would show.
//! Leaving pages uncompressed would triple what a phone on a poor signal has to load: that is the dearer risk.
//!
//! Only HTML is compressed. JSON goes out as it is: it is for programs, and carries tokens in no body.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Response as HttpResponse, header};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::compression::predicate::{Predicate, SizeAbove};
use tower_http::compression::{CompressionLayer, predicate::And};

use crate::app::App;

/// HTML, and nothing that is compressed already.
#[derive(Clone, Copy, Debug)]
pub struct Html;

fn is_html<B>(response: &HttpResponse<B>) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

impl Predicate for Html {
    fn should_compress<B>(&self, response: &HttpResponse<B>) -> bool
    where
        B: axum::body::HttpBody,
    {
        is_html(response) && !response.headers().contains_key(header::CONTENT_ENCODING)
    }
}

/// Compresses HTML of more than a packet.
pub fn layer() -> CompressionLayer<And<SizeAbove, Html>> {
    CompressionLayer::new().compress_when(SizeAbove::new(1024).and(Html))
}

/// The most bytes a page may have.
const MOST: usize = 8 * 1024 * 1024;

/// A comment of 1 to 128 random hexadecimal digits: neither its length nor its bytes can be compressed away.
fn comment(random: [u8; 65]) -> String {
    use std::fmt::Write;
    let [length, rest @ ..] = random;
    let length = usize::from(length % 64).saturating_add(1);
    let mut out = String::from("<!-- ");
    for byte in rest.iter().take(length) {
        let _ = write!(out, "{byte:02x}");
    }
    out.push_str(" -->");
    out
}

/// Middleware: adds the comment to every page that was answered well. Refusals are not padded: they hold no secret,
/// and the same one must be the same bytes for everyone.
pub async fn pad(State(app): State<App>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if !is_html(&response) || !response.status().is_success() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, MOST).await else {
        return axum::response::IntoResponse::into_response(crate::error::Error::Internal);
    };
    let Ok(random) = app.door().random::<65>() else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    let padded: Bytes = [bytes.as_ref(), comment(random).as_bytes()].concat().into();
    Response::from_parts(parts, Body::from(padded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_comment_is_short_and_ends_itself() {
        for first in 0..=u8::MAX {
            let mut random = [0xff; 65];
            if let Some(slot) = random.first_mut() {
                *slot = first;
            }
            let text = comment(random);
            assert!(text.starts_with("<!-- ") && text.ends_with(" -->"));
            assert!((11..=137).contains(&text.len()), "{}", text.len());
        }
    }
}

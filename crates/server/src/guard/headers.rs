//! The headers every answer carries.
//!
//! Nothing is loaded from elsewhere and no script is inline; whatever sets HTML from a string is refused by Trusted
//! Types; nothing but the hashed assets is kept by any cache, so that Back shows nothing after somebody has left
//! (practice.md R1); no address of ours is told to another site.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;

/// Content Security Policy Level 3 with Trusted Types. `form-action 'self'` also holds for redirects after a post.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

/// What the page may ask of the browser: passkeys, and nothing else.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), \
    fullscreen=(), geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), idle-detection=(), \
    magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), \
    publickey-credentials-create=(self), publickey-credentials-get=(self), screen-wake-lock=(), serial=(), usb=(), \
    web-share=(), xr-spatial-tracking=()";

const ALWAYS: [(HeaderName, &str); 8] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("x-robots-tag"),
        "noindex, nofollow, noarchive",
    ),
];

/// Two years, on every name below ours: what browsers' preload lists ask for.
const TLS_ONLY: &str = "max-age=63072000; includeSubDomains";

/// Middleware: adds the headers. Only a hashed asset may say that it can be kept.
pub async fn add(State(app): State<App>, request: Request, next: Next) -> Response {
    let asset = request.uri().path().starts_with("/assets/");
    let mut response = next.run(request).await;
    let kept =
        asset && response.status().is_success() && response.headers().contains_key(header::CACHE_CONTROL);
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !kept {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if app.settings().secure() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(TLS_ONLY),
        );
    }
    strip(headers);
    response
}

/// What would say which program answers, or when it was built.
fn strip(headers: &mut HeaderMap) {
    for name in [header::SERVER, header::LAST_MODIFIED, header::ETAG] {
        headers.remove(name);
    }
}

//! The stylesheet, scripts, font and mark, embedded in the program. Their names hold a hash of
//! their bytes, so a browser may keep them for ever.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::Embed;

#[derive(Embed)]
#[folder = "assets/dist/"]
struct Files;

/// The names in the manifest, read once: they are part of the program and never change.
fn names() -> &'static BTreeMap<String, String> {
    static NAMES: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        Files::get("manifest.json")
            .and_then(|file| serde_json::from_slice(&file.data).ok())
            .unwrap_or_default()
    })
}

/// Where a file is served: `app.css` is `/assets/app.66eb10eb37.css`.
#[must_use]
pub fn path(name: &str) -> String {
    format!("/assets/{}", names().get(name).map_or(name, String::as_str))
}

/// `GET /assets/{name}`: the file, compressed where the browser can open it.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    match find(&name, accepted) {
        Some((bytes, encoding)) => respond(&name, bytes, encoding),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The bytes of a file and how they are compressed. Only what pages name is served.
fn find(name: &str, accepted: &str) -> Option<(Cow<'static, [u8]>, Option<&'static str>)> {
    if name != "LICENCES.txt" && !names().values().any(|hashed| hashed == name) {
        return None;
    }
    let accepts = |coding: &str| {
        accepted
            .split(',')
            .any(|one| one.split(';').next().map(str::trim) == Some(coding))
    };
    for (coding, ending) in [("br", "br"), ("gzip", "gz")] {
        if accepts(coding)
            && let Some(file) = Files::get(&format!("{name}.{ending}"))
        {
            return Some((file.data, Some(coding)));
        }
    }
    Files::get(name).map(|file| (file.data, None))
}

fn respond(name: &str, bytes: Cow<'static, [u8]>, encoding: Option<&'static str>) -> Response {
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "text/plain; charset=utf-8",
    };
    let mut response = ([(header::CONTENT_TYPE, kind)], bytes.into_owned()).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    headers.insert(header::VARY, header::HeaderValue::from_static("accept-encoding"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        header::HeaderValue::from_static("nosniff"),
    );
    if let Some(encoding) = encoding {
        headers.insert(
            header::CONTENT_ENCODING,
            header::HeaderValue::from_static(encoding),
        );
    }
    response
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        reason = "tests"
    )]
    use super::{find, names, path};

    #[test]
    fn every_file_a_page_names_is_served() {
        for name in [
            "app.css",
            "app.js",
            "exit.js",
            "mark.svg",
            "public-sans-latin.woff2",
        ] {
            let hashed = path(name);
            assert_ne!(hashed, format!("/assets/{name}"), "{name} has no hash");
            assert!(find(hashed.trim_start_matches("/assets/"), "").is_some());
        }
    }

    #[test]
    fn compressed_when_accepted_and_nothing_else_is_served() {
        let css = &names()["app.css"];
        assert_eq!(find(css, "gzip, br").unwrap().1, Some("br"));
        assert_eq!(find(css, "gzip;q=1.0").unwrap().1, Some("gzip"));
        assert_eq!(find(css, "").unwrap().1, None);
        assert!(find("manifest.json", "").is_none() && find("../Cargo.toml", "").is_none());
    }

    #[test]
    fn the_stylesheet_names_fonts_by_hash_and_nothing_else() {
        let css = String::from_utf8(find(&names()["app.css"], "").unwrap().0.into_owned()).unwrap();
        assert!(
            css.contains(&names()["public-sans-latin.woff2"])
                && css.contains(&names()["public-sans-latin-ext.woff2"])
        );
        for address in css.split("url(").skip(1) {
            let address = address.split(')').next().unwrap().trim_matches('"');
            assert!(
                names().values().any(|name| name == address),
                "{address} is not one of our files"
            );
        }
        assert!(
            !css.contains("GDS Transport"),
            "that font may not be used off gov.uk"
        );
    }
}

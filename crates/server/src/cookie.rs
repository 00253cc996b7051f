//! The two cookies there are, and how they are written.
//!
//! Both are session cookies: the browser forgets them when it closes. Neither holds anything but a random token. With
//! TLS they carry the `__Host-` prefix, so that no neighbour on a sibling name can plant one.

use axum::http::{HeaderMap, HeaderValue, header};

/// The signed-in practitioner's cookie.
pub const SESSION: &str = "session";

/// The public reporter's cookie.
pub const VISIT: &str = "visit";

const PREFIX: &str = "__Host-";

/// The value of the cookie `name`, with or without the prefix. With both, the prefixed one, which nobody else can set.
#[must_use]
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let mut plain = None;
    for (key, value) in pairs {
        if key.strip_prefix(PREFIX) == Some(name) {
            return Some(value);
        }
        if key == name && plain.is_none() {
            plain = Some(value);
        }
    }
    plain
}

fn line(name: &str, value: &str, secure: bool, more: &str) -> Option<HeaderValue> {
    let (prefix, flag) = if secure { (PREFIX, "; Secure") } else { ("", "") };
    let text = format!("{prefix}{name}={value}; Path=/; HttpOnly; SameSite=Strict{flag}{more}");
    HeaderValue::from_str(&text).ok()
}

/// The header that sets it, until the browser closes.
#[must_use]
pub fn set(name: &str, value: &str, secure: bool) -> Option<HeaderValue> {
    line(name, value, secure, "")
}

/// The header that forgets it.
#[must_use]
pub fn forget(name: &str, secure: bool) -> Option<HeaderValue> {
    line(name, "", secure, "; Max-Age=0")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_prefixed_cookie_wins() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; visit=planted"));
        assert_eq!(read(&headers, VISIT), Some("planted"));
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-visit=ours"));
        assert_eq!(read(&headers, VISIT), Some("ours"));
        assert_eq!(read(&headers, SESSION), None);
    }

    #[test]
    fn cookies_are_strict_and_script_cannot_read_them() {
        let text = set(VISIT, "ab", true).unwrap();
        assert_eq!(text, "__Host-visit=ab; Path=/; HttpOnly; SameSite=Strict; Secure");
        let text = forget(SESSION, false).unwrap();
        assert_eq!(text, "session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    }
}

//! The review page and the few words of HTTP it needs (RFC 9112): one request a connection, forms only, no scripts.

use linkage::{model::Explanation, report::escape};
use std::fmt::Write;

/// A request as far as the page needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Whether it is a form sent with POST; otherwise it is a GET.
    pub form: bool,
    /// Path.
    pub path: String,
    /// The host it was sent to.
    pub host: String,
    /// Body.
    pub body: String,
}

/// No request may be longer.
pub const LONGEST: usize = 16 * 1024;

/// Reads a request from the bytes that have arrived; nothing while it is incomplete.
///
/// # Errors
/// Something other than a request that the page answers. What could be read in two ways (two lengths, two hosts, a
/// transfer encoding, a bare line end) is refused, as RFC 9112 asks.
pub fn request(bytes: &[u8]) -> Result<Option<Request>, &'static str> {
    let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else {
        return if bytes.len() > LONGEST {
            Err("too long")
        } else {
            Ok(None)
        };
    };
    let head = bytes.get(..end).unwrap_or_default();
    if head.len() > LONGEST {
        return Err("too long");
    }
    let head = std::str::from_utf8(head).map_err(|_| "not text")?;
    let mut lines = head.split("\r\n");
    let first: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
    let (form, path) = match first.as_slice() {
        ["GET", path, "HTTP/1.1" | "HTTP/1.0"] => (false, *path),
        ["POST", path, "HTTP/1.1" | "HTTP/1.0"] => (true, *path),
        _ => return Err("neither GET nor POST"),
    };
    let (host, length) = fields(lines)?;
    if path.contains(char::is_control) {
        return Err("a control character");
    }
    let length = length.unwrap_or(0);
    let Some(body) = bytes.get(end + 4..).and_then(|b| b.get(..length)) else {
        return Ok(None);
    };
    Ok(Some(Request {
        form,
        path: path.to_owned(),
        host: host.unwrap_or_default().to_owned(),
        body: std::str::from_utf8(body).map_err(|_| "not text")?.to_owned(),
    }))
}

/// The host and the length of the body, each at most once.
fn fields<'a>(
    lines: impl Iterator<Item = &'a str>,
) -> Result<(Option<&'a str>, Option<usize>), &'static str> {
    let (mut host, mut length) = (None, None);
    for line in lines {
        let (name, value) = line.split_once(':').ok_or("a line that is no field")?;
        let value = value.trim_matches([' ', '\t']);
        if value.contains(|c: char| c.is_control() && c != '\t') {
            return Err("a control character");
        }
        let twice = match name.to_ascii_lowercase().as_str() {
            "host" => host.replace(value).is_some(),
            "content-length" => {
                let digits = (1..=6).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit());
                let n = value.parse::<usize>().ok().filter(|_| digits);
                length.replace(n.ok_or("a length that is none")?).is_some()
            }
            "transfer-encoding" => return Err("a body of unknown length"),
            _ => false,
        };
        if twice {
            return Err("said twice");
        }
    }
    if length.is_some_and(|n| n > LONGEST) {
        return Err("too long");
    }
    Ok((host, length))
}

/// The value of a form's field. Values here are single words and numbers: nothing needs decoding.
pub fn field<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    let pair = |p: &'a str| p.split_once('=').filter(|(n, _)| *n == name).map(|(_, v)| v);
    body.split('&').find_map(pair)
}

/// A response with a page.
pub fn response(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n\
cache-control: no-store\r\nreferrer-policy: no-referrer\r\nx-content-type-options: nosniff\r\n\
content-security-policy: default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'\r\n\r\n{body}",
        body.len()
    )
}

/// A response that sends the browser to look at a path.
pub fn see(path: &str) -> String {
    format!("HTTP/1.1 303 See Other\r\nlocation: {path}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}

/// What a page shows.
pub struct View<'a> {
    /// Where forms go.
    pub action: &'a str,
    /// Pairs judged the same, and different.
    pub judged: (usize, usize),
    /// Something to say.
    pub note: &'a str,
    /// The pair asked about.
    pub pair: Option<Pair>,
}

/// Two records side by side.
pub struct Pair {
    /// Its number, sent back with the answer.
    pub number: usize,
    /// Column, value of one, value of the other.
    pub rows: Vec<(String, String, String)>,
    /// Why it has its score.
    pub why: Explanation,
}

/// The page as HTML.
pub fn html(v: &View<'_>) -> String {
    let mut out = String::from(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>One person or two?</title><style>\
body{font:1rem/1.5 sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}\
th,td{text-align:left;padding:.25rem .75rem;border-bottom:1px solid #767676}td.n{text-align:right}\
button{font:inherit;padding:.5rem 1rem;margin:.5rem .5rem .5rem 0}.other{font-weight:bold}</style><h1>One person or two?</h1>",
    );
    let (same, different) = v.judged;
    let _ = write!(out, "<p>Judged: {same} the same, {different} different.</p>");
    if !v.note.is_empty() {
        let _ = write!(out, "<p role=\"status\">{}</p>", escape(v.note));
    }
    match &v.pair {
        Some(p) => pair(&mut out, v.action, p),
        None => out.push_str("<p>There is no further pair to judge.</p>"),
    }
    let _ = write!(
        out,
        "<h2>When you have judged enough</h2><form method=\"post\" action=\"{}\">\
<button name=\"answer\" value=\"learn\">Learn from the answers</button><button name=\"answer\" value=\"end\">End</button></form></html>",
        escape(v.action)
    );
    out
}

fn pair(out: &mut String, action: &str, p: &Pair) {
    out.push_str("<table><caption>The two records</caption><tr><th scope=\"col\">column<th scope=\"col\">one<th scope=\"col\">other");
    for (name, a, b) in &p.rows {
        let class = if a == b { "" } else { " class=\"other\"" };
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}<td{class}>{}<td{class}>{}",
            escape(name),
            escape(a),
            escape(b)
        );
    }
    let _ = write!(
        out,
        "</table><form method=\"post\" action=\"{}\"><input type=\"hidden\" name=\"pair\" value=\"{}\">\
<button name=\"answer\" value=\"same\" accesskey=\"s\">Same person</button>\
<button name=\"answer\" value=\"different\" accesskey=\"d\">Different people</button>\
<button name=\"answer\" value=\"unsure\" accesskey=\"u\">Not sure</button></form>\
<details><summary>What the model says</summary><table><tr><th scope=\"col\">part<th scope=\"col\">level<th scope=\"col\">bits",
        escape(action),
        p.number
    );
    for part in &p.why.parts {
        let _ = write!(
            out,
            "<tr><td>{}<td>{}<td class=\"n\">{:.2}",
            escape(&part.what),
            escape(&part.level),
            part.bits
        );
    }
    let _ = write!(
        out,
        "</table><p>Together {:.2} bits, a probability of {:.3}.</p></details>",
        p.why.score, p.why.probability
    );
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    #[test]
    fn a_request_is_read_once_it_is_whole_and_never_sooner() {
        let whole = b"POST /t/ HTTP/1.1\r\nHost: 127.0.0.1:9\r\nContent-Length: 11\r\n\r\nanswer=same";
        for cut in 0..whole.len() {
            assert_eq!(request(&whole[..cut]), Ok(None), "cut at {cut}");
        }
        let r = request(whole).unwrap().unwrap();
        assert!(r.form && r.path == "/t/" && r.host == "127.0.0.1:9");
        assert_eq!(field(&r.body, "answer"), Some("same"));
        assert_eq!(field(&r.body, "pair"), None);
    }

    #[test]
    fn what_is_no_request_of_ours_is_refused() {
        for bad in [
            "PUT / HTTP/1.1\r\n\r\n",
            "\r\n\r\n",
            "GET /\r\n\r\n",
            "GET / HTTP/2\r\n\r\n",
            "GET /\n HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: a\nhost: b\r\n\r\n",
            "POST / HTTP/1.1\r\ncontent-length: +3\r\n\r\nabc",
            "POST / HTTP/1.1\r\ncontent-length: x\r\n\r\n",
            "POST / HTTP/1.1\r\ncontent-length: 99999999\r\n\r\n",
        ] {
            assert!(request(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(request(&vec![b'a'; LONGEST + 1]).is_err());
    }
}

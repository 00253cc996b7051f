//! Text from outside, made harmless in one place.
//!
//! Every extractor here ([`Form`], [`Query`], [`Json`]) cleans every string before anything else sees it, so that no
//! handler can forget to. What is taken out cannot be seen on a page and can only deceive: control characters,
//! direction overrides (which make a name read as another), invisible and unassigned-by-design code points, and piles
//! of combining marks. Letters of every script, joiners that Persian, Hindi and emoji need, and line breaks stay.
//! Nothing is turned into another letter: what a person wrote is evidence.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use serde::de::DeserializeOwned;

use crate::app::{App, MAX_BODY};
use crate::error::{Error, Fault};

/// The most combining marks that may stand on one letter: Vietnamese and Hebrew with cantillation need up to four.
const MARKS: usize = 6;

/// Whether a character shows nothing and can only deceive.
const fn is_hostile(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}'
        | '\u{ad}'                                     // soft hyphen
        | '\u{61c}' | '\u{200e}' | '\u{200f}'          // direction marks
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' // direction embeddings, overrides, isolates
        | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{feff}' // nothing at all
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' // fillers that show as a blank
        | '\u{fff9}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}' // annotations; not characters
        | '\u{e0000}'..='\u{e0fff}'                    // tags
        | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' // private use: means what its font says
    ) || (c as u32) & 0xfffe == 0xfffe
}

/// Whether a character stands on the one before it.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}' | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// The text without what can only deceive. Line ends become `\n`.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut marks = 0_usize;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let c = match c {
            '\r' => {
                characters.next_if_eq(&'\n');
                '\n'
            }
            '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            c if is_hostile(c) => continue,
            c => c,
        };
        marks = if is_mark(c) { marks.saturating_add(1) } else { 0 };
        if marks <= MARKS {
            out.push(c);
        }
    }
    out
}

/// One line: cleaned, line ends and runs of blanks made one space, nothing at either end.
#[must_use]
pub fn line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn clean_value(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) => *text = clean(text),
        serde_json::Value::Array(items) => items.iter_mut().for_each(clean_value),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(clean_value),
        _ => {}
    }
}

/// The pairs of a form's or a query's bytes, cleaned.
#[must_use]
pub fn pairs(bytes: &[u8]) -> Vec<(String, String)> {
    let pairs = form_urlencoded::parse(bytes);
    pairs.map(|(key, value)| (clean(&key), clean(&value))).collect()
}

fn clean_pairs(bytes: &[u8]) -> String {
    let mut out = form_urlencoded::Serializer::new(String::new());
    out.extend_pairs(pairs(bytes));
    out.finish()
}

async fn body(request: Request) -> Result<Vec<u8>, Error> {
    let bytes = axum::body::Bytes::from_request(request, &()).await;
    bytes.map(Into::into).map_err(|refused| {
        let status = axum::response::IntoResponse::into_response(refused).status();
        if status == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
            Error::TooLarge
        } else {
            Error::Malformed
        }
    })
}

fn kind_is(request: &Request, kind: &str) -> bool {
    let given = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok());
    given.is_some_and(|given| {
        given
            .split(';')
            .next()
            .is_some_and(|g| g.trim().eq_ignore_ascii_case(kind))
    })
}

const FORM: &str = "application/x-www-form-urlencoded";

/// Whether a request says that it is a form.
#[must_use]
pub fn is_form(request: &Request) -> bool {
    kind_is(request, FORM)
}

/// A posted form, cleaned. `T` may be a struct or `Vec<(String, String)>` where names repeat.
#[derive(Clone, Copy, Debug)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &App) -> Result<Self, Error> {
        if !kind_is(&request, FORM) {
            return Err(Error::Unsupported);
        }
        let cleaned = clean_pairs(&body(request).await?);
        let mut again = Request::new(Body::from(cleaned));
        *again.method_mut() = axum::http::Method::POST;
        again
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(FORM));
        let form = axum::Form::<T>::from_request(again, &()).await;
        form.map(|axum::Form(value)| Self(value))
            .map_err(|_| Error::Malformed)
    }
}

/// The query, cleaned.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Error> {
        let text = clean_pairs(parts.uri.query().unwrap_or_default().as_bytes());
        let uri = format!("/?{text}").parse().map_err(|_| Error::Malformed)?;
        let query = axum::extract::Query::<T>::try_from_uri(&uri);
        query
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|_| Error::Malformed)
    }
}

/// A JSON body, cleaned. A field that is unknown, missing or of another kind is named by its pointer.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &App) -> Result<Self, Error> {
        if !kind_is(&request, "application/json") {
            return Err(Error::Unsupported);
        }
        parse(&body(request).await?).map(Self)
    }
}

/// The value that JSON bytes hold, cleaned. What a fuzz target drives.
///
/// # Errors
/// [`Error::Malformed`] when it is not JSON, [`Error::Invalid`] with a pointer when it is not this `T`.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    if bytes.len() > MAX_BODY {
        return Err(Error::TooLarge);
    }
    let mut value: serde_json::Value = serde_json::from_slice(bytes).map_err(|_| Error::Malformed)?;
    clean_value(&mut value);
    serde_path_to_error::deserialize(value).map_err(|error| {
        let (code, detail) = plain_words(&error.inner().to_string());
        Error::Invalid(vec![Fault {
            pointer: pointer(error.path()),
            code,
            detail,
        }])
    })
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// What is wrong, without repeating what was sent: it may be personal, and error texts reach logs.
fn plain_words(said: &str) -> (&'static str, String) {
    let expected = said.split_once("expected ").map(|(_, rest)| rest);
    if said.starts_with("unknown field") {
        (
            "unknown-field",
            expected.map_or_else(
                || "No field is expected.".to_owned(),
                |e| format!("Expected {e}."),
            ),
        )
    } else if let Some(rest) = said.strip_prefix("missing field ") {
        ("missing", format!("The field {rest} is missing."))
    } else if said.starts_with("unknown variant") {
        (
            "not-a-choice",
            format!("Expected {}.", expected.unwrap_or("another value")),
        )
    } else if said.starts_with("invalid") {
        (
            "wrong-kind",
            format!("Expected {}.", expected.unwrap_or("another kind of value")),
        )
    } else {
        ("wrong", "This value cannot be taken.".to_owned())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;

    #[test]
    fn what_can_only_deceive_is_taken_out() {
        assert_eq!(clean("Ana\u{202e}moorB\u{202c} \0Brook\u{7}"), "AnamoorB Brook");
        assert_eq!(clean("\u{feff}a\u{200b}b\u{2066}c\u{2069}d\u{ad}e"), "abcde");
        assert_eq!(clean("x\u{e0041}\u{e007f}y\u{ffff}\u{10fffe}z"), "xyz");
        assert_eq!(clean("one\r\ntwo\rthree\u{2028}four"), "one\ntwo\nthree\nfour");
    }

    #[test]
    fn what_people_write_stays() {
        for words in [
            "Siân Llŷr",
            "می‌خواهم",
            "नमस्ते",
            "👩‍👧 said",
            "Łukasz – “no”\n\tindented",
            "Nguyễn",
            "שָׁלוֹם",
        ] {
            assert_eq!(clean(words), words);
        }
    }

    #[test]
    fn a_pile_of_marks_is_cut() {
        let pile = format!("a{}b", "\u{301}".repeat(500));
        assert_eq!(clean(&pile).chars().count(), 2 + MARKS);
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(line("  Mina \r\n  Alder\u{2029} "), "Mina Alder");
    }

    #[derive(serde::Deserialize, Debug, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        age: u8,
    }
    #[derive(serde::Deserialize, Debug, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        name: String,
        people: Vec<Inner>,
    }

    fn fault(text: &str) -> (String, &'static str) {
        match parse::<Outer>(text.as_bytes()) {
            Err(Error::Invalid(faults)) => faults.first().map(|f| (f.pointer.clone(), f.code)).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn json_faults_point_at_the_field() {
        let good = parse::<Outer>(br#"{"name":"A\u202eb","people":[{"age":4}]}"#).unwrap();
        assert_eq!(good.name, "Ab");
        assert_eq!(
            fault(r#"{"name":"a","people":[{"age":4},{"age":"x"}]}"#),
            ("/people/1/age".to_owned(), "wrong-kind")
        );
        assert_eq!(
            fault(r#"{"name":"a","people":[],"admin":true}"#),
            ("/admin".to_owned(), "unknown-field")
        );
        assert_eq!(fault(r#"{"people":[]}"#), (String::new(), "missing"));
        assert_eq!(parse::<Outer>(b"{"), Err(Error::Malformed));
    }

    #[test]
    fn faults_never_repeat_what_was_sent() {
        let text = r#"{"name":"a","people":[{"age":"Dale Rusk"}]}"#;
        let Err(Error::Invalid(faults)) = parse::<Outer>(text.as_bytes()) else {
            panic!("accepted")
        };
        assert!(!format!("{faults:?}").contains("Rusk"));
    }

    #[test]
    fn forms_are_cleaned_in_names_and_values() {
        assert_eq!(
            clean_pairs("na%00me=Mina+%E2%80%AEAlder&x=%0D%0A".as_bytes()),
            "name=Mina+Alder&x=%0A"
        );
    }

    proptest::proptest! {
        #[test]
        fn cleaning_twice_changes_nothing_more(text in ".{0,200}") {
            let once = clean(&text);
            proptest::prop_assert_eq!(clean(&once), once.clone());
            let hostile = once.contains(['\0', '\u{202e}', '\r']);
            proptest::prop_assert!(!hostile);
        }
    }
}

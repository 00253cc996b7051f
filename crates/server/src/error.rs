//! What can go wrong at the edge: one enum, one function that says the status.
//!
//! A handler returns an [`Error`]; [`face`] gives it a face: a page for people, `application/problem+json` (RFC 9457)
//! for the API. What a person may not know of and what is not there have one and the same answer, byte for byte.
//! Causes are logged by kind and never shown.

mod page;

use std::any::Any;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use node::app::{AppError, Refusal};
use serde_json::json;

use crate::app::App;

/// One thing wrong with what was sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Where: a JSON pointer (RFC 6901) into the body, or a form's field as `/name`.
    pub pointer: String,
    /// What, as a stable code: `missing`, `too-long`, `unknown-field`, `not-a-date`.
    pub code: &'static str,
    /// What to do about it, in plain words. Never what was typed.
    pub detail: String,
}

/// What can go wrong at the edge.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Error {
    /// Not there, or not for this person to know of: the two are never told apart.
    NotFound,
    /// Nobody is signed in. Pages lead to signing in; the API says so.
    SignIn,
    /// Signed in, but with nothing to sign in with again yet: pages lead to setting it up.
    SetUp,
    /// Signed in, but in no post yet: pages lead to choosing one.
    ChoosePost,
    /// The token is good, but not for this.
    Scope,
    /// There is such a path, but not for this method.
    Method,
    /// The request came from another site.
    CrossSite,
    /// The form's token is not of this session: signed out, or signed in again, since the page was made.
    StaleForm,
    /// What was sent cannot be read at all.
    Malformed,
    /// What was sent can be read, but this is wrong with it.
    Invalid(Vec<Fault>),
    /// The body is too large.
    TooLarge,
    /// The body is of a kind this path does not take.
    Unsupported,
    /// Too many in too short a time; try again after so many seconds.
    TooMany {
        /// Seconds until the next may succeed.
        retry_after: u64,
    },
    /// The concern has moved since the person saw it. Nothing was written.
    Moved,
    /// A rule forbids it; which one, as a code, and the handles it names.
    Refused {
        /// `open-duties`, `not-decided`, `needs-another`, `held`, `in-the-line`, `already-done`, `unknown-code`.
        code: &'static str,
        /// What stands in the way: duties by handle, or a hold's authority.
        because: Vec<String>,
    },
    /// The same key was used for another request.
    KeyReused,
    /// It took too long, or something below is not answering. Nothing was written.
    Busy,
    /// Nobody can say whether it was written. Sending the same again is safe.
    Unknown,
    /// Something that should not happen.
    Internal,
}

impl Error {
    /// The one place where an error becomes a status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::SetUp | Self::ChoosePost | Self::Scope => StatusCode::FORBIDDEN,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::CrossSite | Self::StaleForm => StatusCode::FORBIDDEN,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Invalid(_) | Self::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Moved | Self::Refused { .. } => StatusCode::CONFLICT,
            Self::Busy | Self::Unknown => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The stable code by which a program knows it, also the end of the problem's type.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::SignIn => "sign-in",
            Self::SetUp => "set-up",
            Self::ChoosePost => "choose-post",
            Self::Scope => "scope",
            Self::Refused { .. } => "refused",
            Self::Method => "method",
            Self::CrossSite => "cross-site",
            Self::StaleForm => "stale-form",
            Self::Malformed => "malformed",
            Self::Invalid(_) => "invalid",
            Self::TooLarge => "too-large",
            Self::Unsupported => "unsupported",
            Self::TooMany { .. } => "too-many",
            Self::Moved => "moved",
            Self::KeyReused => "key-reused",
            Self::Busy => "busy",
            Self::Unknown => "unknown-outcome",
            Self::Internal => "internal",
        }
    }

    /// The error that a status stands for, for answers made by the framework and not by us.
    fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::UNAUTHORIZED => Self::SignIn,
            StatusCode::METHOD_NOT_ALLOWED => Self::Method,
            StatusCode::FORBIDDEN => Self::CrossSite,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::Unsupported,
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT => Self::Busy,
            status if status.is_client_error() => Self::Malformed,
            _ => Self::Internal,
        }
    }

    /// One sentence for the person who writes the program that called us.
    const fn title(&self) -> &'static str {
        match self {
            Self::NotFound => "There is nothing here.",
            Self::SignIn => "A valid token is needed.",
            Self::SetUp | Self::ChoosePost => "This is for people, signed in.",
            Self::Scope => "The token is not for this.",
            Self::Refused { .. } => "A rule forbids this. Nothing was recorded.",
            Self::Method => "This path does not take that method.",
            Self::CrossSite => "The request came from another site.",
            Self::StaleForm => "The form's token is not of this session.",
            Self::Malformed => "The request could not be read.",
            Self::Invalid(_) => "Something in the request needs to be put right.",
            Self::TooLarge => "The request is too large.",
            Self::Unsupported => "The body is of a kind this path does not take.",
            Self::TooMany { .. } => "Too many requests. Nothing was recorded by this one.",
            Self::Moved => "It has changed since you saw it. Nothing was recorded.",
            Self::KeyReused => "This idempotency key was used for another request.",
            Self::Busy => "This took too long. Nothing was recorded. Send the same again.",
            Self::Unknown => {
                "It is not known whether this was recorded. Send the same again: it is not recorded twice."
            }
            Self::Internal => "Something went wrong here.",
        }
    }

    /// The body of a problem (RFC 9457), with a pointer to each field.
    fn problem(&self) -> serde_json::Value {
        let mut out = json!({
            "type": format!("/api/problems#{}", self.code()),
            "title": self.title(),
            "status": self.status().as_u16(),
        });
        if let (Self::Invalid(faults), Some(object)) = (self, out.as_object_mut()) {
            let errors = faults
                .iter()
                .map(|f| json!({ "pointer": f.pointer, "code": f.code, "detail": f.detail }));
            object.insert("errors".to_owned(), errors.collect());
        }
        if let (Self::Refused { code, because }, Some(object)) = (self, out.as_object_mut()) {
            object.insert("rule".to_owned(), json!(code));
            object.insert("because".to_owned(), json!(because));
        }
        out
    }
}

impl From<AppError> for Error {
    /// What a use case refused, at the edge.
    fn from(error: AppError) -> Self {
        match error {
            AppError::NotFound => Self::NotFound,
            AppError::Invalid { field, problem } => Self::Invalid(vec![Fault {
                pointer: format!("/{}", field.replace('.', "/").replace('-', "_")),
                code: problem.strip_prefix("error-").unwrap_or(problem),
                detail: advice(problem).to_owned(),
            }]),
            AppError::Moved { .. } => Self::Moved,
            AppError::Refused(rule) => {
                let (code, because) = rule_of(rule);
                Self::Refused { code, because }
            }
            AppError::TooMany { .. } => Self::TooMany { retry_after: 60 },
            AppError::Unknown => Self::Unknown,
            AppError::Broken(cause) => {
                tracing::error!(cause, "a use case is broken");
                Self::Internal
            }
        }
    }
}

/// What to do about a problem of a use case, for whoever writes the program that called us. Pages have their own words.
fn advice(problem: &str) -> &'static str {
    match problem {
        "error-words-empty" => "Say it in words: this may not be empty.",
        "error-words-long" => "This is too long: send the rest as a second entry.",
        "error-mentions-many" => "Too many people and things in one report: send the rest as a second entry.",
        "error-word-short" => "The word for coming back is too short.",
        "error-told-in-future" => "You cannot have been told later than now.",
        "error-told-long-ago" => "Nobody was told longer than a hundred years ago: check the year.",
        "error-reason-missing" => "Give a reason.",
        "error-outcome-missing" => "Give at least one decision.",
        "error-outcome-unknown" => "The rule pack has no such outcome.",
        "error-decide-for-each-child" => "Name the child: each has a decision of their own.",
        "error-answer-unknown" => {
            "Expected one of done, part, tried, no-longer-needed, cannot-be-done, cannot-by-then; for a duty to read \
             something, one of changes-nothing, acting, not-mine, cannot-by-then."
        }
        "error-answer-words-missing" => "Say what was done, or why not.",
        "error-wait-whom" => {
            "Name a post of this node other than your own, or say in words for whom you wait."
        }
        "error-grant-inspection" => "Name the body and the inspection.",
        "error-grant-power" => "Name the power the inspection relies on.",
        "error-grant-times" => "Access ends after it begins, within a year.",
        "error-grant-scope" => "The scope ends after it begins.",
        "error-mark-unknown" => "The rule pack has no such category.",
        "error-finding-missing" => "Say what was found: it decides what is to be done next.",
        "error-finding-not-done" => "A finding goes with the answer `done` only.",
        "error-finding-unknown" => "The rule pack has no such finding.",
        _ => "This field needs to be put right.",
    }
}

/// A rule that refused, as a code and what stands in the way.
fn rule_of(rule: Refusal) -> (&'static str, Vec<String>) {
    match rule {
        Refusal::OpenDuties(duties) => ("open-duties", duties.iter().map(ToString::to_string).collect()),
        Refusal::NotDecided => ("not-decided", Vec::new()),
        Refusal::NotConfirmed => ("not-confirmed", Vec::new()),
        Refusal::NeedsAnother => ("needs-another", Vec::new()),
        Refusal::Held(authority) => ("held", vec![authority]),
        Refusal::InTheLine => ("in-the-line", Vec::new()),
        Refusal::AlreadyDone => ("already-done", Vec::new()),
        Refusal::UnknownCode => ("unknown-code", Vec::new()),
    }
}

impl IntoResponse for Error {
    /// The status and the error itself; [`face`] writes the body.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A panic in a handler is an error like any other. What it said is not kept: it may hold what somebody typed.
pub fn from_panic(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    Error::Internal.into_response()
}

/// Middleware: every refusal, ours or the framework's, gets its body here and nowhere else.
pub async fn face(State(app): State<App>, request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error())
        || response.extensions().get::<Finished>().is_some()
    {
        return response;
    }
    let error = response.extensions_mut().remove::<Error>();
    let error = error.unwrap_or_else(|| Error::of(status));
    let aside = match &error {
        Error::SignIn => Some("/sign-in"),
        Error::SetUp => Some("/account/set-up"),
        Error::ChoosePost => Some("/account"),
        _ => None,
    };
    if let (false, Some(to)) = (api, aside) {
        return axum::response::Redirect::to(to).into_response();
    }
    let mut out = if api {
        problem(&error)
    } else {
        page::respond(&error, &app)
    };
    if let Error::TooMany { retry_after } = error {
        out.headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
    }
    if let (true, Error::SignIn) = (api, &error) {
        out.headers_mut()
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    out
}

/// Marks a refusal whose handler wrote its own page: a form with its errors beside the fields.
#[derive(Clone, Copy, Debug)]
pub struct Finished;

fn problem(error: &Error) -> Response {
    let mut response = Response::new(Body::from(error.problem().to_string()));
    *response.status_mut() = error.status();
    let kind = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_points_at_the_field_and_never_repeats_what_was_typed() {
        let fault = Fault {
            pointer: "/mentions/0/born".to_owned(),
            code: "not-a-date",
            detail: "Give a date like 2012-05-14.".to_owned(),
        };
        let problem = Error::Invalid(vec![fault]).problem();
        assert_eq!(
            problem.pointer("/errors/0/pointer"),
            Some(&json!("/mentions/0/born"))
        );
        assert_eq!(problem.pointer("/status"), Some(&json!(422)));
        assert_eq!(problem.pointer("/type"), Some(&json!("/api/problems#invalid")));
    }

    #[test]
    fn framework_refusals_have_a_face_of_ours() {
        assert_eq!(Error::of(StatusCode::PAYLOAD_TOO_LARGE), Error::TooLarge);
        assert_eq!(Error::of(StatusCode::LENGTH_REQUIRED), Error::Malformed);
        assert_eq!(Error::of(StatusCode::BAD_GATEWAY), Error::Internal);
    }
}

//! What can go wrong in a use case, in words that are safe to show and safe to log.

use domain::id::StreamId;
use domain::view::FoldError;

/// Why a use case did nothing.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Not there, or not for this person to know: the same answer, whatever the reason.
    #[error("not found")]
    NotFound,
    /// What was given cannot be taken: at which field, and what to do.
    #[error("{field}: {problem}")]
    Invalid {
        /// The field, as the form and the API name it.
        field: String,
        /// What is wrong and what to do, as a message key.
        problem: &'static str,
    },
    /// The concern has moved on since this person looked.
    #[error("the concern has moved on: look at what is new first")]
    Moved {
        /// Its length now.
        length: u32,
    },
    /// A rule forbids it; the code says which, and a page says why in words.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// Too many tries, or too much from one source: when to try again.
    #[error("too many tries")]
    TooMany {
        /// Microseconds UTC.
        again: domain::time::Instant,
    },
    /// The same request is being answered now, or its outcome is not known: asking again is safe.
    #[error("press again; it will not be filed twice")]
    Unknown,
    /// Something is broken here. The details are in the log, which holds nothing personal.
    #[error("something is broken here: {0}")]
    Broken(String),
}

/// Which rule refused, with what a page needs to say so.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// Duties are open: these.
    #[error("duties are still open")]
    OpenDuties(Vec<domain::id::DutyId>),
    /// Nothing has been decided yet.
    #[error("nothing has been decided yet")]
    NotDecided,
    /// Whoever reported says they did so in their work, and their organisation is not confirmed.
    #[error("the organisation of whoever reported is not confirmed")]
    NotConfirmed,
    /// A second person must do this, and this person may not be that person.
    #[error("a second person must do this")]
    NeedsAnother,
    /// A hold stands: its authority.
    #[error("a hold stands: {0}")]
    Held(String),
    /// This person stands in the line of a decision on the concern.
    #[error("somebody outside the line of every decision must do this")]
    InTheLine,
    /// It has already been done.
    #[error("this has already been done")]
    AlreadyDone,
    /// The outcome, answer or reason is not one the rule pack knows.
    #[error("the rule pack does not know this code")]
    UnknownCode,
}

impl AppError {
    pub(crate) fn invalid(field: &str, problem: &'static str) -> Self {
        Self::Invalid {
            field: field.to_owned(),
            problem,
        }
    }

    pub(crate) fn damaged(stream: StreamId, error: FoldError) -> Self {
        Self::Broken(format!("stream {stream}: {error}"))
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

macro_rules! broken {
    ($($error:ty),+) => {$(
        impl From<$error> for AppError {
            fn from(error: $error) -> Self {
                Self::Broken(error.to_string())
            }
        }
    )+};
}

broken!(
    crate::random::NoRandomness,
    crate::vault::VaultError,
    crate::spine::NotASpine,
    ledger::leaf::LeafError,
    domain::clock::ClockError,
    crate::store::SqlError
);

impl From<crate::store::StoreError> for AppError {
    fn from(error: crate::store::StoreError) -> Self {
        match error {
            crate::store::StoreError::OutcomeUnknown | crate::store::StoreError::Stopped => Self::Unknown,
            other => Self::Broken(other.to_string()),
        }
    }
}

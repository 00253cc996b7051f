//! Who or what a concern mentions, as far as its spine says: a handle, a kind and a role. Names are content.

use crate::id::{RecordId, SubjectId};
use crate::time::Instant;

/// What sort of thing a subject is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SubjectKind {
    /// A person under 18, or not yet born.
    Child,
    /// A person of 18 or over.
    Adult,
    /// A vehicle, by its mark, in full or in part.
    Vehicle,
    /// A telephone number.
    Phone,
    /// A name somebody uses on a service.
    Handle,
    /// A device, by its number.
    Device,
    /// A place.
    Place,
    /// An organisation.
    Organisation,
}

impl SubjectKind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::Child,
        Self::Adult,
        Self::Vehicle,
        Self::Phone,
        Self::Handle,
        Self::Device,
        Self::Place,
        Self::Organisation,
    ];

    /// The code written into records.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Child => "child",
            Self::Adult => "adult",
            Self::Vehicle => "vehicle",
            Self::Phone => "phone",
            Self::Handle => "handle",
            Self::Device => "device",
            Self::Place => "place",
            Self::Organisation => "organisation",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// A subject of one concern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subject {
    /// Its handle, in this concern only.
    pub id: SubjectId,
    /// What sort of thing it is.
    pub kind: SubjectKind,
    /// Its role: `child-at-risk`, `person-of-concern`, `witness`, `parent`, `other`.
    pub role: String,
    /// The record that named it.
    pub named_by: RecordId,
    /// When it was named.
    pub named_at: Instant,
    /// Closed for this subject, and when.
    pub closed: Option<Instant>,
    /// Said not to be this person: nothing of it is shown any more.
    pub not_about: Option<Instant>,
}

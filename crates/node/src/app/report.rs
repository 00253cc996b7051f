//! What somebody reports, in the words of the form, and what they get back.
//!
//! One shape for the public form, the staff page, what was told by telephone, and the API: all write the same records.

use domain::time::Instant;
use domain::view::SubjectKind;

/// Is the child safe until the next working day?
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Safe {
    /// Yes.
    Yes,
    /// No.
    No,
    /// The person does not know.
    Unknown,
}

impl Safe {
    /// The code written into the record.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }

    /// The answer with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Yes, Self::No, Self::Unknown]
            .into_iter()
            .find(|s| s.code() == code)
    }

    /// Whether somebody must look at once.
    pub const fn urgent(self) -> bool {
        matches!(self, Self::No | Self::Unknown)
    }
}

/// In which capacity somebody reports.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Capacity {
    /// In their work: named, once their organisation is confirmed.
    Work,
    /// A parent or carer.
    Parent,
    /// A child.
    Child,
    /// Anybody else.
    Private,
}

impl Capacity {
    /// The code written into the record.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Parent => "parent",
            Self::Child => "child",
            Self::Private => "private",
        }
    }

    /// The capacity with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Work, Self::Parent, Self::Child, Self::Private]
            .into_iter()
            .find(|s| s.code() == code)
    }
}

/// How a concern came in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Channel {
    /// The public form, one question a page.
    PublicForm,
    /// The staff page, with no account.
    StaffForm,
    /// By telephone.
    Telephone,
    /// In person.
    InPerson,
    /// By letter.
    Letter,
    /// By e-mail.
    Email,
    /// From the night log.
    NightLog,
    /// By another system.
    Api,
}

impl Channel {
    /// Every channel.
    pub const ALL: &[Self] = &[
        Self::PublicForm,
        Self::StaffForm,
        Self::Telephone,
        Self::InPerson,
        Self::Letter,
        Self::Email,
        Self::NightLog,
        Self::Api,
    ];

    /// The code written into the record.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PublicForm => "public-form",
            Self::StaffForm => "staff-form",
            Self::Telephone => "telephone",
            Self::InPerson => "in-person",
            Self::Letter => "letter",
            Self::Email => "email",
            Self::NightLog => "night-log",
            Self::Api => "api",
        }
    }

    /// The channel with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.code() == code)
    }
}

/// Somebody or something mentioned. Every text may be empty: "not known" is an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mention {
    /// What sort of thing.
    pub kind: SubjectKind,
    /// `child-at-risk`, `person-of-concern`, `parent`, `witness`, `used-in`, `other`.
    pub role: String,
    /// Name of a person, mark of a vehicle, number of a phone, name on a service, address of a place.
    pub name: String,
    /// Date of birth, as far as known: `2012-05-14`, `2012-05`, `2012`. People only.
    pub born: String,
    /// Age, if that is what is known.
    pub age: String,
    /// NHS number. People only.
    pub nhs_number: String,
    /// Telephone number of a person.
    pub phone: String,
    /// Address or postcode of a person.
    pub address: String,
    /// School or workplace.
    pub works_or_learns_at: String,
    /// Anything else that helps to know who or what it is.
    pub about: String,
}

impl Mention {
    /// A mention with a name and nothing more.
    pub fn named(kind: SubjectKind, role: &str, name: &str) -> Self {
        Self {
            kind,
            role: role.to_owned(),
            name: name.to_owned(),
            born: String::new(),
            age: String::new(),
            nhs_number: String::new(),
            phone: String::new(),
            address: String::new(),
            works_or_learns_at: String::new(),
            about: String::new(),
        }
    }
}

/// Who reports, held apart from what is reported. Every text may be empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reporter {
    /// In which capacity.
    pub capacity: Capacity,
    /// Their name.
    pub name: String,
    /// Their role at work.
    pub role: String,
    /// Their organisation.
    pub organisation: String,
    /// Work e-mail or telephone; for anybody else the way to reach them that they called safe.
    pub contact: String,
    /// When and under which name it is safe to reach them.
    pub safe_how: String,
    /// What they wish: `not-named`, `parents-must-not-know`, or their own words.
    pub wishes: String,
    /// Whether any message at all is safe.
    pub may_be_contacted: bool,
}

impl Reporter {
    /// Somebody who gave nothing.
    pub fn unknown() -> Self {
        Self {
            capacity: Capacity::Private,
            name: String::new(),
            role: String::new(),
            organisation: String::new(),
            contact: String::new(),
            safe_how: String::new(),
            wishes: String::new(),
            may_be_contacted: false,
        }
    }
}

/// What was told to somebody here, who now writes it down.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// When we were told. The clock starts here.
    pub at: Instant,
    /// The paper sheet's number, when it was first written on one.
    pub sheet: String,
}

/// A report, parsed at the edge.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// What worries them, in their words. Paragraphs are separated by a blank line.
    pub words: String,
    /// Is the child safe until the next working day?
    pub safe: Safe,
    /// Out of hours: have you spoken to someone? `yes`, `no-answer`, `not-yet`, `not-safe-to-ring`, or empty.
    pub spoken: String,
    /// Who and what is mentioned.
    pub mentions: Vec<Mention>,
    /// Do the parents or carers know? `know-safe`, `know-not-safe`, `do-not-know`, `must-not-know`, `unknown`.
    pub parents: String,
    /// Does it involve someone who works or volunteers with children, or for the council, police or health?
    pub colleague: bool,
    /// Sexual harm or exploitation is marked.
    pub sexual_harm: bool,
    /// How it came in.
    pub channel: Channel,
    /// When we were told, if somebody writes down what they were told.
    pub told: Option<Told>,
    /// When the thing happened, in the reporter's words.
    pub happened: String,
    /// Who reports.
    pub reporter: Reporter,
    /// Whether it is safe to keep something that shows they contacted us.
    pub safe_to_keep: bool,
    /// The word for coming back; empty for none.
    pub word: String,
    /// The reference of an earlier telling this belongs to, if they gave one.
    pub joins: Option<String>,
    /// The reporter's own reference, such as a force's.
    pub their_reference: String,
}

/// What happens next, in clock time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NextLook {
    /// When a person will have looked.
    pub by: Instant,
    /// The post that will, as a title key.
    pub post: String,
    /// Who comes after that if nobody has accepted.
    pub then: Option<String>,
    /// Outside desk hours and urgent: the number to ring now.
    pub ring: Option<String>,
    /// Accepted by a person, in which post (title key) and when.
    pub accepted: Option<(String, Instant)>,
}

/// What a reporter gets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filed {
    /// The reference.
    pub reference: String,
    /// When it was recorded.
    pub recorded: Instant,
    /// When we were told: the clock's start.
    pub received: Instant,
    /// The code for coming back, shown once. `None` when no word was chosen.
    pub code: Option<String>,
    /// A handle for this visit's receipt pages; opens nothing else and is not kept.
    pub ticket: String,
    /// Whether this very report had been filed before: the same receipt.
    pub repeated: bool,
}

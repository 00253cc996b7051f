//! The only thing ever written: a record, in two parts.
//!
//! The **spine** holds what folding and deciding need and nothing personal; it is never erased. The **content** is
//! everything else: encrypted where it lies, and erasable field by field. Both become salted digests in one leaf.
//! A record is about at most one subject.

mod kind;
mod value;

pub use kind::Kind;
pub use value::Value;

use crate::id::{DutyId, PostId, PractitionerId, RecordId, StreamId, SubjectId};
use crate::time::Instant;

/// The most fields, spine and content together, that one record may have.
pub const FIELDS_MAX: usize = 64;

/// Who did a thing.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Actor {
    /// A person who works here, acting in a post they held at that time.
    Practitioner {
        /// Who, by handle.
        who: PractitionerId,
        /// In which responsibility.
        post: PostId,
    },
    /// Somebody with no account: who they are lies in the sealed reporter's stream, if anywhere.
    Reporter,
    /// The node itself: a clock, a rule, a restriction that applies by itself.
    Node,
}

impl Actor {
    /// The practitioner's handle, if the actor is one.
    pub fn practitioner(&self) -> Option<PractitionerId> {
        match self {
            Self::Practitioner { who, .. } => Some(*who),
            Self::Reporter | Self::Node => None,
        }
    }

    /// The post acted in, if any.
    pub fn post(&self) -> Option<&PostId> {
        match self {
            Self::Practitioner { post, .. } => Some(post),
            Self::Reporter | Self::Node => None,
        }
    }
}

/// What folding and deciding read. Never a name, an identifier or free text; never erased.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spine {
    /// This record.
    pub id: RecordId,
    /// What kind of fact it is.
    pub kind: Kind,
    /// The stream it belongs to.
    pub stream: StreamId,
    /// Its place in the stream, from 1.
    pub sequence: u32,
    /// The leaf hash of the entry before it in the stream; none for the first.
    pub previous: Option<[u8; 32]>,
    /// When it was written here. Never goes back within a stream.
    pub recorded: Instant,
    /// When this agency was told. Clocks start here. `None` means at `recorded`.
    pub received: Option<Instant>,
    /// When it happened, if that was said.
    pub happened: Option<Instant>,
    /// Who did it.
    pub actor: Actor,
    /// The one subject it is about, if any.
    pub subject: Option<SubjectId>,
    /// The duty it makes, moves or ends, if any.
    pub duty: Option<DutyId>,
    /// When something must be done, if this record says so.
    pub due: Option<Instant>,
    /// Posts it names; what they are named as depends on the kind.
    pub posts: Vec<PostId>,
    /// Codes particular to the kind, by name: `outcome`, `rule`, `rung`, `parts`.
    pub codes: Vec<(String, Value)>,
}

impl Spine {
    /// When the agency was told: `received`, or else `recorded`.
    pub fn told(&self) -> Instant {
        self.received.unwrap_or(self.recorded)
    }

    /// The value of the code `name`, if the record has it.
    pub fn code(&self, name: &str) -> Option<&Value> {
        self.codes
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    /// The code `name` if it is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.code(name) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The code `name` if it is a whole number.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.code(name) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        }
    }

    /// Whether the code `name` is there and true.
    pub fn is(&self, name: &str) -> bool {
        matches!(self.code(name), Some(Value::Bool(true)))
    }

    /// The code `name` if it is a time.
    pub fn time(&self, name: &str) -> Option<Instant> {
        match self.code(name) {
            Some(Value::Time(at)) => Some(*at),
            _ => None,
        }
    }

    /// The items of the code `name` if it is a list; empty otherwise.
    pub fn list(&self, name: &str) -> &[String] {
        match self.code(name) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    /// The first post named, if any.
    pub fn post(&self) -> Option<&PostId> {
        self.posts.first()
    }

    /// Every field of the spine by its name in the leaf, in a fixed order. `codes` are prefixed `code.`.
    pub fn fields(&self) -> Vec<(String, Value)> {
        let mut out: Vec<(String, Value)> = Vec::with_capacity(12_usize.saturating_add(self.codes.len()));
        let mut push = |name: &str, value: Value| out.push((name.to_owned(), value));
        push("id", Value::Text(self.id.to_string()));
        push("kind", Value::Text(self.kind.code().to_owned()));
        push("stream", Value::Text(self.stream.to_string()));
        push("sequence", Value::Int(i64::from(self.sequence)));
        if let Some(previous) = self.previous {
            push("previous", Value::Text(hex(&previous)));
        }
        push("recorded", Value::Time(self.recorded));
        if let Some(at) = self.received {
            push("received", Value::Time(at));
        }
        if let Some(at) = self.happened {
            push("happened", Value::Time(at));
        }
        push("actor", Value::Text(self.actor_code()));
        if let Some(subject) = self.subject {
            push("subject", Value::Text(subject.to_string()));
        }
        if let Some(duty) = self.duty {
            push("duty", Value::Text(duty.to_string()));
        }
        if let Some(at) = self.due {
            push("due", Value::Time(at));
        }
        if !self.posts.is_empty() {
            push(
                "posts",
                Value::List(self.posts.iter().map(ToString::to_string).collect()),
            );
        }
        out.extend(
            self.codes
                .iter()
                .map(|(name, value)| (format!("code.{name}"), value.clone())),
        );
        out
    }

    fn actor_code(&self) -> String {
        match &self.actor {
            Actor::Practitioner { who, post } => format!("{who}@{post}"),
            Actor::Reporter => "reporter".to_owned(),
            Actor::Node => "node".to_owned(),
        }
    }

    /// Reads a spine back from the fields [`Spine::fields`] gave.
    ///
    /// # Errors
    /// When a field is missing, has the wrong shape, or is not a field of a spine.
    pub fn from_fields(fields: &[(String, Value)]) -> Result<Self, SpineError> {
        let get = |name: &'static str| {
            fields
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value)
        };
        let text = |name: &'static str| match get(name) {
            Some(Value::Text(text)) => Ok(Some(text.as_str())),
            None => Ok(None),
            Some(_) => Err(SpineError { field: name }),
        };
        let need = |name: &'static str| text(name)?.ok_or(SpineError { field: name });
        let time = |name: &'static str| match get(name) {
            Some(Value::Time(at)) => Ok(Some(*at)),
            None => Ok(None),
            Some(_) => Err(SpineError { field: name }),
        };
        let wrong = |field: &'static str| SpineError { field };
        let sequence = match get("sequence") {
            Some(Value::Int(number)) => u32::try_from(*number).map_err(|_| wrong("sequence"))?,
            _ => return Err(wrong("sequence")),
        };
        let posts = match get("posts") {
            Some(Value::List(items)) => items
                .iter()
                .map(|item| item.parse().map_err(|_| wrong("posts")))
                .collect::<Result<_, _>>()?,
            None => Vec::new(),
            Some(_) => return Err(wrong("posts")),
        };
        Ok(Self {
            id: need("id")?.parse().map_err(|_| wrong("id"))?,
            kind: Kind::from_code(need("kind")?).ok_or(wrong("kind"))?,
            stream: need("stream")?.parse().map_err(|_| wrong("stream"))?,
            sequence,
            previous: text("previous")?
                .map(|t| unhex(t).ok_or(wrong("previous")))
                .transpose()?,
            recorded: time("recorded")?.ok_or(wrong("recorded"))?,
            received: time("received")?,
            happened: time("happened")?,
            actor: parse_actor(need("actor")?).ok_or(wrong("actor"))?,
            subject: text("subject")?
                .map(|t| t.parse().map_err(|_| wrong("subject")))
                .transpose()?,
            duty: text("duty")?
                .map(|t| t.parse().map_err(|_| wrong("duty")))
                .transpose()?,
            due: time("due")?,
            posts,
            codes: fields
                .iter()
                .filter_map(|(name, value)| Some((name.strip_prefix("code.")?.to_owned(), value.clone())))
                .collect(),
        })
    }
}

fn parse_actor(text: &str) -> Option<Actor> {
    match text {
        "reporter" => Some(Actor::Reporter),
        "node" => Some(Actor::Node),
        _ => {
            let (who, post) = text.split_once('@')?;
            Some(Actor::Practitioner {
                who: who.parse().ok()?,
                post: post.parse().ok()?,
            })
        }
    }
}

/// A spine's field that is missing or has the wrong shape.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the spine's field `{field}` is missing or has the wrong shape")]
pub struct SpineError {
    /// The field's name.
    pub field: &'static str,
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(
        String::with_capacity(bytes.len().saturating_mul(2)),
        |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        },
    )
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut out = [0_u8; 32];
    if text.len() != 64 {
        return None;
    }
    for (slot, start) in out.iter_mut().zip((0_usize..).step_by(2)) {
        *slot = u8::from_str_radix(text.get(start..start.checked_add(2)?)?, 16).ok()?;
    }
    Some(out)
}

/// A record before it is written: `node` gives it an id, a place in its stream and the time.
#[derive(Clone, PartialEq, Debug)]
pub struct Draft {
    /// What kind of fact it is.
    pub kind: Kind,
    /// When this agency was told, if earlier than the writing.
    pub received: Option<Instant>,
    /// When it happened, if that was said.
    pub happened: Option<Instant>,
    /// Who did it.
    pub actor: Actor,
    /// The one subject it is about, if any.
    pub subject: Option<SubjectId>,
    /// The duty it makes, moves or ends, if any.
    pub duty: Option<DutyId>,
    /// When something must be done, if this record says so.
    pub due: Option<Instant>,
    /// Posts it names.
    pub posts: Vec<PostId>,
    /// Codes particular to the kind.
    pub codes: Vec<(String, Value)>,
    /// Everything personal: encrypted, erasable.
    pub content: Vec<(String, Value)>,
}

impl Draft {
    /// An otherwise empty draft of `kind` by `actor`.
    pub fn new(kind: Kind, actor: Actor) -> Self {
        Self {
            kind,
            received: None,
            happened: None,
            actor,
            subject: None,
            duty: None,
            due: None,
            posts: Vec::new(),
            codes: Vec::new(),
            content: Vec::new(),
        }
    }

    /// Adds a code to the spine.
    #[must_use]
    pub fn code(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.codes.push((name.to_owned(), value.into()));
        self
    }

    /// Adds a code to the spine if there is one.
    #[must_use]
    pub fn maybe(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.code(name, value),
            None => self,
        }
    }

    /// Adds a field to the content, unless it is blank text.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        if !matches!(&value, Value::Text(text) if text.trim().is_empty()) {
            self.content.push((name.to_owned(), value));
        }
        self
    }

    /// Names the duty.
    #[must_use]
    pub fn duty(mut self, duty: DutyId) -> Self {
        self.duty = Some(duty);
        self
    }

    /// Names the subject.
    #[must_use]
    pub fn about(mut self, subject: SubjectId) -> Self {
        self.subject = Some(subject);
        self
    }

    /// Names a post.
    #[must_use]
    pub fn post(mut self, post: PostId) -> Self {
        self.posts.push(post);
        self
    }

    /// Gives the time by which something must be done.
    #[must_use]
    pub fn due(mut self, due: Instant) -> Self {
        self.due = Some(due);
        self
    }

    /// Gives the time this agency was told.
    #[must_use]
    pub fn received(mut self, at: Instant) -> Self {
        self.received = Some(at);
        self
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_spine_survives_being_written_as_fields() {
        let spine = Spine {
            id: RecordId([1; 16]),
            kind: Kind::Lapsed,
            stream: StreamId([2; 16]),
            sequence: 7,
            previous: Some([3; 32]),
            recorded: Instant(1_000),
            received: Some(Instant(900)),
            happened: None,
            actor: Actor::Practitioner {
                who: PractitionerId([4; 16]),
                post: "northmere/hub".parse().unwrap(),
            },
            subject: Some(SubjectId([5; 16])),
            duty: Some(DutyId([6; 16])),
            due: Some(Instant(2_000)),
            posts: vec!["northmere/edt".parse().unwrap()],
            codes: vec![
                ("rung".into(), Value::Int(1)),
                ("parts".into(), Value::List(vec!["a".into()])),
            ],
        };
        assert_eq!(Spine::from_fields(&spine.fields()), Ok(spine));
    }

    #[test]
    fn a_spine_with_a_field_missing_is_refused_by_name() {
        assert_eq!(Spine::from_fields(&[]), Err(SpineError { field: "sequence" }));
    }
}

//! One concern as a page shows it: who has it, whom it is about, what was said, what is due, and who knew what, when.

mod shown;

use std::collections::BTreeMap;

use domain::id::{DutyId, PostId, RecordId, SubjectId};
use domain::policy::audience::Facts;
use domain::policy::{Action, Item, Who};
use domain::record::{Actor, Kind, Spine, Value};
use domain::time::Instant;
use domain::view::{Concern, SubjectKind};

pub(crate) use shown::label;
use shown::{erasable, said, subject_views};

use super::looks::Look;
use super::{Acting, AppError, Node};
use crate::Inner;
use crate::assemble::Stream;
use crate::content::Content;

/// Who did something, as far as this reader may know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum By {
    /// A colleague, by name, in a post.
    Colleague {
        /// Their name.
        name: String,
        /// The post they acted in.
        post: PostId,
    },
    /// Somebody who reported in their work: name, role, organisation; empty to those who may not know them.
    InTheirWork(String),
    /// A private person: "a member of the public" to everybody but the deciding post and its deputy.
    MemberOfThePublic,
    /// The clock or a rule.
    Node,
}

/// Text of an entry, or why it is not shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Said {
    /// The text of a field, with the field's name.
    Text {
        /// The field's name, for erasing and proof.
        field: String,
        /// The text.
        text: String,
    },
    /// Hidden because an erasure waits: until when it can be taken back.
    Hidden {
        /// The field's name.
        field: String,
        /// When the waiting time ends.
        until: Option<Instant>,
    },
    /// Erased: when and why, as codes.
    Erased {
        /// The field's name.
        field: String,
        /// When.
        at: Option<Instant>,
        /// Why, as a code.
        reason: String,
    },
    /// Unreadable to everybody and kept for the police.
    MustNotBeHere {
        /// The field's name.
        field: String,
    },
    /// Not for this reader; they may know that it is there.
    HeldBack,
    /// Put on the wrong person: a marker without content.
    NotAboutThisPerson,
}

/// One entry of the record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The record.
    pub record: RecordId,
    /// Its place in the concern.
    pub sequence: u32,
    /// What kind of fact it is.
    pub kind: Kind,
    /// When it was written.
    pub recorded: Instant,
    /// When we were told, if earlier.
    pub told: Option<Instant>,
    /// When it happened, if that was said.
    pub happened: Option<Instant>,
    /// Who did it.
    pub by: By,
    /// The subject, if it is about one.
    pub subject: Option<SubjectId>,
    /// The duty, if it moves one.
    pub duty: Option<DutyId>,
    /// When something is due by it.
    pub due: Option<Instant>,
    /// Posts it names.
    pub posts: Vec<PostId>,
    /// Its codes by name.
    pub codes: BTreeMap<String, Value>,
    /// What it says.
    pub said: Vec<Said>,
    /// Names of the fields that could be erased, to those who may ask for it: they need not read what they say.
    pub erasable: Vec<String>,
}

/// A subject as shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SubjectView {
    /// Its handle.
    pub id: SubjectId,
    /// What sort of thing.
    pub kind: SubjectKind,
    /// Its role.
    pub role: String,
    /// Its name, or empty when nobody said; not shown when words are held back.
    pub name: String,
    /// Initials and age for lists: `R.K., aged 14`.
    pub label: String,
    /// Everything else that was said, by field name.
    pub details: Vec<(String, String)>,
    /// Closed, and when.
    pub closed: Option<Instant>,
    /// Not about this person any more.
    pub not_about: bool,
    /// The decision in force, as the outcome's code.
    pub outcome: Option<String>,
}

/// What this reader may do here.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct May {
    /// Read the words.
    pub read: bool,
    /// Decide.
    pub decide: bool,
    /// Read a decision second.
    pub second_read: bool,
    /// Add to it.
    pub add: bool,
    /// Close.
    pub close: bool,
    /// Tell the reporter.
    pub tell_reporter: bool,
    /// See who reported.
    pub see_reporter: bool,
    /// Restrict it.
    pub restrict: bool,
    /// Keep its restriction, or end it.
    pub review_restriction: bool,
    /// Ask for an erasure.
    pub ask_erasure: bool,
    /// Agree to an erasure.
    pub agree_erasure: bool,
    /// Take an erasure back.
    pub withdraw_erasure: bool,
    /// Set a hold.
    pub set_hold: bool,
    /// Agree to release a hold.
    pub release_hold: bool,
    /// See holds and erasures together.
    pub see_holds: bool,
    /// Say "this must not be here".
    pub must_not_be_here: bool,
    /// Disagree with a decision.
    pub disagree: bool,
    /// Open it again.
    pub reopen: bool,
    /// Say that something is not about this person.
    pub not_about: bool,
    /// Say "I know this family", and meet nothing of it from then on.
    pub declare_conflict: bool,
}

/// A concern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConcernPage {
    /// The fold: clocks, duties, decisions, notices. Nothing personal.
    pub concern: Concern,
    /// Subjects with what may be shown of them.
    pub subjects: Vec<SubjectView>,
    /// Every entry, oldest first.
    pub entries: Vec<Entry>,
    /// The open duties that this reader may answer, and those they may accept.
    pub answerable: [Vec<domain::id::DutyId>; 2],
    /// Who reported, to those who may know.
    pub reporter: Option<Vec<(String, String)>>,
    /// Who has it now: name and post.
    pub with: Option<(String, PostId)>,
    /// Who has it out of hours: post and telephone number.
    pub tonight: Option<(PostId, String)>,
    /// What this reader may do.
    pub may: May,
    /// The last entry a decision must have seen: goes back with the form.
    pub seen: u32,
    /// Entries from 1 to this one are in the log's newest signed head.
    pub signed: u32,
    /// Who was shown its words, up to which entry and when.
    pub looks: Vec<Look>,
    /// As at.
    pub now: Instant,
    /// For which purpose it was shown.
    pub purpose: &'static str,
}

impl Node {
    /// Opens a concern for somebody. Writes what is shown before it is.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or none for this person.
    pub async fn concern(&self, acting: &Acting, reference: &str) -> Result<ConcernPage, AppError> {
        self.inner.concern_page(acting, reference, None).await
    }

    /// The same as it stood at an earlier time: later entries are as if they were not there.
    ///
    /// # Errors
    /// As [`Node::concern`]; also when nothing of it was there yet.
    pub async fn concern_as_at(
        &self,
        acting: &Acting,
        reference: &str,
        at: Instant,
    ) -> Result<ConcernPage, AppError> {
        self.inner.concern_page(acting, reference, Some(at)).await
    }
}

impl Inner {
    async fn concern_page(
        &self,
        acting: &Acting,
        reference: &str,
        as_at: Option<Instant>,
    ) -> Result<ConcernPage, AppError> {
        let who = self.who(acting).await?;
        let (mut stream, mut concern, facts) = self.concern_by_reference(&who, reference).await?;
        if let Some(at) = as_at {
            stream.spines.retain(|spine| spine.recorded <= at);
            concern = Concern::fold(&stream.spines).map_err(|_| AppError::NotFound)?;
        }
        let words = self
            .permit(&who, Action::Read, &facts.what(&who, Item::Words), None)
            .ok();
        let knows = self.permit(&who, Action::Know, &facts.what(&who, Item::Concern), None)?;
        let permit = words.as_ref().unwrap_or(&knows);
        self.shown(acting, permit, concern.length).await?;
        let purpose = permit.purpose().code();
        let round = super::quiet::for_reader(&who, &mut stream, &mut concern);
        let contents = match words {
            Some(_) => Some(self.open_stream(&stream).await?),
            None => None,
        };
        let may = self.may(&who, &facts, &concern);
        let kept = match (may.ask_erasure, &contents) {
            (false, _) => None,
            (true, Some(_)) => contents.clone(),
            (true, None) => Some(self.open_stream(&stream).await?),
        };
        let reporter = if may.see_reporter {
            self.reporter_fields(&concern).await?
        } else {
            None
        };
        let subjects = subject_views(&concern, &stream, contents.as_ref(), self.clock.now());
        let mut entries = Vec::with_capacity(stream.spines.len());
        for spine in &stream.spines {
            let entry = self.entry(&concern, spine, contents.as_ref(), reporter.as_deref());
            let mut entry = entry.await?;
            entry.erasable = erasable(&concern, spine, kept.as_ref());
            entries.push(entry);
        }
        let with = match concern.owner.as_ref() {
            Some(owner) => self
                .holder_name(&owner.post)
                .await?
                .map(|name| (name, owner.post.clone())),
            None => None,
        };
        let now = self.clock.now();
        Ok(ConcernPage {
            looks: self.looks(&concern, round, as_at.unwrap_or(now)).await?,
            seen: concern.length,
            signed: self.signed_of(&stream).await?,
            answerable: self.answerable(&who, &concern),
            subjects,
            entries,
            reporter,
            with,
            tonight: self.night_desk(),
            may,
            now: as_at.unwrap_or(now),
            purpose,
            concern,
        })
    }

    /// The open duties that this person may answer, and those they may accept.
    fn answerable(&self, who: &Who, concern: &Concern) -> [Vec<domain::id::DutyId>; 2] {
        [Action::Answer, Action::Accept].map(|action| {
            let may = |duty: &&domain::view::Duty| self.permit_on_duty(who, action, concern, duty).is_ok();
            concern.open_duties().filter(may).map(|duty| duty.id).collect()
        })
    }

    /// What this person may do, asked of the policy once for each.
    fn may(&self, who: &Who, facts: &Facts, concern: &Concern) -> May {
        let asks = |action, item| self.permit(who, action, &facts.what(who, item), None).is_ok();
        let named = domain::policy::What {
            in_work: concern.reporter_kind == "work",
            ..facts.what(who, Item::Reporter)
        };
        let second = concern
            .decisions
            .iter()
            .any(|d| d.needs_second.is_some() && d.second.is_none() && !d.superseded);
        May {
            read: asks(Action::Read, Item::Words),
            decide: asks(Action::Decide, Item::Decision),
            second_read: second && asks(Action::SecondRead, Item::Decision),
            add: asks(Action::Add, Item::Words),
            close: asks(Action::Close, Item::Concern),
            tell_reporter: asks(Action::TellReporter, Item::Reporter),
            see_reporter: self.permit(who, Action::Read, &named, None).is_ok(),
            restrict: concern.tier < 3 && asks(Action::Restrict, Item::Restriction),
            review_restriction: asks(Action::ReviewRestriction, Item::Restriction),
            ask_erasure: asks(Action::AskErasure, Item::Erasure),
            agree_erasure: asks(Action::AgreeErasure, Item::Erasure),
            withdraw_erasure: asks(Action::WithdrawErasure, Item::Erasure),
            set_hold: asks(Action::SetHold, Item::Hold),
            release_hold: asks(Action::ReleaseHold, Item::Hold),
            see_holds: asks(Action::Read, Item::Hold),
            must_not_be_here: asks(Action::MustNotBeHere, Item::Words),
            disagree: asks(Action::Disagree, Item::Decision),
            reopen: asks(Action::ReOpen, Item::Concern),
            not_about: asks(Action::NotAboutThisPerson, Item::Words),
            declare_conflict: asks(Action::DeclareConflict, Item::Concern),
        }
    }

    async fn entry(
        &self,
        concern: &Concern,
        spine: &Spine,
        contents: Option<&BTreeMap<u32, Content>>,
        reporter: Option<&[(String, String)]>,
    ) -> Result<Entry, AppError> {
        let by = match &spine.actor {
            Actor::Practitioner { who, post } => By::Colleague {
                name: self.name_of(*who).await?,
                post: post.clone(),
            },
            Actor::Node => By::Node,
            Actor::Reporter => match reporter.map(named) {
                Some(name) if !name.is_empty() => By::InTheirWork(name),
                _ if concern.reporter_kind == "work" => By::InTheirWork(String::new()),
                _ => By::MemberOfThePublic,
            },
        };
        Ok(Entry {
            record: spine.id,
            sequence: spine.sequence,
            kind: spine.kind,
            recorded: spine.recorded,
            told: spine.received.filter(|at| *at != spine.recorded),
            happened: spine.happened,
            by,
            subject: spine.subject,
            duty: spine.duty,
            due: spine.due,
            posts: spine.posts.clone(),
            codes: spine.codes.iter().cloned().collect(),
            said: said(concern, spine, contents),
            erasable: Vec::new(),
        })
    }

    /// Who reported, opened, for those who may know.
    pub(crate) async fn reporter_fields(
        &self,
        concern: &Concern,
    ) -> Result<Option<Vec<(String, String)>>, AppError> {
        let Some(id) = concern.reporter_stream else {
            return Ok(None);
        };
        let stream = self.load(id).await?;
        let opened = self.open_stream(&stream).await?;
        let names = ["name", "role", "organisation", "contact", "safe-how", "wishes"];
        let fields = opened.get(&1).map(|content| {
            let field = |name: &&str| (name.to_string(), content.text(name));
            names
                .iter()
                .map(field)
                .filter(|(_, text)| !text.is_empty())
                .collect()
        });
        Ok(fields)
    }
}

impl Inner {
    /// How many entries of a stream lie under the newest signed head.
    async fn signed_of(&self, stream: &Stream) -> Result<u32, AppError> {
        let Some(head) = self.store.latest_checkpoint().await? else {
            return Ok(0);
        };
        let records = self.store.records(stream.id, 0).await?;
        let signed = records
            .iter()
            .take_while(|r| r.idx < head.size)
            .map(|r| r.sequence)
            .max();
        Ok(signed.unwrap_or(0))
    }
}

fn named(fields: &[(String, String)]) -> String {
    let get = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    let parts = [get("name"), get("role"), get("organisation")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

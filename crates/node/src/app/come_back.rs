//! Coming back with a code and a word: progress only, something to add, and a way to switch the code off.
//!
//! It never shows what was written or who is named. A wrong code, a wrong word and a code switched off answer alike,
//! after the same work.

use domain::id::{RecordId, StreamId};
use domain::record::{Actor, Draft, Kind};
use domain::time::Instant;
use domain::view::{Concern, Decision};

use super::act::fold;
use super::report::Mention;
use super::tell::Told;
use super::{AppError, Node, Refusal};
use crate::Inner;
use crate::assemble::Work;
use crate::store::{Change, Expect, Line, Submitted, Table, Val};
use crate::way_back;
use crate::write::Batch;

/// Seconds that must pass after the n-th wrong word before the next is looked at.
const SLOWER: [i64; 8] = [0, 0, 2, 5, 15, 60, 300, 900];

/// What somebody who comes back is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Progress {
    /// When it was received.
    pub received: Instant,
    /// When a person first read it.
    pub read: Option<Instant>,
    /// When it was decided. What was decided is not said here.
    pub decided: Option<Instant>,
    /// Outside desk hours and urgent: who accepted (title of the post) and when.
    pub accepted: Option<(String, Instant)>,
    /// Nobody has accepted yet: the number to ring.
    pub ring: Option<String>,
    /// Fixed sentences picked for telling them, by code.
    pub sentences: Vec<String>,
    /// For somebody reporting in their work, once their organisation is confirmed and they were told.
    pub told: Option<Told>,
}

/// A way back that opened.
struct Way {
    concern: StreamId,
    reporter: StreamId,
    key: Vec<u8>,
    row: Vec<Val>,
}

impl Node {
    /// Shows progress.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a wrong code, a wrong word and a code switched off alike.
    pub async fn come_back(&self, code: &str, word: &str) -> Result<Progress, AppError> {
        let way = self.inner.way(code, word).await?;
        self.inner.progress(way.concern).await
    }

    /// Adds something, in the words of whoever reported. It is a new entry with its own time; nothing is replaced.
    ///
    /// # Errors
    /// As [`Node::come_back`]; [`AppError::Invalid`] when there is nothing to add.
    pub async fn come_back_add(
        &self,
        code: &str,
        word: &str,
        words: &str,
        mentions: &[Mention],
    ) -> Result<Progress, AppError> {
        if words.trim().is_empty() && mentions.is_empty() {
            return Err(AppError::invalid("words", "error-words-empty"));
        }
        let way = self.inner.way(code, word).await?;
        self.inner
            .add(way.concern, Actor::Reporter, words, mentions)
            .await?;
        self.inner.progress(way.concern).await
    }

    /// Disagrees with a decision that somebody reporting in their work was told of, in their words. The words stay; a post
    /// outside the line of whoever decided answers. Law: OWN-R7-telling.
    ///
    /// # Errors
    /// As [`Node::come_back`]; [`AppError::Invalid`] without words; [`AppError::NotFound`] for a decision they were not
    /// told of; [`Refusal::AlreadyDone`] when they disagree with it already.
    pub async fn come_back_disagree(
        &self,
        code: &str,
        word: &str,
        decision: RecordId,
        words: &str,
    ) -> Result<Progress, AppError> {
        if words.trim().is_empty() {
            return Err(AppError::invalid("words", "error-words-empty"));
        }
        let way = self.inner.way(code, word).await?;
        loop {
            let now = self.inner.clock.now();
            let mut work = Work::on(self.inner.load(way.concern).await?);
            let concern = fold(&work.stream)?;
            let told = self.inner.told(&work.stream, &concern).await?;
            let of = told
                .iter()
                .flat_map(|told| &told.decisions)
                .find(|d| d.record == decision);
            if of.ok_or(AppError::NotFound)?.disagreed {
                return Err(Refusal::AlreadyDone.into());
            }
            let decided = concern.decisions.iter().find(|d| d.record == decision);
            let decided = decided.ok_or(AppError::NotFound)?;
            self.inner
                .write_disagreement(&concern, &mut work, Actor::Reporter, decided, words, now)
                .await?;
            match self.inner.write(Batch::of(work)).await? {
                Submitted::Moved { .. } => {}
                _ => return self.inner.progress(way.concern).await,
            }
        }
    }

    /// "Someone may have my code": switches it off at once. Answers the same whether or not there was such a code.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn end_way_back(&self, code: &str) -> Result<(), AppError> {
        let node = &self.inner;
        let key = way_back::kept(&node.keys(), code);
        loop {
            let Some(row) = node.store.way_back(&key).await? else {
                return Ok(());
            };
            let way = Way::read(key.clone(), row.clone())?;
            let mut work = Work::on(node.load(way.reporter).await?);
            work.push(node.clock.now(), Draft::new(Kind::WayBackEnded, Actor::Reporter))?;
            let batch = Batch {
                works: vec![work],
                changes: vec![way.with(true, 0, Instant(0))],
                expects: vec![way.as_read()],
                idempotency: None,
                line: Line::People,
            };
            match node.write(batch).await? {
                Submitted::Moved { .. } | Submitted::Changed { .. } => {}
                _ => return Ok(()),
            }
        }
    }
}

impl Way {
    fn read(key: Vec<u8>, row: Vec<Val>) -> Result<Self, AppError> {
        let stream = |at: usize| match row.get(at) {
            Some(Val::Bytes(bytes)) => bytes.as_slice().try_into().ok().map(StreamId),
            _ => None,
        };
        let broken = || AppError::Broken("a way back cannot be read".into());
        Ok(Self {
            reporter: stream(1).ok_or_else(broken)?,
            concern: stream(2).ok_or_else(broken)?,
            key,
            row,
        })
    }

    fn word_hash(&self) -> &str {
        match self.row.first() {
            Some(Val::Text(hash)) => hash,
            _ => "",
        }
    }

    fn number(&self, at: usize) -> i64 {
        match self.row.get(at) {
            Some(Val::I64(number)) => *number,
            Some(Val::Bool(truth)) => i64::from(*truth),
            _ => 0,
        }
    }

    fn as_read(&self) -> Expect {
        Expect {
            table: Table::WayBack,
            key: vec![Val::from(self.key.clone())],
            row: Some(self.row.clone()),
        }
    }

    fn with(&self, off: bool, tries: i64, next: Instant) -> Change {
        let rest = [
            Val::from(self.word_hash()),
            self.reporter.into(),
            self.concern.into(),
            off.into(),
            tries.into(),
            next.into(),
        ];
        Change::put(Table::WayBack, [Val::from(self.key.clone())], rest)
    }
}

impl Inner {
    /// Opens a way back, or answers not found after the same work.
    async fn way(&self, code: &str, word: &str) -> Result<Way, AppError> {
        let key = way_back::kept(&self.keys(), code);
        loop {
            let now = self.clock.now();
            let Some(row) = self.store.way_back(&key).await? else {
                let _ = way_back::hash(word)?;
                return Err(AppError::NotFound);
            };
            let way = Way::read(key.clone(), row)?;
            let right = way_back::matches(word, way.word_hash());
            let (off, tries, next) = (way.number(3) != 0, way.number(4), way.number(5));
            // Within the wait nothing is looked at and nothing counts: whoever keeps guessing must not keep others out.
            if next > now.micros() {
                return Err(AppError::NotFound);
            }
            let open = right && !off;
            if open && tries == 0 {
                return Ok(way);
            }
            let tries = if open { 0 } else { tries.saturating_add(1) };
            let wait = SLOWER
                .get(usize::try_from(tries).unwrap_or(usize::MAX))
                .or(SLOWER.last())
                .copied();
            let next = if open {
                Instant(0)
            } else {
                now.plus_seconds(wait.unwrap_or(900))
            };
            let batch = Batch {
                works: Vec::new(),
                changes: vec![way.with(off, tries, next)],
                expects: vec![way.as_read()],
                idempotency: None,
                line: Line::People,
            };
            match self.write(batch).await? {
                Submitted::Changed { .. } | Submitted::Moved { .. } => {}
                _ if open => return Ok(way),
                _ => return Err(AppError::NotFound),
            }
        }
    }

    /// What may be shown of a concern to whoever reported it.
    pub(crate) async fn progress(&self, concern: StreamId) -> Result<Progress, AppError> {
        let stream = self.load(concern).await?;
        let concern = fold(&stream)?;
        let told = stream.spines.iter().rfind(|s| s.kind == Kind::ReporterTold);
        let sentences = told
            .filter(|s| s.text("form") == Some("public"))
            .map(|s| s.list("sentences").to_vec());
        let (accepted, ring) = self.night_state(&concern);
        Ok(Progress {
            // Their own telling: not an earlier one by somebody else that it was joined to.
            received: stream
                .spines
                .iter()
                .find(|s| s.kind == Kind::Raised)
                .map_or(concern.told, domain::record::Spine::told),
            read: first_read(&stream.spines),
            decided: decided(&concern),
            accepted,
            ring,
            sentences: sentences.unwrap_or_default(),
            told: self.told(&stream, &concern).await?,
        })
    }

    /// Whether somebody has accepted an urgent concern, or the number to ring.
    pub(crate) fn night_state(&self, concern: &Concern) -> (Option<(String, Instant)>, Option<String>) {
        let Some(urgent) = concern.duties.iter().find(|d| d.clock == "C01a") else {
            return (None, None);
        };
        match &urgent.accepted {
            Some((_, post, at)) => (Some((self.title_for_reporter(concern, post), *at)), None),
            None => (None, self.night_desk().map(|(_, number)| number)),
        }
    }

    /// Adds words and subjects to a concern.
    pub(crate) async fn add(
        &self,
        concern: StreamId,
        actor: Actor,
        words: &str,
        mentions: &[Mention],
    ) -> Result<(), AppError> {
        loop {
            let now = self.clock.now();
            let mut work = Work::on(self.load(concern).await?);
            if !words.trim().is_empty() {
                let draft = Draft::new(Kind::Added, actor.clone()).with("text", words.trim());
                work.push(now, draft)?;
            }
            for mention in mentions {
                let subject = crate::random::subject()?;
                let draft = super::raise::mention_draft(mention, actor.clone()).about(subject);
                work.terms.extend(self.term_changes(concern, subject, mention)?);
                work.push(now, draft)?;
            }
            let before = fold(&work.stream)?;
            self.restrict_if_colleague(&before, &mut work, mentions, now)
                .await?;
            let owner = before.owner.map(|o| o.post);
            if let Some(owner) = owner.filter(|_| actor == Actor::Reporter) {
                self.make_duty(&mut work, "read-notice", &owner, None, "notice", now, now)?;
            }
            match self.write(Batch::of(work)).await? {
                Submitted::Moved { .. } => {}
                _ => return Ok(()),
            }
        }
    }
}

/// When a person first did something with it that shows they had read it.
fn first_read(spines: &[domain::record::Spine]) -> Option<Instant> {
    let by_person =
        |s: &&domain::record::Spine| s.actor.practitioner().is_some() && s.kind != Kind::Paragraph;
    let raised = spines.iter().find(|s| s.kind == Kind::Raised)?.sequence;
    spines
        .iter()
        .filter(by_person)
        .find(|s| s.sequence > raised)
        .map(|s| s.recorded)
}

/// When every child had a decision in effect.
fn decided(concern: &Concern) -> Option<Instant> {
    let in_effect = concern.decisions.iter().filter(|d| d.in_effect());
    let at = |d: &Decision| d.second.as_ref().map_or(d.at, |(_, _, at)| *at);
    let last = in_effect.map(at).max()?;
    let open = concern.open_duties().any(|d| d.clock == "C01");
    (!open).then_some(last)
}

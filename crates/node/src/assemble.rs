//! Turns drafts into leaves and sealed content, outside any lock, and folds what the projections will hold.
//!
//! The leaf names the leaf before it in its stream, so what is built here holds only while the stream stays as it
//! was read; the write path checks that under the lock and refuses otherwise.

use domain::id::{RecordId, StreamId};
use domain::record::{Draft, Spine};
use domain::time::Instant;
use ledger::leaf::{Disclosure, Field};

use crate::app::AppError;
use crate::content::Content;
use crate::project;
use crate::random;
use crate::store::{Append, Change, NewStream, RecordRow, difference};
use crate::vault::{StreamKey, Wrapped};
use crate::{Inner, spine};

/// The code that lists which fields a record's content has.
pub(crate) const CONTENT: &str = "content";

/// What a stream is of. The code lies in the store beside the stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum StreamKind {
    /// A concern.
    Concern,
    /// Who reported.
    Reporter,
    /// A practitioner.
    Practitioner,
    /// A piece of work: what was shown in it.
    Work,
    /// The node's own affairs: keys, rules, policy, agency.
    Affairs,
}

impl StreamKind {
    const ALL: [Self; 5] = [
        Self::Concern,
        Self::Reporter,
        Self::Practitioner,
        Self::Work,
        Self::Affairs,
    ];

    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Concern => "concern",
            Self::Reporter => "reporter",
            Self::Practitioner => "practitioner",
            Self::Work => "work",
            Self::Affairs => "affairs",
        }
    }

    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A stream as it was read, or one about to begin.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    pub(crate) id: StreamId,
    pub(crate) kind: StreamKind,
    pub(crate) tier: u8,
    pub(crate) key: StreamKey,
    /// The wrapped key, when the stream is new.
    pub(crate) begins: Option<Wrapped>,
    pub(crate) spines: Vec<Spine>,
    pub(crate) last_leaf: Option<[u8; 32]>,
}

impl Stream {
    pub(crate) fn length(&self) -> u32 {
        u32::try_from(self.spines.len()).unwrap_or(u32::MAX)
    }

    fn last_recorded(&self) -> Option<Instant> {
        self.spines.last().map(|s| s.recorded)
    }
}

/// Records about to be written to one stream.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    pub(crate) stream: Stream,
    pub(crate) drafts: Vec<(RecordId, Draft)>,
    /// A new tier, when this work sets one.
    pub(crate) tier: Option<u8>,
    /// Changes to projections beyond what folding spines gives: search terms.
    pub(crate) terms: Vec<Change>,
}

impl Work {
    /// On a stream that was read.
    pub(crate) fn on(stream: Stream) -> Self {
        Self {
            stream,
            drafts: Vec::new(),
            tier: None,
            terms: Vec::new(),
        }
    }

    /// Adds a draft and gives the id its record will have.
    pub(crate) fn push(&mut self, now: Instant, draft: Draft) -> Result<RecordId, AppError> {
        let id = random::record(now)?;
        self.drafts.push((id, draft));
        Ok(id)
    }
}

/// What one stream's work becomes.
pub(crate) struct Built {
    pub(crate) begins: Option<NewStream>,
    pub(crate) append: Append,
    pub(crate) changes: Vec<Change>,
}

impl Inner {
    /// A stream that begins now.
    pub(crate) fn begin(&self, kind: StreamKind, tier: u8, now: Instant) -> Result<Stream, AppError> {
        let id = random::stream(now)?;
        self.begin_as(id, kind, tier)
    }

    /// A stream that begins now under an id already given out.
    pub(crate) fn begin_as(&self, id: StreamId, kind: StreamKind, tier: u8) -> Result<Stream, AppError> {
        let key = StreamKey::make()?;
        let begins = Some(key.wrap(id, &self.keys())?);
        Ok(Stream {
            id,
            kind,
            tier,
            key,
            begins,
            spines: Vec::new(),
            last_leaf: None,
        })
    }

    /// Builds everything one stream's work needs to be written.
    pub(crate) fn build(&self, work: Work, now: Instant) -> Result<Built, AppError> {
        let Work {
            mut stream,
            drafts,
            tier,
            terms,
        } = work;
        let after = stream.length();
        let before = project::rows(self, &stream)?;
        let recorded = stream.last_recorded().map_or(now, |last| last.max(now));
        let mut records = Vec::new();
        for (id, draft) in drafts {
            let (spine, row) = self.record(&stream, id, draft, recorded)?;
            stream.last_leaf = Some(row.leaf_hash);
            stream.spines.push(spine);
            records.push(row);
        }
        let begins = stream.begins.take().map(|wrapped| NewStream {
            id: stream.id,
            kind: stream.kind.code().to_owned(),
            tier: stream.tier,
            wrapped_key: wrapped.bytes,
            epoch: wrapped.epoch,
        });
        stream.tier = tier.unwrap_or(stream.tier);
        let mut changes = difference(&before, &project::rows(self, &stream)?);
        changes.extend(terms);
        Ok(Built {
            begins,
            append: Append {
                stream: stream.id,
                after,
                records,
                tier,
            },
            changes,
        })
    }

    fn record(
        &self,
        stream: &Stream,
        id: RecordId,
        draft: Draft,
        recorded: Instant,
    ) -> Result<(Spine, RecordRow), AppError> {
        let sequence = stream.length().saturating_add(1);
        let mut spine = Spine {
            id,
            kind: draft.kind,
            stream: stream.id,
            sequence,
            previous: stream.last_leaf,
            recorded,
            received: draft.received,
            happened: draft.happened,
            actor: draft.actor,
            subject: draft.subject,
            duty: draft.duty,
            due: draft.due,
            posts: draft.posts,
            codes: draft.codes,
        };
        if !draft.content.is_empty() {
            // Which fields there were, so that what is gone later must show its authority.
            let names: Vec<String> = draft.content.iter().map(|(name, _)| name.clone()).collect();
            spine.codes.push((CONTENT.to_owned(), names.into()));
        }
        let mut fields = spine.fields();
        fields.extend(draft.content);
        let (leaf, disclosures) = self.leaf(&fields)?;
        let leaf_hash = *ledger::hash::Hash::leaf(&leaf).as_bytes();
        let sealed = stream.key.seal(id, &leaf_hash, &Content::encode(&disclosures))?;
        let row = RecordRow {
            id,
            sequence,
            kind: draft.kind,
            recorded,
            spine: spine::encode(&spine),
            leaf,
            leaf_hash,
            sealed: Some(sealed),
        };
        Ok((spine, row))
    }

    fn leaf(
        &self,
        fields: &[(String, domain::record::Value)],
    ) -> Result<(Vec<u8>, Vec<Disclosure>), AppError> {
        let values: Vec<_> = fields.iter().map(|(_, value)| spine::to_leaf(value)).collect();
        let mut salted = Vec::with_capacity(fields.len());
        for ((name, _), value) in fields.iter().zip(&values) {
            salted.push(Field {
                name,
                value,
                salt: random::bytes()?,
            });
        }
        let record = self.issuer.record(&salted, &random::bytes()?)?;
        Ok((record.leaf, record.disclosures))
    }
}

//! `verify --store`: the log, the streams, the vault against the leaves, the authority of what is gone, and every
//! projection against a fresh fold. Names the first failing record in words.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{RecordId, StreamId};
use domain::record::{Kind, Spine};
use domain::time::Instant;
use ledger::append::{Edge, append_hashes};
use ledger::checkpoint::SignedCheckpoint;
use ledger::hash::Hash;
use ledger::key::VerifierKey;
use ledger::leaf::Leaf;

use super::{AppError, Node};
use crate::Inner;
use crate::assemble::{CONTENT, Stream, StreamKind};
use crate::content::Content;
use crate::project;
use crate::spine;
use crate::store::read::streams::Stored;
use crate::store::{Change, Table, Val};

const CHUNK: u32 = 2_048;

/// The five things that are checked, in order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Part {
    /// Every leaf, tile, root, checkpoint and signature.
    Log,
    /// Every stream: nothing missing, each entry naming the one before.
    Streams,
    /// Every value against the leaf that it was logged in.
    Vault,
    /// Every value that is gone, against the record that says by whose authority.
    Gone,
    /// Every projection against a fresh fold.
    Projections,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Log,
        Self::Streams,
        Self::Vault,
        Self::Gone,
        Self::Projections,
    ];

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Log => "the log",
            Self::Streams => "the streams",
            Self::Vault => "the vault against the leaves",
            Self::Gone => "the authority of what is gone",
            Self::Projections => "the projections against a fresh fold",
        }
    }
}

/// What was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// All five hold.
    Holds {
        /// Entries in the log.
        entries: u64,
        /// Streams.
        streams: u64,
        /// Fields that are gone, each with its authority.
        erased: u64,
    },
    /// The first thing that does not.
    Fails {
        /// Which of the five.
        part: Part,
        /// Which record, by its index in the log, if it is one record.
        index: Option<u64>,
        /// In words, with nothing personal.
        words: String,
    },
}

struct Failure {
    part: Part,
    index: Option<u64>,
    words: String,
}

enum Stop {
    Failure(Failure),
    Error(AppError),
}

impl<E: Into<AppError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

fn fails<T>(part: Part, index: impl Into<Option<u64>>, words: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Failure(Failure {
        part,
        index: index.into(),
        words: words.into(),
    }))
}

impl Node {
    /// Checks everything kept here. `progress` is told which part, how far, and of how many.
    ///
    /// # Errors
    /// When the store cannot be read at all; anything that does not hold is a [`Verdict`].
    pub async fn verify_store(&self, mut progress: impl FnMut(Part, u64, u64)) -> Result<Verdict, AppError> {
        let checked = self.inner.verify_all(&mut progress).await;
        match checked {
            Ok(verdict) => Ok(verdict),
            Err(Stop::Failure(Failure { part, index, words })) => Ok(Verdict::Fails { part, index, words }),
            Err(Stop::Error(error)) => Err(error),
        }
    }
}

impl Inner {
    async fn verify_all(&self, progress: &mut impl FnMut(Part, u64, u64)) -> Result<Verdict, Stop> {
        let head = self.store.head().await?;
        self.verify_log(&head.edge, progress).await?;
        let mut streams = BTreeSet::new();
        let mut from = 0;
        while from < head.edge.size() {
            let rows = self.store.log(from, CHUNK).await?;
            streams.extend(rows.iter().map(|row| row.stream));
            from = rows
                .last()
                .map_or(head.edge.size(), |row| row.idx.saturating_add(1));
        }
        let (mut rows, mut erased) = (Vec::new(), 0_u64);
        let total = u64::try_from(streams.len()).unwrap_or(u64::MAX);
        for (done, id) in (0_u64..).zip(&streams) {
            progress(Part::Streams, done, total);
            let stream = self.verify_stream(*id).await?;
            erased = erased.saturating_add(self.verify_contents(&stream, &mut rows).await?);
            rows.extend(project::rows(self, &stream)?);
        }
        progress(Part::Streams, total, total);
        self.verify_projections(rows, progress).await?;
        Ok(Verdict::Holds {
            entries: head.edge.size(),
            streams: total,
            erased,
        })
    }

    async fn verify_log(&self, head: &Edge, progress: &mut impl FnMut(Part, u64, u64)) -> Result<(), Stop> {
        let size = head.size();
        let issuer = self.issuer.verifier();
        let log = VerifierKey::parse(&crate::prove::log_key(&self.keys(), &self.agency)?)
            .map_err(|_| AppError::Broken("the log's key cannot be read".into()))?;
        let mut heads: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
        let mut from = 0;
        loop {
            let some = self.store.checkpoints(from, 1_000).await?;
            let Some(last) = some.last() else { break };
            from = last.size.saturating_add(1);
            heads.extend(some.into_iter().map(|c| (c.size, c.note)));
        }
        let mark = self.read_mark()?;
        if mark.size() > size {
            let words = format!(
                "a head of {} entries was signed, and only {size} are here: the store was rolled back",
                mark.size()
            );
            return fails(Part::Log, size, words);
        }
        let mut edge = Edge::empty();
        while edge.size() < size {
            progress(Part::Log, edge.size(), size);
            let rows = self.store.log(edge.size(), CHUNK).await?;
            if rows.is_empty() {
                return fails(
                    Part::Log,
                    edge.size(),
                    format!("entry {} is missing", edge.size()),
                );
            }
            for row in &rows {
                edge = self.verify_entry(edge, row, &issuer).await?;
                if let Some(note) = heads.remove(&edge.size()) {
                    verify_head(&note, &edge, &log)?;
                }
                if edge.size() == mark.size() && edge.root() != mark.root() {
                    let words =
                        "the entries are not those that were signed: the mark beside the keys differs";
                    return fails(Part::Log, row.idx, words);
                }
            }
        }
        progress(Part::Log, size, size);
        if edge != *head {
            return fails(
                Part::Log,
                None,
                "the root of the entries is not the one the store keeps",
            );
        }
        match heads.into_keys().next() {
            Some(later) if later > size => fails(
                Part::Log,
                size,
                format!("a head of {later} entries was signed, and only {size} are here"),
            ),
            _ => Ok(()),
        }
    }

    async fn verify_entry(&self, edge: Edge, row: &Stored, issuer: &VerifierKey) -> Result<Edge, Stop> {
        let index = edge.size();
        if row.idx != index {
            return fails(
                Part::Log,
                index,
                format!("entry {index} is missing: the next here is {}", row.idx),
            );
        }
        let hash = Hash::leaf(&row.leaf);
        if *hash.as_bytes() != row.leaf_hash {
            return fails(
                Part::Log,
                index,
                format!("entry {index} is not the one that was hashed: it was changed"),
            );
        }
        if let Err(error) = Leaf::parse(&row.leaf).and_then(|leaf| leaf.verify(issuer)) {
            return fails(
                Part::Log,
                index,
                format!("entry {index} was not signed by this agency: {error}"),
            );
        }
        let grown = append_hashes(&edge, vec![hash]).map_err(|e| AppError::Broken(e.to_string()))?;
        for tile in &grown.rows {
            let kept = self.store.tile(tile.level, tile.index).await?;
            if kept.as_ref() != Some(&tile.bytes) {
                let words = format!(
                    "tile {} of level {} is not what its entries give",
                    tile.index, tile.level
                );
                return fails(Part::Log, index, words);
            }
        }
        Ok(grown.edge)
    }

    /// One stream: nothing missing, each entry naming the leaf before it, times in order.
    async fn verify_stream(&self, id: StreamId) -> Result<Stream, Stop> {
        let records = self.store.records(id, 0).await?;
        let (mut last, mut time): (Option<[u8; 32]>, Option<Instant>) = (None, None);
        let mut spines: Vec<Spine> = Vec::with_capacity(records.len());
        for (place, record) in (1_u32..).zip(&records) {
            let index = record.idx;
            let Ok(spine) = spine::decode(&record.spine) else {
                return fails(
                    Part::Streams,
                    index,
                    format!("the spine of entry {index} cannot be read"),
                );
            };
            let fits = record.sequence == place && spine.sequence == place && spine.stream == id;
            if !fits || spine.id != record.id || spine.kind.code() != record.kind {
                let words =
                    format!("entry {index} is not entry {place} of its stream: one is missing or was put in");
                return fails(Part::Streams, index, words);
            }
            if spine.previous != last {
                let words = format!("entry {index} does not name the entry before it in its stream");
                return fails(Part::Streams, index, words);
            }
            if time.is_some_and(|time| spine.recorded < time) || spine.recorded != record.recorded {
                return fails(
                    Part::Streams,
                    index,
                    format!("the time of entry {index} goes back, or was changed"),
                );
            }
            (last, time) = (Some(record.leaf_hash), Some(spine.recorded));
            spines.push(spine);
        }
        let Some(row) = self.store.stream(id).await? else {
            return fails(
                Part::Streams,
                None,
                "a stream has entries and no key: its row is gone",
            );
        };
        if usize::try_from(row.length).ok() != Some(spines.len()) || Some(row.last_leaf) != last {
            let index = records.last().map(|r| r.idx);
            return fails(
                Part::Streams,
                index,
                "a stream is not as long as it was: its last entries are missing",
            );
        }
        let wrapped = crate::vault::Wrapped {
            epoch: row.epoch,
            bytes: row.wrapped_key,
        };
        let Ok(key) = self.unwrap_key(id, &wrapped) else {
            return fails(
                Part::Vault,
                None,
                "a stream's key does not open with this node's keys",
            );
        };
        let Some(kind) = StreamKind::from_code(&row.kind) else {
            return fails(
                Part::Streams,
                None,
                "a stream is of a kind this release does not know",
            );
        };
        Ok(Stream {
            id,
            kind,
            tier: row.tier,
            key,
            begins: None,
            spines,
            last_leaf: last,
        })
    }

    /// Every value of a stream against its leaf, and every value that is gone against its authority. Gives how many are
    /// gone, and the search terms its subjects have.
    async fn verify_contents(&self, stream: &Stream, rows: &mut Vec<Change>) -> Result<u64, Stop> {
        let records = self.store.records(stream.id, 0).await?;
        let mut gone = 0_u64;
        let erased = erasures(&stream.spines);
        let hidden: BTreeSet<domain::id::SubjectId> = stream
            .spines
            .iter()
            .filter(|s| s.kind == Kind::NotAboutThisPerson)
            .filter_map(|s| s.subject)
            .collect();
        for (record, spine) in records.iter().zip(&stream.spines) {
            let index = record.idx;
            let Ok(opened) = self.open_one(stream, record).await else {
                return fails(
                    Part::Vault,
                    index,
                    format!("what the vault holds for entry {index} does not open"),
                );
            };
            let content = opened.unwrap_or_default();
            verify_disclosures(record, spine, &content)?;
            for field in spine
                .list(CONTENT)
                .iter()
                .filter(|field| content.get(field).is_none())
            {
                if !erased.contains(&(record.id, field.clone())) {
                    let words = format!(
                        "the field `{field}` of entry {index} is gone, and no record says by whose authority"
                    );
                    return fails(Part::Gone, index, words);
                }
                gone = gone.saturating_add(1);
            }
            if let Some(subject) = spine
                .subject
                .filter(|id| spine.kind == Kind::SubjectNamed && !hidden.contains(id))
            {
                let mention = super::raise::mention_of(spine, &content);
                rows.extend(self.term_changes(stream.id, subject, &mention)?);
            }
        }
        Ok(gone)
    }

    async fn verify_projections(
        &self,
        fresh: Vec<Change>,
        progress: &mut impl FnMut(Part, u64, u64),
    ) -> Result<(), Stop> {
        progress(Part::Projections, 0, 1);
        let place = |change: &Change| (change.table, change.key.clone());
        let fresh: BTreeMap<_, _> = fresh.into_iter().map(|c| (place(&c), c.row)).collect();
        let kept: BTreeMap<_, _> = self
            .store
            .projection_rows()
            .await?
            .into_iter()
            .map(|c| (place(&c), c.row))
            .collect();
        progress(Part::Projections, 1, 1);
        let table = |table: Table| table.spec().name;
        if let Some(((t, _), _)) = fresh.iter().find(|(at, _)| !kept.contains_key(*at)) {
            return fails(
                Part::Projections,
                None,
                format!("a row of `{}` is missing", table(*t)),
            );
        }
        if let Some(((t, _), _)) = kept.iter().find(|(at, _)| !fresh.contains_key(*at)) {
            return fails(
                Part::Projections,
                None,
                format!("a row of `{}` has no record behind it", table(*t)),
            );
        }
        let differs = |(at, row): &(&(Table, _), &Option<Vec<_>>)| {
            kept.get(*at)
                .is_none_or(|other| !same_row(row.as_ref(), other.as_ref()))
        };
        match fresh.iter().find(differs) {
            Some(((t, _), _)) => fails(
                Part::Projections,
                None,
                format!("a row of `{}` is not what records give", table(*t)),
            ),
            None => Ok(()),
        }
    }
}

/// Whether two rows say the same: SQLite gives 0 and 1 where a boolean was bound.
fn same_row(one: Option<&Vec<Val>>, other: Option<&Vec<Val>>) -> bool {
    let plain = |value: &Val| match value {
        Val::Bool(truth) => Val::I64(i64::from(*truth)),
        value => value.clone(),
    };
    let plain = |row: &Vec<Val>| row.iter().map(plain).collect::<Vec<_>>();
    one.map(plain) == other.map(plain)
}

fn erasures(spines: &[Spine]) -> BTreeSet<(RecordId, String)> {
    let erased = spines.iter().filter(|s| s.kind == Kind::Erased);
    erased
        .filter_map(|s| Some((s.text("record")?.parse().ok()?, s.text("field")?.to_owned())))
        .collect()
}

fn verify_head(note: &[u8], edge: &Edge, log: &VerifierKey) -> Result<(), Stop> {
    let size = edge.size();
    let Ok(signed) = SignedCheckpoint::parse(note) else {
        return fails(
            Part::Log,
            None,
            format!("the head of {size} entries cannot be read"),
        );
    };
    if signed.checkpoint().root != edge.root() {
        return fails(
            Part::Log,
            None,
            format!("the root signed for {size} entries is not the root of those here"),
        );
    }
    match signed.note().verified_by(std::slice::from_ref(log)) {
        Ok(by) if !by.is_empty() => Ok(()),
        _ => fails(
            Part::Log,
            None,
            format!("the head of {size} entries was not signed with this log's key"),
        ),
    }
}

fn verify_disclosures(record: &Stored, spine: &Spine, content: &Content) -> Result<(), Stop> {
    let index = record.idx;
    let leaf = Leaf::parse(&record.leaf).map_err(AppError::from)?;
    if let Some(wrong) = content.disclosures().iter().find(|d| !leaf.contains(d)) {
        let words = format!(
            "the field `{}` of entry {index} is not what was logged",
            wrong.name()
        );
        return fails(Part::Vault, index, words);
    }
    for (name, value) in spine.fields() {
        if content.get(&name).as_ref() != Some(&value) {
            let words = format!("the spine's field `{name}` of entry {index} is not what was logged");
            return fails(Part::Vault, index, words);
        }
    }
    Ok(())
}

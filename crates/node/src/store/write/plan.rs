//! What each command of a batch comes to, decided under the lock from what was just read. Pure.

use std::collections::{BTreeMap, HashMap};

use domain::id::StreamId;
use domain::time::Instant;

use super::{Append, Command, Expect, NewStream, RecordRow, Submitted};
use crate::store::sql::Val;
use crate::store::table::Table;

/// How far recorded time may go back across the log: one second (DESIGN §3), for nodes' clocks that differ a little.
const SLACK_SECONDS: i64 = 1;

/// A stream as it was read under the lock, or as the commands before in the batch leave it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct StreamState {
    pub(crate) kind: String,
    pub(crate) length: u32,
    pub(crate) last_leaf: [u8; 32],
    pub(crate) last_recorded: Instant,
    pub(crate) tier: u8,
    pub(crate) wrapped_key: Vec<u8>,
    pub(crate) epoch: u32,
}

/// A row's table and key.
pub(crate) type Place = (Table, Vec<Val>);

/// Everything read under the lock that a batch is decided by; moved on by each command that is written.
#[derive(Clone, Default, Debug)]
pub(crate) struct Versions {
    pub(crate) size: u64,
    pub(crate) last_recorded: Option<Instant>,
    /// Requests already carried out.
    pub(crate) answers: HashMap<Vec<u8>, Vec<u8>>,
    /// Every stream named in the batch that exists.
    pub(crate) streams: HashMap<StreamId, StreamState>,
    /// Every expected row, as it is now.
    pub(crate) rows: HashMap<Place, Option<Vec<Val>>>,
}

/// What a batch writes.
#[derive(Default, Debug)]
pub(crate) struct Writes<'a> {
    /// In the order of the log, from the size that was read.
    pub(crate) records: Vec<(StreamId, &'a RecordRow)>,
    /// Streams to put: new or grown or re-keyed.
    pub(crate) streams: BTreeMap<StreamId, StreamState>,
    /// Sealed content replaced, by index.
    pub(crate) reseals: BTreeMap<u64, &'a Option<Vec<u8>>>,
    /// Rows put or removed; the last command to name a row wins.
    pub(crate) changes: BTreeMap<Place, &'a Option<Vec<Val>>>,
    /// Requests carried out.
    pub(crate) answers: Vec<(&'a [u8], Instant, &'a [u8])>,
    /// The latest recorded time.
    pub(crate) last_recorded: Option<Instant>,
}

impl Writes<'_> {
    /// Whether there is nothing to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.records.is_empty()
            && self.streams.is_empty()
            && self.reseals.is_empty()
            && self.changes.is_empty()
            && self.answers.is_empty()
    }
}

/// Decides, command by command, in order: each sees what those before it in the batch did.
pub(crate) fn plan<'a>(mut versions: Versions, commands: &[&'a Command]) -> (Vec<Submitted>, Writes<'a>) {
    let mut writes = Writes::default();
    let outcomes = commands
        .iter()
        .map(|command| match refuse(&versions, command) {
            Some(outcome) => outcome,
            None => accept(&mut versions, &mut writes, command),
        })
        .collect();
    writes.last_recorded = versions.last_recorded;
    (outcomes, writes)
}

/// The reason to write nothing of this command, if there is one. A repeat comes first: its view of the streams is old
/// because it was carried out.
fn refuse(versions: &Versions, command: &Command) -> Option<Submitted> {
    if let Some(request) = &command.idempotency
        && let Some(answer) = versions.answers.get(&request.key)
    {
        return Some(Submitted::Repeated {
            answer: answer.clone(),
        });
    }
    let moved = command
        .appends
        .iter()
        .find_map(|append| has_moved(versions, append));
    let rekeyed = || {
        command
            .rekeys
            .iter()
            .find_map(|rekey| match versions.streams.get(&rekey.stream) {
                Some(stream) if stream.wrapped_key == rekey.was => None,
                other => Some(Submitted::Moved {
                    stream: rekey.stream,
                    length: other.map_or(0, |stream| stream.length),
                }),
            })
    };
    let unexpected = || {
        let differs = |expect: &&Expect| {
            let now = versions
                .rows
                .get(&(expect.table, expect.key.clone()))
                .and_then(Option::as_ref);
            !same_row(now, expect.row.as_ref())
        };
        command
            .expects
            .iter()
            .find(differs)
            .map(|expect| Submitted::Changed { table: expect.table })
    };
    moved
        .or_else(rekeyed)
        .or_else(unexpected)
        .or_else(|| too_old(versions, command))
}

fn has_moved(versions: &Versions, append: &Append) -> Option<Submitted> {
    let length = versions
        .streams
        .get(&append.stream)
        .map_or(0, |stream| stream.length);
    (length != append.after).then_some(Submitted::Moved {
        stream: append.stream,
        length,
    })
}

fn too_old(versions: &Versions, command: &Command) -> Option<Submitted> {
    let across = versions
        .last_recorded
        .map(|last| last.plus_seconds(-SLACK_SECONDS));
    let mut earliest: Option<Instant> = None;
    for append in &command.appends {
        let within = versions
            .streams
            .get(&append.stream)
            .map(|stream| stream.last_recorded);
        let bound = across.max(within);
        let first = append.records.first().map(|record| record.recorded);
        if bound > first {
            earliest = earliest.max(bound);
        }
    }
    earliest.map(|earliest| Submitted::TooOld { earliest })
}

fn accept<'a>(versions: &mut Versions, writes: &mut Writes<'a>, command: &'a Command) -> Submitted {
    let first = versions.size;
    for append in &command.appends {
        let new = command.streams_new.iter().find(|new| new.id == append.stream);
        grow(versions, writes, append, new);
    }
    for rekey in &command.rekeys {
        if let Some(stream) = versions.streams.get_mut(&rekey.stream) {
            stream.wrapped_key.clone_from(&rekey.wrapped_key);
            stream.epoch = rekey.epoch;
            writes.streams.insert(rekey.stream, stream.clone());
        }
    }
    for reseal in &command.reseals {
        writes.reseals.insert(reseal.idx, &reseal.sealed);
    }
    for change in &command.changes {
        let place = (change.table, change.key.clone());
        if let Some(row) = versions.rows.get_mut(&place) {
            row.clone_from(&change.row);
        }
        writes.changes.insert(place, &change.row);
    }
    if let Some(request) = &command.idempotency {
        versions
            .answers
            .insert(request.key.clone(), request.answer.clone());
        writes.answers.push((&request.key, request.at, &request.answer));
    }
    Submitted::Recorded {
        first,
        count: versions.size.saturating_sub(first),
    }
}

fn grow<'a>(versions: &mut Versions, writes: &mut Writes<'a>, append: &'a Append, new: Option<&NewStream>) {
    let Some(last) = append.records.last() else { return };
    let before = versions.streams.remove(&append.stream).or_else(|| {
        new.map(|new| StreamState {
            kind: new.kind.clone(),
            length: 0,
            last_leaf: [0; 32],
            last_recorded: last.recorded,
            tier: new.tier,
            wrapped_key: new.wrapped_key.clone(),
            epoch: new.epoch,
        })
    });
    let Some(mut stream) = before else { return };
    stream.length = last.sequence;
    stream.last_leaf = last.leaf_hash;
    stream.last_recorded = last.recorded;
    stream.tier = append.tier.unwrap_or(stream.tier);
    writes.streams.insert(append.stream, stream.clone());
    versions.streams.insert(append.stream, stream);
    versions.last_recorded = versions.last_recorded.max(Some(last.recorded));
    for record in &append.records {
        writes.records.push((append.stream, record));
        versions.size = versions.size.saturating_add(1);
    }
}

/// Whether two rows say the same; SQLite gives 0 and 1 where a boolean was bound.
fn same_row(one: Option<&Vec<Val>>, other: Option<&Vec<Val>>) -> bool {
    let plain = |value: &Val| match value {
        Val::Bool(truth) => Val::I64(i64::from(*truth)),
        value => value.clone(),
    };
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| plain(a) == plain(b))
        }
        _ => false,
    }
}

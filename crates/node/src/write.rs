//! Reading a stream before it is written to, and writing what was built.

use domain::id::StreamId;

use crate::Inner;
use crate::app::AppError;
use crate::assemble::{Stream, StreamKind, Work};
use crate::spine;
use crate::store::{Change, Command, Expect, Idempotency, Line, Submitted};
use crate::vault::Wrapped;

/// Everything one act writes: all of it or none.
pub(crate) struct Batch {
    pub(crate) works: Vec<Work>,
    pub(crate) idempotency: Option<Idempotency>,
    /// Changes beyond what folding gives: desk tables.
    pub(crate) changes: Vec<Change>,
    /// Rows that must be as they were read.
    pub(crate) expects: Vec<Expect>,
    pub(crate) line: Line,
}

impl Batch {
    /// One stream's work by a person.
    pub(crate) fn of(work: Work) -> Self {
        Self {
            works: vec![work],
            idempotency: None,
            changes: Vec::new(),
            expects: Vec::new(),
            line: Line::People,
        }
    }
}

/// How many times a batch is built again because recorded time has moved on.
const TRIES: u32 = 5;

impl Inner {
    /// Reads a stream: its spines, its key, where it ends.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none.
    pub(crate) async fn load(&self, id: StreamId) -> Result<Stream, AppError> {
        let row = self.store.stream(id).await?.ok_or(AppError::NotFound)?;
        let records = self.store.records(id, 0).await?;
        let spines = records
            .iter()
            .map(|r| spine::decode(&r.spine))
            .collect::<Result<Vec<_>, _>>()?;
        let wrapped = Wrapped {
            epoch: row.epoch,
            bytes: row.wrapped_key,
        };
        let kind = StreamKind::from_code(&row.kind)
            .ok_or_else(|| AppError::Broken(format!("stream {id} has an unknown kind")))?;
        Ok(Stream {
            id,
            kind,
            tier: row.tier,
            key: self.unwrap_key(id, &wrapped)?,
            begins: None,
            last_leaf: records.last().map(|r| r.leaf_hash),
            spines,
        })
    }

    /// Writes a batch. `Moved` comes back to the caller, who folds again and decides again.
    ///
    /// # Errors
    /// [`AppError::Unknown`] when the outcome is not known: the process ends, and the same request may be sent again.
    pub(crate) async fn write(&self, batch: Batch) -> Result<Submitted, AppError> {
        let Batch {
            works,
            idempotency,
            changes,
            expects,
            line,
        } = batch;
        let mut now = self.clock.now();
        for _ in 0..TRIES {
            let mut command = Command::new(line);
            command.idempotency.clone_from(&idempotency);
            for work in works.iter().filter(|work| !work.drafts.is_empty()) {
                let built = self.build(work.clone(), now)?;
                command.streams_new.extend(built.begins);
                command.appends.push(built.append);
                command.changes.extend(built.changes);
            }
            command.changes.extend(changes.iter().cloned());
            command.expects.clone_from(&expects);
            match self.store.submit(command).await? {
                Submitted::TooOld { earliest } => now = now.max(earliest),
                other => return Ok(other),
            }
        }
        Err(AppError::Broken(
            "recorded time would go back: another node writes here with a clock far ahead".into(),
        ))
    }
}

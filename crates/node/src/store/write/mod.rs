//! The one way anything is written: a [`Command`], submitted, batched, committed, answered.
//!
//! [`line`] is where commands wait and are made into batches; [`plan`] decides under the lock what each command comes
//! to, and is pure; [`batch`] is the transaction, with the order of writes and what each failure means.

pub(crate) mod batch;
pub(crate) mod check;
pub(crate) mod line;
pub(crate) mod plan;

use domain::id::{RecordId, StreamId};
use domain::record::Kind;
use domain::time::Instant;

use super::sql::{SqlError, Val};
use super::table::{Change, Table};

/// Who waits behind whom.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Line {
    /// A person is waiting for the answer.
    People,
    /// The ticker, notices, other machinery.
    Ticker,
    /// Bulk import.
    Import,
}

/// A stream that begins with this command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct NewStream {
    /// Its id: time-ordered.
    pub(crate) id: StreamId,
    /// What it is: `concern`, `reporter`, `practitioner`, `work`, `node`, …
    pub(crate) kind: String,
    /// 0 (shared) to 4 (survivor-held).
    pub(crate) tier: u8,
    /// Its key, wrapped by the epoch key.
    pub(crate) wrapped_key: Vec<u8>,
    /// Which epoch key.
    pub(crate) epoch: u32,
}

/// One record, built and sealed outside the lock.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct RecordRow {
    /// Its id: time-ordered.
    pub(crate) id: RecordId,
    /// Its place in the stream, from 1.
    pub(crate) sequence: u32,
    /// Its kind.
    pub(crate) kind: Kind,
    /// When it was recorded.
    pub(crate) recorded: Instant,
    /// The spine with its salts, as `node` keeps it.
    pub(crate) spine: Vec<u8>,
    /// The log entry.
    pub(crate) leaf: Vec<u8>,
    /// SHA-256 over a zero byte and `leaf`.
    pub(crate) leaf_hash: [u8; 32],
    /// The encrypted content, if there is any.
    pub(crate) sealed: Option<Vec<u8>>,
}

/// Records at the end of one stream.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Append {
    /// The stream.
    pub(crate) stream: StreamId,
    /// The length the stream had when the records were built: they follow it.
    pub(crate) after: u32,
    /// The records, in order, sequences `after + 1 …`.
    pub(crate) records: Vec<RecordRow>,
    /// The stream's tier from now on, if these records change it.
    pub(crate) tier: Option<u8>,
}

/// A stream's key replaced: by a new epoch, or because the stream was re-encrypted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Rekey {
    /// The stream.
    pub(crate) stream: StreamId,
    /// The wrapped key that is being replaced; if it is another by now, the command has moved.
    pub(crate) was: Vec<u8>,
    /// The new wrapped key.
    pub(crate) wrapped_key: Vec<u8>,
    /// The epoch key that wraps it.
    pub(crate) epoch: u32,
}

/// The sealed content of a record replaced, or gone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Reseal {
    /// The record's index in the log.
    pub(crate) idx: u64,
    /// The new sealed bytes; `None` removes them.
    pub(crate) sealed: Option<Vec<u8>>,
}

/// A row that must be as it was read, or nothing of the command is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Expect {
    /// The table.
    pub(crate) table: Table,
    /// The row's key.
    pub(crate) key: Vec<Val>,
    /// The row's other columns; `None` means that there must be no such row.
    pub(crate) row: Option<Vec<Val>>,
}

/// So that the repeat of a request is answered and not carried out again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Idempotency {
    /// The request's key.
    pub(crate) key: Vec<u8>,
    /// When.
    pub(crate) at: Instant,
    /// What to say again: handles only.
    pub(crate) answer: Vec<u8>,
}

/// All of this is written, or none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Command {
    /// Where it waits.
    pub(crate) line: Line,
    /// Streams that begin; each has an [`Append`] after 0.
    pub(crate) streams_new: Vec<NewStream>,
    /// Records, in the order in which they enter the log.
    pub(crate) appends: Vec<Append>,
    /// Stream keys replaced.
    pub(crate) rekeys: Vec<Rekey>,
    /// Vault rows replaced.
    pub(crate) reseals: Vec<Reseal>,
    /// Rows of projections and of what is not record; a later one with the same key wins.
    pub(crate) changes: Vec<Change>,
    /// Rows that must be as they were read.
    pub(crate) expects: Vec<Expect>,
    /// The request's key and answer, if it has one.
    pub(crate) idempotency: Option<Idempotency>,
}

impl Command {
    /// An empty command on `line`.
    pub(crate) fn new(line: Line) -> Self {
        Self {
            line,
            streams_new: Vec::new(),
            appends: Vec::new(),
            rekeys: Vec::new(),
            reseals: Vec::new(),
            changes: Vec::new(),
            expects: Vec::new(),
            idempotency: None,
        }
    }

    /// How many records it holds.
    pub(crate) fn record_count(&self) -> usize {
        self.appends.iter().map(|append| append.records.len()).sum()
    }
}

/// What became of a command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Submitted {
    /// Durable: its records have indices `first … first + count`. Both are of no meaning when it held no record.
    Recorded {
        /// The first record's index in the log.
        first: u64,
        /// How many records.
        count: u64,
    },
    /// Nothing written: a stream is longer than the command had seen, or its key is another. Fold again and decide.
    Moved {
        /// The stream.
        stream: StreamId,
        /// Its length now; 0 when there is no such stream.
        length: u32,
    },
    /// Nothing written: the same request was carried out before.
    Repeated {
        /// What was said then.
        answer: Vec<u8>,
    },
    /// Nothing written: its records would set recorded time back. Build them again, no earlier than this.
    TooOld {
        /// The earliest that `recorded` may be.
        earliest: Instant,
    },
    /// Nothing written: a row was not as expected.
    Changed {
        /// Whose row.
        table: Table,
    },
}

/// Why a command has no answer.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// The command contradicts itself; nothing was written. A mistake in this program.
    #[error("the command cannot be written: {0}")]
    Malformed(&'static str),
    /// The commit was sent and its answer never came, or was an error that leaves it open. **Fatal**: the process must
    /// end. Whoever asked presses again; the idempotency row is there or is not.
    #[error("it is not known whether this was recorded; it can be sent again and will not be filed twice")]
    OutcomeUnknown,
    /// The store has stopped, by request or after [`StoreError::OutcomeUnknown`]; nothing of this was written.
    #[error("the store has stopped; nothing was recorded")]
    Stopped,
    /// Nothing was written: the database refused a row.
    #[error("the database refused this; nothing was recorded: {0}")]
    Refused(String),
    /// Nothing was written: no room is left, and the reserve is used up.
    #[error("no room is left to record this; nothing was recorded")]
    NoRoom,
    /// Nothing was written: the database was too busy or could not be reached, several times.
    #[error("the database did not answer; nothing was recorded: {0}")]
    Unreachable(String),
    /// What is stored contradicts itself: never guessed at.
    #[error("what is stored does not hold together: {0}")]
    Damaged(String),
}

impl From<SqlError> for StoreError {
    fn from(error: SqlError) -> Self {
        match error {
            SqlError::Full => Self::NoRoom,
            SqlError::Refused { .. } => Self::Refused(error.to_string()),
            SqlError::Busy | SqlError::Lost(_) => Self::Unreachable(error.to_string()),
            SqlError::Shape { .. } => Self::Damaged(error.to_string()),
            SqlError::Engine(_) => Self::Refused(error.to_string()),
        }
    }
}

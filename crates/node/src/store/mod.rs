//! Everything the node keeps: the log, the vault, projections, and what is not record. Private to `node`.
//!
//! # Using it
//! - [`open`] with a [`Place`] gives a [`Store`], cheap to clone. Several may be open in one process.
//! - **Writing** is one call: [`Store::submit`] takes a [`Command`] (new streams, [`Append`]s, [`Change`]s to projections
//!   and desk tables, rows expected to be unchanged, an idempotency key) and says what became of it: [`Submitted`].
//!   All of a command is written or none. `Moved` and `TooOld` mean fold again and build again; `Repeated` gives the
//!   answer of the first time; `Changed` means that an expected row was not as expected.
//!   [`StoreError::OutcomeUnknown`] is fatal: the process must end.
//! - **Reading** is in [`read`]: streams and their records, the log by index, the vault, tiles, head, checkpoints, and
//!   projections by principals.
//! - [`difference`] makes the changes from a fold's old rows to its new ones.
//! - [`Store::replace_projections`] and [`Store::dump_projections`] rebuild and compare.
//! - [`Store::source`] gives the log to `ledger`'s readers; [`Store::export_log`] writes it as a tlog-tiles directory.
//!
//! # What it relies on
//! INVARIANT (no-memory): nothing about the log is kept between transactions, so any number of processes may write.
//! INVARIANT (durable): a commit that was answered is on the disk; engines set otherwise are not opened.
//! INVARIANT (insert-only): `record` and `checkpoint` only grow; triggers refuse anything else.
#![allow(
    dead_code,
    unused_imports,
    reason = "the benchmark and the integration tests compile this module by itself, and each uses a part of it"
)]

mod export;
pub(crate) mod faults;
mod lists;
mod migrate;
mod open;
pub(crate) mod read;
mod rebuild;
mod reserve;
pub(crate) mod signin;
pub(crate) mod sql;
mod table;
pub(crate) mod unsent;
mod write;

use std::sync::{Arc, Mutex};

pub(crate) use export::ExportError;
pub(crate) use lists::ListedDuty;
pub(crate) use open::{OpenError, Options, Place, open};
pub(crate) use read::log::StoredCheckpoint;
pub(crate) use read::source::LogSource;
pub(crate) use rebuild::canonical;
pub(crate) use sql::{SqlError, Val};
pub(crate) use table::{Change, Sort, Table, difference};
pub(crate) use write::{
    Append, Command, Expect, Idempotency, Line, NewStream, RecordRow, Rekey, Reseal, StoreError, Submitted,
};

use reserve::Reserve;
use sql::Engine;
use write::line::Lines;

/// One node's database. Cheap to clone; the last clone dropped lets the writer finish what waits and stop.
#[derive(Clone)]
pub(crate) struct Store {
    engine: Engine,
    lines: Lines,
    reserve: Arc<Reserve>,
    writer: Arc<Mutex<Option<tokio::task::JoinHandle<()>>>>,
}

impl Store {
    fn start(engine: Engine, reserve: Arc<Reserve>) -> Self {
        let (lines, writer) = Lines::start(engine.clone(), Arc::clone(&reserve));
        Self {
            engine,
            lines,
            reserve,
            writer: Arc::new(Mutex::new(Some(writer))),
        }
    }

    /// Writes a command, all of it or nothing, and says what became of it. Durable when it says `Recorded`.
    ///
    /// # Errors
    /// [`StoreError`]; only after [`StoreError::OutcomeUnknown`] may something have been written.
    pub(crate) async fn submit(&self, command: Command) -> Result<Submitted, StoreError> {
        write::check::check(&command)?;
        self.lines.submit(command).await
    }

    /// Whether the disk was full and the reserve given up: recording goes on, and room is needed now.
    pub(crate) fn needs_room(&self) -> bool {
        self.reserve.is_released()
    }

    /// Takes the reserve back now if there is room; the writer also tries every few seconds.
    pub(crate) fn restore_reserve(&self) {
        self.reserve.restore();
    }

    /// Lets the writer finish what waits, then closes every connection. Other clones can submit no more.
    pub(crate) async fn close(self) {
        self.lines.stop();
        let writer = self.writer.lock().ok().and_then(|mut writer| writer.take());
        if let Some(writer) = writer {
            let _ = writer.await;
        }
        self.engine.close().await;
    }
}

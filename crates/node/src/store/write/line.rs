//! Where commands wait, and the one task that writes them.
//!
//! A batch is what waited while the last one flushed: there is no timer, so a lone writer waits for nobody and many
//! share a flush. People go before tickers, tickers before imports. The task keeps nothing between batches
//! (INVARIANT no-memory, [`super::batch`]); that there is one task a process is for speed, not for correctness.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::JoinHandle;

use super::batch::{self, BatchError};
use super::{Command, Line, StoreError, Submitted};
use crate::store::reserve::Reserve;
use crate::store::sql::{Engine, SqlError, retrying};

/// The most commands and records in one batch: enough to share a flush, few enough that nobody waits long for it.
const BATCH_COMMANDS: usize = 1024;
const BATCH_RECORDS: usize = 2048;
/// How many commands may wait in each line before submitting waits too.
const WAITING: usize = 4096;
/// How often a batch is tried again after the connection broke before the commit.
const RECONNECTS: u32 = 3;

type Outcome = Result<Submitted, StoreError>;

/// A command and whoever waits for it.
struct Waiting {
    command: Command,
    answer: oneshot::Sender<Outcome>,
}

/// The ends of the three lines that commands are put into.
#[derive(Clone)]
pub(crate) struct Lines {
    people: mpsc::Sender<Waiting>,
    ticker: mpsc::Sender<Waiting>,
    import: mpsc::Sender<Waiting>,
    stopped: Arc<AtomicBool>,
    stop: Arc<Notify>,
}

impl Lines {
    /// Starts the writing task.
    pub(crate) fn start(engine: Engine, reserve: Arc<Reserve>) -> (Self, JoinHandle<()>) {
        let (people, people_in) = mpsc::channel(WAITING);
        let (ticker, ticker_in) = mpsc::channel(WAITING);
        let (import, import_in) = mpsc::channel(WAITING);
        let stopped = Arc::new(AtomicBool::new(false));
        let stop = Arc::new(Notify::new());
        let writer = Writer {
            stop: Arc::clone(&stop),
            people: people_in,
            ticker: ticker_in,
            import: import_in,
            engine,
            reserve,
            stopped: Arc::clone(&stopped),
        };
        let lines = Self {
            people,
            ticker,
            import,
            stopped,
            stop,
        };
        (lines, tokio::spawn(writer.run()))
    }

    /// Nobody may join any more; the writer finishes who is there and ends.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
        self.stop.notify_one();
    }

    /// Puts a command into its line and waits for what becomes of it.
    pub(crate) async fn submit(&self, command: Command) -> Outcome {
        let line = match command.line {
            Line::People => &self.people,
            Line::Ticker => &self.ticker,
            Line::Import => &self.import,
        };
        let (answer, outcome) = oneshot::channel();
        if self.stopped.load(Ordering::Acquire) || line.send(Waiting { command, answer }).await.is_err() {
            return Err(StoreError::Stopped);
        }
        // The writer answers everyone it takes; it drops them unanswered only when it has stopped before it began.
        outcome.await.unwrap_or(Err(StoreError::Stopped))
    }
}

struct Writer {
    people: mpsc::Receiver<Waiting>,
    ticker: mpsc::Receiver<Waiting>,
    import: mpsc::Receiver<Waiting>,
    engine: Engine,
    reserve: Arc<Reserve>,
    stopped: Arc<AtomicBool>,
    stop: Arc<Notify>,
}

impl Writer {
    async fn run(mut self) {
        while let Some(batch) = self.next_batch().await {
            if self.write(batch).await.is_err() {
                break;
            }
        }
        self.stopped.store(true, Ordering::Release);
    }

    /// Waits for the first command, then takes whoever else is there. `None` when nobody can come any more.
    async fn next_batch(&mut self) -> Option<Vec<Waiting>> {
        let first = tokio::select! {
            biased;
            first = self.people.recv() => match first {
                Some(first) => first,
                // Every sender is gone: whoever still waits in the other lines is the last.
                None => self.ticker.try_recv().or_else(|_| self.import.try_recv()).ok()?,
            },
            Some(first) = self.ticker.recv() => first,
            Some(first) = self.import.recv() => first,
            () = self.stop.notified() => {
                self.people.close();
                self.ticker.close();
                self.import.close();
                return None;
            }
        };
        let mut records = first.command.record_count();
        let mut batch = vec![first];
        for line in [&mut self.people, &mut self.ticker, &mut self.import] {
            while batch.len() < BATCH_COMMANDS && records < BATCH_RECORDS {
                let Ok(next) = line.try_recv() else { break };
                records = records.saturating_add(next.command.record_count());
                batch.push(next);
            }
        }
        metrics::histogram!("daylight_store_batch_commands")
            .record(f64::from(u32::try_from(batch.len()).unwrap_or(0)));
        Some(batch)
    }

    /// Writes a batch and answers everyone in it. An error means that the writer must stop.
    async fn write(&self, batch: Vec<Waiting>) -> Result<(), ()> {
        let commands: Vec<&Command> = batch.iter().map(|waiting| &waiting.command).collect();
        match self.try_batch(&commands).await {
            Ok(outcomes) => {
                for (waiting, outcome) in batch.into_iter().zip(outcomes) {
                    let _ = waiting.answer.send(Ok(outcome));
                }
                if self.reserve.may_restore() {
                    let reserve = Arc::clone(&self.reserve);
                    tokio::task::spawn_blocking(move || reserve.restore());
                }
                Ok(())
            }
            Err(BatchError::Unknown) => {
                // Before anyone hears of it: nothing more may be submitted.
                self.stopped.store(true, Ordering::Release);
                for waiting in batch {
                    let _ = waiting.answer.send(Err(StoreError::OutcomeUnknown));
                }
                Err(())
            }
            Err(error) if batch.len() > 1 && concerns_one(&error) => self.write_singly(batch).await,
            Err(error) => {
                let error = StoreError::from(error);
                tracing::error!(%error, commands = batch.len(), "a batch was not written");
                for waiting in batch {
                    let _ = waiting.answer.send(Err(error.clone()));
                }
                Ok(())
            }
        }
    }

    /// One command made the whole batch fail: each goes alone, so that it spoils nobody else's.
    async fn write_singly(&self, batch: Vec<Waiting>) -> Result<(), ()> {
        let mut stop = false;
        for waiting in batch {
            let outcome = match stop {
                true => Err(StoreError::Stopped),
                false => match self.try_batch(&[&waiting.command]).await {
                    Ok(mut outcomes) => outcomes.pop().ok_or(StoreError::Stopped),
                    Err(error) => Err(StoreError::from(error)),
                },
            };
            if outcome == Err(StoreError::OutcomeUnknown) {
                self.stopped.store(true, Ordering::Release);
                stop = true;
            }
            let _ = waiting.answer.send(outcome);
        }
        if stop { Err(()) } else { Ok(()) }
    }

    /// Tries a batch until it is written, refused, unknown, or has failed too often.
    async fn try_batch(&self, commands: &[&Command]) -> Result<Vec<Submitted>, BatchError> {
        let mut reconnects = 0;
        loop {
            match self.try_while_busy(commands).await {
                Err(BatchError::NothingDone(SqlError::Full)) if self.reserve.release() => {}
                Err(BatchError::NothingDone(SqlError::Lost(why))) if reconnects < RECONNECTS => {
                    tracing::warn!(why, "the database broke off before a commit; trying again");
                    reconnects += 1;
                }
                done => return done,
            }
        }
    }

    async fn try_while_busy(&self, commands: &[&Command]) -> Result<Vec<Submitted>, BatchError> {
        let done = retrying(|| async {
            match batch::commit(&self.engine, commands).await {
                Err(BatchError::NothingDone(error)) if error.is_passing() => Err(error),
                done => Ok(done),
            }
        });
        done.await?
    }
}

/// Whether an error can be one command's doing, so that the others may succeed without it.
fn concerns_one(error: &BatchError) -> bool {
    matches!(
        error,
        BatchError::NothingDone(
            SqlError::Refused { .. } | SqlError::Engine(_) | SqlError::Shape { .. } | SqlError::Full
        )
    )
}

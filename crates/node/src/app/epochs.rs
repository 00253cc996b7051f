//! Epochs: how what was erased here stops being readable in every copy there is.
//!
//! Erasing replaces a stream's key; the old one still lies, wrapped, in write-ahead logs, free pages, replicas and backups.
//! After an erasure a new epoch begins: its key wraps every stream's key anew, and when no backup from before is kept any
//! more the old epoch's key is destroyed. Both are records. Law: OWN-R8-erasure.

use domain::record::{Actor, Draft, Kind, Spine};
use domain::time::Instant;

use super::start::AFFAIRS;
use super::{AppError, Node};
use crate::Inner;
use crate::assemble::Work;
use crate::store::{Change, Command, Line, Rekey, Submitted, Table, Val};
use crate::vault::{StreamKey, Wrapped};
use crate::write::Batch;

/// The cursor that keeps when a field was last erased.
const LAST_ERASED: &str = "last-erased";

/// For how many days backups are kept: an old epoch's key outlives its epoch by so much.
pub const BACKUP_DAYS: i64 = 30;

/// An epoch begins at most once in so many minutes.
const AT_MOST_EVERY: i64 = 24 * 60;

/// Streams whose keys are wrapped anew in one write.
const AT_ONCE: u32 = 100;

/// What a round did.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Tended {
    /// The epoch that began.
    pub began: Option<u32>,
    /// Streams whose keys were wrapped anew.
    pub wrapped: u32,
    /// Epochs whose keys were destroyed.
    pub ended: Vec<u32>,
}

/// To be written with an erasure.
pub(crate) fn erased(at: Instant) -> Change {
    Change::put(Table::Cursor, [Val::from(LAST_ERASED)], [at.into()])
}

impl Node {
    /// Begins an epoch when something was erased since the last began, wraps every stream's key with the newest, and
    /// destroys the keys of epochs that ended longer ago than backups are kept. What a round leaves the next one does.
    ///
    /// # Errors
    /// When the store or the keys cannot be read or written.
    pub async fn tend_epochs(&self) -> Result<Tended, AppError> {
        let node = &self.inner;
        node.read_epochs()?;
        let mut done = Tended {
            began: node.begin_epoch().await?,
            ..Tended::default()
        };
        done.wrapped = node.wrap_anew().await?;
        done.ended = node.end_epochs().await?;
        Ok(done)
    }
}

/// When an epoch began, by its record; the first has none and was always there.
fn began(spines: &[Spine], epoch: u32) -> Option<Instant> {
    of(spines, Kind::EpochBegan, epoch).map(|spine| spine.recorded)
}

fn of(spines: &[Spine], kind: Kind, epoch: u32) -> Option<&Spine> {
    let mut all = spines.iter();
    all.find(|spine| spine.kind == kind && spine.int("epoch") == Some(i64::from(epoch)))
}

impl Inner {
    fn read_epochs(&self) -> Result<(), AppError> {
        let mut keys = self.keys_mut();
        keys.read_epochs()
            .map_err(|error| AppError::Broken(error.to_string()))
    }

    fn newest(&self) -> Result<u32, AppError> {
        let keys = self.keys();
        let newest = keys.epoch().map(|(number, _)| number);
        newest.ok_or_else(|| AppError::Broken("there is no epoch's key".into()))
    }

    async fn begin_epoch(&self) -> Result<Option<u32>, AppError> {
        let spines = self.load(AFFAIRS).await?.spines;
        let newest = self.newest()?;
        let since = match (newest, began(&spines, newest)) {
            (1, _) => Instant(0),
            (_, Some(at)) => at,
            // Its key was made and the process ended before the record was written.
            (_, None) => {
                return self
                    .epoch_record(Kind::EpochBegan, newest)
                    .await
                    .map(|()| Some(newest));
            }
        };
        let erased = self.store.cursor(LAST_ERASED).await?.map(Instant);
        let now = self.clock.now();
        if erased.is_none_or(|at| at < since) || now < since.plus_minutes(AT_MOST_EVERY) {
            return Ok(None);
        }
        let next = newest.saturating_add(1);
        self.keys_mut()
            .begin_epoch(next)
            .map_err(|error| AppError::Broken(error.to_string()))?;
        self.epoch_record(Kind::EpochBegan, next).await?;
        Ok(Some(next))
    }

    /// Writes that an epoch began or ended, once.
    async fn epoch_record(&self, kind: Kind, epoch: u32) -> Result<(), AppError> {
        loop {
            let mut work = Work::on(self.load(AFFAIRS).await?);
            if of(&work.stream.spines, kind, epoch).is_some() {
                return Ok(());
            }
            let draft = Draft::new(kind, Actor::Node).code("epoch", i64::from(epoch));
            work.push(self.clock.now(), draft)?;
            match self.write(Batch::of(work)).await? {
                Submitted::Moved { .. } => {}
                _ => return Ok(()),
            }
        }
    }

    /// Wraps every stream's key with the newest epoch's.
    async fn wrap_anew(&self) -> Result<u32, AppError> {
        let newest = self.newest()?;
        let mut done = 0_u32;
        loop {
            let rows = self.store.streams_before_epoch(newest, AT_ONCE).await?;
            if rows.is_empty() {
                return Ok(done);
            }
            let mut command = Command::new(Line::Ticker);
            for row in rows {
                let was = Wrapped {
                    epoch: row.epoch,
                    bytes: row.wrapped_key,
                };
                let wrapped = {
                    let keys = self.keys();
                    StreamKey::unwrap(row.id, &was, &keys)?.wrap(row.id, &keys)?
                };
                command.rekeys.push(Rekey {
                    stream: row.id,
                    was: was.bytes,
                    wrapped_key: wrapped.bytes,
                    epoch: wrapped.epoch,
                });
            }
            let count = u32::try_from(command.rekeys.len()).unwrap_or(u32::MAX);
            match self.store.submit(command).await? {
                // One of them was erased from or wrapped anew meanwhile: they are read again.
                Submitted::Moved { .. } | Submitted::TooOld { .. } => {}
                _ => done = done.saturating_add(count),
            }
        }
    }

    /// Destroys old epochs' keys: not before every stream left them, backups from before are gone, and the newer keys are
    /// backed up themselves.
    async fn end_epochs(&self) -> Result<Vec<u32>, AppError> {
        let spines = self.load(AFFAIRS).await?.spines;
        let newest = self.newest()?;
        let horizon = self.clock.now().plus_minutes(-BACKUP_DAYS * 24 * 60);
        let mut ended = Vec::new();
        for epoch in 1..newest {
            let next = epoch.saturating_add(1);
            let gone = began(&spines, next).is_some_and(|at| at <= horizon);
            let here = self.keys().epochs.contains_key(&epoch);
            if here && (!gone || !self.keys().backed_up()) {
                continue;
            }
            if !self.store.streams_before_epoch(next, 1).await?.is_empty() {
                continue;
            }
            if here {
                self.keys_mut()
                    .end_epoch(epoch)
                    .map_err(|error| AppError::Broken(error.to_string()))?;
                ended.push(epoch);
            }
            // Also where the process ended between the two.
            self.epoch_record(Kind::EpochEnded, epoch).await?;
        }
        Ok(ended)
    }

    /// A stream's key, with an epoch that another process of this node may just have begun.
    pub(crate) fn unwrap_key(
        &self,
        id: domain::id::StreamId,
        wrapped: &Wrapped,
    ) -> Result<StreamKey, AppError> {
        let found = StreamKey::unwrap(id, wrapped, &self.keys());
        if !matches!(found, Err(crate::vault::VaultError::NoEpoch(_))) {
            return Ok(found?);
        }
        self.read_epochs()?;
        Ok(StreamKey::unwrap(id, wrapped, &self.keys())?)
    }
}

//! A little disk kept back, so that a full disk does not refuse the report that matters.
//!
//! A file of a fixed size lies beside the database. When the database says that no room is left, the file goes, a flag is
//! raised that operators and pages see, and the batch is tried again. When there is room again, the file comes back.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long to wait between attempts to take the reserve back.
const PAUSE: Duration = Duration::from_secs(5);

/// The reserve file of one node; none on PostgreSQL, whose disk is the server's.
#[derive(Debug)]
pub(crate) struct Reserve {
    file: Option<(PathBuf, usize)>,
    released: AtomicBool,
    tried: Mutex<Option<Instant>>,
}

impl Reserve {
    /// No reserve.
    pub(crate) fn none() -> Self {
        Self {
            file: None,
            released: AtomicBool::new(false),
            tried: Mutex::new(None),
        }
    }

    /// A reserve of `bytes` at `path`, made now if it is not there. If it cannot be made, it counts as released: the
    /// node starts all the same, with the flag up.
    pub(crate) fn at(path: PathBuf, bytes: usize) -> Self {
        let reserve = Self {
            file: Some((path, bytes)),
            released: AtomicBool::new(true),
            tried: Mutex::new(None),
        };
        reserve.restore();
        reserve
    }

    /// Whether the reserve is used up: recording goes on, and room is needed.
    pub(crate) fn is_released(&self) -> bool {
        self.file.is_some() && self.released.load(Ordering::Acquire)
    }

    /// Gives the reserve up. True if there was one to give: what failed for want of room is worth trying again.
    pub(crate) fn release(&self) -> bool {
        let Some((path, _)) = &self.file else { return false };
        if self.released.swap(true, Ordering::AcqRel) {
            return false;
        }
        tracing::error!("no room is left for the database: the reserve is released; room is needed now");
        metrics::gauge!("daylight_store_reserve_released").set(1.0);
        if let Ok(mut tried) = self.tried.lock() {
            *tried = Some(Instant::now());
        }
        fs::remove_file(path).is_ok()
    }

    /// Whether it is time to try to take the reserve back; says so once every few seconds.
    pub(crate) fn may_restore(&self) -> bool {
        if !self.is_released() {
            return false;
        }
        let Ok(mut tried) = self.tried.lock() else {
            return false;
        };
        let due = tried.is_none_or(|at| at.elapsed() >= PAUSE);
        if due {
            *tried = Some(Instant::now());
        }
        due
    }

    /// Takes the reserve back if it was given up and there is room for twice as much.
    pub(crate) fn restore(&self) {
        let Some((path, bytes)) = &self.file else { return };
        if !self.released.load(Ordering::Acquire) {
            return;
        }
        let whole = fs::metadata(path).is_ok_and(|found| usize::try_from(found.len()) == Ok(*bytes));
        if whole || make(path, *bytes).is_ok() {
            self.released.store(false, Ordering::Release);
            metrics::gauge!("daylight_store_reserve_released").set(0.0);
        }
    }
}

/// Writes the file in full, so that its blocks are really ours: first twice as long, which proves that taking it back
/// does not take the last room.
fn make(path: &PathBuf, bytes: usize) -> io::Result<()> {
    let made = fill(path, bytes);
    if made.is_err() {
        // Half a reserve is only in the way.
        let _ = fs::remove_file(path);
    }
    made
}

fn fill(path: &PathBuf, bytes: usize) -> io::Result<()> {
    let mut file = File::create(path)?;
    let block = vec![0xa5_u8; 64 * 1024];
    let mut left = bytes.saturating_mul(2);
    while left > 0 {
        let part = block.get(..left.min(block.len())).unwrap_or(&block);
        file.write_all(part)?;
        left = left.saturating_sub(part.len());
    }
    file.set_len(u64::try_from(bytes).unwrap_or(u64::MAX))?;
    file.sync_all()
}

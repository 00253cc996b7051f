//! How far a run is, for whoever watches it, and the wish to stop it. No clock: the watcher has one.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// Counts of the phase in progress. Advanced by the threads that work, read by one that watches.
#[derive(Debug, Default)]
pub struct Meter {
    total: AtomicU64,
    done: AtomicU64,
    stop: AtomicBool,
}

impl Meter {
    /// A phase of so many things begins; 0 when their number is unknown.
    pub fn begin(&self, total: u64) {
        self.done.store(0, Relaxed);
        self.total.store(total, Relaxed);
    }

    /// So many more things are done.
    pub fn add(&self, things: u64) {
        self.done.fetch_add(things, Relaxed);
    }

    /// Things done, and things in all.
    #[must_use]
    pub fn read(&self) -> (u64, u64) {
        (self.done.load(Relaxed), self.total.load(Relaxed))
    }

    /// Asks whoever works to stop soon.
    pub fn stop(&self) {
        self.stop.store(true, Relaxed);
    }

    /// Whether stopping was asked for.
    #[must_use]
    pub fn stopped(&self) -> bool {
        self.stop.load(Relaxed)
    }
}

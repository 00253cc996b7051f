//! The one place time comes from. Passed in, so that a demo can live through weeks and a test through a night.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::time::Instant;

/// Where a node reads the time.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Instant;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        Instant(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// A clock moved by hand, that may also run. Every reading is later than the last, so that two things never share a time.
#[derive(Debug)]
pub struct SimulatedClock {
    at: AtomicI64,
    running: Mutex<Option<std::time::Instant>>,
}

impl SimulatedClock {
    /// Starts at `at`, standing still.
    pub fn starting(at: Instant) -> Arc<Self> {
        Arc::new(Self {
            at: AtomicI64::new(at.micros()),
            running: Mutex::new(None),
        })
    }

    /// Moves on to `at`; never back.
    pub fn move_to(&self, at: Instant) {
        self.at.fetch_max(at.micros(), Ordering::SeqCst);
    }

    /// From now on it also runs, at the pace of the world.
    pub fn run(&self) {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(std::time::Instant::now());
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Instant {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(since) = running.as_mut() {
            let passed = since.elapsed();
            *since = std::time::Instant::now();
            self.at
                .fetch_add(i64::try_from(passed.as_micros()).unwrap_or(0), Ordering::SeqCst);
        }
        Instant(self.at.fetch_add(1, Ordering::SeqCst))
    }
}

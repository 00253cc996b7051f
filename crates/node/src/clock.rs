//! The one place time comes from. Passed in, so that a demo can live through weeks and a test through a night.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

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

/// A clock moved by hand. Every reading is a microsecond after the last, so that two things never share a time.
#[derive(Debug)]
pub struct SimulatedClock(AtomicI64);

impl SimulatedClock {
    /// Starts at `at`.
    pub fn starting(at: Instant) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(at.micros())))
    }

    /// Moves on to `at`; never back.
    pub fn move_to(&self, at: Instant) {
        self.0.fetch_max(at.micros(), Ordering::SeqCst);
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Instant {
        Instant(self.0.fetch_add(1, Ordering::SeqCst))
    }
}

//! Whether time itself can be trusted enough to act: no jump of the clock climbs a ladder by itself.

use crate::time::Instant;

/// What is known about time when the ticker wakes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tick {
    /// The clock's time at the last tick that was trusted.
    pub last: Instant,
    /// The clock's time now.
    pub now: Instant,
    /// Seconds since the last tick by a counter that cannot be set, if this process has run since then.
    pub steady: Option<i64>,
    /// The time now by a person's word or an independent source, if there is one.
    pub independent: Option<Instant>,
}

/// What the time since the last tick amounts to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gap {
    /// As expected: act.
    None,
    /// Longer than expected, and confirmed by a person or an independent source: act, and write the gap down.
    Confirmed {
        /// Seconds since the last tick.
        seconds: i64,
    },
    /// We were down, or the clock jumped forward: nobody knows which. Ask before acting.
    Forward {
        /// Seconds that nobody vouches for.
        seconds: i64,
    },
    /// The clock went back. Ask before acting.
    Backward {
        /// By how many seconds.
        seconds: i64,
    },
}

impl Gap {
    /// Whether lapses may be written and ladders climbed.
    pub const fn may_act(self) -> bool {
        matches!(self, Self::None | Self::Confirmed { .. })
    }
}

/// Judges the time since the last tick. `tolerance` is in seconds: how far clocks may differ, and how long a silence needs
/// no explaining.
pub fn gap(tick: Tick, tolerance: i64) -> Gap {
    let passed = tick.now.seconds_since(tick.last);
    let vouched = tick.steady.unwrap_or(0);
    let unexplained = passed.saturating_sub(vouched);
    if unexplained.saturating_abs() <= tolerance {
        return Gap::None;
    }
    let agrees = |other: Instant| tick.now.seconds_since(other).saturating_abs() <= tolerance;
    match tick.independent {
        Some(other) if agrees(other) && passed >= 0 => Gap::Confirmed { seconds: passed },
        _ if unexplained < 0 => Gap::Backward {
            seconds: unexplained.saturating_neg(),
        },
        _ => Gap::Forward { seconds: unexplained },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tick(now: i64, steady: Option<i64>, independent: Option<i64>) -> Gap {
        let at = |seconds: i64| Instant(0).plus_seconds(seconds);
        let tick = Tick {
            last: at(1_000),
            now: at(now),
            steady,
            independent: independent.map(at),
        };
        gap(tick, 120)
    }

    #[test]
    fn a_jump_needs_a_person_or_an_independent_time() {
        assert_eq!(tick(1_030, Some(30), None), Gap::None);
        assert_eq!(tick(9_000, Some(30), None), Gap::Forward { seconds: 7_970 });
        assert_eq!(
            tick(9_000, Some(30), Some(1_030)),
            Gap::Forward { seconds: 7_970 }
        );
        assert_eq!(tick(9_000, None, Some(9_010)), Gap::Confirmed { seconds: 8_000 });
        assert_eq!(tick(500, Some(30), None), Gap::Backward { seconds: 530 });
        assert!(!tick(500, None, Some(500)).may_act());
        assert!(tick(9_000, None, Some(9_010)).may_act());
    }

    #[test]
    fn a_short_restart_needs_nobody() {
        assert_eq!(tick(1_090, None, None), Gap::None);
        assert_eq!(tick(64_600, None, None), Gap::Forward { seconds: 63_600 });
    }
}

//! Time in the demo: it moves from one thing to the next, and everything that would happen in between happens.

use std::sync::Arc;

use node::app::{AppError, Node};
use node::clock::{Clock, SimulatedClock};
use node::domain::time::Instant;
use node::jobs::{Outside, tick_once};

/// The longest step: a ladder that waits for a desk to open is looked at again.
const STEP_MINUTES: i64 = 120;

/// A node whose time is moved.
pub struct World {
    /// The node.
    pub node: Node,
    /// Its clock.
    pub clock: Arc<SimulatedClock>,
    /// Its channels and witnesses.
    pub outside: Outside,
}

/// London time as an instant: `2026-08-28 16:50`.
pub fn at(text: &str) -> Result<Instant, AppError> {
    let wrong = || AppError::Broken(format!("`{text}` is not a time"));
    let (date, time) = text.split_once(' ').ok_or_else(wrong)?;
    let civil: jiff::civil::DateTime = format!("{date}T{time}:00").parse().map_err(|_| wrong())?;
    let zone = jiff::tz::TimeZone::get("Europe/London").map_err(|_| wrong())?;
    Ok(Instant::from_jiff(zone.to_timestamp(civil).map_err(|_| wrong())?))
}

impl World {
    /// Lives until `until`: every duty lapses and climbs when it would, every notice goes out.
    pub async fn live_until(&self, until: Instant) -> Result<(), AppError> {
        loop {
            let now = self.clock.now();
            let step = now.plus_minutes(STEP_MINUTES);
            let due = self.node.next_due(now).await?.unwrap_or(step);
            let next = due.min(step);
            if next >= until {
                break;
            }
            self.clock.move_to(next);
            tick_once(&self.node, &self.outside).await?;
        }
        self.clock.move_to(until);
        tick_once(&self.node, &self.outside).await?;
        self.node.erase_due().await?;
        self.node.publish().await?;
        Ok(())
    }
}

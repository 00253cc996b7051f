//! Limits on fishing (D6, B7): quotas that are loud rather than silent, and the audit sample drawn by a public seed.

use crate::ids::{Digest, Micros, PartyId};
use std::collections::HashMap;

/// What an agency may ask of a key-holder in a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Points a day in the ordinary course: one and a half times the median of its real daily change.
    pub points: u64,
    /// Points a day for immediate risk, on top. Beyond them urgent batches are still served, and loud.
    pub urgent: u64,
}

/// One day's use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Used {
    day: i64,
    points: u64,
    urgent: u64,
}

/// What a key-holder decides about a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Within the allowance.
    Serve,
    /// Over it, but urgent: served, and the overseer is told at once.
    ServeLoudly,
    /// Over it and not urgent: refused, and the overseer is told.
    Refuse,
}

/// Counters by agency.
#[derive(Clone, Debug, Default)]
pub struct Quotas {
    allowances: HashMap<PartyId, Allowance>,
    used: HashMap<PartyId, Used>,
}

impl Quotas {
    /// Sets an agency's allowance. An agency without one has none.
    pub fn allow(&mut self, agency: PartyId, allowance: Allowance) {
        self.allowances.insert(agency, allowance);
    }

    /// Decides and counts. A refused batch is not counted.
    pub fn take(&mut self, agency: PartyId, points: u64, urgent: bool, now: Micros) -> Verdict {
        let day = now.0.div_euclid(Micros::DAY);
        let allowed = self
            .allowances
            .get(&agency)
            .copied()
            .unwrap_or(Allowance { points: 0, urgent: 0 });
        let used = self.used.entry(agency).or_default();
        if used.day != day {
            *used = Used {
                day,
                ..Used::default()
            };
        }
        let (counter, limit) = if urgent {
            (&mut used.urgent, allowed.urgent)
        } else {
            (&mut used.points, allowed.points)
        };
        let total = counter.saturating_add(points);
        let fits = total <= limit;
        if fits || urgent {
            *counter = total;
        }
        match (fits, urgent) {
            (true, _) => Verdict::Serve,
            (false, true) => Verdict::ServeLoudly,
            (false, false) => Verdict::Refuse,
        }
    }
}

/// Of leaves, one in this many is drawn whatever its size.
const LEAVES: u64 = 100;
/// Of points, one in this many draws its leaf: a large batch is drawn more often, so a sweep cannot hide in one.
const POINTS: u64 = 1_000;

/// Whether the audit opens a leaf, by a seed made public after the leaf was logged: one leaf in a hundred, and one
/// for each thousand points asked. Anyone can repeat the draw, and an agency cannot know it beforehand.
pub fn drawn(seed: &[u8; 32], leaf: &[u8; 32], points: u32) -> bool {
    let wins = |number: u32, odds: u64| {
        let digest = Digest::of(&[b"dlx/audit", seed, leaf, &number.to_be_bytes()]);
        digest
            .0
            .first_chunk::<8>()
            .is_some_and(|b| u64::from_be_bytes(*b) < u64::MAX / odds)
    };
    wins(0, LEAVES) || (1..=points).any(|number| wins(number, POINTS))
}

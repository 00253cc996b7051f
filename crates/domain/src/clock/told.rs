//! When we were first told, and whether something was in time: the two questions a laundered clock gets wrong.
//!
//! Law: WT2023-ch3-referral-1wd (a clock runs from when the authority was told, whatever the thing is later called).

use crate::time::Instant;

/// How one telling of the same matter came about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TellingKind {
    /// Somebody told us.
    Told,
    /// The written form of something told before: joins it.
    Joined,
    /// Closed and opened again.
    ReOpened,
    /// Opened afresh, though it was told before.
    OpenedAfresh,
    /// Split from, merged with or passed on from another.
    Carried,
    /// Called something else: contact, enquiry, notification, referral, information.
    ReLabelled,
    /// Somebody says they told us then, and no record exists; nobody has agreed yet.
    Claimed,
    /// Such a claim, which a person has agreed is right.
    ClaimAgreed,
}

/// One telling: when, and how it came about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Telling {
    /// When we were told, or are said to have been.
    pub told: Instant,
    /// When that was written down here.
    pub recorded: Instant,
    /// How it came about.
    pub kind: TellingKind,
}

/// When the clock starts, and what has been done to hide it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FirstTold {
    /// The earliest telling that nobody disputes. Every clock of the matter runs from here.
    pub at: Instant,
    /// How often it was opened again or afresh since: none of them moved the clock.
    pub restarts: u32,
    /// Seconds from that telling until it was written down.
    pub gap_seconds: i64,
    /// The earliest telling that somebody claims and nobody has answered, if it is earlier still.
    pub claimed: Option<Instant>,
}

/// The first telling among all that were ever linked to one matter. None when there is none.
///
/// Adding a telling can only leave the answer where it is or move it earlier; no kind moves it later.
pub fn first_told(tellings: &[Telling]) -> Option<FirstTold> {
    let open_claim = |t: &&Telling| t.kind == TellingKind::Claimed;
    let first = tellings
        .iter()
        .filter(|t| !open_claim(t))
        .min_by_key(|t| (t.told, t.recorded))?;
    let restarts = tellings
        .iter()
        .filter(|t| matches!(t.kind, TellingKind::ReOpened | TellingKind::OpenedAfresh))
        .count();
    let claimed = tellings.iter().filter(open_claim).map(|t| t.told).min();
    Some(FirstTold {
        at: first.told,
        restarts: u32::try_from(restarts).unwrap_or(u32::MAX),
        gap_seconds: first.recorded.seconds_since(first.told).max(0),
        claimed: claimed.filter(|at| *at < first.told),
    })
}

/// Where a duty stands against its clock. Late stays late, whatever is done afterwards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Not done, and there is time: this many seconds.
    Running {
        /// Seconds left.
        left: i64,
    },
    /// Not done, and late by this many seconds.
    Overdue {
        /// Seconds since it was due.
        by: i64,
    },
    /// Done in time.
    InTime,
    /// Done, late by this many seconds.
    DoneLate {
        /// Seconds from due to done.
        by: i64,
    },
}

/// Compares when something was due with when it was done, or with now.
pub fn standing(due: Instant, done: Option<Instant>, now: Instant) -> Standing {
    match done {
        Some(done) if done <= due => Standing::InTime,
        Some(done) => Standing::DoneLate {
            by: done.seconds_since(due),
        },
        None if now <= due => Standing::Running {
            left: due.seconds_since(now),
        },
        None => Standing::Overdue {
            by: now.seconds_since(due),
        },
    }
}

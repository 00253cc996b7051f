//! Whether time can be trusted enough to act. No jump of the clock lapses a duty or climbs a ladder by itself: a person
//! says that it is so, and that is a record.

use domain::ladder::{Gap, Tick, gap};
use domain::policy::{Action, Item, Relation, Relations, Tier, What};
use domain::record::{Draft, Kind};
use domain::time::Instant;

use super::start::AFFAIRS;
use super::{Acting, AppError, Node, Refusal};
use crate::Inner;
use crate::assemble::Work;
use crate::store::{Change, Line, Submitted, Table, Val};
use crate::write::Batch;

/// The cursor that keeps when the ticker last ran.
const LAST_TICK: &str = "last-tick";

/// The last tick is written down no more often than this, in seconds; the least tolerance is twice that.
const KEPT_EVERY: i64 = 30;

/// What this process knows about time.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Ticking {
    /// Seconds that may pass unexplained; none: nothing is ever held.
    tolerance: Option<i64>,
    /// The last tick that was trusted, with a counter that cannot be set.
    last: Option<(Instant, std::time::Instant)>,
    /// The last that was written down.
    kept: Option<Instant>,
    /// Since when, and by how many seconds, the ticker is held.
    held: Option<Held>,
}

/// The ticker is held: nothing lapses or climbs until a person says that the time is right.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Held {
    /// The last time that can be trusted.
    pub last: Instant,
    /// Seconds since that nobody vouches for; negative when the clock went back.
    pub seconds: i64,
}

impl Node {
    /// From now on, holds the ticker when more than `tolerance` seconds (at least a minute) pass that nobody vouches for:
    /// the node was down, or the clock jumped. A node that is not told so never holds: a simulated clock moves in jumps.
    pub fn keep_time(&self, tolerance: i64) {
        self.inner.ticking().tolerance = Some(tolerance.max(KEPT_EVERY.saturating_mul(2)));
    }

    /// A person says that the time is right: the gap is written down with who said so, and the next tick acts on all that
    /// fell due in it, each once and in order.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for somebody whose post may not say so; [`Refusal::AlreadyDone`] when time is not held.
    pub async fn confirm_time(&self, acting: &Acting) -> Result<(), AppError> {
        let node = &self.inner;
        node.may_confirm_time(acting).await?;
        if self.time_held().is_none() {
            return Err(Refusal::AlreadyDone.into());
        }
        let now = node.clock.now();
        let last = node.last_tick().await?.unwrap_or(now);
        loop {
            let mut work = Work::on(node.load(AFFAIRS).await?);
            let draft = Draft::new(Kind::TimeGap, acting.actor())
                .code("from", last)
                .code("to", now)
                .code("seconds", now.seconds_since(last));
            work.push(now, draft)?;
            let batch = Batch {
                changes: vec![kept(now)],
                ..Batch::of(work)
            };
            match node.write(batch).await? {
                Submitted::Moved { .. } => {}
                _ => break,
            }
        }
        let mut ticking = node.ticking();
        ticking.last = Some((now, std::time::Instant::now()));
        ticking.kept = Some(now);
        ticking.held = None;
        Ok(())
    }

    /// Whether the ticker is held, as far as this process knows.
    #[must_use]
    pub fn time_held(&self) -> Option<Held> {
        self.inner.ticking().held
    }

    /// Whether this person may say that the time is right.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn may_confirm_time(&self, acting: &Acting) -> Result<bool, AppError> {
        match self.inner.may_confirm_time(acting).await {
            Ok(()) => Ok(true),
            Err(AppError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl Inner {
    async fn may_confirm_time(&self, acting: &Acting) -> Result<(), AppError> {
        let who = self.who(acting).await?;
        let mut what = What::new(Item::Health, AFFAIRS, Tier::Shared);
        what.relations = Relations::NONE.with(Relation::Agency);
        self.permit(&who, Action::ConfirmTime, &what, None).map(drop)
    }

    fn held(&self, last: Instant, seconds: i64) -> Option<i64> {
        self.ticking().held = Some(Held { last, seconds });
        Some(seconds)
    }

    fn ticking(&self) -> std::sync::MutexGuard<'_, Ticking> {
        self.ticking
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// When the ticker last ran here: as this process knows it, or as it was written down.
    async fn last_tick(&self) -> Result<Option<Instant>, AppError> {
        if let Some((at, _)) = self.ticking().last {
            return Ok(Some(at));
        }
        Ok(self.store.cursor(LAST_TICK).await?.map(Instant))
    }

    /// Seconds that nobody vouches for, when the ticker must not act; otherwise remembers that it runs now.
    pub(crate) async fn time_held(&self, now: Instant) -> Result<Option<i64>, AppError> {
        let known = *self.ticking();
        let Some(tolerance) = known.tolerance else {
            return Ok(None);
        };
        if let Some(last) = self.last_tick().await? {
            let steady = known
                .last
                .map(|(_, counter)| i64::try_from(counter.elapsed().as_secs()).unwrap_or(i64::MAX));
            let tick = Tick {
                last,
                now,
                steady,
                independent: None,
            };
            match gap(tick, tolerance) {
                Gap::None | Gap::Confirmed { .. } => {}
                Gap::Forward { seconds } => return Ok(self.held(last, seconds)),
                Gap::Backward { seconds } => return Ok(self.held(last, seconds.saturating_neg())),
            }
        }
        {
            let mut ticking = self.ticking();
            ticking.last = Some((now, std::time::Instant::now()));
            ticking.held = None;
        }
        if known.kept.is_none_or(|at| now.seconds_since(at) >= KEPT_EVERY) {
            let batch = Batch {
                works: Vec::new(),
                idempotency: None,
                changes: vec![kept(now)],
                expects: Vec::new(),
                line: Line::Ticker,
            };
            self.write(batch).await?;
            self.ticking().kept = Some(now);
        }
        Ok(None)
    }
}

fn kept(at: Instant) -> Change {
    Change::put(Table::Cursor, [Val::from(LAST_TICK)], [at.into()])
}

//! The ticker: what happens when nothing happens. A duty lapses, and climbs until a person answers.
//!
//! It opens no content. Each duty is looked at when its projection says so; what is written follows from the fold, so
//! whoever ticks, and however often, `(duty, rung)` happens once.

use domain::clock::Facing;
use domain::id::{DutyId, StreamId};
use domain::ladder::{
    Accept, Chairs, Climbing, Excluded, Exclusion, Next, Passed, Situation, SteppedOver, Told, ToldRung,
    climb,
};
use domain::record::{Actor, Draft, Kind};
use domain::time::Instant;
use domain::view::{Concern, Duty, NoticeState, Rung};

use super::{AppError, Node};
use crate::Inner;
use crate::assemble::Work;
use crate::store::{Line, Submitted};
use crate::write::Batch;

/// How many duties one round looks at.
const ROUND: u32 = 500;

/// What one tick did.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Ticked {
    /// Duties whose time ran out.
    pub lapsed: u32,
    /// Rungs climbed.
    pub climbed: u32,
    /// Duties that could go nowhere: every rung was passed. An alarm.
    pub nobody: u32,
    /// Nothing was done: so many seconds passed that nobody vouches for (below zero: the clock went back). A person says
    /// that the time is right with [`Node::confirm_time`].
    pub held: Option<i64>,
}

impl Node {
    /// Looks at every duty whose time has come.
    ///
    /// # Errors
    /// When the store cannot be read or written, or a ladder named in a record is not in the agency's file.
    pub async fn tick(&self) -> Result<Ticked, AppError> {
        let now = self.inner.clock.now();
        let held = self.inner.time_held(now).await?;
        let mut done = Ticked {
            held,
            ..Ticked::default()
        };
        if held.is_some() {
            return Ok(done);
        }
        let chairs = self.inner.chairs().await?;
        let mut after = None;
        loop {
            let due = self.inner.store.duties_due(now, after, ROUND).await?;
            let Some(last) = due.last() else { return Ok(done) };
            after = Some((last.next_at, last.id));
            let awake: Vec<_> = due.iter().filter(|d| !self.inner.is_snoozed(d.id, now)).collect();
            // In the order in which they fell due; neighbours of one concern in one write.
            for run in awake.chunk_by(|one, next| one.stream == next.stream) {
                let Some(stream) = run.first().map(|d| d.stream) else {
                    continue;
                };
                let duties: Vec<DutyId> = run.iter().map(|d| d.id).collect();
                self.inner
                    .tick_stream(&chairs, stream, &duties, now, &mut done)
                    .await?;
            }
        }
    }
}

impl Node {
    /// When the ticker has something to do next, after `after`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn next_due(&self, after: Instant) -> Result<Option<Instant>, AppError> {
        Ok(self.inner.store.next_due(after).await?)
    }
}

impl Inner {
    async fn tick_stream(
        &self,
        chairs: &Chairs,
        stream: StreamId,
        duties: &[DutyId],
        now: Instant,
        done: &mut Ticked,
    ) -> Result<(), AppError> {
        loop {
            let opened = self.load(stream).await?;
            let concern = Concern::fold(&opened.spines).map_err(|e| AppError::damaged(stream, e))?;
            let mut work = Work::on(opened);
            let mut round = Ticked::default();
            for id in duties {
                if let Some(duty) = concern
                    .duty(*id)
                    .filter(|d| d.next_at().is_some_and(|at| at <= now))
                {
                    self.tick_duty(chairs, &mut work, &concern, duty, now, &mut round)?;
                }
            }
            if work.drafts.is_empty() {
                return Ok(());
            }
            let batch = Batch {
                works: vec![work],
                idempotency: None,
                changes: Vec::new(),
                expects: Vec::new(),
                line: Line::Ticker,
            };
            match self.write(batch).await? {
                Submitted::Moved { .. } => {}
                _ => {
                    done.lapsed = done.lapsed.saturating_add(round.lapsed);
                    done.climbed = done.climbed.saturating_add(round.climbed);
                    done.nobody = done.nobody.saturating_add(round.nobody);
                    return Ok(());
                }
            }
        }
    }

    fn tick_duty(
        &self,
        chairs: &Chairs,
        work: &mut Work,
        concern: &Concern,
        duty: &Duty,
        now: Instant,
        done: &mut Ticked,
    ) -> Result<(), AppError> {
        if duty.lapsed.is_none() && duty.due <= now {
            let draft = Draft::new(Kind::Lapsed, Actor::Node)
                .duty(duty.id)
                .due(duty.due)
                .post(duty.owner.clone());
            work.push(now, draft)?;
            done.lapsed = done.lapsed.saturating_add(1);
        }
        let why = match (duty.cannot_by_then.is_some(), duty.standing()) {
            (true, None) if duty.lapsed.is_none() && duty.due > now => "cannot-by-then",
            (_, None) => "lapsed",
            (_, Some(_)) => "not-accepted",
        };
        let climbing = self.where_to(chairs, concern, duty, now)?;
        if let Next::WaitUntil(at) = climbing.next {
            self.snooze(duty.id, at, now);
        }
        self.write_climbing(work, duty, climbing, why, now, done)
    }

    /// Where the ladder sends a duty now.
    pub(crate) fn where_to(
        &self,
        chairs: &Chairs,
        concern: &Concern,
        duty: &Duty,
        now: Instant,
    ) -> Result<Climbing, AppError> {
        let ladder = self.ladder(&duty.ladder)?;
        let excluded: Vec<Excluded> = concern
            .exclusions
            .iter()
            .filter_map(|e| {
                Some(Excluded {
                    who: e.practitioner,
                    reason: Exclusion::from_code(&e.reason)?,
                })
            })
            .collect();
        let told: Vec<ToldRung> = duty
            .rungs
            .iter()
            .filter(|rung| rung.stepped_over.is_none())
            .filter_map(|rung| Some(told_rung(concern, duty.id, rung, rung.who?)))
            .collect();
        let stepped: Vec<SteppedOver> = duty.rungs.iter().filter_map(stepped_rung).collect();
        let situation = Situation {
            ladder,
            chairs,
            calendar: self.hours_calendar()?,
            facing: if duty.child_facing {
                Facing::Child
            } else {
                Facing::Housekeeping
            },
            all_hours: duty.all_hours,
            owner: &duty.owner,
            due: duty.due.min(duty.cannot_by_then.map_or(duty.due, |(_, at)| at)),
            told: &told,
            stepped: &stepped,
            excluded: &excluded,
            barred: &[],
            now,
        };
        Ok(climb(&situation)?)
    }

    /// Looks at a duty again no sooner than `at`, or in a quarter of an hour: chairs may change.
    fn snooze(&self, duty: DutyId, at: Instant, now: Instant) {
        let until = at.min(now.plus_minutes(15));
        self.snoozed
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .insert(duty, until);
    }

    fn is_snoozed(&self, duty: DutyId, now: Instant) -> bool {
        let mut snoozed = self
            .snoozed
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        match snoozed.get(&duty) {
            Some(until) if *until > now => true,
            Some(_) => snoozed.remove(&duty).is_none(),
            None => false,
        }
    }

    fn is_top(&self, ladder: &str, rung: &domain::id::PostId) -> Result<bool, AppError> {
        let ladder = self.ladder(ladder)?;
        let tops = [ladder.in_hours.last(), ladder.out_of_hours.last()];
        Ok(tops.into_iter().flatten().any(|top| top.post == *rung))
    }

    /// Writes the rungs passed and the rung climbed to, with its notices.
    pub(crate) fn write_climbing(
        &self,
        work: &mut Work,
        duty: &Duty,
        climbing: Climbing,
        why: &str,
        now: Instant,
        done: &mut Ticked,
    ) -> Result<(), AppError> {
        let number = duty.rung().saturating_add(1);
        for passed in climbing.stepped {
            let draft = Draft::new(Kind::SteppedOver, Actor::Node)
                .duty(duty.id)
                .post(passed.post)
                .code("rung", i64::from(number))
                .code("reason", passed.reason.code())
                .maybe("who", passed.who.map(|who| who.to_string()));
            work.push(now, draft)?;
        }
        match climbing.next {
            Next::Climb {
                rung,
                post,
                who,
                accept,
                by_when,
                outside,
                acceptor,
            } => {
                let (minutes, open) = match accept {
                    Accept::Minutes(minutes) => (minutes, false),
                    Accept::OpenMinutes(minutes) => (minutes, true),
                };
                let draft = Draft::new(Kind::Climbed, Actor::Node)
                    .duty(duty.id)
                    .post(rung.clone())
                    .post(post.clone())
                    .code("rung", i64::from(number))
                    .code("who", who.to_string())
                    .code("why", why)
                    .code("accept-minutes", i64::from(minutes))
                    .code("accept-open-hours", open)
                    .code("outside", outside)
                    .code("must-accept", acceptor)
                    .code("top", self.is_top(&duty.ladder, &rung)?);
                work.push(now, draft)?;
                self.queue_notices(work, Some(duty.id), &post, number, by_when, now)?;
                done.climbed = done.climbed.saturating_add(1);
            }
            Next::Nobody => done.nobody = done.nobody.saturating_add(1),
            Next::WaitUntil(_) | Next::WaitForNotice | Next::Rests | Next::TopReached { .. } => {}
        }
        Ok(())
    }

    /// Writes the notices that tell a post: on screen at once, and queued on its other channels.
    pub(crate) fn queue_notices(
        &self,
        work: &mut Work,
        duty: Option<DutyId>,
        post: &domain::id::PostId,
        rung: u32,
        accept_by: Option<Instant>,
        now: Instant,
    ) -> Result<(), AppError> {
        for channel in self.channels(post) {
            let notice = domain::record::hex(&crate::random::bytes::<16>()?);
            let state = if channel == "screen" {
                NoticeState::Sent
            } else {
                NoticeState::Queued
            };
            let mut draft = Draft::new(Kind::Notice, Actor::Node)
                .post(post.clone())
                .code("notice", notice)
                .code("rung", i64::from(rung))
                .code("channel", channel.as_str())
                .code("state", state.code());
            draft.duty = duty;
            if state == NoticeState::Sent {
                draft.due = accept_by;
            }
            work.push(now, draft)?;
        }
        Ok(())
    }
}

fn told_rung(concern: &Concern, duty: DutyId, rung: &Rung, who: domain::id::PractitionerId) -> ToldRung {
    let mut notices = concern
        .notices
        .iter()
        .filter(|n| n.duty == Some(duty) && n.rung == rung.number)
        .peekable();
    let any = notices.peek().is_some();
    let failed = any && notices.all(|n| n.state == NoticeState::Failed);
    // Whoever has stepped away since will not act on what they were told.
    let barred = concern
        .exclusions
        .iter()
        .any(|one| one.barred && one.practitioner == who);
    let told = match rung.told {
        _ if failed || barred => Told::Failed,
        Some(at) => Told::At(at),
        None => Told::NotYet,
    };
    let (minutes, open) = rung.accept;
    let accept = if open {
        Accept::OpenMinutes(minutes)
    } else {
        Accept::Minutes(minutes)
    };
    ToldRung {
        rung: rung.post.clone(),
        post: rung.told_in.clone(),
        who,
        accept,
        told,
    }
}

fn stepped_rung(rung: &Rung) -> Option<SteppedOver> {
    let reason = match rung.stepped_over.as_deref()? {
        "vacant" => Passed::Vacant,
        "away" => Passed::Away,
        "out-of-hours" => Passed::OutOfHours,
        "same-person" => Passed::SamePerson,
        code => Passed::Excluded(Exclusion::from_code(code)?),
    };
    Some(SteppedOver {
        post: rung.post.clone(),
        who: rung.who,
        reason,
    })
}

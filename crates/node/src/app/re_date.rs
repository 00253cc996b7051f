//! A new rule pack may say that things are due at another time. Each change is a record, and both times stay in view.
//! What has lapsed has lapsed: late is never made in time.

use domain::id::DutyId;
use domain::record::{Actor, Draft, Kind};
use domain::time::Instant;
use domain::view::{Concern, Duty};

use super::AppError;
use crate::Inner;
use crate::assemble::Work;
use crate::store::{Change, Line, Submitted, Table, Val};
use crate::write::Batch;

/// How many duties are looked at together.
const ROUND: u32 = 500;

impl Inner {
    /// Dates anew every open duty of which the pack in force says otherwise; once for each version of the pack, and again
    /// from the start when it was interrupted. Gives how many.
    ///
    /// Law: OWN-R10-re-dated
    pub(crate) async fn re_date(&self) -> Result<u32, AppError> {
        let done = format!("re-dated:{}", self.pack.version);
        if self.store.cursor(&done).await?.is_some() {
            return Ok(0);
        }
        let mut changed = 0_u32;
        let mut after = DutyId([0; 16]);
        loop {
            let found = self.store.open_duties(after, ROUND).await?;
            let Some((last, _)) = found.last() else { break };
            after = *last;
            let mut streams: Vec<_> = found.iter().map(|(_, stream)| *stream).collect();
            streams.sort();
            streams.dedup();
            for stream in streams {
                changed = changed.saturating_add(self.re_date_stream(stream).await?);
            }
        }
        let kept = Change::put(Table::Cursor, [Val::from(done.as_str())], [Val::I64(1)]);
        let batch = Batch {
            works: Vec::new(),
            idempotency: None,
            changes: vec![kept],
            expects: Vec::new(),
            line: Line::Ticker,
        };
        self.write(batch).await?;
        Ok(changed)
    }

    async fn re_date_stream(&self, stream: domain::id::StreamId) -> Result<u32, AppError> {
        loop {
            let opened = self.load(stream).await?;
            let concern = Concern::fold(&opened.spines).map_err(|e| AppError::damaged(stream, e))?;
            let mut work = Work::on(opened);
            let now = self.clock.now();
            for duty in concern.open_duties().filter(|duty| duty.lapsed.is_none()) {
                if let Some(draft) = self.dated_anew(duty) {
                    work.push(now, draft)?;
                }
            }
            let count = u32::try_from(work.drafts.len()).unwrap_or(u32::MAX);
            if count == 0 {
                return Ok(0);
            }
            let batch = Batch {
                line: Line::Ticker,
                ..Batch::of(work)
            };
            match self.write(batch).await? {
                Submitted::Moved { .. } => {}
                _ => return Ok(count),
            }
        }
    }

    /// The record that dates a duty anew, when its rule says otherwise now. A clock that the pack has no more keeps the
    /// time it was given.
    fn dated_anew(&self, duty: &Duty) -> Option<Draft> {
        let due = self.rule(&duty.clock, duty.told).ok()?.due(duty.told).ok()?;
        let same = |at: Instant| at == duty.due && due.provisional == duty.provisional;
        (!same(due.at)).then(|| {
            let mut draft = Draft::new(Kind::ReDated, Actor::Node)
                .duty(duty.id)
                .due(due.at)
                .code("was", duty.due)
                .code("pack", due.pack_version.as_str())
                .code("provisional", due.provisional);
            draft.subject = duty.subject;
            draft
        })
    }
}

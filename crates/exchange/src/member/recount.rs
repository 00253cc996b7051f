//! What the exchange should hold for this desk (D8): comparing its statements with our own rows, putting every row
//! again when they differ, and keeping rows from running out.

use super::rows::Load;
use super::{Member, RETRY, Stage};
use crate::draw::Draw;
use crate::envelope::{Course, Outgoing, Verified};
use crate::holdings;
use crate::ids::{Digest, Epoch, MessageId, Micros};
use crate::matchstate::Why;
use crate::message::{Agreeable as _, Approval, Holdings, Lane, MOST, Put, Recount, Step};
use crate::refusal::Refusal;
use crate::wire::encode;

/// How far a recount is.
#[derive(Clone, Debug)]
pub(super) struct Recounting {
    number: u64,
    /// The beginning or the end, while it has no receipt.
    waits: Option<(Outgoing, Micros)>,
    /// The end, while two officers have not agreed to it.
    unapproved: Option<Recount>,
    putting: bool,
}

impl Recounting {
    pub(super) fn again(&mut self, now: Micros, out: &mut Vec<Outgoing>) {
        if let Some((message, sent)) = &mut self.waits
            && now.since(*sent) >= RETRY
        {
            *sent = now;
            out.push(message.clone());
        }
    }
    pub(super) fn to_approve(&self, course: Course) -> Option<Digest> {
        self.unapproved.as_ref().map(|end| end.agreed(course))
    }
    pub(super) fn sent_as(&self, id: MessageId) -> bool {
        self.waits.as_ref().is_some_and(|(message, _)| message.id == id)
    }
}

/// The exchange holds other rows than were confirmed: an alarm with its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortfall {
    /// Rows we hold to be there.
    pub ours: u64,
    /// Rows it says are there. The numbers may be equal and the rows differ.
    pub theirs: u64,
    /// Begins a recount: to be sent.
    pub recount: Outgoing,
}

impl Member {
    /// Count and root of what the exchange should hold for this desk in an epoch on a day.
    pub fn own_holdings(&self, epoch: Epoch, day: u32) -> (u64, Digest) {
        let live = self
            .live
            .iter()
            .filter(|((e, _), _)| *e == epoch)
            .filter_map(|(_, id)| self.rows.get(id))
            .filter(|row| row.put.until >= day);
        holdings::root(live.map(|row| (row.put.id, &row.put.pointer, row.put.until)))
    }

    /// Compares the exchange's statement with our own. A difference while nothing is under way is an alarm, and a
    /// recount begins. Rows keep their ids, so hits repeat under the same ids and nobody acts twice. A statement made
    /// before our newest receipt says nothing.
    pub fn holdings(
        &mut self,
        message: &Verified<Holdings>,
        now: Micros,
        draw: &mut Draw,
    ) -> Result<Option<Shortfall>, Refusal> {
        let body = message.value();
        let epoch = message.envelope().epoch;
        if message.from() != self.identity.exchange || body.desk != self.identity.desk {
            return Err(Refusal::Sender);
        }
        if !self.epochs.contains_key(&epoch) {
            return Err(Refusal::Epoch);
        }
        self.inbox.accept(message)?;
        let under_way = self.batches.values().any(|batch| batch.epoch == epoch)
            || self.ready.iter().any(|batch| batch.epoch == epoch)
            || self.recounts.contains_key(&epoch);
        let old = self.confirmed.get(&epoch).is_some_and(|newest| body.at < *newest);
        let own = self.own_holdings(epoch, body.at.day());
        if under_way || old || (body.count, body.root) == own {
            return Ok(None);
        }
        Ok(Some(Shortfall {
            ours: own.0,
            theirs: body.count,
            recount: self.begin_again(epoch, now, draw),
        }))
    }

    /// Begins a recount: after either side came back from an old backup. Until every row is put again no subject of
    /// the epoch counts as checked.
    pub fn begin_again(&mut self, epoch: Epoch, now: Micros, draw: &mut Draw) -> Outgoing {
        let begin = Recount {
            desk: self.identity.desk,
            number: u64::from_be_bytes(draw.bytes()),
            step: Step::Begin,
            approvals: Vec::new(),
        };
        let message = Outgoing::new(self.identity.exchange, self.course(epoch), now, &begin);
        for subject in self.subjects.values_mut() {
            if let Some(stage @ Stage::Done(_)) = subject.stages.get_mut(&epoch) {
                *stage = Stage::Put(Why::Exchange);
                subject.since = now;
            }
        }
        let recount = Recounting {
            number: begin.number,
            waits: Some((message.clone(), now)),
            unapproved: None,
            putting: false,
        };
        self.recounts.insert(epoch, recount);
        message
    }

    /// A receipt for no batch: perhaps for the beginning or the end of a recount.
    pub(super) fn recount_confirmed(&mut self, of: MessageId, now: Micros, draw: &mut Draw) -> Vec<Outgoing> {
        let waiting = self.recounts.iter_mut().find(|(_, recount)| recount.sent_as(of));
        let Some((epoch, recount)) = waiting else {
            return Vec::new();
        };
        let (epoch, number) = (*epoch, recount.number);
        if recount.putting {
            self.recounts.remove(&epoch);
            return Vec::new();
        }
        recount.waits = None;
        recount.putting = true;
        let mut out = self.put_again(epoch, number, now, draw);
        out.extend(self.end_recounts(now));
        out
    }

    /// Sends every live row again. With the last of them every subject whose rows they are is checked again.
    fn put_again(&mut self, epoch: Epoch, number: u64, now: Micros, draw: &mut Draw) -> Vec<Outgoing> {
        let waits = |stage: Option<&Stage>| matches!(stage, Some(Stage::Put(_)));
        let subjects = self.subjects.iter();
        let subjects = subjects
            .filter(|(_, subject)| waits(subject.stages.get(&epoch)))
            .map(|(handle, subject)| (*handle, subject.version))
            .collect();
        let load = Load {
            subjects,
            recount: Some(number),
        };
        let puts = self.live_rows(epoch, |_| true);
        self.send_rows(epoch, Lane::Bulk, puts, load, now, draw)
    }

    fn live_rows(&self, epoch: Epoch, which: impl Fn(&Put) -> bool) -> Vec<Put> {
        let live = self.live.iter().filter(|((e, _), _)| *e == epoch);
        let mut puts: Vec<Put> = live
            .filter_map(|(_, id)| self.rows.get(id))
            .map(|row| &row.put)
            .filter(|put| which(put))
            .cloned()
            .collect();
        // no order that comes from tokens
        puts.sort_unstable_by_key(|put| put.id);
        puts
    }

    /// Ends every recount whose rows are all confirmed.
    pub(super) fn end_recounts(&mut self, now: Micros) -> Vec<Outgoing> {
        let mut out = Vec::new();
        for (epoch, recount) in &mut self.recounts {
            let ours = |load: &Load| load.recount == Some(recount.number);
            let under_way = self.batches.values().any(|batch| ours(&batch.load))
                || self.ready.iter().any(|batch| ours(&batch.load));
            let ended = recount.waits.is_some() || recount.unapproved.is_some();
            if !recount.putting || under_way || ended {
                continue;
            }
            let end = Recount {
                desk: self.identity.desk,
                number: recount.number,
                step: Step::End,
                approvals: Vec::new(),
            };
            if self.identity.guarded {
                recount.unapproved = Some(end);
                continue;
            }
            let course = Course {
                scope: self.identity.scope,
                epoch: *epoch,
            };
            let message = Outgoing::new(self.identity.exchange, course, now, &end);
            recount.waits = Some((message.clone(), now));
            out.push(message);
        }
        out
    }

    /// Two officers agreed to the end of a guarded desk's recount.
    pub(super) fn end_approved(
        &mut self,
        digest: Digest,
        approvals: Vec<Approval>,
        now: Micros,
    ) -> Option<Outgoing> {
        let (scope, exchange) = (self.identity.scope, self.identity.exchange);
        let course = |epoch: &Epoch| Course { scope, epoch: *epoch };
        let mut all = self.recounts.iter_mut();
        let (epoch, recount) = all.find(|(epoch, r)| r.to_approve(course(epoch)) == Some(digest))?;
        let end = Recount {
            approvals,
            ..recount.unapproved.take()?
        };
        let message = Outgoing::new(exchange, course(epoch), now, &end);
        recount.waits = Some((message.clone(), now));
        Some(message)
    }

    /// Gives every row that would soon run out more days, under the same id, so that hits repeat in silence and no
    /// key-holder is asked. To be called daily: a quarter of a row's time before its end it is renewed. Rows of random
    /// bytes are renewed like the others, or they would be told from them.
    pub fn renew(&mut self, now: Micros, draw: &mut Draw) -> Vec<Outgoing> {
        let soon = now.day().saturating_add(self.identity.keep_days / 4);
        let until = self.until(now);
        let mut out = Vec::new();
        for epoch in self.epochs.keys().copied().collect::<Vec<_>>() {
            let mut puts = self.live_rows(epoch, |put| put.until < soon);
            for put in &mut puts {
                put.until = until;
                if let Some(own) = self.rows.get_mut(&put.id) {
                    own.put.until = until;
                }
            }
            out.extend(self.send_rows(epoch, Lane::Bulk, puts, Load::default(), now, draw));
        }
        out
    }

    /// Bytes of batches that are sent but not confirmed, for the daily reconciliation.
    pub fn unconfirmed(&self) -> usize {
        self.batches
            .values()
            .map(|batch| encode(&batch.message.body).len())
            .sum()
    }
}

/// Most rows of one batch, so that whoever reads `put_again` sees how many batches there will be.
const _: () = assert!(MOST.is_multiple_of(crate::message::BULK));

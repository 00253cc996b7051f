//! Rows: sealing, padding, batches, receipts, deletions and what is put again after the exchange lost something.

use super::{Member, Stage};
use crate::draw::Draw;
use crate::envelope::{Outgoing, Verified};
use crate::holdings;
use crate::ids::{Epoch, Handle, Micros, RowId, Token};
use crate::matchkey::KeyType;
use crate::message::{
    Approval, BULK, Batch, BatchReceipt, ClearDesk, Del, Holdings, Lane, MOST, Put, URGENT,
};
use crate::oprf::Output;
use crate::pointer::{Place, Pointer, SEALED};
use crate::refusal::Refusal;
use crate::token;
use crate::wire::encode;

/// Deletions leave within this time of being asked.
pub const LATEST_DELETION: i64 = 24 * Micros::HOUR;

/// A row this agency put, with what opens the other side's pointer.
#[derive(Clone, Debug)]
pub(super) struct OwnRow {
    pub(super) epoch: Epoch,
    pub(super) token: Token,
    pub(super) y: Option<Output>,
    put: Put,
}

/// A row to be deleted.
#[derive(Clone, Debug)]
pub(super) struct Deletion {
    pub(super) epoch: Epoch,
    token: Token,
    row: RowId,
    since: Micros,
    sent: bool,
}

impl Deletion {
    pub(super) fn new(epoch: Epoch, token: Token, row: RowId, now: Micros) -> Self {
        Self {
            epoch,
            token,
            row,
            since: now,
            sent: false,
        }
    }
}

/// A batch that has no receipt yet.
#[derive(Clone, Debug)]
pub(super) struct SentBatch {
    pub(super) epoch: Epoch,
    pub(super) message: Outgoing,
    pub(super) sent: Micros,
    handles: Vec<Handle>,
}

/// A batch of a guarded desk that waits for two officers.
#[derive(Clone, Debug)]
pub(super) struct ReadyBatch {
    pub(super) epoch: Epoch,
    batch: Batch,
    handles: Vec<Handle>,
}

impl Member {
    /// Seals a row for each output and puts them in batches.
    pub(super) fn seal_rows(
        &mut self,
        epoch: Epoch,
        urgent: bool,
        outputs: Vec<(Handle, KeyType, Output)>,
        now: Micros,
        draw: &mut Draw,
    ) -> Vec<Outgoing> {
        let mut puts = Vec::with_capacity(outputs.len());
        let mut handles = Vec::new();
        for (handle, kind, y) in outputs {
            handles.push(handle);
            if self.subjects.contains_key(&handle) {
                puts.push(self.seal_row(epoch, handle, kind, y, now, draw));
            }
        }
        handles.sort_unstable();
        handles.dedup();
        // a later subject's row under the same token replaced an earlier one in this very batch
        puts.retain(|put| self.live.get(&(epoch, put.token)) == Some(&put.id));
        for handle in &handles {
            self.set_stage(*handle, epoch, Stage::Put);
        }
        let lane = if urgent && puts.len() <= URGENT {
            Lane::Urgent
        } else {
            Lane::Bulk
        };
        let mut out = Vec::new();
        let chunk = if lane == Lane::Urgent { URGENT } else { MOST };
        let last = puts.chunks(chunk).count().saturating_sub(1);
        for (n, rows) in puts.chunks(chunk).enumerate() {
            let handles = if n == last { handles.clone() } else { Vec::new() };
            out.extend(self.batch(epoch, lane, rows.to_vec(), handles, now, draw));
        }
        out
    }

    fn seal_row(
        &mut self,
        epoch: Epoch,
        handle: Handle,
        kind: KeyType,
        y: Output,
        now: Micros,
        draw: &mut Draw,
    ) -> Put {
        let (scope, desk) = (self.identity.scope, self.identity.desk);
        let token = token::token(&y, scope, epoch);
        let id = RowId(draw.bytes());
        let place = Place {
            scope,
            epoch,
            desk,
            row: id,
        };
        let held = self.held_keys(handle);
        let pointer = Pointer {
            handle,
            kind,
            held,
            hpke_key: self.identity.hpke_key,
        };
        let sealed = pointer.seal(&token::row_key(&y, scope, epoch, desk, id), &place, draw);
        let until = today(now).saturating_add(self.identity.keep_days);
        let put = Put {
            token,
            id,
            pointer: sealed,
            until,
        };
        self.rows.insert(
            id,
            OwnRow {
                epoch,
                token,
                y: Some(y),
                put: put.clone(),
            },
        );
        self.by_token
            .entry((epoch, token))
            .or_default()
            .insert((handle, kind));
        self.live.insert((epoch, token), id);
        put
    }

    /// Pads, shuffles and sends a batch, with the deletions that wait if it is bulk.
    fn batch(
        &mut self,
        epoch: Epoch,
        lane: Lane,
        mut puts: Vec<Put>,
        handles: Vec<Handle>,
        now: Micros,
        draw: &mut Draw,
    ) -> Option<Outgoing> {
        let unit = if lane == Lane::Urgent { URGENT } else { BULK };
        while puts.is_empty() || !puts.len().is_multiple_of(unit) {
            puts.push(self.dummy(epoch, now, draw));
        }
        draw.shuffle(&mut puts);
        let mut dels = Vec::new();
        if lane == Lane::Bulk {
            for deletion in self
                .deletions
                .iter_mut()
                .filter(|d| d.epoch == epoch && !d.sent)
                .take(MOST)
            {
                deletion.sent = true;
                dels.push(Del {
                    token: deletion.token,
                    id: deletion.row,
                });
            }
        }
        let batch = Batch {
            desk: self.identity.desk,
            lane,
            puts,
            dels,
            approvals: Vec::new(),
        };
        if self.identity.guarded {
            self.ready.push(ReadyBatch {
                epoch,
                batch,
                handles,
            });
            return None;
        }
        Some(self.send(epoch, &batch, handles, now))
    }

    fn send(&mut self, epoch: Epoch, batch: &Batch, handles: Vec<Handle>, now: Micros) -> Outgoing {
        let message = Outgoing::new(self.identity.exchange, self.course(epoch), now, batch);
        let sent = SentBatch {
            epoch,
            message: message.clone(),
            sent: now,
            handles,
        };
        self.batches.insert(message.id, sent);
        message
    }

    /// A row of random bytes: no key-holder is asked, and nobody can tell it from another.
    fn dummy(&mut self, epoch: Epoch, now: Micros, draw: &mut Draw) -> Put {
        let mut pointer = [0; SEALED];
        draw.fill(&mut pointer);
        let until = today(now).saturating_add(self.identity.keep_days);
        let put = Put {
            token: Token(draw.bytes()),
            id: RowId(draw.bytes()),
            pointer,
            until,
        };
        self.rows.insert(
            put.id,
            OwnRow {
                epoch,
                token: put.token,
                y: None,
                put: put.clone(),
            },
        );
        self.live.insert((epoch, put.token), put.id);
        put
    }

    /// For a guarded desk: what two officers must sign before rows leave.
    pub fn to_approve(&self) -> impl Iterator<Item = crate::ids::Digest> {
        self.ready.iter().map(|ready| ready.batch.agreed())
    }

    /// Two officers agreed to a batch of a guarded desk: it leaves.
    pub fn approved(
        &mut self,
        digest: crate::ids::Digest,
        approvals: Vec<Approval>,
        now: Micros,
    ) -> Option<Outgoing> {
        let at = self
            .ready
            .iter()
            .position(|ready| ready.batch.agreed() == digest)?;
        let ready = self.ready.swap_remove(at);
        let batch = Batch {
            approvals,
            ..ready.batch
        };
        Some(self.send(ready.epoch, &batch, ready.handles, now))
    }

    /// Sends the deletions that wait, when a bulk batch has not carried them in time.
    pub fn flush_deletions(&mut self, now: Micros, draw: &mut Draw) -> Vec<Outgoing> {
        let late = |d: &&Deletion| !d.sent && now.since(d.since) >= LATEST_DELETION / 2;
        let mut epochs: Vec<Epoch> = self.deletions.iter().filter(late).map(|d| d.epoch).collect();
        epochs.sort_unstable();
        epochs.dedup();
        epochs
            .into_iter()
            .filter_map(|epoch| self.batch(epoch, Lane::Bulk, Vec::new(), Vec::new(), now, draw))
            .collect()
    }

    /// The exchange confirms a batch: its subjects are checked. A receipt for other bytes is refused, and with our own
    /// batch is evidence. Once a clearing is confirmed, every row is put again.
    pub fn receipt(
        &mut self,
        message: &Verified<BatchReceipt>,
        now: Micros,
        draw: &mut Draw,
    ) -> Result<Vec<Outgoing>, Refusal> {
        let body = message.value();
        if message.from() != self.identity.exchange {
            return Err(Refusal::Sender);
        }
        let decided = self.decisions.values_mut().filter(|(_, m, _)| m.id == body.of);
        decided.for_each(|(_, _, sent)| *sent = None);
        if let Some(at) = self.clearing.iter().position(|(_, m, _)| m.id == body.of) {
            let (epoch, _, _) = self.clearing.swap_remove(at);
            return Ok(self.put_again(epoch, now, draw));
        }
        let Some(sent) = self.batches.get(&body.of) else {
            return Ok(Vec::new());
        };
        if body.digest != crate::ids::Digest::of(&[&sent.message.body.0]) {
            return Err(Refusal::Conflict);
        }
        let Some(sent) = self.batches.remove(&body.of) else {
            return Ok(Vec::new());
        };
        for handle in sent.handles {
            self.set_stage(handle, sent.epoch, Stage::Done(message.envelope().at));
        }
        Ok(Vec::new())
    }

    /// Count and root of what the exchange should hold for this desk in an epoch.
    pub fn own_holdings(&self, epoch: Epoch) -> (u64, crate::ids::Digest) {
        let live = self
            .live
            .iter()
            .filter(|((e, _), _)| *e == epoch)
            .filter_map(|(_, id)| self.rows.get(id));
        holdings::root(live.map(|row| (row.put.id, &row.put.pointer, row.put.until)))
    }

    /// Compares the exchange's statement with our own. A difference while nothing is under way is an alarm; the desk
    /// is cleared and every row put again. Rows keep their ids, so hits repeat under the same ids and nobody acts twice.
    pub fn holdings(
        &mut self,
        message: &Verified<Holdings>,
        now: Micros,
        draw: &mut Draw,
    ) -> Result<Option<Outgoing>, Refusal> {
        let body = message.value();
        let epoch = message.envelope().epoch;
        if message.from() != self.identity.exchange || body.desk != self.identity.desk {
            return Err(Refusal::Sender);
        }
        let under_way = self.batches.values().any(|batch| batch.epoch == epoch)
            || self.ready.iter().any(|batch| batch.epoch == epoch)
            || self.clearing.iter().any(|(e, _, _)| *e == epoch);
        if under_way || (body.count, body.root) == self.own_holdings(epoch) {
            return Ok(None);
        }
        Ok(Some(self.begin_again(epoch, now, draw)))
    }

    /// Clears the desk at the exchange and, once that is confirmed, puts every row again: after either side came back
    /// from an old backup.
    pub fn begin_again(&mut self, epoch: Epoch, now: Micros, draw: &mut Draw) -> Outgoing {
        let clear = ClearDesk {
            desk: self.identity.desk,
            number: u64::from_be_bytes(draw.bytes()),
        };
        let message = Outgoing::new(self.identity.exchange, self.course(epoch), now, &clear);
        self.clearing.push((epoch, message.clone(), now));
        message
    }

    /// Sends every live row and every recent deletion again.
    fn put_again(&mut self, epoch: Epoch, now: Micros, draw: &mut Draw) -> Vec<Outgoing> {
        self.deletions
            .iter_mut()
            .filter(|d| d.epoch == epoch)
            .for_each(|d| d.sent = false);
        let live = self
            .live
            .iter()
            .filter(|((e, _), _)| *e == epoch)
            .filter_map(|(_, id)| self.rows.get(id));
        let puts: Vec<Put> = live.map(|row| row.put.clone()).collect();
        let mut out = Vec::new();
        for rows in puts.chunks(MOST) {
            out.extend(self.batch(epoch, Lane::Bulk, rows.to_vec(), Vec::new(), now, draw));
        }
        out
    }

    /// Forgets deletions older than the exchange's backups can be.
    pub fn forget_deletions(&mut self, now: Micros, horizon: i64) {
        self.deletions.retain(|d| !d.sent || now.since(d.since) < horizon);
    }

    /// Bytes of a batch that is sent but not confirmed, for the daily reconciliation.
    pub fn unconfirmed(&self) -> usize {
        self.batches
            .values()
            .map(|batch| encode(&batch.message.body).len())
            .sum()
    }
}

fn today(now: Micros) -> u32 {
    u32::try_from(now.0.div_euclid(Micros::DAY)).unwrap_or(0)
}

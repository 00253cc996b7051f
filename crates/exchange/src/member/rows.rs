//! Rows: sealing, padding, batches, receipts, and deletions.

use super::{Member, Stage, Who};
use crate::draw::Draw;
use crate::envelope::{Outgoing, Verified};
use crate::ids::{Digest, Epoch, Handle, MessageId, Micros, RowId, Token};
use crate::matchkey::KeyType;
use crate::matchstate::Why;
use crate::message::{Agreeable as _, Approval, BULK, Batch, BatchReceipt, Del, Lane, MOST, Put, URGENT};
use crate::oprf::Output;
use crate::pointer::{Place, Pointer, SEALED};
use crate::refusal::Refusal;
use crate::token;
use std::collections::BTreeSet;

/// Deletions leave within this time of being asked.
pub const LATEST_DELETION: i64 = 24 * Micros::HOUR;
/// Deletions come in multiples of this, filled with rows of random bytes, so that their number tells little.
const DELETIONS: usize = 8;

/// A row this agency put, with what opens the other side's pointer.
#[derive(Clone, Debug)]
pub(super) struct OwnRow {
    pub(super) epoch: Epoch,
    pub(super) token: Token,
    pub(super) y: Option<Output>,
    pub(super) put: Put,
    /// The subject its pointer names.
    names: Option<Handle>,
}

/// A row to be deleted.
#[derive(Clone, Debug)]
pub(super) struct Deletion {
    pub(super) epoch: Epoch,
    token: Token,
    row: RowId,
    since: Micros,
    /// The batch that carries it, once one does.
    sent: Option<MessageId>,
}

impl Deletion {
    pub(super) fn new(epoch: Epoch, token: Token, row: RowId, now: Micros) -> Self {
        Self {
            epoch,
            token,
            row,
            since: now,
            sent: None,
        }
    }
}

/// A batch that has no receipt yet.
#[derive(Clone, Debug)]
pub(super) struct SentBatch {
    pub(super) epoch: Epoch,
    pub(super) message: Outgoing,
    pub(super) sent: Micros,
    pub(super) refused: bool,
    pub(super) load: Load,
    puts: BTreeSet<RowId>,
}

/// A batch of a guarded desk that waits for two officers.
#[derive(Clone, Debug)]
pub(super) struct ReadyBatch {
    pub(super) epoch: Epoch,
    pub(super) load: Load,
    batch: Batch,
}

/// What depends on a batch being confirmed.
#[derive(Clone, Debug, Default)]
pub(super) struct Load {
    /// Subjects that are checked then.
    pub(super) subjects: Vec<Who>,
    /// The recount it is part of.
    pub(super) recount: Option<u64>,
}

/// One output, for whom and of which kind.
pub(super) type Evaluated = (Who, KeyType, Output);

impl Member {
    /// Seals a row for each output and puts them in batches. What was asked for keys a subject no longer has is dropped.
    pub(super) fn seal_rows(
        &mut self,
        epoch: Epoch,
        urgent: bool,
        outputs: Vec<Evaluated>,
        now: Micros,
        draw: &mut Draw,
    ) -> Vec<Outgoing> {
        let mut puts = Vec::with_capacity(outputs.len());
        let mut subjects = Vec::new();
        for (who, kind, y) in outputs {
            if self.is_current(who) {
                subjects.push(who);
                let token = token::token(&y, self.identity.scope, epoch);
                let holders = self.by_token.entry((epoch, token)).or_default();
                holders.insert((who.0, kind));
                puts.push(self.seal_row(epoch, who.0, kind, y, now, draw));
            }
        }
        subjects.sort_unstable();
        subjects.dedup();
        // a later subject's row under the same token replaced an earlier one in this very batch
        puts.retain(|put| self.live.get(&(epoch, put.token)) == Some(&put.id));
        for who in &subjects {
            self.set_stage(*who, epoch, Stage::Put(Why::Exchange));
        }
        let lane = if urgent && puts.len() <= URGENT {
            Lane::Urgent
        } else {
            Lane::Bulk
        };
        let load = Load {
            subjects,
            recount: None,
        };
        self.send_rows(epoch, lane, puts, load, now, draw)
    }

    /// Puts rows in as many batches as they need. The last one carries what depends on them all.
    pub(super) fn send_rows(
        &mut self,
        epoch: Epoch,
        lane: Lane,
        puts: Vec<Put>,
        load: Load,
        now: Micros,
        draw: &mut Draw,
    ) -> Vec<Outgoing> {
        let most = if lane == Lane::Urgent { URGENT } else { MOST };
        let mut chunks: Vec<Vec<Put>> = puts.chunks(most).map(<[Put]>::to_vec).collect();
        let last = chunks.pop();
        let mut out = Vec::new();
        for rows in chunks {
            let load = Load {
                subjects: Vec::new(),
                recount: load.recount,
            };
            out.extend(self.batch(epoch, lane, rows, load, now, draw));
        }
        if let Some(rows) = last {
            out.extend(self.batch(epoch, lane, rows, load, now, draw));
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
        let pointer = Pointer {
            handle,
            kind,
            held: self.held_keys(handle),
            hpke_key: self.identity.hpke_key,
        };
        let sealed = pointer.seal(&token::row_key(&y, scope, epoch, desk, id), &place, draw);
        let put = Put {
            token,
            id,
            pointer: sealed,
            until: self.until(now),
        };
        self.keep(epoch, put.clone(), Some(y), Some(handle));
        put
    }

    fn keep(&mut self, epoch: Epoch, put: Put, y: Option<Output>, names: Option<Handle>) {
        self.live.insert((epoch, put.token), put.id);
        let row = OwnRow {
            epoch,
            token: put.token,
            y,
            put,
            names,
        };
        self.rows.insert(row.put.id, row);
    }

    /// The last day of a row put now.
    pub(super) fn until(&self, now: Micros) -> u32 {
        now.day().saturating_add(self.identity.keep_days)
    }

    /// Pads, shuffles and sends a batch. If it is bulk it carries the deletions that wait, and rows to be sealed again.
    fn batch(
        &mut self,
        epoch: Epoch,
        lane: Lane,
        mut puts: Vec<Put>,
        load: Load,
        now: Micros,
        draw: &mut Draw,
    ) -> Option<Outgoing> {
        let mut dels = Vec::new();
        if lane == Lane::Bulk {
            let room = MOST.saturating_sub(puts.len());
            puts.extend(self.sealed_again(epoch, room, now, draw));
            dels = self.deletions_now(epoch, draw);
        }
        let unit = if lane == Lane::Urgent { URGENT } else { BULK };
        while puts.is_empty() || !puts.len().is_multiple_of(unit) {
            puts.push(self.dummy(epoch, now, draw));
        }
        draw.shuffle(&mut puts);
        draw.shuffle(&mut dels);
        let batch = Batch {
            desk: self.identity.desk,
            lane,
            puts,
            dels,
            approvals: Vec::new(),
        };
        if self.identity.guarded {
            self.ready.push(ReadyBatch { epoch, batch, load });
            return None;
        }
        Some(self.send(epoch, &batch, load, now))
    }

    fn send(&mut self, epoch: Epoch, batch: &Batch, load: Load, now: Micros) -> Outgoing {
        let message = Outgoing::new(self.identity.exchange, self.course(epoch), now, batch);
        for del in &batch.dels {
            let own = self.deletions.iter_mut();
            own.filter(|d| d.epoch == epoch && d.row == del.id)
                .for_each(|d| d.sent = Some(message.id));
        }
        let sent = SentBatch {
            epoch,
            message: message.clone(),
            sent: now,
            refused: false,
            load,
            puts: batch.puts.iter().map(|put| put.id).collect(),
        };
        self.batches.insert(message.id, sent);
        message
    }

    /// Rows whose pointer names a subject that was withdrawn, for one that still has the token.
    fn sealed_again(&mut self, epoch: Epoch, room: usize, now: Micros, draw: &mut Draw) -> Vec<Put> {
        let places: Vec<Token> = self
            .reseals
            .keys()
            .filter(|(e, _)| *e == epoch)
            .map(|(_, token)| *token)
            .take(room)
            .collect();
        let mut out = Vec::new();
        for token in places {
            self.reseals.remove(&(epoch, token));
            let row = self.live.get(&(epoch, token)).and_then(|id| self.rows.get(id));
            let holders = self.by_token.get(&(epoch, token));
            let (Some(row), Some(holders)) = (row, holders) else {
                continue;
            };
            let named = |(handle, _): &&(Handle, KeyType)| row.names == Some(*handle);
            let (Some((handle, kind)), Some(y), false) =
                (holders.first(), row.y.clone(), holders.iter().any(|h| named(&h)))
            else {
                continue;
            };
            let (handle, kind) = (*handle, *kind);
            out.push(self.seal_row(epoch, handle, kind, y, now, draw));
        }
        out
    }

    /// The deletions that may be carried now: those whose row is surely there and that no batch carries yet.
    fn deletable(&self, epoch: Epoch) -> impl Iterator<Item = &Deletion> {
        let on_its_way = |row: &RowId| {
            let mut ready = self.ready.iter().flat_map(|ready| &ready.batch.puts);
            self.batches.values().any(|batch| batch.puts.contains(row)) || ready.any(|put| put.id == *row)
        };
        let in_hand = |row: &RowId| {
            let mut dels = self.ready.iter().flat_map(|ready| &ready.batch.dels);
            dels.any(|del| del.id == *row)
        };
        let waiting = move |d: &&Deletion| d.epoch == epoch && d.sent.is_none();
        self.deletions
            .iter()
            .filter(waiting)
            .filter(move |d| !on_its_way(&d.row) && !in_hand(&d.row))
    }

    /// The deletions to carry now, and rows of random bytes to make up the number.
    fn deletions_now(&mut self, epoch: Epoch, draw: &mut Draw) -> Vec<Del> {
        let mut dels: Vec<Del> = self
            .deletable(epoch)
            .take(MOST)
            .map(|d| Del {
                token: d.token,
                id: d.row,
            })
            .collect();
        // no order that comes from tokens
        dels.sort_unstable_by_key(|del| del.id);
        while !dels.len().is_multiple_of(DELETIONS) {
            // a random one: the next after a random id, or the first
            let from = RowId(draw.bytes());
            let next = self.dummies.range((epoch, from)..).find(|(e, _)| *e == epoch);
            let first = || self.dummies.iter().find(|(e, _)| *e == epoch);
            let Some((_, row)) = next.or_else(first).copied() else {
                break;
            };
            self.dummies.remove(&(epoch, row));
            if let Some(own) = self.rows.remove(&row) {
                self.live.remove(&(epoch, own.token));
                dels.push(Del {
                    token: own.token,
                    id: row,
                });
            }
        }
        dels
    }

    /// A row of random bytes: no key-holder is asked, and nobody can tell it from another.
    fn dummy(&mut self, epoch: Epoch, now: Micros, draw: &mut Draw) -> Put {
        let mut pointer = [0; SEALED];
        draw.fill(&mut pointer);
        let put = Put {
            token: Token(draw.bytes()),
            id: RowId(draw.bytes()),
            pointer,
            until: self.until(now),
        };
        self.keep(epoch, put.clone(), None, None);
        self.dummies.insert((epoch, put.id));
        put
    }

    /// For a guarded desk: what two officers must sign before anything leaves.
    pub fn to_approve(&self) -> impl Iterator<Item = Digest> {
        let batches = self.ready.iter();
        let batches = batches.map(|ready| ready.batch.agreed(self.course(ready.epoch)));
        let ends = self.recounts.iter();
        batches.chain(ends.filter_map(|(epoch, recount)| recount.to_approve(self.course(*epoch))))
    }

    /// Two officers agreed to a batch of a guarded desk, or to the end of its recount: it leaves.
    pub fn approved(&mut self, digest: Digest, approvals: Vec<Approval>, now: Micros) -> Option<Outgoing> {
        let fits = |ready: &ReadyBatch| ready.batch.agreed(self.course(ready.epoch)) == digest;
        let Some(at) = self.ready.iter().position(fits) else {
            return self.end_approved(digest, approvals, now);
        };
        let ready = self.ready.swap_remove(at);
        let batch = Batch {
            approvals,
            ..ready.batch
        };
        Some(self.send(ready.epoch, &batch, ready.load, now))
    }

    /// Sends deletions, and rows to be sealed again, when no bulk batch has carried them in half the time they have.
    pub fn flush_deletions(&mut self, now: Micros, draw: &mut Draw) -> Vec<Outgoing> {
        let late = |since: Micros| now.since(since) >= LATEST_DELETION / 2;
        let due = |epoch: &Epoch| {
            let reseals = self.reseals.iter().filter(|((e, _), _)| e == epoch);
            self.deletable(*epoch).any(|d| late(d.since))
                || reseals.into_iter().any(|(_, since)| late(*since))
        };
        let epochs: Vec<Epoch> = self.epochs.keys().copied().filter(due).collect();
        epochs
            .into_iter()
            .filter_map(|epoch| self.batch(epoch, Lane::Bulk, Vec::new(), Load::default(), now, draw))
            .collect()
    }

    /// The exchange confirms a batch: its subjects are checked, and what it deleted is forgotten here too. A receipt for
    /// other bytes is refused, and with our own batch is evidence. Once the beginning of a recount is confirmed, every
    /// row is put again.
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
        self.inbox.look(message)?;
        let decided = self.decisions.values_mut().filter(|(_, m, _)| m.id == body.of);
        decided.for_each(|(_, _, sent)| *sent = None);
        let Some(sent) = self.batches.get(&body.of) else {
            self.inbox.accept(message)?;
            return Ok(self.recount_confirmed(body.of, now, draw));
        };
        if body.digest != Digest::of(&[&sent.message.body.0]) {
            return Err(Refusal::Conflict);
        }
        self.inbox.accept(message)?;
        let Some(sent) = self.batches.remove(&body.of) else {
            return Ok(Vec::new());
        };
        let (epoch, at) = (sent.epoch, message.envelope().at);
        let latest = self.confirmed.entry(epoch).or_insert(at);
        *latest = (*latest).max(at);
        for who in sent.load.subjects {
            self.set_stage(who, epoch, Stage::Done(at));
        }
        self.deleted(body.of);
        Ok(self.end_recounts(now))
    }

    /// Forgets what a confirmed batch deleted: the rows, and the outputs they were made from.
    fn deleted(&mut self, batch: MessageId) {
        let gone: BTreeSet<(Epoch, Token)> = self
            .deletions
            .iter()
            .filter(|d| d.sent == Some(batch))
            .map(|d| (d.epoch, d.token))
            .collect();
        if gone.is_empty() {
            return;
        }
        self.deletions.retain(|d| d.sent != Some(batch));
        let live = &self.live;
        self.rows.retain(|_, row| {
            let place = (row.epoch, row.token);
            !gone.contains(&place) || live.contains_key(&place)
        });
    }
}

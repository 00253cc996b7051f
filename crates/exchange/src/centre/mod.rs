//! The exchange: takes batches of rows, commits every hit for both sides at once, holds what a custodian must see
//! first, and delivers each notice until it is collected (D3, D7 to D9). It stores no names and no key types.
//!
//! Parts: `hits` (what two rows that meet lead to), `statements` (what it says of a desk's rows).

mod hits;
mod statements;

pub use statements::held_rows;

use crate::custodian::{HeldHit, Officers};
use crate::envelope::{Acceptance, Course, Inbox, Outgoing, Verified};
use crate::ids::{DeskId, Digest, HitId, MessageId, Micros, PartyId, RowId};
use crate::index::{DeskNo, Directory, Index, Met, Row};
use crate::message::{Agreeable as _, BULK, Batch, BatchReceipt, Crowded, Lane, MOST, Notice, Put, URGENT};
use crate::refusal::Refusal;
use crate::wire::{Wire, encode};
use domain::agreement::Agreement;
use std::collections::{BTreeMap, HashMap};

/// Ordinary desks under one token before its holders are told that it is crowded.
pub const CROWD: u32 = 50;
/// How long an uncollected message waits before it is sent again.
pub const RETRY: i64 = 2 * Micros::SECOND;

/// Which message of a hit waits for a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    Notice(HitId, DeskId),
    Held(HitId, DeskId),
    Lapsed(HitId),
    Crowded(RowId, u32),
}

#[derive(Clone, Debug)]
struct Waiting {
    message: Outgoing,
    sent: Option<Micros>,
}

/// What a hit is at.
#[derive(Clone, Debug)]
enum Phase {
    Told { collected: [bool; 2] },
    Held(HeldHit),
    Closed,
}

#[derive(Clone, Debug)]
struct Hit {
    notices: [Notice; 2],
    agencies: [PartyId; 2],
    phase: Phase,
}

/// The exchange's state for one sharing agreement and epoch.
#[derive(Clone, Debug)]
pub struct Centre {
    course: Course,
    coordinator: PartyId,
    agreement: Agreement,
    index: Index,
    officers: Officers,
    inbox: Inbox,
    receipts: HashMap<(PartyId, MessageId), Outgoing>,
    /// Which message each agreement of two officers went into: none serves twice.
    agreed: HashMap<Digest, (PartyId, MessageId)>,
    recounts: HashMap<DeskId, u64>,
    hits: BTreeMap<HitId, Hit>,
    waiting: BTreeMap<(PartyId, Slot), Waiting>,
    crowds: HashMap<[u8; 16], u32>,
}

impl Centre {
    /// An empty exchange. `pepper` stays outside its store and backups.
    pub fn new(
        course: Course,
        coordinator: PartyId,
        agreement: Agreement,
        pepper: [u8; 32],
        directory: Directory,
        officers: Officers,
    ) -> Self {
        Self {
            course,
            coordinator,
            agreement,
            index: Index::new(pepper, directory),
            officers,
            inbox: Inbox::default(),
            receipts: HashMap::new(),
            agreed: HashMap::new(),
            recounts: HashMap::new(),
            hits: BTreeMap::new(),
            waiting: BTreeMap::new(),
            crowds: HashMap::new(),
        }
    }
    /// The table of rows.
    pub fn index(&self) -> &Index {
        &self.index
    }
    /// Hits committed, with whether each is held, told or closed and which sides collected: what the exchange knows.
    pub fn hits(&self) -> impl Iterator<Item = (&HitId, [RowId; 2], [DeskId; 2])> {
        self.hits.iter().map(|(id, hit)| {
            (
                id,
                hit.notices.each_ref().map(|n| n.mine),
                hit.notices.each_ref().map(|n| n.desk),
            )
        })
    }
    /// Notices not yet collected, and since when: the exchange's own alarm.
    pub fn uncollected(&self) -> usize {
        self.waiting.len()
    }

    fn desk(&self, id: DeskId, party: PartyId) -> Result<DeskNo, Refusal> {
        let number = self.index.directory().number(id).ok_or(Refusal::Desk)?;
        let desk = self.index.directory().desk(number).ok_or(Refusal::Desk)?;
        if desk.agency == party {
            Ok(number)
        } else {
            Err(Refusal::Desk)
        }
    }
    fn in_course<T>(&self, message: &Verified<T>) -> Result<(), Refusal> {
        let envelope = message.envelope();
        match (
            envelope.scope == self.course.scope,
            envelope.epoch == self.course.epoch,
        ) {
            (true, true) => Ok(()),
            (false, _) => Err(Refusal::Scope),
            (true, false) => Err(Refusal::Epoch),
        }
    }

    /// For a message that was taken before: the receipt it got. It is the first thing looked at, so that a repeat
    /// never meets a rule that what it did itself has since put in its way.
    fn repeated<T>(&mut self, message: &Verified<T>) -> Result<Option<Outgoing>, Refusal> {
        if self.inbox.look(message)? == Acceptance::New {
            return Ok(None);
        }
        self.inbox.accept(message)?;
        let receipt = self.receipts.get(&(message.from(), message.id()));
        receipt.cloned().map(Some).ok_or(Refusal::Conflict)
    }

    /// Remembers a message that was acted on, and the receipt it gets.
    fn receive<T: Wire>(
        &mut self,
        message: &Verified<T>,
        counts: (usize, usize),
        now: Micros,
    ) -> Result<Outgoing, Refusal> {
        self.inbox.accept(message)?;
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let receipt = BatchReceipt {
            of: message.id(),
            digest: Digest::of(&[&encode(message.value())]),
            put: count(counts.0),
            deleted: count(counts.1),
        };
        let receipt = Outgoing::new(message.from(), self.course, now, &receipt);
        self.receipts
            .insert((message.from(), message.id()), receipt.clone());
        Ok(receipt)
    }

    /// Takes a batch: rows in, rows out, hits committed, one receipt; or a refusal, and nothing is changed. The same
    /// batch again gets the same receipt and changes nothing.
    pub fn batch(&mut self, message: &Verified<Batch>, now: Micros) -> Result<Outgoing, Refusal> {
        self.in_course(message)?;
        if let Some(receipt) = self.repeated(message)? {
            return Ok(receipt);
        }
        let batch = message.value();
        let desk = self.desk(batch.desk, message.from())?;
        shape(batch)?;
        let agreed = batch.agreed(self.course);
        self.officers.check_batch(&self.index, desk, batch, &agreed)?;
        if !self.index.has_room(batch.puts.len()) {
            return Err(Refusal::Range);
        }
        if !batch.approvals.is_empty() {
            self.agree_once(agreed, message)?;
        }
        for put in &batch.puts {
            self.put(desk, put, batch.lane == Lane::Urgent, now)?;
        }
        let dels = batch.dels.iter();
        let deleted = dels
            .filter(|del| self.index.delete(desk, del.token, del.id))
            .count();
        self.receive(message, (batch.puts.len(), deleted), now)
    }

    /// Two officers' agreement serves the message it was first sent in, and no other.
    fn agree_once<T>(&mut self, agreed: Digest, message: &Verified<T>) -> Result<(), Refusal> {
        let this = (message.from(), message.id());
        match *self.agreed.entry(agreed).or_insert(this) == this {
            true => Ok(()),
            false => Err(Refusal::Conflict),
        }
    }

    fn put(&mut self, desk: DeskNo, put: &Put, urgent: bool, now: Micros) -> Result<(), Refusal> {
        let row = Row {
            token: put.token,
            id: put.id,
            pointer: put.pointer,
            until: put.until,
            urgent,
        };
        let placed = self.index.put(desk, &row).ok_or(Refusal::Range)?;
        let own = Met {
            desk,
            id: row.id,
            pointer: row.pointer,
            urgent,
        };
        for met in &placed.met {
            self.commit_hit(&own, met, &placed.shields, now);
        }
        if placed.desks > CROWD {
            self.crowd(&row, placed.desks, now);
        }
        Ok(())
    }

    /// One crowded notice to each holder when a token passes 50 desks, and again at each doubling. Hits go on.
    fn crowd(&mut self, row: &Row, desks: u32, now: Micros) {
        let name = self.index.name_of(row.token);
        let level = (desks / (CROWD + 1)).max(1).ilog2();
        let told = self.crowds.get(&name).copied();
        if told.is_some_and(|told| told >= level) {
            return;
        }
        self.crowds.insert(name, level);
        for (number, mine) in self.index.under(row.token) {
            let Some(desk) = self.index.directory().desk(number).copied() else {
                continue;
            };
            let message = Outgoing::new(desk.agency, self.course, now, &Crowded { mine, desks });
            self.waiting.insert(
                (desk.agency, Slot::Crowded(mine, desks)),
                Waiting { message, sent: None },
            );
        }
    }

    /// Time passes: held notices lapse to the coordinator, and what is not collected is sent again.
    pub fn tick(&mut self, now: Micros) -> Vec<Outgoing> {
        self.lapse(now);
        let mut out = Vec::new();
        for waiting in self.waiting.values_mut() {
            if waiting.sent.is_none_or(|sent| now.since(sent) >= RETRY) {
                waiting.sent = Some(now);
                out.push(waiting.message.clone());
            }
        }
        self.inbox.forget(now);
        self.receipts.retain(|(from, id), _| self.inbox.holds(*from, *id));
        out
    }
}

/// A batch must be padded for its lane, carry deletions only in bulk, and name no row twice.
fn shape(batch: &Batch) -> Result<(), Refusal> {
    let padded = match batch.lane {
        Lane::Bulk => batch.puts.len().is_multiple_of(BULK),
        Lane::Urgent => batch.puts.len() == URGENT && batch.dels.is_empty(),
    };
    let fits = batch.puts.len() <= MOST
        && batch.dels.len() <= MOST
        && !(batch.puts.is_empty() && batch.dels.is_empty());
    let mut ids: Vec<RowId> = batch.puts.iter().map(|put| put.id).collect();
    ids.sort_unstable();
    let distinct = ids.windows(2).all(|pair| pair.first() != pair.last());
    if padded && fits && distinct {
        Ok(())
    } else {
        Err(Refusal::Batch)
    }
}

//! The exchange: takes batches of rows, commits every hit for both sides at once, holds what a custodian must see
//! first, and delivers each notice until it is collected (D3, D7 to D9). It stores no names and no key types.

mod statements;

pub use statements::held_rows;

use crate::custodian::{HeldHit, Officers};
use crate::envelope::{Acceptance, Course, Inbox, Outgoing, Verified};
use crate::ids::{DeskId, HitId, MessageId, Micros, PartyId, RowId};
use crate::index::{Desk, DeskKind, DeskNo, Directory, Index, Met, Row};
use crate::message::{
    BULK, Batch, BatchReceipt, Collected, Crowded, Decision, Held, Lane, Lapsed, MOST, Notice, OtherSide,
    Outcome, Put, Side, URGENT,
};
use crate::refusal::Refusal;
use crate::wire::encode;
use domain::agreement::Agreement;
use domain::time::Instant;
use std::collections::{BTreeMap, HashMap};

/// Desks under one token before its holders are told that it is crowded.
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
    receipts: HashMap<MessageId, Outgoing>,
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

    /// Takes a batch: rows in, rows out, hits committed, one receipt. The same batch again gets the same receipt and
    /// changes nothing.
    pub fn batch(&mut self, message: &Verified<Batch>, now: Micros) -> Result<Outgoing, Refusal> {
        self.in_course(message)?;
        let batch = message.value();
        let desk = self.desk(batch.desk, message.from())?;
        shape(batch)?;
        self.officers.check_batch(&self.index, desk, batch)?;
        if self.inbox.accept(message)? == Acceptance::Repeat {
            return self.receipts.get(&message.id()).cloned().ok_or(Refusal::Conflict);
        }
        for put in &batch.puts {
            self.put(desk, put, batch.lane == Lane::Urgent, now)?;
        }
        let deleted = batch
            .dels
            .iter()
            .filter(|del| self.index.delete(desk, del.token, del.id))
            .count();
        let receipt = BatchReceipt {
            of: message.id(),
            digest: crate::ids::Digest::of(&[&encode(batch)]),
            put: u32::try_from(batch.puts.len()).unwrap_or(u32::MAX),
            deleted: u32::try_from(deleted).unwrap_or(u32::MAX),
        };
        let receipt = Outgoing::new(message.from(), self.course, now, &receipt);
        self.receipts.insert(message.id(), receipt.clone());
        Ok(receipt)
    }

    fn put(&mut self, desk: DeskNo, put: &Put, urgent: bool, now: Micros) -> Result<(), Refusal> {
        let row = Row {
            token: put.token,
            id: put.id,
            pointer: put.pointer,
            until: put.until,
        };
        let placed = self.index.put(desk, &row).ok_or(Refusal::Range)?;
        for met in &placed.met {
            self.commit_hit(desk, &row, met, placed.shielded, urgent, now);
        }
        if placed.desks > CROWD {
            self.crowd(&row, placed.desks, now);
        }
        Ok(())
    }

    /// Writes a hit for both sides in one step, told or held. A hit already known changes nothing.
    fn commit_hit(
        &mut self,
        desk: DeskNo,
        row: &Row,
        met: &Met,
        shield: Option<DeskNo>,
        urgent: bool,
        now: Micros,
    ) {
        let hit = HitId::of(row.id, met.id);
        let directory = self.index.directory();
        let (Some(one), Some(two)) = (directory.desk(desk).copied(), directory.desk(met.desk).copied())
        else {
            return;
        };
        let allowed = self
            .agreement
            .may_meet(one.agency.0, two.agency.0, Instant(now.0));
        if self.hits.contains_key(&hit) || allowed.is_err() {
            return;
        }
        let notices = notices((one, row), (two, met), now, urgent);
        let mut guards: Vec<DeskNo> = match shield {
            Some(shield) => vec![shield],
            None => [(desk, one), (met.desk, two)]
                .into_iter()
                .filter(|(_, desk)| desk.kind == DeskKind::Custodian)
                .map(|(number, _)| number)
                .collect(),
        };
        guards.dedup();
        let agencies = [one.agency, two.agency];
        if guards.is_empty() {
            let phase = Phase::Told {
                collected: [false; 2],
            };
            self.hits.insert(
                hit,
                Hit {
                    notices,
                    agencies,
                    phase,
                },
            );
            self.tell(hit, now);
        } else {
            let held = HeldHit::new(guards.clone(), urgent, now);
            for guard in guards {
                self.hold(&notices, guard, row, held.due, urgent, now);
            }
            self.hits.insert(
                hit,
                Hit {
                    notices,
                    agencies,
                    phase: Phase::Held(held),
                },
            );
        }
    }

    /// Queues both notices of a hit.
    fn tell(&mut self, hit: HitId, now: Micros) {
        let Some(known) = self.hits.get_mut(&hit) else {
            return;
        };
        known.phase = Phase::Told {
            collected: [false; 2],
        };
        for (notice, agency) in known.notices.iter().zip(known.agencies) {
            let message = Outgoing::new(agency, self.course, now, notice);
            self.waiting.insert(
                (agency, Slot::Notice(hit, notice.desk)),
                Waiting { message, sent: None },
            );
        }
    }

    fn hold(
        &mut self,
        notices: &[Notice; 2],
        guard: DeskNo,
        row: &Row,
        due: Micros,
        urgent: bool,
        now: Micros,
    ) {
        let Some(desk) = self.index.directory().desk(guard).copied() else {
            return;
        };
        let side = |mine: &Notice, other: &Notice| Side {
            desk: mine.desk,
            agency: other.their_agency,
            row: mine.mine,
            pointer: other.pointer,
        };
        let [one, two] = notices;
        let own = notices.iter().find(|n| n.desk == desk.id).map(|n| n.mine);
        let under = own
            .or_else(|| self.index.row_of(guard, row.token))
            .unwrap_or(RowId([0; 16]));
        let held = Held {
            hit: one.hit,
            desk: desk.id,
            under,
            sides: vec![side(one, two), side(two, one)],
            due,
            urgent,
        };
        let message = Outgoing::new(desk.agency, self.course, now, &held);
        self.waiting.insert(
            (desk.agency, Slot::Held(one.hit, desk.id)),
            Waiting { message, sent: None },
        );
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
                (desk.agency, Slot::Crowded(mine, level)),
                Waiting { message, sent: None },
            );
        }
    }

    /// Takes note that notices are durable at their receiver; tells each other side so.
    pub fn collected(
        &mut self,
        message: &Verified<Collected>,
        now: Micros,
    ) -> Result<Vec<Outgoing>, Refusal> {
        self.in_course(message)?;
        let (party, body) = (message.from(), message.value());
        self.waiting.retain(|(to, slot), _| {
            let done = match slot {
                Slot::Notice(hit, _) => body.hits.contains(hit),
                Slot::Held(hit, _) => body.held.contains(hit),
                Slot::Lapsed(hit) => body.lapsed.contains(hit),
                Slot::Crowded(row, _) => body.crowded.contains(row),
            };
            !(*to == party && done)
        });
        let mut out = Vec::new();
        for hit in &body.hits {
            let Some(known) = self.hits.get_mut(hit) else {
                continue;
            };
            let Phase::Told { collected } = &mut known.phase else {
                continue;
            };
            for (mine, agency) in collected.iter_mut().zip(known.agencies) {
                *mine |= agency == party;
            }
            let other = known
                .agencies
                .iter()
                .zip(&*collected)
                .find(|(agency, _)| **agency != party);
            let other_side = OtherSide {
                hit: *hit,
                collected: other.is_some_and(|(_, done)| *done),
            };
            out.push(Outgoing::new(party, self.course, now, &other_side));
            if other_side.collected {
                let both = OtherSide {
                    hit: *hit,
                    collected: true,
                };
                out.extend(other.map(|(agency, _)| Outgoing::new(*agency, self.course, now, &both)));
            }
        }
        Ok(out)
    }

    /// Takes a custodian's decision, or after the lapse the coordinator's. A repeat changes nothing.
    pub fn decide(&mut self, message: &Verified<Decision>, now: Micros) -> Result<Outgoing, Refusal> {
        self.in_course(message)?;
        let decision = message.value();
        let digest = crate::ids::Digest::of(&[&encode(decision)]);
        let receipt = BatchReceipt {
            of: message.id(),
            digest,
            put: 0,
            deleted: 0,
        };
        let receipt = Outgoing::new(message.from(), self.course, now, &receipt);
        let hit = self.hits.get(&decision.hit).ok_or(Refusal::Unasked)?;
        let Phase::Held(held) = &hit.phase else {
            return Ok(receipt);
        };
        let by_coordinator = message.from() == self.coordinator && now >= held.due;
        let guard = match by_coordinator {
            true => None,
            false => Some(self.desk(decision.desk, message.from())?),
        };
        self.officers.check_decision(message.from(), decision)?;
        let mut held = held.clone();
        let told = held.decide(guard, decision.outcome)?;
        let Some(hit) = self.hits.get_mut(&decision.hit) else {
            return Ok(receipt);
        };
        match (decision.outcome, told) {
            (Outcome::Release, true) => self.tell(decision.hit, now),
            (Outcome::Release, false) => hit.phase = Phase::Held(held),
            (Outcome::Contact | Outcome::Refuse, _) => hit.phase = Phase::Closed,
        }
        self.waiting.retain(|(to, slot), _| match slot {
            Slot::Held(h, d) => !(*h == decision.hit && (*d == decision.desk || by_coordinator)),
            Slot::Lapsed(h) => !(*h == decision.hit && *to == message.from()),
            Slot::Notice(..) | Slot::Crowded(..) => true,
        });
        Ok(receipt)
    }

    /// Time passes: held notices lapse to the coordinator, and what is not collected is sent again.
    pub fn tick(&mut self, now: Micros) -> Vec<Outgoing> {
        for (id, hit) in &mut self.hits {
            if let Phase::Held(held) = &mut hit.phase
                && held.lapse(now)
            {
                let lapsed = Lapsed {
                    hit: *id,
                    held: held.since,
                    due: held.due,
                };
                let message = Outgoing::new(self.coordinator, self.course, now, &lapsed);
                self.waiting.insert(
                    (self.coordinator, Slot::Lapsed(*id)),
                    Waiting { message, sent: None },
                );
            }
        }
        let mut out = Vec::new();
        for waiting in self.waiting.values_mut() {
            if waiting.sent.is_none_or(|sent| now.since(sent) >= RETRY) {
                waiting.sent = Some(now);
                out.push(waiting.message.clone());
            }
        }
        self.inbox.forget(now);
        out
    }
}

/// The two notices of a hit: the same content, each from its own side.
fn notices(one: (Desk, &Row), two: (Desk, &Met), now: Micros, urgent: bool) -> [Notice; 2] {
    let ((a, row), (b, met)) = (one, two);
    let hit = HitId::of(row.id, met.id);
    let notice = |mine: (Desk, RowId), theirs: (Desk, RowId), pointer| Notice {
        hit,
        desk: mine.0.id,
        mine: mine.1,
        their_desk: theirs.0.id,
        their_agency: theirs.0.agency,
        theirs: theirs.1,
        pointer,
        at: now,
        urgent,
    };
    [
        notice((a, row.id), (b, met.id), met.pointer),
        notice((b, met.id), (a, row.id), row.pointer),
    ]
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

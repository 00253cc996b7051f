//! The event loop: a network that delays, repeats, reorders, loses and parts; nodes that crash, and that come back
//! from old backups. Everything is drawn from one seed.

use super::witnesses::Witnesses;
use super::world::*;
use crate::people::draw;
use exchange::centre::Centre;
use exchange::draw::Draw;
use exchange::envelope::{Kind, Outgoing, verify};
use exchange::ids::{DeskId, Handle, HitId, Micros, PartyId};
use exchange::keyholder::KeyHolder;
use exchange::matchkey::MatchKey;
use exchange::matchstate::Check;
use exchange::member::{Event, Match, Member};
use exchange::message::{Agreeable as _, Decision, OtherSide, Outcome, approval_bytes};
use exchange::refusal::Refusal;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

pub const MS: i64 = 1_000;

/// What a run may do to its parties.
#[derive(Clone, Copy, Debug)]
pub struct Faults {
    pub lose_percent: u32,
    pub repeat_percent: u32,
    pub jitter_ms: u32,
    pub partitions: u32,
    pub crashes: u32,
    pub restores: u32,
    pub junk_holder: Option<u8>,
}

pub const NONE: Faults = Faults {
    lose_percent: 0,
    repeat_percent: 0,
    jitter_ms: 5,
    partitions: 0,
    crashes: 0,
    restores: 0,
    junk_holder: None,
};

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum What {
    Deliver(PartyId, PartyId, Vec<u8>),
    Tick,
    Enrol(u8, usize),
    Down(PartyId, i64),
    Part(Vec<PartyId>, i64),
    Backup(PartyId),
    Restore(PartyId),
    Relist(usize),
    Holdings,
}

/// One match told, as the agency's own log would hold it.
pub type Act = (Handle, DeskId, Handle);

pub struct Sim {
    pub now: Micros,
    pub world: World,
    pub faults: Faults,
    pub draw: Draw,
    queue: BinaryHeap<Reverse<(Micros, u64, What)>>,
    sequence: u64,
    down_until: BTreeMap<PartyId, Micros>,
    parted: Vec<(BTreeSet<PartyId>, Micros)>,
    backups: BTreeMap<PartyId, Kept>,
    /// Subjects by agency, as its own record holds them.
    pub record: Vec<Vec<(Handle, Vec<MatchKey>, bool)>>,
    /// Matches told, by agency: durable, like the record.
    pub acts: Vec<Vec<(Act, Match, Micros)>>,
    pub entered: BTreeMap<Handle, Micros>,
    pub refusals: BTreeMap<&'static str, usize>,
    pub held: BTreeMap<HitId, Micros>,
    /// Every hit ever held, as the custodian's own log has it.
    pub held_log: BTreeMap<HitId, Micros>,
    pub custodian_plan: Outcome,
    pub lapsed: usize,
    pub holdings_alarms: usize,
    pub junk_evidence: usize,
    pub unopened: usize,
    pub witnesses: Witnesses,
    ticks: u64,
    /// Print what goes wrong: a run that is replayed.
    pub told: bool,
    /// An agency whose batches a dishonest exchange signs for and forgets.
    pub forgets: Option<PartyId>,
    /// An agency to which a dishonest exchange sends no notice.
    pub hides_from: Option<PartyId>,
    /// What each told side last heard of the other: whether it has collected.
    pub other_sides: BTreeMap<(u8, HitId), bool>,
}

enum Kept {
    Agency(Box<(Member, Log)>),
    Centre(Box<Centre>),
    Holder(Box<KeyHolder>),
}

impl Sim {
    pub fn new(seed: u64, faults: Faults) -> Self {
        let mut sim = Self {
            now: START,
            world: WORLD.clone(),
            faults,
            draw: draw(seed),
            queue: BinaryHeap::new(),
            sequence: 0,
            down_until: BTreeMap::new(),
            parted: Vec::new(),
            backups: BTreeMap::new(),
            record: vec![Vec::new(); usize::from(AGENCIES)],
            acts: vec![Vec::new(); usize::from(AGENCIES)],
            entered: BTreeMap::new(),
            refusals: BTreeMap::new(),
            held: BTreeMap::new(),
            held_log: BTreeMap::new(),
            custodian_plan: Outcome::Release,
            lapsed: 0,
            holdings_alarms: 0,
            junk_evidence: 0,
            unopened: 0,
            witnesses: Witnesses::new(),
            ticks: 0,
            told: false,
            forgets: None,
            hides_from: None,
            other_sides: BTreeMap::new(),
        };
        sim.at(0, What::Tick);
        sim
    }

    fn at(&mut self, in_ms: i64, what: What) {
        self.sequence += 1;
        self.queue
            .push(Reverse((self.now.plus(in_ms * MS), self.sequence, what)));
    }

    pub fn subject(&mut self, agency: u8, handle: Handle, keys: Vec<MatchKey>, urgent: bool, in_ms: i64) {
        self.record[usize::from(agency)].push((handle, keys, urgent));
        let at = self.record[usize::from(agency)].len() - 1;
        self.at(in_ms, What::Enrol(agency, at));
    }

    /// Draws the faults of this run, all within the first `span_ms`.
    pub fn trouble(&mut self, span_ms: i64) {
        let span = u32::try_from(span_ms).unwrap();
        let anyone = |draw: &mut Draw| -> PartyId {
            match draw.below(16) {
                n if n < 12 => agency(u8::try_from(n).unwrap()),
                12 => EXCHANGE,
                n => holder(u8::try_from(n - 12).unwrap()),
            }
        };
        for _ in 0..self.faults.crashes {
            let (who, at, long) = (
                anyone(&mut self.draw),
                self.draw.below(span),
                500 + self.draw.below(8_000),
            );
            self.at(i64::from(at), What::Down(who, i64::from(long)));
        }
        for _ in 0..self.faults.partitions {
            let side: Vec<PartyId> = (0..=self.draw.below(5)).map(|_| anyone(&mut self.draw)).collect();
            let (at, long) = (self.draw.below(span), 1_000 + self.draw.below(10_000));
            self.at(i64::from(at), What::Part(side, i64::from(long)));
        }
        for _ in 0..self.faults.restores {
            let who = anyone(&mut self.draw);
            let (taken, back) = (self.draw.below(span / 2), span / 2 + self.draw.below(span / 2));
            self.at(i64::from(taken), What::Backup(who));
            self.at(i64::from(back), What::Restore(who));
        }
    }

    /// Runs until `until_ms` after the start.
    pub fn run(&mut self, until_ms: i64) {
        let until = START.plus(until_ms * MS);
        while let Some(Reverse((at, _, _))) = self.queue.peek() {
            if *at > until {
                break;
            }
            let Some(Reverse((at, _, what))) = self.queue.pop() else {
                break;
            };
            self.now = at;
            self.handle(what);
        }
        self.now = until;
    }

    /// Whether any subject still waits for a key-holder or the exchange.
    pub fn waits(&self) -> bool {
        let members = self.world.members.iter();
        let mut checks = members.flat_map(|m| m.handles().map(|handle| m.check(handle, self.now)));
        checks.any(|check| matches!(check, Some(Check::Checking { .. })))
    }

    /// Jumps ahead with nothing under way, then ticks once.
    pub fn skip(&mut self, ms: i64) {
        self.now = self.now.plus(ms * MS);
        self.queue.clear();
        self.at(0, What::Tick);
    }

    pub fn calm(&mut self) {
        self.faults = Faults {
            junk_holder: self.faults.junk_holder,
            ..NONE
        };
        self.at(0, What::Holdings);
        self.at(15_000, What::Holdings);
        self.at(30_000, What::Holdings);
    }

    fn handle(&mut self, what: What) {
        if self.told && !matches!(what, What::Deliver(..) | What::Tick) {
            self.tell(&format!("{what:?}"));
        }
        match what {
            What::Deliver(from, to, bytes) => {
                if !self.is_down(to) && !self.is_parted(from, to) {
                    self.deliver(to, &bytes);
                }
            }
            What::Tick => {
                self.tick();
                self.at(250, What::Tick);
            }
            What::Enrol(n, at) => {
                if self.is_down(agency(n)) {
                    return self.at(500, What::Enrol(n, at));
                }
                let (handle, keys, urgent) = self.record[usize::from(n)][at].clone();
                self.entered.entry(handle).or_insert(self.now);
                self.world.members[usize::from(n)].enrol(handle, keys, urgent, self.now);
                self.ask(n);
            }
            What::Down(who, long) => {
                self.down_until.insert(who, self.now.plus(long * MS));
            }
            What::Part(side, long) => self
                .parted
                .push((side.into_iter().collect(), self.now.plus(long * MS))),
            What::Backup(who) => self.back_up(who),
            What::Restore(who) => self.restore(who),
            What::Relist(at) => {
                for (n, log) in (0u8..).zip(&self.world.logs) {
                    self.world.holders[at].admit(agency(n), log.keys());
                }
            }
            What::Holdings => {
                let out = self.world.centre.holdings(self.now);
                self.send(EXCHANGE, out);
            }
        }
    }

    #[expect(clippy::print_stderr, reason = "the story of a run that is replayed")]
    fn tell(&self, line: &str) {
        eprintln!("{} ms: {line}", self.now.since(START) / MS);
    }

    fn is_down(&self, who: PartyId) -> bool {
        self.down_until.get(&who).is_some_and(|until| self.now < *until)
    }
    fn is_parted(&self, a: PartyId, b: PartyId) -> bool {
        self.parted
            .iter()
            .any(|(side, until)| self.now < *until && side.contains(&a) != side.contains(&b))
    }

    fn send(&mut self, from: PartyId, messages: Vec<Outgoing>) {
        for message in messages {
            let hidden = from == EXCHANGE && message.kind == Kind::Notice;
            if hidden && self.hides_from == Some(message.to) {
                continue;
            }
            let head = match from {
                PartyId([n, ..]) if n < AGENCIES => self.world.logs[usize::from(n)].checkpoint(),
                _ => Vec::new(),
            };
            let bytes = message.seal_at(from, &head, &signing(from), self.now);
            let copies = 1 + u32::from(self.draw.below(100) < self.faults.repeat_percent);
            for _ in 0..copies {
                if self.draw.below(100) >= self.faults.lose_percent {
                    let delay = 40 + i64::from(self.draw.below(self.faults.jitter_ms + 1));
                    self.at(delay, What::Deliver(from, message.to, bytes.clone()));
                }
            }
        }
    }

    fn tick(&mut self) {
        self.ticks += 1;
        for n in 0..AGENCIES {
            if !self.is_down(agency(n)) {
                let mut out = self.world.members[usize::from(n)].tick(self.now);
                out.extend(self.world.members[usize::from(n)].flush_deletions(self.now, &mut self.draw));
                self.send(agency(n), out);
                self.ask(n);
                if self.ticks.is_multiple_of(8) {
                    self.have_witnessed(n);
                }
            }
        }
        if !self.is_down(EXCHANGE) {
            let out = self.world.centre.tick(self.now);
            self.send(EXCHANGE, out);
        }
        if self.custodian_plan == Outcome::Release {
            self.custodian_decides();
        }
    }

    /// Tickets whatever waits at an agency.
    fn ask(&mut self, n: u8) {
        let at = usize::from(n);
        while let Some(prepared) = self.world.members[at]
            .prepare(EPOCH, 8, self.now, &mut self.draw)
            .unwrap_or(None)
        {
            let ticket = self.world.logs[at].ticket(&prepared, &mut self.draw);
            let out = self.world.members[at].submit(prepared, ticket, self.now);
            self.send(agency(n), out);
        }
    }

    fn note(&mut self, refusal: Refusal) {
        let name = match refusal {
            Refusal::Proof => "proof",
            Refusal::Conflict => "conflict",
            Refusal::TicketUsed => "ticket used",
            Refusal::Unasked => "unasked",
            _ => "other",
        };
        *self.refusals.entry(name).or_default() += 1;
    }

    fn deliver(&mut self, to: PartyId, bytes: &[u8]) {
        let seen =
            verify(bytes, to, &self.world.keys, self.now).expect("honest parties sign and address correctly");
        if seen.from().0[0] < AGENCIES {
            self.watch(&seen);
        }
        let result = match to {
            EXCHANGE => self.at_exchange(&seen),
            COORDINATOR => {
                self.lapsed += 1;
                Ok(Vec::new())
            }
            PartyId([n, ..]) if n > 220 => {
                let kh = &mut self.world.holders[usize::from(n - 221)];
                seen.open()
                    .and_then(|request| kh.serve(&request, self.now, &mut self.draw))
                    .map(|mut reply| {
                        if self.faults.junk_holder == Some(n - 220) {
                            let last = reply.body.0.len() - 70;
                            reply.body.0[last] ^= 1;
                        }
                        vec![reply]
                    })
            }
            PartyId([n, ..]) => self.at_agency(n, &seen),
        };
        match result {
            Ok(out) => self.send(to, out),
            Err(refusal) => {
                if self.told {
                    let kind = seen.envelope().kind;
                    self.tell(&format!(
                        "{to:?} refuses {kind:?} of {:?}: {refusal}",
                        seen.from()
                    ));
                }
                self.note(refusal);
                let message = refusal.answer(seen.id());
                self.send(to, vec![Outgoing::new(seen.from(), COURSE, self.now, &message)]);
            }
        }
    }

    fn at_exchange(&mut self, seen: &exchange::envelope::Verified<()>) -> Result<Vec<Outgoing>, Refusal> {
        if self.forgets == Some(seen.from()) && seen.envelope().kind == Kind::Batch {
            let mut pretended = self.world.centre.clone();
            return Ok(vec![pretended.batch(&seen.open()?, self.now)?]);
        }
        let mut out = match seen.envelope().kind {
            Kind::Batch => vec![self.world.centre.batch(&seen.open()?, self.now)?],
            Kind::Recount => vec![self.world.centre.recount(&seen.open()?, self.now)?],
            Kind::Collected => self.world.centre.collected(&seen.open()?, self.now)?,
            Kind::Decision => vec![self.world.centre.decide(&seen.open()?, self.now)?],
            Kind::Refused => return Ok(Vec::new()),
            _ => return Err(Refusal::Kind),
        };
        // both notices are committed; they leave at once
        out.extend(self.world.centre.tick(self.now));
        Ok(out)
    }

    fn at_agency(
        &mut self,
        n: u8,
        seen: &exchange::envelope::Verified<()>,
    ) -> Result<Vec<Outgoing>, Refusal> {
        let member = &mut self.world.members[usize::from(n)];
        match seen.envelope().kind {
            Kind::EvalReply => {
                let out = member.reply(&seen.open()?, self.now, &mut self.draw);
                if out == Err(Refusal::Proof) {
                    self.junk_evidence += 1;
                    return Ok(Vec::new());
                }
                let mut out = out?;
                let waiting: Vec<_> = member.to_approve().collect();
                for digest in waiting {
                    out.extend(member.approved(digest, approvals(&digest), self.now));
                }
                Ok(out)
            }
            Kind::BatchReceipt => {
                let mut out = member.receipt(&seen.open()?, self.now, &mut self.draw)?;
                let waiting: Vec<_> = member.to_approve().collect();
                for digest in waiting {
                    out.extend(member.approved(digest, approvals(&digest), self.now));
                }
                Ok(out)
            }
            Kind::Notice => {
                let (events, ack) = member.notice(&seen.open()?, self.now)?;
                self.record_acts(n, &events);
                Ok(vec![ack])
            }
            Kind::Held => {
                let (events, ack) = member.held(&seen.open()?, self.now)?;
                for event in events {
                    if let Event::HeldForUs(hit, due) = event {
                        self.held.insert(hit, due);
                        self.held_log.insert(hit, due);
                    }
                }
                Ok(vec![ack])
            }
            Kind::Holdings => {
                let again = member.holdings(&seen.open()?, self.now, &mut self.draw)?;
                self.holdings_alarms += usize::from(again.is_some());
                Ok(again.map(|shortfall| shortfall.recount).into_iter().collect())
            }
            Kind::Refused => {
                member.refused(&seen.open()?)?;
                Ok(Vec::new())
            }
            Kind::OtherSide => {
                let told = seen.open::<OtherSide>()?;
                let OtherSide { hit, collected } = *told.value();
                // messages overtake one another: collected is collected
                *self.other_sides.entry((n, hit)).or_default() |= collected;
                Ok(Vec::new())
            }
            _ => Err(Refusal::Kind),
        }
    }

    fn record_acts(&mut self, n: u8, events: &[Event]) {
        for event in events {
            match event {
                Event::Matched(ours, desk, theirs) => {
                    let member = &self.world.members[usize::from(n)];
                    let key = (*ours, *desk, *theirs);
                    let found = member
                        .matches()
                        .find(|(k, _)| **k == key)
                        .map(|(_, m)| m.clone())
                        .unwrap();
                    self.acts[usize::from(n)].push((key, found, self.now));
                }
                Event::Unopened(_) => self.unopened += 1,
                Event::Evidence(..)
                | Event::HeldForUs(..)
                | Event::UnknownRow(_)
                | Event::Sang(..)
                | Event::RowsRefused(..)
                | Event::DecisionRefused(..) => {}
            }
        }
    }

    /// The custodian acts on everything held for it, as the run's plan says.
    pub fn custodian_decides(&mut self) {
        let at = usize::from(CUSTODIAN);
        if self.is_down(agency(CUSTODIAN)) {
            return;
        }
        for hit in core::mem::take(&mut self.held).into_keys() {
            let reason = if self.custodian_plan == Outcome::Release {
                0
            } else {
                4
            };
            let draft = self.world.members[at].draft_decision(hit, self.custodian_plan, reason);
            let approvals = approvals(&draft.agreed(COURSE));
            let out = self.world.members[at].decide(draft, approvals, EPOCH, self.now);
            self.send(agency(CUSTODIAN), vec![out]);
        }
    }

    /// The coordinator releases everything that lapsed.
    pub fn coordinator_releases(&mut self, hits: Vec<HitId>) {
        use ed25519_dalek::Signer as _;
        for hit in hits {
            let mut decision = Decision {
                hit,
                desk: desk(0),
                outcome: Outcome::Release,
                reason: 0,
                approvals: Vec::new(),
            };
            let bytes = approval_bytes(&decision.agreed(COURSE));
            decision.approvals = vec![exchange::message::Approval {
                officer: officer(10),
                signature: exchange::ids::Signature(signing(officer(10)).sign(&bytes).to_bytes()),
            }];
            let out = Outgoing::new(EXCHANGE, COURSE, self.now, &decision);
            self.send(COORDINATOR, vec![out]);
        }
    }

    fn back_up(&mut self, who: PartyId) {
        let kept = match who {
            EXCHANGE => Kept::Centre(Box::new(self.world.centre.clone())),
            PartyId([n, ..]) if n > 220 => {
                Kept::Holder(Box::new(self.world.holders[usize::from(n - 221)].clone()))
            }
            PartyId([n, ..]) => {
                let at = usize::from(n);
                let (member, log) = (self.world.members[at].clone(), self.world.logs[at].clone());
                Kept::Agency(Box::new((member, log)))
            }
        };
        self.backups.insert(who, kept);
    }

    /// Comes back from an old backup. An agency replays its own record and the matches it has told; the exchange
    /// states what it holds, and the desks put again what is missing.
    fn restore(&mut self, who: PartyId) {
        match (self.backups.remove(&who), who.0[0]) {
            (Some(Kept::Centre(centre)), _) => {
                self.world.centre = *centre;
                self.at(100, What::Holdings);
            }
            (Some(Kept::Holder(kept)), n) => {
                // the keys of logs that began since the backup are read again, a while later
                let at = usize::from(n - 221);
                self.world.holders[at] = *kept;
                self.at(4_000, What::Relist(at));
            }
            (Some(Kept::Agency(kept)), n) => {
                let at = usize::from(n);
                let (member, log) = *kept;
                self.world.members[at] = member;
                let before = self.world.logs[at].size();
                self.restart_log(n, log, before);
                for ((ours, desk, theirs), found, _) in &self.acts[at] {
                    self.world.members[at].remember(*ours, *desk, *theirs, found.clone());
                }
                if n == CUSTODIAN {
                    self.held = self.held_log.clone();
                }
                let entered = &self.entered;
                let known: Vec<_> = self.record[at]
                    .iter()
                    .filter(|(h, _, _)| entered.contains_key(h))
                    .cloned()
                    .collect();
                for (handle, keys, urgent) in known {
                    self.world.members[at].enrol(handle, keys, urgent, self.now);
                }
                self.ask(n);
                let clear = self.world.members[at].begin_again(EPOCH, self.now, &mut self.draw);
                self.send(agency(n), vec![clear]);
            }
            (None, _) => {}
        }
    }
}

//! All parties in one place without a network: what is sent is delivered at once, in order. For tests that are about
//! rules, not about faults.

use crate::people::draw;
use crate::sim::world::*;
use exchange::centre::Centre;
use exchange::draw::Draw;
use exchange::envelope::{Course, Kind, Message, Outgoing, Verified, verify};
use exchange::ids::{Epoch, Handle, Micros, PartyId};
use exchange::matchkey::MatchKey;
use exchange::member::{Event, Match, Member};
use exchange::message::{Crowded, Holdings, Notice};
use exchange::refusal::Refusal;
use exchange::view::View;
use exchange::wire::decode;
use std::collections::{BTreeMap, VecDeque};

pub struct Direct {
    pub world: World,
    pub centres: BTreeMap<Epoch, Centre>,
    pub now: Micros,
    pub draw: Draw,
    pub events: Vec<(u8, Event)>,
    pub notices: Vec<(u8, Notice)>,
    pub crowded: Vec<(u8, Crowded)>,
    pub holdings: Vec<(u8, Holdings)>,
    pub refusals: Vec<Refusal>,
    pub view: View,
    /// Everything that was delivered, with its sender.
    pub mail: Vec<(PartyId, Outgoing)>,
    /// What each agency received: the kind of message and how long its body was.
    pub trace: Vec<(u8, Kind, usize)>,
    /// Drops or changes what the exchange sends: a dishonest exchange.
    pub meddle: fn(&mut Outgoing) -> bool,
    /// Drops what others send to it.
    pub lose: fn(PartyId, &Outgoing) -> bool,
}

impl Direct {
    pub fn new(seed: u64) -> Self {
        Self::of(WORLD.clone(), seed)
    }

    /// With a shield desk.
    pub fn shielded(seed: u64) -> Self {
        Self::of(SHIELDED.clone(), seed)
    }

    fn of(world: World, seed: u64) -> Self {
        Self {
            centres: [(EPOCH, world.centre.clone())].into(),
            world,
            now: START,
            draw: draw(seed),
            events: Vec::new(),
            notices: Vec::new(),
            crowded: Vec::new(),
            holdings: Vec::new(),
            refusals: Vec::new(),
            view: View::default(),
            mail: Vec::new(),
            trace: Vec::new(),
            meddle: |_| true,
            lose: |_, _| false,
        }
    }

    pub fn member(&mut self, n: u8) -> &mut Member {
        &mut self.world.members[usize::from(n)]
    }
    pub fn matches(&self, n: u8) -> Vec<((Handle, exchange::ids::DeskId, Handle), Match)> {
        self.world.members[usize::from(n)]
            .matches()
            .map(|(key, found)| (*key, found.clone()))
            .collect()
    }

    /// Enters a subject and carries everything through.
    pub fn enrol(&mut self, n: u8, handle: Handle, keys: Vec<MatchKey>) {
        let now = self.now;
        self.member(n).enrol(handle, keys, false, now);
        self.settle();
    }

    /// Asks for whatever waits, and delivers until nobody says anything more.
    pub fn settle(&mut self) {
        let mut queue = VecDeque::new();
        for n in 0..AGENCIES {
            for epoch in self.centres.keys().copied().collect::<Vec<_>>() {
                let member = &mut self.world.members[usize::from(n)];
                let known = member
                    .prepare_known(epoch, self.now, &mut self.draw)
                    .unwrap_or(None);
                let log = &mut self.world.logs[usize::from(n)];
                if let Some(prepared) = known {
                    let ticket = log.ticket(&prepared, &mut self.draw);
                    queue.extend(
                        member
                            .submit(prepared, ticket, self.now)
                            .into_iter()
                            .map(|m| (agency(n), m)),
                    );
                    self.deliver_all(&mut queue);
                }
                loop {
                    let member = &mut self.world.members[usize::from(n)];
                    let Some(prepared) = member
                        .prepare(epoch, 64, self.now, &mut self.draw)
                        .unwrap_or(None)
                    else {
                        break;
                    };
                    let ticket = self.world.logs[usize::from(n)].ticket(&prepared, &mut self.draw);
                    queue.extend(
                        member
                            .submit(prepared, ticket, self.now)
                            .into_iter()
                            .map(|m| (agency(n), m)),
                    );
                }
                self.deliver_all(&mut queue);
            }
        }
        self.deliver_all(&mut queue);
    }

    /// Has everybody send again what is due, `later` from now, and carries it through.
    pub fn later(&mut self, later: i64) {
        self.now = self.now.plus(later);
        let mut queue = VecDeque::new();
        for (n, member) in (0..AGENCIES).zip(&mut self.world.members) {
            let mut out = member.tick(self.now);
            out.extend(member.flush_deletions(self.now, &mut self.draw));
            queue.extend(out.into_iter().map(|m| (agency(n), m)));
        }
        self.deliver_all(&mut queue);
        self.settle();
    }

    /// Sends one message as a party, and everything it leads to.
    pub fn say(&mut self, from: PartyId, message: Outgoing) {
        let mut queue = VecDeque::from([(from, message)]);
        self.deliver_all(&mut queue);
    }

    fn deliver_all(&mut self, queue: &mut VecDeque<(PartyId, Outgoing)>) {
        loop {
            while let Some((from, mut message)) = queue.pop_front() {
                if from == EXCHANGE && !(self.meddle)(&mut message) {
                    continue;
                }
                if (self.lose)(from, &message) {
                    continue;
                }
                let to = message.to;
                self.mail.push((from, message.clone()));
                let bytes = message.seal(from, b"", &signing(from));
                let seen = verify(&bytes, to, &self.world.keys, self.now).unwrap();
                match self.handle(&seen, to) {
                    Ok(out) => queue.extend(out.into_iter().map(|m| (to, m))),
                    Err(refusal) => {
                        self.refusals.push(refusal);
                        let answer = refusal.answer(seen.id());
                        let course = Course {
                            scope: SCOPE,
                            epoch: seen.envelope().epoch,
                        };
                        if seen.envelope().kind != Kind::Refused {
                            queue.push_back((to, Outgoing::new(from, course, self.now, &answer)));
                        }
                    }
                }
            }
            for centre in self.centres.values_mut() {
                queue.extend(centre.tick(self.now).into_iter().map(|m| (EXCHANGE, m)));
            }
            if queue.is_empty() {
                return;
            }
        }
    }

    fn handle(&mut self, seen: &Verified<()>, to: PartyId) -> Result<Vec<Outgoing>, Refusal> {
        match to {
            EXCHANGE => self.at_exchange(seen),
            PartyId([n, ..]) if n > 220 => {
                if seen.envelope().kind == Kind::Refused {
                    return Ok(Vec::new());
                }
                let holder = &mut self.world.holders[usize::from(n - 221)];
                Ok(vec![holder.serve(&seen.open()?, self.now, &mut self.draw)?])
            }
            PartyId([n, ..]) if n < AGENCIES => self.at_agency(n, seen),
            _ => Ok(Vec::new()),
        }
    }

    fn at_exchange(&mut self, seen: &Verified<()>) -> Result<Vec<Outgoing>, Refusal> {
        self.view.saw(self.now, seen);
        let centre = self
            .centres
            .get_mut(&seen.envelope().epoch)
            .ok_or(Refusal::Epoch)?;
        match seen.envelope().kind {
            Kind::Batch => Ok(vec![centre.batch(&seen.open()?, self.now)?]),
            Kind::Collected => centre.collected(&seen.open()?, self.now),
            Kind::Decision => Ok(vec![centre.decide(&seen.open()?, self.now)?]),
            Kind::Recount => Ok(vec![centre.recount(&seen.open()?, self.now)?]),
            Kind::HoldingsAsk => Ok(vec![centre.holdings_asked(&seen.open()?, self.now)?]),
            Kind::Refused => Ok(Vec::new()),
            _ => Err(Refusal::Kind),
        }
    }

    fn at_agency(&mut self, n: u8, seen: &Verified<()>) -> Result<Vec<Outgoing>, Refusal> {
        self.trace
            .push((n, seen.envelope().kind, seen.envelope().body.0.len()));
        let agree = if n == SHIELD { shield_approvals } else { approvals };
        let member = &mut self.world.members[usize::from(n)];
        let now = self.now;
        Ok(match seen.envelope().kind {
            Kind::EvalReply => {
                let mut out = member.reply(&seen.open()?, now, &mut self.draw)?;
                for digest in member.to_approve().collect::<Vec<_>>() {
                    out.extend(member.approved(digest, agree(&digest), now));
                }
                out
            }
            Kind::BatchReceipt => {
                let mut out = member.receipt(&seen.open()?, now, &mut self.draw)?;
                for digest in member.to_approve().collect::<Vec<_>>() {
                    out.extend(member.approved(digest, agree(&digest), now));
                }
                out
            }
            Kind::Notice => {
                let (events, ack) = member.notice(&seen.open()?, now)?;
                self.notices.push((n, decode(&seen.envelope().body.0).unwrap()));
                self.events.extend(events.into_iter().map(|event| (n, event)));
                vec![ack]
            }
            Kind::Held => {
                let (events, ack) = member.held(&seen.open()?, now)?;
                self.events.extend(events.into_iter().map(|event| (n, event)));
                vec![ack]
            }
            Kind::Crowded => {
                self.crowded.push((n, decode(&seen.envelope().body.0).unwrap()));
                vec![member.crowded(&seen.open()?, now)?]
            }
            Kind::Holdings => {
                self.holdings.push((n, decode(&seen.envelope().body.0).unwrap()));
                member
                    .holdings(&seen.open()?, now, &mut self.draw)?
                    .map(|shortfall| shortfall.recount)
                    .into_iter()
                    .collect()
            }
            Kind::Refused => {
                let events = member.refused(&seen.open()?)?;
                self.events.extend(events.into_iter().map(|event| (n, event)));
                Vec::new()
            }
            _ => Vec::new(),
        })
    }
}

/// A message of the exchange's with its body taken apart, changed and put together again under a fresh id.
pub fn reworded<M: Message>(message: &mut Outgoing, course: Course, change: impl FnOnce(&mut M)) {
    let mut body: M = decode(&message.body.0).unwrap();
    change(&mut body);
    *message = Outgoing::new(message.to, course, message.at, &body);
}

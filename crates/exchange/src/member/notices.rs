//! Notices: opening the other side's pointer, and folding hits into matches.

use super::Member;
use crate::canary::Hour;
use crate::envelope::{Outgoing, Verified};
use crate::grade::{Graded, grade};
use crate::ids::{DeskId, Epoch, Handle, HitId, MessageId, Micros, PartyId};
use crate::matchkey::{KeySet, KeyType};
use crate::message::{Collected, Crowded, Notice};
use crate::pointer::{Place, Pointer};
use crate::refusal::Refusal;
use domain::time::Instant;

/// One subject of ours and one handle of theirs: everything that hit, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The agency that runs the other desk.
    pub agency: PartyId,
    /// Key types that hit.
    pub hit: KeySet,
    /// Key types the other side holds, as its pointers say.
    pub theirs: KeySet,
    /// Grade and evidence against.
    pub graded: Graded,
    /// The other desk's HPKE key for an ask.
    pub hpke_key: [u8; 16],
    /// When the first hit was committed.
    pub since: Micros,
    /// Immediate risk on either side.
    pub urgent: bool,
}

/// What the node is to record and do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A match that was not known: tell the owner or the matching desk, once, and start the clock.
    Matched(Handle, DeskId, Handle),
    /// More evidence for a match already told. Nobody is told again and no clock restarts.
    Evidence(Handle, DeskId, Handle),
    /// A notice is held for this desk: the custodian decides by then.
    HeldForUs(HitId, Micros),
    /// A notice for a row this agency does not know: one put before a loss, whose subject has a newer row by now.
    UnknownRow(HitId),
    /// A pointer did not open, or names another kind of key than the token it is under: the exchange or the other
    /// agency is wrong or lies. The notice is evidence; nobody is told of a match.
    Unopened(HitId),
    /// A canary met its like at another desk.
    Sang(Hour, DeskId, HitId),
    /// The exchange refused a batch of rows by the rule of this number. It is sent again from time to time.
    RowsRefused(MessageId, u8),
    /// The exchange refused a decision by the rule of this number: it was not carried out.
    DecisionRefused(HitId, u8),
}

/// Nothing collected.
pub(super) const NOTHING: Collected = Collected {
    hits: Vec::new(),
    held: Vec::new(),
    lapsed: Vec::new(),
    crowded: Vec::new(),
};

impl Member {
    /// Takes a notice. Always acknowledged, also the second time; acts happen once.
    pub fn notice(
        &mut self,
        message: &Verified<Notice>,
        now: Micros,
    ) -> Result<(Vec<Event>, Outgoing), Refusal> {
        let body = message.value();
        if message.from() != self.identity.exchange {
            return Err(Refusal::Sender);
        }
        if body.desk != self.identity.desk {
            return Err(Refusal::Desk);
        }
        if HitId::of(body.mine, body.theirs) != body.hit {
            return Err(Refusal::Range);
        }
        let (us, them) = (self.identity.party.0, body.their_agency.0);
        self.identity
            .agreement
            .may_meet(us, them, Instant(now.0))
            .map_err(|_| Refusal::Scope)?;
        self.inbox.accept(message)?;
        let epoch = message.envelope().epoch;
        let ack = self.collected(
            epoch,
            Collected {
                hits: vec![body.hit],
                ..NOTHING
            },
            now,
        );
        if !self.hits.insert(body.hit) {
            return Ok((Vec::new(), ack));
        }
        let place = Place {
            scope: self.identity.scope,
            epoch,
            desk: body.their_desk,
            row: body.theirs,
        };
        let events = match self.open(epoch, body.mine, &place, &body.pointer) {
            None if !self.rows.contains_key(&body.mine) => vec![Event::UnknownRow(body.hit)],
            None => vec![Event::Unopened(body.hit)],
            Some((holders, pointer)) if holders.iter().any(|(_, kind)| *kind != pointer.kind) => {
                vec![Event::Unopened(body.hit)]
            }
            Some((holders, pointer)) => holders
                .into_iter()
                .map(|(handle, kind)| self.fold(handle, kind, body, &pointer))
                .collect(),
        };
        Ok((events, ack))
    }

    pub(super) fn collected(&self, epoch: Epoch, what: Collected, now: Micros) -> Outgoing {
        Outgoing::new(self.identity.exchange, self.course(epoch), now, &what)
    }

    /// Acknowledges a crowded notice: the node shows how many desks hold the same value.
    pub fn crowded(&mut self, message: &Verified<Crowded>, now: Micros) -> Result<Outgoing, Refusal> {
        if message.from() != self.identity.exchange {
            return Err(Refusal::Sender);
        }
        self.inbox.accept(message)?;
        let body = message.value();
        let what = Collected {
            crowded: vec![(body.mine, body.desks)],
            ..NOTHING
        };
        Ok(self.collected(message.envelope().epoch, what, now))
    }

    fn fold(&mut self, handle: Handle, kind: KeyType, body: &Notice, pointer: &Pointer) -> Event {
        let ours = self.held_keys(handle);
        let key = (handle, body.their_desk, pointer.handle);
        if let Some(hour) = self.canaries.get(&handle) {
            return Event::Sang(*hour, body.their_desk, body.hit);
        }
        let hit = KeySet::default().with(kind);
        if let Some(known) = self.matches.get_mut(&key) {
            known.hit = known.hit.union(hit);
            known.theirs = known.theirs.union(pointer.held);
            known.urgent |= body.urgent;
            known.graded = grade(known.hit, ours, known.theirs);
            return Event::Evidence(handle, body.their_desk, pointer.handle);
        }
        let found = Match {
            agency: body.their_agency,
            hit,
            theirs: pointer.held,
            graded: grade(hit, ours, pointer.held),
            hpke_key: pointer.hpke_key,
            since: body.at,
            urgent: body.urgent,
        };
        self.matches.insert(key, found);
        Event::Matched(handle, body.their_desk, pointer.handle)
    }

    /// Every match.
    pub fn matches(&self) -> impl Iterator<Item = (&(Handle, DeskId, Handle), &Match)> {
        self.matches.iter()
    }
    /// A match already on record, told again to a rebuilt state: its hits will be folded in silence.
    pub fn remember(&mut self, ours: Handle, desk: DeskId, theirs: Handle, known: Match) {
        self.matches.insert((ours, desk, theirs), known);
    }
}

//! Notices: opening the other side's pointer, folding hits into matches, and a custodian's decisions.

use super::Member;
use crate::envelope::{Outgoing, Verified};
use crate::grade::{Graded, grade};
use crate::ids::{DeskId, Epoch, Handle, HitId, Micros, PartyId, RowId};
use crate::matchkey::{KeySet, KeyType};
use crate::message::{Approval, Collected, Crowded, Decision, Held, Notice, Outcome, Side};
use crate::oprf::Output;
use crate::pointer::{Place, Pointer};
use crate::refusal::Refusal;
use crate::token;
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

/// For a held hit: our subjects with the kind of key, and each other side with its opened pointer.
pub type About = (Vec<(Handle, KeyType)>, Vec<(Side, Pointer)>);

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
    /// A pointer did not open: the exchange, or the other agency, sent a row that is not under our token. Evidence.
    Unopened(HitId),
}

/// Nothing collected.
const NOTHING: Collected = Collected {
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
            Some((holders, pointer)) => holders
                .into_iter()
                .map(|(handle, kind)| self.fold(handle, kind, body, &pointer))
                .collect(),
        };
        Ok((events, ack))
    }

    fn collected(&self, epoch: Epoch, what: Collected, now: Micros) -> Outgoing {
        Outgoing::new(self.identity.exchange, self.course(epoch), now, &what)
    }

    /// Acknowledges a crowded notice: the node shows how many desks hold the same value.
    pub fn crowded(&self, message: &Verified<Crowded>, now: Micros) -> Result<Outgoing, Refusal> {
        if message.from() != self.identity.exchange {
            return Err(Refusal::Sender);
        }
        let what = Collected {
            crowded: vec![message.value().mine],
            ..NOTHING
        };
        Ok(self.collected(message.envelope().epoch, what, now))
    }

    /// Opens the other side's pointer with what our own row under the token was derived from.
    fn open(
        &self,
        epoch: Epoch,
        mine: RowId,
        place: &Place,
        sealed: &crate::pointer::Sealed,
    ) -> Option<(Vec<(Handle, KeyType)>, Pointer)> {
        let row = self.rows.get(&mine).filter(|row| row.epoch == epoch)?;
        let y: &Output = row.y.as_ref()?;
        let key = token::row_key(y, place.scope, place.epoch, place.desk, place.row);
        let pointer = Pointer::open(sealed, &key, place).ok()?;
        let holders = self
            .by_token
            .get(&(epoch, row.token))
            .map(|h| h.iter().copied().collect())
            .unwrap_or_default();
        Some((holders, pointer))
    }

    fn fold(&mut self, handle: Handle, kind: KeyType, body: &Notice, pointer: &Pointer) -> Event {
        let ours = self.held_keys(handle);
        let key = (handle, body.their_desk, pointer.handle);
        // the other side says which kind its row is; ours must be the same, or one of us is wrong
        let hit = if pointer.kind == kind {
            KeySet::default().with(kind)
        } else {
            KeySet::default()
        };
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

    /// Takes a held notice, as a custodian or shield desk.
    pub fn held(&mut self, message: &Verified<Held>, now: Micros) -> Result<(Vec<Event>, Outgoing), Refusal> {
        let body = message.value();
        if message.from() != self.identity.exchange {
            return Err(Refusal::Sender);
        }
        if body.desk != self.identity.desk {
            return Err(Refusal::Desk);
        }
        let epoch = message.envelope().epoch;
        let ack = self.collected(
            epoch,
            Collected {
                held: vec![body.hit],
                ..NOTHING
            },
            now,
        );
        if let Some((_, _, sent)) = self.decisions.get_mut(&body.hit) {
            // decided before: the exchange lost it, so it is sent again by the next tick
            *sent = Some(Micros(0));
            return Ok((Vec::new(), ack));
        }
        let new = self.held.insert(body.hit, body.clone()).is_none();
        let events = if new {
            vec![Event::HeldForUs(body.hit, body.due)]
        } else {
            Vec::new()
        };
        Ok((events, ack))
    }

    /// For a held hit: our subjects under its token, and what the other sides' pointers say, as far as they open.
    pub fn held_about(&self, hit: HitId, epoch: Epoch) -> Option<About> {
        let held = self.held.get(&hit)?;
        let mut ours = Vec::new();
        let mut theirs = Vec::new();
        for side in held.sides.iter().filter(|side| side.row != held.under) {
            let place = Place {
                scope: self.identity.scope,
                epoch,
                desk: side.desk,
                row: side.row,
            };
            if let Some((holders, pointer)) = self.open(epoch, held.under, &place, &side.pointer) {
                ours = holders;
                theirs.push((side.clone(), pointer));
            }
        }
        Some((ours, theirs))
    }

    /// What officers sign for a decision.
    pub fn draft_decision(&self, hit: HitId, outcome: Outcome, reason: u16) -> Decision {
        Decision {
            hit,
            desk: self.identity.desk,
            outcome,
            reason,
            approvals: Vec::new(),
        }
    }

    /// Sends a decision, and sends it again until the exchange confirms.
    pub fn decide(
        &mut self,
        decision: Decision,
        approvals: Vec<Approval>,
        epoch: Epoch,
        now: Micros,
    ) -> Outgoing {
        let decision = Decision {
            approvals,
            ..decision
        };
        let message = Outgoing::new(self.identity.exchange, self.course(epoch), now, &decision);
        self.held.remove(&decision.hit);
        self.decisions
            .insert(decision.hit, (decision, message.clone(), Some(now)));
        message
    }
}

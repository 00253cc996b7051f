//! A custodian or shield desk's side of a held notice: what it is about, and the decision.

use super::notices::NOTHING;
use super::{Event, Member};
use crate::envelope::{Outgoing, Verified};
use crate::ids::{Epoch, Handle, HitId, Micros, RowId};
use crate::matchkey::KeyType;
use crate::message::{Approval, Collected, Decision, Held, Outcome, Side};
use crate::oprf::Output;
use crate::pointer::{Place, Pointer};
use crate::refusal::Refusal;
use crate::token;

/// For a held hit: our subjects with the kind of key, and each other side with its opened pointer.
pub type About = (Vec<(Handle, KeyType)>, Vec<(Side, Pointer)>);

impl Member {
    /// Opens the other side's pointer with what our own row under the token was derived from.
    pub(super) fn open(
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

    /// Takes a held notice, as a custodian or shield desk.
    pub fn held(&mut self, message: &Verified<Held>, now: Micros) -> Result<(Vec<Event>, Outgoing), Refusal> {
        let body = message.value();
        if message.from() != self.identity.exchange {
            return Err(Refusal::Sender);
        }
        if body.desk != self.identity.desk {
            return Err(Refusal::Desk);
        }
        self.inbox.accept(message)?;
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

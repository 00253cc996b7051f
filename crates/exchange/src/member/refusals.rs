//! What others would not do for us, and what follows: a batch of points that too few key-holders serve is asked afresh;
//! rows that the exchange refuses wait, and the subject's page says by which rule; a decision that came too late stops.

use super::{Event, Member, Stage};
use crate::envelope::Verified;
use crate::ids::MessageId;
use crate::matchstate::Why;
use crate::refusal::{Refusal, Refused};

impl Member {
    /// Takes a refusal. Only one by the party that was asked counts.
    pub fn refused(&mut self, message: &Verified<Refused>) -> Result<Vec<Event>, Refusal> {
        self.inbox.accept(message)?;
        let body = message.value();
        if message.from() == self.identity.exchange {
            return Ok(self.refused_by_exchange(body));
        }
        if let Some((at, seat)) = self.asked_by(body.of)
            && self.holder(seat) == Some(message.from())
        {
            self.refused_by_holder(at, seat, body.rule);
        }
        Ok(Vec::new())
    }

    /// A key-holder refused. The others may still serve: only when too few are left for a quorum is the batch given up,
    /// to be asked afresh under a new ticket, and the subjects' pages say why.
    fn refused_by_holder(&mut self, at: usize, seat: u8, rule: u8) {
        let Some(asked) = self.asked.get_mut(at) else {
            return;
        };
        if let Some((_, _, answered)) = asked.requests.iter_mut().find(|(s, _, _)| *s == seat) {
            *answered = true;
        }
        if !asked.refused.contains(&seat) {
            asked.refused.push(seat);
        }
        let epoch = asked.prepared.epoch();
        let need = self
            .epochs
            .get(&epoch)
            .map_or(0, |open| usize::from(open.opened.shared().threshold));
        if asked.requests.len().saturating_sub(asked.refused.len()) >= need {
            return;
        }
        let why = if rule == Refusal::Quota.code() {
            Why::Quota
        } else {
            Why::Queued
        };
        let asked = self.asked.swap_remove(at);
        for who in asked.prepared.subjects_asked() {
            self.set_stage(who, epoch, Stage::Waiting(why));
        }
    }

    fn refused_by_exchange(&mut self, body: &Refused) -> Vec<Event> {
        if let Some(batch) = self.batches.get_mut(&body.of) {
            batch.refused = true;
            let (epoch, subjects) = (batch.epoch, batch.load.subjects.clone());
            for who in subjects {
                self.set_stage(who, epoch, Stage::Put(Why::Refused(body.rule)));
            }
            return vec![Event::RowsRefused(body.of, body.rule)];
        }
        // the exchange knows nothing of this recount any more; its next statement begins another
        self.recounts.retain(|_, recount| !recount.sent_as(body.of));
        self.decision_refused(body.of, body.rule).into_iter().collect()
    }

    fn decision_refused(&mut self, of: MessageId, rule: u8) -> Option<Event> {
        let mut all = self.decisions.iter_mut();
        let (hit, (_, _, sent)) = all.find(|(_, (_, message, _))| message.id == of)?;
        *sent = None;
        Some(Event::DecisionRefused(*hit, rule))
    }
}

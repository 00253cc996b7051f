//! The holder's side of one ask.

use super::{AnswerBody, AskBody, Between, Receipt, Reply, Urgency, check_ask};
use crate::ids::{MessageId, Micros};
use crate::refusal::Refusal;
use crate::ticket::LogKeys;
use domain::agreement::Agreement;
use domain::clock::Rule;

/// How far an ask is, as its holder knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is a duty of the desk.
    Open,
    /// The clock ran out; still open, and late.
    Late,
    /// Answered.
    Answered(Reply),
    /// The asker has the answer: its leaf.
    Received([u8; 32]),
}

/// What the holder's node is to record and do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldingEvent {
    /// Record it, start the clock, send the receipt.
    Received,
    /// Released by one person at immediate risk: tell the overseer at once, review by then.
    OnePerson(Micros),
    /// Write `no-response` and climb the ladder.
    NoResponse,
    /// The transfer is on both logs.
    Confirmed,
}

/// What the holder's rules say about the record asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Releasing {
    /// Sealed, adoption, witness protection or police intelligence: the second person must be of another unit.
    pub guarded: bool,
    /// Whether officer and approver are of one unit.
    pub same_unit: bool,
}

/// One ask, held.
#[derive(Clone, Debug)]
pub struct Holding {
    id: MessageId,
    body: AskBody,
    between: Between,
    received: Micros,
    due: Micros,
    stage: Stage,
    asked: [u8; 32],
    answered: Option<[u8; 32]>,
}

impl Holding {
    /// Takes an ask that was opened. This very ask must be in the asker's log, and the agreement must allow it;
    /// otherwise it is refused with the rule, and the refusal itself is a record.
    pub fn receive(
        id: MessageId,
        body: AskBody,
        agreement: &Agreement,
        between: Between,
        keys: &LogKeys,
        (received, clock): (Micros, &Rule<'_>),
    ) -> Result<Self, Refusal> {
        check_ask(&body, agreement, between, received)?;
        let asked = body.logged(keys)?;
        let due = body.urgency.due(received, clock)?;
        Ok(Self {
            id,
            body,
            between,
            received,
            due,
            stage: Stage::Open,
            asked,
            answered: None,
        })
    }
    /// The request.
    pub fn body(&self) -> &AskBody {
        &self.body
    }
    /// Where it is.
    pub fn stage(&self) -> Stage {
        self.stage
    }
    /// When it is due.
    pub fn due(&self) -> Micros {
        self.due
    }
    /// When it was received; the clock starts here and nothing restarts it.
    pub fn received(&self) -> Micros {
        self.received
    }

    /// The receipt to send, once our own leaf for it is in the log.
    pub fn receipt(&self, our_leaf: [u8; 32]) -> Receipt {
        Receipt {
            of: self.id,
            theirs: self.asked,
            mine: our_leaf,
        }
    }

    /// Decides, once the answer is in our own log. A refusal needs a reason; a release needs a second person, of another
    /// unit where the record is guarded. At immediate risk one person may release, and the overseer is told at once.
    pub fn decide(
        &mut self,
        answer: &AnswerBody,
        releasing: Releasing,
        agreement: &Agreement,
        own: &LogKeys,
        now: Micros,
    ) -> Result<Option<HoldingEvent>, Refusal> {
        if answer.of != self.id || !matches!(self.stage, Stage::Open | Stage::Late) {
            return Err(Refusal::Unasked);
        }
        check_ask(&self.body, agreement, self.between, now)?;
        let two = !answer.approver.is_empty() && answer.approver != answer.officer;
        let apart = !(releasing.guarded && releasing.same_unit);
        let alone = self.body.urgency == Urgency::Immediate && answer.reply != Reply::Refused;
        let reasoned = answer.reply == Reply::Full || (answer.reason != 0 && !answer.words.trim().is_empty());
        if answer.officer.is_empty() || !reasoned {
            return Err(Refusal::Range);
        }
        if !(two && apart || alone) {
            return Err(Refusal::TwoPeople);
        }
        self.answered = Some(answer.logged(own)?);
        self.stage = Stage::Answered(answer.reply);
        Ok((!(two && apart)).then(|| HoldingEvent::OnePerson(now.plus(24 * Micros::HOUR))))
    }

    /// The asker's receipt for the answer: it names our leaf, and its own. A repeat changes nothing.
    pub fn confirmed(
        &mut self,
        receipt: &Receipt,
        answer: MessageId,
    ) -> Result<Option<HoldingEvent>, Refusal> {
        if receipt.of != answer {
            return Err(Refusal::Unasked);
        }
        if Some(receipt.theirs) != self.answered {
            return Err(Refusal::Log);
        }
        match self.stage {
            Stage::Answered(_) => {
                self.stage = Stage::Received(receipt.mine);
                Ok(Some(HoldingEvent::Confirmed))
            }
            Stage::Received(_) => Ok(None),
            Stage::Open | Stage::Late => Err(Refusal::Unasked),
        }
    }

    /// Time passes: the clock runs out once.
    pub fn tick(&mut self, now: Micros) -> Option<HoldingEvent> {
        (self.stage == Stage::Open && now >= self.due).then(|| {
            self.stage = Stage::Late;
            HoldingEvent::NoResponse
        })
    }
}

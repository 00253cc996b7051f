//! The asker's side of one ask.

use super::{AnswerBody, AskBody, Between, Receipt, Reply, check_ask, check_entry};
use crate::ids::{MessageId, Micros};
use crate::refusal::Refusal;
use crate::ticket::LogKeys;
use domain::agreement::Agreement;
use domain::clock::Rule;
use ledger::leaf::Presentation;

/// How far an ask is, as its asker knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Sent; nothing came back.
    Sent,
    /// The holder has it: its leaf.
    Delivered([u8; 32]),
    /// Answered.
    Answered(Reply),
    /// The clock ran out first. An answer that comes later is taken, and is late.
    NoResponse,
    /// Answered after the clock ran out.
    AnsweredLate(Reply),
}

/// What the asker's node is to record and do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskingEvent {
    /// Tell the overseer at once that glass was broken, and review it by then.
    GlassBroken(Micros),
    /// The holder has it.
    Delivered,
    /// An answer: log it, then show it, then send the receipt.
    Answered(Reply),
    /// Write `no-response`, tell the holder, and tell the coordinator the age.
    NoResponse,
}

/// One ask.
#[derive(Clone, Debug)]
pub struct Asking {
    id: MessageId,
    body: AskBody,
    between: Between,
    due: Micros,
    stage: Stage,
    leaf: [u8; 32],
}

impl Asking {
    /// Begins, once the request is in the log. Refused when the rules of asking are broken, or when it is not logged.
    pub fn begin(
        id: MessageId,
        body: AskBody,
        agreement: &Agreement,
        between: Between,
        own: &LogKeys,
        (now, clock): (Micros, &Rule<'_>),
    ) -> Result<(Self, Option<AskingEvent>), Refusal> {
        check_ask(&body, agreement, between, now)?;
        let leaf = body.logged(own)?;
        let due = body.urgency.due(now, clock)?;
        let event = body
            .break_glass
            .then_some(AskingEvent::GlassBroken(now.plus(24 * Micros::HOUR)));
        Ok((
            Self {
                id,
                body,
                between,
                due,
                stage: Stage::Sent,
                leaf,
            },
            event,
        ))
    }
    /// Where it is.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }
    /// When an answer is due.
    pub fn due(&self) -> Micros {
        self.due
    }

    /// The holder's receipt: it names our leaf, and its own. A repeat changes nothing.
    pub fn receipt(&mut self, receipt: &Receipt) -> Result<Option<AskingEvent>, Refusal> {
        if receipt.of != self.id {
            return Err(Refusal::Unasked);
        }
        if receipt.theirs != self.leaf {
            return Err(Refusal::Log);
        }
        if self.stage != Stage::Sent {
            return Ok(None);
        }
        self.stage = Stage::Delivered(receipt.mine);
        Ok(Some(AskingEvent::Delivered))
    }

    /// The answer, opened. The answer itself must be in the holder's log, refusals too; what is shown must be what was
    /// asked, signed by the holder, and in its log.
    pub fn answer(
        &mut self,
        answer: &AnswerBody,
        agreement: &Agreement,
        keys: &LogKeys,
        now: Micros,
    ) -> Result<(Option<Presentation>, Option<AskingEvent>), Refusal> {
        if answer.of != self.id {
            return Err(Refusal::Unasked);
        }
        if matches!(self.stage, Stage::Answered(_) | Stage::AnsweredLate(_)) {
            return Ok((None, None));
        }
        answer.logged(keys)?;
        let shown = match answer.reply {
            Reply::Refused => {
                let empty = answer.shown.is_empty() && answer.shown_entry.0.is_empty();
                let reasoned = answer.reason != 0 && !answer.words.trim().is_empty();
                if !(empty && reasoned) {
                    return Err(Refusal::Range);
                }
                None
            }
            Reply::Full | Reply::Partial => {
                check_ask(&self.body, agreement, self.between, now)?;
                Some(self.shown(answer, keys)?)
            }
        };
        self.stage = match self.stage {
            Stage::NoResponse => Stage::AnsweredLate(answer.reply),
            _ => Stage::Answered(answer.reply),
        };
        Ok((shown, Some(AskingEvent::Answered(answer.reply))))
    }

    /// The receipt to send for an answer, once our own leaf for it is in the log.
    pub fn receipt_for(
        &self,
        id: MessageId,
        answer: &AnswerBody,
        keys: &LogKeys,
        our_leaf: [u8; 32],
    ) -> Result<Receipt, Refusal> {
        Ok(Receipt {
            of: id,
            theirs: answer.logged(keys)?,
            mine: our_leaf,
        })
    }

    fn shown(&self, answer: &AnswerBody, keys: &LogKeys) -> Result<Presentation, Refusal> {
        let shown = check_entry(&answer.shown, &answer.shown_entry, keys)?;
        let asked = |name: &str| self.body.fields.iter().any(|field| field == name);
        let within = shown.shown().iter().all(|disclosure| asked(disclosure.name()));
        let all = self.body.fields.iter().all(|field| shown.value(field).is_some());
        let fits = match answer.reply {
            Reply::Full => all && answer.reason == 0,
            _ => !all && answer.reason != 0,
        };
        if within && fits {
            Ok(shown)
        } else {
            Err(Refusal::Range)
        }
    }

    /// Time passes: the clock runs out once.
    pub fn tick(&mut self, now: Micros) -> Option<AskingEvent> {
        let waiting = matches!(self.stage, Stage::Sent | Stage::Delivered(_));
        (waiting && now >= self.due).then(|| {
            self.stage = Stage::NoResponse;
            AskingEvent::NoResponse
        })
    }
}

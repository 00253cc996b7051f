//! What the exchange states of a desk's rows (D8): count and root, daily and when asked; clearing a desk that comes
//! back from an old backup; and removing rows past their last day.

use super::Centre;
use crate::custodian;
use crate::envelope::{Outgoing, Verified};
use crate::holdings;
use crate::ids::{DeskId, Digest, Micros};
use crate::index::DeskNo;
use crate::message::{BatchReceipt, ClearDesk, Holdings, HoldingsAsk};
use crate::refusal::Refusal;
use crate::wire::encode;

impl Centre {
    /// Count and root of every desk's live rows, for the daily statement.
    pub fn holdings(&self, now: Micros) -> Vec<Outgoing> {
        let numbers = 0..DeskNo::try_from(self.index.directory().desks().len()).unwrap_or(DeskNo::MAX);
        numbers.filter_map(|number| self.holding(number, now)).collect()
    }

    /// Answers one desk that asks for its holdings.
    pub fn holdings_asked(&self, message: &Verified<HoldingsAsk>, now: Micros) -> Result<Outgoing, Refusal> {
        self.in_course(message)?;
        let desk = self.desk(message.value().desk, message.from())?;
        self.holding(desk, now).ok_or(Refusal::Desk)
    }

    fn holding(&self, number: DeskNo, now: Micros) -> Option<Outgoing> {
        let desk = self.index.directory().desk(number)?;
        let rows = self.index.rows().filter(|row| row.desk == number);
        let (count, root) = holdings::root(rows.map(|row| (row.id, row.pointer, row.until)));
        let day = u32::try_from(now.0.div_euclid(Micros::DAY)).unwrap_or(0);
        let holdings = Holdings {
            desk: desk.id,
            day,
            count,
            root,
        };
        Some(Outgoing::new(desk.agency, self.course, now, &holdings))
    }

    /// Removes rows past their last day. Their desks delete them too; whoever comes first.
    pub fn expire(&mut self, now: Micros) -> usize {
        let today = u32::try_from(now.0.div_euclid(Micros::DAY)).unwrap_or(0);
        self.index.expire(today)
    }

    /// Removes every row of a desk: it is about to put them all again. A repeat after that would remove them again, so
    /// a clearing is done once and its receipt repeated.
    pub fn clear(&mut self, message: &Verified<ClearDesk>, now: Micros) -> Result<Outgoing, Refusal> {
        self.in_course(message)?;
        let desk = self.desk(message.value().desk, message.from())?;
        if let Some(receipt) = self.receipts.get(&message.id()) {
            return Ok(receipt.clone());
        }
        self.inbox.accept(message)?;
        let deleted = u32::try_from(self.index.clear(desk)).unwrap_or(u32::MAX);
        let digest = Digest::of(&[&encode(message.value())]);
        let receipt = BatchReceipt {
            of: message.id(),
            digest,
            put: 0,
            deleted,
        };
        let receipt = Outgoing::new(message.from(), self.course, now, &receipt);
        self.receipts.insert(message.id(), receipt.clone());
        Ok(receipt)
    }
}

/// The number of rows a custodian or shield desk may have, by agency, as the overseer counts them.
pub fn held_rows(centre: &Centre) -> Vec<(DeskId, u64)> {
    custodian::held_rows(&centre.index)
}

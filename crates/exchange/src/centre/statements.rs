//! What the exchange states of a desk's rows (D8): count and root, daily and when asked; the recount of a desk that
//! comes back from an old backup; and removing rows past their last day.

use super::Centre;
use crate::custodian;
use crate::envelope::{Outgoing, Verified};
use crate::holdings;
use crate::ids::{DeskId, Micros};
use crate::index::{DeskNo, StoredRow};
use crate::message::{Agreeable as _, Holdings, HoldingsAsk, Recount, Step};
use crate::refusal::Refusal;

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
        let counts = |row: &StoredRow<'_>| row.desk == number && row.until >= now.day();
        let rows = self.index.rows().filter(counts);
        let (count, root) = holdings::root(rows.map(|row| (row.id, row.pointer, row.until)));
        let holdings = Holdings {
            desk: desk.id,
            at: now,
            count,
            root,
        };
        Some(Outgoing::new(desk.agency, self.course, now, &holdings))
    }

    /// Removes rows past their last day. Their desks delete them too; whoever comes first.
    pub fn expire(&mut self, now: Micros) -> usize {
        self.index.expire(now.day())
    }

    /// A desk puts all its rows again. The beginning marks what is there and takes nothing out of use: a desk that guards
    /// others must not be away for a moment. The end removes what was not put again since. Each is done once and its
    /// receipt repeated, or a late copy would undo what came after it. The end needs the number of the last beginning,
    /// and of a custodian or shield desk two people, since it may take rows away.
    pub fn recount(&mut self, message: &Verified<Recount>, now: Micros) -> Result<Outgoing, Refusal> {
        self.in_course(message)?;
        if let Some(receipt) = self.repeated(message)? {
            return Ok(receipt);
        }
        let recount = message.value();
        let desk = self.desk(recount.desk, message.from())?;
        let agreed = recount.agreed(self.course);
        self.officers.check_recount(&self.index, desk, recount, &agreed)?;
        let removed = match recount.step {
            Step::Begin => {
                self.recounts.insert(recount.desk, recount.number);
                self.index.mark(desk);
                0
            }
            Step::End => {
                if self.recounts.get(&recount.desk) != Some(&recount.number) {
                    return Err(Refusal::Unasked);
                }
                self.recounts.remove(&recount.desk);
                self.index.sweep(desk)
            }
        };
        self.receive(message, (0, removed), now)
    }
}

/// The number of rows a custodian or shield desk may have, by agency, as the overseer counts them.
pub fn held_rows(centre: &Centre) -> Vec<(DeskId, u64)> {
    custodian::held_rows(&centre.index)
}

//! Custodians first (D7): sealed and shielded people use the same tokens, but a notice that involves them is held for
//! a named desk, on a clock that ends in telling the other side or in a refusal signed by two people.

use crate::envelope::Keyring;
use crate::ids::{DeskId, Digest, Micros, PartyId};
use crate::index::{DeskKind, DeskNo, Index};
use crate::message::{Approval, Batch, Decision, Outcome, Recount, Step, approval_bytes};
use crate::refusal::Refusal;
use std::collections::HashMap;

/// The clock of a held notice at immediate risk.
pub const URGENT_CLOCK: i64 = Micros::HOUR;
/// The clock of any other held notice.
pub const CLOCK: i64 = 24 * Micros::HOUR;

/// A hit that is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldHit {
    /// Since when.
    pub since: Micros,
    /// When it lapses.
    pub due: Micros,
    waiting_for: Vec<DeskNo>,
    lapsed: bool,
}

impl HeldHit {
    /// Holds a hit for one or two desks.
    pub fn new(guards: Vec<DeskNo>, urgent: bool, now: Micros) -> Self {
        let length = if urgent { URGENT_CLOCK } else { CLOCK };
        Self {
            since: now,
            due: now.plus(length),
            waiting_for: guards,
            lapsed: false,
        }
    }

    /// Applies a decision by a guard (or by the coordinator, as None). True when both sides may be told.
    pub fn decide(&mut self, guard: Option<DeskNo>, outcome: Outcome) -> Result<bool, Refusal> {
        match guard {
            None => self.waiting_for.clear(),
            Some(guard) if self.waiting_for.contains(&guard) => self.waiting_for.retain(|g| *g != guard),
            // another desk's hit, or one this desk has decided already
            Some(_) => return Err(Refusal::Unasked),
        }
        Ok(outcome == Outcome::Release && self.waiting_for.is_empty())
    }

    /// Whether it lapses now: once, at its due time.
    pub fn lapse(&mut self, now: Micros) -> bool {
        let now_due = now >= self.due && !self.lapsed;
        self.lapsed |= now_due;
        now_due
    }
}

/// The officers who may agree for a party, and how many rows its custodian desks may hold.
#[derive(Clone, Debug, Default)]
pub struct Officers {
    keys: Keyring,
    of: HashMap<PartyId, PartyId>,
    limits: HashMap<DeskId, u64>,
}

impl Officers {
    /// Lists an officer of a party.
    pub fn add(&mut self, party: PartyId, officer: PartyId, key: crate::ids::PublicKey) {
        self.keys.add(officer, key);
        self.of.insert(officer, party);
    }
    /// Sets the most live rows a custodian or shield desk may have. Without a limit it may have none.
    pub fn limit(&mut self, desk: DeskId, rows: u64) {
        self.limits.insert(desk, rows);
    }

    /// How many different officers of a party agreed to a digest. A bad signature refuses the whole.
    pub fn agreed(&self, party: PartyId, digest: &Digest, approvals: &[Approval]) -> Result<usize, Refusal> {
        let bytes = approval_bytes(digest);
        let mut officers = Vec::new();
        for approval in approvals {
            if self.of.get(&approval.officer) != Some(&party) {
                return Err(Refusal::TwoPeople);
            }
            self.keys
                .check(approval.officer, &bytes, &approval.signature.0)
                .map_err(|_| Refusal::TwoPeople)?;
            officers.push(approval.officer);
        }
        officers.sort_unstable();
        officers.dedup();
        Ok(officers.len())
    }

    /// Rows of a custodian or shield desk need two people and stay under the desk's limit. Others carry no approvals.
    pub fn check_batch(
        &self,
        index: &Index,
        desk: DeskNo,
        batch: &Batch,
        agreed: &Digest,
    ) -> Result<(), Refusal> {
        if !self.two_of_a_guard(index, desk, agreed, &batch.approvals)? {
            return Ok(());
        }
        let known = index.directory().desk(desk).ok_or(Refusal::Desk)?;
        let new = batch.puts.iter();
        let new = new.filter(|put| index.row_of(desk, put.token).is_none()).count();
        let after = u64::try_from(index.live_of(desk).saturating_add(new)).unwrap_or(u64::MAX);
        let limit = self.limits.get(&known.id).copied().unwrap_or(0);
        if after <= limit {
            Ok(())
        } else {
            Err(Refusal::HeldLimit)
        }
    }

    /// The end of a guard's recount needs two people; every other step carries no approvals.
    pub fn check_recount(
        &self,
        index: &Index,
        desk: DeskNo,
        recount: &Recount,
        agreed: &Digest,
    ) -> Result<(), Refusal> {
        match recount.step {
            Step::Begin if recount.approvals.is_empty() => Ok(()),
            Step::Begin => Err(Refusal::Batch),
            Step::End => self
                .two_of_a_guard(index, desk, agreed, &recount.approvals)
                .map(drop),
        }
    }

    /// Whether a desk is a custodian's or a shield's, in which case two of its officers must have agreed. Others carry
    /// no approvals.
    fn two_of_a_guard(
        &self,
        index: &Index,
        desk: DeskNo,
        agreed: &Digest,
        approvals: &[Approval],
    ) -> Result<bool, Refusal> {
        let known = index.directory().desk(desk).ok_or(Refusal::Desk)?;
        match (known.kind, approvals.is_empty()) {
            (DeskKind::Ordinary, true) => Ok(false),
            (DeskKind::Ordinary, false) => Err(Refusal::Batch),
            _ if self.agreed(known.agency, agreed, approvals)? < 2 => Err(Refusal::TwoPeople),
            _ => Ok(true),
        }
    }

    /// A release needs one person; contact and refusal need a reason, and a refusal a second person.
    pub fn check_decision(
        &self,
        party: PartyId,
        decision: &Decision,
        agreed: &Digest,
    ) -> Result<(), Refusal> {
        let need = if decision.outcome == Outcome::Refuse { 2 } else { 1 };
        if self.agreed(party, agreed, &decision.approvals)? < need {
            return Err(Refusal::TwoPeople);
        }
        let reasoned = decision.outcome == Outcome::Release || decision.reason != 0;
        if reasoned { Ok(()) } else { Err(Refusal::Range) }
    }
}

/// Live rows of each custodian and shield desk: what the overseer counts.
pub fn held_rows(index: &Index) -> Vec<(DeskId, u64)> {
    let count = |number| u64::try_from(index.live_of(number)).unwrap_or(u64::MAX);
    (0..)
        .zip(index.directory().desks())
        .filter(|(_, desk)| desk.kind != DeskKind::Ordinary)
        .map(|(number, desk)| (desk.id, count(number)))
        .collect()
}

//! Who may put rows in a scope, what each desk is for, and which desks may meet.

use crate::ids::{DeskId, PartyId};
use std::collections::{HashMap, HashSet};

/// What a desk is for (D1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeskKind {
    /// An agency's safeguarding desk.
    Ordinary,
    /// Told first, about sealed records.
    Custodian,
    /// Told first, about shielded people; run by a body that is not the holder.
    Shield,
}

/// A desk as the exchange's directory lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Desk {
    /// The desk.
    pub id: DeskId,
    /// The agency that runs it. Desks of one agency never meet.
    pub agency: PartyId,
    /// What it is for.
    pub kind: DeskKind,
}

/// A desk's number in the directory.
pub type DeskNo = u16;

/// Who may put rows in this scope, and which desks may meet.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    desks: Vec<Desk>,
    numbers: HashMap<DeskId, DeskNo>,
    apart: HashSet<(DeskNo, DeskNo)>,
}

impl Directory {
    /// Adds a desk; returns its number. A desk already listed keeps its number. None above 65,535 desks.
    pub fn add(&mut self, desk: Desk) -> Option<DeskNo> {
        if let Some(number) = self.numbers.get(&desk.id) {
            return Some(*number);
        }
        let number = DeskNo::try_from(self.desks.len()).ok()?;
        self.desks.push(desk);
        self.numbers.insert(desk.id, number);
        Some(number)
    }
    /// Rules that two desks may not meet, in either order.
    pub fn keep_apart(&mut self, a: DeskNo, b: DeskNo) {
        self.apart.insert((a.min(b), a.max(b)));
    }
    /// The number of a desk.
    pub fn number(&self, id: DeskId) -> Option<DeskNo> {
        self.numbers.get(&id).copied()
    }
    /// A desk by number.
    pub fn desk(&self, number: DeskNo) -> Option<&Desk> {
        self.desks.get(usize::from(number))
    }
    /// Every desk, in order of its number.
    pub fn desks(&self) -> &[Desk] {
        &self.desks
    }
    /// Whether rows of two desks may meet: different agencies, and not kept apart.
    pub fn may_meet(&self, a: DeskNo, b: DeskNo) -> bool {
        let apart = || self.apart.contains(&(a.min(b), a.max(b)));
        match (self.desk(a), self.desk(b)) {
            (Some(x), Some(y)) => x.agency != y.agency && !apart(),
            _ => false,
        }
    }
}

//! The exchange's table of rows for one scope and epoch (D3, D8): by token, one live row for each desk under a token.
//!
//! Rows lie in fixed chunks and are chained in buckets by a keyed digest of their token, so the table grows without
//! copying rows and a stolen copy does not hold the tokens themselves. No names, no key types, no grouping by subject.

use crate::ids::{DeskId, PartyId, RowId, Token};
use crate::mac;
use crate::pointer::Sealed;
use std::collections::HashMap;
use std::collections::HashSet;
use zeroize::Zeroize as _;

/// Rows in one chunk.
const CHUNK: usize = 1 << 14;
/// The end of a chain.
const NONE: u32 = u32::MAX;

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

/// A row as a desk puts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The token.
    pub token: Token,
    /// The row's id: random, new at every seal.
    pub id: RowId,
    /// The sealed pointer.
    pub pointer: Sealed,
    /// The last day the row may be kept, as days since 1970.
    pub until: u32,
}

#[derive(Clone)]
struct Slot {
    name: [u8; 16],
    id: RowId,
    pointer: Sealed,
    until: u32,
    next: u32,
    desk: DeskNo,
    live: bool,
}

/// A row of another desk under the same token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Met {
    /// The other desk.
    pub desk: DeskNo,
    /// Its row.
    pub id: RowId,
    /// Its sealed pointer.
    pub pointer: Sealed,
}

/// What happened when a row was put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The desk's earlier row under the token, now gone. The same id when the row was already there.
    pub replaced: Option<RowId>,
    /// Rows of desks that may meet this one.
    pub met: Vec<Met>,
    /// Desks under the token, this one included.
    pub desks: u32,
    /// Whether a shield desk is under the token.
    pub shielded: Option<DeskNo>,
}

/// The table.
pub struct Index {
    pepper: [u8; 32],
    chunks: Vec<Vec<Slot>>,
    heads: Vec<u32>,
    free: Vec<u32>,
    used: u32,
    live: usize,
    directory: Directory,
}

impl core::fmt::Debug for Index {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Index({} rows)", self.live)
    }
}

impl Clone for Index {
    fn clone(&self) -> Self {
        Self {
            pepper: self.pepper,
            chunks: self.chunks.clone(),
            heads: self.heads.clone(),
            free: self.free.clone(),
            used: self.used,
            live: self.live,
            directory: self.directory.clone(),
        }
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        self.pepper.zeroize();
    }
}

impl Index {
    /// An empty table. `pepper` is the exchange's own, kept outside its store and its backups.
    pub fn new(pepper: [u8; 32], directory: Directory) -> Self {
        let heads = vec![NONE; 1024];
        Self {
            pepper,
            chunks: Vec::new(),
            heads,
            free: Vec::new(),
            used: 0,
            live: 0,
            directory,
        }
    }
    /// Live rows.
    pub fn len(&self) -> usize {
        self.live
    }
    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }
    /// The desks of this scope.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }
    /// The desks of this scope, to be changed when the agreement changes.
    pub fn directory_mut(&mut self) -> &mut Directory {
        &mut self.directory
    }
    /// Bytes held for rows, chains and buckets (capacity, not use).
    pub fn bytes(&self) -> usize {
        let rows: usize = self
            .chunks
            .iter()
            .map(|chunk| chunk.capacity() * size_of::<Slot>())
            .sum();
        rows + (self.heads.capacity() + self.free.capacity()) * size_of::<u32>()
    }

    fn name(&self, token: Token) -> [u8; 16] {
        let wide = mac::sha256(&self.pepper, &[&token.0]);
        let mut out = [0; 16];
        for (to, from) in out.iter_mut().zip(wide) {
            *to = from;
        }
        out
    }
    fn bucket(&self, name: &[u8; 16]) -> usize {
        let low = name.first_chunk::<8>().map_or(0, |b| u64::from_be_bytes(*b));
        usize::try_from(low).unwrap_or(0) & (self.heads.len() - 1)
    }
    fn slot(&self, at: u32) -> Option<&Slot> {
        let at = usize::try_from(at).ok()?;
        self.chunks.get(at / CHUNK)?.get(at % CHUNK)
    }
    fn slot_mut(&mut self, at: u32) -> Option<&mut Slot> {
        let at = usize::try_from(at).ok()?;
        self.chunks.get_mut(at / CHUNK)?.get_mut(at % CHUNK)
    }
    fn chain(&self, name: &[u8; 16]) -> impl Iterator<Item = (u32, &Slot)> {
        let mut at = self.heads.get(self.bucket(name)).copied().unwrap_or(NONE);
        core::iter::from_fn(move || {
            let slot = self.slot(at)?;
            let here = at;
            at = slot.next;
            Some((here, slot))
        })
    }

    /// The keyed name a token is stored under.
    pub fn name_of(&self, token: Token) -> [u8; 16] {
        self.name(token)
    }
    /// Every live row under a token.
    pub fn under(&self, token: Token) -> Vec<(DeskNo, RowId)> {
        let name = self.name(token);
        self.chain(&name)
            .filter(|(_, slot)| slot.name == name)
            .map(|(_, slot)| (slot.desk, slot.id))
            .collect()
    }
    /// A desk's live row under a token.
    pub fn row_of(&self, desk: DeskNo, token: Token) -> Option<RowId> {
        self.under(token)
            .into_iter()
            .find(|(d, _)| *d == desk)
            .map(|(_, row)| row)
    }

    /// Puts a row. A row already there under the same id changes nothing and meets the same rows again, so hits after
    /// a restore repeat under the same ids. Returns None when the table cannot take another row (2³² of them).
    pub fn put(&mut self, desk: DeskNo, row: &Row) -> Option<Placed> {
        let name = self.name(row.token);
        let mut placed = Placed {
            replaced: None,
            met: Vec::new(),
            desks: 1,
            shielded: None,
        };
        let mut own = None;
        let shield = |number: DeskNo| {
            self.directory
                .desk(number)
                .is_some_and(|d| d.kind == DeskKind::Shield)
        };
        if shield(desk) {
            placed.shielded = Some(desk);
        }
        for (at, slot) in self.chain(&name).filter(|(_, slot)| slot.name == name) {
            if slot.desk == desk {
                own = Some(at);
                placed.replaced = Some(slot.id);
                continue;
            }
            placed.desks = placed.desks.saturating_add(1);
            if shield(slot.desk) {
                placed.shielded = Some(slot.desk);
            }
            if self.directory.may_meet(desk, slot.desk) {
                placed.met.push(Met {
                    desk: slot.desk,
                    id: slot.id,
                    pointer: slot.pointer,
                });
            }
        }
        match own.and_then(|at| self.slot_mut(at)) {
            Some(slot) => (slot.id, slot.pointer, slot.until) = (row.id, row.pointer, row.until),
            None => self.insert(desk, name, row)?,
        }
        Some(placed)
    }

    fn insert(&mut self, desk: DeskNo, name: [u8; 16], row: &Row) -> Option<()> {
        if self.live >= self.heads.len() {
            self.widen();
        }
        let bucket = self.bucket(&name);
        let next = self.heads.get(bucket).copied()?;
        let slot = Slot {
            name,
            id: row.id,
            pointer: row.pointer,
            until: row.until,
            next,
            desk,
            live: true,
        };
        let at = match self.free.pop() {
            Some(at) => {
                *self.slot_mut(at)? = slot;
                at
            }
            None => {
                let at = self.used;
                self.used = at.checked_add(1).filter(|used| *used != NONE)?;
                if self.chunks.last().is_none_or(|chunk| chunk.len() == CHUNK) {
                    self.chunks.push(Vec::with_capacity(CHUNK));
                }
                self.chunks.last_mut()?.push(slot);
                at
            }
        };
        *self.heads.get_mut(bucket)? = at;
        self.live += 1;
        Some(())
    }

    /// Doubles the buckets and chains every row again.
    fn widen(&mut self) {
        let mask = self.heads.len() * 2 - 1;
        let mut heads = vec![NONE; mask + 1];
        let mut at = 0u32;
        for slot in self.chunks.iter_mut().flatten() {
            let low = slot.name.first_chunk::<8>().map_or(0, |b| u64::from_be_bytes(*b));
            if let Some(head) = heads
                .get_mut(usize::try_from(low).unwrap_or(0) & mask)
                .filter(|_| slot.live)
            {
                slot.next = *head;
                *head = at;
            }
            at = at.wrapping_add(1);
        }
        self.heads = heads;
    }

    /// Deletes a desk's row under a token. False when it is not there (already gone, or another row now).
    pub fn delete(&mut self, desk: DeskNo, token: Token, id: RowId) -> bool {
        let name = self.name(token);
        self.unlink(&name, desk, id)
    }

    /// Deletes every row whose last day has passed; returns how many.
    pub fn expire(&mut self, today: u32) -> usize {
        let gone: Vec<_> = self
            .rows()
            .filter(|row| row.until < today)
            .map(|row| (*row.name, row.desk, row.id))
            .collect();
        gone.iter()
            .filter(|(name, desk, id)| self.unlink(name, *desk, *id))
            .count()
    }

    /// Deletes every row of a desk; returns how many.
    pub fn clear(&mut self, desk: DeskNo) -> usize {
        let gone: Vec<_> = self
            .rows()
            .filter(|row| row.desk == desk)
            .map(|row| (*row.name, row.id))
            .collect();
        gone.iter()
            .filter(|(name, id)| self.unlink(name, desk, *id))
            .count()
    }

    fn unlink(&mut self, name: &[u8; 16], desk: DeskNo, id: RowId) -> bool {
        let mut before: Option<u32> = None;
        let mut found = None;
        for (at, slot) in self.chain(name) {
            if slot.name == *name && slot.desk == desk && slot.id == id {
                found = Some((at, slot.next));
                break;
            }
            before = Some(at);
        }
        let Some((at, next)) = found else { return false };
        let bucket = self.bucket(name);
        match before.and_then(|before| self.slot_mut(before)) {
            Some(slot) => slot.next = next,
            None => {
                if let Some(head) = self.heads.get_mut(bucket) {
                    *head = next;
                }
            }
        }
        if let Some(slot) = self.slot_mut(at) {
            let (name, id, pointer) = ([0; 16], RowId([0; 16]), [0; crate::pointer::SEALED]);
            *slot = Slot {
                name,
                id,
                pointer,
                until: 0,
                next: NONE,
                desk: 0,
                live: false,
            };
        }
        self.free.push(at);
        self.live = self.live.saturating_sub(1);
        true
    }

    /// Every live row: desk, keyed token name, row id, pointer, last day. The exchange's whole stored view.
    pub fn rows(&self) -> impl Iterator<Item = StoredRow<'_>> {
        self.chunks
            .iter()
            .flatten()
            .filter(|slot| slot.live)
            .map(|slot| StoredRow {
                desk: slot.desk,
                name: &slot.name,
                id: slot.id,
                pointer: &slot.pointer,
                until: slot.until,
            })
    }
}

/// A row as stored.
#[derive(Clone, Copy, Debug)]
pub struct StoredRow<'a> {
    /// The desk.
    pub desk: DeskNo,
    /// The keyed name of its token.
    pub name: &'a [u8; 16],
    /// The row.
    pub id: RowId,
    /// Its sealed pointer.
    pub pointer: &'a Sealed,
    /// Its last day.
    pub until: u32,
}

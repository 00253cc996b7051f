//! The exchange's table of rows for one scope and epoch (D3, D8): by token, one live row for each desk under a token.
//!
//! Rows lie in fixed chunks and are chained in buckets by a keyed digest of their token, so the table grows without
//! copying rows and a stolen copy does not hold the tokens themselves. No names, no key types, no grouping by subject.

mod directory;

pub use directory::{Desk, DeskKind, DeskNo, Directory};

use crate::ids::{RowId, Token};
use crate::mac;
use crate::pointer::Sealed;
use zeroize::Zeroize as _;

/// Rows in one chunk.
const CHUNK: usize = 1 << 14;
/// The end of a chain.
const NONE: u32 = u32::MAX;

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
    /// Put in the urgent lane. A row put again keeps it.
    pub urgent: bool,
}

/// What a slot holds, in one byte.
const LIVE: u8 = 1;
const URGENT: u8 = 2;
const MARKED: u8 = 4;

#[derive(Clone)]
struct Slot {
    name: [u8; 16],
    id: RowId,
    pointer: Sealed,
    until: u32,
    next: u32,
    desk: DeskNo,
    flags: u8,
}

impl Slot {
    fn is(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
    fn met(&self) -> Met {
        Met {
            desk: self.desk,
            id: self.id,
            pointer: self.pointer,
            urgent: self.is(URGENT),
        }
    }
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
    /// Put in the urgent lane.
    pub urgent: bool,
}

/// What happened when a row was put.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    /// The desk's earlier row under the token, now gone. The same id when the row was already there.
    pub replaced: Option<RowId>,
    /// Rows of desks that may meet this one.
    pub met: Vec<Met>,
    /// Ordinary desks under the token, this one included. Custodian and shield desks are not counted: the number
    /// reaches every holder, and must not differ by a row that is hidden from them.
    pub desks: u32,
    /// Every shield desk under the token with its row, in order of the desk's number.
    pub shields: Vec<(DeskNo, RowId)>,
}

/// Two rows under one token, and the shield desks there with their rows.
pub type Pair = (Met, Met, Vec<(DeskNo, RowId)>);

/// The table.
pub struct Index {
    pepper: [u8; 32],
    chunks: Vec<Vec<Slot>>,
    heads: Vec<u32>,
    free: Vec<u32>,
    used: u32,
    live: usize,
    by_desk: Vec<usize>,
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
            by_desk: self.by_desk.clone(),
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
            by_desk: Vec::new(),
            directory,
        }
    }
    /// Live rows.
    pub fn len(&self) -> usize {
        self.live
    }
    /// Live rows of one desk.
    pub fn live_of(&self, desk: DeskNo) -> usize {
        self.by_desk.get(usize::from(desk)).copied().unwrap_or(0)
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
        let mut placed = Placed::default();
        let mut own = None;
        self.note(desk, row.id, &mut placed);
        for (at, slot) in self.chain(&name).filter(|(_, slot)| slot.name == name) {
            if slot.desk == desk {
                own = Some(at);
                placed.replaced = Some(slot.id);
                continue;
            }
            self.note(slot.desk, slot.id, &mut placed);
            if self.directory.may_meet(desk, slot.desk) {
                placed.met.push(slot.met());
            }
        }
        placed.shields.sort_unstable();
        match own.and_then(|at| self.slot_mut(at)) {
            Some(slot) => {
                let kept = if slot.id == row.id { slot.flags & URGENT } else { 0 };
                slot.flags = LIVE | kept | if row.urgent { URGENT } else { 0 };
                (slot.id, slot.pointer, slot.until) = (row.id, row.pointer, row.until);
            }
            None => self.insert(desk, name, row)?,
        }
        Some(placed)
    }

    /// Counts one desk under a token.
    fn note(&self, desk: DeskNo, row: RowId, placed: &mut Placed) {
        match self.directory.desk(desk).map(|desk| desk.kind) {
            Some(DeskKind::Ordinary) => placed.desks = placed.desks.saturating_add(1),
            Some(DeskKind::Shield) => placed.shields.push((desk, row)),
            Some(DeskKind::Custodian) | None => {}
        }
    }

    /// Whether this many more rows fit: a batch is taken whole or not at all.
    pub fn has_room(&self, rows: usize) -> bool {
        let most = usize::try_from(NONE).unwrap_or(usize::MAX);
        self.live.saturating_add(rows) < most
    }

    /// Every two rows under one token whose desks may meet, with the shield desks under it, as a hit would be found if
    /// the second were put now. For an agreement that has just begun to allow them.
    pub fn pairs(&self) -> impl Iterator<Item = Pair> {
        let chains = self.heads.iter().filter(|head| **head != NONE);
        chains.flat_map(|head| self.pairs_of(*head))
    }

    fn pairs_of(&self, head: u32) -> Vec<Pair> {
        let slots: Vec<&Slot> =
            core::iter::successors(self.slot(head), |slot| self.slot(slot.next)).collect();
        let mut out = Vec::new();
        for (n, one) in slots.iter().enumerate() {
            let same = |slot: &&&Slot| slot.name == one.name;
            for two in slots.iter().skip(n + 1).filter(same) {
                if self.directory.may_meet(one.desk, two.desk) {
                    let mut placed = Placed::default();
                    slots
                        .iter()
                        .filter(same)
                        .for_each(|slot| self.note(slot.desk, slot.id, &mut placed));
                    placed.shields.sort_unstable();
                    out.push((one.met(), two.met(), placed.shields));
                }
            }
        }
        out
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
            flags: LIVE | if row.urgent { URGENT } else { 0 },
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
        let number = usize::from(desk);
        if self.by_desk.len() <= number {
            self.by_desk.resize(number.saturating_add(1), 0);
        }
        *self.by_desk.get_mut(number)? += 1;
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
                .filter(|_| slot.is(LIVE))
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

    /// Marks every row of a desk: a recount begins. Marked rows stay in use; a row put again loses its mark.
    pub fn mark(&mut self, desk: DeskNo) -> usize {
        let slots = self.chunks.iter_mut().flatten();
        let own = slots.filter(|slot| slot.is(LIVE) && slot.desk == desk);
        own.map(|slot| slot.flags |= MARKED).count()
    }

    /// Deletes every row of a desk that is still marked: a recount ends. Returns how many.
    pub fn sweep(&mut self, desk: DeskNo) -> usize {
        let slots = self.chunks.iter().flatten();
        let gone: Vec<_> = slots
            .filter(|slot| slot.is(LIVE) && slot.is(MARKED) && slot.desk == desk)
            .map(|slot| (slot.name, slot.id))
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
                flags: 0,
            };
        }
        self.free.push(at);
        self.live = self.live.saturating_sub(1);
        if let Some(count) = self.by_desk.get_mut(usize::from(desk)) {
            *count = count.saturating_sub(1);
        }
        true
    }

    /// Every live row: desk, keyed token name, row id, pointer, last day. The exchange's whole stored view.
    pub fn rows(&self) -> impl Iterator<Item = StoredRow<'_>> {
        self.chunks
            .iter()
            .flatten()
            .filter(|slot| slot.is(LIVE))
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

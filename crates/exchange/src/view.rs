//! Everything the exchange ever sees, as a type (D10). A test rebuilds a view from random bytes and the stated leakage
//! alone; whatever could not be rebuilt would be a leak that is not stated.
//!
//! The leakage: which desk put which row when and in which batch and lane; which rows have equal tokens; which of a
//! desk's rows were put or deleted together; rows' last days; when each party collects. Batches hide which rows are of
//! one subject among the batch, but an urgent batch is one subject, and rows that hit together over time form groups.

use crate::centre::Centre;
use crate::draw::Draw;
use crate::ids::{DeskId, MessageId, Micros, PartyId, RowId, Token};
use crate::message::{Batch, Collected, Lane};
use crate::pointer::SEALED;
use std::collections::HashMap;

/// One row as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenRow {
    /// Its token.
    pub token: Token,
    /// Its id.
    pub id: RowId,
    /// Its sealed pointer.
    pub pointer: [u8; SEALED],
    /// Its last day.
    pub until: u32,
}

/// One batch as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenBatch {
    /// When.
    pub at: Micros,
    /// From whom.
    pub from: PartyId,
    /// Its message.
    pub id: MessageId,
    /// The desk.
    pub desk: DeskId,
    /// The lane.
    pub lane: Lane,
    /// Rows put, in order.
    pub puts: Vec<SeenRow>,
    /// Rows deleted, in order.
    pub dels: Vec<(Token, RowId)>,
}

/// Everything the exchange sees of one scope and epoch, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// Batches.
    pub batches: Vec<SeenBatch>,
    /// Who collected how many notices, when.
    pub collected: Vec<(Micros, PartyId, usize)>,
}

impl View {
    /// Adds a batch.
    pub fn batch(&mut self, at: Micros, from: PartyId, id: MessageId, batch: &Batch) {
        let puts = batch
            .puts
            .iter()
            .map(|put| SeenRow {
                token: put.token,
                id: put.id,
                pointer: put.pointer,
                until: put.until,
            })
            .collect();
        let dels = batch.dels.iter().map(|del| (del.token, del.id)).collect();
        self.batches.push(SeenBatch {
            at,
            from,
            id,
            desk: batch.desk,
            lane: batch.lane,
            puts,
            dels,
        });
    }
    /// Adds a collection.
    pub fn collection(&mut self, at: Micros, from: PartyId, collected: &Collected) {
        let count =
            collected.hits.len() + collected.held.len() + collected.lapsed.len() + collected.crowded.len();
        self.collected.push((at, from, count));
    }
    /// Whether the exchange's stored rows are all in the view: it has no other source.
    pub fn explains(&self, centre: &Centre) -> bool {
        let seen: std::collections::HashSet<RowId> = self
            .batches
            .iter()
            .flat_map(|batch| batch.puts.iter().map(|row| row.id))
            .collect();
        centre.index().rows().all(|row| seen.contains(&row.id))
    }
}

/// The stated leakage: a view with every token, id and pointer replaced by a number that says only which are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leakage {
    batches: Vec<LeakedBatch>,
    collected: Vec<(Micros, PartyId, usize)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct LeakedBatch {
    at: Micros,
    from: PartyId,
    desk: DeskId,
    lane: Lane,
    puts: Vec<(usize, usize, u32)>,
    dels: Vec<(usize, usize)>,
}

/// Numbers things in order of first sight.
struct Numbers<T>(HashMap<T, usize>);

impl<T: core::hash::Hash + Eq> Numbers<T> {
    fn of(&mut self, thing: T) -> usize {
        let next = self.0.len();
        *self.0.entry(thing).or_insert(next)
    }
}

impl Leakage {
    /// What a view leaks.
    pub fn of(view: &View) -> Self {
        let (mut tokens, mut rows) = (Numbers(HashMap::new()), Numbers(HashMap::new()));
        let batches = view
            .batches
            .iter()
            .map(|batch| LeakedBatch {
                at: batch.at,
                from: batch.from,
                desk: batch.desk,
                lane: batch.lane,
                puts: batch
                    .puts
                    .iter()
                    .map(|row| (tokens.of(row.token), rows.of(row.id), row.until))
                    .collect(),
                dels: batch
                    .dels
                    .iter()
                    .map(|(token, id)| (tokens.of(*token), rows.of(*id)))
                    .collect(),
            })
            .collect();
        Self {
            batches,
            collected: view.collected.clone(),
        }
    }

    /// A view with the same leakage and otherwise random bytes: what a simulator that knows nobody can write.
    pub fn rebuild(&self, draw: &mut Draw) -> View {
        let mut tokens: HashMap<usize, Token> = HashMap::new();
        let mut rows: HashMap<usize, (RowId, [u8; SEALED])> = HashMap::new();
        let mut view = View {
            batches: Vec::new(),
            collected: self.collected.clone(),
        };
        for batch in &self.batches {
            let mut token =
                |n: usize, draw: &mut Draw| *tokens.entry(n).or_insert_with(|| Token(draw.bytes()));
            let mut row = |n: usize, draw: &mut Draw| {
                *rows
                    .entry(n)
                    .or_insert_with(|| (RowId(draw.bytes()), draw.bytes()))
            };
            let mut puts = Vec::new();
            for (t, r, until) in &batch.puts {
                let (id, pointer) = row(*r, draw);
                puts.push(SeenRow {
                    token: token(*t, draw),
                    id,
                    pointer,
                    until: *until,
                });
            }
            let dels = batch
                .dels
                .iter()
                .map(|(t, r)| (token(*t, draw), row(*r, draw).0))
                .collect();
            let id = MessageId(draw.bytes());
            view.batches.push(SeenBatch {
                at: batch.at,
                from: batch.from,
                id,
                desk: batch.desk,
                lane: batch.lane,
                puts,
                dels,
            });
        }
        view
    }
}

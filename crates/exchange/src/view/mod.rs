//! Everything the exchange ever sees, as a type (D10). A test rebuilds a view from random bytes and the stated leakage
//! alone; whatever could not be rebuilt would be a leak that is not stated.
//!
//! A view is written in names: of tokens, rows, pointers, hits, messages and hashes. As seen, the names are bytes; the
//! [`Leakage`] is the same view with numbers for names, which say only what is equal to what. So the leakage is, in
//! words: who sent which kind of message to whom and when, how long it was, and how large the sender's log is; which desk
//! put and deleted which rows in which batch and lane, and until when; which rows have equal tokens and which are put
//! again; which hits each party collected; what a custodian decided, for which reason code and by which officers. Rows of
//! one urgent batch are of one subject, and rows that hit together over time form groups.

mod seen;

pub use seen::{Head, Put, Seen, What};

use crate::centre::Centre;
use crate::draw::Draw;
use crate::envelope::Verified;
use crate::ids::{HitId, MessageId, Micros, RowId, Token};
use crate::pointer::{SEALED, Sealed};
use core::fmt::Debug;
use core::hash::Hash;
use std::collections::{HashMap, HashSet};

/// What names are made of.
pub trait Names {
    /// A token's name.
    type Token: Copy + Debug + Eq + Hash;
    /// A row's.
    type Row: Copy + Debug + Eq + Hash;
    /// A sealed pointer's.
    type Pointer: Copy + Debug + Eq + Hash;
    /// A hit's.
    type Hit: Copy + Debug + Eq + Hash;
    /// A message's.
    type Message: Copy + Debug + Eq + Hash;
    /// A root's.
    type Root: Copy + Debug + Eq + Hash;
}

/// Names as they are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bytes;
impl Names for Bytes {
    type Token = Token;
    type Row = RowId;
    type Pointer = Sealed;
    type Hit = HitId;
    type Message = MessageId;
    type Root = [u8; 32];
}

/// Names that say only what is equal to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers;
impl Names for Numbers {
    type Token = usize;
    type Row = usize;
    type Pointer = usize;
    type Hit = HitName;
    type Message = usize;
    type Root = usize;
}

/// A hit as a number: the two rows it is the hash of, or an unknown one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HitName {
    /// Of these two rows.
    Of(usize, usize),
    /// Of no two rows in the view.
    Unknown(usize),
}

/// Everything that reached the exchange, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View<N: Names = Bytes> {
    /// Messages, in order of arrival.
    pub seen: Vec<Seen<N>>,
}

/// The stated leakage.
pub type Leakage = View<Numbers>;

impl Default for View {
    fn default() -> Self {
        Self { seen: Vec::new() }
    }
}

impl View {
    /// Adds a message that arrived, whatever it is and whether or not it is then accepted.
    pub fn saw(&mut self, at: Micros, message: &Verified<()>) {
        self.seen.push(seen::of(at, message));
    }
    /// Every row put, in order.
    pub fn rows(&self) -> impl Iterator<Item = &Put<Bytes>> {
        self.seen.iter().flat_map(|seen| match &seen.what {
            What::Batch { puts, .. } => puts.as_slice(),
            _ => &[],
        })
    }
    /// Whether the exchange's stored rows and hits are all explained by the view: it has no other source.
    pub fn explains(&self, centre: &Centre) -> bool {
        let seen: HashSet<RowId> = self.rows().map(|row| row.id).collect();
        let rows = centre.index().rows().all(|row| seen.contains(&row.id));
        rows && centre
            .hits()
            .all(|(_, rows, _)| rows.iter().all(|row| seen.contains(row)))
    }
    /// What the view leaks.
    pub fn leakage(&self) -> Leakage {
        let mut numbering = Numbering::new(self);
        View {
            seen: self.seen.iter().map(|seen| seen.rename(&mut numbering)).collect(),
        }
    }
}

impl Leakage {
    /// A view with this leakage and otherwise random bytes: what a simulator that knows nobody can write.
    pub fn rebuild(&self, draw: &mut Draw) -> View {
        let mut noise = Noise {
            draw,
            tokens: HashMap::new(),
            rows: HashMap::new(),
            pointers: HashMap::new(),
            messages: HashMap::new(),
            roots: HashMap::new(),
            hits: HashMap::new(),
        };
        View {
            seen: self.seen.iter().map(|seen| seen.rename(&mut noise)).collect(),
        }
    }
}

/// Gives each name of one kind a name of another; equal names get equal names.
pub(crate) trait Rename<A: Names, B: Names> {
    fn token(&mut self, name: A::Token) -> B::Token;
    fn row(&mut self, name: A::Row) -> B::Row;
    fn pointer(&mut self, name: A::Pointer) -> B::Pointer;
    fn hit(&mut self, name: A::Hit) -> B::Hit;
    fn message(&mut self, name: A::Message) -> B::Message;
    fn root(&mut self, name: A::Root) -> B::Root;
}

/// Numbers things in order of first sight.
struct Count<T>(HashMap<T, usize>);

impl<T: Hash + Eq> Count<T> {
    fn of(&mut self, thing: T) -> usize {
        let next = self.0.len();
        *self.0.entry(thing).or_insert(next)
    }
}

struct Numbering {
    tokens: Count<Token>,
    rows: Count<RowId>,
    pointers: Count<Sealed>,
    messages: Count<MessageId>,
    roots: Count<[u8; 32]>,
    unknown: Count<HitId>,
    /// The rows each possible hit is of.
    hits: HashMap<HitId, (RowId, RowId)>,
}

impl Numbering {
    fn new(view: &View) -> Self {
        let mut under: HashMap<Token, Vec<RowId>> = HashMap::new();
        let mut hits = HashMap::new();
        for row in view.rows() {
            let others = under.entry(row.token).or_default();
            for other in others.iter() {
                hits.insert(HitId::of(row.id, *other), (row.id, *other));
            }
            others.push(row.id);
        }
        Self {
            tokens: Count(HashMap::new()),
            rows: Count(HashMap::new()),
            pointers: Count(HashMap::new()),
            messages: Count(HashMap::new()),
            roots: Count(HashMap::new()),
            unknown: Count(HashMap::new()),
            hits,
        }
    }
}

impl Rename<Bytes, Numbers> for Numbering {
    fn token(&mut self, name: Token) -> usize {
        self.tokens.of(name)
    }
    fn row(&mut self, name: RowId) -> usize {
        self.rows.of(name)
    }
    fn pointer(&mut self, name: Sealed) -> usize {
        self.pointers.of(name)
    }
    fn hit(&mut self, name: HitId) -> HitName {
        match self.hits.get(&name).copied() {
            Some((a, b)) => {
                let (a, b) = (self.rows.of(a), self.rows.of(b));
                HitName::Of(a.min(b), a.max(b))
            }
            None => HitName::Unknown(self.unknown.of(name)),
        }
    }
    fn message(&mut self, name: MessageId) -> usize {
        self.messages.of(name)
    }
    fn root(&mut self, name: [u8; 32]) -> usize {
        self.roots.of(name)
    }
}

struct Noise<'a> {
    draw: &'a mut Draw,
    tokens: HashMap<usize, Token>,
    rows: HashMap<usize, RowId>,
    pointers: HashMap<usize, Sealed>,
    messages: HashMap<usize, MessageId>,
    roots: HashMap<usize, [u8; 32]>,
    hits: HashMap<usize, HitId>,
}

fn fresh<T: Copy, const N: usize>(
    known: &mut HashMap<usize, T>,
    name: usize,
    draw: &mut Draw,
    make: fn([u8; N]) -> T,
) -> T {
    *known.entry(name).or_insert_with(|| make(draw.bytes()))
}

impl Rename<Numbers, Bytes> for Noise<'_> {
    fn token(&mut self, name: usize) -> Token {
        fresh(&mut self.tokens, name, self.draw, Token)
    }
    fn row(&mut self, name: usize) -> RowId {
        fresh(&mut self.rows, name, self.draw, RowId)
    }
    fn pointer(&mut self, name: usize) -> Sealed {
        fresh(&mut self.pointers, name, self.draw, |bytes: [u8; SEALED]| bytes)
    }
    fn hit(&mut self, name: HitName) -> HitId {
        match name {
            HitName::Of(a, b) => HitId::of(self.row(a), self.row(b)),
            HitName::Unknown(name) => fresh(&mut self.hits, name, self.draw, HitId),
        }
    }
    fn message(&mut self, name: usize) -> MessageId {
        fresh(&mut self.messages, name, self.draw, MessageId)
    }
    fn root(&mut self, name: usize) -> [u8; 32] {
        fresh(&mut self.roots, name, self.draw, |bytes| bytes)
    }
}

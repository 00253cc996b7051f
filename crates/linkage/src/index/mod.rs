//! Real time: records are added, found, removed and separated one at a time, with the model and scores of a batch run.
//!
//! Value frequencies, word weights and rules are those of the records the index was built from; a value first seen
//! later counts as rare. That makes every score a function of the two records alone, so clusters do not depend
//! on the order of arrival. Clusters are computed for the neighbourhood that is asked about, from the same function as
//! in batch. [`Kept`] is an index that lies in a folder as well.
#![expect(
    clippy::indexing_slicing,
    reason = "record numbers and rules index arrays kept in step"
)]

mod frame;
mod kept;
mod log;
mod snapshot;

pub use kept::Kept;

use crate::{
    LinkError,
    block::{self, Key},
    cluster,
    compare::{Field, Pattern, Records, Scratch, Values},
    model::{Explanation, Model, Scorer, probability},
    score::{Edge, FORBIDDEN},
    source::Sources,
    table::{Mixed, Strings},
};
use hashbrown::{HashMap, HashSet};

type Map<T> = HashMap<u32, T, Mixed>;

/// A candidate with its score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Record number in the index.
    pub record: u32,
    /// Calibrated score in bits.
    pub score: f64,
    /// Match probability.
    pub probability: f64,
    /// Levels.
    pub pattern: Pattern,
}

/// Records of one rule by block hash: a sorted base and what was added since.
struct Postings {
    keys: Vec<Key>,
    hashes: Vec<u32>,
    records: Vec<u32>,
    /// Where hashes with given upper sixteen bits begin.
    starts: Vec<u32>,
    added: Map<Vec<u32>>,
    largest: usize,
}

impl Postings {
    fn base(&self, hash: u32) -> &[u32] {
        let bucket = (hash >> 16) as usize;
        let (from, to) = (self.starts[bucket] as usize, self.starts[bucket + 1] as usize);
        let part = &self.hashes[from..to];
        let low = from + part.partition_point(|h| *h < hash);
        let high = low + self.hashes[low..to].partition_point(|h| *h == hash);
        &self.records[low..high]
    }

    /// Live records of a block, or nothing if there are too many.
    fn block(&self, hash: u32, removed: &HashSet<u32, Mixed>) -> Vec<u32> {
        let more = self.added.get(&hash).map_or(&[][..], Vec::as_slice);
        let base = self.base(hash);
        if base.len() + more.len() > self.largest * 4 {
            return Vec::new();
        }
        let live: Vec<u32> = base
            .iter()
            .chain(more)
            .copied()
            .filter(|r| !removed.contains(r))
            .collect();
        if live.len() > self.largest {
            Vec::new()
        } else {
            live
        }
    }
}

/// The index.
pub struct Index {
    model: Model,
    scorer: Scorer,
    records: Records,
    ids: Strings,
    places: HashMap<String, u32, Mixed>,
    rules: Vec<Postings>,
    removed: HashSet<u32, Mixed>,
    apart: HashMap<u32, Vec<u32>, Mixed>,
    scratch: Scratch,
    /// Pairs below this probability are not looked at for clusters.
    keep: f64,
}

impl Index {
    /// An index over records that the model fits.
    ///
    /// # Errors
    /// The model expects other columns, a rule names an unknown column, or an identifier occurs twice.
    pub fn build(mut records: Records, ids: Strings, model: Model) -> Result<Self, LinkError> {
        for s in &mut records.stores {
            s.thaw();
        }
        Self::assemble(records, ids, model, HashSet::default())
    }

    /// An index over records whose values can be found, some of them removed already.
    fn assemble(
        records: Records,
        ids: Strings,
        model: Model,
        removed: HashSet<u32, Mixed>,
    ) -> Result<Self, LinkError> {
        model.fits(&records)?;
        let mut places = HashMap::with_capacity_and_hasher(ids.len(), Mixed);
        let live = (0_u32..).zip(0..ids.len()).filter(|(r, _)| !removed.contains(r));
        for (record, k) in live {
            if places.insert(ids.text(k).to_owned(), record).is_some() {
                return Err(LinkError::Settings(
                    "an identifier occurs twice; an index needs unique identifiers".into(),
                ));
            }
        }
        let rules = model
            .rules
            .iter()
            .map(|r| postings(&records, r))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            scorer: model.scorer(),
            scratch: Scratch::new(records.fields.len(), 14),
            model,
            records,
            ids,
            places,
            rules,
            removed,
            apart: HashMap::default(),
            keep: 0.01,
        })
    }

    /// Writes the index, so that [`Self::read`] makes the same one of it. [`Kept`] does this and more.
    ///
    /// # Errors
    /// What the writer refuses.
    pub fn write(&self, to: &mut impl std::io::Write) -> std::io::Result<()> {
        snapshot::write(to, self, 1)
    }

    /// Reads an index; `name` is for messages.
    ///
    /// # Errors
    /// It is none, is cut short or damaged, or has another version.
    pub fn read(name: &str, from: impl std::io::Read) -> Result<Self, LinkError> {
        let damaged = |problem| LinkError::File {
            path: name.into(),
            problem,
        };
        Ok(snapshot::read(from).map_err(damaged)?.0)
    }

    /// Applies the log of an index that was written with [`Self::write`]; `name` is for messages.
    ///
    /// # Errors
    /// It is none, is damaged other than at its end, or belongs to another index.
    pub fn replay(&mut self, name: &str, log: impl std::io::Read) -> Result<(), LinkError> {
        let damaged = |problem| LinkError::File {
            path: name.into(),
            problem,
        };
        log::apply(log, self, 1).map(|_| ()).map_err(damaged)
    }

    /// Number of live records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// True without live records.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// External identifier of a record number.
    #[must_use]
    pub fn id(&self, record: u32) -> &str {
        self.ids.text(record as usize)
    }

    /// Record number of a live identifier.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<u32> {
        self.places.get(id).copied()
    }

    /// Adds a record given as column names and values; unknown columns are ignored, absent ones are missing.
    /// Returns its number. Adding an identifier again replaces the record.
    ///
    /// # Errors
    /// More distinct text than a column can hold.
    pub fn add(&mut self, id: &str, values: &[(&str, &str)]) -> Result<u32, LinkError> {
        self.remove(id);
        let row = self.encode(values)?;
        let number =
            u32::try_from(self.records.len).map_err(|_| LinkError::TooLarge("four billion records"))?;
        for p in &mut self.rules {
            let parts: Vec<&Key> = p.keys.iter().collect();
            let added = &mut p.added;
            block::hashes(&row, &parts, |h| {
                let list = added.entry(h).or_default();
                if list.last() != Some(&number) {
                    list.push(number);
                }
            });
        }
        self.records.rows.extend_from_slice(&row);
        self.records.len += 1;
        self.records.sources = Sources::one(self.records.len);
        self.ids.push(id.as_bytes());
        self.places.insert(id.to_owned(), number);
        Ok(number)
    }

    /// Takes a record out; false if it is not there.
    pub fn remove(&mut self, id: &str) -> bool {
        let Some(record) = self.places.remove(id) else {
            return false;
        };
        self.removed.insert(record);
        for other in self.apart.remove(&record).unwrap_or_default() {
            if let Some(list) = self.apart.get_mut(&other) {
                list.retain(|r| *r != record);
            }
        }
        true
    }

    /// Declares two records to be two people: no cluster will hold both. False if either is absent.
    pub fn separate(&mut self, a: &str, b: &str) -> bool {
        let (Some(x), Some(y)) = (self.place(a), self.place(b)) else {
            return false;
        };
        if x == y {
            return false;
        }
        self.apart.entry(x).or_default().push(y);
        self.apart.entry(y).or_default().push(x);
        true
    }

    /// Takes such a declaration back.
    pub fn reunite(&mut self, a: &str, b: &str) {
        if let (Some(x), Some(y)) = (self.place(a), self.place(b)) {
            for (p, q) in [(x, y), (y, x)] {
                if let Some(list) = self.apart.get_mut(&p) {
                    list.retain(|r| *r != q);
                }
            }
        }
    }

    /// Candidates for a record that is not added, best first, with at least `keep` probability.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub fn find(&mut self, values: &[(&str, &str)], keep: f64) -> Result<Vec<Hit>, LinkError> {
        let row = self.encode(values)?;
        Ok(self.hits(&row, u32::MAX, keep))
    }

    /// Candidates for a record of the index, best first.
    pub fn neighbours(&mut self, record: u32, keep: f64) -> Vec<Hit> {
        let row = self.records.row(record).to_vec();
        self.hits(&row, record, keep)
    }

    fn hits(&mut self, row: &[u32], own: u32, keep: f64) -> Vec<Hit> {
        let mut found: Vec<u32> = Vec::with_capacity(64);
        for p in &self.rules {
            let parts: Vec<&Key> = p.keys.iter().collect();
            block::hashes(row, &parts, |h| found.extend(p.block(h, &self.removed)));
        }
        found.sort_unstable();
        found.dedup();
        let floor = (keep / (1.0 - keep).max(1e-300)).log2();
        let mut out: Vec<Hit> = Vec::new();
        for record in found.into_iter().filter(|r| *r != own) {
            let pattern = self
                .records
                .pattern_of(row, self.records.row(record), &mut self.scratch);
            let score = self.scorer.score(pattern);
            if score >= floor {
                out.push(Hit {
                    record,
                    score,
                    probability: probability(score),
                    pattern,
                });
            }
        }
        out.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.record.cmp(&b.record)));
        out
    }

    /// Why two records of the index have their score.
    pub fn explain(&mut self, a: u32, b: u32) -> Explanation {
        let pattern = self.records.pattern(a, b, &mut self.scratch);
        self.scorer.explain(&self.model, pattern)
    }

    /// The cluster of a record, as identifiers in ascending order. Its first member names the cluster.
    pub fn cluster(&mut self, id: &str) -> Vec<String> {
        let Some(start) = self.place(id) else {
            return Vec::new();
        };
        let low = self.model.threshold * 0.25;
        let mut members = vec![start];
        let mut edges: Vec<(u32, u32, f64)> = Vec::new();
        let mut seen: HashSet<u32, Mixed> = HashSet::default();
        seen.insert(start);
        let mut next = 0;
        while let Some(&r) = members.get(next) {
            next += 1;
            for h in self.neighbours(r, self.keep) {
                edges.push((r.min(h.record), r.max(h.record), h.score));
                if h.probability >= low && seen.insert(h.record) {
                    members.push(h.record);
                }
            }
        }
        self.grouped(&members, edges, start)
    }

    /// Clusters a neighbourhood. Numbers are given out by identifier, so that the order of arrival does not matter.
    fn grouped(&self, members: &[u32], edges: Vec<(u32, u32, f64)>, start: u32) -> Vec<String> {
        let mut order: Vec<u32> = members.to_vec();
        order.sort_by(|a, b| self.id(*a).cmp(self.id(*b)));
        let at: Map<u32> = (0_u32..).zip(&order).map(|(k, r)| (*r, k)).collect();
        let mut local: Vec<Edge> = edges
            .into_iter()
            .filter_map(|(a, b, score)| {
                let (x, y) = (*at.get(&a)?, *at.get(&b)?);
                #[expect(clippy::cast_possible_truncation, reason = "a score of a few tens of bits")]
                let weight = if self.apart.get(&a).is_some_and(|l| l.contains(&b)) {
                    FORBIDDEN
                } else {
                    score as f32
                };
                Some(Edge {
                    left: x.min(y),
                    right: x.max(y),
                    weight,
                    pattern: 0,
                })
            })
            .collect();
        for &r in members {
            for o in self.apart.get(&r).into_iter().flatten() {
                if let (Some(&x), Some(&y)) = (at.get(&r), at.get(o)) {
                    local.push(Edge {
                        left: x.min(y),
                        right: x.max(y),
                        weight: FORBIDDEN,
                        pattern: 0,
                    });
                }
            }
        }
        local.sort_by(|a, b| {
            (a.left, a.right)
                .cmp(&(b.left, b.right))
                .then(a.weight.total_cmp(&b.weight))
        });
        local.dedup_by_key(|e| (e.left, e.right));
        let labels = cluster::average(order.len(), &local, self.model.threshold);
        let own = at.get(&start).map(|k| labels[*k as usize]);
        order
            .iter()
            .zip(&labels)
            .filter(|(_, l)| Some(**l) == own)
            .map(|(r, _)| self.id(*r).to_owned())
            .collect()
    }

    /// Codes of a record's values, new values being folded, prepared and keyed.
    fn encode(&mut self, values: &[(&str, &str)]) -> Result<Vec<u32>, LinkError> {
        let width = self.records.fields.len() + self.records.inputs.len();
        let mut row = vec![0_u32; width];
        for (position, code) in row.iter_mut().enumerate() {
            let Some(f) = self.records.column(position).filter(|f| f.custom.is_none()) else {
                continue;
            };
            let Some((_, raw)) = values.iter().find(|(name, _)| *name == f.name) else {
                continue;
            };
            let text = self.reduced(position, raw, values);
            let (kind, store) = (f.kind, f.store);
            let separated = self.records.stores[store]
                .many()
                .then(|| ['|', ';'].into_iter().find(|c| text.contains(*c)));
            let stores = &mut self.records.stores[store];
            *code = match separated.flatten() {
                Some(c) => stores.add_several(kind, &text, c, true)?,
                None => stores.add(kind, &text, true)?,
            };
        }
        self.grow();
        Ok(row)
    }

    /// A whole name beside given and family names stands for what it adds to them.
    fn reduced(&self, position: usize, raw: &str, values: &[(&str, &str)]) -> String {
        if self.records.others != Some(position) {
            return raw.to_owned();
        }
        let text = |k: usize| {
            let name = self.records.fields.get(k).map(|f| f.name.as_str());
            values
                .iter()
                .find(|(n, _)| Some(*n) == name)
                .map_or("", |(_, v)| *v)
        };
        let (given, family) = self.records.swap.map_or(("", ""), |(g, f)| (text(g), text(f)));
        let known = |w: &&str| {
            !given
                .split_whitespace()
                .chain(family.split_whitespace())
                .any(|x| x == *w)
        };
        raw.split_whitespace().filter(known).collect::<Vec<_>>().join(" ")
    }

    /// Brings per-code tables up to the size of the dictionaries; new values are rare.
    fn grow(&mut self) {
        let stores = &self.records.stores;
        let size = |f: &Field| stores.get(f.store).map_or(0, |s: &Values| s.dict.len() + 1);
        let mut changed = false;
        for f in self.records.fields.iter_mut().chain(&mut self.records.inputs) {
            let n = size(f);
            if f.custom.is_none() && f.exact.len() < n {
                f.exact.resize(n, 1);
                f.counts.resize(n, 0);
                changed = true;
            }
        }
        if !changed {
            return;
        }
        for p in &mut self.rules {
            for k in &mut p.keys {
                let n = self.records.column(k.field).map_or(0, |f| f.exact.len());
                k.extend(&self.records, u32::try_from(n).unwrap_or(u32::MAX));
            }
        }
    }
}

fn postings(records: &Records, rule: &block::Rule) -> Result<Postings, LinkError> {
    let keys = block::rule_keys(records, rule)?;
    let parts: Vec<&Key> = keys.iter().collect();
    let mut entries: Vec<u64> = Vec::with_capacity(records.len);
    for r in 0..u32::try_from(records.len).unwrap_or(u32::MAX) {
        block::hashes(records.row(r), &parts, |h| {
            entries.push(u64::from(h) << 32 | u64::from(r))
        });
    }
    entries.sort_unstable();
    entries.dedup();
    #[expect(clippy::cast_possible_truncation, reason = "two halves of an entry")]
    let (hashes, list): (Vec<u32>, Vec<u32>) = entries.iter().map(|e| ((e >> 32) as u32, *e as u32)).unzip();
    let mut starts = vec![0_u32; 65_537];
    for h in &hashes {
        starts[(h >> 16) as usize + 1] += 1;
    }
    for k in 1..starts.len() {
        starts[k] += starts[k - 1];
    }
    Ok(Postings {
        keys,
        hashes,
        records: list,
        starts,
        added: Map::default(),
        largest: rule.largest_block as usize,
    })
}

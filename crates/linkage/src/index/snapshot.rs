//! An index as a file: what it was made of, from which the rest is made again. Frames after a mark: a head in JSON, then
//! arrays of numbers and of texts in an order the head implies, then an end.
//!
//! Version 1. A reader refuses other versions, and whatever does not fit together.

use super::{
    Index,
    frame::{Frames, Next, put},
};
use crate::{
    LinkError,
    compare::{Field, Records, Values},
    model::Model,
    profile::Kind,
    source::Sources,
    table::{Mixed, Strings},
};
use hashbrown::HashSet;
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};

/// The first bytes of the file.
const MARK: &[u8; 8] = b"DLINDEX\n";
/// Version of the format.
const VERSION: u32 = 1;
/// Bytes from which on an array goes on in the next frame.
const FULL: usize = 1 << 20;
const END: &[u8] = b"end of index";

#[derive(Serialize, Deserialize)]
struct Head {
    version: u32,
    generation: u64,
    fields: Vec<Field>,
    inputs: Vec<Field>,
    stores: Vec<Store>,
    /// Lengths of the tables of each column, fields first.
    columns: Vec<(usize, usize)>,
    records: usize,
    swap: Option<(usize, usize)>,
    others: Option<usize>,
    model: Model,
    removed: usize,
    apart: usize,
}

/// One store of values.
#[derive(Serialize, Deserialize)]
struct Store {
    kind: Kind,
    values: u32,
    finished: u32,
    /// Numbers that say which cells consist of which values, if any may.
    lists: Option<usize>,
}

/// A column without what is stored apart.
fn bare(f: &Field) -> Field {
    Field {
        exact: Vec::new(),
        counts: Vec::new(),
        ..f.clone()
    }
}

fn lists(v: &Values) -> Option<Vec<u32>> {
    v.many().then(|| {
        let mut out = Vec::new();
        for code in 1..=u32::try_from(v.dict.len()).unwrap_or(u32::MAX) {
            let elements = v.elements(code);
            if !elements.is_empty() {
                out.extend([code, u32::try_from(elements.len()).unwrap_or(u32::MAX)]);
                out.extend_from_slice(elements);
            }
        }
        out
    })
}

struct Out<'a, W> {
    to: &'a mut W,
    at: u64,
    frame: Vec<u8>,
}

impl<W: Write> Out<'_, W> {
    fn frame(&mut self) -> std::io::Result<()> {
        self.at = put(self.to, self.at, &self.frame)?;
        self.frame.clear();
        Ok(())
    }

    fn end_of_array(&mut self) -> std::io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        self.frame()
    }

    fn numbers(&mut self, numbers: impl IntoIterator<Item = u32>) -> std::io::Result<()> {
        for n in numbers {
            self.frame.extend_from_slice(&n.to_le_bytes());
            if self.frame.len() >= FULL {
                self.frame()?;
            }
        }
        self.end_of_array()
    }

    fn texts<'t>(&mut self, texts: impl IntoIterator<Item = &'t [u8]>) -> std::io::Result<()> {
        for t in texts {
            let length = u32::try_from(t.len()).unwrap_or(u32::MAX);
            self.frame.extend_from_slice(&length.to_le_bytes());
            self.frame.extend_from_slice(t);
            if self.frame.len() >= FULL {
                self.frame()?;
            }
        }
        self.end_of_array()
    }
}

/// Writes an index.
pub(super) fn write(to: &mut impl Write, index: &Index, generation: u64) -> std::io::Result<()> {
    let r = &index.records;
    let columns: Vec<&Field> = r.columns().collect();
    let all_lists: Vec<Option<Vec<u32>>> = r.stores.iter().map(lists).collect();
    let kind = |store: usize| {
        let first = columns.iter().find(|f| f.store == store && f.custom.is_none());
        first.map_or(Kind::Category, |f| f.kind)
    };
    let stores = r
        .stores
        .iter()
        .zip(&all_lists)
        .enumerate()
        .map(|(k, (v, l))| Store {
            kind: kind(k),
            values: u32::try_from(v.dict.len()).unwrap_or(u32::MAX),
            finished: v.finished(),
            lists: l.as_ref().map(Vec::len),
        });
    let mut removed: Vec<u32> = index.removed.iter().copied().collect();
    removed.sort_unstable();
    let mut apart: Vec<(u32, u32)> = index
        .apart
        .iter()
        .flat_map(|(a, others)| others.iter().map(move |b| (*a, *b)))
        .collect();
    apart.sort_unstable();
    let head = Head {
        version: VERSION,
        generation,
        fields: r.fields.iter().map(bare).collect(),
        inputs: r.inputs.iter().map(bare).collect(),
        stores: stores.collect(),
        columns: columns.iter().map(|f| (f.exact.len(), f.counts.len())).collect(),
        records: r.len,
        swap: r.swap,
        others: r.others,
        model: index.model.clone(),
        removed: removed.len(),
        apart: apart.len(),
    };
    to.write_all(MARK)?;
    let frame = serde_json::to_vec(&head).map_err(std::io::Error::other)?;
    let mut out = Out {
        to,
        at: MARK.len() as u64,
        frame,
    };
    out.frame()?;
    for (v, l) in r.stores.iter().zip(all_lists) {
        out.texts((1..=u32::try_from(v.dict.len()).unwrap_or(u32::MAX)).map(|c| v.dict.get(c)))?;
        out.numbers(l.into_iter().flatten())?;
    }
    for f in &columns {
        out.numbers(f.exact.iter().map(|l| u32::from(*l)))?;
        out.numbers(f.counts.iter().copied())?;
    }
    out.numbers(r.rows.iter().copied())?;
    out.texts((0..r.len).map(|k| index.ids.get(k)))?;
    out.numbers(removed)?;
    out.numbers(apart.into_iter().flat_map(|(a, b)| [a, b]))?;
    out.frame.extend_from_slice(END);
    out.frame()
}

struct In<R> {
    frames: Frames<R>,
}

impl<R: Read> In<R> {
    fn frame(&mut self) -> Result<Vec<u8>, String> {
        let at = self.frames.at();
        match self.frames.next().map_err(|e| e.to_string())? {
            Next::Frame(bytes) => Ok(bytes),
            Next::End | Next::Torn => Err(format!("cut short at byte {at}")),
            Next::Damaged => Err(format!("damaged at byte {at}")),
        }
    }

    fn numbers(&mut self, count: usize) -> Result<Vec<u32>, String> {
        let mut out = Vec::new();
        while out.len() < count {
            let bytes = self.frame()?;
            let (words, rest) = bytes.as_chunks::<4>();
            if !rest.is_empty() || words.is_empty() || out.len() + words.len() > count {
                return Err("an array has another length than stated".into());
            }
            out.extend(words.iter().map(|w| u32::from_le_bytes(*w)));
        }
        Ok(out)
    }

    fn texts(
        &mut self,
        count: usize,
        mut each: impl FnMut(&[u8]) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut seen = 0;
        while seen < count {
            let bytes = self.frame()?;
            let mut rest = bytes.as_slice();
            while let Some((length, after)) = rest.split_first_chunk::<4>() {
                let length = u32::from_le_bytes(*length) as usize;
                let (text, after) = after
                    .split_at_checked(length)
                    .ok_or("a text runs out of its frame")?;
                each(text)?;
                seen += 1;
                rest = after;
            }
            if !rest.is_empty() || bytes.is_empty() || seen > count {
                return Err("an array of texts has another length than stated".into());
            }
        }
        Ok(())
    }
}

/// Reads an index and its generation.
///
/// # Errors
/// In words: what is wrong with it.
pub(super) fn read(mut input: impl Read) -> Result<(Index, u64), String> {
    let mut mark = Vec::new();
    let first = input.by_ref().take(MARK.len() as u64).read_to_end(&mut mark);
    first.map_err(|e| e.to_string())?;
    if mark != MARK {
        return Err("this is no index".into());
    }
    let mut input = In {
        frames: Frames::new(input, MARK.len() as u64),
    };
    let head = input.frame()?;
    let version: Version = serde_json::from_slice(&head).map_err(|e| format!("its head is none: {e}"))?;
    if version.version != VERSION {
        return Err(format!(
            "it has version {}; this program reads {VERSION}",
            version.version
        ));
    }
    let mut head: Head = serde_json::from_slice(&head).map_err(|e| format!("its head is none: {e}"))?;
    sound(&head)?;
    let model = head.model.to_json().and_then(|j| Model::from_json(&j));
    let model = model.map_err(|e| e.to_string())?;
    let stores = head
        .stores
        .iter()
        .map(|s| store(&mut input, s))
        .collect::<Result<Vec<_>, _>>()?;
    for (f, (exact, counts)) in head.fields.iter_mut().chain(&mut head.inputs).zip(&head.columns) {
        let levels = input.numbers(*exact)?;
        f.exact = levels
            .into_iter()
            .map(|l| u8::try_from(l).ok().filter(|l| *l < 16))
            .collect::<Option<_>>()
            .ok_or("a level is above 15")?;
        f.counts = input.numbers(*counts)?;
    }
    let width = head.fields.len() + head.inputs.len();
    let records = Records {
        rows: input.numbers(head.records.checked_mul(width).ok_or("too many records")?)?,
        fields: head.fields,
        inputs: head.inputs,
        stores,
        len: head.records,
        sources: Sources::one(head.records),
        swap: head.swap,
        others: head.others,
    };
    codes_fit(&records)?;
    let mut ids = Strings::default();
    input.texts(head.records, |t| {
        std::str::from_utf8(t).map_err(|_| "an identifier is no text")?;
        ids.push(t);
        Ok(())
    })?;
    let mut removed: HashSet<u32, Mixed> = HashSet::default();
    removed.extend(input.numbers(head.removed)?);
    let apart = input.numbers(head.apart.checked_mul(2).ok_or("too many pairs")?)?;
    let there = |r: &u32| (*r as usize) < head.records;
    if !removed.iter().all(there) || !apart.iter().all(there) {
        return Err("it speaks of a record that is not there".into());
    }
    if input.frame()? != END || !matches!(input.frames.next(), Ok(Next::End)) {
        return Err("it does not end where it should".into());
    }
    let mut index = Index::assemble(records, ids, model, removed).map_err(|e: LinkError| e.to_string())?;
    for (a, b) in apart.as_chunks::<2>().0.iter().map(|[a, b]| (*a, *b)) {
        index.apart.entry(a).or_default().push(b);
    }
    Ok((index, head.generation))
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// What the head says must fit together before anything is made of it.
fn sound(head: &Head) -> Result<(), String> {
    let width = head.fields.len() + head.inputs.len();
    if width == 0 || head.columns.len() != width {
        return Err("its head does not say how many columns there are".into());
    }
    if u32::try_from(head.records).is_err() {
        return Err("too many records".into());
    }
    let inside = |k: usize| k < head.fields.len();
    if !head.swap.is_none_or(|(g, f)| inside(g) && inside(f)) || !head.others.is_none_or(inside) {
        return Err("its head names a column that is not there".into());
    }
    for (f, (exact, counts)) in head.fields.iter().chain(&head.inputs).zip(&head.columns) {
        let Some(store) = head.stores.get(f.store) else {
            return Err(format!("column {} has no values", f.name));
        };
        if f.levels.len() > 16 || f.levels.is_empty() {
            return Err(format!("column {} has no levels, or too many", f.name));
        }
        if store.finished > store.values {
            return Err(format!("column {} has fewer values than it began with", f.name));
        }
        match &f.custom {
            Some(custom) => {
                let mut seen = Vec::new();
                custom.missing.columns(&mut seen);
                custom.levels.iter().for_each(|w| w.columns(&mut seen));
                if seen.iter().any(|k| *k >= width) || custom.levels.len() > 15 {
                    return Err(format!("column {} looks at a column that is not there", f.name));
                }
            }
            None => {
                let all = store.values as usize + 1;
                if *exact != all || *counts != all || !same_detail(f.kind, store.kind) {
                    return Err(format!("column {} does not fit its values", f.name));
                }
            }
        }
    }
    Ok(())
}

/// Whether values prepared for one kind can be compared as the other.
fn same_detail(a: Kind, b: Kind) -> bool {
    let name = |k: Kind| matches!(k, Kind::GivenName | Kind::FamilyName);
    a == b || (name(a) && name(b))
}

fn store(input: &mut In<impl Read>, store: &Store) -> Result<Values, String> {
    let mut values = Values::new(store.kind);
    let mut next = 1;
    input.texts(store.values as usize, |t| {
        let text = std::str::from_utf8(t).map_err(|_| "a value is no text")?;
        let code = values.add_folded(text).map_err(|e| e.to_string())?;
        if code != next {
            return Err("a value is empty or occurs twice".into());
        }
        // rarity of words is that of the values the index was built from
        if code == store.finished {
            values.finish();
        }
        next += 1;
        Ok(())
    })?;
    if let Some(count) = store.lists {
        let numbers = input.numbers(count)?;
        let mut rest = numbers.as_slice();
        while let [code, length, after @ ..] = rest {
            let (list, after) = after
                .split_at_checked(*length as usize)
                .ok_or("a list of values runs out of its array")?;
            if list.iter().chain([code]).any(|c| *c == 0 || *c >= next) {
                return Err("a list names a value that is not there".into());
            }
            values.list(*code, list);
            rest = after;
        }
    }
    Ok(values)
}

fn codes_fit(records: &Records) -> Result<(), String> {
    let width = records.fields.len() + records.inputs.len();
    let limits: Vec<usize> = records
        .columns()
        .map(|f| match &f.custom {
            Some(_) => 0,
            None => records.stores.get(f.store).map_or(0, |s| s.dict.len()),
        })
        .collect();
    let fits = |row: &[u32]| row.iter().zip(&limits).all(|(c, most)| *c as usize <= *most);
    if records.rows.chunks(width).all(fits) {
        Ok(())
    } else {
        Err("a record has a value that is not there".into())
    }
}

//! Reading a whole log again: every entry, every tile, the root, and if asked every record's signature.
//!
//! The work is cut into bundles, which threads take in order; the first fault in the order of the log is
//! the one reported, whatever the number of threads. Keys are arguments and never come from the log.

use crate::bundle::{self, BundleError};
use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::key::VerifierKey;
use crate::leaf::{Leaf, LeafError};
use crate::source::{EntrySource, SourceError, TileSource};
use crate::tile::{self, WIDTH};
use crate::tree;
use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use thiserror::Error;

/// What is wrong with a log. Entries count from 0, as in the log.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Fault {
    /// A tile or bundle is missing or unreadable.
    #[error("entries from {first} on cannot be checked: {error}")]
    Source {
        /// The first entry it concerns.
        first: u64,
        /// What the source said.
        error: SourceError,
    },
    /// A bundle is not a run of entries.
    #[error("entries {first} to {last} cannot be read: {error}")]
    Bundle {
        /// The first entry of the bundle.
        first: u64,
        /// The last.
        last: u64,
        /// What is wrong.
        error: BundleError,
    },
    /// An entry's bytes have not the hash the tree holds.
    #[error("entry {index} has been changed: it is not what the tree of the log was made from")]
    Entry {
        /// Its place in the log.
        index: u64,
    },
    /// A tile does not follow from what lies below it.
    #[error(
        "a tile over entries {first} to {last} has been changed: {path} does not follow from what lies below it"
    )]
    Tile {
        /// The first entry below the changed hash.
        first: u64,
        /// The last.
        last: u64,
        /// Which tile.
        path: String,
    },
    /// All entries and tiles agree, and lead to another root than the signed one.
    #[error("the {size} entries of this log agree with each other and not with its signed head")]
    Root {
        /// Entries in the log.
        size: u64,
    },
    /// An entry is no record, or its signature does not hold.
    #[error("entry {index}: {error}")]
    Record {
        /// Its place in the log.
        index: u64,
        /// What is wrong.
        error: LeafError,
    },
    /// An entry is signed with a key that was not given.
    #[error("entry {index} is signed by {issuer} with key {kid}, which is not among the keys given")]
    UnknownIssuer {
        /// Its place in the log.
        index: u64,
        /// The agency it names.
        issuer: String,
        /// The key it names.
        kid: String,
    },
}

/// How thoroughly to check.
#[derive(Debug, Clone)]
pub struct Options<'a> {
    /// Threads to use.
    pub threads: NonZeroUsize,
    /// Keys that records may be signed with; `None` checks no record's signature.
    pub issuers: Option<&'a [VerifierKey]>,
}

/// What was checked of a log that is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// Entries read.
    pub entries: u64,
    /// Bytes of entries read.
    pub bytes: u64,
    /// Tiles of hashes read.
    pub tiles: u64,
    /// Records whose signature holds.
    pub signatures: u64,
}

/// One bundle that agrees with its tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// Hashes of its entries.
    pub hashes: Vec<Hash>,
    /// Bytes of its entries.
    pub bytes: u64,
    /// Records whose signature holds.
    pub signatures: u64,
}

/// Checks a whole log against its head, whose signatures the caller has checked. `progress` is told of
/// entries done, a few hundred at a time, from any thread.
///
/// # Errors
/// The first [`Fault`] in the order of the log.
pub fn check<S: EntrySource + Sync>(
    source: &S,
    head: &Checkpoint,
    options: &Options<'_>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Report, Fault> {
    let (rows, mut report) = check_entries(source, head.size, options, progress)?;
    let root = check_tiles(source, head.size, rows, &mut report)?;
    if root == head.root {
        Ok(report)
    } else {
        Err(Fault::Root { size: head.size })
    }
}

/// What each bundle adds to the level above: the root of a full one, the hashes of the last partial one.
struct Rows {
    full: Vec<Hash>,
    partial: Vec<Hash>,
}

fn check_entries<S: EntrySource + Sync>(
    source: &S,
    size: u64,
    options: &Options<'_>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(Rows, Report), Fault> {
    let bundles = size.div_ceil(u64::from(WIDTH));
    let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let faults = Mutex::new(None::<(u64, Fault)>);
    let work = || {
        let mut done: Vec<(u64, Bundle)> = Vec::new();
        while !stop.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= bundles {
                break;
            }
            match check_bundle(source, size, index, options.issuers) {
                Ok(bundle) => {
                    progress(bundle.hashes.len() as u64);
                    done.push((index, shortened(bundle)));
                }
                Err(fault) => {
                    stop.store(true, Ordering::Relaxed);
                    keep_first(&faults, index, fault);
                }
            }
        }
        done
    };
    let mut done: Vec<(u64, Bundle)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..options.threads.get()).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for thread in threads {
            match thread.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    if let Some((_, fault)) = faults
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
    {
        return Err(fault);
    }
    done.sort_unstable_by_key(|(index, _)| *index);
    let mut report = Report {
        tiles: bundles,
        entries: size,
        ..Report::default()
    };
    let mut rows = Rows {
        full: Vec::with_capacity(done.len()),
        partial: Vec::new(),
    };
    for (index, bundle) in done {
        report.bytes += bundle.bytes;
        report.signatures += bundle.signatures;
        if tile::width_at(size, 0, index) == WIDTH {
            rows.full.extend(bundle.hashes);
        } else {
            rows.partial = bundle.hashes;
        }
    }
    Ok((rows, report))
}

/// Keeps only the root of a full bundle, so that a large log fits in memory.
fn shortened(bundle: Bundle) -> Bundle {
    if bundle.hashes.len() < usize::from(WIDTH) {
        return bundle;
    }
    Bundle {
        hashes: vec![tree::fold(&bundle.hashes)],
        ..bundle
    }
}

fn keep_first(faults: &Mutex<Option<(u64, Fault)>>, index: u64, fault: Fault) {
    let mut first = faults.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if first.as_ref().is_none_or(|(held, _)| index < *held) {
        *first = Some((index, fault));
    }
}

/// Checks one bundle: that it can be read, that each entry has the hash in the tile above it and, if keys
/// are given, that each record's signature holds. For callers with their own threads.
///
/// # Errors
/// The first [`Fault`] within the bundle.
pub fn check_bundle<S: EntrySource>(
    source: &S,
    size: u64,
    index: u64,
    issuers: Option<&[VerifierKey]>,
) -> Result<Bundle, Fault> {
    let width = tile::width_at(size, 0, index);
    let first = index.saturating_mul(u64::from(WIDTH));
    let at = |error| Fault::Source { first, error };
    let raw = source.bundle(index, width).map_err(at)?;
    let entries = bundle::parse_width(&raw, width);
    let last = first + u64::from(width).saturating_sub(1);
    let entries = entries.map_err(|error| Fault::Bundle { first, last, error })?;
    let hashes: Vec<Hash> = entries.iter().map(|entry| Hash::leaf(entry)).collect();
    let tile = source.hashes(0, index, width).map_err(at)?;
    let changed = (first..)
        .zip(hashes.iter().zip(&tile))
        .find(|(_, (ours, theirs))| ours != theirs);
    if let Some((place, _)) = changed {
        return Err(blame(source, size, index, &hashes).unwrap_or(Fault::Entry { index: place }));
    }
    if tile.len() < hashes.len() {
        let path = tile::TilePath::hashes(0, index, width);
        return Err(at(SourceError::unreadable(
            path,
            "it holds fewer hashes than the tree has there",
        )));
    }
    let mut signatures = 0;
    for (place, entry) in (first..).zip(entries).filter(|_| issuers.is_some()) {
        check_record(place, entry, issuers.unwrap_or_default())?;
        signatures += 1;
    }
    Ok(Bundle {
        hashes,
        bytes: raw.len() as u64 - 2 * u64::from(width),
        signatures,
    })
}

/// When entries and their tile disagree: the tile is at fault if the level above agrees with the entries.
fn blame<S: TileSource>(source: &S, size: u64, index: u64, hashes: &[Hash]) -> Option<Fault> {
    if hashes.len() < usize::from(WIDTH) {
        return None;
    }
    let (above, place) = (
        index / u64::from(WIDTH),
        usize::try_from(index % u64::from(WIDTH)).ok()?,
    );
    let tile = source.hashes(1, above, tile::width_at(size, 1, above)).ok()?;
    let first = index.saturating_mul(u64::from(WIDTH));
    let path = tile::TilePath::hashes(0, index, WIDTH).to_string();
    (tile.get(place) == Some(&tree::fold(hashes))).then_some(Fault::Tile {
        first,
        last: first + 255,
        path,
    })
}

fn check_record(index: u64, entry: &[u8], issuers: &[VerifierKey]) -> Result<(), Fault> {
    let leaf = Leaf::parse(entry).map_err(|error| Fault::Record { index, error })?;
    let key = issuers
        .iter()
        .find(|key| key.id() == kid(&leaf) && key.name() == leaf.issuer());
    let key = key.ok_or_else(|| Fault::UnknownIssuer {
        index,
        issuer: leaf.issuer().to_owned(),
        kid: leaf.kid().to_owned(),
    })?;
    leaf.verify(key).map_err(|error| Fault::Record { index, error })
}

/// The key id a leaf names, or 0, which [`Leaf::verify`] then refuses.
fn kid(leaf: &Leaf) -> u32 {
    crate::text::from_hex(leaf.kid()).map_or(0, u32::from_be_bytes)
}

/// Checks every level above the entries and gives the root.
fn check_tiles<S: TileSource>(source: &S, size: u64, rows: Rows, report: &mut Report) -> Result<Hash, Fault> {
    let mut partials = vec![rows.partial];
    let mut below = rows.full;
    let mut level = 1u8;
    while !below.is_empty() {
        let mut up = Vec::with_capacity(below.len() / usize::from(WIDTH));
        let mut partial = Vec::new();
        for (index, ours) in (0u64..).zip(below.chunks(usize::from(WIDTH))) {
            check_tile(source, size, level, index, ours)?;
            report.tiles += 1;
            if ours.len() == usize::from(WIDTH) {
                up.push(tree::fold(ours));
            } else {
                partial = ours.to_vec();
            }
        }
        partials.push(partial);
        below = up;
        level = level.saturating_add(1);
    }
    let mut root: Option<Hash> = None;
    for mut row in partials {
        row.extend(root);
        if !row.is_empty() {
            root = Some(tree::fold(&row));
        }
    }
    Ok(root.unwrap_or(Hash::EMPTY))
}

fn check_tile<S: TileSource>(
    source: &S,
    size: u64,
    level: u8,
    index: u64,
    ours: &[Hash],
) -> Result<(), Fault> {
    let width = tile::width_at(size, level, index);
    let span = |hashes: u64| hashes.checked_shl(8 * u32::from(level)).unwrap_or(u64::MAX);
    let start = index * u64::from(WIDTH);
    let theirs = source.hashes(level, index, width);
    let theirs = theirs.map_err(|error| Fault::Source {
        first: span(start),
        error,
    })?;
    let changed = (start..)
        .zip(ours.iter().enumerate())
        .find(|(_, (place, hash))| theirs.get(*place) != Some(hash));
    match changed {
        None => Ok(()),
        Some((place, _)) => Err(Fault::Tile {
            first: span(place),
            last: span(place + 1).saturating_sub(1).min(size.saturating_sub(1)),
            path: tile::TilePath::hashes(level, index, width).to_string(),
        }),
    }
}

//! A whole log is read again; any change is found and named.

use crate::grow::{head, issuer, log, records};
use ledger::bundle;
use ledger::checkpoint::Checkpoint;
use ledger::fsck::{Fault, Options, Report, check};
use ledger::hash::Hash;
use ledger::key::VerifierKey;
use ledger::source::{EntrySource, Memory, SourceError, TileSource};
use ledger::tile::TilePath;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};

/// A log with one thing changed on the way out.
struct Changed<'a> {
    log: &'a Memory,
    tile: Option<(u8, u64, usize)>,
    entry: Option<u64>,
    gone: Option<TilePath>,
}

impl<'a> Changed<'a> {
    fn nothing(log: &'a Memory) -> Changed<'a> {
        Changed {
            log,
            tile: None,
            entry: None,
            gone: None,
        }
    }
}

impl TileSource for Changed<'_> {
    fn hashes(&self, level: u8, index: u64, width: u16) -> Result<Vec<Hash>, SourceError> {
        let path = TilePath::hashes(level, index, width);
        if self.gone == Some(path) {
            return Err(SourceError::missing(path));
        }
        let mut hashes = self.log.hashes(level, index, width)?;
        if let Some((_, _, place)) = self.tile.filter(|t| (t.0, t.1) == (level, index)) {
            hashes[place] = Hash::of(b"changed");
        }
        Ok(hashes)
    }
}

impl EntrySource for Changed<'_> {
    fn bundle(&self, index: u64, width: u16) -> Result<Vec<u8>, SourceError> {
        let raw = self.log.bundle(index, width)?;
        let Some(entry) = self.entry.filter(|e| e / 256 == index) else {
            return Ok(raw);
        };
        let mut entries: Vec<Vec<u8>> = bundle::parse(&raw).unwrap().iter().map(|e| e.to_vec()).collect();
        entries[usize::try_from(entry % 256).unwrap()][0] ^= 1;
        Ok(bundle::encode(&entries).unwrap())
    }
}

fn options(threads: usize, issuers: Option<&[VerifierKey]>) -> Options<'_> {
    Options {
        threads: NonZeroUsize::new(threads).unwrap(),
        issuers,
    }
}

fn run(source: &Changed<'_>, threads: usize) -> Result<Report, Fault> {
    let head = head(source.log, &[]);
    check(source, head.checkpoint(), &options(threads, None), &|_| {})
}

#[test]
fn whole_logs_of_every_shape_pass() {
    for size in [
        0, 1, 2, 255, 256, 257, 511, 512, 1000, 65_535, 65_536, 65_537, 70_000,
    ] {
        let log = log(size);
        let done = AtomicU64::new(0);
        let report = check(&log, head(&log, &[]).checkpoint(), &options(2, None), &|n| {
            done.fetch_add(n, Ordering::Relaxed);
        });
        let report = report.unwrap();
        assert_eq!((report.entries, done.into_inner()), (size, size));
    }
}

#[test]
fn the_counts_of_the_70000_entry_example() {
    let log = log(70_000);
    let report = run(&Changed::nothing(&log), 2).unwrap();
    assert_eq!(
        (report.entries, report.tiles, report.signatures),
        (70_000, 274 + 2 + 1, 0)
    );
}

#[test]
fn a_changed_entry_is_named_whoever_finds_it() {
    let log = log(70_000);
    for entry in [0, 5, 255, 256, 40_000, 69_999] {
        for threads in [1, 3] {
            let changed = Changed {
                entry: Some(entry),
                ..Changed::nothing(&log)
            };
            assert_eq!(run(&changed, threads), Err(Fault::Entry { index: entry }));
        }
    }
    let fault = Fault::Entry { index: 40_000 };
    assert!(fault.to_string().starts_with("entry 40000 has been changed"));
}

#[test]
fn a_changed_tile_is_named_and_no_entry_is_blamed() {
    let log = log(70_000);
    for (tile, first, last) in [
        ((0, 7, 9), 7 * 256, 7 * 256 + 255),
        ((1, 0, 3), 768, 1023),
        ((2, 0, 0), 0, 65_535),
    ] {
        let changed = Changed {
            tile: Some(tile),
            ..Changed::nothing(&log)
        };
        let Err(Fault::Tile {
            first: from,
            last: to,
            ..
        }) = run(&changed, 2)
        else {
            panic!("{tile:?}")
        };
        assert_eq!((from, to), (first, last));
    }
    let partial = Changed {
        tile: Some((1, 1, 16)),
        ..Changed::nothing(&log)
    };
    let Err(Fault::Tile { first, path, .. }) = run(&partial, 2) else {
        panic!("partial")
    };
    assert_eq!((first, path.as_str()), ((256 + 16) * 256, "tile/1/001.p/17"));
}

#[test]
fn missing_parts_and_another_head_are_told() {
    let log = log(1000);
    let gone = Changed {
        gone: Some(TilePath::hashes(1, 0, 3)),
        ..Changed::nothing(&log)
    };
    let fault = run(&gone, 1).unwrap_err();
    assert_eq!(
        fault.to_string(),
        "entries from 0 on cannot be checked: tile/1/000.p/3 is missing"
    );
    let other = Checkpoint::new("x", 1000, Hash::of(b"other"));
    assert_eq!(
        check(&log, &other, &options(1, None), &|_| {}),
        Err(Fault::Root { size: 1000 })
    );
    let longer = Checkpoint::new("x", 1001, log.edge().root());
    assert!(matches!(
        check(&log, &longer, &options(1, None), &|_| {}),
        Err(Fault::Bundle { first: 768, .. })
    ));
}

#[test]
fn every_records_signature_is_checked_when_asked() {
    let (log, _) = records(600);
    let head = head(&log, &[]);
    let keys = [issuer().verifier()];
    let report = check(&log, head.checkpoint(), &options(2, Some(&keys)), &|_| {}).unwrap();
    assert_eq!(report.signatures, 600);
    let none = check(&log, head.checkpoint(), &options(2, Some(&[])), &|_| {});
    assert!(matches!(none, Err(Fault::UnknownIssuer { index: 0, .. })));
    let plain = crate::grow::log(10);
    let fault = check(
        &plain,
        crate::grow::head(&plain, &[]).checkpoint(),
        &options(1, Some(&keys)),
        &|_| {},
    );
    assert!(matches!(fault, Err(Fault::Record { index: 0, .. })));
}

#[test]
fn a_record_signed_by_nobody_is_named() {
    let (_, mut made) = records(20);
    let mut leaf = made[11].leaf.clone();
    let place = leaf.len() - 20;
    leaf[place] = if leaf[place] == b'A' { b'B' } else { b'A' };
    made[11].leaf = leaf;
    let leaves: Vec<&[u8]> = made.iter().map(|r| r.leaf.as_slice()).collect();
    let mut log = Memory::default();
    let done = ledger::append::append(log.edge(), &leaves).unwrap();
    log.extend(&leaves, done);
    let keys = [issuer().verifier()];
    let fault = check(
        &log,
        head(&log, &[]).checkpoint(),
        &options(2, Some(&keys)),
        &|_| {},
    )
    .unwrap_err();
    assert_eq!(
        fault.to_string(),
        "entry 11: the signature on the record does not hold"
    );
}

#[test]
fn a_place_beyond_the_log_is_missing_and_no_more() {
    let log = log(300);
    for index in [2, 1000, u64::MAX / 256, u64::MAX] {
        assert!(
            ledger::fsck::check_bundle(&log, 300, index, None).is_err(),
            "{index}"
        );
        assert!(log.hashes(255, index, 1).is_err());
    }
}

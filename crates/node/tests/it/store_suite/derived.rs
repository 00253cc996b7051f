//! What can be made again from records: projections, the tiles and bundles that `ledger` reads, an exported directory.

use domain::time::Instant;
use ledger::bundle;
use ledger::hash::Hash;
use ledger::source::{EntrySource, TileSource};
use ledger::tree::Reader;

use super::bed::{Maker, NOW, beds, verify};
use crate::store::{Change, Command, Line, Store, StoreError, Table, Val, canonical, difference};

fn audience(principal: &str, stream: u8, barred: bool) -> Change {
    Change::put(
        Table::Audience,
        [Val::from(principal), Val::from([stream; 16])],
        [Val::from(barred)],
    )
}

fn rows(seed: u8) -> Vec<Change> {
    let mut out: Vec<Change> = (0..200_u8)
        .map(|n| {
            audience(
                ["post:northmere/hub", "Team", "étage"][usize::from(n) % 3],
                n,
                n % 7 == seed % 7,
            )
        })
        .collect();
    out.push(Change::put(
        Table::Holding,
        [Val::from([seed; 16]), Val::from("northmere/hub"), Val::from(NOW)],
        [Val::Null],
    ));
    out.extend((0..50_u8).map(|n| {
        Change::put(
            Table::Term,
            [
                Val::from(vec![n, seed]),
                Val::from([n; 16]),
                Val::from([seed; 16]),
            ],
            [],
        )
    }));
    out
}

async fn put(store: &Store, changes: Vec<Change>) {
    let mut command = Command::new(Line::Ticker);
    command.changes = changes;
    store.submit(command).await.unwrap();
}

fn sorted(rows: &[Change]) -> Vec<Change> {
    let mut out: Vec<Change> = rows.iter().cloned().map(canonical).collect();
    out.sort_by(|a, b| (a.table, &a.key).cmp(&(b.table, &b.key)));
    out
}

#[tokio::test]
async fn projections_moved_step_by_step_equal_projections_put_back_at_once() {
    let mut dumps = Vec::new();
    for bed in beds() {
        let store = bed.open().await;
        store.submit(Maker::new(1).begin(2, NOW).1).await.unwrap();
        put(&store, rows(1)).await;
        put(&store, difference(&rows(1), &rows(2))).await;
        let moved = store.dump_projections().await.unwrap();
        assert_eq!(moved, sorted(&rows(2)));

        put(
            &store,
            vec![
                audience("spoiled", 1, false),
                Change::remove(Table::Audience, rows(2)[0].key.clone()),
            ],
        )
        .await;
        assert_ne!(store.dump_projections().await.unwrap(), moved);
        assert!(
            !store.replace_projections(1, &rows(2)).await.unwrap(),
            "the log has grown since"
        );
        assert!(store.replace_projections(2, &rows(2)).await.unwrap());
        assert_eq!(store.dump_projections().await.unwrap(), moved);

        let cursor = Change::put(Table::Cursor, [Val::from("ticker")], [Val::from(7_i64)]);
        let refused = store.replace_projections(2, std::slice::from_ref(&cursor)).await;
        assert!(matches!(refused, Err(StoreError::Malformed(_))));
        put(&store, vec![cursor]).await;
        assert!(store.replace_projections(2, &[]).await.unwrap());
        assert!(store.dump_projections().await.unwrap().is_empty());
        assert!(
            store
                .row(Table::Cursor, &[Val::from("ticker")])
                .await
                .unwrap()
                .is_some(),
            "desk rows stay"
        );
        dumps.push(moved);
    }
    assert!(
        dumps.windows(2).all(|pair| pair[0] == pair[1]),
        "the same on every engine"
    );
}

/// A log of 600 records in a few streams.
async fn grown(store: &Store) -> Vec<Vec<u8>> {
    let mut maker = Maker::new(1);
    for _ in 0..6 {
        store.submit(maker.begin(100, NOW).1).await.unwrap();
    }
    assert_eq!(verify(store).await, 600);
    store.leaves(0, 1000).await.unwrap()
}

#[tokio::test]
async fn ledger_reads_the_tables_as_a_log() {
    for bed in beds() {
        let store = bed.open().await;
        let leaves = grown(&store).await;
        let source = store.source().await.unwrap();
        let check = move || {
            let root = source.root();
            let partial = bundle::parse_width(&source.bundle(2, 88).unwrap(), 88)
                .unwrap()
                .len();
            assert_eq!((partial, source.hashes(1, 0, 2).unwrap().len()), (88, 2));
            assert!(source.bundle(3, 1).is_err());
            assert!(source.hashes(0, 3, 1).is_err());
            let mut reader = Reader::new(&source, source.size());
            for index in [0, 255, 256, 511, 512, 599] {
                let path = reader.inclusion(index, 600).unwrap();
                let leaf = Hash::leaf(&leaves[usize::try_from(index).unwrap()]);
                assert_eq!(
                    ledger::path::check_inclusion(&leaf, index, 600, &root, &path),
                    Ok(())
                );
            }
        };
        tokio::task::spawn_blocking(check).await.unwrap();
    }
}

#[tokio::test]
async fn the_log_can_be_carried_away_as_a_directory() {
    for bed in beds() {
        let store = bed.open().await;
        let leaves = grown(&store).await;
        let out = tempfile::TempDir::new().unwrap();
        let read = |path: &str| std::fs::read(out.path().join(path));
        for (size, width) in [(300_u64, 44_usize), (600, 88)] {
            store
                .export_log(out.path().into(), size, format!("note {size}").into_bytes())
                .await
                .unwrap();
            let full = read("tile/entries/000").unwrap();
            assert_eq!(
                bundle::parse(&full).unwrap(),
                leaves[..256].iter().map(Vec::as_slice).collect::<Vec<_>>()
            );
            let index = size / 256;
            let last = read(&format!("tile/entries/{index:03}.p/{width}")).unwrap();
            assert_eq!(bundle::parse(&last).unwrap().len(), width);
            assert_eq!(
                read(&format!("tile/0/{index:03}.p/{width}")).unwrap().len(),
                width * 32
            );
            assert_eq!(
                read("tile/0/000").unwrap(),
                store.tile(0, 0).await.unwrap().unwrap()
            );
            assert_eq!(
                read(&format!("tile/1/000.p/{index}")).unwrap().len() as u64,
                index * 32
            );
            assert_eq!(read("checkpoint").unwrap(), format!("note {size}").into_bytes());
        }
        assert!(
            store
                .export_log(out.path().into(), 601, Vec::new())
                .await
                .is_err()
        );
    }
}

#[tokio::test]
async fn what_is_not_record_is_swept_when_its_day_has_passed() {
    for bed in beds() {
        let store = bed.open().await;
        let session = |n: u8, ends: Instant| {
            let row = [
                Val::from([n; 16]),
                Val::from(NOW),
                Val::from(NOW),
                Val::from(ends),
                Val::from(vec![]),
            ];
            Change::put(Table::Session, [Val::from(vec![n])], row)
        };
        put(&store, vec![session(1, NOW), session(2, NOW.plus_seconds(60))]).await;
        store
            .submit(super::bed::with_key(Maker::new(1).begin(1, NOW).1, b"k"))
            .await
            .unwrap();
        assert_eq!(store.sweep(NOW, NOW.plus_seconds(1)).await.unwrap(), 1);
        assert_eq!(
            store
                .sweep(NOW.plus_seconds(1), NOW.plus_seconds(1))
                .await
                .unwrap(),
            1
        );
        assert_eq!(store.answer(b"k").await.unwrap(), None);
        assert!(
            store
                .row(Table::Session, &[Val::from(vec![2_u8])])
                .await
                .unwrap()
                .is_some()
        );
    }
}

//! A full disk: the reserve lets the report in; when that is used up, nothing is lost and nothing half-written.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Command as Process;

use super::bed::{Maker, NOW, sqlite, verify};
use crate::store::{Options, Place, Store, StoreError, Submitted, open};

/// Records until there is no room; how many records were acknowledged.
async fn fill(store: &Store, maker: &mut Maker) -> u64 {
    let mut acknowledged = 0;
    for _ in 0..10_000 {
        match store.submit(maker.begin(50, NOW).1).await {
            Ok(Submitted::Recorded { count, .. }) => acknowledged += count,
            Err(StoreError::NoRoom) => return acknowledged,
            other => panic!("{other:?}"),
        }
    }
    panic!("there was always room");
}

#[tokio::test]
async fn when_the_file_may_not_grow_what_was_acknowledged_stays() {
    let bed = sqlite();
    let options = Options {
        page_limit: Some(300),
        ..Options::default()
    };
    let store = bed.open_with(options).await;
    assert!(!store.needs_room());
    let mut maker = Maker::new(1);
    let acknowledged = fill(&store, &mut maker).await;
    assert!(acknowledged > 0 && store.needs_room());
    assert_eq!(verify(&store).await, acknowledged);
    store.close().await;
    let store = bed.open().await;
    assert!(!store.needs_room(), "there is room, so there is a reserve again");
    assert_eq!(verify(&store).await, acknowledged);
    assert!(store.submit(maker.begin(50, NOW).1).await.is_ok());
}

/// A small disk, where this process may make one.
struct Disk(tempfile::TempDir);

impl Disk {
    fn mount() -> Option<Self> {
        let dir = tempfile::TempDir::new().unwrap();
        let mut mount = Process::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=32m", "tmpfs"])
            .arg(dir.path());
        mount
            .output()
            .is_ok_and(|done| done.status.success())
            .then(|| Self(dir))
    }

    /// Takes every byte that is left.
    fn fill(&self) {
        let mut file = File::create(self.0.path().join("other")).unwrap();
        for size in [1 << 16, 1 << 9, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Process::new("umount").arg(self.0.path()).output();
    }
}

async fn on_a_full_disk(disk: &Disk) {
    let file = disk.0.path().join("node.db");
    let reserve = file.with_extension("reserve");
    let store = open(Place::Sqlite { file: file.clone() }, Options::default())
        .await
        .unwrap();
    let length = |path: &Path| fs::metadata(path).map(|found| found.len()).unwrap_or(0);
    assert_eq!(length(&reserve), 8 << 20);
    let mut maker = Maker::new(1);
    store.submit(maker.begin(50, NOW).1).await.unwrap();
    disk.fill();
    let report = store.submit(maker.begin(50, NOW).1).await;
    let report = match report {
        // The write-ahead log may still have had room for one.
        Ok(_) if !store.needs_room() => store.submit(maker.begin(4000, NOW).1).await,
        done => done,
    };
    assert!(
        matches!(report, Ok(Submitted::Recorded { .. })),
        "the report is taken: {report:?}"
    );
    assert!(store.needs_room() && !reserve.exists());
    let acknowledged = verify(&store).await + fill(&store, &mut maker).await;
    assert_eq!(verify(&store).await, acknowledged);

    fs::remove_file(disk.0.path().join("other")).unwrap();
    store.restore_reserve();
    assert!(!store.needs_room());
    assert_eq!(length(&reserve), 8 << 20);
    assert!(store.submit(maker.begin(50, NOW).1).await.is_ok());
    store.close().await;
}

#[tokio::test]
async fn when_the_disk_is_full_the_report_is_taken_from_the_reserve() {
    match Disk::mount() {
        Some(disk) => on_a_full_disk(&disk).await,
        None => {
            // Without the right to make a disk: a reserve that cannot be made leaves the flag up and the node running.
            let dir = tempfile::TempDir::new().unwrap();
            fs::create_dir(dir.path().join("node.reserve")).unwrap();
            let file = dir.path().join("node.db");
            let store = open(Place::Sqlite { file }, Options::default()).await.unwrap();
            assert!(store.needs_room());
            assert!(store.submit(Maker::new(1).begin(1, NOW).1).await.is_ok());
        }
    }
}

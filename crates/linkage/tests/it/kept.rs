//! An index in a folder answers as the one in memory, and opens to a state it was in, whatever happened to the folder.

use crate::people::{HEADER, Row, csv, population, records};
use linkage::{
    index::{Index, Kept},
    pipeline::{Options, Unwatched, run},
};
use std::path::Path;

fn values(row: &Row) -> Vec<(&'static str, &str)> {
    let names = HEADER.split(',').skip(1);
    names.zip(row.fields.iter().map(String::as_str)).collect()
}

fn built(rows: &[Row]) -> Index {
    let (t, r) = records(&[&csv(rows)]);
    let o = run(&r, &Options::default(), None, &mut Unwatched).unwrap();
    Index::build(r, t.ids, o.model).unwrap()
}

/// Changes of every sort, and how to make them in memory and in a folder.
enum Change<'a> {
    Add(&'a Row),
    Remove(&'a str),
    Separate(&'a str, &'a str),
    Reunite(&'a str, &'a str),
}

fn in_memory(index: &mut Index, change: &Change<'_>) {
    match change {
        Change::Add(row) => {
            index.add(&row.id, &values(row)).unwrap();
        }
        Change::Remove(id) => {
            index.remove(id);
        }
        Change::Separate(a, b) => {
            index.separate(a, b);
        }
        Change::Reunite(a, b) => index.reunite(a, b),
    }
}

fn in_folder(kept: &mut Kept, change: &Change<'_>) {
    match change {
        Change::Add(row) => {
            kept.add(&row.id, &values(row)).unwrap();
        }
        Change::Remove(id) => {
            kept.remove(id).unwrap();
        }
        Change::Separate(a, b) => {
            kept.separate(a, b).unwrap();
        }
        Change::Reunite(a, b) => kept.reunite(a, b).unwrap(),
    }
}

/// Every score and cluster of some records, as text.
fn answers(index: &mut Index, ids: &[&str]) -> Vec<String> {
    let of = |id: &&str| {
        let Some(record) = index.place(id) else {
            return format!("{id} is not there");
        };
        let hits: Vec<(String, u64, u64)> = index
            .neighbours(record, 0.001)
            .iter()
            .map(|h| (index.id(h.record).to_owned(), h.score.to_bits(), h.pattern))
            .collect();
        format!("{id} {hits:?} {:?}", index.cluster(id))
    };
    ids.iter().map(of).collect()
}

fn opened(dir: &Path, ids: &[&str]) -> Vec<String> {
    let mut kept = Kept::open(dir).unwrap();
    kept.compact().unwrap();
    drop(kept);
    let bytes = std::fs::read(dir.join("index")).unwrap();
    answers(&mut Index::read("index", bytes.as_slice()).unwrap(), ids)
}

/// A population, the last of it arriving late, and changes.
struct Story {
    rows: Vec<Row>,
}

impl Story {
    const EARLY: usize = 1_500;

    fn new() -> Self {
        Self {
            rows: population(1_560, 77),
        }
    }

    fn changes(&self) -> Vec<Change<'_>> {
        let (early, late) = self.rows.split_at(Self::EARLY);
        let mut all: Vec<Change<'_>> = late.iter().map(Change::Add).collect();
        all.insert(20, Change::Remove(&early[3].id));
        all.insert(30, Change::Separate(&early[4].id, &late[0].id));
        all.insert(40, Change::Add(&early[3]));
        all.push(Change::Remove(&late[5].id));
        all.push(Change::Separate(&early[8].id, &early[9].id));
        all.push(Change::Reunite(&early[8].id, &early[9].id));
        all
    }

    fn ids(&self) -> Vec<&str> {
        let late = self.rows.iter().skip(Self::EARLY);
        let early = self
            .rows
            .iter()
            .take(Self::EARLY)
            .step_by(11)
            .chain(&self.rows[..12]);
        early.chain(late).map(|r| r.id.as_str()).collect()
    }
}

#[test]
fn opened_again_it_has_the_scores_and_clusters_of_the_one_in_memory() {
    let story = Story::new();
    let ids = story.ids();
    let dir = tempfile::tempdir().unwrap();
    let mut memory = built(&story.rows[..Story::EARLY]);
    let mut kept = Kept::create(dir.path(), built(&story.rows[..Story::EARLY])).unwrap();
    for (k, change) in story.changes().iter().enumerate() {
        in_memory(&mut memory, change);
        in_folder(&mut kept, change);
        // lookups meet values that no record has
        let asked = [("forename", "Zebedee"), ("surname", "Quillfeather")];
        assert!(kept.find(&asked, 0.5).unwrap().is_empty());
        if k == 25 {
            kept.compact().unwrap();
        }
        if k % 17 == 0 {
            kept.sync().unwrap();
            drop(kept);
            kept = Kept::open(dir.path()).unwrap();
            assert_eq!(kept.lost(), 0);
            assert_eq!(kept.index().len(), memory.len());
        }
    }
    drop(kept);
    assert_eq!(opened(dir.path(), &ids), answers(&mut memory, &ids));
}

#[test]
fn cut_anywhere_the_log_opens_to_the_changes_before_the_cut() {
    let story = Story::new();
    let base = built(&story.rows[..Story::EARLY]);
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Kept::create(dir.path(), base).unwrap();
    let log = dir.path().join("log");
    let mut ends = vec![std::fs::metadata(&log).unwrap().len()];
    let mut lengths = vec![kept.index().len()];
    for change in &story.changes()[..24] {
        in_folder(&mut kept, change);
        ends.push(std::fs::metadata(&log).unwrap().len());
        lengths.push(kept.index().len());
    }
    drop(kept);
    let whole = std::fs::read(&log).unwrap();
    for cut in [0, 3, ends[0] as usize - 1] {
        std::fs::write(&log, &whole[..cut]).unwrap();
        assert!(
            Kept::open(dir.path()).is_err(),
            "a log is complete from the beginning"
        );
    }
    for cut in (ends[0] as usize..whole.len())
        .step_by(41)
        .chain(ends.iter().map(|e| *e as usize))
    {
        for filler in [0, 300] {
            // a file system may have made room that it did not fill
            let mut bytes = whole[..cut].to_vec();
            bytes.resize(cut + filler, 0);
            std::fs::write(&log, &bytes).unwrap();
            let mut kept = Kept::open(dir.path()).unwrap();
            let done = ends.iter().rposition(|e| *e as usize <= cut).unwrap();
            assert_eq!(kept.index().len(), lengths[done], "cut at {cut}");
            // and it goes on from there
            kept.add("later", &[("surname", "Ashdown")]).unwrap();
            drop(kept);
            assert_eq!(Kept::open(dir.path()).unwrap().index().len(), lengths[done] + 1);
        }
    }
}

#[test]
fn a_changed_byte_is_an_error_or_the_end_of_the_log_but_never_another_index() {
    let story = Story::new();
    let ids = story.ids();
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Kept::create(dir.path(), built(&story.rows[..Story::EARLY])).unwrap();
    for change in &story.changes()[..8] {
        in_folder(&mut kept, change);
    }
    let seven = kept.index().len() - 1;
    drop(kept);
    let (index, log) = (dir.path().join("index"), dir.path().join("log"));
    let wholes = [std::fs::read(&index).unwrap(), std::fs::read(&log).unwrap()];
    for (path, whole, step) in [(&index, &wholes[0], 4_999), (&log, &wholes[1], 29)] {
        for at in (0..whole.len()).step_by(step) {
            let mut bad = whole.clone();
            bad[at] ^= 0x10;
            std::fs::write(path, bad).unwrap();
            match Kept::open(dir.path()) {
                Err(e) => {
                    let words = e.to_string();
                    let named = path.display().to_string();
                    assert!(words.starts_with(&named) && words.contains("put back"), "{words}");
                }
                // only the last change may be taken for one that was not finished
                Ok(k) => assert!(path == &log && k.lost() > 0 && k.index().len() == seven, "{at}"),
            }
            std::fs::write(path, whole).unwrap();
        }
    }
    for at in (0..wholes[0].len()).step_by(7_919) {
        std::fs::write(&index, &wholes[0][..at]).unwrap();
        assert!(Kept::open(dir.path()).is_err(), "index cut at {at}");
    }
    std::fs::write(&index, &wholes[0]).unwrap();
    assert_eq!(opened(dir.path(), &ids).len(), ids.len());
}

#[test]
fn killed_while_it_is_written_whole_it_opens_to_the_same() {
    let story = Story::new();
    let ids = story.ids();
    let dir = tempfile::tempdir().unwrap();
    let mut kept = Kept::create(dir.path(), built(&story.rows[..Story::EARLY])).unwrap();
    for change in &story.changes() {
        in_folder(&mut kept, change);
    }
    let old_log = std::fs::read(dir.path().join("log")).unwrap();
    let old_index = std::fs::read(dir.path().join("index")).unwrap();
    kept.compact().unwrap();
    drop(kept);
    let new_index = std::fs::read(dir.path().join("index")).unwrap();
    let want = opened(dir.path(), &ids);
    let at = |index: &[u8], log: Option<&[u8]>, partial: Option<(&str, &[u8])>| {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("index"), index).unwrap();
        if let Some(log) = log {
            std::fs::write(dir.path().join("log"), log).unwrap();
        }
        if let Some((name, bytes)) = partial {
            std::fs::write(dir.path().join(name), bytes).unwrap();
        }
        opened(dir.path(), &ids)
    };
    let half = &new_index[..new_index.len() / 2];
    assert_eq!(
        at(&old_index, Some(&old_log), Some(("index.partial", half))),
        want
    );
    assert_eq!(
        at(&new_index, Some(&old_log), None),
        want,
        "the old log is not applied twice"
    );
    assert_eq!(
        at(&new_index, Some(&old_log), Some(("log.partial", b"DLIN"))),
        want
    );
    assert_eq!(at(&new_index, None, None), want);
    // a log of a later index cannot be used with an earlier one
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("index"), &old_index).unwrap();
    let mut later = Kept::open(dir.path()).unwrap();
    later.compact().unwrap();
    drop(later);
    std::fs::write(dir.path().join("index"), &old_index).unwrap();
    let refused = Kept::open(dir.path()).err().unwrap().to_string();
    assert!(refused.contains("later index"), "{refused}");
}

#[test]
fn a_folder_has_one_index_and_one_process() {
    let story = Story::new();
    let dir = tempfile::tempdir().unwrap();
    assert!(Kept::open(dir.path()).is_err());
    let kept = Kept::create(dir.path(), built(&story.rows[..Story::EARLY])).unwrap();
    let second = Kept::open(dir.path()).err().unwrap().to_string();
    assert!(second.contains("another process"), "{second}");
    drop(kept);
    let again = Kept::create(dir.path(), built(&story.rows[..Story::EARLY]));
    assert!(again.err().unwrap().to_string().contains("already"));
}

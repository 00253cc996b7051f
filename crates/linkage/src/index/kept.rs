//! An index that also lies in a folder: a file `index` with all of it as it once was, and a file `log` with what was done
//! since. Whatever happens, the folder opens to the state after some change that was made, and all before it.

use super::{Hit, Index, log, snapshot};
use crate::{LinkError, model::Explanation};
use std::{
    fs::{File, OpenOptions},
    io::{BufReader, BufWriter, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

/// An index in memory and in a folder, in step.
pub struct Kept {
    dir: PathBuf,
    index: Index,
    generation: u64,
    log: File,
    /// Where the next change goes.
    at: u64,
    /// Bytes at the end of the log that a crash had cut short.
    lost: u64,
    /// The log could not be written: memory is ahead of it.
    broken: bool,
    /// Held against a second process.
    _lock: File,
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> LinkError + '_ {
    |source| LinkError::Io {
        path: path.display().to_string(),
        source,
    }
}

fn file(path: &Path, problem: impl Into<String>) -> LinkError {
    LinkError::File {
        path: path.display().to_string(),
        problem: problem.into(),
    }
}

fn lock(dir: &Path) -> Result<File, LinkError> {
    let path = dir.join(".lock");
    let lock = File::create(&path).map_err(io(&path))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(std::fs::TryLockError::WouldBlock) => Err(file(dir, "another process has this index open")),
        Err(std::fs::TryLockError::Error(e)) => Err(io(&path)(e)),
    }
}

/// Writes a file that appears under its name only when all of it is on the disk.
fn whole(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>,
) -> Result<(), LinkError> {
    let partial = path.with_extension("partial");
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&partial).map_err(io(&partial))?);
    fill(&mut out).map_err(io(&partial))?;
    out.flush().map_err(io(&partial))?;
    out.get_ref().sync_all().map_err(io(&partial))?;
    std::fs::rename(&partial, path).map_err(io(path))?;
    if let Some(dir) = path.parent() {
        File::open(dir).and_then(|d| d.sync_all()).map_err(io(dir))?;
    }
    Ok(())
}

fn new_log(dir: &Path, generation: u64) -> Result<(File, u64), LinkError> {
    let path = dir.join("log");
    let mut at = 0;
    whole(&path, |out| {
        at = log::begin(out, generation)?;
        Ok(())
    })?;
    let mut file = OpenOptions::new().write(true).open(&path).map_err(io(&path))?;
    file.seek(SeekFrom::Start(at)).map_err(io(&path))?;
    Ok((file, at))
}

impl Kept {
    /// Puts an index into a folder that holds none.
    ///
    /// # Errors
    /// The folder holds an index, another process works in it, or the system refuses.
    pub fn create(dir: &Path, index: Index) -> Result<Self, LinkError> {
        std::fs::create_dir_all(dir).map_err(io(dir))?;
        let lock = lock(dir)?;
        let path = dir.join("index");
        if path.exists() {
            return Err(file(
                &path,
                "an index lies here already; open it, or name another folder",
            ));
        }
        whole(&path, |out| snapshot::write(out, &index, 1))?;
        let (log, at) = new_log(dir, 1)?;
        Ok(Self {
            dir: dir.to_owned(),
            index,
            generation: 1,
            log,
            at,
            lost: 0,
            broken: false,
            _lock: lock,
        })
    }

    /// Opens a folder. A change that a crash cut short is as if it had not been made; see [`Self::lost`].
    ///
    /// # Errors
    /// No index, a damaged one, another process works in it, or the system refuses.
    pub fn open(dir: &Path) -> Result<Self, LinkError> {
        let path = dir.join("index");
        if !path.exists() {
            return Err(file(dir, "no index lies here"));
        }
        let lock = lock(dir)?;
        let input = BufReader::with_capacity(1 << 20, File::open(&path).map_err(io(&path))?);
        let (mut index, generation) = snapshot::read(input)
            .map_err(|why| file(&path, format!("{why}; put back a copy, or build the index again")))?;
        let name = dir.join("log");
        let found = match File::open(&name) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => log::Found::Old,
            other => {
                let input = BufReader::with_capacity(1 << 20, other.map_err(io(&name))?);
                log::apply(input, &mut index, generation).map_err(|why| {
                    file(&name, format!("{why}; put back a copy of the folder, or take the log away to go on without what was done since"))
                })?
            }
        };
        let (log, at, lost) = match found {
            log::Found::Old => {
                let (log, at) = new_log(dir, generation)?;
                (log, at, 0)
            }
            log::Found::Applied(at) => {
                let mut log = OpenOptions::new().write(true).open(&name).map_err(io(&name))?;
                let length = log.metadata().map_err(io(&name))?.len();
                log.set_len(at).map_err(io(&name))?;
                log.seek(SeekFrom::Start(at)).map_err(io(&name))?;
                (log, at, length.saturating_sub(at))
            }
        };
        Ok(Self {
            dir: dir.to_owned(),
            index,
            generation,
            log,
            at,
            lost,
            broken: false,
            _lock: lock,
        })
    }

    /// Bytes at the end of the log that were no whole change when it was opened.
    #[must_use]
    pub const fn lost(&self) -> u64 {
        self.lost
    }

    /// The index, to look at.
    #[must_use]
    pub const fn index(&self) -> &Index {
        &self.index
    }

    /// As [`Index::add`], and kept.
    ///
    /// # Errors
    /// As [`Index::add`]; the system refuses.
    pub fn add(&mut self, id: &str, values: &[(&str, &str)]) -> Result<u32, LinkError> {
        self.fit()?;
        let number = self.index.add(id, values)?;
        self.note(&log::Change::Add(id, values.to_vec()))?;
        Ok(number)
    }

    /// As [`Index::remove`], and kept.
    ///
    /// # Errors
    /// The system refuses.
    pub fn remove(&mut self, id: &str) -> Result<bool, LinkError> {
        self.fit()?;
        let there = self.index.remove(id);
        if there {
            self.note(&log::Change::Remove(id))?;
        }
        Ok(there)
    }

    /// As [`Index::separate`], and kept.
    ///
    /// # Errors
    /// The system refuses.
    pub fn separate(&mut self, a: &str, b: &str) -> Result<bool, LinkError> {
        self.fit()?;
        let done = self.index.separate(a, b);
        if done {
            self.note(&log::Change::Separate(a, b))?;
        }
        Ok(done)
    }

    /// As [`Index::reunite`], and kept.
    ///
    /// # Errors
    /// The system refuses.
    pub fn reunite(&mut self, a: &str, b: &str) -> Result<(), LinkError> {
        self.fit()?;
        self.index.reunite(a, b);
        self.note(&log::Change::Reunite(a, b))
    }

    /// As [`Index::find`].
    ///
    /// # Errors
    /// As [`Index::find`].
    pub fn find(&mut self, values: &[(&str, &str)], keep: f64) -> Result<Vec<Hit>, LinkError> {
        self.index.find(values, keep)
    }

    /// As [`Index::neighbours`].
    pub fn neighbours(&mut self, record: u32, keep: f64) -> Vec<Hit> {
        self.index.neighbours(record, keep)
    }

    /// As [`Index::explain`].
    pub fn explain(&mut self, a: u32, b: u32) -> Explanation {
        self.index.explain(a, b)
    }

    /// As [`Index::cluster`].
    pub fn cluster(&mut self, id: &str) -> Vec<String> {
        self.index.cluster(id)
    }

    /// Waits until every change is on the disk. Without it a change outlives this process, but perhaps not the machine.
    ///
    /// # Errors
    /// The system refuses.
    pub fn sync(&mut self) -> Result<(), LinkError> {
        self.log.sync_data().map_err(io(&self.dir.join("log")))
    }

    /// Writes the index whole and begins a new log, so that opening is quick again.
    ///
    /// # Errors
    /// The system refuses; the folder is then as it was.
    pub fn compact(&mut self) -> Result<(), LinkError> {
        let next = self.generation + 1;
        whole(&self.dir.join("index"), |out| {
            snapshot::write(out, &self.index, next)
        })?;
        // from here the old log counts as old
        self.generation = next;
        self.broken = true;
        (self.log, self.at) = new_log(&self.dir, next)?;
        self.broken = false;
        Ok(())
    }

    fn fit(&self) -> Result<(), LinkError> {
        if self.broken {
            return Err(file(
                &self.dir,
                "the log could not be written; open the index again, which goes on from the last change that was",
            ));
        }
        Ok(())
    }

    fn note(&mut self, change: &log::Change<'_>) -> Result<(), LinkError> {
        match log::append(&mut self.log, self.at, change) {
            Ok(at) => {
                self.at = at;
                Ok(())
            }
            Err(e) => {
                self.broken = true;
                Err(io(&self.dir.join("log"))(e))
            }
        }
    }
}

//! A log as a directory of files: `checkpoint` and `tile/…`, as C2SP `tlog-tiles` lays them out.

use ledger::hash::Hash;
use ledger::source::{EntrySource, SourceError, TileSource, tile_hashes};
use ledger::tile::TilePath;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The largest bundle there can be: 256 entries of 65,535 bytes, each after two bytes of length.
const MAX_FILE: u64 = 256 * 65_537;

/// A directory that holds a log.
#[derive(Debug)]
pub struct Directory {
    root: PathBuf,
}

impl Directory {
    /// The log under `root`. Nothing is read yet.
    pub fn new(root: &Path) -> Directory {
        Directory {
            root: root.to_path_buf(),
        }
    }

    /// The bytes of the checkpoint file.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard.
    pub fn checkpoint(&self) -> Result<Vec<u8>, String> {
        read(&self.root.join("checkpoint"), 1 << 20)
    }

    /// A tile or bundle; where a partial one is gone, the full one that replaced it.
    fn bytes(&self, path: TilePath) -> Result<Vec<u8>, SourceError> {
        let open = |path: TilePath| {
            let file = self.root.join(path.to_string());
            let length = std::fs::metadata(&file)?.len();
            if length > MAX_FILE {
                Err(std::io::Error::other("the file is too large"))
            } else {
                std::fs::read(file)
            }
        };
        let mut read = open(path);
        if read.as_ref().is_err_and(|e| e.kind() == ErrorKind::NotFound) && path.full() != path {
            read = open(path.full());
        }
        read.map_err(|error| match error.kind() {
            ErrorKind::NotFound => SourceError::missing(path),
            _ => SourceError::unreadable(path, error.to_string()),
        })
    }
}

impl TileSource for Directory {
    fn hashes(&self, level: u8, index: u64, width: u16) -> Result<Vec<Hash>, SourceError> {
        let path = TilePath::hashes(level, index, width);
        tile_hashes(path, &self.bytes(path)?)
    }
}

impl EntrySource for Directory {
    fn bundle(&self, index: u64, width: u16) -> Result<Vec<u8>, SourceError> {
        self.bytes(TilePath::entries(index, width))
    }
}

/// Reads a small file.
///
/// # Errors
/// A sentence that names the file.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>, String> {
    let failed = |error: std::io::Error| format!("{} cannot be read: {error}.", path.display());
    if std::fs::metadata(path).map_err(failed)?.len() > most {
        return Err(format!(
            "{} is too large to be what it should be.",
            path.display()
        ));
    }
    std::fs::read(path).map_err(failed)
}

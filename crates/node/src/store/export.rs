//! The log as a directory that anybody's software can check: C2SP tlog-tiles.
//!
//! Tiles and entry bundles first, the checkpoint last: a directory that has a checkpoint has all that it covers. Full tiles
//! that are already there are left alone, so exporting again after the log has grown costs what is new.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ledger::bundle;
use ledger::source::{EntrySource, SourceError, TileSource};
use ledger::tile::{Kind, TilePath, WIDTH, width_at};

use super::read::source::LogSource;
use super::{Store, StoreError};

/// Why a log was not exported.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExportError {
    /// A file could not be written.
    #[error("{path} could not be written: {error}")]
    File {
        /// Relative to the directory.
        path: String,
        /// What the system said.
        error: io::Error,
    },
    /// The store could not give a tile or bundle.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The checkpoint covers more than the store holds.
    #[error("the checkpoint covers {signed} entries and the store holds {held}")]
    Short {
        /// What the checkpoint says.
        signed: u64,
        /// What is here.
        held: u64,
    },
    /// The work was stopped from outside.
    #[error("the export was stopped")]
    Stopped,
}

impl Store {
    /// Writes the first `size` entries, their tiles and `note`, the checkpoint over them, under `directory`.
    ///
    /// # Errors
    /// [`ExportError`]; what was written stays, without a checkpoint over it.
    pub(crate) async fn export_log(
        &self,
        directory: PathBuf,
        size: u64,
        note: Vec<u8>,
    ) -> Result<(), ExportError> {
        let source = self.source().await?;
        if size > source.size() {
            return Err(ExportError::Short {
                signed: size,
                held: source.size(),
            });
        }
        let work = move || export(&source, &directory, size, &note);
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| ExportError::Stopped)?
    }
}

fn export(source: &LogSource, directory: &Path, size: u64, note: &[u8]) -> Result<(), ExportError> {
    for path in paths(size) {
        let file = directory.join(path.to_string());
        if path.width == WIDTH && file.exists() {
            continue;
        }
        let bytes = match path.kind {
            Kind::Hashes { level } => {
                let hashes = source.hashes(level, path.index, path.width)?;
                hashes
                    .iter()
                    .take(usize::from(path.width))
                    .flat_map(|hash| *hash.as_bytes())
                    .collect()
            }
            Kind::Entries => {
                let whole = source.bundle(path.index, path.width)?;
                let unreadable =
                    |error: bundle::BundleError| SourceError::unreadable(path, error.to_string());
                let entries = bundle::parse_width(&whole, path.width).map_err(unreadable)?;
                bundle::encode(&entries).map_err(unreadable)?
            }
        };
        write(directory, &path.to_string(), &bytes)?;
    }
    write(directory, "checkpoint", note)
}

/// Every tile and bundle of a tree of `size` entries.
fn paths(size: u64) -> impl Iterator<Item = TilePath> {
    let count = move |level: u8| {
        size.checked_shr(8 * u32::from(level))
            .unwrap_or(0)
            .div_ceil(u64::from(WIDTH))
    };
    let entries = (0..count(0)).map(move |index| TilePath::entries(index, width_at(size, 0, index)));
    let hashes = (0_u8..8).flat_map(move |level| {
        (0..count(level)).map(move |index| TilePath::hashes(level, index, width_at(size, level, index)))
    });
    entries.chain(hashes)
}

/// A whole file or none: written beside, made durable, then named.
fn write(directory: &Path, path: &str, bytes: &[u8]) -> Result<(), ExportError> {
    let put = || {
        let file = directory.join(path);
        let parent = file.parent().unwrap_or(directory);
        fs::create_dir_all(parent)?;
        let beside = parent.join(".new");
        let mut out = File::create(&beside)?;
        out.write_all(bytes)?;
        out.sync_all()?;
        fs::rename(&beside, &file)?;
        File::open(parent)?.sync_all()
    };
    put().map_err(|error| ExportError::File {
        path: path.to_owned(),
        error,
    })
}

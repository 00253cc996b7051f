//! The node's keys: files beside nothing else, readable by one user, never in the database and never in its backups.
//!
//! | file | what | if it is lost |
//! |---|---|---|
//! | `issuer.key` | signs records | a new key begins, from a stated size |
//! | `log.key` | signs the log's head | the same |
//! | `epoch-N.key` | wraps every stream's key | **everything in the vault is gone** |
//! | `search.key` | turns words into keyed terms | search is rebuilt |
//! | `door.key` | keys for codes, cookies and tokens | people sign in again |

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::random;

/// Thirty-two secret bytes, wiped when dropped. Prints as nothing.
#[derive(Clone)]
pub struct Secret(Zeroizing<[u8; 32]>);

impl Secret {
    /// Wraps the bytes.
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes themselves.
    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Why keys could not be read or made.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file could not be read or written.
    #[error("the key file {path} cannot be used: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A file is not a key.
    #[error("the key file {0} is not 32 bytes written as 64 hexadecimal digits")]
    NotAKey(PathBuf),
    /// Others can read a key.
    #[error("the key file {0} can be read by other users: set its mode to 600")]
    Open(PathBuf),
    /// There is a database but no keys, or keys of another node.
    #[error(
        "{0} holds no keys, but there is a database: restore the keys directory from where it was backed up"
    )]
    Missing(PathBuf),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] random::NoRandomness),
}

/// Every key of one node.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Where they lie.
    pub(crate) directory: PathBuf,
    /// Signs records.
    pub(crate) issuer: Secret,
    /// Signs the log's head.
    pub(crate) log: Secret,
    /// Wraps stream keys, by epoch.
    pub(crate) epochs: BTreeMap<u32, Secret>,
    /// Makes keyed search terms.
    pub(crate) search: Secret,
    /// Makes keyed codes and tokens.
    pub(crate) door: Secret,
}

impl Keys {
    /// Reads the keys in `directory`, or makes them when there are none and `may_make` says the store is new.
    ///
    /// # Errors
    /// When a file cannot be read or written, is not a key, can be read by other users, or keys are missing.
    pub fn open(directory: &Path, may_make: bool) -> Result<Self, KeyError> {
        if !directory.join("issuer.key").exists() {
            if !may_make {
                return Err(KeyError::Missing(directory.to_path_buf()));
            }
            fs::create_dir_all(directory).map_err(|source| file(directory, source))?;
            private(directory, 0o700)?;
            for name in ["log.key", "epoch-1.key", "search.key", "door.key", "issuer.key"] {
                make(&directory.join(name))?;
            }
        }
        let read_named = |name: &str| read(&directory.join(name));
        Ok(Self {
            directory: directory.to_path_buf(),
            issuer: read_named("issuer.key")?,
            log: read_named("log.key")?,
            epochs: epochs(directory)?,
            search: read_named("search.key")?,
            door: read_named("door.key")?,
        })
    }

    /// The newest epoch and its key.
    pub(crate) fn epoch(&self) -> Option<(u32, &Secret)> {
        self.epochs.last_key_value().map(|(number, key)| (*number, key))
    }

    /// Whether somebody has said that the keys are backed up: a file they put there, after the newest epoch's key was made.
    /// Without it every start warns, and no old epoch's key is destroyed.
    pub fn backed_up(&self) -> bool {
        let changed = |path: PathBuf| fs::metadata(path).and_then(|meta| meta.modified()).ok();
        let newest = self.epochs.keys().next_back().copied().unwrap_or_default();
        let key = changed(epoch_file(&self.directory, newest));
        changed(self.directory.join("backed-up")).is_some_and(|at| key.is_none_or(|key| at >= key))
    }

    /// Reads the epochs again: another process of this node may have begun one, or destroyed an old one's key.
    ///
    /// # Errors
    /// As [`Keys::open`].
    pub(crate) fn read_epochs(&mut self) -> Result<(), KeyError> {
        self.epochs = epochs(&self.directory)?;
        Ok(())
    }

    /// Makes the key of an epoch, once: when another process makes it at the same time, both have the same key.
    ///
    /// # Errors
    /// When it cannot be written or read.
    pub(crate) fn begin_epoch(&mut self, number: u32) -> Result<(), KeyError> {
        let path = epoch_file(&self.directory, number);
        if !path.exists() {
            let own = self
                .directory
                .join(format!("epoch-{number}.{:08x}", std::process::id()));
            make(&own)?;
            let linked = fs::hard_link(&own, &path);
            fs::remove_file(&own).map_err(|source| file(&own, source))?;
            match linked {
                Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                    return Err(file(&path, error));
                }
                _ => sync(&self.directory)?,
            }
        }
        self.read_epochs()
    }

    /// Destroys the key of an old epoch: overwritten, then removed. Whatever it wrapped cannot be opened any more, here or
    /// in any copy.
    ///
    /// # Errors
    /// When it cannot be written or removed.
    pub(crate) fn end_epoch(&mut self, number: u32) -> Result<(), KeyError> {
        let path = epoch_file(&self.directory, number);
        let overwritten = fs::OpenOptions::new().write(true).open(&path);
        overwritten
            .and_then(|mut out| out.write_all(&[b'0'; 64]).and_then(|()| out.sync_all()))
            .and_then(|()| fs::remove_file(&path))
            .map_err(|source| file(&path, source))?;
        sync(&self.directory)?;
        self.read_epochs()
    }
}

fn epoch_file(directory: &Path, number: u32) -> PathBuf {
    directory.join(format!("epoch-{number}.key"))
}

/// The keys of the epochs that lie in `directory`.
fn epochs(directory: &Path) -> Result<BTreeMap<u32, Secret>, KeyError> {
    let mut epochs = BTreeMap::new();
    let entries = fs::read_dir(directory).map_err(|source| file(directory, source))?;
    for entry in entries {
        let path = entry.map_err(|source| file(directory, source))?.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let number = name.strip_prefix("epoch-").and_then(|n| n.strip_suffix(".key"));
        if let Some(number) = number.and_then(|n| n.parse::<u32>().ok()) {
            epochs.insert(number, read(&path)?);
        }
    }
    Ok(epochs)
}

fn sync(directory: &Path) -> Result<(), KeyError> {
    fs::File::open(directory)
        .and_then(|d| d.sync_all())
        .map_err(|source| file(directory, source))
}

fn file(path: &Path, source: std::io::Error) -> KeyError {
    KeyError::File {
        path: path.to_path_buf(),
        source,
    }
}

#[cfg(unix)]
fn private(path: &Path, mode: u32) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(|source| file(path, source))
}

#[cfg(not(unix))]
fn private(_: &Path, _: u32) -> Result<(), KeyError> {
    Ok(())
}

/// Writes a new key: the file is complete and on disk before its name exists.
pub(crate) fn make(path: &Path) -> Result<Secret, KeyError> {
    let secret = Secret::new(random::bytes()?);
    let temporary = path.with_extension("new");
    let mut out = fs::File::create(&temporary).map_err(|source| file(&temporary, source))?;
    private(&temporary, 0o600)?;
    let text = Zeroizing::new(domain::record::hex(secret.expose()));
    out.write_all(text.as_bytes())
        .and_then(|()| out.sync_all())
        .map_err(|source| file(&temporary, source))?;
    fs::rename(&temporary, path).map_err(|source| file(path, source))?;
    sync(path.parent().unwrap_or(path))?;
    Ok(secret)
}

fn read(path: &Path) -> Result<Secret, KeyError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path)
            .map_err(|source| file(path, source))?
            .permissions()
            .mode();
        if mode & 0o077 != 0 {
            return Err(KeyError::Open(path.to_path_buf()));
        }
    }
    let text = Zeroizing::new(fs::read_to_string(path).map_err(|source| file(path, source))?);
    let text = text.trim();
    let mut out = [0_u8; 32];
    if text.len() != 64 {
        return Err(KeyError::NotAKey(path.to_path_buf()));
    }
    for (slot, start) in out.iter_mut().zip((0_usize..).step_by(2)) {
        let pair = text.get(start..start.saturating_add(2)).unwrap_or_default();
        *slot = u8::from_str_radix(pair, 16).map_err(|_| KeyError::NotAKey(path.to_path_buf()))?;
    }
    Ok(Secret::new(out))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn keys_are_made_once_and_read_back() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("keys");
        assert!(matches!(Keys::open(&directory, false), Err(KeyError::Missing(_))));
        let made = Keys::open(&directory, true).unwrap();
        let read = Keys::open(&directory, false).unwrap();
        assert_eq!(made.issuer.expose(), read.issuer.expose());
        assert_ne!(made.issuer.expose(), made.log.expose());
        assert_eq!(read.epoch().unwrap().0, 1);
        assert_eq!(format!("{:?}", read.issuer), "Secret");
    }

    #[test]
    fn an_epoch_begins_once_and_ends_for_good() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("keys");
        let mut keys = Keys::open(&directory, true).unwrap();
        let mut other = keys.clone();
        fs::write(directory.join("backed-up"), "").unwrap();
        assert!(keys.backed_up());
        keys.begin_epoch(2).unwrap();
        other.begin_epoch(2).unwrap();
        let (ours, theirs) = (keys.epoch().unwrap(), other.epoch().unwrap());
        assert_eq!((ours.0, ours.1.expose()), (2, theirs.1.expose()));
        let names = fs::read_dir(&directory).unwrap().count();
        assert_eq!(names, 7, "six keys and the mark: nothing half made is left");
        let old = fs::File::options()
            .write(true)
            .open(directory.join("backed-up"))
            .unwrap();
        old.set_modified(std::time::UNIX_EPOCH).unwrap();
        assert!(
            !keys.backed_up(),
            "what was backed up before a new key is not backed up"
        );
        keys.end_epoch(1).unwrap();
        assert!(!keys.epochs.contains_key(&1) && !directory.join("epoch-1.key").exists());
        other.read_epochs().unwrap();
        assert_eq!(other.epochs.len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_stops_the_start() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("keys");
        Keys::open(&directory, true).unwrap();
        private(&directory.join("log.key"), 0o644).unwrap();
        assert!(matches!(Keys::open(&directory, false), Err(KeyError::Open(_))));
    }
}

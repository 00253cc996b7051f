//! What a witness keeps on disk: its key, and for each log the last head it signed.
//!
//! A head is written to a new file, flushed, renamed over the old one, and the folder flushed, before the
//! answer is given. A file that is there and cannot be read stops that log: it is never taken for none.

use crate::key::read_key;
use ledger::checkpoint::SignedCheckpoint;
use ledger::key::{COSIGNATURE, SignerKey, VerifierKey};
use ledger::witness::{Request, Seen, origin_hash};
use server::peer::witness::{Answer, Witness};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// The most disputed heads kept, so that nobody can fill the disk.
const MAX_DISPUTES: usize = 1000;

/// A key trusted for the log it is named after.
pub struct Log(pub VerifierKey);

/// A witness and its directory.
pub struct State {
    directory: PathBuf,
    key: SignerKey,
    logs: Vec<Log>,
    /// Held from reading what was last signed to keeping what is signed now.
    signing: Mutex<()>,
    /// Held for as long as the process lives, so that two cannot sign from one directory.
    _lock: File,
}

impl State {
    /// Opens a witness's directory, making it and its key on first start.
    ///
    /// # Errors
    /// A sentence: the directory cannot be used, another process uses it, or the key is no key.
    pub fn open(directory: &Path, name: &str, logs: Vec<Log>) -> Result<State, String> {
        let failed = |error: std::io::Error| format!("{} cannot be used: {error}.", directory.display());
        fs::create_dir_all(directory.join("heads")).map_err(failed)?;
        let lock = File::create(directory.join("lock")).map_err(failed)?;
        if lock.try_lock().is_err() {
            return Err(format!(
                "Another witness is running from {}.",
                directory.display()
            ));
        }
        let file = directory.join("witness.key");
        if !file.exists() {
            make_key(directory, &file).map_err(failed)?;
        }
        let key = read_key(&file, name, COSIGNATURE)?;
        Ok(State {
            directory: directory.to_path_buf(),
            key,
            logs,
            signing: Mutex::new(()),
            _lock: lock,
        })
    }

    /// The key others check this witness's signatures with.
    pub fn verifier(&self) -> VerifierKey {
        self.key.verifier()
    }

    fn keys(&self, origin: &str) -> Vec<VerifierKey> {
        self.logs
            .iter()
            .filter(|log| log.0.name() == origin)
            .map(|log| log.0.clone())
            .collect()
    }

    fn head_file(&self, hash: &str) -> PathBuf {
        self.directory.join("heads").join(hash)
    }

    /// What was last signed for a log: `Ok(None)` only if there is no file.
    fn seen(&self, origin: &str) -> Result<Option<Seen>, ()> {
        let bytes = match fs::read(self.head_file(&origin_hash(origin))) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(_) => return Err(()),
        };
        let head = SignedCheckpoint::parse(&bytes).map_err(|_| ())?;
        head.note().verified_by(&[self.verifier()]).map_err(|_| ())?;
        let said = head.checkpoint();
        if said.origin != origin {
            return Err(());
        }
        Ok(Some(Seen {
            size: said.size,
            root: said.root,
            checkpoint: bytes,
        }))
    }

    fn decide(&self, body: &[u8]) -> ledger::witness::Answer {
        let request = match Request::parse(body) {
            Ok(request) => request,
            Err(answer) => return answer,
        };
        let keys = self.keys(request.origin());
        let _signing = self.signing.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = if keys.is_empty() {
            Ok(None)
        } else {
            self.seen(request.origin())
        };
        let Ok(seen) = seen else {
            return broken("What this witness last signed for that log cannot be read.");
        };
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        let decision = request.decide(&keys, seen.as_ref(), &self.key, now);
        if decision.answer.status == 422 {
            self.keep_dispute(request.checkpoint());
        }
        if let Some(keep) = decision.keep {
            let kept = write_durably(&self.head_file(&origin_hash(request.origin())), &keep.checkpoint);
            if kept.is_err() {
                return broken("What this witness would sign cannot be kept.");
            }
        }
        decision.answer
    }
}

impl State {
    /// Keeps a head that its log has signed and that does not extend, or was not shown to extend, the one signed
    /// here: with ours it may be proof of two histories. Failing to keep it changes no answer.
    fn keep_dispute(&self, head: &SignedCheckpoint) {
        let said = head.checkpoint();
        let folder = self.directory.join("disputes");
        let name = format!(
            "{}-{}-{}",
            origin_hash(&said.origin),
            said.size,
            said.root.to_hex()
        );
        let full = fs::read_dir(&folder).is_ok_and(|files| files.count() >= MAX_DISPUTES);
        if full || folder.join(&name).exists() {
            return;
        }
        let kept =
            fs::create_dir_all(&folder).and_then(|()| write_durably(&folder.join(&name), &head.to_bytes()));
        let how = if kept.is_ok() {
            "kept as"
        } else {
            "could not be kept as"
        };
        let line = format!(
            "{} offered a head that does not extend what was signed; {how} disputes/{name}\n",
            said.origin
        );
        // Nobody may be reading; the file is what counts.
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
}

impl Witness for State {
    fn add_checkpoint(&self, body: &[u8]) -> Answer {
        let ledger::witness::Answer {
            status,
            content_type,
            body,
        } = self.decide(body);
        Answer {
            status,
            content_type,
            body: body.into_bytes(),
        }
    }

    fn latest(&self, hash: &str) -> Option<Answer> {
        let known = self.logs.iter().any(|log| origin_hash(log.0.name()) == hash);
        let body = known.then(|| fs::read(self.head_file(hash)).ok()).flatten()?;
        Some(Answer {
            status: 200,
            content_type: "text/plain; charset=utf-8",
            body,
        })
    }
}

fn broken(why: &str) -> ledger::witness::Answer {
    ledger::witness::Answer {
        status: 500,
        content_type: "text/plain; charset=utf-8",
        body: format!("{why}\n"),
    }
}

/// A new key, readable by one user, whole and on disk before its name exists.
fn make_key(directory: &Path, file: &Path) -> std::io::Result<()> {
    let mut seed = [0u8; 32];
    getrandom::fill(&mut seed).map_err(|_| std::io::Error::other("the system gave no randomness"))?;
    private(directory, 0o700)?;
    let text = ledger::hash::Hash::from(seed).to_hex();
    write_durably(file, format!("{text}\n").as_bytes())
}

/// Writes beside, flushes, renames, flushes the folder. The file is readable by one user.
fn write_durably(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = file.with_extension("new");
    let mut out = File::create(&beside)?;
    private(&beside, 0o600)?;
    out.write_all(bytes)?;
    out.sync_all()?;
    fs::rename(&beside, file)?;
    let folder = file.parent().ok_or_else(|| std::io::Error::other("no folder"))?;
    File::open(folder)?.sync_all()
}

#[cfg(unix)]
fn private(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn private(_: &Path, _: u32) -> std::io::Result<()> {
    Ok(())
}

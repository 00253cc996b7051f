//! The publisher: reads committed rows, checks that they extend the mark kept beside the keys, moves the mark, signs.
//!
//! A store that was rolled back to an earlier state does not extend the mark: nothing more is signed, and recording goes
//! on, marked. The mark lies beside the keys, outside the database and its backups.

use domain::time::Instant;
use ledger::append::{Edge, append_hashes};
use ledger::checkpoint::Checkpoint;
use ledger::hash::Hash;
use ledger::key::{NOTE, SignerKey};

use super::{AppError, Node};
use crate::Inner;
use crate::prove::origin;
use crate::store::StoredCheckpoint;

/// How many rows are read at a time.
const CHUNK: u32 = 4_096;

/// A head is signed again when nothing has happened for this long: a silent log is an alarm.
const HEARTBEAT_SECONDS: i64 = 60;

/// What publishing did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Published {
    /// Nothing new, and the last head is fresh.
    Nothing,
    /// A head of this size was signed.
    Signed {
        /// How many entries it covers.
        size: u64,
        /// The signed note, for witnesses.
        note: Vec<u8>,
    },
    /// The store holds less than was signed, or something else: it was rolled back or altered. Nothing is signed.
    DoesNotExtend {
        /// What was signed before.
        marked: u64,
        /// What is here now.
        found: u64,
    },
}

impl Node {
    /// Signs a new head when there is news, and every minute when there is none.
    ///
    /// # Errors
    /// When the store or the mark cannot be read or written.
    pub async fn publish(&self) -> Result<Published, AppError> {
        let node = &self.inner;
        // Two processes that both read the mark could set it back: one publishes at a time.
        let Some(_one_at_a_time) = node.lock_mark()? else {
            return Ok(Published::Nothing);
        };
        let head = node.store.head().await?;
        let now = node.clock.now();
        let mark = node.read_mark()?;
        let last = node.store.latest_checkpoint().await?;
        let fresh = last
            .as_ref()
            .is_some_and(|c| c.size == head.size && now.seconds_since(c.at) < HEARTBEAT_SECONDS);
        if fresh && mark.size() == head.size {
            return Ok(Published::Nothing);
        }
        let Some(edge) = node.extend(&mark, head.size).await? else {
            return Ok(Published::DoesNotExtend {
                marked: mark.size(),
                found: head.size,
            });
        };
        if edge.root() != head.edge.root() {
            return Ok(Published::DoesNotExtend {
                marked: mark.size(),
                found: head.size,
            });
        }
        node.write_mark(&edge)?;
        let note = node.sign_head(head.size, edge.root())?;
        node.store
            .keep_checkpoint(&StoredCheckpoint {
                size: head.size,
                at: now,
                note: note.clone(),
            })
            .await?;
        Ok(Published::Signed {
            size: head.size,
            note,
        })
    }
}

impl Inner {
    /// The edge at `size`, grown from the mark by the leaf hashes of committed rows; none when rows are missing.
    async fn extend(&self, mark: &Edge, size: u64) -> Result<Option<Edge>, AppError> {
        let mut edge = mark.clone();
        while edge.size() < size {
            let rows = self.store.log(edge.size(), CHUNK).await?;
            let wanted = usize::try_from(size.saturating_sub(edge.size())).unwrap_or(usize::MAX);
            let hashes: Vec<Hash> = rows
                .iter()
                .take(wanted)
                .map(|row| Hash::leaf(&row.leaf))
                .collect();
            if hashes.is_empty() {
                return Ok(None);
            }
            let grown = append_hashes(&edge, hashes).map_err(|e| AppError::Broken(e.to_string()))?;
            edge = grown.edge;
        }
        Ok((edge.size() == size).then_some(edge))
    }

    /// Signs a head with the log's key.
    pub(crate) fn sign_head(&self, size: u64, root: Hash) -> Result<Vec<u8>, AppError> {
        let origin = origin(&self.agency);
        let broken = |e: &dyn std::fmt::Display| AppError::Broken(e.to_string());
        let key = SignerKey::from_seed(&origin, NOTE, self.keys().log.expose()).map_err(|e| broken(&e))?;
        let signed = Checkpoint::new(&origin, size, root)
            .sign(&key)
            .map_err(|e| broken(&e))?;
        Ok(signed.to_bytes())
    }

    fn mark_file(&self) -> std::path::PathBuf {
        self.keys().directory.join("log.mark")
    }

    /// The lock that whoever publishes holds; none while another process does. It goes with its holder, however that ends.
    fn lock_mark(&self) -> Result<Option<std::fs::File>, AppError> {
        let broken = |e: &dyn std::fmt::Display| AppError::Broken(format!("the publisher's lock: {e}"));
        let file = std::fs::File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.keys().directory.join("log.lock"))
            .map_err(|e| broken(&e))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(error) => Err(broken(&error)),
        }
    }

    /// What was signed last, kept beside the keys: no copy of the database has it.
    pub(crate) fn read_mark(&self) -> Result<Edge, AppError> {
        let broken = |e: &dyn std::fmt::Display| AppError::Broken(format!("the publisher's mark: {e}"));
        match std::fs::read(self.mark_file()) {
            Ok(bytes) => Edge::parse(&bytes).map_err(|e| broken(&e)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Edge::empty()),
            Err(error) => Err(broken(&error)),
        }
    }

    /// Moves the mark: the new file is complete and on disk before it takes the old one's name.
    fn write_mark(&self, edge: &Edge) -> Result<(), AppError> {
        use std::io::Write;
        let path = self.mark_file();
        let write = || {
            let temporary = path.with_extension("mark.new");
            let mut file = std::fs::File::create(&temporary)?;
            file.write_all(&edge.to_bytes())?;
            file.sync_all()?;
            std::fs::rename(&temporary, &path)?;
            match path.parent() {
                Some(directory) => std::fs::File::open(directory)?.sync_all(),
                None => Ok(()),
            }
        };
        write().map_err(|e| AppError::Broken(format!("the publisher's mark: {e}")))
    }
}

/// Whether a head signed at `at` is too old: publishing has stopped.
pub fn is_silent(at: Instant, now: Instant) -> bool {
    now.seconds_since(at) > HEARTBEAT_SECONDS.saturating_mul(5)
}

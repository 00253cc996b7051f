//! Asking witnesses to sign what was published. A witness that holds more than we do stops publishing.

use std::future::Future;
use std::pin::Pin;

use ledger::checkpoint::SignedCheckpoint;
pub use ledger::key::VerifierKey;
use ledger::submit::{self, Reply, SubmitError};
use ledger::tree::Reader;

use super::{AppError, Node};
use crate::Inner;

/// What a witness returned: a status and a body.
pub type Answered<'a> = Pin<Box<dyn Future<Output = Result<(u16, Vec<u8>), String>> + Send + 'a>>;

/// A witness outside this node. Sockets are elsewhere.
pub trait Witness: Send + Sync {
    /// Its key, as the policy file names it.
    fn key(&self) -> &VerifierKey;
    /// Sends one `add-checkpoint` request.
    fn add_checkpoint(&self, body: Vec<u8>) -> Answered<'_>;
}

/// What asking came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Asked {
    /// It signed the newest head.
    Witnessed,
    /// There is nothing new for it.
    Nothing,
    /// It could not be reached, or did not sign: why. Recording goes on.
    Pending(String),
    /// It holds a larger or another history: this store was rolled back or altered. An alarm.
    Alarm(String),
}

impl Node {
    /// Asks one witness to sign the newest head.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn ask_witness(&self, witness: &dyn Witness) -> Result<Asked, AppError> {
        let node = &self.inner;
        let Some(head) = node.store.latest_checkpoint().await? else {
            return Ok(Asked::Nothing);
        };
        let name = witness.key().name().to_owned();
        let mut old = node.store.last_cosigned(&name).await?.unwrap_or(0);
        if old >= head.size {
            return Ok(Asked::Nothing);
        }
        let signed = SignedCheckpoint::parse(&head.note).map_err(|e| AppError::Broken(e.to_string()))?;
        for _ in 0..2 {
            let proof = node.consistency(old, head.size).await?;
            let body = submit::request(old, &proof, &signed);
            let (status, answer) = match witness.add_checkpoint(body).await {
                Ok(answered) => answered,
                Err(why) => return Ok(Asked::Pending(why)),
            };
            match submit::read(status, &answer, &signed, witness.key()) {
                Ok(Reply::Cosigned { signatures, .. }) => {
                    for line in &signatures {
                        let now = node.clock.now();
                        node.store
                            .keep_cosignature(head.size, &name, &format!("{line}\n"), now)
                            .await?;
                    }
                    return Ok(Asked::Witnessed);
                }
                Ok(Reply::Holds(size)) if size > head.size => {
                    return Ok(Asked::Alarm(format!(
                        "{name} holds {size} entries; this store has {}",
                        head.size
                    )));
                }
                Ok(Reply::Holds(size)) => old = size,
                Err(SubmitError::OtherHistory) => {
                    return Ok(Asked::Alarm(format!(
                        "{name} holds a different history of this log"
                    )));
                }
                Err(error) => return Ok(Asked::Pending(error.to_string())),
            }
        }
        Ok(Asked::Pending(
            "the witness keeps answering with another size".into(),
        ))
    }
}

impl Inner {
    /// The proof that the log of `new` entries extends that of `old`.
    async fn consistency(&self, old: u64, new: u64) -> Result<Vec<ledger::hash::Hash>, AppError> {
        if old == 0 || old == new {
            return Ok(Vec::new());
        }
        let tiles = self.tiles_for(old.saturating_sub(1), new).await?;
        Reader::new(tiles, new)
            .consistency(old, new)
            .map_err(|e| AppError::Broken(e.to_string()))
    }
}

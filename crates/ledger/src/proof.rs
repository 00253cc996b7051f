//! The exhibit file: one entry, its path and the signed head it leads to (C2SP `tlog-proof`).

use crate::checkpoint::{CheckpointError, SignedCheckpoint};
use crate::hash::Hash;
use crate::path::{PathError, check_inclusion};
use crate::policy::{Judged, NotAccepted, Policy};
use crate::text;
use std::fmt;
use thiserror::Error;

/// The first line of every proof file.
pub const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// The longest proof file read, in bytes.
pub const MAX_BYTES: usize = 2 << 20;

/// The most hashes a path can have.
pub const MAX_PATH: usize = 63;

/// Why a proof file was refused.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ProofError {
    /// The first line is another.
    #[error("this is not a proof file")]
    NotAProof,
    /// It begins as a proof and its lines are not as they should be.
    #[error("the proof file is damaged: {0}")]
    Damaged(&'static str),
    /// The checkpoint in it cannot be read.
    #[error("the proof file is damaged: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The path does not lead from the entry to the signed root.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The policy does not accept the signed head.
    #[error(transparent)]
    NotAccepted(#[from] NotAccepted),
}

/// A proof that an entry is in a log. Parsing one proves nothing: see [`Proof::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Data of the application, which the proof itself does not vouch for.
    pub extra: Option<Vec<u8>>,
    /// Place of the entry in the log, from 0.
    pub index: u64,
    /// The path, leaf's sibling first.
    pub path: Vec<Hash>,
    /// The signed head, kept byte for byte.
    pub checkpoint: SignedCheckpoint,
}

impl Proof {
    /// Reads a proof file.
    ///
    /// # Errors
    /// [`ProofError::NotAProof`], [`ProofError::Damaged`] or [`ProofError::Checkpoint`].
    pub fn parse(bytes: &[u8]) -> Result<Proof, ProofError> {
        let rest = bytes
            .strip_prefix(FIRST_LINE.as_bytes())
            .and_then(|rest| rest.strip_prefix(b"\n"));
        let rest = rest.ok_or(ProofError::NotAProof)?;
        if bytes.len() > MAX_BYTES {
            return Err(ProofError::Damaged("it is too long"));
        }
        let rest = std::str::from_utf8(rest).map_err(|_| ProofError::Damaged("it is not plain text"))?;
        let (head, checkpoint) = rest
            .split_once("\n\n")
            .ok_or(ProofError::Damaged("it ends too soon"))?;
        let mut lines = head.split('\n').peekable();
        let extra = match lines.peek().and_then(|line| line.strip_prefix("extra ")) {
            None => None,
            Some(extra) => {
                lines.next();
                Some(text::from_base64(extra).ok_or(ProofError::Damaged("its extra line cannot be read"))?)
            }
        };
        let index = lines
            .next()
            .and_then(|line| line.strip_prefix("index "))
            .and_then(text::from_decimal);
        let index = index.ok_or(ProofError::Damaged("its index cannot be read"))?;
        let path: Option<Vec<Hash>> = lines.map(Hash::from_base64).collect();
        let path = path
            .filter(|path| path.len() <= MAX_PATH)
            .ok_or(ProofError::Damaged("its path cannot be read"))?;
        Ok(Proof {
            extra,
            index,
            path,
            checkpoint: SignedCheckpoint::parse(checkpoint.as_bytes())?,
        })
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }

    /// Checks that the entry that hashes to `leaf` is in a log the policy accepts.
    ///
    /// # Errors
    /// [`ProofError::NotAccepted`] or [`ProofError::Path`].
    pub fn verify(&self, leaf: &Hash, policy: &Policy) -> Result<Judged, ProofError> {
        let judged = policy.accept(&self.checkpoint)?;
        self.check_path(leaf)?;
        Ok(judged)
    }

    /// Checks the path alone, against a head that is not yet trusted.
    ///
    /// # Errors
    /// [`ProofError::Path`].
    pub fn check_path(&self, leaf: &Hash) -> Result<(), ProofError> {
        let head = self.checkpoint.checkpoint();
        Ok(check_inclusion(
            leaf, self.index, head.size, &head.root, &self.path,
        )?)
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", text::base64(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for hash in &self.path {
            writeln!(f, "{}", hash.to_base64())?;
        }
        write!(f, "\n{}", self.checkpoint.note())
    }
}

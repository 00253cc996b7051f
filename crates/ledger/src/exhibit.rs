//! A record with some fields shown, proved to be in a log: what a reporter or a court is given.
//!
//! It is a `tlog-proof` file whose `extra` line holds the record and the fields shown. With no field
//! shown it is the *short receipt*: it proves that a sealed record was made and has not been replaced,
//! and holds no content.

use crate::checkpoint::SignedCheckpoint;
use crate::hash::Hash;
use crate::leaf::{LeafError, Presentation};
use crate::policy::{Judged, NotAccepted, Policy};
use crate::proof::{FIRST_LINE, Proof, ProofError};
use thiserror::Error;

/// An exhibit as read. Parsing one proves nothing: see [`Exhibit::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exhibit {
    proof: Proof,
    presentation: Presentation,
}

/// What holds of an exhibit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Who signed the head of the log, and when its witnesses did.
    pub judged: Judged,
    /// Whether the recording agency's own signature was checked too: false when the policy names no key for it.
    pub issuer_checked: bool,
}

/// Why an exhibit is not accepted.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ExhibitError {
    /// The proof file or what it proves.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// There is no record in it.
    #[error("the file proves an entry and does not say which")]
    NoRecord,
    /// The record or a field shown.
    #[error(transparent)]
    Record(#[from] LeafError),
}

impl ExhibitError {
    /// Whether this means that something was changed (true), or that it cannot be decided with the keys at hand (false).
    pub const fn is_mismatch(&self) -> bool {
        !matches!(
            self,
            ExhibitError::NoRecord
                | ExhibitError::Proof(
                    ProofError::NotAProof
                        | ProofError::NotAccepted(
                            NotAccepted::UnknownLog(_)
                                | NotAccepted::Unsigned(_)
                                | NotAccepted::Quorum { .. }
                        )
                )
        )
    }
}

impl Exhibit {
    /// Puts an exhibit together.
    pub fn new(
        presentation: Presentation,
        index: u64,
        path: Vec<Hash>,
        checkpoint: SignedCheckpoint,
    ) -> Exhibit {
        let extra = Some(presentation.to_string().into_bytes());
        Exhibit {
            proof: Proof {
                extra,
                index,
                path,
                checkpoint,
            },
            presentation,
        }
    }

    /// Reads an exhibit file.
    ///
    /// # Errors
    /// [`ExhibitError`].
    pub fn parse(bytes: &[u8]) -> Result<Exhibit, ExhibitError> {
        let proof = Proof::parse(bytes)?;
        let extra = proof.extra.as_deref().ok_or(ExhibitError::NoRecord)?;
        let text = std::str::from_utf8(extra).map_err(|_| LeafError::Form)?;
        let presentation = Presentation::parse(text)?;
        Ok(Exhibit { proof, presentation })
    }

    /// Reads a file of one exhibit or several, such as a full copy of a report: one after another, with at
    /// most one empty line after each.
    ///
    /// # Errors
    /// [`ExhibitError`] of the first that cannot be read.
    pub fn parse_all(bytes: &[u8]) -> Result<Vec<Exhibit>, ExhibitError> {
        let mut exhibits = Vec::new();
        let mut rest = bytes;
        while let Some(end) = second(rest) {
            let (one, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
            exhibits.push(Exhibit::parse_padded(one)?);
            rest = after;
        }
        exhibits.push(Exhibit::parse_padded(rest)?);
        Ok(exhibits)
    }

    /// Reads an exhibit that may have an empty line after it.
    fn parse_padded(bytes: &[u8]) -> Result<Exhibit, ExhibitError> {
        let padded = bytes.ends_with(b"\n\n");
        Exhibit::parse(if padded {
            bytes.strip_suffix(b"\n").unwrap_or(bytes)
        } else {
            bytes
        })
    }

    /// The record and the fields shown.
    pub const fn presentation(&self) -> &Presentation {
        &self.presentation
    }

    /// The proof.
    pub const fn proof(&self) -> &Proof {
        &self.proof
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.proof.to_bytes()
    }

    /// Checks everything against keys that came from elsewhere: the log's head and witnesses, the path,
    /// and the record's own signature when the policy has a key for its issuer.
    ///
    /// # Errors
    /// [`ExhibitError`].
    pub fn verify(&self, policy: &Policy) -> Result<Verified, ExhibitError> {
        let leaf = self.presentation.leaf();
        self.proof.check_path(&leaf.hash())?;
        let judged = policy.accept(&self.proof.checkpoint).map_err(ProofError::from)?;
        let key = policy
            .issuers()
            .iter()
            .find(|key| key.name() == leaf.issuer() && key.kid() == leaf.kid());
        if let Some(key) = key {
            leaf.verify(key)?;
        }
        Ok(Verified {
            judged,
            issuer_checked: key.is_some(),
        })
    }
}

/// Where a second exhibit begins: the next line that is the first line of a proof.
fn second(bytes: &[u8]) -> Option<usize> {
    let mark: Vec<u8> = [b"\n", FIRST_LINE.as_bytes(), b"\n"].concat();
    bytes
        .windows(mark.len())
        .position(|window| window == mark)
        .map(|place| place + 1)
}

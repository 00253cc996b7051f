//! A log's side of `add-checkpoint` (C2SP `tlog-witness`): the request to send and the answer to read.

use crate::checkpoint::SignedCheckpoint;
use crate::hash::Hash;
use crate::key::VerifierKey;
use crate::note::Signature;
use crate::text;
use thiserror::Error;

/// Where the request goes, after the witness's prefix.
pub const PATH: &str = "/add-checkpoint";

/// The longest answer worth reading, in bytes.
pub const MAX_ANSWER: usize = 1 << 16;

/// What a witness answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It has signed: the signatures that hold under the key given, and the latest time they state.
    Cosigned {
        /// To be added to the checkpoint.
        signatures: Vec<Signature>,
        /// Seconds since 1970.
        time: u64,
    },
    /// It holds another size: ask again from there. A size above ours means that our store was rolled back.
    Holds(u64),
}

/// Why an answer is of no use.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SubmitError {
    /// 400: it could not read the request.
    #[error("the witness could not read the request")]
    Malformed,
    /// 403: it does not trust the key that signed.
    #[error("the witness does not trust this log's key")]
    NotTrusted,
    /// 404: it does not know this log.
    #[error("the witness does not know this log")]
    UnknownLog,
    /// 422: it holds a different history. Portable proof of a fork, or of damage.
    #[error("the witness holds a different history of this log")]
    OtherHistory,
    /// Another status.
    #[error("the witness answered with status {0}")]
    Status(u16),
    /// 200 or 409 with a body that cannot be read.
    #[error("the witness's answer cannot be read")]
    Unreadable,
    /// 200 without a signature that holds under its key.
    #[error("the witness's signature does not hold")]
    Signature,
}

/// The request body: the size the witness holds, the consistency proof from there, and the checkpoint.
pub fn request(old: u64, proof: &[Hash], checkpoint: &SignedCheckpoint) -> Vec<u8> {
    let mut body = format!("old {old}\n");
    for hash in proof {
        body.push_str(&hash.to_base64());
        body.push('\n');
    }
    body.push('\n');
    let mut body = body.into_bytes();
    body.extend(checkpoint.to_bytes());
    body
}

/// Reads an answer to [`request`] for the same checkpoint.
///
/// # Errors
/// [`SubmitError`].
pub fn read(
    status: u16,
    body: &[u8],
    checkpoint: &SignedCheckpoint,
    witness: &VerifierKey,
) -> Result<Reply, SubmitError> {
    match status {
        200 => cosigned(body, checkpoint, witness),
        409 => {
            let size = std::str::from_utf8(body)
                .ok()
                .and_then(|b| text::from_decimal(b.strip_suffix('\n')?));
            size.map(Reply::Holds).ok_or(SubmitError::Unreadable)
        }
        400 => Err(SubmitError::Malformed),
        403 => Err(SubmitError::NotTrusted),
        404 => Err(SubmitError::UnknownLog),
        422 => Err(SubmitError::OtherHistory),
        other => Err(SubmitError::Status(other)),
    }
}

fn cosigned(body: &[u8], checkpoint: &SignedCheckpoint, witness: &VerifierKey) -> Result<Reply, SubmitError> {
    if body.len() > MAX_ANSWER {
        return Err(SubmitError::Unreadable);
    }
    let text = std::str::from_utf8(body).map_err(|_| SubmitError::Unreadable)?;
    let lines = Signature::parse_lines(text).map_err(|_| SubmitError::Unreadable)?;
    let mut latest = 0;
    let mut signatures = Vec::new();
    for line in lines
        .into_iter()
        .filter(|l| l.name == witness.name() && l.id == witness.id())
    {
        let held = witness
            .check(checkpoint.note().text(), &line.bytes)
            .ok_or(SubmitError::Signature)?;
        let time = held.time.filter(|time| *time > 0).ok_or(SubmitError::Signature)?;
        latest = latest.max(time);
        signatures.push(line);
    }
    if signatures.is_empty() {
        return Err(SubmitError::Signature);
    }
    Ok(Reply::Cosigned {
        signatures,
        time: latest,
    })
}

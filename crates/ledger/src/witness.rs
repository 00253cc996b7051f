//! A witness's side of `add-checkpoint` (C2SP `tlog-witness`), without sockets or disks.
//!
//! Bytes, the state held for that log and the time go in; an answer comes out, and when it is 200 also
//! the state to keep. **Whoever calls must hold a lock from reading the state to keeping the new one, and
//! must keep it durably before answering**: otherwise two requests could roll the log back.

use crate::checkpoint::SignedCheckpoint;
use crate::cosignature::cosign;
use crate::hash::Hash;
use crate::key::{SignerKey, VerifierKey};
use crate::note::NoteError;
use crate::path::check_consistency;
use crate::text;

/// The longest request read, in bytes.
pub const MAX_BYTES: usize = 1 << 18;

/// The most proof lines a request may have.
pub const MAX_PROOF: usize = 63;

/// What the witness has last signed for a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Entries in the log.
    pub size: u64,
    /// Root of the tree.
    pub root: Hash,
    /// The checkpoint with the log's signature and ours: served to whoever asks what we last saw.
    pub checkpoint: Vec<u8>,
}

/// What to answer over HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status: 200, 400, 403, 404, 409, 422, or 500 when the clock is not set.
    pub status: u16,
    /// The `Content-Type`.
    pub content_type: &'static str,
    /// The body.
    pub body: String,
}

/// An answer, and the state to keep before giving it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What to answer.
    pub answer: Answer,
    /// To be kept durably before answering; `None` leaves everything as it is.
    pub keep: Option<Seen>,
}

/// A request that could be read. Its log is named, so that state and keys can be looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    old: u64,
    proof: Vec<Hash>,
    checkpoint: SignedCheckpoint,
}

impl Answer {
    fn text(status: u16, body: &str) -> Answer {
        Answer {
            status,
            content_type: "text/plain; charset=utf-8",
            body: format!("{body}\n"),
        }
    }
}

impl From<Answer> for Decision {
    fn from(answer: Answer) -> Decision {
        Decision { answer, keep: None }
    }
}

impl Request {
    /// Reads a request body.
    ///
    /// # Errors
    /// The 400 answer to give.
    pub fn parse(body: &[u8]) -> Result<Request, Answer> {
        Request::read(body).ok_or_else(|| Answer::text(400, "The request is not as the protocol says."))
    }

    fn read(body: &[u8]) -> Option<Request> {
        if body.len() > MAX_BYTES {
            return None;
        }
        let (head, checkpoint) = std::str::from_utf8(body).ok()?.split_once("\n\n")?;
        let mut lines = head.split('\n');
        let old = text::from_decimal(lines.next()?.strip_prefix("old ")?)?;
        let proof: Vec<Hash> = lines.map(Hash::from_base64).collect::<Option<_>>()?;
        if proof.len() > MAX_PROOF {
            return None;
        }
        Some(Request {
            old,
            proof,
            checkpoint: SignedCheckpoint::parse(checkpoint.as_bytes()).ok()?,
        })
    }

    /// The log the request is about.
    pub fn origin(&self) -> &str {
        &self.checkpoint.checkpoint().origin
    }

    /// The checkpoint offered.
    pub const fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }

    /// Decides. `keys` are the keys trusted for this log (none when it is unknown), `seen` what was last
    /// signed for it, `now` the time in seconds since 1970.
    pub fn decide(
        &self,
        keys: &[VerifierKey],
        seen: Option<&Seen>,
        witness: &SignerKey,
        now: u64,
    ) -> Decision {
        match self.refusal(keys, seen) {
            Some(answer) => answer.into(),
            None => self.sign(keys, witness, now),
        }
    }

    /// The first check that fails, in the order of the specification.
    fn refusal(&self, keys: &[VerifierKey], seen: Option<&Seen>) -> Option<Answer> {
        let head = self.checkpoint.checkpoint();
        if keys.is_empty() {
            return Some(Answer::text(404, "This witness does not know that log."));
        }
        match self.checkpoint.note().verified_by(keys) {
            Ok(_) => {}
            Err(NoteError::Bad(_)) => return Some(Answer::text(403, "The log's signature does not hold.")),
            Err(_) => return Some(Answer::text(403, "No key trusted for that log has signed.")),
        }
        if self.old > head.size {
            return Some(Answer::text(400, "The old size is larger than the checkpoint's."));
        }
        let held = seen.map_or(0, |seen| seen.size);
        if self.old != held {
            let body = format!("{held}\n");
            return Some(Answer {
                status: 409,
                content_type: "text/x.tlog.size",
                body,
            });
        }
        if head.size == 0 && head.root != Hash::EMPTY {
            return Some(Answer::text(422, "An empty log has another root."));
        }
        let root = seen.map_or(Hash::EMPTY, |seen| seen.root);
        check_consistency(self.old, &root, head.size, &head.root, &self.proof)
            .err()
            .map(|_| {
                Answer::text(
                    422,
                    "The checkpoint does not extend the one this witness has signed.",
                )
            })
    }

    fn sign(&self, keys: &[VerifierKey], witness: &SignerKey, now: u64) -> Decision {
        let head = self.checkpoint.checkpoint();
        let Ok(signature) = cosign(witness, head, now) else {
            return Answer::text(500, "The witness cannot sign: its clock or its key is not set.").into();
        };
        let body = format!("{signature}\n");
        let mut lines = format!("{}\n", self.checkpoint.note().text());
        let by_log = |s: &&crate::note::Signature| keys.iter().any(|k| k.name() == s.name && k.id() == s.id);
        for line in self.checkpoint.note().signatures().iter().filter(by_log) {
            lines.push_str(&format!("{line}\n"));
        }
        lines.push_str(&body);
        let keep = Seen {
            size: head.size,
            root: head.root,
            checkpoint: lines.into_bytes(),
        };
        let answer = Answer {
            status: 200,
            content_type: "text/plain; charset=utf-8",
            body,
        };
        Decision {
            answer,
            keep: Some(keep),
        }
    }
}

/// The name under which a witness serves what it last saw of a log: `<prefix>/<this>/checkpoint`.
pub fn origin_hash(origin: &str) -> String {
    Hash::of(origin.as_bytes()).to_hex()
}

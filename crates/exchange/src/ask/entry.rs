//! Log before effect, between two agencies: an ask and an answer each carry the sender's own leaf of that very act, with
//! proof that it is in the sender's log. The leaf holds a digest of the act and no word of it.

use super::{AnswerBody, AskBody};
use crate::ids::Digest;
use crate::refusal::Refusal;
use crate::ticket::{LogKeys, hex};
use crate::wire::{Blob, encode};
use ledger::leaf::{Presentation, Value};
use ledger::proof::Proof;

/// The value of the `event` field of an ask's leaf.
pub const ASK_EVENT: &str = "exchange-ask";
/// The value of the `event` field of an answer's leaf.
pub const ANSWER_EVENT: &str = "exchange-answer";

fn fields(event: &str, act: &Digest) -> [(&'static str, Value); 2] {
    [
        ("event", Value::Text(event.to_owned())),
        ("act", Value::Text(hex(&act.0))),
    ]
}

impl AskBody {
    /// What the leaf commits to: the whole request but the leaf and its proof.
    pub fn act(&self) -> Digest {
        let bare = Self {
            leaf: String::new(),
            entry: Blob::default(),
            ..self.clone()
        };
        Digest::of(&[b"dlx/ask", &encode(&bare)])
    }
    /// The fields of the leaf to log before asking.
    pub fn fields(&self) -> [(&'static str, Value); 2] {
        fields(ASK_EVENT, &self.act())
    }
    /// Checks that this very request is in the asker's log. Returns the leaf's hash, for the receipt.
    pub fn logged(&self, keys: &LogKeys) -> Result<[u8; 32], Refusal> {
        act_logged(ASK_EVENT, &self.act(), &self.leaf, &self.entry, keys)
    }
}

impl AnswerBody {
    /// What the leaf commits to: the whole answer but the leaf and its proof.
    pub fn act(&self) -> Digest {
        let bare = Self {
            leaf: String::new(),
            entry: Blob::default(),
            ..self.clone()
        };
        Digest::of(&[b"dlx/answer", &encode(&bare)])
    }
    /// The fields of the leaf to log before answering or refusing.
    pub fn fields(&self) -> [(&'static str, Value); 2] {
        fields(ANSWER_EVENT, &self.act())
    }
    /// Checks that this very answer is in the holder's log. Returns the leaf's hash, for the receipt.
    pub fn logged(&self, keys: &LogKeys) -> Result<[u8; 32], Refusal> {
        act_logged(ANSWER_EVENT, &self.act(), &self.leaf, &self.entry, keys)
    }
}

fn act_logged(
    event: &str,
    act: &Digest,
    leaf: &str,
    entry: &Blob,
    keys: &LogKeys,
) -> Result<[u8; 32], Refusal> {
    let shown = check_entry(leaf, entry, keys)?;
    let says = |name: &str, value: &str| shown.value(name) == Some(&Value::Text(value.to_owned()));
    if says("event", event) && says("act", &hex(&act.0)) {
        Ok(*shown.leaf().hash().as_bytes())
    } else {
        Err(Refusal::Log)
    }
}

/// Checks that a presentation is signed by its issuer and lies in that agency's log. A quorum of witnesses is shown
/// beside it by the reader's own policy; its absence delays nothing.
pub fn check_entry(shown: &str, entry: &Blob, keys: &LogKeys) -> Result<Presentation, Refusal> {
    let shown = Presentation::parse(shown).map_err(|_| Refusal::Log)?;
    shown.verify(&keys.issuer).map_err(|_| Refusal::Log)?;
    let proof = Proof::parse(&entry.0).map_err(|_| Refusal::Log)?;
    proof.check_path(&shown.leaf().hash()).map_err(|_| Refusal::Log)?;
    let signed = proof
        .checkpoint
        .note()
        .verified_by(core::slice::from_ref(&keys.log))
        .map_err(|_| Refusal::Log)?;
    let own = proof.checkpoint.checkpoint().origin == keys.log.name();
    if signed.is_empty() || !own {
        Err(Refusal::Log)
    } else {
        Ok(shown)
    }
}

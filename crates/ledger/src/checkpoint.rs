//! Checkpoints: a log's name, its size and its root, signed (C2SP `tlog-checkpoint`).

use crate::hash::Hash;
use crate::key::{KeyError, SignerKey, is_name};
use crate::note::{Note, NoteError};
use crate::text;
use thiserror::Error;

/// Why a checkpoint was refused.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum CheckpointError {
    /// It is no signed note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The first line is empty or missing.
    #[error("the checkpoint does not name its log")]
    Origin,
    /// The second line is no plain number.
    #[error("the checkpoint does not say the size of the log")]
    Size,
    /// The third line is not 32 bytes of base64.
    #[error("the checkpoint does not give the root of the log")]
    Root,
    /// An empty line among the rest, or no final newline.
    #[error("the checkpoint's lines are not as they should be")]
    Lines,
    /// The key's name is not the log's.
    #[error("this key belongs to another log")]
    OtherLog,
}

/// What a log says of itself at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name, for ever.
    pub origin: String,
    /// Entries in the log.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
    /// Lines after the third. Never written by this project; kept when read, because signatures cover them.
    pub extensions: Vec<String>,
}

/// A checkpoint with the signatures under it. Parsing one proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
}

impl Checkpoint {
    /// A checkpoint without extension lines.
    pub fn new(origin: &str, size: u64, root: Hash) -> Checkpoint {
        Checkpoint {
            origin: origin.to_owned(),
            size,
            root,
            extensions: Vec::new(),
        }
    }

    /// The text that is signed.
    pub fn to_text(&self) -> String {
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.size, self.root.to_base64());
        for line in &self.extensions {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    /// Reads the text of a checkpoint, without signatures.
    ///
    /// # Errors
    /// [`CheckpointError`] says which line is wrong.
    pub fn parse_text(body: &str) -> Result<Checkpoint, CheckpointError> {
        let body = body.strip_suffix('\n').ok_or(CheckpointError::Lines)?;
        let mut lines = body.split('\n');
        let origin = lines
            .next()
            .filter(|line| !line.is_empty())
            .ok_or(CheckpointError::Origin)?;
        let size = lines
            .next()
            .and_then(text::from_decimal)
            .ok_or(CheckpointError::Size)?;
        let root = lines
            .next()
            .and_then(Hash::from_base64)
            .ok_or(CheckpointError::Root)?;
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if extensions.iter().any(String::is_empty) {
            return Err(CheckpointError::Lines);
        }
        Ok(Checkpoint {
            origin: origin.to_owned(),
            size,
            root,
            extensions,
        })
    }

    /// Signs as the log: the key must bear the log's name.
    ///
    /// # Errors
    /// [`CheckpointError::OtherLog`], [`CheckpointError::Origin`] for a name no key can bear, [`CheckpointError::Lines`]
    /// when there are extension lines, or [`CheckpointError::Note`] for a key of the wrong kind.
    pub fn sign(&self, key: &SignerKey) -> Result<SignedCheckpoint, CheckpointError> {
        if !is_name(&self.origin) {
            return Err(CheckpointError::Origin);
        }
        if key.name() != self.origin {
            return Err(CheckpointError::OtherLog);
        }
        if !self.extensions.is_empty() {
            return Err(CheckpointError::Lines);
        }
        let note = Note::sign(&self.to_text(), key)?;
        Ok(SignedCheckpoint {
            checkpoint: self.clone(),
            note,
        })
    }
}

impl SignedCheckpoint {
    /// Reads a published checkpoint.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn parse(bytes: &[u8]) -> Result<SignedCheckpoint, CheckpointError> {
        let note = Note::parse(bytes)?;
        let checkpoint = Checkpoint::parse_text(note.text())?;
        Ok(SignedCheckpoint { checkpoint, note })
    }

    /// What it says.
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The signed note it is.
    pub const fn note(&self) -> &Note {
        &self.note
    }

    /// Adds a signature: a second log key's, or a witness's.
    pub fn add(&mut self, signature: crate::note::Signature) {
        self.note.add(signature);
    }

    /// Adds the log's signature by a further key, as when keys overlap.
    ///
    /// # Errors
    /// As [`Checkpoint::sign`].
    pub fn sign_also(&mut self, key: &SignerKey) -> Result<(), CheckpointError> {
        let also = self.checkpoint.sign(key)?;
        also.note
            .signatures()
            .iter()
            .cloned()
            .for_each(|signature| self.note.add(signature));
        Ok(())
    }

    /// The bytes as published at `<prefix>/checkpoint`.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.note.to_bytes()
    }
}

impl From<KeyError> for CheckpointError {
    fn from(error: KeyError) -> CheckpointError {
        CheckpointError::Note(error.into())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::key::{COSIGNATURE, NOTE};

    const ORIGIN: &str = "northmere.example/log";

    #[test]
    fn golden_checkpoint() {
        let key = SignerKey::from_seed(ORIGIN, NOTE, &[7; 32]).unwrap();
        let signed = Checkpoint::new(ORIGIN, 0, Hash::EMPTY).sign(&key).unwrap();
        insta::assert_snapshot!(String::from_utf8(signed.to_bytes()).unwrap());
        let again = SignedCheckpoint::parse(&signed.to_bytes()).unwrap();
        assert_eq!(again, signed);
    }

    #[test]
    fn extension_lines_are_read_and_never_written() {
        let body = format!("other.example\n5\n{}\nmore\n", Hash::EMPTY.to_base64());
        let read = Checkpoint::parse_text(&body).unwrap();
        assert_eq!(
            (read.extensions.as_slice(), read.to_text()),
            (["more".to_owned()].as_slice(), body)
        );
        let key = SignerKey::from_seed("other.example", NOTE, &[7; 32]).unwrap();
        assert_eq!(read.sign(&key), Err(CheckpointError::Lines));
    }

    #[test]
    fn only_the_logs_own_key_signs() {
        let checkpoint = Checkpoint::new(ORIGIN, 0, Hash::EMPTY);
        let other = SignerKey::from_seed("wrenford.example/log", NOTE, &[7; 32]).unwrap();
        assert_eq!(checkpoint.sign(&other), Err(CheckpointError::OtherLog));
        let witness = SignerKey::from_seed(ORIGIN, COSIGNATURE, &[7; 32]).unwrap();
        assert!(checkpoint.sign(&witness).is_err());
        let spaced = Checkpoint::new("a b", 0, Hash::EMPTY);
        assert_eq!(spaced.sign(&other), Err(CheckpointError::Origin));
    }

    #[test]
    fn malformed_texts_are_refused() {
        let root = Hash::EMPTY.to_base64();
        for (body, error) in [
            (format!("\n5\n{root}\n"), CheckpointError::Origin),
            (format!("o\n05\n{root}\n"), CheckpointError::Size),
            (format!("o\n-5\n{root}\n"), CheckpointError::Size),
            ("o\n5\nAA==\n".to_owned(), CheckpointError::Root),
            ("o\n5\n".to_owned(), CheckpointError::Root),
            (format!("o\n5\n{root}"), CheckpointError::Lines),
            (format!("o\n5\n{root}\n\nx\n"), CheckpointError::Lines),
        ] {
            assert_eq!(Checkpoint::parse_text(&body), Err(error), "{body:?}");
        }
    }
}

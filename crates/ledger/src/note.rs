//! Signed notes: a text and the signatures under it (C2SP `signed-note`).

use crate::key::{Held, KeyError, NOTE, SignerKey, VerifierKey, is_name};
use crate::text;
use std::fmt;
use thiserror::Error;

/// The longest note read, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// The most signatures read on one note.
pub const MAX_SIGNATURES: usize = 100;

/// Why a note was refused.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum NoteError {
    /// Longer than [`MAX_BYTES`] or with more than [`MAX_SIGNATURES`].
    #[error("the note is too long")]
    TooLong,
    /// Not UTF-8, or holding control characters other than newline.
    #[error("the note is not plain text")]
    NotText,
    /// No blank line between text and signatures, or no signature, or no final newline.
    #[error("the note has no signatures where they should be")]
    Shape,
    /// A signature line is not dash, name and base64.
    #[error("a signature line of the note cannot be read")]
    Line,
    /// A key we know is named under the note and its signature does not hold.
    #[error("the signature by {0} does not hold")]
    Bad(String),
    /// No key we know has signed.
    #[error("no known key has signed")]
    Unsigned,
    /// The key given cannot sign notes.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// One signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The signer's key name.
    pub name: String,
    /// The signer's key id.
    pub id: u32,
    /// The signature itself: 64 bytes for Ed25519, 72 for a cosignature, anything for kinds unknown here.
    pub bytes: Vec<u8>,
}

/// A text and its signatures. Parsing one proves nothing: see [`Note::verified_by`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// A key we know that has signed, and what its signature says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedBy {
    /// Place of the key in the list given to [`Note::verified_by`].
    pub key: usize,
    /// The time a cosignature states.
    pub held: Held,
}

impl Signature {
    /// Reads one line, without its newline.
    fn parse(line: &str) -> Option<Signature> {
        let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
        let bytes = text::from_base64(encoded)?;
        let (id, signature) = bytes.split_first_chunk::<4>()?;
        if !is_name(name) || signature.is_empty() {
            return None;
        }
        Some(Signature {
            name: name.to_owned(),
            id: u32::from_be_bytes(*id),
            bytes: signature.to_vec(),
        })
    }

    /// Reads one or more signature lines, each ending in newline: what a witness answers with.
    ///
    /// # Errors
    /// [`NoteError::Line`], [`NoteError::Shape`] when there is none, [`NoteError::TooLong`].
    pub fn parse_lines(lines: &str) -> Result<Vec<Signature>, NoteError> {
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Shape)?;
        if lines.split('\n').count() > MAX_SIGNATURES {
            return Err(NoteError::TooLong);
        }
        lines
            .split('\n')
            .map(|line| Signature::parse(line).ok_or(NoteError::Line))
            .collect()
    }
}

impl fmt::Display for Signature {
    /// The line as it stands under a note, without its newline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = Vec::with_capacity(self.bytes.len() + 4);
        bytes.extend_from_slice(&self.id.to_be_bytes());
        bytes.extend_from_slice(&self.bytes);
        write!(f, "— {} {}", self.name, text::base64(&bytes))
    }
}

impl Note {
    /// Signs a text, which must end in newline and hold no other control characters.
    ///
    /// # Errors
    /// [`NoteError::NotText`], or [`NoteError::Key`] when the key is not of kind [`NOTE`].
    pub fn sign(text: &str, key: &SignerKey) -> Result<Note, NoteError> {
        if !text.ends_with('\n') || has_control(text) {
            return Err(NoteError::NotText);
        }
        if key.algorithm() != NOTE {
            return Err(KeyError::Algorithm.into());
        }
        let signature = Signature {
            name: key.name().to_owned(),
            id: key.verifier().id(),
            bytes: key.sign_bytes(text.as_bytes()).to_vec(),
        };
        Ok(Note {
            text: text.to_owned(),
            signatures: vec![signature],
        })
    }

    /// Reads a note. Signatures of kinds this crate does not know are kept.
    ///
    /// # Errors
    /// [`NoteError`] for anything that is not exactly a signed note.
    pub fn parse(bytes: &[u8]) -> Result<Note, NoteError> {
        if bytes.len() > MAX_BYTES {
            return Err(NoteError::TooLong);
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| NoteError::NotText)?;
        if has_control(whole) {
            return Err(NoteError::NotText);
        }
        let split = whole.rfind("\n\n").ok_or(NoteError::Shape)?;
        let text = whole.get(..=split).ok_or(NoteError::Shape)?;
        let lines = whole.get(split + 2..).ok_or(NoteError::Shape)?;
        Ok(Note {
            text: text.to_owned(),
            signatures: Signature::parse_lines(lines)?,
        })
    }

    /// The signed text, with its final newline.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every signature line, in order, known or not.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Adds a signature line unless the same key already has one with the same bytes.
    pub fn add(&mut self, signature: Signature) {
        if !self.signatures.contains(&signature) {
            self.signatures.push(signature);
        }
    }

    /// Which of `keys` have signed, each once. Signatures by other keys are passed over.
    ///
    /// # Errors
    /// [`NoteError::Bad`] when a line names one of the keys and does not hold; [`NoteError::Unsigned`] when none has signed.
    pub fn verified_by(&self, keys: &[VerifierKey]) -> Result<Vec<SignedBy>, NoteError> {
        let mut signed: Vec<SignedBy> = Vec::new();
        for signature in &self.signatures {
            let known = keys.iter().enumerate().find(|(_, k)| {
                k.as_ed25519().is_some() && k.name() == signature.name && k.id() == signature.id
            });
            let Some((place, key)) = known else { continue };
            let held = key.check(&self.text, &signature.bytes);
            let held = held.ok_or_else(|| NoteError::Bad(signature.name.clone()))?;
            if !signed.iter().any(|s| s.key == place) {
                signed.push(SignedBy { key: place, held });
            }
        }
        if signed.is_empty() {
            Err(NoteError::Unsigned)
        } else {
            Ok(signed)
        }
    }

    /// The whole note as bytes, exactly as it is published.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures
            .iter()
            .try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

/// Control characters other than newline, which no note may hold.
fn has_control(text: &str) -> bool {
    text.bytes().any(|b| b < 0x20 && b != b'\n')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    const NOTE_TEXT: &str = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

    #[test]
    fn the_specifications_note_verifies() {
        let note = Note::parse(NOTE_TEXT.as_bytes()).unwrap();
        let keys = [VerifierKey::parse(KEY).unwrap()];
        assert_eq!(
            note.verified_by(&keys).unwrap(),
            [SignedBy {
                key: 0,
                held: Held { time: None }
            }]
        );
        assert_eq!(note.to_string(), NOTE_TEXT);
        let changed = NOTE_TEXT.replace("example message", "examqle message");
        let changed = Note::parse(changed.as_bytes()).unwrap();
        assert_eq!(
            changed.verified_by(&keys),
            Err(NoteError::Bad("example.com/foo".into()))
        );
        assert_eq!(changed.verified_by(&[]), Err(NoteError::Unsigned));
    }

    #[test]
    fn the_text_may_hold_empty_lines() {
        let key = SignerKey::from_seed("n.example", NOTE, &[1; 32]).unwrap();
        let note = Note::sign("one\n\ntwo\n\n", &key).unwrap();
        let again = Note::parse(&note.to_bytes()).unwrap();
        assert_eq!(again, note);
        assert!(again.verified_by(&[key.verifier()]).is_ok());
    }

    #[test]
    fn unknown_signatures_are_kept_and_passed_over() {
        let key = SignerKey::from_seed("n.example", NOTE, &[1; 32]).unwrap();
        let mut note = Note::sign("text\n", &key).unwrap();
        let unknown = Signature {
            name: "other.example".into(),
            id: 9,
            bytes: vec![6; 2428],
        };
        note.add(unknown.clone());
        note.add(unknown.clone());
        let again = Note::parse(&note.to_bytes()).unwrap();
        assert_eq!(again.signatures().last(), Some(&unknown));
        assert_eq!(again.signatures().len(), 2);
        assert_eq!(again.verified_by(&[key.verifier()]).unwrap().len(), 1);
    }

    #[test]
    fn malformed_notes_are_refused() {
        let key = SignerKey::from_seed("n.example", NOTE, &[1; 32]).unwrap();
        let good = Note::sign("text\n", &key).unwrap().to_string();
        for bad in [
            "",
            "text\n",
            "text\n\n",
            "\n\n",
            good.trim_end(),
            &good.replace("— ", "- "),
            &good.replace("text", "te\txt"),
            &good.replace("n.example", "n example"),
            &good.replace("n.example", "n+example"),
            &format!("{good}\n"),
            &good.replace('\n', "\r\n"),
            "text\n\n— n AAAAAA==\n",
        ] {
            assert!(Note::parse(bad.as_bytes()).is_err(), "{bad:?}");
        }
        assert_eq!(Note::sign("no newline", &key), Err(NoteError::NotText));
        assert_eq!(Note::parse(&vec![b'a'; MAX_BYTES + 1]), Err(NoteError::TooLong));
        let crowded = format!("text\n\n{}", "— n AAAAAAE=\n".repeat(101));
        assert_eq!(Note::parse(crowded.as_bytes()), Err(NoteError::TooLong));
    }
}

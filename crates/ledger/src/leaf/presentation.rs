//! A record with some of its fields shown: `jwt~disclosure~disclosure~` (RFC 9901, without key binding).

use super::{Disclosure, Leaf, LeafError, MAX_FIELDS, Value};
use crate::key::VerifierKey;
use std::fmt;

/// A leaf and fields of it. Parsing checks that the fields are of the leaf; [`Presentation::verify`] checks the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presentation {
    leaf: Leaf,
    shown: Vec<Disclosure>,
}

impl Presentation {
    /// Reads a presentation.
    ///
    /// # Errors
    /// [`LeafError`] when the form is wrong, a field is not of the record, or one is shown twice.
    pub fn parse(text: &str) -> Result<Presentation, LeafError> {
        let body = text.strip_suffix('~').ok_or(LeafError::Form)?;
        let mut parts = body.split('~');
        let leaf = Leaf::parse(parts.next().unwrap_or_default().as_bytes())?;
        let mut shown: Vec<Disclosure> = Vec::new();
        for part in parts {
            if shown.len() == MAX_FIELDS {
                return Err(LeafError::FieldCount(MAX_FIELDS + 1));
            }
            let disclosure = Disclosure::parse(part)?;
            if !leaf.contains(&disclosure) {
                return Err(LeafError::NotOfThisRecord);
            }
            if shown.iter().any(|s| s.name() == disclosure.name()) {
                return Err(LeafError::DisclosedTwice);
            }
            shown.push(disclosure);
        }
        Ok(Presentation { leaf, shown })
    }

    /// The record.
    pub const fn leaf(&self) -> &Leaf {
        &self.leaf
    }

    /// The fields shown, in the order given.
    pub fn shown(&self) -> &[Disclosure] {
        &self.shown
    }

    /// The value of a field, if it is shown.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.shown
            .iter()
            .find(|d| d.name() == name)
            .map(Disclosure::value)
    }

    /// Checks the issuer's signature.
    ///
    /// # Errors
    /// As [`Leaf::verify`].
    pub fn verify(&self, key: &VerifierKey) -> Result<(), LeafError> {
        self.leaf.verify(key)
    }
}

impl fmt::Display for Presentation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~", self.leaf.as_str())?;
        self.shown
            .iter()
            .try_for_each(|disclosure| write!(f, "{}~", disclosure.encoded()))
    }
}

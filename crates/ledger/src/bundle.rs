//! Entry bundles: up to 256 entries, each after its length in two bytes, big-endian (C2SP `tlog-tiles`).

use crate::tile::WIDTH;
use thiserror::Error;

/// The longest entry a bundle can hold, in bytes.
pub const MAX_ENTRY: usize = u16::MAX as usize;

/// Why a bundle could not be read or written.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum BundleError {
    /// An entry is longer than two bytes can say.
    #[error("an entry of {0} bytes is longer than the 65,535 a log can hold")]
    EntryTooLong(usize),
    /// The bytes end inside an entry or its length.
    #[error("the bundle ends in the middle of entry {0}")]
    Truncated(usize),
    /// More entries than a bundle may hold.
    #[error("the bundle holds more than 256 entries")]
    TooMany,
    /// A different number of entries than the tree says.
    #[error("the bundle holds {found} entries where the tree has {expected}")]
    Count {
        /// Entries the tree size calls for.
        expected: u16,
        /// Entries in the bundle.
        found: usize,
    },
}

/// Writes entries as a bundle.
///
/// # Errors
/// [`BundleError::EntryTooLong`] or [`BundleError::TooMany`].
pub fn encode<E: AsRef<[u8]>>(entries: &[E]) -> Result<Vec<u8>, BundleError> {
    if entries.len() > usize::from(WIDTH) {
        return Err(BundleError::TooMany);
    }
    let mut out = Vec::with_capacity(entries.iter().map(|e| e.as_ref().len() + 2).sum());
    for entry in entries {
        push(entry.as_ref(), &mut out)?;
    }
    Ok(out)
}

/// Appends one entry to a bundle being written.
///
/// # Errors
/// [`BundleError::EntryTooLong`].
pub fn push(entry: &[u8], out: &mut Vec<u8>) -> Result<(), BundleError> {
    let length = u16::try_from(entry.len()).map_err(|_| BundleError::EntryTooLong(entry.len()))?;
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(entry);
    Ok(())
}

/// Reads a bundle from outside. Every byte must belong to an entry.
///
/// # Errors
/// [`BundleError::Truncated`] or [`BundleError::TooMany`].
pub fn parse(bytes: &[u8]) -> Result<Vec<&[u8]>, BundleError> {
    let mut entries = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        if entries.len() == usize::from(WIDTH) {
            return Err(BundleError::TooMany);
        }
        let cut = || BundleError::Truncated(entries.len());
        let (length, after) = rest.split_first_chunk::<2>().ok_or_else(cut)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, after) = after.split_at_checked(length).ok_or_else(cut)?;
        entries.push(entry);
        rest = after;
    }
    Ok(entries)
}

/// Reads a bundle that must hold at least `width` entries, and gives the first `width`.
///
/// A source may answer a request for a partial bundle with the fuller one that replaced it.
///
/// # Errors
/// As [`parse`], and [`BundleError::Count`] when there are fewer.
pub fn parse_width(bytes: &[u8], width: u16) -> Result<Vec<&[u8]>, BundleError> {
    let mut entries = parse(bytes)?;
    if entries.len() < usize::from(width) {
        return Err(BundleError::Count {
            expected: width,
            found: entries.len(),
        });
    }
    entries.truncate(usize::from(width));
    Ok(entries)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn bytes_are_length_then_entry() {
        let bytes = encode(&[b"ab".as_slice(), b"", b"c"]).unwrap();
        assert_eq!(bytes, [0, 2, b'a', b'b', 0, 0, 0, 1, b'c']);
        assert_eq!(parse(&bytes).unwrap(), [b"ab".as_slice(), b"", b"c"]);
        assert_eq!(parse_width(&bytes, 2).unwrap().len(), 2);
        assert_eq!(
            parse_width(&bytes, 4),
            Err(BundleError::Count {
                expected: 4,
                found: 3
            })
        );
    }

    #[test]
    fn a_cut_bundle_says_where() {
        assert_eq!(parse(&[0, 1, 9, 0]), Err(BundleError::Truncated(1)));
        assert_eq!(parse(&[0, 2, 9]), Err(BundleError::Truncated(0)));
        assert_eq!(parse(&[0; 514]), Err(BundleError::TooMany));
        assert_eq!(parse(&[0; 512]).unwrap().len(), 256);
        assert_eq!(encode(&[vec![0; 65_536]]), Err(BundleError::EntryTooLong(65_536)));
        assert_eq!(encode(&vec![b""; 257]), Err(BundleError::TooMany));
    }
}

//! What was done to an index since it was last written whole, one frame each.

use super::{
    Index,
    frame::{Frames, Next, put},
};
use crate::LinkError;
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};

/// The first bytes of a log.
const MARK: &[u8; 8] = b"DLINLOG\n";

/// One change.
#[derive(Serialize, Deserialize)]
pub(super) enum Change<'a> {
    Add(&'a str, Vec<(&'a str, &'a str)>),
    Remove(&'a str),
    Separate(&'a str, &'a str),
    Reunite(&'a str, &'a str),
}

/// The same as it is read: texts may hold escapes.
#[derive(Deserialize)]
enum Recorded {
    Add(String, Vec<(String, String)>),
    Remove(String),
    Separate(String, String),
    Reunite(String, String),
}

impl Recorded {
    fn apply(&self, index: &mut Index) -> Result<(), LinkError> {
        match self {
            Self::Add(id, values) => {
                let values: Vec<(&str, &str)> =
                    values.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
                index.add(id, &values).map(|_| ())?;
            }
            Self::Remove(id) => {
                index.remove(id);
            }
            Self::Separate(a, b) => {
                index.separate(a, b);
            }
            Self::Reunite(a, b) => index.reunite(a, b),
        }
        Ok(())
    }
}

/// Begins a log for the index of a generation; returns where its first change goes.
pub(super) fn begin(out: &mut impl Write, generation: u64) -> std::io::Result<u64> {
    out.write_all(MARK)?;
    put(out, MARK.len() as u64, &generation.to_le_bytes())
}

/// Appends a change, and returns where the next goes.
pub(super) fn append(out: &mut impl Write, at: u64, change: &Change<'_>) -> std::io::Result<u64> {
    let bytes = serde_json::to_vec(change).map_err(std::io::Error::other)?;
    put(out, at, &bytes)
}

/// What a log is good for.
pub(super) enum Found {
    /// It belongs to this index: changes were applied, and the next goes here.
    Applied(u64),
    /// It belongs to an index written before this one, which holds all of it.
    Old,
}

/// Applies a log to the index of a generation.
///
/// # Errors
/// In words: what is wrong with it, other than an end that a crash cut short.
pub(super) fn apply(mut input: impl Read, index: &mut Index, generation: u64) -> Result<Found, String> {
    let words = |e: std::io::Error| e.to_string();
    let mut mark = Vec::new();
    input.by_ref().take(8).read_to_end(&mut mark).map_err(words)?;
    // a log appears under its name complete up to here, so anything less is damage
    if mark != MARK {
        return Err("this is no log of an index".into());
    }
    let mut frames = Frames::new(input, MARK.len() as u64);
    let belongs = match frames.next().map_err(words)? {
        Next::Frame(bytes) => bytes,
        Next::End | Next::Torn | Next::Damaged => return Err("its first bytes are damaged".into()),
    };
    let belongs = u64::from_le_bytes(
        belongs
            .try_into()
            .map_err(|_| "its first frame is no number".to_owned())?,
    );
    if belongs < generation {
        return Ok(Found::Old);
    }
    if belongs > generation {
        return Err("it belongs to a later index than the one beside it".into());
    }
    loop {
        let at = frames.at();
        match frames.next().map_err(words)? {
            Next::Frame(bytes) => {
                let change: Recorded = serde_json::from_slice(&bytes)
                    .map_err(|e| format!("the change at byte {at} is none: {e}"))?;
                change.apply(index).map_err(|e| e.to_string())?;
            }
            Next::End | Next::Torn => return Ok(Found::Applied(at)),
            Next::Damaged => return Err(format!("damaged at byte {at}")),
        }
    }
}

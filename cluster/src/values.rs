//! What every executor must know to compare rows of codes: values, model, and the least probability kept. Written once
//! per run, as one file with a check sum.

use crate::refused;
use linkage::{
    LinkError,
    compare::{Bounds, Records},
    model::{Model, Scorer},
    table::hash_bytes,
    write,
};
use serde::{Deserialize, Serialize};
use std::{io::Write, path::Path};

#[derive(Serialize)]
struct Lent<'a> {
    keep: f64,
    model: &'a Model,
    records: &'a Records,
}

#[derive(Deserialize)]
struct Owned {
    keep: f64,
    model: Model,
    records: Records,
}

/// Everything that is known of records but their rows, ready to compare.
pub struct Values {
    /// Values, and how they are compared.
    pub records: Records,
    /// The model.
    pub scorer: Scorer,
    /// What rules a pair out early.
    pub bounds: Bounds,
    /// Least score kept, in bits.
    pub floor: f64,
}

/// The bytes of the file.
pub fn bytes(records: &Records, model: &Model, keep: f64) -> Result<Vec<u8>, LinkError> {
    let lent = Lent { keep, model, records };
    let mut bytes = postcard::to_stdvec(&lent).map_err(|e| refused("values", e))?;
    let sum = hash_bytes(&bytes);
    bytes.extend_from_slice(&sum.to_le_bytes());
    Ok(bytes)
}

/// Writes the file.
pub fn save(path: &Path, bytes: &[u8]) -> Result<(), LinkError> {
    write::whole(path, |out| out.write_all(bytes))
}

/// Reads the file; in words, why not.
pub fn load(path: &Path) -> Result<Values, String> {
    let bytes = std::fs::read(path).map_err(|e| {
        format!(
            "{}: {e}; the folder of --shared must be seen by every executor under the same name",
            path.display()
        )
    })?;
    parse(&bytes).ok_or_else(|| {
        format!(
            "{}: not whole, or written by another version of this program",
            path.display()
        )
    })
}

fn parse(bytes: &[u8]) -> Option<Values> {
    let (body, sum) = bytes.split_last_chunk()?;
    if u64::from_le_bytes(*sum) != hash_bytes(body) {
        return None;
    }
    let owned: Owned = postcard::from_bytes(body).ok()?;
    owned.model.fits(&owned.records).ok()?;
    let scorer = owned.model.scorer();
    // as the local engine reckons it, so that the same pairs are kept to the last bit
    let floor = (owned.keep / (1.0 - owned.keep)).log2();
    Some(Values {
        bounds: scorer.bounds(&owned.records, floor),
        records: owned.records,
        scorer,
        floor,
    })
}

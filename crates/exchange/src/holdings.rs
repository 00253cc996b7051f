//! Holdings (D8): the count and root of a desk's live rows, the same whether computed by the desk from what it put or
//! by the exchange from what it keeps. A difference is an alarm, and the desk puts its rows again.

use crate::ids::{Digest, RowId};
use crate::pointer::Sealed;
use ledger::hash::Hash;
use ledger::tree;

/// The leaf of one row.
pub fn leaf(id: RowId, pointer: &Sealed, until: u32) -> Hash {
    Hash::leaf(&[b"dlx/row".as_slice(), &id.0, pointer, &until.to_be_bytes()].concat())
}

/// Count and root over rows in order of their ids.
pub fn root<'a>(rows: impl Iterator<Item = (RowId, &'a Sealed, u32)>) -> (u64, Digest) {
    let mut leaves: Vec<(RowId, Hash)> = rows
        .map(|(id, pointer, until)| (id, leaf(id, pointer, until)))
        .collect();
    leaves.sort_unstable_by_key(|(id, _)| *id);
    let hashes: Vec<Hash> = leaves.into_iter().map(|(_, hash)| hash).collect();
    (
        u64::try_from(hashes.len()).unwrap_or(u64::MAX),
        Digest(*tree::fold(&hashes).as_bytes()),
    )
}

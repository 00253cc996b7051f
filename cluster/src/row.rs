//! A record as it travels: its codes, and the blocks that come before the one it travels for.
//!
//! Two records may meet in several blocks. They are compared in the first, which each meeting can tell from the two rows
//! alone: if their earlier blocks have none in common, this is the first. So no pair is compared twice, in whichever
//! part and on whichever machine, and nothing has to be gathered to find repeats.

use linkage::{score::Edge, table::mix};

/// Writes a row.
pub fn write(codes: &[u32], earlier: &[u64], out: &mut Vec<u8>) {
    codes.iter().for_each(|c| out.extend_from_slice(&c.to_le_bytes()));
    earlier
        .iter()
        .for_each(|b| out.extend_from_slice(&b.to_le_bytes()));
}

/// A row as it arrived.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    codes: &'a [[u8; 4]],
    earlier: &'a [[u8; 8]],
}

impl<'a> Row<'a> {
    /// A row of so many codes; nothing if it cannot be one.
    pub fn read(bytes: &'a [u8], width: usize) -> Option<Self> {
        let (codes, rest) = bytes.split_at_checked(width * 4)?;
        let ((codes, []), (earlier, [])) = (codes.as_chunks(), rest.as_chunks()) else {
            return None;
        };
        Some(Self { codes, earlier })
    }

    /// Its codes.
    pub fn codes(self) -> impl Iterator<Item = u32> {
        self.codes.iter().map(|c| u32::from_le_bytes(*c))
    }

    /// Whether both have an earlier block in common. Blocks ascend.
    pub fn met_before(self, other: Self) -> bool {
        let (mut a, mut b) = (self.earlier.iter().peekable(), other.earlier.iter().peekable());
        while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
            match u64::from_le_bytes(**x).cmp(&u64::from_le_bytes(**y)) {
                std::cmp::Ordering::Equal => return true,
                std::cmp::Ordering::Less => a.next(),
                std::cmp::Ordering::Greater => b.next(),
            };
        }
        false
    }
}

/// A record's mark in a block: twenty bits drawn by both. A pair's marks are summed over all meetings of a part, and the sum
/// is known beforehand, so that an answer in which some are lost and as many doubled is not taken for whole.
pub fn mark(block: u64, record: u32) -> u64 {
    mix(block ^ mix(u64::from(record))) >> 44
}

/// What came of a meeting: a pair that has met in an earlier block,
pub const REPEATED: &[u8] = b"r";
/// a pair whose score is below what is kept,
pub const BELOW: &[u8] = b"b";
/// or a pair kept, in this many bytes.
pub const KEPT: usize = 20;

/// A kept pair as bytes.
pub fn edge_bytes(e: &Edge) -> [u8; KEPT] {
    let mut out = [0; KEPT];
    let parts = [
        e.left.to_le_bytes(),
        e.right.to_le_bytes(),
        e.weight.to_le_bytes(),
    ];
    let (head, tail) = out.split_at_mut(12);
    head.copy_from_slice(parts.as_flattened());
    tail.copy_from_slice(&e.pattern.to_le_bytes());
    out
}

/// A kept pair from bytes; nothing if they cannot be one.
pub fn edge(bytes: &[u8]) -> Option<Edge> {
    let (head, tail) = bytes.split_at_checked(12)?;
    let ([left, right, weight], []) = head.as_chunks::<4>() else {
        return None;
    };
    let e = Edge {
        left: u32::from_le_bytes(*left),
        right: u32::from_le_bytes(*right),
        weight: f32::from_le_bytes(*weight),
        pattern: u64::from_le_bytes(tail.try_into().ok()?),
    };
    (e.left < e.right).then_some(e)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_as_it_was_written_and_one_cut_short_is_not_a_row() {
        let (codes, earlier) = ([7_u32, 0, u32::MAX], [3_u64, 1 << 40, u64::MAX]);
        let mut bytes = Vec::new();
        write(&codes, &earlier, &mut bytes);
        let row = Row::read(&bytes, 3).unwrap();
        assert_eq!(row.codes().collect::<Vec<_>>(), codes);
        assert_eq!(
            row.earlier
                .iter()
                .map(|x| u64::from_le_bytes(*x))
                .collect::<Vec<_>>(),
            earlier
        );
        for cut in [0, 11, 13, 35] {
            assert!(Row::read(&bytes[..cut], 3).is_none(), "{cut}");
        }
    }

    #[test]
    fn rows_have_met_before_or_not() {
        let bytes = |list: &[u64]| {
            let mut out = Vec::new();
            write(&[1], list, &mut out);
            out
        };
        // numbers whose order as bytes is not their order as numbers
        for (a, b, want) in [
            (vec![], vec![], false),
            (vec![1], vec![], false),
            (vec![1, 256, 512], vec![2, 255, 512], true),
            (vec![1, 256, 512], vec![2, 255, 513], false),
            (vec![5], vec![1, 2, 3, 4, 5], true),
        ] {
            let (x, y) = (bytes(&a), bytes(&b));
            let (x, y) = (Row::read(&x, 1).unwrap(), Row::read(&y, 1).unwrap());
            assert_eq!(x.met_before(y), want, "{a:?} {b:?}");
            assert_eq!(y.met_before(x), want, "{b:?} {a:?}");
        }
    }

    #[test]
    fn a_kept_pair_is_read_as_it_was_written() {
        let e = Edge {
            left: 3,
            right: 9,
            weight: -1.5,
            pattern: 0x1234_5678_9abc_def0,
        };
        let bytes = edge_bytes(&e);
        assert_eq!(edge(&bytes), Some(e));
        assert_eq!(edge(&bytes[..19]), None);
        assert_eq!(
            edge(&edge_bytes(&Edge {
                left: 9,
                right: 9,
                ..e
            })),
            None
        );
    }
}

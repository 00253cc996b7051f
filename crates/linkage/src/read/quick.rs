//! Rows without a quote and without a fault, which is nearly all of most files: one pass over the text finds every
//! delimiter. At anything else it stops before the row, for the thorough splitter to look at.
#![expect(
    clippy::indexing_slicing,
    reason = "positions come from scanning the same slice"
)]

use super::{
    Target,
    delimited::{Block, LONGEST_FIELD, Layout},
};

/// Stores rows from `at` on, and returns where the first row begins that is not for it, or the end of the text.
pub(super) fn rows(text: &[u8], at: usize, layout: &Layout<'_>, block: &mut Block) -> usize {
    let wanted = layout.targets.len();
    let id = layout.targets.iter().position(|t| *t == Target::Id);
    let mut row: Vec<(usize, usize)> = Vec::with_capacity(wanted);
    let (mut start, mut from) = (at, at);
    let fits = |row: &[(usize, usize)]| {
        row.len() == wanted
            && id.is_none_or(|k| row[k].0 < row[k].1)
            && row.iter().all(|(a, b)| b - a <= LONGEST_FIELD)
    };
    for k in memchr::memchr3_iter(layout.delimiter, b'\n', b'"', &text[at..]) {
        let k = at + k;
        if text[k] == b'"' {
            return start;
        }
        row.push(trimmed(text, from, k));
        from = k + 1;
        if text[k] == b'\n' {
            if k == start || (k == start + 1 && text[start] == b'\r') {
                // an empty line is no row
            } else if fits(&row) {
                block.store_plain(&row, layout.targets);
            } else {
                return start;
            }
            block.lines += 1;
            start = from;
            row.clear();
        }
    }
    if start == text.len() {
        return start;
    }
    // the last row has no line end
    row.push(trimmed(text, from, text.len()));
    if !fits(&row) {
        return start;
    }
    block.store_plain(&row, layout.targets);
    block.lines += 1;
    text.len()
}

#[inline]
fn trimmed(text: &[u8], mut from: usize, mut to: usize) -> (usize, usize) {
    while from < to && text[from].is_ascii_whitespace() {
        from += 1;
    }
    while from < to && text[to - 1].is_ascii_whitespace() {
        to -= 1;
    }
    (from, to)
}

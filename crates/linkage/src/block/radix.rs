//! Radix sort of 64-bit words.
#![expect(
    clippy::indexing_slicing,
    reason = "digits are below the bucket count; ranks stay inside the buffer"
)]

/// Sorts by the bits from `from` upwards (stable), `digits` digits of eleven bits.
pub(super) fn sort(data: &mut Vec<u64>, spare: &mut Vec<u64>, from: u32, digits: u32) {
    if data.len() < 256 {
        data.sort_by_key(|x| x >> from);
        return;
    }
    spare.clear();
    spare.resize(data.len(), 0);
    let mut counts = vec![[0_usize; 2048]; digits as usize];
    for x in data.iter() {
        let mut rest = x >> from;
        for c in &mut counts {
            c[rest as usize & 2047] += 1;
            rest >>= 11;
        }
    }
    for (shift, counts) in (from..).step_by(11).zip(&mut counts) {
        if counts.contains(&data.len()) {
            continue;
        }
        let mut at = 0;
        for c in counts.iter_mut() {
            at += std::mem::replace(c, at);
        }
        for x in data.iter() {
            let slot = &mut counts[(x >> shift) as usize & 2047];
            spare[*slot] = *x;
            *slot += 1;
        }
        std::mem::swap(data, spare);
    }
}

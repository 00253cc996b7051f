//! Optimal string alignment: edits and swaps of neighbours, no substring edited twice.
//!
//! H. Hyyrö (2003), "A bit-vector algorithm for computing Levenshtein and Damerau edit distances", Nordic J. of
//! Computing 10:29–39.

use super::Prepared;

/// The distance between the prepared pattern and a text, both at most 64 symbols.
#[must_use]
pub fn osa(pattern: &Prepared, text: &[u8]) -> u32 {
    let n = pattern.symbols.len();
    let text = text.get(..super::LONGEST).unwrap_or(text);
    if n == 0 {
        return u32::try_from(text.len()).unwrap_or(u32::MAX);
    }
    let top = 1_u64 << (n - 1);
    let mut vp = u64::MAX;
    let mut vn = 0_u64;
    let mut d0_before = 0_u64;
    let mut eq_before = 0_u64;
    let mut distance = u32::try_from(n).unwrap_or(u32::MAX);
    for &s in text {
        let eq = pattern.of(s);
        let swap = (((!d0_before) & eq) << 1) & eq_before;
        let d0 = (((eq & vp).wrapping_add(vp)) ^ vp) | eq | vn | swap;
        let hp = vn | !(d0 | vp);
        let hn = d0 & vp;
        distance += u32::from(hp & top != 0);
        distance -= u32::from(hn & top != 0);
        let hp = (hp << 1) | 1;
        let hn = hn << 1;
        vp = hn | !(d0 | hp);
        vn = hp & d0;
        d0_before = d0;
        eq_before = eq;
    }
    distance
}

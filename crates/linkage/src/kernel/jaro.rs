//! Jaro and Jaro–Winkler similarity.
//!
//! M. A. Jaro (1989), JASA 84:414–420; W. E. Winkler (1990), Proc. Survey Research Methods, ASA, 354–359.

use super::Prepared;

/// Jaro–Winkler similarity in 0..=1 with prefix weight 0.1, prefix at most 4, boosted only above 0.7 (as in
/// `rapidfuzz`). Either side empty gives 0.
#[must_use]
pub fn jaro_winkler(pattern: &Prepared, text: &[u8]) -> f64 {
    let jaro = jaro(pattern, text);
    if jaro <= 0.7 {
        return jaro;
    }
    let prefix = pattern
        .symbols
        .iter()
        .zip(text)
        .take(4)
        .take_while(|(a, b)| a == b)
        .count();
    #[expect(clippy::cast_precision_loss, reason = "at most 4")]
    let p = prefix as f64;
    jaro + p * 0.1 * (1.0 - jaro)
}

fn jaro(pattern: &Prepared, text: &[u8]) -> f64 {
    let n = pattern.symbols.len();
    let m = text.len().min(super::LONGEST);
    if n == 0 || m == 0 {
        return 0.0;
    }
    let reach = (n.max(m) / 2).saturating_sub(1);
    // Greedy matching in text order, each to the first free pattern position within reach; a pattern of at most 64 symbols
    // reaches at most 31 positions
    let mut used_p: u64 = 0;
    let mut used_t: u64 = 0;
    let mut window: u64 = (1 << (reach + 1)) - 1;
    for (j, &s) in text.iter().take(m).enumerate() {
        let free = pattern.of(s) & window & !used_p;
        used_p |= free & free.wrapping_neg();
        used_t |= u64::from(free != 0) << j;
        window = window << 1 | u64::from(j < reach);
    }
    let matches = used_p.count_ones();
    if matches == 0 {
        return 0.0;
    }
    let moved = transpositions(pattern, text, used_p, used_t);
    #[expect(clippy::cast_precision_loss, reason = "lengths of at most 64")]
    let (n, m) = (n as f64, m as f64);
    let c = f64::from(matches);
    (c / n + c / m + (c - f64::from(moved / 2)) / c) / 3.0
}

fn transpositions(pattern: &Prepared, text: &[u8], mut used_p: u64, mut used_t: u64) -> u32 {
    let mut moved = 0;
    while used_t != 0 {
        let j = used_t.trailing_zeros() as usize;
        let bit = used_p & used_p.wrapping_neg();
        if pattern.of(text.get(j).copied().unwrap_or(0)) & bit == 0 {
            moved += 1;
        }
        used_t &= used_t - 1;
        used_p ^= bit;
    }
    moved
}

//! String kernels over short symbol strings: Jaro–Winkler and optimal string alignment with bit parallelism.
//!
//! Values are encoded once as symbols (a–z, 0–9, space, other) of at most 64; the tests hold every kernel against
//! `rapidfuzz` and `strsim`.

mod jaro;
mod osa;

pub use jaro::jaro_winkler;
pub use osa::osa;

/// Number of different symbols.
pub const SYMBOLS: usize = 40;
/// Symbols looked at per value.
pub const LONGEST: usize = 64;
/// The symbol of a space.
pub const SPACE: u8 = 36;

/// Encodes folded text as symbols: letters 0–25, digits 26–35, space 36, anything else 37–39 by its code.
pub fn encode(folded: &str, out: &mut Vec<u8>) {
    for c in folded.chars().take(LONGEST) {
        out.push(match c {
            'a'..='z' => c as u8 - b'a',
            '0'..='9' => c as u8 - b'0' + 26,
            ' ' => SPACE,
            _ => 37 + (c as u32 % 3) as u8,
        });
    }
}

/// A pattern prepared for comparison with many texts: per symbol, the positions where it occurs.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub(super) bits: [u64; SYMBOLS],
    pub(super) symbols: Vec<u8>,
}

impl Default for Prepared {
    fn default() -> Self {
        Self {
            bits: [0; SYMBOLS],
            symbols: Vec::with_capacity(LONGEST),
        }
    }
}

impl Prepared {
    /// Prepares a pattern, forgetting the one before.
    pub fn set(&mut self, symbols: &[u8]) {
        for &s in &self.symbols {
            if let Some(b) = self.bits.get_mut(usize::from(s)) {
                *b = 0;
            }
        }
        let symbols = symbols.get(..LONGEST).unwrap_or(symbols);
        self.symbols.clear();
        self.symbols.extend_from_slice(symbols);
        let mut bit = 1;
        for &s in symbols {
            if let Some(b) = self.bits.get_mut(usize::from(s)) {
                *b |= bit;
            }
            bit <<= 1;
        }
    }

    #[inline]
    pub(super) fn of(&self, symbol: u8) -> u64 {
        self.bits.get(usize::from(symbol)).copied().unwrap_or(0)
    }
}

/// The set of symbols of a value, as bits.
#[must_use]
pub fn letters(symbols: &[u8]) -> u64 {
    symbols.iter().fold(0, |m, &s| m | (1 << (s & 63)))
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        reason = "tests"
    )]
    use super::*;
    use proptest::prelude::*;

    fn symbols(s: &str) -> Vec<u8> {
        let mut v = Vec::new();
        encode(s, &mut v);
        v
    }

    proptest! {
        #[test]
        fn jaro_winkler_is_that_of_the_oracles(a in "[a-f ]{0,20}", b in "[a-f ]{0,20}") {
            let mut p = Prepared::default();
            p.set(&symbols("zzz"));
            p.set(&symbols(&a));
            let ours = jaro_winkler(&p, &symbols(&b));
            let fast = rapidfuzz::distance::jaro_winkler::similarity(a.chars(), b.chars());
            if !a.is_empty() && !b.is_empty() {
                prop_assert!((ours - fast).abs() < 1e-9, "{a:?} {b:?} {ours} {fast}");
                let jaro = strsim::jaro(&a, &b);
                let winkler = strsim::jaro_winkler(&a, &b);
                if jaro > 0.7 { prop_assert!((ours - winkler).abs() < 1e-6, "{a:?} {b:?} {ours} {winkler}"); }
            }
        }

        #[test]
        fn osa_is_that_of_the_oracles(a in "[a-d]{0,64}", b in "[a-d]{0,64}") {
            let mut p = Prepared::default();
            p.set(&symbols(&a));
            let ours = osa(&p, &symbols(&b));
            prop_assert_eq!(ours as usize, strsim::osa_distance(&a, &b));
            prop_assert_eq!(ours as usize, rapidfuzz::distance::osa::distance(a.chars(), b.chars()));
        }
    }
}

//! Randomness as an argument. A caller hands in 32 fresh random bytes; everything drawn while handling one call is
//! expanded from them (HMAC-SHA-512 in counter mode), so a test replays a run exactly and nothing here reads entropy.

use core::convert::Infallible;
use hpke::rand_core as modern;
use zeroize::{Zeroize as _, ZeroizeOnDrop};

/// A stream of bytes expanded from one 32-byte seed. The seed must be fresh and secret for every `Draw`.
#[derive(ZeroizeOnDrop)]
pub struct Draw {
    seed: [u8; 32],
    counter: u64,
    block: [u8; 64],
    used: usize,
}

impl core::fmt::Debug for Draw {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Draw(…)")
    }
}

impl Draw {
    /// A stream from 32 fresh random bytes.
    pub fn new(seed: [u8; 32]) -> Self {
        Self {
            seed,
            counter: 0,
            block: [0; 64],
            used: 64,
        }
    }

    /// Fills `out`.
    pub fn fill(&mut self, out: &mut [u8]) {
        let mut out = out;
        while !out.is_empty() {
            if self.used >= self.block.len() {
                self.refill();
            }
            let available = self.block.get(self.used..).unwrap_or_default();
            let n = available.len().min(out.len());
            let (now, later) = out.split_at_mut(n);
            for (to, from) in now.iter_mut().zip(available) {
                *to = *from;
            }
            self.used = self.used.saturating_add(n);
            out = later;
        }
    }

    /// The next `N` bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        self.fill(&mut out);
        out
    }

    /// A uniform scalar of the ristretto255 group, never zero.
    pub fn scalar(&mut self) -> curve25519_dalek::Scalar {
        loop {
            let mut wide: [u8; 64] = self.bytes();
            let scalar = curve25519_dalek::Scalar::from_bytes_mod_order_wide(&wide);
            wide.zeroize();
            if scalar != curve25519_dalek::Scalar::ZERO {
                return scalar;
            }
        }
    }

    /// A number below `bound` (0 when `bound` is 0); bias below 2⁻³².
    pub fn below(&mut self, bound: u32) -> u32 {
        let wide = u128::from(u64::from_be_bytes(self.bytes()));
        u32::try_from((wide * u128::from(bound)) >> 64).unwrap_or(0)
    }

    /// Puts a list in random order (Fisher–Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let bound = u32::try_from(i).unwrap_or(u32::MAX).saturating_add(1);
            let j = usize::try_from(self.below(bound)).unwrap_or(0);
            items.swap(i, j);
        }
    }

    fn refill(&mut self) {
        self.block = expand(&self.seed, self.counter);
        self.counter = self.counter.wrapping_add(1);
        self.used = 0;
    }
}

fn expand(seed: &[u8; 32], counter: u64) -> [u8; 64] {
    crate::mac::sha512(seed, &[b"dlx/draw", &counter.to_be_bytes()])
}

impl modern::TryRng for Draw {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_be_bytes(self.bytes()))
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_be_bytes(self.bytes()))
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        self.fill(out);
        Ok(())
    }
}
impl modern::TryCryptoRng for Draw {}

impl frost_ristretto255::rand_core::RngCore for Draw {
    fn next_u32(&mut self) -> u32 {
        u32::from_be_bytes(self.bytes())
    }
    fn next_u64(&mut self) -> u64 {
        u64::from_be_bytes(self.bytes())
    }
    fn fill_bytes(&mut self, out: &mut [u8]) {
        self.fill(out);
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), frost_ristretto255::rand_core::Error> {
        self.fill(out);
        Ok(())
    }
}
impl frost_ristretto255::rand_core::CryptoRng for Draw {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_bytes_in_any_pieces() {
        let mut whole = [0u8; 200];
        Draw::new([1; 32]).fill(&mut whole);
        let mut pieces = Draw::new([1; 32]);
        let mut joined = Vec::new();
        for n in [1usize, 63, 64, 65, 7] {
            let mut part = vec![0; n];
            pieces.fill(&mut part);
            joined.extend(part);
        }
        assert_eq!(whole[..], joined[..]);
        assert_ne!(whole[..64], whole[64..128]);
    }

    #[test]
    fn below_stays_below() {
        let mut draw = Draw::new([2; 32]);
        assert!((0..1000).all(|_| draw.below(7) < 7));
        assert_eq!(draw.below(0), 0);
    }
}

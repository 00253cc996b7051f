//! Per-thread scratch space: a prepared pattern and a cache of levels by pair of distinct values.
//!
//! The cache only saves work: a level is a pure function of the two values, so results do not depend on it.
#![expect(
    clippy::indexing_slicing,
    reason = "slots are masked to the length of the cache"
)]

use crate::{kernel::Prepared, table::mix};

const CODE_BITS: u32 = 28;

/// Scratch space of one thread.
#[derive(Clone, Debug)]
pub struct Scratch {
    prepared: Prepared,
    prepared_for: (usize, u32),
    caches: Vec<Vec<u64>>,
    mask: usize,
}

impl Scratch {
    /// Space for `fields` fields with `1 << bits` remembered pairs each.
    #[must_use]
    pub fn new(fields: usize, bits: u32) -> Self {
        let slots = 1_usize << bits;
        Self {
            prepared: Prepared::default(),
            prepared_for: (usize::MAX, 0),
            caches: (0..fields).map(|_| vec![0; slots]).collect(),
            mask: slots - 1,
        }
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "a slot number")]
    fn slot(&self, key: u64) -> usize {
        mix(key) as usize & self.mask
    }

    #[inline]
    pub(super) fn find(&self, field: usize, a: u32, b: u32) -> Option<u8> {
        let key = (u64::from(a) << CODE_BITS) | u64::from(b);
        let entry = self.caches[field][self.slot(key)];
        #[expect(clippy::cast_possible_truncation, reason = "the low byte holds the level")]
        (entry >> 8 == key).then_some(entry as u8)
    }

    #[inline]
    pub(super) fn keep(&mut self, field: usize, a: u32, b: u32, level: u8) {
        if (a | b) >> CODE_BITS == 0 {
            let key = (u64::from(a) << CODE_BITS) | u64::from(b);
            let slot = self.slot(key);
            self.caches[field][slot] = key << 8 | u64::from(level);
        }
    }

    /// The prepared pattern for a value, prepared again only when the value changes.
    pub(super) fn prepare(&mut self, store: usize, code: u32, symbols: &[u8]) -> &Prepared {
        if self.prepared_for != (store, code) {
            self.prepared.set(symbols);
            self.prepared_for = (store, code);
        }
        &self.prepared
    }

    /// The prepared pattern, about to be used for something else.
    pub(super) fn fresh(&mut self) -> &mut Prepared {
        self.prepared_for = (usize::MAX, 0);
        &mut self.prepared
    }

    /// Forgets everything (values or learned pairs changed).
    pub fn clear(&mut self) {
        self.prepared_for = (usize::MAX, 0);
        for c in &mut self.caches {
            c.fill(0);
        }
    }
}

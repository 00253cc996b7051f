//! From a raw score to a calibrated one; it knows nothing of where scores come from.
#![expect(
    clippy::indexing_slicing,
    reason = "positions are found in the list they index"
)]

use serde::{Deserialize, Serialize};

/// A monotone map from raw score to calibrated score, piecewise linear, in bits.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Calibration {
    /// Raw scores, ascending.
    pub from: Vec<f64>,
    /// Calibrated scores.
    pub to: Vec<f64>,
}

impl Calibration {
    /// The calibrated score.
    #[must_use]
    pub fn apply(&self, raw: f64) -> f64 {
        let (Some(first), Some(last)) = (self.from.first(), self.from.last()) else {
            return raw;
        };
        if raw <= *first {
            return raw - first + self.to[0];
        }
        if raw >= *last {
            return raw - last + self.to[self.to.len() - 1];
        }
        let k = self.from.partition_point(|x| *x <= raw);
        let (a, b) = (self.from[k - 1], self.from[k]);
        let (x, y) = (self.to[k - 1], self.to[k]);
        x + (raw - a) / (b - a).max(1e-12) * (y - x)
    }
}

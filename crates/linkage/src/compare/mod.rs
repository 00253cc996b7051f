//! Comparing two records: each field gives one of at most fifteen ordered levels, 0 meaning "not comparable".
//!
//! Levels of all fields are packed, four bits each, into one 64-bit [`Pattern`]; everything learned is about patterns.

mod cache;
mod canonical;
mod custom;
mod date;
mod early;
mod field;
mod level;
mod names;
mod place;
mod symbols;
mod value;
mod words;

pub use cache::Scratch;
pub use canonical::canonical;
pub use custom::{Custom, When};
pub use date::{Day, parse_day};
pub use early::{Bounds, Comparer};
pub use field::{Field, Records, exact_table, frequency_bands};
pub use level::{LevelName, exact_levels, last_level, level_names};
pub use names::NameValues;
pub use place::is_postcode;
pub use value::{Detail, Values, key_of};
pub use words::{TextValues, is_null_word};

/// Levels of up to sixteen comparisons, four bits each, the first comparison lowest.
pub type Pattern = u64;

/// Most comparisons in one model.
pub const MOST: usize = 16;

/// The level of comparison `k` in a pattern.
#[inline]
#[must_use]
pub const fn level_of(pattern: Pattern, k: usize) -> usize {
    ((pattern >> (4 * k)) & 15) as usize
}

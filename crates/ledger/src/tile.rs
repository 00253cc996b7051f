//! Tiles and their paths: C2SP `tlog-tiles`.
//!
//! A tile at level `l` is a run of up to 256 hashes, each the root of a perfect subtree of `256^l`
//! entries. Level 0 holds the hashes of entries. Only full tiles are hashed into the level above;
//! the rightmost tile of a level may be partial, and says its width in its path.

use crate::hash::Hash;
use crate::text;
use std::fmt;
use thiserror::Error;

/// Hashes in a full tile, and entries in a full bundle.
pub const WIDTH: u16 = 256;

/// Bytes in a full tile of hashes.
pub const BYTES: usize = WIDTH as usize * Hash::LEN;

/// The highest level a path may name.
pub const MAX_LEVEL: u8 = 63;

/// A tile completed by a batch, ready to be written as a row or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileRow {
    /// Height of the tile: 0 holds entry hashes.
    pub level: u8,
    /// Place of the tile within its level, from 0.
    pub index: u64,
    /// The hashes one after another: 8,192 bytes when full.
    pub bytes: Vec<u8>,
}

/// What one tile resource holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Hashes at a level.
    Hashes {
        /// Height of the tile, 0 to 63.
        level: u8,
    },
    /// The entries themselves.
    Entries,
}

/// The address of one tile: what it holds, where, and how wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TilePath {
    /// Hashes at a level, or entries.
    pub kind: Kind,
    /// Place within the level, from 0.
    pub index: u64,
    /// 1 to 256; 256 is a full tile and writes no suffix.
    pub width: u16,
}

/// Why a tile path was refused.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum TilePathError {
    /// Not the shape `tile/<level>/<index>[.p/<width>]`.
    #[error("this is not the path of a tile")]
    Shape,
    /// The level is not a number from 0 to 63.
    #[error("the level in this tile path is not a number from 0 to 63")]
    Level,
    /// The index groups are not three digits each, or too large.
    #[error("the index in this tile path is not written in groups of three digits")]
    Index,
    /// The width of a partial tile is not from 1 to 255.
    #[error("the width in this tile path is not a number from 1 to 255")]
    Width,
}

impl TilePath {
    /// The path of a tile of hashes.
    pub const fn hashes(level: u8, index: u64, width: u16) -> TilePath {
        TilePath {
            kind: Kind::Hashes { level },
            index,
            width,
        }
    }

    /// The path of a bundle of entries.
    pub const fn entries(index: u64, width: u16) -> TilePath {
        TilePath {
            kind: Kind::Entries,
            index,
            width,
        }
    }

    /// The same tile when it is full.
    pub const fn full(self) -> TilePath {
        TilePath { width: WIDTH, ..self }
    }

    /// Reads a path such as `tile/0/x001/x234/067.p/112`, relative to the log's prefix. One text per tile.
    ///
    /// # Errors
    /// [`TilePathError`] says which part is wrong.
    pub fn parse(path: &str) -> Result<TilePath, TilePathError> {
        let rest = path.strip_prefix("tile/").ok_or(TilePathError::Shape)?;
        let (level, rest) = rest.split_once('/').ok_or(TilePathError::Shape)?;
        let kind = if level == "entries" {
            Kind::Entries
        } else {
            let level = text::from_decimal(level).and_then(|l| u8::try_from(l).ok());
            Kind::Hashes {
                level: level.filter(|l| *l <= MAX_LEVEL).ok_or(TilePathError::Level)?,
            }
        };
        let (index, width) = match rest.split_once(".p/") {
            None => (rest, WIDTH),
            Some((index, width)) => {
                let width = text::from_decimal(width).and_then(|w| u16::try_from(w).ok());
                (
                    index,
                    width
                        .filter(|w| (1..WIDTH).contains(w))
                        .ok_or(TilePathError::Width)?,
                )
            }
        };
        let index = parse_index(index).ok_or(TilePathError::Index)?;
        Ok(TilePath { kind, index, width })
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Hashes { level } => write!(f, "tile/{level}/")?,
            Kind::Entries => f.write_str("tile/entries/")?,
        }
        write_index(self.index, f)?;
        if self.width < WIDTH {
            write!(f, ".p/{}", self.width)
        } else {
            Ok(())
        }
    }
}

/// Groups of three digits, all but the last with an `x` before them.
fn write_index(index: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut divisor = 1u64;
    while index / divisor >= 1000 {
        divisor *= 1000;
    }
    while divisor > 1 {
        write!(f, "x{:03}/", index / divisor % 1000)?;
        divisor /= 1000;
    }
    write!(f, "{:03}", index % 1000)
}

fn parse_index(text: &str) -> Option<u64> {
    let (head, last) = match text.rsplit_once('/') {
        Some((head, last)) => (Some(head), last),
        None => (None, text),
    };
    let mut index = 0u64;
    for (place, group) in head.into_iter().flat_map(|h| h.split('/')).enumerate() {
        let value = three_digits(group.strip_prefix('x')?)?;
        if place == 0 && value == 0 {
            return None;
        }
        index = index.checked_mul(1000)?.checked_add(value)?;
    }
    index.checked_mul(1000)?.checked_add(three_digits(last)?)
}

fn three_digits(group: &str) -> Option<u64> {
    if group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()) {
        group.parse().ok()
    } else {
        None
    }
}

/// How many hashes tile `index` of `level` holds in a tree of `size` entries: 0 when it does not exist yet.
pub fn width_at(size: u64, level: u8, index: u64) -> u16 {
    let shift = 8 * u32::from(level);
    let hashes = size.checked_shr(shift).unwrap_or(0);
    let before = index.saturating_mul(u64::from(WIDTH));
    u16::try_from(hashes.saturating_sub(before).min(u64::from(WIDTH))).unwrap_or(WIDTH)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn paths_from_the_specification() {
        assert_eq!(
            TilePath::hashes(0, 1_234_067, 256).to_string(),
            "tile/0/x001/x234/067"
        );
        assert_eq!(TilePath::entries(273, 112).to_string(), "tile/entries/273.p/112");
        assert_eq!(TilePath::hashes(63, 0, 1).to_string(), "tile/63/000.p/1");
        for path in [
            TilePath::hashes(0, 999, 256),
            TilePath::hashes(2, 1000, 255),
            TilePath::entries(u64::MAX, 256),
            TilePath::entries(1_000_000, 9),
        ] {
            assert_eq!(TilePath::parse(&path.to_string()), Ok(path));
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for bad in [
            "",
            "tile",
            "tile/0",
            "tile/0/",
            "tile/00/000",
            "tile/64/000",
            "tile/-1/000",
            "tile/0/0",
            "tile/0/0000",
            "tile/0/x001",
            "tile/0/001/000",
            "tile/0/x000/000",
            "tile/0/X001/000",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/000.p/",
            "tile/0/000.p",
            "tile/0/000/",
            "/tile/0/000",
            "tile/0/x999/x999/x999/x999/x999/x999/999",
            "tile/data/000",
            "tile/0/000.p/1/",
            "tile/0/+01",
        ] {
            assert!(TilePath::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn widths_of_the_70000_entry_example() {
        assert_eq!(width_at(70_000, 0, 272), 256);
        assert_eq!(width_at(70_000, 0, 273), 112);
        assert_eq!(width_at(70_000, 0, 274), 0);
        assert_eq!(width_at(70_000, 1, 0), 256);
        assert_eq!(width_at(70_000, 1, 1), 17);
        assert_eq!(width_at(70_000, 2, 0), 1);
        assert_eq!(width_at(70_000, 63, 0), 0);
        assert_eq!(width_at(256, 1, 0), 1);
    }
}

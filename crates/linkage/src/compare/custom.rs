//! Comparisons made of conditions: ordered levels, each a test on two records; the first that holds wins.
#![expect(
    clippy::indexing_slicing,
    reason = "columns are positions in rows, resolved when settings are read"
)]

use super::{Detail, field::Records};
use crate::name::{share_group, variant_groups};
use serde::{Deserialize, Serialize};

/// A condition on two records. Columns are named in settings (`C = String`) and become row positions (`C = usize`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum When<C = String> {
    /// Both values are present and equal after folding.
    Exact(C),
    /// Both are equal and the value is rarer than this share of records (term frequency).
    Rarer {
        /// Column.
        column: C,
        /// Share of records.
        than: f64,
    },
    /// Either value is missing.
    Missing(C),
    /// Both equal this literal after folding.
    Literal {
        /// Column.
        column: C,
        /// Text.
        value: String,
    },
    /// Jaro–Winkler similarity at least this.
    JaroWinkler {
        /// Column.
        column: C,
        /// 0 to 1.
        at_least: f64,
    },
    /// Jaro similarity at least this.
    Jaro {
        /// Column.
        column: C,
        /// 0 to 1.
        at_least: f64,
    },
    /// Levenshtein distance at most this.
    Levenshtein {
        /// Column.
        column: C,
        /// Edits.
        at_most: usize,
    },
    /// Damerau–Levenshtein distance at most this.
    DamerauLevenshtein {
        /// Column.
        column: C,
        /// Edits, a swap of neighbours counting as one.
        at_most: usize,
    },
    /// Share of words in common (Jaccard) at least this.
    Jaccard {
        /// Column.
        column: C,
        /// 0 to 1.
        at_least: f64,
    },
    /// Dates at most this many days apart.
    Days {
        /// Column.
        column: C,
        /// Days.
        at_most: f64,
    },
    /// Numbers at most this far apart.
    Difference {
        /// Column.
        column: C,
        /// In the column's unit.
        at_most: f64,
    },
    /// Numbers at most this share of the larger apart.
    Percent {
        /// Column.
        column: C,
        /// 0 to 100.
        at_most: f64,
    },
    /// Points on the earth at most this far apart.
    Kilometres {
        /// Latitude in degrees.
        latitude: C,
        /// Longitude in degrees.
        longitude: C,
        /// Kilometres.
        at_most: f64,
    },
    /// Cells with several values share at least this many.
    Overlap {
        /// Column.
        column: C,
        /// Values in common.
        at_least: usize,
    },
    /// Each record's first column equals the other's second.
    Reversed {
        /// First column.
        first: C,
        /// Second column.
        second: C,
    },
    /// Known variants of a name (short forms, spellings).
    Variant(C),
    /// The same sound key.
    SameSound(C),
    /// All conditions hold.
    All(Vec<When<C>>),
    /// At least one holds.
    Any(Vec<When<C>>),
    /// It does not hold.
    Not(Box<When<C>>),
    /// Always.
    Otherwise,
}

/// A comparison made of conditions, one per level from 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Custom {
    /// When the whole comparison is missing (level 0).
    pub missing: When<usize>,
    /// Conditions of levels 1, 2, …; the last one is [`When::Otherwise`].
    pub levels: Vec<When<usize>>,
}

impl When<String> {
    /// Replaces column names by positions; an unknown name is returned as the error.
    ///
    /// # Errors
    /// The unknown column name.
    pub fn resolve(&self, find: &dyn Fn(&str) -> Option<usize>) -> Result<When<usize>, String> {
        let f = |c: &String| find(c).ok_or_else(|| c.clone());
        let all = |v: &[Self]| v.iter().map(|w| w.resolve(find)).collect::<Result<Vec<_>, _>>();
        Ok(match self {
            Self::Exact(c) => When::Exact(f(c)?),
            Self::Missing(c) => When::Missing(f(c)?),
            Self::Literal { column, value } => When::Literal {
                column: f(column)?,
                value: crate::name::fold_text(value),
            },
            Self::Rarer { column, than } => When::Rarer {
                column: f(column)?,
                than: *than,
            },
            Self::JaroWinkler { column, at_least } => When::JaroWinkler {
                column: f(column)?,
                at_least: *at_least,
            },
            Self::Jaro { column, at_least } => When::Jaro {
                column: f(column)?,
                at_least: *at_least,
            },
            Self::Levenshtein { column, at_most } => When::Levenshtein {
                column: f(column)?,
                at_most: *at_most,
            },
            Self::DamerauLevenshtein { column, at_most } => When::DamerauLevenshtein {
                column: f(column)?,
                at_most: *at_most,
            },
            Self::Jaccard { column, at_least } => When::Jaccard {
                column: f(column)?,
                at_least: *at_least,
            },
            Self::Days { column, at_most } => When::Days {
                column: f(column)?,
                at_most: *at_most,
            },
            Self::Difference { column, at_most } => When::Difference {
                column: f(column)?,
                at_most: *at_most,
            },
            Self::Percent { column, at_most } => When::Percent {
                column: f(column)?,
                at_most: *at_most,
            },
            Self::Kilometres {
                latitude,
                longitude,
                at_most,
            } => When::Kilometres {
                latitude: f(latitude)?,
                longitude: f(longitude)?,
                at_most: *at_most,
            },
            Self::Overlap { column, at_least } => When::Overlap {
                column: f(column)?,
                at_least: *at_least,
            },
            Self::Reversed { first, second } => When::Reversed {
                first: f(first)?,
                second: f(second)?,
            },
            Self::Variant(c) => When::Variant(f(c)?),
            Self::SameSound(c) => When::SameSound(f(c)?),
            Self::All(v) => When::All(all(v)?),
            Self::Any(v) => When::Any(all(v)?),
            Self::Not(w) => When::Not(Box::new(w.resolve(find)?)),
            Self::Otherwise => When::Otherwise,
        })
    }
}

impl<C: Clone + PartialEq> When<C> {
    /// Every column a condition looks at.
    pub fn columns(&self, out: &mut Vec<C>) {
        let mut add = |c: &C| {
            if !out.contains(c) {
                out.push(c.clone());
            }
        };
        match self {
            Self::Exact(c) | Self::Missing(c) | Self::Variant(c) | Self::SameSound(c) => add(c),
            Self::Literal { column, .. }
            | Self::Rarer { column, .. }
            | Self::JaroWinkler { column, .. }
            | Self::Jaro { column, .. }
            | Self::Levenshtein { column, .. }
            | Self::DamerauLevenshtein { column, .. }
            | Self::Jaccard { column, .. }
            | Self::Days { column, .. }
            | Self::Difference { column, .. }
            | Self::Percent { column, .. }
            | Self::Overlap { column, .. } => add(column),
            Self::Kilometres {
                latitude, longitude, ..
            } => {
                add(latitude);
                add(longitude);
            }
            Self::Reversed { first, second } => {
                add(first);
                add(second);
            }
            Self::All(v) | Self::Any(v) => v.iter().for_each(|w| w.columns(out)),
            Self::Not(w) => w.columns(out),
            Self::Otherwise => {}
        }
    }
}

impl Custom {
    /// The level of two rows: 0 when missing, otherwise the first level whose condition holds.
    #[must_use]
    pub fn level(&self, records: &Records, x: &[u32], y: &[u32]) -> u8 {
        if self.missing.holds(records, x, y) {
            return 0;
        }
        let at = self
            .levels
            .iter()
            .position(|w| w.holds(records, x, y))
            .unwrap_or(self.levels.len().saturating_sub(1));
        u8::try_from(at + 1).unwrap_or(15)
    }
}

impl When<usize> {
    /// Whether the condition holds for two rows of codes. A missing value satisfies nothing but [`When::Missing`].
    #[must_use]
    pub fn holds(&self, r: &Records, x: &[u32], y: &[u32]) -> bool {
        let both = |c: &usize| x[*c] != 0 && y[*c] != 0;
        let texts = |c: &usize| (r.text(*c, x[*c]), r.text(*c, y[*c]));
        match self {
            Self::Exact(c) => both(c) && x[*c] == y[*c],
            Self::Missing(c) => !both(c),
            Self::Rarer { column: c, than } => both(c) && x[*c] == y[*c] && r.frequency(*c, x[*c]) < *than,
            Self::Literal { column, value } => {
                both(column) && x[*column] == y[*column] && r.text(*column, x[*column]) == value
            }
            Self::Variant(c) => {
                let (a, b) = texts(c);
                both(c) && (a == b || share_group(&variant_groups(a), &variant_groups(b)))
            }
            Self::SameSound(c) => {
                let (a, b) = texts(c);
                both(c) && crate::name::sound_key(a) == crate::name::sound_key(b)
            }
            Self::Reversed { first, second } => {
                both(first)
                    && both(second)
                    && r.text(*first, x[*first]) == r.text(*second, y[*second])
                    && r.text(*second, x[*second]) == r.text(*first, y[*first])
            }
            Self::All(v) => v.iter().all(|w| w.holds(r, x, y)),
            Self::Any(v) => v.iter().any(|w| w.holds(r, x, y)),
            Self::Not(w) => !w.holds(r, x, y),
            Self::Otherwise => true,
            _ => self.graded(r, x, y),
        }
    }

    fn graded(&self, r: &Records, x: &[u32], y: &[u32]) -> bool {
        use rapidfuzz::distance::{damerau_levenshtein, jaro, jaro_winkler, levenshtein};
        let pair = |c: usize| (x[c] != 0 && y[c] != 0).then(|| (r.text(c, x[c]), r.text(c, y[c])));
        match self {
            Self::JaroWinkler { column, at_least } => pair(*column)
                .is_some_and(|(a, b)| jaro_winkler::similarity(a.chars(), b.chars()) >= *at_least),
            Self::Jaro { column, at_least } => {
                pair(*column).is_some_and(|(a, b)| jaro::similarity(a.chars(), b.chars()) >= *at_least)
            }
            Self::Levenshtein { column, at_most } => {
                pair(*column).is_some_and(|(a, b)| levenshtein::distance(a.chars(), b.chars()) <= *at_most)
            }
            Self::DamerauLevenshtein { column, at_most } => pair(*column)
                .is_some_and(|(a, b)| damerau_levenshtein::distance(a.chars(), b.chars()) <= *at_most),
            Self::Jaccard { column, at_least } => {
                pair(*column).is_some_and(|(a, b)| jaccard(a, b) >= *at_least)
            }
            Self::Days { column, at_most } => {
                let day = |c: u32| r.day(*column, c);
                x[*column] != 0
                    && y[*column] != 0
                    && day(x[*column])
                        .zip(day(y[*column]))
                        .is_some_and(|(a, b)| (a - b).abs() <= *at_most)
            }
            Self::Difference { column, at_most } => {
                numbers(pair(*column)).is_some_and(|(a, b)| (a - b).abs() <= *at_most)
            }
            Self::Percent { column, at_most } => numbers(pair(*column))
                .is_some_and(|(a, b)| (a - b).abs() * 100.0 <= *at_most * a.abs().max(b.abs())),
            Self::Kilometres {
                latitude,
                longitude,
                at_most,
            } => numbers(pair(*latitude))
                .zip(numbers(pair(*longitude)))
                .is_some_and(|(lat, long)| kilometres(lat, long) <= *at_most),
            Self::Overlap { column, at_least } => r.overlap(*column, x[*column], y[*column]) >= *at_least,
            _ => false,
        }
    }
}

fn numbers(pair: Option<(&str, &str)>) -> Option<(f64, f64)> {
    let (a, b) = pair?;
    Some((
        a.parse::<f64>().ok().filter(|v| v.is_finite())?,
        b.parse::<f64>().ok().filter(|v| v.is_finite())?,
    ))
}

fn jaccard(a: &str, b: &str) -> f64 {
    let set = |s: &'_ str| {
        s.split_whitespace()
            .map(str::to_owned)
            .collect::<std::collections::BTreeSet<_>>()
    };
    let (a, b) = (set(a), set(b));
    let both = a.intersection(&b).count();
    let all = a.len() + b.len() - both;
    #[expect(clippy::cast_precision_loss, reason = "counts of words")]
    let share = both as f64 / all.max(1) as f64;
    share
}

/// Great-circle distance (haversine) with a mean radius of 6371.0088 km.
fn kilometres(latitude: (f64, f64), longitude: (f64, f64)) -> f64 {
    let (p, q) = (latitude.0.to_radians(), latitude.1.to_radians());
    let (dp, dl) = (q - p, (longitude.1 - longitude.0).to_radians());
    let h = (dp / 2.0).sin().powi(2) + p.cos() * q.cos() * (dl / 2.0).sin().powi(2);
    2.0 * 6_371.008_8 * h.sqrt().min(1.0).asin()
}

impl Records {
    /// Folded text of a code in a row position.
    #[must_use]
    pub fn text(&self, position: usize, code: u32) -> &str {
        let field = self
            .fields
            .get(position)
            .or_else(|| self.inputs.get(position - self.fields.len()));
        field
            .and_then(|f| self.stores.get(f.store))
            .map_or("", |s| s.dict.text(code))
    }

    /// Share of records with a value.
    fn frequency(&self, position: usize, code: u32) -> f64 {
        let count = self
            .column(position)
            .and_then(|f| f.counts.get(code as usize))
            .copied()
            .unwrap_or(0);
        #[expect(clippy::cast_precision_loss, reason = "a share of records")]
        let share = f64::from(count) / self.len.max(1) as f64;
        share
    }

    fn store_at(&self, position: usize) -> Option<&super::Values> {
        let field = self
            .fields
            .get(position)
            .or_else(|| self.inputs.get(position - self.fields.len()))?;
        self.stores.get(field.store)
    }

    /// Days since an arbitrary epoch, if the code is a complete date.
    fn day(&self, position: usize, code: u32) -> Option<f64> {
        let Detail::Dates(v) = &self.store_at(position)?.detail else {
            return None;
        };
        let d = v
            .get(code as usize)
            .filter(|d| d.month > 0 && d.day > 0 && d.year > 0)?;
        let (y, m) = (
            i64::from(d.year) - i64::from(d.month <= 2),
            i64::from((d.month + 9) % 12),
        );
        #[expect(clippy::cast_precision_loss, reason = "a number of days")]
        let days = (365 * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + i64::from(d.day)) as f64;
        Some(days)
    }

    fn overlap(&self, position: usize, a: u32, b: u32) -> usize {
        let Some(store) = self.store_at(position) else {
            return 0;
        };
        let one = |c: u32| {
            let e = store.elements(c);
            if e.is_empty() && c != 0 {
                vec![c]
            } else {
                e.to_vec()
            }
        };
        let ys = one(b);
        one(a).iter().filter(|x| ys.contains(x)).count()
    }
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

    #[test]
    fn distances_of_known_places() {
        // Greenwich to a point one degree north: a sixtieth of which is a nautical mile
        assert!((kilometres((51.4779, 52.4779), (0.0, 0.0)) - 111.195).abs() < 0.01);
        assert_eq!(kilometres((10.0, 10.0), (20.0, 20.0)), 0.0);
    }

    #[test]
    fn word_sets() {
        assert_eq!(jaccard("a b c", "b c d"), 0.5);
        assert_eq!(jaccard("", ""), 0.0);
    }
}

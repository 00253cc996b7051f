//! Given names and dates tell people of one home apart: what keeps a class of matches one of records of one person.
#![expect(
    clippy::indexing_slicing,
    reason = "fields and levels index arrays of fixed size"
)]

use std::ops::RangeInclusive;

use super::{em::PRIOR, random::Levels};
use crate::{
    compare::{Records, level_of},
    profile::Kind,
};

/// The level from which on a given name or a date is a different one: where given names stand, and where dates do.
pub(super) struct Personal([Vec<(usize, usize)>; 2]);

impl Personal {
    pub(super) fn of(records: &Records) -> Self {
        let of = |date: bool| {
            let fields = records.fields.iter().enumerate();
            let own = fields.filter(|(_, f)| (f.kind == Kind::Date) == date);
            own.filter_map(|(k, f)| Some((k, different_from(f.kind, f.last())?)))
                .collect()
        };
        Self([of(false), of(true)])
    }

    /// Whether all known given names and all known dates differ: such pairs are not learned from as matches, however well
    /// their homes agree.
    pub(super) fn differ(&self, pattern: u64) -> bool {
        self.0.iter().all(|fields| {
            let mut known = fields
                .iter()
                .map(|(k, from)| (level_of(pattern, *k), *from))
                .filter(|(l, _)| *l > 0)
                .peekable();
            known.peek().is_some() && known.all(|(l, from)| l >= from)
        })
    }

    /// The share of a class that differs, by the field in which it differs least.
    pub(super) fn shares(&self, levels: &[Levels]) -> [f64; 2] {
        let share = |(k, from): &(usize, usize)| {
            let seen: f64 = levels[*k][1..].iter().sum();
            levels[*k][*from..].iter().sum::<f64>() / seen.max(1e-300)
        };
        [&self.0[0], &self.0[1]].map(|f| f.iter().map(share).reduce(f64::min).unwrap_or(0.0))
    }
}

/// Most that disagreement on a birth date or given name may weigh among matches.
pub(super) const MOST_DIFFERENT: f64 = 0.2;

/// The level of a kind from which on two values are different ones, for kinds that tell people of one home apart.
const fn different_from(kind: Kind, last: usize) -> Option<usize> {
    match kind {
        Kind::GivenName => Some(last - 1),
        // one part in common may be the family's
        Kind::FullName => Some(last - 3),
        Kind::Date => Some(7),
        _ => None,
    }
}

/// Levels of a held field that are learned all the same: people of one family share a part of their whole names, and the
/// addresses of their mail are alike as their names are. That more fits stays held.
pub(super) const fn partly_free(kind: Kind) -> Option<RangeInclusive<usize>> {
    match kind {
        Kind::FullName => Some(7..=10),
        Kind::Email => Some(3..=6),
        _ => None,
    }
}

/// Learns how some levels share what they have together, which stays as it is.
pub(super) fn learn_within(free: RangeInclusive<usize>, p: &mut Levels, sums: &Levels, first: &Levels) {
    let mass: f64 = first[free.clone()].iter().sum();
    let seen: f64 = free.clone().map(|l| sums[l] + PRIOR * first[l]).sum();
    for l in free {
        p[l] = mass * (sums[l] + PRIOR * first[l]) / seen.max(1e-300);
    }
}

/// Keeps the match class what it is meant to be: in a file without any duplicates, people of one home would
/// otherwise be the best explanation of a second class.
pub(super) fn hold(m: &mut Levels, kind: Kind, last: usize) {
    let Some(different) = different_from(kind, last) else {
        return;
    };
    let weight: f64 = m[different..=last].iter().sum();
    if weight <= MOST_DIFFERENT {
        return;
    }
    for (l, p) in m.iter_mut().enumerate().take(last + 1).skip(1) {
        *p *= if l >= different {
            MOST_DIFFERENT / weight
        } else {
            (1.0 - MOST_DIFFERENT) / (1.0 - weight).max(1e-9)
        };
    }
}

//! Levels of two unequal personal names.

use super::value::NameValues;
use crate::{
    kernel::{Prepared, SPACE, jaro_winkler, osa},
    name::share_group,
};

/// Level of two unequal given or family names; `a` is prepared; `rare` says whether even the commoner one is rare.
pub(super) fn name(p: &Prepared, v: &NameValues, a: u32, b: u32, rare: bool) -> u8 {
    let (sa, sb) = (v.symbols(a), v.symbols(b));
    if share_group(v.groups(a), v.groups(b)) {
        return 5;
    }
    let one_word = (v.letters(a) | v.letters(b)) >> SPACE & 1 == 0;
    if one_word && (sa.len() == 1 || sb.len() == 1) {
        return if sa.first() == sb.first() { 9 } else { 14 };
    }
    let common = (v.letters(a) & v.letters(b)).count_ones();
    let close = common * 2 >= v.letters(a).count_ones().max(v.letters(b).count_ones());
    if close {
        let similarity = jaro_winkler(p, sb);
        let short = sa.len().min(sb.len());
        let distance = if similarity > 0.75 { osa(p, sb) } else { 9 };
        if (distance <= 1 && short >= 3) || similarity >= 0.95 || joined_equal(sa, sb) {
            return if rare { 6 } else { 7 };
        }
        if v.sound(a) == v.sound(b) && short >= 3 {
            return if rare { 6 } else { 7 };
        }
        if !one_word && let Some(level) = parts(sa, sb) {
            return level;
        }
        if similarity >= 0.88 || (distance <= 2 && short >= 6) {
            return 10;
        }
        return if similarity >= 0.76 { 13 } else { 14 };
    }
    if !one_word && let Some(level) = parts(sa, sb) {
        return level;
    }
    14
}

/// The same letters once spaces are taken out.
fn joined_equal(a: &[u8], b: &[u8]) -> bool {
    a.iter()
        .filter(|s| **s != SPACE)
        .eq(b.iter().filter(|s| **s != SPACE))
}

fn parts(a: &[u8], b: &[u8]) -> Option<u8> {
    let words = |s: &'_ [u8]| s.split(|x| *x == SPACE).map(<[u8]>::to_vec).collect::<Vec<_>>();
    let (wa, wb) = (words(a), words(b));
    if wa.iter().any(|x| x.len() > 1 && wb.contains(x)) {
        return Some(8);
    }
    let fits = |one: &[Vec<u8>], other: &[Vec<u8>]| {
        one.iter()
            .any(|x| x.len() == 1 && other.first().is_some_and(|o| o.first() == x.first()))
    };
    (fits(&wa, &wb) || fits(&wb, &wa)).then_some(9)
}

/// Level of two unequal whole names. Words are matched one to one: equal, variant, near, or an initial.
pub(super) fn full(p: &mut Prepared, v: &NameValues, a: u32, b: u32, rare_word: impl Fn(u32) -> bool) -> u8 {
    let (wa, wb) = (v.words(a), v.words(b));
    let (short, long) = if wa.len() <= wb.len() { (wa, wb) } else { (wb, wa) };
    let mut used = 0_u64;
    let (mut matched, mut rare, mut initials) = (0, false, 0);
    for &x in short {
        let hit = long
            .iter()
            .enumerate()
            .take(64)
            .filter(|(k, _)| used & (1 << k) == 0)
            .find(|(_, y)| v.word_fits(p, x, **y));
        if let Some((k, &y)) = hit {
            used |= 1 << k;
            if v.word_symbols(x).len() == 1 || v.word_symbols(y).len() == 1 {
                initials += 1;
            } else {
                matched += 1;
                rare |= rare_word(x) && rare_word(y);
            }
        }
    }
    let all = matched + initials == short.len();
    match (matched, all) {
        (1.., true) if matched + initials >= 2 => 5,
        (2.., _) => 6,
        (1, _) => {
            if rare {
                7
            } else {
                8
            }
        }
        _ => {
            p.set(v.symbols(a));
            if jaro_winkler(p, v.symbols(b)) >= 0.86 {
                9
            } else {
                10
            }
        }
    }
}

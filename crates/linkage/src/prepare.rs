//! From a table as read to records ready to compare.
#![expect(
    clippy::indexing_slicing,
    reason = "codes index maps made from the same column"
)]

use crate::{
    LinkError,
    compare::{Field, MOST, Records, Values},
    profile::{ColumnProfile, Kind},
    table::{Column, Table},
};
use rayon::prelude::*;

/// Whether dates written with slashes put the day first: decided by parts above 12, day first when in doubt.
fn day_first(column: &Column) -> bool {
    let (mut first, mut second) = (0, 0);
    for k in 1..=column.values.len().min(20_000) {
        let text = column.values.text(u32::try_from(k).unwrap_or(0));
        // a date is two numbers of at most two digits, then a year; a time may follow
        let parts: Vec<u16> = text
            .split(['-', '/', '.', ' '])
            .take(3)
            .filter(|p| p.len() <= 2 || p.len() == 4)
            .filter_map(|p| p.parse().ok())
            .collect();
        if let [a @ ..=31, b @ ..=31, _] = parts.as_slice() {
            first += u32::from(*a > 12);
            second += u32::from(*b > 12);
        }
    }
    first >= second
}

/// Records laid out by one task.
const LAID: usize = 4_096;

struct Folded {
    values: Values,
    codes: Vec<Vec<u32>>,
}

/// Folds every used column, shares one store between given and family names, and lays the codes out row by row.
///
/// The table's own columns are consumed: after this only identifiers and folded values are kept.
///
/// # Errors
/// Nothing usable to compare, or a column too large.
pub fn prepare(table: &mut Table, profiles: &[ColumnProfile]) -> Result<Records, LinkError> {
    let mut used: Vec<usize> = (0..profiles.len())
        .filter(|&k| profiles[k].kind != Kind::Unused)
        .collect();
    if used.is_empty() {
        return Err(LinkError::Unlearnable(
            "no column can be compared: all are empty, constant or identifiers".into(),
        ));
    }
    if used.len() > MOST {
        // keep the columns that say most: many values, few missing
        let worth = |k: &usize| {
            let p = &profiles[*k];
            (1.0 - p.missing) * (-(p.top_share.max(1e-9)).ln()).max(0.01)
        };
        used.sort_by(|a, b| worth(b).total_cmp(&worth(a)).then(a.cmp(b)));
        used.truncate(MOST);
        used.sort_unstable();
    }
    let mut columns = std::mem::take(&mut table.columns);
    let mut profiles = profiles.to_vec();
    let others = other_names(&mut columns, &mut profiles)?;
    let profiles = profiles.as_slice();
    let groups = stores(&used, profiles);
    let folded: Vec<Folded> = groups
        .par_iter()
        .map(|g| fold(g, &columns, profiles))
        .collect::<Result<_, _>>()?;
    drop(columns);
    let mut records = assemble(table, &used, profiles, &groups, folded);
    records.others = others.and_then(|k| used.iter().position(|u| *u == k));
    Ok(records)
}

/// Where a whole-name column stands beside given and family names, only what it adds is compared: comparing the same
/// words twice would count one agreement as two. Returns the column that now holds the remaining names.
fn other_names(columns: &mut [Column], profiles: &mut [ColumnProfile]) -> Result<Option<usize>, LinkError> {
    let find = |kind, p: &[ColumnProfile]| p.iter().position(|p| p.kind == kind);
    let parts = (
        find(Kind::FullName, profiles),
        find(Kind::GivenName, profiles),
        find(Kind::FamilyName, profiles),
    );
    let (Some(whole), Some(given), Some(family)) = parts else {
        return Ok(None);
    };
    let rows = columns[whole].codes.len();
    let mut rest = Column {
        name: columns[whole].name.clone(),
        ..Default::default()
    };
    let (mut contained, mut seen) = (0_usize, 0_usize);
    for r in 0..rows {
        let text = |k: usize| columns[k].values.text(columns[k].codes[r]);
        let (g, f) = (text(given), text(family));
        let known = |w: &&str| g.split_whitespace().chain(f.split_whitespace()).any(|x| x == *w);
        let words: Vec<&str> = text(whole).split_whitespace().collect();
        if !words.is_empty() {
            seen += 1;
            contained += usize::from(words.iter().any(known));
        }
        let left: Vec<&str> = words.into_iter().filter(|w| !known(w)).collect();
        let code = rest.values.insert(left.join(" ").as_bytes())?;
        rest.codes.push(code);
    }
    if contained * 10 < seen * 9 {
        return Ok(None);
    }
    columns[whole] = rest;
    profiles[whole].kind = Kind::GivenName;
    Ok(Some(whole))
}

/// Groups of columns that share a store: all single names together, every other column alone.
fn stores(used: &[usize], profiles: &[ColumnProfile]) -> Vec<Vec<usize>> {
    let name = |k: usize| matches!(profiles[k].kind, Kind::GivenName | Kind::FamilyName);
    let names: Vec<usize> = used.iter().copied().filter(|&k| name(k)).collect();
    let mut groups: Vec<Vec<usize>> = used
        .iter()
        .copied()
        .filter(|&k| !name(k))
        .map(|k| vec![k])
        .collect();
    if !names.is_empty() {
        groups.insert(0, names);
    }
    groups
}

fn fold(group: &[usize], columns: &[Column], profiles: &[ColumnProfile]) -> Result<Folded, LinkError> {
    let mut values = Values::new(profiles[group[0]].kind);
    let mut codes = Vec::new();
    for &k in group {
        let (column, kind) = (&columns[k], profiles[k].kind);
        let first = kind == Kind::Date && day_first(column);
        let mut map = vec![0_u32; column.values.len() + 1];
        for (raw, code) in map.iter_mut().enumerate().skip(1) {
            let text = column.values.text(u32::try_from(raw).unwrap_or(0));
            *code = match profiles[k].separator {
                Some(c) if text.contains(c) => values.add_several(kind, text, c, first)?,
                _ => values.add(kind, text, first)?,
            };
        }
        codes.push(column.codes.iter().map(|&c| map[c as usize]).collect());
    }
    values.finish();
    values.dict.freeze();
    Ok(Folded { values, codes })
}

fn assemble(
    table: &Table,
    used: &[usize],
    profiles: &[ColumnProfile],
    groups: &[Vec<usize>],
    folded: Vec<Folded>,
) -> Records {
    let len = table.len();
    let width = used.len();
    let mut fields: Vec<Option<Field>> = vec![None; width];
    let mut columns: Vec<&[u32]> = vec![&[]; width];
    for (store, (group, f)) in groups.iter().zip(&folded).enumerate() {
        for (&k, codes) in group.iter().zip(&f.codes) {
            let at = used.iter().position(|&u| u == k).unwrap_or(0);
            columns[at] = codes;
            fields[at] = Some(field(&profiles[k], store));
        }
    }
    let mut rows = vec![0_u32; len * width];
    let lay = || {
        rows.par_chunks_mut(LAID * width)
            .enumerate()
            .for_each(|(n, rows)| {
                for (at, codes) in columns.iter().enumerate() {
                    let to = rows.iter_mut().skip(at).step_by(width);
                    to.zip(&codes[n * LAID..]).for_each(|(to, code)| *to = *code);
                }
            });
    };
    let tally = || {
        let all = fields.par_iter_mut().zip(&columns);
        all.for_each(|(f, codes)| {
            if let Some(f) = f {
                count(f, &folded[f.store].values, codes, len);
            }
        });
    };
    rayon::join(lay, tally);
    let stores: Vec<Values> = folded.into_iter().map(|f| f.values).collect();
    let fields: Vec<Field> = fields.into_iter().flatten().collect();
    // the fullest given-name and family-name fields are the pair that may be swapped
    let find = |kind| {
        (0..fields.len())
            .filter(|&k| fields[k].kind == kind)
            .min_by_key(|&k| fields[k].counts[0])
    };
    let swap = find(Kind::GivenName).zip(find(Kind::FamilyName));
    Records {
        fields,
        stores,
        rows,
        len,
        sources: table.sources.clone(),
        swap,
        others: None,
        inputs: Vec::new(),
    }
}

/// How often each value occurs, and what that makes of exact agreement.
fn count(field: &mut Field, values: &Values, codes: &[u32], len: usize) {
    let mut counts = vec![0_u32; values.dict.len() + 1];
    for &c in codes {
        counts[c as usize] += 1;
        for &e in values.elements(c) {
            counts[e as usize] += 1;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a record count")]
    let present = (len as f64 - f64::from(counts[0])).max(1.0);
    field.bands = crate::compare::frequency_bands(field.kind, &counts, present);
    field.exact = crate::compare::exact_table(field.kind, &counts, present, &field.bands);
    field.counts = counts;
}

fn field(profile: &ColumnProfile, store: usize) -> Field {
    Field {
        name: profile.name.clone(),
        kind: profile.kind,
        store,
        exact: Vec::new(),
        counts: Vec::new(),
        bands: Vec::new(),
        together: Default::default(),
        levels: crate::compare::level_names(profile.kind)
            .iter()
            .map(|s| (*s).to_owned())
            .collect(),
        custom: None,
        fixed: Vec::new(),
    }
}

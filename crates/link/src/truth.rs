//! What a person says is true of records: a file of labels, read against the records of a run.

use crate::store::Lookup;
use linkage::{
    LinkError,
    evaluate::Truth,
    read,
    table::{Column, Table},
};
use std::collections::HashMap;

/// Known truth by record (`id,entity`) or by pair (`id_l,id_r,match`); `id` is what the run calls its identifier.
///
/// # Errors
/// Neither kind of columns, an answer that is neither yes nor no, or labels of other records altogether.
pub fn read(path: &str, table: &Table, id: Option<&str>) -> Result<Truth, LinkError> {
    let t = read::read_tables(&[path.to_owned()], &read::ReadOptions::default())?;
    let find = |names: &[&str]| t.columns.iter().find(|c| names.contains(&c.name.as_str()));
    let wrong = |problem: String| LinkError::File {
        path: path.into(),
        problem,
    };
    let (l, r) = (find(&["id_l", "unique_id_l"]), find(&["id_r", "unique_id_r"]));
    let answer = find(&["match", "clerical_match_score"]);
    let truth = if let (Some(l), Some(r), Some(m)) = (l, r, answer) {
        pairs((l, r, m), table).map_err(wrong)?
    } else if let (Some(i), Some(e)) = (
        find(&[id.unwrap_or("id"), "id"]),
        find(&["entity", "entity_id", "cluster", "cluster_id", "person_id"]),
    ) {
        let people = Lookup::new(table);
        let mut out = vec![None; table.len()];
        for (a, b) in i.codes.iter().zip(&e.codes) {
            let place = people.named(i.values.text(*a), None);
            let slot = place.and_then(|(_, k)| out.get_mut(k as usize));
            if let Some(s) = slot.filter(|_| *b != 0) {
                *s = Some(*b);
            }
        }
        Truth::Entities(out)
    } else {
        return Err(wrong("needs columns id,entity or id_l,id_r,match".into()));
    };
    let known = match &truth {
        Truth::Entities(e) => e.iter().any(Option::is_some),
        Truth::Pairs(p) => !p.is_empty(),
    };
    if !known && !t.is_empty() {
        return Err(wrong(
            "none of its identifiers is one of the records; where several files are linked, write the file's letter before it: `b:17`".into(),
        ));
    }
    Ok(truth)
}

fn pairs((l, r, m): (&Column, &Column, &Column), table: &Table) -> Result<Truth, String> {
    let people = Lookup::new(table);
    let mut out = HashMap::new();
    for ((a, b), y) in l.codes.iter().zip(&r.codes).zip(&m.codes) {
        let same = match m.values.text(*y).to_lowercase().as_str() {
            "true" | "yes" => true,
            "false" | "no" => false,
            "" => continue,
            // a clerk's score, as Splink keeps it; one half says nothing
            number => match number.parse::<f64>() {
                Ok(0.5) => continue,
                Ok(x) if (0.0..=1.0).contains(&x) => x > 0.5,
                _ => return Err("an answer under `match` is no number from 0 to 1".into()),
            },
        };
        let Some((source, x)) = people.named(l.values.text(*a), None) else {
            continue;
        };
        // where files are linked with each other, the second identifier is one of another file
        let other = table.sources.across().then_some(source);
        if let Some((_, z)) = people.named(r.values.text(*b), other) {
            out.insert((x.min(z), x.max(z)), same);
        }
    }
    Ok(Truth::Pairs(out))
}

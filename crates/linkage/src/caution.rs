//! What a person must know before they use a result: said on screen, first in the report, and in the statistics.

use crate::{LinkError, compare::Records, pipeline::Outcome, profile::Kind, table::Table};

/// Probabilities further than this from what witnesses say, on average, are not to be used as they are.
const FAR: f64 = 0.1;

/// Sentences; none for a usual run.
#[must_use]
pub fn cautions(records: &Records, outcome: &Outcome) -> Vec<String> {
    let mut out = Vec::new();
    let has = |kinds: &[Kind]| records.fields.iter().any(|f| kinds.contains(&f.kind));
    let own = [
        Kind::GivenName,
        Kind::FullName,
        Kind::Date,
        Kind::Digits,
        Kind::Email,
        Kind::Custom,
    ];
    if has(&[Kind::FamilyName]) && !has(&own) {
        out.push(
            "nothing that is compared tells two people of one home apart: a family counts as one person, and every probability \
             says \"one family\" rather than \"one person\"; add given names, dates of birth, telephone numbers or e-mail"
                .to_owned(),
        );
    }
    let r = &outcome.reliability;
    if r.gap > FAR.max(3.0 * r.noise) {
        out.push(format!(
            "probabilities of this run are not worth what they say: by its own check they are about {:.2} from the truth on \
             average; look at pairs before you use any, judge some with `link label` and learn from the answers, or add a column",
            r.gap
        ));
    }
    out
}

/// Columns that only one of several files has values in: between files they say nothing. Sentences.
///
/// # Errors
/// There is no other column.
pub fn one_sided(table: &Table) -> Result<Vec<String>, LinkError> {
    let files = table.sources.count();
    if files < 2 {
        return Ok(Vec::new());
    }
    let filled = |codes: &[u32]| {
        let with = |s: &usize| {
            let r = table.sources.range(*s);
            let own = codes.get(r.start as usize..r.end as usize);
            own.is_some_and(|c| c.iter().any(|code| *code != 0))
        };
        (0..files).filter(with).collect::<Vec<_>>()
    };
    let (mut out, mut shared) = (Vec::new(), 0);
    for c in &table.columns {
        match filled(&c.codes).as_slice() {
            [] => {}
            [only] => {
                let letter = table.sources.letter(table.sources.range(*only).start);
                out.push(format!(
                    "column {}: file {letter} alone has values in it; between files it says nothing",
                    c.name
                ));
            }
            _ => shared += 1,
        }
    }
    if shared == 0 {
        return Err(LinkError::Unlearnable(
            "no column has values in two of the files; columns are matched by name, so name alike what is to be compared".into(),
        ));
    }
    Ok(out)
}

//! What may be shown of one entry and of one subject, by what is held back, hidden or gone.

use std::collections::BTreeMap;

use domain::id::RecordId;
use domain::record::Spine;
use domain::time::Instant;
use domain::view::{Concern, SubjectKind};

use super::{Said, SubjectView};
use crate::assemble::Stream;
use crate::content::Content;

pub(super) fn said(concern: &Concern, spine: &Spine, contents: Option<&BTreeMap<u32, Content>>) -> Vec<Said> {
    if concern.not_about.contains(&spine.id) {
        return vec![Said::NotAboutThisPerson];
    }
    let Some(contents) = contents else {
        return vec![Said::HeldBack];
    };
    let erasures: Vec<_> = concern
        .erasures
        .iter()
        .filter(|e| e.record == spine.id && e.hides())
        .collect();
    let mut out: Vec<Said> = erasures
        .iter()
        .map(|e| match e.erased {
            None if e.must_not_be_here => Said::MustNotBeHere {
                field: e.field.clone(),
            },
            Some(_) => Said::Erased {
                field: e.field.clone(),
                at: e.erased,
                reason: e.reason.clone(),
            },
            None => Said::Hidden {
                field: e.field.clone(),
                until: e.due,
            },
        })
        .collect();
    let spine_fields: Vec<String> = spine.fields().into_iter().map(|(name, _)| name).collect();
    let shown = contents
        .get(&spine.sequence)
        .into_iter()
        .flat_map(Content::disclosures)
        .filter_map(|d| {
            let hidden =
                erasures.iter().any(|e| e.field == d.name()) || spine_fields.iter().any(|f| f == d.name());
            match d.value() {
                ledger::leaf::Value::Text(text) if !hidden => Some(Said::Text {
                    field: d.name().to_owned(),
                    text: text.clone(),
                }),
                _ => None,
            }
        });
    out.extend(shown);
    out
}

/// The names of an entry's texts that could be erased: not those of the spine, not those hidden or gone already.
pub(super) fn erasable(
    concern: &Concern,
    spine: &Spine,
    contents: Option<&BTreeMap<u32, Content>>,
) -> Vec<String> {
    let of_spine: Vec<String> = spine.fields().into_iter().map(|(name, _)| name).collect();
    let hidden = |name: &str| {
        let mut of_this = concern.erasures.iter().filter(|e| e.record == spine.id);
        of_this.any(|e| e.hides() && e.field == name)
    };
    let said = contents.and_then(|all| all.get(&spine.sequence));
    said.into_iter()
        .flat_map(Content::disclosures)
        .filter(|d| matches!(d.value(), ledger::leaf::Value::Text(text) if !text.is_empty()))
        .map(|d| d.name().to_owned())
        .filter(|name| !of_spine.contains(name) && !hidden(name))
        .collect()
}

/// Initials of a name: `R.K.`; empty for none.
fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|part| part.chars().next())
        .fold(String::new(), |mut out, letter| {
            out.extend(letter.to_uppercase());
            out.push('.');
            out
        })
}

/// Initials and age, or the kind of thing when there is no name.
pub(crate) fn label(kind: SubjectKind, content: Option<&Content>, now: Instant) -> String {
    let Some(content) = content else {
        return String::new();
    };
    let name = content.text("name");
    if !matches!(kind, SubjectKind::Child | SubjectKind::Adult) {
        return name;
    }
    let initials = initials(&name);
    match super::super::posts::age(&content.text("born"), &content.text("age"), now) {
        Some(age) if !initials.is_empty() => format!("{initials}, aged {age}"),
        Some(age) => format!("aged {age}"),
        None => initials,
    }
}

pub(super) fn subject_views(
    concern: &Concern,
    stream: &Stream,
    contents: Option<&BTreeMap<u32, Content>>,
    now: Instant,
) -> Vec<SubjectView> {
    let place = |record: RecordId| stream.spines.iter().find(|s| s.id == record).map(|s| s.sequence);
    let fields = [
        "born",
        "age",
        "nhs-number",
        "phone",
        "address",
        "works-or-learns-at",
        "about",
    ];
    concern
        .subjects
        .iter()
        .map(|subject| {
            let gone = subject.not_about.is_some();
            let content = contents
                .zip(place(subject.named_by))
                .and_then(|(all, at)| all.get(&at));
            let content = content.filter(|_| !gone);
            let text = |name: &str| content.map(|c| c.text(name)).unwrap_or_default();
            SubjectView {
                id: subject.id,
                kind: subject.kind,
                role: subject.role.clone(),
                name: text("name"),
                label: label(subject.kind, content, now),
                details: fields
                    .iter()
                    .map(|name| ((*name).to_owned(), text(name)))
                    .filter(|(_, value)| !value.is_empty())
                    .collect(),
                closed: subject.closed,
                not_about: gone,
                outcome: concern.decision(Some(subject.id)).map(|d| d.outcome.clone()),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_show_initials() {
        assert_eq!(initials("Rhiannon Kestrel"), "R.K.");
        assert_eq!(initials("  "), "");
    }
}

//! Rule packs: reviewed files parsed into the domain's rows.
//!
//! England's is built in; a directory may replace any of its files by the same name. Whatever is wrong is said with
//! file, line and reason, all of it at once, and stops the start. Unknown keys are refused: a slip in a key would be a
//! rule that silently is not there.

mod calendars;
mod clocks;
mod lists;
mod outcomes;
mod source;
mod words;

use std::path::Path;

use domain::pack::Pack;
use sha2::{Digest, Sha256};

pub use source::{Fault, Faults};
pub(crate) use source::{Reader, Source};
pub(crate) use words::time_of_day;

/// The files of a pack, in the order in which they are read and digested.
pub const FILES: [&str; 10] = [
    "calendars.toml",
    "categories.toml",
    "clocks.toml",
    "holds.toml",
    "ladders.toml",
    "language.toml",
    "outcomes.toml",
    "pack.toml",
    "retention.toml",
    "roles.toml",
];

const ENGLAND: [&str; 10] = [
    include_str!("../../../../rules/england/calendars.toml"),
    include_str!("../../../../rules/england/categories.toml"),
    include_str!("../../../../rules/england/clocks.toml"),
    include_str!("../../../../rules/england/holds.toml"),
    include_str!("../../../../rules/england/ladders.toml"),
    include_str!("../../../../rules/england/language.toml"),
    include_str!("../../../../rules/england/outcomes.toml"),
    include_str!("../../../../rules/england/pack.toml"),
    include_str!("../../../../rules/england/retention.toml"),
    include_str!("../../../../rules/england/roles.toml"),
];

/// The rule pack for England that is built into the program.
///
/// # Errors
/// Never in a released program: a test reads it.
pub fn england() -> Result<Pack, Faults> {
    read(&built_in())
}

/// The rule pack for England, with each file that stands in `dir` in place of the built-in one of the same name.
///
/// # Errors
/// Everything wrong with the files, and any `.toml` file in `dir` that is not one of [`FILES`].
pub fn with_overrides(dir: &Path) -> Result<Pack, Faults> {
    let unreadable = |name: &str, error: std::io::Error| Faults(vec![Fault::whole(name, error.to_string())]);
    let shown = dir.display().to_string();
    let mut sources = built_in();
    for entry in std::fs::read_dir(dir).map_err(|error| unreadable(&shown, error))? {
        let path = entry.map_err(|error| unreadable(&shown, error))?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if !name.ends_with(".toml") {
            continue;
        }
        let Some(source) = sources.iter_mut().find(|source| source.name() == name) else {
            let reason = format!("a rule pack has no such file; it has {}", FILES.join(", "));
            return Err(Faults(vec![Fault::whole(name, reason)]));
        };
        let text = std::fs::read_to_string(&path).map_err(|error| unreadable(name, error))?;
        *source = Source::new(name, text);
    }
    read(&sources)
}

fn built_in() -> Vec<Source> {
    let pairs = FILES.iter().zip(ENGLAND);
    pairs
        .map(|(name, text)| Source::new(name, text.to_owned()))
        .collect()
}

/// SHA-256 over each file's name and bytes, both preceded by their length; line ends count as one newline.
fn digest(sources: &[Source]) -> String {
    let mut hash = Sha256::new();
    for source in sources {
        let text = source.text().replace("\r\n", "\n");
        for part in [source.name().as_bytes(), text.as_bytes()] {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
    }
    domain::record::hex(&hash.finalize())
}

/// Reads a pack from its ten files, given in the order of [`FILES`].
///
/// # Errors
/// Everything wrong with them.
pub(crate) fn read(sources: &[Source]) -> Result<Pack, Faults> {
    let mut faults = Vec::new();
    let pack = assemble(sources, &mut faults);
    match pack {
        Some(pack) if faults.is_empty() => Ok(pack),
        _ => Err(Faults(faults)),
    }
}

fn assemble(sources: &[Source], faults: &mut Vec<Fault>) -> Option<Pack> {
    let [
        calendars,
        categories,
        clocks,
        holds,
        ladders,
        language,
        outcomes,
        pack,
        retention,
        roles,
    ] = sources
    else {
        faults.push(Fault::whole(
            "pack",
            format!("a rule pack has {} files", FILES.len()),
        ));
        return None;
    };
    // In stages: a slip in one file is not repeated as a missing name in every file that needs it.
    let head = lists::head(&mut Reader::new(pack, faults));
    let calendars = calendars::read(&mut Reader::new(calendars, faults));
    let roles = lists::roles(&mut Reader::new(roles, faults));
    let categories = lists::categories(&mut Reader::new(categories, faults));
    let retention = lists::retention(&mut Reader::new(retention, faults));
    let prompts = lists::prompts(&mut Reader::new(language, faults));
    let head = head.filter(|_| faults.is_empty())?;
    let ladders = lists::ladders(&mut Reader::new(ladders, faults), &roles);
    let holds = lists::holds(&mut Reader::new(holds, faults), &categories, &roles);
    if !faults.is_empty() {
        return None;
    }
    let known = clocks::Known {
        calendars: &calendars,
        roles: &roles,
        ladders: &ladders,
        zone: &head.zone,
    };
    let clocks = clocks::read(&mut Reader::new(clocks, faults), &known);
    if !faults.is_empty() {
        return None;
    }
    let decided = outcomes::read(&mut Reader::new(outcomes, faults), &clocks, &roles)?;
    if !calendars.contains_key(&head.office_calendar) {
        let reason = format!("there is no calendar `{}` for the posts", head.office_calendar);
        faults.push(Fault::whole(pack.name(), reason));
    }
    let digest = digest(sources);
    let short = digest.get(..12).unwrap_or_default();
    Some(Pack {
        version: format!("{}-{}+{short}", head.id, head.version),
        id: head.id,
        digest,
        zone: head.zone,
        calendars,
        office_calendar: head.office_calendar,
        clocks,
        roles,
        ladders,
        outcomes: decided.outcomes,
        findings: decided.findings,
        second_reading: decided.second_reading,
        sentences: decided.sentences,
        categories,
        prompts,
        holds,
        retention,
    })
}

#[cfg(test)]
mod tests;

//! Which way dependencies point, and the lint settings that must agree.

use super::tree::{File, Tree};
use super::{Finding, finding};

/// Each crate of ours and the crates of ours it may depend on.
const MAY: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("ledger", &[]),
    ("linkage", &[]),
    ("link", &["linkage"]),
    ("exchange", &["domain", "ledger"]),
    ("node", &["domain", "ledger", "linkage", "exchange"]),
    ("server", &["node", "domain"]),
    ("cli", &["server", "node", "ledger", "linkage", "link"]),
    ("xtask", &[]),
    ("cluster", &["linkage", "link"]),
];

/// Crates with no clock, randomness or environment; the nearest `clippy.toml` replaces the root's.
const PURE: &[&str] = &["domain", "ledger", "linkage", "exchange"];

/// Checks every manifest and the pure crates' lint settings.
pub fn check(tree: &Tree, found: &mut Vec<Finding>) {
    for file in tree.files.iter().filter(|file| is_manifest(&file.path)) {
        manifest(file, found);
    }
    let settings: Vec<&File> = PURE
        .iter()
        .filter_map(|name| tree.file(&format!("crates/{name}/clippy.toml")))
        .collect();
    let first = settings.first().map(|file| file.text.as_str());
    for file in settings.iter().filter(|file| Some(file.text.as_str()) != first) {
        let text = "the pure crates' copies differ; each replaces the root's and must be whole";
        found.push(finding(&file.path, 1, "clippy", text));
    }
    for name in PURE {
        let has_crate = tree.file(&format!("crates/{name}/Cargo.toml")).is_some();
        let path = format!("crates/{name}/clippy.toml");
        if has_crate && tree.files.len() > 1 && tree.file(&path).is_none() {
            found.push(finding(&path, 1, "clippy", "a pure crate needs the whole list"));
        }
    }
}

fn is_manifest(path: &str) -> bool {
    matches!(path, "xtask/Cargo.toml" | "cluster/Cargo.toml")
        || (path.starts_with("crates/") && path.ends_with("/Cargo.toml"))
}

fn manifest(file: &File, found: &mut Vec<Finding>) {
    let folder = file.path.trim_end_matches("/Cargo.toml");
    let name = folder.rsplit('/').next().unwrap_or_default();
    let Some((_, may)) = MAY.iter().find(|(known, _)| *known == name) else {
        let text = "a new crate needs a decision record and a row in xtask/src/tidy/crates.rs";
        found.push(finding(&file.path, 1, "dependency", text));
        return;
    };
    let mut section = String::new();
    for (line, text) in (1..).zip(file.text.lines()) {
        if let Some(head) = text.strip_prefix('[') {
            section = head.trim_end_matches(']').to_owned();
        }
        let direct = section.ends_with("dependencies") && !section.contains("dependencies.");
        let dependency = if direct {
            text.split(['.', '=', ' ']).next().unwrap_or_default()
        } else {
            section.rsplit_once("dependencies.").map_or("", |(_, name)| name)
        };
        if dependency == "cedar-policy" && name != "domain" {
            found.push(finding(
                &file.path,
                line,
                "cedar",
                "is a dependency of domain alone",
            ));
        }
        let ours = MAY.iter().any(|(known, _)| *known == dependency);
        let dev = section.starts_with("dev-");
        if ours && !may.contains(&dependency) && !(dev && is_above(name, dependency)) {
            let text = format!("{name} may not depend on {dependency}: see ARCHITECTURE.md");
            found.push(finding(&file.path, line, "dependency", text));
        }
    }
}

/// Whether `name` stands above `dependency`, so that its tests may use it.
fn is_above(name: &str, dependency: &str) -> bool {
    let place = |wanted: &str| MAY.iter().position(|(known, _)| *known == wanted);
    name != "xtask" && place(name) > place(dependency) && !matches!(name, "domain" | "ledger" | "linkage")
}

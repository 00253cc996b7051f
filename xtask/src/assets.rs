//! `cargo xtask assets [--check]`: builds the stylesheet, scripts and font the server
//! embeds, or checks that the committed ones are what their sources build.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Build `crates/server/assets/dist`, or with `--check` compare it with a fresh build.
///
/// Node and npm are needed here and nowhere else: the built files are committed.
///
/// # Errors
/// A sentence saying what is missing, or which step failed.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let folder = assets_folder();
    if !folder.join("node_modules/govuk-frontend/package.json").is_file() {
        step(&folder, "npm", &["ci", "--ignore-scripts"])?;
    }
    let mut build = vec!["build.mjs"];
    if arguments.iter().any(|argument| argument == "--check") {
        build.push("--check");
    }
    step(&folder, "node", &build)
}

fn assets_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/server/assets")
}

fn step(folder: &Path, program: &str, arguments: &[&str]) -> Result<(), String> {
    let status = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .status()
        .map_err(|error| format!("assets: cannot start {program}: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("assets: {program} {} failed", arguments.join(" ")))
    }
}

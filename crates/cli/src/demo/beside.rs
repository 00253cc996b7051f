//! The demo's witness: this same program, as a second process with its own key and its own directory.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use node::app::Node;
use node::app::witnessing::{VerifierKey, Witness};
use server::peer::cosign::Remote;

use crate::outcome::sentence;

/// A witness in a process of its own; it ends with this value, and with this process even when that is killed.
pub struct Beside(Child);

impl Drop for Beside {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a witness for this node's log.
///
/// # Errors
/// In words. The demo goes on without one: recording never waits for a witness.
pub fn start(node: &Node, home: &Path) -> Result<(Beside, Arc<dyn Witness>), String> {
    let logs = home.join("policy.txt");
    let policy = node.policy_file(&[]).map_err(|error| sentence(&error))?;
    std::fs::write(&logs, policy).map_err(|error| sentence(&error))?;
    let program = std::env::current_exe().map_err(|error| sentence(&error))?;
    let child = Command::new(program)
        .arg("witness")
        .arg(home.join("witness"))
        .args([
            "--name",
            "witness.example/northmere-partnership",
            "--listen",
            "127.0.0.1:0",
            "--logs",
        ])
        .arg(&logs)
        .arg("--with-parent")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut beside = Beside(child.map_err(|error| sentence(&error))?);
    let out = beside.0.stdout.take().ok_or("The witness says nothing.")?;
    let mut lines = BufReader::new(out).lines();
    let mut line = || {
        lines
            .next()
            .and_then(Result::ok)
            .ok_or("The witness ended at once.")
    };
    let key = line()?.rsplit(' ').next().map(VerifierKey::parse);
    let url = line()?.rsplit(' ').next().unwrap_or_default().to_owned();
    let key = key
        .and_then(Result::ok)
        .ok_or("The witness's key cannot be read.")?;
    let remote = Remote::new(key, &url).map_err(|error| sentence(&error))?;
    Ok((beside, Arc::new(remote)))
}

//! The command `daylight link`, usable on its own as `daylight-link`.
//!
//! It reads files, calls the crate `linkage`, and writes results; no decision about records is taken here.

mod args;
mod fairness;
mod inspect;
mod keep;
mod label;
pub mod page;
mod run;
mod show;
mod store;
mod truth;

pub use args::{Command, LinkArgs, Reading};
pub use run::Engine;

use linkage::{LinkError, meter::Meter};
use std::{io::Write, process::ExitCode, sync::Arc};

/// Does what the command line says. Results of the inspecting commands go to `out`.
///
/// # Errors
/// Everything [`LinkError`] names.
pub fn execute(args: &LinkArgs, out: &mut dyn Write) -> Result<(), LinkError> {
    let text = match &args.command {
        None => return run::run(args, &interruptible(), None),
        Some(Command::Explain { a, b, run, json }) => inspect::explain(a, b, run, *json)?,
        Some(Command::Evaluate {
            run,
            labels,
            by,
            on,
            json,
            html,
        }) => inspect::evaluation(run, labels, by, on.as_deref(), (*json, html.as_deref()))?,
        Some(Command::Unlinkables { run }) => inspect::unlinkables(run)?,
        Some(Command::Profile { files, reading }) => inspect::columns(files, reading)?,
        Some(Command::Blocking { files, reading }) => inspect::blocking(files, reading)?,
        Some(Command::Clusters { run, show }) => inspect::clusters(run, *show)?,
        Some(Command::Label {
            run,
            labels,
            port,
            show,
        }) => return label::serve(run, labels.as_deref(), *port, *show, out),
        Some(Command::ImportSplink { file, out }) => {
            let text = std::fs::read_to_string(file).map_err(|source| LinkError::Io {
                path: file.display().to_string(),
                source,
            })?;
            let imported = linkage::splink::import(&text)?;
            let json = serde_json::to_string_pretty(&imported.settings)
                .map_err(|e| LinkError::Model(e.to_string()))?;
            linkage::write::text(out, &json)?;
            imported.notes.join("\n") + "\n"
        }
    };
    out.write_all(text.as_bytes()).map_err(|source| LinkError::Io {
        path: "output".into(),
        source,
    })
}

/// Runs one linkage whose pairs are made and scored by `engine`; everything else is done, and written, as by [`execute`].
///
/// # Errors
/// Everything [`LinkError`] names.
pub fn execute_on(args: &LinkArgs, engine: &dyn Engine) -> Result<(), LinkError> {
    run::run(args, &interruptible(), Some(engine))
}

/// A meter that an interrupt (Ctrl-C) stops; a second interrupt ends the process at once. Nothing is lost by either.
fn interruptible() -> Arc<Meter> {
    let meter = Arc::new(Meter::default());
    let inner = Arc::clone(&meter);
    // fails only where somebody has a handler already: then theirs decides
    let _ = ctrlc::set_handler(move || {
        if inner.stopped() {
            std::process::exit(INTERRUPTED.into());
        }
        inner.stop();
    });
    meter
}

/// As shells report a program ended by an interrupt.
const INTERRUPTED: u8 = 130;

/// Says what went wrong, on standard error, and with which code to end: 130 when stopped on request, otherwise 2.
#[must_use]
pub fn failure(e: &LinkError) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "error: {e}");
    ExitCode::from(if matches!(e, LinkError::Stopped) {
        INTERRUPTED
    } else {
        2
    })
}

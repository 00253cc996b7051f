//! `daylight link`: record linkage; everything is in the crate `link`, which also stands alone as `daylight-link`.

use std::process::ExitCode;

/// Runs the command. Exit code 2 when it could not be done, 130 when it was stopped on request.
pub fn run(args: &::link::LinkArgs) -> ExitCode {
    match ::link::execute(args, &mut std::io::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => ::link::failure(&e),
    }
}

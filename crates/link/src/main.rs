//! `daylight-link`: record linkage without the server.

use clap::Parser;
use std::process::ExitCode;

/// Record linkage with a calibrated probability and an explanation for every pair.
#[derive(Parser)]
#[command(name = "daylight-link", version)]
struct Cli {
    #[command(flatten)]
    link: link::LinkArgs,
}

fn main() -> ExitCode {
    match link::execute(&Cli::parse().link, &mut std::io::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => link::failure(&e),
    }
}

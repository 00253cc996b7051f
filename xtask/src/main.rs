//! Tasks that check or build the repository itself: `cargo xtask <task>`.

mod assets;
mod test;
mod tidy;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (task, rest) = arguments
        .split_first()
        .map_or(("", &[][..]), |(task, rest)| (task.as_str(), rest));
    let done = match task {
        "assets" => assets::run(rest),
        "test" => test::run(rest),
        "tidy" => tidy::run(),
        _ => {
            Err("usage: cargo xtask assets [--check] | test [--quick | --all | --cluster] | tidy".to_owned())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) if message.is_empty() => ExitCode::FAILURE,
        Err(message) => {
            use std::io::Write;
            let _ = writeln!(std::io::stderr(), "{message}");
            ExitCode::FAILURE
        }
    }
}

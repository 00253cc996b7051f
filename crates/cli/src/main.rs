//! `daylight`: one program, one file per command. Parse, run, exit code.

mod demo;
mod directory;
mod key;
mod link;
mod outcome;
mod serve;
mod verify;
mod witness;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Hear concerns about children, join them up, answer them in time, and prove it afterwards.
#[derive(Parser)]
#[command(name = "daylight", version)]
struct Daylight {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(Box<serve::Args>),
    Invite(serve::InviteArgs),
    Token(serve::TokenArgs),
    Demo(demo::Args),
    Verify(verify::Args),
    Witness(witness::Args),
    Key(key::Args),
    Link(Box<::link::LinkArgs>),
}

fn main() -> ExitCode {
    match Daylight::parse().command {
        Command::Serve(args) => serve::run(&args),
        Command::Invite(args) => serve::invite(&args),
        Command::Token(args) => serve::token(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Witness(args) => witness::run(&args),
        Command::Key(args) => key::run(&args),
        Command::Link(args) => return link::run(&args),
    }
    .finish()
}

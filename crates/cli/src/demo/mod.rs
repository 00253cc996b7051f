//! `daylight demo`: lives through a few weeks of an invented council, then serves it on loopback.

mod acts;
mod beside;
mod folder;
mod people;
mod serve;
mod story;
mod world;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use node::agency::AgencyFile;
use node::app::verify::Verdict;
use node::app::{Database, Node, Settings};
use node::clock::SimulatedClock;
use node::domain::policy::Policy;
use node::jobs::Outside;

use crate::outcome::{Outcome, sentence};
use folder::Folder;
use people::People;
use world::{World, at};

/// The agency file of Northmere, which is invented.
const NORTHMERE: &str = include_str!("../../../../rules/demo/northmere.toml");

/// Live through a few weeks of an invented council, then show it.
#[derive(clap::Args)]
pub struct Args {
    /// Where to keep it. It must not exist yet. A new temporary directory if not given.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// Live through the weeks, check the whole store, and stop.
    #[arg(long)]
    once: bool,

    /// Where to listen: an address of this machine only.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8420")]
    listen: std::net::SocketAddr,
}

/// Runs the command.
pub fn run(args: &Args) -> Outcome {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Outcome::CannotCheck(format!("There are no threads to run on: {error}.")),
    };
    match runtime.block_on(demo(args)) {
        Ok(lines) => Outcome::Done(lines),
        Err(why) => Outcome::CannotCheck(why),
    }
}

async fn demo(args: &Args) -> Result<Vec<String>, String> {
    let home = home(args)?;
    let world = open(&home).await?;
    let bar = indicatif::ProgressBar::new_spinner();
    let people = People::arrive(&world.node).await.map_err(|e| sentence(&e))?;
    let lived = story::live(&world, &people, |week| bar.set_message(week.to_owned())).await;
    bar.finish_and_clear();
    lived.map_err(|error| sentence(&error))?;
    if args.once {
        return verified(&world.node).await;
    }
    serve::serve(world, &people, &home, args.listen).await
}

/// A line for whoever started this. A closed pipe is no reason to stop.
fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn home(args: &Args) -> Result<PathBuf, String> {
    let home = match &args.data {
        Some(directory) => directory.clone(),
        None => std::env::temp_dir().join(format!("daylight-demo-{}", std::process::id())),
    };
    if home.join("daylight.db").exists() {
        return Err(format!(
            "{} already holds a node: name a directory that does not exist yet.",
            home.display()
        ));
    }
    std::fs::create_dir_all(&home).map_err(|error| format!("{} cannot be made: {error}.", home.display()))?;
    Ok(home)
}

async fn open(home: &Path) -> Result<World, String> {
    let pack = node::rules::england().map_err(|faults| faults.to_string())?;
    let file = AgencyFile::parse("northmere.toml", NORTHMERE, &pack).map_err(|faults| faults.to_string())?;
    let clock = SimulatedClock::starting(at("2026-08-24 08:00").map_err(|e| sentence(&e))?);
    let settings = Settings {
        data: home.to_path_buf(),
        database: Database::Embedded,
        pack: file.settled(&pack),
        agency: file.agency,
        policy: Policy::standard().map_err(|e| sentence(&e))?,
        clock: clock.clone(),
    };
    let node = Node::open(settings).await.map_err(|e| sentence(&e))?;
    let agency = home.join("agency.toml");
    std::fs::write(&agency, NORTHMERE)
        .map_err(|error| format!("{} cannot be written: {error}.", agency.display()))?;
    let mail = |name| Folder::new(name, home.join(name)).map_err(|e| sentence(&e));
    let outside = Outside {
        channels: vec![
            Arc::new(mail("email")?),
            Arc::new(mail("text")?),
            Arc::new(mail("telephone")?),
        ],
        witnesses: Vec::new(),
    };
    Ok(World { node, clock, outside })
}

async fn verified(node: &Node) -> Result<Vec<String>, String> {
    match node.verify_store(|_, _, _| {}).await.map_err(|e| sentence(&e))? {
        Verdict::Holds { entries, streams, .. } => Ok(vec![format!(
            "{entries} entries in {streams} streams: all five checks hold."
        )]),
        Verdict::Fails { part, words, .. } => Err(format!("Checking {} fails: {words}.", part.words())),
    }
}

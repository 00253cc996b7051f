//! Opening a node from what the command line and the environment say, and running until asked to stop.

use std::future::Future;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use node::agency::{AgencyFile, Level};
use node::app::{Database, Node, Settings};
use node::clock::{Clock, SystemClock};
use node::domain::policy::Policy;

use crate::outcome::{Outcome, sentence};

/// Said at every start until somebody puts a file `backed-up` beside the keys.
pub const NOT_BACKED_UP: &str = "The keys of this node are not backed up. Without them everything it holds is lost. \
    Copy the directory `keys` to a safe place that is not this machine, then make an empty file `backed-up` in it.";

/// Where a node is and what it goes by.
#[derive(clap::Args)]
pub struct Place {
    /// Its directory: keys, and the database when it is embedded.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,

    /// The agency's reviewed file: posts, hours, deputies, ladders. DIR/agency.toml if not given.
    #[arg(long, value_name = "FILE")]
    agency: Option<PathBuf>,

    /// Rule files that replace England's of the same name.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,

    /// A PostgreSQL server: postgres://user@host:port/database. With a password, put it into DAYLIGHT_DATABASE.
    #[arg(long, value_name = "URL")]
    database: Option<String>,

    /// The schema there: one a node.
    #[arg(long, value_name = "NAME", default_value = "daylight")]
    schema: String,
}

impl Place {
    /// A node's directory, with its agency's file in it and its database embedded.
    pub fn of(data: &std::path::Path) -> Self {
        Self {
            data: data.to_path_buf(),
            agency: None,
            rules: None,
            database: None,
            schema: "daylight".to_owned(),
        }
    }
}

/// Opens the node, or says what to do first.
pub async fn open(place: &Place) -> Result<Node, String> {
    let pack = match &place.rules {
        Some(directory) => node::rules::with_overrides(directory),
        None => node::rules::england(),
    };
    let pack = pack.map_err(|faults| faults.to_string())?;
    let file = place
        .agency
        .clone()
        .unwrap_or_else(|| place.data.join("agency.toml"));
    if !file.exists() {
        return Err(format!(
            "There is no agency file at {}. Begin with a copy of rules/demo/northmere.toml.",
            file.display()
        ));
    }
    let agency = AgencyFile::load(&file, &pack).map_err(|faults| faults.to_string())?;
    let found = node::agency::check(&agency.agency, &pack, SystemClock.now());
    for finding in &found {
        say(&finding.to_string());
    }
    if found.iter().any(|finding| finding.level == Level::Refuse) {
        return Err("The agency's file would leave something with nobody. Nothing was started.".to_owned());
    }
    let url = place
        .database
        .clone()
        .or_else(|| environment("DAYLIGHT_DATABASE"));
    let database = match url {
        Some(url) => Database::Postgres {
            url,
            schema: place.schema.clone(),
        },
        None => Database::Embedded,
    };
    let settings = Settings {
        data: place.data.clone(),
        database,
        pack: agency.settled(&pack),
        agency: agency.agency,
        policy: Policy::standard().map_err(|e| sentence(&e))?,
        clock: Arc::new(SystemClock),
    };
    Node::open(settings).await.map_err(|e| sentence(&e))
}

/// A variable of the environment, if it is set and not empty.
#[expect(
    clippy::disallowed_methods,
    reason = "the environment is read in this crate and nowhere else"
)]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Sends the log to standard error: DAYLIGHT_LOG says how much (`info` unless it is set). It holds nothing personal.
pub fn log() {
    let filter = environment("DAYLIGHT_LOG").unwrap_or_else(|| "info".to_owned());
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // Fails only when a log is set up already; then that one is used.
    let _ = builder.try_init();
}

/// A line for whoever started this. A closed pipe is no reason to stop.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Runs to the end on as many threads as there are cores.
pub fn block_on(work: impl Future<Output = Result<Vec<String>, String>>) -> Outcome {
    match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Err(error) => Outcome::CannotCheck(format!("There are no threads to run on: {error}.")),
        Ok(runtime) => match runtime.block_on(work) {
            Ok(lines) => Outcome::Done(lines),
            Err(why) => Outcome::CannotCheck(why),
        },
    }
}

/// Waits for Ctrl-C, or for the system to ask.
pub async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

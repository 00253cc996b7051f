//! `daylight witness`: sign the heads of other agencies' logs, and never let one take anything back.

mod state;

use crate::directory::read;
use crate::outcome::{Outcome, sentence};
use ledger::policy::Policy;
use state::{Log, State};
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// Run a witness: it signs the head of a log only if that extends what it signed before.
///
/// The directory holds the witness's key, made on first start, and what it last signed for each log. Never
/// restore it from a backup: a witness that forgets can be made to sign a rewritten log.
#[derive(clap::Args)]
pub struct Args {
    /// The witness's own directory.
    #[arg(value_name = "DIR")]
    directory: PathBuf,

    /// The name it signs under, such as `witness.example`.
    #[arg(long)]
    name: String,

    /// A policy file whose `log` lines name the logs it serves.
    #[arg(long, value_name = "FILE")]
    logs: PathBuf,

    /// End when whoever started this closes its standard input, or ends: the demo's witness does not outlive the demo.
    #[arg(long, hide = true)]
    with_parent: bool,

    /// Where to listen.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7071")]
    listen: SocketAddr,
}

/// Runs until the process is told to stop.
pub fn run(args: &Args) -> Outcome {
    match serve(args) {
        Ok(()) => Outcome::Done(Vec::new()),
        Err(why) => Outcome::CannotCheck(why),
    }
}

fn serve(args: &Args) -> Result<(), String> {
    let policy = Policy::parse(&read(&args.logs, ledger::policy::MAX_BYTES as u64)?);
    let policy = policy.map_err(|error| format!("{}: {}", args.logs.display(), sentence(&error)))?;
    let logs: Vec<Log> = policy.logs().iter().map(|log| Log(log.key.clone())).collect();
    let state = Arc::new(State::open(&args.directory, &args.name, logs)?);
    let runtime = tokio::runtime::Runtime::new().map_err(|error| sentence(&error))?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(args.listen).await;
        let listener = listener.map_err(|error| format!("Cannot listen on {}: {error}.", args.listen))?;
        let address = listener.local_addr().map_err(|error| sentence(&error))?;
        announce(&format!(
            "witness {} {}\nlistening on http://{address}\n",
            args.name,
            state.verifier()
        ));
        let with_parent = args.with_parent;
        let stop = async move {
            if with_parent {
                return parent_ended().await;
            }
            // If no signal can be heard, the process ends when it is killed, which is as safe.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        server::peer::witness::serve(listener, state, stop)
            .await
            .map_err(|error| sentence(&error))
    })
}

/// Waits until standard input is closed: by whoever started this, or because they ended, however they ended.
async fn parent_ended() {
    let closed = tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
    // An error of reading is as good a sign that nobody is there any more.
    let _ = closed.await;
}

fn announce(text: &str) {
    let mut out = std::io::stdout();
    // Nobody may be reading; the witness serves all the same.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

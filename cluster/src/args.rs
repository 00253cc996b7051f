//! Command line.

use std::path::PathBuf;

/// Links records on several machines: the same settings, the same results as `daylight link`.
#[derive(clap::Parser)]
#[command(name = "daylight-link-cluster", version)]
pub struct Cli {
    /// What this process is.
    #[command(subcommand)]
    pub command: Command,
}

/// What a process of the cluster may be.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Plans parts and hands them to executors. One per cluster.
    Scheduler(SchedulerArgs),
    /// Compares pairs. As many as there are machines.
    Executor(ExecutorArgs),
    /// Runs one linkage: takes what `daylight link` takes, and writes what it writes.
    Run(Box<RunArgs>),
}

/// A scheduler.
#[derive(clap::Args)]
pub struct SchedulerArgs {
    /// Address to listen at.
    #[arg(long, default_value = "127.0.0.1:50050")]
    pub listen: String,
    /// Name or address under which others reach it, if not the one it listens at.
    #[arg(long)]
    pub reached_at: Option<String>,
    /// Seconds of silence after which an executor counts as lost.
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u64).range(3..))]
    pub lost_after: u64,
}

/// An executor.
#[derive(clap::Args)]
pub struct ExecutorArgs {
    /// The scheduler.
    #[arg(long, default_value = "127.0.0.1:50050")]
    pub scheduler: String,
    /// Address to listen at; other executors and whoever runs a linkage fetch results here.
    #[arg(long, default_value = "127.0.0.1:50051")]
    pub listen: String,
    /// Name or address under which others reach it, if not the one it listens at.
    #[arg(long)]
    pub reached_at: Option<String>,
    /// Tasks at once; all cores when absent.
    #[arg(long)]
    pub tasks: Option<usize>,
    /// Folder for what executors hand to one another; a temporary one when absent.
    #[arg(long)]
    pub work: Option<PathBuf>,
}

/// A run.
#[derive(clap::Args)]
pub struct RunArgs {
    /// What `daylight link` takes.
    #[command(flatten)]
    pub link: link::LinkArgs,
    /// The scheduler.
    #[arg(long, default_value = "127.0.0.1:50050")]
    pub scheduler: String,
    /// Folder that scheduler and executors see under the same name; inside the folder of results when absent.
    #[arg(long)]
    pub shared: Option<PathBuf>,
    /// How many parts the work is cut into; by the number of pairs when absent.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub parts: Option<u32>,
    /// Parts under way at once.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1_024))]
    pub at_once: u32,
    /// Seconds after which a part counts as lost and is handed out again.
    #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..))]
    pub deadline: u64,
    /// How often a part is handed out before the run gives up.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..))]
    pub attempts: u32,
}

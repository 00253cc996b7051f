//! Command line.

use std::path::PathBuf;

/// Finds records of the same person in one file, or across two.
#[derive(Clone, Debug, clap::Args)]
pub struct LinkArgs {
    /// One file to deduplicate, or two to link (CSV in UTF-8, or Parquet).
    #[arg(required = true, num_args = 1..=2)]
    pub files: Vec<String>,
    /// Column with the record identifier (row numbers when absent).
    #[arg(long)]
    pub id: Option<String>,
    /// Columns that must not be looked at.
    #[arg(long, value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Folder for results; made if it does not exist.
    #[arg(long)]
    pub out: PathBuf,
    /// Seed of everything random.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Use this model instead of learning one.
    #[arg(long)]
    pub model: Option<PathBuf>,
    /// With two files: also look for duplicates within each.
    #[arg(long)]
    pub within: bool,
    /// Every record is linked at most once.
    #[arg(long)]
    pub one_to_one: bool,
    /// Probability from which pairs count as links.
    #[arg(long)]
    pub threshold: Option<f64>,
    /// Leave malformed rows out and count them, instead of stopping.
    #[arg(long)]
    pub skip_bad_rows: bool,
    /// Number of threads; all cores when absent. The result does not depend on it.
    #[arg(long)]
    pub threads: Option<usize>,
    /// Say nothing while running.
    #[arg(long)]
    pub quiet: bool,
}

//! Command line.

use std::path::PathBuf;

/// Finds records of the same person in one file, or across two.
#[derive(Clone, Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct LinkArgs {
    /// What to do with an earlier run, or with a file before running.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// One file to deduplicate, or several to link with one another (CSV in UTF-8, or Parquet).
    #[arg(required = true, num_args = 1..)]
    pub files: Vec<String>,
    /// How to read the files.
    #[command(flatten)]
    pub reading: Reading,
    /// Folder for results; made if it does not exist.
    #[arg(long, required = true)]
    pub out: Option<PathBuf>,
    /// Seed of everything random.
    #[arg(long)]
    pub seed: Option<u64>,
    /// Use this model instead of learning one.
    #[arg(long)]
    pub model: Option<PathBuf>,
    /// Known truth, `id,entity` or `id_l,id_r,match`, to judge the result by; nothing is learned from it.
    #[arg(long, value_name = "FILE")]
    pub labels: Option<String>,
    /// With several files: also look for duplicates within each.
    #[arg(long)]
    pub within: bool,
    /// How edges and clusters are written.
    #[arg(long, value_enum)]
    pub format: Option<TableFormat>,
    /// At most one record of each file belongs together; in one file, every record is linked at most once.
    #[arg(long)]
    pub one_to_one: bool,
    /// Probability from which pairs count as links.
    #[arg(long)]
    pub threshold: Option<f64>,
    /// Number of threads; all cores when absent. The result does not depend on it.
    #[arg(long)]
    pub threads: Option<usize>,
    /// Say nothing while running.
    #[arg(long)]
    pub quiet: bool,
    /// Do the whole run again even if the folder already holds the results of the same one.
    #[arg(long)]
    pub again: bool,
}

/// How tables of results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum TableFormat {
    /// Comma-separated text.
    Csv,
    /// Parquet.
    Parquet,
}

impl From<TableFormat> for linkage::write::Format {
    fn from(f: TableFormat) -> Self {
        match f {
            TableFormat::Csv => Self::Csv,
            TableFormat::Parquet => Self::Parquet,
        }
    }
}

/// How text files are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum TextEncoding {
    /// UTF-8.
    #[value(name = "utf-8")]
    Utf8,
    /// Windows-1252, which serves for Latin-1 too.
    #[value(name = "windows-1252")]
    Windows1252,
    /// UTF-16.
    #[value(name = "utf-16")]
    Utf16,
}

impl From<TextEncoding> for linkage::read::Encoding {
    fn from(e: TextEncoding) -> Self {
        match e {
            TextEncoding::Utf8 => Self::Utf8,
            TextEncoding::Windows1252 => Self::Windows1252,
            TextEncoding::Utf16 => Self::Utf16,
        }
    }
}

/// How files are read.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Reading {
    /// Column with the record identifier (row numbers when absent).
    #[arg(long)]
    pub id: Option<String>,
    /// Columns that must not be looked at.
    #[arg(long, value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Settings file (TOML or JSON).
    #[arg(long)]
    pub settings: Option<PathBuf>,
    /// Leave malformed rows, and rows with a repeated identifier, out and count them, instead of stopping.
    #[arg(long)]
    pub skip_bad_rows: bool,
    /// How CSV files are encoded, if not in UTF-8.
    #[arg(long, value_enum)]
    pub encoding: Option<TextEncoding>,
}

/// Commands beside a run.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Command {
    /// Shows why two records have their score.
    Explain {
        /// Identifier of one record.
        a: String,
        /// Identifier of the other.
        b: String,
        /// Folder of the run.
        #[arg(long)]
        run: PathBuf,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Precision, recall and calibration of a run against known truth.
    Evaluate {
        /// Folder of the run.
        #[arg(long)]
        run: PathBuf,
        /// CSV: `id,entity` for records, or `id_l,id_r,match` for judged pairs.
        #[arg(long)]
        labels: String,
        /// Further columns of the data by which to compare error rates; sex, year of birth and a stated name origin always are.
        #[arg(long, value_delimiter = ',')]
        by: Vec<String>,
        /// Compare error rates by age on this date as well, such as 2026-11-29.
        #[arg(long, value_name = "DATE")]
        on: Option<String>,
        /// As JSON.
        #[arg(long)]
        json: bool,
        /// Write a page with charts too.
        #[arg(long, value_name = "FILE")]
        html: Option<PathBuf>,
    },
    /// How many records could never be linked, because too little is known about them.
    Unlinkables {
        /// Folder of the run.
        #[arg(long)]
        run: PathBuf,
    },
    /// What each column holds.
    Profile {
        /// Files.
        #[arg(required = true, num_args = 1..)]
        files: Vec<String>,
        /// How to read them.
        #[command(flatten)]
        reading: Reading,
    },
    /// Which blocking rules would be used, how many pairs each makes, and the largest blocks; nothing heavy runs.
    Blocking {
        /// Files.
        #[arg(required = true, num_args = 1..)]
        files: Vec<String>,
        /// How to read them.
        #[command(flatten)]
        reading: Reading,
    },
    /// Cluster diagnostics of a run: sizes, density, bridges.
    Clusters {
        /// Folder of the run.
        #[arg(long)]
        run: PathBuf,
        /// How many of the most doubtful clusters to show.
        #[arg(long, default_value_t = 20)]
        show: usize,
    },
    /// A page on this machine where a person judges uncertain pairs; the model learns from the answers.
    Label {
        /// Folder of the run.
        #[arg(long)]
        run: PathBuf,
        /// Where answers are kept (`id_l,id_r,match`); `labels.csv` in the folder when absent.
        #[arg(long)]
        labels: Option<PathBuf>,
        /// Port on 127.0.0.1; any free one when absent.
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// How many pairs to ask about.
        #[arg(long, default_value_t = 100)]
        show: usize,
    },
    /// Turns a Splink settings or model file into settings of this program.
    ImportSplink {
        /// Splink JSON.
        file: PathBuf,
        /// Where to write the settings.
        #[arg(long)]
        out: PathBuf,
    },
}

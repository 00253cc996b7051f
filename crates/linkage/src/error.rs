//! What can go wrong, in words for the person running a linkage.

/// Every failure of this crate. Messages name files, lines and columns, never field contents.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The operating system refused.
    #[error("{path}: {source}")]
    Io {
        /// File concerned.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A malformed input file.
    #[error("{path}, line {line}{}: {problem}", column.as_ref().map(|c| format!(", column {c}")).unwrap_or_default())]
    Input {
        /// File concerned.
        path: String,
        /// Physical line, from 1.
        line: u64,
        /// Column name or number, when known.
        column: Option<String>,
        /// What is wrong and what to do.
        problem: String,
    },
    /// A file that as a whole cannot be used.
    #[error("{path}: {problem}")]
    File {
        /// File concerned.
        path: String,
        /// What is wrong and what to do.
        problem: String,
    },
    /// Something exceeds a stated limit.
    #[error("too large: {0}")]
    TooLarge(&'static str),
    /// Settings that cannot be followed.
    #[error("settings: {0}")]
    Settings(String),
    /// The data do not allow a model to be learned.
    #[error("no model could be learned: {0}")]
    Unlearnable(String),
    /// A stored model or index that cannot be read.
    #[error("model: {0}")]
    Model(String),
    /// The person asked to stop.
    #[error("stopped on request; the same command goes on from what is kept")]
    Stopped,
}

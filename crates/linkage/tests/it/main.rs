//! Integration tests of record linkage, all on the project's own seeded generator or on literal records.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

/// Whole runs: accuracy without labels, fairness, the same answer on any number of threads.
mod accuracy;
/// What a cluster is built on: values without rows, and blocks whose pairs are made elsewhere.
mod apart;
/// Literal malformed files and what is said about them.
mod bad_input;
mod early;
/// Estimation on exact data with known parameters, and on the skewed data that breaks others.
mod estimation;
/// Every parser of bytes from outside, over a committed corpus and its changes.
mod fuzz;
/// Files in which most of what agrees is a home.
mod homes;
/// The real-time index: scores of the batch run, order of arrival, removal.
mod index;
mod kept;
/// What columns are taken for.
mod kinds;
/// What the model learns from judged pairs.
mod labelled;
/// The manual: its examples run, its schema is complete, its links lead somewhere.
mod manual;
/// Explanations sum to scores; models survive being written and read.
mod model;
/// The generator of invented people.
mod people;
/// What probabilities are worth without labels, and the guard that relies on it.
mod reliability;
/// Settings files: conditions, fixed values, blocking, Splink files.
mod settings;

//! Writers of results. Files appear under their final name only when they are complete.

mod csv;
#[cfg(feature = "parquet")]
mod parquet;

use crate::{LinkError, model::Model, score::Edge, source::Sources, table::Strings};
use serde::{Deserialize, Serialize};
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

/// How tables of results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Comma-separated text in UTF-8.
    Csv,
    /// Parquet, in a build that has it.
    Parquet,
}

impl Format {
    /// The ending of a file's name.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }
}

/// Identifiers and sources of the records that results speak of.
#[derive(Clone, Copy)]
pub struct People<'a> {
    /// Identifiers, in record order.
    pub ids: &'a Strings,
    /// Sources.
    pub sources: &'a Sources,
}

impl People<'_> {
    /// Whether a pair names the source of each record: with two files linked across, left is the first and right the
    /// second, and nothing needs saying.
    fn pairs_name_sources(&self) -> bool {
        self.sources.count() > 2 || (self.sources.count() == 2 && !self.sources.across())
    }

    /// The name of a cluster: its first record's identifier, with the source before it when there are several.
    fn cluster(&self, label: u32, out: &mut Vec<u8>) {
        if self.sources.count() > 1 {
            out.extend_from_slice(self.sources.letter(label).as_bytes());
            out.push(b':');
        }
        out.extend_from_slice(self.ids.get(label as usize));
    }
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> LinkError + '_ {
    |source| LinkError::Io {
        path: path.display().to_string(),
        source,
    }
}

/// Writes a file under a temporary name and renames it, so that a half-written file is never taken for a result.
///
/// # Errors
/// Anything the system refuses.
pub fn whole(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>,
) -> Result<(), LinkError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    let partial = path.with_file_name(name);
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&partial).map_err(failed(&partial))?);
    fill(&mut out).map_err(failed(&partial))?;
    out.flush().map_err(failed(&partial))?;
    drop(out);
    std::fs::rename(&partial, path).map_err(failed(path))
}

/// Writes `edges.csv` or `edges.parquet`: identifiers, weight, probability and one level column per comparison; the
/// source of each record too when the identifiers alone would not say.
///
/// # Errors
/// Anything the system refuses; a format that this build does not have.
pub fn edges(
    path: &Path,
    format: Format,
    people: People<'_>,
    model: &Model,
    edges: &[Edge],
) -> Result<(), LinkError> {
    match format {
        Format::Csv => csv::edges(path, people, model, edges),
        #[cfg(feature = "parquet")]
        Format::Parquet => parquet::edges(path, people, model, edges),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => Err(absent(path)),
    }
}

/// Writes `clusters.csv` or `clusters.parquet`: every record with its cluster, named after the cluster's first record;
/// with several sources the record's source too.
///
/// # Errors
/// Anything the system refuses; a format that this build does not have.
pub fn clusters(path: &Path, format: Format, people: People<'_>, labels: &[u32]) -> Result<(), LinkError> {
    match format {
        Format::Csv => csv::clusters(path, people, labels),
        #[cfg(feature = "parquet")]
        Format::Parquet => parquet::clusters(path, people, labels),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => Err(absent(path)),
    }
}

#[cfg(not(feature = "parquet"))]
fn absent(path: &Path) -> LinkError {
    LinkError::File {
        path: path.display().to_string(),
        problem: "this build writes CSV only".into(),
    }
}

/// Names of the level columns, in the order of the model's comparisons.
fn level_columns(model: &Model) -> impl Iterator<Item = String> {
    model.fields.iter().map(|f| format!("level_{}", f.name))
}

/// Writes text.
///
/// # Errors
/// Anything the system refuses.
pub fn text(path: &Path, content: &str) -> Result<(), LinkError> {
    whole(path, |out| out.write_all(content.as_bytes()))
}

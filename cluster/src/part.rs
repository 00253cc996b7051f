//! One part of the work on disk: the rows the engine joins, and, when it is done, what came of it.

use crate::{cut::Cut, refused, row};
use arrow::{
    array::{ArrayRef, BinaryBuilder, Int64Builder, UInt32Builder, UInt64Builder},
    datatypes::{DataType, Field, Schema},
    record_batch::RecordBatch,
};
use linkage::{LinkError, compare::Records, score::Edge, table::hash_bytes, write};
use parquet::{arrow::ArrowWriter, basic::Compression, file::properties::WriterProperties};
use std::{
    fs::File,
    io::Write,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Rows written at a time.
const ROWS: usize = 8_192;
/// Files written at a time.
pub const FILES: usize = 64;

/// Where the rows of a part lie.
pub fn rows_path(dir: &Path, part: usize) -> PathBuf {
    dir.join(format!("part-{part:05}.parquet"))
}

fn done_path(dir: &Path, part: usize) -> PathBuf {
    dir.join(format!("done-{part:05}"))
}

fn schema() -> Arc<Schema> {
    Arc::new(Schema::new(vec![
        Field::new("block", DataType::UInt64, false),
        Field::new("record", DataType::UInt32, false),
        Field::new("source", DataType::UInt32, false),
        Field::new("mark", DataType::Int64, false),
        Field::new("codes", DataType::Binary, false),
    ]))
}

/// The rows of one part on their way to its file.
struct Rows {
    path: PathBuf,
    partial: PathBuf,
    out: ArrowWriter<File>,
    block: UInt64Builder,
    record: UInt32Builder,
    source: UInt32Builder,
    mark: Int64Builder,
    codes: BinaryBuilder,
    count: usize,
}

impl Rows {
    fn create(path: PathBuf) -> Result<Self, LinkError> {
        let partial = path.with_extension("partial");
        let name = partial.display().to_string();
        let file = File::create(&partial).map_err(|source| LinkError::Io {
            path: name.clone(),
            source,
        })?;
        // numbers and codes hardly repeat, and are read once
        let how = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_dictionary_enabled(false)
            .set_max_row_group_row_count(Some(2 * ROWS))
            .build();
        let out = ArrowWriter::try_new(file, schema(), Some(how)).map_err(|e| refused(&name, e))?;
        Ok(Self {
            path,
            partial,
            out,
            block: UInt64Builder::new(),
            record: UInt32Builder::new(),
            source: UInt32Builder::new(),
            mark: Int64Builder::new(),
            codes: BinaryBuilder::new(),
            count: 0,
        })
    }

    fn flush(&mut self) -> Result<(), LinkError> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.block.finish()),
            Arc::new(self.record.finish()),
            Arc::new(self.source.finish()),
            Arc::new(self.mark.finish()),
            Arc::new(self.codes.finish()),
        ];
        self.count = 0;
        let name = self.partial.display().to_string();
        let batch = RecordBatch::try_new(schema(), columns).map_err(|e| refused(&name, e))?;
        self.out.write(&batch).map_err(|e| refused(&name, e))
    }

    fn close(mut self) -> Result<(), LinkError> {
        self.flush()?;
        let name = self.partial.display().to_string();
        self.out.close().map_err(|e| refused(&name, e))?;
        std::fs::rename(&self.partial, &self.path).map_err(|source| LinkError::Io { path: name, source })
    }
}

/// Writes the rows of some parts.
///
/// # Errors
/// Anything the system refuses.
pub fn write_rows(dir: &Path, records: &Records, cut: &Cut, parts: Range<usize>) -> Result<(), LinkError> {
    let mut files = parts
        .clone()
        .map(|k| Rows::create(rows_path(dir, k)))
        .collect::<Result<Vec<_>, _>>()?;
    let mut bytes = Vec::new();
    cut.places(&parts, |part, block, earlier, record| {
        let Some(file) = part.checked_sub(parts.start).and_then(|k| files.get_mut(k)) else {
            return Ok(());
        };
        bytes.clear();
        row::write(records.row(record), earlier, &mut bytes);
        file.block.append_value(block);
        file.record.append_value(record);
        file.source
            .append_value(u32::try_from(records.sources.of(record)).unwrap_or(u32::MAX));
        file.mark
            .append_value(i64::try_from(row::mark(block, record)).unwrap_or(0));
        file.codes.append_value(&bytes);
        file.count += 1;
        if file.count == ROWS { file.flush() } else { Ok(()) }
    })?;
    files.into_iter().try_for_each(Rows::close)
}

/// What came of a part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Done {
    /// Different pairs that met first in this part.
    pub candidates: u64,
    /// Those kept.
    pub edges: Vec<Edge>,
}

impl Done {
    /// Keeps it, so that a run that is stopped goes on from here.
    ///
    /// # Errors
    /// Anything the system refuses.
    pub fn save(&self, dir: &Path, part: usize) -> Result<(), LinkError> {
        let mut bytes = self.candidates.to_le_bytes().to_vec();
        self.edges
            .iter()
            .for_each(|e| bytes.extend_from_slice(&row::edge_bytes(e)));
        let sum = hash_bytes(&bytes);
        bytes.extend_from_slice(&sum.to_le_bytes());
        write::whole(&done_path(dir, part), |out| out.write_all(&bytes))
    }

    /// What was kept of a part, if it was done.
    pub fn load(dir: &Path, part: usize) -> Option<Self> {
        let bytes = std::fs::read(done_path(dir, part)).ok()?;
        let (body, sum) = bytes.split_last_chunk()?;
        if u64::from_le_bytes(*sum) != hash_bytes(body) {
            return None;
        }
        let (candidates, edges) = body.split_first_chunk()?;
        let edges = edges.chunks(row::KEPT).map(row::edge).collect::<Option<_>>()?;
        Some(Self {
            candidates: u64::from_le_bytes(*candidates),
            edges,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_done_part_comes_back_and_one_cut_or_changed_counts_as_not_done() {
        let dir = tempfile::tempdir().unwrap();
        let edge = |k: u32| Edge {
            left: k,
            right: k + 1,
            weight: k as f32 / 3.0,
            pattern: 7,
        };
        for n in [0, 1, 40] {
            let done = Done {
                candidates: 99,
                edges: (0..n).map(edge).collect(),
            };
            done.save(dir.path(), 3).unwrap();
            assert_eq!(Done::load(dir.path(), 3), Some(done));
            assert_eq!(Done::load(dir.path(), 4), None);
        }
        let path = done_path(dir.path(), 3);
        let whole = std::fs::read(&path).unwrap();
        for at in (0..whole.len()).step_by(11) {
            std::fs::write(&path, &whole[..at]).unwrap();
            assert_eq!(Done::load(dir.path(), 3), None, "cut at {at}");
            let mut bad = whole.clone();
            bad[at] ^= 2;
            std::fs::write(&path, bad).unwrap();
            assert_eq!(Done::load(dir.path(), 3), None, "changed at {at}");
        }
    }
}

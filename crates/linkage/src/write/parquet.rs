//! Results as Parquet: row groups are encoded in memory on all threads and joined in order, so that the bytes do not
//! depend on the number of threads.

use super::{People, level_columns, whole};
use crate::{LinkError, compare::level_of, model::Model, score::Edge};
use bytes::Bytes;
use parquet::{
    basic::{Compression, LogicalType, Repetition, Type as Physical},
    column::writer::ColumnCloseResult,
    data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type},
    errors::{ParquetError, Result},
    file::{
        properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr},
        reader::{FileReader, SerializedFileReader},
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::types::{ColumnPath, Type, TypePtr},
};
use rayon::prelude::*;
use std::{io::Write, path::Path, sync::Arc};

/// Rows of one group.
const GROUP: usize = 1 << 18;

/// A column's name and what it holds.
enum Column {
    Text(String),
    Real(String),
    Level(String),
}

impl Column {
    fn schema(&self) -> Result<TypePtr> {
        let (name, kind, meaning) = match self {
            Self::Text(n) => (n, Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Self::Real(n) => (n, Physical::DOUBLE, None),
            Self::Level(n) => (n, Physical::INT32, None),
        };
        let built = Type::primitive_type_builder(name, kind)
            .with_repetition(Repetition::REQUIRED)
            .with_logical_type(meaning)
            .build()?;
        Ok(Arc::new(built))
    }
}

fn schema(columns: &[Column]) -> Result<TypePtr> {
    let fields = columns.iter().map(Column::schema).collect::<Result<Vec<_>>>()?;
    Ok(Arc::new(
        Type::group_type_builder("schema").with_fields(fields).build()?,
    ))
}

fn properties() -> WriterPropertiesPtr {
    let built = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_created_by("daylight link".to_owned());
    // identifiers and weights hardly repeat: a dictionary of them is work for nothing
    let unique = ["id", "id_l", "id_r", "match_weight", "match_probability"].into_iter();
    let built = unique.fold(built, |b, name| {
        b.set_column_dictionary_enabled(ColumnPath::from(name), false)
    });
    Arc::new(built.build())
}

/// Writes the columns of one row group, in schema order.
struct Group<'a>(SerializedRowGroupWriter<'a, Vec<u8>>);

impl Group<'_> {
    fn column<T: DataType>(&mut self, values: &[T::T]) -> Result<()> {
        let mut c = self
            .0
            .next_column()?
            .ok_or_else(|| ParquetError::General("more columns than the schema has".into()))?;
        c.typed::<T>().write_batch(values, None, None)?;
        c.close()
    }

    /// Texts made by appending to one buffer.
    fn texts(&mut self, rows: usize, mut each: impl FnMut(usize, &mut Vec<u8>)) -> Result<()> {
        let mut buffer = Vec::with_capacity(rows * 12);
        let mut ends = Vec::with_capacity(rows);
        for k in 0..rows {
            each(k, &mut buffer);
            ends.push(buffer.len());
        }
        let whole = ByteArray::from(buffer);
        let mut start = 0;
        let values: Vec<ByteArray> = ends
            .into_iter()
            .map(|end| {
                let one = whole.slice(start, end - start);
                start = end;
                one
            })
            .collect();
        self.column::<ByteArrayType>(&values)
    }
}

/// Encodes `rows` rows in groups, in parallel, and writes them in order.
fn table(
    path: &Path,
    columns: &[Column],
    rows: usize,
    fill: impl Fn(&mut Group<'_>, std::ops::Range<usize>) -> Result<()> + Sync,
) -> std::result::Result<(), LinkError> {
    let refused = |e: ParquetError| std::io::Error::other(e.to_string());
    let one = |schema: &TypePtr, range: std::ops::Range<usize>| -> Result<Vec<u8>> {
        let mut writer = SerializedFileWriter::new(Vec::new(), schema.clone(), properties())?;
        {
            let mut group = Group(writer.next_row_group()?);
            fill(&mut group, range)?;
            group.0.close()?;
        }
        writer.into_inner()
    };
    whole(path, |out| {
        let schema = schema(columns).map_err(refused)?;
        let mut writer = SerializedFileWriter::new(out, schema.clone(), properties()).map_err(refused)?;
        let starts: Vec<usize> = (0..rows).step_by(GROUP).collect();
        for batch in starts.chunks(rayon::current_num_threads().clamp(1, 16)) {
            let encoded: Vec<Result<Vec<u8>>> = batch
                .par_iter()
                .map(|&start| one(&schema, start..rows.min(start + GROUP)))
                .collect();
            for bytes in encoded {
                append(&mut writer, bytes.map_err(refused)?).map_err(refused)?;
            }
        }
        writer.close().map_err(refused)?;
        Ok(())
    })
}

/// Copies the encoded columns of a file held in memory.
fn append<W: Write + Send>(writer: &mut SerializedFileWriter<W>, bytes: Vec<u8>) -> Result<()> {
    let bytes = Bytes::from(bytes);
    let reader = SerializedFileReader::new(bytes.clone())?;
    for group in reader.metadata().row_groups() {
        let mut out = writer.next_row_group()?;
        for column in group.columns() {
            let close = ColumnCloseResult {
                bytes_written: u64::try_from(column.compressed_size()).unwrap_or(0),
                rows_written: u64::try_from(group.num_rows()).unwrap_or(0),
                metadata: column.clone(),
                bloom_filter: None,
                column_index: None,
                offset_index: None,
            };
            out.append_column(&bytes, close)?;
        }
        out.close()?;
    }
    Ok(())
}

/// Writes `edges.parquet`.
pub(super) fn edges(
    path: &Path,
    people: People<'_>,
    model: &Model,
    edges: &[Edge],
) -> std::result::Result<(), LinkError> {
    let mut columns = vec![
        Column::Text("id_l".into()),
        Column::Text("id_r".into()),
        Column::Real("match_weight".into()),
        Column::Real("match_probability".into()),
    ];
    columns.extend(level_columns(model).map(Column::Level));
    let named = people.pairs_name_sources();
    if named {
        columns.extend(["source_l", "source_r"].map(|n| Column::Text(n.into())));
    }
    table(path, &columns, edges.len(), |group, range| {
        let edges = edges.get(range).unwrap_or_default();
        let sides: [fn(&Edge) -> u32; 2] = [|e| e.left, |e| e.right];
        let each = |k: usize| edges.get(k);
        for side in sides {
            group.texts(edges.len(), |k, out| {
                out.extend_from_slice(each(k).map_or(&[], |e| people.ids.get(side(e) as usize)));
            })?;
        }
        group.column::<DoubleType>(&edges.iter().map(|e| f64::from(e.weight)).collect::<Vec<_>>())?;
        group.column::<DoubleType>(&edges.iter().map(Edge::probability).collect::<Vec<_>>())?;
        for k in 0..model.fields.len() {
            let level = |e: &Edge| i32::try_from(level_of(e.pattern, k)).unwrap_or(0);
            group.column::<Int32Type>(&edges.iter().map(level).collect::<Vec<_>>())?;
        }
        if named {
            for side in sides {
                group.texts(edges.len(), |k, out| {
                    out.extend_from_slice(
                        each(k)
                            .map(|e| people.sources.letter(side(e)))
                            .unwrap_or_default()
                            .as_bytes(),
                    );
                })?;
            }
        }
        Ok(())
    })
}

/// Writes `clusters.parquet`.
pub(super) fn clusters(
    path: &Path,
    people: People<'_>,
    labels: &[u32],
) -> std::result::Result<(), LinkError> {
    let mut columns = vec![Column::Text("id".into()), Column::Text("cluster_id".into())];
    let several = people.sources.count() > 1;
    if several {
        columns.push(Column::Text("source".into()));
    }
    table(path, &columns, labels.len(), |group, range| {
        let start = range.start;
        group.texts(range.len(), |k, out| {
            out.extend_from_slice(people.ids.get(start + k))
        })?;
        group.texts(range.len(), |k, out| {
            people.cluster(labels.get(start + k).copied().unwrap_or(0), out);
        })?;
        if several {
            group.texts(range.len(), |k, out| {
                let record = u32::try_from(start + k).unwrap_or(u32::MAX);
                out.extend_from_slice(people.sources.letter(record).as_bytes());
            })?;
        }
        Ok(())
    })
}

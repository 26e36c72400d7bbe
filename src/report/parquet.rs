//! The rows of all runs as a Parquet file (`runs.parquet`), which DuckDB, pandas and Polars read.

use crate::study::RunRow;
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

const SCHEMA: &str = "
message run {
  required binary set (STRING);
  required int32 replication;
  required binary scope (STRING);
  required binary name (STRING);
  required binary metric (STRING);
  required binary unit (STRING);
  optional double value;
}";

/// About so many rows are encoded at once, so that memory does not grow with them.
pub(super) const ROWS_A_GROUP: usize = 65_536;

/// Writes rows as they come in, a group of some at a time. A value that is not a number (the mean wait of nobody) is null.
pub struct RunRowsWriter<W: Write + Send> {
    file: SerializedFileWriter<W>,
    /// Those that stand in no group yet.
    rows: Vec<RunRow>,
}

impl<W: Write + Send> RunRowsWriter<W> {
    /// A file without rows.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn new(into: W) -> Result<Self, ParquetError> {
        Ok(Self { file: writer(SCHEMA, into)?, rows: Vec::new() })
    }

    /// Adds rows.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn add(&mut self, rows: impl IntoIterator<Item = RunRow>) -> Result<(), ParquetError> {
        self.rows.extend(rows);
        if self.rows.len() >= ROWS_A_GROUP { self.write_group() } else { Ok(()) }
    }

    /// Ends the file, and gives back what it was written to.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn end(mut self) -> Result<W, ParquetError> {
        if !self.rows.is_empty() {
            self.write_group()?;
        }
        self.file.into_inner()
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        let rows = std::mem::take(&mut self.rows);
        let mut group = self.file.next_row_group()?;
        let text = |of: &dyn Fn(&RunRow) -> &str| shared(rows.iter().map(of));
        let replications: Vec<i32> = rows.iter().map(|row| row.replication as i32).collect();
        column::<ByteArrayType, W>(&mut group, &text(&|row| &row.set), None)?;
        column::<Int32Type, W>(&mut group, &replications, None)?;
        column::<ByteArrayType, W>(&mut group, &text(&|row| row.scope), None)?;
        column::<ByteArrayType, W>(&mut group, &text(&|row| &row.name), None)?;
        column::<ByteArrayType, W>(&mut group, &text(&|row| row.metric), None)?;
        column::<ByteArrayType, W>(&mut group, &text(&|row| row.unit), None)?;
        let values: Vec<f64> = rows.iter().map(|row| row.value).filter(|value| value.is_finite()).collect();
        let present: Vec<i16> = rows.iter().map(|row| i16::from(row.value.is_finite())).collect();
        column::<DoubleType, W>(&mut group, &values, Some(&present))?;
        group.close()?;
        Ok(())
    }
}

/// Texts of which many are alike, often one after the other: each of them stands in memory once.
fn shared<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<ByteArray> {
    let mut known: BTreeMap<&str, ByteArray> = BTreeMap::new();
    let mut last = ("", ByteArray::from(""));
    let bytes = |text: &'t str| {
        if text != last.0 {
            last = (text, known.entry(text).or_insert_with(|| text.into()).clone());
        }
        last.1.clone()
    };
    texts.map(bytes).collect()
}

/// A file of this schema.
pub(super) fn writer<W: Write + Send>(
    schema: &str,
    into: W,
) -> Result<SerializedFileWriter<W>, ParquetError> {
    let schema = Arc::new(parse_message_type(schema)?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("pleiade ", env!("CARGO_PKG_VERSION")).to_owned());
    SerializedFileWriter::new(into, schema, Arc::new(properties.build()))
}

/// Adds the next column of a group of rows; `present` says where a value is there.
pub(super) fn column<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
    present: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let mut writer =
        group.next_column()?.ok_or_else(|| ParquetError::General("more columns than the schema".into()))?;
    writer.typed::<T>().write_batch(values, present, None)?;
    writer.close()
}

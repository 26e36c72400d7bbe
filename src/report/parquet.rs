//! The rows of all runs as a Parquet file (`runs.parquet`), which DuckDB, pandas and Polars read.

use crate::study::RunRow;
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
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

/// The file's bytes. A value that is not a number (the mean wait of nobody) is null.
///
/// # Errors
/// When the rows can't be encoded; nothing is written then.
pub fn run_rows_parquet(rows: &[RunRow]) -> Result<Vec<u8>, ParquetError> {
    let mut writer = writer(SCHEMA)?;
    let mut group = writer.next_row_group()?;
    let text =
        |of: &dyn Fn(&RunRow) -> &str| -> Vec<ByteArray> { rows.iter().map(|row| of(row).into()).collect() };
    let replications: Vec<i32> = rows.iter().map(|row| row.replication as i32).collect();
    column::<ByteArrayType>(&mut group, &text(&|row| &row.set), None)?;
    column::<Int32Type>(&mut group, &replications, None)?;
    column::<ByteArrayType>(&mut group, &text(&|row| row.scope), None)?;
    column::<ByteArrayType>(&mut group, &text(&|row| &row.name), None)?;
    column::<ByteArrayType>(&mut group, &text(&|row| row.metric), None)?;
    column::<ByteArrayType>(&mut group, &text(&|row| row.unit), None)?;
    let values: Vec<f64> = rows.iter().map(|row| row.value).filter(|value| value.is_finite()).collect();
    let present: Vec<i16> = rows.iter().map(|row| i16::from(row.value.is_finite())).collect();
    column::<DoubleType>(&mut group, &values, Some(&present))?;
    group.close()?;
    writer.into_inner()
}

/// A file in memory of this schema.
pub(super) fn writer(schema: &str) -> Result<SerializedFileWriter<Vec<u8>>, ParquetError> {
    let schema = Arc::new(parse_message_type(schema)?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("pleiade ", env!("CARGO_PKG_VERSION")).to_owned());
    SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties.build()))
}

/// Adds the next column of a group of rows; `present` says where a value is there.
pub(super) fn column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    values: &[T::T],
    present: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let mut writer =
        group.next_column()?.ok_or_else(|| ParquetError::General("more columns than the schema".into()))?;
    writer.typed::<T>().write_batch(values, present, None)?;
    writer.close()
}

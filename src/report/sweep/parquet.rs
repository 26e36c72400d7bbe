//! The values of all runs of a sweep as a Parquet file (`sweep/runs.parquet`), some points at a time.

use crate::report::parquet::{ROWS_A_GROUP, column, writer};
use crate::study::ObjectiveRow;
use crate::study::sweep::{SweepSummary, SweepValues};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type};
use parquet::errors::ParquetError;
use std::fmt::Write as _;
use std::io::Write;

/// Writes the file: one row a point, set, objective and replication, each with the place of its point on every axis. A value
/// that is not a number is null. Over futures, a value is the mean over them.
///
/// # Errors
/// When it can't be written.
pub fn sweep_rows_parquet<W: Write + Send>(
    summary: &SweepSummary,
    found: &SweepValues,
    into: W,
) -> Result<W, ParquetError> {
    let are_numbers: Vec<bool> = (0..summary.axes.len())
        .map(|axis| summary.points.iter().all(|point| point.axes[axis].number.is_some()))
        .collect();
    let mut writer = writer(&schema(summary, &are_numbers), into)?;
    let of_point = summary.sets.len() * summary.objectives.len() * summary.replications as usize;
    let at_once = (ROWS_A_GROUP / of_point.max(1)).max(1);
    let points: Vec<usize> = (0..summary.points.len()).collect();
    for points in points.chunks(at_once) {
        let mut group = writer.next_row_group()?;
        let rows: Vec<Row<'_>> = points.iter().flat_map(|&point| rows(summary, found, point)).collect();
        let numbers =
            |of: &dyn Fn(&Row<'_>) -> usize| -> Vec<i32> { rows.iter().map(|row| of(row) as i32).collect() };
        column::<Int32Type, W>(&mut group, &numbers(&|row| row.point), None)?;
        for (axis, are_numbers) in are_numbers.iter().enumerate() {
            let place = |row: &Row<'_>| &summary.points[row.point].axes[axis];
            if *are_numbers {
                let numbers: Vec<f64> =
                    rows.iter().map(|row| place(row).number.expect("all are numbers")).collect();
                column::<DoubleType, W>(&mut group, &numbers, None)?;
            } else {
                let words: Vec<ByteArray> = rows.iter().map(|row| place(row).text.as_str().into()).collect();
                column::<ByteArrayType, W>(&mut group, &words, None)?;
            }
        }
        let words = |of: &dyn Fn(&Row<'_>) -> ByteArray| rows.iter().map(of).collect::<Vec<_>>();
        column::<ByteArrayType, W>(
            &mut group,
            &words(&|row| summary.sets[row.set].id.as_str().into()),
            None,
        )?;
        column::<Int32Type, W>(&mut group, &numbers(&|row| row.replication), None)?;
        column::<ByteArrayType, W>(&mut group, &words(&|row| row.objective.id.as_str().into()), None)?;
        column::<ByteArrayType, W>(&mut group, &words(&|row| row.objective.unit.as_str().into()), None)?;
        let values: Vec<f64> = rows.iter().map(|row| row.value).filter(|value| value.is_finite()).collect();
        let present: Vec<i16> = rows.iter().map(|row| i16::from(row.value.is_finite())).collect();
        column::<DoubleType, W>(&mut group, &values, Some(&present))?;
        group.close()?;
    }
    writer.into_inner()
}

/// One value.
struct Row<'a> {
    point: usize,
    set: usize,
    replication: usize,
    objective: &'a ObjectiveRow,
    value: f64,
}

fn rows<'a>(
    summary: &'a SweepSummary,
    found: &'a SweepValues,
    point: usize,
) -> impl Iterator<Item = Row<'a>> + 'a {
    found.values[point].iter().enumerate().flat_map(move |(set, objectives)| {
        objectives.iter().zip(&summary.objectives).flat_map(move |(values, objective)| {
            let row = move |(replication, &value)| Row { point, set, replication, objective, value };
            values.iter().enumerate().map(row)
        })
    })
}

fn schema(summary: &SweepSummary, are_numbers: &[bool]) -> String {
    let mut text = "message run {\n  required int32 point;\n".to_owned();
    for (axis, are_numbers) in summary.axes.iter().zip(are_numbers) {
        // Names of columns that need no quotes.
        let name = axis.id.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
        let line = match are_numbers {
            true => writeln!(text, "  required double axis_{name};"),
            false => writeln!(text, "  required binary axis_{name} (STRING);"),
        };
        line.expect("a string takes every text");
    }
    text + "  required binary set (STRING);\n  required int32 replication;\n  required binary objective (STRING);\n  \
            required binary unit (STRING);\n  optional double value;\n}"
}

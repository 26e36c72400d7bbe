//! Every compared metric of every compared pair as one long table for spreadsheets.

use super::format::Quantity;
use super::table::{Cell, Column, Table};
use crate::study::{MetricComparison, SetComparison, StudySummary};

/// Every paired difference as one long CSV table: the pair, what it is about, the difference with its own interval, then the
/// half-width that holds for all sets at once, the p values, and the half-width without common random numbers.
pub fn comparisons_csv(summary: &StudySummary) -> String {
    let words = ["set", "base", "scope", "name", "metric", "unit"].map(|key| Column::words(key, key));
    let numbers = ["difference", "simultaneous_half_width", "p_value", "p_adjusted", "unpaired_half_width"]
        .map(|key| Column::numbers(key, key, Quantity::Plain));
    let rows = summary.comparisons.iter().flat_map(|one| one.metrics.iter().map(|row| cells(one, row)));
    Table {
        title: String::new(),
        columns: words.into_iter().chain(numbers).collect(),
        rows: rows.collect(),
        note: String::new(),
        replications: summary.replications,
    }
    .csv()
}

fn cells(comparison: &SetComparison, row: &MetricComparison) -> Vec<Cell> {
    let (scope, name) = match (&row.community, &row.site) {
        (Some(id), _) => ("community", id.as_str()),
        (_, Some(id)) => ("site", id.as_str()),
        _ => ("network", ""),
    };
    let words = [&comparison.set, &comparison.base, scope, name, &row.metric, &row.unit].map(Cell::from);
    let number = |value: Option<f64>| value.map_or(Cell::Missing, Cell::Number);
    let numbers =
        [row.simultaneous_half_width, row.p_value, row.p_adjusted, row.unpaired_half_width].map(number);
    words.into_iter().chain([Cell::Estimate(row.difference)]).chain(numbers).collect()
}

//! How the runs of each set differ from each other, and ratios over all runs as one.

use super::comparison_tables::set_name;
use super::format::{self, Quantity, Unit};
use super::page::replications;
use super::table::{Alignment, Cell, Column, Table};
use crate::study::{QuantileOfRuns, RatioSummary, SetRatio, SetSpread, SpreadSummary, StudySummary};

/// A table for each number whose runs were looked at.
pub(super) fn spreads(summary: &StudySummary) -> Vec<Table> {
    summary.spreads.iter().map(|spread| table(summary, spread)).collect()
}

fn table(summary: &StudySummary, spread: &SpreadSummary) -> Table {
    let sizes = spread.sets.iter().flat_map(|set| [set.least, set.greatest]).flatten().map(f64::abs);
    let unit = Quantity::of_unit(&spread.unit).unit_for(sizes.fold(0.0, f64::max));
    let quantiles = spread.sets.first().map_or(&[][..], |set| &set.quantiles);
    let quantiles = quantiles.iter().map(|one| match format::number(one.p * 100.0, 0) {
        half if half == "50" => ("Median".to_owned(), "median".to_owned()),
        share => (format!("{share} % of runs below"), format!("p{share}")),
    });
    let named = |name: &str, key: &str| (name.to_owned(), key.to_owned());
    let columns = [named("Mean by t", "mean"), named("By bootstrap", "bootstrap"), named("Least", "least")]
        .into_iter()
        .chain(quantiles)
        .chain([named("Greatest", "greatest")]);
    let right = |(name, key)| Column { alignment: Alignment::Right, ..Column::words(name, key) };
    let of = spread.community.as_ref().or(spread.site.as_ref());
    let label = if unit.label.is_empty() { String::new() } else { format!(" ({})", unit.label) };
    Table {
        title: format!(
            "How runs differ: {}{}{label}",
            spread.metric,
            of.map_or(String::new(), |of| format!(" of {of}")),
        ),
        columns: std::iter::once(Column::words("Set", "set")).chain(columns.map(right)).collect(),
        rows: spread.sets.iter().map(|set| row(summary, set, unit)).collect(),
        note: format!(
            "Over {}. The interval of the mean by Student's t, and by the bootstrap over runs (bias-corrected and accelerated), \
             which leans on no normal distribution: where the two differ much, the runs are skewed. Quantiles of the runs \
             with their intervals by order statistics, in brackets where there are runs enough for one; all with {} % confidence.",
            replications(summary),
            format::number(summary.confidence * 100.0, 0),
        ),
        replications: summary.replications,
    }
}

fn row(summary: &StudySummary, set: &SetSpread, unit: Unit) -> Vec<Cell> {
    let range =
        |ends: Option<(f64, f64)>| ends.map(|(low, high)| format::between(Some(low), Some(high), unit));
    let text = |text: Option<String>| text.map_or(Cell::Missing, Cell::Text);
    // As many digits as between the ends of the runs.
    let width = set.greatest.zip(set.least).map(|(greatest, least)| (greatest - least) / 2.0 / unit.divisor);
    let number = |value: Option<f64>| {
        let value = value.map(|value| value / unit.divisor);
        value.map(|value| format::number(value, format::decimals(value, width.filter(|width| *width > 0.0))))
    };
    let quantile = |one: &QuantileOfRuns| {
        let interval = range(one.interval.map(|[low, high]| (low, high)));
        let interval = interval.map_or(String::new(), |ends| format!(" [{ends}]"));
        text(number(one.value).map(|value| value + &interval))
    };
    let name = set_name(summary, &set.set).to_owned();
    [Cell::Text(name), text(range(set.mean.interval().filter(|_| set.mean.half_width.is_some())))]
        .into_iter()
        .chain([text(range(set.bootstrap.map(|[low, high]| (low, high)))), text(number(set.least))])
        .chain(set.quantiles.iter().map(quantile))
        .chain([text(number(set.greatest))])
        .collect()
}

/// All ratios over all runs; `None` without any.
pub(super) fn ratios(summary: &StudySummary) -> Option<Table> {
    let rows = summary.ratios.iter().flat_map(|ratio| ratio.sets.iter().map(move |set| (ratio, set)));
    let row = |(ratio, set): (&RatioSummary, &SetRatio)| {
        vec![
            Cell::Text(format!("{} ({} / {})", ratio.metric, ratio.part, ratio.whole)),
            Cell::Text(set_name(summary, &set.set).to_owned()),
            Cell::Estimate(set.of_hours),
            set.difference.map_or(Cell::Missing, Cell::Estimate),
            Cell::Estimate(set.of_runs),
        ]
    };
    let mut columns = vec![Column::words("Ratio", "ratio"), Column::words("Set", "set")];
    let numbers =
        [("Of all hours", "of_hours"), ("Less the base", "difference"), ("Mean of runs", "of_runs")];
    columns.extend(numbers.map(|(name, key)| Column::numbers(name, key, Quantity::Share)));
    let rows: Vec<Vec<Cell>> = rows.map(row).collect();
    (!rows.is_empty()).then(|| Table {
        title: "Ratios over all runs as one".to_owned(),
        columns,
        rows,
        note: format!(
            "Of all hours: the sums over {} divided by each other, every hour alike, with the {} % interval by the jackknife over \
             runs; its difference to the first set is paired by replication. Mean of runs: the mean of their ratios, every \
             run alike, as in the other tables.",
            replications(summary),
            format::number(summary.confidence * 100.0, 0),
        ),
        replications: summary.replications,
    })
}

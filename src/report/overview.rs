//! What a study prints on the terminal, and its long table for spreadsheets.

use super::data_tables;
use super::format::Quantity;
use super::page::replications;
use super::table::{Cell, Column, Table};
use super::tables;
use crate::statistics::{Estimate, Metric, StorageMetric};
use crate::study::{MetricComparison, SetComparison, StorageSummary, StudySummary, Totals};

/// The tables printed after a study: the sets side by side with their differences to the base, or the communities and
/// sites of the only set.
pub fn overview(summary: &StudySummary) -> Vec<Table> {
    let [only] = summary.sets.as_slice() else {
        let storage = data_tables::storage_of_sets(summary);
        return [tables::sets(summary), tables::bound(summary), differences(summary)]
            .into_iter()
            .chain(storage)
            .chain(data_tables::across_sites(summary))
            .collect();
    };
    let rejected = only.total.jobs_rejected.mean.is_some_and(|jobs| jobs > 0.0);
    let rejections = rejected.then(|| tables::rejections(summary, only));
    // Beyond inputs and results, something moves by a plan, or datasets do.
    let transfers = (only.transfers.len() > 2).then(|| data_tables::transfers(summary, only));
    let always = [
        tables::communities(summary, only),
        tables::causes(summary, only),
        tables::sites(summary, only),
        tables::bound(summary),
    ];
    always
        .into_iter()
        .chain(data_tables::storage(summary, only))
        .chain(rejections)
        .chain(transfers)
        .chain(data_tables::across_sites(summary))
        .collect()
}

/// Every table of a study in Markdown: sets, differences, then communities, sites, rejections and transfers of each set, and the
/// metrics' meanings and the facts it rests on.
pub fn all_tables_markdown(summary: &StudySummary) -> String {
    let mut all = vec![tables::sets(summary), tables::bound(summary)];
    if !summary.comparisons.is_empty() {
        all.push(differences(summary));
    }
    all.extend(data_tables::storage_of_sets(summary));
    all.extend(data_tables::across_sites(summary));
    for set in &summary.sets {
        all.extend(tables::differences(summary, &set.id));
        all.extend([
            tables::communities(summary, set),
            tables::causes(summary, set),
            tables::sites(summary, set),
            tables::rejections(summary, set),
            data_tables::transfers(summary, set),
        ]);
        all.extend(data_tables::storage(summary, set));
    }
    all.extend([metrics(summary), tables::facts(summary)]);
    all.iter().map(Table::markdown).collect::<Vec<_>>().join("\n")
}

/// What each metric is.
fn metrics(summary: &StudySummary) -> Table {
    let columns = ["metric", "unit", "meaning"].map(|key| Column::words(key, key)).to_vec();
    let row = |metric: Metric| vec![metric.name().into(), metric.unit().into(), metric.meaning().into()];
    let note = "Work in hours of the reference accelerator; the window is the observation after its warm-up."
        .to_owned();
    let has_datasets = summary.sets.iter().any(|set| set.storage.is_some());
    let of_storage =
        |metric: StorageMetric| vec![metric.name().into(), metric.unit().into(), metric.meaning().into()];
    let storage = StorageMetric::ALL.map(of_storage).into_iter().filter(|_| has_datasets);
    let rows = Metric::ALL.map(row).into_iter().chain(storage).collect();
    Table {
        title: "Metrics of `summary.csv` and `runs.parquet`".to_owned(),
        columns,
        rows,
        note,
        replications: 1,
    }
}

/// A column of differences: heading, metric of the comparison, quantity.
const DIFFERENCES: [(&str, &str, Quantity); 6] = [
    ("Mean wait", "wait_s_mean", Quantity::Seconds),
    ("95 % wait", "wait_s_p95", Quantity::Seconds),
    ("Work served", "served_h", Quantity::AcceleratorHours),
    ("Utilisation", "utilisation", Quantity::Share),
    ("Not started", "jobs_unstarted", Quantity::Count),
    ("Work rejected", "rejected_h", Quantity::AcceleratorHours),
];

/// One row a set: its paired differences to the base.
fn differences(summary: &StudySummary) -> Table {
    let columns = DIFFERENCES.map(|(name, key, quantity)| Column::numbers(name, key, quantity));
    let row = |comparison: &SetComparison| {
        let of = |wanted: &str| {
            let found = |row: &&MetricComparison| row.metric == wanted && row.community.is_none();
            comparison.metrics.iter().find(found).map_or(Cell::Missing, |row| Cell::Estimate(row.difference))
        };
        let name =
            summary.sets.iter().find(|set| set.id == comparison.set).map_or(&comparison.set, |set| &set.name);
        std::iter::once(Cell::Text(name.clone()))
            .chain(DIFFERENCES.iter().map(|(_, key, _)| of(key)))
            .collect()
    };
    let base = summary.sets.first().map_or("the base", |set| &set.name);
    Table {
        title: format!("Differences to {base}"),
        columns: std::iter::once(Column::words("Set", "set")).chain(columns).collect(),
        rows: summary.comparisons.iter().map(row).collect(),
        note: format!(
            "Set minus base, paired by replication on common random numbers; ± is the half-width of the {} % interval \
             by Student's t over {}, each by itself. Jobs never started count with their wait so far: a lower bound.",
            super::format::number(summary.confidence * 100.0, 0),
            replications(summary)
        ),
        replications: summary.replications,
    }
}

/// Every total of every set as one long CSV table: set, scope, name, metric, unit, mean, low, high, n.
pub fn summary_csv(summary: &StudySummary) -> String {
    let words = ["set", "scope", "name", "metric", "unit"].map(|key| Column::words(key, key));
    let value = Column::numbers("value", "value", Quantity::Plain);
    let rows = summary.sets.iter().flat_map(|set| {
        let network = long_rows(&set.id, "network", "", &set.total);
        let communities =
            set.communities.iter().flat_map(|one| long_rows(&set.id, "community", &one.id, &one.total));
        let sites = set.sites.iter().flat_map(|one| long_rows(&set.id, "site", &one.id, &one.total));
        let storage = storage_rows(&set.id, "network", "", set.storage.as_ref());
        let storages =
            set.sites.iter().flat_map(|one| storage_rows(&set.id, "site", &one.id, one.storage.as_ref()));
        network.into_iter().chain(communities).chain(sites).chain(storage).chain(storages)
    });
    let table = Table {
        title: String::new(),
        columns: words.into_iter().chain([value]).collect(),
        rows: rows.collect(),
        note: String::new(),
        replications: summary.replications,
    };
    table.csv()
}

fn long_rows(set: &str, scope: &str, name: &str, totals: &Totals) -> Vec<Vec<Cell>> {
    let metrics = Metric::ALL.into_iter().filter(|metric| scope == "network" || metric.is_of_parts());
    let row = |metric: Metric| long_row(set, scope, name, (metric.name(), metric.unit()), totals.get(metric));
    metrics.map(row).collect()
}

fn storage_rows(set: &str, scope: &str, name: &str, storage: Option<&StorageSummary>) -> Vec<Vec<Cell>> {
    let Some(storage) = storage else { return Vec::new() };
    let row = |metric: StorageMetric| {
        long_row(set, scope, name, (metric.name(), metric.unit()), storage.get(metric))
    };
    StorageMetric::ALL.map(row).to_vec()
}

fn long_row(
    set: &str,
    scope: &str,
    name: &str,
    (metric, unit): (&str, &str),
    estimate: Estimate,
) -> Vec<Cell> {
    vec![set.into(), scope.into(), name.into(), metric.into(), unit.into(), Cell::Estimate(estimate)]
}

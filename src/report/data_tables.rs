//! The tables of what moves and of what is kept: transfers, datasets in storages, trainings across sites.

use super::format::Quantity;
use super::table::{Cell, Column, Table};
use super::tables::{Metric, columns_of, of_metrics, table};
use crate::statistics::StorageMetric;
use crate::study::{SetSummary, StorageSummary, StudySummary, Totals, TransferSummary};

/// The datasets in the storages of a set, one row a site, and one for all; `None` where there are no datasets.
pub fn storage(summary: &StudySummary, set: &SetSummary) -> Option<Table> {
    let sites = set.sites.iter().filter_map(|site| Some((site.name.as_str(), site.storage.as_ref()?)));
    let all = set.storage.as_ref().map(|storage| ("All", storage));
    storage_table(summary, format!("Datasets at the sites of {}", set.name), "Site", sites.chain(all))
}

/// The datasets in the storages of all sets, one row a set; `None` where there are no datasets.
pub fn storage_of_sets(summary: &StudySummary) -> Option<Table> {
    let sets = summary.sets.iter().filter_map(|set| Some((set.name.as_str(), set.storage.as_ref()?)));
    storage_table(summary, format!("Datasets of {}", summary.scenario), "Set", sets)
}

fn storage_table<'s>(
    summary: &StudySummary,
    title: String,
    what: &str,
    rows: impl Iterator<Item = (&'s str, &'s StorageSummary)>,
) -> Option<Table> {
    const METRICS: [(&str, StorageMetric, Quantity); 9] = [
        ("Hits", StorageMetric::Hits, Quantity::Count),
        ("On the way", StorageMetric::Shared, Quantity::Count),
        ("Fetched", StorageMetric::Misses, Quantity::Count),
        ("Hit ratio", StorageMetric::HitRatio, Quantity::Share),
        ("Came in", StorageMetric::CameInTb, Quantity::Terabytes),
        ("Passed through", StorageMetric::PassedThroughTb, Quantity::Terabytes),
        ("Given up", StorageMetric::EvictedTb, Quantity::Terabytes),
        ("Mean in use", StorageMetric::UsedTb, Quantity::Terabytes),
        ("Of capacity", StorageMetric::Used, Quantity::Share),
    ];
    let table = of_metrics(summary, (title, what), &METRICS, rows, StorageMetric::name, StorageSummary::get);
    (!table.rows.is_empty()).then_some(table)
}

/// The transfers of a set by what they carried.
pub fn transfers(summary: &StudySummary, set: &SetSummary) -> Table {
    const METRICS: [Metric<TransferSummary>; 5] = [
        ("Transfers", "started", Quantity::Plain, |one| one.started),
        ("Under way at the end", "unfinished", Quantity::Plain, |one| one.unfinished),
        ("Arrived", "arrived_tb", Quantity::Terabytes, |one| one.arrived_tb),
        ("Mean time", "time_s_mean", Quantity::Seconds, |one| one.time_s_mean),
        ("95 % time", "time_s_p95", Quantity::Seconds, |one| one.time_s_p95),
    ];
    let mut columns = vec![Column::words("Transfers of", "kind")];
    columns.extend(columns_of(&METRICS));
    let row = |one: &TransferSummary| {
        let estimates = METRICS.iter().map(|(.., of)| Cell::Estimate(of(one)));
        [Cell::Text(one.kind.clone())].into_iter().chain(estimates).collect()
    };
    let rows = set.transfers.iter().map(row).collect();
    table(summary, format!("Transfers in {}", set.name), columns, rows)
}

/// The trainings across sites of all sets, one row a set; `None` where no job trained so.
pub fn across_sites(summary: &StudySummary) -> Option<Table> {
    const METRICS: [Metric<Totals>; 4] = [
        ("Jobs", "jobs", Quantity::Count, |total| total.jobs),
        ("Across sites", "jobs_across_sites", Quantity::Count, |total| total.jobs_across_sites),
        ("Work done", "done_h", Quantity::AcceleratorHours, |total| total.done_h),
        ("Held in vain", "lost_h", Quantity::AcceleratorHours, |total| total.lost_h),
    ];
    if !summary.sets.iter().any(|set| set.total.jobs_across_sites.mean.is_some_and(|jobs| jobs > 0.0)) {
        return None;
    }
    let columns = std::iter::once(Column::words("Set", "set")).chain(columns_of(&METRICS)).collect();
    let row = |set: &SetSummary| {
        let results = METRICS.iter().map(|(.., of)| Cell::Estimate(of(&set.total)));
        std::iter::once(Cell::Text(set.name.clone())).chain(results).collect()
    };
    let rows = summary.sets.iter().map(row).collect();
    let mut table = table(summary, "Trainings across sites".to_owned(), columns, rows);
    table
        .note
        .push_str(" In vain: all that was held and not worked with, such as parts waiting for each other.");
    Some(table)
}

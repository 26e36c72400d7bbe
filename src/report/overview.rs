//! What a study prints on the terminal, and all its tables in Markdown.

use super::ending_tables::endings;
use super::format::Quantity;
use super::long_table::metric_meanings;
use super::page::replications;
use super::table::{Cell, Column, Table};
use super::{criteria_tables, data_tables, project_tables, tables, waterfall_tables};
use crate::study::{MetricComparison, SetComparison, StudySummary};

/// The tables printed after a study: the sets side by side with their differences to the base, or the communities and
/// sites of the only set.
pub fn overview(summary: &StudySummary) -> Vec<Table> {
    let [only] = summary.sets.as_slice() else {
        let storage = data_tables::storage_of_sets(summary);
        return [tables::sets(summary), tables::bound(summary), differences(summary)]
            .into_iter()
            .chain(storage)
            .chain(data_tables::across_sites(summary))
            .chain(of_projects(summary))
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
        .chain(endings(summary, only))
        .chain(rejections)
        .chain(transfers)
        .chain(data_tables::across_sites(summary))
        .chain(of_projects(summary))
        .collect()
}

/// Where there are projects: these, where the hours went, and fairness; of a single set also the criteria at its sites.
fn of_projects(summary: &StudySummary) -> Vec<Table> {
    if summary.sets.iter().all(|set| set.projects.is_none()) {
        return Vec::new();
    }
    let [only] = summary.sets.as_slice() else {
        let fairness = criteria_tables::fairness_of_sets(summary);
        let waterfall = waterfall_tables::waterfall_of_sets(summary);
        return project_tables::projects_of_sets(summary).into_iter().chain([waterfall, fairness]).collect();
    };
    let mut tables = project_tables::projects(summary, only);
    tables.push(waterfall_tables::waterfall(summary, only));
    tables.extend(criteria_tables::data_reach(summary, only));
    tables.extend(criteria_tables::fairness(summary, only));
    tables.push(criteria_tables::scores(summary, only));
    tables
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
    all.extend(project_tables::projects_of_sets(summary));
    all.extend([waterfall_tables::waterfall_of_sets(summary), criteria_tables::fairness_of_sets(summary)]);
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
        all.extend(endings(summary, set));
        all.extend(project_tables::projects(summary, set));
        all.extend([
            waterfall_tables::waterfall(summary, set),
            criteria_tables::slowdowns(summary, set),
            criteria_tables::scores(summary, set),
        ]);
        all.extend(criteria_tables::data_reach(summary, set));
        all.extend(criteria_tables::fairness(summary, set));
    }
    all.extend([metric_meanings(summary), tables::facts(summary)]);
    all.iter().map(Table::markdown).collect::<Vec<_>>().join("\n")
}

/// A column of differences: heading, metric of the comparison, quantity.
const DIFFERENCES: [(&str, &str, Quantity); 8] = [
    ("Mean wait", "wait_s_mean", Quantity::Seconds),
    ("95 % wait", "wait_s_p95", Quantity::Seconds),
    ("Work served", "served_h", Quantity::AcceleratorHours),
    ("Utilisation", "utilisation", Quantity::Share),
    ("Not started", "jobs_unstarted", Quantity::Count),
    ("Work rejected", "rejected_h", Quantity::AcceleratorHours),
    ("Time to first accelerator", "first_accelerator_s_mean", Quantity::Seconds),
    ("Granted hours used", "project_used_h", Quantity::AcceleratorHours),
];

/// One row a set: its paired differences to the base, of the metrics that the study has.
fn differences(summary: &StudySummary) -> Table {
    let is_known = |wanted: &str| {
        let mut rows = summary.comparisons.iter().flat_map(|comparison| &comparison.metrics);
        rows.any(|row| row.metric == wanted && row.community.is_none())
    };
    // The last two are about projects; the others stand in every study.
    let shown: Vec<_> =
        (0..).zip(DIFFERENCES).filter(|&(place, (_, key, _))| place < 6 || is_known(key)).collect();
    let columns = shown.iter().map(|&(_, (name, key, quantity))| Column::numbers(name, key, quantity));
    let row = |comparison: &SetComparison| {
        let of = |wanted: &str| {
            let found = |row: &&MetricComparison| row.metric == wanted && row.community.is_none();
            comparison.metrics.iter().find(found).map_or(Cell::Missing, |row| Cell::Estimate(row.difference))
        };
        let name =
            summary.sets.iter().find(|set| set.id == comparison.set).map_or(&comparison.set, |set| &set.name);
        std::iter::once(Cell::Text(name.clone()))
            .chain(shown.iter().map(|(_, (_, key, _))| of(key)))
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

//! What a study prints on the terminal, and all its tables in Markdown.

use super::comparison_tables::Shown;
use super::ending_tables::endings;
use super::long_table::metric_meanings;
use super::table::Table;
use super::{
    assumption_tables, comparison_tables, criteria_tables, data_tables, objective_tables, project_tables,
    rank_tables, settling_table, site_tables, spread_tables, tables, waterfall_tables,
};
use crate::study::StudySummary;

/// The tables printed after a study: the sets side by side with their differences to the base, or the communities and
/// sites of the only set.
pub fn overview(summary: &StudySummary) -> Vec<Table> {
    let [only] = summary.sets.as_slice() else {
        let storage = data_tables::storage_of_sets(summary);
        return [tables::sets(summary), tables::bound(summary)]
            .into_iter()
            .chain(objective_tables::objectives_with_aims(summary))
            .chain(settling_table::settling(summary))
            .chain(of_comparison(summary))
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
        .chain(objective_tables::objectives_with_aims(summary))
        .chain(settling_table::settling(summary))
        .chain(data_tables::storage(summary, only))
        .chain(endings(summary, only))
        .chain(rejections)
        .chain(transfers)
        .chain(data_tables::across_sites(summary))
        .chain(of_projects(summary))
        .collect()
}

/// The differences, how sure they are, and which sets may be the best.
fn of_comparison(summary: &StudySummary) -> [Table; 3] {
    let best = comparison_tables::best(summary, Shown::Usual);
    [comparison_tables::differences(summary), comparison_tables::p_values(summary), best]
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

/// Every table of a study in Markdown.
pub fn all_tables_markdown(summary: &StudySummary) -> String {
    all_tables(summary).iter().map(Table::markdown).collect::<Vec<_>>().join("\n")
}

/// Every table of a study: sets and their ranks, differences, then communities, sites, rejections and transfers of each set,
/// the sheets of the sites, the metrics' meanings and what it all rests on.
pub(super) fn all_tables(summary: &StudySummary) -> Vec<Table> {
    let mut all = vec![tables::sets(summary)];
    all.extend(rank_tables::ranks(summary));
    all.push(tables::bound(summary));
    all.extend(objective_tables::objectives(summary));
    all.extend(settling_table::settling(summary));
    all.extend(spread_tables::spreads(summary));
    all.extend(spread_tables::ratios(summary));
    if !summary.comparisons.is_empty() {
        all.extend([
            comparison_tables::differences(summary),
            comparison_tables::p_values(summary),
            comparison_tables::gain(summary),
            comparison_tables::best(summary, Shown::All),
            comparison_tables::from_best(summary),
        ]);
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
    all.extend(site_tables(summary));
    all.push(metric_meanings(summary));
    all.extend(assumptions(summary));
    all
}

/// What the results rest on: how well the scenario is known, which known answers check the models, and every source.
pub(super) fn assumptions(summary: &StudySummary) -> [Table; 3] {
    [assumption_tables::certainty(summary), assumption_tables::validation(summary), tables::facts(summary)]
}

/// The tables that stand first in a report: those of the terminal, and how stable the ranks of the sets are.
pub(super) fn shown_first(summary: &StudySummary) -> Vec<Table> {
    let mut first = overview(summary);
    // Beside the sets, which it goes on about.
    first.splice(1..1, rank_tables::ranks(summary));
    first
}

/// What is known of each site, and the sheet of each.
pub(super) fn site_tables(summary: &StudySummary) -> Vec<Table> {
    let sheets = site_tables::site_sheets(summary);
    std::iter::once(site_tables::site_facts(summary)).chain(sheets).collect()
}

//! The tables of a study: sets side by side, the sites and communities of a set, differences, rejections and facts.

use super::format::{self, Quantity};
use super::page::{provenance, replications};
use super::table::{Cell, Column, Table};
use crate::model::Confidence;
use crate::statistics::Estimate;
use crate::study::{
    CommunitySummary, MetricComparison, SetComparison, SetSummary, SiteSummary, StudySummary, Totals,
};
use std::fmt::Write as _;

/// A column of results: heading, key, quantity, and where the results come from.
pub(super) type Metric<T> = (&'static str, &'static str, Quantity, fn(&T) -> Estimate);

/// A table of a study, with the note that every table of results carries.
pub(super) fn table(
    summary: &StudySummary,
    title: String,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
) -> Table {
    let note = format!(
        "Mean ± half-width of the {} % interval by Student's t over {}.",
        format::number(summary.confidence * 100.0, 0),
        replications(summary)
    );
    Table { title, columns, rows, note, replications: summary.replications }
}

pub(super) fn columns_of<T>(metrics: &[Metric<T>]) -> impl Iterator<Item = Column> {
    metrics.iter().map(|(name, key, quantity, _)| Column::numbers(*name, *key, *quantity))
}

/// All sets side by side, one row each: cost, work and waits of the network, then the waits of each community.
pub fn sets(summary: &StudySummary) -> Table {
    const METRICS: [Metric<Totals>; 8] = [
        ("Utilisation", "utilisation", Quantity::Share, |total| total.utilisation),
        ("Work served", "served_h", Quantity::AcceleratorHours, |total| total.served_h),
        ("Mean wait", "wait_s", Quantity::Seconds, |total| total.wait_s_mean),
        ("95 % wait", "wait_s_p95", Quantity::Seconds, |total| total.wait_s_p95),
        ("Jobs", "jobs", Quantity::Count, |total| total.jobs),
        ("Rejected jobs", "jobs_rejected", Quantity::Count, |total| total.jobs_rejected),
        ("Not started", "jobs_unstarted", Quantity::Count, |total| total.jobs_unstarted),
        ("Work rejected", "rejected_h", Quantity::AcceleratorHours, |total| total.rejected_h),
    ];
    let communities = communities_of(summary);
    let mut columns = vec![
        Column::words("Set", "set"),
        Column::numbers("Sites", "sites", Quantity::Count),
        Column::numbers("Cost", "cost_euros", Quantity::Euros),
    ];
    columns.extend(columns_of(&METRICS));
    for (id, name) in &communities {
        let wait = |what: &str, key: &str| {
            Column::numbers(format!("{name}: {what}"), format!("{id}_{key}"), Quantity::Seconds)
        };
        columns.extend([wait("mean wait", "wait_s"), wait("95 % wait", "wait_s_p95")]);
    }
    let row = |set: &SetSummary| {
        let mut cells = vec![
            Cell::Text(set.name.clone()),
            Cell::Number(set.sites.len() as f64),
            Cell::Number(set.cost_euros),
        ];
        cells.extend(METRICS.iter().map(|(.., of)| Cell::Estimate(of(&set.total))));
        for (id, _) in &communities {
            let total = set.communities.iter().find(|one| one.id == *id).map(|one| &one.total);
            let cell = |estimate: Option<Estimate>| estimate.map_or(Cell::Missing, Cell::Estimate);
            cells.extend([cell(total.map(|t| t.wait_s_mean)), cell(total.map(|t| t.wait_s_p95))]);
        }
        cells
    };
    let rows = summary.sets.iter().map(row).collect();
    table(summary, format!("Candidate sets of {}", summary.scenario), columns, rows)
}

/// Ids and names of all communities, in the order of the first set that has them.
pub(super) fn communities_of(summary: &StudySummary) -> Vec<(&str, &str)> {
    let mut known: Vec<(&str, &str)> = Vec::new();
    for community in summary.sets.iter().flat_map(|set| &set.communities) {
        if !known.iter().any(|(id, _)| *id == community.id) {
            known.push((&community.id, &community.name));
        }
    }
    known
}

/// The sites of a set, one row each.
pub fn sites(summary: &StudySummary, set: &SetSummary) -> Table {
    const METRICS: [Metric<SiteSummary>; 11] = [
        ("Utilisation", "utilisation", Quantity::Share, |site| site.total.utilisation),
        ("Work served", "served_h", Quantity::AcceleratorHours, |site| site.total.served_h),
        ("Mean wait", "wait_s", Quantity::Seconds, |site| site.total.wait_s_mean),
        ("95 % wait", "wait_s_p95", Quantity::Seconds, |site| site.total.wait_s_p95),
        ("Mean staging", "staging_s", Quantity::Seconds, |site| site.total.staging_s_mean),
        ("Jobs", "jobs", Quantity::Count, |site| site.total.jobs),
        ("Starts predicted late by", "prediction_error_s", Quantity::Seconds, |site| {
            site.total.prediction_error_s_mean
        }),
        ("Off by", "prediction_absolute_error_s", Quantity::Seconds, |site| {
            site.total.prediction_absolute_error_s_mean
        }),
        ("Energy", "energy_mwh", Quantity::MegawattHours, |site| site.energy_mwh),
        ("Energy cost", "energy_euros", Quantity::Euros, |site| site.energy_euros),
        ("Carbon", "carbon_tonnes", Quantity::Tonnes, |site| site.carbon_tonnes),
    ];
    let mut columns = vec![
        Column::words("Site", "site"),
        Column::words("Opens", "opens"),
        Column::numbers("Accelerators", "accelerators", Quantity::Count),
    ];
    columns.push(Column::words("Utilisation by month", "utilisation_by_month"));
    columns.extend(columns_of(&METRICS));
    let row = |site: &SiteSummary| {
        let mut cells = vec![
            Cell::Text(site.name.clone()),
            Cell::Text(site.opens.to_string()),
            Cell::Number(f64::from(site.accelerators)),
            Cell::Shares(utilisation_by_month(site)),
        ];
        cells.extend(METRICS.iter().map(|(.., of)| Cell::Estimate(of(site))));
        cells
    };
    let rows = set.sites.iter().map(row).collect();
    table(summary, format!("Sites of {}", set.name), columns, rows)
}

/// The utilisation of a site in each month, by all communities together; none before it opens.
fn utilisation_by_month(site: &SiteSummary) -> Vec<Option<f64>> {
    let months = site.utilisation_by_month.first().map_or(0, Vec::len);
    let means = |month: usize| -> Vec<f64> {
        site.utilisation_by_month.iter().filter_map(|months| format::mean(&months[month])).collect()
    };
    (0..months).map(means).map(|means| (!means.is_empty()).then(|| means.iter().sum())).collect()
}

/// What no policy can beat: the work of each set beside its fluid bound.
pub fn bound(summary: &StudySummary) -> Table {
    const METRICS: [Metric<Totals>; 4] = [
        ("Work asked", "offered_h", Quantity::AcceleratorHours, |total| total.offered_h),
        ("Work done", "done_h", Quantity::AcceleratorHours, |total| total.done_h),
        ("Bound", "bound_h", Quantity::AcceleratorHours, |total| total.bound_h),
        ("Done of bound", "done_of_bound", Quantity::Share, |total| total.done_of_bound),
    ];
    let columns = std::iter::once(Column::words("Set", "set")).chain(columns_of(&METRICS)).collect();
    let row = |set: &SetSummary| {
        let results = METRICS.iter().map(|(.., of)| Cell::Estimate(of(&set.total)));
        std::iter::once(Cell::Text(set.name.clone())).chain(results).collect()
    };
    let rows = summary.sets.iter().map(row).collect();
    let mut table = table(summary, "What no policy can beat".to_owned(), columns, rows);
    table.note.push_str(
        " The bound is the most work that any policy could have done with the jobs of each run, by a linear programme over \
         nodes, limits and links; work in vain does not count as done.",
    );
    table
}

/// The communities of a set, one row each: their waits from mean to 99 % quantile, and their jobs.
pub fn communities(summary: &StudySummary, set: &SetSummary) -> Table {
    const METRICS: [Metric<CommunitySummary>; 12] = [
        ("Mean wait", "wait_s", Quantity::Seconds, |one| one.total.wait_s_mean),
        ("Median wait", "wait_s_p50", Quantity::Seconds, |one| one.total.wait_s_p50),
        ("90 % wait", "wait_s_p90", Quantity::Seconds, |one| one.total.wait_s_p90),
        ("95 % wait", "wait_s_p95", Quantity::Seconds, |one| one.total.wait_s_p95),
        ("99 % wait", "wait_s_p99", Quantity::Seconds, |one| one.total.wait_s_p99),
        ("Mean staging", "staging_s", Quantity::Seconds, |one| one.total.staging_s_mean),
        ("Jobs", "jobs", Quantity::Count, |one| one.total.jobs),
        ("Rejected jobs", "jobs_rejected", Quantity::Count, |one| one.total.jobs_rejected),
        ("Not started", "jobs_unstarted", Quantity::Count, |one| one.total.jobs_unstarted),
        ("Work asked", "offered_h", Quantity::AcceleratorHours, |one| one.total.offered_h),
        ("Work served", "served_h", Quantity::AcceleratorHours, |one| one.total.served_h),
        ("Share held", "utilisation", Quantity::Share, |one| one.total.utilisation),
    ];
    by_community(summary, set, format!("Communities in {}", set.name), &METRICS)
}

/// Why the jobs of a set waited, one row a community: the parts add up to the mean wait.
pub fn causes(summary: &StudySummary, set: &SetSummary) -> Table {
    const METRICS: [Metric<CommunitySummary>; 9] = [
        ("Mean wait", "wait_s", Quantity::Seconds, |one| one.total.wait_s_mean),
        ("Capacity", "wait_capacity_s", Quantity::Seconds, |one| one.total.wait_capacity_s_mean),
        ("Behind others", "wait_behind_s", Quantity::Seconds, |one| one.total.wait_behind_s_mean),
        ("Staging", "wait_staging_s", Quantity::Seconds, |one| one.total.wait_staging_s_mean),
        ("Limit", "wait_limit_s", Quantity::Seconds, |one| one.total.wait_limit_s_mean),
        ("Calendar", "wait_calendar_s", Quantity::Seconds, |one| one.total.wait_calendar_s_mean),
        ("Runs cut short", "runs_cut_short", Quantity::Count, |one| one.total.runs_cut_short),
        ("Changes of size", "resizes", Quantity::Count, |one| one.total.resizes),
        ("Hours lost", "lost_h", Quantity::AcceleratorHours, |one| one.total.lost_h),
    ];
    by_community(summary, set, format!("Why jobs waited in {}", set.name), &METRICS)
}

/// One row a community, one column a metric.
pub(super) fn by_community(
    summary: &StudySummary,
    set: &SetSummary,
    title: String,
    metrics: &[Metric<CommunitySummary>],
) -> Table {
    let mut columns = vec![Column::words("Community", "community")];
    columns.extend(columns_of(metrics));
    let row = |one: &CommunitySummary| {
        let mut cells = vec![Cell::Text(one.name.clone())];
        cells.extend(metrics.iter().map(|(.., of)| Cell::Estimate(of(one))));
        cells
    };
    let rows = set.communities.iter().map(row).collect();
    table(summary, title, columns, rows)
}

/// Paired differences of one set to each that it is compared with, a table a unit so that each column holds one quantity.
///
/// Empty when the set was not compared.
pub fn differences(summary: &StudySummary, set: &str) -> Vec<Table> {
    let comparisons = summary.comparisons.iter().filter(|one| one.set == set);
    comparisons.flat_map(|one| differences_of(summary, one)).collect()
}

fn differences_of(summary: &StudySummary, comparison: &SetComparison) -> Vec<Table> {
    let mut units: Vec<&str> = Vec::new();
    for row in &comparison.metrics {
        if !units.contains(&row.unit.as_str()) {
            units.push(&row.unit);
        }
    }
    let is_base = summary.sets.first().is_some_and(|set| set.id == comparison.base);
    let base = if is_base { "the base" } else { &comparison.base };
    let tables = units.into_iter().map(|unit| {
        let rows = comparison.metrics.iter().filter(|row| row.unit == unit).map(difference_cells);
        let title = format!("Differences of {} to {base} ({})", comparison.set, unit_in_words(unit));
        let mut table = table(summary, title, difference_columns(Quantity::of_unit(unit)), rows.collect());
        let _ = write!(
            table.note,
            " ± for all: {}. p values adjusted over the sets compared.",
            super::comparison_tables::together(summary)
        );
        table
    });
    tables.collect()
}

fn difference_columns(quantity: Quantity) -> Vec<Column> {
    vec![
        Column::words("Metric", "metric"),
        Column::words("Of", "community"),
        Column::numbers("Base", "base", quantity),
        Column::numbers("Set", "value", quantity),
        Column::numbers("Difference", "difference", quantity),
        Column::numbers("± for all", "simultaneous_half_width", quantity),
        Column::numbers("p", "p_adjusted", Quantity::Probability),
        Column::numbers("± if unpaired", "unpaired_half_width", quantity),
    ]
}

fn difference_cells(row: &MetricComparison) -> Vec<Cell> {
    let number = |value: Option<f64>| value.map_or(Cell::Missing, Cell::Number);
    let of = row.community.as_ref().or(row.site.as_ref());
    vec![
        Cell::Text(row.metric.clone()),
        Cell::Text(of.map_or_else(|| "all".to_owned(), Clone::clone)),
        Cell::Estimate(row.base),
        Cell::Estimate(row.value),
        Cell::Estimate(row.difference),
        number(row.for_all().half_width),
        number(row.p_adjusted),
        number(row.unpaired_half_width),
    ]
}

fn unit_in_words(unit: &str) -> &str {
    match unit {
        "s" => "times",
        "h" => "work in accelerator-hours",
        "share" => "shares",
        other => other,
    }
}

/// One row for each of some things, headed by `what`: its name, and its estimates of some metrics with how they are headed.
/// `name` gives a metric's name in files, `get` its estimate.
pub(super) fn of_metrics<'s, M: Copy, T: 's>(
    summary: &StudySummary,
    (title, what): (String, &str),
    metrics: &[(&'static str, M, Quantity)],
    rows: impl Iterator<Item = (&'s str, &'s T)>,
    name: impl Fn(M) -> &'static str,
    get: impl Fn(&T, M) -> Estimate,
) -> Table {
    let mut columns = vec![Column::words(what, what.to_lowercase())];
    columns
        .extend(metrics.iter().map(|&(heading, metric, unit)| Column::numbers(heading, name(metric), unit)));
    let row = |(of, estimates): (&str, &T)| {
        let cells = metrics.iter().map(|&(_, metric, _)| Cell::Estimate(get(estimates, metric)));
        std::iter::once(Cell::Text(of.to_owned())).chain(cells).collect()
    };
    table(summary, title, columns, rows.map(row).collect())
}

/// The rejected jobs and work of a set by community and reason; no row for reasons that no job was rejected for.
pub fn rejections(summary: &StudySummary, set: &SetSummary) -> Table {
    let columns = vec![
        Column::words("Community", "community"),
        Column::words("Reason", "reason"),
        Column::numbers("Jobs", "jobs", Quantity::Count),
        Column::numbers("Work", "work_h", Quantity::AcceleratorHours),
    ];
    let rows = set.communities.iter().flat_map(|one| {
        let happened = one.rejections.iter().filter(|one| one.jobs.mean.is_some_and(|jobs| jobs > 0.0));
        happened.map(|rejected| {
            vec![
                Cell::Text(one.name.clone()),
                Cell::Text(rejected.reason.clone()),
                Cell::Estimate(rejected.jobs),
                Cell::Estimate(rejected.work_h),
            ]
        })
    });
    table(summary, format!("Rejected in {}", set.name), columns, rows.collect())
}

/// How well something is known, in a word.
pub(super) const fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Firm => "firm",
        Confidence::Soft => "soft",
        Confidence::Assumed => "assumed",
    }
}

/// The facts a scenario rests on, the least certain first: they are its assumptions.
pub fn facts(summary: &StudySummary) -> Table {
    let mut facts: Vec<_> = summary.facts.iter().collect();
    facts.sort_by_key(|fact| std::cmp::Reverse(fact.confidence));
    let rows = facts.iter().map(|fact| {
        vec![
            Cell::Text(fact.path.clone()),
            confidence(fact.confidence).into(),
            Cell::Text(fact.source.clone()),
        ]
    });
    Table {
        title: format!("What {} rests on", summary.scenario),
        columns: vec![
            Column::words("Part", "path"),
            Column::words("Confidence", "confidence"),
            Column::words("Source", "source"),
        ],
        rows: rows.collect(),
        note: provenance(summary, None),
        replications: summary.replications,
    }
}

#[cfg(test)]
mod tests {
    use super::super::data_tables;
    use super::*;
    use crate::report::sample::{Size, study};

    #[test]
    fn every_table_says_its_count_and_fits_a_terminal() {
        let summary = study(&Size { sites: 9, sets: 3, months: 12 });
        let set = &summary.sets[0];
        let mut all = vec![
            sets(&summary),
            sites(&summary, set),
            communities(&summary, set),
            causes(&summary, set),
            rejections(&summary, set),
            data_tables::transfers(&summary, set),
            facts(&summary),
        ];
        all.extend(differences(&summary, "set-2"));
        for table in &all {
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", table.title);
            let text = table.text(80);
            assert!(text.contains("n = 10 replications"), "{text}");
            let body = text.lines().filter(|line| *line != table.note);
            assert!(body.into_iter().all(|line| line.chars().count() <= 80), "{text}");
        }
        assert_eq!(all.len(), 7 + 4, "differences come in s, h, share and jobs");
    }

    #[test]
    fn sets_hold_the_waits_of_every_community() {
        let summary = study(&Size { sites: 3, sets: 2, months: 6 });
        let table = sets(&summary);
        let csv = table.csv();
        assert!(csv.starts_with(
            "set,sites,cost_euros,utilisation_mean,utilisation_low,utilisation_high,utilisation_n,"
        ));
        assert!(csv.contains("researchers_wait_s_p95_high") && csv.contains("startups_wait_s_mean"), "{csv}");
        assert_eq!(csv.lines().count(), 3);
    }

    #[test]
    fn assumptions_come_first() {
        let summary = study(&Size { sites: 1, sets: 1, months: 1 });
        assert_eq!(facts(&summary).rows[0][1], "assumed".into());
    }

    #[test]
    fn a_set_that_was_not_compared_has_no_differences() {
        assert_eq!(differences(&study(&Size { sites: 1, sets: 1, months: 1 }), "set-9"), []);
    }
}

//! The table of how jobs ended and what became of the hours that they held.

use super::format::Quantity;
use super::table::{Cell, Column, Table};
use super::tables::table;
use crate::statistics::EndingMetric;
use crate::study::{EndingSummary, SetSummary, StudySummary};

/// The ends of the jobs of a set, one row a community, and one for all; `None` where jobs end in one way only.
pub(super) fn endings(summary: &StudySummary, set: &SetSummary) -> Option<Table> {
    const METRICS: [(&str, EndingMetric, Quantity); 9] = [
        ("Done", EndingMetric::JobsCompleted, Quantity::Count),
        ("Stopped", EndingMetric::JobsStopped, Quantity::Count),
        ("Failed", EndingMetric::JobsFailed, Quantity::Count),
        ("Killed", EndingMetric::JobsKilled, Quantity::Count),
        ("Held by done", EndingMetric::CompletedH, Quantity::AcceleratorHours),
        ("By stopped", EndingMetric::StoppedH, Quantity::AcceleratorHours),
        ("By failed", EndingMetric::FailedH, Quantity::AcceleratorHours),
        ("By killed", EndingMetric::KilledH, Quantity::AcceleratorHours),
        ("Otherwise", EndingMetric::OtherH, Quantity::AcceleratorHours),
    ];
    let all = set.endings.as_ref()?;
    let mut columns = vec![Column::words("Community", "community")];
    columns.extend(METRICS.map(|(name, metric, quantity)| Column::numbers(name, metric.name(), quantity)));
    let row = |(name, endings): (&str, &EndingSummary)| {
        let cells = METRICS.map(|(_, metric, _)| Cell::Estimate(endings.get(metric)));
        std::iter::once(Cell::Text(name.to_owned())).chain(cells).collect()
    };
    let communities =
        set.communities.iter().filter_map(|one| Some((one.name.as_str(), one.endings.as_ref()?)));
    let rows = communities.chain([("All", all)]).map(row).collect();
    let mut table = table(summary, format!("How jobs ended in {}", set.name), columns, rows);
    table.note.push_str(
        " Held: accelerators x time in the last run; otherwise: earlier runs, starts and restarts, jobs pushed out for \
         good and jobs still there.",
    );
    Some(table)
}

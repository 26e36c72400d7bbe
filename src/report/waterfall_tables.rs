//! The tables of the way from the hours that stood open to those that were useful.

use super::format::Quantity;
use super::table::Table;
use super::tables::of_metrics;
use crate::statistics::WaterfallMetric;
use crate::study::{SetSummary, StudySummary, WaterfallSummary};

/// The steps in words; all but the last are accelerator-hours.
pub(super) const STEPS: [(&str, WaterfallMetric); 9] = [
    ("Open", WaterfallMetric::OpenH),
    ("Idle", WaterfallMetric::IdleH),
    ("Held", WaterfallMetric::HeldH),
    ("In vain", WaterfallMetric::VainH),
    ("Failed", WaterfallMetric::FailedH),
    ("Killed", WaterfallMetric::KilledH),
    ("Stopped", WaterfallMetric::StoppedH),
    ("Not yet learned", WaterfallMetric::InefficientH),
    ("Useful", WaterfallMetric::UsefulH),
];
/// What the words stand for.
pub(super) const MEANING: &str = "Accelerators x time inside the window. Open = idle + held; held = useful + all between them. In vain: starts, restarts, \
    work done again, checkpoints on demand, jobs pushed out for good; failed, killed, stopped: by jobs that ended so; not \
    yet learned: what experts would not have needed.";

/// Where the hours of a set went, one row a community, and one for all.
pub fn waterfall(summary: &StudySummary, set: &SetSummary) -> Table {
    let communities = set.communities.iter().map(|one| (one.name.as_str(), &one.waterfall));
    let rows = communities.chain([("All", &set.waterfall)]);
    of_waterfalls(summary, format!("Where the hours went in {}", set.name), "Community", rows)
}

/// Where the hours of all sets went, one row a set.
pub fn waterfall_of_sets(summary: &StudySummary) -> Table {
    let rows = summary.sets.iter().map(|set| (set.name.as_str(), &set.waterfall));
    of_waterfalls(summary, format!("Where the hours went in {}", summary.scenario), "Set", rows)
}

fn of_waterfalls<'s>(
    summary: &StudySummary,
    title: String,
    what: &str,
    rows: impl Iterator<Item = (&'s str, &'s WaterfallSummary)>,
) -> Table {
    let hours = STEPS.map(|(name, metric)| (name, metric, Quantity::AcceleratorHours));
    let goodput = ("Useful of held", WaterfallMetric::Goodput, Quantity::Share);
    let metrics: Vec<_> = hours.into_iter().chain([goodput]).collect();
    let mut table =
        of_metrics(summary, (title, what), &metrics, rows, WaterfallMetric::name, WaterfallSummary::get);
    table.note = format!("{} {MEANING}", table.note);
    table
}
